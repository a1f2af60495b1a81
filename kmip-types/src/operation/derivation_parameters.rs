//! Derivation Parameters: what a derivation method needs.

use kmip_derive::Ttlv;

use crate::SecretBytes;
use crate::attribute::CryptographicParameters;
use crate::hex_debug::debug_in_hex;

/// What a derivation method needs (KMIP 1.4 section 4.6, 2.1 section 7.12).
#[derive(Clone, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "DerivationParameters")]
pub struct DerivationParameters {
    /// The pseudorandom function, such as a hash, or the mode of a cipher.
    pub cryptographic_parameters: Option<Box<CryptographicParameters>>,
    /// The initialization vector; empty, if omitted.
    pub initialization_vector: Option<Vec<u8>>,
    /// The data to derive from, unless an object holds it. More than one since KMIP 2.0.
    #[ttlv(with = "derivation_data")]
    pub derivation_data: Vec<SecretBytes>,
    /// The salt, for PBKDF2 and, since KMIP 2.0, HKDF.
    pub salt: Option<Vec<u8>>,
    /// How often PBKDF2 hashes.
    pub iteration_count: Option<i32>,
}

debug_in_hex!(DerivationParameters {
    cryptographic_parameters,
    initialization_vector,
    derivation_data,
    salt,
    iteration_count,
});

/// The codec of the data.
mod derivation_data {
    use super::DerivationParameters;
    use crate::error::{DecodeError, EncodeError};
    use crate::ttlv::{Field, Reader, Structure, Writer};
    use crate::{ProtocolVersion, SecretBytes, Tag};

    /// The field that it writes.
    pub(super) const FIELDS: &[Field] = &[Field::repeated(Tag::DERIVATION_DATA).of::<SecretBytes>()];

    pub(super) fn encode(data: &[SecretBytes], writer: &mut Writer) -> Result<(), EncodeError> {
        if data.len() > 1 {
            writer.check_variant(Tag::DERIVATION_DATA, "a second Derivation Data", ProtocolVersion::V2_0)?;
        }
        writer.repeated(&FIELDS[0], data)
    }

    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<Vec<SecretBytes>, DecodeError> {
        reader.repeated(&FIELDS[0], DerivationParameters::SCHEMA)
    }
}
