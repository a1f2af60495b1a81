//! Attributes that say how a key is used.

use kmip_derive::Ttlv;

use crate::generated::enumerations::{
    BlockCipherMode, CryptographicAlgorithm, DigitalSignatureAlgorithm, DrbgAlgorithm, Fips186Variation,
    HashingAlgorithm, KeyFormatType, KeyRoleType, MaskGenerator, PaddingMethod, RecommendedCurve,
    RngAlgorithm,
};
use crate::hex_debug::debug_in_hex;

/// How a key is used in a cryptographic operation (KMIP 1.4 section 3.6, 2.1 section 4.16).
#[derive(Clone, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "CryptographicParameters")]
pub struct CryptographicParameters {
    /// The mode of a block cipher.
    pub block_cipher_mode: Option<BlockCipherMode>,
    /// The padding.
    pub padding_method: Option<PaddingMethod>,
    /// The hash.
    pub hashing_algorithm: Option<HashingAlgorithm>,
    /// What the key is for.
    pub key_role_type: Option<KeyRoleType>,
    /// The signature.
    #[ttlv(since = "1.2")]
    pub digital_signature_algorithm: Option<DigitalSignatureAlgorithm>,
    /// The algorithm.
    #[ttlv(since = "1.2")]
    pub cryptographic_algorithm: Option<CryptographicAlgorithm>,
    /// Whether the server makes the initialization vector.
    #[ttlv(since = "1.2")]
    pub random_iv: Option<bool>,
    /// The length of the initialization vector in bits.
    #[ttlv(since = "1.2")]
    pub iv_length: Option<i32>,
    /// The length of the authentication tag in bytes.
    #[ttlv(since = "1.2")]
    pub tag_length: Option<i32>,
    /// The length of the fixed part of the initialization vector in bits.
    #[ttlv(since = "1.2")]
    pub fixed_field_length: Option<i32>,
    /// The length of the invocation part of the initialization vector in bits.
    #[ttlv(since = "1.2")]
    pub invocation_field_length: Option<i32>,
    /// The length of the counter in bits.
    #[ttlv(since = "1.2")]
    pub counter_length: Option<i32>,
    /// The first value of the counter.
    #[ttlv(since = "1.2")]
    pub initial_counter_value: Option<i32>,
    /// The length of the salt of PSS in bytes.
    #[ttlv(since = "1.4")]
    pub salt_length: Option<i32>,
    /// The mask generator of OAEP and PSS; MGF1, if omitted.
    #[ttlv(since = "1.4")]
    pub mask_generator: Option<MaskGenerator>,
    /// The hash of the mask generator; SHA-1, if omitted.
    #[ttlv(since = "1.4")]
    pub mask_generator_hashing_algorithm: Option<HashingAlgorithm>,
    /// The label of OAEP; none, if omitted.
    #[ttlv(since = "1.4")]
    pub p_source: Option<Vec<u8>>,
    /// The trailer of PSS.
    #[ttlv(since = "1.4")]
    pub trailer_field: Option<i32>,
}

debug_in_hex!(CryptographicParameters {
    block_cipher_mode,
    padding_method,
    hashing_algorithm,
    key_role_type,
    digital_signature_algorithm,
    cryptographic_algorithm,
    random_iv,
    iv_length,
    tag_length,
    fixed_field_length,
    invocation_field_length,
    counter_length,
    initial_counter_value,
    salt_length,
    mask_generator,
    mask_generator_hashing_algorithm,
    p_source,
    trailer_field,
});

/// The parameters that a key pair is made with (KMIP 1.4 section 3.7, 2.1 section 4.14).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "CryptographicDomainParameters")]
pub struct CryptographicDomainParameters {
    /// The length of Q in bits, for DSA and DH.
    pub qlength: Option<i32>,
    /// The curve.
    pub recommended_curve: Option<RecommendedCurve>,
}

/// A hash of an object (KMIP 1.4 section 3.17, 2.1 section 4.21).
#[derive(Clone, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "Digest")]
pub struct Digest {
    /// The hash.
    pub hashing_algorithm: HashingAlgorithm,
    /// The hash value, if the server has it.
    pub digest_value: Option<Vec<u8>>,
    /// The format of the key that was hashed.
    #[ttlv(since = "1.1")]
    pub key_format_type: Option<KeyFormatType>,
}

debug_in_hex!(Digest { hashing_algorithm, digest_value, key_format_type });

/// A random number generator (KMIP 1.4 section 2.1.18, 2.1 section 7.36). Since KMIP 1.3.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RNGParameters")]
pub struct RngParameters {
    /// The generator.
    pub rng_algorithm: RngAlgorithm,
    /// The cipher that it is built on.
    pub cryptographic_algorithm: Option<CryptographicAlgorithm>,
    /// The length of the cipher's key in bits.
    pub cryptographic_length: Option<i32>,
    /// The hash that it is built on.
    pub hashing_algorithm: Option<HashingAlgorithm>,
    /// The deterministic generator.
    pub drbg_algorithm: Option<DrbgAlgorithm>,
    /// The curve that it is built on.
    pub recommended_curve: Option<RecommendedCurve>,
    /// The variation of FIPS 186.
    pub fips186_variation: Option<Fips186Variation>,
    /// Whether earlier output says nothing of later.
    pub prediction_resistance: Option<bool>,
}
