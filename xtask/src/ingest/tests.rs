//! Small documents that each show one trap of the specifications, and an invented version with other
//! chapters and numbers.

use std::path::Path;

use super::*;
use crate::model::{Field, NamedValues};

/// A document of sections (level, heading) and tables, in Windows-1252 as the specifications are.
#[derive(Default)]
struct Page(String);

impl Page {
    fn heading(mut self, level: usize, text: &str) -> Self {
        self.0.push_str(&format!("<h{level}><a name=x>{text}</a></h{level}>\n"));
        self
    }

    /// A table whose first row is a title, if it is not empty. Cells are HTML.
    fn table(mut self, title: &str, rows: &[&[&str]]) -> Self {
        self.0.push_str("<table>");
        if !title.is_empty() {
            let width = rows[0].len();
            self.0.push_str(&format!("<tr><td colspan={width}><p>{title}</p></td></tr>"));
        }
        for row in rows {
            let cells: Vec<String> = row.iter().map(|cell| format!("<td><p>{cell}</p></td>")).collect();
            self.0.push_str(&format!("<tr>{}</tr>", cells.concat()));
        }
        self.0.push_str("</table>\n");
        self
    }

    fn caption(mut self, text: &str) -> Self {
        self.0.push_str(&format!("<p class=MsoCaption>Table 12: {text}</p>\n"));
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let head =
            "<html><head><meta http-equiv=Content-Type content=\"text/html; charset=windows-1252\"></head>";
        let text = format!("{head}<body>{}</body></html>", self.0);
        encoding_rs::WINDOWS_1252.encode(&text).0.into_owned()
    }

    fn ingest(&self) -> (Spec, Report) {
        ingest(&self.bytes(), "9.9").unwrap()
    }

    /// Ingests, and insists that nothing was reported.
    fn spec(&self) -> Spec {
        let (spec, report) = self.ingest();
        assert_eq!((report.warnings, report.failures), (Vec::new(), Vec::new()));
        spec
    }
}

fn enumeration_page(heading: &str, title: &str, rows: &[[&str; 2]]) -> Page {
    let mut all: Vec<&[&str]> = vec![&["Name", "Value"]];
    all.extend(rows.iter().map(|row| row.as_slice()));
    Page::default().heading(1, "4 Numbers").heading(2, heading).table(title, &all)
}

fn names_of(values: &NamedValues) -> Vec<(&str, &str)> {
    values.values.iter().map(|value| (value.name.as_str(), value.value.as_str())).collect()
}

#[test]
fn joins_runs_without_spaces() {
    let page = enumeration_page(
        "4.1 Shredding<span> </span>Enumeration",
        "Sh<span>redding</span>",
        &[["<span>Operatio</span><span>n\nFailed</span>", "0000<span>0001</span>"]],
    );
    let spec = page.spec();
    assert_eq!(spec.enumerations[0].name, "Shredding");
    assert_eq!(names_of(&spec.enumerations[0]), [("Operation Failed", "0x00000001")]);
}

#[test]
fn names_an_enumeration_by_its_section() {
    for (heading, title, name) in [
        ("4.1 Ticket Type Enumeration", "State", "Ticket Type"),
        ("4.1 Curve Enumeration for one, two, and three", "Curve Enumeration", "Curve"),
        ("4.1 Identifier Enumerations", "", "Identifier"),
    ] {
        let spec = enumeration_page(heading, title, &[["One", "00000001"]]).spec();
        assert_eq!(spec.enumerations[0].name, name, "{heading}");
        assert_eq!(spec.enumerations[0].section, "4.1");
    }
}

#[test]
fn takes_the_tag_s_name_where_the_heading_is_shorter() {
    let page = Page::default()
        .heading(1, "1 Tags")
        .table("Tag", &[&["Name", "Value"], &["Member Option", "420001"]])
        .heading(1, "2 Member Enumeration")
        .table("Member Option", &[&["Name", "Value"], &["Fresh", "00000001"]]);
    assert_eq!(page.spec().enumerations[0].wire, "MemberOption");
}

#[test]
fn keeps_marks_out_of_names_and_skips_what_names_nothing() {
    let page = enumeration_page(
        "4.1 Kind Enumeration",
        "Kind",
        &[
            ["First (deprecated)", "00000001"],
            ["Second", "00000002 (deprecated as of version 9.7)"],
            ["(Reserved)", "00000003"],
            ["Reserved", "00000004"],
            ["(Reserved)", "00000005-00000007"],
            ["(Reserved) Gone", "00000008"],
            ["Sharing GF (2<sup>16</sup>)", "00000009"],
            ["Noted<a href=\"#_ftn1\">[1]</a>", "0x0000000A"],
            ["Extension Kind", "0000000B"],
            ["Extensions", "8XXXXXXX"],
        ],
    );
    let spec = page.spec();
    assert_eq!(
        names_of(&spec.enumerations[0]),
        [
            ("First", "0x00000001"),
            ("Second", "0x00000002"),
            ("Sharing GF (2^16)", "0x00000009"),
            ("Noted", "0x0000000A"),
            ("Extension Kind", "0x0000000B"),
        ]
    );
    let values = &spec.enumerations[0].values;
    assert!(values[0].deprecated && values[1].deprecated && !values[2].deprecated);
    assert_eq!(values[1].deprecated_since.as_deref(), Some("9.7"));
    assert_eq!(values[2].wire, "SharingGF2_16");
}

#[test]
fn reads_masks_by_heading_or_name() {
    let table: &[&[&str]] = &[&["Name", "Value"], &["Sign", "00000001"], &["Extensions", "XXX00000"]];
    for page in [
        Page::default().heading(1, "8 Bit Masks").heading(2, "8.1 Usage").table("Usage", table),
        Page::default().heading(1, "8 Values").heading(2, "8.1 Usage Mask").table("Usage Mask", table),
    ] {
        let spec = page.spec();
        assert_eq!((spec.masks.len(), spec.enumerations.len()), (1, 0));
    }
}

#[test]
fn joins_a_table_that_goes_on_in_a_second_one() {
    let page = Page::default()
        .heading(1, "4 Kind Enumeration")
        .table("Kind", &[&["Name", "Value"], &["One", "00000001"]])
        .table("Kind", &[&["Name", "Value"], &["Two", "00000002"]]);
    let spec = page.spec();
    assert_eq!(spec.enumerations.len(), 1);
    assert_eq!(spec.enumerations[0].values.len(), 2);
}

#[test]
fn reads_both_forms_of_a_double_table() {
    let page = Page::default()
        .heading(1, "5 Attribute Data Structures")
        .heading(2, "5.5 Attribute Reference")
        .table(
            "",
            &[
                &["Object", "Encoding", "REQUIRED"],
                &["Attribute Reference", "Structure", ""],
                &["Name", "Text String", "Yes"],
            ],
        )
        .table(
            "",
            &[&["Object", "Encoding", "REQUIRED"], &["Attribute Reference", "Enumeration (Tag)", "Yes"]],
        );
    let spec = page.spec();
    assert_eq!(spec.structures[0].wire, "AttributeReference");
    assert_eq!(spec.structures[0].kind, "attribute-data");
    assert_eq!(spec.items[0].encoding.types, ["Enumeration"]);
    assert_eq!(spec.items[0].encoding.enumeration.as_deref(), Some("Tag"));
}

#[test]
fn reads_a_structure_of_itself_as_an_item() {
    let page = Page::default().heading(1, "7 Operations Data Structures").heading(2, "7.1 Function").table(
        "",
        &[
            &["Item", "Encoding", "REQUIRED"],
            &["Function", "Structure", ""],
            &["Function", "Enumeration", "Yes"],
        ],
    );
    let spec = page.spec();
    assert!(spec.structures.is_empty());
    assert_eq!(spec.items[0].encoding.types, ["Enumeration"]);
}

#[test]
fn names_an_attribute_by_its_section_and_reports_a_row_of_another_name() {
    let (spec, report) = attribute_page("3.2 Always Sensitive", &[&["Sensitive", "Boolean"]]).ingest();
    assert_eq!(spec.attributes[0].wire, "AlwaysSensitive");
    assert_eq!(spec.attributes[0].encoding.types, ["Boolean"]);
    assert_eq!(report.failures, [""; 0]);
    assert_eq!(
        report.warnings,
        ["section 3.2 \"Always Sensitive\", table \"\": the row is named \"Sensitive\""]
    );
}

#[test]
fn reads_a_section_of_several_attributes() {
    let spec =
        attribute_page("3.2 Subject Parts", &[&["Subject O", "Text String"], &["Subject C", "Text String"]])
            .spec();
    let names: Vec<&str> = spec.attributes.iter().map(|attribute| attribute.wire.as_str()).collect();
    assert_eq!(names, ["SubjectO", "SubjectC"]);
    assert!(spec.attributes.iter().all(|attribute| attribute.multiple));
}

fn attribute_page(heading: &str, rows: &[&[&str]]) -> Page {
    let mut encodings: Vec<&[&str]> = vec![&["Item", "Encoding"]];
    encodings.extend(rows);
    Page::default().heading(1, "3 Object Attributes").heading(2, heading).table("", &encodings).table(
        "",
        &[
            &["SHALL always have a value", "Yes"],
            &["Initially set by", "Server or Client"],
            &["Modifiable by server", "No"],
            &["Modifiable by client", "Yes, only while in Pre-Active state"],
            &["Deletable by client", "No"],
            &["Multiple instances permitted", "Yes"],
            &["When implicitly set", "Never"],
            &["Applies to Object Types", "Keys, Certificates"],
        ],
    )
}

#[test]
fn reports_a_table_of_facts_that_it_cannot_read_with_its_section() {
    for (table, expected) in [
        (
            &[&["Wibble", "Encoding"][..], &["Thing", "Integer"]][..],
            "section 9.3 \"New Things\", table \"Odd\": no known kind of table has the header [\"Wibble\", \"Encoding\"]",
        ),
        (
            &[&["Object", "Encoding", "REQUIRED"], &["Thing", "Quaternion", "Yes"]],
            "section 9.3 \"New Things\", table \"Odd\": row \"Thing\": no known encoding: \"Quaternion\"",
        ),
        (
            &[&["Name", "Value"], &["One", "00000001"], &["Two", "second"]],
            "section 9.3 \"New Things\", table \"Odd\": row \"Two\" \"second\": expected a number in hex: invalid digit found in string",
        ),
    ] {
        let page =
            Page::default().heading(1, "9 New").heading(2, "9.3 New Things").table("", table).caption("Odd");
        assert_eq!(page.ingest().1.failures, [expected]);
    }
}

#[test]
fn warns_of_a_table_of_no_known_kind() {
    let rows: &[&[&str]] = &[&["Phase of the moon", "Mood", "Tide"], &["full", "high", "higher"]];
    let report = Page::default().heading(1, "9 New").table("", rows).ingest().1;
    assert_eq!(report.failures, [""; 0]);
    assert_eq!(report.warnings.len(), 1);
    assert!(report.warnings[0].starts_with("section 9 \"New\""), "{}", report.warnings[0]);
}

#[test]
fn spans_are_laid_out_over_their_rows_and_columns() {
    let html = "<h1>1 A</h1><table><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr>\
                <tr><td colspan=2>d</td></tr></table>";
    let document = html::parse(html).unwrap();
    let rows: Vec<Vec<&str>> = document.tables[0]
        .rows
        .iter()
        .map(|row| row.cells.iter().map(|cell| cell.text.as_str()).collect())
        .collect();
    assert_eq!(rows, [["a", "b"], ["a", "c"], ["d", "d"]]);
    assert!(document.tables[0].rows[2].spanned);
}

#[test]
fn a_slip_in_a_span_makes_no_huge_table() {
    let cells = "<td colspan=1000 rowspan=1000>a</td>".repeat(100);
    let html = format!("<h1>1 A</h1><table><tr>{cells}</tr>{}</table>", "<tr><td>b</td></tr>".repeat(100));
    let document = html::parse(&html).unwrap();
    assert!(document.tables[0].rows.iter().all(|row| row.cells.len() <= 64));
}

#[test]
fn rejects_elements_that_are_nested_too_deep() {
    for element in ["<div>", "<table><tr><td>", "<h1><sup>"] {
        let html = element.repeat(500);
        let error = ingest(html.as_bytes(), "9.9").unwrap_err().to_string();
        assert_eq!(error, "expected elements at most 256 deep in one another, found more", "{element}");
    }
}

/// A version that does not exist: its chapters come in another order and under other numbers.
fn invented() -> Page {
    Page::default()
        .heading(1, "21 Operations")
        .heading(2, "21.1 Server-to-Client Operations")
        .heading(3, "21.1.5 Shout")
        .table(
            "Request Payload",
            &[
                &["Item", "REQUIRED", "Description"],
                &["Volume", "Yes, MAY be repeated", "An Integer object."],
            ],
        )
        .heading(2, "21.4 Client-to-Server Operations")
        .heading(3, "21.4.1 Whisper")
        .table(
            "Response Payload",
            &[&["Item", "REQUIRED", "Description"], &["Any Object", "No", "What was heard."]],
        )
        .table(
            "",
            &[&["Error Definition", "Result Status", "Result Reason"], &["Too loud", "Failed", "Noise"]],
        )
        .heading(1, "33 Object Data Structures")
        .heading(2, "33.2 Loud Key")
        .table(
            "",
            &[
                &["Object", "Encoding", "REQUIRED"],
                &["Key Material", "Structure", ""],
                &["Key", "Byte String", "Yes"],
            ],
        )
        .heading(1, "77 Tag Enumeration")
        .table(
            "Tag",
            &[
                &["Name", "Value"],
                &["(Unused)", "000000 - 420000"],
                &["Volume", "420177"],
                &["Key Material", "0x420178"],
            ],
        )
        .heading(1, "78 Enumerations")
        .heading(2, "78.1 Operation Enumeration")
        .table("Operation", &[&["Name", "Value"], &["Whisper", "00000001"], &["Shout", "00000002"]])
        .heading(2, "78.2 Key Format Type Enumeration")
        .table("Key Format Type", &[&["Name", "Value"], &["Loud Key", "00000001"]])
}

#[test]
fn reads_an_invented_version() {
    let spec = invented().spec();
    assert_eq!(spec.version, "9.9");
    let tags: Vec<(&str, &str, &str)> =
        spec.tags.iter().map(|tag| (tag.wire.as_str(), tag.value.as_str(), tag.section.as_str())).collect();
    assert_eq!(tags, [("Volume", "0x420177", "77"), ("KeyMaterial", "0x420178", "77")]);
    let [shout, whisper, material] = spec.structures.as_slice() else {
        panic!("expected three structures, found {}", spec.structures.len());
    };
    assert_eq!(
        (shout.operation.as_deref(), shout.direction.as_deref()),
        (Some("Shout"), Some("server-to-client"))
    );
    let Field { repeated, required, encoding, .. } = &shout.fields[0];
    assert_eq!(
        (*repeated, required.as_str(), encoding.types.as_slice()),
        (true, "yes", &["Integer".to_owned()][..])
    );
    assert_eq!(
        (whisper.kind.as_str(), whisper.fields[0].any_of.as_deref()),
        ("operation-response", Some("object"))
    );
    assert_eq!((material.kind.as_str(), material.variant.as_deref()), ("object-data", Some("LoudKey")));
    let directions: Vec<(&str, &str)> = spec
        .operations
        .iter()
        .map(|operation| (operation.wire.as_str(), operation.direction.as_str()))
        .collect();
    assert_eq!(directions, [("Whisper", "client-to-server"), ("Shout", "server-to-client")]);
    let [errors] = spec.errors.as_slice() else {
        panic!("expected one table of errors, found {}", spec.errors.len());
    };
    assert_eq!((errors.operation.as_deref(), errors.section.as_str()), (Some("Whisper"), "21.4.1"));
    assert_eq!(errors.reasons, ["Noise"]);
}

/// The rows of an error table in a section of that heading, after an enumeration of one operation.
fn error_page(heading: &str, rows: &[&[&str]]) -> Page {
    enumeration_page("4.1 Operation Enumeration", "Operation", &[["Hash", "00000001"]])
        .heading(1, "11 Errors")
        .heading(2, heading)
        .table("", rows)
}

#[test]
fn reads_who_may_do_what_with_which_objects() {
    let page = |title: &str, last: &[&str]| {
        let rows: &[&[&str]] = &[
            &["Operation", "Policy"],
            &["Hash", "Allowed to owner only"],
            &["Any operation referencing the Template using a Template-Attribute", "Allowed to all"],
            last,
        ];
        enumeration_page("4.1 Operation Enumeration", "Operation", &[["Hash", "00000001"]])
            .heading(1, "11 Policies")
            .heading(2, "11.2 Quiet")
            .table(title, rows)
    };
    let spec = page("Default Operation Policy for Loud Objects", &["HASH", "Disallowed to all"]).spec();
    let [policy] = spec.policies.as_slice() else { panic!("{:?}", spec.policies) };
    assert_eq!((policy.objects.as_str(), policy.section.as_str()), ("Loud Objects", "11.2"));
    let rules: Vec<(Option<&str>, &str)> =
        policy.rules.iter().map(|rule| (rule.operation.as_deref(), rule.allowed.as_str())).collect();
    assert_eq!(rules, [(Some("Hash"), "owner"), (None, "all"), (Some("Hash"), "nobody")]);
    for (title, last) in [
        ("Another title", ["Hash", "Allowed to all"]),
        ("Default Operation Policy for Loud Objects", ["Shout", "Allowed to all"]),
        ("Default Operation Policy for Loud Objects", ["Hash", "Allowed to some"]),
    ] {
        assert_eq!(page(title, &last).ingest().1.failures.len(), 1, "{title} {last:?}");
    }
}

#[test]
fn names_an_operation_with_errors_by_its_section() {
    for (heading, expected) in [
        ("11.2 Hash", Some("Hash")),
        ("11.2 HASH Errors", Some("Hash")),
        ("11.2 Error Handling \u{2013} HASH", Some("Hash")),
        ("11.2 Error Handling - Hash", Some("Hash")),
        ("11.2 General", None),
    ] {
        let rows: &[&[&str]] = &[&["Result Status", "Result Reason"], &["Failed", "Noise"]];
        let spec = error_page(heading, rows).spec();
        assert_eq!(spec.errors[0].operation.as_deref(), expected, "{heading}");
        assert_eq!(spec.errors[0].section, "11.2");
    }
}

#[test]
fn takes_each_result_reason_once_and_what_is_none_never() {
    let head: &[&str] = &["Error Definition", "Result Status", "Result Reason"];
    let rows: &[&[&str]] = &[
        head,
        &["Loud", "Failed", "No<span>ise, Dust,</span> Noise"],
        &["Quiet", "Done", "N/A"],
        &["Other", "Failed", "See tables above, of the operation"],
        &["Late", "Failed", "Time's Up?"],
        &["Loud again", "Failed", "Dust"],
    ];
    assert_eq!(error_page("11.2 Hash", rows).spec().errors[0].reasons, ["Noise", "Dust", "Time's Up?"]);
    // A table that only points elsewhere is of no operation.
    assert_eq!(error_page("11.9 Batches", &[head, rows[3]]).spec().errors, []);
}

#[test]
fn finds_the_result_reason_of_a_row_whose_cells_span_others_than_the_header_s() {
    let mut page = enumeration_page("4.1 Operation Enumeration", "Operation", &[["Hash", "00000001"]])
        .heading(1, "11 Hash");
    page.0.push_str(
        "<table><tr><td>Error Definition</td><td colspan=2>Result Status</td><td colspan=2>Result Reason</td></tr>\
         <tr><td>Loud</td><td colspan=2>Failed</td><td colspan=2>Noise</td></tr>\
         <tr><td colspan=2>Grey</td><td colspan=2>Failed</td><td>Dust</td></tr></table>",
    );
    assert_eq!(page.spec().errors[0].reasons, ["Noise", "Dust"]);
}

#[test]
fn reports_errors_that_it_cannot_read() {
    for (heading, rows, expected) in [
        (
            "11.2 Dance",
            &[&["Result Status", "Result Reason"][..], &["Failed", "Noise"]][..],
            "section 11.2 \"Dance\", table \"\": expected the name of an operation in the heading, found \"Dance\"",
        ),
        (
            "11.2 Hash",
            &[&["Error Definition", "Result Status"], &["Loud", "Failed"]],
            "section 11.2 \"Hash\", table \"\": expected a column \"Result Reason\"",
        ),
        (
            "11.2 Hash",
            &[&["Result Status", "Result Reason"], &["Failed"]],
            "section 11.2 \"Hash\", table \"\": row \"Failed\": expected a Result Reason, found no such cell",
        ),
    ] {
        assert_eq!(error_page(heading, rows).ingest().1.failures, [expected]);
    }
}

#[test]
fn writes_the_same_file_each_time_and_reads_it_back() {
    let first = invented().spec();
    let text = first.to_text().unwrap();
    assert_eq!(text, invented().spec().to_text().unwrap());
    assert_eq!(toml::from_str::<Spec>(&text).unwrap(), first);
}

#[test]
fn rejects_an_unknown_charset() {
    assert!(ingest(b"<meta content=\"text/html; charset=ebcdic-of-mars\">", "9.9").is_err());
}

#[test]
fn replaces_facts_only_by_a_document_that_was_read() {
    let folder = std::env::temp_dir().join(format!("xtask-ingest-{}", std::process::id()));
    let (spec, mut report) = invented().ingest();
    let path = write::write(&folder, &spec, &report).unwrap();
    let written = std::fs::read_to_string(&path).unwrap();
    assert_eq!(written, spec.to_text().unwrap());
    let (nothing, no_report) = ingest(b"", "9.9").unwrap();
    assert!(write::write(&folder, &nothing, &no_report).is_err());
    type Remove = fn(&mut Spec);
    for (what, remove) in [
        ("tags", (|spec| spec.tags.clear()) as Remove),
        ("enumerations", |spec| spec.enumerations.clear()),
        ("operations", |spec| spec.operations.clear()),
    ] {
        let mut part = spec.clone();
        remove(&mut part);
        let error = write::write(&folder, &part, &report).unwrap_err().to_string();
        let expected = format!("expected a specification, found no {what}; nothing is written");
        assert!(error.starts_with(&expected), "{error}");
    }
    let mut other = spec.clone();
    other.tags.truncate(1);
    report.failures.push("section 9".to_owned());
    let error = write::write(&folder, &other, &report).unwrap_err().to_string();
    assert!(error.ends_with("is left as it was"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), written);
    // Where there is nothing to lose, what could be read is of use.
    std::fs::remove_file(&path).unwrap();
    assert!(write::write(&folder, &other, &report).is_ok());
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn refuses_a_version_that_is_none() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    for version in ["abc", "", "1", "1.x", "1.4.1", "../1.4"] {
        let error = crate::ingest_file(&file, version, None, false).unwrap_err().to_string();
        assert_eq!(error, format!("expected X.Y, found {version:?}"));
    }
}

#[test]
fn refuses_a_document_of_another_version_unless_forced() {
    let folder = std::env::temp_dir().join(format!("xtask-stated-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("kmip.html");
    let title = "Key Management Interoperability Protocol Specification <span>Ver</span>sion 9.9";
    for (title, refusal) in [
        (
            format!("<p>{title}</p>\n"),
            "the document says that it is KMIP 9.9, --version says 9.8; nothing is written",
        ),
        (
            String::new(),
            "the document does not say which version of KMIP it is, --version says 9.8; nothing is",
        ),
    ] {
        let page = Page(title + &invented().0);
        std::fs::write(&file, page.bytes()).unwrap();
        let error = crate::ingest_file(&file, "9.8", Some(&folder), false).unwrap_err();
        let error = format!("{error:#}");
        assert!(error.contains(refusal) && error.contains("--force"), "{error}");
        assert!(!folder.join("kmip-9.8.toml").exists());
        crate::ingest_file(&file, "9.8", Some(&folder), true).unwrap();
        std::fs::remove_file(folder.join("kmip-9.8.toml")).unwrap();
        let stated = page.ingest().1.stated.map(|version| version.to_string());
        if stated.as_deref() == Some("9.9") {
            crate::ingest_file(&file, "9.9", Some(&folder), false).unwrap();
            assert!(folder.join("kmip-9.9.toml").exists());
        }
    }
    assert!(folder.join("kmip-9.9.toml").exists());
    std::fs::remove_dir_all(&folder).unwrap();
}
