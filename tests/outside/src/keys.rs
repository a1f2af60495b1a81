//! A part of an application: it makes keys on a server.

use kmip_sdk::prelude::*;

/// Makes a key for a purpose, ready to encrypt with, unless there is one.
///
/// # Errors
/// The server cannot be asked, or refuses.
pub fn key_for(client: &Client, purpose: &str) -> Result<UniqueIdentifier, Error> {
    let name = Attributes::new().with_name(Name::text(purpose));
    let found = client.call(LocateRequest::new(name.clone())).send()?.unique_identifier;
    if let Some(key) = found.into_iter().next() {
        return Ok(key);
    }
    let attributes = name
        .with_cryptographic_algorithm(CryptographicAlgorithm::Aes)
        .with_cryptographic_length(256)
        .with_cryptographic_usage_mask(CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT);
    let key = client.call(CreateRequest::new(ObjectType::SymmetricKey, attributes)).send()?.unique_identifier;
    client.call(ActivateRequest::new(key.clone())).send()?;
    Ok(key)
}
