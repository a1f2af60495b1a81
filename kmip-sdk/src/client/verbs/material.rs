//! Keys as keys: what people have is registered, and what a server gives is what people want.

use kmip_types::ProtocolVersion;
use kmip_types::attribute::{Attributes, UniqueIdentifier};
use kmip_types::enumerations::{KeyFormatType, ObjectType, ResultReason};
use kmip_types::operation::{GetRequest, GetResponse, RegisterRequest};

use super::new_object::New;
use crate::client::ask::{Ask, Exchanges, lost};
use crate::client::flow::Work;
use crate::client::{Call, Client, Driver};
use crate::error::{Error, ErrorKind, Phase};
use crate::keys::wrap::Wrapping;
use crate::keys::{self, CertifiedKey, KeyError, Material, Registered};
use crate::session::Batch;

impl<D: Driver> Client<D> {
    /// To register a key, a certificate or a secret, whatever form it was read from, by [Register](Self::register). What it
    /// says of itself, such as its algorithm and length, is said; what it may be used for is a step's to say.
    ///
    /// ```
    /// use kmip_sdk::keys::Material;
    /// use kmip_sdk::usage::{DECRYPT, ENCRYPT};
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let key = Material::aes(vec![7; 32])?;
    /// let registered = client.register_material(&key).usage(ENCRYPT | DECRYPT).name("imported").activated().send()?;
    /// assert_eq!(client.get_material(&registered).send()?, key);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Of the call: as of [`register`](Self::register); [`ErrorKind::Key`], where it cannot be a managed object.
    pub fn register_material(&self, material: &Material) -> Call<'_, D, New<RegisterRequest>> {
        self.registering(material.to_register_request(Attributes::new()))
    }

    /// To register what is in a text of PEM: a private or public key, or a certificate, by [Register](Self::register). Of
    /// several blocks there, `kmip_sdk::keys` makes several materials, or a certificate with its key.
    ///
    /// ```
    /// use kmip_sdk::usage::SIGN;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let pem = rcgen::KeyPair::generate()?.serialize_pem();
    /// let key = client.register_pem(&pem).usage(SIGN).name("signing key").send()?;
    /// println!("{}", client.get_material(&key).send()?.to_pem()?.reveal());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Of the call: as of [`register`](Self::register); [`ErrorKind::Key`], where the text is no PEM of one of these.
    pub fn register_pem(&self, pem: impl AsRef<[u8]>) -> Call<'_, D, New<RegisterRequest>> {
        let request =
            Material::from_pem(pem).and_then(|material| material.to_register_request(Attributes::new()));
        self.registering(request)
    }

    fn registering(&self, request: Result<RegisterRequest, KeyError>) -> Call<'_, D, New<RegisterRequest>> {
        match request {
            Ok(request) => Call::new(self, New::of(request)),
            Err(error) => Call::new(self, New::of(nothing())).trying(|_| Err(of_key(error))),
        }
    }

    /// To register a certificate with its keys, and to link them, in one message since KMIP 2.0. Before, and at a server that
    /// knows no objects by their place in the response, a second message, which can name them, links them.
    ///
    /// ```
    /// use kmip_sdk::keys::{CertifiedKey, Material};
    /// use kmip_sdk::types::attribute::Attributes;
    /// use kmip_sdk::usage::SIGN;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let made = rcgen::generate_simple_self_signed(["example.com".to_owned()])?;
    /// # let pem = made.cert.pem() + &made.signing_key.serialize_pem();
    /// let certified = CertifiedKey::new(Material::all_from_pem(&pem)?)?
    ///     .private_key_attributes(Attributes::new().with_cryptographic_usage_mask(SIGN));
    /// let registered = client.register_certified(&certified).send()?;
    /// println!("{} {:?}", registered.certificate, registered.private_key);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Of the call: as of [`register`](Self::register) and [`add_attribute`](Self::add_attribute).
    pub fn register_certified(&self, certified: &CertifiedKey) -> Call<'_, D, RegisterCertified> {
        Call::new(self, RegisterCertified(certified.clone()))
    }

    /// To get a key, a certificate or a secret, to be had as PEM, DER, JWK, bytes or a key of another library, by
    /// [Get](Self::get).
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let pair = client.create_rsa(2048).signing().activated().send()?;
    /// let key = client.get_material(&pair.public_key_unique_identifier).send()?;
    /// println!("{}", key.to_pem()?.reveal());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Of the call: as of [`get`](Self::get); [`ErrorKind::Key`], where what the server gives is no such thing, or is
    /// wrapped.
    pub fn get_material(&self, object: impl Into<UniqueIdentifier>) -> Call<'_, D, GetMaterial> {
        Call::new(self, GetMaterial(GetRequest::new(object)))
    }

    /// To get a key in this Key Format Type: where the server does not have it in that, it is asked once more for the form
    /// that it has, and that is converted here.
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::KeyFormatType;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let pair = client.create_rsa(2048).signing().activated().send()?;
    /// let got = client.get_as(&pair.private_key_unique_identifier, KeyFormatType::Pkcs8).send()?;
    /// assert_eq!(got.object.key_block().map(|block| block.key_format_type), Some(KeyFormatType::Pkcs8));
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of the call: as of [`get`](Self::get); [`ErrorKind::Key`], where the key cannot be in that form.
    pub fn get_as(&self, object: impl Into<UniqueIdentifier>, format: KeyFormatType) -> Call<'_, D, GetAs> {
        Call::new(self, GetAs { request: GetRequest::new(object), format })
    }
}

impl<D: Driver> Call<'_, D, GetRequest> {
    /// Asks for the key wrapped by another key of the server's. [`WrappingKey`](crate::keys::wrap::WrappingKey) unwraps it
    /// where that key is known.
    ///
    /// ```
    /// use kmip_sdk::keys::Material;
    /// use kmip_sdk::keys::wrap::{WrappingKey, Wrapping};
    /// use kmip_sdk::usage::WRAP_KEY;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).activated().send()?;
    /// let wrapping = Material::aes(vec![7; 32])?;
    /// let registered = client.register_material(&wrapping).usage(WRAP_KEY).activated().send()?;
    /// let wrapped = client.get(&key).wrapped_by(&registered, &Wrapping::aes_key_wrap()).send()?.object;
    /// let unwrapped = WrappingKey::new(&registered, &wrapping)?.unwrap(&wrapped)?;
    /// assert_eq!(Material::from_object(&unwrapped)?, client.get_material(&key).send()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn wrapped_by(self, key: impl Into<UniqueIdentifier>, wrapping: &Wrapping) -> Self {
        self.key_wrapping_specification(wrapping.specification(key))
    }
}

/// What is registered in place of what cannot be: nothing, which is never sent.
fn nothing() -> RegisterRequest {
    RegisterRequest {
        object_type: ObjectType::OpaqueObject,
        attributes: Attributes::new(),
        object: None,
        protection_storage_masks: None,
    }
}

/// Asks for a key, a certificate or a secret.
#[derive(Clone, Debug)]
pub struct GetMaterial(GetRequest);

impl<D: Driver> Ask<D> for GetMaterial {
    type Answer = Material;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<Material, Error> {
        Material::from_object(&exchanges.ask(self.0).await?.object).map_err(of_key)
    }
}

/// Asks for a key in a form.
#[derive(Clone, Debug)]
pub struct GetAs {
    request: GetRequest,
    format: KeyFormatType,
}

impl<D: Driver> Ask<D> for GetAs {
    type Answer = GetResponse;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<GetResponse, Error> {
        let Self { request, format } = self;
        match exchanges.ask(request.clone().with_key_format_type(format)).await {
            Err(error) if is_refusal_of_format(&error) => {
                let mut got = exchanges.ask(request).await?;
                got.object = keys::convert(&got.object, format).map_err(of_key)?;
                Ok(got)
            }
            got => got,
        }
    }
}

/// Whether the server has the object, and not in the form that was asked for.
fn is_refusal_of_format(error: &Error) -> bool {
    matches!(
        error.reason(),
        Some(
            ResultReason::KeyFormatTypeNotSupported
                | ResultReason::FeatureNotSupported
                | ResultReason::InvalidField
        )
    )
}

/// Asks for a certificate with its keys to be registered and linked.
#[derive(Clone, Debug)]
pub struct RegisterCertified(CertifiedKey);

impl<D: Driver> Ask<D> for RegisterCertified {
    type Answer = Registered;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<Registered, Error> {
        let (mut batch, registration) = self.0.register().map_err(of_key)?;
        let by_index = match exchanges.agreed().await?.is_at_least(ProtocolVersion::V2_0) {
            true => registration.by_index().link_requests(),
            false => Vec::new(),
        };
        let links: Vec<_> = by_index.into_iter().map(|request| batch.add(request)).collect();
        let mut results = exchanges.exchange(Work::Batch(batch)).await?.results.ok_or_else(lost)?;
        let registered = registration.read(&mut results)?;
        let done = links.into_iter().map_while(|link| results.take(link).ok()).count();
        let mut batch = Batch::new();
        // A batch stops where a link fails, so that those that were made are the first.
        let missing = registered.link_requests().into_iter().skip(done);
        let links: Vec<_> = missing.map(|request| batch.add(request)).collect();
        if !batch.is_empty() {
            exchanges.renew();
            let mut results = exchanges.exchange(Work::Batch(batch)).await?.results.ok_or_else(lost)?;
            for link in links {
                results.take(link)?;
            }
        }
        Ok(registered)
    }
}

/// What is wrong with a key, as what is wrong with a call.
fn of_key(error: KeyError) -> Error {
    Error::new(Phase::Encode, ErrorKind::Key(error))
}
