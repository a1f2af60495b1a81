//! Signatures by every scheme, decrypting, and what is refused.

use aws_lc_rs::rsa::{
    OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, Pkcs1PublicEncryptingKey, PublicEncryptingKey,
};
use kmip_sdk::ErrorKind;
use kmip_sdk::signers::{EncryptionPadding, Scheme, SignerError};
use kmip_sdk::types::ProtocolVersion;
use kmip_sdk::types::enumerations::{HashingAlgorithm, Operation, RecommendedCurve};
use kmip_sdk::types::message::{Message, RequestMessage, ResponseMessage};
use kmip_sdk::types::operation::ResponsePayload;

use super::{DATA, KeyServer, Kind, client, remote_key, spki, verifies};
use crate::drivers::{Drives, Make, Start, with_both_drivers};

const ECDSA: Scheme = Scheme::Ecdsa(HashingAlgorithm::Sha256);
const PSS: Scheme = Scheme::RsaPss(HashingAlgorithm::Sha256);

fn every_scheme_makes_what_another_library_verifies<D: Drives>() {
    let client = client::<D>();
    for (kind, schemes) in [
        (Kind::Rsa, 6),
        (Kind::Ec(RecommendedCurve::P256), 3),
        (Kind::Ec(RecommendedCurve::P384), 3),
        (Kind::Ec(RecommendedCurve::P521), 3),
        (Kind::Ec(RecommendedCurve::Secp256K1), 3),
        (Kind::Ed25519, 1),
    ] {
        let key = remote_key(&client, kind);
        assert_eq!(key.schemes().len(), schemes, "{kind:?}");
        // The other library has no other hash with that curve.
        let is_known = |scheme: &Scheme| kind != Kind::Ec(RecommendedCurve::Secp256K1) || *scheme == ECDSA;
        for scheme in key.schemes().into_iter().filter(is_known) {
            let signature = key.signer(scheme).unwrap().signature_of(DATA).make().unwrap();
            let verifies = |data: &[u8]| {
                verifies(
                    &spki(key.public_key()),
                    key.public_key().curve(),
                    scheme,
                    data,
                    signature.as_bytes(),
                )
            };
            assert!(verifies(DATA), "{kind:?}, {scheme}");
            assert!(!verifies(b"attack at dusk"), "{kind:?}, {scheme}");
        }
    }
}

fn a_scheme_that_is_not_the_keys_is_refused_with_words<D: Drives>() {
    let client = client::<D>();
    let error = remote_key(&client, Kind::Ec(RecommendedCurve::P384)).signer(PSS).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the key of a public key (EC, P-384) makes no signatures by RSA-PSS with SHA_256: it makes those by ECDSA with \
         SHA_384, ECDSA with SHA_256, ECDSA with SHA_512"
    );
    for (kind, scheme) in [(Kind::Rsa, ECDSA), (Kind::Ed25519, ECDSA), (Kind::Rsa, Scheme::Ed25519)] {
        let error = remote_key(&client, kind).signer(scheme).unwrap_err();
        assert!(matches!(error, SignerError::Scheme { .. }), "{error}");
    }
    // A key that agrees on keys makes none at all.
    let pair = client.create_ec(RecommendedCurve::Curve25519).key_agreement().activated().make().unwrap();
    let key = client.remote_key(&pair.private_key_unique_identifier).make().unwrap();
    assert_eq!(key.schemes(), []);
    let error = key.signer(Scheme::Ed25519).unwrap_err().to_string();
    assert_eq!(error, "the key of a public key (X25519) makes no signatures by Ed25519");
}

fn a_scheme_that_the_version_cannot_ask_for_is_not_offered<D: Drives>() {
    let server = KeyServer::new();
    let rsa = remote_key(&server.client::<D>(ProtocolVersion::V1_3), Kind::Rsa);
    let pkcs1 = Scheme::RsaPkcs1V1_5(HashingAlgorithm::Sha256);
    assert_eq!((rsa.schemes()[0], rsa.schemes().len()), (pkcs1, 3));
    let signature = rsa.signer(pkcs1).unwrap().signature_of(DATA).make().unwrap();
    assert!(verifies(&spki(rsa.public_key()), None, pkcs1, DATA, signature.as_bytes()));
    assert_eq!(
        rsa.signer(PSS).unwrap_err().to_string(),
        "signatures by RSA-PSS with SHA_256 can be asked for since KMIP 1.4, and the server has KMIP 1.3"
    );
    // With the salt as long as the hash, whatever the server would take by itself.
    let rsa = remote_key(&server.client::<D>(ProtocolVersion::V1_4), Kind::Rsa);
    let signature = rsa.signer(PSS).unwrap().signature_of(DATA).make().unwrap();
    assert!(verifies(&spki(rsa.public_key()), None, PSS, DATA, signature.as_bytes()));
}

/// A server that gives ECDSA's numbers one after the other, or something else.
fn signatures_in_the_other_form_are_taken_and_what_is_none_is_refused<D: Drives>() {
    for (garbles, is_taken) in [(false, true), (true, false)] {
        let server = KeyServer::new();
        let service = move |request: &[u8]| {
            let answer = server.server.handle(request);
            let is_sign = RequestMessage::from_ttlv(request)
                .is_ok_and(|request| request.batch_item[0].operation == Operation::Sign);
            if !is_sign {
                return answer;
            }
            let mut message = ResponseMessage::from_ttlv(&answer).unwrap();
            let Some(ResponsePayload::Sign(payload)) = &mut message.batch_item[0].response_payload else {
                panic!("{message:?}")
            };
            let der = payload.signature_data.take().unwrap();
            let mut fixed = p256::ecdsa::Signature::from_der(&der).unwrap().to_bytes().to_vec();
            if garbles {
                fixed.pop();
            }
            payload.signature_data = Some(fixed);
            message.to_ttlv().unwrap()
        };
        let client = D::builder().service(service).version(ProtocolVersion::V2_1).start().unwrap();
        let key = remote_key(&client, Kind::Ec(RecommendedCurve::P256));
        let signed = key.signer(ECDSA).unwrap().signature_of(DATA).make();
        assert_eq!(signed.is_ok(), is_taken);
        match signed {
            Ok(signature) => {
                let (spki, curve) = (spki(key.public_key()), key.public_key().curve());
                assert!(verifies(&spki, curve, ECDSA, DATA, signature.as_bytes()));
                assert_eq!(signature.to_fixed().len(), 64);
            }
            Err(error) => {
                let ErrorKind::Signer(SignerError::Signature { found: 63, .. }) = error.kind() else {
                    panic!("{error}")
                };
                assert!(error.to_string().contains("63 bytes, is no signature by ECDSA"), "{error}");
            }
        }
    }
}

fn rsa_decrypts_what_was_encrypted_with_the_public_key<D: Drives>() {
    let client = client::<D>();
    let pair = client.create_rsa(2048).encrypting().activated().make().unwrap();
    let key = client.remote_key(&pair.private_key_unique_identifier).make().unwrap();
    let public = || PublicEncryptingKey::from_der(&spki(key.public_key())).unwrap();
    let mut buffer = [0; 256];

    let oaep = EncryptionPadding::Oaep(HashingAlgorithm::Sha256);
    let encrypting = OaepPublicEncryptingKey::new(public()).unwrap();
    let ciphertext = encrypting.encrypt(&OAEP_SHA256_MGF1SHA256, DATA, &mut buffer, None).unwrap().to_vec();
    let decryptor = key.decryptor(oaep).unwrap();
    assert_eq!(decryptor.decrypt(ciphertext.clone()).make().unwrap().reveal(), DATA);
    let other = key.decryptor(EncryptionPadding::Oaep(HashingAlgorithm::Sha384)).unwrap();
    assert!(other.decrypt(ciphertext).make().unwrap_err().server().is_some());

    let encrypting = Pkcs1PublicEncryptingKey::new(public()).unwrap();
    let ciphertext = encrypting.encrypt(DATA, &mut buffer).unwrap().to_vec();
    let decryptor = key.decryptor(EncryptionPadding::Pkcs1V1_5).unwrap();
    assert_eq!(decryptor.decrypt(ciphertext).make().unwrap().reveal(), DATA);

    let error = remote_key(&client, Kind::Ed25519).decryptor(oaep).unwrap_err();
    assert_eq!(error.to_string(), "the key of a public key (Ed25519) does not decrypt: RSA keys do");
}

fn a_key_whose_server_is_gone_fails_as_a_call<D: Drives>() {
    let server = KeyServer::new();
    let client = server.client::<D>(ProtocolVersion::V2_1);
    let key = remote_key(&client, Kind::Ec(RecommendedCurve::P256));
    server.go();
    let error = key.signer(ECDSA).unwrap().signature_of(DATA).make().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Closed), "{error}");
    assert!(client.remote_key(key.unique_identifier()).make().is_err());
}

with_both_drivers!(
    every_scheme_makes_what_another_library_verifies,
    a_scheme_that_is_not_the_keys_is_refused_with_words,
    a_scheme_that_the_version_cannot_ask_for_is_not_offered,
    signatures_in_the_other_form_are_taken_and_what_is_none_is_refused,
    rsa_decrypts_what_was_encrypted_with_the_public_key,
    a_key_whose_server_is_gone_fails_as_a_call,
);
