//! Exchanges of a client with the server, over every operation that the server has.

use kmip_sdk::framing::Framing;
use kmip_sdk::server::{Server, ServerOptions};
use kmip_sdk::session::Session;
use kmip_sdk::types::attribute::{Attribute, Attributes, CryptographicParameters, Name, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    BlockCipherMode, CryptographicAlgorithm as A, HashingAlgorithm, KeyFormatType as F, ObjectType,
    OpaqueDataType, PaddingMethod, QueryFunction, RecommendedCurve, RevocationReasonCode, SecretDataType,
};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::message::{Authentication, Credential};
use kmip_sdk::types::object::{
    KeyBlock, KeyMaterial, KeyValue, ManagedObject, OpaqueObject, PrivateKey, SecretData, SymmetricKey,
    TransparentKey,
};
use kmip_sdk::types::operation::*;
use kmip_sdk::types::{DateTime, ProtocolVersion, SecretBigInteger, SecretBytes, Tag};
use kmip_sdk::{Error, RequestOptions};

use kmip_freed::{collect, holds};
use zeroize::Zeroizing;

use crate::Found;
use crate::marks::{MARK, mark};

const VERSIONS: [ProtocolVersion; 3] = [ProtocolVersion::V1_2, ProtocolVersion::V1_4, ProtocolVersion::V2_1];

/// A server, and a client in one version that names itself by a password.
struct Peer {
    server: Server,
    session: Session,
}

impl Peer {
    fn new(version: ProtocolVersion) -> Self {
        let authentication =
            Authentication { credential: vec![Credential::username_and_password("harbour", mark())] };
        let options = RequestOptions { authentication: Some(authentication), ..RequestOptions::default() };
        Self {
            server: Server::new(ServerOptions::default().user("harbour", std::str::from_utf8(MARK).unwrap())),
            session: Session::new(version).with_options(options),
        }
    }

    /// One exchange, as over a stream.
    fn call<R: Request>(&self, request: R) -> Result<R::Response, Error> {
        let (prepared, handle) = self.session.prepare_one(request)?;
        let mut stream = prepared.bytes();
        let request = Framing::new(Tag::REQUEST_MESSAGE).read_message(&mut stream).unwrap().unwrap();
        let answer = Zeroizing::new(self.server.handle(&request));
        let mut stream = &answer[..];
        let answer = Framing::new(Tag::RESPONSE_MESSAGE).read_message(&mut stream).unwrap().unwrap();
        prepared.complete(&answer)?.take(handle)
    }
}

fn usage() -> Attributes {
    Attributes::new()
        .with(Attribute::CryptographicUsageMask(
            CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT,
        ))
        .with(Attribute::ActivationDate(DateTime::from_seconds(1)))
}

pub(crate) fn register(object: ManagedObject) -> RegisterRequest {
    RegisterRequest::new(object.object_type().unwrap(), usage(), object)
}

pub(crate) fn symmetric(bytes: &[u8]) -> ManagedObject {
    let block = KeyBlock::plain(F::Raw, KeyMaterial::bytes(bytes), A::Aes, 8 * bytes.len() as i32);
    ManagedObject::SymmetricKey(SymmetricKey { key_block: block })
}

fn objects() -> Vec<ManagedObject> {
    let key_block = KeyBlock {
        cryptographic_algorithm: None,
        cryptographic_length: None,
        ..KeyBlock::plain(F::Raw, KeyMaterial::bytes(MARK.as_slice()), A::Aes, 0)
    };
    let transparent = KeyBlock::plain(
        F::TransparentSymmetricKey,
        KeyMaterial::Transparent(TransparentKey::SymmetricKey(
            kmip_sdk::types::object::TransparentSymmetricKey { key: MARK.as_slice().into() },
        )),
        A::Aes,
        8 * MARK.len() as i32,
    );
    vec![
        symmetric(MARK),
        ManagedObject::SymmetricKey(SymmetricKey { key_block: transparent }),
        ManagedObject::SecretData(SecretData { secret_data_type: SecretDataType::Password, key_block }),
        ManagedObject::OpaqueObject(OpaqueObject {
            opaque_data_type: OpaqueDataType::from(0x8000_0001),
            opaque_data_value: MARK.as_slice().into(),
        }),
    ]
}

#[test]
fn every_operation_leaves_nothing() {
    let mut found = Found::default();
    for version in VERSIONS {
        let peer = Peer::new(version);
        let mut look = |what: &str, run: &mut dyn FnMut()| {
            found.look(&format!("{what} in {version}"), &[MARK], run);
        };
        for object in objects() {
            let object_type = object.object_type().unwrap();
            let mut identifier = UniqueIdentifier::from("");
            look(&format!("Register of {object_type}"), &mut || {
                identifier = peer.call(register(object.clone())).unwrap().unique_identifier;
            });
            look(&format!("Get of {object_type}"), &mut || {
                drop(peer.call(GetRequest::new(identifier.clone())).unwrap());
            });
            for format in [F::Raw, F::TransparentSymmetricKey, F::Pkcs1] {
                look(&format!("Get of {object_type} as {format}"), &mut || {
                    let request =
                        GetRequest { key_format_type: Some(format), ..GetRequest::new(identifier.clone()) };
                    drop(peer.call(request));
                });
            }
            look("what asks for attributes", &mut || {
                drop(peer.call(GetAttributesRequest::all(identifier.clone())).unwrap());
                drop(
                    peer.call(GetAttributeListRequest { unique_identifier: Some(identifier.clone()) })
                        .unwrap(),
                );
                drop(peer.call(LocateRequest::default()).unwrap());
            });
            look("what changes attributes", &mut || {
                let name = |name: &str| Attribute::Name(Name::text(name));
                drop(peer.call(AddAttributeRequest::new(identifier.clone(), name("a"))));
                drop(peer.call(ModifyAttributeRequest::new(identifier.clone(), name("b"))));
                drop(peer.call(SetAttributeRequest::new(identifier.clone(), name("c"))));
                drop(peer.call(DeleteAttributeRequest::new(identifier.clone(), Tag::NAME)));
            });
            look("Activate, Revoke and Destroy", &mut || {
                drop(peer.call(ActivateRequest::new(identifier.clone())));
                let reason = RevocationReasonCode::CessationOfOperation;
                drop(peer.call(RevokeRequest::new(identifier.clone(), reason)));
                drop(peer.call(DestroyRequest::new(identifier.clone())).unwrap());
            });
        }
        look("Query and Discover Versions", &mut || {
            drop(peer.call(QueryRequest::new([
                QueryFunction::QueryOperations,
                QueryFunction::QueryServerInformation,
            ])));
            drop(peer.call(DiscoverVersionsRequest::default()).unwrap());
        });
        let peer = std::cell::RefCell::new(Some(peer));
        look("a server that ends with objects", &mut || {
            let peer = peer.take().unwrap();
            drop(peer.call(register(symmetric(MARK))).unwrap());
        });
    }
    found.assert_none();
}

/// How a plaintext is encrypted, and with what length in bytes: in whole blocks or not, and so long that buffers grow.
#[test]
fn plaintexts_leave_nothing() {
    let mut found = Found::default();
    let parameters = |mode, padding| CryptographicParameters {
        block_cipher_mode: Some(mode),
        padding_method: padding,
        random_iv: Some(true),
        ..CryptographicParameters::default()
    };
    let peer = Peer::new(ProtocolVersion::V2_1);
    let key = peer.call(register(symmetric(&[7; 32]))).unwrap().unique_identifier;
    for (mode, padding) in [
        (BlockCipherMode::Cbc, Some(PaddingMethod::Pkcs5)),
        (BlockCipherMode::Ecb, Some(PaddingMethod::Pkcs5)),
        (BlockCipherMode::Cbc, None),
        (BlockCipherMode::Ctr, None),
        (BlockCipherMode::Gcm, None),
    ] {
        for times in [1, 2, 1000] {
            let plaintext = MARK.repeat(times);
            found.look(&format!("{} bytes in {mode}", plaintext.len()), &[MARK], || {
                let encrypt = EncryptRequest {
                    cryptographic_parameters: Some(Box::new(parameters(mode, padding))),
                    ..EncryptRequest::new(key.clone(), plaintext.as_slice())
                };
                // A part of a block is refused where there is no padding.
                let Ok(encrypted) = peer.call(encrypt) else { return };
                for tag in [encrypted.authenticated_encryption_tag.clone(), Some(vec![0; 4])] {
                    let decrypt = DecryptRequest {
                        cryptographic_parameters: Some(Box::new(parameters(mode, padding))),
                        iv_counter_nonce: encrypted.iv_counter_nonce.clone(),
                        authenticated_encryption_tag: tag.filter(|_| mode == BlockCipherMode::Gcm),
                        ..DecryptRequest::new(key.clone(), encrypted.data.clone().unwrap())
                    };
                    drop(peer.call(decrypt));
                }
            });
        }
    }
    let pair = peer.call(pair(A::Rsa, None)).unwrap();
    for padding in [PaddingMethod::Pkcs1V1_5, PaddingMethod::Oaep] {
        found.look(&format!("RSA with {padding}"), &[MARK], || {
            let parameters = || {
                Some(Box::new(CryptographicParameters {
                    padding_method: Some(padding),
                    hashing_algorithm: Some(HashingAlgorithm::Sha256),
                    ..CryptographicParameters::default()
                }))
            };
            let encrypt = EncryptRequest {
                cryptographic_parameters: parameters(),
                ..EncryptRequest::new(pair.public_key_unique_identifier.clone(), MARK.as_slice())
            };
            let encrypted = peer.call(encrypt).unwrap();
            let decrypt = DecryptRequest {
                cryptographic_parameters: parameters(),
                ..DecryptRequest::new(pair.private_key_unique_identifier.clone(), encrypted.data.unwrap())
            };
            assert_eq!(peer.call(decrypt).unwrap().data.unwrap().reveal(), MARK);
        });
    }
    found.assert_none();
}

fn pair(algorithm: A, curve: Option<RecommendedCurve>) -> CreateKeyPairRequest {
    let mut common = usage().with(Attribute::CryptographicAlgorithm(algorithm));
    match curve {
        None => common.extend([Attribute::CryptographicLength(2048)]),
        Some(recommended_curve) => {
            let domain = kmip_sdk::types::attribute::CryptographicDomainParameters {
                recommended_curve: Some(recommended_curve),
                ..Default::default()
            };
            common.extend([Attribute::CryptographicDomainParameters(domain)]);
        }
    }
    CreateKeyPairRequest { common_attributes: Some(common), ..CreateKeyPairRequest::default() }
}

/// The secret numbers and bytes of a key.
fn secrets(object: &ManagedObject) -> Vec<Vec<u8>> {
    let number = |number: &SecretBigInteger| number.reveal().to_unsigned_bytes().unwrap().to_vec();
    match object.key_block().unwrap().key_material().unwrap() {
        KeyMaterial::Bytes(bytes) => vec![bytes.reveal().to_vec()],
        KeyMaterial::Transparent(TransparentKey::RsaPrivateKey(key)) => [
            &key.private_exponent,
            &key.p,
            &key.q,
            &key.prime_exponent_p,
            &key.prime_exponent_q,
            &key.crt_coefficient,
        ]
        .into_iter()
        .flatten()
        .map(number)
        .collect(),
        KeyMaterial::Transparent(TransparentKey::EcPrivateKey(key)) => vec![number(&key.d)],
        other => panic!("{other:?}"),
    }
}

#[test]
fn keys_that_the_server_makes_leave_nothing() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let get = |identifier: UniqueIdentifier, format| {
        let request = GetRequest { key_format_type: Some(format), ..GetRequest::new(identifier) };
        secrets(&peer.call(request).unwrap().object)
    };
    let check = |what: &str, blocks: Vec<Vec<u8>>, secrets: &[Vec<u8>]| {
        let secrets: Vec<&[u8]> = secrets.iter().map(Vec::as_slice).collect();
        let found: Vec<usize> = blocks.iter().filter(|block| holds(block, &secrets)).map(Vec::len).collect();
        assert!(found.is_empty(), "{what}: given back with the key, blocks of {found:?} bytes");
    };
    for algorithm in [A::Aes, A::Des3, A::HmacSha256] {
        let attributes = usage().with(Attribute::CryptographicAlgorithm(algorithm));
        let (response, blocks) =
            collect(|| peer.call(CreateRequest::new(ObjectType::SymmetricKey, attributes)).unwrap());
        check("Create", blocks, &get(response.unique_identifier, F::Raw));
    }
    for (algorithm, curve, format) in [
        (A::Rsa, None, F::TransparentRsaPrivateKey),
        (A::Ec, Some(RecommendedCurve::P256), F::TransparentEcPrivateKey),
        (A::Ec, Some(RecommendedCurve::P521), F::TransparentEcPrivateKey),
        (A::Ec, Some(RecommendedCurve::Curve25519), F::TransparentEcPrivateKey),
        (A::Ed25519, Some(RecommendedCurve::Curve25519), F::TransparentEcPrivateKey),
    ] {
        let (response, blocks) = collect(|| peer.call(pair(algorithm, curve)).unwrap());
        let secrets = get(response.private_key_unique_identifier, format);
        check(&format!("Create Key Pair of {algorithm} {curve:?}"), blocks, &secrets);
    }
}

#[test]
fn private_keys_leave_nothing_in_any_format() {
    let mut found = Found::default();
    let peer = Peer::new(ProtocolVersion::V2_1);
    for (algorithm, curve, transparent, formats) in [
        (A::Rsa, None, F::TransparentRsaPrivateKey, [F::Pkcs1, F::Pkcs8, F::TransparentRsaPrivateKey]),
        (
            A::Ec,
            Some(RecommendedCurve::P256),
            F::TransparentEcPrivateKey,
            [F::EcPrivateKey, F::Pkcs8, F::TransparentEcPrivateKey],
        ),
        (
            A::Ed25519,
            Some(RecommendedCurve::Curve25519),
            F::TransparentEcPrivateKey,
            [F::EcPrivateKey, F::Pkcs8, F::TransparentEcPrivateKey],
        ),
    ] {
        let made = peer.call(pair(algorithm, curve)).unwrap().private_key_unique_identifier;
        let get = |format| {
            let request = GetRequest { key_format_type: Some(format), ..GetRequest::new(made.clone()) };
            peer.call(request).unwrap().object
        };
        let numbers = secrets(&get(transparent));
        let numbers: Vec<&[u8]> = numbers.iter().map(Vec::as_slice).collect();
        for format in formats {
            let object = found.look(&format!("Get as {format}"), &numbers, || get(format));
            for to in formats {
                found.look(&format!("{algorithm} from {format} to {to}"), &numbers, || {
                    let registered = peer.call(register(object.clone())).unwrap().unique_identifier;
                    let request = GetRequest { key_format_type: Some(to), ..GetRequest::new(registered) };
                    drop(peer.call(request).unwrap());
                });
            }
            for (how, broken) in broken(&object) {
                found.look(&format!("{algorithm} as {format}, {how}"), &numbers, || {
                    if let Ok(registered) = peer.call(register(broken.clone())) {
                        for to in formats {
                            let identifier = registered.unique_identifier.clone();
                            drop(peer.call(GetRequest {
                                key_format_type: Some(to),
                                ..GetRequest::new(identifier)
                            }));
                        }
                    }
                });
            }
        }
    }
    found.assert_none();
}

/// The key with material that does not read, or not as what it is called.
fn broken(object: &ManagedObject) -> Vec<(&'static str, ManagedObject)> {
    let ManagedObject::PrivateKey(PrivateKey { key_block }) = object else { panic!() };
    let with = |format, key_material| {
        let mut block = key_block.clone();
        block.key_format_type = format;
        if let Some(KeyValue::Plain(value)) = &mut block.key_value {
            value.key_material = key_material;
        }
        ManagedObject::PrivateKey(PrivateKey { key_block: block })
    };
    let format = key_block.key_format_type;
    match key_block.key_material().unwrap() {
        KeyMaterial::Bytes(bytes) => {
            let bytes = bytes.reveal();
            let other = if format == F::Pkcs8 { F::Pkcs1 } else { F::Pkcs8 };
            let longer = SecretBytes::from([bytes, &[0]].concat());
            vec![
                ("cut", with(format, KeyMaterial::bytes(&bytes[..bytes.len() - 1]))),
                ("too long", with(format, KeyMaterial::Bytes(longer))),
                ("in another format", with(other, KeyMaterial::bytes(bytes))),
            ]
        }
        KeyMaterial::Transparent(TransparentKey::RsaPrivateKey(key)) => {
            let mut key = key.clone();
            key.crt_coefficient = None;
            let lacking = KeyMaterial::Transparent(TransparentKey::RsaPrivateKey(key.clone()));
            key.crt_coefficient = Some(SecretBigInteger::new((-1).into()));
            let negative = KeyMaterial::Transparent(TransparentKey::RsaPrivateKey(key));
            vec![
                ("without a number", with(format, lacking)),
                ("with a negative number", with(format, negative)),
            ]
        }
        _ => Vec::new(),
    }
}

#[test]
fn requests_that_do_not_read_leave_nothing() {
    let mut found = Found::default();
    for version in VERSIONS {
        let peer = Peer::new(version);
        for object in objects() {
            let (prepared, _) = peer.session.prepare_one(register(object)).unwrap();
            let whole = prepared.bytes();
            for at in (0..whole.len()).step_by(8) {
                for (what, bytes) in [
                    ("cut", SecretBytes::from(&whole[..at])),
                    ("another type", changed(whole, at + 3, |byte| if byte == 7 { 8 } else { 7 })),
                    ("another length", changed(whole, at + 7, |byte| byte.wrapping_add(1))),
                    ("other bits", changed(whole, at, |byte| !byte)),
                ] {
                    found.look(&format!("Register in {version}, {what} at {at}"), &[MARK], || {
                        drop(Zeroizing::new(peer.server.handle(bytes.reveal())));
                        let framing = Framing::new(Tag::REQUEST_MESSAGE);
                        drop(framing.read_message(&mut bytes.reveal()));
                    });
                }
            }
        }
    }
    found.assert_none();
}

fn changed(bytes: &[u8], at: usize, change: impl Fn(u8) -> u8) -> SecretBytes {
    let mut bytes = bytes.to_vec();
    bytes[at] = change(bytes[at]);
    bytes.into()
}
