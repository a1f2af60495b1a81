//! Lenient reading of texts: names that are spelled otherwise, and what of it is listed; and the options for peers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use kmip_types::message::{Message, RequestMessage};
use kmip_types::text::{TextCodec, TextErrorKind, TextMode, TextOptions};
use kmip_types::{Item, Tag};

fn lenient() -> TextCodec {
    TextCodec::new().mode(TextMode::Lenient)
}

/// A tag whose values have names, such a name as others spell it, and the number and name of the standard's.
const NAMES: &[(&str, &str, u32, &str)] = &[
    ("HashingAlgorithm", "SHA256", 0x06, "SHA_256"),
    ("HashingAlgorithm", "sha-512/256", 0x0D, "SHA_512_256"),
    ("HashingAlgorithm", "SHA3256", 0x0F, "SHA3_256"),
    ("HashingAlgorithm", "RIPEMD160", 0x09, "RIPEMD_160"),
    ("KeyFormatType", "PKCS8", 0x04, "PKCS_8"),
    ("KeyFormatType", "pkcs#8", 0x04, "PKCS_8"),
    ("KeyFormatType", "x.509", 0x05, "X_509"),
    ("KeyFormatType", "KeyFormatTypeRaw", 0x01, "Raw"),
    ("RecommendedCurve", "P256", 0x07, "P_256"),
    ("ResultReason", "Object_Destroyed", 0x36, "ObjectDestroyed"),
    ("ResultReason", "ITEM NOT FOUND", 0x01, "ItemNotFound"),
    ("ResultReason", "operation_cancelled_by_requester", 0x09, "OperationCanceledByRequester"),
    ("CancellationResult", "Cancelled", 0x01, "Canceled"),
    ("PaddingMethod", "ANSI_X931", 0x09, "X9_31"),
    ("PaddingMethod", "X923", 0x06, "ANSIX9_23"),
    ("RNGAlgorithm", "ANSI_X931", 0x05, "ANSIX9_31"),
    ("DigitalSignatureAlgorithm", "SHA256WithRSAEncryption", 0x05, "SHA_256WithRSAEncryption"),
    ("DigitalSignatureAlgorithm", "ECDSA_SHA256", 0x0E, "ECDSAWithSHA256"),
    ("State", "StatePreActive", 0x01, "PreActive"),
    ("Operation", "get_attributes", 0x0B, "GetAttributes"),
    ("AttributeReference", "Cryptographic_Length", 0x42_002A, "CryptographicLength"),
];

#[test]
fn names_spelled_otherwise_are_read_and_listed() {
    for (tag, found, number, taken) in NAMES {
        let item = Item::enumeration(tag.parse::<Tag>().unwrap(), *number);
        let json = format!(r#"{{"tag":"{tag}","type":"Enumeration","value":"{found}"}}"#);
        let xml = format!(r#"<{tag} type="Enumeration" value="{found}"/>"#);
        // A value in JSON starts with its quote.
        let places = [json.len() - 2 - found.len(), xml.len() - 2 - found.len()];
        for (read, column) in [lenient().read_json(&json), lenient().read_xml(&xml)].into_iter().zip(places) {
            let read = read.unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(read.item, item, "{found}");
            let listed: Vec<String> = read.deviations.iter().map(ToString::to_string).collect();
            assert_eq!(listed, [format!("line 1, column {column}, {tag}: {found:?} was taken for {taken}")]);
        }
        for codec in [TextCodec::new(), TextCodec::new().mode(TextMode::Strict)] {
            assert!(codec.from_json(&json).is_err() && codec.from_xml(&xml).is_err(), "{found}");
        }
        // What a codec that is lenient reads without a list is the same.
        assert_eq!(lenient().item_from_json(&json).unwrap(), item);
        assert_eq!(lenient().from_xml(&xml).unwrap(), item.to_ttlv().unwrap());
    }
}

#[test]
fn the_standards_own_names_are_read_without_a_word() {
    for (tag, _, _, name) in NAMES {
        let read = lenient().read_xml(&format!(r#"<{tag} type="Enumeration" value="{name}"/>"#)).unwrap();
        assert_eq!(read.deviations, [], "{name}");
    }
}

#[test]
fn names_of_tags_types_and_bits_are_listed_with_their_places() {
    let json = r#"{"tag": "request_payload", "value": [
  {"tag": "UniqueIdentifier", "type": "TextString", "value": "a"},
  {"tag": "Template-Attribute", "type": "structure", "value": [
    {"tag": "Attribute"},
    {"tag": "Attribute", "value": [
      {"tag": "cryptographicusagemask", "type": "Integer", "value": "wrap_key | ContentCommitment, 0x80000000"}
    ]}
  ]}
]}"#;
    let read = lenient().read_json(json).unwrap();
    let listed: Vec<String> = read.deviations.iter().map(ToString::to_string).collect();
    assert_eq!(
        listed,
        [
            "line 1, column 9, RequestPayload: \"request_payload\" was taken for RequestPayload",
            "line 3, column 11, RequestPayload/TemplateAttribute: \"Template-Attribute\" was taken for TemplateAttribute",
            "line 3, column 41, RequestPayload/TemplateAttribute: \"structure\" was taken for Structure",
            "line 6, column 15, RequestPayload/TemplateAttribute/Attribute[1]/CryptographicUsageMask: \"cryptographicusagemask\" was taken for CryptographicUsageMask",
            "line 6, column 69, RequestPayload/TemplateAttribute/Attribute[1]/CryptographicUsageMask: \"wrap_key | ContentCommitment, 0x80000000\" was taken for WrapKey|ContentCommitmentNonRepudiation|0x80000000",
        ]
    );
    let mask = read.item.lookup("TemplateAttribute/Attribute[1]/CryptographicUsageMask").unwrap();
    assert_eq!(mask.as_integer(), Some(0x8000_0410_u32.cast_signed()));
    let xml = "<request_payload><UNIQUE_IDENTIFIER type='Text-String' value='a'/></request_payload>";
    let read = lenient().read_xml(xml).unwrap();
    assert_eq!(read.item.lookup("UniqueIdentifier").unwrap().as_text(), Some("a"));
    assert_eq!(read.deviations.len(), 2, "{:?}", read.deviations); // Text-String is the standard's own spelling.
}

#[test]
fn a_name_that_may_be_two_is_refused_with_both() {
    let mut codec = lenient();
    codec.register_tag("AcmeThing", Tag::from_raw(0x54_0001)).unwrap();
    codec.register_tag("Acme_Thing", Tag::from_raw(0x54_0002)).unwrap();
    codec
        .register_enumeration(Tag::from_raw(0x54_0001), &[("RedRocket", 1), ("Red_Rocket", 2), ("Anvil", 3)])
        .unwrap();
    for (xml, expected) in [
        (
            "<ACMETHING type='Integer' value='1'/>",
            "line 1, column 2: \"ACMETHING\" may stand for AcmeThing or Acme_Thing of Tag; write one of them",
        ),
        (
            "<AcmeThing type='Enumeration' value='redRocket'/>",
            "line 1, column 38, 0x540001: \"redRocket\" may stand for RedRocket or Red_Rocket of AcmeThing; write one of them",
        ),
    ] {
        let error = codec.from_xml(xml).unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert!(matches!(error.kind(), TextErrorKind::AmbiguousName { .. }));
    }
    let read = codec.read_xml("<AcmeThing type='Enumeration' value='anvil'/>").unwrap();
    assert_eq!(read.item.as_enumeration(), Some(3));
    assert_eq!(read.deviations[0].kind.to_string(), "\"anvil\" was taken for Anvil");
}

#[test]
fn what_is_no_spelling_of_a_name_is_refused_leniently_too() {
    for (tag, name) in [
        ("Operation", "Crate"),
        ("Operation", "Operation"),
        ("Operation", ""),
        ("Operation", "_"),
        ("HashingAlgorithm", "SHA"),
        ("HashingAlgorithm", "SHA2566"),
        // A letter that only looks like one.
        ("HashingAlgorithm", "SH\u{410}256"),
    ] {
        let error = lenient().from_xml(&format!("<{tag} type='Enumeration' value='{name}'/>")).unwrap_err();
        assert!(matches!(error.kind(), TextErrorKind::UnknownName { .. }), "{error}");
    }
    let error = lenient().from_xml("<BtachItem/>").unwrap_err();
    assert_eq!(error.to_string(), "line 1, column 2: \"BtachItem\" is not a tag; did you mean BatchItem?");
}

#[test]
fn an_item_of_another_type_is_read_and_listed() {
    let reference = Item::byte_string(Tag::ATTRIBUTE_REFERENCE, [1, 2]);
    let item = Item::structure(
        Tag::REQUEST_PAYLOAD,
        vec![reference, Item::enumeration(Tag::ATTRIBUTE_REFERENCE, 1_u32)],
    );
    let (json, xml) = (item.to_json().unwrap(), item.to_xml().unwrap());
    assert_eq!(Item::from_json(&json).unwrap(), item);
    assert_eq!(Item::from_xml(&xml).unwrap(), item);
    for read in [TextCodec::new().read_json(&json).unwrap(), lenient().read_xml(&xml).unwrap()] {
        let listed: Vec<String> =
            read.deviations.iter().map(|one| format!("{}: {}", one.path, one.kind)).collect();
        let expected = "RequestPayload/AttributeReference[0]: AttributeReference takes Structure or Enumeration; \
                        the ByteString that is there was read as it is";
        assert_eq!((listed, read.item), (vec![expected.to_owned()], item.clone()));
    }
    let strict = TextCodec::new().mode(TextMode::Strict);
    let expected = "AttributeReference takes Structure or Enumeration, found ByteString";
    assert_eq!(strict.from_json(&json).unwrap_err().kind().to_string(), expected);
    assert_eq!(strict.from_xml(&xml).unwrap_err().kind().to_string(), expected);
}

/// XML of other tools has both the name of an element and its tag.
#[test]
fn an_attribute_that_agrees_with_its_element_is_harmless() {
    let xml = r#"<RequestMessage tag="0x420078" type="Structure">
 <RequestHeader tag="0x420077" type="Structure">
  <ProtocolVersion tag="0x420069" type="Structure">
   <ProtocolVersionMajor tag="0x42006a" type="Integer" value="1"/>
   <ProtocolVersionMinor tag="0x42006b" type="Integer" value="4"/>
  </ProtocolVersion>
  <BatchCount tag="0x42000d" type="Integer" value="1"/>
 </RequestHeader>
 <BatchItem tag="0x42000f" type="Structure">
  <Operation tag="0x42005c" type="Enumeration" value="10"/>
  <RequestPayload tag="0x420079" type="Structure">
   <UniqueIdentifier tag="0x420094" type="TextString" value="abc"/>
  </RequestPayload>
 </BatchItem>
</RequestMessage>"#;
    for mode in [TextMode::Strict, TextMode::Exact, TextMode::Lenient] {
        let codec = TextCodec::new().mode(mode);
        let read = codec.read_xml(xml).unwrap();
        assert_eq!(read.deviations, []);
        assert_eq!(codec.from_xml(xml).unwrap(), read.item.to_ttlv().unwrap());
        let message = RequestMessage::from_ttlv(&codec.from_xml(xml).unwrap()).unwrap();
        assert_eq!(message.batch_item.len(), 1);
        let error = codec.from_xml(&xml.replace("0x42000d", "0x42000F")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 7, column 20, RequestMessage/RequestHeader/BatchCount: the element is BatchCount (0x42000D), \
             but its attribute \"tag\" is BatchItem (0x42000F)"
        );
        let error = codec.from_xml(&xml.replace("0x42000d", "0x42")).unwrap_err();
        assert_eq!(error.kind().to_string(), "\"0x42\" is not a tag");
    }
}

/// Each peer's quirks: what is written for it, and what it writes.
#[test]
fn options_for_peers_write_what_they_read_and_read_what_they_write() {
    let item = Item::structure(
        Tag::ATTRIBUTES,
        vec![
            Item::enumeration(Tag::HASHING_ALGORITHM, 6_u32),
            Item::integer(Tag::CRYPTOGRAPHIC_USAGE_MASK, 0x8000_000C_u32.cast_signed()),
            Item::long_integer(Tag::USAGE_LIMITS_TOTAL, 7),
        ],
    );
    for (options, json, xml) in [
        (
            TextOptions::cosmian(),
            r#"{"tag":"Attributes","type":"Structure","value":[{"tag":"HashingAlgorithm","type":"Enumeration","value":"0x00000006"},{"tag":"CryptographicUsageMask","type":"Integer","value":-2147483636},{"tag":"UsageLimitsTotal","type":"LongInteger","value":7}]}"#,
            r#"<Attributes type="Structure"><HashingAlgorithm type="Enumeration" value="0x00000006"/><CryptographicUsageMask type="Integer" value="-2147483636"/><UsageLimitsTotal type="LongInteger" value="7"/></Attributes>"#,
        ),
        (
            TextOptions::kmip_go(),
            r#"{"tag":"Attributes","value":[{"tag":"HashingAlgorithm","type":"Enumeration","value":"0x00000006"},{"tag":"CryptographicUsageMask","type":"Integer","value":-2147483636},{"tag":"UsageLimitsTotal","type":"LongInteger","value":7}]}"#,
            r#"<Attributes><HashingAlgorithm type="Enumeration" value="0x00000006"/><CryptographicUsageMask type="Integer" value="-2147483636"/><UsageLimitsTotal type="LongInteger" value="7"/></Attributes>"#,
        ),
        (
            TextOptions::gemalto(),
            r#"{"tag":"0x420125","value":[{"tag":"0x420038","type":"Enumeration","value":"0x00000006"},{"tag":"0x42002C","type":"Integer","value":-2147483636},{"tag":"0x420097","type":"LongInteger","value":7}]}"#,
            r#"<TTLV tag="0x420125"><TTLV tag="0x420038" type="Enumeration" value="0x00000006"/><TTLV tag="0x42002C" type="Integer" value="-2147483636"/><TTLV tag="0x420097" type="LongInteger" value="7"/></TTLV>"#,
        ),
    ] {
        let codec = TextCodec::new().options(options);
        assert_eq!(codec.item_to_json(&item).unwrap(), json);
        assert_eq!(codec.item_to_xml(&item).unwrap(), xml);
        for codec in [codec, TextCodec::new().mode(TextMode::Strict)] {
            assert_eq!(codec.item_from_json(json).unwrap(), item);
            assert_eq!(codec.item_from_xml(xml).unwrap(), item);
        }
    }
    // Cosmian's own: a Long Integer in hex of upper case, names without marks.
    let json = r#"{"tag":"Attributes","value":[{"tag":"HashingAlgorithm","type":"Enumeration","value":"SHA256"},{"tag":"CryptographicUsageMask","type":"Integer","value":-2147483636},{"tag":"UsageLimitsTotal","type":"LongInteger","value":"0x0000000000000007"}]}"#;
    let read = TextCodec::new().options(TextOptions::cosmian()).read_json(json).unwrap();
    assert_eq!((read.item, read.deviations.len()), (item.clone(), 1));
    // The two in Go: names of bits with a bar between them, or a space in XML, and what has no name in hex.
    for options in [TextOptions::kmip_go(), TextOptions::gemalto()] {
        let codec = TextCodec::new().options(options);
        let json = r#"{"tag": "Attributes", "value": [
    {"tag": "HashingAlgorithm", "type": "Enumeration", "value": "SHA_256"},
    {"tag": "CryptographicUsageMask", "type": "Integer", "value": "Encrypt|Decrypt|0x80000000"},
    {"tag": "UsageLimitsTotal", "type": "LongInteger", "value": 7}
]}"#;
        let xml = r#"<Attributes>
    <HashingAlgorithm type="Enumeration" value="SHA_256"/>
    <CryptographicUsageMask type="Integer" value="Encrypt Decrypt 0x80000000"/>
    <UsageLimitsTotal type="LongInteger" value="7"/>
</Attributes>"#;
        for read in [codec.read_json(json).unwrap(), codec.read_xml(xml).unwrap()] {
            assert_eq!((read.item, read.deviations), (item.clone(), Vec::new()));
        }
    }
}

/// A peer's text moves no cursor, breaks no line and turns no direction, in the form for people and in errors.
#[test]
fn control_and_direction_characters_are_escaped() {
    let moving = "\u{1b}\u{7}\r\n\u{85}\u{61c}\u{200b}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202e}\u{2066}\u{2069}\u{feff}";
    let item =
        Item::structure(Tag::ATTRIBUTES, vec![Item::text_string(Tag::ATTRIBUTE_NAME, format!("a{moving}b"))]);
    let shown = TextCodec::new().item_to_text(&item);
    assert!(shown.contains(r"\u{1b}\u{7}\r\n\u{85}\u{61c}"), "{shown}");
    let name: String = moving.chars().filter(|c| !c.is_whitespace() && *c > ' ').collect();
    let errors = [
        TextCodec::new().from_xml(&format!("<a{name}/>")).unwrap_err(),
        TextCodec::new().from_xml(&format!("<a{name}></b{name}>")).unwrap_err(),
        TextCodec::new().from_xml(&format!("<a{name}>")).unwrap_err(),
        TextCodec::new().from_xml(&format!("<Name {name}='1'/>")).unwrap_err(),
        TextCodec::new().from_json(&format!(r#"{{"tag":"{name}"}}"#)).unwrap_err(),
        TextCodec::new().from_json(&format!(r#"{{"{name}":1}}"#)).unwrap_err(),
        lenient().from_xml(&format!("<State type='Enumeration' value='{name}'/>")).unwrap_err(),
    ];
    let lines = shown.lines().map(str::to_owned).chain(errors.iter().map(ToString::to_string));
    for line in lines.chain(errors.iter().map(|error| format!("{error:?}"))) {
        assert!(!line.contains(|c| moving.contains(c)), "{line:?}");
    }
    assert_eq!(shown.lines().count(), 2);
}

/// Each deviation has a path, so that a short text could have a very long list.
#[test]
fn more_deviations_than_are_listed_are_an_error() {
    let of = |count: usize| {
        format!("<Attributes>{}</Attributes>", "<Batch_Count type='Integer' value='1'/>".repeat(count))
    };
    let codec = lenient().limits(kmip_types::Limits { items: 1 << 20, ..Default::default() });
    assert_eq!(codec.read_xml(&of(1 << 16)).unwrap().deviations.len(), 1 << 16);
    let error = codec.read_xml(&of((1 << 16) + 1)).unwrap_err();
    assert_eq!(*error.kind(), TextErrorKind::DeviationLimit { limit: 1 << 16 });
    // Nothing is listed here.
    assert!(codec.item_from_xml(&of((1 << 16) + 1)).is_ok());
}
