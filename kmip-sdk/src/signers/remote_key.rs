//! A private key of the server's, with its public key at hand.

use core::fmt;
use std::sync::Arc;
use std::time::Duration;

use kmip_types::attribute::{Attributes, Link, UniqueIdentifier};
use kmip_types::enumerations::{CryptographicAlgorithm, LinkType, ObjectType};
use kmip_types::operation::{GetAttributesRequest, GetRequest};
use kmip_types::{ProtocolVersion, Tag};

use super::{RemoteSigner, Scheme, SignerError};
use crate::client::ask::{Ask, Exchanges};
use crate::client::{Call, Client, Driver};
use crate::error::{Error, ErrorKind, Phase};
use crate::keys::{KeyEncoding, Material};

/// A private key that stays in the server, with its public key, which was fetched once. Made by
/// [`remote_key`](crate::generic::Client::remote_key).
///
/// Clones are cheap, and have the same connections as the client that it comes from. `Debug` shows the identifier and what
/// kind of key it is.
pub struct RemoteKey<D: Driver> {
    client: Client<D>,
    known: Arc<Known>,
    timeout: Option<Duration>,
}

/// What was fetched.
struct Known {
    unique_identifier: UniqueIdentifier,
    public_key: Material,
    /// The public key as a SubjectPublicKeyInfo in DER.
    spki: Vec<u8>,
    /// The version of the protocol that it was fetched in.
    version: ProtocolVersion,
}

impl<D: Driver> Client<D> {
    /// To have a private key of the server's as what signs and decrypts: see [`signers`](crate::signers). It takes two
    /// exchanges: Get Attributes of the private key, and Get of the public key to which its Public Key Link leads, or else
    /// of the certificate to which its Certificate Link does. [`public_key`](Call::public_key) and
    /// [`public_key_identifier`](Call::public_key_identifier) say which public key it is where there is no link.
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::RecommendedCurve;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let pair = client.create_ec(RecommendedCurve::P384).signing().activated().send()?;
    /// let key = client.remote_key(&pair.private_key_unique_identifier).send()?;
    /// assert_eq!(key.public_key().to_string(), "a public key (EC, P-384)");
    /// assert_eq!(key.schemes()[0].to_string(), "ECDSA with SHA_384");
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// The key has what the client has: a [credential](Self::with_credential) and a timeout that are said of this call alone
    /// are not for those that the key makes.
    ///
    /// # Errors
    /// Of the call: as of [`get_attributes`](Self::get_attributes) and [`get`](Self::get); and, in an
    /// [`ErrorKind::Signer`], that it is no private key, that nothing says which public key is its, or that this cannot be
    /// read.
    pub fn remote_key(&self, private_key: impl Into<UniqueIdentifier>) -> Call<'_, D, FetchRemoteKey> {
        let unique_identifier = private_key.into();
        Call::new(self, FetchRemoteKey { unique_identifier, public_key: PublicKey::Linked })
    }
}

/// Asks for a private key with its public key.
#[derive(Clone, Debug)]
pub struct FetchRemoteKey {
    unique_identifier: UniqueIdentifier,
    public_key: PublicKey,
}

/// Where the public key comes from.
#[derive(Clone, Debug)]
enum PublicKey {
    Linked,
    Object(UniqueIdentifier),
    Given(Box<Material>),
}

impl<D: Driver> Call<'_, D, FetchRemoteKey> {
    /// Says what the public key is, or a certificate of it: the server is not asked.
    pub fn public_key(self, public_key: Material) -> Self {
        self.asking(|ask| FetchRemoteKey { public_key: PublicKey::Given(Box::new(public_key)), ..ask })
    }

    /// Says which object is the public key, or a certificate of it.
    pub fn public_key_identifier(self, public_key: impl Into<UniqueIdentifier>) -> Self {
        self.asking(|ask| FetchRemoteKey { public_key: PublicKey::Object(public_key.into()), ..ask })
    }
}

/// What is asked of the private key.
const ATTRIBUTES: [Tag; 4] =
    [Tag::OBJECT_TYPE, Tag::LINK, Tag::CRYPTOGRAPHIC_ALGORITHM, Tag::CRYPTOGRAPHIC_LENGTH];

impl<D: Driver> Ask<D> for FetchRemoteKey {
    type Answer = RemoteKey<D>;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<RemoteKey<D>, Error> {
        let failed = |error| Error::new(Phase::Result, ErrorKind::Signer(error));
        let unique_identifier = self.unique_identifier;
        let request = GetAttributesRequest::new(&unique_identifier, ATTRIBUTES);
        let attributes = request.perform(exchanges).await?.attributes;
        if let Some(found) = attributes.object_type().filter(|found| *found != ObjectType::PrivateKey) {
            return Err(failed(SignerError::NotPrivate { unique_identifier, found }));
        }
        let place = match self.public_key {
            PublicKey::Linked => linked(&attributes).map(PublicKey::Object),
            other => Some(other),
        };
        let unreadable =
            |error| SignerError::PublicKey { unique_identifier: unique_identifier.clone(), error };
        let material = match place {
            Some(PublicKey::Given(material)) => Ok(*material),
            Some(PublicKey::Object(object)) => {
                Material::from_object(&GetRequest::new(object).perform(exchanges).await?.object)
            }
            Some(PublicKey::Linked) | None => {
                return Err(failed(SignerError::NoPublicKey { unique_identifier }));
            }
        };
        let public_key = material.and_then(|material| material.public_key());
        let public_key = public_key.map_err(unreadable).map_err(failed)?;
        let spki = public_key.to_der_as(KeyEncoding::Spki).map_err(unreadable).map_err(failed)?;
        if let Some(found) = contradiction(&attributes, &public_key) {
            let public_key = public_key.to_string();
            return Err(failed(SignerError::OtherKey { unique_identifier, found, public_key }));
        }
        let version = exchanges.agreed().await?;
        let known = Known { unique_identifier, public_key, spki: spki.reveal().to_vec(), version };
        Ok(RemoteKey { client: exchanges.client().clone(), known: Arc::new(known), timeout: None })
    }
}

/// The public key to which the attributes of a private key lead, or else the certificate.
fn linked(attributes: &Attributes) -> Option<UniqueIdentifier> {
    let to = |link_type| move |link: &&Link| link.link_type == link_type;
    let public_key = attributes.links().find(to(LinkType::PublicKeyLink));
    let link = public_key.or_else(|| attributes.links().find(to(LinkType::CertificateLink)));
    link.map(|link| link.linked_object_identifier.clone())
}

/// What the server says of the private key, where the public key is of another kind or, with RSA, of another length.
fn contradiction(attributes: &Attributes, public_key: &Material) -> Option<String> {
    let is_rsa = |algorithm| algorithm == CryptographicAlgorithm::Rsa;
    let said = attributes.cryptographic_algorithm()?;
    let length = attributes.cryptographic_length();
    let other_kind = public_key.algorithm().map(is_rsa) != Some(is_rsa(said));
    let other_length = is_rsa(said) && length.is_some() && length != public_key.length();
    (other_kind || other_length).then(|| match length {
        Some(length) => format!("{said}, {length} bits"),
        None => said.to_string(),
    })
}

impl<D: Driver> RemoteKey<D> {
    /// The identifier of the private key.
    pub fn unique_identifier(&self) -> &UniqueIdentifier {
        &self.known.unique_identifier
    }

    /// The public key.
    pub fn public_key(&self) -> &Material {
        &self.known.public_key
    }

    /// The public key as a SubjectPublicKeyInfo in DER.
    pub(super) fn spki(&self) -> &[u8] {
        &self.known.spki
    }

    /// The client by which it is used.
    pub fn client(&self) -> &Client<D> {
        &self.client
    }

    /// The same key, each of whose calls may take this long, waiting and retries included. If it is not said, as long as
    /// those of the client.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The schemes by which the key signs that the version of the protocol has, best first: with SHA-256, SHA-384 and
    /// SHA-512. It is empty if a key of its kind signs by none.
    pub fn schemes(&self) -> Vec<Scheme> {
        let mut schemes = Scheme::of(self.public_key());
        schemes.retain(|scheme| self.has(*scheme));
        schemes
    }

    /// What signs with the key by this scheme. Beside the [`schemes`](Self::schemes) it takes those with other hashes.
    ///
    /// # Errors
    /// A key of its kind makes no such signatures, or the version of the protocol has none.
    pub fn signer(&self, scheme: Scheme) -> Result<RemoteSigner<D>, SignerError> {
        if !scheme.fits(self.public_key()) {
            let public_key = self.public_key().to_string();
            return Err(SignerError::Scheme { public_key, scheme, instead: self.schemes() });
        }
        if !self.has(scheme) {
            return Err(SignerError::Version { scheme, since: scheme.since(), found: self.known.version });
        }
        Ok(RemoteSigner { key: self.clone(), scheme })
    }

    /// Whether the version of the protocol has the scheme.
    fn has(&self, scheme: Scheme) -> bool {
        self.known.version.is_at_least(scheme.since())
    }

    /// A call of the client for the key, with the time that it may take.
    pub(super) fn call<'a, A>(
        &'a self,
        call: impl FnOnce(&'a Client<D>, &UniqueIdentifier) -> Call<'a, D, A>,
    ) -> Call<'a, D, A> {
        let call = call(&self.client, &self.known.unique_identifier);
        match self.timeout {
            Some(timeout) => call.timeout(timeout),
            None => call,
        }
    }
}

impl<D: Driver> Clone for RemoteKey<D> {
    fn clone(&self) -> Self {
        Self { client: self.client.clone(), known: Arc::clone(&self.known), timeout: self.timeout }
    }
}

impl<D: Driver> fmt::Debug for RemoteKey<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteKey")
            .field("unique_identifier", self.unique_identifier())
            .field("public_key", self.public_key())
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
