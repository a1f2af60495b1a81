//! To answer the server on a connection of the client's.

use std::sync::Arc;

use super::ask::{Ask, Exchanges};
use super::flow::{Serving, Work};
use super::{Call, Client, Driver};
use crate::endpoint::{Endpoint, Served};
use crate::error::{Error, ErrorKind, Phase};

/// Asks the server to ask.
#[derive(Debug)]
pub struct Serve(Arc<Endpoint>);

impl<D: Driver> Client<D> {
    /// To let the server ask the application: the two change their roles on one connection (Set Endpoint Role), and what
    /// the server sends on it is answered by the endpoint. Since KMIP 2.0 (2.1 sections 6.1.54 and 6.2).
    ///
    /// It goes on until the server closes the connection or makes the client a client again, until a function of the endpoint
    /// [wants its end](crate::endpoint::After::End), or until the time is over that [`timeout`](Call::timeout) gave this
    /// call, if it did; that of all calls counts up to the change of roles alone. From then on the connection is none of
    /// the pool's, which may make another in its place; it is closed at the end.
    ///
    /// How long nothing comes says nothing, so that a connection that broke without a word is awaited for ever where there is no
    /// timeout.
    ///
    /// The functions of the endpoint run where the call is driven: the blocking client's on its thread, the async client's
    /// within its task. An async call is ended by dropping it.
    ///
    /// ```
    /// use std::time::Duration;
    /// use kmip_sdk::Client;
    /// use kmip_sdk::endpoint::{Endpoint, Ending};
    /// # let server = kmip_sdk::server::EmbeddedServer::start()?;
    /// # let client = Client::builder().embedded(&server).connect()?;
    /// let endpoint = Endpoint::new().on_notify(|notify| {
    ///     println!("{} has changed", notify.unique_identifier);
    ///     Ok(())
    /// });
    /// let served = client.serve(endpoint).timeout(Duration::from_secs(3)).send()?;
    /// assert_eq!((served.messages, served.ending), (0, Ending::Time));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Of the call: as of [`call`](Self::call), and
    /// - [`ErrorKind::Transport`]: the server cannot ask over HTTPS or from the same process, or keeps its role.
    /// - [`ErrorKind::Framing`]: what the server sent is no request, or too large. It was told so.
    pub fn serve(&self, endpoint: impl Into<Arc<Endpoint>>) -> Call<'_, D, Serve> {
        Call::new(self, Serve(endpoint.into()))
    }
}

impl<D: Driver> Ask<D> for Serve {
    type Answer = Served;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<Served, Error> {
        let serving = Serving::new(self.0, exchanges.own_deadline());
        let done = exchanges.exchange(Work::Serve(Box::new(serving))).await?;
        done.served.ok_or_else(|| {
            let reason = "a layer answered, so that the roles did not change".to_owned();
            Error::new(Phase::Send, ErrorKind::Transport { reason })
        })
    }
}
