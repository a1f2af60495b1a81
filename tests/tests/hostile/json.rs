//! Malformed JSON: syntax, members, names, values out of their range, and bombs.

use crate::row::TextRow;

pub(crate) fn tables() -> Vec<(&'static str, Vec<TextRow>)> {
    let rows =
        |table: &[(&str, &str)]| table.iter().map(|(input, error)| row((*input).into(), error)).collect();
    vec![
        ("JSON: syntax", rows(SYNTAX)),
        ("JSON: members", rows(MEMBERS)),
        ("JSON: names", rows(NAMES)),
        ("JSON: texts", rows(TEXTS)),
        ("JSON: values", values()),
    ]
}

fn values() -> Vec<TextRow> {
    let mut rows = Vec::new();
    for (tag, item_type, expected, values) in VALUES {
        for (value, found) in *values {
            let start = format!(r#"{{"tag":"{tag}","type":"{item_type}","value":"#);
            let column = start.len() + 1;
            let error =
                format!("line 1, column {column}, {tag}: expected {expected} for {item_type}, found {found}");
            rows.push(row(format!("{start}{value}}}"), &error));
        }
    }
    rows
}

pub(crate) fn row(input: String, error: &str) -> TextRow {
    TextRow { input, read: kmip_types::TextCodec::item_from_json, error: error.to_owned() }
}

/// What is no JSON, or not one object.
const SYNTAX: &[(&str, &str)] = &[
    ("", "line 1, column 1: EOF while parsing a value"),
    (" \n\t ", "line 2, column 2: EOF while parsing a value"),
    ("\u{FEFF}{}", "line 1, column 1: expected value"),
    ("null", "line 1, column 1: expected an object, found null"),
    ("true", "line 1, column 1: expected an object, found true or false"),
    ("12", "line 1, column 1: expected an object, found a number"),
    (r#""hunter2""#, "line 1, column 1: expected an object, found a string"),
    ("[]", "line 1, column 1: expected an object, found an array"),
    (
        r#"[{"tag":"BatchCount","type":"Integer","value":1}]"#,
        "line 1, column 1: expected an object, found an array",
    ),
    ("{", "line 1, column 1: EOF while parsing an object"),
    ("}", "line 1, column 1: expected value"),
    ("{]", "line 1, column 2: key must be a string"),
    (r#"{"tag"}"#, "line 1, column 7: expected `:`"),
    (r#"{"tag":}"#, "line 1, column 8: expected value"),
    (r#"{"tag":"Name""#, "line 1, column 13, Name: EOF while parsing an object"),
    (r#"{"tag":"Name",}"#, "line 1, column 15, Name: trailing comma"),
    (r#"{,"tag":"Name"}"#, "line 1, column 2: key must be a string"),
    (r#"{tag:"Name"}"#, "line 1, column 2: key must be a string"),
    ("{'tag':'Name'}", "line 1, column 2: key must be a string"),
    (r#"{"tag":"Name"}}"#, "line 1, column 15: trailing characters"),
    (r#"{"tag":"Name"}{"tag":"Name"}"#, "line 1, column 15: trailing characters"),
    (r#"{"tag":"Name"} // a comment"#, "line 1, column 16: trailing characters"),
    ("{\"tag\":\"Name\"}\0", "line 1, column 15: trailing characters"),
    (
        "{\"tag\":\"Na\nme\"}",
        r#"line 1, column 10: control character (\u0000-\u001F) found while parsing a string"#,
    ),
    (
        "{\"tag\":\"Na\0me\"}",
        r#"line 1, column 10: control character (\u0000-\u001F) found while parsing a string"#,
    ),
    (r#"{"tag":"Na\xme"}"#, "line 1, column 12: invalid escape"),
    (r#"{"tag":"Name"#, "line 1, column 12: EOF while parsing a string"),
    (r#"{"tag":"Name","value":[}"#, "line 1, column 24, Name: expected value"),
    (r#"{"tag":"Name","value":[,]}"#, "line 1, column 24, Name: expected value"),
    (r#"{"tag":"Name","value":[{"tag":"Name"},]}"#, "line 1, column 39, Name: trailing comma"),
    (
        r#"{"tag":"Name","value":[{"tag":"Name"}{"tag":"Name"}]}"#,
        "line 1, column 38, Name: expected `,` or `]`",
    ),
    (r#"{"tag":"Name" "value":[]}"#, "line 1, column 15, Name: expected `,` or `}`"),
    (
        "{\"tag\":\"Name\",\n \"value\":[{\"tag\":\"Name\",\n  \"value\":[}]}",
        "line 3, column 12, Name/Name: expected value",
    ),
];

/// Members that are missing, doubled, unknown or of another type.
const MEMBERS: &[(&str, &str)] = &[
    ("{}", r#"line 1, column 1: missing member "tag""#),
    (r#"{"type":"Integer","value":1}"#, r#"line 1, column 1: missing member "tag""#),
    (r#"{"tag":"BatchCount","type":"Integer"}"#, r#"line 1, column 1, BatchCount: missing member "value""#),
    (r#"{"tag":"NameValue","type":"TextString"}"#, r#"line 1, column 1, NameValue: missing member "value""#),
    (r#"{"tag":"Name","tag":"Name"}"#, r#"line 1, column 15, Name: duplicate member "tag""#),
    (r#"{"tag":"Name","t\u0061g":"Name"}"#, r#"line 1, column 15, Name: duplicate member "tag""#),
    (r#"{"tag":"Name","name":"a","name":"b"}"#, r#"line 1, column 26, Name: duplicate member "name""#),
    (
        r#"{"tag":"Name","type":"Structure","type":"Structure"}"#,
        r#"line 1, column 34, Name: duplicate member "type""#,
    ),
    (r#"{"tag":"Name","value":[],"value":[]}"#, r#"line 1, column 26, Name: duplicate member "value""#),
    (
        r#"{"tag":"BatchCount","type":"Integer","value":1,"value":2}"#,
        r#"line 1, column 48, BatchCount: duplicate member "value""#,
    ),
    (r#"{"Tag":"Name"}"#, r#"line 1, column 2: unknown member "Tag"; an item has tag, name, type and value"#),
    (
        r#"{"tag":"Name","values":[]}"#,
        r#"line 1, column 15, Name: unknown member "values"; an item has tag, name, type and value"#,
    ),
    (
        r#"{"tag":"Name","":[]}"#,
        r#"line 1, column 15, Name: unknown member ""; an item has tag, name, type and value"#,
    ),
    (
        r#"{"tag":"Name","__proto__":{}}"#,
        r#"line 1, column 15, Name: unknown member "__proto__"; an item has tag, name, type and value"#,
    ),
    (r#"{"tag":4325376}"#, "line 1, column 8: expected a string, found a number"),
    (r#"{"tag":null}"#, "line 1, column 8: expected a string, found null"),
    (r#"{"tag":["Name"]}"#, "line 1, column 8: expected a string, found an array"),
    (r#"{"tag":{"tag":"Name"}}"#, "line 1, column 8: expected a string, found an object"),
    (r#"{"tag":"Name","type":1}"#, "line 1, column 22, Name: expected a string, found a number"),
    (r#"{"tag":"Name","name":false}"#, "line 1, column 22, Name: expected a string, found true or false"),
    (
        r#"{"tag":"Name","value":{}}"#,
        "line 1, column 23, Name: expected an array of items or a plain value, found an object",
    ),
    (
        r#"{"tag":"Name","value":{"tag":"Name"}}"#,
        "line 1, column 23, Name: expected an array of items or a plain value, found an object",
    ),
    (
        r#"{"tag":"Name","value":"x"}"#,
        "line 1, column 23, Name: expected items, as no type is given, for Structure, found text",
    ),
    (
        r#"{"tag":"Name","value":7}"#,
        "line 1, column 23, Name: expected items, as no type is given, for Structure, found a number",
    ),
    (r#"{"tag":"Name","value":[1]}"#, "line 1, column 24, Name: expected an object, found a number"),
    (r#"{"tag":"Name","value":["hunter2"]}"#, "line 1, column 24, Name: expected an object, found a string"),
    (r#"{"tag":"Name","value":[null]}"#, "line 1, column 24, Name: expected an object, found null"),
    (r#"{"tag":"Name","value":[[]]}"#, "line 1, column 24, Name: expected an object, found an array"),
    (r#"{"tag":"Name","value":[{}]}"#, r#"line 1, column 24, Name: missing member "tag""#),
    (
        r#"{"tag":"BatchCount","type":"Integer","value":[]}"#,
        "line 1, column 46, BatchCount: expected a number of 32 bits with a sign, or up to 8 hex digits after 0x for Integer, found items",
    ),
    (
        r#"{"tag":"NameValue","type":"TextString","value":null}"#,
        "line 1, column 48, NameValue: expected text for TextString, found null",
    ),
];

/// Tags, types and values that have no such name.
const NAMES: &[(&str, &str)] = &[
    (r#"{"tag":""}"#, r#"line 1, column 8: "" is not a tag"#),
    (r#"{"tag":"Nmae"}"#, r#"line 1, column 8: "Nmae" is not a tag; did you mean Name?"#),
    (r#"{"tag":"NAME"}"#, r#"line 1, column 8: "NAME" is not a tag; did you mean Name?"#),
    (r#"{"tag":"0x"}"#, r#"line 1, column 8: "0x" is not a tag; did you mean X?"#),
    (r#"{"tag":"0x42"}"#, r#"line 1, column 8: "0x42" is not a tag"#),
    (r#"{"tag":"0x4200530"}"#, r#"line 1, column 8: "0x4200530" is not a tag"#),
    (r#"{"tag":"0xGGGGGG"}"#, r#"line 1, column 8: "0xGGGGGG" is not a tag"#),
    (r#"{"tag":"0x+20053"}"#, r#"line 1, column 8: "0x+20053" is not a tag"#),
    (r#"{"tag":"420053"}"#, r#"line 1, column 8: "420053" is not a tag"#),
    (r#"{"tag":"Name\u0000"}"#, r#"line 1, column 8: "Name\0" is not a tag; did you mean Name?"#),
    (r#"{"tag":"Name","type":""}"#, r#"line 1, column 22, Name: "" is not an item type"#),
    (
        r#"{"tag":"Name","type":"structure"}"#,
        r#"line 1, column 22, Name: "structure" is not an item type; did you mean Structure?"#,
    ),
    (r#"{"tag":"Name","type":"0x01"}"#, r#"line 1, column 22, Name: "0x01" is not an item type"#),
    (
        r#"{"tag":"BatchCount","type":"Int","value":1}"#,
        r#"line 1, column 28, BatchCount: "Int" is not an item type"#,
    ),
    (
        r#"{"tag":"BatchCount","type":"LongInteger","value":1}"#,
        "line 1, column 28, BatchCount: BatchCount takes Integer, found LongInteger",
    ),
    (
        r#"{"tag":"BatchCount","type":"Structure","value":[]}"#,
        "line 1, column 28, BatchCount: BatchCount takes Integer, found Structure",
    ),
    (
        r#"{"tag":"Name","type":"Integer","value":1}"#,
        "line 1, column 22, Name: Name takes Structure, found Integer",
    ),
    (
        r#"{"tag":"Operation","type":"Enumeration","value":"Crate"}"#,
        r#"line 1, column 49, Operation: Operation has no value named "Crate"; did you mean Create?"#,
    ),
    (
        r#"{"tag":"Operation","type":"Enumeration","value":"Create|Get"}"#,
        r#"line 1, column 49, Operation: Operation has no value named "Create|Get"; did you mean Create?"#,
    ),
    (
        r#"{"tag":"CryptographicUsageMask","type":"Integer","value":"Encrpyt"}"#,
        r#"line 1, column 58, CryptographicUsageMask: CryptographicUsageMask has no value named "Encrpyt"; did you mean Encrypt?"#,
    ),
    (
        r#"{"tag":"CryptographicUsageMask","type":"Integer","value":"Encrypt|\u0000"}"#,
        r#"line 1, column 58, CryptographicUsageMask: CryptographicUsageMask has no value named "\0""#,
    ),
    (
        r#"{"tag":"CryptographicUsageMask","type":"Integer","value":"Encrypt;Decrypt"}"#,
        r#"line 1, column 58, CryptographicUsageMask: CryptographicUsageMask has no value named "Encrypt;Decrypt""#,
    ),
    (
        "{\"tag\":\"RequestMessage\",\"value\":[\n{\"tag\":\"RequestHeader\"},\n{\"tag\":\"BatchItem\",\"value\":[{\"tag\":\"Operation\",\"type\":\"Enumeration\",\"value\":\"Gte\"}]}]}",
        r#"line 3, column 77, RequestMessage/BatchItem/Operation: Operation has no value named "Gte"; did you mean Get?"#,
    ),
    (
        "{\"tag\":\"RequestMessage\",\"value\":[\n{\"tag\":\"BatchItem\"},\n{\"tag\":\"BatchItem\",\"value\":[\n{\"tag\":\"Opreation\"}]}]}",
        r#"line 4, column 8, RequestMessage/BatchItem[1]: "Opreation" is not a tag; did you mean Operation?"#,
    ),
];

/// Values that are no JSON, or no text.
const TEXTS: &[(&str, &str)] = &[
    (r#"{"tag":"BatchCount","type":"Integer","value":01}"#, "line 1, column 47, BatchCount: invalid number"),
    (r#"{"tag":"BatchCount","type":"Integer","value":+1}"#, "line 1, column 46, BatchCount: expected value"),
    (r#"{"tag":"BatchCount","type":"Integer","value":.5}"#, "line 1, column 46, BatchCount: expected value"),
    (r#"{"tag":"BatchCount","type":"Integer","value":1.}"#, "line 1, column 48, BatchCount: invalid number"),
    (
        r#"{"tag":"BatchCount","type":"Integer","value":0x10}"#,
        "line 1, column 47, BatchCount: expected `,` or `}`",
    ),
    (r#"{"tag":"BatchCount","type":"Integer","value":-}"#, "line 1, column 47, BatchCount: invalid number"),
    (r#"{"tag":"BatchCount","type":"Integer","value":NaN}"#, "line 1, column 46, BatchCount: expected value"),
    (
        r#"{"tag":"BatchCount","type":"Integer","value":Infinity}"#,
        "line 1, column 46, BatchCount: expected value",
    ),
    (
        r#"{"tag":"NameValue","type":"TextString","value":"\ud800"}"#,
        "line 1, column 48, NameValue: invalid escape in a string",
    ),
    (
        r#"{"tag":"NameValue","type":"TextString","value":"\udc00"}"#,
        "line 1, column 48, NameValue: invalid escape in a string",
    ),
    (
        r#"{"tag":"NameValue","type":"TextString","value":"\ud800\ud800"}"#,
        "line 1, column 48, NameValue: invalid escape in a string",
    ),
    (
        r#"{"tag":"NameValue","type":"TextString","value":"\ud800x"}"#,
        "line 1, column 48, NameValue: invalid escape in a string",
    ),
    (
        r#"{"tag":"NameValue","type":"TextString","value":"\udbff\u0041"}"#,
        "line 1, column 48, NameValue: invalid escape in a string",
    ),
    (
        r#"{"tag":"NameValue","type":"TextString","value":"\u12"}"#,
        "line 1, column 54, NameValue: invalid escape",
    ),
    (
        r#"{"tag":"NameValue","type":"TextString","value":"\u{41}"}"#,
        "line 1, column 54, NameValue: invalid escape",
    ),
    (
        r#"{"tag":"NameValue","type":"TextString","value":"\'"}"#,
        "line 1, column 50, NameValue: invalid escape",
    ),
    (
        "{\"tag\":\"NameValue\",\"type\":\"TextString\",\"value\":\"a\tb\"}",
        r#"line 1, column 49, NameValue: control character (\u0000-\u001F) found while parsing a string"#,
    ),
    (
        r#"{"tag":"NameValue","type":"TextString","value":"\"}"#,
        "line 1, column 51, NameValue: EOF while parsing a string",
    ),
    (
        r#"{"tag":"KeyMaterial","type":"ByteString","value":[0,1]}"#,
        "line 1, column 51, KeyMaterial: expected an object, found a number",
    ),
];

/// Values that are none of their type, or out of its range: a tag with its type, what that takes, and values with what
/// they are taken for.
const VALUES: &[Values] = &[
    (
        "BatchCount",
        "Integer",
        "a number of 32 bits with a sign, or up to 8 hex digits after 0x",
        &[
            ("2147483648", "another number"),
            ("-2147483649", "another number"),
            (r#""2147483648""#, "other text"),
            ("1.5", "a number with a fraction or out of range"),
            ("1e10", "another number"),
            ("1e400", "a number with a fraction or out of range"),
            ("1e-400", "a number with a fraction or out of range"),
            ("1e2147483648", "a number with a fraction or out of range"),
            ("1e99999999999999999999", "a number with a fraction or out of range"),
            (r#""""#, "other text"),
            (r#""0x""#, "other text"),
            (r#""0x123456789""#, "other text"),
            (r#""0x0000000G""#, "other text"),
            (r#"" 1""#, "other text"),
            ("true", "true or false"),
        ],
    ),
    (
        "UsageLimitsTotal",
        "LongInteger",
        "a number of 64 bits with a sign, or up to 16 hex digits after 0x",
        &[("9223372036854775808", "another number"), (r#""0x10000000000000000""#, "other text")],
    ),
    (
        "Modulus",
        "BigInteger",
        "a number, or hex digits for a multiple of 8 bytes",
        &[
            (r#""0x""#, "other text"),
            (r#""0x00""#, "other text"),
            (r#""0x000000000000000""#, "other text"),
            (r#""0x00000000000000000000""#, "other text"),
            ("170141183460469231731687303715884105728", "a number of more than 128 bits"),
            ("0.1", "a number with a fraction or out of range"),
        ],
    ),
    (
        "Operation",
        "Enumeration",
        "a name of the tag's values, a number of 32 bits, or up to 8 hex digits after 0x",
        &[("false", "true or false")],
    ),
    (
        "BatchOrderOption",
        "Boolean",
        "true or false",
        &[
            ("1", "a number"),
            (r#""true""#, "other text"),
            (r#""0x0000000000000002""#, "other text"),
            ("null", "null"),
        ],
    ),
    ("NameValue", "TextString", "text", &[("5", "a number")]),
    (
        "KeyMaterial",
        "ByteString",
        "an even number of hex digits",
        &[
            (r#""0""#, "other text"),
            (r#""0x00""#, "other text"),
            (r#""hunter2!""#, "other text"),
            (r#""00 01""#, "other text"),
        ],
    ),
    (
        "ActivationDate",
        "DateTime",
        "a date as 2001-01-01T10:00:00+10:00, or up to 16 hex digits after 0x",
        &[
            ("0", "a number"),
            (r#""""#, "other text"),
            (r#""2001-02-29T00:00:00Z""#, "other text"),
            (r#""2001-13-01T00:00:00Z""#, "other text"),
            (r#""2001-01-01T24:00:01Z""#, "other text"),
            (r#""2001-01-01T10:00:60Z""#, "other text"),
            (r#""2001-01-01T10:00:00+15:00""#, "other text"),
            (r#""2001-01-01 10:00:00""#, "other text"),
            (r#""99999999-01-01T00:00:00Z""#, "other text"),
            (r#""2001-01-01T10:00:00.Z""#, "other text"),
            (r#""0x10000000000000000""#, "other text"),
        ],
    ),
    (
        "LeaseTime",
        "Interval",
        "a number of 32 bits without a sign, or up to 8 hex digits after 0x",
        &[("-1", "another number"), ("4294967296", "another number"), (r#""P1D""#, "other text")],
    ),
];

type Values = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);
