//! A certificate with its keys, registered and linked.

use kmip_types::SecretText;
use kmip_types::attribute::{Attribute, Attributes, Link, UniqueIdentifier};
use kmip_types::enumerations::LinkType;
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::operation::{AddAttributeRequest, RegisterRequest};
use zeroize::Zeroizing;

use super::certificate::chain;
use super::material::Kind;
use super::{KeyError, Material};
use crate::Error;
use crate::session::{Batch, Handle, Results};

/// A certificate with its private key and its public key, and the certificates that issued it, to be registered and
/// linked.
///
/// Links say identifiers, which the server gives: so it takes two messages. The first registers all
/// ([`register`](Self::register)), and its results say who is who ([`Registration::read`]); the second links them
/// ([`Registered::link`]): the private key to the certificate and the public key, the public key to the private one and
/// the certificate, the certificate to both keys and, by Certificate Link, to that of its issuer. It is so in every
/// version of KMIP: that the ID Placeholder or the place in a batch stands for an identifier in a Link is of 2.0, and
/// few servers have it.
///
/// ```
/// use kmip_sdk::keys::{CertifiedKey, Material};
/// use kmip_sdk::types::attribute::{Attributes, Name};
/// use kmip_sdk::types::enumerations::LinkType;
/// use kmip_sdk::types::masks::CryptographicUsageMask;
///
/// # let made = rcgen::generate_simple_self_signed(["example.com".to_owned()]).unwrap();
/// # let pem = made.cert.pem() + &made.signing_key.serialize_pem();
/// # let server = kmip_sdk::server::Server::new(Default::default());
/// # let client = kmip_sdk::Client::builder().service(server).connect()?;
/// let pair = CertifiedKey::new(Material::all_from_pem(&pem)?)?
///     .private_key_attributes(
///         Attributes::new()
///             .with_name(Name::text("example.com, key"))
///             .with_cryptographic_usage_mask(CryptographicUsageMask::SIGN),
///     )
///     .certificate_attributes(Attributes::new().with_name(Name::text("example.com")));
///
/// let (batch, registration) = pair.register()?;
/// let registered = registration.read(&mut client.call_batch(batch).send()?)?;
/// let (batch, links) = registered.link();
/// let mut results = client.call_batch(batch).send()?;
/// for link in links {
///     results.take(link)?;
/// }
/// println!("the certificate is {}", registered.certificate);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct CertifiedKey {
    certificate: Material,
    private_key: Option<Material>,
    public_key: Option<Material>,
    issuers: Vec<Material>,
    attributes: OfEach,
}

/// What the caller says of each object.
#[derive(Clone, Debug, Default)]
struct OfEach {
    certificate: Attributes,
    private_key: Attributes,
    public_key: Attributes,
}

impl CertifiedKey {
    /// From a certificate and its private key, in any order, and with those of its issuers if they are to be registered
    /// too: what [`Material::all_from_pem`] or `all_from_pkcs12` give. The public key comes from the certificate.
    ///
    /// Without a private key the first certificate is the one.
    ///
    /// # Errors
    /// There is no certificate, or none of the private key; or there is something else: a second private key, another's
    /// public key, or a certificate that is none of its issuers'.
    pub fn new(materials: impl IntoIterator<Item = Material>) -> Result<Self, KeyError> {
        let (mut keys, mut certificates) = (Vec::new(), Vec::new());
        for material in materials {
            match material.kind {
                Kind::PrivateKey(_) => keys.push(material),
                Kind::Certificate(_) => certificates.push(material),
                // It is in the certificate too, and is compared with it below.
                Kind::PublicKey(_) => keys.push(material),
                _ => {
                    let wanted = "a certificate with its keys";
                    return Err(KeyError::OtherMaterial { found: material.to_string(), wanted });
                }
            }
        }
        let (private, public): (Vec<_>, Vec<_>) =
            keys.into_iter().partition(|key| matches!(key.kind, Kind::PrivateKey(_)));
        if private.len() > 1 {
            return Err(KeyError::Several { found: private.iter().map(ToString::to_string).collect() });
        }
        let private_key = private.into_iter().next();
        if let Some(key) = &private_key {
            certificates = ordered(key, certificates);
        }
        let all: Vec<&[u8]> = certificates.iter().filter_map(|one| one.certificate().ok()).collect();
        let first = all.first().ok_or(KeyError::NoCertificate)?;
        let linked = chain(first, &all).len();
        let mut certificates = in_order(first, &all);
        if linked < certificates.len() {
            let others = certificates.drain(linked..).map(|other| other.to_string());
            return Err(KeyError::OtherCertificate { material: others.collect::<Vec<_>>().join(", ") });
        }
        let mut certificates = certificates.into_iter();
        let certificate = certificates.next().ok_or(KeyError::NoCertificate)?;
        // The key in it may be of a kind that is not known here.
        let algorithm = private_key.as_ref().and_then(Material::algorithm);
        let public_key = certificate.public_key().ok().map(|key| key.stating(algorithm));
        for key in private_key.iter().chain(&public) {
            if key.public_key().ok() != public_key {
                return Err(KeyError::OtherCertificate { material: key.to_string() });
            }
        }
        let issuers = certificates.collect();
        Ok(Self { certificate, private_key, public_key, issuers, attributes: OfEach::default() })
    }

    /// What is said of the private key beside what it says itself. It needs a Cryptographic Usage Mask, such as SIGN.
    #[must_use]
    pub fn private_key_attributes(mut self, attributes: Attributes) -> Self {
        self.attributes.private_key = attributes;
        self
    }

    /// What is said of the public key beside what it says itself. Without a Cryptographic Usage Mask it has VERIFY.
    #[must_use]
    pub fn public_key_attributes(mut self, attributes: Attributes) -> Self {
        self.attributes.public_key = attributes;
        self
    }

    /// What is said of the certificate beside what it says itself, such as its Name.
    #[must_use]
    pub fn certificate_attributes(mut self, attributes: Attributes) -> Self {
        self.attributes.certificate = attributes;
        self
    }

    /// The same without the public key, which is in the certificate.
    #[must_use]
    pub fn without_public_key(mut self) -> Self {
        self.public_key = None;
        self
    }

    /// The same without the certificates of its issuers.
    #[must_use]
    pub fn without_issuers(mut self) -> Self {
        self.issuers.clear();
        self
    }

    /// The certificate.
    pub fn certificate(&self) -> &Material {
        &self.certificate
    }

    /// Its private key, if that is here.
    pub fn private_key(&self) -> Option<&Material> {
        self.private_key.as_ref()
    }

    /// The certificates of its issuers, each followed by its own issuer's.
    pub fn issuers(&self) -> &[Material] {
        &self.issuers
    }

    /// PEM text with the certificate, those of its issuers, and the private key as PKCS#8 if that is here: what TLS servers
    /// read.
    ///
    /// # Errors
    /// Something is longer than PEM can be.
    pub fn to_pem(&self) -> Result<SecretText, KeyError> {
        let all = [&self.certificate].into_iter().chain(&self.issuers).chain(&self.private_key);
        let parts: Vec<SecretText> = all.map(Material::to_pem).collect::<Result<_, _>>()?;
        // Sized at once, so that no copy of a part is left behind.
        let length = parts.iter().map(|part| part.reveal().len()).sum();
        let mut text = Zeroizing::new(String::with_capacity(length));
        parts.iter().for_each(|part| text.push_str(part.reveal()));
        Ok(text.into())
    }

    /// A file of PKCS#12 (RFC 7292), in DER, with the private key, the certificate and those of its issuers, by a password:
    /// the key encrypted by AES-256-CBC, and a MAC with SHA-256 over all, as OpenSSL 3 and Java write it. Needs the feature
    /// `pkcs12`.
    ///
    /// # Errors
    /// There is no private key.
    #[cfg(feature = "pkcs12")]
    pub fn to_pkcs12(&self, password: &str) -> Result<Vec<u8>, KeyError> {
        use super::{KeyEncoding, pkcs12};
        let wanted = "a certificate with its private key";
        let missing =
            || KeyError::OtherMaterial { found: "a certificate without a private key".to_owned(), wanted };
        let key = self.private_key.as_ref().ok_or_else(missing)?.to_der_as(KeyEncoding::Pkcs8)?;
        let all = [&self.certificate].into_iter().chain(&self.issuers);
        let certificates: Vec<&[u8]> = all.map(Material::certificate).collect::<Result<_, _>>()?;
        pkcs12::container(key.reveal(), &certificates, password, None)
    }

    /// The batch that registers all, and what reads its results. It stops where one is not registered; by
    /// [`continuation`](Batch::continuation) it can be told to undo those before.
    ///
    /// # Errors
    /// The material is longer than an object can be.
    pub fn register(&self) -> Result<(Batch, Registration), KeyError> {
        let mut public = self.attributes.public_key.clone();
        if public.cryptographic_usage_mask().is_none() {
            public.push(Attribute::CryptographicUsageMask(CryptographicUsageMask::VERIFY));
        }
        let mut batch = Batch::new();
        batch.order(true);
        let mut add = |material: &Material, attributes: &Attributes| {
            material.to_register_request(attributes.clone()).map(|request| batch.add(request))
        };
        let private_key = self.private_key.as_ref().map(|key| add(key, &self.attributes.private_key));
        let public_key = self.public_key.as_ref().map(|key| add(key, &public));
        let certificate = add(&self.certificate, &self.attributes.certificate)?;
        let none = Attributes::new();
        let issuers: Result<_, _> = self.issuers.iter().map(|issuer| add(issuer, &none)).collect();
        let registration = Registration {
            certificate,
            private_key: private_key.transpose()?,
            public_key: public_key.transpose()?,
            issuers: issuers?,
        };
        Ok((batch, registration))
    }
}

/// What reads the results of registering a certificate with its keys.
#[derive(Debug)]
pub struct Registration {
    certificate: Handle<RegisterRequest>,
    private_key: Option<Handle<RegisterRequest>>,
    public_key: Option<Handle<RegisterRequest>>,
    issuers: Vec<Handle<RegisterRequest>>,
}

impl Registration {
    /// What is registered, by its place among the identifiers of the response: what later items of the same batch can say
    /// since KMIP 2.0.
    pub(crate) fn by_index(&self) -> Registered {
        let mut places = (0..).map(UniqueIdentifier::Index);
        let mut next = || places.next().unwrap_or(UniqueIdentifier::ID_PLACEHOLDER);
        Registered {
            private_key: self.private_key.as_ref().map(|_| next()),
            public_key: self.public_key.as_ref().map(|_| next()),
            certificate: next(),
            issuers: self.issuers.iter().map(|_| next()).collect(),
        }
    }

    /// The identifiers that the objects have now.
    ///
    /// # Errors
    /// One was not registered. Those before it were, unless the batch was to be undone then.
    pub fn read(self, results: &mut Results) -> Result<Registered, Error> {
        let mut take =
            |handle: Handle<RegisterRequest>| results.take(handle).map(|response| response.unique_identifier);
        let private_key = self.private_key.map(&mut take).transpose()?;
        let public_key = self.public_key.map(&mut take).transpose()?;
        let certificate = take(self.certificate)?;
        let issuers = self.issuers.into_iter().map(take).collect::<Result<_, _>>()?;
        Ok(Registered { certificate, private_key, public_key, issuers })
    }
}

/// A certificate with its keys, as the server has them now.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Registered {
    /// The certificate.
    pub certificate: UniqueIdentifier,
    /// Its private key, if there was one.
    pub private_key: Option<UniqueIdentifier>,
    /// Its public key, unless it was left out.
    pub public_key: Option<UniqueIdentifier>,
    /// The certificates of its issuers, each followed by its own issuer's.
    pub issuers: Vec<UniqueIdentifier>,
}

impl Registered {
    /// The batch that links them, and where its results are to be found. It is empty if there is the certificate alone.
    pub fn link(&self) -> (Batch, Vec<Handle<AddAttributeRequest>>) {
        let mut batch = Batch::new();
        let handles = self.link_requests().into_iter().map(|request| batch.add(request)).collect();
        (batch, handles)
    }

    /// The requests that link them.
    pub(crate) fn link_requests(&self) -> Vec<AddAttributeRequest> {
        let request = |(from, link_type, to): (&UniqueIdentifier, _, &UniqueIdentifier)| {
            let link = Link { link_type, linked_object_identifier: to.clone() };
            AddAttributeRequest::new(from.clone(), Attribute::Link(link))
        };
        self.links().into_iter().map(request).collect()
    }

    /// From which object, of which kind, to which.
    fn links(&self) -> Vec<(&UniqueIdentifier, LinkType, &UniqueIdentifier)> {
        use LinkType::{CertificateLink, PrivateKeyLink, PublicKeyLink};
        let mut links = Vec::new();
        if let Some(private) = &self.private_key {
            links.push((private, CertificateLink, &self.certificate));
            links.push((&self.certificate, PrivateKeyLink, private));
        }
        if let Some(public) = &self.public_key {
            links.push((public, CertificateLink, &self.certificate));
            links.push((&self.certificate, PublicKeyLink, public));
        }
        if let (Some(private), Some(public)) = (&self.private_key, &self.public_key) {
            links.push((private, PublicKeyLink, public));
            links.push((public, PrivateKeyLink, private));
        }
        let mut issued = &self.certificate;
        for issuer in &self.issuers {
            links.push((issued, CertificateLink, issuer));
            issued = issuer;
        }
        links
    }
}

/// The certificates, first that of the key, then those that issued it, then the rest. Where none is of the key they stay
/// as they are.
pub(super) fn ordered(key: &Material, certificates: Vec<Material>) -> Vec<Material> {
    let Ok(public) = key.public_key() else { return certificates };
    let own = certificates.iter().find(|certificate| certificate.public_key().is_ok_and(|of| of == public));
    let Some(own) = own else { return certificates };
    let all: Vec<&[u8]> =
        certificates.iter().filter_map(|certificate| certificate.certificate().ok()).collect();
    let Ok(own) = own.certificate() else { return certificates };
    in_order(own, &all)
}

/// The certificate, then those that issued it, then the rest.
fn in_order(first: &[u8], all: &[&[u8]]) -> Vec<Material> {
    let chain = chain(&first, all);
    let rest = all.iter().filter(|der| !chain.contains(der));
    chain.iter().chain(rest).map(|der| Material::of(Kind::Certificate(der.to_vec()))).collect()
}
