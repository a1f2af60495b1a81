//! Connects, makes a key that is active, encrypts and decrypts.

use std::path::Path;

/// All of it.
pub fn run(address: &str, certificates: &Path) -> Result<Vec<u8>, kmip_sdk::Error> {
    let client = kmip_sdk::Client::builder()
        .address(address)
        .root_certificates_file(certificates.join("ca.pem"))
        .identity_files(certificates.join("client.pem"), certificates.join("client-key.pem"))
        .connect()?;
    let key = client.create_aes(256).name("app").activated().send()?;
    let encrypted = client.encrypt(&key, "attack at dawn").aes_gcm().send()?;
    let decrypted = client.decrypt(&encrypted).send()?;
    Ok(decrypted.into_revealed())
}
