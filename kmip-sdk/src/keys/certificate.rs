//! What is read of a certificate without checking it: who it is of, who issued it, and its public key.

use der::{Reader, SliceReader};
use rustls_pki_types::SubjectPublicKeyInfoDer;

/// The tag of the version, which a certificate of version 1 leaves out.
const VERSION: u8 = 0xA0;

/// Parts of a certificate of any version (RFC 5280 section 4.1), each in DER.
pub(crate) struct Parts<'a> {
    /// Who issued it.
    pub(crate) issuer: &'a [u8],
    /// Who it is of.
    pub(crate) subject: &'a [u8],
    /// Its SubjectPublicKeyInfo.
    pub(crate) public_key: SubjectPublicKeyInfoDer<'a>,
}

impl<'a> Parts<'a> {
    /// # Errors
    /// This is no certificate.
    pub(crate) fn of(certificate: &'a [u8]) -> der::Result<Self> {
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

/// The certificate, then who issued it, and so on, as far as these go.
pub(crate) fn chain<T: AsRef<[u8]> + Clone>(first: &T, all: &[T]) -> Vec<T> {
    let mut chain = vec![first.clone()];
    while let Some(Ok(last)) = chain.last().map(|last| Parts::of(last.as_ref())) {
        let issuer = all.iter().find(|certificate| {
            !chain.iter().any(|there| there.as_ref() == certificate.as_ref())
                && Parts::of(certificate.as_ref()).is_ok_and(|parts| parts.subject == last.issuer)
        });
        match issuer {
            Some(issuer) if last.issuer != last.subject => {
                let issuer = issuer.clone();
                chain.push(issuer);
            }
            _ => break,
        }
    }
    chain
}

fn rest<'a>(reader: &mut impl Reader<'a>) -> der::Result<()> {
    while !reader.is_finished() {
        reader.tlv_bytes()?;
    }
    Ok(())
}
