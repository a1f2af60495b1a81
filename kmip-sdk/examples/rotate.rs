//! Rotates a key and encrypts anew what was under the old one: Re-key, the latest by name and by links, progress.
#![allow(clippy::print_stdout)] // An example prints.

use std::ops::ControlFlow;
use std::time::Duration;

use kmip_sdk::server::EmbeddedServer;
use kmip_sdk::{Client, Encrypted};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = EmbeddedServer::start()?;
    let client = Client::builder().embedded(&server).connect()?;
    let first = client.create_aes(256).name("orders").activated().send()?;
    let mut stored = Vec::new();
    for order in 0..5 {
        stored.push(client.encrypt(&first, format!("order {order}")).aes_gcm().send()?);
    }

    // The new key is active at once, and has the name from now on.
    let second = client.re_key(&first).offset(Duration::ZERO).send()?;
    assert_eq!(client.locate().name("orders").newest().send()?, Some(second.unique_identifier.clone()));
    assert_eq!(client.latest(&first).send()?, second.unique_identifier);

    let mut anew: Vec<Encrypted> = Vec::new();
    let take = |done: usize, encrypted| {
        println!("{} of 5", done + 1);
        anew.push(encrypted);
        ControlFlow::Continue(())
    };
    client.re_encrypt_each(stored, &second, take).send()?;
    for encrypted in &anew {
        println!("{}", String::from_utf8_lossy(client.decrypt(encrypted).send()?.reveal()));
    }
    Ok(())
}
