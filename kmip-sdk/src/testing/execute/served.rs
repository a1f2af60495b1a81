//! The server that test cases need, where the standard leaves a server the choice.

use kmip_types::enumerations::{Operation, ResultStatus};
use kmip_types::message::DeviceCredential;
use kmip_types::{Item, Tag};

use super::{Execution, Family};
use crate::server::{Later, Server, ServerOptions, TestClock};

impl Family {
    /// A server's options with what the cases take for granted: that it knows who asks, and that it answers later what they
    /// say is answered later.
    #[must_use]
    pub fn options(&self, options: ServerOptions) -> ServerOptions {
        let messages =
            || self.cases.iter().flat_map(|case| case.case.messages()).map(|message| message.item());
        let with_users = messages().flat_map(Item::walk).fold(options, credentials);
        messages().flat_map(|message| message.children(Tag::BATCH_ITEM)).fold(with_users, answered_later)
    }
}

impl<'a> Execution<'a> {
    /// None yet, against a server whose clock this is; it is moved where a case lets time pass.
    pub fn served(server: &'a Server, clock: &'a TestClock) -> Self {
        Self::at(server, clock.now()).clock(|date| clock.set(date))
    }
}

/// Who asks is somebody whom the server knows (KMIP 1.4 section 2.1.2).
fn credentials(options: ServerOptions, item: &Item) -> ServerOptions {
    if item.tag != Tag::CREDENTIAL_VALUE {
        return options;
    }
    let text = |tag| item.children(tag).next().and_then(Item::as_text).map(str::to_owned);
    match (text(Tag::USERNAME), text(Tag::PASSWORD), text(Tag::DEVICE_SERIAL_NUMBER)) {
        (Some(name), Some(password), _) => options.user(name, &password),
        (None, password, Some(number)) => {
            let device = DeviceCredential {
                device_serial_number: Some(number.clone()),
                password: password.map(Into::into),
                device_identifier: text(Tag::DEVICE_IDENTIFIER),
                network_identifier: text(Tag::NETWORK_IDENTIFIER),
                machine_identifier: text(Tag::MACHINE_IDENTIFIER),
                media_identifier: text(Tag::MEDIA_IDENTIFIER),
            };
            options.device(number, device)
        }
        _ => options,
    }
}

/// What a client can take later, the server may answer at once or later (KMIP 1.4 section 6.7): as the case has it.
fn answered_later(options: ServerOptions, item: &Item) -> ServerOptions {
    let value = |tag| item.children(tag).next().and_then(Item::as_enumeration);
    match value(Tag::OPERATION) {
        Some(operation) if value(Tag::RESULT_STATUS) == Some(ResultStatus::OperationPending.value()) => {
            options.later(Operation::from(operation), Later::Polls(1))
        }
        _ => options,
    }
}
