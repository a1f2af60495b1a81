//! The HTML of a specification, through ingest.

use crate::ingest::ingest;
use crate::model::Spec;

/// Whatever the document holds, its facts have a file form that is read back as the same facts.
pub fn html(data: &[u8]) {
    let Ok((spec, _)) = ingest(data, "9.9") else { return };
    let text = spec.to_text().expect("facts have a file form");
    let read: Spec = toml::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(read, spec, "read back as other facts:\n{text}");
}
