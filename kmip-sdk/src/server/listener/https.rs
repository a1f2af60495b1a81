//! Messages over HTTPS: each in the body of a POST, as the HTTPS profile has it, or as one bare operation.
//!
//! Requests that come before the answer to an earlier one are answered in their order. A request that is refused before its body was read ends the connection, for
//! where the next one starts is not looked for.

use std::io;
use std::time::Instant;

use kmip_types::text::TextCodec;
use ureq_proto::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use ureq_proto::http::{Method, Request, StatusCode};
use zeroize::Zeroizing;

use super::super::layer::{Outcome, Peer};
use super::connection::Connection;
use super::http::{
    Fault, Input, Response, Times, Wire, is_kept_alive, not_allowed, read_head, receive_body, refused,
};
use super::{Client, Phase, Shared, Then};
use crate::Encoding;
#[cfg(feature = "json")]
use crate::http::bare;

/// When a client for which there is no room may come again, in seconds.
const RETRY_AFTER: u32 = 1;

/// Answers requests until the connection ends or goes wrong.
pub(super) async fn answer(connection: &mut Connection) -> Then {
    let mut input = Input::new();
    while connection.is_serving() {
        let mut response = match exchange(connection, &mut input).await {
            Ok(response) => response,
            Err(Fault::Gone) => return Then::Ends,
            Err(Fault::Refused(response)) => response,
        };
        response.is_last |= !connection.is_serving();
        if !response.send(connection).await || response.is_last {
            return Then::Ends;
        }
    }
    Then::Ends
}

/// Says to a client, for which there is no room, that there is none. Whether the server lives it may ask.
pub(super) async fn refuse(connection: &mut Connection, deadline: Instant) {
    let mut input = Input::new();
    let times = Times { deadline, least: Phase::Finishing };
    let response = match read_head(connection, &mut input, times).await {
        Ok((_, request)) if request.uri().path() == LIVE => Target::of(&request).map(|_| is_well("live")),
        Ok(_) => Ok(Response {
            retry_after: Some(RETRY_AFTER),
            ..Response::text(
                StatusCode::SERVICE_UNAVAILABLE,
                "the server has no room for another connection, and did nothing",
            )
        }),
        Err(fault) => Err(fault),
    };
    if let Ok(response) | Err(Fault::Refused(response)) = response {
        Response { is_last: true, ..response }.send(connection).await;
    }
}

impl Wire for Connection {
    async fn read(&mut self, buffer: &mut [u8], times: Times) -> io::Result<usize> {
        Self::read(self, buffer, times.deadline, times.least).await
    }

    async fn send(&mut self, parts: &[&[u8]]) -> bool {
        Self::send(self, parts).await
    }
}

/// That something is as it should be.
fn is_well(what: &str) -> Response {
    Response::text(StatusCode::OK, what)
}

/// Reads a request and does what it asks for.
async fn exchange(connection: &mut Connection, input: &mut Input) -> Result<Response, Fault> {
    if input.unread().is_empty() {
        // Waiting for a request may take longer than the request itself.
        let idle = Times { deadline: connection.shared().idle_deadline(), least: Phase::Finishing };
        input.fill(connection, idle).await.map_err(|_| Fault::Gone)?;
    }
    // What has begun is finished.
    let times = Times { deadline: connection.shared().message_deadline(), least: Phase::Ending };
    let (reply, request) = read_head(connection, input, times).await?;
    let target = Target::of(&request)?;
    let limit = target.body_limit(connection.shared().bounds.limits.size);
    let body = receive_body(connection, input, (reply, &request), limit, times).await?;
    let is_head = request.method() == Method::HEAD;
    let is_last = !is_kept_alive(&request);
    let responded = connection.work(move |shared, client| target.respond(&body, client, shared)).await;
    let mut response = responded.ok_or(Fault::Gone)??;
    if is_head {
        // What answers HEAD has no body, whatever it says.
        response.body = Zeroizing::default();
    }
    Ok(Response { is_last: response.is_last || is_last, ..response })
}

/// What a request is about.
enum Target {
    /// A message.
    Message(Encoding),
    /// An operation without the message around it.
    #[cfg(feature = "json")]
    Operation,
    /// Whether the server answers at all.
    Live,
    /// Whether requests would be answered as they should be.
    Ready,
}

/// Where it is asked whether the server answers at all, and whether requests would be answered as they should be.
const LIVE: &str = "/live";
const READY: &str = "/ready";

impl Target {
    fn of(request: &Request<()>) -> Result<Self, Fault> {
        let is_get = matches!(*request.method(), Method::GET | Method::HEAD);
        let is_bare = match request.uri().path() {
            "/kmip" => false,
            #[cfg(feature = "json")]
            "/kmip/2_1" => true,
            LIVE if is_get => return Ok(Self::Live),
            READY if is_get => return Ok(Self::Ready),
            LIVE | READY => {
                return Err(not_allowed(request, "GET, HEAD", "whether it is so is asked by GET"));
            }
            _ => return Err(refused(StatusCode::NOT_FOUND, "messages are posted to /kmip")),
        };
        if request.method() != Method::POST {
            return Err(not_allowed(request, "POST", "messages are posted"));
        }
        let headers = request.headers();
        let identity = |coding: &[u8]| coding.eq_ignore_ascii_case(b"identity");
        if headers.get(CONTENT_ENCODING).is_some_and(|coding| !identity(coding.as_bytes())) {
            return Err(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "a body has no Content-Encoding"));
        }
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        match content_type.and_then(Encoding::from_content_type) {
            Some(encoding) if !is_bare => Ok(Self::Message(encoding)),
            #[cfg(feature = "json")]
            Some(Encoding::Json) => Ok(Self::Operation),
            _ => {
                let known: &[&str] = &[
                    #[cfg(feature = "json")]
                    Encoding::Json.content_type(),
                    Encoding::Ttlv.content_type(),
                    #[cfg(feature = "xml")]
                    Encoding::Xml.content_type(),
                ];
                let known = if is_bare { &known[..1] } else { known };
                let text = format!("the Content-Type is {}", known.join(" or "));
                Err(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, text))
            }
        }
    }

    /// In which encoding the body is.
    fn encoding(&self) -> Encoding {
        match self {
            Self::Message(encoding) => *encoding,
            #[cfg(feature = "json")]
            Self::Operation => Encoding::Json,
            Self::Live | Self::Ready => Encoding::default(),
        }
    }

    /// How large a body may be, where a message of binary TTLV may have `size` bytes.
    fn body_limit(&self, size: usize) -> usize {
        match self {
            Self::Live | Self::Ready => 0,
            asks => asks.encoding().body_limit(size),
        }
    }

    /// Does what a body asks for.
    fn respond(&self, body: &[u8], client: &Client, shared: &Shared) -> Result<Response, Fault> {
        let limits = shared.bounds.limits;
        let codec = TextCodec::new().limits(limits);
        let encoding = self.encoding();
        let request = match self {
            Self::Live => return Ok(is_well("live")),
            Self::Ready if shared.answers.is_ready() => return Ok(is_well("ready")),
            Self::Ready => {
                let not_ready = Response::text(StatusCode::SERVICE_UNAVAILABLE, "not ready");
                return Ok(Response { retry_after: Some(RETRY_AFTER), ..not_ready });
            }
            // What cannot be read as a message is refused in a message (HTTPS profile, section 2.5).
            Self::Message(encoding) => encoding.decode(body, &codec).map_err(|error| error.to_string()),
            #[cfg(feature = "json")]
            Self::Operation => {
                bare::request_from_bare(body, &codec, limits).map_err(|error| error.to_string())
            }
        };
        let outcome = match request {
            Ok(request) => {
                shared.handle(client, &request, Peer { encoding: Some(encoding), ..Peer::default() })
            }
            Err(error) => {
                shared.unreadable(client, body, encoding, &error);
                return Ok(Response::text(StatusCode::BAD_REQUEST, error));
            }
        };
        if outcome.bytes.is_empty() {
            return Err(Fault::Gone);
        }
        let response = self.written(&outcome);
        Ok(Response { is_last: outcome.ends, cut: outcome.cut, ..response })
    }

    /// A response in the encoding of the request.
    fn written(&self, outcome: &Outcome) -> Response {
        // The limits of the options are those of requests.
        let written = TextCodec::new();
        match self {
            Self::Live | Self::Ready => is_well("well"),
            Self::Message(encoding) if outcome.is_raw => in_encoding(*encoding, outcome.bytes.clone()),
            Self::Message(encoding) => match encoding.encode(&outcome.bytes, &written) {
                Ok(body) => in_encoding(*encoding, body),
                Err(error) => Response::text(StatusCode::INTERNAL_SERVER_ERROR, error),
            },
            #[cfg(feature = "json")]
            Self::Operation if outcome.is_raw => in_encoding(Encoding::Json, outcome.bytes.clone()),
            #[cfg(feature = "json")]
            Self::Operation => {
                match bare::response_to_bare(&outcome.bytes, &written, kmip_types::Limits::default()) {
                    Ok(body) => in_encoding(Encoding::Json, body),
                    Err((status, text)) => {
                        let status = StatusCode::from_u16(status);
                        Response::text(status.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY), text)
                    }
                }
            }
        }
    }
}

/// A response that is a message, or a payload.
fn in_encoding(encoding: Encoding, body: Zeroizing<Vec<u8>>) -> Response {
    Response::new(StatusCode::OK, encoding.content_type(), body)
}
