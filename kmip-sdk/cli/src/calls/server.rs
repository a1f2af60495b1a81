//! Subcommands about the server.

use std::path::PathBuf;

use clap::Args;
use kmip_sdk::types::enumerations::{InteropFunction, Operation, QueryFunction};
use kmip_sdk::types::operation::{
    AsynchronousCorrelationValues, Constraints, DefaultsInformation, Operations,
};

use super::values::Bytes;
use super::{At, Verb, family, values};
use crate::failure::Failure;

family! {
    /// What is about the server.
    Serving {
        /// Ask what the server has
        #[command(after_help = "Examples:\n  kmip query\n  kmip query query-profiles query-server-information --output json")]
        Query(Query),
        /// Ask which versions of KMIP the server has
        #[command(after_help = "Examples:\n  kmip discover-versions")]
        DiscoverVersions(DiscoverVersions),
        /// See whether the server is there. Since KMIP 2.1
        #[command(after_help = "Examples:\n  kmip ping")]
        Ping(Ping),
        /// Write a message to the server's log. Since KMIP 2.0
        #[command(after_help = "Examples:\n  kmip log 'nightly rotation begins'")]
        Log(Log),
        /// Tell a server under test where a test case begins or ends. Since KMIP 2.0
        #[command(after_help = "Examples:\n  kmip interop begin TC-101")]
        Interop(Interop),
        /// Ask which operations the server answers later
        #[command(after_help = "Examples:\n  kmip query-asynchronous-requests\n  kmip query-asynchronous-requests --operation create")]
        QueryAsynchronousRequests(QueryAsynchronousRequests),
        /// Ask for what the server answers later
        #[command(after_help = "Examples:\n  kmip poll 0011aabb")]
        Poll(Poll),
        /// Have an operation that is answered later done now
        #[command(after_help = "Examples:\n  kmip process 0011aabb")]
        Process(Process),
        /// Give up an operation that is answered later
        #[command(after_help = "Examples:\n  kmip cancel 0011aabb")]
        Cancel(Cancel),
        /// Say which attributes new objects get unasked. Since KMIP 2.0
        #[command(after_help = "Examples:\n  kmip set-defaults --defaults defaults.json\n  kmip set-defaults")]
        SetDefaults(SetDefaults),
        /// Say what new objects may be. Since KMIP 2.0
        #[command(after_help = "Examples:\n  kmip set-constraints --constraints constraints.json")]
        SetConstraints(SetConstraints),
        /// Ask what new objects may be. Since KMIP 2.0
        #[command(after_help = "Examples:\n  kmip get-constraints")]
        GetConstraints(GetConstraints),
    }
}

#[derive(Debug, Args)]
pub(crate) struct Query {
    /// What to ask for; all that the version has, if nothing is named
    #[arg(value_name = "FUNCTION", value_parser = values::named::<QueryFunction>)]
    functions: Vec<QueryFunction>,
}

impl Verb for Query {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let response = at.client.query().functions(self.functions.iter().copied()).send()?;
        at.answer(&response)
    }
}

/// Subcommands that want nothing.
macro_rules! plain {
    ($($name:ident: $verb:ident),* $(,)?) => { $(
        #[derive(Debug, Args)]
        pub(crate) struct $name {}

        impl Verb for $name {
            fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
                let response = at.client.$verb().send()?;
                at.answer(&response)
            }
        }
    )* };
}

plain! { DiscoverVersions: discover_versions, Ping: ping, GetConstraints: get_constraints }

#[derive(Debug, Args)]
pub(crate) struct Log {
    /// The message
    #[arg(value_name = "TEXT")]
    message: String,
}

impl Verb for Log {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let response = at.client.log(&self.message).send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Interop {
    /// Whether the case begins, ends, or the server is reset
    #[arg(value_name = "FUNCTION", value_parser = values::named::<InteropFunction>)]
    function: InteropFunction,
    /// The name of the case
    #[arg(value_name = "CASE")]
    case: String,
}

impl Verb for Interop {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let response = at.client.interop(self.function, &self.case).send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
pub(crate) struct QueryAsynchronousRequests {
    /// The Asynchronous Correlation Values to ask about, in hex
    #[arg(value_name = "HEX", value_parser = values::hex)]
    values: Vec<Bytes>,
    /// The operations to ask about
    #[arg(long, value_name = "OPERATION", value_parser = values::named::<Operation>)]
    operation: Vec<Operation>,
}

impl Verb for QueryAsynchronousRequests {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let mut call = at.client.query_asynchronous_requests();
        if !self.values.is_empty() {
            let asked = self.values.iter().map(|value| value.0.clone());
            call = call.asynchronous_correlation_values(AsynchronousCorrelationValues::from(asked));
        }
        if !self.operation.is_empty() {
            call = call.operations(Operations::from(self.operation.iter().copied()));
        }
        let response = call.send()?;
        at.answer(&response)
    }
}

/// Subcommands about what is answered later.
macro_rules! later {
    ($($name:ident: $verb:ident),* $(,)?) => { $(
        #[derive(Debug, Args)]
        pub(crate) struct $name {
            /// The Asynchronous Correlation Value, in hex
            #[arg(value_name = "HEX", value_parser = values::hex)]
            value: Bytes,
        }

        impl Verb for $name {
            fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
                let response = at.client.$verb(self.value.clone()).send()?;
                at.answer(&response)
            }
        }
    )* };
}

later! { Process: process, Cancel: cancel }

#[derive(Debug, Args)]
pub(crate) struct Poll {
    /// The Asynchronous Correlation Value, in hex
    #[arg(value_name = "HEX", value_parser = values::hex)]
    value: Bytes,
}

impl Verb for Poll {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        // What answers it is the response of another operation.
        let value = kmip_sdk::types::Item::byte_string(
            kmip_sdk::Tag::ASYNCHRONOUS_CORRELATION_VALUE,
            self.value.0.clone(),
        );
        let payload = kmip_sdk::types::Item::structure(kmip_sdk::Tag::REQUEST_PAYLOAD, vec![value]);
        match at.client.call_any(Operation::Poll, &payload).send()? {
            Some(response) => at.answer(&response),
            None => Ok(()),
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct SetDefaults {
    /// The file with the Defaults Information, in JSON or XML; without it, there are none any more
    #[arg(long, value_name = "FILE")]
    defaults: Option<PathBuf>,
}

impl Verb for SetDefaults {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let mut call = at.client.set_defaults();
        if let Some(path) = &self.defaults {
            call = call.defaults_information(values::structure::<DefaultsInformation>(path)?);
        }
        let response = call.send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
pub(crate) struct SetConstraints {
    /// The file with the Constraints, in JSON or XML
    #[arg(long, value_name = "FILE")]
    constraints: PathBuf,
}

impl Verb for SetConstraints {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let constraints: Constraints = values::structure(&self.constraints)?;
        let response = at.client.set_constraints(constraints).send()?;
        at.answer(&response)
    }
}
