//! Splitting secrets and joining their parts (KMIP 2.1 section 13.1): by XOR, and by polynomials over GF(2^8), GF(2^16) and a
//! prime field, whose value at 0 is the secret and whose value at the Key Part Identifier is the part.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use kmip_types::ProtocolVersion;
use kmip_types::enumerations::{ResultReason, SplitKeyMethod};
use kmip_types::object::ManagedObject;
use zeroize::Zeroizing;

use super::cryptographic_failure;
use super::random::random;
use crate::answer::Failure;

/// The bytes of a secret or of a part.
type Bytes = Zeroizing<Vec<u8>>;

/// A part, with its Key Part Identifier.
pub(crate) type Part = (u32, Bytes);

/// Splits a secret by XOR: all parts are needed.
pub(crate) fn split_xor(secret: &[u8], parts: u32) -> Result<Vec<Part>, Failure> {
    let mut last = Zeroizing::new(secret.to_vec());
    let mut split = Vec::new();
    for number in 1..parts {
        let part = Zeroizing::new(random(secret.len())?.reveal().to_vec());
        add(&mut last, &part);
        split.push((number, part));
    }
    split.push((parts, last));
    Ok(split)
}

/// Joins the parts of a secret that was split by XOR.
pub(crate) fn join_xor(parts: &[Part]) -> Result<Bytes, Failure> {
    let Some(((_, first), others)) = parts.split_first() else { return Err(uneven()) };
    let mut secret = first.clone();
    for (_, part) in others {
        if part.len() != secret.len() {
            return Err(uneven());
        }
        add(&mut secret, part);
    }
    Ok(secret)
}

fn add(sum: &mut [u8], other: &[u8]) {
    sum.iter_mut().zip(other).for_each(|(byte, other)| *byte ^= other);
}

fn uneven() -> Failure {
    Failure::new(ResultReason::BadCryptographicParameters, "the parts are not those of one secret")
}

/// A field of characteristic two whose elements are whole bytes.
trait Field: Copy {
    /// How many bytes an element takes.
    const SIZE: usize;

    fn read(bytes: &[u8]) -> Self;
    fn write(self, bytes: &mut [u8]);
    fn plus(self, other: Self) -> Self;
    fn times(self, other: Self) -> Self;
    fn inverse(self) -> Self;
    /// The element that stands for a Key Part Identifier.
    fn of(number: u32) -> Option<Self>;
}

/// x^8 + x^4 + x^3 + x + 1 without its first term: the field of KMIP 1.x (KMIP 1.4 section 2.2.5), which is that of AES.
const BEFORE_2: u8 = 0x1B;

/// x^8 + x^4 + x^3 + x^2 + 1 without its first term: the field of KMIP 2.x (KMIP 2.1 section 13.1).
const SINCE_2: u8 = 0x1D;

/// The polynomial of GF(2^8), on which GF(2^16) stands too: what is split over one is not joined over the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Polynomial {
    /// That of KMIP 1.x.
    BeforeTwo,
    /// That of KMIP 2.x.
    SinceTwo,
}

impl Polynomial {
    /// The one that a version has.
    pub(crate) fn of(version: ProtocolVersion) -> Self {
        match version.is_at_least(ProtocolVersion::V2_0) {
            true => Self::SinceTwo,
            false => Self::BeforeTwo,
        }
    }

    /// The one that a part is split over which comes in a version, if its method has one.
    pub(crate) fn of_part(object: &ManagedObject, version: ProtocolVersion) -> Option<Self> {
        let ManagedObject::SplitKey(part) = object else { return None };
        Self::is_of(part.split_key_method).then(|| Self::of(version))
    }

    /// Whether a method is over such a field.
    pub(crate) fn is_of(method: SplitKeyMethod) -> bool {
        matches!(method, SplitKeyMethod::PolynomialSharingGf2_8 | SplitKeyMethod::PolynomialSharingGf2_16)
    }

    /// Its terms, a bit for each.
    pub(crate) fn terms(self) -> i32 {
        match self {
            Self::BeforeTwo => 0x100 | i32::from(BEFORE_2),
            Self::SinceTwo => 0x100 | i32::from(SINCE_2),
        }
    }

    /// The one with these terms.
    pub(crate) fn with_terms(terms: i32) -> Option<Self> {
        [Self::BeforeTwo, Self::SinceTwo].into_iter().find(|polynomial| polynomial.terms() == terms)
    }
}

/// GF(2^8) modulo a polynomial, whose first term is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Gf8<const POLYNOMIAL: u8>(u8);

impl<const POLYNOMIAL: u8> Field for Gf8<POLYNOMIAL> {
    const SIZE: usize = 1;

    fn read(bytes: &[u8]) -> Self {
        Self(bytes[0])
    }

    fn write(self, bytes: &mut [u8]) {
        bytes[0] = self.0;
    }

    fn plus(self, other: Self) -> Self {
        Self(self.0 ^ other.0)
    }

    /// Without branches or tables that depend on the elements.
    fn times(self, other: Self) -> Self {
        let (mut one, mut product) = (self.0, 0);
        for bit in 0..8 {
            product ^= one & 0_u8.wrapping_sub((other.0 >> bit) & 1);
            one = (one << 1) ^ (POLYNOMIAL & 0_u8.wrapping_sub(one >> 7));
        }
        Self(product)
    }

    /// To the power of 254.
    fn inverse(self) -> Self {
        let mut power = self;
        let mut inverse = Self(1);
        for _ in 0..7 {
            power = power.times(power);
            inverse = inverse.times(power);
        }
        inverse
    }

    fn of(number: u32) -> Option<Self> {
        u8::try_from(number).ok().map(Self)
    }
}

/// GF(2^16) as uy + v over GF(2^8), modulo y^2 + y + m.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Gf16<const POLYNOMIAL: u8>(Gf8<POLYNOMIAL>, Gf8<POLYNOMIAL>);

impl<const POLYNOMIAL: u8> Gf16<POLYNOMIAL> {
    /// m, with which y^2 + y + m has no root in either field.
    const M: Gf8<POLYNOMIAL> = Gf8(0x3A);
}

impl<const POLYNOMIAL: u8> Field for Gf16<POLYNOMIAL> {
    const SIZE: usize = 2;

    fn read(bytes: &[u8]) -> Self {
        Self(Gf8(bytes[0]), Gf8(bytes[1]))
    }

    fn write(self, bytes: &mut [u8]) {
        (bytes[0], bytes[1]) = (self.0.0, self.1.0);
    }

    fn plus(self, other: Self) -> Self {
        Self(self.0.plus(other.0), self.1.plus(other.1))
    }

    fn times(self, other: Self) -> Self {
        let (Self(r, s), Self(u, v)) = (self, other);
        let sv = s.times(v);
        Self(r.plus(s).times(u.plus(v)).plus(sv), r.times(u).times(Self::M).plus(sv))
    }

    fn inverse(self) -> Self {
        let Self(u, v) = self;
        let d = u.plus(v).times(v).plus(Self::M.times(u).times(u)).inverse();
        Self(u.times(d), u.plus(v).times(d))
    }

    fn of(number: u32) -> Option<Self> {
        let [u, v] = u16::try_from(number).ok()?.to_be_bytes();
        Some(Self(Gf8(u), Gf8(v)))
    }
}

/// Splits a secret piece by piece over a field. A piece at the end that is not whole is filled with zeros in front.
fn split_field<F: Field>(secret: &[u8], parts: u32, threshold: u32) -> Result<Vec<Part>, Failure> {
    let pieces = padded::<F>(secret);
    let degree = threshold as usize - 1;
    // The coefficients but the first, for each piece.
    let coefficients = Zeroizing::new(random(pieces.len() * degree)?.reveal().to_vec());
    let mut split = Vec::new();
    for number in 1..=parts {
        let at = F::of(number).ok_or_else(too_many)?;
        let mut part = Zeroizing::new(vec![0; pieces.len()]);
        for (index, piece) in pieces.chunks_exact(F::SIZE).enumerate() {
            let own = &coefficients[index * degree * F::SIZE..(index + 1) * degree * F::SIZE];
            // Horner's rule, from the highest coefficient down.
            let mut value: Option<F> = None;
            for coefficient in own.chunks_exact(F::SIZE).chain([piece]) {
                let coefficient = F::read(coefficient);
                value = Some(value.map_or(coefficient, |value| value.times(at).plus(coefficient)));
            }
            if let Some(value) = value {
                value.write(&mut part[index * F::SIZE..]);
            }
        }
        split.push((number, part));
    }
    Ok(split)
}

/// Joins parts over a field, by Lagrange's formula at 0.
fn join_field<F: Field>(parts: &[Part]) -> Result<Bytes, Failure> {
    let length = parts.first().map(|(_, part)| part.len()).ok_or_else(uneven)?;
    if length % F::SIZE != 0 || parts.iter().any(|(_, part)| part.len() != length) {
        return Err(uneven());
    }
    let at: Vec<F> =
        parts.iter().map(|(number, _)| F::of(*number)).collect::<Option<_>>().ok_or_else(uneven)?;
    let mut secret = Zeroizing::new(vec![0; length]);
    for (index, (_, part)) in parts.iter().enumerate() {
        let mut weight: Option<F> = None;
        for (other, there) in at.iter().enumerate().filter(|(other, _)| *other != index) {
            let _ = other;
            let factor = there.times(there.plus(at[index]).inverse());
            weight = Some(weight.map_or(factor, |weight| weight.times(factor)));
        }
        for (piece, sum) in part.chunks_exact(F::SIZE).zip(secret.chunks_exact_mut(F::SIZE)) {
            let value = F::read(piece);
            let value = weight.map_or(value, |weight| value.times(weight));
            F::read(sum).plus(value).write(sum);
        }
    }
    Ok(secret)
}

/// The two methods over fields of whole bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pieces {
    /// Polynomial Sharing GF(2^8).
    One,
    /// Polynomial Sharing GF(2^16).
    Two,
}

/// Splits a secret over the field of the method that stands on a polynomial.
pub(crate) fn split_pieces(
    pieces: Pieces,
    polynomial: Polynomial,
    secret: &[u8],
    parts: u32,
    threshold: u32,
) -> Result<Vec<Part>, Failure> {
    match (pieces, polynomial) {
        (Pieces::One, Polynomial::BeforeTwo) => split_field::<Gf8<BEFORE_2>>(secret, parts, threshold),
        (Pieces::One, Polynomial::SinceTwo) => split_field::<Gf8<SINCE_2>>(secret, parts, threshold),
        (Pieces::Two, Polynomial::BeforeTwo) => split_field::<Gf16<BEFORE_2>>(secret, parts, threshold),
        (Pieces::Two, Polynomial::SinceTwo) => split_field::<Gf16<SINCE_2>>(secret, parts, threshold),
    }
}

/// Joins parts over the field of the method that stands on a polynomial.
pub(crate) fn join_pieces(pieces: Pieces, polynomial: Polynomial, parts: &[Part]) -> Result<Bytes, Failure> {
    match (pieces, polynomial) {
        (Pieces::One, Polynomial::BeforeTwo) => join_field::<Gf8<BEFORE_2>>(parts),
        (Pieces::One, Polynomial::SinceTwo) => join_field::<Gf8<SINCE_2>>(parts),
        (Pieces::Two, Polynomial::BeforeTwo) => join_field::<Gf16<BEFORE_2>>(parts),
        (Pieces::Two, Polynomial::SinceTwo) => join_field::<Gf16<SINCE_2>>(parts),
    }
}

fn padded<F: Field>(secret: &[u8]) -> Bytes {
    let missing = secret.len().next_multiple_of(F::SIZE) - secret.len();
    let mut padded = Zeroizing::new(vec![0; missing]);
    padded.reserve_exact(secret.len());
    padded.extend_from_slice(secret);
    padded
}

fn too_many() -> Failure {
    Failure::new(ResultReason::BadCryptographicParameters, "the method has not so many parts")
}

/// A prime field.
pub(crate) struct Prime {
    params: BoxedMontyParams,
    prime: BoxedUint,
    /// The length of an element in bytes.
    size: usize,
}

impl Prime {
    /// The field of a prime number, big-endian without zeros in front. That it is prime is for the client to know.
    pub(crate) fn new(prime: &[u8]) -> Result<Self, Failure> {
        let wrong = || {
            let message = "the Prime Field Size is no odd number of up to 8192 bits";
            Failure::new(ResultReason::BadCryptographicParameters, message)
        };
        if prime.is_empty() || prime.len() > 1024 {
            return Err(wrong());
        }
        let bits = u32::try_from(prime.len() * 8).map_err(|_| wrong())?;
        let number = BoxedUint::from_be_slice(prime, bits).map_err(|_| wrong())?;
        let odd = Odd::new(number.clone()).into_option().ok_or_else(wrong)?;
        Ok(Self { params: BoxedMontyParams::new(odd), prime: number, size: prime.len() })
    }

    fn element(&self, bytes: &[u8]) -> Result<BoxedMontyForm, Failure> {
        let bits = self.prime.bits_precision();
        let significant = bytes.iter().position(|byte| *byte != 0).map_or(&[][..], |at| &bytes[at..]);
        if significant.len() > self.size {
            return Err(too_large());
        }
        let mut whole = Zeroizing::new(vec![0; self.size]);
        whole[self.size - significant.len()..].copy_from_slice(significant);
        let number = BoxedUint::from_be_slice(&whole, bits).map_err(|_| too_large())?;
        if number >= self.prime {
            return Err(too_large());
        }
        Ok(BoxedMontyForm::new(number, &self.params))
    }

    fn bytes(&self, element: &BoxedMontyForm) -> Bytes {
        let bytes = Zeroizing::new(element.retrieve().to_be_bytes().to_vec());
        Zeroizing::new(bytes[bytes.len() - self.size..].to_vec())
    }

    fn number(&self, number: u32) -> Result<BoxedMontyForm, Failure> {
        self.element(&number.to_be_bytes())
    }

    fn random(&self) -> Result<BoxedMontyForm, Failure> {
        // One that is too large is no element; as the prime's first byte is not zero, few are.
        for _ in 0..4096 {
            let mut bytes = Zeroizing::new(vec![0; self.size]);
            crate::random::fill(&mut bytes).map_err(|_| cryptographic_failure("making random bytes"))?;
            let unused = self.prime.to_be_bytes()[self.prime.to_be_bytes().len() - self.size].leading_zeros();
            bytes[0] &= 0xFF_u8.checked_shr(unused).unwrap_or(0);
            if let Ok(element) = self.element(&bytes) {
                return Ok(element);
            }
        }
        Err(cryptographic_failure("making random numbers"))
    }

    /// Splits a secret, which is a number below the prime.
    pub(crate) fn split(&self, secret: &[u8], parts: u32, threshold: u32) -> Result<Vec<Part>, Failure> {
        let mut coefficients = vec![self.element(secret)?];
        for _ in 1..threshold {
            coefficients.push(self.random()?);
        }
        let mut split = Vec::new();
        for number in 1..=parts {
            let at = self.number(number)?;
            let mut value = self.number(0)?;
            for coefficient in coefficients.iter().rev() {
                value = value * &at + coefficient;
            }
            split.push((number, self.bytes(&value)));
        }
        Ok(split)
    }

    /// Joins parts to a secret.
    pub(crate) fn join(&self, parts: &[Part]) -> Result<Bytes, Failure> {
        let mut secret = self.number(0)?;
        for (number, part) in parts {
            let at = self.number(*number)?;
            // Inverses take long, so there is one for each part and not for each pair.
            let (mut weight, mut distances) = (self.number(1)?, self.number(1)?);
            for (other, _) in parts.iter().filter(|(other, _)| other != number) {
                let there = self.number(*other)?;
                distances *= &(there.clone() - &at);
                weight *= &there;
            }
            let inverse = Option::<BoxedMontyForm>::from(distances.invert()).ok_or_else(uneven)?;
            weight *= &inverse;
            secret += &(self.element(part)? * &weight);
        }
        Ok(self.bytes(&secret))
    }
}

fn too_large() -> Failure {
    let message = "the secret or a part is no number of the field";
    Failure::new(ResultReason::BadCryptographicParameters, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_a_field<const POLYNOMIAL: u8>() {
        // x times x^7 is x^8, which is the rest of the polynomial.
        assert_eq!(Gf8::<POLYNOMIAL>(0x02).times(Gf8(0x80)), Gf8(POLYNOMIAL));
        for number in 1..=255 {
            assert_eq!(Gf8::<POLYNOMIAL>(number).times(Gf8(number).inverse()), Gf8(1), "{number}");
        }
        // y times y is y + m.
        let y = Gf16::<POLYNOMIAL>(Gf8(1), Gf8(0));
        assert_eq!(y.times(y), Gf16(Gf8(1), Gf8(0x3A)));
        for number in 1..=0xFFFF {
            let element = Gf16::<POLYNOMIAL>::of(number).unwrap();
            assert_eq!(element.times(element.inverse()), Gf16(Gf8(0), Gf8(1)), "{number:x}");
        }
    }

    #[test]
    fn the_fields_are_those_of_the_standard() {
        is_a_field::<BEFORE_2>();
        is_a_field::<SINCE_2>();
        // FIPS 197 section 4.2.
        assert_eq!(Gf8::<BEFORE_2>(0x57).times(Gf8(0x83)), Gf8(0xC1));
    }

    /// The sets of so many of the parts.
    fn choices(parts: &[Part], count: usize) -> Vec<Vec<Part>> {
        (0_u32..1 << parts.len())
            .filter(|set| set.count_ones() as usize == count)
            .map(|set| {
                let chosen = parts.iter().enumerate().filter(|(index, _)| set >> index & 1 == 1);
                chosen.map(|(_, part)| part.clone()).collect()
            })
            .collect()
    }

    #[test]
    fn any_parts_that_are_enough_give_the_secret_and_fewer_do_not() {
        let secret = [7; 32];
        // 2^521 - 1.
        let mut prime = vec![0xFF; 66];
        prime[0] = 0x01;
        let prime = Prime::new(&prime).unwrap();
        type Split<'a> = Box<dyn Fn() -> Vec<Part> + 'a>;
        type Join<'a> = Box<dyn Fn(&[Part]) -> Vec<u8> + 'a>;
        let methods: [(Split<'_>, Join<'_>); 3] = [
            (
                Box::new(|| split_field::<Gf8<SINCE_2>>(&secret, 5, 3).unwrap()),
                Box::new(|parts| join_field::<Gf8<SINCE_2>>(parts).unwrap().to_vec()),
            ),
            (
                Box::new(|| split_field::<Gf16<SINCE_2>>(&secret, 5, 3).unwrap()),
                Box::new(|parts| join_field::<Gf16<SINCE_2>>(parts).unwrap().to_vec()),
            ),
            (
                Box::new(|| prime.split(&secret, 5, 3).unwrap()),
                Box::new(|parts| prime.join(parts).unwrap()[66 - 32..].to_vec()),
            ),
        ];
        for (number, (split, join)) in methods.iter().enumerate() {
            let parts = split();
            assert_eq!(parts.len(), 5);
            for count in 3..=5 {
                for chosen in choices(&parts, count) {
                    assert_eq!(join(&chosen), secret, "{number}");
                }
            }
            for chosen in choices(&parts, 2) {
                assert_ne!(join(&chosen), secret, "{number}");
            }
            assert_ne!(split()[0].1, parts[0].1, "the parts are random");
        }
        let parts = split_xor(&secret, 4).unwrap();
        assert_eq!(*join_xor(&parts).unwrap(), secret);
        assert_ne!(*join_xor(&parts[1..]).unwrap(), secret);
    }

    #[test]
    fn refuses_what_is_no_part_and_no_field() {
        let part = |length| Zeroizing::new(vec![1; length]);
        assert!(join_xor(&[(1, part(2)), (2, part(3))]).is_err());
        assert!(join_field::<Gf8<SINCE_2>>(&[(1, part(2)), (2, part(3))]).is_err());
        assert!(join_field::<Gf16<SINCE_2>>(&[(1, part(3)), (2, part(3))]).is_err());
        assert!(join_field::<Gf8<SINCE_2>>(&[(256, part(2)), (2, part(2))]).is_err());
        assert!(split_field::<Gf8<SINCE_2>>(&[1], 256, 2).is_err());
        for prime in [&[][..], &[4], &[1; 1025]] {
            assert!(Prime::new(prime).is_err());
        }
        let seven = Prime::new(&[7]).unwrap();
        assert!(seven.split(&[7], 2, 2).is_err(), "the secret is too large");
        assert!(seven.join(&[(1, part(2)), (1, part(2))]).is_err());
    }
}
