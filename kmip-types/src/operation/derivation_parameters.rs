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
    /// The data to derive from, unless an object holds it.
    #[ttlv(once = "..=1.4")]
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
