//! New keys.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use kmip_types::enumerations::RecommendedCurve;
use zeroize::Zeroizing;

#[cfg(feature = "server")]
use super::group::Group;
use super::material::Kind;
use super::{Curve, KeyError, Material, PrivateKey};

impl Material {
    /// A new AES key of 128, 192 or 256 bits.
    ///
    /// ```
    /// use kmip_sdk::keys::Material;
    /// assert_eq!(Material::generate_aes(256)?.to_string(), "a symmetric key (AES, 256 bits)");
    /// # Ok::<(), kmip_sdk::keys::KeyError>(())
    /// ```
    ///
    /// # Errors
    /// AES has no such length, or the system has no random numbers.
    pub fn generate_aes(bits: u32) -> Result<Self, KeyError> {
        let found = usize::try_from(bits).unwrap_or(usize::MAX);
        if !matches!(bits, 128 | 192 | 256) {
            return Err(KeyError::Length { algorithm: "AES".to_owned(), expected: "128, 192 or 256", found });
        }
        let mut key = Zeroizing::new(vec![0; found / 8]);
        crate::random::fill(&mut key).map_err(|_| KeyError::Cryptography)?;
        Self::aes(key)
    }

    /// A new RSA private key of 2048, 3072 or 4096 bits, which takes a while.
    ///
    /// # Errors
    /// It is another length, or the system has no random numbers.
    pub fn generate_rsa(bits: u32) -> Result<Self, KeyError> {
        let bits = i32::try_from(bits).unwrap_or(i32::MAX);
        PrivateKey::generate_rsa(bits).map(|key| Self::of(Kind::PrivateKey(key)))
    }

    /// A new private key on a curve: P-256, P-384, P-521, secp256k1, or Curve25519 for key agreement (X25519).
    ///
    /// # Errors
    /// It is another curve, or the system has no random numbers.
    pub fn generate_on_curve(curve: RecommendedCurve) -> Result<Self, KeyError> {
        let known = Curve::find(curve, None);
        let known =
            known.ok_or_else(|| KeyError::Unsupported { what: format!("a key on the curve {curve}") })?;
        PrivateKey::generate_on(known).map(|key| Self::of(Kind::PrivateKey(key)))
    }

    /// A new private key of Ed25519.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub fn generate_ed25519() -> Result<Self, KeyError> {
        PrivateKey::generate_on(Curve::Ed25519).map(|key| Self::of(Kind::PrivateKey(key)))
    }
}

impl PrivateKey {
    /// A new RSA key of this length in bits.
    ///
    /// # Errors
    /// The library makes none of this length, or fails.
    pub(crate) fn generate_rsa(bits: i32) -> Result<Self, KeyError> {
        let size = match bits {
            2048 => KeySize::Rsa2048,
            3072 => KeySize::Rsa3072,
            4096 => KeySize::Rsa4096,
            _ => {
                let found = usize::try_from(bits).unwrap_or_default();
                let expected = "2048, 3072 or 4096";
                return Err(KeyError::Length { algorithm: "RSA".to_owned(), expected, found });
            }
        };
        #[cfg(feature = "server")]
        if crate::random::is_seeded() {
            return Self::generate_rsa_seeded(bits);
        }
        let generated = KeyPair::generate(size).and_then(|pair| AsDer::<Pkcs8V1Der<'_>>::as_der(&pair));
        Self::from_pkcs8(generated.map_err(|_| KeyError::Cryptography)?.as_ref())
    }

    /// A new RSA key whose primes are found by the seed: the library above takes random numbers from nobody.
    #[cfg(feature = "server")]
    fn generate_rsa_seeded(bits: i32) -> Result<Self, KeyError> {
        use rsa::pkcs8::EncodePrivateKey;

        use crate::server::SeededGenerator;

        let bits = usize::try_from(bits).map_err(|_| KeyError::Cryptography)?;
        let key = rsa::PrivateKey::new(&mut SeededGenerator, bits).map_err(|_| KeyError::Cryptography)?;
        let der = key.to_pkcs8_der().map_err(|_| KeyError::Cryptography)?;
        Self::from_pkcs8(der.as_bytes())
    }

    /// A new key on a curve.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub(crate) fn generate_on(curve: Curve) -> Result<Self, KeyError> {
        let scalar = curve.generate().ok_or(KeyError::Cryptography)?;
        Self::ec(curve, scalar.reveal()).map_err(|_| KeyError::Cryptography)
    }

    /// A new key in a group of DSA or Diffie-Hellman.
    ///
    /// # Errors
    /// There are no random numbers.
    #[cfg(feature = "server")]
    pub(crate) fn generate_in(group: Group) -> Result<Self, KeyError> {
        let number = group.generate()?;
        Ok(Self::Group { group: Box::new(group), number })
    }
}
