//! The groups of Diffie-Hellman that new keys are in (RFC 7919): their primes, whose halves are primes too, and whose generator is 2.

use kmip_types::enumerations::CryptographicAlgorithm;

use super::KeyError;
use super::group::Group;

/// ffdhe2048 (appendix A.1).
const FFDHE_2048: &str = "\
    FFFFFFFFFFFFFFFFADF85458A2BB4A9AAFDC5620273D3CF1D8B9C583CE2D3695A9E13641146433FBCC939DCE249B3EF9\
    7D2FE363630C75D8F681B202AEC4617AD3DF1ED5D5FD65612433F51F5F066ED0856365553DED1AF3B557135E7F57C935\
    984F0C70E0E68B77E2A689DAF3EFE8721DF158A136ADE73530ACCA4F483A797ABC0AB182B324FB61D108A94BB2C8E3FB\
    B96ADAB760D7F4681D4F42A3DE394DF4AE56EDE76372BB190B07A7C8EE0A6D709E02FCE1CDF7E2ECC03404CD28342F61\
    9172FE9CE98583FF8E4F1232EEF28183C3FE3B1B4C6FAD733BB5FCBC2EC22005C58EF1837D1683B2C6F34A26C1B2EFFA\
    886B423861285C97FFFFFFFFFFFFFFFF";

/// ffdhe3072 (appendix A.2).
const FFDHE_3072: &str = "\
    FFFFFFFFFFFFFFFFADF85458A2BB4A9AAFDC5620273D3CF1D8B9C583CE2D3695A9E13641146433FBCC939DCE249B3EF9\
    7D2FE363630C75D8F681B202AEC4617AD3DF1ED5D5FD65612433F51F5F066ED0856365553DED1AF3B557135E7F57C935\
    984F0C70E0E68B77E2A689DAF3EFE8721DF158A136ADE73530ACCA4F483A797ABC0AB182B324FB61D108A94BB2C8E3FB\
    B96ADAB760D7F4681D4F42A3DE394DF4AE56EDE76372BB190B07A7C8EE0A6D709E02FCE1CDF7E2ECC03404CD28342F61\
    9172FE9CE98583FF8E4F1232EEF28183C3FE3B1B4C6FAD733BB5FCBC2EC22005C58EF1837D1683B2C6F34A26C1B2EFFA\
    886B4238611FCFDCDE355B3B6519035BBC34F4DEF99C023861B46FC9D6E6C9077AD91D2691F7F7EE598CB0FAC186D91C\
    AEFE130985139270B4130C93BC437944F4FD4452E2D74DD364F2E21E71F54BFF5CAE82AB9C9DF69EE86D2BC522363A0D\
    ABC521979B0DEADA1DBF9A42D5C4484E0ABCD06BFA53DDEF3C1B20EE3FD59D7C25E41D2B66C62E37FFFFFFFFFFFFFFFF";

/// ffdhe4096 (appendix A.3).
const FFDHE_4096: &str = "\
    FFFFFFFFFFFFFFFFADF85458A2BB4A9AAFDC5620273D3CF1D8B9C583CE2D3695A9E13641146433FBCC939DCE249B3EF9\
    7D2FE363630C75D8F681B202AEC4617AD3DF1ED5D5FD65612433F51F5F066ED0856365553DED1AF3B557135E7F57C935\
    984F0C70E0E68B77E2A689DAF3EFE8721DF158A136ADE73530ACCA4F483A797ABC0AB182B324FB61D108A94BB2C8E3FB\
    B96ADAB760D7F4681D4F42A3DE394DF4AE56EDE76372BB190B07A7C8EE0A6D709E02FCE1CDF7E2ECC03404CD28342F61\
    9172FE9CE98583FF8E4F1232EEF28183C3FE3B1B4C6FAD733BB5FCBC2EC22005C58EF1837D1683B2C6F34A26C1B2EFFA\
    886B4238611FCFDCDE355B3B6519035BBC34F4DEF99C023861B46FC9D6E6C9077AD91D2691F7F7EE598CB0FAC186D91C\
    AEFE130985139270B4130C93BC437944F4FD4452E2D74DD364F2E21E71F54BFF5CAE82AB9C9DF69EE86D2BC522363A0D\
    ABC521979B0DEADA1DBF9A42D5C4484E0ABCD06BFA53DDEF3C1B20EE3FD59D7C25E41D2B669E1EF16E6F52C3164DF4FB\
    7930E9E4E58857B6AC7D5F42D69F6D187763CF1D5503400487F55BA57E31CC7A7135C886EFB4318AED6A1E012D9E6832\
    A907600A918130C46DC778F971AD0038092999A333CB8B7A1A1DB93D7140003C2A4ECEA9F98D0ACC0A8291CDCEC97DCF\
    8EC9B55A7F88A46B4DB5A851F44182E1C68A007E5E655F6AFFFFFFFFFFFFFFFF";

impl Group {
    /// The group of Diffie-Hellman whose prime has this length in bits, which is 2048, 3072 or 4096.
    ///
    /// # Errors
    /// It is another length.
    pub(crate) fn of_length(bits: i32) -> Result<Self, KeyError> {
        let digits = match bits {
            2048 => FFDHE_2048,
            3072 => FFDHE_3072,
            4096 => FFDHE_4096,
            _ => {
                let found = usize::try_from(bits).unwrap_or_default();
                let (algorithm, expected) = ("DH".to_owned(), "2048, 3072 or 4096");
                return Err(KeyError::Length { algorithm, expected, found });
            }
        };
        let nibbles: Vec<u8> =
            digits.chars().filter_map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect();
        let p: Vec<u8> = nibbles.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect();
        // The half, without the remainder.
        let mut carry = 0;
        let half = |byte: &u8| {
            let half = byte >> 1 | carry;
            carry = byte << 7;
            half
        };
        let q = p.iter().map(half).collect();
        Self::new(CryptographicAlgorithm::Dh, p, Some(q), vec![2], None)
    }
}

#[cfg(test)]
mod tests {
    use kmip_types::SecretBytes;
    use kmip_types::object::TransparentKey;

    use super::*;

    #[test]
    fn two_generates_a_group_of_the_size_of_the_half() {
        for bits in [2048, 3072, 4096] {
            let group = Group::of_length(bits).unwrap();
            assert_eq!((group.bits(), group.q_bits()), (Some(bits), Some(bits - 1)));
            let TransparentKey::DhPublicKey(key) = group.transparent_public(&[2]) else { panic!() };
            let p = key.p.to_unsigned_bytes().unwrap();
            let (first, last) = (&p[..12], &p[p.len() - 8..]);
            // Between two words of ones, the digits of e begin as those of its fraction do.
            assert_eq!(
                (first, last),
                (&[&[0xFF; 8], &[0xAD, 0xF8, 0x54, 0x58][..]].concat()[..], &[0xFF; 8][..])
            );
            // 2 to the power of q is 1.
            let q = SecretBytes::from(key.q.unwrap().to_unsigned_bytes().unwrap());
            assert_eq!(group.public_of(&q).unwrap(), [1], "{bits}");
        }
        assert!(Group::of_length(1024).is_err());
    }
}
