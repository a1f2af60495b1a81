//! Create Split Key and Join Split Key, against plain Lagrange arithmetic.

use kmip_sdk::types::attribute::{Attribute, Attributes, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    CryptographicAlgorithm as A, KeyFormatType, ObjectType, ResultReason, SplitKeyMethod as M,
};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::object::{KeyBlock, KeyMaterial, ManagedObject, SplitKey};
use kmip_sdk::types::operation::{CreateSplitKeyRequest, GetRequest, JoinSplitKeyRequest, RegisterRequest};
use kmip_sdk::types::{BigInteger, DateTime, ProtocolVersion};

use crate::asks::{bytes, symmetric};
use crate::support::{Peer, START};

/// The prime number 2^127 - 1: a secret of 112 bits is below it, and products fit after each addition.
const PRIME: u128 = (1 << 127) - 1;

const VERSIONS: [ProtocolVersion; 5] = [
    ProtocolVersion::V1_2,
    ProtocolVersion::V1_3,
    ProtocolVersion::V1_4,
    ProtocolVersion::V2_0,
    ProtocolVersion::V2_1,
];

/// The polynomial of GF(2^8): that of FIPS 197 section 4.2 before KMIP 2.0, and since then 285.
fn polynomial(version: ProtocolVersion) -> u32 {
    if version.is_at_least(ProtocolVersion::V2_0) { 0x11D } else { 0x11B }
}

/// A product in GF(2^8), by long multiplication and division.
fn times_8(one: u32, other: u32, polynomial: u32) -> u32 {
    let mut product = (0..8).filter(|bit| other >> bit & 1 == 1).fold(0, |sum, bit| sum ^ one << bit);
    for bit in (8..16).rev() {
        if product >> bit & 1 == 1 {
            product ^= polynomial << (bit - 8);
        }
    }
    product
}

/// A product in GF(2^16), of polynomials in y whose square is y + m.
fn times_16(one: u32, other: u32, polynomial: u32) -> u32 {
    let times = |one, other| times_8(one, other, polynomial);
    let ([r, s], [u, v]) = ([one >> 8, one & 0xFF], [other >> 8, other & 0xFF]);
    let square = times(r, u);
    let high = square ^ times(r, v) ^ times(s, u);
    let low = times(square, 0x3A) ^ times(s, v);
    high << 8 | low
}

/// The inverse in a field of so many elements: to the power of two less.
fn inverse(element: u32, size: u32, times: impl Fn(u32, u32) -> u32) -> u32 {
    (0..16).rev().fold(1, |power, bit| {
        let square = times(power, power);
        if (size - 2) >> bit & 1 == 1 { times(square, element) } else { square }
    })
}

/// The value at 0 of the polynomial through these points, over a field of so many elements.
fn at_zero(points: &[(u32, u32)], size: u32, times: &impl Fn(u32, u32) -> u32) -> u32 {
    points.iter().fold(0, |sum, (at, value)| {
        let others = points.iter().filter(|(other, _)| other != at);
        let weight = others
            .fold(1, |weight, (other, _)| times(weight, times(*other, inverse(other ^ at, size, times))));
        sum ^ times(*value, weight)
    })
}

fn times_prime(mut one: u128, mut other: u128) -> u128 {
    let mut product = 0;
    while other > 0 {
        if other & 1 == 1 {
            product = (product + one) % PRIME;
        }
        one = (one + one) % PRIME;
        other >>= 1;
    }
    product
}

fn power_prime(base: u128, exponent: u128) -> u128 {
    (0..127).rev().fold(1, |power, bit| {
        let square = times_prime(power, power);
        if exponent >> bit & 1 == 1 { times_prime(square, base) } else { square }
    })
}

fn at_zero_prime(points: &[(u32, u128)]) -> u128 {
    points.iter().fold(0, |sum, (at, value)| {
        let others = points.iter().filter(|(other, _)| other != at);
        let weight = others.fold(1, |weight, (other, _)| {
            let distance = (u128::from(*other) + PRIME - u128::from(*at)) % PRIME;
            times_prime(times_prime(weight, u128::from(*other)), power_prime(distance, PRIME - 2))
        });
        (sum + times_prime(*value, weight)) % PRIME
    })
}

/// The secret of parts with their identifiers, by plain arithmetic.
fn joined(version: ProtocolVersion, method: M, parts: &[(u32, Vec<u8>)], length: usize) -> Vec<u8> {
    let polynomial = polynomial(version);
    let value = |bytes: &[u8]| bytes.iter().fold(0, |number: u128, byte| number << 8 | u128::from(*byte));
    let secret: Vec<u8> = match method {
        M::Xor => (0..length).map(|index| parts.iter().fold(0, |sum, (_, part)| sum ^ part[index])).collect(),
        M::PolynomialSharingPrimeField => {
            let points: Vec<_> = parts.iter().map(|(at, part)| (*at, value(part))).collect();
            at_zero_prime(&points).to_be_bytes().to_vec()
        }
        _ => {
            let size = if method == M::PolynomialSharingGf2_8 { 1 } else { 2 };
            let pieces = parts[0].1.len() / size;
            (0..pieces)
                .flat_map(|piece| {
                    let points: Vec<_> = parts
                        .iter()
                        .map(|(at, part)| {
                            let bytes = &part[piece * size..(piece + 1) * size];
                            (*at, u32::try_from(value(bytes)).unwrap())
                        })
                        .collect();
                    let secret = match size {
                        1 => at_zero(&points, 0x100, &|one, other| times_8(one, other, polynomial)),
                        _ => at_zero(&points, 0x1_0000, &|one, other| times_16(one, other, polynomial)),
                    };
                    secret.to_be_bytes()[4 - size..].to_vec()
                })
                .collect()
        }
    };
    secret[secret.len() - length..].to_vec()
}

fn attributes() -> Attributes {
    Attributes::new()
        .with(Attribute::CryptographicUsageMask(Mask::ENCRYPT))
        .with(Attribute::ActivationDate(DateTime::from_seconds(START)))
}

/// Registers a part that was made elsewhere.
fn register(
    peer: &Peer,
    method: M,
    threshold: i32,
    (number, part): &(u32, Vec<u8>),
    bits: i32,
) -> UniqueIdentifier {
    let prime = BigInteger::from_unsigned_bytes(&PRIME.to_be_bytes());
    let object = ManagedObject::SplitKey(SplitKey {
        split_key_parts: 5,
        key_part_identifier: i32::try_from(*number).unwrap(),
        split_key_threshold: threshold,
        split_key_method: method,
        prime_field_size: (method == M::PolynomialSharingPrimeField).then_some(prime),
        key_block: KeyBlock::plain(
            KeyFormatType::Raw,
            KeyMaterial::bytes(part.as_slice()),
            A::HmacSha1,
            bits,
        ),
    });
    peer.call(RegisterRequest::new(ObjectType::SplitKey, attributes(), object)).unwrap().unique_identifier
}

fn join(peer: &Peer, parts: Vec<UniqueIdentifier>) -> Result<UniqueIdentifier, ResultReason> {
    let request = JoinSplitKeyRequest {
        object_type: ObjectType::SymmetricKey,
        unique_identifier: parts,
        secret_data_type: None,
        attributes: Some(attributes()),
        protection_storage_masks: None,
    };
    peer.call(request).map(|response| response.unique_identifier)
}

/// Split by the server, joined by plain arithmetic; and the parts, registered anew in another order, joined by the server.
#[test]
fn parts_are_those_of_the_standards_fields() {
    let key: Vec<u8> = (0x31..0x31 + 14).collect();
    for version in VERSIONS {
        let peer = Peer::new(version);
        let registered = symmetric(&peer, A::HmacSha1, &key);
        for (method, threshold) in [
            (M::Xor, 5),
            (M::PolynomialSharingGf2_8, 3),
            (M::PolynomialSharingGf2_16, 3),
            (M::PolynomialSharingPrimeField, 3),
        ] {
            let what = format!("{method} {version}");
            let request = CreateSplitKeyRequest {
                object_type: ObjectType::SplitKey,
                unique_identifier: Some(registered.clone()),
                split_key_parts: 5,
                split_key_threshold: threshold,
                split_key_method: method,
                prime_field_size: (method == M::PolynomialSharingPrimeField)
                    .then(|| BigInteger::from_unsigned_bytes(&PRIME.to_be_bytes())),
                attributes: attributes(),
                protection_storage_masks: None,
            };
            let identifiers = peer.call(request).unwrap().unique_identifier;
            let parts: Vec<(u32, Vec<u8>)> = (1..)
                .zip(identifiers)
                .map(|(number, identifier)| {
                    let object = peer.call(GetRequest::new(identifier.clone())).unwrap().object;
                    let ManagedObject::SplitKey(part) = &object else { panic!("{object:?}") };
                    assert_eq!(part.key_part_identifier, number, "{what}");
                    (number.unsigned_abs(), bytes(&peer, identifier))
                })
                .collect();
            assert!(parts.iter().all(|(_, part)| !part.ends_with(&key)), "{what}");
            let enough = usize::try_from(threshold).unwrap();
            let chosen = &parts[5 - enough..];
            assert_eq!(joined(version, method, chosen, key.len()), key, "{what}");

            let bits = i32::try_from(key.len() * 8).unwrap();
            let again: Vec<_> =
                chosen.iter().rev().map(|part| register(&peer, method, threshold, part, bits)).collect();
            let secret = join(&peer, again.clone()).unwrap();
            assert_eq!(bytes(&peer, secret), key, "{what}");
            assert!(join(&peer, again[1..].to_vec()).is_err(), "{what}: fewer than enough");
            // A part with another's number, or another value, gives another secret.
            let mut wrong = chosen.to_vec();
            wrong[0].1.iter_mut().last().map(|byte| *byte ^= 1).unwrap();
            let wrong: Vec<_> =
                wrong.iter().map(|part| register(&peer, method, threshold, part, bits)).collect();
            assert!(join(&peer, wrong).is_ok_and(|secret| bytes(&peer, secret) != key), "{what}");
        }
    }
}

/// Points of 0x42 + 0x57 x by hand, over the field of each version: at 1 the sum is 0x15; at 2 and 0x83 the products are those
/// of the field.
const LINES: [(ProtocolVersion, [(i32, u8); 3]); 2] = [
    // FIPS 197 section 4.2: 0x57 times 2 is 0xAE, times 0x83 it is 0xC1.
    (ProtocolVersion::V1_4, [(1, 0x15), (2, 0x42 ^ 0xAE), (131, 0x42 ^ 0xC1)]),
    // Modulo 0x11D, 0x57 times 0x83 is 0x31.
    (ProtocolVersion::V2_1, [(1, 0x15), (2, 0x42 ^ 0xAE), (131, 0x42 ^ 0x31)]),
];

/// Registers a point of a line.
fn point(peer: &Peer, (number, part): (i32, u8)) -> UniqueIdentifier {
    let object = ManagedObject::SplitKey(SplitKey {
        split_key_parts: 200,
        key_part_identifier: number,
        split_key_threshold: 2,
        split_key_method: M::PolynomialSharingGf2_8,
        prime_field_size: None,
        key_block: KeyBlock::plain(KeyFormatType::Raw, KeyMaterial::bytes(vec![part]), A::HmacSha1, 8),
    });
    let request = RegisterRequest::new(ObjectType::SplitKey, attributes(), object);
    peer.call(request).unwrap().unique_identifier
}

#[test]
fn a_line_over_each_field_of_bytes_gives_its_value_at_zero() {
    for (version, [one, two, other]) in LINES {
        let peer = Peer::new(version);
        for pair in [[one, two], [two, other], [other, one]] {
            let parts = pair.map(|part| point(&peer, part));
            let secret = join(&peer, parts.to_vec()).unwrap();
            assert_eq!(bytes(&peer, secret), [0x42], "{version} {pair:?}");
        }
    }
}

/// The field is that of the version in which the parts came, whatever version joins them; and parts over two fields do not join.
#[test]
fn parts_join_over_the_field_that_they_were_split_over_in_every_version() {
    for (version, [one, two, other]) in LINES {
        let peer = Peer::new(version);
        let parts = [one, two, other].map(|part| point(&peer, part));
        let key = symmetric(&peer, A::HmacSha1, &[7; 16]);
        let split = [M::PolynomialSharingGf2_8, M::PolynomialSharingGf2_16].map(|method| {
            let request = CreateSplitKeyRequest {
                object_type: ObjectType::SplitKey,
                unique_identifier: Some(key.clone()),
                split_key_parts: 3,
                split_key_threshold: 2,
                split_key_method: method,
                prime_field_size: None,
                attributes: attributes(),
                protection_storage_masks: None,
            };
            peer.call(request).unwrap().unique_identifier
        });
        for joining in VERSIONS {
            let peer = peer.in_version(joining);
            let what = format!("{version} {joining}");
            let secret = join(&peer, parts[1..].to_vec()).unwrap();
            assert_eq!(bytes(&peer, secret), [0x42], "{what}");
            for parts in &split {
                let secret = join(&peer, parts[1..].to_vec()).unwrap();
                assert_eq!(bytes(&peer, secret), [7; 16], "{what}");
            }
            let again = point(&peer, other);
            let joined = join(&peer, vec![parts[1].clone(), again]);
            let is_1 = |version: ProtocolVersion| !version.is_at_least(ProtocolVersion::V2_0);
            let refused = match is_1(joining) {
                true => ResultReason::InvalidField,
                false => ResultReason::BadCryptographicParameters,
            };
            match is_1(version) == is_1(joining) {
                true => assert_eq!(bytes(&peer, joined.unwrap()), [0x42], "{what}"),
                false => assert_eq!(joined, Err(refused), "{what}"),
            }
        }
    }
}
