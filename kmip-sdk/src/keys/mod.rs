//! Keys, certificates and secrets in all their forms, and what is done with them here: wrapping and envelopes.
//!
//! A [`Material`] is read from the form that people have, says what it is, becomes the request that registers it, and is
//! read again from the object that Get gives. Nothing here talks to a server.
//!
//! ```
//! use kmip_sdk::Client;
//! use kmip_sdk::keys::{KeyEncoding, Material};
//! use kmip_sdk::types::attribute::{Attributes, Name};
//! use kmip_sdk::types::masks::CryptographicUsageMask;
//! use kmip_sdk::types::operation::GetRequest;
//!
//! # let pem = rcgen::KeyPair::generate().unwrap().serialize_pem();
//! # let server = kmip_sdk::server::Server::new(Default::default());
//! # let client = Client::builder().service(server).connect()?;
//! let key = Material::from_pem(&pem)?;
//! let request = key.to_register_request(
//!     Attributes::new()
//!         .with_name(Name::text("signing key"))
//!         .with_cryptographic_usage_mask(CryptographicUsageMask::SIGN),
//! )?;
//! let identifier = client.call(request).send()?.unique_identifier;
//!
//! let object = client.call(GetRequest::new(identifier)).send()?.object;
//! let same = Material::from_object(&object)?;
//! assert_eq!(same, key);
//! println!("{}", same.to_pem_as(KeyEncoding::Sec1)?.reveal());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is read, and what it can be had as
//!
//! | form | read by | had by | of |
//! | --- | --- | --- | --- |
//! | PEM, whatever its label says | [`Material::from_pem`], [`all_from_pem`](Material::all_from_pem) | [`to_pem`](Material::to_pem), [`to_pem_as`](Material::to_pem_as) | keys of key pairs, certificates |
//! | DER, whatever it is by its structure | [`from_der`](Material::from_der) | [`to_der`](Material::to_der), [`to_der_as`](Material::to_der_as) | the same |
//! | PKCS#8 ([`KeyEncoding::Pkcs8`]) | both | both | private keys |
//! | PKCS#8, encrypted (PBES2 with AES) | [`from_pem_with_password`](Material::from_pem_with_password), [`from_der_with_password`](Material::from_der_with_password) | [`to_encrypted_pem`](Material::to_encrypted_pem), [`to_encrypted_der`](Material::to_encrypted_der) | private keys |
//! | PKCS#1 ([`KeyEncoding::Pkcs1`]) | both | both | RSA keys, private and public |
//! | SEC1 ([`KeyEncoding::Sec1`]) | both | both | private keys on a curve |
//! | SubjectPublicKeyInfo ([`KeyEncoding::Spki`]) | both | both | public keys |
//! | X.509 ([`KeyEncoding::X509`]) | both | both | certificates |
//! | PKCS#12 | `all_from_pkcs12`, with the feature `pkcs12` | `CertifiedKey::to_pkcs12`, with the feature `pkcs12` | private keys with certificates |
//! | JSON Web Key | `from_jwk`, with the feature `json` | `to_jwk`, with the feature `json` | keys |
//! | bytes | [`aes`](Material::aes), [`symmetric`](Material::symmetric), [`password`](Material::password), [`secret`](Material::secret), [`opaque`](Material::opaque) | [`to_bytes`](Material::to_bytes) | symmetric keys, secrets, opaque objects |
//! | key types of other libraries, by the traits of [`pkcs8`] | [`from_private_key`](Material::from_private_key), [`from_public_key`](Material::from_public_key) | [`to_private_key`](Material::to_private_key), [`to_public_key`](Material::to_public_key) | keys of key pairs |
//! | a new key | [`generate_aes`](Material::generate_aes), [`generate_rsa`](Material::generate_rsa), [`generate_on_curve`](Material::generate_on_curve), [`generate_ed25519`](Material::generate_ed25519) | | symmetric and private keys |
//! | managed objects, in any Key Format Type | [`from_object`](Material::from_object) | [`to_object`](Material::to_object), [`to_object_as`](Material::to_object_as) | all |
//!
//! The other libraries include RustCrypto's `rsa` 0.10, `p256`, `p384`, `p521` and `k256` 0.14, and `ed25519-dalek` 3 with
//! its feature `pkcs8`: it takes no feature here, and none of them is built with this package.
//!
//! Key pairs are of RSA up to 8192 bits; on P-256, P-384, P-521 and secp256k1; Ed25519 and X25519, and with the feature
//! `server` Ed448 and X448; and DSA and
//! Diffie-Hellman up to 8192 bits, which JSON Web Keys do not have. Symmetric keys are
//! of any algorithm. [`convert`] puts an object into another Key Format Type, for where a server does not.
//!
//! # What is done with them
//!
//! - [`CertifiedKey`] registers a certificate with its keys, and links them.
//! - [`wrap`] wraps keys by others, and unwraps what a server gave wrapped: AES Key Wrap, with padding and without,
//!   AES-GCM and RSA; with MACs before, after or alone.
//! - [`envelope`] encrypts data of any size by a key of its own that a key of the server's encrypts.

mod block;
mod bounds;
pub(crate) mod certificate;
mod certified;
mod curve;
#[cfg(feature = "server")]
pub(crate) mod curve448;
pub(crate) mod encrypted;
pub mod envelope;
mod error;
#[cfg(feature = "server")]
mod ffdhe;
mod generating;
mod group;
mod interop;
#[cfg(feature = "json")]
mod jwk;
mod material;
pub(crate) mod oaep;
mod object;
pub(crate) mod pem;
#[cfg(feature = "pkcs12")]
pub(crate) mod pkcs12;
mod private_key;
mod public_key;
mod reading;
pub(crate) mod rsa;
pub mod wrap;
mod writing;
pub(crate) mod x509;

pub use block::convert;
#[cfg(feature = "server")]
pub(crate) use block::format_of;
pub use certified::{CertifiedKey, Registered, Registration};
pub(crate) use curve::Curve;
pub use error::KeyError;
#[cfg(feature = "server")]
pub(crate) use group::Group;
pub use material::Material;
/// The library whose traits say how keys of other libraries are read and written, in the generation that is used here.
pub use pkcs8;
pub(crate) use private_key::PrivateKey;
pub(crate) use public_key::PublicKey;
pub use writing::KeyEncoding;
