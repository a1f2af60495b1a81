//! Messages over HTTPS: each in the body of a POST, as the HTTPS profile has it, or as one bare operation.
//!
//! HTTP/1.1 and 1.0 are read by `ureq-proto`, which does no I/O. Requests that come before the answer to an earlier
//! one are answered in their order. A request that is refused before its body was read ends the connection, for
//! where the next one starts is not looked for.

use std::io;
use std::time::Instant;

use kmip_types::text::TextCodec;
use ureq_proto::http::header::{
    CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HOST, HeaderName, TRANSFER_ENCODING,
};
use ureq_proto::http::{HeaderMap, Method, Request, StatusCode, Version};
use ureq_proto::server::state::{RecvBody, RecvRequest};
use ureq_proto::server::{RecvRequestResult, Reply};
use ureq_proto::{BodyMode, Error as HttpError};
use zeroize::Zeroizing;

use super::super::layer::Outcome;
use super::connection::Connection;
use super::{Client, Phase, Shared, Then};
use crate::Encoding;
use crate::filling::Filling;
#[cfg(feature = "json")]
use crate::http::bare;

/// The size in bytes that the head of a request may have. What is between chunks fits into it too.
const HEAD_LIMIT: usize = 16 << 10;

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

/// What is to be sent.
struct Response {
    status: StatusCode,
    content_type: &'static str,
    body: Zeroizing<Vec<u8>>,
    /// Whether the connection ends with it.
    is_last: bool,
    /// The methods that there are instead.
    allow: Option<&'static str>,
    /// After how many seconds the client may ask again.
    retry_after: Option<u32>,
    /// How much of the body is sent, if not all.
    cut: Option<usize>,
}

impl Response {
    fn new(encoding: Encoding, body: Zeroizing<Vec<u8>>) -> Self {
        let (status, content_type) = (StatusCode::OK, encoding.content_type());
        Self { status, content_type, body, is_last: false, allow: None, retry_after: None, cut: None }
    }

    /// A response that says in words why there is no other.
    fn text(status: StatusCode, text: impl ToString) -> Self {
        let mut text = text.to_string();
        text.push('\n');
        let content_type = "text/plain; charset=utf-8";
        let body = text.into_bytes().into();
        Self { status, content_type, body, is_last: false, allow: None, retry_after: None, cut: None }
    }

    fn head(&self) -> String {
        let status = self.status.as_str();
        let reason = self.status.canonical_reason().unwrap_or("Unknown");
        let content_type = self.content_type;
        let length = self.body.len();
        let connection = if self.is_last { "close" } else { "keep-alive" };
        let allow = self.allow.map_or_else(String::new, |methods| format!("Allow: {methods}\r\n"));
        let retry = self.retry_after.map_or_else(String::new, |time| format!("Retry-After: {time}\r\n"));
        format!(
            "HTTP/1.1 {status} {reason}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\
             Cache-Control: no-cache\r\nConnection: {connection}\r\n{allow}{retry}\r\n"
        )
    }

    async fn send(&self, connection: &mut Connection) -> bool {
        let body = self.cut.and_then(|cut| self.body.get(..cut)).unwrap_or(&self.body);
        connection.send(&[self.head().as_bytes(), body]).await
    }
}

/// That something is as it should be.
fn is_well(what: &str) -> Response {
    Response::text(StatusCode::OK, what)
}

/// Why a request is not done.
enum Fault {
    /// There is nobody to say anything to.
    Gone,
    /// The connection ends with this response.
    Refused(Response),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // A socket's timeout is the one on some systems and the other on others.
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                refused(StatusCode::REQUEST_TIMEOUT, "the request took too long")
            }
            _ => Self::Gone,
        }
    }
}

impl From<HttpError> for Fault {
    fn from(error: HttpError) -> Self {
        let status = match error {
            HttpError::HttpParseTooManyHeaders => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            HttpError::UnsupportedVersion => StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            _ => StatusCode::BAD_REQUEST,
        };
        refused(status, error)
    }
}

fn refused(status: StatusCode, text: impl ToString) -> Fault {
    Fault::Refused(Response { is_last: true, ..Response::text(status, text) })
}

/// Until when something may take, and how far the server may get meanwhile.
#[derive(Clone, Copy)]
struct Times {
    deadline: Instant,
    least: Phase,
}

/// Refuses a method.
fn not_allowed(request: &Request<()>, allow: &'static str, text: &str) -> Fault {
    let mut response = Response::text(StatusCode::METHOD_NOT_ALLOWED, text);
    if request.method() == Method::HEAD {
        // What answers HEAD has no body, whatever it says.
        response.body = Zeroizing::default();
    }
    Fault::Refused(Response { is_last: true, allow: Some(allow), ..response })
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
    let body = match reply {
        RecvRequestResult::ProvideResponse(_) => Zeroizing::default(),
        RecvRequestResult::RecvBody(reply) => read_body(connection, input, reply, limit, times).await?,
        RecvRequestResult::Send100(reply) => {
            let mut line = [0; 64];
            let (length, reply) = reply.accept(&mut line)?;
            check_size(&reply, limit)?;
            // HTTP/1.0 knows of no response before the response.
            if request.version() != Version::HTTP_10 && !connection.send(&[&line[..length]]).await {
                return Err(Fault::Gone);
            }
            read_body(connection, input, reply, limit, times).await?
        }
    };
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

async fn read_head(
    connection: &mut Connection,
    input: &mut Input,
    times: Times,
) -> Result<(RecvRequestResult, Request<()>), Fault> {
    let mut reply: Reply<RecvRequest> = Reply::new()?;
    loop {
        let (used, request) = reply.try_request(input.unread())?;
        input.consume(used);
        if let Some(request) = request {
            check_framing(&request)?;
            // It is there when the request is.
            return reply.proceed().map(|reply| (reply, request)).ok_or(Fault::Gone);
        }
        if input.is_full() {
            let text = format!("the head of a request may have {HEAD_LIMIT} bytes");
            return Err(refused(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, text));
        }
        input.fill(connection, times).await?;
    }
}

/// Makes sure that it can be told where the body ends, and that nobody on the way tells otherwise.
fn check_framing(request: &Request<()>) -> Result<(), Fault> {
    let headers = request.headers();
    let is_1_0 = request.version() == Version::HTTP_10;
    let has_length = headers.contains_key(CONTENT_LENGTH);
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (Some(_), _) if is_1_0 || has_length => Err(refused(
            StatusCode::BAD_REQUEST,
            "a chunked body has no Content-Length, and is not of HTTP/1.0",
        )),
        (Some(coding), None) if coding.as_bytes().eq_ignore_ascii_case(b"chunked") => Ok(()),
        (Some(_), _) => Err(refused(StatusCode::NOT_IMPLEMENTED, "the only Transfer-Encoding is chunked")),
        (None, _) if request.method() == Method::POST && !has_length => {
            Err(refused(StatusCode::LENGTH_REQUIRED, "a request says its Content-Length"))
        }
        (None, _) => Ok(()),
    }?;
    // RFC 9112 section 3.2.
    if !is_1_0 && headers.get_all(HOST).iter().count() != 1 {
        return Err(refused(StatusCode::BAD_REQUEST, "a request has one Host"));
    }
    // RFC 9110 section 10.1.1.
    if headers.contains_key(EXPECT) && !lists(headers, EXPECT, "100-continue") {
        return Err(refused(StatusCode::EXPECTATION_FAILED, "the only expectation is 100-continue"));
    }
    Ok(())
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

    /// How large a body may be, where a message of binary TTLV may have `size` bytes.
    fn body_limit(&self, size: usize) -> usize {
        match self {
            Self::Message(encoding) => encoding.body_limit(size),
            #[cfg(feature = "json")]
            Self::Operation => Encoding::Json.body_limit(size),
            Self::Live | Self::Ready => 0,
        }
    }

    /// Does what a body asks for.
    fn respond(&self, body: &[u8], client: &Client, shared: &Shared) -> Result<Response, Fault> {
        let limits = shared.bounds.limits;
        let codec = TextCodec::new().limits(limits);
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
            Ok(request) => shared.handle(client, &request, false),
            Err(error) => return Ok(Response::text(StatusCode::BAD_REQUEST, error)),
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
            Self::Message(encoding) if outcome.is_raw => Response::new(*encoding, outcome.bytes.clone()),
            Self::Message(encoding) => match encoding.encode(&outcome.bytes, &written) {
                Ok(body) => Response::new(*encoding, body),
                Err(error) => Response::text(StatusCode::INTERNAL_SERVER_ERROR, error),
            },
            #[cfg(feature = "json")]
            Self::Operation if outcome.is_raw => Response::new(Encoding::Json, outcome.bytes.clone()),
            #[cfg(feature = "json")]
            Self::Operation => {
                match bare::response_to_bare(&outcome.bytes, &written, kmip_types::Limits::default()) {
                    Ok(body) => Response::new(Encoding::Json, body),
                    Err((status, text)) => {
                        let status = StatusCode::from_u16(status);
                        Response::text(status.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY), text)
                    }
                }
            }
        }
    }
}

/// Refuses a body that says that it is too large.
fn check_size(reply: &Reply<RecvBody>, limit: usize) -> Result<(), Fault> {
    match reply.body_mode() {
        BodyMode::LengthDelimited(size) if usize::try_from(size).map_or(true, |size| size > limit) => {
            Err(too_large(limit))
        }
        _ => Ok(()),
    }
}

fn too_large(limit: usize) -> Fault {
    refused(StatusCode::PAYLOAD_TOO_LARGE, format!("the body of a request may have {limit} bytes"))
}

async fn read_body(
    connection: &mut Connection,
    input: &mut Input,
    mut reply: Reply<RecvBody>,
    limit: usize,
    times: Times,
) -> Result<Zeroizing<Vec<u8>>, Fault> {
    check_size(&reply, limit)?;
    if let BodyMode::LengthDelimited(size) = reply.body_mode() {
        // Nothing has to be found out about such a body, and what `ureq-proto` reads it logs.
        let mut body = Filling::new(usize::try_from(size).unwrap_or(limit));
        let taken = body.take(input.unread());
        input.consume(taken);
        while !body.is_full() {
            match connection.read(body.room(), times.deadline, times.least).await? {
                0 => return Err(Fault::Gone),
                more => body.advance(more),
            }
        }
        return Ok(body.into_bytes());
    }
    // One byte more than there may be shows that there are too many.
    let mut body = Filling::new(limit.saturating_add(1));
    while !reply.is_ended() {
        let (used, more) = reply.read(input.unread(), body.room())?;
        input.consume(used);
        body.advance(more);
        if body.is_full() {
            return Err(too_large(limit));
        }
        if used == 0 && !reply.is_ended() {
            if input.is_full() {
                return Err(refused(StatusCode::BAD_REQUEST, "a line between chunks is too long"));
            }
            input.fill(connection, times).await?;
        }
    }
    Ok(body.into_bytes())
}

/// Whether the client may ask again on the connection (RFC 9112 section 9.3).
fn is_kept_alive(request: &Request<()>) -> bool {
    let headers = request.headers();
    !lists(headers, CONNECTION, "close")
        && (request.version() != Version::HTTP_10 || lists(headers, CONNECTION, "keep-alive"))
}

/// Whether a field lists a name.
fn lists(headers: &HeaderMap, field: HeaderName, name: &str) -> bool {
    let values = headers.get_all(field).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|listed| listed.trim().eq_ignore_ascii_case(name))
}

/// What came and was not used yet.
struct Input {
    bytes: Zeroizing<Vec<u8>>,
    start: usize,
    end: usize,
}

impl Input {
    fn new() -> Self {
        Self { bytes: Zeroizing::new(vec![0; HEAD_LIMIT]), start: 0, end: 0 }
    }

    fn unread(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    fn consume(&mut self, bytes: usize) {
        self.start = self.start.saturating_add(bytes).min(self.end);
    }

    fn is_full(&self) -> bool {
        self.unread().len() == self.bytes.len()
    }

    /// Waits for more, for which there must be room.
    async fn fill(&mut self, connection: &mut Connection, times: Times) -> Result<(), Fault> {
        self.bytes.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        let room = &mut self.bytes[self.end..];
        match connection.read(room, times.deadline, times.least).await? {
            0 => Err(Fault::Gone),
            more => {
                self.end += more;
                Ok(())
            }
        }
    }
}
