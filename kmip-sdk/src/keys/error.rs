//! Why a key cannot be read, or cannot be had in a form.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::enumerations::{KeyFormatType, ObjectType};
use kmip_types::escape::Escaped;

/// Why a key, a certificate or a secret cannot be read, or cannot be had in a form. It never tells of a key's content.
///
/// ```
/// use kmip_sdk::keys::{KeyEncoding, Material};
/// let key = Material::aes(vec![7; 32])?;
/// let error = key.to_der_as(KeyEncoding::Pkcs1).unwrap_err();
/// assert_eq!(error.to_string(), "a symmetric key (AES, 256 bits) cannot be had as PKCS#1: that is for RSA keys");
/// # Ok::<(), kmip_sdk::keys::KeyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// There is no section in the PEM text.
    #[error("there is no section of PEM in the text")]
    NoPem,
    /// It is DER where PEM is wanted.
    #[error("this is DER, not PEM text: the function of the name with `_der` takes it")]
    IsDer,
    /// It is PEM where DER is wanted.
    #[error("this is PEM text, not DER: the function of the name with `_pem` takes it")]
    IsPem,
    /// A section of PEM is not well-formed, or not Base64.
    #[error(
        "the section `{}` of the PEM text is malformed: cut, not Base64, or without its line breaks",
        Escaped(label)
    )]
    MalformedPem {
        /// What the section says that it is.
        label: String,
    },
    /// A section of PEM is of nothing that is known here.
    #[error(
        "the section `{}` of the PEM text is none that is read: those of keys (PKCS#8, PKCS#1, SEC1), public keys and \
        certificates are",
        Escaped(label)
    )]
    UnknownPem {
        /// What the section says that it is.
        label: String,
    },
    /// There are several where one is wanted.
    #[error("there are several: {}: the function of the name with `all_` takes them", found.join(", "))]
    Several {
        /// What they are.
        found: Vec<String>,
    },
    /// The bytes or the text are not what they should be.
    #[error("no valid {expected}: it is malformed, or something else")]
    Malformed {
        /// What it should be.
        expected: &'static str,
    },
    /// It is encrypted, and no password is given.
    #[error("the {what} is encrypted: the function of the name with `_with_password` takes its password")]
    NoPassword {
        /// What is encrypted.
        what: &'static str,
    },
    /// The password does not decrypt it, or it is damaged.
    #[error("the password does not decrypt the {what}, or it is damaged")]
    WrongPassword {
        /// What is encrypted.
        what: &'static str,
    },
    /// It is encrypted by an algorithm that is not read, or that asks for more work than is done.
    #[error(
        "the {what} is encrypted by an algorithm that is not supported, or that takes too long: AES with PBKDF2 or \
        scrypt (PBES2, RFC 8018) is"
    )]
    UnsupportedEncryption {
        /// What is encrypted.
        what: &'static str,
    },
    /// A private key is encrypted in the traditional form of PEM, with the header `Proc-Type: 4,ENCRYPTED`.
    #[error(
        "the private key is encrypted in the traditional form of PEM: `openssl pkcs8 -topk8 -v2 aes256 -in KEY -out NEW` \
        makes PKCS#8 of it"
    )]
    TraditionalEncryption,
    /// It is a key of an algorithm, on a curve or of a length that is not known here.
    #[error("{what} is not supported")]
    Unsupported {
        /// What it is.
        what: String,
    },
    /// Nothing says which curve a key is on.
    #[error("nothing says which named curve the key is on")]
    NoCurve,
    /// A private key is no number of its curve's.
    #[error("the private key is no number of the curve {curve}")]
    InvalidNumber {
        /// The curve.
        curve: &'static str,
    },
    /// A public key is no point on its curve.
    #[error("the public key is no point on the curve {curve}")]
    InvalidPoint {
        /// The curve.
        curve: &'static str,
    },
    /// The numbers of a key contradict each other.
    #[error("the numbers of the key are not of one key")]
    InconsistentKey,
    /// A transparent RSA private key has too few numbers.
    #[error(
        "the numbers of the RSA private key are too few: it takes the private exponent, or a prime and the public \
        exponent"
    )]
    TooFewNumbers,
    /// A key of this algorithm has other lengths.
    #[error("{algorithm} has keys of {expected} bits, and this has {found}")]
    Length {
        /// The algorithm.
        algorithm: String,
        /// The lengths that it has, in words.
        expected: &'static str,
        /// The length in bits.
        found: usize,
    },
    /// The material cannot be had in this form.
    #[error("{material} cannot be had as {wanted}: {reason}")]
    Unavailable {
        /// What the material is.
        material: String,
        /// What was wanted.
        wanted: String,
        /// Why not.
        reason: &'static str,
    },
    /// An object of another kind is wanted.
    #[error("this is {found}, and {wanted} is wanted")]
    OtherMaterial {
        /// What there is.
        found: String,
        /// What was wanted.
        wanted: &'static str,
    },
    /// A key block is in a format that is not read for such an object.
    #[error("the format {format} of {material} is not read")]
    UnreadFormat {
        /// The format.
        format: KeyFormatType,
        /// What the object is.
        material: &'static str,
    },
    /// An object of this kind is not read.
    #[error("objects of the kind {} are not read", ObjectName(.object_type))]
    UnreadObject {
        /// The kind, if it is one of the standard's.
        object_type: Option<ObjectType>,
    },
    /// The key is wrapped.
    #[error("the key is wrapped{}: it is to be unwrapped first", By(.by))]
    Wrapped {
        /// The key that it is wrapped by, if that is said.
        by: Option<UniqueIdentifier>,
    },
    /// The object has no key material: that is kept elsewhere.
    #[error("the object has no key material")]
    NoKeyMaterial,
    /// There is no certificate where one is wanted.
    #[error("there is no certificate")]
    NoCertificate,
    /// A certificate is not of the key that is beside it.
    #[error("the certificate and {material} do not belong together")]
    OtherCertificate {
        /// What the other is.
        material: String,
    },
    /// The system has no random numbers, or a computation failed.
    #[error("the cryptographic library failed")]
    Cryptography,
}

/// The kind of an object in an error.
struct ObjectName<'a>(&'a Option<ObjectType>);

impl core::fmt::Display for ObjectName<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.0 {
            Some(object_type) => object_type.fmt(f),
            None => f.write_str("of a vendor's"),
        }
    }
}

/// The key that wraps, in an error.
struct By<'a>(&'a Option<UniqueIdentifier>);

impl core::fmt::Display for By<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.0 {
            Some(identifier) => write!(f, " by the key `{}`", Escaped(&identifier.to_string())),
            None => Ok(()),
        }
    }
}
