//! Subcommands about the lives of objects.

use clap::Args;
use kmip_sdk::types::DateTime;
use kmip_sdk::types::enumerations::RevocationReasonCode;

use super::{At, Verb, family, on_objects, values};
use crate::failure::Failure;

family! {
    /// What is about the lives of objects.
    Living {
        /// Let an object be used
        #[command(after_help = "Examples:\n  kmip activate KEY")]
        Activate(Activate),
        /// End the use of an object
        #[command(after_help = "Examples:\n  kmip revoke KEY\n  kmip revoke KEY --reason key-compromise --compromised-at now")]
        Revoke(Revoke),
        /// Delete the material of an object, for good
        #[command(after_help = "Examples:\n  kmip destroy KEY")]
        Destroy(Destroy),
        /// Let an object be moved to an archive
        #[command(after_help = "Examples:\n  kmip archive KEY")]
        Archive(Archive),
        /// Have an object brought back from an archive
        #[command(after_help = "Examples:\n  kmip recover KEY")]
        Recover(Recover),
    }
}

on_objects! { Activate: activate, Destroy: destroy, Archive: archive, Recover: recover }

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// The Unique Identifier of the object
    #[arg(value_name = "ID")]
    id: String,
    /// Why
    #[arg(long, value_name = "REASON", default_value = "cessation-of-operation", value_parser = values::named::<RevocationReasonCode>)]
    reason: RevocationReasonCode,
    /// More about the reason, in words
    #[arg(long, value_name = "TEXT")]
    message: Option<String>,
    /// When it is believed to have been compromised first, which servers require of a compromise
    #[arg(long, value_name = "DATE", value_parser = values::date)]
    compromised_at: Option<DateTime>,
}

impl Verb for Revoke {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let mut call = at.client.revoke(&self.id, self.reason);
        call = self.message.iter().fold(call, |call, message| call.message(message));
        call = self.compromised_at.into_iter().fold(call, |call, value| call.compromised_at(value));
        let response = call.send()?;
        at.answer(&response)
    }
}
