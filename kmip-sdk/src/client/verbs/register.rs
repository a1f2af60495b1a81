//! Register: gives the server an object that the client has.

use kmip_types::attribute::Attributes;
use kmip_types::enumerations::ObjectType;
use kmip_types::object::ManagedObject;
use kmip_types::operation::{ProtectionStorageMasks, RegisterRequest};

use super::new_object::New;
use super::{Refine, steps};
use crate::client::{Call, Client, Driver};

/// The type of an object of a vendor's, as long as it is not said: no server has one of that number.
const UNKNOWN: ObjectType = ObjectType::Other(0x8000_0000);

impl<D: Driver> Client<D> {
    /// To give the server this object, with the attributes that further steps say.
    ///
    /// ```
    /// use kmip_sdk::types::object::SecretData;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let registered = client.register(SecretData::password("hunter2")).name("database password").send()?;
    /// println!("{}", registered.unique_identifier);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/register.md")]
    pub fn register(&self, object: impl Into<ManagedObject>) -> Call<'_, D, New<RegisterRequest>> {
        let object = object.into();
        let object_type = object.object_type().unwrap_or(UNKNOWN);
        Call::new(self, New::of(RegisterRequest::new(object_type, Attributes::new(), object)))
    }
}

impl<D: Driver> Call<'_, D, New<RegisterRequest>> {
    /// Sets the Object Type of an object of a vendor's; that of the standard's objects is known.
    pub fn object_type(self, object_type: ObjectType) -> Self {
        self.asking(|ask| ask.refine(|request| request.object_type = object_type))
    }
}

steps! { New<RegisterRequest> {
    /// Sets the Protection Storage Masks: where the object may be kept. Since KMIP 2.0.
    protection_storage_masks: ProtectionStorageMasks,
} }
