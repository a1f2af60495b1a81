//! Messages in binary TTLV, one after the other, with nothing around them.

use std::io::Read;

use kmip_types::Tag;
use kmip_types::enumerations::ResultReason;
use zeroize::Zeroizing;

use super::super::failure::Failure;
use super::{Shared, Stream, identity, send};
use crate::framing::{Framing, FramingError};

/// Answers requests until the connection ends or goes wrong.
pub(super) fn answer(stream: &mut Stream, shared: &Shared) {
    while !shared.is_stopping() {
        let Some(response) = exchange(stream, shared) else { return };
        if !send(stream, shared, &[&response.bytes]) || response.is_last {
            return;
        }
    }
}

struct Response {
    bytes: Zeroizing<Vec<u8>>,
    /// Whether what follows on the connection cannot be told apart any more.
    is_last: bool,
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
        .with_limit(shared.server.options().limits.size)
        .with_deadline(stream.sock.deadline);
    let read = framing.read_message(&mut first.as_slice().chain(&mut *stream));
    match read {
        Ok(Some(request)) => {
            let bytes = shared.handle(identity(stream).as_deref(), &request);
            Some(Response { bytes, is_last: false })
        }
        Ok(None) | Err(FramingError::Io(_)) => None,
        Err(error) => {
            let failure = Failure::new(ResultReason::InvalidMessage, error.to_string());
            Some(Response { bytes: shared.server.refuse(None, &failure).into(), is_last: true })
        }
    }
}
