//! What of some items is shown, and what stands for the rest.

use super::clock::{Clock, presents};
use super::path::{Step, steps, text_of};
use super::placeholders::placeholder;
use super::redactions::{Name, Resolved};
use super::{View, ViewError};
use crate::attribute::forms::Form;
use crate::item::{Item, Secrecy, Siblings, Value, secret_length};
use crate::tag::Tag;
use crate::text::attribute_name;

/// An item as it is shown.
pub(super) struct Shown<'a> {
    pub(super) item: &'a Item,
    pub(super) step: Step<'a>,
    /// The Attribute Name beside it.
    pub(super) attribute: Option<&'a str>,
    pub(super) content: Content<'a>,
}

/// What of an item is shown.
pub(super) enum Content<'a> {
    /// Its value.
    Value,
    /// Its value, in which no text stands for another.
    Kept,
    /// A text in place of it and, for a secret, how many bytes it has.
    Placeholder(String, Option<usize>),
    /// Items.
    Fields(Vec<Shown<'a>>),
}

/// The items as they are shown.
pub(super) fn cover<'a>(view: &View, items: &'a [Item]) -> Result<Vec<Shown<'a>>, ViewError> {
    let rules: Vec<Resolved<'_>> =
        view.redactions.rules.iter().map(|rule| rule.resolve(&view.codec)).collect::<Result<_, _>>()?;
    let matched = vec![false; rules.len()];
    let clock = Clock::new(view.now, items);
    let mut cover = Cover { view, rules, matched, clock, path: Vec::new(), failed: None };
    let shown = steps(items)
        .into_iter()
        .zip(items)
        .zip(presents(items))
        .map(|((step, item), present)| {
            // A request's dates are shown by the Time Stamp of its response.
            cover.clock.turn(present);
            cover.item(item, step, None, Siblings::NONE.secrecy(item))
        })
        .collect();
    if let Some(error) = cover.failed {
        return Err(error);
    }
    let unmatched = view.redactions.rules.iter().zip(&cover.matched);
    let unmatched = unmatched.filter(|(rule, matched)| !**matched && !rule.redaction.optional);
    let unmatched: Vec<String> = unmatched.map(|(rule, _)| rule.words()).collect();
    if unmatched.is_empty() { Ok(shown) } else { Err(ViewError::Unmatched { rules: unmatched }) }
}

struct Cover<'a, 'v> {
    view: &'v View,
    rules: Vec<Resolved<'v>>,
    /// Which of the rules matched something.
    matched: Vec<bool>,
    clock: Clock,
    path: Vec<Step<'a>>,
    /// The first check that failed.
    failed: Option<ViewError>,
}

impl<'a> Cover<'a, '_> {
    fn item(
        &mut self,
        item: &'a Item,
        step: Step<'a>,
        attribute: Option<&'a str>,
        secrecy: Secrecy,
    ) -> Shown<'a> {
        let is_hidden = secrecy == Secrecy::WithContent && !self.view.reveal;
        let step = if is_hidden { step.unnamed() } else { step };
        self.path.push(step);
        let content = self.content(item, attribute, secrecy);
        self.path.pop();
        // A name that is not shown as a value is not shown in the path either.
        let step = if hides_name(&content) { step.unnamed() } else { step };
        Shown { item, step, attribute, content }
    }

    fn content(&mut self, item: &'a Item, attribute: Option<&'a str>, secrecy: Secrecy) -> Content<'a> {
        let tag = meant_tag(item, attribute);
        let names = &self.view.placeholders;
        let mut kept = false;
        match self.rule(item, tag) {
            Some(Name::Literal(name)) => return Content::Placeholder(name.clone(), None),
            Some(Name::Numbered(base)) => return Content::Placeholder(names.name(base, &item.value), None),
            Some(Name::Kept) => kept = true,
            None => {}
        }
        let is_hidden = secrecy != Secrecy::Public && !self.view.reveal;
        if !kept
            && self.view.redactions.standard
            && let Some(name) = self.standard(item, tag, is_hidden)
        {
            return Content::Placeholder(name, None);
        }
        let Value::Structure(fields) = &item.value else {
            return match kept {
                _ if is_hidden => {
                    let names = self.view.secrets.as_ref().unwrap_or(names);
                    let name = names.name(&base(&self.view.codec, tag), &item.value);
                    Content::Placeholder(name, secret_length(&item.value))
                }
                true => Content::Kept,
                false => {
                    self.refuse_ambiguous(item);
                    Content::Value
                }
            };
        };
        let (attribute, siblings) = (attribute_name(fields), Siblings::of(fields));
        let shown = steps(fields)
            .into_iter()
            .zip(fields)
            .map(|(step, field)| self.item(field, step, attribute, secrecy.of_field(&siblings, field)));
        Content::Fields(shown.collect())
    }

    /// What the first rule that is for an item says of it.
    fn rule(&mut self, item: &Item, tag: Tag) -> Option<&Name> {
        let found = self.rules.iter().position(|rule| rule.is_for(item, tag, &self.path))?;
        self.matched[found] = true;
        let redaction = self.rules[found].redaction;
        if let Some(check) = redaction.checks.iter().find(|check| !(check.holds)(item))
            && self.failed.is_none()
        {
            let (path, expected) = (text_of(&self.view.codec, &self.path), check.expected.clone());
            self.failed = Some(ViewError::Check { path, expected });
        }
        Some(&redaction.name)
    }

    /// In a test case, a text that would be read as a placeholder cannot be written.
    fn refuse_ambiguous(&mut self, item: &Item) {
        if let (true, Value::TextString(text)) = (self.view.is_case, &item.value)
            && placeholder(text).is_some()
            && self.failed.is_none()
        {
            self.failed = Some(ViewError::Ambiguous { path: text_of(&self.view.codec, &self.path) });
        }
    }

    /// What the standard's set has for an item.
    fn standard(&self, item: &Item, tag: Tag, is_hidden: bool) -> Option<String> {
        let names = &self.view.placeholders;
        let is_text = matches!(item.value, Value::TextString(_));
        if is_text && is_identifier(tag) {
            return Some(names.name_of_text("UNIQUE_IDENTIFIER", &item.value));
        }
        // How far a date is from the present says which one it is.
        if !is_hidden && let Some(name) = self.clock.name(item.tag, &item.value) {
            return Some(name);
        }
        let parent = self.path.iter().nth_back(1).map(|step| step.tag);
        let in_response = parent == Some(Tag::RESPONSE_PAYLOAD);
        let base = base(&self.view.codec, tag);
        match tag {
            Tag::SHORT_UNIQUE_IDENTIFIER
            | Tag::SERVER_CORRELATION_VALUE
            | Tag::ASYNCHRONOUS_CORRELATION_VALUE
            | Tag::CORRELATION_VALUE
            | Tag::DIGEST_VALUE
            | Tag::SERVER_INFORMATION => Some(names.name(&base, &item.value)),
            Tag::VENDOR_IDENTIFICATION if in_response => Some(names.name(&base, &item.value)),
            Tag::IV_COUNTER_NONCE | Tag::SIGNATURE_DATA | Tag::AUTHENTICATED_ENCRYPTION_TAG => {
                if in_response {
                    Some(names.name(&base, &item.value))
                } else {
                    names.known(&base, &item.value)
                }
            }
            _ => None,
        }
    }
}

/// Whether the Attribute Name among the fields has something else in its place.
fn hides_name(content: &Content<'_>) -> bool {
    let Content::Fields(fields) = content else { return false };
    let is_name = |field: &&Shown<'_>| field.item.tag == Tag::ATTRIBUTE_NAME;
    fields.iter().find(is_name).is_some_and(|name| matches!(name.content, Content::Placeholder(..)))
}

/// The tag that says what a value is: before KMIP 2.0, an Attribute Value is what the Attribute Name beside it says.
fn meant_tag(item: &Item, attribute: Option<&str>) -> Tag {
    match attribute.filter(|_| item.tag == Tag::ATTRIBUTE_VALUE).and_then(Form::named) {
        Some(form) => form.tag,
        None => item.tag,
    }
}

/// Whether a Text String under this tag names an object.
pub(crate) fn is_identifier(tag: Tag) -> bool {
    let is_named = |name: &str| name.ends_with("UniqueIdentifier") || name.ends_with("ObjectIdentifier");
    tag.name().is_some_and(is_named)
}

/// The name of a tag as the standard's test cases write it in a placeholder: `KEY_MATERIAL`.
fn base(codec: &crate::text::TextCodec, tag: Tag) -> String {
    let Some(name) = codec.tag_name(tag) else { return format!("TAG_{:06X}", tag.value()) };
    let mut base = String::new();
    let mut characters = name.chars().peekable();
    let mut before = '_';
    while let Some(character) = characters.next() {
        let starts = character.is_ascii_uppercase()
            && (before.is_ascii_lowercase()
                || before != '_' && characters.peek().is_some_and(char::is_ascii_lowercase));
        if starts {
            base.push('_');
        }
        base.push(character.to_ascii_uppercase());
        before = character;
    }
    base
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::STANDARD;

    #[test]
    fn placeholders_are_named_as_in_the_test_cases() {
        for (tag, expected) in [
            (Tag::KEY_MATERIAL, "KEY_MATERIAL"),
            (Tag::MAC_DATA, "MAC_DATA"),
            (Tag::IV_COUNTER_NONCE, "IV_COUNTER_NONCE"),
            (Tag::D, "D"),
            (Tag::PKCS_11_INPUT_PARAMETERS, "PKCS_11_INPUT_PARAMETERS"),
            (Tag::from_raw(0x540001), "TAG_540001"),
        ] {
            assert_eq!(base(&STANDARD, tag), expected);
        }
    }
}
