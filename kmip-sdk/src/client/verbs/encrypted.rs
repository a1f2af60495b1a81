//! What Encrypt yields, with all that Decrypt wants.

use core::fmt;
use std::io::{self, Read};

use kmip_types::attribute::{CryptographicParameters, UniqueIdentifier};
use kmip_types::operation::DecryptRequest;
use kmip_types::{DecodeError, EncodeError, Limits, ProtocolVersion, Tag, Ttlv, ttlv};

/// Encrypted data, with all that decrypting it takes but the key: which key it is, how it was used, the initialization
/// vector, and what authenticates the data. None of it is secret.
///
/// It can be kept [as bytes](Self::to_bytes). What another program encrypted is made of its parts:
///
/// ```
/// use kmip_sdk::Encrypted;
/// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
/// # let key = client.create_aes(256).activated().send()?;
/// # let made = client.encrypt(&key, "attack at dawn").aes_gcm().send()?;
/// # let (ciphertext, nonce, tag) = (made.data, made.iv_counter_nonce.unwrap(), made.authenticated_encryption_tag.unwrap());
/// let encrypted = Encrypted::new(&key, ciphertext)
///     .with_iv_counter_nonce(nonce)
///     .with_authenticated_encryption_tag(tag);
/// let decrypted = client.decrypt(encrypted).aes_gcm().send()?;
/// assert_eq!(decrypted.reveal(), b"attack at dawn");
/// # Ok::<(), kmip_sdk::Error>(())
/// ```
#[derive(Clone, PartialEq, Ttlv)]
#[ttlv(tag = "RequestPayload")]
#[non_exhaustive]
pub struct Encrypted {
    /// The key.
    pub unique_identifier: UniqueIdentifier,
    /// How the key was used, if that was said.
    pub cryptographic_parameters: Option<CryptographicParameters>,
    /// The ciphertext.
    pub data: Vec<u8>,
    /// The initialization vector, counter or nonce, whoever made it.
    pub iv_counter_nonce: Option<Vec<u8>>,
    /// The data that is authenticated and not encrypted.
    pub authenticated_encryption_additional_data: Option<Vec<u8>>,
    /// The tag that authenticates the data.
    pub authenticated_encryption_tag: Option<Vec<u8>>,
}

/// The version of KMIP whose form the bytes of encrypted data have.
const FORM: ProtocolVersion = ProtocolVersion::V2_1;

impl Encrypted {
    /// All of it as bytes, to be kept: the Request Payload of Decrypt in the TTLV of KMIP 2.1.
    ///
    /// # Errors
    /// [`EncodeError`]: it is larger than a message of KMIP can be.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EncodeError> {
        ttlv::encode(Tag::REQUEST_PAYLOAD, self, FORM)
    }

    /// What [`to_bytes`](Self::to_bytes) made.
    ///
    /// # Errors
    /// [`DecodeError`]: they are no such bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        ttlv::decode(Tag::REQUEST_PAYLOAD, bytes)
    }
}

impl Encrypted {
    /// What a reader begins with, as [`to_bytes`](Self::to_bytes) wrote it, and no byte more: the ciphertext of a stream may
    /// follow it, which [`decrypt_stream`](crate::generic::Client::decrypt_stream) takes from the same reader.
    ///
    /// ```
    /// use kmip_sdk::Encrypted;
    /// let mut bytes = Encrypted::new("key-1", Vec::new()).to_bytes()?;
    /// bytes.extend(b"ciphertext");
    /// let mut reader = bytes.as_slice();
    /// let encrypted = Encrypted::read_from(&mut reader)??;
    /// assert_eq!((encrypted.unique_identifier, reader), ("key-1".into(), &b"ciphertext"[..]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// That of the reader; and within, that it begins with something else, or is cut off.
    pub fn read_from(reader: &mut impl Read) -> io::Result<Result<Self, DecodeError>> {
        const HEADER: u64 = 8;
        let mut bytes = Vec::new();
        reader.by_ref().take(HEADER).read_to_end(&mut bytes)?;
        // Of another tag nothing more is read: its length is not one.
        if let ([0x42, 0x00, 0x79, 0x01], Some(length)) =
            (bytes.get(..4).unwrap_or_default(), bytes.get(4..).and_then(<[u8]>::first_chunk))
        {
            let length = u64::from(u32::from_be_bytes(*length));
            let most = u64::try_from(Limits::DEFAULT.size).unwrap_or(u64::MAX);
            reader.by_ref().take(length.min(most)).read_to_end(&mut bytes)?;
        }
        Ok(Self::from_bytes(&bytes))
    }
}

impl From<Encrypted> for DecryptRequest {
    fn from(encrypted: Encrypted) -> Self {
        let mut request = Self::new(encrypted.unique_identifier, encrypted.data);
        request.cryptographic_parameters = encrypted.cryptographic_parameters.map(Box::new);
        request.iv_counter_nonce = encrypted.iv_counter_nonce;
        request.authenticated_encryption_additional_data = encrypted.authenticated_encryption_additional_data;
        request.authenticated_encryption_tag = encrypted.authenticated_encryption_tag;
        request
    }
}

impl From<&Self> for Encrypted {
    fn from(encrypted: &Self) -> Self {
        encrypted.clone()
    }
}

/// Data that was encrypted with a key.
impl<K: Into<UniqueIdentifier>, C: Into<Vec<u8>>> From<(K, C)> for Encrypted {
    fn from((key, data): (K, C)) -> Self {
        Self::new(key, data)
    }
}

impl fmt::Debug for Encrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&DecryptRequest::from(self.clone()), f)
    }
}
