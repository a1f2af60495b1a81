//! Every structure of the registry that is no payload.

use std::collections::BTreeSet;
use std::fmt::Debug;

use arbitrary::{Arbitrary, Result, Unstructured};
use kmip_types::attribute::*;
use kmip_types::enumerations::KeyFormatType;
use kmip_types::item::Revealed;
use kmip_types::message::*;
use kmip_types::object::*;
use kmip_types::operation::*;
use kmip_types::ttlv::{Decode, DecodeSelected, Encode, Root, Structure, Writer};
use kmip_types::{EncodeError, ProtocolVersion, Tag, schemas};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::kind::{Kind, Tally, cases};
use crate::secrets::assert_all_looked_for;

const V1_4: ProtocolVersion = ProtocolVersion::V1_4;
const V2_0: ProtocolVersion = ProtocolVersion::V2_0;

/// A structure of the registry, by its tag and the name of its schema, and the search for a value that fails.
struct Subject {
    tag: Tag,
    schema: &'static str,
    run: Box<dyn Fn(u32) -> Tally>,
}

impl Subject {
    fn new<T: Checked + Decode + Structure + Root + Serialize + DeserializeOwned>(tag: Tag) -> Self {
        Self::stating::<T>(tag, |_, _| ())
    }

    /// What states the version that it is in.
    fn stating<T: Checked + Decode + Structure + Root + Serialize + DeserializeOwned>(
        tag: Tag,
        state: fn(&mut T, ProtocolVersion),
    ) -> Self {
        assert_eq!(T::TAG, tag, "{} has another tag of its own", T::SCHEMA.name);
        let kind = Kind::<T>::new(format!("{} under {tag}", T::SCHEMA.name), tag).prepare(state);
        let see = move |value: &T, carried: usize| check_serde(value, tag, carried > 0 && !T::STATES_VERSION);
        Self { tag, schema: T::SCHEMA.name, run: Box::new(move |cases| kind.run(cases, see)) }
    }

    fn of<T: Checked>(tag: Tag, schema: &'static str, kind: Kind<T>) -> Self {
        Self { tag, schema, run: Box::new(move |cases| kind.run(cases, |_, _| ())) }
    }
}

trait Checked: for<'a> Arbitrary<'a> + Clone + Debug + Encode + PartialEq + 'static {}

impl<T: for<'a> Arbitrary<'a> + Clone + Debug + Encode + PartialEq + 'static> Checked for T {}

/// What serde makes of a value is the item that it is, and the value again.
fn check_serde<T: Debug + PartialEq + Serialize + DeserializeOwned>(value: &T, tag: Tag, is_due: bool) {
    match serde_json::to_value(Revealed(value)) {
        Ok(json) => {
            assert_eq!(json["tag"], tag.to_string());
            assert_eq!(serde_json::from_value::<T>(json).unwrap(), *value);
        }
        Err(error) => assert!(!is_due, "{error}\n{value:#?}"),
    }
}

/// Subjects by type and tag.
macro_rules! subjects {
    ($($type:ident: $tag:ident),* $(,)?) => {
        vec![$(Subject::new::<$type>(Tag::$tag)),*]
    };
}

fn of_messages() -> Vec<Subject> {
    let mut subjects = vec![
        Subject::stating::<RequestMessage>(Tag::REQUEST_MESSAGE, |message, version| {
            message.request_header.protocol_version = version;
        }),
        Subject::stating::<RequestHeader>(Tag::REQUEST_HEADER, |header, version| {
            header.protocol_version = version;
        }),
        Subject::stating::<ResponseMessage>(Tag::RESPONSE_MESSAGE, |message, version| {
            message.response_header.protocol_version = version;
        }),
        Subject::stating::<ResponseHeader>(Tag::RESPONSE_HEADER, |header, version| {
            header.protocol_version = version;
        }),
    ];
    subjects.extend(subjects! {
        RequestBatchItem: BATCH_ITEM,
        ResponseBatchItem: BATCH_ITEM,
        Authentication: AUTHENTICATION,
        Credential: CREDENTIAL,
        UsernameAndPasswordCredential: CREDENTIAL_VALUE,
        DeviceCredential: CREDENTIAL_VALUE,
        AttestationCredential: CREDENTIAL_VALUE,
        OneTimePasswordCredential: CREDENTIAL_VALUE,
        HashedPasswordCredential: CREDENTIAL_VALUE,
        TicketCredential: CREDENTIAL_VALUE,
        MessageExtension: MESSAGE_EXTENSION,
        Nonce: NONCE,
        ProtocolVersion: PROTOCOL_VERSION,
        Ticket: TICKET,
    });
    subjects
}

fn of_objects() -> Vec<Subject> {
    let mut subjects = subjects! {
        Certificate: CERTIFICATE,
        CertificateRequest: CERTIFICATE_REQUEST,
        OpaqueObject: OPAQUE_OBJECT,
        PgpKey: PGP_KEY,
        PrivateKey: PRIVATE_KEY,
        PublicKey: PUBLIC_KEY,
        SecretData: SECRET_DATA,
        SplitKey: SPLIT_KEY,
        SymmetricKey: SYMMETRIC_KEY,
        Template: TEMPLATE,
        KeyBlock: KEY_BLOCK,
        KeyWrappingData: KEY_WRAPPING_DATA,
        KeyWrappingSpecification: KEY_WRAPPING_SPECIFICATION,
        EncryptionKeyInformation: ENCRYPTION_KEY_INFORMATION,
        MacSignatureKeyInformation: MAC_SIGNATURE_KEY_INFORMATION,
        TransparentSymmetricKey: KEY_MATERIAL,
        TransparentRsaPrivateKey: KEY_MATERIAL,
        TransparentRsaPublicKey: KEY_MATERIAL,
        TransparentDsaPrivateKey: KEY_MATERIAL,
        TransparentDsaPublicKey: KEY_MATERIAL,
        TransparentDhPrivateKey: KEY_MATERIAL,
        TransparentDhPublicKey: KEY_MATERIAL,
        TransparentEcPrivateKey: KEY_MATERIAL,
        TransparentEcPublicKey: KEY_MATERIAL,
    };
    let kind = Kind::selected("PlainKeyValue", Tag::KEY_VALUE, |value: &OfFormat, tag, reader| {
        let format = value.format;
        Ok(OfFormat { format, value: PlainKeyValue::decode_selected(&format, tag, reader)? })
    });
    subjects.push(Subject::of(Tag::KEY_VALUE, PlainKeyValue::SCHEMA.name, kind));
    subjects
}

/// A plain key value with the format that it is read in.
#[derive(Clone, Debug, PartialEq)]
struct OfFormat {
    format: KeyFormatType,
    value: PlainKeyValue,
}

impl<'a> Arbitrary<'a> for OfFormat {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let key_block = KeyBlock::arbitrary(u)?;
        match key_block.key_value {
            Some(KeyValue::Plain(value)) => Ok(Self { format: key_block.key_format_type, value }),
            _ => Err(arbitrary::Error::IncorrectFormat),
        }
    }
}

impl Encode for OfFormat {
    fn encode(&self, tag: Tag, writer: &mut Writer) -> std::result::Result<(), EncodeError> {
        self.value.encode(tag, writer)
    }
}

fn of_attributes() -> Vec<Subject> {
    let mut subjects = subjects! {
        AlternativeName: ALTERNATIVE_NAME,
        ApplicationSpecificInformation: APPLICATION_SPECIFIC_INFORMATION,
        CertificateIdentifier: CERTIFICATE_IDENTIFIER,
        CertificateIssuer: CERTIFICATE_ISSUER,
        CertificateSubject: CERTIFICATE_SUBJECT,
        CryptographicDomainParameters: CRYPTOGRAPHIC_DOMAIN_PARAMETERS,
        CryptographicParameters: CRYPTOGRAPHIC_PARAMETERS,
        Digest: DIGEST,
        KeyValueLocation: KEY_VALUE_LOCATION,
        Link: LINK,
        Name: NAME,
        RevocationReason: REVOCATION_REASON,
        RngParameters: RNG_PARAMETERS,
        RotateName: ROTATE_NAME,
        UsageLimits: USAGE_LIMITS,
        VendorAttribute: ATTRIBUTE,
        X509CertificateIdentifier: X_509_CERTIFICATE_IDENTIFIER,
        X509CertificateIssuer: X_509_CERTIFICATE_ISSUER,
        X509CertificateSubject: X_509_CERTIFICATE_SUBJECT,
        AttributeName: ATTRIBUTE_REFERENCE,
    };
    // Which form attributes are read in, their tag says: one of the versions before KMIP 2.0, or one of those since.
    let single = |tag| Kind::<SingleAttribute>::new(format!("SingleAttribute under {tag}"), tag);
    let several = |tag| Kind::<Attributes>::new(format!("Attributes under {tag}"), tag);
    subjects.push(Subject::of(Tag::ATTRIBUTE, "Attribute", single(Tag::ATTRIBUTE).until(V1_4)));
    for tag in [Tag::CURRENT_ATTRIBUTE, Tag::NEW_ATTRIBUTE] {
        subjects.push(Subject::of(tag, "SingleAttribute", single(tag).since(V2_0)));
    }
    for tag in [
        Tag::TEMPLATE_ATTRIBUTE,
        Tag::COMMON_TEMPLATE_ATTRIBUTE,
        Tag::PRIVATE_KEY_TEMPLATE_ATTRIBUTE,
        Tag::PUBLIC_KEY_TEMPLATE_ATTRIBUTE,
    ] {
        subjects.push(Subject::of(tag, "TemplateAttribute", several(tag).until(V1_4)));
    }
    for tag in
        [Tag::ATTRIBUTES, Tag::COMMON_ATTRIBUTES, Tag::PRIVATE_KEY_ATTRIBUTES, Tag::PUBLIC_KEY_ATTRIBUTES]
    {
        subjects.push(Subject::of(tag, "Attributes", several(tag).since(V2_0)));
    }
    subjects
}

fn of_operations() -> Vec<Subject> {
    subjects! {
        AsynchronousCorrelationValues: ASYNCHRONOUS_CORRELATION_VALUES,
        AsynchronousRequest: ASYNCHRONOUS_REQUEST,
        CapabilityInformation: CAPABILITY_INFORMATION,
        Constraint: CONSTRAINT,
        Constraints: CONSTRAINTS,
        DefaultsInformation: DEFAULTS_INFORMATION,
        DerivationParameters: DERIVATION_PARAMETERS,
        ExtensionInformation: EXTENSION_INFORMATION,
        ObjectDefaults: OBJECT_DEFAULTS,
        ObjectGroups: OBJECT_GROUPS,
        ObjectTypes: OBJECT_TYPES,
        Objects: OBJECTS,
        Operations: OPERATIONS,
        ProfileInformation: PROFILE_INFORMATION,
        ProfileVersion: PROFILE_VERSION,
        ProtectionStorageMasks: PROTECTION_STORAGE_MASKS,
        Right: RIGHT,
        Rights: RIGHTS,
        ServerInformation: SERVER_INFORMATION,
        ValidationInformation: VALIDATION_INFORMATION,
    }
}

/// Every one must hold for all values, and some value of each must be carried by some version.
fn check(subjects: Vec<Subject>) {
    let mut whole = Tally::default();
    for subject in &subjects {
        let mut tally = (subject.run)(cases(24));
        if tally.carried == 0 {
            // A structure that few versions have, with fields that few have, needs more tries.
            tally = tally.and((subject.run)(cases(24) * 20));
        }
        assert!(tally.carried > 0, "no version carried {} under {}", subject.schema, subject.tag);
        whole = whole.and(tally);
    }
    let is_checked = |entry: &&schemas::Entry| {
        subjects.iter().any(|subject| (subject.tag, subject.schema) == (entry.tag, entry.schema.name))
    };
    let schemas = schemas::STRUCTURES.iter().filter(is_checked).map(|entry| entry.schema);
    let secrets = assert_all_looked_for(schemas);
    eprintln!("{} structures, of which fields with {secrets} tags are secrets: {whole}", subjects.len());
}

#[test]
fn structures_of_messages_survive() {
    check(of_messages());
}

#[test]
fn structures_of_objects_survive() {
    check(of_objects());
}

#[test]
fn structures_of_attributes_survive() {
    check(of_attributes());
}

#[test]
fn structures_of_operations_survive() {
    check(of_operations());
}

#[test]
fn every_structure_of_the_registry_is_checked() {
    let subjects = [of_messages(), of_objects(), of_attributes(), of_operations()];
    let checked: BTreeSet<_> =
        subjects.iter().flatten().map(|subject| (subject.tag, subject.schema)).collect();
    let registry: BTreeSet<_> =
        schemas::STRUCTURES.iter().map(|entry| (entry.tag, entry.schema.name)).collect();
    assert_eq!(checked, registry);
}
