//! In which versions a field is required or single, where its Rust type does not say so.

use syn::LitStr;

use crate::attributes::When;
use crate::errors::Errors;
use crate::model::{Presence, Versions};
use crate::names::resolve_version_name;
use crate::parse::AstField;

/// In which versions a field is required or single, as its attributes say.
#[derive(Default)]
pub(crate) struct ByVersion {
    /// The versions that require one.
    pub(crate) required: Option<Versions>,
    /// The versions that allow no second one.
    pub(crate) once: Option<Versions>,
}

impl ByVersion {
    /// Whether every version requires one.
    pub(crate) fn is_always_required(&self) -> bool {
        self.required.as_ref().is_some_and(Versions::are_all)
    }
}

/// What the attributes say of a field's presence, which its Rust type has to leave open.
pub(crate) fn resolve_presence(field: &AstField<'_>, presence: Presence, errors: &mut Errors) -> ByVersion {
    if let (Some(span), Presence::Optional | Presence::Repeated) = (field.version, presence) {
        errors.at(span, "the version that a message states is there once: make it `ProtocolVersion`");
    }
    // Beside `default` or `version` they are refused already.
    if field.default.is_some() || field.version.is_some() {
        return ByVersion::default();
    }
    if let (Some(span), Presence::Required) = (field.essential, presence) {
        let message =
            "`essential` is for `Option<T>` and `Vec<T>`: a `T` that does not read is an error anyway";
        errors.at(span, message);
    }
    ByVersion {
        required: field.required.as_ref().and_then(|when| required(when, presence, errors)),
        once: field.once.as_ref().and_then(|when| once(when, presence, errors)),
    }
}

/// The versions that require a field, where its type does not say so.
fn required(when: &When, presence: Presence, errors: &mut Errors) -> Option<Versions> {
    let When { span, range } = when;
    let always = Versions { since: None, until: None, span: *span };
    match (presence, range) {
        (Presence::Required | Presence::Defaulted, _) => {
            let message = "a `T` is required in every version: make it `Option<T>`, or leave `required` out";
            errors.at(*span, message);
            return None;
        }
        (Presence::Repeated, None) => return Some(always),
        _ => {}
    }
    let versions = match range {
        Some(range) => resolve_versions("required", range, errors)?,
        None => always,
    };
    if presence == Presence::Optional && versions.are_all() {
        let message = "an `Option<T>` that every version requires: make it `T`, or say which versions do: \
                       `required = \"..=1.2\"`";
        errors.at(versions.span, message);
        return None;
    }
    Some(versions)
}

/// The versions that allow no second one of a field, where its type does not say so.
fn once(when: &When, presence: Presence, errors: &mut Errors) -> Option<Versions> {
    let When { span, range } = when;
    if presence != Presence::Repeated {
        let message = "only a `Vec<T>` could be there twice: make it one, or leave `once` out";
        errors.at(*span, message);
        return None;
    }
    let versions = match range {
        Some(range) => resolve_versions("once", range, errors)?,
        None => Versions { since: None, until: None, span: *span },
    };
    if versions.are_all() {
        let message = "a `Vec<T>` with at most one in every version: make it `Option<T>`, or say which versions \
                       allow no second one: `once = \"..=1.1\"`";
        errors.at(versions.span, message);
        return None;
    }
    Some(versions)
}

/// The versions that a range names.
fn resolve_versions(name: &str, text: &LitStr, errors: &mut Errors) -> Option<Versions> {
    let value = text.value();
    let Some((since, until)) = ends(&value) else {
        let message = format_args!(
            "`{value}` is no range of versions: write `{name} = \"..=1.2\"`, `\"1.3..\"`, `\"1.1..=1.3\"`, or \
             `\"1.2\"` for that version alone"
        );
        errors.on(text, message);
        return None;
    };
    let span = text.span();
    let mut version = |end| resolve_version_name(end, span, errors);
    let versions = match (since, until) {
        (Some(since), Some(until)) if since == until => {
            let version = version(since)?;
            Versions { since: Some(version), until: Some(version), span }
        }
        (since, until) => {
            // Both, before either is asked for, so that each mistake is reported.
            let (first, last) = (since.map(&mut version), until.map(&mut version));
            if first == Some(None) || last == Some(None) {
                return None;
            }
            Versions { since: first.flatten(), until: last.flatten(), span }
        }
    };
    if let (Some(since), Some(until)) = (versions.since, versions.until)
        && since > until
    {
        errors.on(text, format_args!("the range starts with {since}, which is later than its end, {until}"));
        return None;
    }
    Some(versions)
}

/// The first and the last version of a range as it is written, at least one of which is there.
fn ends(range: &str) -> Option<(Option<&str>, Option<&str>)> {
    let (since, until) = match (range.split_once("..="), range.strip_suffix("..")) {
        (Some(("", until)), _) => (None, Some(until)),
        (Some((since, until)), _) => (Some(since), Some(until)),
        (None, Some(since)) => (Some(since), None),
        (None, None) => (Some(range), Some(range)),
    };
    let is_version = |end: &&str| {
        end.split_once('.').is_some_and(|(major, minor)| {
            [major, minor]
                .iter()
                .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        })
    };
    since.iter().chain(&until).all(is_version).then_some((since, until))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ranges() {
        for (range, expected) in [
            ("..=1.2", Some((None, Some("1.2")))),
            ("1.3..", Some((Some("1.3"), None))),
            ("1.1..=1.3", Some((Some("1.1"), Some("1.3")))),
            ("1.2", Some((Some("1.2"), Some("1.2")))),
            ("..", None),
            ("..=", None),
            ("", None),
            ("1", None),
            ("..1.2", None),
            ("1.1..1.3", None),
            ("1.1 ..= 1.3", None),
            ("1.1..=1.2..=1.3", None),
            ("1.x..", None),
        ] {
            assert_eq!(ends(range), expected, "{range}");
        }
    }
}
