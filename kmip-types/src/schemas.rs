//! The registry of the typed structures: what each is in the standard, and its schema.
//!
//! `cargo xtask audit` compares every entry with the tables of every version, and says which structures of the
//! standard and which derived structs have no entry.

use crate::attribute::{
    AlternativeName, ApplicationSpecificInformation, Attribute, AttributeEntry, AttributeName, Attributes,
    CertificateIdentifier, CertificateIssuer, CertificateSubject, CryptographicDomainParameters,
    CryptographicParameters, Digest, KeyValueLocation, Link, Name, RevocationReason, RngParameters,
    RotateName, SingleAttribute, UsageLimits, VendorAttribute, X509CertificateIdentifier,
    X509CertificateIssuer, X509CertificateSubject,
};
use crate::generated::enumerations::Operation;
use crate::message::{
    AttestationCredential, Authentication, Credential, DeviceCredential, HashedPasswordCredential,
    MessageExtension, Nonce, OneTimePasswordCredential, RequestBatchItem, RequestHeader, RequestMessage,
    ResponseBatchItem, ResponseHeader, ResponseMessage, Ticket, TicketCredential,
    UsernameAndPasswordCredential,
};
use crate::object::{
    Certificate, CertificateRequest, EncryptionKeyInformation, KeyBlock, KeyWrappingData,
    KeyWrappingSpecification, MacSignatureKeyInformation, OpaqueObject, PgpKey, PlainKeyValue, PrivateKey,
    PublicKey, SecretData, SplitKey, SymmetricKey, Template, TransparentDhPrivateKey, TransparentDhPublicKey,
    TransparentDsaPrivateKey, TransparentDsaPublicKey, TransparentEcPrivateKey, TransparentEcPublicKey,
    TransparentRsaPrivateKey, TransparentRsaPublicKey, TransparentSymmetricKey,
};
use crate::operation::{
    AsynchronousCorrelationValues, AsynchronousRequest, CapabilityInformation, Constraint, Constraints,
    DefaultsInformation, DerivationParameters, ExtensionInformation, ObjectDefaults, ObjectGroups,
    ObjectTypes, Objects, Operations, ProfileInformation, ProfileVersion, ProtectionStorageMasks,
    RequestPayload, ResponsePayload, Right, Rights, ServerInformation, ValidationInformation,
};
use crate::ttlv::{Field, Schema, Structure, Tagged};
use crate::{ProtocolVersion, Tag};

/// A typed structure, and what it is in the standard.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The structure's tag.
    pub tag: Tag,
    /// The operation, for a payload.
    pub operation: Option<Operation>,
    /// Which of several structures of that tag it is, by the wire name of what decides, such as the Key Format
    /// Type `TransparentSymmetricKey`.
    pub variant: Option<&'static str>,
    /// The first version for which the struct stands; if none, the standard's first that has the structure.
    pub since: Option<ProtocolVersion>,
    /// The last version for which the struct stands; if none, the standard's last that has the structure.
    pub until: Option<ProtocolVersion>,
    /// The struct's fields.
    pub schema: &'static Schema,
}

/// Every typed structure: those of [`STRUCTURES`], then the payloads of every operation.
pub fn all() -> impl Iterator<Item = Entry> {
    let payloads = |tag, schemas: &'static [(Operation, &'static Schema)]| {
        schemas
            .iter()
            .map(move |(operation, schema)| Entry { operation: Some(*operation), ..Entry::new(tag, schema) })
    };
    let requests = payloads(Tag::REQUEST_PAYLOAD, RequestPayload::SCHEMAS);
    let responses = payloads(Tag::RESPONSE_PAYLOAD, ResponsePayload::SCHEMAS);
    STRUCTURES.iter().copied().chain(requests).chain(responses)
}

impl Entry {
    const fn new(tag: Tag, schema: &'static Schema) -> Self {
        Self { tag, operation: None, variant: None, since: None, until: None, schema }
    }

    const fn variant(mut self, variant: &'static str) -> Self {
        self.variant = Some(variant);
        self
    }

    const fn since(mut self, version: ProtocolVersion) -> Self {
        self.since = Some(version);
        self
    }

    const fn until(mut self, version: ProtocolVersion) -> Self {
        self.until = Some(version);
        self
    }
}

/// A type's entry.
const fn of<T: Structure>(tag: Tag) -> Entry {
    Entry::new(tag, T::SCHEMA)
}

/// Attributes by tag, as [`Attributes`] writes them from KMIP 2.0 on.
const ATTRIBUTES: &Schema = &Schema {
    name: "Attributes",
    fields: &[Field::repeated(Attribute::TAGS[0]).choice::<Attribute>()],
    catch_all: false,
};

/// Every typed structure that is no payload.
#[rustfmt::skip] // One a line.
pub const STRUCTURES: &[Entry] = &[
    // Messages.
    of::<RequestMessage>(Tag::REQUEST_MESSAGE),
    of::<RequestHeader>(Tag::REQUEST_HEADER),
    of::<RequestBatchItem>(Tag::BATCH_ITEM).variant("Request"),
    of::<ResponseMessage>(Tag::RESPONSE_MESSAGE),
    of::<ResponseHeader>(Tag::RESPONSE_HEADER),
    of::<ResponseBatchItem>(Tag::BATCH_ITEM).variant("Response"),
    of::<Authentication>(Tag::AUTHENTICATION),
    of::<Credential>(Tag::CREDENTIAL),
    of::<UsernameAndPasswordCredential>(Tag::CREDENTIAL_VALUE).variant("UsernameAndPassword"),
    of::<DeviceCredential>(Tag::CREDENTIAL_VALUE).variant("Device"),
    of::<AttestationCredential>(Tag::CREDENTIAL_VALUE).variant("Attestation"),
    of::<OneTimePasswordCredential>(Tag::CREDENTIAL_VALUE).variant("OneTimePassword"),
    of::<HashedPasswordCredential>(Tag::CREDENTIAL_VALUE).variant("HashedPassword"),
    of::<TicketCredential>(Tag::CREDENTIAL_VALUE).variant("Ticket"),
    of::<MessageExtension>(Tag::MESSAGE_EXTENSION),
    of::<Nonce>(Tag::NONCE),
    of::<ProtocolVersion>(Tag::PROTOCOL_VERSION),
    of::<Ticket>(Tag::TICKET),

    // Managed objects and what they are made of.
    of::<Certificate>(Tag::CERTIFICATE),
    of::<CertificateRequest>(Tag::CERTIFICATE_REQUEST),
    of::<OpaqueObject>(Tag::OPAQUE_OBJECT),
    of::<PgpKey>(Tag::PGP_KEY),
    of::<PrivateKey>(Tag::PRIVATE_KEY),
    of::<PublicKey>(Tag::PUBLIC_KEY),
    of::<SecretData>(Tag::SECRET_DATA),
    of::<SplitKey>(Tag::SPLIT_KEY),
    of::<SymmetricKey>(Tag::SYMMETRIC_KEY),
    of::<Template>(Tag::TEMPLATE),
    of::<KeyBlock>(Tag::KEY_BLOCK),
    of::<PlainKeyValue>(Tag::KEY_VALUE),
    of::<KeyWrappingData>(Tag::KEY_WRAPPING_DATA),
    of::<KeyWrappingSpecification>(Tag::KEY_WRAPPING_SPECIFICATION),
    of::<EncryptionKeyInformation>(Tag::ENCRYPTION_KEY_INFORMATION),
    of::<MacSignatureKeyInformation>(Tag::MAC_SIGNATURE_KEY_INFORMATION),
    of::<TransparentSymmetricKey>(Tag::KEY_MATERIAL).variant("TransparentSymmetricKey"),
    of::<TransparentRsaPrivateKey>(Tag::KEY_MATERIAL).variant("TransparentRSAPrivateKey"),
    of::<TransparentRsaPublicKey>(Tag::KEY_MATERIAL).variant("TransparentRSAPublicKey"),
    of::<TransparentDsaPrivateKey>(Tag::KEY_MATERIAL).variant("TransparentDSAPrivateKey"),
    of::<TransparentDsaPublicKey>(Tag::KEY_MATERIAL).variant("TransparentDSAPublicKey"),
    of::<TransparentDhPrivateKey>(Tag::KEY_MATERIAL).variant("TransparentDHPrivateKey"),
    of::<TransparentDhPublicKey>(Tag::KEY_MATERIAL).variant("TransparentDHPublicKey"),
    of::<TransparentEcPrivateKey>(Tag::KEY_MATERIAL).variant("TransparentECPrivateKey"),
    of::<TransparentEcPrivateKey>(Tag::KEY_MATERIAL).variant("TransparentECDSAPrivateKey"),
    of::<TransparentEcPrivateKey>(Tag::KEY_MATERIAL).variant("TransparentECDHPrivateKey"),
    of::<TransparentEcPrivateKey>(Tag::KEY_MATERIAL).variant("TransparentECMQVPrivateKey"),
    of::<TransparentEcPublicKey>(Tag::KEY_MATERIAL).variant("TransparentECPublicKey"),
    of::<TransparentEcPublicKey>(Tag::KEY_MATERIAL).variant("TransparentECDSAPublicKey"),
    of::<TransparentEcPublicKey>(Tag::KEY_MATERIAL).variant("TransparentECDHPublicKey"),
    of::<TransparentEcPublicKey>(Tag::KEY_MATERIAL).variant("TransparentECMQVPublicKey"),

    // Attributes.
    of::<AlternativeName>(Tag::ALTERNATIVE_NAME),
    of::<ApplicationSpecificInformation>(Tag::APPLICATION_SPECIFIC_INFORMATION),
    of::<CertificateIdentifier>(Tag::CERTIFICATE_IDENTIFIER),
    of::<CertificateIssuer>(Tag::CERTIFICATE_ISSUER),
    of::<CertificateSubject>(Tag::CERTIFICATE_SUBJECT),
    of::<CryptographicDomainParameters>(Tag::CRYPTOGRAPHIC_DOMAIN_PARAMETERS),
    of::<CryptographicParameters>(Tag::CRYPTOGRAPHIC_PARAMETERS),
    of::<Digest>(Tag::DIGEST),
    of::<KeyValueLocation>(Tag::KEY_VALUE_LOCATION),
    of::<Link>(Tag::LINK),
    of::<Name>(Tag::NAME),
    of::<RevocationReason>(Tag::REVOCATION_REASON),
    of::<RngParameters>(Tag::RNG_PARAMETERS),
    of::<RotateName>(Tag::ROTATE_NAME),
    of::<UsageLimits>(Tag::USAGE_LIMITS),
    of::<X509CertificateIdentifier>(Tag::X_509_CERTIFICATE_IDENTIFIER),
    of::<X509CertificateIssuer>(Tag::X_509_CERTIFICATE_ISSUER),
    of::<X509CertificateSubject>(Tag::X_509_CERTIFICATE_SUBJECT),
    of::<AttributeEntry>(Tag::ATTRIBUTE).until(ProtocolVersion::V1_4),
    of::<VendorAttribute>(Tag::ATTRIBUTE).since(ProtocolVersion::V2_0),
    of::<AttributeName>(Tag::ATTRIBUTE_REFERENCE),
    of::<Attributes>(Tag::TEMPLATE_ATTRIBUTE),
    of::<Attributes>(Tag::COMMON_TEMPLATE_ATTRIBUTE),
    of::<Attributes>(Tag::PRIVATE_KEY_TEMPLATE_ATTRIBUTE),
    of::<Attributes>(Tag::PUBLIC_KEY_TEMPLATE_ATTRIBUTE),
    Entry::new(Tag::ATTRIBUTES, ATTRIBUTES),
    Entry::new(Tag::COMMON_ATTRIBUTES, ATTRIBUTES),
    Entry::new(Tag::PRIVATE_KEY_ATTRIBUTES, ATTRIBUTES),
    Entry::new(Tag::PUBLIC_KEY_ATTRIBUTES, ATTRIBUTES),
    Entry::new(Tag::CURRENT_ATTRIBUTE, SingleAttribute::BY_TAG),
    Entry::new(Tag::NEW_ATTRIBUTE, SingleAttribute::BY_TAG),

    // What operations work with.
    of::<AsynchronousCorrelationValues>(Tag::ASYNCHRONOUS_CORRELATION_VALUES),
    of::<AsynchronousRequest>(Tag::ASYNCHRONOUS_REQUEST),
    of::<CapabilityInformation>(Tag::CAPABILITY_INFORMATION),
    of::<Constraint>(Tag::CONSTRAINT),
    of::<Constraints>(Tag::CONSTRAINTS),
    of::<DefaultsInformation>(Tag::DEFAULTS_INFORMATION),
    of::<DerivationParameters>(Tag::DERIVATION_PARAMETERS),
    of::<DerivationParameters>(Tag::DERIVATION_PARAMETERS).variant("PBKDF2"),
    of::<ExtensionInformation>(Tag::EXTENSION_INFORMATION),
    of::<ObjectDefaults>(Tag::OBJECT_DEFAULTS),
    of::<ObjectGroups>(Tag::OBJECT_GROUPS),
    of::<ObjectTypes>(Tag::OBJECT_TYPES),
    of::<Objects>(Tag::OBJECTS),
    of::<Operations>(Tag::OPERATIONS),
    of::<ProfileInformation>(Tag::PROFILE_INFORMATION),
    of::<ProfileVersion>(Tag::PROFILE_VERSION),
    of::<ProtectionStorageMasks>(Tag::PROTECTION_STORAGE_MASKS),
    of::<Right>(Tag::RIGHT),
    of::<Rights>(Tag::RIGHTS),
    of::<ServerInformation>(Tag::SERVER_INFORMATION),
    of::<ValidationInformation>(Tag::VALIDATION_INFORMATION),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_structure_is_listed_twice_for_a_version() {
        let entries: Vec<Entry> = all().collect();
        let stands = |entry: &Entry, version: ProtocolVersion| {
            entry.since.is_none_or(|since| since <= version)
                && entry.until.is_none_or(|until| version <= until)
        };
        for (index, entry) in entries.iter().enumerate() {
            for other in &entries[..index] {
                let same = entry.tag == other.tag
                    && entry.operation == other.operation
                    && entry.variant == other.variant
                    && ProtocolVersion::ALL
                        .iter()
                        .any(|version| stands(entry, *version) && stands(other, *version));
                assert!(
                    !same,
                    "{} and {} are both listed as {}",
                    entry.schema.name, other.schema.name, entry.tag
                );
            }
        }
    }

    #[test]
    fn every_operation_of_the_standard_has_its_payloads() {
        for info in crate::generated::operations::OPERATIONS {
            // The answer to Poll is that of the operation that is asked after.
            let tags: &[Tag] = match info.operation {
                Operation::Poll => &[Tag::REQUEST_PAYLOAD],
                _ => &[Tag::REQUEST_PAYLOAD, Tag::RESPONSE_PAYLOAD],
            };
            for tag in tags {
                let found = all().any(|entry| entry.tag == *tag && entry.operation == Some(info.operation));
                assert!(found, "{} of {}", tag, info.name);
            }
        }
    }
}
