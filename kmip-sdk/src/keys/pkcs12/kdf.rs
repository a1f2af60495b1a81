//! Keys from passwords as PKCS#12 makes them (RFC 7292 appendix B).

use std::cell::Cell;

use aws_lc_rs::digest::{Algorithm, Context, digest};
use zeroize::Zeroizing;

use crate::error::Pkcs12Problem;

/// A password as text, and as PKCS#12 takes it for what it derives itself.
pub(super) struct Password<'a> {
    /// The text.
    pub(super) text: &'a str,
    /// Its UTF-16, the high byte of each first, with a zero at the end (appendix B.1).
    wide: Zeroizing<Vec<u8>>,
    /// How much work with it is left.
    left: Cell<u64>,
}

/// What a key is for (appendix B.3).
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    /// To encrypt with.
    Key = 1,
    /// To begin encryption with.
    Iv = 2,
    /// For the MAC.
    Mac = 3,
}

impl<'a> Password<'a> {
    /// The forms that a password may have been used in: an empty one is with its zero or without, by the tool. Each may cost
    /// so much work.
    pub(super) fn forms(text: &'a str, work: u64) -> Vec<Self> {
        // Sized at once, so that no copy of a part is left behind.
        let mut wide = Zeroizing::new(Vec::with_capacity(2 * text.len() + 2));
        for unit in text.encode_utf16().chain([0]) {
            wide.extend(unit.to_be_bytes());
        }
        let mut forms = vec![Self { text, wide, left: Cell::new(work) }];
        if text.is_empty() {
            forms.push(Self { text, wide: Zeroizing::new(Vec::new()), left: Cell::new(work) });
        }
        forms
    }

    /// Takes note of work that is to be done.
    ///
    /// # Errors
    /// It is more than what is left of all that a file may cost.
    pub(super) fn work(&self, amount: u64) -> Result<(), Pkcs12Problem> {
        let left = self.left.get().checked_sub(amount).ok_or(Pkcs12Problem::UnsupportedAlgorithm)?;
        self.left.set(left);
        Ok(())
    }
}

/// Fills `key` with what the password gives (appendix B.2).
pub(super) fn derive(
    algorithm: &'static Algorithm,
    purpose: Purpose,
    password: &Password<'_>,
    salt: &[u8],
    iterations: u32,
    key: &mut [u8],
) {
    let block = algorithm.block_len();
    // Steps 2 to 4: each repeated until it fills whole blocks.
    let repeated = |bytes: &'_ [u8]| bytes.len().div_ceil(block) * block;
    let (salts, passwords) = (repeated(salt), repeated(&password.wide));
    let mut input = Zeroizing::new(Vec::with_capacity(salts + passwords));
    input.extend(salt.iter().cycle().take(salts));
    input.extend(password.wide.iter().cycle().take(passwords));
    let diversifier = vec![purpose as u8; block];
    for part in key.chunks_mut(algorithm.output_len()) {
        // Step 6, A.
        let mut first = Context::new(algorithm);
        first.update(&diversifier);
        first.update(&input);
        let mut hash = first.finish();
        for _ in 1..iterations {
            hash = digest(algorithm, hash.as_ref());
        }
        part.copy_from_slice(&hash.as_ref()[..part.len()]);
        // Steps 6, B and C: each block of the input, as a number, grows by the hash and by one.
        let addend: Zeroizing<Vec<u8>> =
            Zeroizing::new(hash.as_ref().iter().copied().cycle().take(block).collect());
        for number in input.chunks_mut(block) {
            let mut carry = 1;
            for (byte, addend) in number.iter_mut().zip(addend.iter()).rev() {
                let sum = u16::from(*byte) + u16::from(*addend) + carry;
                *byte = sum as u8;
                carry = sum >> 8;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY;

    use super::{Password, Purpose, derive};

    /// Values that other implementations publish for SHA-1.
    #[test]
    fn derives_what_other_tools_derive() {
        const SALT: [u8; 8] = [0x0A, 0x58, 0xCF, 0x64, 0x53, 0x0D, 0x82, 0x3F];
        const SALT_2: [u8; 8] = [0x05, 0xDE, 0xC9, 0x59, 0xAC, 0xFF, 0x72, 0xF7];
        for (password, salt, iterations, purpose, expected) in [
            (
                "smeg",
                SALT,
                1,
                Purpose::Key,
                &[
                    0x8A, 0xAA, 0xE6, 0x29, 0x7B, 0x6C, 0xB0, 0x46, 0x42, 0xAB, 0x5B, 0x07, 0x78, 0x51, 0x28,
                    0x4E, 0xB7, 0x12, 0x8F, 0x1A, 0x2A, 0x7F, 0xBC, 0xA3,
                ][..],
            ),
            ("smeg", SALT, 1, Purpose::Iv, &[0x79, 0x99, 0x3D, 0xFE, 0x04, 0x8D, 0x3B, 0x76]),
            (
                "queeg",
                SALT_2,
                1000,
                Purpose::Key,
                &[
                    0xED, 0x20, 0x34, 0xE3, 0x63, 0x28, 0x83, 0x0F, 0xF0, 0x9D, 0xF1, 0xE1, 0xA0, 0x7D, 0xD3,
                    0x57, 0x18, 0x5D, 0xAC, 0x0D, 0x4F, 0x9E, 0xB3, 0xD4,
                ],
            ),
        ] {
            let password = &Password::forms(password, 0)[0];
            let mut key = vec![0; expected.len()];
            derive(&SHA1_FOR_LEGACY_USE_ONLY, purpose, password, &salt, iterations, &mut key);
            assert_eq!(key, expected);
        }
    }

    #[test]
    fn an_empty_password_has_two_forms() {
        let forms: Vec<_> = Password::forms("", 0).into_iter().map(|form| form.wide.to_vec()).collect();
        assert_eq!(forms, [vec![0, 0], vec![]]);
        assert_eq!(Password::forms("é", 0).len(), 1);
        assert_eq!(Password::forms("é", 0)[0].wide.to_vec(), [0, 0xE9, 0, 0]);
    }
}
