//! Re-certify: makes a certificate in place of another (KMIP 1.4 section 4.8, 2.1 section 6.1.45).

use kmip_types::attribute::Attribute;
use kmip_types::enumerations::{LinkType, ObjectType, ResultReason, UniqueIdentifierEnumeration};
use kmip_types::object::ManagedObject;
use kmip_types::operation::{ReCertifyRequest, ReCertifyResponse};

use super::certify::{Source, check_key, issue, source};
use super::key_use::wrong_type;
use super::new_object::check_storage;
use super::re_key_key_pair::linked;
use super::replacing::{give_up_names, in_place_of, link_replacement, replaced, taken_over};
use super::templates::asked_if_any;
use crate::answer::Failure;
use crate::keys::x509;
use crate::server::context::Context;
use crate::server::crypto::authority;

pub(super) fn re_certify(
    context: &mut Context<'_>,
    request: ReCertifyRequest,
) -> Result<ReCertifyResponse, Failure> {
    check_storage(request.protection_storage_masks.as_ref(), ResultReason::ProtectionStorageUnavailable)?;
    let existing = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.get(&existing)?;
    let ManagedObject::Certificate(certificate) = stored.value()? else { return Err(wrong_type(&stored)) };
    let public = match linked(&stored, LinkType::PublicKeyLink) {
        Some(identifier) => {
            let identifier = context.resolve(Some(&identifier))?;
            // The key may be gone meanwhile; the certificate has what it takes.
            context
                .get(&identifier)
                .is_ok_and(|key| key.object_type == ObjectType::PublicKey)
                .then_some(identifier)
        }
        None => None,
    };
    let csr = request.certificate_request_value.as_deref();
    let source = if csr.is_some() {
        Source { public, ..source(context, None, request.certificate_request_type, csr)? }
    } else if let Some(identifier) = &request.certificate_request_unique_identifier {
        Source { public, ..source(context, Some(identifier), None, None)? }
    } else {
        let link = authority::Link::new(&certificate.certificate_value).ok_or_else(|| wrong_type(&stored))?;
        Source { subject: link.subject(), public }
    };
    // It is for the same key pair.
    if let Some(key) = x509::public_key(&certificate.certificate_value) {
        check_key(&source.subject, &key)?;
    }
    let requested = asked_if_any(context, request.attributes)?;
    let mut known = taken_over(&stored, request.offset, &requested, context)?;
    let date =
        |find: fn(&Attribute) -> Option<kmip_types::DateTime>| requested.iter().chain(&known).find_map(find);
    let starts = date(|attribute| match attribute {
        Attribute::ActivationDate(date) => Some(*date),
        _ => None,
    });
    let ends = date(|attribute| match attribute {
        Attribute::DeactivationDate(date) => Some(*date),
        _ => None,
    });
    known.push(replaced(&existing));
    give_up_names(context, &stored, &requested)?;
    let identifier =
        in_place_of(context, &stored, |context| issue(context, source, requested, known, (starts, ends)))?;
    link_replacement(context, &existing, &identifier)?;
    context.memory.identifier(&identifier);
    context.memory.name(UniqueIdentifierEnumeration::ReCertify, &identifier);
    context.memory.place(Some(&identifier));
    Ok(ReCertifyResponse { unique_identifier: identifier.into(), attributes: None })
}
