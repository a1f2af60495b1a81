//! Import: gives the server an object with all its attributes.

use kmip_types::ProtocolVersion;
use kmip_types::attribute::{Attributes, UniqueIdentifier};
use kmip_types::enumerations::{KeyWrapType, ObjectType};
use kmip_types::object::ManagedObject;
use kmip_types::operation::{ImportRequest, ImportResponse};

use super::{refined, steps};
use crate::client::ask::{Ask, Exchanges};
use crate::client::{Call, Client, Driver};
use crate::error::Error;

impl<D: Driver> Client<D> {
    /// To give the server this object under this Unique Identifier, with the attributes that further steps say: as
    /// [`export`](Self::export) gave it. Since KMIP 1.4.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).send()?;
    /// let exported = client.export(&key).send()?;
    /// client
    ///     .import(exported.unique_identifier, exported.object)
    ///     .attributes(exported.attributes)
    ///     .replace_existing(true)
    ///     .send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/import.md")]
    pub fn import(
        &self,
        unique_identifier: impl Into<UniqueIdentifier>,
        object: impl Into<ManagedObject>,
    ) -> Call<'_, D, Import> {
        let object = object.into();
        let object_type = object.object_type();
        let mut request = ImportRequest::new(unique_identifier.into(), Attributes::new(), object);
        request.object_type = object_type;
        Call::new(self, Import(request))
    }
}

refined! {
    /// Asks for an object to be taken in.
    Import(ImportRequest);
}

steps! { Import {
    /// Sets the Object Type of an object of a vendor's; that of the standard's objects is known. Since KMIP 2.0.
    object_type: ObjectType,
    /// Sets Replace Existing: whether the object takes the place of one of this Unique Identifier, if there is one.
    replace_existing: bool,
    /// Sets the Key Wrap Type: whether the server is to keep the key as it is, wrapped or not.
    key_wrap_type: KeyWrapType,
} }

impl<D: Driver> Ask<D> for Import {
    type Answer = ImportResponse;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<ImportResponse, Error> {
        let mut request = self.0;
        // It is known by the object, and has no field before.
        if request.object_type == request.object.object_type()
            && !exchanges.agreed().await?.is_at_least(ProtocolVersion::V2_0)
        {
            request.object_type = None;
        }
        exchanges.ask(request).await
    }
}
