//! The numbers of an RSA private key: worked out from those that there are, held against each other, and raised to powers
//! where the library that uses keys has not the padding.
//!
//! The library's results are wiped; what it has in between is its own.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, ConcatenatingMul, Gcd, NonZero, Odd, Resize};
use der::Encode;
use der::asn1::UintRef;
use kmip_types::SecretBytes;
use pkcs1::RsaPrivateKey as Pkcs1;
use zeroize::Zeroizing;

use super::KeyError;

/// How long a modulus may be, in bits: what is worked out takes time that grows with the cube of it, and the library
/// that uses keys takes no longer ones.
const MAX_BITS: usize = 8192;

/// Public exponents to try where a key does not say its own, the one of nearly all keys first.
const PUBLIC_EXPONENTS: [u32; 3] = [65537, 3, 17];

/// Numbers to try the factors of a modulus with: each finds them more often than not.
const BASES: [u32; 40] = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103,
    107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173,
];

/// The numbers that a key is given by, each big-endian without a sign.
pub(super) struct Given<'a> {
    /// n.
    pub(super) modulus: &'a [u8],
    /// e.
    pub(super) public_exponent: Option<&'a [u8]>,
    /// d.
    pub(super) private_exponent: Option<&'a [u8]>,
    /// The primes, or one of them.
    pub(super) primes: [Option<&'a [u8]>; 2],
}

/// A number of one width with the others of its key.
type Number = Zeroizing<BoxedUint>;

/// The length in bits of a modulus.
pub(crate) fn bits(modulus: &[u8]) -> Option<i32> {
    let first = modulus.first()?;
    let bits = modulus.len().checked_mul(8)?.checked_sub(first.leading_zeros() as usize)?;
    i32::try_from(bits).ok()
}

/// The key as PKCS#1, with all of its numbers.
///
/// # Errors
/// There are too few numbers, or they are not of one key.
pub(super) fn complete(given: &Given<'_>) -> Result<SecretBytes, KeyError> {
    let width = width(given.modulus)?;
    let read = |bytes: &[u8]| number(bytes, width).ok_or(KeyError::InconsistentKey);
    let n = read(given.modulus)?;
    let e = given.public_exponent.map(read).transpose()?;
    let d = given.private_exponent.map(read).transpose()?;
    let primes = match given.primes {
        [Some(p), Some(q)] => Some((read(p)?, read(q)?)),
        [Some(p), None] | [None, Some(p)] => {
            let p = read(p)?;
            let divisor = non_zero(&p).ok_or(KeyError::InconsistentKey)?;
            let q = n.div_exact(&*divisor).into_option().ok_or(KeyError::InconsistentKey)?;
            Some((p, Zeroizing::new(q)))
        }
        [None, None] => None,
    };
    let all = match (primes, e, d) {
        (Some((p, q)), e, d) => All::from_primes(n, e, d, p, q),
        (None, Some(e), Some(d)) => All::from_exponents(&n, &e, &d),
        (None, None, Some(d)) => PUBLIC_EXPONENTS.iter().find_map(|e| {
            let e = Zeroizing::new(BoxedUint::from(*e).resize(width));
            All::from_exponents(&n, &e, &d)
        }),
        (None, _, None) => return Err(KeyError::TooFewNumbers),
    };
    let all = all.filter(All::fit).ok_or(KeyError::InconsistentKey)?;
    all.to_pkcs1().ok_or(KeyError::InconsistentKey)
}

/// Holds the numbers of a key in PKCS#1 against each other.
///
/// # Errors
/// They are not of one key.
pub(super) fn check(key: &pkcs1::RsaPrivateKeyRef<'_>) -> Result<(), KeyError> {
    let width = width(key.modulus.as_bytes())?;
    let read = || {
        let number = |uint: UintRef<'_>| number(uint.as_bytes(), width);
        Some(All {
            n: number(key.modulus)?,
            e: number(key.public_exponent)?,
            d: number(key.private_exponent)?,
            p: number(key.prime1)?,
            q: number(key.prime2)?,
            d_p: number(key.exponent1)?,
            d_q: number(key.exponent2)?,
            q_inverse: number(key.coefficient)?,
        })
    };
    match read() {
        Some(all) if key.other_prime_infos.is_none() && all.fit() => Ok(()),
        _ => Err(KeyError::InconsistentKey),
    }
}

/// How many bytes the modulus of a public key has.
pub(crate) fn size(pkcs1: &[u8]) -> Option<usize> {
    let key = pkcs1::RsaPublicKeyRef::try_from(pkcs1).ok()?;
    Some(key.modulus.as_bytes().len())
}

/// A block to the power of the public exponent (RFC 8017 section 5.1.1), as long as the modulus; nothing where it is no number
/// below that.
pub(crate) fn public_operation(pkcs1: &[u8], block: &[u8]) -> Option<Vec<u8>> {
    let key = pkcs1::RsaPublicKeyRef::try_from(pkcs1).ok()?;
    let field = Field::new(key.modulus.as_bytes())?;
    let power = field.element(block)?.pow(&exponent(key.public_exponent.as_bytes())?);
    field.bytes(&power).map(|bytes| bytes.to_vec())
}

/// A block to the power of the private exponent (RFC 8017 section 5.1.2), as long as the modulus; nothing where it is no number
/// below that. What is raised is another number each time, so that the time it takes says nothing; and a wrong power is not
/// given.
pub(crate) fn private_operation(pkcs1: &SecretBytes, block: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let key = pkcs1::RsaPrivateKeyRef::try_from(pkcs1.reveal()).ok()?;
    let field = Field::new(key.modulus.as_bytes())?;
    let block = field.element(block)?;
    let e = exponent(key.public_exponent.as_bytes())?;
    let d = number(key.private_exponent.as_bytes(), field.width)?;
    let (blinding, inverse) = field.blinding()?;
    let power = (&block * &blinding.pow(&e)).pow(&d);
    let power = &power * &inverse;
    if power.pow(&e).retrieve() != block.retrieve() {
        return None;
    }
    field.bytes(&power)
}

fn exponent(bytes: &[u8]) -> Option<BoxedUint> {
    let width = u32::try_from(bytes.len().checked_mul(8)?).ok()?;
    BoxedUint::from_be_slice(bytes, width).ok()
}

/// The numbers below a modulus.
struct Field {
    params: BoxedMontyParams,
    modulus: BoxedUint,
    width: u32,
    /// How many bytes the modulus has.
    size: usize,
}

impl Field {
    fn new(modulus: &[u8]) -> Option<Self> {
        let width = width(modulus).ok()?;
        let number = BoxedUint::from_be_slice(modulus, width).ok()?;
        let odd: Odd<BoxedUint> = number.to_odd().into_option()?;
        Some(Self { params: BoxedMontyParams::new(odd), modulus: number, width, size: modulus.len() })
    }

    fn element(&self, bytes: &[u8]) -> Option<BoxedMontyForm> {
        let number = BoxedUint::from_be_slice(bytes, self.width).ok().filter(|_| bytes.len() == self.size)?;
        (number < self.modulus).then(|| BoxedMontyForm::new(number, &self.params))
    }

    /// A number by chance, and its inverse.
    fn blinding(&self) -> Option<(BoxedMontyForm, BoxedMontyForm)> {
        // One that is too large is none; at least every second is one.
        for _ in 0..256 {
            let mut bytes = Zeroizing::new(vec![0; self.size]);
            crate::random::fill(&mut bytes).ok()?;
            let unused = self.width.saturating_sub(self.modulus.bit_width()) % 8;
            if let Some(first) = bytes.first_mut() {
                *first &= 0xFF_u8.checked_shr(unused).unwrap_or(0);
            }
            let element = self.element(&bytes);
            let inverse = element.as_ref().and_then(|element| element.invert().into_option());
            if let (Some(element), Some(inverse)) = (element, inverse) {
                return Some((element, inverse));
            }
        }
        None
    }

    fn bytes(&self, element: &BoxedMontyForm) -> Option<Zeroizing<Vec<u8>>> {
        let number = Zeroizing::new(element.retrieve());
        let all = Zeroizing::new(number.to_be_bytes().to_vec());
        all.len().checked_sub(self.size).map(|from| Zeroizing::new(all[from..].to_vec()))
    }
}

/// All numbers of a key (RFC 8017 section 3.2).
struct All {
    n: Number,
    e: Number,
    d: Number,
    p: Number,
    q: Number,
    d_p: Number,
    d_q: Number,
    q_inverse: Number,
}

impl All {
    /// From the exponents: their product less one is a multiple of the order of each number modulo n, so that halving
    /// it leads to a root of one that is neither one nor minus one, which shares a factor with n (NIST SP 800-56B
    /// appendix C.1).
    fn from_exponents(n: &Number, e: &Number, d: &Number) -> Option<Self> {
        let one = BoxedUint::one_with_precision(n.bits_precision());
        let odd: Odd<BoxedUint> = n.to_odd().into_option()?;
        let product = Zeroizing::new(e.concatenating_mul(&**d));
        if product.is_zero().to_bool() || *product == one {
            return None;
        }
        let multiple = Zeroizing::new(product.wrapping_sub(&one));
        let halvings = multiple.trailing_zeros();
        let exponent = Zeroizing::new(multiple.shr(halvings));
        let minus_one = Zeroizing::new(n.wrapping_sub(&one));
        for base in BASES {
            let base = BoxedUint::from(base).resize(n.bits_precision());
            let mut root = Zeroizing::new(base.pow_mod(&exponent, &odd));
            let mut left = halvings;
            while *root != one && *root != *minus_one {
                if left == 0 {
                    // No order at all: other bases will not make one of it.
                    return None;
                }
                left -= 1;
                let square = Zeroizing::new(root.concatenating_mul(&*root));
                let square = Zeroizing::new(square.rem(odd.as_nz_ref()).resize(n.bits_precision()));
                if *square == one {
                    let p =
                        Zeroizing::new(odd.gcd(&root.wrapping_sub(&one)).get().resize(n.bits_precision()));
                    let q = Zeroizing::new(n.div_exact(&*non_zero(&p)?).into_option()?);
                    // The greater first, as tools write them.
                    let (p, q) = if *p > *q { (p, q) } else { (q, p) };
                    return Self::from_primes(n.clone(), Some(e.clone()), Some(d.clone()), p, q);
                }
                root = square;
            }
        }
        None
    }

    /// From the primes, and one of the exponents or both.
    fn from_primes(n: Number, e: Option<Number>, d: Option<Number>, p: Number, q: Number) -> Option<Self> {
        let (p_less, q_less) = (less_one(&p)?, less_one(&q)?);
        let order = || {
            // The least common multiple of both: no longer than n.
            let shared = non_zero(&p_less.gcd(&q_less))?;
            let product = Zeroizing::new(p_less.wrapping_mul(&**q_less));
            non_zero(&product.div_exact(&shared).into_option()?)
        };
        let inverse = |number: &Number| {
            let order = order()?;
            let reduced = Zeroizing::new(number.rem(&order));
            Some(Zeroizing::new(reduced.invert_mod(&order).into_option()?))
        };
        let (e, d) = match (e, d) {
            (Some(e), Some(d)) => (e, d),
            (Some(e), None) => (e.clone(), inverse(&e)?),
            (None, Some(d)) => (inverse(&d)?, d),
            (None, None) => return None,
        };
        let d_p = Zeroizing::new(d.rem(&p_less));
        let d_q = Zeroizing::new(d.rem(&q_less));
        let odd: Odd<BoxedUint> = p.to_odd().into_option()?;
        let q_inverse = Zeroizing::new(q.rem(odd.as_nz_ref()).invert_odd_mod(&odd).into_option()?);
        Some(Self { n, e, d, p, q, d_p, d_q, q_inverse })
    }

    /// Whether they are of one key.
    fn fit(&self) -> bool {
        let check = || {
            let one = BoxedUint::one_with_precision(self.n.bits_precision());
            let (p_less, q_less) = (less_one(&self.p)?, less_one(&self.q)?);
            let (p, e) = (non_zero(&self.p)?, &self.e);
            let product = Zeroizing::new(self.p.concatenating_mul(&*self.q));
            let is_one = |a: &Number, b: &Number, modulus: &NonZero<BoxedUint>| {
                let product = Zeroizing::new(a.concatenating_mul(&**b));
                let rest = Zeroizing::new(product.rem(modulus));
                *rest == one
            };
            let fit = *product == *self.n
                && *self.p > one
                && *self.q > one
                && *self.e > one
                && *self.d < *self.n
                && is_one(e, &self.d, &p_less)
                && is_one(e, &self.d, &q_less)
                && is_one(e, &self.d_p, &p_less)
                && is_one(e, &self.d_q, &q_less)
                && is_one(&self.q, &self.q_inverse, &p)
                && *self.d_p < **p_less
                && *self.d_q < **q_less
                && *self.q_inverse < *self.p;
            Some(fit)
        };
        check().unwrap_or(false)
    }

    fn to_pkcs1(&self) -> Option<SecretBytes> {
        let all = [&self.n, &self.e, &self.d, &self.p, &self.q, &self.d_p, &self.d_q, &self.q_inverse];
        let bytes = all.map(|number| Zeroizing::new(number.to_be_bytes()));
        let [n, e, d, p, q, d_p, d_q, q_inverse] = &bytes;
        let der = Pkcs1 {
            modulus: UintRef::new(n).ok()?,
            public_exponent: UintRef::new(e).ok()?,
            private_exponent: UintRef::new(d).ok()?,
            prime1: UintRef::new(p).ok()?,
            prime2: UintRef::new(q).ok()?,
            exponent1: UintRef::new(d_p).ok()?,
            exponent2: UintRef::new(d_q).ok()?,
            coefficient: UintRef::new(q_inverse).ok()?,
            other_prime_infos: None,
        };
        der.to_der().ok().map(SecretBytes::from)
    }
}

/// The width of all numbers of a key, in bits.
fn width(modulus: &[u8]) -> Result<u32, KeyError> {
    let bits = modulus.len().saturating_mul(8);
    match u32::try_from(bits.max(64)) {
        Ok(width) if bits <= MAX_BITS => Ok(width),
        _ => Err(KeyError::Unsupported { what: format!("an RSA key of more than {MAX_BITS} bits") }),
    }
}

fn number(bytes: &[u8], width: u32) -> Option<Number> {
    BoxedUint::from_be_slice(bytes, width).ok().map(Zeroizing::new)
}

fn non_zero(number: &BoxedUint) -> Option<Zeroizing<NonZero<BoxedUint>>> {
    number.to_nz().into_option().map(Zeroizing::new)
}

/// A prime less one, unless that is none.
fn less_one(number: &Number) -> Option<Zeroizing<NonZero<BoxedUint>>> {
    let one = BoxedUint::one_with_precision(number.bits_precision());
    if number.is_zero().to_bool() {
        return None;
    }
    non_zero(&number.wrapping_sub(&one))
}
