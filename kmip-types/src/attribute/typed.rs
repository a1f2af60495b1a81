//! Attributes of a type that this crate does not know, such as a vendor's, among the others.

use zeroize::Zeroizing;

use crate::ProtocolVersion;
use crate::attribute::{Attribute, Attributes};
use crate::error::{DecodeError, EncodeError};
use crate::ttlv::{Decode, Encode, Root, Tagged, decode, encode};

impl Attributes {
    /// The attributes with one more at the end, of a type that has a tag of its own, such as a vendor's.
    ///
    /// Attributes are named by tag since KMIP 2.0: before, [`Attribute::Vendor`] is what a vendor's is.
    ///
    /// ```
    /// use kmip_types::Ttlv;
    /// use kmip_types::attribute::Attributes;
    ///
    /// #[derive(Debug, PartialEq, Ttlv)]
    /// #[ttlv(tag = 0x540001)]
    /// struct Rack {
    ///     #[ttlv(tag = 0x540002)]
    ///     row: i32,
    /// }
    ///
    /// let attributes = Attributes::new().with_typed(&Rack::new(7))?;
    /// assert_eq!(attributes.typed::<Rack>()?, Some(Rack { row: 7 }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`EncodeError`] where no version has a form for the value, or a limit is exceeded.
    pub fn with_typed<T: Encode + Root>(self, value: &T) -> Result<Self, EncodeError> {
        let bytes = Zeroizing::new(encode(T::TAG, value, ProtocolVersion::NEWEST)?);
        match decode(T::TAG, &bytes) {
            Ok(attribute) => Ok(self.with(attribute)),
            // Under a tag of the standard, but another form than the standard's.
            Err(_) => {
                let item = crate::item::to_item(T::TAG, value, ProtocolVersion::NEWEST)?;
                Ok(self.with(Attribute::Other(item)))
            }
        }
    }

    /// The first attribute under the tag of a type, read as that type.
    ///
    /// # Errors
    /// [`DecodeError`] where there is such an attribute, but it is no value of that type.
    pub fn typed<T: Decode + Root>(&self) -> Result<Option<T>, DecodeError> {
        self.all_typed().next().transpose()
    }

    /// Every attribute under the tag of a type, read as that type.
    pub fn all_typed<T: Decode + Root>(&self) -> impl Iterator<Item = Result<T, DecodeError>> {
        let item = |attribute: &Attribute| match attribute {
            Attribute::Other(item) => item.to_ttlv(),
            known => encode(known.tag(), known, ProtocolVersion::NEWEST),
        };
        // What cannot be written is no attribute of the newest version, so no type has it either.
        self.all(T::TAG)
            .filter_map(move |attribute| item(attribute).ok())
            .map(|bytes| decode(T::TAG, &Zeroizing::new(bytes)))
    }
}
