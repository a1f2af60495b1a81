//! Validate: checks a chain of certificates.

use kmip_types::DateTime;
use kmip_types::attribute::UniqueIdentifier;
use kmip_types::object::Certificate;
use kmip_types::operation::{Request, ValidateRequest};

use super::{refined, steps, valid};
use crate::client::ask::{Ask, Exchanges};
use crate::client::{Call, Client, Driver};
use crate::error::Error;

impl<D: Driver> Client<D> {
    /// To have the server check the chain of these certificates, which it has. That it is not valid is an error,
    /// [`ErrorKind::NotValid`](crate::ErrorKind::NotValid), so that it cannot be overlooked.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let pair = client.create_rsa(2048).signing().activated().send()?;
    /// # let certificate = client.certify(&pair.public_key_unique_identifier).send()?;
    /// client.validate([&certificate]).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/validate.md")]
    pub fn validate(
        &self,
        certificates: impl IntoIterator<Item = impl Into<UniqueIdentifier>>,
    ) -> Call<'_, D, Validate> {
        let certificates = certificates.into_iter().map(Into::into);
        Call::new(self, Validate(ValidateRequest::default().with_unique_identifier(certificates)))
    }

    /// To have the server check the chain of these certificates, which the client has; [`Certificate::x509`] makes one
    /// of DER. That it is not valid is an error, as of [`validate`](Self::validate).
    ///
    /// ```
    /// use kmip_sdk::types::object::Certificate;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let pair = client.create_rsa(2048).signing().activated().send()?;
    /// # let certificate = client.certify(&pair.public_key_unique_identifier).send()?;
    /// # let got = client.get(&certificate).send()?.object;
    /// # let kmip_sdk::types::object::ManagedObject::Certificate(got) = got else { panic!() };
    /// # let der = got.certificate_value;
    /// client.validate_certificates([Certificate::x509(der)]).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// As of [`validate`](Self::validate).
    pub fn validate_certificates(
        &self,
        certificates: impl IntoIterator<Item = Certificate>,
    ) -> Call<'_, D, Validate> {
        Call::new(self, Validate(ValidateRequest::default().with_certificate(certificates)))
    }
}

refined! {
    /// Asks whether certificates are valid.
    Validate(ValidateRequest);
}

impl<D: Driver> Call<'_, D, Validate> {
    /// Adds a certificate to the chain that the client has; [`Certificate::x509`] makes one of DER.
    pub fn certificate(self, certificate: Certificate) -> Self {
        self.asking(|mut ask| {
            ask.0.certificate.push(certificate);
            ask
        })
    }
}

steps! { Validate {
    /// Sets the Validity Date: when the certificates are to be valid, now unless it is said.
    validity_date: DateTime,
} }

impl<D: Driver> Ask<D> for Validate {
    type Answer = ();

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<(), Error> {
        let valid_or_not = exchanges.ask(self.0).await?.validity_indicator;
        valid(Some(valid_or_not), ValidateRequest::OPERATION)
    }
}
