//! Tests of the audit, on a small standard of our own.

use super::accepted::Accepted;
use super::registry::{Entry, Field, Formerly, Presence, Registry, Versions};
use super::{Findings, examine, report};
use crate::model::{self, Encoding, Named, Spec, Structure};
use crate::rust_source::Source;
use crate::versions::{Edition, Version};

const BLOCK: u32 = 0x42_0001;
const NAME: u32 = 0x42_0002;
const SIZE: u32 = 0x42_0003;
const FORMER_NAME: u32 = 0x42_0004;
const KEY: u32 = 0x42_0005;
const SECRET: u32 = 0x42_0006;

fn v(version: &str) -> Version {
    Version::parse(version).unwrap()
}

/// A row of a table: `Name TextString yes`, with `+` after what may be repeated.
fn row(text: &str) -> model::Field {
    let [wire, types, required]: [&str; 3] =
        text.split(' ').collect::<Vec<_>>().try_into().unwrap_or_else(|_| panic!("three words: {text}"));
    let mut row = model::Field {
        name: wire.into(),
        wire: wire.into(),
        required: required.trim_end_matches('+').into(),
        repeated: required.ends_with('+'),
        encoding: Encoding {
            types: types.split('|').filter(|name| *name != "any").map(str::to_owned).collect(),
            any: types == "any",
            ..Encoding::default()
        },
        ..model::Field::default()
    };
    if let Some(kind) = wire.strip_prefix("any-") {
        row.any_of = Some(kind.into());
        row.wire.clear();
    }
    row
}

fn structure(wire: &str, kind: &str, rows: &[&str]) -> Structure {
    Structure {
        wire: wire.into(),
        section: "7.1".into(),
        kind: kind.into(),
        fields: rows.iter().map(|text| row(text)).collect(),
        ..Structure::default()
    }
}

fn edition(version: &str, structures: Vec<Structure>) -> Edition {
    let tags = [
        ("Block", BLOCK),
        ("Name", NAME),
        ("Size", SIZE),
        ("FormerName", FORMER_NAME),
        ("Key", KEY),
        ("Secret", SECRET),
    ];
    let tag = |(wire, value): (&str, u32)| Named {
        name: wire.into(),
        wire: wire.into(),
        value: format!("0x{value:06X}"),
        ..Named::default()
    };
    let spec = Spec { tags: tags.map(tag).to_vec(), structures, ..Spec::default() };
    Edition { version: v(version), spec }
}

fn entry(fields: Vec<Field>) -> Entry {
    Entry { tag: BLOCK, name: "Block".into(), fields, ..Entry::default() }
}

fn field(tag: u32, presence: Presence, types: &[&str]) -> Field {
    Field { tag, presence, types: types.iter().map(|name| (*name).to_owned()).collect(), ..Field::default() }
}

fn required(tag: u32, types: &[&str]) -> Field {
    field(tag, Presence::Required, types)
}

fn examined(rows: &[&str], fields: Vec<Field>) -> Findings {
    let registry =
        Registry { attributes: Vec::new(), structures: vec![entry(fields)], ..Registry::default() };
    let editions = [edition("1.2", vec![structure("Block", "base", rows)])];
    examine(&editions, &registry, &Source::default(), &Accepted::default()).unwrap()
}

fn differences(rows: &[&str], fields: Vec<Field>) -> Vec<String> {
    examined(rows, fields).differences.iter().map(ToString::to_string).collect()
}

#[test]
fn accepts_what_is_as_in_the_table() {
    let rows = ["Block Structure yes", "Name TextString yes", "Size Integer conditional", "Key any no+"];
    let any = Field { any: true, ..field(KEY, Presence::Repeated, &["Integer", "TextString"]) };
    let fields = vec![required(NAME, &["TextString"]), field(SIZE, Presence::Optional, &["Integer"]), any];
    let findings = examined(&rows, fields);
    assert_eq!(findings.differences, []);
    assert_eq!((findings.structures, findings.fields), (1, 3));
}

#[test]
fn reports_each_kind_of_difference() {
    let text = || required(NAME, &["TextString"]);
    let number = || required(SIZE, &["Integer"]);
    let (name, size) = ("Name TextString yes", "Size Integer yes");
    let cases: [(&[&str], Vec<Field>, &[&str]); 9] = [
        (&[name, size], vec![text()], &["KMIP 1.2 Block.Size: table has it, code does not (section 7.1)"]),
        (
            &[name],
            vec![text(), number()],
            &["KMIP 1.2 Block.Size: code has it, table does not (section 7.1)"],
        ),
        (
            &[name, size],
            vec![number(), text()],
            &["KMIP 1.2 Block: table has the order Name, Size, code has Size, Name (section 7.1)"],
        ),
        (
            &["Name TextString no"],
            vec![text()],
            &["KMIP 1.2 Block.Name: table says optional, code says required (section 7.1)"],
        ),
        (
            &["Name TextString yes+"],
            vec![text()],
            &["KMIP 1.2 Block.Name: table says required and repeated, code says required (section 7.1)"],
        ),
        (
            &["Name TextString|ByteString yes"],
            vec![text()],
            &["KMIP 1.2 Block.Name: table says ByteString or TextString, code says TextString (section 7.1)"],
        ),
        (
            &[name],
            vec![required(NAME, &["TextString", "Integer"])],
            &["KMIP 1.2 Block.Name: no version's table allows Integer, code does (section 7.1)"],
        ),
        (
            &["Name any yes"],
            vec![text()],
            &["KMIP 1.2 Block.Name: table says any type, code says TextString (section 7.1)"],
        ),
        (&["Nome TextString yes"], vec![], &["KMIP 1.2 Block.Nome: no tag has this name (section 7.1)"]),
    ];
    for (rows, fields, expected) in cases {
        assert_eq!(differences(rows, fields), expected);
    }
}

#[test]
fn a_field_is_compared_in_the_versions_that_have_it() {
    let fields = vec![
        Field {
            formerly: Some(Formerly { tag: FORMER_NAME, renamed: v("1.3") }),
            ..required(NAME, &["TextString"])
        },
        Field { since: Some(v("1.3")), ..field(SIZE, Presence::Optional, &["Integer"]) },
    ];
    let registry =
        Registry { attributes: Vec::new(), structures: vec![entry(fields)], ..Registry::default() };
    let editions = [
        edition("1.2", vec![structure("Block", "base", &["FormerName TextString yes"])]),
        edition("1.3", vec![structure("Block", "base", &["Name TextString yes", "Size Integer no"])]),
    ];
    let findings = examine(&editions, &registry, &Source::default(), &Accepted::default()).unwrap();
    assert_eq!(findings.differences, []);
}

/// The table of 1.2 requires what that of 1.3 does not, and has once what that of 1.3 repeats.
#[test]
fn presence_and_repetition_are_compared_by_version() {
    let editions = [
        edition("1.2", vec![structure("Block", "base", &["Name TextString yes", "Size Integer no"])]),
        edition("1.3", vec![structure("Block", "base", &["Name TextString no", "Size Integer yes+"])]),
    ];
    let until = Some(Versions { since: None, until: Some(v("1.2")) });
    let since = Some(Versions { since: Some(v("1.3")), until: None });
    let name = |required| Field { required, ..field(NAME, Presence::Optional, &["TextString"]) };
    let size = |required, once| Field { required, once, ..field(SIZE, Presence::Repeated, &["Integer"]) };
    for (fields, expected) in [
        (vec![name(until), size(since, until)], vec![]),
        (
            vec![name(None), size(None, None)],
            vec![
                "KMIP 1.2 Block.Name: table says required, code says optional (section 7.1)",
                "KMIP 1.2 Block.Size: table says optional, code says optional and repeated (section 7.1)",
                "KMIP 1.3 Block.Size: table says required and repeated, code says optional and repeated (section 7.1)",
            ],
        ),
        (
            vec![name(since), size(Some(Versions::default()), since)],
            vec![
                "KMIP 1.2 Block.Name: table says required, code says optional (section 7.1)",
                "KMIP 1.2 Block.Size: table says optional, code says required and repeated (section 7.1)",
                "KMIP 1.3 Block.Name: table says optional, code says required (section 7.1)",
                "KMIP 1.3 Block.Size: table says required and repeated, code says required (section 7.1)",
            ],
        ),
    ] {
        let registry =
            Registry { attributes: Vec::new(), structures: vec![entry(fields)], ..Registry::default() };
        let findings = examine(&editions, &registry, &Source::default(), &Accepted::default()).unwrap();
        let differences: Vec<String> = findings.differences.iter().map(ToString::to_string).collect();
        assert_eq!(differences, expected);
    }
}

#[test]
fn a_choice_has_to_have_every_object() {
    let field = Field { other_tags: vec![KEY], ..required(KEY, &["Structure"]) };
    let registry =
        Registry { attributes: Vec::new(), structures: vec![entry(vec![field])], ..Registry::default() };
    let structures = vec![
        structure("Block", "base", &["any-object Structure yes"]),
        structure("Key", "object", &[]),
        structure("Secret", "object", &[]),
    ];
    let findings =
        examine(&[edition("1.2", structures)], &registry, &Source::default(), &Accepted::default()).unwrap();
    let differences: Vec<String> = findings.differences.iter().map(ToString::to_string).collect();
    assert_eq!(
        differences,
        [
            "KMIP 1.2 Block.any object: code lacks Secret (section 7.1)",
            "KMIP 1.2 Key: not typed (section 7.1)",
            "KMIP 1.2 Secret: not typed (section 7.1)",
        ]
    );
}

#[test]
fn fields_of_vendors_need_a_catch_all() {
    let structures = vec![structure("Block", "base", &["any-vendor any no+"])];
    let editions = [edition("1.2", structures)];
    for (catch_all, count) in [(true, 0), (false, 1)] {
        let block = Entry { catch_all, ..entry(Vec::new()) };
        let registry = Registry { attributes: Vec::new(), structures: vec![block], ..Registry::default() };
        let findings = examine(&editions, &registry, &Source::default(), &Accepted::default()).unwrap();
        assert_eq!(findings.differences.len(), count);
    }
}

#[test]
fn reports_what_the_registry_lacks_and_what_it_has_too_much() {
    let mut source = Source::default();
    source.read_text("#[derive(Ttlv)] struct Forgotten { name: String }").unwrap();
    let stray = Entry { tag: SECRET, name: "Stray".into(), ..entry(vec![required(NAME, &["TextString"])]) };
    let registry = Registry { attributes: Vec::new(), structures: vec![stray], ..Registry::default() };
    let accepted = Accepted::parse("[[unlisted]]\nname = \"Gone\"\nreason = \"R.\"").unwrap();
    let findings = examine(&[edition("1.2", Vec::new())], &registry, &source, &accepted).unwrap();
    assert_eq!(
        findings.faults,
        [
            "Stray: no table of any version describes it",
            "Forgotten: derives Ttlv, but is not in kmip-types/src/schemas.rs",
            "audit.toml: Gone: no unlisted struct has this name any more",
        ]
    );
}

const ENTRY: &str = r#"
    [[accepted]]
    structures = ["Block"]
    field = "Name"
    version = "1.2"
    difference = "table says optional, code says required"
    reason = "The text requires it."
"#;

const OPTIONAL: &str = "Name TextString no";
const REQUIRED: &str = "Name TextString yes";

/// What is reported of a difference that only the table of 1.2 has.
fn reported(list: &str) -> (bool, String) {
    reported_of(list, [OPTIONAL, REQUIRED], &["TextString"])
}

/// What is reported where the tables of 1.2 and 1.3 have these rows.
fn reported_of(list: &str, rows: [&str; 2], types: &[&str]) -> (bool, String) {
    let registry = Registry {
        attributes: Vec::new(),
        structures: vec![entry(vec![required(NAME, types)])],
        ..Registry::default()
    };
    let block = |row| vec![structure("Block", "base", &[row])];
    let editions = [edition("1.2", block(rows[0])), edition("1.3", block(rows[1]))];
    let accepted = Accepted::parse(list).unwrap();
    let findings = examine(&editions, &registry, &Source::default(), &accepted).unwrap();
    let mut out = Vec::new();
    let clean = report(&findings, &accepted, &editions, &mut out).unwrap();
    (clean, String::from_utf8(out).unwrap())
}

#[test]
fn an_accepted_difference_is_not_reported() {
    let (clean, text) = reported(ENTRY);
    assert!(clean);
    assert_eq!(
        text,
        "KMIP 1.2: 1 differences, 0 unexplained\n\
         KMIP 1.3: 0 differences, 0 unexplained\n\
         2 structures, 2 fields compared, 1 differences, 1 accepted\n"
    );
    for range in ["since = \"1.2\"", "since = \"1.2\"\nuntil = \"1.3\""] {
        let list = ENTRY.replace("version = \"1.2\"", range);
        let (clean, text) = reported_of(&list, [OPTIONAL, OPTIONAL], &["TextString"]);
        assert!(clean && text.ends_with("2 differences, 2 accepted\n"), "{text}");
    }
}

#[test]
fn names_the_entry_to_widen() {
    let (clean, text) = reported_of(ENTRY, [OPTIONAL, OPTIONAL], &["TextString"]);
    assert!(!clean);
    let expected = "\
        KMIP 1.3 Block.Name: table says optional, code says required (section 7.1)\n    \
        audit.toml line 2 accepts this for KMIP 1.2: if it is right in 1.3 too, widen that entry\n";
    assert!(text.starts_with(expected), "{text}");
    let other = ENTRY.replace("Block", "Key").replace("version =", "since =");
    let (_, text) = reported_of(&other, [OPTIONAL, OPTIONAL], &["TextString"]);
    let expected = "audit.toml line 2 accepts the same of Key: if its reason holds here, add \"Block\" to its structures";
    assert_eq!(text.matches(expected).count(), 2, "{text}");
}

/// It is reported of the newest version, and does not move to another entry when a version comes.
#[test]
fn an_entry_for_all_versions_has_one_difference() {
    let entry = ENTRY
        .replace("version =", "since =")
        .replace("table says optional, code says required", "no version's table allows Integer, code does");
    let (clean, text) = reported_of(&entry, [REQUIRED, REQUIRED], &["TextString", "Integer"]);
    assert!(clean, "{text}");
    assert!(text.ends_with("1 differences, 1 accepted\n"), "{text}");
}

#[test]
fn lists_what_is_accepted() {
    let unlisted = "[[unlisted]]\nname = \"Raw\"\nreason = \"Anything.\"";
    let mut out = Vec::new();
    Accepted::parse(&format!("{ENTRY}\n{unlisted}")).unwrap().list(&mut out).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "KMIP 1.2 Block.Name: table says optional, code says required\n    The text requires it.\n\
         Raw: derives Ttlv, but is no structure of the standard\n    Anything.\n\
         1 entries for differences, 1 for structs that are not listed\n"
    );
}

#[test]
fn fails_on_a_difference_that_is_not_accepted() {
    let (clean, text) = reported("");
    assert!(!clean);
    assert!(text.starts_with("KMIP 1.2 Block.Name: table says optional, code says required"), "{text}");
}

#[test]
fn rejects_an_accepted_difference_that_is_gone() {
    for (from, to) in [
        ("version =", "since ="),
        ("[\"Block\"]", "[\"Block\", \"Key\"]"),
        ("\"Name\"", "\"Size\""),
        ("says optional", "says once"),
    ] {
        let (clean, text) = reported(&ENTRY.replace(from, to));
        assert!(!clean && text.contains("there is no such difference any more"), "{text}");
    }
}

#[test]
fn rejects_an_entry_for_a_version_that_is_not_there() {
    let accepted = Accepted::parse(&ENTRY.replace("1.2", "1.1")).unwrap();
    let error = format!("{:#}", accepted.sort(&[], &[edition("1.2", Vec::new())]).unwrap_err());
    assert!(error.starts_with("audit.toml line 2: Block.Name: table says optional"), "{error}");
    assert!(error.ends_with("there is no version 1.1"), "{error}");
}

#[test]
fn rejects_an_accepted_difference_without_a_reason() {
    assert!(Accepted::parse(&ENTRY.replace("The text requires it.", " ")).is_err());
    assert!(Accepted::parse(&ENTRY.replace("version = \"1.2\"", "")).is_err());
    assert!(Accepted::parse(&ENTRY.replace("[\"Block\"]", "[]")).is_err());
    assert!(Accepted::parse("[[unlisted]]\nname = \"A\"\nreason = \"\"").is_err());
}
