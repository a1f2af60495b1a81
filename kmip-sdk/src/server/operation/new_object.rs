//! What Create, Create Key Pair and Register have in common: the attributes of a new object.

use std::sync::Arc;

use kmip_types::DateTime;
use kmip_types::attribute::{Attribute, Attributes, Digest, RngParameters};
use kmip_types::enumerations::{
    CryptographicAlgorithm, DrbgAlgorithm, HashingAlgorithm, KeyFormatType, ObjectType, Operation,
    ResultReason, RngAlgorithm, State,
};
use kmip_types::masks::ProtectionStorageMask;
use kmip_types::object::ManagedObject;
use kmip_types::operation::ProtectionStorageMasks;

use super::factory::check_constraints;
use crate::answer::Failure;
use crate::server::attributes::{self, Kind};
use crate::server::context::Context;
use crate::server::crypto::split::Polynomial;
use crate::server::crypto::{formats, sha256};
use crate::server::leniency::Deviation;
use crate::server::lifecycle;
use crate::server::operation_policy::DEFAULT;
use crate::server::options::ServerOptions;
use crate::server::rules::accepted;
use crate::server::store::StoredObject;

/// A new object, before the server has it.
pub(super) struct NewObject {
    pub(super) identifier: String,
    pub(super) object_type: ObjectType,
    pub(super) object: ManagedObject,
    /// What the server knows of the object. The client may say the same, but nothing else.
    pub(super) known: Vec<Attribute>,
    /// What the client asks for.
    pub(super) requested: Attributes,
    /// Where the object comes from.
    pub(super) origin: Origin,
}

/// Where an object comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The client has it.
    Registered,
    /// The server made it of others.
    Derived,
    /// The server made it at random.
    Generated,
}

/// The generator of random numbers: the cryptographic library's is CTR_DRBG with AES-256.
pub(super) fn random_number_generator() -> RngParameters {
    RngParameters {
        rng_algorithm: RngAlgorithm::Drbg,
        cryptographic_algorithm: Some(CryptographicAlgorithm::Aes),
        cryptographic_length: Some(256),
        hashing_algorithm: None,
        drbg_algorithm: Some(DrbgAlgorithm::Ctr),
        recommended_curve: None,
        fips186_variation: None,
        prediction_resistance: None,
    }
}

impl NewObject {
    /// Gives the object its attributes and keeps it.
    pub(super) fn keep(self, context: &mut Context<'_>) -> Result<(), Failure> {
        let Self { identifier, object_type, object, known, requested, origin } = self;
        // Each is compared with the others, so too many are not even looked at.
        check_count(context.options, known.len().saturating_add(requested.len()))?;
        let mut set = Attributes::new();
        attributes::add(&mut set, Attribute::UniqueIdentifier(identifier.as_str().into()));
        attributes::add(&mut set, Attribute::ObjectType(object_type));
        if let Some(format) = formats::format_of(&object) {
            attributes::add(&mut set, Attribute::KeyFormatType(format));
        }
        known.into_iter().for_each(|attribute| {
            attributes::add(&mut set, attribute);
        });
        for attribute in requested {
            request(&mut set, attribute, (object_type, origin), context)?;
        }
        let owner = context.owner_of_new();
        check_names(&set, &identifier, owner.as_deref(), context)?;
        if object_type == ObjectType::Template {
            // All else that it has is for the objects that are made with it.
            attributes::set(&mut set, Attribute::InitialDate(context.now));
            attributes::set(&mut set, Attribute::LastChangeDate(context.now));
            check_dates(&set)?;
        } else {
            check_quantum_safe(&set)?;
            digests(&mut set, &object, object_type, context)?;
            defaults(&mut set, &identifier, origin, context);
            operation_policy(&mut set, context);
            let state = initial_state(&set, context.now)?;
            attributes::set(&mut set, Attribute::State(state));
        }
        check_count(context.options, set.len())?;
        check_constraints(context, object_type, &set)?;
        context.insert(StoredObject {
            polynomial: Polynomial::of_part(&object, context.version),
            identifier,
            object_type,
            object: Some(Arc::new(object)),
            attributes: set,
            archived: false,
            owner,
        })
    }
}

/// Refuses a name that another object of the owner's has.
pub(super) fn check_names(
    set: &Attributes,
    identifier: &str,
    owner: Option<&str>,
    context: &Context<'_>,
) -> Result<(), Failure> {
    if set.names().any(|name| context.has_name(owner, name, identifier)) {
        let message = "another object has this Name";
        return Err(Failure::new(ResultReason::NonUniqueNameAttribute, message));
    }
    Ok(())
}

/// Refuses an object that is to be quantum safe and is not (KMIP 2.1 section 4.45): only symmetric keys of 256 bits and
/// more are, of what the server makes and knows.
fn check_quantum_safe(set: &Attributes) -> Result<(), Failure> {
    use CryptographicAlgorithm as A;
    if set.quantum_safe() != Some(true) {
        return Ok(());
    }
    let is_asymmetric = matches!(
        set.cryptographic_algorithm(),
        Some(A::Rsa | A::Dsa | A::Ecdsa | A::Dh | A::Ecdh | A::Ecmqv | A::Ec | A::Ed25519 | A::Ed448)
    );
    let is_long = set.cryptographic_length().is_none_or(|bits| bits >= 256);
    if is_long && !is_asymmetric {
        return Ok(());
    }
    // The reason of the standard's own test cases.
    Err(Failure::new(ResultReason::GeneralFailure, "such an object is not quantum safe"))
}

/// Refuses more attributes than an object may have.
pub(super) fn check_count(options: &ServerOptions, count: usize) -> Result<(), Failure> {
    if count <= options.maximum_attributes {
        return Ok(());
    }
    let message = format!("an object has no more than {} attributes here", options.maximum_attributes);
    Err(Failure::new(ResultReason::ServerLimitExceeded, message))
}

/// Adds an attribute that the client asks for.
fn request(
    set: &mut Attributes,
    attribute: Attribute,
    (object_type, origin): (ObjectType, Origin),
    context: &Context<'_>,
) -> Result<(), Failure> {
    let (kind, vendor) = (Kind::of(&attribute), context.vendor_rules());
    kind.check_known(context.version)?;
    // Only the errors of Add Attribute know of this before KMIP 2.0, whose clients register what they have.
    if context.version.has_attributes_by_tag() || kind.info().is_none() {
        kind.check_for(object_type, context.version, vendor)?;
    }
    let attribute = accepted(attribute, true)?;
    if attributes::instances(set, &kind).any(|entry| entry.attribute == attribute) {
        return Ok(());
    }
    let is_there = attributes::instances(set, &kind).next().is_some();
    // Who registers an object says what made it; else it is what the server takes (KMIP 2.1 section 4.46).
    let is_made = origin != Origin::Registered;
    if let Attribute::RandomNumberGenerator(wanted) = &attribute
        && is_made
        && wanted.rng_algorithm != RngAlgorithm::Unspecified
        && **wanted != random_number_generator()
    {
        let message = "the server has no such random number generator";
        return Err(Failure::new(ResultReason::InvalidAttributeValue, message));
    }
    if is_there && !vendor.is_multiple(&kind) {
        // Either the client says it twice, or it contradicts what the server knows.
        return Err(match kind.check_initial(context.version, vendor) {
            Ok(()) => {
                let message = format!("{kind} has another value, and there is only one");
                Failure::new(ResultReason::AttributeSingleValued, message)
            }
            Err(failure) => failure,
        });
    }
    kind.check_initial(context.version, vendor)?;
    // That of a new object is not served yet, whatever the client says (KMIP 2.1 section 4.24).
    if !(is_made && matches!(attribute, Attribute::RandomNumberGenerator(_) | Attribute::Fresh(_))) {
        attributes::add(set, attribute);
    }
    Ok(())
}

/// The digest by the object's own format, and one by the default format if that is another
/// (KMIP 1.4 section 3.17, 2.1 section 4.21).
pub(super) fn digests(
    set: &mut Attributes,
    object: &ManagedObject,
    object_type: ObjectType,
    context: &Context<'_>,
) -> Result<(), Failure> {
    let algorithm = set.cryptographic_algorithm();
    let own = formats::format_of(object);
    let default = formats::default_format(object_type, algorithm, context.version);
    let mut digest = |object: &ManagedObject, format: Option<KeyFormatType>| {
        if let Some(bytes) = formats::digested(object, context.version) {
            // Certificates and opaque objects have no Key Format Type of their own.
            let key_format_type = format.filter(|_| object.key_block().is_some());
            let digest = Digest {
                hashing_algorithm: HashingAlgorithm::Sha256,
                digest_value: Some(sha256(&bytes)),
                key_format_type,
            };
            attributes::add(set, Attribute::Digest(digest));
        }
    };
    digest(object, own);
    if own != Some(default)
        && let Ok(converted) = formats::convert(object, default)
    {
        digest(&converted, Some(default));
    }
    Ok(())
}

/// Attributes that an object has whether they are asked for or not.
pub(super) fn defaults(set: &mut Attributes, identifier: &str, origin: Origin, context: &Context<'_>) {
    let now = context.now;
    let sensitive = set.sensitive().unwrap_or(false);
    let extractable = set.extractable().unwrap_or(true);
    let mut defaults = vec![
        Attribute::InitialDate(now),
        Attribute::LastChangeDate(now),
        Attribute::Fresh(true),
        Attribute::LeaseTime(context.options.lease_time),
        Attribute::Sensitive(sensitive),
        Attribute::AlwaysSensitive(sensitive),
        Attribute::Extractable(extractable),
        Attribute::NeverExtractable(!extractable),
        Attribute::ProtectionStorageMask(ProtectionStorageMask::SOFTWARE),
        Attribute::ShortUniqueIdentifier(sha256(identifier.as_bytes())),
    ];
    if origin != Origin::Registered {
        defaults.push(Attribute::OriginalCreationDate(now));
    }
    if origin == Origin::Generated {
        defaults.push(Attribute::RandomNumberGenerator(Box::new(random_number_generator())));
    }
    if context.operation == Operation::DeriveKey {
        // It is mandatory, and no generator made the key (KMIP 2.1 section 4.46).
        let unspecified = RngParameters {
            rng_algorithm: RngAlgorithm::Unspecified,
            cryptographic_algorithm: None,
            cryptographic_length: None,
            drbg_algorithm: None,
            ..random_number_generator()
        };
        defaults.push(Attribute::RandomNumberGenerator(Box::new(unspecified)));
    }
    for attribute in defaults {
        if attributes::instances(set, &Kind::of(&attribute)).next().is_none() {
            attributes::add(set, attribute);
        }
    }
    if let Some(mut limits) = set.usage_limits().cloned()
        && limits.usage_limits_count.is_none()
    {
        limits.usage_limits_count = Some(limits.usage_limits_total);
        attributes::set(set, Attribute::UsageLimits(limits));
    }
}

/// The operation policy of a new object that the client asks for none of (KMIP 1.4 section 3.18).
fn operation_policy(set: &mut Attributes, context: &Context<'_>) {
    let leniency = context.options.leniency;
    if set.operation_policy_name().is_none()
        && leniency.takes(Deviation::DefaultOperationPolicy, context.version)
    {
        attributes::add(set, Attribute::OperationPolicyName(DEFAULT.to_owned()));
    }
}

/// The state that the dates give a new object.
pub(super) fn initial_state(set: &Attributes, now: DateTime) -> Result<State, Failure> {
    check_dates(set)?;
    let (activation, deactivation) = (set.activation_date(), set.deactivation_date());
    let moved = lifecycle::by_dates(State::PreActive, activation, deactivation, now);
    Ok(moved.map_or(State::PreActive, |(state, _)| state))
}

/// Refuses dates that are not in the order in which an object lives (KMIP 2.1 sections 4.18, 4.40 and 4.41).
pub(super) fn check_dates(set: &Attributes) -> Result<(), Failure> {
    let (activation, deactivation) = (set.activation_date(), set.deactivation_date());
    let (start, stop) = (set.process_start_date(), set.protect_stop_date());
    let pairs = [(activation, start), (activation, stop), (activation, deactivation), (stop, deactivation)];
    let is_late =
        |pair: &(Option<DateTime>, Option<DateTime>)| matches!(pair, (Some(one), Some(other)) if one > other);
    if !pairs.iter().any(is_late) {
        return Ok(());
    }
    let message = "the Activation, Process Start, Protect Stop and Deactivation Dates contradict each other";
    Err(Failure::new(ResultReason::InvalidAttributeValue, message))
}

/// Refuses an object that must be kept elsewhere than in software.
pub(super) fn check_storage(
    masks: Option<&ProtectionStorageMasks>,
    reason: ResultReason,
) -> Result<(), Failure> {
    let fits = masks.is_none_or(|masks| {
        let mut masks = masks.protection_storage_mask.iter();
        masks.len() == 0 || masks.any(|mask| ProtectionStorageMask::SOFTWARE.contains(*mask))
    });
    if fits { Ok(()) } else { Err(Failure::new(reason, "the server keeps objects in software only")) }
}

/// Refuses a new key of which it is not said what it may do.
pub(super) fn check_usage_mask(attributes: &Attributes) -> Result<(), Failure> {
    match attributes.cryptographic_usage_mask() {
        Some(_) => Ok(()),
        None => Err(missing("CryptographicUsageMask")),
    }
}

/// An attribute that the operation requires is not there.
pub(super) fn missing(attribute: &str) -> Failure {
    Failure::new(ResultReason::InvalidMessage, format!("{attribute} is required and not there"))
}

/// The attributes that are an object's algorithm and length.
pub(super) fn algorithm_and_length(
    algorithm: Option<CryptographicAlgorithm>,
    length: Option<i32>,
) -> Vec<Attribute> {
    let algorithm = algorithm.map(Attribute::CryptographicAlgorithm);
    algorithm.into_iter().chain(length.map(Attribute::CryptographicLength)).collect()
}
