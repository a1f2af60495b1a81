//! A page on loopback on which a developer watches exchanges come in, looks at the objects of a server, and reads dumps.
//!
//! ```
//! use kmip_sdk::Client;
//! use kmip_sdk::inspect::{Filter, Inspector};
//! use kmip_sdk::server::{EmbeddedServer, ServerOptions};
//!
//! let inspector = Inspector::start()?;
//! let options = ServerOptions::default().layer(inspector.layer());
//! let server = EmbeddedServer::start_with(options)?;
//! inspector.look_at(&server);
//! println!("look at {}", inspector.url());
//!
//! let client = Client::builder().embedded(&server).connect()?;
//! client.create_aes(256).send()?;
//! let seen = inspector.exchanges(&Filter::of_operation("Create"));
//! assert_eq!(seen[0].results, ["Success"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Who sees what
//!
//! The page is served on 127.0.0.1 alone, by HTTP without TLS, to whoever has its address: a random token of 256 bits is in it,
//! new each time. Requests under another name than this machine's, or from another page, are refused. It changes nothing:
//! objects are read from the store, past the server, so that no usage is counted and no right is asked for.
//!
//! Secrets (keys, passwords, plaintext) are left out. Each is shown only when it is asked for by itself. Test cases have
//! placeholders for them. **Who has the address can ask for every secret that has gone by, and for every key**: it is for
//! development and tests.
//!
//! # What is kept
//!
//! The newest exchanges, as many and as large as the [builder](Inspector::builder) says; their bytes are wiped when they are
//! dropped. What is pasted is not kept.

mod exchanges;
mod objects;
mod page;
mod reading;
mod serve;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::JoinHandle;

use kmip_types::case;
use kmip_types::view::{View, ViewError};
use tokio::sync::oneshot;

use crate::random;
use crate::server::layer::{Exchanged, Layer, watch};
use crate::server::{EmbeddedServer, Server};
use exchanges::{Exchanges, Kept};
pub use exchanges::{Filter, Summary};
use page::Page;

/// The size of a token in bytes.
const TOKEN: usize = 32;

/// A page on loopback that shows exchanges and objects. When it is dropped, the page is gone, and no thread of it is left.
pub struct Inspector {
    watched: Arc<Watched>,
    address: SocketAddr,
    url: String,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What an [`Inspector`] is to be.
#[derive(Clone, Debug)]
#[must_use = "it starts when it is told to"]
pub struct InspectorBuilder {
    port: u16,
    maximum_exchanges: usize,
    maximum_bytes: usize,
}

/// What the page is about.
struct Watched {
    exchanges: Exchanges,
    server: Mutex<Weak<Server>>,
}

impl Watched {
    /// The server to look at, if there is one still.
    fn server(&self) -> Option<Arc<Server>> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner).upgrade()
    }

    /// A test case of exchanges.
    fn case_xml(exchanges: &[Kept]) -> Result<String, ViewError> {
        case::to_xml(&View::of(exchanges))
    }

    /// Those exchanges that are looked for and that are there.
    fn kept(&self, filter: &Filter) -> Vec<Kept> {
        let (summaries, _) = self.exchanges.since(0, filter);
        let kept = summaries.iter().filter_map(|summary| self.exchanges.get(summary.number));
        kept.filter(|kept| kept.summary.is_kept).collect()
    }
}

impl Inspector {
    /// Starts the page on a port that the system chooses.
    ///
    /// # Errors
    /// There is no port, or there are no random bytes for the token.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// An inspector to be configured.
    pub fn builder() -> InspectorBuilder {
        InspectorBuilder { port: 0, maximum_exchanges: 1000, maximum_bytes: 16 << 20 }
    }

    /// The address of the page, with its token, for a browser on this machine. Who has it sees what the page shows.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where the page is served.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What shows the exchanges of a server to the inspector: for
    /// [`ServerOptions::layer`](crate::server::ServerOptions::layer), before all others.
    pub fn layer(&self) -> impl Layer + use<> {
        watch(self.watcher())
    }

    /// What shows exchanges to the inspector: for [`ProxyBuilder::watch`](crate::server::ProxyBuilder::watch).
    pub fn watcher(&self) -> impl Fn(&Exchanged<'_>) + Send + Sync + use<> {
        let watched = Arc::clone(&self.watched);
        move |exchanged| watched.exchanges.add(exchanged)
    }

    /// Shows the objects of a server too, for as long as it is there.
    pub fn look_at(&self, server: &EmbeddedServer) {
        self.look_at_server(server.shared_server());
    }

    /// As [`look_at`](Self::look_at), of a server without a network.
    pub fn look_at_server(&self, server: &Arc<Server>) {
        *self.watched.server.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(server);
    }

    /// The exchanges that are kept, of those that are looked for, the oldest first.
    pub fn exchanges(&self, filter: &Filter) -> Vec<Arc<Summary>> {
        self.watched.exchanges.since(0, filter).0
    }

    /// The exchanges that are kept, of those that are looked for, as a test case in XML, with placeholders for what varies and for
    /// secrets: [`Case`](kmip_types::case::Case) reads it.
    ///
    /// # Errors
    /// As [`case::to_xml`].
    pub fn case_xml(&self, filter: &Filter) -> Result<String, ViewError> {
        Watched::case_xml(&self.watched.kept(filter))
    }
}

impl InspectorBuilder {
    /// The port on 127.0.0.1. Default 0: one that the system chooses.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// How many exchanges are kept: the newest. Default 1000.
    pub fn maximum_exchanges(mut self, exchanges: usize) -> Self {
        self.maximum_exchanges = exchanges;
        self
    }

    /// How large the messages that are kept may be together, in bytes. Of an exchange that is larger, it is kept that there was
    /// one. Default 16 MiB.
    pub fn maximum_bytes(mut self, bytes: usize) -> Self {
        self.maximum_bytes = bytes;
        self
    }

    /// Starts the page.
    ///
    /// # Errors
    /// The port is taken, or there are no random bytes for the token.
    pub fn start(self) -> io::Result<Inspector> {
        let mut bytes = [0; TOKEN];
        random::fill(&mut bytes).map_err(|_| io::Error::other("there are no random bytes"))?;
        let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port))?;
        let address = listener.local_addr()?;
        let watched = Arc::new(Watched {
            exchanges: Exchanges::new(self.maximum_exchanges, self.maximum_bytes),
            server: Mutex::default(),
        });
        let url = format!("http://{address}/{token}/");
        let page = Page::new(Arc::clone(&watched), address, token);
        let (end, ended) = oneshot::channel();
        let thread = serve::start(listener, page, ended)?;
        Ok(Inspector { watched, address, url, end: Some(end), thread: Some(thread) })
    }
}

impl Drop for Inspector {
    fn drop(&mut self) {
        self.end = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Without the token.
impl fmt::Debug for Inspector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inspector").field("address", &self.address).finish_non_exhaustive()
    }
}
