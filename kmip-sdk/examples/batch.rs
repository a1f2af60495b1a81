//! Several requests in one message: a tuple with a result for each, of which one fails; and a batch in which later requests
//! are for the object of an earlier one, by the ID Placeholder.
#![allow(clippy::print_stdout, clippy::unwrap_used)] // An example prints, and shows failures.

use kmip_sdk::server::EmbeddedServer;
use kmip_sdk::types::enumerations::BatchErrorContinuationOption::{Continue, Undo};
use kmip_sdk::types::operation::{ActivateRequest, GetAttributesRequest, GetRequest};
use kmip_sdk::{Batch, Client};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = EmbeddedServer::start()?;
    let client = Client::builder().embedded(&server).connect()?;

    let requests = (
        client.create_aes(128).into_request(),
        GetRequest::new("nobody"),
        client.create_aes(256).into_request(),
    );
    let (first, missing, second) = client.call_batch(requests).continuation(Continue).send()?;
    println!("{} and {}", first?.unique_identifier, second?.unique_identifier);
    println!("not found: {}", missing.unwrap_err().is_not_found());

    let mut batch = Batch::new();
    let created = batch.add(client.create_aes(256).name("orders").into_request());
    let key = created.id_placeholder();
    let activated = batch.add_for(key, ActivateRequest::default());
    let attributes = batch.add_for(key, GetAttributesRequest::default());
    let mut results = client.call_batch(batch).send()?;
    results.take(activated)?;
    println!(
        "{} is {:?}",
        results.take(created)?.unique_identifier,
        results.take(attributes)?.attributes.state()
    );

    // What was done before the failure is undone.
    let requests = (client.create_aes(256).name("other").into_request(), GetRequest::new("nobody"));
    let (undone, failed) = client.call_batch(requests).continuation(Undo).order(true).send()?;
    println!("not done: {}, as {}", undone.unwrap_err().is_not_done(), failed.unwrap_err());
    Ok(())
}
