//! Operations in parts: what comes of them is what comes of the whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kmip_sdk::server::store::{Store, StoreError};
use kmip_sdk::server::{Server, ServerOptions};
use kmip_sdk::types::attribute::{
    Attribute, Attributes, CryptographicParameters, UniqueIdentifier, UsageLimits,
};
use kmip_sdk::types::enumerations::{
    BlockCipherMode, CryptographicAlgorithm as A, HashingAlgorithm, ObjectType, PaddingMethod,
    ResultReason as R, RevocationReasonCode, UsageLimitsUnit, ValidityIndicator,
};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::operation::{
    CreateKeyPairRequest, CreateRequest, DecryptRequest, EncryptRequest, HashRequest, MacRequest,
    MacVerifyRequest, RevokeRequest, SignRequest, SignatureVerifyRequest,
};
use kmip_sdk::types::{DateTime, Interval, ProtocolVersion};
use kmip_tests::watched::{Beside, Call, Watched};

use crate::support::{Peer, START, reason};

const VERSIONS: [ProtocolVersion; 3] = [ProtocolVersion::V1_3, ProtocolVersion::V1_4, ProtocolVersion::V2_1];

fn key(peer: &Peer, algorithm: A, mask: Mask) -> UniqueIdentifier {
    let length = if algorithm == A::Des3 { 168 } else { 256 };
    let attributes = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(algorithm))
        .with(Attribute::CryptographicLength(length))
        .with(Attribute::CryptographicUsageMask(mask))
        .with(Attribute::ActivationDate(DateTime::from_seconds(START)));
    peer.call(CreateRequest::new(ObjectType::SymmetricKey, attributes)).unwrap().unique_identifier
}

/// Sends data in parts of so many bytes, the last of them without data, and gives what each part yields.
macro_rules! in_parts {
    ($peer:expr, $request:expr, $data:expr, $size:expr, $last:expr) => {{
        let mut correlation_value = None;
        let mut responses = Vec::new();
        for part in $data.chunks($size) {
            let mut request = $request.clone();
            request.data = Some(part.into());
            request.init_indicator = correlation_value.is_none().then_some(true);
            request.correlation_value = correlation_value;
            let response = $peer.call(request).unwrap();
            correlation_value = response.correlation_value.clone();
            assert!(correlation_value.is_some());
            responses.push(response);
        }
        let mut request = $request.clone();
        request.data = None;
        request.correlation_value = correlation_value;
        request.final_indicator = Some(true);
        #[allow(clippy::redundant_closure_call)]
        $last(&mut request);
        let response = $peer.call(request).unwrap();
        assert_eq!(response.correlation_value, None);
        responses.push(response);
        responses
    }};
}

#[test]
fn what_is_encrypted_in_parts_is_what_is_encrypted_at_once() {
    let data: Vec<u8> = (0..200).collect();
    for version in VERSIONS {
        let peer = Peer::new(version);
        let keys = [A::Aes, A::Des3, A::ChaCha20, A::ChaCha20Poly1305].map(|algorithm| {
            let is_there = algorithm.is_in(version);
            (algorithm, is_there.then(|| key(&peer, algorithm, Mask::ENCRYPT | Mask::DECRYPT)))
        });
        for (algorithm, mode, padding, iv) in [
            (A::Aes, BlockCipherMode::Cbc, PaddingMethod::Pkcs5, 16),
            (A::Aes, BlockCipherMode::Ecb, PaddingMethod::Pkcs5, 16),
            (A::Aes, BlockCipherMode::Ctr, PaddingMethod::None, 16),
            (A::Aes, BlockCipherMode::Cfb, PaddingMethod::None, 16),
            (A::Aes, BlockCipherMode::Ofb, PaddingMethod::None, 16),
            (A::Aes, BlockCipherMode::Gcm, PaddingMethod::None, 12),
            (A::Aes, BlockCipherMode::Gcm, PaddingMethod::None, 8),
            (A::Aes, BlockCipherMode::Ccm, PaddingMethod::None, 12),
            (A::Aes, BlockCipherMode::Xts, PaddingMethod::None, 16),
            (A::Des3, BlockCipherMode::Cbc, PaddingMethod::AnsiX923, 8),
            (A::Des3, BlockCipherMode::Ecb, PaddingMethod::Ssl3, 8),
            (A::Des3, BlockCipherMode::Ctr, PaddingMethod::None, 8),
            (A::Des3, BlockCipherMode::Cfb, PaddingMethod::None, 8),
            (A::Des3, BlockCipherMode::Ofb, PaddingMethod::None, 8),
            (A::ChaCha20, BlockCipherMode::Ctr, PaddingMethod::None, 12),
            (A::ChaCha20Poly1305, BlockCipherMode::Aead, PaddingMethod::None, 12),
        ] {
            // Some versions have no such algorithm.
            let key = keys.iter().find(|(known, _)| *known == algorithm).and_then(|(_, key)| key.clone());
            let Some(key) = key.filter(|_| mode.is_in(version)) else { continue };
            let parameters = CryptographicParameters {
                block_cipher_mode: Some(mode),
                padding_method: Some(padding),
                tag_length: Some(16).filter(|_| {
                    matches!(mode, BlockCipherMode::Gcm | BlockCipherMode::Ccm | BlockCipherMode::Aead)
                }),
                ..CryptographicParameters::default()
            };
            let iv = Some(vec![9; iv]).filter(|_| mode != BlockCipherMode::Ecb);
            let additional = Some(b"header".to_vec()).filter(|_| version.is_at_least(ProtocolVersion::V1_4));
            let request = EncryptRequest {
                cryptographic_parameters: Some(Box::new(parameters.clone())),
                iv_counter_nonce: iv.clone(),
                authenticated_encryption_additional_data: additional.clone(),
                ..EncryptRequest::new(key.clone(), data.as_slice())
            };
            let whole = peer.call(request.clone()).unwrap();
            let whole_data = whole.data.unwrap();
            for size in [1, 16, 50, 500] {
                let parts = in_parts!(peer, request, data, size, |_: &mut EncryptRequest| {});
                let output: Vec<u8> = parts
                    .iter()
                    .flat_map(|part| part.data.as_ref().map_or_else(Vec::new, |data| data.reveal().to_vec()))
                    .collect();
                assert_eq!(output, whole_data.reveal(), "{algorithm} {mode} by {size} {version}");
                let tag = &parts.last().unwrap().authenticated_encryption_tag;
                assert_eq!(
                    *tag, whole.authenticated_encryption_tag,
                    "{algorithm} {mode} by {size} {version}"
                );

                let request = DecryptRequest {
                    cryptographic_parameters: Some(Box::new(parameters.clone())),
                    iv_counter_nonce: iv.clone(),
                    authenticated_encryption_additional_data: additional.clone(),
                    ..DecryptRequest::new(key.clone(), b"".as_slice())
                };
                // Without a field for it, the tag is behind the data, all of which comes in the last part.
                let is_behind =
                    !version.is_at_least(ProtocolVersion::V1_4) && parameters.tag_length.is_some();
                let (encrypted, behind) = output.split_at(output.len() - if is_behind { 16 } else { 0 });
                let parts = in_parts!(peer, request, encrypted, size, |request: &mut DecryptRequest| {
                    request.authenticated_encryption_tag = tag.clone();
                    request.data = is_behind.then(|| behind.into());
                });
                let output: Vec<u8> = parts
                    .iter()
                    .flat_map(|part| part.data.as_ref().map_or_else(Vec::new, |data| data.reveal().to_vec()))
                    .collect();
                assert_eq!(output, data, "{algorithm} {mode} by {size} {version}");
            }
        }
    }
}

#[test]
fn what_is_hashed_and_signed_in_parts_is_what_is_at_once() {
    let data: Vec<u8> = (0..200).collect();
    for version in VERSIONS {
        let peer = Peer::new(version);
        let hash = CryptographicParameters {
            hashing_algorithm: Some(HashingAlgorithm::Sha256),
            ..CryptographicParameters::default()
        };
        let request = HashRequest { data: Some(data.as_slice().into()), ..HashRequest::new(hash.clone()) };
        let whole = peer.call(request.clone()).unwrap().data;
        let parts = in_parts!(peer, request, data, 7, |_: &mut HashRequest| {});
        assert_eq!(parts.last().unwrap().data, whole);
        assert!(parts[..parts.len() - 1].iter().all(|part| part.data.is_none()));

        let code_key = key(&peer, A::HmacSha256, Mask::MAC_GENERATE | Mask::MAC_VERIFY);
        let request = MacRequest {
            unique_identifier: Some(code_key.clone()),
            data: Some(data.as_slice().into()),
            ..MacRequest::default()
        };
        let whole = peer.call(request.clone()).unwrap().mac_data;
        let parts = in_parts!(peer, request, data, 7, |_: &mut MacRequest| {});
        assert_eq!(parts.last().unwrap().mac_data, whole);
        let request = MacVerifyRequest { unique_identifier: Some(code_key), ..MacVerifyRequest::default() };
        let parts = in_parts!(peer, request, data, 7, |request: &mut MacVerifyRequest| request.mac_data =
            whole.clone());
        assert_eq!(parts.last().unwrap().validity_indicator, Some(ValidityIndicator::Valid));
        assert_eq!(parts[0].validity_indicator, None);

        let mask = |mask| Some(Attributes::new().with(Attribute::CryptographicUsageMask(mask)));
        let common = Attributes::new()
            .with(Attribute::CryptographicAlgorithm(A::Ec))
            .with(Attribute::CryptographicLength(256))
            .with(Attribute::ActivationDate(DateTime::from_seconds(START)));
        let request = CreateKeyPairRequest {
            common_attributes: Some(common),
            private_key_attributes: mask(Mask::SIGN),
            public_key_attributes: mask(Mask::VERIFY),
            ..CreateKeyPairRequest::default()
        };
        let pair = peer.call(request).unwrap();
        let request = SignRequest {
            unique_identifier: Some(pair.private_key_unique_identifier),
            cryptographic_parameters: Some(Box::new(hash.clone())),
            ..SignRequest::default()
        };
        let parts = in_parts!(peer, request, data, 7, |_: &mut SignRequest| {});
        let signature = parts.last().unwrap().signature_data.clone();
        let request = SignatureVerifyRequest {
            unique_identifier: Some(pair.public_key_unique_identifier),
            cryptographic_parameters: Some(Box::new(hash)),
            ..SignatureVerifyRequest::default()
        };
        for (signature, expected) in
            [(signature, ValidityIndicator::Valid), (Some(vec![1; 70]), ValidityIndicator::Invalid)]
        {
            let parts = in_parts!(peer, request, data, 7, |request: &mut SignatureVerifyRequest| {
                request.signature_data = signature.clone();
            });
            assert_eq!(parts.last().unwrap().validity_indicator, Some(expected));
        }
    }
}

fn first(key: &UniqueIdentifier) -> EncryptRequest {
    EncryptRequest {
        cryptographic_parameters: Some(Box::new(CryptographicParameters {
            block_cipher_mode: Some(BlockCipherMode::Ctr),
            ..CryptographicParameters::default()
        })),
        iv_counter_nonce: Some(vec![9; 16]),
        init_indicator: Some(true),
        ..EncryptRequest::new(key.clone(), b"hello".as_slice())
    }
}

fn next(key: &UniqueIdentifier, correlation_value: &[u8]) -> EncryptRequest {
    EncryptRequest { init_indicator: None, correlation_value: Some(correlation_value.to_vec()), ..first(key) }
}

#[test]
fn a_part_goes_on_only_from_what_is_open_and_its_own() {
    for version in VERSIONS {
        let gone = reason(version, R::InvalidCorrelationValue, R::ItemNotFound);
        let peer = Peer::new(version);
        let (one, other) =
            (key(&peer, A::Aes, Mask::ENCRYPT | Mask::DECRYPT), key(&peer, A::Aes, Mask::ENCRYPT));
        let open = peer.call(first(&one)).unwrap().correlation_value.unwrap();
        assert_eq!(peer.call(next(&one, b"nothing")), Err(gone));
        assert_eq!(peer.call(next(&other, &open)), Err(gone), "another key");
        let decrypt = DecryptRequest {
            cryptographic_parameters: first(&one).cryptographic_parameters,
            correlation_value: Some(open.clone()),
            ..DecryptRequest::new(one.clone(), b"a".as_slice())
        };
        assert_eq!(peer.call(decrypt), Err(gone), "another operation");
        let both = EncryptRequest { init_indicator: Some(true), ..next(&one, &open) };
        assert_eq!(peer.call(both), Err(R::InvalidField));
        assert!(peer.call(next(&one, &open)).is_ok(), "none of that ended it");
        let last = EncryptRequest { final_indicator: Some(true), ..next(&one, &open) };
        assert!(peer.call(last.clone()).is_ok());
        assert_eq!(peer.call(last), Err(gone), "it is over");
    }
}

#[test]
fn what_is_open_ends_with_its_key() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let key = key(&peer, A::Aes, Mask::ENCRYPT);
    let open = peer.call(first(&key)).unwrap().correlation_value.unwrap();
    peer.call(RevokeRequest::new(key.clone(), RevocationReasonCode::Superseded)).unwrap();
    assert_eq!(peer.call(next(&key, &open)), Err(R::WrongKeyLifecycleState));
}

#[test]
fn a_client_has_so_many_open_and_what_is_forgotten_makes_room() {
    let options = ServerOptions::default().maximum_streams(2).stream_idle(Interval::from_seconds(60));
    let peer = Peer::with(ProtocolVersion::V2_1, options);
    let key = key(&peer, A::Aes, Mask::ENCRYPT);
    let open: Vec<Vec<u8>> =
        (0..2).map(|_| peer.call(first(&key)).unwrap().correlation_value.unwrap()).collect();
    assert_eq!(peer.call(first(&key)), Err(R::ServerLimitExceeded));
    peer.wait(50);
    peer.call(next(&key, &open[0])).unwrap();
    peer.wait(20);
    assert!(peer.call(first(&key)).is_ok(), "nobody went on with the other");
    assert!(peer.call(next(&key, &open[0])).is_ok());
    assert_eq!(peer.call(next(&key, &open[1])), Err(R::InvalidCorrelationValue));
}

/// Says of a commit once that somebody else was faster.
#[derive(Debug)]
struct Contended(Arc<AtomicBool>);

impl Beside for Contended {
    fn before(&self, call: Call) -> Result<(), StoreError> {
        match call == Call::Commit && self.0.swap(false, Ordering::SeqCst) {
            true => Err(StoreError::Conflict),
            false => Ok(()),
        }
    }
}

#[test]
fn a_part_that_is_in_somebodys_way_is_added_once() {
    let is_contended = Arc::new(AtomicBool::new(false));
    let backend = Watched::new(Contended(Arc::clone(&is_contended)));
    let server = Server::new(ServerOptions::default().store(Store::new(Box::new(backend)).unwrap()));
    let peer = Peer::of(ProtocolVersion::V2_1, server);
    let limits = |total| UsageLimits {
        usage_limits_total: total,
        usage_limits_count: None,
        usage_limits_unit: UsageLimitsUnit::Byte,
    };
    let attributes = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(A::HmacSha256))
        .with(Attribute::CryptographicLength(256))
        .with(Attribute::CryptographicUsageMask(Mask::MAC_GENERATE))
        .with(Attribute::UsageLimits(limits(100)))
        .with(Attribute::ActivationDate(DateTime::from_seconds(START)));
    let key = peer.call(CreateRequest::new(ObjectType::SymmetricKey, attributes)).unwrap().unique_identifier;
    let of = |data: &str| MacRequest {
        unique_identifier: Some(key.clone()),
        data: Some(data.as_bytes().into()),
        ..MacRequest::default()
    };
    let whole = peer.call(of("abcdef")).unwrap().mac_data;
    let open = peer.call(MacRequest { init_indicator: Some(true), ..of("ab") }).unwrap().correlation_value;
    let next = |data| MacRequest { correlation_value: open.clone(), ..of(data) };
    is_contended.store(true, Ordering::SeqCst);
    peer.call(next("cd")).unwrap();
    is_contended.store(true, Ordering::SeqCst);
    let last = peer.call(MacRequest { final_indicator: Some(true), ..next("ef") }).unwrap();
    assert!(!is_contended.load(Ordering::SeqCst));
    assert_eq!(last.mac_data, whole);
    // What cannot go on costs nothing.
    assert_eq!(peer.call(next("gh")), Err(R::InvalidCorrelationValue));
    let left = peer.attributes(&key).usage_limits().unwrap().usage_limits_count;
    assert_eq!(left, Some(100 - 12));
}
