//! The keys of the server's that wrap others.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use kmip_types::SecretBytes;
use kmip_types::attribute::CryptographicParameters;
use kmip_types::enumerations::{BlockCipherMode, CryptographicAlgorithm, ResultReason};

use crate::answer::Failure;
use crate::keys::wrap::{Authentication, Encryption, WrapError, WrapMode, cipher};
use crate::keys::{PrivateKey, PublicKey};
use crate::server::crypto::signature::Signing;
use crate::server::crypto::symmetric::{self, Inputs};
use crate::server::crypto::{asymmetric, mac};

/// How long the tag of an authenticated mode is unless that is said, in bytes.
const TAG_LENGTH: i32 = 16;

/// A key that encrypts others.
pub(super) enum Encrypter {
    /// AES Key Wrap, with padding or without.
    KeyWrap { mode: WrapMode, key: SecretBytes },
    /// Any other mode.
    Symmetric { algorithm: CryptographicAlgorithm, key: SecretBytes, parameters: CryptographicParameters },
    /// What wraps with RSA.
    Public(PublicKey, CryptographicParameters),
    /// What unwraps with RSA.
    Private(PrivateKey, CryptographicParameters),
}

impl Encrypter {
    /// A symmetric key, in the mode that the parameters say.
    pub(super) fn symmetric(
        algorithm: CryptographicAlgorithm,
        key: &[u8],
        parameters: &CryptographicParameters,
    ) -> Result<Self, Failure> {
        let mode = match parameters.block_cipher_mode {
            Some(BlockCipherMode::NistKeyWrap) => WrapMode::AesKeyWrap,
            Some(BlockCipherMode::AesKeyWrapPadding) => WrapMode::AesKeyWrapWithPadding,
            _ => {
                let mut parameters = parameters.clone();
                // What it makes up is kept beside the wrapped key, and need not be asked for.
                parameters.random_iv = Some(true);
                parameters.tag_length.get_or_insert(TAG_LENGTH);
                return Ok(Self::Symmetric { algorithm, key: key.into(), parameters });
            }
        };
        if algorithm != CryptographicAlgorithm::Aes || !matches!(key.len(), 16 | 24 | 32) {
            let message = "the key is no AES key of 128, 192 or 256 bits, which AES Key Wrap takes";
            return Err(Failure::new(ResultReason::BadCryptographicParameters, message));
        }
        Ok(Self::KeyWrap { mode, key: key.into() })
    }
}

impl Encryption<Failure> for Encrypter {
    fn encrypt(&self, bytes: &[u8]) -> Result<(SecretBytes, Option<Vec<u8>>), Failure> {
        match self {
            Self::KeyWrap { mode, key } => Ok((cipher::wrap(*mode, key, bytes)?, None)),
            Self::Symmetric { algorithm, key, parameters } => {
                let inputs = inputs(*algorithm, key, parameters, None);
                let (wrapped, iv) = symmetric::seal(inputs, bytes)?;
                Ok((wrapped, iv))
            }
            Self::Public(key, parameters) => Ok((asymmetric::encrypt(key, parameters, bytes)?, None)),
            Self::Private(..) => Err(WrapError::NoKeyInformation.into()),
        }
    }

    fn decrypt(&self, bytes: &[u8], nonce: Option<&[u8]>) -> Result<SecretBytes, Failure> {
        match self {
            Self::KeyWrap { mode, key } => Ok(cipher::unwrap(*mode, key, bytes)?),
            Self::Symmetric { algorithm, key, parameters } => {
                symmetric::open(inputs(*algorithm, key, parameters, nonce), bytes)
            }
            Self::Private(key, parameters) => asymmetric::decrypt(key, parameters, bytes),
            Self::Public(..) => Err(WrapError::NoPrivateKey.into()),
        }
    }
}

fn inputs<'a>(
    algorithm: CryptographicAlgorithm,
    key: &'a SecretBytes,
    parameters: &'a CryptographicParameters,
    iv: Option<&'a [u8]>,
) -> Inputs<'a> {
    Inputs { algorithm, key: key.reveal(), parameters, iv, additional: &[], tag: None }
}

/// A key that makes MACs or signatures of others, or verifies them.
pub(super) enum Authenticator {
    Mac { algorithm: CryptographicAlgorithm, key: SecretBytes, parameters: CryptographicParameters },
    Private(PrivateKey, CryptographicParameters),
    Public(PublicKey, CryptographicParameters),
}

impl Authentication<Failure> for Authenticator {
    fn authenticate(&self, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Mac { algorithm, key, parameters } => {
                let mut code = mac::start(*algorithm, key.reveal(), parameters)?;
                code.update(bytes);
                Ok(code.finish())
            }
            Self::Private(key, parameters) => {
                let mut signing = Signing::start(key.algorithm(), parameters)?;
                signing.update(bytes)?;
                signing.sign(key, None)
            }
            Self::Public(..) => Err(WrapError::NoPrivateKey.into()),
        }
    }

    fn is_authentic(&self, bytes: &[u8], code: &[u8]) -> Result<bool, Failure> {
        match self {
            Self::Mac { .. } => Ok(verify_slices_are_equal(&self.authenticate(bytes)?, code).is_ok()),
            Self::Private(..) => Err(WrapError::NoAuthenticationKey.into()),
            Self::Public(key, parameters) => {
                let mut signing = Signing::start(key.algorithm(), parameters)?;
                signing.update(bytes)?;
                signing.verify(key, None, code)
            }
        }
    }
}
