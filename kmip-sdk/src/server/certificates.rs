//! The certificates of an embedded server: an authority, and one certificate each for the server and a client.

use p256::ecdsa::signature::Signer;
use p256::pkcs8::{EncodePrivateKey, LineEnding, SecretDocument};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PublicKeyData, SanType, SignatureAlgorithm, SigningKey,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::net::{IpAddr, Ipv4Addr};
use zeroize::Zeroizing;

use super::crypto::random::random;
use crate::random::Source;

/// Everything that the two sides need, made anew for each server.
pub(super) struct Certificates {
    issuer: CertifiedIssuer<'static, Key>,
    pub(super) authority_pem: String,
    pub(super) authority: CertificateDer<'static>,
    pub(super) server: CertificateDer<'static>,
    pub(super) server_key: PrivateKeyDer<'static>,
    pub(super) client_pem: String,
    pub(super) client_key_pem: Zeroizing<String>,
}

impl Certificates {
    /// New keys and certificates. The server's is for `localhost`, 127.0.0.1 and other names or addresses.
    pub(super) fn generate(source: &Source, names: &[String]) -> Result<Self, rcgen::Error> {
        let _random = source.named(b"certificates", b"");
        let mut params = params("KMIP embedded server authority")?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let authority = CertifiedIssuer::self_signed(params, Key::generate()?)?;

        let mut params = self::params("KMIP embedded server")?;
        params.subject_alt_names = vec![
            SanType::DnsName("localhost".try_into()?),
            SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        ];
        for name in names {
            params.subject_alt_names.push(match name.parse() {
                Ok(address) => SanType::IpAddress(address),
                Err(_) => SanType::DnsName(name.as_str().try_into()?),
            });
        }
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let server_key = Key::generate()?;
        let server = params.signed_by(&server_key, &authority)?;

        let (client_pem, client_key_pem) = client("KMIP client", &authority)?;
        Ok(Self {
            authority_pem: authority.pem(),
            authority: authority.der().clone(),
            server: server.der().clone(),
            server_key: PrivatePkcs8KeyDer::from(server_key.pkcs8()?.as_bytes().to_vec()).into(),
            client_pem,
            client_key_pem,
            issuer: authority,
        })
    }

    /// A certificate for a client and its key, both in PEM.
    pub(super) fn client(
        &self,
        source: &Source,
        name: &str,
    ) -> Result<(String, Zeroizing<String>), rcgen::Error> {
        let _random = source.named(b"client", name.as_bytes());
        client(name, &self.issuer)
    }
}

fn client(
    name: &str,
    issuer: &CertifiedIssuer<'static, Key>,
) -> Result<(String, Zeroizing<String>), rcgen::Error> {
    let mut params = params(name)?;
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let key = Key::generate()?;
    let certificate = params.signed_by(&key, issuer)?;
    Ok((certificate.pem(), key.pem()?))
}

fn params(name: &str) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(DnType::CommonName, name);
    Ok(params)
}

/// A key on P-256, whose signatures are the same for the same (RFC 6979), so that certificates are too where keys are.
struct Key {
    signing: p256::ecdsa::SigningKey,
    point: Vec<u8>,
}

impl Key {
    fn generate() -> Result<Self, rcgen::Error> {
        // Of 2^32 numbers at random, one is none of the curve's.
        for _ in 0..4 {
            let scalar = random(32).map_err(|_| rcgen::Error::RemoteKeyError)?;
            if let Ok(signing) = p256::ecdsa::SigningKey::from_slice(scalar.reveal()) {
                let point = signing.verifying_key().to_sec1_point(false).as_bytes().to_vec();
                return Ok(Self { signing, point });
            }
        }
        Err(rcgen::Error::RemoteKeyError)
    }

    /// PKCS#8 in DER.
    fn pkcs8(&self) -> Result<SecretDocument, rcgen::Error> {
        self.signing.to_pkcs8_der().map_err(|_| rcgen::Error::RemoteKeyError)
    }

    /// PKCS#8 in PEM.
    fn pem(&self) -> Result<Zeroizing<String>, rcgen::Error> {
        self.signing.to_pkcs8_pem(LineEnding::LF).map_err(|_| rcgen::Error::RemoteKeyError)
    }
}

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        &self.point
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ECDSA_P256_SHA256
    }
}

impl SigningKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let signature: p256::ecdsa::DerSignature = self.signing.sign(message);
        Ok(signature.as_bytes().to_vec())
    }
}
