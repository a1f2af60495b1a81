//! Why a key of the server's cannot be used as it is wanted.

use kmip_types::ProtocolVersion;
use kmip_types::attribute::UniqueIdentifier;
use kmip_types::enumerations::ObjectType;
use kmip_types::escape::Escaped;

use super::Scheme;
use crate::keys::KeyError;

/// Why a key of the server's cannot be used as it is wanted, or what it made cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignerError {
    /// The object is none that signs or decrypts.
    #[error("`{}` is of the type {found}, and a private key is wanted", Escaped(&.unique_identifier.to_string()))]
    NotPrivate {
        /// The object.
        unique_identifier: UniqueIdentifier,
        /// What it is.
        found: ObjectType,
    },
    /// Nothing in the server says which public key belongs to the private key.
    #[error(
        "the private key `{}` has no link to its public key or a certificate: say which it is by `public_key` or \
        `public_key_identifier`",
        Escaped(&.unique_identifier.to_string())
    )]
    NoPublicKey {
        /// The private key.
        unique_identifier: UniqueIdentifier,
    },
    /// The public key cannot be read.
    #[error("the public key of `{}` cannot be read: {error}", Escaped(&.unique_identifier.to_string()))]
    PublicKey {
        /// The private key.
        unique_identifier: UniqueIdentifier,
        /// Why not.
        #[source]
        error: KeyError,
    },
    /// The public key is not that of the private key.
    #[error("{public_key} does not belong to the private key `{}`, which is {found}", Escaped(&.unique_identifier.to_string()))]
    OtherKey {
        /// The private key.
        unique_identifier: UniqueIdentifier,
        /// What the server says of it.
        found: String,
        /// What the public key is.
        public_key: String,
    },
    /// A key of this kind makes no signatures of the scheme.
    #[error("the key of {public_key} makes no signatures by {scheme}{}", Instead(.instead))]
    Scheme {
        /// What the public key is.
        public_key: String,
        /// The scheme.
        scheme: Scheme,
        /// What it makes.
        instead: Vec<Scheme>,
    },
    /// The version of the protocol has no words for the scheme.
    #[error("signatures by {scheme} can be asked for since KMIP {since}, and the server has KMIP {found}")]
    Version {
        /// The scheme.
        scheme: Scheme,
        /// The first version that has them.
        since: ProtocolVersion,
        /// The version that was agreed on.
        found: ProtocolVersion,
    },
    /// What the server gave is no signature of the scheme and the key.
    #[error("what the server gave, {found} bytes, is no signature by {scheme} with the key of {public_key}")]
    Signature {
        /// The scheme.
        scheme: Scheme,
        /// What the public key is.
        public_key: String,
        /// How many bytes there are.
        found: usize,
    },
    /// A type of another library does not take the signature.
    #[error("`{name}` does not take the signature, which is of {length} bytes")]
    NotTaken {
        /// The type.
        name: &'static str,
        /// How many bytes the signature has.
        length: usize,
    },
    /// A key of this kind does not decrypt.
    #[error("the key of {public_key} does not decrypt: RSA keys do")]
    NoDecryption {
        /// What the public key is.
        public_key: String,
    },
    /// TLS has no signatures with a key of this kind.
    #[error(
        "TLS has no signatures with the key of {public_key}: it has those of RSA, P-256, P-384, P-521 and Ed25519"
    )]
    NotForTls {
        /// What the public key is.
        public_key: String,
    },
    /// The first certificate is not one of the key.
    #[error("the first certificate is not of the key of {public_key}: {reason}")]
    OtherCertificate {
        /// What the public key is.
        public_key: String,
        /// Why not.
        reason: String,
    },
    /// The library that makes certificates has no such signatures.
    #[error("certificates are not signed by {scheme} with the key of {public_key}")]
    NotForCertificates {
        /// What the public key is.
        public_key: String,
        /// The scheme.
        scheme: Scheme,
    },
}

/// What a key makes, after a colon.
struct Instead<'a>(&'a [Scheme]);

impl core::fmt::Display for Instead<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for (index, scheme) in self.0.iter().enumerate() {
            write!(f, "{}{scheme}", if index == 0 { ": it makes those by " } else { ", " })?;
        }
        Ok(())
    }
}
