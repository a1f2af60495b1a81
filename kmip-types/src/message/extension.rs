//! Message Extension.

use kmip_derive::Ttlv;

use crate::{Item, RawStructure};

/// What a vendor adds to a batch item (KMIP 1.4 section 6.16, 2.1 section 9.13).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "MessageExtension")]
pub struct MessageExtension {
    /// The vendor: letters, digits, `_` and `.`.
    pub vendor_identification: String,
    /// Whether a receiver that does not understand the extension must refuse the message.
    pub criticality_indicator: bool,
    /// The vendor's own fields.
    #[ttlv(with = "vendor")]
    pub vendor_extension: RawStructure,
}

/// The codec of Vendor Extension. What the standard leaves to the vendor does not count as untyped.
mod vendor {
    use super::*;
    use crate::Tag;
    use crate::error::{DecodeError, EncodeError};
    use crate::ttlv::{Decode, Encode, Field, Reader, Structure, Writer};

    /// The field that it writes.
    pub(super) const FIELDS: &[Field] = &[Field::required(Tag::VENDOR_EXTENSION).of::<RawStructure>()];

    pub(super) fn encode(extension: &RawStructure, writer: &mut Writer) -> Result<(), EncodeError> {
        extension.encode(Tag::VENDOR_EXTENSION, writer)
    }

    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<RawStructure, DecodeError> {
        let Fields(items) = reader.required(&FIELDS[0], MessageExtension::SCHEMA)?;
        Ok(RawStructure { items })
    }

    struct Fields(Vec<Item>);

    impl Decode for Fields {
        fn decode(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
            reader.open(tag, Reader::items).map(Self)
        }
    }
}
