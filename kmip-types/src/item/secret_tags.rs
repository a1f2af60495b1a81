//! Which tags hold secrets, so that what is shown to people leaves their values out.

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

/// Whether what is under this tag is a secret. A tag also counts where only some of its uses are one: the
/// value of a Data field may be plaintext.
pub(crate) fn secrecy(tag: Tag) -> Secrecy {
    match tag {
        Tag::KEY_MATERIAL => Secrecy::WithContent,
        _ if VALUES.contains(&tag) => Secrecy::Value,
        _ => Secrecy::Public,
    }
}

/// Whether the value of an item with this tag is taken for a secret: it is left out of what is shown for
/// people, by `Debug`, by `Display` and by the text encoding.
pub fn is_secret(tag: Tag) -> bool {
    secrecy(tag) != Secrecy::Public
}

const VALUES: &[Tag] = &[
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
