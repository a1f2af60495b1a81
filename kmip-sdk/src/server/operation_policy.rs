//! The operation policies of KMIP 1.x (1.4 section 3.18.2, 1.0 section 3.13.2): whom an object's Operation Policy Name lets.
//!
//! The standard names one policy, `default`. The tables of public objects say more than the owner's right; in the tables of
//! secret objects and of private Templates everything is for the owner only.

use kmip_types::enumerations::{ObjectType, Operation};

use super::store::StoredObject;

/// The policy that the standard names.
pub(crate) const DEFAULT: &str = "default";

/// Whom a policy lets do an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whom {
    /// The owner, and the application.
    Owner,
    /// Everybody.
    All,
    /// Nobody but the application, which keeps the object.
    Nobody,
}

/// Certificates and Public Keys (1.4 table 93): what everybody may do with them.
const OF_PUBLIC_OBJECTS: [Operation; 6] = [
    Operation::Locate,
    Operation::Check,
    Operation::Get,
    Operation::GetAttributes,
    Operation::GetAttributeList,
    Operation::ObtainLease,
];

/// Public Templates (1.4 table 95), which the application keeps: what nobody else may do with them.
const NOT_WITH_PUBLIC_TEMPLATES: [Operation; 4] =
    [Operation::AddAttribute, Operation::ModifyAttribute, Operation::DeleteAttribute, Operation::Destroy];

/// Whom an object's own policy lets do an operation.
pub(crate) fn whom(object: &StoredObject, operation: Operation) -> Whom {
    let is_public_object = matches!(object.object_type, ObjectType::Certificate | ObjectType::PublicKey);
    match (object.object_type, &object.owner) {
        // Operations that the table lacks change a Template too, or want another object.
        (ObjectType::Template, None) if NOT_WITH_PUBLIC_TEMPLATES.contains(&operation) => Whom::Nobody,
        (_, None) => Whom::All,
        // The name that a Template has is for the objects that are made with it (1.4 section 3.18.2.3).
        (ObjectType::Template, Some(_)) => Whom::Owner,
        (_, Some(_)) if is_public_object && object.attributes.operation_policy_name() == Some(DEFAULT) => {
            if OF_PUBLIC_OBJECTS.contains(&operation) {
                Whom::All
            } else {
                Whom::Owner
            }
        }
        (_, Some(_)) => Whom::Owner,
    }
}
