//! Where a test case needs a server of its own kind, and where no server can do as it says: each with its reason.

use kmip_sdk::server::{GroupDefault, Later, SeedUse, ServerOptions};
use kmip_sdk::testing::execute::Family;
use kmip_types::enumerations::{Operation, ResultStatus};
use kmip_types::message::DeviceCredential;
use kmip_types::{Item, Tag};

/// What the cases of a family make of the server's options, where the standard leaves the server a choice.
pub(super) fn options(family: &Family, options: ServerOptions) -> ServerOptions {
    let options = match family.name() {
        // The server may use a part of a seed, none of it, or refuse it (KMIP 1.4 section 4.36).
        name if name.starts_with("CS-RNG-O-2-") => options.seed_use(SeedUse::AtMost(16)),
        name if name.starts_with("CS-RNG-O-3-") => options.seed_use(SeedUse::Ignored),
        name if name.starts_with("CS-RNG-O-4-") => options.seed_use(SeedUse::Denied),
        // Which object of a group is its default is the server's to say (KMIP 1.4 section 4.9).
        name if name.starts_with("TC-153-") => options.group_default(GroupDefault::ByTurns),
        // That an object is not for who asks may be said or not (KMIP 1.4 section 11.1).
        name if name.starts_with("TC-111-") || name.starts_with("TC-112-") => options.tell_denials(true),
        _ => options,
    };
    let messages = || family.cases.iter().flat_map(|case| case.case.messages()).map(|message| message.item());
    let with_users = messages().flat_map(Item::walk).fold(options, credentials);
    messages().flat_map(|message| message.children(Tag::BATCH_ITEM)).fold(with_users, answered_later)
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

/// Why a case cannot be executed whole as it stands.
pub(super) fn reason(case: &str) -> Option<&'static str> {
    let means = |name: &str| match name.split_once('*') {
        Some((start, end)) => case.starts_with(start) && case.ends_with(end),
        None => case == name,
    };
    REVIEWED.iter().find(|(name, _)| means(name)).map(|(_, reason)| *reason)
}

/// The cases, by their names; a star stands for the versions of one, or for the numbers of several.
const REVIEWED: [(&str, &str); 11] = [
    (
        "OMOS-O-1-14",
        "asks in KMIP 1.4 and wants an answer whose header says 1.3, which is an answer to no such request",
    ),
    (
        "TC-NP-1-*",
        "the server is to push to the client what happens, unasked and without a way to say where to",
    ),
    (
        "TC-NP-2-*",
        "the server is to push to the client what happens, unasked and without a way to say where to",
    ),
    ("TC-Q-S2C-1-*", "is what a client answers that a server asks"),
    ("TC-Q-CAP-1-*", "has what one server says of its own capabilities"),
    (
        "TC-Q-PROF-1-*",
        "has the profiles of one server, one for tape libraries, which no permitted variation is",
    ),
    (
        "TC-SJ-*-12",
        "wants no Object Type of Create Split Key and Join Split Key, whose answers have one in KMIP 1.2 (sections 4.38 and 4.39)",
    ),
    (
        "TC-142-12",
        "wants a key wrapped without encoding that is asked for with an attribute inside, which takes the TTLV encoding",
    ),
    (
        "TC-ECC-2-12",
        "registers a private key that is encrypted with a password nobody says and wants it decrypted, in another format",
    ),
    ("TC-Q-RNGS-1-*", "has the generators of random numbers of one server, which no permitted variation is"),
    ("TC-151-*", "wants a fresh object of the group default that nobody made"),
];
