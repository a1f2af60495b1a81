//! What is read of a certificate without checking it: who it is of, who issued it, and its public key.

use der::{Reader, SliceReader};
use rustls_pki_types::{CertificateDer, SubjectPublicKeyInfoDer};

use crate::error::{ConfigurationError, DerProblem};

/// The tag of the version, which a certificate of version 1 leaves out.
const VERSION: u8 = 0xA0;

/// Parts of a certificate of any version (RFC 5280 section 4.1), each in DER.
#[cfg_attr(not(feature = "pkcs12"), allow(dead_code, reason = "only files of PKCS#12 are put in order"))]
pub(super) struct Parts<'a> {
    /// Who issued it.
    pub(super) issuer: &'a [u8],
    /// Who it is of.
    pub(super) subject: &'a [u8],
    /// Its SubjectPublicKeyInfo.
    pub(super) public_key: SubjectPublicKeyInfoDer<'a>,
}

impl<'a> Parts<'a> {
    /// # Errors
    /// This is no certificate.
    pub(super) fn of(certificate: &'a [u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(certificate)?;
        let parts = reader.sequence(|certificate| {
            let parts = certificate.sequence(|content| {
                if content.peek_byte() == Some(VERSION) {
                    content.tlv_bytes()?;
                }
                let (_serial_number, _signature) = (content.tlv_bytes()?, content.tlv_bytes()?);
                let issuer = content.tlv_bytes()?;
                let _validity = content.tlv_bytes()?;
                let subject = content.tlv_bytes()?;
                let public_key = SubjectPublicKeyInfoDer::from(content.tlv_bytes()?);
                rest(content)?;
                der::Result::Ok(Self { issuer, subject, public_key })
            })?;
            rest(certificate)?;
            der::Result::Ok(parts)
        })?;
        reader.finish()?;
        Ok(parts)
    }
}

/// The certificate of these bytes.
///
/// # Errors
/// It is not one in DER.
pub(super) fn certificate(der: &[u8]) -> Result<CertificateDer<'static>, ConfigurationError> {
    match Parts::of(der) {
        Ok(_) => Ok(CertificateDer::from(der.to_vec())),
        Err(_) => Err(ConfigurationError::Der { expected: "certificate", problem: problem(der) }),
    }
}

/// What is wrong with bytes that are not what they should be.
pub(super) fn problem(der: &[u8]) -> DerProblem {
    match der.trim_ascii_start().starts_with(b"-----BEGIN ") {
        true => DerProblem::Pem,
        false => DerProblem::Malformed,
    }
}

fn rest<'a>(reader: &mut impl Reader<'a>) -> der::Result<()> {
    while !reader.is_finished() {
        reader.tlv_bytes()?;
    }
    Ok(())
}
