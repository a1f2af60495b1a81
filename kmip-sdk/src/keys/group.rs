//! Keys of DSA and Diffie-Hellman: numbers in a group modulo a prime.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use der::asn1::{ObjectIdentifier, UintRef};
use der::{AnyRef, Decode, Encode};
use kmip_types::enumerations::CryptographicAlgorithm;
use kmip_types::object::{
    TransparentDhPrivateKey, TransparentDhPublicKey, TransparentDsaPrivateKey, TransparentDsaPublicKey,
    TransparentKey,
};
use kmip_types::{BigInteger, SecretBigInteger, SecretBytes};
use pkcs8::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::{KeyError, rsa};

/// DSA, with p, q and g (RFC 3279 section 2.3.2).
const DSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10040.4.1");

/// Diffie-Hellman, with p and g, and how long private numbers are (PKCS#3 section 9).
const DH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.3.1");

/// Diffie-Hellman, with p, g and q, and the cofactor (RFC 3279 section 2.3.3).
const DH_X9_42: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10046.2.1");

/// How long a prime may be, in bytes.
const MAX_LENGTH: usize = 1024;

/// A group, whose numbers are big-endian without zeros in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    algorithm: CryptographicAlgorithm,
    p: Vec<u8>,
    q: Option<Vec<u8>>,
    g: Vec<u8>,
    j: Option<Vec<u8>>,
}

impl Group {
    /// The group that an algorithm identifier says, if it is one of these algorithms.
    pub(super) fn of_identifier(identifier: &AlgorithmIdentifierRef<'_>) -> Option<Result<Self, KeyError>> {
        if ![DSA, DH, DH_X9_42].contains(&identifier.oid) {
            return None;
        }
        let malformed = KeyError::Malformed { expected: "group of DSA or Diffie-Hellman" };
        let parameters = identifier.parameters;
        let Some(numbers) = parameters.and_then(|any| any.decode_as::<Vec<UintRef<'_>>>().ok()) else {
            return Some(Err(malformed));
        };
        let numbers: Vec<Vec<u8>> = numbers.iter().map(|number| number.as_bytes().to_vec()).collect();
        let dh = CryptographicAlgorithm::Dh;
        let group = match (identifier.oid, numbers.as_slice()) {
            (DSA, [p, q, g]) => {
                Self::new(CryptographicAlgorithm::Dsa, p.clone(), Some(q.clone()), g.clone(), None)
            }
            // How long private numbers are says nothing of the key.
            (DH, [p, g] | [p, g, _]) => Self::new(dh, p.clone(), None, g.clone(), None),
            (DH_X9_42, [p, g, q]) => Self::new(dh, p.clone(), Some(q.clone()), g.clone(), None),
            (DH_X9_42, [p, g, q, j]) => Self::new(dh, p.clone(), Some(q.clone()), g.clone(), Some(j.clone())),
            _ => Err(malformed),
        };
        Some(group)
    }

    /// The group of a transparent key.
    pub(super) fn of_transparent(key: &TransparentKey) -> Option<Result<Self, KeyError>> {
        let (algorithm, p, q, g, j) = match key {
            TransparentKey::DsaPrivateKey(key) => {
                (CryptographicAlgorithm::Dsa, &key.p, Some(&key.q), &key.g, None)
            }
            TransparentKey::DsaPublicKey(key) => {
                (CryptographicAlgorithm::Dsa, &key.p, Some(&key.q), &key.g, None)
            }
            TransparentKey::DhPrivateKey(key) => {
                (CryptographicAlgorithm::Dh, &key.p, key.q.as_ref(), &key.g, key.j.as_ref())
            }
            TransparentKey::DhPublicKey(key) => {
                (CryptographicAlgorithm::Dh, &key.p, key.q.as_ref(), &key.g, key.j.as_ref())
            }
            _ => return None,
        };
        let group = || {
            let q = q.map(unsigned).transpose()?;
            Self::new(algorithm, unsigned(p)?, q, unsigned(g)?, j.map(unsigned).transpose()?)
        };
        Some(group())
    }

    /// The group of DSA.
    pub(crate) fn dsa(p: &[u8], q: &[u8], g: &[u8]) -> Result<Self, KeyError> {
        Self::new(CryptographicAlgorithm::Dsa, p.to_vec(), Some(q.to_vec()), g.to_vec(), None)
    }

    pub(super) fn new(
        algorithm: CryptographicAlgorithm,
        p: Vec<u8>,
        q: Option<Vec<u8>>,
        g: Vec<u8>,
        j: Option<Vec<u8>>,
    ) -> Result<Self, KeyError> {
        if p.len() > MAX_LENGTH {
            let what = format!("a key of {algorithm} of more than {} bits", MAX_LENGTH * 8);
            return Err(KeyError::Unsupported { what });
        }
        let is_odd = p.last().is_some_and(|last| last & 1 == 1);
        let is_within = q.iter().chain(&j).all(|number| is_below(number, &p) && is_above_one(number));
        if !is_odd || !is_within || !is_above_one(&g) || !is_below(&g, &p) {
            return Err(KeyError::InconsistentKey);
        }
        Ok(Self { algorithm, p, q, g, j })
    }

    /// A new private number: any from 2 on that is less than q or, if that is not said, than p.
    #[cfg(feature = "server")]
    pub(super) fn generate(&self) -> Result<SecretBytes, KeyError> {
        let below = self.q.as_ref().unwrap_or(&self.p);
        // Of the numbers with as many bits as the first byte has, no fewer than half are below.
        let unused = below.first().map_or(0, |first| first.leading_zeros());
        for _ in 0..256 {
            let mut number = Zeroizing::new(vec![0; below.len()]);
            crate::random::fill(&mut number).map_err(|_| KeyError::Cryptography)?;
            if let Some(first) = number.first_mut() {
                *first &= 0xFF_u8.checked_shr(unused).unwrap_or(0);
            }
            let found = significant(&number);
            if is_above_one(found) && is_below(found, below) {
                return Ok(found.into());
            }
        }
        Err(KeyError::Cryptography)
    }

    /// Checks a private number.
    pub(super) fn check_private(&self, number: &[u8]) -> Result<(), KeyError> {
        let fits = !number.is_empty() && is_below(number, self.q.as_ref().unwrap_or(&self.p));
        if fits { Ok(()) } else { Err(KeyError::InconsistentKey) }
    }

    /// Checks a public number.
    pub(super) fn check_public(&self, number: &[u8]) -> Result<(), KeyError> {
        let fits = is_above_one(number) && is_below(number, &self.p);
        if fits { Ok(()) } else { Err(KeyError::InconsistentKey) }
    }

    /// The public number of a private one: g to the power of it.
    pub(super) fn public_of(&self, private: &SecretBytes) -> Option<Vec<u8>> {
        Some(significant(&self.power(&self.g, private)?).to_vec())
    }

    /// Whether key agreement is between keys of this group and of another: their algorithm is Diffie-Hellman, and their
    /// numbers are the same as far as both say them.
    #[cfg(feature = "server")]
    pub(crate) fn goes_with(&self, other: &Self) -> bool {
        let is_dh = |group: &Self| group.algorithm == CryptographicAlgorithm::Dh;
        let same_q = self.q.is_none() || other.q.is_none() || self.q == other.q;
        is_dh(self) && is_dh(other) && self.p == other.p && self.g == other.g && same_q
    }

    /// What a private number and another's public number agree on, as long as p (NIST SP 800-56A section 5.7.1.1), unless
    /// that is one of the numbers that tell nothing.
    #[cfg(feature = "server")]
    pub(crate) fn agree(&self, private: &SecretBytes, public: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let less_one = self.p.split_last().map(|(last, rest)| [rest, &[last & 0xFE]].concat());
        if public == less_one? {
            return None;
        }
        let shared = self.power(public, private)?;
        let shared = shared.get(shared.len().checked_sub(self.p.len())?..)?;
        is_above_one(significant(shared)).then(|| Zeroizing::new(shared.to_vec()))
    }

    /// A number to the power of a private one, as wide as the numbers of the group are computed with.
    fn power(&self, base: &[u8], private: &SecretBytes) -> Option<Zeroizing<Vec<u8>>> {
        let width = u32::try_from(self.p.len().max(8).checked_mul(8)?).ok()?;
        let number = |bytes: &[u8]| BoxedUint::from_be_slice(bytes, width).ok();
        let p: Odd<BoxedUint> = number(&self.p)?.to_odd().into_option()?;
        let private = Zeroizing::new(number(private.reveal())?);
        // As many bits as any private number has, so that the time tells nothing of this one.
        let bits = u32::try_from(self.q_bits().or(self.bits())?).ok()?;
        let base = BoxedMontyForm::new(number(base)?, &BoxedMontyParams::new(p));
        let power = Zeroizing::new(base.pow_bounded_exp(&private, bits).retrieve());
        Some(Zeroizing::new(power.to_be_bytes().to_vec()))
    }

    pub(super) fn algorithm(&self) -> CryptographicAlgorithm {
        self.algorithm
    }

    /// The length of p in bits.
    pub(super) fn bits(&self) -> Option<i32> {
        rsa::bits(&self.p)
    }

    /// The length of q in bits.
    pub(super) fn q_bits(&self) -> Option<i32> {
        rsa::bits(self.q.as_ref()?)
    }

    /// What is written with the algorithm identifier. A cofactor without q has no place there.
    pub(super) fn with_identifier<T>(
        &self,
        write: impl FnOnce(AlgorithmIdentifierRef<'_>) -> Option<T>,
    ) -> Option<T> {
        let (oid, numbers) = match (self.algorithm, &self.q, &self.j) {
            (CryptographicAlgorithm::Dsa, Some(q), _) => (DSA, vec![&self.p, q, &self.g]),
            (_, None, None) => (DH, vec![&self.p, &self.g]),
            (_, Some(q), None) => (DH_X9_42, vec![&self.p, &self.g, q]),
            (_, Some(q), Some(j)) => (DH_X9_42, vec![&self.p, &self.g, q, j]),
            (_, None, Some(_)) => return None,
        };
        let numbers: Vec<_> =
            numbers.into_iter().map(|number| UintRef::new(number).ok()).collect::<Option<_>>()?;
        let parameters = numbers.to_der().ok()?;
        write(AlgorithmIdentifierRef { oid, parameters: Some(AnyRef::from_der(&parameters).ok()?) })
    }

    /// The private key as a transparent one.
    pub(super) fn transparent_private(&self, number: &SecretBytes) -> TransparentKey {
        let x = SecretBigInteger::new(big(number.reveal()));
        let (p, q, g) = (big(&self.p), self.q.as_deref().map(big), big(&self.g));
        match q {
            Some(q) if self.algorithm == CryptographicAlgorithm::Dsa => {
                TransparentKey::DsaPrivateKey(TransparentDsaPrivateKey { p, q, g, x })
            }
            q => {
                let j = self.j.as_deref().map(big);
                TransparentKey::DhPrivateKey(TransparentDhPrivateKey { p, q, g, j, x })
            }
        }
    }

    /// The public key as a transparent one.
    pub(super) fn transparent_public(&self, number: &[u8]) -> TransparentKey {
        let (p, q, g, y) = (big(&self.p), self.q.as_deref().map(big), big(&self.g), big(number));
        match q {
            Some(q) if self.algorithm == CryptographicAlgorithm::Dsa => {
                TransparentKey::DsaPublicKey(TransparentDsaPublicKey { p, q, g, y })
            }
            q => {
                let j = self.j.as_deref().map(big);
                TransparentKey::DhPublicKey(TransparentDhPublicKey { p, q, g, j, y })
            }
        }
    }
}

fn big(bytes: &[u8]) -> BigInteger {
    BigInteger::from_unsigned_bytes(bytes)
}

/// The bytes of a number that is not negative.
fn unsigned(number: &BigInteger) -> Result<Vec<u8>, KeyError> {
    number.to_unsigned_bytes().map(<[u8]>::to_vec).ok_or(KeyError::InconsistentKey)
}

/// A number without zeros in front.
fn significant(bytes: &[u8]) -> &[u8] {
    bytes.get(bytes.iter().take_while(|byte| **byte == 0).count()..).unwrap_or_default()
}

fn is_above_one(number: &[u8]) -> bool {
    !matches!(number, [] | [0 | 1])
}

/// Whether one number is less than another, both without zeros in front.
fn is_below(one: &[u8], other: &[u8]) -> bool {
    (one.len(), one) < (other.len(), other)
}
