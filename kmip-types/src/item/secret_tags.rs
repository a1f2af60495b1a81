//! Which tags hold secrets, so that what is shown to people leaves their values out.

use crate::attribute::forms::Form;
use crate::generated::enumerations::{CREDENTIAL_TYPE, OPERATION, Operation};
use crate::item::{Item, Value};
use crate::item_type::{ItemType, ItemTypes};
use crate::tag::Tag;

/// Whether what is under a tag is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secrecy {
    /// No secret.
    Public,
    /// The value is, where it is no structure. A structure's fields have tags of their own.
    Value,
    /// The value is, and everything in it.
    WithContent,
}

impl Secrecy {
    /// Whether a field of a structure of which this holds is a secret.
    pub(crate) fn of_field(self, siblings: &Siblings, field: &Item) -> Self {
        match self {
            Self::WithContent => self,
            Self::Public | Self::Value => siblings.secrecy(field),
        }
    }
}

/// What may be said of a secret: how many bytes it has, where its type does not say that.
pub(crate) fn secret_length(value: &Value) -> Option<usize> {
    match value {
        Value::TextString(text) => Some(text.len()),
        Value::ByteString(bytes) => Some(bytes.len()),
        Value::BigInteger(number) => Some(number.padded_bytes().len()),
        _ => None,
    }
}

/// Whether what is under this tag is a secret. A tag also counts where only some of its uses are one: the
/// value of a Data field may be plaintext. So does a tag that is not the standard's: nothing says what it holds.
pub(crate) fn secrecy(tag: Tag) -> Secrecy {
    match tag {
        Tag::KEY_MATERIAL | Tag::VENDOR_EXTENSION => Secrecy::WithContent,
        _ if tag.info().is_none() => Secrecy::WithContent,
        _ if VALUES.contains(&tag) => Secrecy::Value,
        _ => Secrecy::Public,
    }
}

/// What the fields of a structure say of each other: a value of which one beside it says that the standard does not
/// have its kind may be a secret, with all that is in it.
pub(crate) struct Siblings {
    /// The operation of a Request Payload is unknown, or is not said.
    request: bool,
    /// That of a Response Payload is. The one of Poll is that of an operation which the item does not say.
    response: bool,
    /// The kind of a Credential Value is.
    credential: bool,
    /// The attribute of an Attribute Value is a vendor's, or is not said.
    attribute: bool,
}

impl Siblings {
    /// An item of which nothing is known but itself.
    pub(crate) const NONE: Self =
        Self { request: false, response: false, credential: false, attribute: false };

    pub(crate) fn of(fields: &[Item]) -> Self {
        let mut siblings = Self { request: true, response: true, credential: true, attribute: true };
        let mut vendor = false;
        for Item { tag, value } in fields {
            match (*tag, value) {
                (Tag::OPERATION, Value::Enumeration(number)) => {
                    siblings.request = OPERATION.by_value(*number).is_none();
                    siblings.response = siblings.request || *number == Operation::Poll.value();
                }
                (Tag::CREDENTIAL_TYPE, Value::Enumeration(number)) => {
                    siblings.credential = CREDENTIAL_TYPE.by_value(*number).is_none();
                }
                (Tag::ATTRIBUTE_NAME, Value::TextString(name)) => {
                    siblings.attribute = Form::named(name).is_none();
                }
                (Tag::VENDOR_IDENTIFICATION, _) => vendor = true,
                _ => {}
            }
        }
        siblings.attribute |= vendor;
        siblings
    }

    /// Whether what is under the tag of one of the fields is a secret. So is the content of what should be a structure and
    /// is none: it may be the bytes of one.
    pub(crate) fn secrecy(&self, item: &Item) -> Secrecy {
        self.secrecy_of(item.tag, Some(item.item_type()))
    }

    /// The same of an item whose type may be none that there is.
    pub(crate) fn secrecy_of(&self, tag: Tag, item_type: Option<ItemType>) -> Secrecy {
        let is_unknown = match tag {
            Tag::REQUEST_PAYLOAD => self.request,
            Tag::RESPONSE_PAYLOAD => self.response,
            Tag::CREDENTIAL_VALUE => self.credential,
            Tag::ATTRIBUTE_VALUE => self.attribute,
            _ => false,
        };
        let types = tag.info().map(|info| info.types);
        let is_unfit = types == Some(ItemTypes::STRUCTURE) && item_type != Some(ItemType::Structure);
        if is_unknown || is_unfit { Secrecy::WithContent } else { secrecy(tag) }
    }
}

/// Whether the value of an item with this tag is taken for a secret: it is left out of what is shown for
/// people, by `Debug`, by `Display` and by the text encoding. Those of tags that are not the standard's are.
///
/// Whatever its tags are, the same goes for all that is in the payload of an unknown operation, in a Credential
/// Value of an unknown kind, and in the value of an attribute that is not the standard's.
pub fn is_secret(tag: Tag) -> bool {
    secrecy(tag) != Secrecy::Public
}

const VALUES: &[Tag] = &[
    Tag::ATTESTATION_ASSERTION,
    Tag::ATTESTATION_MEASUREMENT,
    Tag::CRT_COEFFICIENT,
    Tag::D,
    Tag::DATA,
    Tag::DERIVATION_DATA,
    Tag::HASHED_PASSWORD,
    Tag::KEY,
    // Bytes, where it is wrapped or encoded.
    Tag::KEY_VALUE,
    Tag::MAC_DATA,
    Tag::ONE_TIME_PASSWORD,
    Tag::OPAQUE_DATA_VALUE,
    Tag::P,
    Tag::PASSWORD,
    // Parameters of a PKCS#11 function: a PIN or a key may be among them.
    Tag::PKCS_11_INPUT_PARAMETERS,
    Tag::PKCS_11_OUTPUT_PARAMETERS,
    Tag::PRIME_EXPONENT_P,
    Tag::PRIME_EXPONENT_Q,
    Tag::PRIVATE_EXPONENT,
    Tag::Q,
    Tag::SERVER_HASHED_PASSWORD,
    Tag::TICKET_VALUE,
    Tag::X,
];
