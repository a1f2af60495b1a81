//! HTTP/1.1 and 1.0 as they are read and answered, whatever the connection is and whatever is asked there.
//!
//! They are read by `ureq-proto`, which does no I/O.

use std::future::Future;
use std::io;
use std::time::Instant;

use ureq_proto::http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, HOST, HeaderName, TRANSFER_ENCODING};
use ureq_proto::http::{HeaderMap, Method, Request, StatusCode, Version};
use ureq_proto::server::state::{RecvBody, RecvRequest};
use ureq_proto::server::{RecvRequestResult, Reply};
use ureq_proto::{BodyMode, Error as HttpError};
use zeroize::Zeroizing;

use super::Phase;
use crate::filling::Filling;

/// The size in bytes that the head of a request may have. What is between chunks fits into it too.
const HEAD_LIMIT: usize = 16 << 10;

/// A connection on which HTTP is spoken.
pub(crate) trait Wire: Send {
    /// Reads what there is in time.
    ///
    /// # Errors
    /// [`io::ErrorKind::TimedOut`], or whatever else keeps it from being read.
    fn read(&mut self, buffer: &mut [u8], times: Times) -> impl Future<Output = io::Result<usize>> + Send;

    /// Sends all parts, one after the other. Nothing is left to say to a client that is gone: `false` says so.
    fn send(&mut self, parts: &[&[u8]]) -> impl Future<Output = bool> + Send;
}

/// What is to be sent.
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    pub(crate) body: Zeroizing<Vec<u8>>,
    /// Whether the connection ends with it.
    pub(crate) is_last: bool,
    /// The methods that there are instead.
    pub(crate) allow: Option<&'static str>,
    /// After how many seconds the client may ask again.
    pub(crate) retry_after: Option<u32>,
    /// How much of the body is sent, if not all.
    pub(crate) cut: Option<usize>,
    /// Other fields, each a line with its end.
    pub(crate) fields: String,
}

impl Response {
    pub(crate) fn new(status: StatusCode, content_type: &'static str, body: Zeroizing<Vec<u8>>) -> Self {
        let fields = String::from("Cache-Control: no-cache\r\n");
        Self { status, content_type, body, is_last: false, allow: None, retry_after: None, cut: None, fields }
    }

    /// A response that says in words why there is no other.
    pub(crate) fn text(status: StatusCode, text: impl ToString) -> Self {
        let mut text = text.to_string();
        text.push('\n');
        Self::new(status, "text/plain; charset=utf-8", text.into_bytes().into())
    }

    fn head(&self) -> String {
        let status = self.status.as_str();
        let reason = self.status.canonical_reason().unwrap_or("Unknown");
        let content_type = self.content_type;
        let length = self.body.len();
        let connection = if self.is_last { "close" } else { "keep-alive" };
        let allow = self.allow.map_or_else(String::new, |methods| format!("Allow: {methods}\r\n"));
        let retry = self.retry_after.map_or_else(String::new, |time| format!("Retry-After: {time}\r\n"));
        let fields = &self.fields;
        format!(
            "HTTP/1.1 {status} {reason}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\
             Connection: {connection}\r\n{fields}{allow}{retry}\r\n"
        )
    }

    pub(crate) async fn send(&self, connection: &mut impl Wire) -> bool {
        let body = self.cut.and_then(|cut| self.body.get(..cut)).unwrap_or(&self.body);
        connection.send(&[self.head().as_bytes(), body]).await
    }
}

/// Why a request is not done.
pub(crate) enum Fault {
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

pub(crate) fn refused(status: StatusCode, text: impl ToString) -> Fault {
    Fault::Refused(Response { is_last: true, ..Response::text(status, text) })
}

/// Until when something may take, and how far the server may get meanwhile.
#[derive(Clone, Copy)]
pub(crate) struct Times {
    pub(crate) deadline: Instant,
    pub(crate) least: Phase,
}

/// Refuses a method.
pub(crate) fn not_allowed(request: &Request<()>, allow: &'static str, text: &str) -> Fault {
    let mut response = Response::text(StatusCode::METHOD_NOT_ALLOWED, text);
    if request.method() == Method::HEAD {
        // What answers HEAD has no body, whatever it says.
        response.body = Zeroizing::default();
    }
    Fault::Refused(Response { is_last: true, allow: Some(allow), ..response })
}

/// Reads the head of a request.
pub(crate) async fn read_head(
    connection: &mut impl Wire,
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
    // `ureq-proto` reads none of these methods, and what were a body would be taken for the next request.
    let has_body = headers.contains_key(TRANSFER_ENCODING)
        || headers.get_all(CONTENT_LENGTH).iter().any(|length| length.as_bytes() != b"0");
    if has_body && matches!(*request.method(), Method::HEAD | Method::CONNECT) {
        return Err(refused(StatusCode::BAD_REQUEST, "a request of this method has no body"));
    }
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

/// Receives the body of a request, which may have so many bytes.
pub(crate) async fn receive_body(
    connection: &mut impl Wire,
    input: &mut Input,
    (reply, request): (RecvRequestResult, &Request<()>),
    limit: usize,
    times: Times,
) -> Result<Zeroizing<Vec<u8>>, Fault> {
    match reply {
        RecvRequestResult::ProvideResponse(_) => Ok(Zeroizing::default()),
        RecvRequestResult::RecvBody(reply) => read_body(connection, input, reply, limit, times).await,
        RecvRequestResult::Send100(reply) => {
            let mut line = [0; 64];
            let (length, reply) = reply.accept(&mut line)?;
            check_size(&reply, limit)?;
            // HTTP/1.0 knows of no response before the response.
            if request.version() != Version::HTTP_10 && !connection.send(&[&line[..length]]).await {
                return Err(Fault::Gone);
            }
            read_body(connection, input, reply, limit, times).await
        }
    }
}

async fn read_body(
    connection: &mut impl Wire,
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
            match connection.read(body.room(), times).await? {
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
pub(crate) fn is_kept_alive(request: &Request<()>) -> bool {
    let headers = request.headers();
    !lists(headers, CONNECTION, "close")
        && (request.version() != Version::HTTP_10 || lists(headers, CONNECTION, "keep-alive"))
}

/// Whether a field lists a name.
pub(crate) fn lists(headers: &HeaderMap, field: HeaderName, name: &str) -> bool {
    let values = headers.get_all(field).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|listed| listed.trim().eq_ignore_ascii_case(name))
}

/// What came and was not used yet.
pub(crate) struct Input {
    bytes: Zeroizing<Vec<u8>>,
    start: usize,
    end: usize,
}

impl Input {
    pub(crate) fn new() -> Self {
        Self { bytes: Zeroizing::new(vec![0; HEAD_LIMIT]), start: 0, end: 0 }
    }

    pub(crate) fn unread(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    fn consume(&mut self, bytes: usize) {
        self.start = self.start.saturating_add(bytes).min(self.end);
    }

    fn is_full(&self) -> bool {
        self.unread().len() == self.bytes.len()
    }

    /// Waits for more, for which there must be room.
    pub(crate) async fn fill(&mut self, connection: &mut impl Wire, times: Times) -> Result<(), Fault> {
        self.bytes.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        let room = &mut self.bytes[self.end..];
        match connection.read(room, times).await? {
            0 => Err(Fault::Gone),
            more => {
                self.end += more;
                Ok(())
            }
        }
    }
}
