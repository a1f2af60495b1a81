//! Certificates and certificate requests that rcgen makes with a key in the server.

use der::{Decode, Encode};
use kmip_sdk::Blocking;
use kmip_sdk::keys::Material;
use kmip_sdk::signers::{Scheme, SignerError};
use kmip_sdk::types::ProtocolVersion;
use kmip_sdk::types::enumerations::{HashingAlgorithm, RecommendedCurve};
use rcgen::CertificateParams;
use x509_cert::Certificate;
use x509_cert::request::CertReq;

use super::{KeyServer, Kind, client, remote_key, spki, verifies};

/// Each kind of key with the schemes that certificates are signed by.
fn kinds() -> Vec<(Kind, Vec<Scheme>)> {
    use HashingAlgorithm as H;
    let ecdsa = |hash| vec![Scheme::Ecdsa(hash)];
    let all = [H::Sha256, H::Sha384, H::Sha512];
    vec![
        (Kind::Rsa, all.map(Scheme::RsaPkcs1V1_5).to_vec()),
        (Kind::Ec(RecommendedCurve::P256), ecdsa(H::Sha256)),
        (Kind::Ec(RecommendedCurve::P384), ecdsa(H::Sha384)),
        (Kind::Ec(RecommendedCurve::P521), all.map(Scheme::Ecdsa).to_vec()),
        (Kind::Ed25519, vec![Scheme::Ed25519]),
    ]
}

fn parameters() -> CertificateParams {
    CertificateParams::new(["example.com".to_owned()]).unwrap()
}

#[test]
fn requests_and_certificates_are_signed_by_the_key() {
    let client = client::<Blocking>();
    for (kind, schemes) in kinds() {
        let key = remote_key(&client, kind);
        for scheme in schemes {
            let signer = key.certificate_signer(scheme).unwrap();
            let curve = key.public_key().curve();

            let request = parameters().serialize_request(&signer).unwrap();
            let request = CertReq::from_der(request.der()).unwrap();
            let public_key = request.info.public_key.to_der().unwrap();
            assert_eq!(public_key, spki(key.public_key()), "{kind:?}");
            let signed = request.info.to_der().unwrap();
            let signature = request.signature.as_bytes().unwrap();
            assert!(verifies(&public_key, curve, scheme, &signed, signature), "{kind:?}, {scheme}");

            let made = parameters().self_signed(&signer).unwrap();
            let certificate = Certificate::from_der(made.der()).unwrap();
            let signed = certificate.tbs_certificate().to_der().unwrap();
            let signature = certificate.signature().as_bytes().unwrap();
            assert!(verifies(&public_key, curve, scheme, &signed, signature), "{kind:?}, {scheme}");
            let of_certificate = Material::from_der(made.der()).unwrap().public_key().unwrap();
            assert_eq!(&of_certificate, key.public_key());
        }
    }
}

#[test]
fn what_rcgen_has_no_name_for_is_refused() {
    let client = client::<Blocking>();
    for (kind, scheme) in [
        (Kind::Rsa, Scheme::RsaPss(HashingAlgorithm::Sha256)),
        (Kind::Ec(RecommendedCurve::P256), Scheme::Ecdsa(HashingAlgorithm::Sha512)),
        (Kind::Ec(RecommendedCurve::Secp256K1), Scheme::Ecdsa(HashingAlgorithm::Sha256)),
    ] {
        let error = remote_key(&client, kind).certificate_signer(scheme).unwrap_err();
        assert!(matches!(error, SignerError::NotForCertificates { .. }), "{error}");
    }
    let error =
        remote_key(&client, Kind::Ed25519).certificate_signer(Scheme::RsaPss(HashingAlgorithm::Sha256));
    assert!(matches!(error, Err(SignerError::Scheme { .. })));
}

#[test]
fn a_signature_that_is_not_made_is_told_beside_rcgens_error() {
    let server = KeyServer::new();
    let key = remote_key(&server.client::<Blocking>(ProtocolVersion::V2_1), Kind::Ed25519);
    let signer = key.certificate_signer(Scheme::Ed25519).unwrap();
    server.go();
    assert_eq!(parameters().self_signed(&signer).unwrap_err(), rcgen::Error::RemoteKeyError);
    let error = signer.take_error().unwrap();
    assert!(error.to_string().contains("the server closed the connection"), "{error}");
    assert!(signer.take_error().is_none());
}
