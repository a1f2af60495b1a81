//! The blocking driver: does what a flow says, on the thread that makes the call.

mod housekeeper;
mod timed;

use std::future::poll_fn;
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};
use std::{fmt, io};

use super::address::Attempts;
use super::ask::Ask;
use super::call::Call;
use super::connect::{Connector, Stream};
use super::core::{Carrier, Core, Target};
use super::flow::{Action, Flow};
use super::verbs::{Pages, Sink, Source};
use super::{Address, Client, ClientBuilder, Drive, Driver};
use kmip_types::attribute::UniqueIdentifier;

use crate::error::{Error, ErrorKind, Phase};
use crate::link::Io;
use housekeeper::Housekeeper;
pub(crate) use timed::TimedStream;

/// The driver of [`Client`](crate::Client): a call blocks the thread that makes it.
#[derive(Default)]
pub struct Blocking {
    connector: Option<Arc<dyn Connector>>,
    housekeeper: Housekeeper,
}

impl Driver for Blocking {}

impl Drive for Blocking {
    type Carrier = TimedStream;

    async fn run(&self, flow: &mut Flow<TimedStream>) {
        run(flow, self.connector.as_deref());
    }

    async fn pause(time: Duration) {
        thread::sleep(time);
    }

    fn look_after(&self, core: &Arc<Core<TimedStream>>) {
        self.housekeeper.look_after(core, self.connector.as_ref());
    }

    fn stop(&self) {
        self.housekeeper.stop();
    }
}

impl Carrier for TimedStream {
    fn without_waiting<R>(&mut self, use_it: impl FnOnce(&mut dyn Io) -> R) -> Option<R> {
        let stream = self.stream();
        stream.set_nonblocking(true).ok()?;
        let result = use_it(&mut *stream);
        // If it stays so, its next read is told, and ends the connection.
        let _ = stream.set_nonblocking(false);
        Some(result)
    }
}

impl ClientBuilder<Blocking> {
    /// Sets what makes the streams to the server. They are taken as they are: TLS, if there is to be any, is the
    /// connector's affair.
    pub fn connector(mut self, connector: impl Connector) -> Self {
        self.driver.connector = Some(Arc::new(connector));
        self.tls_within = false;
        self
    }

    /// Sets what makes the streams to the server. TLS is spoken over them, as over TCP.
    pub fn connector_below_tls(mut self, connector: impl Connector) -> Self {
        self.driver.connector = Some(Arc::new(connector));
        self.tls_within = true;
        self
    }

    /// A client that connects when the first call is made.
    ///
    /// # Errors
    /// [`Phase::Configure`]: no address, or nothing to trust the server by; or something that is not what it should be.
    pub fn build(self) -> Result<Client<Blocking>, Error> {
        let (core, driver) = self.into_core()?;
        Ok(Client::of(core, driver))
    }

    /// A client that has connected, completed the TLS handshake, and agreed with the server on a version of the
    /// protocol.
    ///
    /// # Errors
    /// - [`Phase::Configure`]: as of [`build`](Self::build).
    /// - [`Phase::Connect`], [`Phase::Tls`]: of several addresses, the failure of the last.
    /// - [`Phase::Negotiate`]: the server has none of the versions, or does not answer.
    pub fn connect(self) -> Result<Client<Blocking>, Error> {
        let client = self.build()?;
        client.connect().send()?;
        Ok(client)
    }
}

impl Client<Blocking> {
    /// A client to be configured.
    pub fn builder() -> ClientBuilder<Blocking> {
        ClientBuilder::new()
    }
}

impl<A: Ask<Blocking>> Call<'_, Blocking, A> {
    /// Makes the call, and waits for what it yields.
    ///
    /// # Errors
    /// As where the call comes from, such as [`Client::call`](crate::Client::call), says.
    pub fn send(self) -> Result<A::Answer, Error> {
        block_on(self.perform())
    }
}

impl<R: Read + Send> Source<Blocking> for R {
    async fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        Read::read(self, into)
    }
}

impl<W: Write + Send> Sink<Blocking> for W {
    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    async fn flush(&mut self) -> io::Result<()> {
        Write::flush(self)
    }
}

impl Iterator for Pages<Blocking> {
    type Item = Result<UniqueIdentifier, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        block_on(poll_fn(|context| self.poll(context)))
    }
}

/// What a future yields. Those of this driver wait within, so that it is there at once, unless it is that of a function
/// of the user's.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = waker();
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        thread::park();
    }
}

/// Does what a flow says, until it is over.
fn run(flow: &mut Flow<TimedStream>, connector: Option<&dyn Connector>) {
    let waker = waker();
    loop {
        match flow.next(Instant::now(), &waker) {
            Action::Wait(None) => thread::park(),
            Action::Wait(Some(until)) => {
                thread::park_timeout(until.saturating_duration_since(Instant::now()));
            }
            Action::Open { target, until } => {
                let stream = open(&target, connector, until);
                flow.opened(stream, Instant::now());
            }
            Action::Look => flow.look(Instant::now()),
            Action::Drive(patience) => {
                let driven = flow.parts().map(|(link, stream)| {
                    stream.set_patience(patience);
                    link.drive(stream)
                });
                flow.driven(driven.unwrap_or(Ok(crate::link::Progress::Done)).map(drop), Instant::now());
            }
            Action::Finish => return,
        }
    }
}

/// Opens a stream to the server.
fn open(
    target: &Target,
    connector: Option<&dyn Connector>,
    until: Option<Instant>,
) -> Result<TimedStream, Error> {
    let begun = Instant::now();
    let failed = |error: io::Error| {
        let kind = match until {
            Some(until) if Instant::now() >= until || error.kind() == io::ErrorKind::TimedOut => {
                ErrorKind::TimedOut { timeout: until.saturating_duration_since(begun) }
            }
            _ => ErrorKind::Io(error),
        };
        Error::new(Phase::Connect, kind)
    };
    let stream = match connector {
        Some(connector) => connector.connect(&target.address, until),
        None => connect(&target.address, until).map(|stream| Box::new(stream) as Box<dyn Stream>),
    };
    stream.map(TimedStream::new).map_err(failed)
}

/// Connects to the first address of the host that takes a connection.
fn connect(address: &Address, until: Option<Instant>) -> io::Result<TcpStream> {
    let mut attempts = Attempts::new(resolve(address, until)?, until);
    let mut last = io::Error::from(io::ErrorKind::TimedOut);
    while let Some((address, until)) = attempts.next(Instant::now()) {
        let stream = match until {
            Some(until) => {
                let left = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
                TcpStream::connect_timeout(&address, left)
            }
            None => TcpStream::connect(address),
        };
        // A request is written whole, and its answer awaited: there is nothing to gather.
        match stream.and_then(|stream| stream.set_nodelay(true).map(|()| stream)) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// The addresses of a host. The system's look-up knows no deadline, so it has a thread of its own.
fn resolve(address: &Address, until: Option<Instant>) -> io::Result<Vec<SocketAddr>> {
    if let Ok(ip) = address.host().parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(ip, address.port())]);
    }
    let host = (address.host().to_owned(), address.port());
    let look_up = move || host.to_socket_addrs().map(Iterator::collect::<Vec<_>>);
    let found = match until {
        None => look_up()?,
        Some(until) => {
            let (sender, receiver) = mpsc::channel();
            thread::Builder::new()
                .name("kmip-look-up".to_owned())
                .spawn(move || drop(sender.send(look_up())))?;
            let left = until.saturating_duration_since(Instant::now());
            receiver.recv_timeout(left).map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??
        }
    };
    match found.is_empty() {
        true => Err(io::Error::new(io::ErrorKind::NotFound, "the host's name has no address")),
        false => Ok(found),
    }
}

/// What wakes this thread.
fn waker() -> Waker {
    struct Parked(Thread);

    impl Wake for Parked {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    thread_local! {
        static WAKER: Waker = Waker::from(Arc::new(Parked(thread::current())));
    }
    WAKER.with(Waker::clone)
}

impl fmt::Debug for Blocking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blocking").finish_non_exhaustive()
    }
}
