//! Malformed XML: syntax, elements, attributes, values, and bombs.

use crate::row::TextRow;

pub(crate) fn tables() -> Vec<(&'static str, Vec<TextRow>)> {
    let rows =
        |table: &[(&str, &str)]| table.iter().map(|(input, error)| row((*input).into(), error)).collect();
    vec![
        ("XML: syntax", rows(SYNTAX)),
        ("XML: elements and attributes", rows(ITEMS)),
        ("XML: texts", rows(TEXTS)),
        ("XML: values", values()),
    ]
}

fn values() -> Vec<TextRow> {
    let mut rows = Vec::new();
    for (tag, item_type, expected, values) in VALUES {
        for (value, found) in *values {
            let start = format!(r#"<{tag} type="{item_type}" value=""#);
            let column = start.len() + 1;
            let error =
                format!("line 1, column {column}, {tag}: expected {expected} for {item_type}, found {found}");
            rows.push(row(format!(r#"{start}{value}"/>"#), &error));
        }
    }
    rows
}

pub(crate) fn row(input: String, error: &str) -> TextRow {
    TextRow { input, read: kmip_types::TextCodec::item_from_xml, error: error.to_owned() }
}

/// What is no XML, or more than an element.
const SYNTAX: &[(&str, &str)] = &[
    ("", "line 1, column 1: expected an element, found the end of the text"),
    (" \n ", "line 2, column 2: expected an element, found the end of the text"),
    ("<!-- nothing -->", "line 1, column 17: expected an element, found the end of the text"),
    (r#"<?xml version="1.0"?>"#, "line 1, column 22: expected an element, found the end of the text"),
    ("Name", "line 1, column 1: text between elements is not allowed"),
    ("<", "line 1, column 1: tag not closed: `>` not found before end of input"),
    ("<>", "line 1, column 3: expected an end tag, found the end of the text"),
    ("</>", "line 1, column 1: an end tag where no element is open"),
    ("<Name", "line 1, column 1: tag not closed: `>` not found before end of input"),
    ("<Name>", "line 1, column 7, Name: expected an end tag, found the end of the text"),
    ("</Name>", "line 1, column 1: an end tag where no element is open"),
    ("<Name></Nmae>", "line 1, column 7, Name: expected `</Name>`, found another end tag"),
    ("<Name></Name></Name>", "line 1, column 14: an end tag where no element is open"),
    ("<Name/><Name/>", "line 1, column 8: expected the end of the text, found another element"),
    ("<Name/>x", "line 1, column 8: text between elements is not allowed"),
    ("x<Name/>", "line 1, column 1: text between elements is not allowed"),
    ("<Name>x</Name>", "line 1, column 7, Name: text between elements is not allowed"),
    ("<Name>&amp;</Name>", "line 1, column 7, Name: text between elements is not allowed"),
    ("<Name>&unknown;</Name>", "line 1, column 7, Name: text between elements is not allowed"),
    ("<Name><![CDATA[]]></Name>", "line 1, column 7, Name: text between elements is not allowed"),
    ("<Name><![CDATA[", "line 1, column 7, Name: CDATA not closed: `]]>` not found before end of input"),
    ("<Name><!-- ", "line 1, column 7, Name: comment not closed: `-->` not found before end of input"),
    (
        "<Name><?pi ",
        "line 1, column 7, Name: processing instruction not closed: `?>` not found before end of input",
    ),
    ("<Name><!ELEMENT a></Name>", "line 1, column 7, Name: unknown or missed symbol in markup"),
    ("<!DOCTYPE Name><Name/>", "line 1, column 1: a document type declaration is not allowed"),
    (
        r#"<!DOCTYPE Name [<!ENTITY a "b">]><Name/>"#,
        "line 1, column 1: a document type declaration is not allowed",
    ),
    (
        r#"<!DOCTYPE Name SYSTEM "file:///etc/passwd"><Name/>"#,
        "line 1, column 1: a document type declaration is not allowed",
    ),
    (
        r#"<!DOCTYPE Name [<!ENTITY a SYSTEM "file:///etc/passwd">]><NameValue type="TextString" value="&a;"/>"#,
        "line 1, column 1: a document type declaration is not allowed",
    ),
    ("<!DOCTYPE", "line 1, column 1: DOCTYPE not closed: `>` not found before end of input"),
    ("<Name/><!DOCTYPE Name>", "line 1, column 8: a document type declaration is not allowed"),
    (r#"<!ENTITY a "b"><Name/>"#, "line 1, column 1: unknown or missed symbol in markup"),
    ("<Na\0me/>", r#"line 1, column 2: "Na\0me" is not a tag; did you mean Name?"#),
    ("<Name></ Name>", "line 1, column 7, Name: expected `</Name>`, found another end tag"),
    ("< Name/>", "line 1, column 7: attribute key must be directly followed by `=` or space"),
    ("<Name / >", "line 1, column 9, Name: attribute key must be directly followed by `=` or space"),
    (
        "<Name>\n <NameValue type=\"TextString\" value=\"a\"/>\n <NameType type=\"Enumeration\" value=\"Uri\">\n</Name>",
        "line 4, column 1, Name/NameType: expected `</NameType>`, found another end tag",
    ),
];

/// Elements and attributes that are missing, doubled, unknown, or in another namespace.
const ITEMS: &[(&str, &str)] = &[
    ("<Nmae/>", r#"line 1, column 2: "Nmae" is not a tag; did you mean Name?"#),
    ("<name/>", r#"line 1, column 2: "name" is not a tag; did you mean Name?"#),
    ("<KMIP><Name/></KMIP>", r#"line 1, column 2: "KMIP" is not a tag"#),
    ("<TTLV/>", r#"line 1, column 1: missing attribute "tag""#),
    (r#"<TTLV tag=""/>"#, r#"line 1, column 12: "" is not a tag"#),
    (r#"<TTLV tag="0x42"/>"#, r#"line 1, column 12: "0x42" is not a tag"#),
    (r#"<TTLV tag="Nmae"/>"#, r#"line 1, column 12: "Nmae" is not a tag; did you mean Name?"#),
    (
        r#"<Name tag="0x420054"/>"#,
        r#"line 1, column 12, Name: the element is Name (0x420053), but its attribute "tag" is NameType (0x420054)"#,
    ),
    ("<x42005/>", r#"line 1, column 2: "x42005" is not a tag"#),
    ("<x42005G/>", r#"line 1, column 2: "x42005G" is not a tag"#),
    ("<Name type/>", "line 1, column 11, Name: attribute key must be directly followed by `=` or space"),
    ("<Name type=/>", "line 1, column 12, Name: `=` must be followed by an attribute value"),
    ("<Name type=Structure/>", r#"line 1, column 12, Name: attribute value must be enclosed in `"` or `'`"#),
    (
        r#"<Name type="Structure/>"#,
        r#"line 1, column 1: attribute value not closed: `"` not found before end of input"#,
    ),
    (r#"<Name type=""/>"#, r#"line 1, column 13, Name: "" is not an item type"#),
    (
        r#"<Name type="structure"/>"#,
        r#"line 1, column 13, Name: "structure" is not an item type; did you mean Structure?"#,
    ),
    (
        r#"<Name type="Structure" type="Structure"/>"#,
        r#"line 1, column 24, Name: duplicate attribute "type""#,
    ),
    (r#"<Name name="a" name="b"/>"#, r#"line 1, column 16, Name: duplicate attribute "name""#),
    (
        r#"<NameValue type="TextString" value="a" value="b"/>"#,
        r#"line 1, column 40, NameValue: duplicate attribute "value""#,
    ),
    (
        r#"<Name Type="Structure"/>"#,
        r#"line 1, column 7, Name: unknown attribute "Type"; an item has tag, name, type and value"#,
    ),
    (
        r#"<Name id="1"/>"#,
        r#"line 1, column 7, Name: unknown attribute "id"; an item has tag, name, type and value"#,
    ),
    (
        r#"<Name value="a"/>"#,
        "line 1, column 14, Name: expected items, as no type is given, for Structure, found text",
    ),
    (
        r#"<NameValue type="TextString" value="a"><Name/></NameValue>"#,
        "line 1, column 37, NameValue: expected a value or elements, found both",
    ),
    (
        r#"<NameValue type="TextString"><Name/></NameValue>"#,
        "line 1, column 1, NameValue: expected text for TextString, found items",
    ),
    (r#"<NameValue type="TextString"/>"#, r#"line 1, column 1, NameValue: missing attribute "value""#),
    (r#"<BatchCount type="Integer"/>"#, r#"line 1, column 1, BatchCount: missing attribute "value""#),
    (
        r#"<BatchCount type="LongInteger" value="1"/>"#,
        "line 1, column 19, BatchCount: BatchCount takes Integer, found LongInteger",
    ),
    (
        "<BatchCount/>",
        "line 1, column 1, BatchCount: BatchCount takes Integer, but no type is given, which is left out for a Structure alone",
    ),
    (
        r#"<Name xmlns="urn:other"/>"#,
        r#"line 1, column 1: expected an element without a namespace or in "urn:oasis:tc:kmip:xmlns", found another namespace"#,
    ),
    (
        "<k:Name/>",
        r#"line 1, column 1: expected an element without a namespace or in "urn:oasis:tc:kmip:xmlns", found another namespace"#,
    ),
    (
        r#"<k:Name xmlns:k="urn:other"/>"#,
        r#"line 1, column 1: expected an element without a namespace or in "urn:oasis:tc:kmip:xmlns", found another namespace"#,
    ),
    (r#"<Name xmlns:xml="urn:other"/>"#, "line 1, column 1: a declaration of a namespace that XML reserves"),
    (
        r#"<Name xmlns:xmlns="urn:other"/>"#,
        "line 1, column 1: a declaration of a namespace that XML reserves",
    ),
    (
        r#"<Name xmlns:hunter2="http://www.w3.org/2000/xmlns/"/>"#,
        "line 1, column 1: a declaration of a namespace that XML reserves",
    ),
    (
        r#"<Name xmlns=""><NameValue xmlns="urn:other" type="TextString" value="a"/></Name>"#,
        r#"line 1, column 16, Name: expected an element without a namespace or in "urn:oasis:tc:kmip:xmlns", found another namespace"#,
    ),
    (
        "<RequestMessage>\n  <BatchItem/>\n  <BatchItem>\n    <Opreation/>\n  </BatchItem>\n</RequestMessage>",
        r#"line 4, column 6, RequestMessage/BatchItem[1]: "Opreation" is not a tag; did you mean Operation?"#,
    ),
];

/// Values that are no XML, or no name.
const TEXTS: &[(&str, &str)] = &[
    (
        r#"<Operation type="Enumeration" value="Crate"/>"#,
        r#"line 1, column 38, Operation: Operation has no value named "Crate"; did you mean Create?"#,
    ),
    (
        r#"<CryptographicUsageMask type="Integer" value="Encrpyt Decrypt"/>"#,
        r#"line 1, column 47, CryptographicUsageMask: CryptographicUsageMask has no value named "Encrpyt"; did you mean Encrypt?"#,
    ),
    (
        r#"<CryptographicUsageMask type="Integer" value="Encrypt;Decrypt"/>"#,
        r#"line 1, column 47, CryptographicUsageMask: CryptographicUsageMask has no value named "Encrypt;Decrypt""#,
    ),
    (
        r#"<NameValue type="TextString" value="a<b"/>"#,
        "line 1, column 37, NameValue: '<' in an attribute's value",
    ),
    (
        r#"<NameValue type="TextString" value="a&b"/>"#,
        "line 1, column 37, NameValue: expected `;` after `&`, found none",
    ),
    (
        r#"<NameValue type="TextString" value="&hunter2;"/>"#,
        "line 1, column 37, NameValue: `&` and the name of an entity that XML itself does not have",
    ),
    (
        r#"<NameValue type="TextString" value="&#0;"/>"#,
        "line 1, column 37, NameValue: `&#` and what is not the number of a character",
    ),
    (
        r#"<NameValue type="TextString" value="&#x1F;"/>"#,
        "line 1, column 37, NameValue: U+001F is not an XML character",
    ),
    (
        r#"<NameValue type="TextString" value="&#xD800;"/>"#,
        "line 1, column 37, NameValue: `&#` and what is not the number of a character",
    ),
    (
        r#"<NameValue type="TextString" value="&#xFFFE;"/>"#,
        "line 1, column 37, NameValue: U+FFFE is not an XML character",
    ),
    (
        r#"<NameValue type="TextString" value="&#x110000;"/>"#,
        "line 1, column 37, NameValue: `&#` and what is not the number of a character",
    ),
    (
        r#"<NameValue type="TextString" value="&#99999999999999999999;"/>"#,
        "line 1, column 37, NameValue: `&#` and what is not the number of a character",
    ),
    (
        r#"<NameValue type="TextString" value="&#;"/>"#,
        "line 1, column 37, NameValue: `&#` and what is not the number of a character",
    ),
    (
        r#"<NameValue type="TextString" value="&#-1;"/>"#,
        "line 1, column 37, NameValue: `&#` and what is not the number of a character",
    ),
    (
        r#"<NameValue type="TextString" value="&;"/>"#,
        "line 1, column 37, NameValue: `&` and the name of an entity that XML itself does not have",
    ),
    (
        "<NameValue type=\"TextString\" value=\"a\0b\"/>",
        "line 1, column 37, NameValue: U+0000 is not an XML character",
    ),
    (
        "<NameValue type=\"TextString\" value=\"a\u{7}b\"/>",
        "line 1, column 37, NameValue: U+0007 is not an XML character",
    ),
    (
        "<NameValue type=\"TextString\" value=\"a\u{FFFF}b\"/>",
        "line 1, column 37, NameValue: U+FFFF is not an XML character",
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
            ("", "other text"),
            ("2147483648", "other text"),
            ("-2147483649", "other text"),
            ("1.0", "other text"),
            ("1e3", "other text"),
            ("0x123456789", "other text"),
            ("one", "other text"),
        ],
    ),
    (
        "UsageLimitsTotal",
        "LongInteger",
        "a number of 64 bits with a sign, or up to 16 hex digits after 0x",
        &[("9223372036854775808", "other text"), ("0x10000000000000000", "other text")],
    ),
    (
        "Modulus",
        "BigInteger",
        "an even number of hex digits",
        &[("", "other text"), ("0", "other text"), ("0x", "other text"), ("-12", "other text")],
    ),
    (
        "BatchOrderOption",
        "Boolean",
        "true, false, 1 or 0",
        &[("TRUE", "other text"), ("2", "other text"), ("", "other text")],
    ),
    (
        "KeyMaterial",
        "ByteString",
        "an even number of hex digits",
        &[("0", "other text"), ("hunter2!", "other text"), ("00 01", "other text"), ("0x00", "other text")],
    ),
    (
        "ActivationDate",
        "DateTime",
        "a date as 2001-01-01T10:00:00+10:00, or up to 16 hex digits after 0x",
        &[
            ("2001-02-29T00:00:00Z", "other text"),
            ("2001-01-01T25:00:00Z", "other text"),
            ("2001-01-01", "other text"),
            ("1000000000", "other text"),
        ],
    ),
    (
        "LeaseTime",
        "Interval",
        "a number of 32 bits without a sign, or up to 8 hex digits after 0x",
        &[("-1", "other text"), ("4294967296", "other text"), ("P1D", "other text")],
    ),
];

type Values = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);
