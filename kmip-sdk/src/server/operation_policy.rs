//! The operation policies of KMIP 1.x (1.4 section 3.18.2, 1.0 section 3.13.2): whom an object's Operation Policy Name lets.
//!
//! The standard names one policy, `default`, with a table each for secret objects, public ones, and Templates that are a
//! client's or the server's own.

use kmip_types::enumerations::{ObjectType, Operation};
use kmip_types::generated::policies::OPERATION_POLICIES;
use kmip_types::tables::Allowed;

use super::store::StoredObject;

/// The policy that the standard names.
pub(crate) const DEFAULT: &str = "default";

/// The operations that name Templates whose attributes they take. With a Template, they are about nothing else.
const TAKE_TEMPLATES: [Operation; 10] = [
    Operation::Create,
    Operation::CreateKeyPair,
    Operation::Register,
    Operation::ReKey,
    Operation::ReKeyKeyPair,
    Operation::DeriveKey,
    Operation::Certify,
    Operation::ReCertify,
    Operation::CreateSplitKey,
    Operation::JoinSplitKey,
];

/// Whom an object's own policy lets do an operation, besides the application.
pub(crate) fn allowed(object: &StoredObject, operation: Operation) -> Allowed {
    match (object.object_type, &object.owner) {
        // What a table lacks is for who keeps the object. The name that a Template has is for the objects that are made with it
        // (1.4 section 3.18.2.3).
        (ObjectType::Template, None) => {
            by_default("Public Template Objects", operation).unwrap_or(Allowed::Nobody)
        }
        (ObjectType::Template, Some(_)) => {
            by_default("Private Template Objects", operation).unwrap_or(Allowed::Owner)
        }
        (_, None) => Allowed::All,
        (object_type, Some(_)) if object.attributes.operation_policy_name() == Some(DEFAULT) => {
            let objects = match object_type {
                ObjectType::Certificate | ObjectType::PublicKey => "Certificates and Public Key Objects",
                _ => "Secret Objects",
            };
            by_default(objects, operation).unwrap_or(Allowed::Owner)
        }
        (_, Some(_)) => Allowed::Owner,
    }
}

/// What the standard's table for some objects says of an operation, if it does.
fn by_default(objects: &str, operation: Operation) -> Option<Allowed> {
    let policy = OPERATION_POLICIES.iter().find(|policy| policy.objects == objects)?;
    let wanted = Some(operation).filter(|operation| !TAKE_TEMPLATES.contains(operation));
    let rule = policy.rules.iter().find(|rule| rule.operation == Some(operation));
    let rule = rule.or_else(|| policy.rules.iter().find(|rule| rule.operation == wanted));
    rule.map(|rule| rule.allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_say_who_may_do_what() {
        use Allowed::{All, Nobody, Owner};
        for (objects, operation, expected) in [
            ("Secret Objects", Operation::Get, Some(Owner)),
            ("Secret Objects", Operation::Encrypt, None),
            ("Secret Objects", Operation::ReKeyKeyPair, Some(Owner)),
            ("Certificates and Public Key Objects", Operation::Get, Some(All)),
            ("Certificates and Public Key Objects", Operation::Destroy, Some(Owner)),
            ("Certificates and Public Key Objects", Operation::SignatureVerify, None),
            ("Certificates and Public Key Objects", Operation::Certify, None),
            ("Private Template Objects", Operation::Create, Some(Owner)),
            ("Public Template Objects", Operation::Create, Some(All)),
            ("Public Template Objects", Operation::Destroy, Some(Nobody)),
            ("Public Template Objects", Operation::Archive, None),
        ] {
            assert_eq!(by_default(objects, operation), expected, "{objects} {operation}");
        }
    }
}
