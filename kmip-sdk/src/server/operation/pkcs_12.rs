//! PKCS#12 as a Key Format Type: a private key with its chain of certificates, by a password that the server has (KMIP 2.1
//! sections 4.39 and 6.1.19).

use kmip_types::attribute::{Attribute, Attributes, Link, UniqueIdentifier};
use kmip_types::enumerations::{CertificateType, KeyFormatType, LinkType, ObjectType, ResultReason, State};
use kmip_types::masks::CryptographicUsageMask as Mask;
use kmip_types::object::{self, Certificate, KeyBlock, KeyMaterial, KeyValue, ManagedObject, PlainKeyValue};
use zeroize::Zeroizing;

use super::new_object::{NewObject, Origin, algorithm_and_length};
use crate::answer::Failure;
use crate::error::Pkcs12Problem;
use crate::keys::{Material, PrivateKey, pkcs12, x509};
use crate::server::context::Context;
use crate::server::crypto::{cryptographic_failure, formats, no_such_format};
use crate::server::store::StoredObject;

/// What a private key is called where it has no PKCS#12 Friendly Name.
const ALIAS: &str = "alias";

/// How many iterations of a hash the password of a file costs at most, for all that it encrypts together; so that no request
/// takes minutes.
const MAXIMUM_WORK: u64 = 2_000_000;

/// How many certificates a chain has at most.
const MAXIMUM_CHAIN: usize = 32;

/// A private key, or a certificate with its private key, as PKCS#12.
pub(super) fn give(context: &mut Context<'_>, stored: &StoredObject) -> Result<ManagedObject, Failure> {
    let password = password(context, &stored.attributes)?;
    let no_format = || no_such_format(KeyFormatType::Pkcs12);
    let name = stored.attributes.pkcs12_friendly_name().unwrap_or(ALIAS).to_owned();
    let private = match stored.object_type {
        ObjectType::PrivateKey => std::sync::Arc::new(stored.clone()),
        ObjectType::Certificate => {
            let link = only(&stored.attributes, &[LinkType::PrivateKeyLink])?.ok_or_else(no_format)?;
            let private = context.object(Some(&link))?;
            super::get::check_given(&private, false)?;
            private
        }
        _ => return Err(no_format()),
    };
    let ManagedObject::PrivateKey(key) = private.value()? else { return Err(no_format()) };
    let read = PrivateKey::from_block(&key.key_block).map_err(|_| no_format())?;
    let Some(KeyMaterial::Bytes(pkcs8)) = read.to_material(KeyFormatType::Pkcs8) else {
        return Err(no_format());
    };
    let first = match stored.object_type {
        ObjectType::Certificate => Some(UniqueIdentifier::from(stored.identifier.as_str())),
        _ => first_certificate(context, &private)?,
    };
    let chain = chain(context, first)?;
    let certificates: Vec<&[u8]> = chain.iter().map(Vec::as_slice).collect();
    let file = pkcs12::container(pkcs8.reveal(), &certificates, &password, Some(&name));
    let file = file.map_err(|_| cryptographic_failure("making the PKCS#12"))?;
    Ok(match stored.object_type {
        ObjectType::Certificate => ManagedObject::Certificate(Certificate {
            certificate_type: CertificateType::X509,
            certificate_value: file,
        }),
        _ => {
            let key_value =
                PlainKeyValue { key_material: KeyMaterial::bytes(file), attributes: Attributes::new() };
            let key_block = KeyBlock {
                key_format_type: KeyFormatType::Pkcs12,
                key_compression_type: None,
                key_value: Some(KeyValue::Plain(key_value)),
                // The key that is inside has them.
                cryptographic_algorithm: None,
                cryptographic_length: None,
                key_wrapping_data: None,
            };
            ManagedObject::PrivateKey(object::PrivateKey { key_block })
        }
    })
}

/// The password that an object's link leads to.
fn password(context: &mut Context<'_>, attributes: &Attributes) -> Result<Zeroizing<String>, Failure> {
    let wrong = || {
        let message = "there is no PKCS#12 Password Link to Secret Data that is Active, or more than one";
        Failure::new(ResultReason::BadPassword, message)
    };
    let mut links = attributes.links().filter(|link| link.link_type == LinkType::Pkcs12PasswordLink);
    let (Some(link), None) = (links.next(), links.next()) else { return Err(wrong()) };
    let stored = context.object(Some(&link.linked_object_identifier)).map_err(|_| wrong())?;
    if stored.state() != State::Active {
        return Err(wrong());
    }
    let ManagedObject::SecretData(secret) = stored.value().map_err(|_| wrong())? else { return Err(wrong()) };
    let bytes = secret.key_block.key_bytes().ok_or_else(wrong)?;
    let text = std::str::from_utf8(bytes).map_err(|_| wrong())?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// The only link of the first of these types that an object has any of.
fn only(attributes: &Attributes, types: &[LinkType]) -> Result<Option<UniqueIdentifier>, Failure> {
    for link_type in types {
        let mut links = attributes.links().filter(|link| link.link_type == *link_type);
        if let Some(link) = links.next() {
            if links.next().is_some() {
                let message = "there is more than one chain of certificates";
                return Err(Failure::new(ResultReason::InvalidField, message));
            }
            return Ok(Some(link.linked_object_identifier.clone()));
        }
    }
    Ok(None)
}

/// The certificate of a private key: its public key's, or its own where that has none.
fn first_certificate(
    context: &mut Context<'_>,
    private: &StoredObject,
) -> Result<Option<UniqueIdentifier>, Failure> {
    let types = [LinkType::Pkcs12CertificateLink, LinkType::CertificateLink];
    if let Some(public) = only(&private.attributes, &[LinkType::PublicKeyLink])? {
        let public = context.object(Some(&public))?;
        if let Some(certificate) = only(&public.attributes, &types)? {
            return Ok(Some(certificate));
        }
    }
    only(&private.attributes, &types)
}

/// The certificates from the first on, each linked to that of its issuer.
fn chain(context: &mut Context<'_>, first: Option<UniqueIdentifier>) -> Result<Vec<Vec<u8>>, Failure> {
    let (mut chain, mut next) = (Vec::new(), first);
    while let Some(identifier) = next {
        let stored = context.object(Some(&identifier))?;
        let ManagedObject::Certificate(certificate) = stored.value()? else {
            return Err(invalid("what is linked as a certificate is none"));
        };
        chain.push(certificate.certificate_value.clone());
        if chain.len() > MAXIMUM_CHAIN {
            return Err(invalid("the chain of certificates has no end"));
        }
        // One that issued itself ends the chain.
        next = only(&stored.attributes, &[LinkType::CertificateLink])?
            .filter(|issuer| *issuer != UniqueIdentifier::from(stored.identifier.as_str()));
    }
    Ok(chain)
}

/// What a PKCS#12 holds for a private key.
pub(super) struct Held {
    /// The private key, in PKCS#8.
    pub(super) object: ManagedObject,
    /// What it is called there.
    pub(super) name: Option<String>,
    /// Its certificate, then those that issued it.
    certificates: Vec<Vec<u8>>,
}

/// What is in the PKCS#12 that an object is, if it is one: by the password that its attributes link to.
pub(super) fn open(
    context: &mut Context<'_>,
    object: &ManagedObject,
    requested: &Attributes,
) -> Result<Option<Held>, Failure> {
    let ManagedObject::PrivateKey(key) = object else { return Ok(None) };
    if key.key_block.key_format_type != KeyFormatType::Pkcs12 {
        return Ok(None);
    }
    let Some(file) = key.key_block.key_bytes() else { return Ok(None) };
    let password = password(context, requested)?;
    let malformed = || invalid("the Key Material is no PKCS#12 in DER with a key that the server knows");
    let bags =
        pkcs12::Bags::read_within(file, Some(&password), MAXIMUM_WORK).map_err(|problem| match problem {
            Pkcs12Problem::WrongPassword | Pkcs12Problem::NoPassword => {
                Failure::new(ResultReason::BadPassword, "the password does not fit the PKCS#12")
            }
            _ => malformed(),
        })?;
    let wanted = requested.pkcs12_friendly_name();
    // Two that differ in case alone are one (RFC 2985 section 5.5.1).
    let is_wanted = |name: &Option<String>| match (wanted, name) {
        (Some(wanted), Some(name)) => wanted.to_lowercase() == name.to_lowercase(),
        (Some(_), None) => false,
        (None, _) => true,
    };
    let mut named = bags.keys.iter().zip(&bags.names);
    let found = named.find(|(_, name)| is_wanted(name));
    let (pkcs8, name) =
        found.ok_or_else(|| invalid("the PKCS#12 has no private key of this Friendly Name"))?;
    let material = Material::from_der(pkcs8).map_err(|_| malformed())?;
    let own = material.public_key().map_err(|_| malformed())?;
    let certified = |der: &[u8]| {
        Material::from_der(der).is_ok_and(|found| found.public_key().is_ok_and(|key| key == own))
    };
    let all: Vec<&[u8]> = bags.certificates.iter().map(|certificate| certificate.as_ref()).collect();
    let first = all.iter().find(|der| certified(der));
    let certificates = match first {
        Some(first) => crate::keys::certificate::chain(first, &all).into_iter().map(<[u8]>::to_vec).collect(),
        None => Vec::new(),
    };
    let mut key_block = material.to_key_block_as(KeyFormatType::Pkcs8).map_err(|_| malformed())?;
    key_block.cryptographic_algorithm =
        key.key_block.cryptographic_algorithm.or(key_block.cryptographic_algorithm);
    let object = ManagedObject::PrivateKey(object::PrivateKey { key_block });
    Ok(Some(Held { object, name: name.clone(), certificates }))
}

/// The other objects of a PKCS#12, with the identifiers that they get.
pub(super) struct Others {
    public: String,
    certificates: Vec<(String, Vec<u8>)>,
}

impl Others {
    /// Names the public key and the certificates of a private key, if there are any.
    pub(super) fn of(context: &Context<'_>, held: &Held) -> Option<Self> {
        if held.certificates.is_empty() {
            return None;
        }
        let public = context.new_identifier();
        let certificates = &held.certificates;
        let certificates = certificates.iter().map(|der| (context.new_identifier(), der.clone())).collect();
        Some(Self { public, certificates })
    }

    /// The link that leads to them.
    pub(super) fn link(&self) -> Attribute {
        link(LinkType::PublicKeyLink, &self.public)
    }

    /// Keeps them, linked to the private key and to each other.
    pub(super) fn keep(
        self,
        context: &mut Context<'_>,
        private: &str,
        key: &ManagedObject,
        requested: &Attributes,
    ) -> Result<(), Failure> {
        let failed = |_| cryptographic_failure("making the public key");
        let public = Material::from_object(key).and_then(|key| key.public_key()).map_err(failed)?;
        let format = formats::default_format(ObjectType::PublicKey, public.algorithm(), context.version);
        let block = public.to_key_block_as(format).or_else(|_| public.to_key_block_as(KeyFormatType::X509));
        let key_block = block.map_err(failed)?;
        let mut known = algorithm_and_length(public.algorithm(), public.length());
        known.push(Attribute::CryptographicUsageMask(counterpart(requested)));
        known.push(link(LinkType::PrivateKeyLink, private));
        known.extend(self.certificates.first().map(|(own, _)| link(LinkType::Pkcs12CertificateLink, own)));
        let new = |identifier: &str, object_type, object, known| NewObject {
            identifier: identifier.to_owned(),
            object_type,
            object,
            known,
            requested: Attributes::new(),
            origin: Origin::Registered,
        };
        let object = ManagedObject::PublicKey(object::PublicKey { key_block });
        new(&self.public, ObjectType::PublicKey, object, known).keep(context)?;
        let issuers = self.certificates.iter().skip(1).map(|(issuer, _)| Some(issuer)).chain([None]);
        for (index, ((identifier, der), issuer)) in self.certificates.iter().zip(issuers).enumerate() {
            let known = x509::attributes(CertificateType::X509, der);
            let mut known = known.map_err(|_| invalid("a certificate in the PKCS#12 is not X.509 in DER"))?;
            known.extend(issuer.map(|issuer| link(LinkType::CertificateLink, issuer)));
            if index == 0 {
                known.push(link(LinkType::PublicKeyLink, &self.public));
                known.push(link(LinkType::PrivateKeyLink, private));
            }
            let object = ManagedObject::Certificate(Certificate {
                certificate_type: CertificateType::X509,
                certificate_value: der.clone(),
            });
            new(identifier, ObjectType::Certificate, object, known).keep(context)?;
        }
        Ok(())
    }
}

/// What a public key may do whose private key may do what is asked for.
fn counterpart(requested: &Attributes) -> Mask {
    let private = requested.cryptographic_usage_mask().unwrap_or_default();
    let pairs =
        [(Mask::SIGN, Mask::VERIFY), (Mask::DECRYPT, Mask::ENCRYPT), (Mask::UNWRAP_KEY, Mask::WRAP_KEY)];
    let allowed = pairs.into_iter().filter(|(own, _)| private.contains(*own));
    allowed.fold(Mask::default(), |mask, (_, other)| mask | other)
}

fn link(link_type: LinkType, identifier: &str) -> Attribute {
    Attribute::Link(Link { link_type, linked_object_identifier: identifier.into() })
}

fn invalid(message: &str) -> Failure {
    Failure::new(ResultReason::InvalidField, message)
}
