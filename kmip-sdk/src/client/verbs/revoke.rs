//! Revoke: ends the use of an object.

use kmip_types::DateTime;
use kmip_types::attribute::{RevocationReason, UniqueIdentifier};
use kmip_types::operation::RevokeRequest;

use super::steps;
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To end the use of an object, for this reason. For Key Compromise and CA Compromise it becomes Compromised, and
    /// [`compromised_at`](Call::compromised_at) says since when; for every other reason Deactivated, which what it
    /// protected can still be read with.
    ///
    /// ```
    /// use kmip_sdk::types::DateTime;
    /// use kmip_sdk::types::enumerations::RevocationReasonCode;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).activated().send()?;
    /// # let other = client.create_aes(256).activated().send()?;
    /// client.revoke(&key, RevocationReasonCode::Superseded).message("rotated").send()?;
    /// client.revoke(&other, RevocationReasonCode::KeyCompromise).compromised_at(DateTime::now()).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/revoke.md")]
    pub fn revoke(
        &self,
        object: impl Into<UniqueIdentifier>,
        reason: impl Into<RevocationReason>,
    ) -> Call<'_, D, RevokeRequest> {
        Call::new(self, RevokeRequest::new(object, reason))
    }
}

impl<D: Driver> Call<'_, D, RevokeRequest> {
    /// Sets the Revocation Message: more about the reason, in words.
    pub fn message(self, message: impl Into<String>) -> Self {
        self.asking(|mut request| {
            request.revocation_reason.revocation_message = Some(message.into());
            request
        })
    }

    /// Sets when the object is believed to have been compromised first, which servers require of a compromise.
    pub fn compromised_at(self, date: impl Into<DateTime>) -> Self {
        self.compromise_occurrence_date(date)
    }
}

steps! { RevokeRequest {
    /// Sets the Compromise Occurrence Date; [`compromised_at`](Call::compromised_at) for short.
    compromise_occurrence_date: DateTime,
} }
