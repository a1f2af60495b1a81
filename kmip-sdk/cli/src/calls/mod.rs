//! Calls: a subcommand for each operation, which parses flags, calls the verb of the library, and prints what it yields.

pub(crate) mod any;
pub(crate) mod attributes;
pub(crate) mod certificates;
pub(crate) mod cryptography;
pub(crate) mod lives;
pub(crate) mod new;
pub(crate) mod objects;
pub(crate) mod progress;
pub(crate) mod server;
pub(crate) mod sessions;
mod show;
mod trace;
pub(crate) mod values;

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use clap::{Args, ValueEnum};
use kmip_sdk::types::ttlv::Encode;
use kmip_sdk::types::{EncodeError, Item, Tag, item};
use kmip_sdk::{Client, Direction, ProtocolVersion};
use zeroize::Zeroizing;

use crate::connection::Connection;
use crate::failure::Failure;
use crate::output::Output;
pub(crate) use show::{is_watched, table, width};

/// A call: what it asks for, where, and how that is shown.
#[derive(Debug, Args)]
pub(crate) struct Call<V: Args> {
    #[command(flatten)]
    verb: V,
    #[command(flatten)]
    printing: Printing,
    #[command(flatten)]
    connection: Connection,
}

/// What is shown of a call.
#[derive(Debug, Args)]
#[command(next_help_heading = "Printing")]
pub(crate) struct Printing {
    /// How to show the answer
    #[arg(long, value_name = "FORM", default_value = "table")]
    pub(crate) output: Form,
    /// Show secrets, too
    #[arg(long)]
    pub(crate) reveal: bool,
    /// Send nothing, and print the request
    #[arg(long, env = "KMIP_DRY_RUN", hide_env = true)]
    pub(crate) dry_run: bool,
    /// Show all messages of the call on the standard error
    #[arg(long)]
    pub(crate) trace: bool,
}

/// How an answer is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For people: a line for each value
    Table,
    /// The standard's JSON of the response's payload, in the form of KMIP 2.1
    Json,
    /// The standard's XML of it
    Xml,
    /// A tree of it
    Text,
    /// The Unique Identifiers in it, a line each
    Id,
}

/// What a subcommand asks for.
pub(crate) trait Verb {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure>;
}

/// The client, and where what it yields is shown.
pub(crate) struct At<'a> {
    pub(crate) client: &'a Client,
    pub(crate) printing: &'a Printing,
    pub(crate) output: &'a mut Output,
    answered: &'a Mutex<Zeroizing<Vec<u8>>>,
}

impl<V: Args + Verb> Call<V> {
    pub(crate) fn run(&self, output: &mut Output) -> Result<ExitCode, Failure> {
        let settings = self.connection.settings()?;
        let mut builder = settings.builder()?;
        let request = Arc::new(Mutex::new(Zeroizing::new(Vec::new())));
        if self.printing.dry_run {
            let request = Arc::clone(&request);
            // No answer at all ends the call.
            let keep = move |message: &[u8]| {
                *request.lock().unwrap_or_else(PoisonError::into_inner) = Zeroizing::new(message.to_vec());
                Vec::new()
            };
            builder = builder.service(keep).version(settings.version()?.unwrap_or(ProtocolVersion::NEWEST));
        }
        let answered = Arc::new(Mutex::new(Zeroizing::new(Vec::new())));
        let last = Arc::clone(&answered);
        let traced = self.printing.trace.then(|| trace::observer(self.printing.reveal));
        let client = builder
            .observer(move |direction, message| {
                if direction == Direction::Response {
                    *last.lock().unwrap_or_else(PoisonError::into_inner) = Zeroizing::new(message.to_vec());
                }
                if let Some(traced) = &traced {
                    traced(direction, message);
                }
            })
            .build()?;
        let mut at = At { client: &client, printing: &self.printing, output, answered: &answered };
        let ended = self.verb.run(&mut at);
        let request = request.lock().unwrap_or_else(PoisonError::into_inner);
        match request.is_empty() {
            true => ended?,
            false => {
                output.collect();
                show::request(&request, &self.printing, output)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl At<'_> {
    /// Shows the payload of a response.
    pub(crate) fn answer<R: Encode>(&mut self, response: &R) -> Result<(), Failure> {
        let payload = in_newest(response).or_else(|error| self.as_it_came().ok_or(error));
        let payload = Zeroizing::new(
            payload.map_err(|error| Failure::Faulty(format!("the answer cannot be shown: {error}")))?,
        );
        show::payload(&payload, self.printing, self.output)
    }

    /// The payload of the last answer, if it is of a single operation: for what was tolerated in it, and has no form in any
    /// version.
    fn as_it_came(&self) -> Option<Item> {
        let answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        let message = Zeroizing::new(Item::from_ttlv(&answered).ok()?);
        let mut items = message.children(Tag::BATCH_ITEM);
        let (item, None) = (items.next()?, items.next()) else { return None };
        item.children(Tag::RESPONSE_PAYLOAD).next().cloned()
    }

    /// Shows a value that stands for a payload.
    pub(crate) fn item(&mut self, fields: Vec<Item>) -> Result<(), Failure> {
        let payload = Zeroizing::new(Item::structure(Tag::RESPONSE_PAYLOAD, fields));
        show::payload(&payload, self.printing, self.output)
    }

    /// Shows bytes: in a form of the standard under their tag, or as they are, or as text of them.
    pub(crate) fn bytes(
        &mut self,
        tag: Tag,
        bytes: &[u8],
        form: Option<values::BytesForm>,
    ) -> Result<(), Failure> {
        if matches!(self.printing.output, Form::Json | Form::Xml | Form::Text) {
            return self.item(vec![Item::byte_string(tag, bytes)]);
        }
        show::bytes(bytes, form, self.output);
        Ok(())
    }
}

/// In the newest version that has a form for it, so that scripts meet one form whatever the server speaks.
fn in_newest<R: Encode>(response: &R) -> Result<Item, EncodeError> {
    let mut versions = ProtocolVersion::ALL.iter().rev();
    let written = |version: &ProtocolVersion| item::to_item(Tag::RESPONSE_PAYLOAD, response, *version);
    let first = versions.next().map_or_else(|| written(&ProtocolVersion::NEWEST), written);
    versions.fold(first, |found, version| found.or_else(|error| written(version).map_err(|_| error)))
}

/// A family of subcommands: each with what it asks for.
macro_rules! family {
    ($(#[$doc:meta])* $family:ident { $( $(#[$variant_doc:meta])* $variant:ident($verb:ty), )* }) => {
        $(#[$doc])*
        #[derive(Debug, clap::Subcommand)]
        pub(crate) enum $family {
            $( $(#[$variant_doc])* $variant(Box<$crate::calls::Call<$verb>>), )*
        }

        impl $family {
            pub(crate) fn run(
                &self,
                output: &mut $crate::output::Output,
            ) -> Result<std::process::ExitCode, $crate::failure::Failure> {
                match self {
                    $(Self::$variant(call) => call.run(output),)*
                }
            }
        }
    };
}

/// Subcommands of which each wants an object, and nothing else.
macro_rules! on_objects {
    ($($name:ident: $verb:ident),* $(,)?) => { $(
        #[derive(Debug, clap::Args)]
        pub(crate) struct $name {
            /// The Unique Identifier of the object
            #[arg(value_name = "ID")]
            id: String,
        }

        impl $crate::calls::Verb for $name {
            fn run(&self, at: &mut $crate::calls::At<'_>) -> Result<(), $crate::failure::Failure> {
                let response = at.client.$verb(&self.id).send()?;
                at.answer(&response)
            }
        }
    )* };
}

pub(crate) use {family, on_objects};
