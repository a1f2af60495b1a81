//! What the standard says of effects: which operations can be made twice, and which refusals say that nothing was done.

use kmip_types::enumerations::{Operation, ResultReason};
use kmip_types::operation::RequestPayload;

/// Whether a request can be made again without knowing whether it took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Repeat {
    /// It changes nothing on the server.
    Always,
    /// It changes nothing, unless it is a part of a stream, whose state it moves on.
    UnlessStreamed,
    /// A second time is not as if it were the first.
    Never,
}

use Repeat::{Always, Never, UnlessStreamed};

/// Each operation, and why it can be repeated or not. What is not here, such as a vendor's operation, is not repeated.
#[rustfmt::skip]
const OPERATIONS: &[(Operation, Repeat, &str)] = &[
    (Operation::Create, Never, "makes another object"),
    (Operation::CreateKeyPair, Never, "makes another key pair"),
    (Operation::CreateSplitKey, Never, "makes other split keys"),
    (Operation::JoinSplitKey, Never, "makes another object"),
    (Operation::Register, Never, "makes another object"),
    (Operation::Import, Never, "fails on the object that it made, or replaces it again"),
    (Operation::ReKey, Never, "makes another key"),
    (Operation::ReKeyKeyPair, Never, "makes another key pair"),
    (Operation::DeriveKey, Never, "makes another object"),
    (Operation::Certify, Never, "makes another certificate"),
    (Operation::ReCertify, Never, "makes another certificate"),
    (Operation::ReProvision, Never, "makes another credential"),
    (Operation::Locate, Always, "reads attributes"),
    (Operation::Check, Always, "compares, and allocates nothing"),
    (Operation::Get, Always, "reads an object"),
    (Operation::Export, Always, "reads an object"),
    (Operation::GetAttributes, Always, "reads attributes"),
    (Operation::GetAttributeList, Always, "reads the names of attributes"),
    (Operation::GetConstraints, Always, "reads constraints"),
    (Operation::AddAttribute, Never, "adds another instance, or fails on the one that it added"),
    (Operation::ModifyAttribute, Never, "undoes what another client set in between"),
    (Operation::SetAttribute, Never, "undoes what another client set in between"),
    (Operation::AdjustAttribute, Never, "adjusts once more"),
    (Operation::DeleteAttribute, Never, "deletes what another client added in between"),
    (Operation::SetConstraints, Never, "undoes what another client set in between"),
    (Operation::SetDefaults, Never, "undoes what another client set in between"),
    (Operation::ObtainLease, Never, "obtains another lease"),
    (Operation::GetUsageAllocation, Never, "allocates once more"),
    (Operation::Activate, Never, "fails on the state that it set"),
    (Operation::Revoke, Never, "fails on the state that it set, or replaces its reason"),
    (Operation::Destroy, Never, "fails on the object that it destroyed"),
    (Operation::Archive, Never, "fails on the object that it archived"),
    (Operation::Recover, Never, "undoes an Archive that came in between"),
    (Operation::Validate, Always, "looks at certificates"),
    (Operation::Query, Always, "reads what the server can do"),
    (Operation::DiscoverVersions, Always, "reads what the server can do"),
    (Operation::QueryAsynchronousRequests, Always, "reads what is pending"),
    (Operation::Ping, Always, "does nothing"),
    (Operation::Poll, Never, "a result that was given may be gone"),
    (Operation::Cancel, Never, "fails on what it cancelled"),
    (Operation::Process, Never, "processes once more"),
    (Operation::Encrypt, Never, "counts against the Usage Limits of the key once more"),
    (Operation::Sign, Never, "counts against the Usage Limits of the key once more"),
    (Operation::Mac, Never, "counts against the Usage Limits of the key once more"),
    (Operation::Decrypt, UnlessStreamed, "Usage Limits count what protects, not what reads"),
    (Operation::SignatureVerify, UnlessStreamed, "Usage Limits count what protects, not what verifies"),
    (Operation::MacVerify, UnlessStreamed, "Usage Limits count what protects, not what verifies"),
    (Operation::Hash, UnlessStreamed, "takes no key"),
    (Operation::RngRetrieve, Always, "other random bytes are as good"),
    (Operation::RngSeed, Never, "seeds once more"),
    (Operation::Log, Never, "writes another entry"),
    (Operation::Login, Never, "gives another ticket"),
    (Operation::DelegatedLogin, Never, "gives another ticket"),
    (Operation::Logout, Never, "fails on the ticket that it ended"),
    (Operation::SetEndpointRole, Never, "changes the roles once more"),
    (Operation::Interop, Never, "begins or ends a test"),
    (Operation::Pkcs11, Never, "may be any function"),
    (Operation::Notify, Never, "tells once more"),
    (Operation::Put, Never, "puts once more"),
];

/// Whether a request changes nothing on the server, so that it can be made again without knowing whether it took
/// effect.
pub(super) fn is_repeatable(operation: Operation, payload: &RequestPayload) -> bool {
    let row = OPERATIONS.iter().find(|(listed, ..)| *listed == operation);
    match row.map_or(Never, |(_, repeat, _)| *repeat) {
        Always => true,
        UnlessStreamed => !is_streamed(payload),
        Never => false,
    }
}

/// Whether the request is a part of a stream (KMIP 1.4 section 4.29, 2.1 section 6.1.15).
fn is_streamed(payload: &RequestPayload) -> bool {
    macro_rules! streamed {
        ($($operation:ident)*) => {
            match payload {
                $(RequestPayload::$operation(request) => {
                    request.correlation_value.is_some()
                        || request.init_indicator.is_some()
                        || request.final_indicator.is_some()
                })*
                // Of a payload that is kept as it is nothing is known.
                _ => true,
            }
        };
    }
    streamed!(Decrypt SignatureVerify MacVerify Hash)
}

/// Whether the refusal of a whole message says by its reason that none of it was done: what it found wrong is found
/// before anything is done. Any other reason may come of what was done already.
pub(super) fn excludes_effect(reason: Option<ResultReason>) -> bool {
    matches!(
        reason,
        Some(
            ResultReason::InvalidMessage
                | ResultReason::AuthenticationNotSuccessful
                | ResultReason::AttestationRequired
                | ResultReason::AttestationFailed
                | ResultReason::BadPassword
                | ResultReason::InvalidTicket
                | ResultReason::NotAuthorised
                | ResultReason::PermissionDenied
                | ResultReason::OperationNotSupported
                | ResultReason::FeatureNotSupported
                | ResultReason::MissingData
                | ResultReason::InvalidField
                | ResultReason::InvalidDataType
                | ResultReason::UnknownTag
                | ResultReason::UnknownEnumeration
                | ResultReason::UnknownMessageExtension
                | ResultReason::CodecError
                | ResultReason::UnsupportedProtocolVersion
                | ResultReason::ServerLimitExceeded
        )
    )
}

#[cfg(test)]
mod tests {
    use super::OPERATIONS;
    use kmip_types::enumerations::Operation;

    #[test]
    fn lists_each_operation_once_and_with_its_reason() {
        for (number, (operation, _, reason)) in OPERATIONS.iter().enumerate() {
            assert!(!reason.is_empty(), "{operation}");
            assert!(OPERATIONS[number + 1..].iter().all(|(other, ..)| other != operation), "{operation}");
        }
        for operation in (1..0x100).map(Operation::from) {
            let is_standard = !matches!(operation, Operation::Other(_));
            assert_eq!(
                OPERATIONS.iter().any(|(listed, ..)| *listed == operation),
                is_standard,
                "{operation}"
            );
        }
    }
}
