//! Rotates a key: makes its replacement, encrypts the stored data anew, and takes the old key out of use.

use std::path::Path;
use std::time::Duration;

use kmip_sdk::Encrypted;
use kmip_sdk::types::enumerations::RevocationReasonCode;

/// All of it.
pub fn run(
    address: &str,
    certificates: &Path,
    stored: Vec<Encrypted>,
) -> Result<Vec<Encrypted>, Box<dyn std::error::Error>> {
    let client = kmip_sdk::Client::builder()
        .address(address)
        .root_certificates_file(certificates.join("ca.pem"))
        .identity_files(certificates.join("client.pem"), certificates.join("client-key.pem"))
        .connect()?;
    let old = client.locate().name("app").newest().send()?.ok_or("there is no key of this name")?;
    let new = client.re_key(&old).offset(Duration::ZERO).send()?;
    let anew = client.re_encrypt_all(stored, &new).send()?;
    client.revoke(&old, RevocationReasonCode::Superseded).send()?;
    client.destroy(&old).send()?;
    Ok(anew)
}
