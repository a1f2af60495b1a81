//! Envelope encryption: data encrypted here by a data key of its own, and the data key encrypted by a key that never
//! leaves the server.
//!
//! So a file of any size costs one call of Encrypt, and another of Decrypt to read it again; who may read is up to the
//! server. The result is one string of bytes that holds all it takes: which key of the server's, the encrypted data key,
//! and the encrypted data. Nothing here talks to a server. What encrypts and decrypts the data key is given by the caller:
//!
//! ```
//! use kmip_sdk::Client;
//! use kmip_sdk::keys::envelope::{self, DataKey};
//! use kmip_sdk::types::attribute::CryptographicParameters;
//! use kmip_sdk::types::enumerations::{BlockCipherMode, CryptographicAlgorithm, ObjectType};
//!
//! # use kmip_sdk::types::attribute::Attributes;
//! # use kmip_sdk::types::masks::CryptographicUsageMask;
//! # use kmip_sdk::types::operation::{ActivateRequest, CreateRequest};
//! # let server = kmip_sdk::server::Server::new(Default::default());
//! # let client = Client::builder().service(server).connect()?;
//! # let attributes = Attributes::new()
//! #     .with_cryptographic_algorithm(CryptographicAlgorithm::Aes)
//! #     .with_cryptographic_length(256)
//! #     .with_cryptographic_usage_mask(CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT);
//! # let made = client.call(CreateRequest::new(ObjectType::SymmetricKey, attributes)).send()?;
//! # let wrapping_key = made.unique_identifier;
//! # client.call(ActivateRequest::new(wrapping_key.clone())).send()?;
//! type Error = Box<dyn std::error::Error>;
//!
//! let gcm = CryptographicParameters {
//!     block_cipher_mode: Some(BlockCipherMode::Gcm),
//!     tag_length: Some(16),
//!     random_iv: Some(true),
//!     ..Default::default()
//! };
//! let sealed = envelope::seal(b"attack at dawn", |data_key: &DataKey| {
//!     let request = data_key.to_encrypt_request(wrapping_key.clone(), gcm);
//!     let response = client.call(request.clone()).send()?;
//!     Ok::<_, Error>(envelope::decrypt_request(&request, response))
//! })?;
//! let opened = envelope::open(&sealed, |request| Ok::<_, Error>(client.call(request).send()?.into()))?;
//! assert_eq!(opened.reveal(), b"attack at dawn");
//! # Ok::<(), Error>(())
//! ```
//!
//! [`seal_stream`] and [`open_stream`] do the same from a reader to a writer, in memory that does not grow.
//! [`DataKey::seal`] and [`Header::open`] are both in parts and without I/O, for async programs.
//!
//! # Format
//!
//! All numbers are big-endian.
//!
//! | bytes | what |
//! | --- | --- |
//! | 7 | the ASCII letters `KMIPENV` |
//! | 1 | the version of this format: 1 |
//! | 1 | the algorithm: 1, AES-256-GCM in STREAM |
//! | 4 | the length of a chunk of plaintext: 65536 as written here; 1 to 16 MiB are read |
//! | 7 | the prefix of the nonces, made by chance |
//! | 4 | the length of what follows, up to 64 KiB |
//! | | the Request Payload of Decrypt that gives back the data key, in TTLV as KMIP 2.1 has it: Unique Identifier of the wrapping key, Cryptographic Parameters, Data, IV/Counter/Nonce, Authenticated Encryption Tag |
//! | | the chunks, each encrypted and followed by its tag of 16 bytes |
//!
//! The chunks are encrypted by the STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, 2015): the nonce of a
//! chunk is the prefix, the number of the chunk from 0 in four bytes, and one byte that is 1 for the last chunk and 0 for
//! the others. All chunks but the last are full; the last may be of any length up to that, and is empty only if all
//! is. So chunks that are left out, repeated, put in another order or cut off at the end do not decrypt. All that is before
//! the chunks is authenticated with each of them. The data key is 32 bytes made by chance and used for one envelope, so
//! that no nonce comes twice.

mod data_key;
mod error;
mod header;
mod io;
mod stream;

pub use data_key::{DataKey, decrypt_request};
pub use error::EnvelopeError;
pub use header::Header;
pub use io::{OpenReader, SealWriter, open_stream, seal_stream};
use kmip_types::SecretBytes;
use kmip_types::operation::DecryptRequest;
pub use stream::{Opener, Sealer};

/// Encrypts by a new data key, which `wrap` is to have encrypted: what it gives is the request that decrypts it, as
/// [`decrypt_request`] makes it.
///
/// # Errors
/// That of `wrap`; or the system has no random numbers.
pub fn seal<E: From<EnvelopeError>>(
    plaintext: &[u8],
    wrap: impl FnOnce(&DataKey) -> Result<DecryptRequest, E>,
) -> Result<Vec<u8>, E> {
    let data_key = DataKey::generate()?;
    let request = wrap(&data_key)?;
    let mut sealer = data_key.seal(request)?;
    let mut sealed = sealer.header().to_vec();
    sealer.update(plaintext, &mut sealed)?;
    sealer.finish(&mut sealed)?;
    Ok(sealed)
}

/// Decrypts what [`seal`] or [`seal_stream`] made, by the data key that `unwrap` gets decrypted: it is given the request
/// for that.
///
/// # Errors
/// That of `unwrap`; or it is no envelope, the data key is not that of it, or it was changed.
pub fn open<E: From<EnvelopeError>>(
    sealed: &[u8],
    unwrap: impl FnOnce(DecryptRequest) -> Result<DataKey, E>,
) -> Result<SecretBytes, E> {
    let (header, length) = Header::read(sealed)?.ok_or(EnvelopeError::Truncated)?;
    let data_key = unwrap(header.decrypt_request().clone())?;
    let mut opener = header.open(data_key)?;
    // The plaintext is shorter, and no copy of a part is left behind.
    let mut plaintext = zeroize::Zeroizing::new(Vec::with_capacity(sealed.len()));
    opener.update(sealed.get(length..).unwrap_or_default(), &mut plaintext)?;
    opener.finish(&mut plaintext)?;
    Ok(plaintext.into())
}
