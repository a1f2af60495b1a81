//! Items: made by tag and by name, found by path and by name, and as Rust values.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use kmip_types::enumerations::Operation;
use kmip_types::item::{self, LookupError, MaskError, NameError};
use kmip_types::text::TextCodec;
use kmip_types::{BigInteger, DateTime, DateTimeExtended, Interval, Item, ProtocolVersion, Tag, Value, ttlv};

fn message() -> Item {
    let version = Item::structure(
        Tag::PROTOCOL_VERSION,
        vec![Item::integer(Tag::PROTOCOL_VERSION_MAJOR, 1), Item::integer(Tag::PROTOCOL_VERSION_MINOR, 4)],
    );
    let header = Item::structure(
        Tag::RESPONSE_HEADER,
        vec![
            version,
            Item::date_time(Tag::TIME_STAMP, DateTime::from_seconds(1_402_387_648)),
            Item::integer(Tag::BATCH_COUNT, 2),
        ],
    );
    let batch_item = |operation: Operation, identifiers: &[&str]| {
        let identifiers = identifiers.iter().map(|text| Item::text_string(Tag::UNIQUE_IDENTIFIER, *text));
        let payload = Item::structure(Tag::RESPONSE_PAYLOAD, identifiers.collect());
        Item::structure(Tag::BATCH_ITEM, vec![Item::enumeration(Tag::OPERATION, operation), payload])
    };
    let items = [batch_item(Operation::Create, &["1"]), batch_item(Operation::Locate, &["2", "3"])];
    Item::structure(Tag::RESPONSE_MESSAGE, [vec![header], items.to_vec()].concat())
}

#[test]
fn constructors_make_each_type() {
    let tag = Tag::ATTRIBUTE_VALUE;
    for (item, value) in [
        (Item::structure(tag, vec![]), Value::from(Vec::<Item>::new())),
        (Item::integer(tag, 3), Value::from(3)),
        (Item::long_integer(tag, 3), Value::from(3_i64)),
        (Item::big_integer(tag, 3), Value::from(BigInteger::from(3))),
        (Item::enumeration(tag, Operation::Get), Value::Enumeration(0x0A)),
        (Item::enumeration(tag, 0x0A_u32), Value::Enumeration(0x0A)),
        (Item::boolean(tag, true), Value::from(true)),
        (Item::text_string(tag, "alice"), Value::from("alice")),
        (Item::text_string(tag, String::from("alice")), Value::from(String::from("alice"))),
        (Item::byte_string(tag, vec![1]), Value::from(vec![1])),
        (Item::byte_string(tag, [1]), Value::from(&[1_u8][..])),
        (Item::date_time(tag, DateTime::from_seconds(1)), Value::from(DateTime::from_seconds(1))),
        (Item::interval(tag, Interval::from_seconds(42)), Value::from(Interval::from_seconds(42))),
        (
            Item::date_time_extended(tag, DateTimeExtended::from_microseconds(1)),
            Value::from(DateTimeExtended::from_microseconds(1)),
        ),
    ] {
        assert_eq!(item, Item::new(tag, value));
    }
}

/// What may be a secret although its own tag does not say so, with what is shown of it.
#[test]
fn what_may_be_a_secret_shows_nothing() {
    let vendors = Tag::from_raw(0x54_0001);
    let comment = || Item::text_string(Tag::COMMENT, "hunter2");
    let beside =
        |kind: Item, tag| Item::structure(Tag::BATCH_ITEM, vec![kind, Item::structure(tag, vec![comment()])]);
    let operation = |number: u32| Item::enumeration(Tag::OPERATION, number);
    let credential = |number: u32| Item::enumeration(Tag::CREDENTIAL_TYPE, number);
    let vendors_attribute = Item::structure(
        Tag::ATTRIBUTE,
        vec![
            Item::text_string(Tag::VENDOR_IDENTIFICATION, "acme"),
            Item::text_string(Tag::ATTRIBUTE_NAME, "Comment"),
            Item::text_string(Tag::ATTRIBUTE_VALUE, "hunter2"),
        ],
    );
    for (item, is_hidden) in [
        (Item::text_string(vendors, "hunter2"), true),
        (Item::text_string(Tag::from_raw(0x42_FFFF), "hunter2"), true),
        (Item::structure(vendors, vec![Item::structure(Tag::LINK, vec![comment()])]), true),
        (beside(operation(0x8000_0001), Tag::REQUEST_PAYLOAD), true),
        (beside(operation(0x8000_0001), Tag::RESPONSE_PAYLOAD), true),
        (beside(operation(Operation::Get.into()), Tag::REQUEST_PAYLOAD), false),
        (beside(operation(Operation::Poll.into()), Tag::REQUEST_PAYLOAD), false),
        (beside(operation(Operation::Poll.into()), Tag::RESPONSE_PAYLOAD), true),
        (beside(credential(0x8000_0001), Tag::CREDENTIAL_VALUE), true),
        (beside(credential(1), Tag::CREDENTIAL_VALUE), false),
        (Item::structure(Tag::VENDOR_EXTENSION, vec![comment()]), true),
        (Item::attribute("x-Colour", "hunter2"), true),
        (Item::attribute("Colour", "hunter2"), true),
        (Item::attribute("Comment", "hunter2"), false),
        (vendors_attribute, true),
        (Item::byte_string(Tag::ATTESTATION_ASSERTION, b"hunter2"), true),
        (Item::byte_string(Tag::ATTESTATION_MEASUREMENT, b"hunter2"), true),
        (Item::text_string(Tag::KEY_BLOCK, "hunter2"), true),
        (comment(), false),
    ] {
        let shown = [format!("{item:?}"), item.to_string()];
        for text in &shown {
            let has_it = text.contains("hunter2") || text.contains("68756e74657232");
            assert_eq!(!has_it, is_hidden, "{text}");
            assert!(text.contains(&item.tag.to_string()), "{text}");
        }
        let revealed = TextCodec::new().reveal_secrets(true).item_to_text(&item);
        assert!(revealed.contains("hunter2") || revealed.contains("68756e74657232"), "{revealed}");
    }
}

#[test]
fn getters_take_their_own_type_alone() {
    let item = Item::integer(Tag::BATCH_COUNT, 3);
    assert_eq!(item.as_integer(), Some(3));
    assert_eq!(item.as_long_integer(), None);
    assert_eq!(Value::from(3_i64).as_long_integer(), Some(3));
    assert_eq!(Value::from(BigInteger::from(3)).as_big_integer(), Some(&BigInteger::from(3)));
    assert_eq!(Value::Enumeration(3).as_enumeration(), Some(3));
    assert_eq!(Value::from(true).as_boolean(), Some(true));
    assert_eq!(Value::from("alice").as_text(), Some("alice"));
    assert_eq!(Value::from(vec![1_u8]).as_bytes(), Some(&[1][..]));
    assert_eq!(Value::from(DateTime::from_seconds(1)).as_date_time(), Some(DateTime::from_seconds(1)));
    assert_eq!(Value::from(Interval::from_seconds(1)).as_interval(), Some(Interval::from_seconds(1)));
    let date = DateTimeExtended::from_microseconds(1);
    assert_eq!(Value::from(date).as_date_time_extended(), Some(date));
    assert_eq!(Value::from(vec![item.clone()]).as_structure(), Some(&[item.clone()][..]));
    assert_eq!(item.as_structure(), None);
    assert!(item.fields().is_empty());
}

#[test]
fn names_are_resolved_when_an_item_is_made() {
    assert_eq!(Item::named("Protocol Version Minor", 3), Ok(Item::integer(Tag::PROTOCOL_VERSION_MINOR, 3)));
    assert_eq!(Item::named("ProtocolVersionMinor", 3), Ok(Item::integer(Tag::PROTOCOL_VERSION_MINOR, 3)));
    assert_eq!(Item::named("0x540001", true), Ok(Item::boolean(Tag::from_raw(0x54_0001), true)));
    let discover = Item::enumeration(Tag::OPERATION, Operation::DiscoverVersions);
    assert_eq!(Item::enumeration_named("Operation", "Discover Versions"), Ok(discover.clone()));
    assert_eq!(Item::enumeration_named(Tag::OPERATION, "DiscoverVersions"), Ok(discover.clone()));
    assert_eq!(discover.enumeration_name(), Some("DiscoverVersions"));
    for (result, expected) in [
        (Item::enumeration_named("Operaton", "Get"), "\"Operaton\" is not a tag; did you mean Operation?"),
        (
            Item::enumeration_named("Operation", "Discover Version"),
            "Operation has no value named \"Discover Version\"; did you mean DiscoverVersions?",
        ),
        (Item::enumeration_named("Batch Count", "Get"), "the values of BatchCount have no names"),
        (
            Item::attribute_named("Cryptographic Algorithm", "EAS"),
            "CryptographicAlgorithm has no value named \"EAS\"; did you mean AES?",
        ),
        (
            Item::attribute_named("Cryptographic Length", "AES"),
            "the values of CryptographicLength have no names",
        ),
        (
            Item::attribute_named("Cryptographic Usage Mask", "Encrypt|Decrpyt"),
            "CryptographicUsageMask has no bit named \"Decrpyt\"; did you mean Decrypt?",
        ),
    ] {
        assert_eq!(result.map_err(|error: NameError| error.to_string()), Err(expected.to_owned()));
    }
    let error = Item::named("Time Stmap", 3).unwrap_err();
    assert_eq!(error.to_string(), "\"Time Stmap\" is not a tag; did you mean Time Stamp?");
}

#[test]
fn masks_go_to_and_from_lists_of_names() {
    let mask = "Cryptographic Usage Mask";
    assert_eq!(item::encode_mask(mask, ["Encrypt", "Decrypt"]), Ok(12));
    for (bits, names) in [
        (12, &["Encrypt", "Decrypt"][..]),
        (0, &[]),
        (i32::MIN | 1, &["Sign", "0x80000000"]),
        (0x10, &["WrapKey"]),
    ] {
        assert_eq!(item::decode_mask(mask, bits).unwrap(), names);
        assert_eq!(item::encode_mask(Tag::CRYPTOGRAPHIC_USAGE_MASK, names.iter().copied()), Ok(bits));
        let item = Item::mask(mask, names.iter().copied()).unwrap();
        assert_eq!(item, Item::integer(Tag::CRYPTOGRAPHIC_USAGE_MASK, bits));
        assert_eq!(item.mask_names().unwrap(), names);
    }
    assert_eq!(item::encode_mask("Batch Count", []), Err(MaskError::NotAMask { tag: Tag::BATCH_COUNT }));
    assert_eq!(Item::integer(Tag::BATCH_COUNT, 1).mask_names(), None);
    assert!(matches!(item::decode_mask("Usage", 1), Err(MaskError::Tag(_))));
    assert!(matches!(item::encode_mask(mask, ["0xZZ"]), Err(MaskError::Name(_))));
}

#[test]
fn attributes_carry_their_names() {
    let algorithm = Item::attribute_named("Cryptographic Algorithm", "AES").unwrap();
    assert_eq!(algorithm.lookup("Attribute Name").unwrap().as_text(), Some("Cryptographic Algorithm"));
    assert_eq!(algorithm.lookup("Attribute Value").unwrap().as_enumeration(), Some(3));
    let mask = Item::attribute_named("Cryptographic Usage Mask", "Encrypt | Decrypt").unwrap();
    assert_eq!(mask, Item::attribute("Cryptographic Usage Mask", 12));
    let custom = Item::attribute("x-Name", "s3-thekey");
    assert_eq!(custom.lookup("AttributeValue").unwrap().as_text(), Some("s3-thekey"));
    let second =
        Item::attribute_at("Link", 1, vec![Item::enumeration_named("Link Type", "Next Link").unwrap()]);
    let tags: Vec<Tag> = second.fields().iter().map(|field| field.tag).collect();
    assert_eq!(tags, [Tag::ATTRIBUTE_NAME, Tag::ATTRIBUTE_INDEX, Tag::ATTRIBUTE_VALUE]);
}

#[test]
fn a_path_leads_to_an_item() {
    let message = message();
    for (path, expected) in [
        ("Response Header/Time Stamp", Value::from(DateTime::from_seconds(1_402_387_648))),
        ("ResponseHeader/BatchCount", Value::from(2)),
        ("Response Header / Protocol Version / Protocol Version Minor", Value::from(4)),
        ("0x42007A/0x42000D", Value::from(2)),
        ("Batch Item/Response Payload/Unique Identifier", Value::from("1")),
        ("Batch Item[1]/Response Payload/Unique Identifier", Value::from("2")),
        ("BatchItem[1]/ResponsePayload[0]/UniqueIdentifier[1]", Value::from("3")),
    ] {
        assert_eq!(message.lookup(path).map(|item| &item.value), Ok(&expected), "{path}");
    }
    for (path, expected) in [
        ("Response Header/Correlation Value", "there is no ResponseHeader/CorrelationValue"),
        ("BatchItem[2]/Operation", "there is no BatchItem[2]"),
        ("ResponseHeader/BatchCount/TimeStamp", "there is no ResponseHeader/BatchCount/TimeStamp"),
        ("Response Header/Timestamp", "\"Timestamp\" is not a tag; did you mean TimeStamp?"),
        ("BatchItem[x]", "\"BatchItem[x]\" is not a tag with an index"),
        ("BatchItem[-1]", "\"BatchItem[-1]\" is not a tag with an index"),
        ("", "\"\" is not a tag"),
    ] {
        assert_eq!(message.lookup(path).unwrap_err().to_string(), expected, "{path}");
    }
    assert!(matches!(message.lookup("BatchItem[9]"), Err(LookupError::Missing { .. })));
}

#[test]
fn all_items_of_a_name_are_found() {
    let message = message();
    let found = message.find_all("Unique Identifier").unwrap();
    assert_eq!(found.iter().filter_map(|item| item.as_text()).collect::<Vec<_>>(), ["1", "2", "3"]);
    assert_eq!(message.find_all(Tag::RESPONSE_MESSAGE).unwrap(), [&message]);
    assert_eq!(message.find_all("Lease Time").unwrap(), [] as [&Item; 0]);
    assert!(message.find_all("Leese Time").is_err());
    assert_eq!(message.find("BatchCount").unwrap().and_then(Item::as_integer), Some(2));
    assert_eq!(message.find("LeaseTime"), Ok(None));
    assert_eq!(message.children(Tag::BATCH_ITEM).count(), 2);
    assert_eq!(message.children(Tag::OPERATION).count(), 0);
    let tags: Vec<Tag> = message.walk().take(5).map(|item| item.tag).collect();
    let expected = [
        Tag::RESPONSE_MESSAGE,
        Tag::RESPONSE_HEADER,
        Tag::PROTOCOL_VERSION,
        Tag::PROTOCOL_VERSION_MAJOR,
        Tag::PROTOCOL_VERSION_MINOR,
    ];
    assert_eq!(tags, expected);
    assert_eq!(message.walk().count(), 16);
}

#[test]
fn an_item_goes_to_and_from_every_encoding() {
    let message = message();
    assert_eq!(Item::from_ttlv(&message.to_ttlv().unwrap()), Ok(message.clone()));
    assert_eq!(Item::from_json(&message.to_json().unwrap()), Ok(message.clone()));
    assert_eq!(Item::from_xml(&message.to_xml().unwrap()), Ok(message.clone()));
    let date = Item::date_time_extended(Tag::TIME_STAMP, DateTimeExtended::from_microseconds(1));
    assert_eq!(Item::from_ttlv(&date.to_ttlv().unwrap()), Ok(date));
}

#[test]
fn serde_has_the_json_form() {
    let message = message();
    let value = serde_json::to_value(&message).unwrap();
    assert_eq!(value["tag"], "ResponseMessage");
    assert_eq!(value["value"][1]["value"][0]["value"], "Create");
    assert_eq!(serde_json::from_value::<Item>(value).unwrap(), message);
    assert_eq!(serde_json::from_slice::<Item>(&serde_json::to_vec(&message).unwrap()).unwrap(), message);
    for (json, expected) in [
        (r#"{"type":"Integer"}"#, "missing field `tag`"),
        (r#"{"tag":"BatchCount","tag":"BatchCount"}"#, "duplicate field `tag`"),
        (r#"{"tag":"BatchCount","value":1,"value":1}"#, "duplicate field `value`"),
        (
            r#"{"tag":"BatchCount","vale":1}"#,
            "unknown member \"vale\"; an item has tag, name, type and value",
        ),
        (
            r#"{"tag":"BatchCount","value":{"a":1}}"#,
            "expected an array of items or a plain value, found an object",
        ),
        (
            r#"{"tag":"BatchCount","type":"Integer","value":1.5}"#,
            "BatchCount: expected a number of 32 bits with a sign, or up to 8 hex digits after 0x for Integer, found a number with a fraction or out of range",
        ),
        (r#"{"tag":"BtachCount"}"#, "\"BtachCount\" is not a tag; did you mean BatchCount?"),
        (r#"{"tag":1}"#, "invalid type: integer `1`, expected a string"),
        ("[]", "invalid type: sequence, expected an object with tag, type and value"),
    ] {
        let error = serde_json::from_str::<Item>(json).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{json}: {error}");
    }
}

#[test]
fn a_typed_value_is_an_item_too() {
    let version = ProtocolVersion::V1_4;
    let item = item::to_item(Tag::PROTOCOL_VERSION, &version, version).unwrap();
    assert_eq!(item.lookup("ProtocolVersionMinor").unwrap().as_integer(), Some(4));
    assert_eq!(ttlv::decode(Tag::PROTOCOL_VERSION, &item.to_ttlv().unwrap()), Ok(version));
    let error = item::to_item(Tag::TIME_STAMP, &DateTimeExtended::from_microseconds(1), version).unwrap_err();
    assert_eq!(error.to_string(), "TimeStamp: a Date-Time Extended has no equivalent in KMIP 1.4");
}
