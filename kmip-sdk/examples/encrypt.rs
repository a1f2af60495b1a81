//! Encrypts with a key that stays in the server: makes the key, encrypts, keeps what decrypting takes as bytes, decrypts.
#![allow(clippy::print_stdout, clippy::unwrap_used)] // An example prints, and shows failures.

use kmip_sdk::server::EmbeddedServer;
use kmip_sdk::{Client, Encrypted};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = EmbeddedServer::start()?;
    let client = Client::builder().embedded(&server).connect()?;

    let key = client.create_aes(256).name("orders").activated().send()?;
    let encrypted = client.encrypt(&key, "attack at dawn").aes_gcm().aad("order 7").send()?;
    // Which key, the nonce, the tag and the additional data go with the ciphertext.
    let stored = encrypted.to_bytes()?;

    let decrypted = client.decrypt(Encrypted::from_bytes(&stored)?).send()?;
    println!("{}", String::from_utf8_lossy(decrypted.reveal()));

    // Who changed what is authenticated is found out.
    let changed = client.decrypt(encrypted).aad("order 8").send().unwrap_err();
    println!("{changed}");
    Ok(())
}
