//! Discover Versions: finds a protocol version that both sides have.

use kmip_types::ProtocolVersion;
use kmip_types::operation::DiscoverVersionsRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To learn which versions of the protocol the server has, the best first: all, unless
    /// [`protocol_versions`](Call::protocol_versions) says which are meant. The client does it by itself when it
    /// [connects](Self::connect). Since KMIP 1.1.
    ///
    /// ```
    /// use kmip_sdk::ProtocolVersion;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let all = client.discover_versions().send()?.protocol_version;
    /// let both = client.discover_versions().protocol_versions([ProtocolVersion::V2_1, ProtocolVersion::V1_2]).send()?;
    /// assert!(both.protocol_version.iter().all(|version| all.contains(version)));
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/discover_versions.md")]
    pub fn discover_versions(&self) -> Call<'_, D, DiscoverVersionsRequest> {
        Call::new(self, DiscoverVersionsRequest::default())
    }
}

impl<D: Driver> Call<'_, D, DiscoverVersionsRequest> {
    /// Adds to the versions that are meant, the best first.
    pub fn protocol_versions(self, versions: impl IntoIterator<Item = ProtocolVersion>) -> Self {
        self.asking(|mut request| {
            request.protocol_version.extend(versions);
            request
        })
    }
}
