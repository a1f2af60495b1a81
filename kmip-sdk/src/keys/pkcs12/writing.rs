//! Files of PKCS#12 with one private key, its certificate, and those that issued it.
//!
//! The key is in a bag that is encrypted as PKCS#8 is (PBES2 with AES); certificates, which are public, are not. A MAC by
//! the password is over all. Tools take the key and the certificate for a pair that have one `localKeyID`.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use aws_lc_rs::hmac;
use der::asn1::{AnyRef, Null, ObjectIdentifier};
use der::{Encode, Tag};
use zeroize::Zeroizing;

use super::kdf::{Password, Purpose, derive};
use super::{CERT_BAG, DATA, FRIENDLY_NAME, SHROUDED_KEY_BAG, VERSION_3, X509_CERTIFICATE, context};
use crate::keys::{KeyError, encrypted};

/// What tells which certificate is a key's (RFC 2985 section 5.5.2).
const LOCAL_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.21");

/// The digest of the MAC: SHA-256.
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// How often the password is hashed, once for the key and once for the MAC: Windows reads no file that asks for more than
/// 600 000 in all.
const ITERATIONS: u32 = 200_000;

/// How long the salt of the MAC is, in bytes.
const SALT: usize = 16;

/// The file of a private key in PKCS#8, its certificate and the others, and the name that the key and its certificate have
/// there.
///
/// # Errors
/// The system has no random numbers, or something is longer than DER can be.
pub(crate) fn container(
    pkcs8: &[u8],
    certificates: &[&[u8]],
    password: &str,
    name: Option<&str>,
) -> Result<Vec<u8>, KeyError> {
    let key = encrypted::encrypt(pkcs8, password, ITERATIONS)?;
    write(key.reveal(), certificates, password, name).map_err(|_| KeyError::Cryptography)
}

fn write(
    encrypted_key: &[u8],
    certificates: &[&[u8]],
    password: &str,
    name: Option<&str>,
) -> der::Result<Vec<u8>> {
    let own = certificates.first().copied().unwrap_or_default();
    let identifier = digest(&SHA1_FOR_LEGACY_USE_ONLY, own);
    let mut bags = Vec::new();
    for (index, certificate) in certificates.iter().enumerate() {
        let value = explicit(&tlv(Tag::OctetString, &[certificate])?)?;
        let value = tlv(Tag::Sequence, &[&X509_CERTIFICATE.to_der()?, &value])?;
        bags.push(bag(CERT_BAG, &value, (index == 0).then_some((identifier.as_ref(), name)))?);
    }
    let bags: Vec<&[u8]> = bags.iter().map(Vec::as_slice).collect();
    let certificates = data(&tlv(Tag::Sequence, &bags)?)?;
    let key = bag(SHROUDED_KEY_BAG, encrypted_key, Some((identifier.as_ref(), name)))?;
    let key = data(&tlv(Tag::Sequence, &[&key])?)?;
    let safes = tlv(Tag::Sequence, &[&certificates, &key])?;
    let mac = mac(&safes, password)?;
    tlv(Tag::Sequence, &[&tlv(Tag::Integer, &[VERSION_3])?, &data(&safes)?, &mac])
}

/// A SafeBag (RFC 7292 section 4.2).
fn bag(kind: ObjectIdentifier, value: &[u8], called: Option<(&[u8], Option<&str>)>) -> der::Result<Vec<u8>> {
    let attribute = |kind: ObjectIdentifier, value: &[u8]| {
        tlv(Tag::Sequence, &[&kind.to_der()?, &tlv(Tag::Set, &[value])?])
    };
    let attributes = match called {
        Some((identifier, name)) => {
            let identifier = attribute(LOCAL_KEY_ID, &tlv(Tag::OctetString, &[identifier])?)?;
            let name = match name {
                Some(name) => {
                    let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
                    attribute(FRIENDLY_NAME, &tlv(Tag::BmpString, &[&units])?)?
                }
                None => Vec::new(),
            };
            // The elements of a set stand in the order of their bytes (X.690 section 11.6).
            let mut all = [name.as_slice(), &identifier];
            all.sort();
            tlv(Tag::Set, &all)?
        }
        None => Vec::new(),
    };
    tlv(Tag::Sequence, &[&kind.to_der()?, &explicit(value)?, &attributes])
}

/// A ContentInfo of plain data (RFC 5652 section 4).
fn data(content: &[u8]) -> der::Result<Vec<u8>> {
    tlv(Tag::Sequence, &[&DATA.to_der()?, &explicit(&tlv(Tag::OctetString, &[content])?)?])
}

/// MacData (RFC 7292 section 4).
fn mac(safes: &[u8], password: &str) -> der::Result<Vec<u8>> {
    let mut salt = [0; SALT];
    crate::random::fill(&mut salt).map_err(|_| der::ErrorKind::Failed)?;
    let digest = hmac::HMAC_SHA256.digest_algorithm();
    let mut key = Zeroizing::new(vec![0; digest.output_len()]);
    // The first form is that of tools of today.
    let forms = Password::forms(password, ITERATIONS.into());
    let form = forms.first().ok_or(der::ErrorKind::Failed)?;
    derive(digest, Purpose::Mac, form, &salt, ITERATIONS, &mut key);
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), safes);
    let algorithm = tlv(Tag::Sequence, &[&SHA256.to_der()?, &Null.to_der()?])?;
    let info = tlv(Tag::Sequence, &[&algorithm, &tlv(Tag::OctetString, &[mac.as_ref()])?])?;
    tlv(Tag::Sequence, &[&info, &tlv(Tag::OctetString, &[&salt])?, &ITERATIONS.to_der()?])
}

/// What has the tag `[0]` around it.
fn explicit(content: &[u8]) -> der::Result<Vec<u8>> {
    tlv(context(true), &[content])
}

/// An element of these parts. None of them is secret.
fn tlv(tag: Tag, parts: &[&[u8]]) -> der::Result<Vec<u8>> {
    AnyRef::new(tag, &parts.concat())?.to_der()
}

#[cfg(test)]
mod tests {
    use crate::error::Pkcs12Problem;
    use crate::keys::PrivateKey;
    use crate::keys::pkcs12::Bags;
    use kmip_types::enumerations::KeyFormatType;
    use kmip_types::object::KeyMaterial;

    use super::*;

    #[test]
    fn a_file_costs_what_its_mac_and_its_keys_cost_together() {
        let key = PrivateKey::generate_on(crate::keys::Curve::P256).unwrap();
        let Some(KeyMaterial::Bytes(pkcs8)) = key.to_material(KeyFormatType::Pkcs8) else { panic!() };
        let file = container(pkcs8.reveal(), &[], "secret", None).unwrap();
        let all = u64::from(ITERATIONS) * 2;
        for (work, expected) in [
            (u64::from(ITERATIONS) - 1, Err(Pkcs12Problem::UnsupportedAlgorithm)),
            (all - 1, Err(Pkcs12Problem::UnsupportedAlgorithm)),
            (all, Ok(1)),
        ] {
            let read = Bags::read_within(&file, Some("secret"), work).map(|bags| bags.keys.len());
            assert_eq!(read, expected, "{work}");
        }
    }
}
