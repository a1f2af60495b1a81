//! Create Split Key and Join Split Key.

use kmip_sdk::keys::Material;
use kmip_sdk::server::ServerOptions;
use kmip_sdk::types::attribute::{Attribute, Attributes, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    CryptographicAlgorithm, ObjectType, ResultReason as R, SplitKeyMethod as M,
};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::object::ManagedObject;
use kmip_sdk::types::operation::{CreateSplitKeyRequest, GetRequest, JoinSplitKeyRequest};
use kmip_sdk::types::{BigInteger, Limits, ProtocolVersion};

use crate::support::{Peer, reason};

const VERSIONS: [ProtocolVersion; 4] =
    [ProtocolVersion::V1_2, ProtocolVersion::V1_3, ProtocolVersion::V1_4, ProtocolVersion::V2_1];

fn split(key: Option<&UniqueIdentifier>, method: M, parts: i32, threshold: i32) -> CreateSplitKeyRequest {
    // 2^521 - 1.
    let mut prime = vec![0xFF; 66];
    prime[0] = 0x01;
    CreateSplitKeyRequest {
        object_type: ObjectType::SplitKey,
        unique_identifier: key.cloned(),
        split_key_parts: parts,
        split_key_threshold: threshold,
        split_key_method: method,
        prime_field_size: (method == M::PolynomialSharingPrimeField)
            .then(|| BigInteger::from_unsigned_bytes(&prime)),
        attributes: Attributes::new()
            .with(Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Aes))
            .with(Attribute::CryptographicLength(256))
            .with(Attribute::CryptographicUsageMask(Mask::ENCRYPT)),
        protection_storage_masks: None,
    }
}

fn join(parts: &[UniqueIdentifier]) -> JoinSplitKeyRequest {
    JoinSplitKeyRequest {
        object_type: ObjectType::SymmetricKey,
        unique_identifier: parts.to_vec(),
        secret_data_type: None,
        attributes: Some(Attributes::new().with(Attribute::CryptographicUsageMask(Mask::ENCRYPT))),
        protection_storage_masks: None,
    }
}

fn bytes(peer: &Peer, identifier: &UniqueIdentifier) -> Vec<u8> {
    let object = peer.call(GetRequest::new(identifier.clone())).unwrap().object;
    object.key_block().unwrap().key_bytes().unwrap().to_vec()
}

#[test]
fn parts_join_to_the_key_by_every_method() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let key = peer.create([]);
        for (method, threshold) in [
            (M::Xor, 5),
            (M::PolynomialSharingGf2_8, 3),
            (M::PolynomialSharingGf2_16, 3),
            (M::PolynomialSharingPrimeField, 3),
        ] {
            let parts = peer.call(split(Some(&key), method, 5, threshold)).unwrap().unique_identifier;
            assert_eq!(parts.len(), 5);
            for (number, part) in parts.iter().enumerate() {
                let object = peer.call(GetRequest::new(part.clone())).unwrap().object;
                let ManagedObject::SplitKey(split) = object else { panic!("{object:?}") };
                assert_eq!(split.key_part_identifier, i32::try_from(number).unwrap() + 1);
                assert_eq!((split.split_key_parts, split.split_key_threshold), (5, threshold));
                assert_eq!(split.split_key_method, method);
            }
            let enough = usize::try_from(threshold).unwrap();
            let joined = peer.call(join(&parts[5 - enough..])).unwrap().unique_identifier;
            assert_eq!(bytes(&peer, &joined), bytes(&peer, &key), "{method} {version}");
            let bad = reason(version, R::BadCryptographicParameters, R::InvalidField);
            assert_eq!(peer.call(join(&parts[..enough - 1])), Err(R::CryptographicFailure), "too few");
            let mut twice = parts[..enough].to_vec();
            twice[0] = twice[1].clone();
            assert_eq!(peer.call(join(&twice)), Err(bad), "one twice");
        }
    }
}

#[test]
fn a_new_key_is_split_where_none_is_named() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let parts = peer.call(split(None, M::PolynomialSharingGf2_8, 3, 2)).unwrap().unique_identifier;
    let one = peer.call(join(&parts[..2])).unwrap().unique_identifier;
    let other = peer.call(join(&parts[1..])).unwrap().unique_identifier;
    assert_eq!(bytes(&peer, &one).len(), 32);
    assert_eq!(bytes(&peer, &one), bytes(&peer, &other));
}

#[test]
fn refuses_splits_that_are_none() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let key = peer.create([]);
    let without_prime = CreateSplitKeyRequest {
        prime_field_size: None,
        ..split(Some(&key), M::PolynomialSharingPrimeField, 3, 2)
    };
    let small = CreateSplitKeyRequest {
        prime_field_size: Some(BigInteger::from(65537)),
        ..split(Some(&key), M::PolynomialSharingPrimeField, 3, 2)
    };
    for (request, expected) in [
        (split(Some(&key), M::Xor, 3, 2), R::BadCryptographicParameters),
        (split(Some(&key), M::PolynomialSharingGf2_8, 3, 4), R::BadCryptographicParameters),
        (split(Some(&key), M::PolynomialSharingGf2_8, 0, 0), R::BadCryptographicParameters),
        (split(Some(&key), M::PolynomialSharingGf2_8, 256, 2), R::BadCryptographicParameters),
        (split(Some(&key), M::PolynomialSharingGf2_8, i32::MAX, 2), R::BadCryptographicParameters),
        (without_prime, R::BadCryptographicParameters),
        (small, R::BadCryptographicParameters),
        (split(Some(&key), M::Other(0x8000_0001), 3, 2), R::UnsupportedCryptographicParameters),
        (split(Some(&"nobody".into()), M::Xor, 2, 2), R::ItemNotFound),
    ] {
        assert_eq!(peer.call(request), Err(expected));
    }
    assert_eq!(peer.call(join(&[key])), Err(R::InvalidObjectType));
}

#[test]
fn what_would_take_minutes_or_much_memory_is_refused() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let attributes = Attributes::new().with(Attribute::CryptographicUsageMask(Mask::DERIVE_KEY));
    let large = Material::password(&"x".repeat(1 << 16)).to_register_request(attributes).unwrap();
    let large = peer.call(large).unwrap().unique_identifier;
    let refused = peer.call(split(Some(&large), M::PolynomialSharingGf2_8, 200, 200));
    assert_eq!(refused.err(), Some(R::ServerLimitExceeded));
    let parts = peer.call(split(Some(&large), M::PolynomialSharingGf2_8, 3, 2)).unwrap().unique_identifier;
    let many: Vec<_> = parts.iter().cycle().take(256).cloned().collect();
    assert_eq!(peer.call(join(&many)).err(), Some(R::BadCryptographicParameters));

    // The same part again and again takes room each time.
    let peer = Peer::with(
        ProtocolVersion::V2_1,
        ServerOptions::default()
            .limits(Limits { size: 1 << 18, ..Limits::DEFAULT })
            .maximum_response(1 << 18),
    );
    let attributes = Attributes::new().with(Attribute::CryptographicUsageMask(Mask::DERIVE_KEY));
    let large = Material::password(&"x".repeat(1 << 15)).to_register_request(attributes).unwrap();
    let large = peer.call(large).unwrap().unique_identifier;
    let parts = peer.call(split(Some(&large), M::Xor, 2, 2)).unwrap().unique_identifier;
    let again: Vec<_> = parts.iter().cycle().take(16).cloned().collect();
    assert_eq!(peer.call(join(&again)).err(), Some(R::ServerLimitExceeded));
}

#[test]
fn many_parts_of_a_large_field_join() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let key = peer.create([]);
    // Odd is enough for the server; what is shared is below it.
    let request = CreateSplitKeyRequest {
        prime_field_size: Some(BigInteger::from_unsigned_bytes(&MERSENNE_2203)),
        ..split(Some(&key), M::PolynomialSharingPrimeField, 60, 60)
    };
    let parts = peer.call(request).unwrap().unique_identifier;
    let joined = peer.call(join(&parts)).unwrap().unique_identifier;
    assert_eq!(bytes(&peer, &joined), bytes(&peer, &key));
}

/// The prime 2^2203 - 1.
const MERSENNE_2203: [u8; 276] = {
    let mut prime = [0xFF; 276];
    prime[0] = 0x07;
    prime
};

/// A part, and one of one is the key itself, is given out no more than the key.
#[test]
fn parts_are_kept_in_as_the_key_is() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    for (guard, refused) in
        [(Attribute::Sensitive(true), R::Sensitive), (Attribute::Extractable(false), R::NotExtractable)]
    {
        let key = peer.create([guard.clone()]);
        assert_eq!(peer.call(GetRequest::new(key.clone())).map(drop), Err(refused));
        for count in [1, 3] {
            let parts = peer.call(split(Some(&key), M::Xor, count, count)).unwrap().unique_identifier;
            let joined = peer.call(join(&parts)).unwrap().unique_identifier;
            for identifier in parts.into_iter().chain([joined]) {
                assert_eq!(
                    peer.call(GetRequest::new(identifier)).map(drop),
                    Err(refused),
                    "{count} {guard:?}"
                );
            }
        }
        let mut open = split(Some(&key), M::Xor, 2, 2);
        open.attributes = open.attributes.with(match guard {
            Attribute::Sensitive(_) => Attribute::Sensitive(false),
            _ => Attribute::Extractable(true),
        });
        assert!(peer.call(open).is_err());
    }
}
