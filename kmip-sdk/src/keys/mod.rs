//! Keys as keys.

mod block;
mod bounds;
pub(crate) mod certificate;
mod certified;
mod curve;
pub(crate) mod encrypted;
mod error;
mod interop;
#[cfg(feature = "json")]
mod jwk;
mod material;
mod object;
pub(crate) mod pem;
#[cfg(feature = "pkcs12")]
pub(crate) mod pkcs12;
mod private_key;
mod public_key;
mod reading;
pub(crate) mod rsa;
mod writing;
pub(crate) mod x509;

pub use block::convert;
#[cfg(feature = "server")]
pub(crate) use block::format_of;
pub use certified::{CertifiedKey, Registered, Registration};
pub(crate) use curve::Curve;
pub use error::KeyError;
pub use material::Material;
/// The library whose traits say how keys of other libraries are read and written, in the generation that is used here.
pub use pkcs8;
pub(crate) use private_key::PrivateKey;
pub(crate) use public_key::PublicKey;
pub use writing::KeyEncoding;
