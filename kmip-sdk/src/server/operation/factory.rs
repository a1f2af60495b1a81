//! What the server adds to new objects and demands of them, as clients have set (KMIP 2.1 sections 6.1.52 and 6.1.53).

use kmip_types::attribute::{Attribute, Attributes};
use kmip_types::enumerations::{CryptographicAlgorithm, ObjectType, ResultReason};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::operation::{Constraint, ObjectDefaults, ObjectGroups, ObjectTypeOrTypes};

use super::new_object::check_count;
use super::templates::asked;
use crate::answer::Failure;
use crate::server::attributes::{self, Kind};
use crate::server::context::Context;
use crate::server::matching::Filter;

/// How many defaults, or constraints, there may be.
const MAXIMUM: usize = 100;

/// Refuses more defaults or constraints than there may be.
pub(super) fn check_number(count: usize) -> Result<(), Failure> {
    if count <= MAXIMUM {
        return Ok(());
    }
    let message = format!("the server takes no more than {MAXIMUM}");
    Err(Failure::new(ResultReason::InvalidField, message))
}

/// What the server takes for a new object where neither the client nor the defaults that clients have set say it (KMIP 2.1
/// chapter 4, table 28). Of a key of another algorithm, the length and the mask are others.
pub(super) fn usual(object_type: ObjectType) -> Attributes {
    let key = |algorithm, length, mask| {
        Attributes::new()
            .with(Attribute::CryptographicAlgorithm(algorithm))
            .with(Attribute::CryptographicLength(length))
            .with(Attribute::CryptographicUsageMask(mask))
    };
    match object_type {
        ObjectType::SymmetricKey => key(
            CryptographicAlgorithm::Aes,
            256,
            CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT,
        ),
        ObjectType::PrivateKey => key(CryptographicAlgorithm::Rsa, 2048, CryptographicUsageMask::SIGN),
        ObjectType::PublicKey => key(CryptographicAlgorithm::Rsa, 2048, CryptographicUsageMask::VERIFY),
        ObjectType::SecretData => {
            Attributes::new().with(Attribute::CryptographicUsageMask(CryptographicUsageMask::DERIVE_KEY))
        }
        _ => Attributes::new(),
    }
}

/// What a client asks of a new object, with the values for what it leaves out.
pub(super) fn with_defaults(
    context: &mut Context<'_>,
    object_type: ObjectType,
    requested: Attributes,
) -> Result<Attributes, Failure> {
    let mut requested = asked(context, requested)?;
    let defaults = context.shared.defaults()?;
    if defaults.is_empty() {
        return Ok(requested);
    }
    check_count(context.options, requested.len())?;
    let is_meant = |defaults: &&ObjectDefaults| {
        let is_type = match &defaults.object_type {
            ObjectTypeOrTypes::ObjectType(only) => *only == object_type,
            ObjectTypeOrTypes::ObjectTypes(types) => types.object_type.contains(&object_type),
        };
        is_type && is_in(defaults.object_groups.as_ref(), &requested)
    };
    let meant: Vec<&ObjectDefaults> = defaults.iter().filter(is_meant).collect();
    for defaults in meant {
        let is_missing = |kind: &Kind| attributes::instances(&requested, kind).next().is_none();
        let missing: Vec<_> = defaults
            .attributes
            .iter()
            .filter(|attribute| is_missing(&Kind::of(attribute)))
            .cloned()
            .collect();
        for attribute in missing {
            attributes::add(&mut requested, attribute);
        }
        check_count(context.options, requested.len())?;
    }
    Ok(requested)
}

/// Refuses a new object that is not as the constraints want it.
pub(super) fn check_constraints(
    context: &Context<'_>,
    object_type: ObjectType,
    set: &Attributes,
) -> Result<(), Failure> {
    let constraints = context.shared.constraints()?;
    let is_meant = |constraint: &&Constraint| {
        constraint.object_types.as_ref().is_none_or(|types| types.object_type.contains(&object_type))
            && is_in(constraint.object_groups.as_ref(), set)
    };
    for constraint in constraints.iter().filter(is_meant) {
        let Some(wanted) = &constraint.attributes else { continue };
        if !Filter::new(wanted, context.version)?.matches(set) {
            let message = "the object is not as the constraints want it";
            return Err(Failure::new(ResultReason::ConstraintViolation, message));
        }
    }
    Ok(())
}

/// Whether an object is in one of the groups, where there are any.
fn is_in(groups: Option<&ObjectGroups>, set: &Attributes) -> bool {
    groups.is_none_or(|groups| {
        set.object_groups().any(|group| groups.object_group.iter().any(|one| one == group))
    })
}
