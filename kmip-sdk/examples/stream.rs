//! Encrypts and decrypts a file of any size in bounded memory: `cargo run --release --example stream -- 1024` takes one of
//! 1 GiB, without a number one of 16 MiB.
#![allow(clippy::print_stdout)] // An example prints.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::ops::ControlFlow;

use kmip_sdk::Client;
use kmip_sdk::server::EmbeddedServer;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let megabytes: u64 = std::env::args().nth(1).map_or(Ok(16), |number| number.parse())?;
    let folder = tempfile::tempdir()?;
    let [plain, encrypted_file, decrypted] =
        ["plain", "encrypted", "decrypted"].map(|name| folder.path().join(name));
    std::io::copy(&mut std::io::repeat(7).take(megabytes << 20), &mut File::create(&plain)?)?;

    let server = EmbeddedServer::start()?;
    let client = Client::builder().embedded(&server).connect()?;
    let key = client.create_aes(256).activated().send()?;
    let mut tenth = 0;
    let progress = move |bytes: u64| {
        if bytes * 10 / (megabytes << 20) > tenth {
            tenth = bytes * 10 / (megabytes << 20);
            println!("{tenth}0 %");
        }
        ControlFlow::Continue(())
    };
    let call =
        client.encrypt_stream(&key, File::open(&plain)?, BufWriter::new(File::create(&encrypted_file)?));
    let encrypted = call.part_size(256 << 10).aes_gcm().progress(progress).send()?;

    let mut writer = BufWriter::new(File::create(&decrypted)?);
    client
        .decrypt_stream(&encrypted, File::open(&encrypted_file)?, &mut writer)
        .part_size(256 << 10)
        .send()?;
    writer.flush()?;
    println!("{} bytes, most memory {}", std::fs::metadata(&decrypted)?.len(), memory());
    Ok(())
}

/// The most memory that the process had, where the system says so.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.map_or("unknown".to_owned(), |peak| peak.trim().to_owned())
}
