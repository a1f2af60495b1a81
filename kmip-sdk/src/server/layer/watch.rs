//! What sees each exchange as a whole: who asked, what was said, and how long it took.

use std::fmt;
use std::time::{Duration, Instant};

use super::{Incoming, Layer, Next, Outcome};

/// An exchange that went by, at a server or at a [`Proxy`](crate::server::Proxy). Its messages may hold secrets, and are
/// not shown by `Debug`.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Exchanged<'a> {
    /// The number of the connection, from 0, on all ports together; nothing in process.
    pub connection: Option<u64>,
    /// Whose the connection is, as the client's certificate says.
    pub client: Option<&'a str>,
    /// In which encoding the messages went over HTTPS; nothing on a port for binary TTLV, and in process. With the feature
    /// `https`.
    #[cfg(feature = "https")]
    pub encoding: Option<crate::Encoding>,
    /// The request: one message of binary TTLV, if the client keeps to the standard.
    pub request: &'a [u8],
    /// What the client was sent, in binary TTLV; nothing where the connection ended in its place.
    pub response: &'a [u8],
    /// Why there was no response, in words.
    pub failure: Option<&'a str>,
    /// How long it took.
    pub took: Duration,
}

impl fmt::Debug for Exchanged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Exchanged");
        debug.field("connection", &self.connection).field("client", &self.client);
        #[cfg(feature = "https")]
        debug.field("encoding", &self.encoding);
        debug
            .field("request", &self.request.len())
            .field("response", &self.response.len())
            .field("failure", &self.failure)
            .field("took", &self.took)
            .finish()
    }
}

/// A layer that changes nothing, and shows each exchange to a function once it is done. Put in front of all others, it shows
/// what the client is sent.
///
/// **The messages carry secrets**: keys, passwords, plaintext. This is for development and tests.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicUsize, Ordering};
///
/// use kmip_sdk::Client;
/// use kmip_sdk::server::layer::{Exchanged, watch};
/// use kmip_sdk::server::{Server, ServerOptions};
///
/// let bytes = Arc::new(AtomicUsize::new(0));
/// let counted = Arc::clone(&bytes);
/// let options = ServerOptions::default().layer(watch(move |exchanged: &Exchanged<'_>| {
///     counted.fetch_add(exchanged.request.len(), Ordering::Relaxed);
/// }));
/// let client = Client::builder().service(Server::new(options)).connect()?;
/// client.create_aes(256).send()?;
/// assert_ne!(bytes.load(Ordering::Relaxed), 0);
/// # Ok::<(), kmip_sdk::Error>(())
/// ```
pub fn watch(seen: impl Fn(&Exchanged<'_>) + Send + Sync) -> impl Layer {
    Watch(seen)
}

struct Watch<F>(F);

impl<F: Fn(&Exchanged<'_>) + Send + Sync> Layer for Watch<F> {
    fn handle(&self, incoming: &Incoming<'_>, next: Next<'_>) -> Outcome {
        let began = Instant::now();
        let outcome = next.run(incoming);
        let sent = outcome.sent(outcome.bytes().len());
        (self.0)(&Exchanged {
            connection: incoming.connection(),
            client: incoming.identity(),
            #[cfg(feature = "https")]
            encoding: incoming.peer.encoding,
            request: incoming.bytes(),
            response: outcome.bytes().get(..sent).unwrap_or_default(),
            failure: None,
            took: began.elapsed(),
        });
        outcome
    }
}
