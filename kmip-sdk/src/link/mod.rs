//! One connection: TLS, and the framing of requests and answers. It opens nothing and waits for nothing: the bytes go
//! through a stream that it is lent, and where that would block it is driven again.

#[cfg(feature = "https")]
mod http;
mod receiver;
mod stray;
mod ttlv;

use std::io::{self, Read, Write};
use std::sync::Arc;

use kmip_types::{Limits, Tag};
use rustls::{ClientConfig, ClientConnection};
use rustls_pki_types::ServerName;
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind, Phase};
use crate::framing::FramingError;
use crate::tls;
#[cfg(feature = "https")]
pub(crate) use http::{Form, Http};
use receiver::Receiver;
pub(crate) use stray::Idle;

/// How many of the first bytes of a server are kept, to name what it speaks.
const FIRST_BYTES: usize = 16;

/// A stream that is lent to a [`Link`] for a moment.
pub(crate) trait Io: Read + Write {}

impl<T: Read + Write> Io for T {}

/// One connection, on which requests and answers take turns.
pub(crate) struct Link {
    /// TLS, unless what carries the connection is secure itself.
    tls: Option<Box<ClientConnection>>,
    /// What is to be written as it is, where there is no TLS.
    outgoing: Outgoing,
    /// What is awaited.
    awaited: Awaited,
    /// How messages go over HTTP, if they do.
    #[cfg(feature = "https")]
    http: Option<Arc<Http>>,
    /// Whether the server closes the connection behind its answer.
    closes: bool,
    /// Whether something of the request was written.
    sent: bool,
    /// Whether all of the request was written.
    is_written: bool,
    /// Whether the server may ask on the connection, so that what is behind a message may be one of its requests.
    may_be_asked: bool,
    /// How many answers came.
    answers: u64,
    /// What the server said first, below TLS.
    first: First,
    /// How many bytes went over the stream in either direction.
    moved: u64,
    /// How many bytes came that belong to no answer.
    stray: usize,
    /// Whether the server said, by TLS, that it closes.
    has_ended: bool,
}

#[derive(Default)]
struct Outgoing {
    bytes: Zeroizing<Vec<u8>>,
    written: usize,
}

#[derive(Default)]
struct First {
    bytes: [u8; FIRST_BYTES],
    count: usize,
}

/// What is awaited.
enum Awaited {
    /// The end of the handshake.
    Handshake,
    /// Nothing.
    Nothing,
    /// The answer to a request.
    Answer(Receiver),
    /// Nothing more: it is there.
    Received(Zeroizing<Vec<u8>>),
    /// That all is written.
    Written,
}

/// How far a link was driven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// What was awaited is there.
    Done,
    /// The stream takes or has nothing more at the moment.
    Blocked {
        /// Whether it is to be written to, rather than read.
        writing: bool,
    },
}

impl Link {
    /// A link over a stream to a server: with TLS, unless the stream is secure itself.
    ///
    /// # Errors
    /// TLS cannot be begun with this name.
    pub(crate) fn new(tls: Option<(Arc<ClientConfig>, ServerName<'static>)>) -> Result<Self, Error> {
        let tls = tls.map(|(config, name)| -> Result<_, Error> {
            let mut tls = ClientConnection::new(config, name)
                .map_err(|error| Error::new(Phase::Tls, ErrorKind::Tls(error)))?;
            // A request is bounded by its own limit.
            tls.set_buffer_limit(None);
            Ok(Box::new(tls))
        });
        let tls = tls.transpose()?;
        let awaited = if tls.is_some() { Awaited::Handshake } else { Awaited::Nothing };
        Ok(Self {
            tls,
            outgoing: Outgoing::default(),
            awaited,
            #[cfg(feature = "https")]
            http: None,
            closes: false,
            sent: false,
            is_written: false,
            may_be_asked: false,
            answers: 0,
            first: First::default(),
            moved: 0,
            stray: 0,
            has_ended: false,
        })
    }

    /// The link, whose messages go over HTTP.
    #[cfg(feature = "https")]
    pub(crate) fn over_http(mut self, http: Option<Arc<Http>>) -> Self {
        self.http = http;
        self
    }

    /// Whether the server closes the connection behind its answer, so that it takes no other request; or has sent what was
    /// let through as a request of its own, and would be taken for the next answer.
    pub(crate) fn closes(&mut self) -> bool {
        self.closes || (self.may_be_asked && self.stray_bytes() > 0)
    }

    /// The version of TLS that was agreed on.
    pub(crate) fn tls_version(&self) -> Option<rustls::ProtocolVersion> {
        self.tls.as_ref()?.protocol_version()
    }

    /// Whether something of the last request was written.
    pub(crate) fn sent(&self) -> bool {
        self.sent
    }

    /// Whether the link waits for an answer to a request.
    pub(crate) fn is_in_exchange(&self) -> bool {
        matches!(self.awaited, Awaited::Answer(_) | Awaited::Received(_) | Awaited::Written)
    }

    /// How many bytes went over the stream in either direction.
    #[cfg(feature = "tokio")]
    pub(crate) fn moved(&self) -> u64 {
        self.moved
    }

    /// Begins to send a message, whose answer is to be within the limits. Behind the answer the server may ask, or not.
    ///
    /// # Errors
    /// The message cannot be sent over this link.
    pub(crate) fn start(&mut self, request: &[u8], limits: Limits, may_be_asked: bool) -> Result<(), Error> {
        self.may_be_asked = may_be_asked;
        self.sent = false;
        self.is_written = false;
        #[cfg(feature = "https")]
        if let Some(http) = &self.http {
            let started = http.start(request, limits).map_err(|kind| Error::new(Phase::Encode, kind));
            let (bytes, receiver) = started?;
            self.awaited = Awaited::Answer(Receiver::Http(Box::new(receiver)));
            return self.put(&bytes);
        }
        self.awaited =
            Awaited::Answer(Receiver::Ttlv(ttlv::Receiver::new(Tag::RESPONSE_MESSAGE, limits.size)));
        self.put(request)
    }

    /// Begins to wait for a request of the server's, of `limit` bytes at most, where an answer waits otherwise. It is taken
    /// as an answer is.
    pub(crate) fn await_request(&mut self, limit: usize) {
        self.awaited = Awaited::Answer(Receiver::Ttlv(ttlv::Receiver::new(Tag::REQUEST_MESSAGE, limit)));
    }

    /// Begins to send the response to a request of the server's.
    ///
    /// # Errors
    /// The message cannot be sent over this link.
    pub(crate) fn respond(&mut self, response: &[u8]) -> Result<(), Error> {
        self.is_written = false;
        self.awaited = Awaited::Written;
        self.put(response)
    }

    /// Puts bytes where they are written from.
    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        match &mut self.tls {
            Some(tls) => tls
                .writer()
                .write_all(bytes)
                .map_err(|error| Error::new(Phase::Send, ErrorKind::Framing(FramingError::Io(error)))),
            None => {
                self.outgoing = Outgoing { bytes: Zeroizing::new(bytes.to_vec()), written: 0 };
                Ok(())
            }
        }
    }

    /// The answer, once the link was driven to it.
    pub(crate) fn take_answer(&mut self) -> Option<Zeroizing<Vec<u8>>> {
        match core::mem::replace(&mut self.awaited, Awaited::Nothing) {
            Awaited::Received(answer) => Some(answer),
            other => {
                self.awaited = other;
                None
            }
        }
    }

    /// Writes and reads until what is awaited is there, or the stream blocks.
    ///
    /// # Errors
    /// The connection broke, or what came is not what was awaited: it is of no more use.
    pub(crate) fn drive(&mut self, io: &mut dyn Io) -> Result<Progress, Error> {
        loop {
            match self.write(io) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return Ok(Progress::Blocked { writing: true });
                }
                Err(error) if error.kind() == io::ErrorKind::TimedOut => return Err(self.timed_out()),
                // A server that refuses the handshake closes at once; what it said first is the better reason.
                Err(error) => return Err(self.refusal(io).unwrap_or_else(|| self.failed(error))),
            }
            if self.is_there()? {
                return Ok(Progress::Done);
            }
            // What the server said last was that it closes: there is nothing to wait for.
            if self.has_ended {
                self.end()?;
                continue;
            }
            match self.read(io) {
                Ok(0) => self.end()?,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return Ok(Progress::Blocked { writing: false });
                }
                Err(error) if error.kind() == io::ErrorKind::TimedOut => return Err(self.timed_out()),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => self.end()?,
                Err(error) => return Err(self.failed(error)),
            }
        }
    }

    /// Writes all that there is to write.
    fn write(&mut self, io: &mut dyn Io) -> io::Result<()> {
        let in_exchange = self.is_in_exchange();
        loop {
            let Outgoing { bytes, written } = &mut self.outgoing;
            let more = match &mut self.tls {
                Some(tls) if tls.wants_write() => tls.write_tls(io),
                None if *written < bytes.len() => {
                    io.write(&bytes[*written..]).inspect(|more| *written += more)
                }
                _ => break,
            };
            match more {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(more) => {
                    self.moved += more as u64;
                    self.sent |= in_exchange;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if in_exchange && !self.is_written {
            io.flush()?;
            self.is_written = true;
            self.outgoing = Outgoing::default();
        }
        Ok(())
    }

    /// Reads once from the stream, and takes in what came.
    fn read(&mut self, io: &mut dyn Io) -> io::Result<usize> {
        loop {
            let read = match &mut self.tls {
                Some(tls) => {
                    let read = tls.read_tls(&mut Kept { io, first: &mut self.first });
                    if matches!(read, Ok(1..)) {
                        match tls.process_new_packets() {
                            Ok(state) => self.has_ended = state.peer_has_closed(),
                            Err(error) => {
                                // The server is told why, if it still listens.
                                let _ = tls.write_tls(io);
                                return Err(io::Error::other(error));
                            }
                        }
                    }
                    read
                }
                None => match &mut self.awaited {
                    Awaited::Answer(receiver) => receiver.read(&mut Kept { io, first: &mut self.first }),
                    _ => Ok(0),
                },
            };
            match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(read) => {
                    self.moved += read as u64;
                    return Ok(read);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Whether what is awaited is there.
    fn is_there(&mut self) -> Result<bool, Error> {
        match &mut self.awaited {
            Awaited::Nothing | Awaited::Received(_) => return Ok(true),
            Awaited::Written => {
                self.awaited = Awaited::Nothing;
                return Ok(true);
            }
            Awaited::Handshake => {
                if self.tls.as_ref().is_some_and(|tls| tls.is_handshaking()) {
                    return Ok(false);
                }
                self.awaited = Awaited::Nothing;
                return Ok(true);
            }
            Awaited::Answer(receiver) => {
                if let Some(tls) = &mut self.tls {
                    receiver.take_in(&mut tls.reader());
                }
                let Some(answer) = receiver.answer() else { return Ok(false) };
                self.stray += receiver.stray();
                self.closes |= receiver.closes();
                let answer = answer.map_err(|kind| Error::new(Phase::Receive, kind))?;
                self.awaited = Awaited::Received(answer);
            }
        }
        self.answers += 1;
        if self.may_be_asked {
            return Ok(true);
        }
        // Which of the two answers the request cannot be told: what follows, or what was read.
        match self.stray_bytes() {
            0 => Ok(true),
            bytes => Err(Error::new(Phase::Receive, ErrorKind::StrayBytes { bytes })),
        }
    }

    /// What the link was doing.
    fn phase(&self) -> Phase {
        match self.awaited {
            Awaited::Handshake => Phase::Tls,
            _ if self.is_written => Phase::Receive,
            _ => Phase::Send,
        }
    }

    /// That the time for what the link was doing is over.
    pub(crate) fn timed_out(&self) -> Error {
        let done = match &self.awaited {
            Awaited::Answer(receiver) => receiver.received(),
            _ => 0,
        };
        Error::new(self.phase(), ErrorKind::Framing(FramingError::TimedOut { done }))
    }

    /// Takes note of the end of the stream, where something is awaited.
    ///
    /// # Errors
    /// It is not what ends the answer.
    fn end(&mut self) -> Result<(), Error> {
        let kind = match &mut self.awaited {
            Awaited::Answer(receiver) => match receiver.end() {
                true => return Ok(()),
                false => receiver.ended(),
            },
            _ => ErrorKind::Closed,
        };
        Err(Error::new(self.phase(), kind))
    }

    fn failed(&self, error: io::Error) -> Error {
        let error = match error.downcast::<rustls::Error>() {
            Ok(error) => error,
            Err(error) if self.phase() == Phase::Tls => {
                return self.other_protocol().unwrap_or_else(|| Error::new(Phase::Tls, ErrorKind::Io(error)));
            }
            Err(error) => return Error::new(self.phase(), ErrorKind::Framing(FramingError::Io(error))),
        };
        match &error {
            // In TLS 1.3 the client is done with the handshake before the server has looked at its certificate. A
            // server that refuses it has not looked at the request.
            rustls::Error::AlertReceived(alert) if self.answers == 0 && is_refusal(*alert) => {
                Error::new(Phase::Tls, ErrorKind::Tls(error))
            }
            rustls::Error::InvalidMessage(_) if self.phase() == Phase::Tls => {
                self.other_protocol().unwrap_or_else(|| Error::new(Phase::Tls, ErrorKind::Tls(error)))
            }
            _ => Error::new(self.phase(), ErrorKind::Tls(error)),
        }
    }

    /// That the server speaks no TLS, if it is known what it speaks.
    fn other_protocol(&self) -> Option<Error> {
        let spoken = tls::spoken(&self.first.bytes[..self.first.count])?;
        Some(Error::new(Phase::Tls, ErrorKind::OtherProtocol { spoken, expected: "TLS" }))
    }

    /// What the server said before it closed the connection on a request, if that was a refusal of the handshake.
    fn refusal(&mut self, io: &mut dyn Io) -> Option<Error> {
        let error = loop {
            match self.read(io) {
                Ok(1..) => {}
                Ok(0) => return None,
                Err(error) => break error,
            }
        };
        Some(self.failed(error)).filter(|error| error.phase() == Phase::Tls)
    }

    /// Says goodbye, as far as that goes without waiting.
    pub(crate) fn close(&mut self, io: &mut dyn Io) {
        if let Some(tls) = &mut self.tls {
            tls.send_close_notify();
            let _ = tls.write_tls(io);
        }
        let _ = io.flush();
    }
}

/// A stream whose first bytes are kept.
struct Kept<'a> {
    io: &'a mut dyn Io,
    first: &'a mut First,
}

impl Read for Kept<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.io.read(buffer)?;
        let First { bytes, count } = self.first;
        let kept = read.min(FIRST_BYTES - *count);
        bytes[*count..*count + kept].copy_from_slice(&buffer[..kept]);
        *count += kept;
        Ok(read)
    }
}

/// Whether the alert says that the handshake failed, rather than what came after it.
fn is_refusal(alert: rustls::AlertDescription) -> bool {
    use rustls::AlertDescription as Alert;
    matches!(
        alert,
        Alert::HandshakeFailure
            | Alert::NoCertificate
            | Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::AccessDenied
            | Alert::DecryptError
            | Alert::CertificateRequired
    )
}
