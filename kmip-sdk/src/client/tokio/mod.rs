//! The async client, on the runtime of the crate `tokio`.
//!
//! It is the [client](Client) that the blocking one is, with calls that are awaited. A call may be dropped at any point: the
//! connection that it used is closed, and no other call gets its answer.
//!
//! ```no_run
//! use kmip_sdk::tokio::Client;
//! use kmip_sdk::types::operation::GetRequest;
//!
//! # async fn example() -> Result<(), kmip_sdk::Error> {
//! let client = Client::builder()
//!     .address("kmip.example.com")
//!     .root_certificates_file("ca.pem")
//!     .identity_files("client.pem", "client-key.pem")
//!     .connect()
//!     .await?;
//! let got = client.call(GetRequest::new("k-1")).await?;
//! # Ok(()) }
//! ```

mod housekeeper;
mod lent;

use std::future::{Future, IntoFuture, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use std::{fmt, io};

use super::address::Attempts;
use super::ask::Ask;
use super::call::Call;
use super::core::{Carrier, Core, Target};
use super::flow::{Action, Flow};
use super::timeouts::Patience;
use super::verbs::{Pages, Sink, Source};
use super::{Address, ClientBuilder as Builder, Drive, Driver};
use kmip_types::attribute::UniqueIdentifier;

use crate::error::{Error, ErrorKind, Phase};
use crate::link::{Io, Link, Progress};
use ::tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use ::tokio::net::{TcpStream, lookup_host};
use ::tokio::time::{sleep, sleep_until, timeout_at};
use housekeeper::Housekeeper;
use lent::Lent;

/// The async client.
pub type Client = super::Client<Tokio>;

/// What an async client is to be.
pub type ClientBuilder = Builder<Tokio>;

/// The driver of the async [`Client`].
#[derive(Default)]
pub struct Tokio {
    connector: Option<Arc<dyn Connector>>,
    housekeeper: Housekeeper,
}

/// A stream of an async client: anything that tokio can read from and write to.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin + 'static> Stream for S {}

/// What a connector is to yield.
pub type Connecting = Pin<Box<dyn Future<Output = io::Result<Box<dyn Stream>>> + Send>>;

/// Makes the streams of an async client, where TCP is not what leads to the server, or TLS is not to be that of this
/// library. Any function from an address to such a future is one. What takes too long is dropped.
pub trait Connector: Send + Sync + 'static {
    /// A new stream to the server.
    ///
    /// # Errors
    /// It cannot be reached.
    fn connect(&self, address: &Address) -> Connecting;
}

impl<F: Fn(&Address) -> Connecting + Send + Sync + 'static> Connector for F {
    fn connect(&self, address: &Address) -> Connecting {
        self(address)
    }
}

impl Driver for Tokio {}

impl Drive for Tokio {
    type Carrier = Box<dyn Stream>;

    async fn run(&self, flow: &mut Flow<Box<dyn Stream>>) {
        run(flow, self.connector.as_deref()).await;
    }

    async fn pause(time: Duration) {
        sleep(time).await;
    }

    fn look_after(&self, core: &Arc<Core<Box<dyn Stream>>>) {
        self.housekeeper.look_after(core, self.connector.as_ref());
    }

    fn stop(&self) {
        self.housekeeper.stop();
    }
}

impl Carrier for Box<dyn Stream> {
    fn without_waiting<R>(&mut self, use_it: impl FnOnce(&mut dyn Io) -> R) -> Option<R> {
        let mut nobody = std::task::Context::from_waker(std::task::Waker::noop());
        Some(use_it(&mut Lent::new(self, &mut nobody)))
    }
}

impl Builder<Tokio> {
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
    pub fn build(self) -> Result<Client, Error> {
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
    pub async fn connect(self) -> Result<Client, Error> {
        let client = self.build()?;
        client.connect().await?;
        Ok(client)
    }
}

impl Client {
    /// A client to be configured.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }
}

impl<'a, A: Ask<Tokio> + 'a> IntoFuture for Call<'a, Tokio, A> {
    type Output = Result<A::Answer, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.perform())
    }
}

impl<R: AsyncRead + Send + Unpin> Source<Tokio> for R {
    async fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut buffer = ReadBuf::new(into);
        poll_fn(|context| Pin::new(&mut *self).poll_read(context, &mut buffer)).await?;
        Ok(buffer.filled().len())
    }
}

impl<W: AsyncWrite + Send + Unpin> Sink<Tokio> for W {
    async fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match poll_fn(|context| Pin::new(&mut *self).poll_write(context, bytes)).await? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                written => bytes = bytes.get(written..).unwrap_or_default(),
            }
        }
        Ok(())
    }

    async fn flush(&mut self) -> io::Result<()> {
        poll_fn(|context| Pin::new(&mut *self).poll_flush(context)).await
    }
}

impl Pages<Tokio> {
    /// The next object, if there is one.
    ///
    /// # Errors
    /// As of [`Client::locate`](crate::generic::Client::locate).
    pub async fn next(&mut self) -> Option<Result<UniqueIdentifier, Error>> {
        poll_fn(|context| self.poll(context)).await
    }
}

impl futures_core::Stream for Pages<Tokio> {
    type Item = Result<UniqueIdentifier, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

/// Does what a flow says, until it is over.
async fn run(flow: &mut Flow<Box<dyn Stream>>, connector: Option<&dyn Connector>) {
    loop {
        match next(flow).await {
            // It has waited.
            Action::Wait(_) => {}
            Action::Open { target, until } => {
                let stream = open(&target, connector, until).await;
                flow.opened(stream, Instant::now());
            }
            Action::Look => {
                // The runtime takes note of what has come before this goes on.
                ::tokio::task::yield_now().await;
                flow.look(Instant::now());
            }
            Action::Drive(patience) => {
                let driven = match flow.parts() {
                    Some((link, stream)) => drive(link, stream, patience).await,
                    None => Ok(()),
                };
                flow.driven(driven, Instant::now());
            }
            Action::Finish => return,
        }
    }
}

/// The next action of a flow; of one that is to wait, once it has waited.
async fn next(flow: &mut Flow<Box<dyn Stream>>) -> Action {
    let mut sleep = None;
    poll_fn(|context| match flow.next(Instant::now(), context.waker()) {
        Action::Wait(until) => {
            let Some(until) = until else { return Poll::Pending };
            let sleep = sleep.get_or_insert_with(|| Box::pin(sleep_until(until.into())));
            sleep.as_mut().reset(until.into());
            match sleep.as_mut().poll(context) {
                // The time is over, and the flow is asked again.
                Poll::Ready(()) => {
                    context.waker().wake_by_ref();
                    Poll::Pending
                }
                Poll::Pending => Poll::Pending,
            }
        }
        action => Poll::Ready(action),
    })
    .await
}

/// Drives a link until what it awaits is there, or the patience ends.
async fn drive(link: &mut Link, stream: &mut Box<dyn Stream>, patience: Patience) -> Result<(), Error> {
    let mut sleep = None;
    let mut moved = None;
    poll_fn(move |context| {
        let writing = match link.drive(&mut Lent::new(stream, context)) {
            Ok(Progress::Done) => return Poll::Ready(Ok(())),
            Ok(Progress::Blocked { writing }) => writing,
            Err(error) => return Poll::Ready(Err(error)),
        };
        // Something moved, so that the silence begins anew.
        if moved.replace((link.moved(), writing)) != Some((link.moved(), writing)) {
            let limit = patience.limit(writing, Instant::now());
            sleep = limit.map(|limit| Box::pin(sleep_until(limit.into())));
        }
        match sleep.as_mut().map(|sleep| sleep.as_mut().poll(context)) {
            Some(Poll::Ready(())) => Poll::Ready(Err(link.timed_out())),
            _ => Poll::Pending,
        }
    })
    .await
}

/// Opens a stream to the server.
async fn open(
    target: &Target,
    connector: Option<&dyn Connector>,
    until: Option<Instant>,
) -> Result<Box<dyn Stream>, Error> {
    let begun = Instant::now();
    let connecting = async {
        match connector {
            Some(connector) => connector.connect(&target.address).await,
            None => connect(&target.address, until).await.map(|stream| Box::new(stream) as Box<dyn Stream>),
        }
    };
    let stream = match until {
        Some(until) => {
            timeout_at(until.into(), connecting).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
        }
        None => connecting.await,
    };
    stream.map_err(|error| {
        let kind = match until {
            Some(until) if error.kind() == io::ErrorKind::TimedOut => {
                ErrorKind::TimedOut { timeout: until.saturating_duration_since(begun) }
            }
            _ => ErrorKind::Io(error),
        };
        Error::new(Phase::Connect, kind)
    })
}

/// Connects to the first address of the host that takes a connection.
async fn connect(address: &Address, until: Option<Instant>) -> io::Result<TcpStream> {
    let addresses = lookup_host((address.host(), address.port())).await?;
    let mut attempts = Attempts::new(addresses, until);
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the host's name has no address");
    while let Some((address, until)) = attempts.next(Instant::now()) {
        let connecting = TcpStream::connect(address);
        let stream = match until {
            Some(until) => timeout_at(until.into(), connecting)
                .await
                .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())),
            None => connecting.await,
        };
        // A request is written whole, and its answer awaited: there is nothing to gather.
        match stream.and_then(|stream| stream.set_nodelay(true).map(|()| stream)) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

impl fmt::Debug for Tokio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokio").finish_non_exhaustive()
    }
}
