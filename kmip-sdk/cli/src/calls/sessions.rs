//! Subcommands about sessions: tickets, roles.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use kmip_sdk::types::enumerations::EndpointRole;
use kmip_sdk::types::message::Ticket;
use kmip_sdk::types::operation::Rights;

use super::{At, Verb, family, values};
use crate::failure::Failure;

family! {
    /// What is about sessions.
    Sessions {
        /// Get a ticket
        #[command(after_help = "Examples:\n  kmip login --lease-time 1h --output json --reveal")]
        Login(Login),
        /// Give a ticket back
        #[command(after_help = "Examples:\n  kmip logout --ticket ticket.json")]
        Logout(Logout),
        /// Get a ticket for another client
        #[command(after_help = "Examples:\n  kmip delegated-login --rights rights.json --lease-time 1h")]
        DelegatedLogin(DelegatedLogin),
        /// Say which role the client has on the connection
        #[command(after_help = "Examples:\n  kmip set-endpoint-role client")]
        SetEndpointRole(SetEndpointRole),
    }
}

#[derive(Debug, Args)]
pub(crate) struct Login {
    /// How long the ticket is to be good
    #[arg(long, value_name = "TIME", value_parser = values::span)]
    lease_time: Option<Duration>,
    /// For how many requests
    #[arg(long, value_name = "COUNT")]
    request_count: Option<u32>,
}

impl Verb for Login {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let mut call = at.client.login();
        call = self.lease_time.into_iter().fold(call, |call, value| call.lease_time(value));
        call = self.request_count.into_iter().fold(call, |call, value| call.request_count(value));
        let response = call.send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Logout {
    /// The file with the Ticket, in JSON or XML
    #[arg(long, value_name = "FILE")]
    ticket: PathBuf,
}

impl Verb for Logout {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let ticket: Ticket = values::structure(&self.ticket)?;
        let response = at.client.logout(ticket).send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
pub(crate) struct DelegatedLogin {
    /// The file with the Rights, in JSON or XML
    #[arg(long, value_name = "FILE")]
    rights: PathBuf,
    /// How long the ticket is to be good
    #[arg(long, value_name = "TIME", value_parser = values::span)]
    lease_time: Option<Duration>,
    /// For how many requests
    #[arg(long, value_name = "COUNT")]
    request_count: Option<u32>,
}

impl Verb for DelegatedLogin {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let rights: Rights = values::structure(&self.rights)?;
        let mut call = at.client.delegated_login(rights);
        call = self.lease_time.into_iter().fold(call, |call, value| call.lease_time(value));
        call = self.request_count.into_iter().fold(call, |call, value| call.request_count(value));
        let response = call.send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
pub(crate) struct SetEndpointRole {
    /// The role: client or server
    #[arg(value_name = "ROLE", value_parser = values::named::<EndpointRole>)]
    role: EndpointRole,
}

impl Verb for SetEndpointRole {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let response = at.client.set_endpoint_role(self.role).send()?;
        at.answer(&response)
    }
}
