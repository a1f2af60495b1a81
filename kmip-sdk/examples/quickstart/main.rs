//! Typed KMIP requests over TLS to an embedded server, each printed as JSON TTLV with its response.
//!
//! `cargo run --example quickstart` prints test case AKLC-M-1-21 of the standard's profiles, and a batch of two
//! operations. `$NOW` stands for the dates, `$UNIQUE_IDENTIFIER_0` and so on for the identifiers that the server
//! gives.

#![allow(clippy::print_stdout, reason = "the example is there to print")]

mod scenario;

use std::error::Error;

use kmip_sdk::server::EmbeddedServer;

fn main() -> Result<(), Box<dyn Error>> {
    let server = EmbeddedServer::start()?;
    for exchange in scenario::run(&server)? {
        println!("# {}", exchange.title);
        println!("\nRequest:\n{}", exchange.request);
        println!("\nResponse:\n{}\n", exchange.response);
    }
    Ok(())
}
