//! Attributes of managed objects (KMIP 1.4 chapter 3, 2.1 chapters 4 and 5).
//!
//! [`Attributes`] is one typed collection for every version: before KMIP 2.0 it is written as named
//! [`Attribute`]s in a Template-Attribute, from 2.0 on by tag in an Attributes structure.

mod accessors;
#[expect(clippy::module_inception, reason = "the attribute is what the module is named for")]
mod attribute;
mod attributes;
mod certificate;
pub(crate) mod changes;
mod cryptography;
pub(crate) mod forms;
mod identifier;
pub mod inline;
mod named;
pub(crate) mod reference;
mod single;
mod structures;
#[cfg(feature = "json")]
mod text;
mod typed;

pub use attribute::Attribute;
pub use attributes::{AttributeEntry, Attributes};
pub use certificate::{
    CertificateIdentifier, CertificateIssuer, CertificateSubject, X509CertificateIdentifier,
    X509CertificateIssuer, X509CertificateSubject,
};
pub use changes::AttributeChange;
pub use cryptography::{CryptographicDomainParameters, CryptographicParameters, Digest, RngParameters};
pub use identifier::UniqueIdentifier;
pub use named::{CustomAttribute, VendorAttribute};
pub use reference::{AttributeName, AttributeReference, TagReference};
pub use single::SingleAttribute;
pub use structures::{
    AlternativeName, ApplicationSpecificInformation, KeyValueLocation, Link, Name, RevocationReason,
    RotateName, UsageLimits,
};
#[cfg(feature = "json")]
pub use text::AttributeTextError;
