//! What may vary when a test case is executed: KMIP Additional Message Encodings 1.0 section 8.4 and, where it says more of the
//! same, KMIP Profiles 2.1 section 4.1. Each names what it permits; what neither names is held to the case.

use kmip_types::enumerations::Operation;
use kmip_types::{Item, Tag};

/// Whether an item of a response may be there or not, with any value: Result Message and Message Extension (8.4.1), the Unique
/// Batch Item ID that the client chose (8.4.1), and both Correlation Values of the header (Profiles 4.1.1, 19 and 20).
pub(super) fn is_aside(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::CLIENT_CORRELATION_VALUE
            | Tag::SERVER_CORRELATION_VALUE
            | Tag::RESULT_MESSAGE
            | Tag::MESSAGE_EXTENSION
            | Tag::UNIQUE_BATCH_ITEM_ID
    )
}

/// Whether a value may be another one wherever it stands: the Asynchronous Correlation Value, the Vendor Identification and the
/// Digest Value (8.4.1); the contents of Server Information and the Random Number Generator, an attribute (Profiles 4.1.1, the
/// response variations 9 and 7). Dates are looked at elsewhere.
pub(super) fn is_variable(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::ASYNCHRONOUS_CORRELATION_VALUE
            | Tag::VENDOR_IDENTIFICATION
            | Tag::SERVER_INFORMATION
            | Tag::DIGEST_VALUE
            | Tag::RANDOM_NUMBER_GENERATOR
    )
}

/// Whether a value is up to the server where it made the object itself: Key Value and Key Material, the Key Format Type, and
/// what cryptography makes of them (8.4.1); of certificates and tags, which are such outputs, likewise.
pub(super) fn is_variable_of_generated(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::KEY_MATERIAL
            | Tag::KEY_FORMAT_TYPE
            | Tag::KEY_VALUE
            | Tag::CERTIFICATE_VALUE
            | Tag::DATA
            | Tag::SIGNATURE_DATA
            | Tag::MAC_DATA
            | Tag::IV_COUNTER_NONCE
            | Tag::AUTHENTICATED_ENCRYPTION_TAG
    )
}

/// Whether what an operation yields differs each time: always, or with a padding that is random (8.4.1, inherently variable
/// output).
pub(super) fn yields_anything(operation: Option<u32>, tag: Tag, is_random: bool) -> bool {
    let is = |wanted: Operation| operation == Some(wanted.value());
    match tag {
        Tag::DATA => is(Operation::RngRetrieve) || (is_random && is(Operation::Encrypt)),
        Tag::IV_COUNTER_NONCE => is_random && is(Operation::Encrypt),
        Tag::SIGNATURE_DATA => is_random && is(Operation::Sign),
        _ => false,
    }
}

/// Whether a list of a response may be another one: the extensions and the application namespaces of Query (8.4.1).
pub(super) fn is_open_list(operation: Option<u32>, tag: Tag) -> bool {
    operation == Some(Operation::Query.value())
        && matches!(tag, Tag::APPLICATION_NAMESPACE | Tag::EXTENSION_INFORMATION)
}

/// Whether a list of a response may hold more than the case has, in any order: the operations and object types of Query beyond
/// those that are required (8.4.1).
pub(super) fn is_longer_list(operation: Option<u32>, tag: Tag) -> bool {
    operation == Some(Operation::Query.value()) && matches!(tag, Tag::OPERATION | Tag::OBJECT_TYPE)
}

/// Whether a structure's fields may stand in any order (Profiles 4.1.2, 5), and more of them may be there (8.4.1, additional
/// attributes).
pub(super) fn is_set(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::ATTRIBUTES
            | Tag::COMMON_ATTRIBUTES
            | Tag::PRIVATE_KEY_ATTRIBUTES
            | Tag::PUBLIC_KEY_ATTRIBUTES
            | Tag::TEMPLATE_ATTRIBUTE
    )
}

/// Whether items of a response payload may stand in any order, with more of them: attributes and their names, as above.
pub(super) fn is_set_item(tag: Tag) -> bool {
    matches!(tag, Tag::ATTRIBUTE | Tag::ATTRIBUTE_NAME | Tag::ATTRIBUTE_REFERENCE)
}

/// Whether an item need not be in a response: Object Groups and Template-Attributes, which say what the server set unasked
/// (8.4.1), of the operations of Query those of servers (8.4.1), and how many objects Locate found (Profiles 4.1.1, the response variation 8).
pub(super) fn is_optional(item: &Item) -> bool {
    let is_group = |name: &Item| name.as_text().is_some_and(|name| set_in_one_line(name) == "Object Group");
    match item.tag {
        Tag::TEMPLATE_ATTRIBUTE
        | Tag::PRIVATE_KEY_TEMPLATE_ATTRIBUTE
        | Tag::PUBLIC_KEY_TEMPLATE_ATTRIBUTE
        | Tag::OBJECT_GROUP
        | Tag::LOCATED_ITEMS => true,
        Tag::ATTRIBUTE_NAME => is_group(item),
        // What only servers ask for need not be among what this one answers.
        Tag::OPERATION => {
            let served = [Operation::Notify.value(), Operation::Put.value()];
            item.as_enumeration().is_some_and(|operation| served.contains(&operation))
        }
        _ => false,
    }
}

/// Whether a value of an Attribute before KMIP 2.0, by its name, may be another one.
pub(super) fn is_variable_attribute(item: &Item) -> bool {
    item.tag == Tag::ATTRIBUTE && is_named(item.fields(), "Random Number Generator")
}

/// Whether the fields of an Attribute before KMIP 2.0 have this name.
pub(super) fn is_named<'a>(fields: impl IntoIterator<Item = &'a Item>, wanted: &str) -> bool {
    let mut names = fields.into_iter().filter(|field| field.tag == Tag::ATTRIBUTE_NAME);
    names.any(|name| name.as_text().is_some_and(|name| set_in_one_line(name) == wanted))
}

/// The name of an attribute, which documents break into lines: with one space where there are several.
pub(super) fn set_in_one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}
