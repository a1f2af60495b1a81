//! The traits of `signature`: every type of another library is given what it takes.

use kmip_sdk::signers::{RemoteSigner, Scheme, Signature};
use kmip_sdk::types::ProtocolVersion;
use kmip_sdk::types::enumerations::{HashingAlgorithm, RecommendedCurve};
use kmip_sdk::{Blocking, Driver};
use rsa::sha2::Sha256;
use signature::{AsyncSigner, SignatureEncoding, Signer, Verifier};

use super::{DATA, KeyServer, Kind, client, remote_key};
use crate::drivers::{Drives, RUNTIME};

const P256: Kind = Kind::Ec(RecommendedCurve::P256);
const ECDSA: Scheme = Scheme::Ecdsa(HashingAlgorithm::Sha256);
const PKCS1: Scheme = Scheme::RsaPkcs1V1_5(HashingAlgorithm::Sha256);
const PSS: Scheme = Scheme::RsaPss(HashingAlgorithm::Sha256);

fn signer<D: Drives>(kind: Kind, scheme: Scheme) -> RemoteSigner<D> {
    remote_key(&client::<D>(), kind).signer(scheme).unwrap()
}

/// The key that another library verifies with.
fn verifier<D: Driver, K: kmip_sdk::keys::pkcs8::DecodePublicKey>(signer: &RemoteSigner<D>) -> K {
    signer.key().public_key().to_public_key().unwrap()
}

#[test]
fn a_blocking_signer_signs_for_every_type() {
    let ecdsa = signer::<Blocking>(P256, ECDSA);
    let key: p256::ecdsa::VerifyingKey = verifier(&ecdsa);
    let fixed: p256::ecdsa::Signature = ecdsa.sign(DATA);
    key.verify(DATA, &fixed).unwrap();
    let der: p256::ecdsa::DerSignature = ecdsa.sign(DATA);
    key.verify(DATA, &der).unwrap();

    let ecdsa = signer::<Blocking>(Kind::Ec(RecommendedCurve::P384), Scheme::Ecdsa(HashingAlgorithm::Sha384));
    let signature: p384::ecdsa::Signature = ecdsa.sign(DATA);
    verifier::<_, p384::ecdsa::VerifyingKey>(&ecdsa).verify(DATA, &signature).unwrap();

    let ed25519 = signer::<Blocking>(Kind::Ed25519, Scheme::Ed25519);
    let signature: ed25519_dalek::Signature = ed25519.sign(DATA);
    verifier::<_, ed25519_dalek::VerifyingKey>(&ed25519).verify(DATA, &signature).unwrap();

    let pkcs1 = signer::<Blocking>(Kind::Rsa, PKCS1);
    let signature: rsa::pkcs1v15::Signature = pkcs1.sign(DATA);
    let key = rsa::pkcs1v15::VerifyingKey::<Sha256>::new(verifier(&pkcs1));
    key.verify(DATA, &signature).unwrap();

    let pss = pkcs1.key().signer(PSS).unwrap();
    let signature: rsa::pss::Signature = pss.sign(DATA);
    rsa::pss::VerifyingKey::<Sha256>::new(verifier(&pss)).verify(DATA, &signature).unwrap();
}

#[test]
fn an_async_signer_signs_for_types_by_way_of_ours() {
    let ecdsa = signer::<kmip_sdk::tokio::Tokio>(P256, ECDSA);
    let signature: Signature = RUNTIME.block_on(ecdsa.sign_async(DATA)).unwrap();
    let key: p256::ecdsa::VerifyingKey = verifier(&ecdsa);
    key.verify(DATA, &signature.to::<p256::ecdsa::Signature>().unwrap()).unwrap();
    key.verify(DATA, &signature.to::<p256::ecdsa::DerSignature>().unwrap()).unwrap();
    assert_eq!(signature.to_bytes(), signature.as_bytes());

    let pss = signer::<kmip_sdk::tokio::Tokio>(Kind::Rsa, PSS);
    let signature = RUNTIME.block_on(pss.sign_async(DATA)).unwrap().to::<rsa::pss::Signature>().unwrap();
    rsa::pss::VerifyingKey::<Sha256>::new(verifier(&pss)).verify(DATA, &signature).unwrap();
}

#[test]
fn a_type_of_another_curve_and_a_failed_call_are_errors_that_say_so() {
    fn cause(error: signature::Error) -> String {
        std::error::Error::source(&error).unwrap().to_string()
    }
    let ecdsa = signer::<Blocking>(P256, ECDSA);
    let wrong: Result<p384::ecdsa::Signature, _> = ecdsa.try_sign(DATA);
    let text = cause(wrong.unwrap_err());
    assert!(text.contains("NistP384") && text.contains("does not take the signature"), "{text}");

    let server = KeyServer::new();
    let key = remote_key(&server.client::<Blocking>(ProtocolVersion::V2_1), P256);
    let ecdsa = key.signer(ECDSA).unwrap();
    server.go();
    let gone: Result<Signature, _> = ecdsa.try_sign(DATA);
    assert!(cause(gone.unwrap_err()).contains("the server closed the connection"));
}
