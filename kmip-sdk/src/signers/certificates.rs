//! Certificates and certificate requests that are signed by a key of the server's: as a key of rcgen's.

use core::fmt;
use std::sync::{Mutex, PoisonError};

use kmip_types::enumerations::HashingAlgorithm;
use pkcs8::spki::SubjectPublicKeyInfoRef;
use rcgen::{PublicKeyData, SignatureAlgorithm, SigningKey};

use super::scheme::curve_of;
use super::{RemoteKey, RemoteSigner, Scheme, SignerError};
use crate::client::Blocking;
use crate::error::Error;
use crate::keys::{Curve, Material};

/// A private key of the server's that signs what `rcgen` makes: certificates, certificate requests and revocation lists.
/// Made by [`RemoteKey::certificate_signer`].
pub struct CertificateSigner {
    signer: RemoteSigner<Blocking>,
    algorithm: &'static SignatureAlgorithm,
    /// The public key without the name of its algorithm.
    public_key: Vec<u8>,
    failure: Mutex<Option<Error>>,
}

impl RemoteKey<Blocking> {
    /// What signs certificates and certificate requests with the key by this scheme, for `rcgen`.
    ///
    /// ```
    /// use kmip_sdk::signers::Scheme;
    /// use kmip_sdk::types::enumerations::{HashingAlgorithm, RecommendedCurve};
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let pair = client.create_ec(RecommendedCurve::P256).signing().activated().send()?;
    /// let key = client.remote_key(&pair.private_key_unique_identifier).send()?;
    /// let signer = key.certificate_signer(Scheme::Ecdsa(HashingAlgorithm::Sha256))?;
    ///
    /// let parameters = rcgen::CertificateParams::new(["example.com".to_owned()])?;
    /// println!("{}", parameters.serialize_request(&signer)?.pem()?);
    /// println!("{}", parameters.self_signed(&signer)?.pem());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The key or the version of the protocol has no such signatures; or `rcgen` has none: it has RSA PKCS #1 v1.5 with
    /// SHA-256, SHA-384 and SHA-512, ECDSA on P-256 with SHA-256, on P-384 with SHA-384 and on P-521 with all three, and
    /// Ed25519.
    pub fn certificate_signer(&self, scheme: Scheme) -> Result<CertificateSigner, SignerError> {
        let signer = self.signer(scheme)?;
        let public_key = || self.public_key().to_string();
        let algorithm = algorithm(scheme, self.public_key())
            .ok_or_else(|| SignerError::NotForCertificates { scheme, public_key: public_key() })?;
        let info = SubjectPublicKeyInfoRef::try_from(self.spki());
        let bits = info.ok().and_then(|info| info.subject_public_key.as_bytes());
        let bits =
            bits.ok_or_else(|| SignerError::NotForCertificates { scheme, public_key: public_key() })?;
        Ok(CertificateSigner { signer, algorithm, public_key: bits.to_vec(), failure: Mutex::default() })
    }
}

impl CertificateSigner {
    /// What signs.
    pub fn signer(&self) -> &RemoteSigner<Blocking> {
        &self.signer
    }

    /// Why the last signature was not made, which [`rcgen::Error::RemoteKeyError`] does not say. It is told once.
    pub fn take_error(&self) -> Option<Error> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn algorithm(scheme: Scheme, key: &Material) -> Option<&'static SignatureAlgorithm> {
    use HashingAlgorithm as H;
    Some(match (scheme, curve_of(key)) {
        (Scheme::RsaPkcs1V1_5(H::Sha256), _) => &rcgen::PKCS_RSA_SHA256,
        (Scheme::RsaPkcs1V1_5(H::Sha384), _) => &rcgen::PKCS_RSA_SHA384,
        (Scheme::RsaPkcs1V1_5(H::Sha512), _) => &rcgen::PKCS_RSA_SHA512,
        (Scheme::Ecdsa(H::Sha256), Some(Curve::P256)) => &rcgen::PKCS_ECDSA_P256_SHA256,
        (Scheme::Ecdsa(H::Sha384), Some(Curve::P384)) => &rcgen::PKCS_ECDSA_P384_SHA384,
        (Scheme::Ecdsa(H::Sha256), Some(Curve::P521)) => &rcgen::PKCS_ECDSA_P521_SHA256,
        (Scheme::Ecdsa(H::Sha384), Some(Curve::P521)) => &rcgen::PKCS_ECDSA_P521_SHA384,
        (Scheme::Ecdsa(H::Sha512), Some(Curve::P521)) => &rcgen::PKCS_ECDSA_P521_SHA512,
        (Scheme::Ed25519, _) => &rcgen::PKCS_ED25519,
        _ => return None,
    })
}

impl PublicKeyData for CertificateSigner {
    fn der_bytes(&self) -> &[u8] {
        &self.public_key
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.algorithm
    }
}

impl SigningKey for CertificateSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        match self.signer.signature_of(message).send() {
            Ok(signature) => Ok(signature.into_vec()),
            Err(error) => {
                *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                Err(rcgen::Error::RemoteKeyError)
            }
        }
    }
}

impl fmt::Debug for CertificateSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateSigner").field("signer", &self.signer).finish_non_exhaustive()
    }
}
