//! What is found, over all of the tables.

use super::*;
use crate::generated::attributes::ATTRIBUTES;
use crate::generated::enumerations::ENUMERATIONS;
use crate::generated::masks::MASKS;
use crate::generated::operations::OPERATIONS;
use crate::generated::tags::TAGS;

fn titles(query: &str) -> Vec<String> {
    explain(query).unwrap().meanings.iter().map(Meaning::title).collect()
}

/// That a query finds something, and that its lines are not too long.
fn assert_finds(query: &str, title: &str) {
    let found = explain(query).unwrap_or_else(|error| panic!("{error}"));
    assert!(found.meanings.iter().any(|meaning| meaning.title() == title), "{query}: no {title}");
    for line in found.to_string().lines() {
        assert!(line.chars().count() <= 80 && !line.ends_with(' '), "{query}: {line:?}");
    }
}

#[test]
fn finds_every_tag_by_each_name_and_its_number() {
    for info in TAGS {
        let number = format!("0x{:06X}", info.tag.value());
        let title = format!("{}: tag {number}", info.name);
        for query in [info.name, info.spelled, &info.name.to_uppercase(), &number, &number[2..]] {
            assert_finds(query, &title);
        }
        for alias in info.aliases {
            assert_finds(alias, &title);
        }
    }
}

#[test]
fn finds_every_value_and_bit_by_each_name_and_its_number() {
    for info in ENUMERATIONS {
        assert_finds(info.spelled, &format!("{}: enumeration", info.name));
        for row in info.values {
            let title = match info.name {
                "Operation" => format!("{}: operation 0x{:08X}", row.name, row.value),
                "ObjectType" => format!("{}: object, ObjectType 0x{:08X}", row.name, row.value),
                "ResultReason" => format!("ResultReason.{}: result reason 0x{:08X}", row.name, row.value),
                name => format!("{name}.{}: value 0x{:08X}", row.name, row.value),
            };
            for query in [row.spelled, &format!("{}.{}", info.name, row.name)] {
                assert_finds(query, &title);
            }
            assert_finds(&format!("{} {}", info.spelled, row.value), &title);
        }
    }
    for info in MASKS {
        assert_finds(info.spelled, &format!("{}: bit mask", info.name));
        for row in info.bits {
            let title = format!("{}.{}: bit 0x{:08X}", info.name, row.name, row.value);
            assert_finds(row.spelled, &title);
            assert_finds(&format!("{}/0x{:X}", info.name, row.value), &title);
        }
    }
}

#[test]
fn finds_every_attribute_by_each_name() {
    for info in ATTRIBUTES {
        let title = format!("{}: attribute", info.name);
        for query in [info.name, info.spelled].iter().chain(info.aliases) {
            assert_finds(query, &title);
        }
    }
}

#[test]
fn everything_that_a_version_defines_has_a_section() {
    assert!(TAGS.iter().all(|info| info.section().is_some()));
    assert!(ENUMERATIONS.iter().all(|info| info.section().is_some()));
    assert!(MASKS.iter().all(|info| info.section().is_some()));
    assert!(ATTRIBUTES.iter().all(|info| info.section().is_some()));
    assert!(OPERATIONS.iter().all(|info| info.section().is_some()));
    for (query, section) in [
        ("CertificateIdentifier", "KMIP 1.4 section 3.13"),
        ("tag BatchCount", "KMIP 2.1 section 9.5"),
        ("PKCS_11Function", "PKCS#11 CK_FUNCTION_LIST_3_0"),
    ] {
        assert!(explain(query).unwrap().to_string().contains(section), "{query}");
    }
}

#[test]
fn a_qualifier_tells_which_is_meant() {
    for (query, expected) in [
        ("State", &["State: tag 0x42008D", "State: attribute", "State: enumeration"][..]),
        ("tag State", &["State: tag 0x42008D"]),
        ("attribute:state", &["State: attribute"]),
        ("enumeration state", &["State: enumeration"]),
        ("mask/cryptographic usage mask", &["CryptographicUsageMask: bit mask"]),
        ("Object Type.symmetric_key", &["SymmetricKey: object, ObjectType 0x00000002"]),
        ("Operation::0xA", &["Get: operation 0x0000000A"]),
        ("ResultReason 1", &["ResultReason.ItemNotFound: result reason 0x00000001"]),
        (
            "CryptographicUsageMask=0x40000004",
            &[
                "CryptographicUsageMask.Encrypt: bit 0x00000004",
                "0x40000000: bits of the mask CryptographicUsageMask",
            ],
        ),
        ("State 0x80000001", &["0x80000001: value of an enumeration"]),
        ("0x42FFFF", &["0x42FFFF: tag"]),
        ("540001", &["0x540001: tag"]),
    ] {
        assert_eq!(titles(query), expected, "{query}");
    }
}

#[test]
fn many_meanings_are_told_in_a_line_each() {
    let found = explain("1").unwrap();
    assert!(found.meanings.len() > 40);
    assert_eq!(found.to_string().lines().count(), found.meanings.len());
}

#[test]
fn an_operation_tells_its_fields_by_version() {
    let text = explain("Create Key Pair").unwrap().to_string();
    let rows: Vec<String> =
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for row in [
        "0x42001F CommonTemplateAttribute 1.0-1.4 optional",
        "0x420126 CommonAttributes 2.0 on optional",
        "0x420066 PrivateKeyUniqueIdentifier 1.0 on required",
    ] {
        assert!(rows.iter().any(|found| found == row), "{row:?} in\n{text}");
    }
    assert!(explain("Poll").unwrap().to_string().contains("that of the operation that it asks after"));
}

#[test]
fn a_name_that_is_not_there_is_an_error_with_the_nearest() {
    for (query, expected) in [
        ("BtachCount", r#""BtachCount" is no name of the standard; did you mean BatchCount?"#),
        ("State.Activ", r#""State.Activ" is no name of the standard; did you mean State.Active?"#),
        ("State 77", r#""State 77" is no name of the standard; did you mean State?"#),
        ("zebra crossing", r#""zebra crossing" is no name of the standard"#),
        ("", r#""" is no name of the standard"#),
        ("\u{1b}[2J", r#""\u{1b}[2J" is no name of the standard"#),
    ] {
        assert_eq!(explain(query).unwrap_err().to_string(), expected);
    }
}

/// Marks of several bytes among them, and texts too long to compare.
#[test]
fn no_query_panics() {
    for query in
        ["é", "Stateé1", "State\u{a0}Active", ".", "..", "0x", "-1", "99999999999", &"a.".repeat(5000)]
    {
        let _ = explain(query);
    }
}
