//! What is asked of the page, and what it answers. All that it says is JSON, but for itself and test cases.

use std::net::SocketAddr;
use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64ct::{Base64, Encoding as _};
use kmip_types::view::ViewError;
use serde_json::{Value, json};
use tokio::sync::watch;
use ureq_proto::http::header::{HOST, HeaderName, ORIGIN};
use ureq_proto::http::{Method, Request, StatusCode};
use zeroize::Zeroizing;

use super::exchanges::{Filter, Kept, Summary};
use super::{Watched, objects, reading};
use crate::server::http::{Fault, Response, not_allowed, refused};
use crate::server::store::StoreError;

/// The page: all of it is in one file.
const HTML: &str = include_str!("inspector.html");

/// How large what is pasted may be, in bytes.
const PASTED: usize = 4 << 20;

/// What the page answers.
pub(super) struct Page {
    watched: Arc<Watched>,
    token: String,
    /// What this machine is called in requests.
    hosts: [String; 2],
    /// Fields of every response.
    fields: String,
}

/// An answer.
pub(super) enum Answer {
    Response(Response),
    Stream(Stream),
}

/// Exchanges as they come in.
pub(super) struct Stream {
    pub(super) head: String,
    filter: Filter,
    /// The number of the last one that was looked at.
    last: u64,
}

/// What is asked for.
struct Asked<'a> {
    route: &'a str,
    query: Query,
}

impl Page {
    pub(super) fn new(watched: Arc<Watched>, address: SocketAddr, token: String) -> Self {
        let hash = |open, close| {
            let text = HTML.split_once(open).and_then(|(_, text)| text.split_once(close));
            let text = text.map_or("", |(text, _)| text);
            format!("'sha256-{}'", Base64::encode_string(digest(&SHA256, text.as_bytes()).as_ref()))
        };
        let (script, style) = (hash("<script>", "</script>"), hash("<style>", "</style>"));
        let fields = format!(
            "Content-Security-Policy: default-src 'none'; script-src {script}; style-src {style}; \
             connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n\
             X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nCache-Control: no-store\r\n\
             Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Resource-Policy: same-origin\r\n"
        );
        let hosts = [address.to_string(), format!("localhost:{}", address.port())];
        Self { watched, token, hosts, fields }
    }

    /// What is asked for, by who may.
    fn asked<'a>(&self, request: &'a Request<()>) -> Result<Asked<'a>, Fault> {
        let field = |name: HeaderName| request.headers().get(name).map(|value| value.as_bytes());
        // A page of somebody else's whose name has become that of this machine is told nothing.
        let is_host = |host: &[u8]| self.hosts.iter().any(|own| own.as_bytes() == host);
        if !field(HOST).is_some_and(is_host) {
            return Err(refused(StatusCode::FORBIDDEN, "the page is that of 127.0.0.1"));
        }
        let is_own = |origin: &[u8]| origin.strip_prefix(b"http://").is_some_and(is_host);
        if !field(ORIGIN).is_none_or(is_own) {
            return Err(refused(StatusCode::FORBIDDEN, "the page is asked by itself"));
        }
        let path = request.uri().path().strip_prefix('/').unwrap_or_default();
        let (token, route) = path.split_once('/').unwrap_or((path, "?"));
        if verify_slices_are_equal(token.as_bytes(), self.token.as_bytes()).is_err() {
            return Err(refused(StatusCode::NOT_FOUND, "there is no such page"));
        }
        let is_post = matches!(route, "paste" | "paste/reveal");
        if is_post && request.method() != Method::POST {
            return Err(not_allowed(request, "POST", "what is pasted is posted"));
        }
        if !is_post && request.method() != Method::GET {
            return Err(not_allowed(request, "GET", "the page changes nothing"));
        }
        Ok(Asked { route, query: Query::new(request.uri().query().unwrap_or_default()) })
    }

    /// How large the body of a request may be.
    pub(super) fn body_limit(&self, request: &Request<()>) -> Result<usize, Fault> {
        self.asked(request)?;
        Ok(if request.method() == Method::POST { PASTED } else { 0 })
    }

    /// Answers a request.
    pub(super) fn answer(&self, request: &Request<()>, body: &[u8]) -> Result<Answer, Fault> {
        let Asked { route, query } = self.asked(request)?;
        let response = match route {
            "" => self.response("text/html; charset=utf-8", HTML.as_bytes().to_vec()),
            "events" => return Ok(Answer::Stream(self.stream(request, &query))),
            "exchanges" => {
                let (summaries, _) = self.watched.exchanges.since(0, &query.filter());
                self.json(&summaries.iter().map(|summary| self::summary(summary)).collect())
            }
            "exchange" => self.json(&exchange(&self.kept(&query)?)),
            "exchange/reveal" => {
                let kept = self.kept(&query)?;
                let bytes = if query.get("part") == "response" { &kept.response } else { &kept.request };
                self.json(&reading::reveal(bytes, query.number("offset")?).ok_or_else(nothing)?)
            }
            "case.xml" => self.case(&query)?,
            "objects" => match self.watched.server() {
                Some(server) => self.json(&objects::list(&server).map_err(store)?),
                None => self.json(&json!({ "objects": null })),
            },
            "object" => {
                let server = self.watched.server().ok_or_else(nothing)?;
                let object = objects::one(&server, query.get("identifier")).map_err(store)?;
                self.json(&object.ok_or_else(nothing)?)
            }
            "object/reveal" => {
                let server = self.watched.server().ok_or_else(nothing)?;
                let (identifier, part) = (query.get("identifier"), query.get("part"));
                let revealed = objects::reveal(&server, identifier, part, query.number("offset")?);
                self.json(&revealed.map_err(store)?.ok_or_else(nothing)?)
            }
            "paste" => {
                let read = reading::dump(body);
                self.json(&read.unwrap_or_else(|error| json!({ "error": error.to_string() })))
            }
            "paste/reveal" => {
                let (message, offset) = (query.number("message")?, query.number("offset")?);
                self.json(&reading::reveal_pasted(body, message, offset).ok_or_else(nothing)?)
            }
            _ => return Err(nothing()),
        };
        Ok(Answer::Response(response))
    }

    fn response(&self, content_type: &'static str, body: Vec<u8>) -> Response {
        let mut response = Response::new(StatusCode::OK, content_type, Zeroizing::new(body));
        response.fields.clone_from(&self.fields);
        response
    }

    fn json(&self, value: &Value) -> Response {
        self.response("application/json", value.to_string().into_bytes())
    }

    /// The exchange with the number that is asked for.
    fn kept(&self, query: &Query) -> Result<Kept, Fault> {
        let number = query.number("number")?;
        self.watched.exchanges.get(number as u64).ok_or_else(nothing)
    }

    /// One exchange, or all that are looked for, as a test case.
    fn case(&self, query: &Query) -> Result<Response, Fault> {
        let kept = match query.get("number") {
            "" => self.watched.kept(&query.filter()),
            _ => vec![self.kept(query)?],
        };
        let no_case = |error: ViewError| refused(StatusCode::UNPROCESSABLE_ENTITY, error);
        let xml = Watched::case_xml(&kept).map_err(no_case)?;
        let mut response = self.response("application/xml; charset=utf-8", xml.into_bytes());
        response.fields += "Content-Disposition: attachment; filename=\"case.xml\"\r\n";
        Ok(response)
    }

    fn stream(&self, request: &Request<()>, query: &Query) -> Stream {
        // Where the connection was lost, what came meanwhile is said.
        let last = request.headers().get("last-event-id").and_then(|last| last.to_str().ok()?.parse().ok());
        let fields = &self.fields;
        Stream {
            head: format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n{fields}\r\n"
            ),
            filter: query.filter(),
            last: last.unwrap_or(0),
        }
    }

    /// What says that there are more exchanges.
    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.watched.exchanges.subscribe()
    }

    /// The exchanges that came since the last time.
    pub(super) fn events(&self, stream: &mut Stream) -> String {
        let (summaries, last) = self.watched.exchanges.since(stream.last, &stream.filter);
        stream.last = last;
        let event =
            |summary: &Arc<Summary>| format!("id: {}\ndata: {}\n\n", summary.number, self::summary(summary));
        summaries.iter().map(event).collect()
    }
}

fn nothing() -> Fault {
    // The body was read by then.
    Fault::Refused(Response::text(StatusCode::NOT_FOUND, "there is no such thing, or no more"))
}

#[allow(clippy::needless_pass_by_value, reason = "it is what an error is mapped by")]
fn store(error: StoreError) -> Fault {
    Fault::Refused(Response::text(StatusCode::INTERNAL_SERVER_ERROR, error))
}

fn summary(summary: &Summary) -> Value {
    json!({
        "number": summary.number,
        "time": summary.time.to_string(),
        "connection": summary.connection,
        "client": summary.client,
        "users": summary.users,
        "operations": summary.operations,
        "results": summary.results,
        "isFailure": summary.is_failure,
        "deviations": summary.deviations,
        "requestSize": summary.request_size,
        "responseSize": summary.response_size,
        "milliseconds": summary.took.as_secs_f64() * 1e3,
        "isKept": summary.is_kept,
    })
}

/// An exchange with its messages.
fn exchange(kept: &Kept) -> Value {
    let parts = [("request", &kept.request), ("response", &kept.response)];
    let parts = parts.into_iter().filter(|(_, bytes)| !bytes.is_empty()).map(|(part, bytes)| {
        let mut lines = reading::lines(part, bytes);
        lines["part"] = part.into();
        lines
    });
    let mut shown = summary(&kept.summary);
    shown["parts"] = parts.collect();
    shown
}

/// The pairs of a query.
struct Query(Vec<(String, String)>);

impl Query {
    fn new(query: &str) -> Self {
        let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Self(pairs.map(|(name, value)| (decoded(name), decoded(value))).collect())
    }

    /// The value with a name; nothing where there is none.
    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
    }

    fn number(&self, name: &str) -> Result<usize, Fault> {
        let wanted =
            || Fault::Refused(Response::text(StatusCode::BAD_REQUEST, format!("{name} is to be a number")));
        self.get(name).parse().map_err(|_| wanted())
    }

    fn filter(&self) -> Filter {
        let mut filter = Filter::of_operation(self.get("operation")).of_client(self.get("client"));
        filter.failures = self.get("failures") == "1";
        filter.deviations = self.get("deviations") == "1";
        filter
    }
}

/// A text of a query without what stands for bytes.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        rest = behind;
        let digits = behind.first_chunk::<2>().and_then(|digits| std::str::from_utf8(digits).ok());
        let number = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (byte, number) {
            (b'%', Some(number)) => {
                bytes.push(number);
                rest = behind.get(2..).unwrap_or_default();
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn decodes_queries() {
        assert_eq!(decoded("a+b%20%C3%A9%"), "a b é%");
        assert_eq!(decoded("%zz%4"), "%zz%4");
    }
}
