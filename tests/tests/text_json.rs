//! JSON: every form that the encoding document has is read, and every form that can be chosen is written.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use kmip_types::enumerations::ObjectType;
use kmip_types::text::{DateForm, JsonOptions, NameForm, NumberForm, TagForm, TextCodec};
use kmip_types::{BigInteger, DateTime, DateTimeExtended, Interval, Item, Tag, Value};

const VENDOR: Tag = Tag::from_raw(0x54_0001);

fn codec() -> TextCodec {
    TextCodec::new()
}

/// The text is read as the item, and so is what is written for it.
#[track_caller]
fn reads(json: &str, item: &Item) {
    let codec = codec();
    let ttlv = codec.from_json(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert_eq!(Item::from_ttlv(&ttlv).unwrap(), *item, "{json}");
    let written = codec.to_json(&ttlv).unwrap();
    assert_eq!(codec.from_json(&written).unwrap(), ttlv, "{json} -> {written}");
}

/// `value` is read as the item's value, under the item's tag and type.
#[track_caller]
fn reads_value(item: &Item, value: &str) {
    let (tag, item_type) = (item.tag, item.item_type());
    reads(&format!(r#"{{"tag": "{tag}", "type": "{item_type}", "value": {value}}}"#), item);
}

#[track_caller]
fn refuses(json: &str, expected: &str) {
    let error = codec().from_json(json).expect_err(json);
    assert_eq!(error.to_string(), expected, "{json}");
}

#[track_caller]
fn refuses_value(tag: Tag, item_type: &str, values: &[&str]) {
    for value in values {
        let json = format!(r#"{{"tag": "{tag}", "type": "{item_type}", "value": {value}}}"#);
        let error = codec().from_json(&json).expect_err(&json);
        assert!(error.to_string().contains(&format!("for {item_type}, found ")), "{json}: {error}");
    }
}

#[track_caller]
fn writes(options: JsonOptions, item: &Item, expected: &str) {
    let codec = codec().json(options);
    let json = codec.item_to_json(item).unwrap();
    assert_eq!(json, expected);
    assert_eq!(codec.item_from_json(&json).unwrap(), *item, "{json}");
}

#[test]
fn reads_a_tag_by_name_alias_and_number() {
    let date = Item::date_time(Tag::ACTIVATION_DATE, DateTime::from_seconds(978_307_200));
    for tag in ["ActivationDate", "0x420001"] {
        reads(
            &format!(r#"{{"tag": "{tag}", "type": "DateTime", "value": "2001-01-01T10:00:00+10:00"}}"#),
            &date,
        );
    }
    let extension = Item::integer(Tag::from_raw(0x54_FFFF), 1);
    reads(
        r#"{"tag": "0x54FFFF", "name":"SomeExtension", "type":"Integer", "value":"0x00000001"}"#,
        &extension,
    );
    reads(r#"{"tag": "0x54ffff", "type":"Integer", "value":1}"#, &extension);
    let bytes = Item::byte_string(Tag::IV_COUNTER_NONCE, [0xA1, 0xB2, 0xC3, 0xD4]);
    reads(r#"{"tag": "IVCounterNonce", "type":"ByteString", "value":"a1b2c3d4"}"#, &bytes);
}

#[test]
fn reads_members_in_any_order() {
    let item = Item::structure(
        Tag::PROTOCOL_VERSION,
        vec![Item::integer(Tag::PROTOCOL_VERSION_MAJOR, 1), Item::integer(Tag::PROTOCOL_VERSION_MINOR, 0)],
    );
    let (tag, item_type) = (r#""tag": "ProtocolVersion""#, r#""type": "Structure""#);
    let value = r#""value": [ {"value": 1, "type": "Integer", "tag": "ProtocolVersionMajor"},
                              {"type": "Integer", "tag": "ProtocolVersionMinor", "value": "0x00000000"} ]"#;
    for members in
        [[tag, item_type, value], [tag, value, item_type], [value, tag, item_type], [value, item_type, tag]]
    {
        reads(&format!("{{ {} }}", members.join(", ")), &item);
    }
    // Without a type, it is a structure.
    reads(&format!("{{ {value}, {tag} }}"), &item);
}

#[test]
fn reads_an_empty_structure() {
    let item = Item::structure(Tag::PRIVATE_KEY_TEMPLATE_ATTRIBUTE, vec![]);
    for json in [
        r#"{"tag": "PrivateKeyTemplateAttribute", "type": "Structure", "value": []}"#,
        r#"{"tag": "PrivateKeyTemplateAttribute", "type": "Structure", "value": [ ]}"#,
        r#"{"tag": "PrivateKeyTemplateAttribute", "type": "Structure", "value": null}"#,
        r#"{"tag": "PrivateKeyTemplateAttribute", "value": null}"#,
        r#"{"tag": "PrivateKeyTemplateAttribute", "type": "Structure"}"#,
        r#" {"tag":"PrivateKeyTemplateAttribute"} "#,
    ] {
        reads(json, &item);
    }
}

#[test]
fn reads_an_integer() {
    for (number, forms) in [
        (
            10,
            &[
                "10",
                "10.0",
                "1e1",
                "1E+1",
                "0.1e2",
                "100e-1",
                "10.000000000000000000000000000000000000000000",
                "\"0x0000000A\"",
                "\"0x0000000a\"",
                "\"10\"",
                "\"0xa\"",
            ][..],
        ),
        (-1, &["-1", "\"0xffffffff\"", "\"-1\""]),
        (0, &["0", "-0", "0.0", "-0.0", "0e999999999999", "\"0x00000000\""]),
        (-1, &["-1.0", "-10e-1"]),
        (i32::MIN, &["-2147483648", "\"0x80000000\""]),
        (i32::MAX, &["2147483647", "\"0x7fffffff\""]),
    ] {
        for form in forms {
            reads_value(&Item::integer(Tag::BATCH_COUNT, number), form);
        }
    }
    refuses_value(
        Tag::BATCH_COUNT,
        "Integer",
        &[
            "2147483648",
            "-2147483649",
            "1.5",
            "15e-1",
            "1e10",
            "1e999999999999",
            "1e-999999999999",
            "\"1.0\"",
            "\"\"",
            "\"ten\"",
            "\"0x\"",
            "\"0x123456789\"",
            "\"0X01\"",
        ],
    );
    let fraction = r#"{"tag":"BatchCount","type":"Integer","value":1.5}"#;
    let error = codec().from_json(fraction).unwrap_err().to_string();
    assert!(error.ends_with("found a number with a fraction or out of range"), "{error}");
    refuses_value(Tag::BATCH_COUNT, "Integer", &["true", "null", "[]", "\" 1\"", "\"0x0000 0001\""]);
}

#[test]
fn reads_a_mask() {
    let mask = |bits: u32| Item::integer(Tag::CRYPTOGRAPHIC_USAGE_MASK, bits.cast_signed());
    for (bits, forms) in [
        (
            0x100C,
            &[
                "\"0x0000100c\"",
                "\"Encrypt|Decrypt|CertificateSign\"",
                "\"CertificateSign|0x00000004|0x0000008\"",
                "\"CertificateSign|0x0000000c\"",
                "\"Certificate Sign | Encrypt | Decrypt\"",
                "\"Encrypt Decrypt CertificateSign\"",
                "\"Encrypt,Decrypt, CertificateSign\"",
                "\"4108\"",
                "4108",
            ][..],
        ),
        (0x8000_0001, &["\"Sign|0x80000000\"", "-2147483647"]),
        (0, &["\"\"", "0", "\"0x00000000\""]),
    ] {
        for form in forms {
            reads_value(&mask(bits), form);
        }
    }
    reads_value(&Item::integer(Tag::STORAGE_STATUS_MASK, 3), "\"OnLineStorage|ArchivalStorage\"");
    refuses(
        r#"{"tag":"CryptographicUsageMask","type":"Integer","value":"Sign|Encrpyt"}"#,
        "line 1, column 58, CryptographicUsageMask: CryptographicUsageMask has no value named \"Encrpyt\"; did you mean Encrypt?",
    );
}

#[test]
fn reads_a_long_integer_exactly() {
    let item = |number| Item::long_integer(Tag::USAGE_LIMITS_COUNT, number);
    for (number, forms) in [
        (-2, &["-2", "\"0xfffffffffffffffe\"", "\"-2\""][..]),
        (10_000_000_000, &["1e10"]),
        (1 << 60, &["115292150460684697.6e1", "\"0x1000000000000000\"", "1152921504606846976"]),
        (i64::MAX, &["9223372036854775807", "\"0x7FFFFFFFFFFFFFFF\""]),
        (i64::MIN, &["-9223372036854775808", "\"0x8000000000000000\""]),
        ((1 << 53) + 1, &["9007199254740993"]),
    ] {
        for form in forms {
            reads_value(&item(number), form);
        }
    }
    refuses_value(
        Tag::USAGE_LIMITS_COUNT,
        "LongInteger",
        &["9223372036854775808", "9223372036854775807.5", "1.5", "1e19", "\"0x10000000000000000\"", "null"],
    );
}

#[test]
fn reads_a_big_integer() {
    let item = |bytes: &[u8]| Item::big_integer(Tag::X, BigInteger::from_signed_bytes(bytes));
    for (bytes, forms) in [
        (&[0; 8][..], &["0", "0.0", "\"0x0000000000000000\"", "\"0\""][..]),
        (&[0xFF; 8], &["-1", "\"0xffffffffffffffff\"", "\"0xFFFFFFFFFFFFFFFF\""]),
        (&[0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0], &["9223372036854775808"]),
    ] {
        for form in forms {
            reads_value(&item(bytes), form);
        }
    }
    // Padding that a peer added is kept.
    let json = r#"{"tag":"X","type":"BigInteger","value":"0x00000000000000000000000000000001"}"#;
    assert_eq!(codec().to_json(&codec().from_json(json).unwrap()).unwrap(), json);
    refuses_value(
        Tag::X,
        "BigInteger",
        &["\"0x01\"", "\"0x\"", "\"0x000000000000000\"", "1.5", "1e40", "\"\"", "true"],
    );
}

#[test]
fn reads_an_enumeration() {
    let item = Item::enumeration(Tag::OBJECT_TYPE, ObjectType::SymmetricKey);
    for form in ["2", "\"0x00000002\"", "\"SymmetricKey\"", "\"Symmetric Key\"", "\"2\"", "\"0x2\""] {
        reads_value(&item, form);
    }
    reads(r#"{"tag": "0x420057", "type":"Enumeration", "value":2}"#, &item);
    reads_value(&Item::enumeration(Tag::OBJECT_TYPE, 0x8000_0001_u32), "\"0x80000001\"");
    reads_value(&Item::enumeration(VENDOR, u32::MAX), "4294967295");
    refuses_value(VENDOR, "Enumeration", &["-1", "4294967296", "1.5", "null", "\"Anvil\""]);
    refuses(
        r#"{"tag":"ObjectType","type":"Enumeration","value":"SymetricKey"}"#,
        "line 1, column 50, ObjectType: ObjectType has no value named \"SymetricKey\"; did you mean SymmetricKey?",
    );
}

#[test]
fn reads_an_enumeration_of_tags() {
    let item = Item::enumeration(Tag::ATTRIBUTE_REFERENCE, Tag::CRYPTOGRAPHIC_USAGE_MASK);
    for form in [
        "\"CryptographicUsageMask\"",
        "\"Cryptographic Usage Mask\"",
        "\"0x42002c\"",
        "\"0x0042002C\"",
        "4325420",
    ] {
        reads_value(&item, form);
    }
    let json = r#"{"tag":"AttributeReference","type":"Enumeration","value":"CryptographicUsageMask"}"#;
    writes(JsonOptions::new(), &item, json);
    let unknown = Item::enumeration(Tag::ATTRIBUTE_REFERENCE, VENDOR);
    let json = r#"{"tag":"AttributeReference","type":"Enumeration","value":"0x00540001"}"#;
    writes(JsonOptions::new(), &unknown, json);
}

#[test]
fn reads_a_boolean() {
    for (value, forms) in
        [(true, ["true", "\"0x0000000000000001\""]), (false, ["false", "\"0x0000000000000000\""])]
    {
        for form in forms {
            reads_value(&Item::boolean(Tag::BATCH_ORDER_OPTION, value), form);
        }
    }
    refuses_value(
        Tag::BATCH_ORDER_OPTION,
        "Boolean",
        &["1", "0", "\"true\"", "\"0x0000000000000002\"", "null", "\"\""],
    );
}

#[test]
fn reads_text() {
    let item = |text: &str| Item::text_string(Tag::ATTRIBUTE_NAME, text);
    for (text, form) in [
        ("Cryptographic Algorithm", "\"Cryptographic Algorithm\""),
        ("", "\"\""),
        ("ä€😀", "\"ä€😀\""),
        ("ä\"\\/\n\t\u{1}😀", r#""\u00e4\"\\\/\n\t\u0001\ud83d\ude00""#),
    ] {
        reads_value(&item(text), form);
    }
    refuses_value(Tag::ATTRIBUTE_NAME, "TextString", &["1", "null", "true", "[]"]);
    refuses(
        r#"{"tag":"AttributeName","type":"TextString","value":"\ud800"}"#,
        "line 1, column 52, AttributeName: invalid escape in a string",
    );
}

#[test]
fn reads_bytes() {
    let item = |bytes: &[u8]| Item::byte_string(Tag::MAC_SIGNATURE, bytes);
    for (bytes, form) in
        [(&[0xC5, 0x0F, 0x77][..], "\"C50F77\""), (&[0xC5, 0x0F, 0x77], "\"c50f77\""), (&[], "\"\"")]
    {
        reads_value(&item(bytes), form);
    }
    refuses_value(
        Tag::MAC_SIGNATURE,
        "ByteString",
        &["\"C50F7\"", "\"0xC50F77\"", "\"zz\"", "1", "null", "\"é\""],
    );
}

#[test]
fn reads_a_date() {
    let item = |seconds| Item::date_time(Tag::ARCHIVE_DATE, DateTime::from_seconds(seconds));
    for (seconds, forms) in [
        (
            978_307_200,
            &[
                "\"2001-01-01T10:00:00+10:00\"",
                "\"2001-01-01T00:00:00Z\"",
                "\"2001-01-01T00:00:00\"",
                "\"2000-12-31T19:00:00-05:00\"",
                "\"2001-01-01T00:00:00.999999999Z\"",
                "\"2000-12-31T24:00:00Z\"",
                "\"2000-12-31T24:00:00.000-00:00\"",
                "\"0x000000003a4fc880\"",
            ][..],
        ),
        (-1, &["\"1969-12-31T23:59:59.5+00:00\"", "\"0xffffffffffffffff\""]),
        (-62_135_596_800, &["\"0001-01-01T00:00:00Z\""]),
        (253_402_300_799, &["\"9999-12-31T23:59:59Z\""]),
        (-62_198_755_200, &["\"-0001-01-01T00:00:00Z\""]),
        (i64::MAX, &["\"0x7fffffffffffffff\""]),
    ] {
        for form in forms {
            reads_value(&item(seconds), form);
        }
    }
    refuses_value(
        Tag::ARCHIVE_DATE,
        "DateTime",
        &[
            "\"2001-02-30T00:00:00Z\"",
            "\"2001-13-01T00:00:00Z\"",
            "\"2001-01-01\"",
            "\"2001-01-01 00:00:00Z\"",
            "\"2001-01-01T24:00:01Z\"",
            "\"2001-01-01T24:01:00Z\"",
            "\"2001-01-01T24:00:00.1Z\"",
            "\"2001-01-01T25:00:00Z\"",
            "\"9999-12-31T24:00:00Z\"",
            "\"2001-01-01T00:00Z\"",
            "\"2001-01-01T00:00:00.Z\"",
            "\"2001-01-01T00:00:00+1000\"",
            "\"2001-01-01T00:00:00+15:00\"",
            "\"2001-01-01T00:00:00+01:60\"",
            "\"2001-1-1T00:00:00Z\"",
            "\"01-01-01T00:00:00Z\"",
            "\"2001-01-01T0+:00:00Z\"",
            "\"10000-01-01T00:00:00Z\"",
            "\"+2001-01-01T00:00:00Z\"",
            "\"$NOW\"",
            "978307200",
            "null",
        ],
    );
}

#[test]
fn reads_an_extended_date() {
    let item =
        |microseconds| Item::date_time_extended(VENDOR, DateTimeExtended::from_microseconds(microseconds));
    for (microseconds, form) in [
        (978_307_200_000_000, "\"2001-01-01T10:00:00+10:00\""),
        (978_307_200_500_000, "\"2001-01-01T00:00:00.5Z\""),
        (978_307_200_123_456, "\"2001-01-01T00:00:00.1234567Z\""),
        (-1, "\"1969-12-31T23:59:59.999999Z\""),
        (-1, "\"0xffffffffffffffff\""),
        (i64::MIN, "\"0x8000000000000000\""),
    ] {
        reads_value(&item(microseconds), form);
    }
}

#[test]
fn reads_an_interval() {
    for (seconds, forms) in [
        (27, &["27", "27.0", "\"0x0000001b\"", "\"27\""][..]),
        (0, &["0"]),
        (u32::MAX, &["4294967295", "\"0xFFFFFFFF\""]),
    ] {
        for form in forms {
            reads_value(&Item::interval(Tag::OFFSET, Interval::from_seconds(seconds)), form);
        }
    }
    refuses_value(Tag::OFFSET, "Interval", &["-1", "4294967296", "27.5", "\"-1\"", "null"]);
}

#[test]
fn refuses_what_is_no_item() {
    for (json, expected) in [
        ("", "line 1, column 1: EOF while parsing a value"),
        ("[]", "line 1, column 1: expected an object, found an array"),
        ("3", "line 1, column 1: expected an object, found a number"),
        ("{}", "line 1, column 1: missing member \"tag\""),
        (
            "{\"tag\": \"BatchCount\", \"type\": \"Integer\"}",
            "line 1, column 1, BatchCount: missing member \"value\"",
        ),
        (
            "{\"tag\": \"BatchCount\", \"tag\": \"BatchCount\"}",
            "line 1, column 23, BatchCount: duplicate member \"tag\"",
        ),
        (
            "{\"tag\": \"BatchCount\", \"value\": 1, \"value\": 1}",
            "line 1, column 35, BatchCount: duplicate member \"value\"",
        ),
        (
            "{\"tag\": \"BatchCount\",\n \"typ\": \"Integer\"}",
            "line 2, column 2, BatchCount: unknown member \"typ\"; an item has tag, name, type and value",
        ),
        ("{\"tag\": 4325389}", "line 1, column 9: expected a string, found a number"),
        (
            "{\"tag\": \"BatchCount\", \"type\": null}",
            "line 1, column 31, BatchCount: expected a string, found null",
        ),
        (
            "{\"tag\": \"BatchCount\", \"type\": \"Integr\", \"value\": 1}",
            "line 1, column 31, BatchCount: \"Integr\" is not an item type; did you mean Integer?",
        ),
        (
            "{\"tag\": \"RequestHeader\", \"value\": 1}",
            "line 1, column 35, RequestHeader: expected items, as no type is given, for Structure, found a number",
        ),
        (
            "{\"tag\": \"RequestHeader\", \"value\": {\"tag\": \"BatchCount\"}}",
            "line 1, column 35, RequestHeader: expected an array of items or a plain value, found an object",
        ),
        (
            "{\"tag\": \"RequestHeader\", \"value\": [{\"tag\": \"BatchCount\"}, 7]}",
            "line 1, column 59, RequestHeader: expected an object, found a number",
        ),
        ("{\"tag\": \"RequestHeader\"} {}", "line 1, column 26: trailing characters"),
        (
            "{\"tag\": \"RequestHeader\", \"value\": [1",
            "line 1, column 36, RequestHeader: expected an object, found a number",
        ),
        (
            "{\"tag\": \"RequestHeader\", \"value\": [",
            "line 1, column 35, RequestHeader: EOF while parsing a list",
        ),
        ("{\"tag\": \"0x4200\"}", "line 1, column 9: \"0x4200\" is not a tag"),
        ("{\"tag\": \"0x1000000\"}", "line 1, column 9: \"0x1000000\" is not a tag"),
    ] {
        refuses(json, expected);
    }
}

#[test]
fn writes_the_default_form() {
    for (item, json) in [
        (Item::structure(Tag::ATTRIBUTES, vec![]), r#"{"tag":"Attributes","type":"Structure","value":[]}"#),
        (
            Item::structure(Tag::REQUEST_HEADER, vec![Item::integer(Tag::BATCH_COUNT, 1)]),
            r#"{"tag":"RequestHeader","type":"Structure","value":[{"tag":"BatchCount","type":"Integer","value":1}]}"#,
        ),
        (
            Item::integer(Tag::CRYPTOGRAPHIC_USAGE_MASK, 3),
            r#"{"tag":"CryptographicUsageMask","type":"Integer","value":"Sign|Verify"}"#,
        ),
        (
            Item::enumeration(Tag::OBJECT_TYPE, ObjectType::PrivateKey),
            r#"{"tag":"ObjectType","type":"Enumeration","value":"PrivateKey"}"#,
        ),
        (
            Item::enumeration(Tag::OBJECT_TYPE, 0x80AB_CDEF_u32),
            r#"{"tag":"ObjectType","type":"Enumeration","value":"0x80abcdef"}"#,
        ),
        (
            Item::long_integer(Tag::USAGE_LIMITS_COUNT, (1 << 52) - 1),
            r#"{"tag":"UsageLimitsCount","type":"LongInteger","value":4503599627370495}"#,
        ),
        (
            Item::long_integer(Tag::USAGE_LIMITS_COUNT, 1 << 52),
            r#"{"tag":"UsageLimitsCount","type":"LongInteger","value":"0x0010000000000000"}"#,
        ),
        (
            Item::long_integer(Tag::USAGE_LIMITS_COUNT, -(1 << 52)),
            r#"{"tag":"UsageLimitsCount","type":"LongInteger","value":"0xfff0000000000000"}"#,
        ),
        (Item::big_integer(Tag::X, -2), r#"{"tag":"X","type":"BigInteger","value":"0xfffffffffffffffe"}"#),
        (Item::boolean(VENDOR, true), r#"{"tag":"0x540001","type":"Boolean","value":true}"#),
        (
            Item::date_time(Tag::TIME_STAMP, DateTime::from_seconds(1_402_387_648)),
            r#"{"tag":"TimeStamp","type":"DateTime","value":"2014-06-10T08:07:28+00:00"}"#,
        ),
        (
            Item::date_time(Tag::TIME_STAMP, DateTime::from_seconds(253_402_300_800)),
            r#"{"tag":"TimeStamp","type":"DateTime","value":"0x0000003afff44180"}"#,
        ),
        (
            Item::date_time_extended(VENDOR, DateTimeExtended::from_microseconds(1_402_387_648_000_001)),
            r#"{"tag":"0x540001","type":"DateTimeExtended","value":"2014-06-10T08:07:28.000001+00:00"}"#,
        ),
        (
            Item::interval(Tag::OFFSET, Interval::from_seconds(27)),
            r#"{"tag":"Offset","type":"Interval","value":27}"#,
        ),
        (Item::byte_string(VENDOR, [0xAB]), r#"{"tag":"0x540001","type":"ByteString","value":"ab"}"#),
        (Item::text_string(VENDOR, "\"\n"), r#"{"tag":"0x540001","type":"TextString","value":"\"\n"}"#),
    ] {
        writes(JsonOptions::new(), &item, json);
    }
}

#[test]
fn writes_the_other_forms() {
    let structure = Item::structure(Tag::REQUEST_HEADER, vec![Item::integer(Tag::BATCH_COUNT, 1)]);
    let mask = Item::integer(Tag::CRYPTOGRAPHIC_USAGE_MASK, 12);
    let state = Item::enumeration(Tag::STATE, 2_u32);
    let new = JsonOptions::new;
    for (options, item, json) in [
        (
            new().structure_type(false).integers(NumberForm::Hex),
            &structure,
            r#"{"tag":"RequestHeader","value":[{"tag":"BatchCount","type":"Integer","value":"0x00000001"}]}"#,
        ),
        (
            new().tags(TagForm::Hex),
            &structure,
            r#"{"tag":"0x420077","type":"Structure","value":[{"tag":"0x42000D","type":"Integer","value":1}]}"#,
        ),
        (
            new().tags(TagForm::HexAndName).structure_type(false),
            &Item::structure(Tag::REQUEST_HEADER, vec![]),
            r#"{"tag":"0x420077","name":"RequestHeader","value":[]}"#,
        ),
        (
            new().masks(NameForm::Hex),
            &mask,
            r#"{"tag":"CryptographicUsageMask","type":"Integer","value":"0x0000000c"}"#,
        ),
        (
            new().masks(NameForm::Number),
            &mask,
            r#"{"tag":"CryptographicUsageMask","type":"Integer","value":12}"#,
        ),
        (
            new().enumerations(NameForm::Hex),
            &state,
            r#"{"tag":"State","type":"Enumeration","value":"0x00000002"}"#,
        ),
        (new().enumerations(NameForm::Number), &state, r#"{"tag":"State","type":"Enumeration","value":2}"#),
        (
            new().hex_booleans(true),
            &Item::boolean(Tag::BATCH_ORDER_OPTION, true),
            r#"{"tag":"BatchOrderOption","type":"Boolean","value":"0x0000000000000001"}"#,
        ),
        (
            new().dates(DateForm::Hex),
            &Item::date_time(Tag::TIME_STAMP, DateTime::from_seconds(1_402_387_648)),
            r#"{"tag":"TimeStamp","type":"DateTime","value":"0x000000005396bcc0"}"#,
        ),
        (
            new().integers(NumberForm::Hex),
            &Item::interval(Tag::OFFSET, Interval::from_seconds(27)),
            r#"{"tag":"Offset","type":"Interval","value":"0x0000001b"}"#,
        ),
        (
            new().integers(NumberForm::Hex),
            &Item::long_integer(Tag::USAGE_LIMITS_COUNT, -2),
            r#"{"tag":"UsageLimitsCount","type":"LongInteger","value":"0xfffffffffffffffe"}"#,
        ),
        (
            new().pretty(true),
            &Item::structure(Tag::REQUEST_HEADER, vec![]),
            "{\n  \"tag\": \"RequestHeader\",\n  \"type\": \"Structure\",\n  \"value\": []\n}",
        ),
    ] {
        writes(options, item, json);
    }
}

#[test]
fn an_array_value_may_come_before_its_tag_in_a_nested_item() {
    let json = r#"{"value":[{"value":[{"value":1,"tag":"BatchCount","type":"Integer"}],"tag":"RequestHeader"}],"tag":"RequestMessage"}"#;
    let header = Item::structure(Tag::REQUEST_HEADER, vec![Item::integer(Tag::BATCH_COUNT, 1)]);
    reads(json, &Item::new(Tag::REQUEST_MESSAGE, Value::Structure(vec![header])));
}
