//! Locate: finds objects by their attributes.

use kmip_types::attribute::{ApplicationSpecificInformation, Attribute, Link, Name, UniqueIdentifier};
use kmip_types::enumerations::{CryptographicAlgorithm, ObjectGroupMember, ObjectType, State};
use kmip_types::masks::{CryptographicUsageMask, StorageStatusMask};
use kmip_types::operation::{GetAttributesRequest, LocateRequest};
use kmip_types::{DateTime, ProtocolVersion, Tag};

use super::{length, steps};
use crate::client::ask::{Ask, Exchanges, lost};
use crate::client::flow::Work;
use crate::client::{Call, Client, Driver, Pages};
use crate::error::Error;
use crate::session::Batch;

/// How many objects one message asks for the Initial Dates of.
const DATES: usize = 100;

impl<D: Driver> Client<D> {
    /// To find objects by their attributes: all that the client may see, unless steps say which.
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::{ObjectType, State};
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # client.create_aes(256).name("app").activated().send()?;
    /// let located = client.locate().name("app").state(State::Active).object_type(ObjectType::SymmetricKey).send()?;
    /// assert_eq!(located.unique_identifier.len(), 1);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/locate.md")]
    pub fn locate(&self) -> Call<'_, D, LocateRequest> {
        Call::new(self, LocateRequest::default())
    }
}

/// Which objects to find: those that have all of it.
impl<'a, D: Driver> Call<'a, D, LocateRequest> {
    /// With this attribute.
    pub fn with(self, attribute: Attribute) -> Self {
        self.asking(|mut request| {
            request.attributes.push(attribute);
            request
        })
    }

    /// With this Name.
    pub fn name(self, name: impl Into<Name>) -> Self {
        self.with(Attribute::Name(name.into()))
    }

    /// In this State.
    pub fn state(self, state: State) -> Self {
        self.with(Attribute::State(state))
    }

    /// Of this Object Type.
    pub fn object_type(self, object_type: ObjectType) -> Self {
        self.with(Attribute::ObjectType(object_type))
    }

    /// Of this Cryptographic Algorithm.
    pub fn algorithm(self, algorithm: CryptographicAlgorithm) -> Self {
        self.with(Attribute::CryptographicAlgorithm(algorithm))
    }

    /// Of this Cryptographic Length, in bits.
    pub fn length(self, bits: u32) -> Self {
        self.trying(|request| {
            length("the Cryptographic Length", bits)
                .map(|bits| request.attributes.push(Attribute::CryptographicLength(bits)))
        })
    }

    /// That may be used for all of this.
    pub fn usage(self, mask: CryptographicUsageMask) -> Self {
        self.with(Attribute::CryptographicUsageMask(mask))
    }

    /// In this Object Group.
    pub fn object_group(self, group: impl Into<String>) -> Self {
        self.with(Attribute::ObjectGroup(group.into()))
    }

    /// With this Link to another object.
    pub fn link(self, link: Link) -> Self {
        self.with(Attribute::Link(link))
    }

    /// With this Application Specific Information.
    pub fn application_specific_information(self, information: ApplicationSpecificInformation) -> Self {
        self.with(Attribute::ApplicationSpecificInformation(information))
    }

    /// That came to be between these times, both included.
    pub fn created_between(self, from: impl Into<DateTime>, to: impl Into<DateTime>) -> Self {
        self.with(Attribute::InitialDate(from.into())).with(Attribute::InitialDate(to.into()))
    }

    /// Sets Maximum Items: how many objects to give at most.
    pub fn maximum_items(self, items: u32) -> Self {
        self.trying(|request| length("Maximum Items", items).map(|items| request.maximum_items = Some(items)))
    }

    /// Sets Offset Items: how many of the found objects to pass over. Since KMIP 1.3.
    pub fn offset_items(self, items: u32) -> Self {
        self.trying(|request| length("Offset Items", items).map(|items| request.offset_items = Some(items)))
    }

    /// The call for the object that came to be last, if there is one. Since KMIP 2.0, where servers answer in that order,
    /// it takes one exchange; before, others ask for the Initial Dates of what was found, of a hundred objects each.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # client.create_aes(256).name("app").activated().send()?;
    /// let key = client.locate().name("app").newest().send()?.expect("it was made");
    /// let encrypted = client.encrypt(&key, "attack at dawn").aes_gcm().send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of the call: as of [`Client::locate`] and [`Client::get_attributes`].
    pub fn newest(self) -> Call<'a, D, Newest> {
        self.asking(Newest)
    }

    /// All of the found objects, fetched a page of them at a time as they are taken: an iterator of the blocking client, a
    /// stream of the async one. [`Maximum Items`](Self::maximum_items) is the size of a page, 100 unless it is said.
    ///
    /// What is made or destroyed meanwhile may be given twice or passed over. A server before KMIP 1.3, which knows no
    /// pages, gives all at once.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # for _ in 0..5 { client.create_aes(128).object_group("tenant 7").send()?; }
    /// for identifier in client.locate().object_group("tenant 7").maximum_items(2).pages() {
    ///     client.destroy(&identifier?).send()?;
    /// #   break;
    /// }
    /// assert_eq!(client.locate().maximum_items(2).pages().count(), 4);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of each page: as of [`Client::locate`].
    pub fn pages(self) -> Pages<D> {
        Pages::new(self)
    }
}

steps! { LocateRequest {
    /// Sets the Storage Status Mask: where to look, on-line only unless it is said.
    storage_status_mask: StorageStatusMask,
    /// Sets the Object Group Member: which members of a group to give. Since KMIP 1.1.
    object_group_member: ObjectGroupMember,
} }

/// Asks for the object that came to be last.
#[derive(Clone, Debug)]
pub struct Newest(LocateRequest);

impl<D: Driver> Ask<D> for Newest {
    type Answer = Option<UniqueIdentifier>;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<Self::Answer, Error> {
        let mut request = self.0;
        if exchanges.agreed().await?.is_at_least(ProtocolVersion::V2_0) {
            request.maximum_items = Some(1);
            return Ok(exchanges.ask(request).await?.unique_identifier.into_iter().next());
        }
        let mut found = exchanges.ask(request).await?.unique_identifier;
        if found.len() < 2 {
            return Ok(found.pop());
        }
        let mut newest = None;
        for some in found.chunks(DATES) {
            let mut batch = Batch::new();
            let date = |identifier| batch.add(GetAttributesRequest::new(identifier, [Tag::INITIAL_DATE]));
            let dates: Vec<_> = some.iter().map(date).collect();
            let mut results = exchanges.exchange(Work::Batch(batch)).await?.results.ok_or_else(lost)?;
            for (identifier, date) in some.iter().zip(dates) {
                let date = results.take(date)?.attributes.initial_date();
                if newest.as_ref().is_none_or(|(latest, _)| date > *latest) {
                    newest = Some((date, identifier));
                }
            }
        }
        Ok(newest.map(|(_, identifier)| identifier.clone()))
    }
}
