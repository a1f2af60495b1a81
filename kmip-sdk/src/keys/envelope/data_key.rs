//! Data keys, and the requests that have them encrypted and decrypted.

use core::fmt;

use kmip_types::SecretBytes;
use kmip_types::attribute::{CryptographicParameters, UniqueIdentifier};
use kmip_types::operation::{Data, DecryptRequest, DecryptResponse, EncryptRequest, EncryptResponse};
use zeroize::Zeroizing;

use super::stream::{PREFIX, Sealer, Stream};
use super::{EnvelopeError, Header};

/// The length of a data key in bytes: one of AES-256.
const LENGTH: usize = 32;

/// The key of one envelope. It is wiped when it is dropped, and `Debug` does not show it.
pub struct DataKey(SecretBytes);

impl DataKey {
    /// A new one, by chance.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub fn generate() -> Result<Self, EnvelopeError> {
        let mut key = Zeroizing::new(vec![0; LENGTH]);
        crate::random::fill(&mut key).map_err(|_| EnvelopeError::Cryptography)?;
        Ok(Self(key.into()))
    }

    /// The bytes of a data key that was decrypted.
    ///
    /// # Errors
    /// They are not 32.
    pub fn from_bytes(bytes: impl Into<SecretBytes>) -> Result<Self, EnvelopeError> {
        let bytes = bytes.into();
        match bytes.reveal().len() {
            LENGTH => Ok(Self(bytes)),
            found => Err(EnvelopeError::DataKeyLength { found }),
        }
    }

    /// The bytes. What is copied from them is no longer wiped.
    pub fn reveal(&self) -> &[u8] {
        self.0.reveal()
    }

    /// The request of Encrypt that has the data key encrypted by a key of the server's, used as the parameters say; a
    /// mode that authenticates, such as GCM, is best. What decrypts it again, [`decrypt_request`] makes of it.
    pub fn to_encrypt_request(
        &self,
        wrapping_key: impl Into<UniqueIdentifier>,
        parameters: CryptographicParameters,
    ) -> EncryptRequest {
        EncryptRequest {
            cryptographic_parameters: Some(Box::new(parameters)),
            ..EncryptRequest::new(wrapping_key, self.0.clone())
        }
    }

    /// Begins an envelope of this data key, with the request that decrypts it: in parts, and without I/O.
    ///
    /// ```
    /// # use kmip_sdk::keys::envelope::DataKey;
    /// # use kmip_sdk::types::operation::DecryptRequest;
    /// # fn main() -> Result<(), kmip_sdk::keys::envelope::EnvelopeError> {
    /// # let request = DecryptRequest::new("kek-1", vec![0; 40]);
    /// let data_key = DataKey::generate()?;
    /// // ... have it encrypted, and make the request that decrypts it ...
    /// let mut sealer = data_key.seal(request)?;
    /// let mut sealed = sealer.header().to_vec();
    /// for part in ["attack ", "at ", "dawn"] {
    ///     sealer.update(part.as_bytes(), &mut sealed)?;
    /// }
    /// sealer.finish(&mut sealed)?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The request cannot be written or is too long, or the system has no random numbers.
    pub fn seal(self, request: DecryptRequest) -> Result<Sealer, EnvelopeError> {
        let mut prefix = [0; PREFIX];
        crate::random::fill(&mut prefix).map_err(|_| EnvelopeError::Cryptography)?;
        let header = Header::new(request, prefix)?;
        let bytes = header.bytes().to_vec();
        Ok(Sealer::new(Stream::new(&self.0, prefix, bytes)?, header.chunk_length()))
    }

    pub(super) fn bytes(&self) -> &SecretBytes {
        &self.0
    }
}

/// The response to the request that an envelope holds.
///
/// What is wrong with it is seen when the envelope is [opened](super::Header::open) with it.
impl From<DecryptResponse> for DataKey {
    fn from(response: DecryptResponse) -> Self {
        Self(response.data.unwrap_or_else(|| Vec::new().into()))
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(..)")
    }
}

/// The request of Decrypt that undoes an Encrypt: for the same key, used in the same way, with what the server gave.
pub fn decrypt_request(request: &EncryptRequest, response: EncryptResponse) -> DecryptRequest {
    DecryptRequest {
        // The request may say it by the ID Placeholder; the response says which it was.
        unique_identifier: Some(response.unique_identifier),
        cryptographic_parameters: request.cryptographic_parameters.clone(),
        data: response.data.map(Data::Bytes),
        iv_counter_nonce: response.iv_counter_nonce.or_else(|| request.iv_counter_nonce.clone()),
        authenticated_encryption_additional_data: request.authenticated_encryption_additional_data.clone(),
        authenticated_encryption_tag: response.authenticated_encryption_tag,
        ..DecryptRequest::default()
    }
}
