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

/// What the attributes say of a field's presence, which its Rust type has to leave open.
pub(crate) fn resolve_presence(field: &AstField<'_>, presence: Presence, errors: &mut Errors) -> ByVersion {
    let mut by_version = ByVersion::default();
    if let Some(when) = &field.required {
        by_version.required = required(when, presence, errors);
    }
    if let Some(when) = &field.once {
        by_version.once = once(when, presence, errors);
    }
    if let (Some(span), Presence::Required | Presence::Defaulted) = (field.essential, presence) {
        errors.at(
            span,
            "`essential` is for `Option<T>` and `Vec<T>`: a `T` that does not read is always an error",
        );
    }
    if let (Some(span), Presence::Optional | Presence::Repeated) = (field.version, presence) {
        errors.at(span, "the version that a message states is there once: make it `ProtocolVersion`");
    }
    by_version
}

fn required(when: &When, presence: Presence, errors: &mut Errors) -> Option<Versions> {
    let message = match (presence, &when.range) {
        (Presence::Repeated, None) => return Some(Versions { since: None, until: None, span: when.span }),
        (Presence::Optional | Presence::Repeated, Some(range)) => {
            let versions = resolve_versions("required", range, errors)?;
            let all = presence == Presence::Optional && versions.are_all();
            if all {
                errors.on(range, "a field that every version requires is no `Option<T>`: make it `T`");
            }
            return (!all).then_some(versions);
        }
        (Presence::Optional, None) => {
            "a field that every version requires is no `Option<T>`: make it `T`, or say which versions require it: \
             `required = \"..=1.2\"`"
        }
        (Presence::Required | Presence::Defaulted, None) => {
            "a `T` is required in every version: leave `required` out"
        }
        (Presence::Required | Presence::Defaulted, Some(_)) => {
            "a `T` is required in every version: make it `Option<T>`, or leave `required` out"
        }
    };
    errors.at(when.span, message);
    None
}

fn once(when: &When, presence: Presence, errors: &mut Errors) -> Option<Versions> {
    let single = "a field that every version has at most once is no `Vec<T>`: make it `Option<T>`";
    match (presence, &when.range) {
        (Presence::Repeated, Some(range)) => {
            let versions = resolve_versions("once", range, errors)?;
            if versions.are_all() {
                errors.on(range, single);
                return None;
            }
            return Some(versions);
        }
        (Presence::Repeated, None) => {
            let message =
                format_args!("{single}, or say which versions have at most one: `once = \"..=1.1\"`");
            errors.at(when.span, message);
        }
        (Presence::Optional, _) => errors.at(
            when.span,
            "an `Option<T>` is there at most once in every version: make it `Vec<T>`, or leave `once` out",
        ),
        (Presence::Required | Presence::Defaulted, _) => errors
            .at(when.span, "a `T` is there once in every version: make it `Vec<T>`, or leave `once` out"),
    }
    None
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
