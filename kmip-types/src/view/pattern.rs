//! Paths with places left open, for redactions.

use super::path::Step;
use crate::item::split_path;
use crate::tag::Tag;
use crate::text::TextCodec;

/// A path, in which some steps may be left open.
#[derive(Clone, Debug)]
pub(super) struct Pattern(Vec<Open>);

#[derive(Clone, Debug)]
enum Open {
    /// Any number of steps, none included: `**`.
    Depth,
    /// One step; without a tag, any: `*`.
    Step { tag: Option<Tag>, attribute: Option<String>, index: Option<usize> },
}

impl Pattern {
    /// The pattern that a text says, by the names that a codec knows; or what is wrong with it.
    pub(super) fn new(codec: &TextCodec, text: &str) -> Result<Self, String> {
        let steps = split_path(text, &|name| codec.tag(name).is_some());
        steps.into_iter().map(|step| Open::new(codec, step.trim())).collect::<Result<_, _>>().map(Self)
    }

    /// Whether the path, with or without its first step, which is the message's, is one of this pattern.
    pub(super) fn matches(&self, path: &[Step<'_>]) -> bool {
        matches(&self.0, path) || path.split_first().is_some_and(|(_, inner)| matches(&self.0, inner))
    }
}

impl Open {
    fn new(codec: &TextCodec, text: &str) -> Result<Self, String> {
        if text == "**" {
            return Ok(Self::Depth);
        }
        let (name, mut rest) = text.split_at(text.find('[').unwrap_or(text.len()));
        let tag = match name.trim() {
            "*" => None,
            name => match codec.tag(name) {
                Some(tag) => Some(tag),
                None => Some(name.parse::<Tag>().map_err(|error| error.to_string())?),
            },
        };
        let (mut attribute, mut index) = (None, None);
        while !rest.is_empty() {
            let inner = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
            let (inner, after) = inner.ok_or_else(|| format!("{text:?} is not a tag with an index"))?;
            match inner.trim().parse() {
                Ok(number) => index = Some(number),
                Err(_) => attribute = Some(inner.trim().to_owned()),
            }
            rest = after.trim_start();
        }
        Ok(Self::Step { tag, attribute, index })
    }

    fn is(&self, step: Step<'_>) -> bool {
        let Self::Step { tag, attribute, index } = self else { return false };
        tag.is_none_or(|tag| tag == step.tag)
            && attribute.as_deref().is_none_or(|name| step.attribute == Some(name))
            // The index of an only one is 0. With a name, it is among those of that name.
            && index.is_none_or(|index| {
                let own = if attribute.is_some() { step.index } else { step.place };
                own.unwrap_or(0) == index
            })
    }
}

fn matches(pattern: &[Open], path: &[Step<'_>]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((Open::Depth, rest)), inner) => {
            matches(rest, path) || inner.is_some_and(|(_, path)| matches(pattern, path))
        }
        (Some((open, rest)), Some((step, path))) => open.is(*step) && matches(rest, path),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::STANDARD;

    fn step(tag: Tag, index: Option<usize>) -> Step<'static> {
        Step { tag, attribute: None, index, place: index }
    }

    #[test]
    fn matches_by_names_indices_and_what_is_left_open() {
        let path = [
            step(Tag::RESPONSE_MESSAGE, None),
            step(Tag::BATCH_ITEM, Some(1)),
            step(Tag::RESPONSE_PAYLOAD, None),
            Step { tag: Tag::ATTRIBUTE, attribute: Some("Unique Identifier"), index: None, place: Some(2) },
            step(Tag::ATTRIBUTE_VALUE, None),
        ];
        for (text, expected) in [
            ("BatchItem[1]/ResponsePayload/Attribute/AttributeValue", true),
            ("Batch Item[1]/Response Payload/Attribute[Unique Identifier]/Attribute Value", true),
            ("ResponseMessage/BatchItem/*/*/AttributeValue", true),
            ("**/AttributeValue", true),
            ("BatchItem/**/Attribute[Unique Identifier][0]/**", true),
            ("*[1]/**", true),
            ("**/Attribute[2]/*", true),
            ("**/Attribute[0]/*", false),
            ("BatchItem[0]/**", false),
            ("BatchItem/ResponsePayload", false),
            ("BatchItem/ResponsePayload/Attribute[State]/AttributeValue", false),
            ("AttributeValue", false),
        ] {
            let pattern = Pattern::new(&STANDARD, text).expect(text);
            assert_eq!(pattern.matches(&path), expected, "{text}");
        }
        for (text, fault) in [
            ("BatchItm/Operation", "\"BatchItm\" is not a tag; did you mean BatchItem?"),
            ("BatchItem[1", "\"BatchItem[1\" is not a tag with an index"),
            ("", "\"\" is not a tag"),
        ] {
            assert_eq!(Pattern::new(&STANDARD, text).expect_err(text), fault);
        }
    }
}
