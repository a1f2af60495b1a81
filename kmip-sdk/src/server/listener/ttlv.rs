//! Messages in binary TTLV, one after the other, with nothing around them.

use std::time::Instant;

use kmip_types::Tag;
use kmip_types::enumerations::ResultReason;
use zeroize::Zeroizing;

use super::connection::Connection;
use super::{Phase, Then};
use crate::answer::Failure;
use crate::framing::{Framing, FramingError, Incoming};

/// Answers requests until the connection ends, goes wrong or is turned around.
pub(super) async fn answer(connection: &mut Connection) -> Then {
    while connection.is_serving() {
        let Some(Response { bytes, then }) = exchange(connection).await else { break };
        match then {
            _ if bytes.is_empty() || !connection.send(&[&bytes]).await => break,
            None => {}
            Some(then) => return then,
        }
    }
    Then::Ends
}

/// Says to a client, for which there is no room, that there is none: its handshake is done by now.
pub(super) async fn refuse(connection: &mut Connection, deadline: Instant) {
    if let Ok(Some(_)) = request(connection, deadline, deadline).await {
        let message = "the server has no room for another connection, and did nothing";
        let failure = Failure::new(ResultReason::ServerLimitExceeded, message);
        let response = Zeroizing::new(connection.shared().answers.refuse(&failure));
        connection.send(&[&response]).await;
    }
}

struct Response {
    bytes: Zeroizing<Vec<u8>>,
    /// What becomes of the connection behind it, if no other request is answered. Where what follows cannot be told
    /// apart any more, it ends.
    then: Option<Then>,
}

/// Reads a request and does what it asks for. Nothing is left to say to a client that is gone.
async fn exchange(connection: &mut Connection) -> Option<Response> {
    let idle = connection.shared().idle_deadline();
    match request(connection, idle, None).await {
        Ok(Some(request)) => {
            let mut outcome = connection.handle(request).await?;
            let length = outcome.sent(outcome.bytes.len());
            let mut bytes = std::mem::take(&mut outcome.bytes);
            bytes.truncate(length);
            let then = if outcome.ends { Some(Then::Ends) } else { outcome.turns.then_some(Then::Turns) };
            Some(Response { bytes, then })
        }
        Ok(None) | Err(FramingError::Io(_)) => None,
        Err(error) => {
            let failure = Failure::new(ResultReason::InvalidMessage, error.to_string());
            let bytes = connection.shared().answers.refuse(&failure).into();
            Some(Response { bytes, then: Some(Then::Ends) })
        }
    }
}

/// Reads a request, which is to begin by `begins`. Waiting for it may take longer than the request itself, which is to end
/// by `ends` or in the time of a message.
async fn request(
    connection: &mut Connection,
    begins: Instant,
    ends: impl Into<Option<Instant>>,
) -> Result<Option<Zeroizing<Vec<u8>>>, FramingError> {
    let ends = ends.into();
    let framing = Framing::new(Tag::REQUEST_MESSAGE).with_limit(connection.shared().bounds.limits.size);
    let mut incoming = Incoming::new(framing);
    let (mut deadline, mut least) = (begins, Phase::Finishing);
    loop {
        let read = connection.read(incoming.room(), deadline, least).await.map_err(FramingError::Io)?;
        if read == 0 {
            return incoming.ended().map(|()| None);
        }
        if least == Phase::Finishing {
            // What has begun is finished.
            least = Phase::Ending;
            deadline = ends.unwrap_or_else(|| connection.shared().message_deadline());
        }
        if incoming.filled(read)? {
            return Ok(Some(incoming.into_message()));
        }
    }
}
