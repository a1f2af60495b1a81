//! Masks to and from lists of names.

use crate::item::{Item, TagName, UnknownTagName, Value};
use crate::mask::UnknownMaskName;
use crate::tables::{MaskInfo, Names};
use crate::tag::Tag;

/// Names are not those of a mask's bits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MaskError {
    /// No tag has this name.
    #[error(transparent)]
    Tag(#[from] UnknownTagName),
    /// The tag's value is not a mask.
    #[error("{tag} is not a mask")]
    NotAMask {
        /// The tag.
        tag: Tag,
    },
    /// No bit of the mask has this name.
    #[error(transparent)]
    Name(#[from] UnknownMaskName),
}

/// The value of the mask under `tag` that has the bits of these names: wire or spelled out, or in hex after
/// `0x`.
///
/// ```
/// use kmip_types::item::{decode_mask, encode_mask};
///
/// let mask = encode_mask("Cryptographic Usage Mask", ["Encrypt", "Decrypt"])?;
/// assert_eq!(mask, 12);
/// assert_eq!(decode_mask("Cryptographic Usage Mask", mask)?, ["Encrypt", "Decrypt"]);
/// # Ok::<(), kmip_types::item::MaskError>(())
/// ```
///
/// # Errors
/// No tag has the name, it is not that of a mask, or none of its bits has one of the names.
pub fn encode_mask<'a>(
    tag: impl TagName,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<i32, MaskError> {
    let info = mask_info(tag.to_tag()?)?;
    let mut bits = 0;
    for name in names {
        let digits =
            name.strip_prefix("0x").filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        bits |= match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
            Some(number) => number,
            None => info.bits_of([name])?,
        };
    }
    Ok(bits.cast_signed())
}

/// The wire names of the bits that are set in the value of the mask under `tag`, in the order of the bits;
/// those that have no name are last, together in hex.
///
/// # Errors
/// No tag has the name, or it is not that of a mask.
pub fn decode_mask(tag: impl TagName, mask: i32) -> Result<Vec<String>, MaskError> {
    let (names, unnamed) = mask_info(tag.to_tag()?)?.names(mask.cast_unsigned());
    let mut names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    if unnamed != 0 {
        names.push(format!("0x{unnamed:08x}"));
    }
    Ok(names)
}

fn mask_info(tag: Tag) -> Result<&'static MaskInfo, MaskError> {
    match tag.info().map(|info| info.names) {
        Some(Names::Mask(info)) => Ok(info),
        _ => Err(MaskError::NotAMask { tag }),
    }
}

impl Item {
    /// The names of the bits that are set, as [`decode_mask`] gives them; `None` where this is not an Integer
    /// under the tag of a mask.
    pub fn mask_names(&self) -> Option<Vec<String>> {
        match self.value {
            Value::Integer(mask) => decode_mask(self.tag, mask).ok(),
            _ => None,
        }
    }
}
