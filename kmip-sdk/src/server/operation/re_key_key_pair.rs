//! Re-key Key Pair: makes two keys in place of two others (KMIP 1.4 section 4.5, 2.1 section 6.1.47).

use kmip_types::attribute::{Attribute, Attributes, UniqueIdentifier};
use kmip_types::enumerations::{LinkType, ObjectType, ResultReason, UniqueIdentifierEnumeration};
use kmip_types::operation::{ReKeyKeyPairRequest, ReKeyKeyPairResponse};

use super::create_key_pair::{Half, make_pair, merge};
use super::key_use::wrong_type;
use super::new_object::check_storage;
use super::replacing::{check_same, give_up_names, in_place_of, link_replacement, replaced, taken_over};
use super::templates::asked_if_any;
use crate::answer::Failure;
use crate::server::attributes::Kind;
use crate::server::context::Context;
use crate::server::store::StoredObject;

pub(super) fn re_key_key_pair(
    context: &mut Context<'_>,
    request: ReKeyKeyPairRequest,
) -> Result<ReKeyKeyPairResponse, Failure> {
    use ResultReason as R;
    check_storage(request.common_protection_storage_masks.as_ref(), R::ProtectionStorageUnavailable)?;
    check_storage(request.private_protection_storage_masks.as_ref(), R::PrivateProtectionStorageUnavailable)?;
    check_storage(request.public_protection_storage_masks.as_ref(), R::PublicProtectionStorageUnavailable)?;
    let private = context.resolve(request.private_key_unique_identifier.as_ref())?;
    let stored_private = context.get(&private)?;
    stored_private.value()?;
    if stored_private.object_type != ObjectType::PrivateKey {
        return Err(wrong_type(&stored_private));
    }
    let public = linked(&stored_private, LinkType::PublicKeyLink)
        .ok_or_else(|| Failure::new(R::InvalidField, "the private key has no link to its public key"))?;
    let public = context.resolve(Some(&public))?;
    let stored_public = context.get(&public)?;

    let common = asked_if_any(context, request.common_attributes)?;
    let offset = request.offset;
    let half = |context: &mut Context<'_>, stored: &StoredObject, own: Option<Attributes>| {
        let own = asked_if_any(context, own)?;
        let mut requested = merge(&common, own, stored.object_type, context.vendor_rules());
        check_same(stored, &requested)?;
        let mut known = taken_over(stored, offset, &requested, context)?;
        known.push(replaced(&stored.identifier));
        // What the pair is made by is what the existing one was.
        let own = &stored.attributes;
        let plan = [
            own.cryptographic_algorithm().map(Attribute::CryptographicAlgorithm),
            own.cryptographic_length().map(Attribute::CryptographicLength),
        ];
        for attribute in plan.into_iter().flatten() {
            let kind = Kind::of(&attribute);
            if requested.iter().all(|other| Kind::of(other) != kind) {
                requested = requested.with(attribute);
            }
        }
        if let Some(domain) = own.cryptographic_domain_parameters()
            && requested.cryptographic_domain_parameters().is_none()
        {
            requested = requested.with(Attribute::CryptographicDomainParameters(domain.clone()));
            known.retain(|attribute| !matches!(attribute, Attribute::CryptographicDomainParameters(_)));
        }
        Ok::<Half, Failure>(Half { requested, known, format: own.key_format_type() })
    };
    let private_half = half(context, &stored_private, request.private_key_attributes)?;
    let public_half = half(context, &stored_public, request.public_key_attributes)?;
    give_up_names(context, &stored_private, &private_half.requested)?;
    give_up_names(context, &stored_public, &public_half.requested)?;
    let (new_private, new_public) =
        in_place_of(context, &stored_private, |context| make_pair(context, private_half, public_half))?;
    link_replacement(context, &private, &new_private)?;
    link_replacement(context, &public, &new_public)?;
    context.memory.identifier(&new_private);
    context.memory.identifier(&new_public);
    context.memory.name(UniqueIdentifierEnumeration::ReKeyKeyPair, &new_private);
    context.memory.name(UniqueIdentifierEnumeration::ReKeyKeyPairPrivateKey, &new_private);
    context.memory.name(UniqueIdentifierEnumeration::ReKeyKeyPairPublicKey, &new_public);
    context.memory.place(Some(&new_private));
    Ok(ReKeyKeyPairResponse {
        private_key_unique_identifier: new_private.into(),
        public_key_unique_identifier: new_public.into(),
        private_key_attributes: None,
        public_key_attributes: None,
    })
}

/// What a link of an object leads to.
pub(super) fn linked(stored: &StoredObject, link_type: LinkType) -> Option<UniqueIdentifier> {
    let mut links = stored.attributes.links().filter(|link| link.link_type == link_type);
    links.next().map(|link| link.linked_object_identifier.clone())
}
