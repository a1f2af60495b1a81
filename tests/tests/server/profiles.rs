//! The profiles that Query names: what each asks of a server beyond a Baseline Server (KMIP Profiles 2.1 chapter 5) is asked of
//! this one.

use kmip_sdk::server::ServerOptions;
use kmip_sdk::types::attribute::{
    AlternativeName, ApplicationSpecificInformation, Attribute, Attributes, Name, UniqueIdentifier,
    VendorAttribute,
};
use kmip_sdk::types::enumerations::{
    AlternativeNameType, CryptographicAlgorithm as A, KeyFormatType as F, ObjectType as T, OpaqueDataType,
    Operation as O, ProfileName as P, QueryFunction, ResultStatus, SecretDataType,
};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::object::{KeyBlock, KeyMaterial, ManagedObject, OpaqueObject, SecretData};
use kmip_sdk::types::operation::{
    CreateKeyPairRequest, CreateRequest, GetRequest, QueryRequest, QueryResponse, RegisterRequest,
    RequestPayload,
};
use kmip_sdk::types::{DateTime, ProtocolVersion, Tag, Value};

use crate::support::{Peer, START};

/// What a profile asks for.
struct Profile {
    name: P,
    operations: &'static [O],
    object_types: &'static [T],
    /// The algorithms, with the lengths of the keys that Create or Create Key Pair makes.
    made: &'static [(A, i32)],
    /// The formats in which Get gives what is made, private keys first.
    formats: &'static [(T, F)],
    attributes: &'static [Tag],
    vendor: Option<Vendor>,
    /// The batch counts.
    batches: std::ops::RangeInclusive<usize>,
}

/// What is asked for of a vendor's attributes: how many an object has, and how many characters a name and a value have.
struct Vendor {
    count: usize,
    name: usize,
    value: usize,
    types: &'static [fn(usize) -> Value],
}

const fn profile(name: P, operations: &'static [O]) -> Profile {
    Profile {
        name,
        operations,
        object_types: &[],
        made: &[],
        formats: &[],
        attributes: &[],
        vendor: None,
        batches: 1..=1,
    }
}

fn text(length: usize) -> Value {
    Value::TextString("v".repeat(length))
}

const SYMMETRIC: &[(T, F)] = &[(T::SymmetricKey, F::Raw), (T::SymmetricKey, F::TransparentSymmetricKey)];

const DATES: &[Tag] =
    &[Tag::CRYPTOGRAPHIC_ALGORITHM, Tag::OBJECT_TYPE, Tag::PROCESS_START_DATE, Tag::PROTECT_STOP_DATE];

fn profiles() -> Vec<Profile> {
    vec![
        profile(P::BaselineServer, &[]),
        // Section 5.6.2.
        Profile {
            object_types: &[T::SymmetricKey],
            made: &[(A::Des3, 168), (A::Aes, 256)],
            formats: SYMMETRIC,
            attributes: DATES,
            ..profile(P::SymmetricKeyLifecycleServer, &[O::Create])
        },
        // Section 5.7.4.
        Profile {
            object_types: &[T::SymmetricKey],
            made: &[(A::Des3, 168), (A::Aes, 128), (A::Aes, 192), (A::Aes, 256)],
            formats: SYMMETRIC,
            attributes: &[
                Tag::CRYPTOGRAPHIC_ALGORITHM,
                Tag::CRYPTOGRAPHIC_LENGTH,
                Tag::OBJECT_TYPE,
                Tag::PROCESS_START_DATE,
                Tag::PROTECT_STOP_DATE,
            ],
            ..profile(P::SymmetricKeyFoundryServer, &[O::Create])
        },
        // Section 5.8.2.
        Profile {
            object_types: &[T::PublicKey, T::PrivateKey],
            made: &[(A::Rsa, 2048)],
            formats: &[
                (T::PrivateKey, F::Pkcs1),
                (T::PrivateKey, F::Pkcs8),
                (T::PrivateKey, F::TransparentRsaPrivateKey),
                (T::PublicKey, F::Pkcs1),
                (T::PublicKey, F::TransparentRsaPublicKey),
            ],
            attributes: DATES,
            ..profile(P::AsymmetricKeyLifecycleServer, &[])
        },
        // Sections 5.9.4 to 5.9.6.
        profile(P::BasicCryptographicServer, &[O::Decrypt, O::Encrypt]),
        profile(
            P::AdvancedCryptographicServer,
            &[
                O::Decrypt,
                O::Encrypt,
                O::Hash,
                O::Mac,
                O::MacVerify,
                O::RngRetrieve,
                O::RngSeed,
                O::Sign,
                O::SignatureVerify,
            ],
        ),
        profile(P::RngCryptographicServer, &[O::RngRetrieve, O::RngSeed]),
        // Section 5.10.2.
        Profile {
            object_types: &[T::OpaqueObject],
            attributes: &[Tag::OBJECT_TYPE],
            ..profile(P::OpaqueManagedObjectStoreServer, &[O::Register])
        },
        // Section 5.11.2.
        Profile {
            object_types: &[T::SecretData],
            vendor: Some(Vendor { count: 20, name: 128, value: 128, types: &[text] }),
            ..profile(P::StorageArrayWithSelfEncryptingDriveServer, &[O::Register])
        },
        // Section 5.12.5.
        Profile {
            object_types: &[T::SymmetricKey],
            made: &[(A::Aes, 256)],
            formats: &[(T::SymmetricKey, F::Raw)],
            attributes: &[
                Tag::ALTERNATIVE_NAME,
                Tag::APPLICATION_SPECIFIC_INFORMATION,
                Tag::CRYPTOGRAPHIC_ALGORITHM,
                Tag::NAME,
            ],
            vendor: Some(Vendor {
                count: 30,
                name: 64,
                value: 255,
                types: &[text, |_| Value::Integer(7), |_| Value::DateTime(DateTime::from_seconds(START))],
            }),
            batches: 1..=32,
            ..profile(P::TapeLibraryServer, &[O::Create])
        },
        // Section 5.13.2.
        Profile {
            object_types: &[T::SymmetricKey],
            made: &[(A::Aes, 256)],
            formats: SYMMETRIC,
            attributes: &[Tag::OBJECT_TYPE],
            ..profile(P::AesXtsServer, &[O::Create])
        },
    ]
}

fn query(peer: &Peer) -> QueryResponse {
    let functions =
        [QueryFunction::QueryProfiles, QueryFunction::QueryOperations, QueryFunction::QueryObjects];
    peer.call(QueryRequest::new(functions)).unwrap()
}

fn named(peer: &Peer) -> Vec<P> {
    query(peer).profile_information.iter().map(|one| one.profile_name).collect()
}

/// The attributes that the profile asks for, as a client sets them on a new object.
fn set_by_client(name: &str) -> Attributes {
    let at = |seconds| DateTime::from_seconds(START + seconds);
    Attributes::new()
        .with(Attribute::ActivationDate(at(0)))
        .with(Attribute::ProcessStartDate(at(10)))
        .with(Attribute::ProtectStopDate(at(20)))
        .with(Attribute::Name(Name::text("n".repeat(255 - name.len()) + name)))
        .with(Attribute::AlternativeName(AlternativeName {
            alternative_name_value: "barcode".to_owned(),
            alternative_name_type: AlternativeNameType::UninterpretedTextString,
        }))
        .with(Attribute::ApplicationSpecificInformation(ApplicationSpecificInformation {
            application_namespace: "LIBRARY-LTO6".to_owned(),
            application_data: Some("00FF".to_owned()),
        }))
}

/// Makes keys, and gives the private or the symmetric one, and the public one.
fn make(peer: &Peer, name: &str, algorithm: A, length: i32) -> Vec<(T, UniqueIdentifier)> {
    let attributes = set_by_client(name)
        .with(Attribute::CryptographicAlgorithm(algorithm))
        .with(Attribute::CryptographicLength(length));
    if algorithm == A::Rsa {
        let mut own = attributes.clone();
        own.extend([Attribute::CryptographicUsageMask(Mask::SIGN)]);
        let attributes = |suffix: &str| {
            let mut set = Attributes::new().with(Attribute::CryptographicUsageMask(Mask::VERIFY));
            set.extend(
                own.iter()
                    .filter(|one| !matches!(one, Attribute::CryptographicUsageMask(_) | Attribute::Name(_)))
                    .cloned(),
            );
            Some(set.with(Attribute::Name(Name::text(format!("{name} {suffix}")))))
        };
        let request = CreateKeyPairRequest {
            private_key_attributes: attributes("private"),
            public_key_attributes: attributes("public"),
            ..CreateKeyPairRequest::default()
        };
        let pair = peer.call(request).unwrap();
        return vec![
            (T::PrivateKey, pair.private_key_unique_identifier),
            (T::PublicKey, pair.public_key_unique_identifier),
        ];
    }
    let attributes = attributes.with(Attribute::CryptographicUsageMask(Mask::ENCRYPT));
    let made = peer.call(CreateRequest::new(T::SymmetricKey, attributes)).unwrap();
    vec![(T::SymmetricKey, made.unique_identifier)]
}

/// An object of a kind that is registered.
fn register(peer: &Peer, object_type: T, more: Attributes) -> UniqueIdentifier {
    let object = match object_type {
        T::OpaqueObject => ManagedObject::OpaqueObject(OpaqueObject {
            opaque_data_type: OpaqueDataType::Other(0x8000_0001),
            opaque_data_value: b"opaque".as_slice().into(),
        }),
        T::SecretData => ManagedObject::SecretData(SecretData {
            secret_data_type: SecretDataType::Password,
            key_block: KeyBlock {
                cryptographic_algorithm: None,
                cryptographic_length: None,
                ..KeyBlock::plain(F::Raw, KeyMaterial::bytes(b"secret".as_slice()), A::Aes, 48)
            },
        }),
        other => panic!("{other}"),
    };
    let attributes = more.with(Attribute::CryptographicUsageMask(Mask::empty()));
    peer.call(RegisterRequest::new(object_type, attributes, object)).unwrap().unique_identifier
}

#[test]
fn what_a_profile_asks_for_is_there() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let response = query(&peer);
    let rows = profiles();
    let mut expected: Vec<P> = rows.iter().map(|row| row.name).collect();
    let mut found = named(&peer);
    expected.sort_by_key(|name| name.value());
    found.sort_by_key(|name| name.value());
    assert_eq!(found, expected, "no profile is named that is not looked at here");
    for row in rows {
        let name = row.name;
        row.operations.iter().for_each(|one| assert!(response.operation.contains(one), "{name} {one}"));
        row.object_types.iter().for_each(|one| assert!(response.object_type.contains(one), "{name} {one}"));
        for (number, (algorithm, length)) in row.made.iter().enumerate() {
            let what = format!("{name} {algorithm} {length}");
            let made = make(&peer, &format!("{name}-{number}"), *algorithm, *length);
            for (object_type, identifier) in &made {
                let attributes = peer.attributes(identifier);
                for tag in row.attributes {
                    let is_there =
                        attributes.iter().any(|one| kmip_sdk::types::ttlv::Tagged::tag(one) == *tag);
                    assert!(is_there, "{what} {object_type} {tag}");
                }
                assert_eq!(attributes.cryptographic_algorithm(), Some(*algorithm), "{what}");
                assert_eq!(attributes.cryptographic_length(), Some(*length), "{what}");
                for (_, format) in row.formats.iter().filter(|(of, _)| of == object_type) {
                    let request =
                        GetRequest { key_format_type: Some(*format), ..GetRequest::new(identifier.clone()) };
                    let object = peer.call(request).unwrap().object;
                    assert_eq!(object.key_block().unwrap().key_format_type, *format, "{what}");
                }
            }
        }
        if let Some(vendor) = &row.vendor {
            has_vendors_attributes(&peer, &row, vendor);
        }
        if row.object_types == [T::OpaqueObject] {
            let identifier = register(&peer, T::OpaqueObject, Attributes::new());
            assert_eq!(peer.attributes(&identifier).object_type(), Some(T::OpaqueObject));
        }
        for count in row.batches {
            answers_a_batch(&peer, name, count);
        }
    }
}

fn has_vendors_attributes(peer: &Peer, row: &Profile, vendor: &Vendor) {
    let mut wanted = Attributes::new();
    for number in 0..vendor.count {
        let value = vendor.types[number % vendor.types.len()](vendor.value);
        wanted.extend([Attribute::Vendor(Box::new(VendorAttribute {
            vendor_identification: "x".to_owned(),
            attribute_name: format!("{number:0width$}", width = vendor.name),
            attribute_value: value,
        }))]);
    }
    let identifier = match row.object_types {
        [T::SecretData] => register(peer, T::SecretData, wanted.clone()),
        _ => peer.create(wanted.iter().cloned()),
    };
    let found: Vec<Attribute> = peer
        .attributes(&identifier)
        .iter()
        .filter(|one| matches!(one, Attribute::Vendor(_)))
        .cloned()
        .collect();
    assert_eq!(found, wanted.iter().cloned().collect::<Vec<_>>(), "{}", row.name);
}

/// In the order of the batch, which is said.
fn answers_a_batch(peer: &Peer, name: P, count: usize) {
    let payloads =
        (0..count).map(|_| RequestPayload::Query(QueryRequest::new([QueryFunction::QueryObjects])));
    let response = peer.send(payloads.collect(), |message| {
        message.request_header.batch_order_option = Some(true);
    });
    assert_eq!(response.batch_item.len(), count, "{name}");
    let is_done =
        |item: &kmip_sdk::types::message::ResponseBatchItem| item.result_status == ResultStatus::Success;
    assert!(response.batch_item.iter().all(is_done), "{name} {count}");
}

/// Without one of its operations the server does not keep to a profile.
#[test]
fn a_profile_is_not_named_without_its_operations() {
    for row in profiles() {
        for operation in row.operations {
            let options = ServerOptions::default().without_operation(*operation);
            let peer = Peer::with(ProtocolVersion::V2_1, options);
            assert!(!named(&peer).contains(&row.name), "{} {operation}", row.name);
        }
    }
    // The Quantum Safe Server makes keys of algorithms that no kept library has.
    assert!(!named(&Peer::new(ProtocolVersion::V2_1)).contains(&P::QuantumSafeServer));
}
