//! Steps that say which attributes an object is to have.

use kmip_types::DateTime;
use kmip_types::attribute::{ApplicationSpecificInformation, Attribute, Attributes, Link, Name};
use kmip_types::enumerations::CryptographicAlgorithm;
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::operation::{
    CertifyRequest, CreateKeyPairRequest, CreateRequest, CreateSplitKeyRequest, DeriveKeyRequest,
    ImportRequest, JoinSplitKeyRequest, ReCertifyRequest, ReKeyKeyPairRequest, ReKeyRequest, RegisterRequest,
};

use super::{Refine, length};
use crate::client::{Call, Driver};

/// A request that says which attributes an object is to have.
pub trait TakesAttributes {
    /// The attributes.
    #[doc(hidden)]
    fn attributes_mut(&mut self) -> &mut Attributes;
}

/// Requests whose attributes are always there, and requests that may leave them out.
macro_rules! takes_attributes {
    ($($request:ident),*; $($optional:ident: $field:ident),* $(,)?) => {
        $(impl TakesAttributes for $request {
            fn attributes_mut(&mut self) -> &mut Attributes {
                &mut self.attributes
            }
        })*
        $(impl TakesAttributes for $optional {
            fn attributes_mut(&mut self) -> &mut Attributes {
                self.$field.get_or_insert_default()
            }
        })*
    };
}

takes_attributes! {
    CreateRequest, CreateSplitKeyRequest, DeriveKeyRequest, ImportRequest, RegisterRequest;
    CertifyRequest: attributes,
    CreateKeyPairRequest: common_attributes,
    JoinSplitKeyRequest: attributes,
    ReCertifyRequest: attributes,
    ReKeyKeyPairRequest: common_attributes,
    ReKeyRequest: attributes,
}

/// Attributes that the new object is to have; of a key pair, both of its keys. What the standard lets nobody but the
/// server set is refused by the server.
impl<D: Driver, A> Call<'_, D, A>
where
    A: Refine,
    A::Request: TakesAttributes,
{
    /// Sets an attribute; of those that an object may have several of, adds one.
    pub fn attribute(self, attribute: Attribute) -> Self {
        self.with_attributes(|attributes| attributes.push(attribute))
    }

    /// Adds attributes.
    pub fn attributes(self, more: Attributes) -> Self {
        self.with_attributes(|attributes| {
            more.entries().iter().for_each(|entry| attributes.push(entry.clone()))
        })
    }

    /// Adds a Name, under which Locate finds the object. Servers refuse one that another object has.
    pub fn name(self, name: impl Into<Name>) -> Self {
        let name = name.into();
        self.attribute(Attribute::Name(name))
    }

    /// Sets the Cryptographic Algorithm.
    pub fn algorithm(self, algorithm: CryptographicAlgorithm) -> Self {
        self.with_attributes(|attributes| attributes.set(Attribute::CryptographicAlgorithm(algorithm)))
    }

    /// Sets the Cryptographic Length, in bits.
    pub fn length(self, bits: u32) -> Self {
        match length("the Cryptographic Length", bits) {
            Ok(bits) => self.with_attributes(|all| all.set(Attribute::CryptographicLength(bits))),
            Err(error) => self.trying(|_| Err(error)),
        }
    }

    /// Sets the Cryptographic Usage Mask: what the object may be used for. [`usage`](crate::usage) has the masks by short
    /// names.
    pub fn usage(self, mask: CryptographicUsageMask) -> Self {
        self.with_attributes(|attributes| attributes.set(Attribute::CryptographicUsageMask(mask)))
    }

    /// Adds an Object Group.
    pub fn object_group(self, group: impl Into<String>) -> Self {
        let group = group.into();
        self.attribute(Attribute::ObjectGroup(group))
    }

    /// Adds a Link to another object.
    pub fn link(self, link: Link) -> Self {
        self.attribute(Attribute::Link(link))
    }

    /// Adds Application Specific Information: data of an application, in a namespace of its own.
    pub fn application_specific_information(self, information: ApplicationSpecificInformation) -> Self {
        self.attribute(Attribute::ApplicationSpecificInformation(information))
    }

    /// Sets the Activation Date: when the object may be used.
    pub fn activation_date(self, date: impl Into<DateTime>) -> Self {
        let date = date.into();
        self.with_attributes(|attributes| attributes.set(Attribute::ActivationDate(date)))
    }

    /// Sets the Process Start Date: when a symmetric key may begin to decrypt, unwrap and verify.
    pub fn process_start_date(self, date: impl Into<DateTime>) -> Self {
        let date = date.into();
        self.with_attributes(|attributes| attributes.set(Attribute::ProcessStartDate(date)))
    }

    /// Sets the Protect Stop Date: when a symmetric key ceases to encrypt, wrap and sign.
    pub fn protect_stop_date(self, date: impl Into<DateTime>) -> Self {
        let date = date.into();
        self.with_attributes(|attributes| attributes.set(Attribute::ProtectStopDate(date)))
    }

    /// Sets the Deactivation Date: when the object may no longer be used.
    pub fn deactivation_date(self, date: impl Into<DateTime>) -> Self {
        let date = date.into();
        self.with_attributes(|attributes| attributes.set(Attribute::DeactivationDate(date)))
    }

    /// Sets the Contact Information.
    pub fn contact_information(self, contact: impl Into<String>) -> Self {
        let contact = contact.into();
        self.with_attributes(|attributes| attributes.set(Attribute::ContactInformation(contact)))
    }

    /// Sets the Operation Policy Name. Until KMIP 1.4.
    pub fn operation_policy_name(self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.with_attributes(|attributes| attributes.set(Attribute::OperationPolicyName(name)))
    }

    /// Sets the Description. Since KMIP 1.4.
    pub fn description(self, description: impl Into<String>) -> Self {
        let description = description.into();
        self.with_attributes(|attributes| attributes.set(Attribute::Description(description)))
    }

    /// Sets the Comment. Since KMIP 1.4.
    pub fn comment(self, comment: impl Into<String>) -> Self {
        let comment = comment.into();
        self.with_attributes(|attributes| attributes.set(Attribute::Comment(comment)))
    }

    /// Sets Sensitive: the server gives the material in wrapped form only. Since KMIP 1.4.
    pub fn sensitive(self) -> Self {
        self.with_attributes(|attributes| attributes.set(Attribute::Sensitive(true)))
    }

    /// Clears Extractable: the server never gives the material. Since KMIP 1.4.
    pub fn not_extractable(self) -> Self {
        self.with_attributes(|attributes| attributes.set(Attribute::Extractable(false)))
    }

    pub(in crate::client) fn with_attributes(self, change: impl FnOnce(&mut Attributes)) -> Self {
        self.asking(|ask| ask.refine(|request| change(request.attributes_mut())))
    }
}
