//! `kmip call`: any operation, with the payload of its request in JSON or XML.

use std::path::PathBuf;

use clap::Args;
use kmip_sdk::types::Tag;
use kmip_sdk::types::enumerations::Operation;

use super::{At, Verb, values};
use crate::failure::Failure;

#[derive(Debug, Args)]
#[command(
    after_help = "The payload is a RequestPayload in the standard's JSON or XML, or the list of\nits fields in JSON. Names may be spelled in any way. An empty file is an empty\npayload.\n\nExamples:\n  kmip call Get payload.json\n  cat payload.json | kmip call Destroy -\n  kmip call Ping /dev/null"
)]
pub(crate) struct Any {
    /// The operation
    #[arg(value_name = "OPERATION", value_parser = values::named::<Operation>)]
    operation: Operation,
    /// The file with the payload, or - for the standard input
    #[arg(value_name = "FILE", default_value = "-")]
    payload: PathBuf,
}

impl Verb for Any {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let payload = values::item(&self.payload, Tag::REQUEST_PAYLOAD)?;
        match at.client.call_any(self.operation, &payload).send()? {
            Some(response) => at.answer(&response),
            None => Ok(()),
        }
    }
}
