//! The certificates of an embedded server: an authority, and one certificate each for the server and a client.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, SanType,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::net::{IpAddr, Ipv4Addr};
use zeroize::Zeroizing;

/// Everything that the two sides need, made anew for each server.
pub(super) struct Certificates {
    issuer: CertifiedIssuer<'static, KeyPair>,
    pub(super) authority_pem: String,
    pub(super) authority: CertificateDer<'static>,
    pub(super) server: CertificateDer<'static>,
    pub(super) server_key: PrivateKeyDer<'static>,
    pub(super) client_pem: String,
    pub(super) client_key_pem: Zeroizing<String>,
}

impl Certificates {
    /// New keys and certificates. The server's is for `localhost` and 127.0.0.1.
    pub(super) fn generate() -> Result<Self, rcgen::Error> {
        let mut params = params("KMIP embedded server authority")?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;

        let mut params = self::params("KMIP embedded server")?;
        params.subject_alt_names = vec![
            SanType::DnsName("localhost".try_into()?),
            SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        ];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let server_key = KeyPair::generate()?;
        let server = params.signed_by(&server_key, &authority)?;

        let (client_pem, client_key_pem) = client("KMIP client", &authority)?;
        Ok(Self {
            authority_pem: authority.pem(),
            authority: authority.der().clone(),
            server: server.der().clone(),
            server_key: PrivatePkcs8KeyDer::from(server_key.serialize_der()).into(),
            client_pem,
            client_key_pem,
            issuer: authority,
        })
    }

    /// A certificate for a client and its key, both in PEM.
    pub(super) fn client(&self, name: &str) -> Result<(String, Zeroizing<String>), rcgen::Error> {
        client(name, &self.issuer)
    }
}

fn client(
    name: &str,
    issuer: &CertifiedIssuer<'static, KeyPair>,
) -> Result<(String, Zeroizing<String>), rcgen::Error> {
    let mut params = params(name)?;
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, issuer)?;
    Ok((certificate.pem(), Zeroizing::new(key.serialize_pem())))
}

fn params(name: &str) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(DnType::CommonName, name);
    Ok(params)
}
