//! Agreeing on a version of the protocol over connections of the dialer's.

use kmip_types::ProtocolVersion;

use super::connection::Connection;
use super::dialer::Dialer;
use crate::error::{Effect, Error, ErrorKind, Phase};
use crate::framing::FramingError;
use crate::observe::{Direction, Observer};
use crate::session::{Negotiation, Session};

/// A connection, and the version that the server agreed to on it.
pub(super) fn negotiate(
    dialer: &Dialer,
    wanted: &[ProtocolVersion],
    session: &dyn Fn(ProtocolVersion) -> Session,
    observer: Option<&Observer>,
) -> Result<(Connection, ProtocolVersion), Error> {
    let span = tracing::debug_span!("negotiate");
    let _entered = span.enter();
    // What the configuration says of headers and limits is the same for all versions.
    let template = session(ProtocolVersion::V1_0);
    let mut negotiation = Negotiation::new(wanted, &template.options)?;
    let mut connection = dialer.dial()?;
    let mut is_fresh = true;
    loop {
        let request = negotiation.request().map_err(in_negotiation)?;
        if let Some(observer) = observer {
            observer(Direction::Request, request);
        }
        match connection.exchange(request, template.limits().size, true) {
            Ok(response) => {
                if let Some(observer) = observer {
                    observer(Direction::Response, &response);
                }
                is_fresh = false;
                if let Some(version) = negotiation.answered(&response).map_err(in_negotiation)? {
                    tracing::debug!(%version, "agreed");
                    return Ok((connection, version));
                }
            }
            Err(error) if is_close(&error) => {
                // After a refusal, closing says nothing of the question that came too late.
                if is_fresh {
                    negotiation.closed(in_negotiation(error));
                }
                connection = dialer.dial()?;
                is_fresh = true;
            }
            Err(error) => return Err(in_negotiation(error)),
        }
    }
}

/// Whether the server closed the connection instead of answering.
fn is_close(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Closed => true,
        ErrorKind::Framing(FramingError::Io(error)) => matches!(
            error.kind(),
            std::io::ErrorKind::ConnectionReset
                | std::io::ErrorKind::ConnectionAborted
                | std::io::ErrorKind::BrokenPipe
        ),
        _ => false,
    }
}

/// The error as one of the negotiation, which changes nothing on the server. What is wrong with TLS stays so.
fn in_negotiation(error: Error) -> Error {
    let error = error.with_effect(Effect::None);
    match error.phase() {
        Phase::Tls | Phase::Configure => error,
        _ => error.in_phase(Phase::Negotiate),
    }
}
