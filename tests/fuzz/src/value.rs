//! Typed messages made of arbitrary bytes.

use std::fmt::Debug;

use arbitrary::{Arbitrary, Unstructured};
use kmip_types::ProtocolVersion;
use kmip_types::message::{Message, RequestMessage, ResponseMessage};

use crate::typed::in_every_version;

/// A message that the bytes choose is written in each version as the same message, or is refused there by name.
pub fn typed_value(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else { return };
    if kind % 2 == 0 {
        check(rest, |message: &mut RequestMessage, version| {
            message.request_header.protocol_version = version;
        });
    } else {
        check(rest, |message: &mut ResponseMessage, version| {
            message.response_header.protocol_version = version;
        });
    }
}

fn check<M>(data: &[u8], state: fn(&mut M, ProtocolVersion))
where
    M: Message + for<'a> Arbitrary<'a> + Clone + Debug + PartialEq,
{
    let Ok(message) = M::arbitrary_take_rest(Unstructured::new(data)) else { return };
    drop(format!("{message:?}"));
    in_every_version(message, state);
}
