//! Little text that is to cost much.

use crate::row::TextRow;
use crate::{json, xml};

pub(crate) fn rows() -> Vec<TextRow> {
    let json = of_json().into_iter().map(|(input, error)| json::row(input, error));
    let xml = of_xml().into_iter().map(|(input, error)| xml::row(input, error));
    json.chain(xml).collect()
}

fn of_json() -> Vec<(String, &'static str)> {
    let nest = |open: &str, depth: usize| open.repeat(depth);
    let item = r#"{"tag":"Name","value":["#;
    vec![
        (
            nest(item, 40),
            "line 1, column 760, Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name: structures are nested more than 32 deep",
        ),
        (
            nest(item, 100_000),
            "line 1, column 760, Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name: structures are nested more than 32 deep",
        ),
        (nest("[", 100_000), "line 1, column 100000: EOF while parsing a list"),
        (format!("{{\"tag\":{}", nest("[", 100_000)), "line 1, column 100007: EOF while parsing a list"),
        (
            format!("{{\"tag\":\"Name\",\"value\":{}", nest("[", 100_000)),
            "line 1, column 100022, Name: EOF while parsing a list",
        ),
        (
            format!("{{\"tag\":\"Name\",\"value\":{}", nest("{\"a\":", 100_000)),
            "line 1, column 500022, Name: EOF while parsing a value",
        ),
        (
            format!("{{\"x\":{}", nest("{\"x\":", 100_000)),
            "line 1, column 2: unknown member \"x\"; an item has tag, name, type and value",
        ),
        (
            format!("{{\"{}\":1}}", "x".repeat(100_000)),
            "line 1, column 2: unknown member \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\"; an item has tag, name, type and value",
        ),
        (
            format!("{{\"tag\":\"{}\"}}", "x".repeat(100_000)),
            "line 1, column 8: \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\" is not a tag",
        ),
        (
            format!("{{\"tag\":\"BatchCount\",\"type\":\"Integer\",\"value\":{}}}", "9".repeat(100_000)),
            "line 1, column 46, BatchCount: expected a number of 32 bits with a sign, or up to 8 hex digits after 0x for Integer, found another number",
        ),
        (
            format!("{{\"tag\":\"BatchCount\",\"type\":\"Integer\",\"value\":0.{}1}}", "0".repeat(100_000)),
            "line 1, column 46, BatchCount: expected a number of 32 bits with a sign, or up to 8 hex digits after 0x for Integer, found a number with a fraction or out of range",
        ),
        (
            format!("{{\"tag\":\"BatchCount\",\"type\":\"Integer\",\"value\":1e{}}}", "9".repeat(100_000)),
            "line 1, column 46, BatchCount: expected a number of 32 bits with a sign, or up to 8 hex digits after 0x for Integer, found a number with a fraction or out of range",
        ),
        (
            format!("{{\"tag\":\"Modulus\",\"type\":\"BigInteger\",\"value\":{}}}", "9".repeat(100_000)),
            "line 1, column 46, Modulus: expected a number, or hex digits for a multiple of 8 bytes for BigInteger, found a number of more than 128 bits",
        ),
        (
            format!(
                "{{\"tag\":\"Operation\",\"type\":\"Enumeration\",\"value\":\"{}\"}}",
                "x".repeat(100_000)
            ),
            "line 1, column 49, Operation: Operation has no value named \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\"",
        ),
        (
            format!(
                "{{\"tag\":\"ActivationDate\",\"type\":\"DateTime\",\"value\":\"{}\"}}",
                "9".repeat(100_000)
            ),
            "line 1, column 51, ActivationDate: expected a date as 2001-01-01T10:00:00+10:00, or up to 16 hex digits after 0x for DateTime, found other text",
        ),
        (
            format!(
                "{{\"tag\":\"CryptographicUsageMask\",\"type\":\"Integer\",\"value\":\"{}x\"}}",
                "Encrypt|".repeat(10_000)
            ),
            "line 1, column 58, CryptographicUsageMask: CryptographicUsageMask has no value named \"x\"",
        ),
        (
            format!(
                "{{\"tag\":\"NameValue\",\"type\":\"TextString\",\"value\":\"{}\\ud800\"}}",
                "\\n".repeat(50_000)
            ),
            "line 1, column 48, NameValue: invalid escape in a string",
        ),
        (
            format!("{{\"tag\":\"Name\"{}", ",\"tag\":\"Name\"".repeat(10_000)),
            "line 1, column 15, Name: duplicate member \"tag\"",
        ),
        (format!("{}{{", " ".repeat(100_000)), "line 1, column 100001: EOF while parsing an object"),
    ]
}

fn of_xml() -> Vec<(String, &'static str)> {
    let entities = "<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">";
    vec![
        (
            "<Name>".repeat(40),
            "line 1, column 199, Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name: structures are nested more than 32 deep",
        ),
        (
            "<Name>".repeat(100_000),
            "line 1, column 199, Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name/Name: structures are nested more than 32 deep",
        ),
        (
            format!("<!DOCTYPE Name [{entities}]><NameValue type=\"TextString\" value=\"&c;\"/>"),
            "line 1, column 1: a document type declaration is not allowed",
        ),
        (
            format!("<!DOCTYPE {}", "[".repeat(100_000)),
            "line 1, column 1: DOCTYPE not closed: `>` not found before end of input",
        ),
        (
            format!("<{}/>", "x".repeat(100_000)),
            "line 1, column 2: \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\" is not a tag",
        ),
        (
            format!("<{}>", "x".repeat(100_000)),
            "line 1, column 100003: expected an end tag, found the end of the text",
        ),
        (
            format!("<Name {}/>", "a=\"\" ".repeat(10_000)),
            "line 1, column 7, Name: unknown attribute \"a\"; an item has tag, name, type and value",
        ),
        (
            format!("<Name {}=\"\"/>", "a".repeat(100_000)),
            "line 1, column 7, Name: unknown attribute \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…\"; an item has tag, name, type and value",
        ),
        (
            format!("<Name {}/>", "name=\"\" ".repeat(10_000)),
            "line 1, column 15, Name: duplicate attribute \"name\"",
        ),
        (
            format!(
                "<Name {}x=\"\"/>",
                (0..2_000).map(|n| format!("xmlns:a{n}=\"urn:{n}\" ")).collect::<String>()
            ),
            "line 1, column 1: too many declarations of namespaces",
        ),
        (
            format!("<Operation type=\"Enumeration\" value=\"{}\"/>", "x".repeat(100_000)),
            "line 1, column 38, Operation: Operation has no value named \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\"",
        ),
        (
            format!("<BatchCount type=\"Integer\" value=\"{}\"/>", "9".repeat(100_000)),
            "line 1, column 35, BatchCount: expected a number of 32 bits with a sign, or up to 8 hex digits after 0x for Integer, found other text",
        ),
        (
            format!("<BatchCount type=\"Integer\" value=\"{}\"/>", "&#57;".repeat(20_000)),
            "line 1, column 35, BatchCount: expected a number of 32 bits with a sign, or up to 8 hex digits after 0x for Integer, found other text",
        ),
        (
            format!("<NameValue type=\"TextString\" value=\"{}&\"/>", "&amp;".repeat(20_000)),
            "line 1, column 37, NameValue: expected `;` after `&`, found none",
        ),
        (
            format!("{}<", "<!---->".repeat(10_000)),
            "line 1, column 70001: tag not closed: `>` not found before end of input",
        ),
        (
            format!("{}<", "<?x?>".repeat(10_000)),
            "line 1, column 50001: tag not closed: `>` not found before end of input",
        ),
        (
            format!("{}<", " ".repeat(100_000)),
            "line 1, column 100001: tag not closed: `>` not found before end of input",
        ),
        (
            format!("<Name>{}", "\n".repeat(100_000)),
            "line 100001, column 1, Name: expected an end tag, found the end of the text",
        ),
    ]
}
