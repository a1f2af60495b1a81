//! A connection over TCP and TLS, and an exchange of messages over it.

use std::io::{self, Read as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use kmip_types::Tag;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use rustls_pki_types::ServerName;
use zeroize::Zeroizing;

use super::timeouts::{Timeouts, deadline};
use crate::error::{Effect, Error, ErrorKind, Phase};
use crate::framing::{Framing, FramingError};
use crate::tls::TimedStream;

/// How long saying goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);

/// How many bytes that nobody asked for are counted.
const STRAY_BYTES: usize = 64 << 10;

/// A connection on which requests and responses take turns.
pub(super) struct Secured {
    stream: StreamOwned<ClientConnection, TimedStream>,
    timeouts: Timeouts,
    /// Whether an exchange broke off, so that what comes next may belong to it.
    poisoned: bool,
    /// How many responses were received.
    answers: u64,
}

impl Secured {
    /// Connects to the address, and completes the TLS handshake.
    pub(super) fn open(
        address: &SocketAddr,
        server_name: ServerName<'static>,
        config: &Arc<ClientConfig>,
        timeouts: Timeouts,
    ) -> Result<Self, Error> {
        let until = deadline(timeouts.connect);
        let tcp = match timeouts.connect {
            Some(timeout) => TcpStream::connect_timeout(address, timeout),
            None => TcpStream::connect(address),
        };
        let failed = |phase, error| broken_off(phase, error, timeouts.connect);
        let tcp = tcp.map_err(|error| failed(Phase::Connect, error))?;
        // A request is written whole, and its answer awaited: there is nothing to gather.
        tcp.set_nodelay(true).map_err(|error| failed(Phase::Connect, error))?;
        let mut socket = TimedStream::new(tcp, timeouts.read, timeouts.write);
        socket.set_deadline(until);
        let mut tls = ClientConnection::new(Arc::clone(config), server_name)
            .map_err(|error| Error::new(Phase::Tls, ErrorKind::Tls(error)))?;
        while tls.is_handshaking() {
            match tls.complete_io(&mut socket) {
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(failed(Phase::Tls, error)),
            }
        }
        let stream = StreamOwned::new(tls, socket);
        Ok(Self { stream, timeouts, poisoned: false, answers: 0 })
    }

    /// The version of TLS that was agreed on.
    pub(super) fn tls_version(&self) -> Option<rustls::ProtocolVersion> {
        self.stream.conn.protocol_version()
    }

    /// Whether the connection can take another request, as far as is known without asking the server.
    pub(super) fn is_usable(&self) -> bool {
        !self.poisoned
    }

    /// Makes the connection unusable.
    pub(super) fn poison(&mut self) {
        self.poisoned = true;
    }

    /// Sends a request and receives its response, of `limit` bytes at most.
    ///
    /// `repeatable` is whether the request changes nothing on the server.
    pub(super) fn exchange(
        &mut self,
        request: &[u8],
        limit: usize,
        repeatable: bool,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        if self.poisoned {
            return Err(Error::new(Phase::Send, ErrorKind::Poisoned));
        }
        // Until the response is here, whatever happens leaves the connection in the middle of an exchange.
        self.poisoned = true;
        self.look_for_close()?;
        let unknown = Effect::Unknown { repeatable };
        let until = deadline(self.timeouts.overall);
        self.stream.sock.set_deadline(until);
        let framing = Framing::new(Tag::REQUEST_MESSAGE).with_limit(usize::MAX).with_deadline(until);
        if let Err(error) = framing.write_message(&mut self.stream, request) {
            // A server that refuses the handshake closes at once; what it said first is the better reason.
            return match self.look_for_close() {
                Err(refused) if refused.phase() == Phase::Tls => Err(refused),
                _ => Err(self.failed(Phase::Send, error, unknown)),
            };
        }
        let framing = Framing::new(Tag::RESPONSE_MESSAGE).with_limit(limit).with_deadline(until);
        match framing.read_message(&mut self.stream) {
            Ok(Some(response)) => {
                self.answers += 1;
                // Which of the two answers the request cannot be told: what follows, or what was read.
                if let Ok(Idle::Data) = self.take_in() {
                    let kind = ErrorKind::StrayBytes { bytes: self.count_stray_bytes() };
                    return Err(Error::new(Phase::Receive, kind).with_effect(unknown));
                }
                self.poisoned = false;
                Ok(response)
            }
            Ok(None) => Err(Error::new(Phase::Receive, ErrorKind::Closed).with_effect(unknown)),
            Err(error) => Err(self.failed(Phase::Receive, error, unknown)),
        }
    }

    /// Finds out whether the server closed the connection, or sent what nobody asked for, since the last
    /// exchange: nothing of the new request is sent then.
    fn look_for_close(&mut self) -> Result<(), Error> {
        let failed = |kind| Err(Error::new(Phase::Send, kind));
        match self.take_in() {
            Ok(Idle::Open) => Ok(()),
            Ok(Idle::Closed) => failed(ErrorKind::Closed),
            // An answer to nothing, so the next one would be taken for the answer to something else.
            Ok(Idle::Data) => failed(ErrorKind::StrayBytes { bytes: self.count_stray_bytes() }),
            Err(error) => Err(self.failed(Phase::Send, FramingError::Io(error), Effect::None)),
        }
    }

    /// Takes in what has come, without waiting for more.
    fn take_in(&mut self) -> io::Result<Idle> {
        self.stream.sock.tcp().set_nonblocking(true)?;
        let read = read_what_is_there(&mut self.stream.conn, self.stream.sock.tcp());
        self.stream.sock.tcp().set_nonblocking(false)?;
        read
    }

    /// How many bytes have come that belong to no response, of [`STRAY_BYTES`] at most. They are thrown away.
    fn count_stray_bytes(&mut self) -> usize {
        let mut buffer = Zeroizing::new([0; 4096]);
        let mut bytes = 0;
        while bytes < STRAY_BYTES {
            match self.stream.conn.reader().read(&mut *buffer) {
                Ok(read @ 1..) => bytes += read,
                _ => match self.take_in() {
                    Ok(Idle::Data) => {}
                    _ => break,
                },
            }
        }
        bytes.min(STRAY_BYTES)
    }

    fn failed(&self, phase: Phase, error: FramingError, effect: Effect) -> Error {
        let FramingError::Io(error) = error else {
            return Error::new(phase, ErrorKind::Framing(error)).with_effect(effect);
        };
        match tls_error(error) {
            Ok(rustls::Error::AlertReceived(alert)) if self.answers == 0 && is_refusal(alert) => {
                // In TLS 1.3 the client is done with the handshake before the server has looked at its
                // certificate. A server that refuses it has not looked at the request.
                Error::new(Phase::Tls, ErrorKind::Tls(rustls::Error::AlertReceived(alert)))
            }
            Ok(error) => Error::new(phase, ErrorKind::Tls(error)).with_effect(effect),
            Err(error) => Error::new(phase, ErrorKind::Framing(FramingError::Io(error))).with_effect(effect),
        }
    }
}

impl Drop for Secured {
    fn drop(&mut self) {
        // Whether the server hears it or not: the connection is gone.
        self.stream.sock.set_deadline(deadline(Some(GOODBYE)));
        self.stream.conn.send_close_notify();
        let _ = self.stream.conn.write_tls(&mut self.stream.sock);
    }
}

/// What is on a connection between exchanges.
enum Idle {
    /// Nothing.
    Open,
    /// Its end.
    Closed,
    /// Data.
    Data,
}

/// Takes in what has come, on a socket that does not block.
fn read_what_is_there(tls: &mut ClientConnection, socket: &mut TcpStream) -> io::Result<Idle> {
    loop {
        // Such as session tickets, which come after the handshake; or what came with the last response.
        let state = tls.process_new_packets().map_err(io::Error::other)?;
        if state.plaintext_bytes_to_read() > 0 {
            return Ok(Idle::Data);
        }
        if state.peer_has_closed() {
            return Ok(Idle::Closed);
        }
        match tls.read_tls(socket) {
            Ok(0) => return Ok(Idle::Closed),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(Idle::Open),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The failure of connecting or of the handshake.
fn broken_off(phase: Phase, error: io::Error, timeout: Option<Duration>) -> Error {
    let kind = match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => match timeout {
            Some(timeout) => ErrorKind::TimedOut { timeout },
            None => ErrorKind::Io(error),
        },
        io::ErrorKind::UnexpectedEof if phase == Phase::Tls => ErrorKind::Closed,
        _ => match tls_error(error) {
            Ok(error) => ErrorKind::Tls(error),
            Err(error) => ErrorKind::Io(error),
        },
    };
    Error::new(phase, kind)
}

/// The error of TLS that rustls puts into an error of the stream.
fn tls_error(error: io::Error) -> Result<rustls::Error, io::Error> {
    error.downcast::<rustls::Error>()
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
