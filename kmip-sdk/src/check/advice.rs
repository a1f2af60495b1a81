//! What to do about what went wrong.

use std::io;

use kmip_types::enumerations::ResultReason;

use crate::error::{ConfigurationError, Error, ErrorKind, Phase};

/// What to do about an error, in a sentence; nothing where its own words say it, or nothing is known that helps.
///
/// ```
/// let error = kmip_sdk::Client::builder().build().unwrap_err();
/// assert_eq!(kmip_sdk::check::advice(&error), Some("say where the server is: give an address"));
/// ```
pub fn advice(error: &Error) -> Option<&'static str> {
    if let Some(reason) = error.reason() {
        return of_reason(reason);
    }
    match (error.kind(), error.phase()) {
        (ErrorKind::Configuration(ConfigurationError::NoAddress), _) => {
            Some("say where the server is: give an address")
        }
        (ErrorKind::Configuration(ConfigurationError::NoRootCertificate), _) => {
            Some("give the certificate of who issued the server's, or a pin of the server's own")
        }
        (ErrorKind::Io(error), Phase::Connect) => Some(of_connecting(error.kind())),
        (ErrorKind::TimedOut { .. }, Phase::Connect) => Some(of_connecting(io::ErrorKind::TimedOut)),
        (ErrorKind::TimedOut { .. }, Phase::Tls) => Some(
            "something takes connections there and does not speak TLS: look whether the port is that of KMIP, \
             5696 by default",
        ),
        (ErrorKind::Io(_) | ErrorKind::Closed, Phase::Tls) => Some(CLOSED_IN_TLS),
        (ErrorKind::TimedOut { .. }, _) => {
            Some("the server did not answer in time: look at its log, or give it more time")
        }
        (ErrorKind::Closed, _) => Some(
            "the server took the connection and closed it without an answer: it may not know the client's \
             certificate, or may not speak KMIP there; its log says which",
        ),
        (ErrorKind::Framing(_) | ErrorKind::StrayBytes { .. }, _) => Some(NOT_KMIP),
        (ErrorKind::NoCommonVersion { .. }, _) => Some("let the client take an older version, too"),
        _ => None,
    }
}

pub(super) const NOT_KMIP: &str = "what answers there is no KMIP server: look whether the port is that of KMIP, 5696 by default, or give an \
     https:// address if the server has KMIP over HTTPS there";

pub(super) const CLOSED_IN_TLS: &str =
    "look whether the port is that of KMIP with TLS, 5696 by default, and into the server's log";

/// Of a failure to connect.
pub(super) fn of_connecting(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::ConnectionRefused => {
            "nothing listens there: start the server, or correct the address; KMIP's own port is 5696"
        }
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
            "nothing answers: look whether the address is right and whether a firewall is between"
        }
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => {
            "there is no way to this address: look at the network, a VPN, or the address"
        }
        _ => "look whether the host's name and its port are right",
    }
}

/// Of a refusal of the server's.
fn of_reason(reason: ResultReason) -> Option<&'static str> {
    Some(match reason {
        ResultReason::ItemNotFound | ResultReason::ObjectNotFound => {
            "look whether the identifier is right; an object may also belong to another user"
        }
        ResultReason::AuthenticationNotSuccessful => {
            "give a user and a password that the server knows, or the certificate of one"
        }
        ResultReason::PermissionDenied => {
            "ask as who owns the object, or see whether its state allows this: an active one is revoked before it \
             is destroyed, and one that is not active is activated before it is used"
        }
        ResultReason::WrongKeyLifecycleState => {
            "see the state of the object: it is activated before it is used, and revoked before it is destroyed"
        }
        ResultReason::IncompatibleCryptographicUsageMask => {
            "the object is not for this: its Cryptographic Usage Mask says what it is for"
        }
        ResultReason::OperationNotSupported | ResultReason::FeatureNotSupported => {
            "the server lacks this: what it has, it says when it is queried"
        }
        ResultReason::KeyFormatTypeNotSupported => "ask for another format",
        ResultReason::ObjectArchived => "recover the object from the archive first",
        _ => return None,
    })
}
