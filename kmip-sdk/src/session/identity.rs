//! Which object a batch item is about, in the request and in its answer.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::message::{RequestBatchItem, ResponseBatchItem};
use kmip_types::operation::{RequestPayload, ResponsePayload};

/// The Unique Identifier that the item asks for, if the operation's answer repeats it and it is a text: an
/// identifier may also be a reference to the ID Placeholder or to another result (KMIP 2.1 section 4.61). That of Import need
/// not: the server may assign another identifier (section 6.1.25).
pub(super) fn asked_for(item: &RequestBatchItem) -> Option<String> {
    use RequestPayload as Request;
    macro_rules! identifier {
        ($($operation:ident)*) => {
            match &item.request_payload {
                $(Request::$operation(request) => request.unique_identifier.as_ref(),)*
                Request::Check(request) => request.unique_identifier.as_ref(),
                _ => None,
            }
        };
    }
    let identifier = identifier!(Activate Revoke Destroy Archive Recover AddAttribute ModifyAttribute DeleteAttribute
        SetAttribute AdjustAttribute GetAttributes GetAttributeList Get Export ObtainLease GetUsageAllocation Encrypt
        Decrypt Sign SignatureVerify Mac MacVerify);
    identifier.and_then(text).map(str::to_owned)
}

/// Whether the item is about another object than the one that was asked for.
pub(super) fn is_other(item: &ResponseBatchItem, asked_for: &str) -> bool {
    use ResponsePayload as Response;
    macro_rules! identifier {
        ($($operation:ident)*) => {
            match &item.response_payload {
                $(Some(Response::$operation(response)) => Some(&response.unique_identifier),)*
                Some(Response::Check(response)) => response.unique_identifier.as_ref(),
                _ => None,
            }
        };
    }
    let identifier = identifier!(Activate Revoke Destroy Archive Recover AddAttribute ModifyAttribute DeleteAttribute
        SetAttribute AdjustAttribute GetAttributes GetAttributeList Get Export ObtainLease GetUsageAllocation Encrypt
        Decrypt Sign SignatureVerify Mac MacVerify);
    identifier.and_then(text).is_some_and(|found| found != asked_for)
}

fn text(identifier: &UniqueIdentifier) -> Option<&str> {
    match identifier {
        UniqueIdentifier::Text(text) => Some(text),
        _ => None,
    }
}
