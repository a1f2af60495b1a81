//! The async client: 64 tasks share one client and its 4 connections.
#![allow(clippy::print_stdout)] // An example prints.

use kmip_sdk::PoolOptions;
use kmip_sdk::server::EmbeddedServer;
use kmip_sdk::tokio::Client;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = EmbeddedServer::start()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let pool = PoolOptions { maximum: 4, ..PoolOptions::default() };
        let client = Client::builder().embedded(&server).pool(pool).connect().await?;
        let key = client.create_aes(256).activated().await?.unique_identifier;
        let tasks: Vec<_> = (0..64)
            .map(|number| {
                let (client, key) = (client.clone(), key.clone());
                tokio::spawn(async move {
                    let encrypted = client.encrypt(&key, format!("message {number}")).aes_gcm().await?;
                    client.decrypt(&encrypted).await
                })
            })
            .collect();
        for task in tasks {
            println!("{}", String::from_utf8_lossy(task.await??.reveal()));
        }
        println!("over {} connections", client.status().opened());
        Ok(())
    })
}
