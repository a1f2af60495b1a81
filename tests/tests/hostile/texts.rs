//! Malformed texts of both encodings: limits, numbers and masks at their extremes, surrogates, doubled members, entities.

use kmip_types::{Item, Limits, TextCodec, TextError};

use crate::row::TextRow;
use crate::{json, xml};

/// Structures in one another to one past the limit, more items and longer texts than there may be.
pub(crate) fn limits() -> Vec<TextRow> {
    let open = r#"{"tag":"Name","value":["#;
    let json = |depth: usize| format!("{}{}", open.repeat(depth), "]}".repeat(depth));
    let xml = |depth: usize| format!("{}{}", "<Name>".repeat(depth), "</Name>".repeat(depth));
    let path = |depth: usize| vec!["Name"; depth].join("/");
    let deep = |column: usize, depth: usize| {
        format!(
            "line 1, column {column}, {}: structures are nested more than {} deep",
            path(depth),
            depth - 1
        )
    };
    let many = |column: usize| format!("line 1, column {column}, Name: there are more than 8 items");
    let long = "expected a text of at most 6208 bytes, found 1048576".to_owned();
    let items = [r#"{"tag":"X"}"#; 8].join(",");
    vec![
        json::row(json(33), &deep(23 * 32 + 8, 33)),
        xml::row(xml(33), &deep(6 * 32 + 2, 33)),
        TextRow { input: json(4), read: few_json, error: deep(23 * 3 + 8, 4) },
        TextRow { input: xml(4), read: few_xml, error: deep(6 * 3 + 2, 4) },
        TextRow { input: format!("{open}{items}]}}"), read: few_json, error: many(24 + 12 * 7) },
        TextRow {
            input: format!("<Name>{}</Name>", "<X/>".repeat(8)),
            read: few_xml,
            error: many(7 + 4 * 7),
        },
        TextRow { input: " ".repeat(1 << 20), read: few_json, error: long.clone() },
        TextRow { input: "\n".repeat(1 << 20), read: few_xml, error: long },
    ]
}

/// Reads within narrow limits, under which a text of 6208 bytes is the longest.
fn few_json(codec: &TextCodec, text: &str) -> Result<Item, TextError> {
    codec.clone().limits(FEW).item_from_json(text)
}

fn few_xml(codec: &TextCodec, text: &str) -> Result<Item, TextError> {
    codec.clone().limits(FEW).item_from_xml(text)
}

const FEW: Limits = Limits { depth: 3, size: 256, items: 8 };

/// An item's tag and type, and what JSON and XML take for it.
type Numeric = (&'static str, &'static str, &'static str, &'static str);

const INTEGER: &str = "a number of 32 bits with a sign, or up to 8 hex digits after 0x";
const BITS: &str = "a number of 32 bits with a sign, up to 8 hex digits after 0x, or names of a mask's bits";
const LONG_INTEGER: &str = "a number of 64 bits with a sign, or up to 16 hex digits after 0x";
const BIG_INTEGER: &str = "a number, or hex digits for a multiple of 8 bytes";
const ENUMERATION: &str = "a name of the tag's values, a number of 32 bits, or up to 8 hex digits after 0x";
const DATE: &str = "a date as 2001-01-01T10:00:00+10:00, or up to 16 hex digits after 0x";
const INTERVAL: &str = "a number of 32 bits without a sign, or up to 8 hex digits after 0x";

const MASK: Numeric = ("CryptographicUsageMask", "Integer", BITS, BITS);
const OPERATION: Numeric = ("Operation", "Enumeration", ENUMERATION, ENUMERATION);

const NUMERIC: &[Numeric] = &[
    ("BatchCount", "Integer", INTEGER, INTEGER),
    MASK,
    ("UsageLimitsTotal", "LongInteger", LONG_INTEGER, LONG_INTEGER),
    ("Modulus", "BigInteger", BIG_INTEGER, "an even number of hex digits"),
    OPERATION,
    ("BatchOrderOption", "Boolean", "true or false", "true, false, 1 or 0"),
    ("ActivationDate", "DateTime", DATE, DATE),
    ("LeaseTime", "Interval", INTERVAL, INTERVAL),
    ("TimeStamp", "DateTimeExtended", DATE, DATE),
];

/// A value in JSON that an item cannot have; text is looked for among names where there are some.
fn json_value((tag, item_type, takes, _): Numeric, value: &str) -> TextRow {
    let start = format!(r#"{{"tag":"{tag}","type":"{item_type}","value":"#);
    let error = match value.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(name) if is_named(tag) => no_value(tag, name),
        _ => {
            let found = match value.as_bytes()[0] {
                b'"' => "other text",
                b'n' => "null",
                b't' => "true or false",
                b'[' => "items",
                _ if value.contains(['.', '-']) && !value.starts_with('-') => {
                    "a number with a fraction or out of range"
                }
                _ if item_type == "BigInteger" => "a number of more than 128 bits",
                _ if item_type.starts_with("Date") || item_type == "Boolean" => "a number",
                _ => "another number",
            };
            format!("expected {takes} for {item_type}, found {found}")
        }
    };
    json::row(format!("{start}{value}}}"), &format!("line 1, column {}, {tag}: {error}", start.len() + 1))
}

/// A value in XML that an item cannot have, and what it says when its references are replaced.
fn xml_value((tag, item_type, _, takes): Numeric, value: &str, says: &str) -> TextRow {
    let start = format!(r#"<{tag} type="{item_type}" value=""#);
    let error = match is_named(tag) {
        true => no_value(tag, says),
        false => format!("expected {takes} for {item_type}, found other text"),
    };
    xml::row(format!(r#"{start}{value}"/>"#), &format!("line 1, column {}, {tag}: {error}", start.len() + 1))
}

fn is_named(tag: &str) -> bool {
    tag == MASK.0 || tag == OPERATION.0
}

/// What an error says of a name that the tag does not have. Of a mask, it is the last in the list.
fn no_value(tag: &str, name: &str) -> String {
    let name = if tag == MASK.0 { name.rsplit(['|', ',', ' ']).next().unwrap() } else { name };
    let shown: String = name.chars().take(64).collect();
    let more = if shown.len() < name.len() { "…" } else { "" };
    let meant = match name.trim_matches([' ', '|']).to_lowercase().as_str() {
        "create" | "create get" => "; did you mean Create?",
        "sign" => "; did you mean Sign?",
        _ => "",
    };
    format!("{tag} has no value named \"{shown}{more}\"{meant}")
}

/// Numbers of very many digits, for each type that takes numbers.
pub(crate) fn numbers() -> Vec<TextRow> {
    // An odd number of them, which no Big Integer has in hex.
    let many = |digit: &str| digit.repeat(50_001);
    let mut rows = Vec::new();
    for numeric in NUMERIC {
        let digits = [
            many("9"),
            format!("-{}", many("9")),
            format!("1{}", many("0")),
            format!("{}e-50000", many("1")),
            format!("\"{}\"", many("9")),
            format!("\"0x{}\"", many("F")),
            format!("\"0x{}\"", many("G")),
        ];
        rows.extend(digits.iter().map(|value| json_value(*numeric, value)));
        for value in [many("9"), format!("-{}", many("9")), format!("0x{}", many("F"))] {
            rows.push(xml_value(*numeric, &value, &value));
        }
        rows.push(xml_value(*numeric, &many("&#57;"), &many("9")));
    }
    rows
}

/// Numbers just past what an enumeration or a mask takes, and what is no name of theirs.
pub(crate) fn extremes() -> Vec<TextRow> {
    let of = |numeric: Numeric, json: &[&str], xml: &[&str]| {
        let json = json.iter().map(|value| json_value(numeric, value));
        json.chain(xml.iter().map(|value| xml_value(numeric, value, value))).collect::<Vec<_>>()
    };
    let both = ["null", "true", "[]", "1.5", "-2147483649", r#""0x""#, r#""0x100000000""#, r#""0x-1""#];
    let mut rows = of(OPERATION, &both, &["4294967296", "-1", "0x", "0x100000000", "0x-1", "", "1.5"]);
    rows.extend(of(OPERATION, &["4294967296", "-1", "1e10"], &["create", "Create Get"]));
    rows.extend(of(
        OPERATION,
        &[r#""""#, r#""create""#, r#"" Create""#, r#""Create ""#, r#""Create|""#],
        &[],
    ));
    rows.extend(of(MASK, &both, &["-2147483649", "0x", "0x100000000", "1.5"]));
    rows.extend(of(
        MASK,
        &["2147483648", "4294967295"],
        &["4294967296", "sign", "Sign 0x100000000", "Sign|x"],
    ));
    rows.extend(of(MASK, &[r#""sign""#, r#""Sign|0x100000000""#, r#""Sign,,x""#], &[]));
    rows
}

/// Halves of surrogate pairs, wherever a string can be.
pub(crate) fn surrogates() -> Vec<TextRow> {
    let mut rows = Vec::new();
    for half in [
        r"\ud800",
        r"\uDBFF",
        r"\udc00",
        r"\uDFFF",
        r"\ud800\u0041",
        r"\udc00\ud800",
        r"\ud83d\\ude00",
        r"\ud83d\n",
        r"\ud83d\ud83d\ude00",
    ] {
        for (before, after, path) in [
            ("{", r#":"Name"}"#, ""),
            (r#"{"tag":"#, "}", ""),
            (r#"{"tag":"Name","type":"#, "}", ", Name"),
            (r#"{"tag":"Name","name":"#, "}", ", Name"),
            (r#"{"tag":"NameValue","type":"TextString","value":"#, "}", ", NameValue"),
            (r#"{"tag":"KeyMaterial","type":"ByteString","value":"#, "}", ", KeyMaterial"),
            (r#"{"tag":"Operation","type":"Enumeration","value":"#, "}", ", Operation"),
        ] {
            let error = format!("line 1, column {}{path}: invalid escape in a string", before.len() + 1);
            rows.push(json::row(format!(r#"{before}"a{half}b"{after}"#), &error));
        }
    }
    for half in [
        "&#xD800;",
        "&#xDBFF;",
        "&#xDC00;",
        "&#xDFFF;",
        "&#55296;",
        "&#57343;",
        "&#xD83D;&#xDE00;",
        "&#0000055296;",
    ] {
        for (before, after, path) in [
            (r#"<NameValue type="TextString" value=""#, r#""/>"#, ", NameValue"),
            (r#"<NameValue type=""#, r#"" value=""/>"#, ", NameValue"),
            (r#"<TTLV tag=""#, r#""/>"#, ""),
            (r#"<Name name=""#, r#""/>"#, ", Name"),
        ] {
            let column = before.len() + 1;
            let error =
                format!("line 1, column {column}{path}: `&#` and what is not the number of a character");
            rows.push(xml::row(format!("{before}a{half}b{after}"), &error));
        }
    }
    rows
}

/// Members and attributes that are there twice, at any depth, however they are written.
pub(crate) fn doubled() -> Vec<TextRow> {
    let mut rows = Vec::new();
    let start = r#"{"tag":"Name","value":[{"tag":"NameValue","type":"TextString","value":"a","#;
    for (member, name, before) in [
        (r#""tag":"NameValue""#, "tag", 0),
        (r#""tag":null"#, "tag", 0),
        (r#""type":"TextString""#, "type", 0),
        (r#""type":"Integer""#, "type", 0),
        (r#""value":"a""#, "value", 0),
        (r#""value":[]"#, "value", 0),
        (r#""name":"","name":"""#, "name", 10),
        (r#""\u0074ag":"Name""#, "tag", 0),
        (r#""ta\u0067":{}"#, "tag", 0),
        (r#""\u0076\u0061\u006c\u0075\u0065":"b""#, "value", 0),
    ] {
        let column = start.len() + 1 + before;
        let error = format!("line 1, column {column}, Name/NameValue: duplicate member \"{name}\"");
        rows.push(json::row(format!("{start}{member}}}]}}"), &error));
    }
    let start = r#"<Name><NameValue type="TextString" value="a" "#;
    for (attribute, name, before) in [
        ("type='TextString'", "type", 0),
        ("type='Integer'", "type", 0),
        ("value='a'", "value", 0),
        ("value='b'", "value", 0),
        ("value=\"&#97;\"", "value", 0),
        ("name='' name=''", "name", 8),
        ("value = 'a'", "value", 0),
    ] {
        let column = start.len() + 1 + before;
        let error = format!("line 1, column {column}, Name/NameValue: duplicate attribute \"{name}\"");
        rows.push(xml::row(format!("{start}{attribute}/></Name>"), &error));
    }
    for (input, place) in [
        (r#"<TTLV tag="0x420053" tag="0x420053"/>"#, "column 22"),
        (
            r#"<TTLV tag="Name" type="Structure"><TTLV tag="X" type="Structure" tag="Y"/></TTLV>"#,
            "column 66, Name",
        ),
    ] {
        rows.push(xml::row(input.into(), &format!("line 1, {place}: duplicate attribute \"tag\"")));
    }
    rows
}

/// Declarations of entities, and references to them.
pub(crate) fn entities() -> Vec<TextRow> {
    let value = |name: &str| format!(r#"<NameValue type="TextString" value="&{name};"/>"#);
    let mut laughs = r#"<!ENTITY a0 "ha">"#.to_owned();
    for level in 1..10 {
        laughs.push_str(&format!(r#"<!ENTITY a{level} "{}">"#, format!("&a{};", level - 1).repeat(10)));
    }
    const DECLARED: &str = "line 1, column 1: a document type declaration is not allowed";
    const UNKNOWN: &str =
        "line 1, column 37, NameValue: `&` and the name of an entity that XML itself does not have";
    let declared = |declarations: &str| format!("<!DOCTYPE x [{declarations}]>{}", value("a"));
    let attlist = r#"<!DOCTYPE x [<!ATTLIST NameValue value CDATA "b">]><NameValue type="TextString"/>"#;
    let all: Vec<(String, &str)> = vec![
        (format!("<!DOCTYPE NameValue [{laughs}]>{}", value("a9")), DECLARED),
        (
            format!("<?xml version=\"1.0\"?>\n<!DOCTYPE NameValue [{laughs}]>\n{}", value("a9")),
            "line 2, column 1: a document type declaration is not allowed",
        ),
        (declared(&format!("<!ENTITY a \"{}\">", "a".repeat(50_000))), DECLARED),
        (declared("<!ENTITY a \"&a;\">"), DECLARED),
        (declared("<!ENTITY % p SYSTEM \"http://localhost/x\">%p;"), DECLARED),
        (declared("<!ENTITY % p \"<!ENTITY a 'b'>\">%p;"), DECLARED),
        (format!("<!DOCTYPE x PUBLIC \"-//x\" \"http://localhost/x.dtd\">{}", value("a")), DECLARED),
        (attlist.to_owned(), DECLARED),
        (format!("<!doctype x>{}", value("a")), DECLARED),
        (
            format!("<!DOCTYPE x [<!ENTITY a \"b\">{}", value("a")),
            "line 1, column 1: DOCTYPE not closed: `>` not found before end of input",
        ),
        (
            format!("{}<!DOCTYPE x [<!ENTITY a \"b\">]>", value("amp")),
            "line 1, column 45: a document type declaration is not allowed",
        ),
        (
            format!("<Name><!DOCTYPE x [<!ENTITY a \"b\">]>{}</Name>", value("amp")),
            "line 1, column 7, Name: a document type declaration is not allowed",
        ),
        (value("a"), UNKNOWN),
        (value("AMP"), UNKNOWN),
        (value("nbsp"), UNKNOWN),
        (value("amp;&a"), UNKNOWN),
        (value("%p"), UNKNOWN),
        (
            format!("<Name>{}&a;</Name>", value("amp")),
            "line 1, column 51, Name: text between elements is not allowed",
        ),
        ("<&amp;/>".into(), "line 1, column 2: \"&amp;\" is not a tag"),
        (
            "<Name &amp;=\"a\"/>".into(),
            "line 1, column 7, Name: unknown attribute \"&amp;\"; an item has tag, name, type and value",
        ),
    ];
    all.into_iter().map(|(input, error)| xml::row(input, error)).collect()
}

/// Faults of the syntax inside several items: the path is that of the items around, as far as their tags are known.
pub(crate) fn paths() -> Vec<TextRow> {
    let of_json = [
        (
            r#"{"tag":"RequestMessage","value":[{"tag":"BatchItem"},{"tag":"BatchItem","value":[{"tag":"Operation","tag":""}]}]}"#,
            "column 101, RequestMessage/BatchItem[1]/Operation: duplicate member \"tag\"",
        ),
        (
            r#"{"tag":"RequestMessage","value":[{"tag":"BatchItem"},{"tag":"BatchItem","value":[{"tag":"Operation"},]}]}"#,
            "column 102, RequestMessage/BatchItem[1]: trailing comma",
        ),
        (
            r#"{"value":[{"tag":"Name","tags":1}],"tag":"RequestMessage"}"#,
            "column 25: unknown member \"tags\"; an item has tag, name, type and value",
        ),
        (
            r#"{"tag":"Zebra","value":[{"tag":"Name","tags":1}]}"#,
            "column 39: unknown member \"tags\"; an item has tag, name, type and value",
        ),
        (
            r#"{"tag":"Name","value":[{"tag":"Zebra","value":[{"tag":"Name","tags":1}]}]}"#,
            "column 62, Name: unknown member \"tags\"; an item has tag, name, type and value",
        ),
        (
            r#"{"tag":"0x420053","value":[{"tag":"0x540001","value":[}]}"#,
            "column 55, Name/0x540001: expected value",
        ),
    ];
    let of_xml = [
        (
            r#"<RequestMessage><BatchItem/><BatchItem><Operation type="Enumeration" value="Get" value="Get"/>"#,
            "column 82, RequestMessage/BatchItem[1]/Operation: duplicate attribute \"value\"",
        ),
        (
            "<RequestMessage><BatchItem/><BatchItem><Operation/>x",
            "column 52, RequestMessage/BatchItem[1]: text between elements is not allowed",
        ),
        (
            r#"<Zebra><Name tags="1"/></Zebra>"#,
            "column 14: unknown attribute \"tags\"; an item has tag, name, type and value",
        ),
        (
            r#"<Name><Zebra><Name tags="1"/></Zebra></Name>"#,
            "column 20, Name: unknown attribute \"tags\"; an item has tag, name, type and value",
        ),
        (
            r#"<TTLV tag="0x420053"><x540001 tags="1"/></TTLV>"#,
            "column 31, Name/0x540001: unknown attribute \"tags\"; an item has tag, name, type and value",
        ),
        (
            r#"<TTLV tag="Name"><TTLV tag="0x540001" tags="1"/></TTLV>"#,
            "column 39, Name: unknown attribute \"tags\"; an item has tag, name, type and value",
        ),
    ];
    let of_json = of_json.map(|(input, error)| json::row(input.into(), &format!("line 1, {error}")));
    let of_xml = of_xml.map(|(input, error)| xml::row(input.into(), &format!("line 1, {error}")));
    of_json.into_iter().chain(of_xml).collect()
}
