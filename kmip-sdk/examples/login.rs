//! Logs in with a password that holds once, goes on with the ticket that the server gives for it, and gives the ticket back. In
//! front of the embedded server, which knows users and tickets, stands what checks one-time passwords.
#![allow(clippy::print_stdout, clippy::unwrap_used)] // An example prints, and shows failures.

use std::sync::Mutex;
use std::time::Duration;

use kmip_sdk::server::Server;
use kmip_sdk::types::enumerations::ResultReason;
use kmip_sdk::types::message::{
    Credential, CredentialValue, Message, RequestMessage, ResponseBatchItem, ResponseHeader, ResponseMessage,
};
use kmip_sdk::types::{DateTime, ProtocolVersion};
use kmip_sdk::{Client, Service};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let passwords = Mutex::new(vec!["483920".to_owned(), "118274".to_owned()]);
    let service = OneTimePasswords { passwords, server: Server::default() };
    let client = Client::builder().service(service).version(ProtocolVersion::V2_1).build()?;

    let once = Credential::one_time_password("alice", "483920");
    let ticket = client.login().lease_time(Duration::from_secs(600)).credential(once.clone()).send()?.ticket;
    println!("a ticket of the kind {}", ticket.ticket_type);
    println!("the password again: {}", client.login().credential(once).send().unwrap_err());

    let alice = client.with_credential(ticket.clone());
    let key = alice.create_aes(256).activated().send()?;
    println!("alice made {}", key.unique_identifier);
    alice.logout(ticket).send()?;
    println!("after logging out: {}", alice.locate().send().unwrap_err());
    Ok(())
}

/// Checks one-time passwords, each of which is good once, and says to the server whose request it is.
struct OneTimePasswords {
    passwords: Mutex<Vec<String>>,
    server: Server,
}

impl Service for OneTimePasswords {
    fn exchange(&self, request: &[u8]) -> Vec<u8> {
        let Ok(mut message) = RequestMessage::from_ttlv(request) else { return self.server.handle(request) };
        let credentials = message.request_header.authentication.as_ref().map(|all| all.credential.as_slice());
        let Some([Credential { credential_value: CredentialValue::OneTimePassword(credential), .. }]) =
            credentials
        else {
            return self.server.handle(request);
        };
        let user = credential.username.clone();
        let mut passwords = self.passwords.lock().unwrap();
        let known = passwords.iter().position(|one| one == credential.one_time_password.reveal());
        match known {
            Some(known) => {
                passwords.remove(known);
                message.request_header.authentication = None;
                self.server.handle_as(&user, &message.to_ttlv().unwrap())
            }
            None => {
                let reason = ResultReason::AuthenticationNotSuccessful;
                let item = ResponseBatchItem::failure(None, reason, "no such password");
                let header = ResponseHeader::new(message.request_header.protocol_version, DateTime::now(), 1);
                ResponseMessage { response_header: header, batch_item: vec![item] }.to_ttlv().unwrap()
            }
        }
    }
}
