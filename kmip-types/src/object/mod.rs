//! Managed objects (KMIP 1.4 section 2.2, 2.1 chapter 2) and the key block in them.

mod key_block;
mod key_material;
mod key_value;
mod key_wrapping;
mod managed_object;

pub use key_block::{KeyBlock, PlainKeyValue};
pub use key_material::{
    KeyMaterial, TransparentDhPrivateKey, TransparentDhPublicKey, TransparentDsaPrivateKey,
    TransparentDsaPublicKey, TransparentEcPrivateKey, TransparentEcPublicKey, TransparentKey,
    TransparentRsaPrivateKey, TransparentRsaPublicKey, TransparentSymmetricKey,
};
pub use key_value::KeyValue;
pub use key_wrapping::{
    EncryptionKeyInformation, KeyWrappingData, KeyWrappingSpecification, MacSignatureKeyInformation,
};
pub use managed_object::{
    Certificate, CertificateRequest, ManagedObject, OpaqueObject, PgpKey, PrivateKey, PublicKey, SecretData,
    SplitKey, SymmetricKey, Template,
};
