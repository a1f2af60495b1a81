//! Generates the enumerations.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

use super::emit;
use super::merge::{MergedName, MergedValues};
use crate::names;

/// The variant that the hand-written macro adds, for numbers that the standard does not name.
const UNKNOWN_VARIANT: &str = "Other";

/// The text of the file.
///
/// # Errors
/// When two values of an enumeration would have one Rust name.
pub(crate) fn generate(enumerations: &[MergedValues]) -> Result<String> {
    let mut text =
        String::from("//! The enumerations of the standard.\n\nuse crate::tables::EnumerationInfo;\n");
    for enumeration in enumerations {
        text.push_str(&one(enumeration)?);
    }
    text.push_str("\n/// Every enumeration of the standard, by name.\npub static ENUMERATIONS: &[&EnumerationInfo] = &[\n");
    for enumeration in enumerations {
        text.push_str(&format!("&{},\n", names::rust_constant(&enumeration.spelled)));
    }
    text.push_str("];\n");
    Ok(text)
}

fn one(enumeration: &MergedValues) -> Result<String> {
    let MergedValues { spelled, wire, span, sections, values } = enumeration;
    let mut text = format!(
        "\nopen_enum! {{\n    /// {spelled} (`{wire}`), {}: {}.\n    pub enum {}, info {}, name {wire:?}, spelled {spelled:?}, \
         since {}, until {};\n",
        emit::lifetime(*span, None),
        emit::sections(sections),
        names::rust_enumeration(spelled),
        names::rust_constant(spelled),
        span.since.constant(),
        emit::optional(span.until),
    );
    for (value, variant) in values.iter().zip(identifiers(wire, values, names::rust_type)?) {
        if variant == UNKNOWN_VARIANT {
            bail!("{wire}: the variant {variant} is reserved for unknown values");
        }
        text.push_str(&row(value, &variant));
    }
    text.push_str("}\n");
    Ok(text)
}

/// One value of an enumeration or a mask.
pub(crate) fn row(value: &MergedName, identifier: &str) -> String {
    format!(
        "    /// {} (`{}`), {}.\n{}    {identifier} = {}, {:?}, {:?}, [{}], {}, {}, {};\n",
        value.spelled,
        value.wire,
        emit::lifetime(value.span, value.deprecated),
        aliases(value, identifier),
        emit::hex(value.value),
        value.wire,
        value.spelled,
        emit::strings(&value.wire_aliases),
        value.span.since.constant(),
        emit::optional(value.span.until),
        emit::optional(value.deprecated),
    )
}

/// Names under which people look for a value, other than the standard's.
const OTHER_NAMES: &[(&str, &[&str])] = &[("3DES", &["TripleDes", "TDES"])];

/// The attributes by which the documentation finds a value under its other names: those that differ from the Rust name by
/// more than case and spaces.
fn aliases(value: &MergedName, identifier: &str) -> String {
    let folded = |name: &str| name.replace(' ', "").to_lowercase();
    let others = OTHER_NAMES.iter().filter(|(spelled, _)| *spelled == value.spelled);
    let others = others.flat_map(|(_, names)| names.iter().copied());
    let mut seen = vec![folded(identifier)];
    let mut text = String::new();
    for name in [value.spelled.as_str(), value.wire.as_str()].into_iter().chain(others) {
        let is_new = !seen.contains(&folded(name));
        // The attribute takes no quotes.
        if is_new && !name.contains(['"', '\'']) {
            seen.push(folded(name));
            text.push_str(&format!("    #[doc(alias = {name:?})]\n"));
        }
    }
    text
}

/// The Rust name of each value.
///
/// # Errors
/// When two would be the same.
pub(crate) fn identifiers(
    place: &str,
    values: &[MergedName],
    name: impl Fn(&str) -> String,
) -> Result<Vec<String>> {
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    let mut identifiers = Vec::new();
    for value in values {
        let identifier = name(&value.spelled);
        if let Some(other) = taken.insert(identifier.clone(), &value.wire) {
            bail!("{place}: {other} and {} would both be {identifier} in Rust", value.wire);
        }
        identifiers.push(identifier);
    }
    Ok(identifiers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::merge::Span;
    use crate::versions::Version;

    fn value(spelled: &str) -> MergedName {
        MergedName {
            value: 1,
            spelled: spelled.to_owned(),
            wire: names::wire(spelled),
            spelled_aliases: Vec::new(),
            wire_aliases: vec!["Older".to_owned()],
            span: Span { since: Version { major: 1, minor: 0 }, until: Some(Version { major: 1, minor: 4 }) },
            deprecated: Some(Version { major: 1, minor: 3 }),
        }
    }

    #[test]
    fn a_row_tells_names_and_versions() {
        assert_eq!(
            row(&value("SHA-256"), "Sha256"),
            "    /// SHA-256 (`SHA_256`), since KMIP 1.0, until 1.4, deprecated from 1.3.\n    \
             #[doc(alias = \"SHA-256\")]\n    #[doc(alias = \"SHA_256\")]\n    Sha256 = 0x0000_0001, \"SHA_256\", \"SHA-256\", [\"Older\"], V1_0, Some(V1_4), Some(V1_3);\n"
        );
    }

    #[test]
    fn a_value_is_found_under_its_other_names() {
        let found = |spelled, identifier| {
            let text = aliases(&value(spelled), identifier);
            text.matches('"').count() / 2
        };
        assert_eq!(found("AES", "Aes"), 0);
        assert_eq!(found("Symmetric Key", "SymmetricKey"), 0);
        assert_eq!(found("PKCS#1", "Pkcs1"), 2);
        // As the standard spells it, on the wire unless that is the Rust name, and as people say.
        assert_eq!(found("3DES", "Des3"), 3);
    }

    #[test]
    fn rejects_values_of_one_rust_name() {
        let error = identifiers("Hash", &[value("SHA-256"), value("SHA256")], names::rust_type).unwrap_err();
        assert_eq!(error.to_string(), "Hash: SHA_256 and SHA256 would both be Sha256 in Rust");
    }
}
