//! The version that a document says it is of.

use anyhow::{Result, bail};

use crate::versions::Version;

/// What every specification is called on its first page, before its version.
const TITLE: [&str; 4] = ["Key", "Management", "Interoperability", "Protocol"];

/// The version in the title: the first one in the text, for references to other versions come after it.
pub(crate) fn stated(text: &str) -> Option<Version> {
    let words: Vec<&str> = text.split_whitespace().collect();
    (0..words.len()).find_map(|start| {
        let mut rest = words[start..].strip_prefix(&TITLE)?;
        for word in ["Specification", "Version"] {
            rest = rest.strip_prefix(&[word]).unwrap_or(rest);
        }
        let version = rest.first()?.trim_start_matches(['v', 'V']);
        Version::parse(version.trim_end_matches(|end: char| !end.is_ascii_digit())).ok()
    })
}

/// Refuses a document of another version than the one asked for, or of none.
///
/// # Errors
/// When the two differ.
pub(crate) fn check(stated: Option<Version>, asked: Version) -> Result<()> {
    match stated {
        Some(stated) if stated == asked => Ok(()),
        Some(stated) => bail!(
            "the document says that it is KMIP {stated}, --version says {asked}; nothing is written (--force writes it as {asked})"
        ),
        None => bail!(
            "the document does not say which version of KMIP it is, --version says {asked}; nothing is written (--force writes it as {asked})"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_first_version_of_a_title() {
        let title = "Key Management\n Interoperability\u{a0}Protocol";
        for (text, expected) in [
            ("Specification Version 1.0", Some("1.0")),
            ("Specification\nVersion 2.10.", Some("2.10")),
            ("Specification v2.1", Some("2.1")),
            ("Version 3.0", Some("3.0")),
            (
                "Specification of other things. Key Management Interoperability Protocol Version 1.4 (2017)",
                Some("1.4"),
            ),
            ("Specification Version 2.0 … Protocol Specification Version 1.4", Some("2.0")),
            ("Specification Version", None),
            ("", None),
        ] {
            let found = stated(&format!("OASIS Standard 1.9 {title} {text}"));
            assert_eq!(found.map(|version| version.to_string()).as_deref(), expected, "{text}");
        }
        assert_eq!(stated("Version 1.4"), None);
    }
}
