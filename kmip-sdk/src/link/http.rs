//! Requests and answers over HTTP/1.1 (KMIP Additional Message Encodings 1.0 section 2), and the bare form.

use std::io::{self, Read};
use std::time::Duration;

use kmip_types::text::TextCodec;
use kmip_types::{Limits, Tag};
use ureq_proto::BodyMode;
use ureq_proto::client::state::{RecvBody, RecvResponse};
use ureq_proto::client::{Call, RecvResponseResult, SendRequestResult};
use ureq_proto::http::header::{CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use ureq_proto::http::{Request, Response, StatusCode, Version};
use zeroize::{Zeroize as _, Zeroizing};

use crate::error::ErrorKind;
use crate::filling::Filling;
use crate::framing::Framing;
use crate::http::Encoding;
#[cfg(feature = "json")]
use crate::http::bare;
use crate::tls::spoken;

/// How large the head of a response may be, in bytes.
const HEAD: usize = 16 << 10;

/// How much of the text of an error is kept, in bytes.
const TEXT: usize = 4 << 10;

/// How messages go over HTTP to one server.
pub(crate) struct Http {
    /// `https://HOST:PORT/PATH`.
    uri: String,
    form: Form,
    codec: TextCodec,
}

/// What the bodies hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Messages in an encoding.
    Message(Encoding),
    /// One operation without the message around it, in JSON.
    #[cfg(feature = "json")]
    Bare,
}

impl Http {
    /// To the server at this `HOST:PORT` and path.
    pub(crate) fn new(authority: &str, path: &str, form: Form, codec: TextCodec) -> Self {
        Self { uri: format!("https://{authority}{path}"), form, codec }
    }

    /// Whether there is one operation without the message around it, which is in KMIP 2.1.
    pub(crate) fn is_bare(&self) -> bool {
        !matches!(self.form, Form::Message(_))
    }

    /// What is to be written, and what takes in the answer.
    ///
    /// # Errors
    /// The message has no form here.
    pub(super) fn start(
        &self,
        message: &[u8],
        limits: Limits,
    ) -> Result<(Zeroizing<Vec<u8>>, Receiver), ErrorKind> {
        let cannot = |reason: String| ErrorKind::Transport { reason };
        let (body, encoding, asked) = match self.form {
            Form::Message(encoding) => {
                let body =
                    encoding.encode(message, &self.codec).map_err(|error| cannot(error.to_string()))?;
                (body, encoding, None)
            }
            #[cfg(feature = "json")]
            Form::Bare => {
                let body = bare::request_to_bare(message, &self.codec, Limits::default());
                let asked = bare::Asked::of(message, Limits::default());
                let failed = |error: bare::BareError| cannot(error.to_string());
                (body.map_err(failed)?, Encoding::Json, Some(asked.map_err(failed)?))
            }
        };
        let request = Request::post(&self.uri)
            .header(CONTENT_TYPE, encoding.content_type())
            .header(CONTENT_LENGTH, body.len())
            .header(CACHE_CONTROL, "no-cache")
            .body(())
            .map_err(|error| cannot(error.to_string()))?;
        let (head, call) = begin(request, body.len()).map_err(cannot)?;
        let mut written = Zeroizing::new(Vec::with_capacity(head.len() + body.len()));
        written.extend_from_slice(&head);
        written.extend_from_slice(&body);
        let codec = self.codec.clone().limits(limits);
        Ok((written, Receiver::new(call, encoding, asked, codec, limits)))
    }
}

/// The head of a request, and the call that is to receive the response once the head and the body are written.
fn begin(request: Request<()>, body: usize) -> Result<(Vec<u8>, Call<RecvResponse>), String> {
    let said = |error: ureq_proto::Error| error.to_string();
    let mut call = Call::new(request).map_err(said)?.proceed();
    let mut head = vec![0; 1 << 10];
    let mut length = 0;
    while !call.can_proceed() {
        if head.len() - length < 256 {
            head.resize(head.len() * 2, 0);
        }
        length += call.write(&mut head[length..]).map_err(said)?;
    }
    head.truncate(length);
    match call.proceed().map_err(said)? {
        Some(SendRequestResult::SendBody(mut call)) => {
            call.consume_direct_write(body).map_err(said)?;
            let call = call.proceed().ok_or("the request is not whole")?;
            Ok((head, call))
        }
        _ => Err("the request has no body".to_owned()),
    }
}

#[cfg(feature = "json")]
type Asked = bare::Asked;
#[cfg(not(feature = "json"))]
type Asked = core::convert::Infallible;

enum State {
    Head(Box<Call<RecvResponse>>),
    /// A body of so many bytes more, or one that ends with the stream. `ureq-proto` would log what it reads of it.
    Plain(Option<u64>),
    /// A body in chunks.
    Chunked(Box<Call<RecvBody>>),
    /// There is nothing more to come.
    Over,
}

/// Takes in one response.
pub(super) struct Receiver {
    state: State,
    input: Input,
    body: Filling,
    status: StatusCode,
    /// What the body holds, or its Content-Type if that is none of KMIP's.
    content: Result<Encoding, String>,
    /// What a bare answer must be to; without JSON there is none.
    #[cfg_attr(not(feature = "json"), allow(dead_code))]
    asked: Option<Asked>,
    codec: TextCodec,
    limits: Limits,
    received: usize,
    closes: bool,
    /// After how long the server may be asked again, if it says so.
    retry_after: Option<Duration>,
    answer: Option<Result<Zeroizing<Vec<u8>>, ErrorKind>>,
}

/// What came and was not taken yet. It is never moved elsewhere, and what was used of it is wiped.
struct Input {
    bytes: Vec<u8>,
    kept: usize,
    used: usize,
}

impl Input {
    fn new() -> Self {
        Self { bytes: vec![0; HEAD], kept: 0, used: 0 }
    }

    /// Reads once from a stream.
    fn read(&mut self, plain: &mut dyn Read) -> io::Result<usize> {
        let read = plain.read(&mut self.bytes[self.kept..])?;
        self.kept += read;
        self.used = self.used.max(self.kept);
        Ok(read)
    }

    fn kept(&self) -> &[u8] {
        &self.bytes[..self.kept]
    }

    fn is_full(&self) -> bool {
        self.kept == self.bytes.len()
    }

    /// Leaves out what was taken from its beginning.
    fn take(&mut self, bytes: usize) {
        self.bytes.copy_within(bytes..self.kept, 0);
        self.kept -= bytes;
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        self.bytes[..self.used].zeroize();
    }
}

impl Receiver {
    fn new(
        call: Call<RecvResponse>,
        encoding: Encoding,
        asked: Option<Asked>,
        codec: TextCodec,
        limits: Limits,
    ) -> Self {
        Self {
            state: State::Head(Box::new(call)),
            input: Input::new(),
            body: Filling::new(0),
            status: StatusCode::OK,
            content: Ok(encoding),
            asked,
            codec,
            limits,
            received: 0,
            closes: false,
            retry_after: None,
            answer: None,
        }
    }

    /// Takes in what there is; whatever else is wrong with the stream shows where it is read from.
    pub(super) fn take_in(&mut self, plain: &mut dyn Read) {
        while let Ok(1..) = self.read(plain) {}
    }

    /// Reads once from a stream; nothing, if the response is complete.
    pub(super) fn read(&mut self, plain: &mut dyn Read) -> io::Result<usize> {
        if matches!(self.state, State::Over) {
            return Ok(0);
        }
        let read = self.input.read(plain)?;
        self.received += read;
        if let Err(kind) = self.advance() {
            self.finish(Err(kind));
        }
        Ok(read)
    }

    /// Goes on as far as what came goes.
    fn advance(&mut self) -> Result<(), ErrorKind> {
        loop {
            match &mut self.state {
                State::Over => return Ok(()),
                State::Head(call) => {
                    let (used, response) = call
                        .try_response(self.input.kept(), false)
                        .map_err(|error| not_http(self.input.kept(), &error))?;
                    self.input.take(used);
                    match response {
                        Some(response) => self.has_head(&response)?,
                        None if used > 0 => {}
                        None if self.input.is_full() => {
                            return Err(http(format!("the head of the response exceeds {HEAD} bytes")));
                        }
                        None => return Ok(()),
                    }
                }
                State::Plain(left) => {
                    let wanted = left.map_or(usize::MAX, |left| usize::try_from(left).unwrap_or(usize::MAX));
                    let taken = self.body.take(&self.input.kept()[..self.input.kept().len().min(wanted)]);
                    self.input.take(taken);
                    *left = left.map(|left| left - taken as u64);
                    let is_over = *left == Some(0);
                    if self.body.is_full() {
                        return Err(http("the body of the response exceeds the limit".to_owned()));
                    }
                    return if is_over { self.has_body() } else { Ok(()) };
                }
                State::Chunked(call) => {
                    if self.body.is_full() {
                        return Err(http("the body of the response exceeds the limit".to_owned()));
                    }
                    let (used, made) = call
                        .read(self.input.kept(), self.body.room())
                        .map_err(|error| not_http(&[], &error))?;
                    self.input.take(used);
                    self.body.advance(made);
                    if call.is_ended_chunked() {
                        return self.has_body();
                    }
                    if used == 0 && made == 0 {
                        if self.input.is_full() {
                            return Err(http("a line between chunks is too long".to_owned()));
                        }
                        return Ok(());
                    }
                }
            }
        }
    }

    fn has_head(&mut self, response: &Response<()>) -> Result<(), ErrorKind> {
        self.status = response.status();
        self.closes = !is_kept_alive(response);
        self.retry_after = retry_after(response);
        if let Some(content_type) = response.headers().get(CONTENT_TYPE) {
            let content_type = content_type.to_str().unwrap_or("of an unknown type");
            self.content = Encoding::from_content_type(content_type).ok_or_else(|| content_type.to_owned());
        }
        let limit = match (&self.content, self.status) {
            (Ok(encoding), StatusCode::OK) => encoding.body_limit(self.limits.size),
            _ => TEXT,
        };
        let length =
            response.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        if self.status == StatusCode::OK && length.is_some_and(|length: u64| length > limit as u64) {
            return Err(http(format!("the body of the response exceeds the limit of {limit} bytes")));
        }
        // One more than there may be, so that too much shows.
        self.body = Filling::new(limit.saturating_add(1));
        let State::Head(call) = core::mem::replace(&mut self.state, State::Over) else { return Ok(()) };
        let Some(RecvResponseResult::RecvBody(call)) = call.proceed() else { return self.has_body() };
        self.state = match call.body_mode() {
            BodyMode::LengthDelimited(length) => State::Plain(Some(length)),
            BodyMode::CloseDelimited => State::Plain(None),
            BodyMode::NoBody => return self.has_body(),
            BodyMode::Chunked => State::Chunked(Box::new(call)),
        };
        Ok(())
    }

    /// The response is complete.
    fn has_body(&mut self) -> Result<(), ErrorKind> {
        let body = core::mem::replace(&mut self.body, Filling::new(0)).into_bytes();
        let answer = self.message(&body);
        self.finish(answer);
        Ok(())
    }

    fn finish(&mut self, answer: Result<Zeroizing<Vec<u8>>, ErrorKind>) {
        self.state = State::Over;
        self.answer = Some(answer);
    }

    /// The message that the body holds.
    fn message(&self, body: &[u8]) -> Result<Zeroizing<Vec<u8>>, ErrorKind> {
        if self.status != StatusCode::OK {
            return self.failure(body);
        }
        let encoding = match &self.content {
            Ok(encoding) => *encoding,
            Err(other) => return Err(http(format!("the body of the response is {other:?}, and no message"))),
        };
        #[cfg(feature = "json")]
        if let Some(asked) = &self.asked {
            return bare::response_from_bare(body, asked, &self.codec, self.limits)
                .map_err(|error| http(format!("the response is not that of the bare form: {error}")));
        }
        let message = encoding
            .decode(body, &self.codec)
            .map_err(|error| http(format!("the body of the response is no message: {error}")))?;
        let framing = Framing::new(Tag::RESPONSE_MESSAGE).with_limit(self.limits.size);
        let mut rest = message.as_slice();
        match framing.read_message(&mut rest) {
            Ok(Some(_)) if rest.is_empty() => Ok(message),
            Ok(Some(_)) => Err(ErrorKind::StrayBytes { bytes: rest.len() }),
            Ok(None) => Err(http("the body of the response is empty".to_owned())),
            Err(error) => Err(ErrorKind::Framing(error)),
        }
    }

    /// What a status other than 200 says: of the bare form, the failure of the operation.
    fn failure(&self, body: &[u8]) -> Result<Zeroizing<Vec<u8>>, ErrorKind> {
        let text = String::from_utf8_lossy(&body[..body.len().min(TEXT)]).trim().to_owned();
        let status = self.status.as_u16();
        #[cfg(feature = "json")]
        if let Some(asked) = self.asked.as_ref().filter(|_| self.status.is_client_error())
            && let Ok(failure) = bare::failure_from_bare(status, &text, asked, self.limits)
        {
            return Ok(failure);
        }
        Err(ErrorKind::HttpStatus { status, text, retry_after: self.retry_after })
    }

    /// The message, or what is wrong with what came instead, once that is known.
    pub(super) fn answer(&mut self) -> Option<Result<Zeroizing<Vec<u8>>, ErrorKind>> {
        self.answer.take()
    }

    /// How many bytes of the response came.
    pub(super) fn received(&self) -> usize {
        self.received
    }

    /// How many bytes came behind the response.
    pub(super) fn stray(&self) -> usize {
        self.input.kept().len()
    }

    /// Whether the server closes the connection behind the response.
    pub(super) fn closes(&self) -> bool {
        self.closes
    }

    /// Takes the end of the stream for that of the body, where nothing else says where that is.
    pub(super) fn end(&mut self) -> bool {
        let is_end = matches!(self.state, State::Plain(None));
        if is_end && let Err(kind) = self.has_body() {
            self.finish(Err(kind));
        }
        self.closes |= is_end;
        is_end
    }

    /// What it means that the stream ended.
    pub(super) fn ended(&self) -> ErrorKind {
        match self.received {
            0 => ErrorKind::Closed,
            received => http(format!("the stream ended after {received} bytes of the response")),
        }
    }
}

/// Whether the server takes another request on the connection (RFC 9112 section 9.3).
fn is_kept_alive(response: &Response<()>) -> bool {
    let says = |what: &str| {
        let values = response.headers().get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case(what))
    };
    !says("close") && (response.version() != Version::HTTP_10 || says("keep-alive"))
}

/// After how long the server may be asked again (RFC 9110 section 10.2.3). A date tells nothing to who has another clock; that
/// there is one counts.
fn retry_after(response: &Response<()>) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    Some(Duration::from_secs(value.trim().parse().unwrap_or(0)))
}

fn http(reason: String) -> ErrorKind {
    ErrorKind::Http { reason }
}

/// What came is not HTTP.
fn not_http(input: &[u8], error: &ureq_proto::Error) -> ErrorKind {
    match spoken(input).filter(|spoken| *spoken != "HTTP") {
        Some(spoken) => ErrorKind::OtherProtocol { spoken, expected: "HTTP" },
        None => http(format!("the response is not HTTP: {error}")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)] // A panic is how a test fails.

    use super::*;
    use kmip_types::DateTime;
    use kmip_types::ProtocolVersion;
    use kmip_types::enumerations::{Operation, ResultReason};
    use kmip_types::message::{
        Message as _, RequestBatchItem, RequestHeader, RequestMessage, ResponseBatchItem, ResponseHeader,
        ResponseMessage,
    };
    use kmip_types::operation::PingRequest;

    /// Bytes that come in pieces of this size.
    struct Pieces<'a>(&'a [u8], usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let (now, later) = self.0.split_at(self.0.len().min(self.1).min(buffer.len()));
            buffer[..now.len()].copy_from_slice(now);
            self.0 = later;
            Ok(now.len())
        }
    }

    fn request() -> Vec<u8> {
        let request_header = RequestHeader::new(ProtocolVersion::V2_1, 1);
        let batch_item = vec![RequestBatchItem::new(Operation::Ping, PingRequest {}.into())];
        RequestMessage { request_header, batch_item }.to_ttlv().unwrap()
    }

    fn answer() -> Vec<u8> {
        let response_header = ResponseHeader::new(ProtocolVersion::V2_1, DateTime::from_seconds(0), 1);
        let item = ResponseBatchItem::failure(Some(Operation::Ping), ResultReason::PermissionDenied, "no");
        ResponseMessage { response_header, batch_item: vec![item] }.to_ttlv().unwrap()
    }

    /// The answer in a body that ends by its length, by chunks, or with the stream.
    fn responses() -> [Vec<u8>; 3] {
        let answer = answer();
        let head =
            |rest: String| format!("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n{rest}\r\n");
        let with = |head: String, body: &[u8]| [head.as_bytes(), body].concat();
        let (first, second) = answer.split_at(9);
        let chunk = |bytes: &[u8]| [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat();
        let chunks = [chunk(first), chunk(second), b"0\r\n\r\n".to_vec()].concat();
        [
            with(head(format!("Content-Length: {}\r\n", answer.len())), &answer),
            with(head("Transfer-Encoding: chunked\r\n".to_owned()), &chunks),
            with(head("Connection: close\r\n".to_owned()), &answer),
        ]
    }

    /// What becomes of a response that comes in pieces and then ends; nothing, if the stream ended too early.
    fn received(response: &[u8], piece: usize) -> Option<Result<Zeroizing<Vec<u8>>, ErrorKind>> {
        let http = Http::new("localhost:9998", "/kmip", Form::Message(Encoding::Ttlv), TextCodec::new());
        let limits = Limits { size: 4096, ..Limits::default() };
        let (_, mut receiver) = http.start(&request(), limits).unwrap();
        receiver.take_in(&mut Pieces(response, piece));
        receiver.end();
        receiver.answer()
    }

    #[test]
    fn writes_what_the_profile_wants() {
        let http = Http::new("[::1]:9998", "/kmip", Form::Message(Encoding::Ttlv), TextCodec::new());
        let (written, _) = http.start(&request(), Limits::default()).unwrap();
        let head = String::from_utf8_lossy(&written).to_lowercase();
        for line in [
            "post /kmip http/1.1\r\n",
            "host: [::1]:9998\r\n",
            "content-type: application/octet-stream\r\n",
            &format!("content-length: {}\r\n", request().len()),
            "cache-control: no-cache\r\n",
        ] {
            assert!(head.contains(line), "{line}{head}");
        }
        assert!(written.ends_with(&request()));
    }

    #[test]
    fn takes_bodies_of_each_kind_in_pieces_of_any_size() {
        for response in responses() {
            for piece in [1, 2, 7, 64, 4096] {
                assert_eq!(**received(&response, piece).unwrap().as_ref().unwrap(), answer());
            }
        }
    }

    #[test]
    fn takes_no_other_answer_from_a_response_that_is_cut_or_changed() {
        for response in responses() {
            for index in 0..response.len() {
                for piece in [1, 4096] {
                    let cut = received(&response[..index], piece);
                    // Of the line that ends the chunks, the end may be missing.
                    assert!(
                        cut.is_none_or(|cut| cut.is_err() || cut.is_ok_and(|cut| *cut == answer())),
                        "{index}"
                    );
                    for bit in [0x01, 0x20, 0x80] {
                        let mut changed = response.clone();
                        changed[index] ^= bit;
                        // Whatever it is, it is no panic and no more than the limit.
                        if let Some(Ok(answer)) = received(&changed, piece) {
                            assert!(answer.len() <= 4096);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn refuses_a_body_beyond_the_limit() {
        let long =
            |head: &str| [format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n").as_bytes(), &[0x42; 9000]].concat();
        for head in ["Content-Length: 9000", "Content-Length: 18446744073709551615", "Connection: close"] {
            let refused = received(&long(head), 512).unwrap().unwrap_err();
            assert!(matches!(&refused, ErrorKind::Http { reason } if reason.contains("limit")), "{refused}");
        }
        let endless = [b"HTTP/1.1 200 OK\r\nX: ".as_slice(), &[b'x'; HEAD]].concat();
        assert!(matches!(received(&endless, 4096), Some(Err(ErrorKind::Http { .. }))));
    }
}
