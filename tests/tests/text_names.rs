//! Names: vendor tags, what the Attribute Name says of the Attribute Value, and secrets in the text form.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use kmip_types::text::{JsonOptions, RegisterError, TagForm, TextCodec, XmlOptions};
use kmip_types::{Item, Tag, Value};

const ACME: Tag = Tag::from_raw(0x54_0001);
const ACME_FLAGS: Tag = Tag::from_raw(0x54_0002);

fn acme() -> TextCodec {
    let mut codec = TextCodec::new();
    codec.register_tag("AcmeThing", ACME).unwrap();
    codec.register_tag("AcmeFlags", ACME_FLAGS).unwrap();
    codec.register_enumeration(ACME, &[("Rocket", 2), ("Anvil", 1)]).unwrap();
    codec.register_mask(ACME_FLAGS, &[("Fast", 1), ("Loud", 4)]).unwrap();
    codec
}

/// The item is written as these texts, and they are read as the item.
#[track_caller]
fn transcodes(codec: &TextCodec, item: &Item, json: &str, xml: &str) {
    assert_eq!(codec.item_to_json(item).unwrap(), json);
    assert_eq!(codec.item_to_xml(item).unwrap(), xml);
    assert_eq!(codec.item_from_json(json).unwrap(), *item);
    assert_eq!(codec.item_from_xml(xml).unwrap(), *item);
}

#[test]
fn a_vendor_tag_has_its_name_in_its_codec_alone() {
    let (thing, flags) = (Item::enumeration(ACME, 2_u32), Item::integer(ACME_FLAGS, 13));
    transcodes(
        &acme(),
        &thing,
        r#"{"tag":"AcmeThing","type":"Enumeration","value":"Rocket"}"#,
        r#"<AcmeThing type="Enumeration" value="Rocket"/>"#,
    );
    transcodes(
        &acme(),
        &flags,
        r#"{"tag":"AcmeFlags","type":"Integer","value":"Fast|Loud|0x00000008"}"#,
        r#"<AcmeFlags type="Integer" value="Fast Loud 0x00000008"/>"#,
    );
    let plain = TextCodec::new();
    transcodes(
        &plain,
        &thing,
        r#"{"tag":"0x540001","type":"Enumeration","value":"0x00000002"}"#,
        r#"<TTLV tag="0x540001" type="Enumeration" value="0x00000002"/>"#,
    );
    transcodes(
        &plain,
        &flags,
        r#"{"tag":"0x540002","type":"Integer","value":13}"#,
        r#"<TTLV tag="0x540002" type="Integer" value="13"/>"#,
    );
    assert!(plain.item_from_xml(r#"<AcmeThing type="Integer" value="1"/>"#).is_err());
}

#[test]
fn a_vendor_tag_is_written_for_those_who_do_not_know_its_name() {
    let json = JsonOptions::new().vendor_tags(TagForm::HexAndName);
    let xml = XmlOptions::new().vendor_tags(TagForm::HexAndName);
    transcodes(
        &acme().json(json).xml(xml),
        &Item::enumeration(ACME, 7_u32),
        r#"{"tag":"0x540001","name":"AcmeThing","type":"Enumeration","value":"0x00000007"}"#,
        r#"<TTLV tag="0x540001" name="AcmeThing" type="Enumeration" value="0x00000007"/>"#,
    );
}

#[test]
fn suggests_a_vendors_names_too() {
    for (xml, expected) in [
        (
            "<AcmeThnig type='Integer' value='1'/>",
            "line 1, column 2: \"AcmeThnig\" is not a tag; did you mean AcmeThing?",
        ),
        (
            "<AcmeThing type='Enumeration' value='Rokcet'/>",
            "line 1, column 38, 0x540001: AcmeThing has no value named \"Rokcet\"; did you mean Rocket?",
        ),
        (
            "<AcmeFlags type='Integer' value='Fsat'/>",
            "line 1, column 34, 0x540002: AcmeFlags has no value named \"Fsat\"; did you mean Fast?",
        ),
    ] {
        assert_eq!(acme().from_xml(xml).unwrap_err().to_string(), expected);
    }
}

#[test]
fn finds_items_by_a_vendors_name() {
    let payload = Item::structure(Tag::REQUEST_PAYLOAD, vec![Item::enumeration(ACME, 2_u32)]);
    let codec = acme();
    assert_eq!(codec.lookup(&payload, "AcmeThing").unwrap().as_enumeration(), Some(2));
    assert_eq!(codec.lookup(&payload, "Acme Thing").unwrap_err().to_string(), "\"Acme Thing\" is not a tag");
    assert_eq!(codec.tag("AcmeThing"), Some(ACME));
    assert_eq!(codec.tag_name(ACME), Some("AcmeThing"));
    assert_eq!(TextCodec::new().tag_name(ACME), None);
}

#[test]
fn refuses_to_register_what_clashes() {
    let other = Tag::from_raw(0x54_0003);
    for (name, tag, expected) in [
        ("AcmeThing", other, "the name AcmeThing is taken by the tag 0x540001"),
        ("BatchCount", other, "the name BatchCount is taken by the tag 0x42000D"),
        ("AcmeOther", ACME, "the tag 0x540001 is named AcmeThing already"),
        ("AcmeOther", Tag::BATCH_COUNT, "the tag 0x42000D is named BatchCount already"),
    ] {
        assert_eq!(acme().register_tag(name, tag).unwrap_err().to_string(), expected);
    }
    for name in ["", "Acme Thing", "1Acme", "Acme:Thing", "x540003", "TTLV", "0x540003", "Ä"] {
        let error = acme().register_tag(name, other).unwrap_err();
        assert_eq!(error, RegisterError::InvalidName { name: name.to_owned() });
    }
    assert!(acme().register_tag("AcmeThing", ACME).is_ok(), "the same once more is no clash");
    for (tag, rows) in [
        (other, &[("A", 1)][..]),
        (ACME, &[("A", 1), ("A", 2)]),
        (ACME, &[("A", 1), ("B", 1)]),
        (ACME, &[("A B", 1)]),
    ] {
        assert!(acme().register_enumeration(tag, rows).is_err(), "{rows:?}");
    }
}

#[test]
fn the_attribute_name_says_what_the_value_is() {
    let codec = TextCodec::new();
    let attribute = |name: &str, value: Value| Item::attribute(name, value);
    for (item, value) in [
        (attribute("Cryptographic Algorithm", Value::Enumeration(3)), r#""Enumeration","value":"AES""#),
        (attribute("State", Value::Enumeration(2)), r#""Enumeration","value":"Active""#),
        (attribute("Cryptographic Usage Mask", Value::Integer(12)), r#""Integer","value":"Encrypt|Decrypt""#),
        (attribute("Cryptographic Length", Value::Integer(12)), r#""Integer","value":12"#),
        (attribute("x-Colour", Value::Enumeration(3)), r#""Enumeration","value":"0x00000003""#),
        (attribute("y-Colour", Value::Integer(3)), r#""Integer","value":3"#),
    ] {
        let json = codec.item_to_json(&item).unwrap();
        assert!(json.contains(&format!(r#"{{"tag":"AttributeValue","type":{value}}}"#)), "{json}");
        assert_eq!(codec.item_from_json(&json).unwrap(), item);
        let xml = codec.item_to_xml(&item).unwrap();
        assert_eq!(codec.item_from_xml(&xml).unwrap(), item, "{xml}");
    }
}

#[test]
fn the_attribute_name_may_come_after_the_value() {
    let xml = "<Attribute><AttributeValue type='Enumeration' value='AES'/>\
               <AttributeName type='TextString' value='Cryptographic Algorithm'/></Attribute>";
    let item = Item::from_xml(xml).unwrap();
    assert_eq!(item.lookup("AttributeValue").unwrap().as_enumeration(), Some(3));
    assert_eq!(Item::from_xml(&item.to_xml().unwrap()).unwrap(), item);
}

#[test]
fn a_structure_in_an_attribute_value_goes_by_its_own_tags() {
    let xml = r#"<Attribute><AttributeName type="TextString" value="Cryptographic Parameters"/><AttributeValue><BlockCipherMode type="Enumeration" value="CBC"/></AttributeValue></Attribute>"#;
    let item = Item::from_xml(xml).unwrap();
    assert_eq!(item.lookup("AttributeValue/BlockCipherMode").unwrap().as_enumeration(), Some(1));
    assert_eq!(item.to_xml().unwrap(), xml);
}

#[test]
fn an_attribute_name_in_a_vendors_name_space_is_not_the_standards() {
    let mut item = Item::attribute("State", Value::Enumeration(2));
    let Value::Structure(fields) = &mut item.value else { unreachable!() };
    fields.insert(0, Item::text_string(Tag::VENDOR_IDENTIFICATION, "x"));
    assert!(item.to_json().unwrap().contains(r#""value":"0x00000002""#));
    let named = item.to_xml().unwrap().replace("0x00000002", "Active");
    assert!(Item::from_xml(&named).is_err());
}

#[test]
fn the_text_form_holds_no_secret() {
    let material = Item::structure(
        Tag::KEY_MATERIAL,
        vec![
            Item::big_integer(Tag::MODULUS, 5),
            Item::byte_string(ACME, [0x5E, 0xC5]),
            Item::integer(ACME_FLAGS, 77),
        ],
    );
    let secrets = Item::structure(
        Tag::REQUEST_PAYLOAD,
        vec![
            material,
            Item::byte_string(Tag::KEY_VALUE, [0x5E, 0xC5]),
            Item::text_string(Tag::PASSWORD, "hunter2"),
            Item::byte_string(Tag::DATA, [0x5E, 0xC5]),
            Item::big_integer(Tag::PRIVATE_EXPONENT, 0x5E_C5),
            Item::text_string(Tag::USERNAME, "alice\nroot"),
        ],
    );
    let expected = "\
RequestPayload (Structure)
  KeyMaterial (Structure)
    Modulus (BigInteger): (secret, 8 bytes)
    0x540001 (ByteString): (secret, 2 bytes)
    0x540002 (Integer): (secret)
  KeyValue (ByteString): (secret, 2 bytes)
  Password (TextString): (secret, 7 bytes)
  Data (ByteString): (secret, 2 bytes)
  PrivateExponent (BigInteger): (secret, 8 bytes)
  Username (TextString): \"alice\\nroot\"";
    assert_eq!(secrets.to_string(), expected);
    let debug = format!("{secrets:?}");
    let value = format!("{:?}", secrets.value);
    for shown in [&debug, &value, &format!("{secrets:#?}")] {
        for secret in ["hunter2", "5ec5", "5EC5", "77"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains("alice"), "{shown}");
    }
    let password = Value::TextString("hunter2".to_owned());
    assert_eq!(format!("{password:?}"), "TextString(7 bytes)");
    let revealed = TextCodec::new().reveal_secrets(true).to_text(&secrets.to_ttlv().unwrap()).unwrap();
    for secret in ["\"hunter2\"", "5ec5", "77"] {
        assert!(revealed.contains(secret), "{revealed}");
    }
}

#[test]
fn an_error_holds_no_secret() {
    for json in [
        r#"{"tag":"Password","type":"TextString","value":["hunter2"]}"#,
        r#"{"tag":"Password","type":"ByteString","value":"hunter2"}"#,
        r#"{"tag":"Password","type":"Enumeration","value":"hunter2"}"#,
        r#"{"tag":"Data","type":"Enumeration","value":"hunter2"}"#,
        r#"{"tag":"KeyMaterial","type":"ByteString","value":"hunter2"}"#,
        r#"{"tag":"PrivateExponent","type":"BigInteger","value":"0xhunter2"}"#,
        r#"{"tag":"Password","type":"TextString","value":"hunter2\q"}"#,
    ] {
        let error = TextCodec::new().from_json(json).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
}
