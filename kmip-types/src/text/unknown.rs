//! Names that no table has: what they stand for in lenient reading, and what an error says of them.

use crate::generated::tags::TAGS;
use crate::nearest::all_nearest;
use crate::tag::Tag;
use crate::text::error::TextErrorKind;
use crate::text::fold;
use crate::text::names::{Table, shortened};
use crate::text::vendor::VendorTags;

/// The outermost structures.
const MESSAGES: [&str; 2] = ["RequestMessage", "ResponseMessage"];

/// More names than this are no help.
const MAX_SUGGESTIONS: usize = 3;

impl VendorTags {
    /// Whether an outermost element with this name is but a wrapper of messages: it is no tag, nor was it
    /// meant to be a message.
    #[cfg(feature = "xml")]
    pub(super) fn is_wrapper(&self, name: &str) -> bool {
        self.wire_tag(name).is_none() && all_nearest(name, MESSAGES.into_iter()).is_empty()
    }

    /// The error that says that a name is no tag, with what it may have been meant to be: from those equally
    /// near, the one that looks most like the tag of the structure around it.
    #[cold]
    pub(super) fn unknown_tag(&self, name: &str, parent: Option<Tag>) -> TextErrorKind {
        let candidates = || TAGS.iter().map(|info| info.name).chain(self.names());
        let mut found = match parent {
            // The outermost structure is a message, whatever else is named alike.
            None => all_nearest(name, MESSAGES.into_iter()),
            Some(_) => Vec::new(),
        };
        if found.is_empty() {
            found = all_nearest(name, candidates());
        }
        if let Some(parent) = parent.and_then(|tag| self.wire_name(tag)) {
            let alike = |name: &str| name.bytes().zip(parent.bytes()).take_while(|(a, b)| a == b).count();
            let best = found.iter().map(|name| alike(name)).max().unwrap_or(0);
            if best > 0 {
                found.retain(|name| alike(name) == best);
            }
        }
        let suggestions = found.into_iter().take(MAX_SUGGESTIONS).map(str::to_owned).collect();
        TextErrorKind::UnknownTag { name: shortened(name), suggestions }
    }

    /// The tag that a name stands for that is spelled otherwise than the standard spells it.
    pub(super) fn folded_tag(&self, name: &str) -> Result<Option<Tag>, TextErrorKind> {
        Ok(Table::Tags(self).folded(name)?.and_then(Tag::new))
    }
}

impl Table<'_> {
    /// The number that a name stands for that is spelled otherwise than the standard spells it.
    pub(super) fn folded(self, name: &str) -> Result<Option<u32>, TextErrorKind> {
        match fold::values(self, name).as_slice() {
            [] => Ok(None),
            [number] => Ok(Some(*number)),
            several => Err(TextErrorKind::AmbiguousName {
                table: self.title().to_owned(),
                name: shortened(name),
                candidates: several.iter().map(|number| self.label(*number).into_owned()).collect(),
            }),
        }
    }

    /// The error that says that a name is not in the table.
    #[cold]
    pub(crate) fn unknown_name(self, name: &str) -> TextErrorKind {
        TextErrorKind::UnknownName {
            table: self.title().to_owned(),
            name: shortened(name),
            suggestion: self.nearest(name).map(str::to_owned),
        }
    }
}
