//! Why a key is not wrapped or unwrapped.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::enumerations::{BlockCipherMode, EncodingOption, KeyFormatType, ObjectType, WrappingMethod};
use kmip_types::escape::Escaped;
use kmip_types::{DecodeError, EncodeError};

use super::{MacMode, SignatureMode, WrapMode};

/// Why a key is not wrapped or unwrapped. It never tells of a key's content.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WrapError {
    /// What is to wrap is no key that can.
    #[error("{found} does not wrap: it takes an AES key of 128, 192 or 256 bits, or an RSA key")]
    NoWrappingKey {
        /// What it is.
        found: String,
    },
    /// An object of this kind has no key to be wrapped.
    #[error("objects of the kind {} have no key that could be wrapped", object_type.map_or_else(|| "of a vendor's".to_owned(), |kind| kind.to_string()))]
    NoKeyBlock {
        /// The kind, if it is one of the standard's.
        object_type: Option<ObjectType>,
    },
    /// The key block has no key value: the key is kept elsewhere.
    #[error("the key block has no key value")]
    NoKeyValue,
    /// The key is wrapped already.
    #[error("the key is wrapped already")]
    AlreadyWrapped,
    /// The key is not wrapped.
    #[error("the key is not wrapped")]
    NotWrapped,
    /// A transparent key has no bytes to be wrapped as they are.
    #[error(
        "a key in the format {format} is a structure: it takes TTLV Encoding to wrap it, not No Encoding"
    )]
    StructureNotEncoded {
        /// The format.
        format: KeyFormatType,
    },
    /// There are attributes in the key value, which would be lost.
    #[error("there are attributes in the key value: it takes TTLV Encoding to wrap them, not No Encoding")]
    AttributesNotEncoded,
    /// The mode does not take so many bytes.
    #[error("{mode} does not take {length} bytes: {expected}")]
    Length {
        /// The mode.
        mode: WrapMode,
        /// How many there are.
        length: usize,
        /// What it takes.
        expected: &'static str,
    },
    /// What is to make MACs is no symmetric key.
    #[error("{found} makes no MACs: it takes a symmetric key")]
    NoMacKey {
        /// What it is.
        found: String,
    },
    /// The method is TR-31, or a vendor's.
    #[error(
        "the Wrapping Method {method} is not supported: Encrypt, MAC_sign, EncryptThenMACSign and MACSignThenEncrypt are"
    )]
    UnsupportedMethod {
        /// The method.
        method: WrappingMethod,
    },
    /// The mode is none of those that are known, or not said.
    #[error(
        "the Block Cipher Mode {} is not supported for wrapping: NISTKeyWrap, AESKeyWrapPadding, and GCM with a tag of \
        16 bytes are; of RSA the Padding Methods OAEP and PKCS1v1_5", mode.map_or_else(|| "that is not said".to_owned(), |mode| mode.to_string())
    )]
    UnsupportedMode {
        /// The mode, if one is said.
        mode: Option<BlockCipherMode>,
    },
    /// The mode is one of another algorithm than the key's.
    #[error("{mode} is none of the key's algorithm")]
    OtherAlgorithm {
        /// The mode.
        mode: WrapMode,
    },
    /// What is to make or verify signatures is no key that can.
    #[error("{found} does not sign: it takes a key of RSA, of an elliptic curve or of Ed25519")]
    NoSigningKey {
        /// What it is.
        found: String,
    },
    /// The key makes no such signatures.
    #[error("the key makes no signatures by {mode:?} here")]
    UnsupportedSignature {
        /// How the signature is to be made.
        mode: SignatureMode,
    },
    /// A public key does not unwrap, and does not sign.
    #[error("it takes the private key to unwrap or to sign")]
    NoPrivateKey,
    /// How the MAC or the signature is made is not known.
    #[error(
        "the MAC or the signature is made in a way that is not supported: HMAC with SHA-1 and SHA-2, CMAC with AES, and \
        signatures of RSA, ECDSA and Ed25519 are"
    )]
    UnsupportedMac {
        /// How, as far as it is known.
        mode: Option<MacMode>,
    },
    /// It is not said which key makes the MAC or the signature, or it is not here.
    #[error(
        "there is no key for the MAC or the signature, or no MAC/Signature Key Information that names it"
    )]
    NoAuthenticationKey,
    /// There is no MAC and no signature where the method has one.
    #[error("there is no MAC/Signature")]
    NoMac,
    /// The encoding is a vendor's.
    #[error("the Encoding Option {encoding} is not supported")]
    UnsupportedEncoding {
        /// The encoding.
        encoding: EncodingOption,
    },
    /// It is not said which key encrypts.
    #[error("there is no Encryption Key Information")]
    NoKeyInformation,
    /// The key is wrapped by another one.
    #[error(
        "the key is wrapped by `{}`, and this is the key `{}`", Escaped(&found.to_string()),
        Escaped(&expected.to_string())
    )]
    OtherKey {
        /// The key that is here.
        expected: UniqueIdentifier,
        /// The key that wraps.
        found: UniqueIdentifier,
    },
    /// The nonce is missing or of another length.
    #[error("the IV/Counter/Nonce has {found} bytes, and {expected} are wanted")]
    Nonce {
        /// How many are wanted.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// The wrapped bytes are not of this key, or changed.
    #[error("the wrapped key does not unwrap: it was wrapped by a key with other bytes, or changed since")]
    Refused,
    /// What was wrapped is no Key Value as TTLV.
    #[error("what was wrapped is no Key Value in TTLV: {0}")]
    Decode(DecodeError),
    /// The Key Value cannot be written in the version.
    #[error("the Key Value cannot be encoded: {0}")]
    Encode(EncodeError),
    /// The system has no random numbers.
    #[error("the cryptographic library failed")]
    Cryptography,
}
