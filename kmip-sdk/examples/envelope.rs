//! Envelope encryption of a file: a data key encrypts it here, in bounded memory, and a key that stays in the server encrypts the
//! data key. Reading it again takes one call.
#![allow(clippy::print_stdout, clippy::unwrap_used)] // An example prints, and shows failures.

use std::fs::File;
use std::io::BufWriter;

use kmip_sdk::Client;
use kmip_sdk::server::EmbeddedServer;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let [plain, sealed, opened] = ["plain", "sealed", "opened"].map(|name| folder.path().join(name));
    std::fs::write(&plain, "attack at dawn\n".repeat(100_000))?;

    let server = EmbeddedServer::start()?;
    let client = Client::builder().embedded(&server).connect()?;
    let key = client.create_aes(256).name("files").activated().send()?;
    client.seal(&key, File::open(&plain)?, BufWriter::new(File::create(&sealed)?)).send()?;
    println!("{} bytes sealed in {}", std::fs::metadata(&plain)?.len(), std::fs::metadata(&sealed)?.len());

    client.unseal(File::open(&sealed)?, BufWriter::new(File::create(&opened)?)).send()?;
    assert_eq!(std::fs::read(&plain)?, std::fs::read(&opened)?);

    // What was changed or cut is found out.
    let mut changed = std::fs::read(&sealed)?;
    changed.truncate(changed.len() - 1000);
    println!("{}", client.unseal(&*changed, std::io::sink()).send().unwrap_err());
    Ok(())
}
