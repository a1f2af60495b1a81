//! Private keys that stay in the key server, as what other libraries take for a private key.
//!
//! A [`RemoteKey`] is a private key by its identifier, with its public key at hand. It makes signatures and decrypts by the
//! server's Sign and Decrypt, and is what programs and libraries want of a key:
//!
//! | for | use |
//! | --- | --- |
//! | signatures | [`RemoteKey::signer`], and [`signature_of`](RemoteSigner::signature_of) |
//! | what takes a `Signer` or `AsyncSigner` of RustCrypto's `signature` 3 | the same [`RemoteSigner`], with the feature `signature` |
//! | TLS servers and clients by rustls | [`RemoteKey::tls_identity`], [`RemoteKey::tls_certified_key`] |
//! | certificates and certificate requests by `rcgen` 0.14 | `RemoteKey::certificate_signer`, with the feature `rcgen` |
//! | decrypting with RSA | [`RemoteKey::decryptor`] |
//!
//! Keys that are derived from one that stays in the server, by HKDF and by other methods, are made by the verb
//! [`derive_hkdf`](crate::generic::Client::derive_hkdf) and its like: they need no type of their own.
//!
//! ```
//! use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, ParsedPublicKey};
//! use kmip_sdk::keys::KeyEncoding;
//! use kmip_sdk::signers::Scheme;
//! use kmip_sdk::types::enumerations::{HashingAlgorithm, RecommendedCurve};
//!
//! # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
//! let pair = client.create_ec(RecommendedCurve::P256).signing().activated().send()?;
//! let key = client.remote_key(&pair.private_key_unique_identifier).send()?;
//! let signer = key.signer(Scheme::Ecdsa(HashingAlgorithm::Sha256))?;
//! let signature = signer.signature_of("attack at dawn").send()?;
//!
//! let public = key.public_key().to_der_as(KeyEncoding::Spki)?;
//! let public = ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, public.reveal())?;
//! public.verify_sig(b"attack at dawn", signature.as_bytes())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! With the feature `signature` the same is of whichever type another library has:
//!
//! ```
//! use kmip_sdk::signers::Scheme;
//! use kmip_sdk::types::enumerations::{HashingAlgorithm, RecommendedCurve};
//! use kmip_sdk::signers::signature::{Signer, Verifier};
//!
//! # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
//! let pair = client.create_ec(RecommendedCurve::P256).signing().activated().send()?;
//! let key = client.remote_key(&pair.private_key_unique_identifier).send()?;
//! let signature: p256::ecdsa::Signature =
//!     key.signer(Scheme::Ecdsa(HashingAlgorithm::Sha256))?.try_sign(b"attack at dawn")?;
//! let public: p256::ecdsa::VerifyingKey = key.public_key().to_public_key()?;
//! public.verify(b"attack at dawn", &signature)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `Signer::sign` panics where the server gives no signature: `try_sign` says so.
//!
//! With the client of `kmip_sdk::tokio` the same calls are awaited. What is synchronous by its nature, which is rustls's and
//! rcgen's keys, is of the blocking client alone: each signature is a call, which blocks its thread until the server has
//! answered or the [time](RemoteKey::with_timeout) is up.

#[cfg(feature = "rcgen")]
mod certificates;
mod decryptor;
mod error;
mod form;
mod remote_key;
mod scheme;
mod signer;
mod tls;
#[cfg(feature = "signature")]
mod traits;

/// The library that makes certificates, in the version that is used here.
#[cfg(feature = "rcgen")]
pub use ::rcgen;
/// The library whose traits signers have, in the generation that is used here.
#[cfg(feature = "signature")]
pub use ::signature;
#[cfg(feature = "rcgen")]
pub use certificates::CertificateSigner;
pub use decryptor::{Decryptor, EncryptionPadding};
pub use error::SignerError;
pub use form::Signature;
pub use remote_key::{FetchRemoteKey, RemoteKey};
pub use scheme::Scheme;
pub use signer::{MakeSignature, RemoteSigner};
