//! What Re-key, Re-key Key Pair and Re-certify have in common: an object that takes another's place
//! (KMIP 1.4 sections 4.4, 4.5 and 4.8, 2.1 sections 6.1.45 to 6.1.47).

use kmip_types::attribute::{Attribute, AttributeEntry, Attributes, Link, UsageLimits};
use kmip_types::enumerations::{LinkType, ResultReason};
use kmip_types::{DateTime, Interval, ProtocolVersion, Tag};

use super::add_attribute::check_names_owner;
use super::new_object::check_count;
use crate::answer::Failure;
use crate::server::attributes::{self, Kind};
use crate::server::context::Context;
use crate::server::rotation;
use crate::server::store::StoredObject;

/// What is not taken over: it is of the object itself, or of what happened to it, or follows from the new one.
const NOT_COPIED: [Tag; 30] = [
    Tag::UNIQUE_IDENTIFIER,
    Tag::SHORT_UNIQUE_IDENTIFIER,
    Tag::OBJECT_TYPE,
    Tag::KEY_FORMAT_TYPE,
    Tag::CRYPTOGRAPHIC_ALGORITHM,
    Tag::CRYPTOGRAPHIC_LENGTH,
    Tag::X_509_CERTIFICATE_IDENTIFIER,
    Tag::X_509_CERTIFICATE_SUBJECT,
    Tag::X_509_CERTIFICATE_ISSUER,
    Tag::DIGITAL_SIGNATURE_ALGORITHM,
    Tag::DIGEST,
    Tag::LINK,
    Tag::STATE,
    Tag::INITIAL_DATE,
    Tag::ORIGINAL_CREATION_DATE,
    Tag::LAST_CHANGE_DATE,
    Tag::DESTROY_DATE,
    Tag::COMPROMISE_DATE,
    Tag::COMPROMISE_OCCURRENCE_DATE,
    Tag::REVOCATION_REASON,
    Tag::ARCHIVE_DATE,
    Tag::FRESH,
    Tag::RANDOM_NUMBER_GENERATOR,
    Tag::LEASE_TIME,
    Tag::ALWAYS_SENSITIVE,
    Tag::NEVER_EXTRACTABLE,
    Tag::PROTECTION_STORAGE_MASK,
    Tag::ROTATE_DATE,
    Tag::ROTATE_GENERATION,
    Tag::ROTATE_LATEST,
];

/// The dates that move by the same span.
const MOVED: [Tag; 3] = [Tag::PROCESS_START_DATE, Tag::PROTECT_STOP_DATE, Tag::DEACTIVATION_DATE];

/// The attributes that the replacement of an object takes over, but for those that the client asks for.
pub(super) fn taken_over(
    stored: &StoredObject,
    offset: Option<Interval>,
    requested: &Attributes,
    context: &Context<'_>,
) -> Result<Vec<Attribute>, Failure> {
    let (now, vendor) = (context.now, context.vendor_rules());
    let is_date = |kind: &Kind| {
        let dates = MOVED.iter().chain(&[Tag::ACTIVATION_DATE]);
        dates.into_iter().any(|tag| *kind == Kind::Standard(*tag))
    };
    if offset.is_some() && requested.iter().any(|attribute| is_date(&Kind::of(attribute))) {
        let message = "the dates are asked for by an Offset, and by themselves";
        return Err(Failure::new(ResultReason::InvalidMessage, message));
    }
    let shift = shift(stored, offset, context)?;
    let is_asked_for = |kind: &Kind| {
        !vendor.is_multiple(kind) && requested.iter().any(|attribute| Kind::of(attribute) == *kind)
    };
    let mut taken = Vec::new();
    for AttributeEntry { attribute, .. } in stored.attributes.entries() {
        let kind = Kind::of(attribute);
        let is_certificates = kind.info().is_some_and(|info| info.name.starts_with("Certificate"));
        let stays = is_certificates || NOT_COPIED.iter().any(|tag| kind == Kind::Standard(*tag));
        if !stays && !is_asked_for(&kind) {
            taken.push(adapted(attribute, shift)?);
        }
    }
    taken.extend(rotation::of_replacement(&stored.attributes, now));
    if let (Some(offset), None) = (offset, stored.attributes.activation_date()) {
        taken.push(Attribute::ActivationDate(later(now, i64::from(offset.seconds()))?));
    }
    Ok(taken)
}

/// By how many seconds the dates of the replacement are later.
fn shift(stored: &StoredObject, offset: Option<Interval>, context: &Context<'_>) -> Result<i64, Failure> {
    let Some(offset) = offset else { return Ok(0) };
    let activation = stored.attributes.activation_date();
    let has_others = MOVED
        .iter()
        .any(|tag| attributes::instances(&stored.attributes, &Kind::Standard(*tag)).next().is_some());
    match activation {
        Some(activation) => {
            let new = later(context.now, i64::from(offset.seconds()))?;
            Ok(new.seconds().saturating_sub(activation.seconds()))
        }
        None if has_others => {
            let message = "there is no Activation Date from which the Offset would move the other dates";
            // Since KMIP 2.0 there is no reason of its own for it.
            let reason = match context.version.is_at_least(ProtocolVersion::V2_0) {
                true => ResultReason::InvalidField,
                false => ResultReason::IllegalOperation,
            };
            Err(Failure::new(reason, message))
        }
        None => Ok(0),
    }
}

fn later(date: DateTime, seconds: i64) -> Result<DateTime, Failure> {
    let seconds = date.seconds().checked_add(seconds);
    let too_late = || Failure::new(ResultReason::InvalidField, "the Offset leads to no date");
    seconds.map(DateTime::from_seconds).ok_or_else(too_late)
}

/// An attribute as the replacement has it.
fn adapted(attribute: &Attribute, shift: i64) -> Result<Attribute, Failure> {
    Ok(match attribute {
        Attribute::ActivationDate(date) => Attribute::ActivationDate(later(*date, shift)?),
        Attribute::ProcessStartDate(date) => Attribute::ProcessStartDate(later(*date, shift)?),
        Attribute::ProtectStopDate(date) => Attribute::ProtectStopDate(later(*date, shift)?),
        Attribute::DeactivationDate(date) => Attribute::DeactivationDate(later(*date, shift)?),
        // Nothing of it is used yet.
        Attribute::UsageLimits(limits) => Attribute::UsageLimits(UsageLimits {
            usage_limits_count: Some(limits.usage_limits_total),
            ..limits.clone()
        }),
        other => other.clone(),
    })
}

/// The link from a replacement to what it replaces.
pub(super) fn replaced(identifier: &str) -> Attribute {
    let linked_object_identifier = identifier.into();
    Attribute::Link(Link { link_type: LinkType::ReplacedObjectLink, linked_object_identifier })
}

/// Takes an object's names away, which its replacement gets. Others that are asked for are for the owner to give.
pub(super) fn give_up_names(
    context: &mut Context<'_>,
    stored: &StoredObject,
    requested: &Attributes,
) -> Result<(), Failure> {
    requested.iter().try_for_each(|attribute| check_names_owner(context, &Kind::of(attribute), stored))?;
    context.change(&stored.identifier, |stored| {
        stored.value()?;
        let names = attributes::positions(&stored.attributes, &Kind::Standard(Tag::NAME));
        attributes::remove_at(&mut stored.attributes, &names);
        Ok(())
    })
}

/// Makes what takes an object's place, and belongs to whom that belongs to, whoever asks for it: so its names lead its owner to
/// it, as they led to the object.
pub(super) fn in_place_of<T>(
    context: &mut Context<'_>,
    stored: &StoredObject,
    make: impl FnOnce(&mut Context<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    context.heir = Some(stored.owner.clone());
    let made = make(context);
    context.heir = None;
    made
}

/// Links an object to what replaces it.
pub(super) fn link_replacement(
    context: &mut Context<'_>,
    identifier: &str,
    replacement: &str,
) -> Result<(), Failure> {
    let (now, options) = (context.now, context.options);
    let link_type = LinkType::ReplacementObjectLink;
    let link = Attribute::Link(Link { link_type, linked_object_identifier: replacement.into() });
    context.change(identifier, |stored| {
        attributes::add(&mut stored.attributes, link);
        check_count(options, stored.attributes.len())?;
        stored.change(Attribute::RotateLatest(false), now);
        Ok(())
    })
}

/// Refuses what a replacement cannot have: another algorithm, length or curve than the object's own.
pub(super) fn check_same(stored: &StoredObject, requested: &Attributes) -> Result<(), Failure> {
    let own = &stored.attributes;
    let differs = |wanted: Option<bool>| wanted == Some(false);
    let algorithm = requested.cryptographic_algorithm();
    let length = requested.cryptographic_length();
    let domain = requested.cryptographic_domain_parameters();
    if differs(algorithm.map(|wanted| own.cryptographic_algorithm() == Some(wanted)))
        || differs(length.map(|wanted| own.cryptographic_length() == Some(wanted)))
        || differs(domain.map(|wanted| own.cryptographic_domain_parameters() == Some(wanted)))
    {
        let message = "a replacement has the algorithm and the length of what it replaces";
        return Err(Failure::new(ResultReason::InvalidField, message));
    }
    Ok(())
}
