//! Keys that stay in the server, as the keys of other libraries: what they make is checked by other libraries.

mod certificates;
mod fetching;
mod signing;
mod tls;
mod typed;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_lc_rs::signature::{self as lc, ParsedPublicKey};
use kmip_sdk::generic::Client;
use kmip_sdk::keys::{KeyEncoding, Material};
use kmip_sdk::server::Server;
use kmip_sdk::signers::{RemoteKey, Scheme};
use kmip_sdk::types::ProtocolVersion;
use kmip_sdk::types::enumerations::{CryptographicAlgorithm, HashingAlgorithm, RecommendedCurve};

use crate::drivers::{Drives, Make, Start};

const DATA: &[u8] = b"attack at dawn";

/// The kinds of keys.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Rsa,
    Ec(RecommendedCurve),
    Ed25519,
}

/// A key server that can be taken away.
#[derive(Clone)]
struct KeyServer {
    server: Arc<Server>,
    is_gone: Arc<AtomicBool>,
}

impl KeyServer {
    fn new() -> Self {
        Self { server: Arc::new(Server::default()), is_gone: Arc::default() }
    }

    fn client<D: Drives>(&self, version: ProtocolVersion) -> Client<D> {
        let this = self.clone();
        // No bytes are the end of the connection.
        let service = move |request: &[u8]| match this.is_gone.load(Ordering::SeqCst) {
            true => Vec::new(),
            false => this.server.handle(request),
        };
        D::builder().service(service).version(version).start_late().unwrap()
    }

    fn go(&self) {
        self.is_gone.store(true, Ordering::SeqCst);
    }
}

fn client<D: Drives>() -> Client<D> {
    KeyServer::new().client(ProtocolVersion::V2_1)
}

/// A key pair that signs, made in the server.
fn remote_key<D: Drives>(client: &Client<D>, kind: Kind) -> RemoteKey<D> {
    let call = match kind {
        Kind::Rsa => client.create_rsa(2048),
        Kind::Ec(curve) => client.create_ec(curve),
        Kind::Ed25519 => client
            .create_key_pair(CryptographicAlgorithm::Ed25519)
            .length(256)
            .curve(RecommendedCurve::Curve25519),
    };
    let pair = call.signing().activated().make().unwrap();
    client.remote_key(&pair.private_key_unique_identifier).make().unwrap()
}

fn spki(key: &Material) -> Vec<u8> {
    key.to_der_as(KeyEncoding::Spki).unwrap().reveal().to_vec()
}

/// Whether a library that has no part in the server takes the signature.
fn verifies(
    spki: &[u8],
    curve: Option<RecommendedCurve>,
    scheme: Scheme,
    data: &[u8],
    signature: &[u8],
) -> bool {
    use HashingAlgorithm as H;
    use RecommendedCurve as C;
    let algorithm: &'static dyn lc::VerificationAlgorithm = match (scheme, curve) {
        (Scheme::RsaPkcs1V1_5(H::Sha256), _) => &lc::RSA_PKCS1_2048_8192_SHA256,
        (Scheme::RsaPkcs1V1_5(H::Sha384), _) => &lc::RSA_PKCS1_2048_8192_SHA384,
        (Scheme::RsaPkcs1V1_5(H::Sha512), _) => &lc::RSA_PKCS1_2048_8192_SHA512,
        (Scheme::RsaPss(H::Sha256), _) => &lc::RSA_PSS_2048_8192_SHA256,
        (Scheme::RsaPss(H::Sha384), _) => &lc::RSA_PSS_2048_8192_SHA384,
        (Scheme::RsaPss(H::Sha512), _) => &lc::RSA_PSS_2048_8192_SHA512,
        (Scheme::Ecdsa(H::Sha256), Some(C::P256)) => &lc::ECDSA_P256_SHA256_ASN1,
        (Scheme::Ecdsa(H::Sha384), Some(C::P256)) => &lc::ECDSA_P256_SHA384_ASN1,
        (Scheme::Ecdsa(H::Sha512), Some(C::P256)) => &lc::ECDSA_P256_SHA512_ASN1,
        (Scheme::Ecdsa(H::Sha256), Some(C::P384)) => &lc::ECDSA_P384_SHA256_ASN1,
        (Scheme::Ecdsa(H::Sha384), Some(C::P384)) => &lc::ECDSA_P384_SHA384_ASN1,
        (Scheme::Ecdsa(H::Sha512), Some(C::P384)) => &lc::ECDSA_P384_SHA512_ASN1,
        (Scheme::Ecdsa(H::Sha256), Some(C::P521)) => &lc::ECDSA_P521_SHA256_ASN1,
        (Scheme::Ecdsa(H::Sha384), Some(C::P521)) => &lc::ECDSA_P521_SHA384_ASN1,
        (Scheme::Ecdsa(H::Sha512), Some(C::P521)) => &lc::ECDSA_P521_SHA512_ASN1,
        (Scheme::Ecdsa(H::Sha256), Some(C::Secp256K1)) => &lc::ECDSA_P256K1_SHA256_ASN1,
        (Scheme::Ed25519, _) => &lc::ED25519,
        other => panic!("{other:?}"),
    };
    ParsedPublicKey::new(algorithm, spki).unwrap().verify_sig(data, signature).is_ok()
}
