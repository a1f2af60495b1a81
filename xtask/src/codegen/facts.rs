//! Generates the facts of each operation that a client asks for, in Markdown, for the documentation of its verb.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::emit::{self, File};
use super::matrix;
use super::merge::{MergedName, MergedValues};
use super::operations::{self, Stated};
use crate::names;
use crate::rust_source::Source;
use crate::versions::{Edition, Version};

/// Where the files are.
pub(super) const FOLDER: &str = "kmip-sdk/src/client/verbs/facts";

/// A file for each operation.
///
/// # Errors
/// When the tables lack an enumeration that it needs, or a Result Reason that they name.
pub(crate) fn generate(
    editions: &[Edition],
    enumerations: &[MergedValues],
    source: &Source,
) -> Result<Vec<File>> {
    let reasons = &operations::find(enumerations, "ResultReason")?.values;
    let unsupported = reasons.iter().find(|reason| reason.wire == "OperationNotSupported");
    let in_every_version = |reason: &&MergedName| {
        reason.span.until.is_none() && editions.iter().all(|edition| reason.span.since <= edition.version)
    };
    let unsupported = unsupported.filter(in_every_version);
    let unsupported = unsupported.context("not every version has a Result Reason OperationNotSupported")?;
    let asked_by_client =
        |operation: &&MergedName| operations::direction(editions, operation) != "ServerToClient";
    let file = |operation: &MergedName| {
        let stated = operations::stated(operation, editions, enumerations)?;
        let request = matrix::payload(operation, "RequestPayload", source);
        Ok(File {
            path: format!("{FOLDER}/{}.md", names::rust_module(&operation.spelled)),
            text: page(operation, request, &stated, unsupported),
        })
    };
    operations::all(enumerations)?.iter().filter(asked_by_client).map(file).collect()
}

fn page(
    operation: &MergedName,
    request: Option<&str>,
    stated: &[Stated<'_>],
    unsupported: &MergedName,
) -> String {
    let name = match request {
        Some(request) => format!("[{}](crate::types::operation::{request})", operation.spelled),
        None => operation.spelled.clone(),
    };
    let sections: Vec<(Version, String)> =
        stated.iter().map(|stated| (stated.version, stated.section.to_owned())).collect();
    format!(
        "{}The operation {name}, {}: {}.\n\n# Errors\n\n\
         A call may fail before it is sent, on its way, or by what the server answers: \
         [`Error::phase`](crate::Error::phase) says which, and [`Error::reason`](crate::Error::reason) is the Result \
         Reason that the server gave. A server without the operation gives {}, in every version.\n\n{}\n",
        emit::MARKDOWN_PREAMBLE,
        emit::lifetime(operation.span, operation.deprecated),
        emit::sections(&sections),
        link(unsupported),
        named(stated, unsupported),
    )
}

/// The Result Reasons that the versions name, those of the same versions together, but for one that is said already.
fn named(stated: &[Stated<'_>], said: &MergedName) -> String {
    let (naming, silent): (Vec<&Stated<'_>>, Vec<&Stated<'_>>) =
        stated.iter().partition(|stated| !stated.reasons.is_empty());
    let versions: Vec<Version> = naming.iter().map(|stated| stated.version).collect();
    let mut having: BTreeMap<u32, Vec<Version>> = BTreeMap::new();
    for stated in &naming {
        for reason in stated.reasons.iter().filter(|reason| reason.value != said.value) {
            having.entry(reason.value).or_default().push(stated.version);
        }
    }
    // What the newest version has comes first, and of that what is oldest; each as the newest version orders it.
    let mut groups: BTreeMap<(bool, Version, &[Version]), Vec<String>> = BTreeMap::new();
    for reason in naming.iter().rev().flat_map(|stated| &stated.reasons) {
        let Some(having) = having.get(&reason.value) else { continue };
        let (Some(first), last) = (having.first(), having.last()) else { continue };
        let group = groups.entry((last != versions.last(), *first, having.as_slice())).or_default();
        let link = link(reason);
        if !group.contains(&link) {
            group.push(link);
        }
    }
    if groups.is_empty() {
        return "The standard names no Result Reason for it.".to_owned();
    }
    let group = |((_, _, having), links): (&(bool, Version, &[Version]), &Vec<String>)| {
        only(having, &versions) + &links.join(", ")
    };
    let groups: Vec<String> = groups.iter().map(group).collect();
    let mut text = format!("Result Reasons that the standard names for it: {}.", groups.join("; "));
    if !silent.is_empty() {
        let silent: Vec<String> = silent.iter().map(|stated| stated.version.to_string()).collect();
        text.push_str(&format!(" None in KMIP {}.", silent.join(", ")));
    }
    text
}

fn link(reason: &MergedName) -> String {
    let variant = names::rust_type(&reason.spelled);
    format!("[{}](crate::types::enumerations::ResultReason::{variant})", reason.spelled)
}

/// Which of all versions, oldest first, have what follows; empty when all have it.
fn only(having: &[Version], all: &[Version]) -> String {
    let (Some(first), Some(last)) = (having.first(), having.last()) else { return String::new() };
    let between = all.iter().filter(|version| first <= *version && *version <= last).count();
    let to_last = having.last() == all.last();
    match (having.first() == all.first(), to_last) {
        _ if between != having.len() || (first == last && !to_last) => {
            let versions: Vec<String> = having.iter().map(Version::to_string).collect();
            format!("in KMIP {}: ", versions.join(", "))
        }
        (true, true) => String::new(),
        (true, false) => format!("until KMIP {last}: "),
        (false, true) => format!("since KMIP {first}: "),
        (false, false) => format!("from KMIP {first} to {last}: "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::merge::Span;

    fn v(version: &str) -> Version {
        Version::parse(version).unwrap()
    }

    fn name(value: u32, spelled: &str) -> MergedName {
        MergedName {
            value,
            spelled: spelled.into(),
            wire: names::wire(spelled),
            spelled_aliases: Vec::new(),
            wire_aliases: Vec::new(),
            span: Span { since: v("9.0"), until: None },
            deprecated: None,
        }
    }

    #[test]
    fn a_page_says_sections_versions_and_reasons() {
        let [said, noise, dust, grey] =
            [name(1, "Not Here"), name(2, "Noise"), name(3, "Thick Dust"), name(4, "Grey")];
        let stated = [
            Stated { version: v("1.4"), section: "4.1", reasons: vec![&grey, &noise, &said] },
            Stated { version: v("2.0"), section: "6.1", reasons: Vec::new() },
            Stated { version: v("2.1"), section: "6.1.2", reasons: vec![&dust, &said, &noise] },
        ];
        let page = page(&name(7, "Wait"), Some("WaitRequest"), &stated, &said);
        let lines: Vec<&str> = page.lines().collect();
        let [preamble, first, "", "# Errors", "", general, "", reasons] = lines.as_slice() else {
            panic!("expected other lines: {page}");
        };
        assert!(preamble.starts_with("<!-- @generated"));
        assert_eq!(
            *first,
            "The operation [Wait](crate::types::operation::WaitRequest), since KMIP 9.0: \
             KMIP 1.4 section 4.1, KMIP 2.1 section 6.1.2."
        );
        let reason = "crate::types::enumerations::ResultReason";
        assert!(
            general.ends_with(&format!("gives [Not Here]({reason}::NotHere), in every version.")),
            "{general}"
        );
        assert_eq!(
            *reasons,
            format!(
                "Result Reasons that the standard names for it: [Noise]({reason}::Noise); \
                 since KMIP 2.1: [Thick Dust]({reason}::ThickDust); in KMIP 1.4: [Grey]({reason}::Grey). \
                 None in KMIP 2.0."
            )
        );
        let nothing = [Stated { version: v("2.1"), section: "6.1.2", reasons: Vec::new() }];
        assert_eq!(named(&nothing, &said), "The standard names no Result Reason for it.");
    }

    #[test]
    fn versions_are_named_where_only_some_have_it() {
        let all = ["1.2", "1.3", "1.4", "2.0"].map(v);
        for (having, expected) in [
            (&["1.2", "1.3", "1.4", "2.0"][..], ""),
            (&["1.2", "1.3"], "until KMIP 1.3: "),
            (&["1.3", "1.4"], "from KMIP 1.3 to 1.4: "),
            (&["1.4", "2.0"], "since KMIP 1.4: "),
            (&["2.0"], "since KMIP 2.0: "),
            (&["1.4"], "in KMIP 1.4: "),
            (&["1.2"], "in KMIP 1.2: "),
            (&["1.2", "1.4"], "in KMIP 1.2, 1.4: "),
        ] {
            let having: Vec<Version> = having.iter().map(|version| v(version)).collect();
            assert_eq!(only(&having, &all), expected, "{having:?}");
        }
        assert_eq!(only(&all[..1], &all[..1]), "");
    }
}
