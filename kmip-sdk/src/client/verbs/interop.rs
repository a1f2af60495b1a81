//! Interop: tells a server under test where a test case begins and ends.

use kmip_types::enumerations::InteropFunction;
use kmip_types::operation::InteropRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To tell a server under test that the test case of this name begins or ends, or that the server is to be as at
    /// its beginning. Since KMIP 2.0.
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::InteropFunction;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// client.interop(InteropFunction::Begin, "TL-M-1-21").send()?;
    /// client.interop(InteropFunction::End, "TL-M-1-21").send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/interop.md")]
    pub fn interop(
        &self,
        function: InteropFunction,
        identifier: impl Into<String>,
    ) -> Call<'_, D, InteropRequest> {
        Call::new(self, InteropRequest::new(function, identifier))
    }
}
