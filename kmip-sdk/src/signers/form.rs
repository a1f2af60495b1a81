//! A signature that the server made, in the form that everybody else takes.

use der::asn1::UintRef;
use der::{Decode, Encode};

use super::Scheme;
use super::scheme::curve_of;
use crate::keys::{Curve, Material};

/// A signature: of RSA as many bytes as the modulus has, of ECDSA the two numbers in DER, as certificates and TLS have it
/// (`ECDSA-Sig-Value`, RFC 3279), of Ed25519 64 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    bytes: Vec<u8>,
    /// How long each number is in the form without DER, if it is one of ECDSA.
    number_length: Option<usize>,
}

impl Signature {
    /// What a server gave, if it is a signature of the scheme with the key. Some servers give the numbers of ECDSA one
    /// after the other, and not in DER.
    pub(super) fn from_server(scheme: Scheme, key: &Material, given: Vec<u8>) -> Option<Self> {
        let number_length = match scheme {
            Scheme::Ecdsa(_) => curve_of(key).map(Curve::scalar_length),
            _ => None,
        };
        let bytes = match number_length {
            Some(length)
                if numbers(&given).is_some_and(|both| both.iter().all(|one| one.len() <= length)) =>
            {
                given
            }
            Some(length) if given.len() == 2 * length => to_der(given.split_at(length))?,
            Some(_) => return None,
            None if given.len() == expected_length(key)? => given,
            None => return None,
        };
        Some(Self { bytes, number_length })
    }

    /// The bytes; of ECDSA in DER.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes; of ECDSA in DER.
    pub fn into_vec(self) -> Vec<u8> {
        self.bytes
    }

    /// The bytes; of ECDSA the two numbers one after the other, each as long as those of the curve, as JSON Web Signatures
    /// have it (RFC 7518 section 3.4).
    pub fn to_fixed(&self) -> Vec<u8> {
        let fixed = self.number_length.and_then(|length| {
            let mut fixed = Vec::with_capacity(2 * length);
            for number in numbers(&self.bytes)? {
                fixed.resize(fixed.len() + length.checked_sub(number.len())?, 0);
                fixed.extend_from_slice(number);
            }
            Some(fixed)
        });
        fixed.unwrap_or_else(|| self.bytes.clone())
    }
}

impl AsRef<[u8]> for Signature {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// A signature that is as it is.
impl From<&[u8]> for Signature {
    fn from(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), number_length: None }
    }
}

impl From<Signature> for Vec<u8> {
    fn from(signature: Signature) -> Self {
        signature.bytes
    }
}

/// How long the signatures of a key are that are no numbers in DER.
fn expected_length(key: &Material) -> Option<usize> {
    match curve_of(key) {
        Some(curve) => Some(2 * curve.scalar_length()),
        None => Some(usize::try_from(key.length()?).ok()?.div_ceil(8)),
    }
}

/// The numbers in DER, without zeros in front.
fn numbers(der: &[u8]) -> Option<[&[u8]; 2]> {
    let both = Vec::<UintRef<'_>>::from_der(der).ok()?;
    match both[..] {
        [r, s] => Some([r.as_bytes(), s.as_bytes()]),
        _ => None,
    }
}

fn to_der((r, s): (&[u8], &[u8])) -> Option<Vec<u8>> {
    let both = [UintRef::new(r).ok()?, UintRef::new(s).ok()?];
    both.to_der().ok()
}

#[cfg(test)]
mod tests {
    use kmip_types::enumerations::{HashingAlgorithm, RecommendedCurve};

    use super::*;

    const SCHEME: Scheme = Scheme::Ecdsa(HashingAlgorithm::Sha256);

    fn key(curve: RecommendedCurve) -> Material {
        Material::generate_on_curve(curve).unwrap().public_key().unwrap()
    }

    #[test]
    fn ecdsa_is_taken_in_both_forms_and_had_in_both() {
        for (curve, length) in [(RecommendedCurve::P256, 32), (RecommendedCurve::P521, 66)] {
            let key = key(curve);
            // A number with zeros in front, and one whose highest bit is set.
            let mut fixed = vec![0; 2 * length];
            fixed[length - 1] = 7;
            fixed[length..].fill(0xFF);
            let signature = Signature::from_server(SCHEME, &key, fixed.clone()).unwrap();
            let tag_and_first =
                [signature.as_bytes()[0], signature.as_bytes()[signature.as_bytes().len() - 1]];
            assert_eq!(tag_and_first, [0x30, 0xFF]);
            assert_eq!(signature.to_fixed(), fixed);
            let again = Signature::from_server(SCHEME, &key, signature.as_bytes().to_vec()).unwrap();
            assert_eq!(again, signature);
        }
    }

    #[test]
    fn what_is_no_signature_is_refused() {
        let key = key(RecommendedCurve::P256);
        let larger =
            Signature::from_server(SCHEME, &self::key(RecommendedCurve::P384), vec![0xFF; 96]).unwrap();
        for given in [vec![], vec![1; 63], vec![1; 65], larger.into_vec()] {
            assert_eq!(Signature::from_server(SCHEME, &key, given), None);
        }
        let seed = Material::generate_ed25519().unwrap().public_key().unwrap();
        assert!(Signature::from_server(Scheme::Ed25519, &seed, vec![1; 64]).is_some());
        assert_eq!(Signature::from_server(Scheme::Ed25519, &seed, vec![1; 63]), None);
    }
}
