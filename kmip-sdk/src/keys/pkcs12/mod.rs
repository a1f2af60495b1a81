//! Keys and certificates from PKCS#12 (RFC 7292), in DER.
//!
//! A file is a list of safes, plain or encrypted as a whole; a safe is a list of bags, of which one holds a
//! certificate, and one a key that is mostly encrypted by itself. A MAC over all safes, by the same password, tells
//! whether that is right. What is read is borrowed from the file or from a buffer that is wiped: libraries that read
//! the whole of it leave copies of the key behind.

mod cipher;
mod kdf;
mod writing;

use aws_lc_rs::hmac;
use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Reader, SliceReader, Tag, TagNumber};
use rustls_pki_types::CertificateDer;
use zeroize::Zeroizing;

use self::cipher::decrypt;
use self::kdf::{Password, Purpose, derive};
pub(crate) use self::writing::container;
use super::bounds::{MAX_ITERATIONS, MAX_WORK};
use super::certificate::Parts;
use crate::error::Pkcs12Problem;

/// The version of a file (RFC 7292 section 4).
const VERSION_3: &[u8] = &[3];

// Kinds of safes (RFC 5652 sections 4 and 8).
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");

// Kinds of bags (RFC 7292 appendix D), and of certificates (RFC 7292 section 4.2.3).
const KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
const SHROUDED_KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const CERT_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
const X509_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");

/// What people call a bag by (RFC 2985 section 5.5.1).
const FRIENDLY_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.20");

/// The digests of MACs.
const DIGESTS: [(ObjectIdentifier, hmac::Algorithm); 5] = [
    (ObjectIdentifier::new_unwrap("1.3.14.3.2.26"), hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.4"), hmac::HMAC_SHA224),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1"), hmac::HMAC_SHA256),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2"), hmac::HMAC_SHA384),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3"), hmac::HMAC_SHA512),
];

/// What is in a file.
#[derive(Default)]
pub(crate) struct Bags {
    /// Keys, as PKCS#8.
    pub(crate) keys: Vec<Zeroizing<Vec<u8>>>,
    /// The friendly name of each key, if it has one.
    pub(crate) names: Vec<Option<String>>,
    /// Certificates of X.509.
    pub(crate) certificates: Vec<CertificateDer<'static>>,
}

impl Bags {
    /// What is in a file of one's own.
    ///
    /// # Errors
    /// The file cannot be read, or the password does not fit.
    pub(crate) fn read(file: &[u8], password: Option<&str>) -> Result<Self, Pkcs12Problem> {
        Self::read_within(file, password, MAX_WORK)
    }

    /// What is in a file of somebody's whom it may cost so much: iterations of hashes or, with scrypt, the product of its
    /// parameters, for all that is encrypted by itself together.
    ///
    /// # Errors
    /// The file cannot be read, the password does not fit, or it costs more.
    pub(crate) fn read_within(file: &[u8], password: Option<&str>, work: u64) -> Result<Self, Pkcs12Problem> {
        let mut pfx = sequence(file)?;
        if value(&mut pfx, Tag::Integer)? != VERSION_3 {
            return Err(Pkcs12Problem::Malformed);
        }
        let safes = match content_info(value(&mut pfx, Tag::Sequence)?)? {
            (DATA, content) => octets(content)?,
            // Signed by a public key instead (RFC 7292 section 4).
            _ => return Err(Pkcs12Problem::UnsupportedAlgorithm),
        };
        let mac = if pfx.is_finished() { None } else { Some(value(&mut pfx, Tag::Sequence)?) };
        let mut passwords = Password::forms(password.unwrap_or(""), work).into_iter();
        let fits = match mac {
            Some(mac) => {
                let mac = Mac::read(mac)?;
                let mut found = None;
                for password in passwords {
                    password.work(mac.iterations.into())?;
                    if mac.fits(&password, safes) {
                        found = Some(password);
                        break;
                    }
                }
                found
            }
            None => passwords.next(),
        };
        let wrong = match password {
            Some(_) => Pkcs12Problem::WrongPassword,
            None => Pkcs12Problem::NoPassword,
        };
        let Some(fits) = fits else { return Err(wrong) };
        let mut bags = Self::default();
        let mut safes = sequence(safes)?;
        while !safes.is_finished() {
            match bags.read_safe(value(&mut safes, Tag::Sequence)?, &fits) {
                // What does not decrypt: without a MAC, that is how it shows.
                Err(Pkcs12Problem::WrongPassword) => return Err(wrong),
                other => other?,
            }
        }
        Ok(bags)
    }

    fn read_safe(&mut self, safe: &[u8], password: &Password<'_>) -> Result<(), Pkcs12Problem> {
        match content_info(safe)? {
            (DATA, content) => self.read_bags(octets(content)?, password),
            (ENCRYPTED_DATA, content) => {
                let mut encrypted = sequence(content)?;
                value(&mut encrypted, Tag::Integer)?;
                let mut info = SliceReader::new(value(&mut encrypted, Tag::Sequence)?)?;
                let _kind = info.tlv_bytes()?;
                let algorithm = info.tlv_bytes()?;
                let bytes = value(&mut info, context(false))?;
                self.read_bags(&decrypt(algorithm, bytes, password)?, password)
            }
            // For the holder of another key.
            _ => Err(Pkcs12Problem::UnsupportedAlgorithm),
        }
    }

    fn read_bags(&mut self, bags: &[u8], password: &Password<'_>) -> Result<(), Pkcs12Problem> {
        let mut bags = sequence(bags)?;
        while !bags.is_finished() {
            let mut bag = SliceReader::new(value(&mut bags, Tag::Sequence)?)?;
            let kind = ObjectIdentifier::decode(&mut bag)?;
            let content = value(&mut bag, context(true))?;
            match kind {
                KEY_BAG => {
                    self.keys.push(Zeroizing::new(content.to_vec()));
                    self.names.push(friendly_name(&mut bag));
                }
                SHROUDED_KEY_BAG => {
                    let mut info = sequence(content)?;
                    let algorithm = info.tlv_bytes()?;
                    let bytes = value(&mut info, Tag::OctetString)?;
                    self.keys.push(decrypt(algorithm, bytes, password)?);
                    self.names.push(friendly_name(&mut bag));
                }
                CERT_BAG => {
                    let mut certificate = sequence(content)?;
                    if ObjectIdentifier::decode(&mut certificate)? == X509_CERTIFICATE {
                        let der = octets(value(&mut certificate, context(true))?)?;
                        Parts::of(der)?;
                        self.certificates.push(CertificateDer::from(der.to_vec()));
                    }
                }
                // Revocation lists, secrets, and what is newer.
                _ => {}
            }
        }
        Ok(())
    }
}

/// The friendly name among the attributes of a bag (RFC 2985 section 5.5.1): whatever else is there does not count.
fn friendly_name(bag: &mut SliceReader<'_>) -> Option<String> {
    let mut attributes = SliceReader::new(value(bag, Tag::Set).ok()?).ok()?;
    while !attributes.is_finished() {
        let mut attribute = SliceReader::new(value(&mut attributes, Tag::Sequence).ok()?).ok()?;
        if ObjectIdentifier::decode(&mut attribute).ok()? == FRIENDLY_NAME {
            let mut values = SliceReader::new(value(&mut attribute, Tag::Set).ok()?).ok()?;
            let units = value(&mut values, Tag::BmpString).ok()?.chunks(2);
            let units: Vec<u16> =
                units.map(|unit| unit.iter().fold(0, |all, byte| all << 8 | u16::from(*byte))).collect();
            return String::from_utf16(&units).ok();
        }
    }
    None
}

/// The MAC of a file (RFC 7292 section 4).
struct Mac<'a> {
    algorithm: hmac::Algorithm,
    mac: &'a [u8],
    salt: &'a [u8],
    iterations: u32,
}

impl<'a> Mac<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Pkcs12Problem> {
        let mut reader = SliceReader::new(bytes)?;
        let mut info = SliceReader::new(value(&mut reader, Tag::Sequence)?)?;
        let digest = ObjectIdentifier::decode(&mut SliceReader::new(value(&mut info, Tag::Sequence)?)?)?;
        let known = DIGESTS.into_iter().find(|(identifier, _)| *identifier == digest);
        let (_, algorithm) = known.ok_or(Pkcs12Problem::UnsupportedAlgorithm)?;
        let mac = value(&mut info, Tag::OctetString)?;
        let salt = value(&mut reader, Tag::OctetString)?;
        let iterations = if reader.is_finished() { 1 } else { iterations(&mut reader)? };
        Ok(Self { algorithm, mac, salt, iterations })
    }

    fn fits(&self, password: &Password<'_>, safes: &[u8]) -> bool {
        let digest = self.algorithm.digest_algorithm();
        let mut key = Zeroizing::new(vec![0; digest.output_len()]);
        derive(digest, Purpose::Mac, password, self.salt, self.iterations, &mut key);
        hmac::verify(&hmac::Key::new(self.algorithm, &key), safes, self.mac).is_ok()
    }
}

impl From<der::Error> for Pkcs12Problem {
    fn from(_: der::Error) -> Self {
        Self::Malformed
    }
}

/// A number of iterations, within bounds.
fn iterations(reader: &mut SliceReader<'_>) -> Result<u32, Pkcs12Problem> {
    match u32::decode(reader)? {
        iterations @ 1..=MAX_ITERATIONS => Ok(iterations),
        _ => Err(Pkcs12Problem::UnsupportedAlgorithm),
    }
}

/// The kind of a ContentInfo, and what is in it.
fn content_info(bytes: &[u8]) -> Result<(ObjectIdentifier, &[u8]), Pkcs12Problem> {
    let mut reader = SliceReader::new(bytes)?;
    let kind = ObjectIdentifier::decode(&mut reader)?;
    Ok((kind, value(&mut reader, context(true))?))
}

/// What is in the sequence that these bytes are.
fn sequence(bytes: &[u8]) -> der::Result<SliceReader<'_>> {
    SliceReader::new(whole(bytes, Tag::Sequence)?)
}

/// What is in the octet string that these bytes are.
fn octets(bytes: &[u8]) -> der::Result<&[u8]> {
    whole(bytes, Tag::OctetString)
}

fn whole(bytes: &[u8], tag: Tag) -> der::Result<&[u8]> {
    let mut reader = SliceReader::new(bytes)?;
    let value = value(&mut reader, tag)?;
    reader.finish()?;
    Ok(value)
}

/// What is in the next element, which has this tag.
fn value<'a>(reader: &mut SliceReader<'a>, tag: Tag) -> der::Result<&'a [u8]> {
    let element = AnyRef::decode(reader)?;
    der::Tagged::tag(&element).assert_eq(tag)?;
    Ok(element.value())
}

/// The tag `[0]`.
fn context(constructed: bool) -> Tag {
    Tag::ContextSpecific { constructed, number: TagNumber(0) }
}
