//! A test of an application's own handling of errors: the server refuses, is silent or answers nonsense when it is told to, and
//! the application does what it is meant to.
#![allow(clippy::print_stdout)] // An example prints.

use kmip_sdk::server::layer::Fault;
use kmip_sdk::server::{EmbeddedServer, ServerOptions, StartError};
use kmip_sdk::types::enumerations::{Operation, ResultReason};
use kmip_sdk::{Client, Error, RetryPolicy};

/// The application: it makes a key for an order, and says what came of it.
fn key_for(client: &Client, order: &str) -> &'static str {
    match client.create_aes(256).name(order).send() {
        Ok(_) => "made",
        Err(error) if is_full(&error) => "kept for later",
        // It may be there: looking is right, and making another is not.
        Err(error) if error.is_outcome_unknown() => match client.locate().name(order).send() {
            Ok(found) if !found.unique_identifier.is_empty() => "made, and not done again",
            Ok(_) => "not made",
            Err(_) => "nobody knows",
        },
        Err(_) => "unreadable",
    }
}

fn is_full(error: &Error) -> bool {
    let refused = error.server().and_then(|failure| failure.result_reason);
    refused == Some(ResultReason::ServerLimitExceeded)
}

/// A client of a server that has a fault.
fn with(fault: Fault) -> Result<(EmbeddedServer, Client), Box<dyn std::error::Error>> {
    let options = ServerOptions::default().deterministic(1).layer(fault.of(Operation::Create));
    let server: Result<_, StartError> = EmbeddedServer::start_with(options);
    let server = server?;
    let client = Client::builder()
        .embedded(&server)
        .retries(RetryPolicy { attempts: 1, ..RetryPolicy::default() })
        .connect()?;
    Ok((server, client))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The second key is one too many.
    let (_server, client) = with(Fault::fail_nth(2, ResultReason::ServerLimitExceeded))?;
    assert_eq!(key_for(&client, "order 1"), "made");
    println!("a server that is full: {}", key_for(&client, "order 2"));

    // The key is made, and the connection ends before the answer; or it ends before anything is done.
    let (_server, client) = with(Fault::drop_after().nth(1))?;
    println!("a connection that was lost: {}", key_for(&client, "order 1"));
    let (_server, client) = with(Fault::drop_before().nth(1))?;
    assert_eq!(key_for(&client, "order 1"), "not made");

    // The answer is no message.
    let (_server, client) = with(Fault::garbage("HTTP/1.1 502 Bad Gateway"))?;
    let answer = match key_for(&client, "order 1") {
        "not made" => "unreadable, so nothing is taken for granted",
        other => other,
    };
    println!("an answer that is garbage: {answer}");
    Ok(())
}
