//! A tag given by itself or by one of its names, for calls that look like the standard's text.

use core::str::FromStr;

use crate::generated::tags::TAGS;
use crate::nearest::nearest;
use crate::tag::Tag;
use crate::text::did_you_mean;

/// No tag has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is not a tag{}", did_you_mean(suggestion.as_slice()))]
pub struct UnknownTagName {
    /// The name that was given.
    pub name: String,
    /// The nearest known name, in the form (wire or spelled out) that was given.
    pub suggestion: Option<&'static str>,
}

/// The tag with this name: the wire name (`TimeStamp`), the spelled-out name (`Time Stamp`), a name of either
/// form in an earlier version, or hex digits after `0x`.
impl FromStr for Tag {
    type Err = UnknownTagName;

    fn from_str(name: &str) -> Result<Self, UnknownTagName> {
        let number = || name.strip_prefix("0x").filter(|digits| digits.len() == 6);
        let hex = || number().and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(Self::new);
        Self::from_name(name).or_else(hex).ok_or_else(|| {
            let spelled = name.contains(' ');
            let names = TAGS.iter().map(|info| if spelled { info.spelled } else { info.name });
            UnknownTagName { name: name.to_owned(), suggestion: nearest(name, names) }
        })
    }
}

/// What says which tag is meant: a [`Tag`], or a name of one.
///
/// ```
/// use kmip_types::item::TagName;
/// use kmip_types::Tag;
///
/// assert_eq!("Time Stamp".to_tag(), Ok(Tag::TIME_STAMP));
/// assert_eq!(Tag::TIME_STAMP.to_tag(), Ok(Tag::TIME_STAMP));
/// let error = "Timestamp".to_tag().unwrap_err();
/// assert_eq!(error.to_string(), "\"Timestamp\" is not a tag; did you mean TimeStamp?");
/// ```
pub trait TagName {
    /// The tag.
    ///
    /// # Errors
    /// No tag has the name.
    fn to_tag(&self) -> Result<Tag, UnknownTagName>;
}

impl TagName for Tag {
    fn to_tag(&self) -> Result<Tag, UnknownTagName> {
        Ok(*self)
    }
}

impl TagName for str {
    fn to_tag(&self) -> Result<Tag, UnknownTagName> {
        self.parse()
    }
}

impl TagName for String {
    fn to_tag(&self) -> Result<Tag, UnknownTagName> {
        self.parse()
    }
}

impl<T: TagName + ?Sized> TagName for &T {
    fn to_tag(&self) -> Result<Tag, UnknownTagName> {
        (**self).to_tag()
    }
}
