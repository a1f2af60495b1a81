//! What the remarks of a test case say: whose a request is.

use kmip_types::case::CaseMessage;
use kmip_types::enumerations::Operation;

use super::operations;

/// Who sends a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sender {
    /// A client, by its number.
    Client(usize),
    /// The server, which asks the client.
    Server,
}

impl Default for Sender {
    fn default() -> Self {
        Self::Client(0)
    }
}

impl Sender {
    /// Who the remarks before a request say that it is, if they do, or its operations, which are only a server's.
    pub(super) fn of(request: &CaseMessage) -> Option<Self> {
        let pushes = |operation: Option<u32>| {
            [Operation::Notify, Operation::Put].iter().any(|push| operation == Some(push.value()))
        };
        if operations(request.item()).any(pushes) {
            return Some(Self::Server);
        }
        request.remarks().iter().rev().find_map(|remark| Self::named(remark))
    }

    fn named(remark: &str) -> Option<Self> {
        let remark = remark.trim_start_matches('[');
        if remark.starts_with("Server-to-Client") {
            return Some(Self::Server);
        }
        if remark.starts_with("Client-to-Server") {
            return Some(Self::default());
        }
        let mut rest = remark.strip_prefix("Client")?.trim_start_matches(['-', ' ']).chars();
        let (letter, next) = (rest.next()?, rest.next());
        let is_name = letter.is_ascii_uppercase() && next.is_none_or(|next| !next.is_alphanumeric());
        is_name.then(|| Self::Client(usize::from(letter as u8 - b'A')))
    }
}

#[cfg(test)]
mod tests {
    use super::Sender;

    #[test]
    fn clients_have_letters() {
        for (remark, sender) in [
            ("[Client-A]", Some(Sender::Client(0))),
            ("Client B", Some(Sender::Client(1))),
            ("[Client-C] asks again", Some(Sender::Client(2))),
            ("[Server-to-Client]", Some(Sender::Server)),
            ("[Client-to-Server]", Some(Sender::Client(0))),
            ("TIME 3", None),
            ("Clients are many", None),
            ("Client", None),
        ] {
            assert_eq!(Sender::named(remark), sender, "{remark}");
        }
    }
}
