//! Certify: makes a certificate for a public key (KMIP 1.4 section 4.7, 2.1 section 6.1.6).

use der::{Decode, Encode};
use kmip_types::DateTime;
use kmip_types::attribute::{Attribute, Attributes, Link, UniqueIdentifier};
use kmip_types::enumerations::{
    CertificateRequestType, CertificateType, LinkType, ObjectType, ResultReason, UniqueIdentifierEnumeration,
};
use kmip_types::object::{Certificate, ManagedObject};
use kmip_types::operation::{CertifyRequest, CertifyResponse};
use pkcs8::spki::SubjectPublicKeyInfoOwned;
use x509_cert::name::Name;

use super::key_use::{public_key, wrong_type};
use super::new_object::{NewObject, Origin, check_storage};
use super::templates::asked_if_any;
use crate::answer::Failure;
use crate::keys::{PublicKey, x509};
use crate::server::attributes;
use crate::server::context::Context;
use crate::server::crypto::authority::{self, Subject};
use crate::server::crypto::cryptographic_failure;
use crate::server::store::StoredObject;

pub(super) fn certify(
    context: &mut Context<'_>,
    request: CertifyRequest,
) -> Result<CertifyResponse, Failure> {
    check_storage(request.protection_storage_masks.as_ref(), ResultReason::ProtectionStorageUnavailable)?;
    let requested = asked_if_any(context, request.attributes)?;
    let csr = request.certificate_request_value.as_deref();
    let mut source =
        source(context, request.unique_identifier.as_ref(), request.certificate_request_type, csr)?;
    if let (Some(public), None) = (&source.public, csr) {
        let stored = context.get(public)?;
        source.subject.name = name(&requested, &stored)?;
    }
    let dates = (requested.activation_date(), requested.deactivation_date());
    let identifier = issue(context, source, requested, Vec::new(), dates)?;
    context.memory.identifier(&identifier);
    context.memory.name(UniqueIdentifierEnumeration::Certify, &identifier);
    context.memory.place(Some(&identifier));
    Ok(CertifyResponse { unique_identifier: identifier.into(), attributes: None })
}

/// What is to be certified.
pub(super) struct Source {
    pub(super) subject: Subject,
    /// The public key, if the server has it.
    pub(super) public: Option<String>,
}

/// What a request means: a certificate request, of its own or kept, or a public key.
pub(super) fn source(
    context: &mut Context<'_>,
    identifier: Option<&UniqueIdentifier>,
    kind: Option<CertificateRequestType>,
    csr: Option<&[u8]>,
) -> Result<Source, Failure> {
    let mut source = None;
    if let Some(csr) = csr {
        let kind = kind.ok_or_else(|| {
            Failure::new(
                ResultReason::InvalidMessage,
                "a certificate request needs its Certificate Request Type",
            )
        })?;
        source = Some(Source { subject: authority::requested(kind, csr)?, public: None });
    }
    // With a request, the key need not be there.
    if identifier.is_none() && source.is_some() {
        return source.ok_or_else(|| cryptographic_failure("reading the request"));
    }
    let identifier = context.resolve(identifier)?;
    let stored = context.get(&identifier)?;
    match (stored.value()?, source) {
        (ManagedObject::PublicKey(_), Some(source)) => {
            check_key(&source.subject, &public_key(&stored)?)?;
            Ok(Source { public: Some(identifier), ..source })
        }
        (ManagedObject::PublicKey(_), None) => {
            let spki = public_key(&stored)?.to_spki();
            let key = spki.and_then(|der| SubjectPublicKeyInfoOwned::from_der(&der).ok());
            let key = key.ok_or_else(|| cryptographic_failure("reading the key"))?;
            let subject = Subject { name: Name::default(), key, extensions: Vec::new() };
            Ok(Source { subject, public: Some(identifier) })
        }
        (ManagedObject::CertificateRequest(request), None) => {
            let (kind, value) = (request.certificate_request_type, &request.certificate_request_value);
            Ok(Source { subject: authority::requested(kind, value)?, public: None })
        }
        _ => Err(wrong_type(&stored)),
    }
}

/// Refuses a request for another key than the one that is to be certified.
pub(super) fn check_key(subject: &Subject, key: &PublicKey) -> Result<(), Failure> {
    let requested = subject.key.to_der().ok().and_then(|der| PublicKey::from_spki(&der).ok());
    match requested {
        Some(requested) if requested == *key => Ok(()),
        _ => {
            let message = "the certificate request is not for the public key that is to be certified";
            Err(Failure::new(ResultReason::InvalidField, message))
        }
    }
}

/// The subject's name: as the attributes say, or else that of the key.
fn name(requested: &Attributes, stored: &StoredObject) -> Result<Name, Failure> {
    let wrong = |_| Failure::new(ResultReason::InvalidField, "the subject is no distinguished name");
    for attribute in requested.iter() {
        match attribute {
            Attribute::X509CertificateSubject(subject) => {
                return Name::from_der(&subject.subject_distinguished_name).map_err(wrong);
            }
            Attribute::CertificateSubject(subject) => {
                return subject.certificate_subject_distinguished_name.parse().map_err(wrong);
            }
            _ => {}
        }
    }
    let name = stored.attributes.names().next().map(|name| name.name_value.as_str());
    common_name(name.unwrap_or(&stored.identifier))
}

/// A name that is a Common Name only.
pub(super) fn common_name(name: &str) -> Result<Name, Failure> {
    let wrong = |_| Failure::new(ResultReason::InvalidField, "the name of the subject cannot be read");
    let name: String = name.chars().filter(|letter| !letter.is_control()).collect();
    // Letters that have a meaning in the text of a name (RFC 4514 section 2.4) are said by a backslash.
    let mut text = String::from("CN=");
    for letter in name.chars().take(64) {
        if matches!(letter, ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=' | '#' | ' ') {
            text.push('\\');
        }
        text.push(letter);
    }
    text.parse().map_err(wrong)
}

/// Issues a certificate, keeps it and links it with its public key.
pub(super) fn issue(
    context: &mut Context<'_>,
    source: Source,
    requested: Attributes,
    more: Vec<Attribute>,
    (starts, ends): (Option<DateTime>, Option<DateTime>),
) -> Result<String, Failure> {
    let wanted = requested.certificate_type().unwrap_or(CertificateType::X509);
    if wanted != CertificateType::X509 {
        let message = format!("the server makes no certificates of the type {wanted}");
        return Err(Failure::new(ResultReason::FeatureNotSupported, message));
    }
    let authority = context.shared.authority(context.now)?;
    let value = authority.issue(source.subject, starts.unwrap_or(context.now), ends)?;
    let mut known = x509::attributes(CertificateType::X509, &value)
        .map_err(|_| cryptographic_failure("reading the certificate"))?;
    let link = |link_type, identifier: &str| {
        Attribute::Link(Link { link_type, linked_object_identifier: identifier.into() })
    };
    known.extend(source.public.iter().map(|public| link(LinkType::PublicKeyLink, public)));
    known.extend(more);
    // What the certificate says of itself has been asked for by now.
    let is_said = |attribute: &Attribute| {
        matches!(
            attribute,
            Attribute::X509CertificateSubject(_)
                | Attribute::CertificateSubject(_)
                | Attribute::CertificateType(_)
                | Attribute::CryptographicAlgorithm(_)
                | Attribute::CryptographicLength(_)
        )
    };
    let requested: Attributes = requested.iter().filter(|attribute| !is_said(attribute)).cloned().collect();
    let identifier = context.new_identifier();
    let certificate = Certificate { certificate_type: CertificateType::X509, certificate_value: value };
    let new = NewObject {
        identifier: identifier.clone(),
        object_type: ObjectType::Certificate,
        object: ManagedObject::Certificate(certificate),
        known,
        requested,
        origin: Origin::Derived,
    };
    new.keep(context)?;
    if let Some(public) = source.public {
        let now = context.now;
        context.change(&public, |stored| {
            // A key has one certificate at a time, and the former one stays linked to the new.
            let entries = stored.attributes.entries().iter().enumerate();
            let former: Vec<usize> = entries
                .filter(|(_, entry)| {
                    matches!(&entry.attribute, Attribute::Link(link) if link.link_type == LinkType::CertificateLink)
                })
                .map(|(position, _)| position)
                .collect();
            attributes::remove_at(&mut stored.attributes, &former);
            attributes::add(&mut stored.attributes, link(LinkType::CertificateLink, &identifier));
            attributes::set(&mut stored.attributes, Attribute::LastChangeDate(now));
            Ok(())
        })?;
    }
    Ok(identifier)
}
