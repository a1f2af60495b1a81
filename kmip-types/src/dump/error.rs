//! Why an input gives no message.

use core::fmt;

use crate::dump::{DumpForm, Skipped};

/// Why nothing can be read of an input. It holds nothing of what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DumpError {
    /// There is nothing but space.
    Empty,
    /// The text is in UTF-16.
    Utf16,
    /// The input is too long.
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// The input has none of the forms.
    Unrecognized {
        /// What cannot be read, in its order.
        skipped: Vec<Skipped>,
    },
    /// The input has this form, but holds no item.
    NoItem {
        /// The form.
        form: DumpForm,
        /// What is there instead, in its order.
        skipped: Vec<Skipped>,
    },
}

impl DumpError {
    /// What cannot be read, in its order.
    pub fn skipped(&self) -> &[Skipped] {
        match self {
            Self::Unrecognized { skipped } | Self::NoItem { skipped, .. } => skipped,
            _ => &[],
        }
    }
}

/// How many of the places are in the message.
const SHOWN: usize = 3;

impl fmt::Display for DumpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the input is empty"),
            Self::Utf16 => f.write_str("the input is text in UTF-16; save it as UTF-8"),
            Self::TooLong { length } => write!(f, "the input has {length} bytes; 4 GiB are read at most"),
            Self::Unrecognized { .. } => f.write_str(
                "the input is no TTLV, and no hex, hex dump, list of numbers, string with escapes, base64, JSON or XML of it",
            ),
            Self::NoItem { form, skipped } if skipped.iter().any(Skipped::is_item) => {
                write!(f, "the input is {form}, but no item in it can be read")
            }
            Self::NoItem { form, .. } => write!(f, "the input is {form}, but holds no KMIP message or item"),
        }?;
        let skipped = self.skipped();
        for (index, one) in skipped.iter().take(SHOWN).enumerate() {
            write!(f, "{} {one}", if index == 0 { ":" } else { ";" })?;
        }
        match skipped.len().checked_sub(SHOWN) {
            Some(more) if more > 0 => write!(f, "; and {more} more"),
            _ => Ok(()),
        }
    }
}

impl core::error::Error for DumpError {}
