//! Which fields of a response only repeat what its request said, so that their absence loses nothing.

use kmip_types::Tag;
use kmip_types::enumerations::Operation;

/// A field of a Response Payload that repeats one of the Request Payload.
#[derive(Clone, Copy, Debug)]
struct Echo {
    /// The operations whose responses have it.
    operations: &'static [Operation],
    /// The tag, in the request as in the response.
    tag: Tag,
    /// Why the request says the same.
    #[allow(dead_code)] // For who reads the table.
    reason: &'static str,
}

/// All echoes.
///
/// The identifiers of new objects are none: Create, Re-key, Certify, Derive Key and their like yield them.
const ECHOES: &[Echo] = &[
    Echo {
        operations: &[
            Operation::Activate,
            Operation::Revoke,
            Operation::Destroy,
            Operation::Archive,
            Operation::Recover,
        ],
        tag: Tag::UNIQUE_IDENTIFIER,
        reason: "the object whose state was changed is the one that the request names",
    },
    Echo {
        operations: &[
            Operation::AddAttribute,
            Operation::ModifyAttribute,
            Operation::DeleteAttribute,
            Operation::SetAttribute,
            Operation::AdjustAttribute,
        ],
        tag: Tag::UNIQUE_IDENTIFIER,
        reason: "the object whose attribute was changed is the one that the request names",
    },
    Echo {
        operations: &[Operation::ModifyAttribute],
        tag: Tag::ATTRIBUTE,
        reason: "before KMIP 2.0 the attribute with its new value is as the request gave it",
    },
    Echo {
        operations: &[Operation::GetAttributes, Operation::GetAttributeList],
        tag: Tag::UNIQUE_IDENTIFIER,
        reason: "the object whose attributes are listed is the one that the request names",
    },
    Echo {
        operations: &[Operation::Get, Operation::Export],
        tag: Tag::UNIQUE_IDENTIFIER,
        reason: "the object that is given is the one that the request names",
    },
    Echo {
        operations: &[Operation::Import],
        tag: Tag::UNIQUE_IDENTIFIER,
        reason: "the object has the identifier that it was imported under",
    },
    Echo {
        operations: &[Operation::ObtainLease, Operation::GetUsageAllocation],
        tag: Tag::UNIQUE_IDENTIFIER,
        reason: "the object that may be used is the one that the request names",
    },
    Echo {
        operations: &[
            Operation::Encrypt,
            Operation::Decrypt,
            Operation::Sign,
            Operation::SignatureVerify,
            Operation::Mac,
            Operation::MacVerify,
        ],
        tag: Tag::UNIQUE_IDENTIFIER,
        reason: "the key that was used is the one that the request names",
    },
    Echo {
        operations: &[Operation::Create],
        tag: Tag::OBJECT_TYPE,
        reason: "what was created is of the type that was asked for",
    },
    Echo {
        operations: &[Operation::Cancel],
        tag: Tag::ASYNCHRONOUS_CORRELATION_VALUE,
        reason: "what was to be cancelled is what the request names",
    },
    Echo {
        operations: &[Operation::Pkcs11],
        tag: Tag::PKCS_11_FUNCTION,
        reason: "the function that was called is the one that the request names",
    },
];

/// The tags of what the response of an operation repeats.
pub(super) fn of(operation: Operation) -> impl Iterator<Item = Tag> {
    ECHOES.iter().filter(move |echo| echo.operations.contains(&operation)).map(|echo| echo.tag)
}

#[cfg(test)]
mod tests {
    use super::ECHOES;

    #[test]
    fn lists_no_echo_twice_and_each_with_its_reason() {
        for (number, echo) in ECHOES.iter().enumerate() {
            assert!(!echo.reason.is_empty() && !echo.operations.is_empty(), "{number}");
            for other in &ECHOES[number + 1..] {
                let shared = echo.operations.iter().any(|operation| other.operations.contains(operation));
                assert!(!(shared && other.tag == echo.tag), "{number}: {:?}", echo.tag);
            }
        }
    }
}
