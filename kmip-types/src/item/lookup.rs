//! Finding items in a tree, by tags or by their names.

use crate::item::{Item, TagName, UnknownTagName, Value};
use crate::path::{PathSegment, TagPath};
use crate::tag::Tag;
use crate::text::{STANDARD, ValueNames};

/// Why a path leads to no item.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LookupError {
    /// A step names no tag.
    #[error(transparent)]
    Tag(#[from] UnknownTagName),
    /// A step's index is no number: `BatchItem[1]` is the second of that tag.
    #[error("{step:?} is not a tag with an index")]
    Index {
        /// The step.
        step: String,
    },
    /// There is no such item.
    #[error("there is no {path}")]
    Missing {
        /// The path, up to the first item that is not there.
        path: TagPath,
    },
}

impl Item {
    /// The items of a Structure; none for another item type.
    pub fn fields(&self) -> &[Item] {
        self.as_structure().unwrap_or_default()
    }

    /// The item at a path of names, wire or spelled out, from the fields of this one inwards; `[1]` after a
    /// name is the second item of that name. Without an index, it is the first.
    ///
    /// ```
    /// use kmip_types::Item;
    ///
    /// let json = r#"{"tag": "ResponseMessage", "value": [{"tag": "ResponseHeader", "value": [
    ///     {"tag": "TimeStamp", "type": "DateTime", "value": "2014-06-10T08:07:28+00:00"}]}]}"#;
    /// let message = Item::from_json(json)?;
    /// let time = message.lookup("Response Header/Time Stamp")?;
    /// assert_eq!(time.as_date_time().map(|date| date.seconds()), Some(1_402_387_648));
    /// assert_eq!(message.lookup("ResponseHeader/BatchCount").unwrap_err().to_string(),
    ///     "there is no ResponseHeader/BatchCount");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A step names no tag, or there is no such item.
    pub fn lookup(&self, path: &str) -> Result<&Item, LookupError> {
        self.lookup_with(path, |name| name.parse())
    }

    /// As [`lookup`](Self::lookup), with the names that `tag` knows.
    pub(crate) fn lookup_with(
        &self,
        path: &str,
        tag: impl Fn(&str) -> Result<Tag, UnknownTagName>,
    ) -> Result<&Item, LookupError> {
        let mut item = self;
        let mut segments = Vec::new();
        for step in split_path(path, &|name| tag(name).is_ok()) {
            let (name, index) = match step.strip_suffix(']').and_then(|step| step.split_once('[')) {
                Some((name, index)) => {
                    let index = index.parse().map_err(|_| LookupError::Index { step: step.to_owned() })?;
                    (name, Some(index))
                }
                None => (step, None),
            };
            let tag = tag(name.trim())?;
            segments.push(PathSegment { tag, index });
            match item.children(tag).nth(index.unwrap_or(0)) {
                Some(found) => item = found,
                None => return Err(LookupError::Missing { path: TagPath::new(segments) }),
            }
        }
        Ok(item)
    }

    /// The fields with this tag, in their order.
    pub fn children(&self, tag: Tag) -> impl Iterator<Item = &Item> {
        self.fields().iter().filter(move |item| item.tag == tag)
    }

    /// All items with this tag or name, at any depth and this one included, in their order.
    ///
    /// ```
    /// use kmip_types::{Item, Tag};
    ///
    /// let payload = Item::structure(Tag::RESPONSE_PAYLOAD, vec![
    ///     Item::text_string(Tag::UNIQUE_IDENTIFIER, "1"),
    ///     Item::text_string(Tag::UNIQUE_IDENTIFIER, "2"),
    /// ]);
    /// assert_eq!(payload.find_all("Unique Identifier")?.len(), 2);
    /// # Ok::<(), kmip_types::item::UnknownTagName>(())
    /// ```
    ///
    /// # Errors
    /// No tag has the name.
    pub fn find_all(&self, name: impl TagName) -> Result<Vec<&Item>, UnknownTagName> {
        let tag = name.to_tag()?;
        Ok(self.walk().filter(|item| item.tag == tag).collect())
    }

    /// The first item with this tag or name, at any depth, this one included.
    ///
    /// # Errors
    /// No tag has the name.
    pub fn find(&self, name: impl TagName) -> Result<Option<&Item>, UnknownTagName> {
        let tag = name.to_tag()?;
        Ok(self.walk().find(|item| item.tag == tag))
    }

    /// This item and all in it, outer before inner, in their order.
    pub fn walk(&self) -> impl Iterator<Item = &Item> {
        let mut next = vec![core::slice::from_ref(self).iter()];
        core::iter::from_fn(move || {
            loop {
                match next.last_mut()?.next() {
                    Some(item) => {
                        next.push(item.fields().iter());
                        return Some(item);
                    }
                    None => {
                        next.pop();
                    }
                }
            }
        })
    }

    /// The wire name of an Enumeration's value, if the standard names it for this tag.
    pub fn enumeration_name(&self) -> Option<&'static str> {
        match (&self.value, STANDARD.value_names(self.tag)) {
            (Value::Enumeration(number), ValueNames::Enumeration(table)) => table.name(*number),
            _ => None,
        }
    }
}

/// The steps of a path, which slashes part, but for those within a name such as `IV/Counter/Nonce`.
pub(crate) fn split_path<'p>(path: &'p str, is_tag: &dyn Fn(&str) -> bool) -> Vec<&'p str> {
    let mut steps = Vec::new();
    let mut rest = Some(path);
    while let Some(from) = rest {
        let slashes = from.match_indices('/').map(|(at, _)| at);
        let ends = || slashes.clone().chain([from.len()]).take(MOST_PARTS);
        let name = |end: usize| from[..end].split('[').next().unwrap_or_default().trim();
        let of_a_tag = ends().filter(|end| name(*end).contains('/') && is_tag(name(*end))).last();
        let end = of_a_tag.or_else(|| ends().next()).unwrap_or(from.len());
        steps.push(&from[..end]);
        rest = from.get(end + 1..);
    }
    steps
}

/// No name of the standard has more slashes than two.
const MOST_PARTS: usize = 3;

#[cfg(test)]
mod tests {
    use super::split_path;
    use crate::tag::Tag;

    #[test]
    fn a_slash_within_a_name_parts_nothing() {
        let is_tag = |name: &str| Tag::from_name(name).is_some();
        for (path, expected) in [
            ("", &[""][..]),
            ("BatchItem[1]/Operation", &["BatchItem[1]", "Operation"]),
            ("Request Payload/IV/Counter/Nonce[0]/x", &["Request Payload", "IV/Counter/Nonce[0]", "x"]),
            ("MAC/Signature Key Information", &["MAC/Signature Key Information"]),
            ("*/**/IV", &["*", "**", "IV"]),
        ] {
            assert_eq!(split_path(path, &is_tag), expected, "{path}");
        }
    }
}
