//! What answers messages without a network.

use std::sync::Arc;

/// Message in, message out: a server without a network.
///
/// A [`Client`](crate::Client) calls it as it would call a server behind TLS, where it is built with
/// [`ClientBuilder::service`](crate::ClientBuilder::service). The embedded [`Server`](crate::server::Server) is one with the
/// feature `server`, and so is any function from a message to its answer.
///
/// ```
/// use kmip_sdk::Client;
/// use kmip_sdk::types::ProtocolVersion;
///
/// let nobody = |_: &[u8]| Vec::new();
/// let client = Client::builder().service(nobody).version(ProtocolVersion::V2_1).connect()?;
/// let error = client.call(kmip_sdk::types::operation::PingRequest {}).send().unwrap_err();
/// assert_eq!(error.phase(), kmip_sdk::Phase::Receive);
/// # Ok::<(), kmip_sdk::Error>(())
/// ```
pub trait Service: Send + Sync {
    /// The response to a request, both one message of binary TTLV. No bytes at all are the end of the connection.
    ///
    /// Both may hold secrets.
    fn exchange(&self, request: &[u8]) -> Vec<u8>;
}

impl<F: Fn(&[u8]) -> Vec<u8> + Send + Sync> Service for F {
    fn exchange(&self, request: &[u8]) -> Vec<u8> {
        self(request)
    }
}

impl<S: Service + ?Sized> Service for Arc<S> {
    fn exchange(&self, request: &[u8]) -> Vec<u8> {
        (**self).exchange(request)
    }
}

#[cfg(feature = "server")]
impl Service for crate::server::Server {
    fn exchange(&self, request: &[u8]) -> Vec<u8> {
        self.handle(request)
    }
}
