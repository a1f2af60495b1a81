//! One face for the blocking and the async client, so that each test is written once and made with both.

use std::io::{ErrorKind, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;
use std::time::Duration;

use kmip_sdk::ask::Ask;
use kmip_sdk::connect::{Address, Stream};
use kmip_sdk::generic::{Client, ClientBuilder};
use kmip_sdk::tokio::{Connecting, Stream as AsyncStream, Tokio};
use kmip_sdk::types::operation::Request;
use kmip_sdk::{Blocking, Call, Driver, Error};
use tokio::io::AsyncReadExt;
use tokio::runtime::Runtime;

use kmip_tests::patience::eventually;

/// The runtime of all async clients of the tests.
pub(crate) static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
});

/// What the drivers have each of their own.
pub(crate) trait Drives: Driver + Sized {
    fn builder() -> ClientBuilder<Self>;

    fn build(builder: ClientBuilder<Self>) -> Result<Client<Self>, Error>;

    fn make<A: Ask<Self>>(call: Call<'_, Self, A>) -> Result<A::Answer, Error>;

    /// Connects over TCP, with nothing around the messages.
    fn plain(builder: ClientBuilder<Self>) -> ClientBuilder<Self>;

    /// Takes this long to connect over TCP, below TLS.
    fn late(builder: ClientBuilder<Self>, delay: Duration) -> ClientBuilder<Self>;

    /// Connects over TCP, below TLS, and keeps a handle to each socket.
    fn watched(builder: ClientBuilder<Self>, sockets: &Sockets) -> ClientBuilder<Self>;

    /// Takes note of what the sockets have received by now, where the driver is told of that by somebody else.
    fn takes_note();

    /// Makes all calls at the same time, each on a thread or a task of its own.
    fn at_once<R: Request>(client: &Client<Self>, requests: Vec<R>) -> Vec<Result<R::Response, Error>>;
}

/// The sockets that a client has connected by.
#[derive(Clone, Default)]
pub(crate) struct Sockets(Arc<Mutex<Vec<TcpStream>>>);

impl Sockets {
    fn connect(&self, host: &str, port: u16) -> std::io::Result<TcpStream> {
        let stream = TcpStream::connect((host, port))?;
        self.0.lock().unwrap().push(stream.try_clone()?);
        Ok(stream)
    }

    /// Waits until the other side has closed all of them, on which nothing else is to come, and the driver knows it.
    pub(crate) fn are_closed<D: Drives>(&self) {
        for stream in &*self.0.lock().unwrap() {
            eventually(|| {
                let waits = |kind| matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut);
                !stream.peek(&mut [0]).is_err_and(|error| waits(error.kind()))
            });
        }
        D::takes_note();
    }
}

impl Drives for Blocking {
    fn builder() -> ClientBuilder<Self> {
        Client::<Self>::builder()
    }

    fn build(builder: ClientBuilder<Self>) -> Result<Client<Self>, Error> {
        builder.build()
    }

    fn make<A: Ask<Self>>(call: Call<'_, Self, A>) -> Result<A::Answer, Error> {
        call.send()
    }

    fn plain(builder: ClientBuilder<Self>) -> ClientBuilder<Self> {
        builder.connector(|address: &Address, _: Option<std::time::Instant>| {
            let stream = TcpStream::connect((address.host(), address.port()))?;
            Ok(Box::new(stream) as Box<dyn Stream>)
        })
    }

    fn late(builder: ClientBuilder<Self>, delay: Duration) -> ClientBuilder<Self> {
        builder.connector_below_tls(move |address: &Address, until: Option<std::time::Instant>| {
            let left = until.map(|until| until.saturating_duration_since(std::time::Instant::now()));
            thread::sleep(left.map_or(delay, |left| left.min(delay)));
            if left.is_some_and(|left| left < delay) {
                return Err(std::io::ErrorKind::TimedOut.into());
            }
            let stream = TcpStream::connect((address.host(), address.port()))?;
            Ok(Box::new(stream) as Box<dyn Stream>)
        })
    }

    fn watched(builder: ClientBuilder<Self>, sockets: &Sockets) -> ClientBuilder<Self> {
        let sockets = sockets.clone();
        builder.connector_below_tls(move |address: &Address, _: Option<std::time::Instant>| {
            Ok(Box::new(sockets.connect(address.host(), address.port())?) as Box<dyn Stream>)
        })
    }

    fn takes_note() {}

    fn at_once<R: Request>(client: &Client<Self>, requests: Vec<R>) -> Vec<Result<R::Response, Error>> {
        thread::scope(|scope| {
            let call = |request| scope.spawn(move || client.call(request).send());
            let calls: Vec<_> = requests.into_iter().map(call).collect();
            calls.into_iter().map(|call| call.join().unwrap()).collect()
        })
    }
}

/// A stream over TCP, after a while.
fn connecting(address: &Address, delay: Duration) -> Connecting {
    let (host, port) = (address.host().to_owned(), address.port());
    Box::pin(async move {
        tokio::time::sleep(delay).await;
        let stream = tokio::net::TcpStream::connect((host, port)).await?;
        Ok(Box::new(stream) as Box<dyn AsyncStream>)
    })
}

impl Drives for Tokio {
    fn builder() -> ClientBuilder<Self> {
        Client::<Self>::builder()
    }

    fn build(builder: ClientBuilder<Self>) -> Result<Client<Self>, Error> {
        builder.build()
    }

    fn make<A: Ask<Self>>(call: Call<'_, Self, A>) -> Result<A::Answer, Error> {
        RUNTIME.block_on(async { call.await })
    }

    fn plain(builder: ClientBuilder<Self>) -> ClientBuilder<Self> {
        builder.connector(|address: &Address| connecting(address, Duration::ZERO))
    }

    fn late(builder: ClientBuilder<Self>, delay: Duration) -> ClientBuilder<Self> {
        builder.connector_below_tls(move |address: &Address| connecting(address, delay))
    }

    fn watched(builder: ClientBuilder<Self>, sockets: &Sockets) -> ClientBuilder<Self> {
        let sockets = sockets.clone();
        builder.connector_below_tls(move |address: &Address| -> Connecting {
            let stream = sockets.connect(address.host(), address.port());
            Box::pin(async move {
                let stream = stream?;
                stream.set_nonblocking(true)?;
                Ok(Box::new(tokio::net::TcpStream::from_std(stream)?) as Box<dyn AsyncStream>)
            })
        })
    }

    /// The system tells the runtime in the order in which it came, so that what comes last is known last.
    fn takes_note() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (far, _) = listener.accept().unwrap();
        far.set_nonblocking(true).unwrap();
        RUNTIME.block_on(async {
            let mut far = tokio::net::TcpStream::from_std(far).unwrap();
            near.write_all(&[1]).unwrap();
            assert_eq!(far.read_u8().await.unwrap(), 1);
        });
    }

    fn at_once<R: Request>(client: &Client<Self>, requests: Vec<R>) -> Vec<Result<R::Response, Error>> {
        let call = |request| {
            let client = client.clone();
            RUNTIME.spawn(async move { client.call(request).await })
        };
        let calls: Vec<_> = requests.into_iter().map(call).collect();
        calls.into_iter().map(|call| RUNTIME.block_on(call).unwrap()).collect()
    }
}

/// A call that is made with whichever driver.
pub(crate) trait Make {
    type Answer;

    fn make(self) -> Result<Self::Answer, Error>;
}

impl<D: Drives, A: Ask<D>> Make for Call<'_, D, A> {
    type Answer = A::Answer;

    fn make(self) -> Result<A::Answer, Error> {
        D::make(self)
    }
}

/// A client that is made with whichever driver.
pub(crate) trait Start<D: Drives> {
    /// That connects at its first call.
    fn start_late(self) -> Result<Client<D>, Error>;

    /// That has connected.
    fn start(self) -> Result<Client<D>, Error>;
}

impl<D: Drives> Start<D> for ClientBuilder<D> {
    fn start_late(self) -> Result<Client<D>, Error> {
        D::build(self)
    }

    fn start(self) -> Result<Client<D>, Error> {
        let client = self.start_late()?;
        client.connect().make()?;
        Ok(client)
    }
}

/// Makes a test with each driver of each of these functions.
macro_rules! with_both_drivers {
    ($($case:ident),* $(,)?) => { $(
        mod $case {
            #[test]
            fn blocking() {
                super::$case::<kmip_sdk::Blocking>();
            }

            #[test]
            fn tokio() {
                super::$case::<kmip_sdk::tokio::Tokio>();
            }
        }
    )* };
}

pub(crate) use with_both_drivers;
