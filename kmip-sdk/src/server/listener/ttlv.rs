//! Messages in binary TTLV, one after the other, with nothing around them.

use std::io::Read;

use kmip_types::Tag;
use kmip_types::enumerations::ResultReason;
use zeroize::Zeroizing;

use super::{Shared, Stream, Then, send};
use crate::answer::Failure;
use crate::framing::{Framing, FramingError};

/// Answers requests until the connection ends, goes wrong or is turned around.
pub(super) fn answer(stream: &mut Stream, shared: &Shared) -> Then {
    while !shared.is_stopping() {
        let Some(Response { bytes, then }) = exchange(stream, shared) else { break };
        match then {
            _ if bytes.is_empty() || !send(stream, shared, &[&bytes]) => break,
            None => {}
            Some(then) => return then,
        }
    }
    Then::Ends
}

struct Response {
    bytes: Zeroizing<Vec<u8>>,
    /// What becomes of the connection behind it, if no other request is answered. Where what follows cannot be told
    /// apart any more, it ends.
    then: Option<Then>,
}

/// Reads a request and does what it asks for. Nothing is left to say to a client that is gone.
fn exchange(stream: &mut Stream, shared: &Shared) -> Option<Response> {
    // Waiting for a request may take longer than the request itself.
    stream.sock.deadline = shared.idle_deadline();
    let mut first = [0];
    if stream.read(&mut first).ok()? == 0 {
        return None;
    }
    stream.sock.deadline = shared.message_deadline();
    let framing = Framing::new(Tag::REQUEST_MESSAGE)
        .with_limit(shared.bounds.limits.size)
        .with_deadline(stream.sock.deadline);
    let read = framing.read_message(&mut first.as_slice().chain(&mut *stream));
    match read {
        Ok(Some(request)) => {
            let mut outcome = shared.handle(stream, &request, true);
            let length = outcome.sent(outcome.bytes.len());
            let mut bytes = std::mem::take(&mut outcome.bytes);
            bytes.truncate(length);
            let then = if outcome.ends { Some(Then::Ends) } else { outcome.turns.then_some(Then::Turns) };
            Some(Response { bytes, then })
        }
        Ok(None) | Err(FramingError::Io(_)) => None,
        Err(error) => {
            let failure = Failure::new(ResultReason::InvalidMessage, error.to_string());
            let bytes = shared.answers.refuse(&failure).into();
            Some(Response { bytes, then: Some(Then::Ends) })
        }
    }
}
