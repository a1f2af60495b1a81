//! What the certificates that a server shows say of themselves.

use std::net::IpAddr;

use aws_lc_rs::digest::{SHA256, digest};
use der::Decode;
use kmip_types::DateTime;
use rustls_pki_types::CertificateDer;
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::time::Time;

use super::CertificateFacts;

/// What is said of each; one that cannot be read says nothing.
pub(super) fn facts(chain: &[CertificateDer<'_>]) -> Vec<CertificateFacts> {
    chain.iter().filter_map(|der| of(der)).collect()
}

fn of(der: &[u8]) -> Option<CertificateFacts> {
    let certificate = Certificate::from_der(der).ok()?;
    let body = certificate.tbs_certificate();
    let names = match body.get_extension::<SubjectAltName>() {
        Ok(Some((_, names))) => names.0.iter().filter_map(name).collect(),
        _ => Vec::new(),
    };
    let mut sha256 = [0; 32];
    sha256.copy_from_slice(digest(&SHA256, der).as_ref());
    Some(CertificateFacts {
        subject: body.subject().to_string(),
        issuer: body.issuer().to_string(),
        names,
        not_before: date(body.validity().not_before),
        not_after: date(body.validity().not_after),
        sha256,
    })
}

fn date(time: Time) -> DateTime {
    DateTime::from_seconds(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX))
}

fn name(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(name.to_string()),
        GeneralName::IpAddress(bytes) => {
            let bytes = bytes.as_bytes();
            let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from).ok();
            let v6 = || <[u8; 16]>::try_from(bytes).map(IpAddr::from).ok();
            v4.or_else(v6).map(|address| address.to_string())
        }
        _ => None,
    }
}
