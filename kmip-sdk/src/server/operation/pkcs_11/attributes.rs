//! Attributes of Cryptoki: how they are read in templates, and what they are of an object of the server's.

use kmip_types::SecretBytes;
use kmip_types::attribute::{Attribute, Attributes, Name, UniqueIdentifier};
use kmip_types::enumerations::{CryptographicAlgorithm as A, ObjectType, Pkcs11ReturnCode as Code};
use kmip_types::masks::CryptographicUsageMask as Mask;

use super::encoding::{Input, Output, codec};
use crate::answer::Failure;

const CLASS: u64 = 0x0;
const TOKEN: u64 = 0x1;
const PRIVATE: u64 = 0x2;
const LABEL: u64 = 0x3;
const VALUE: u64 = 0x11;
const KEY_TYPE: u64 = 0x100;
const ID: u64 = 0x102;
const SENSITIVE: u64 = 0x103;
const VALUE_LEN: u64 = 0x161;
const EXTRACTABLE: u64 = 0x162;
const NEVER_EXTRACTABLE: u64 = 0x164;
const ALWAYS_SENSITIVE: u64 = 0x165;

/// The attributes that are bits of a Cryptographic Usage Mask: of a symmetric key, which makes codes, and of another.
const USES: [(u64, Mask, Mask); 7] = [
    (0x104, Mask::ENCRYPT, Mask::ENCRYPT),
    (0x105, Mask::DECRYPT, Mask::DECRYPT),
    (0x106, Mask::WRAP_KEY, Mask::WRAP_KEY),
    (0x107, Mask::UNWRAP_KEY, Mask::UNWRAP_KEY),
    (0x108, Mask::MAC_GENERATE, Mask::SIGN),
    (0x10A, Mask::MAC_VERIFY, Mask::VERIFY),
    (0x10C, Mask::DERIVE_KEY, Mask::DERIVE_KEY),
];

/// CKO_CERTIFICATE and the others, each with what it is here.
const CLASSES: [(u64, ObjectType); 4] = [
    (1, ObjectType::Certificate),
    (2, ObjectType::PublicKey),
    (3, ObjectType::PrivateKey),
    (4, ObjectType::SymmetricKey),
];

/// CKK_RSA and the others, each with what it is here. The first of an algorithm's, or of a type's, is what is said of it.
const KEY_TYPES: [(u64, A); 12] = [
    (0x0, A::Rsa),
    (0x1, A::Dsa),
    (0x2, A::Dh),
    (0x3, A::Ec),
    (0x3, A::Ecdsa),
    (0x3, A::Ecdh),
    (0x15, A::Des3),
    (0x1F, A::Aes),
    (0x28, A::HmacSha1),
    (0x2B, A::HmacSha256),
    (0x2C, A::HmacSha384),
    (0x2D, A::HmacSha512),
];

/// How many attributes are asked for at most: the answer may be much longer than the question.
const MAXIMUM_ATTRIBUTES: usize = 256;

/// How the values of an attribute are written.
enum Layout {
    /// A CK_ULONG.
    Number,
    /// A CK_BBOOL.
    Flag,
    /// Bytes behind their count.
    Bytes,
}

fn layout(attribute: u64) -> Result<Layout, Failure> {
    Ok(match attribute {
        CLASS | KEY_TYPE | VALUE_LEN | 0x80 | 0x121 => Layout::Number,
        TOKEN | PRIVATE | SENSITIVE..=0x10C | EXTRACTABLE..=ALWAYS_SENSITIVE | 0x170..=0x172 => Layout::Flag,
        LABEL | 0x10..=0x12 | 0x81..=0x83 | 0x90 | 0x101 | ID | 0x120 | 0x122..=0x128 | 0x180 | 0x181 => {
            Layout::Bytes
        }
        // How long its value is is not said.
        _ => return Err(codec("the type of an attribute is not known")),
    })
}

/// A value in a template.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Number(u64),
    Flag(bool),
    Bytes(&'a [u8]),
}

/// A template whose attributes have values.
pub(super) fn template<'a>(input: &mut Input<'a>) -> Result<Vec<(u64, Value<'a>)>, Failure> {
    let count = input.count()?;
    let mut template = Vec::new();
    for _ in 0..count {
        let attribute = input.number()?;
        if !(input.flag()? && input.flag()?) {
            return Err(codec("an attribute has no value"));
        }
        let value = match layout(attribute)? {
            Layout::Number => Value::Number(input.number()?),
            Layout::Flag => Value::Flag(input.flag()?),
            Layout::Bytes => Value::Bytes(input.bytes()?),
        };
        template.push((attribute, value));
    }
    Ok(template)
}

/// What objects must have to be as a template says.
pub(super) fn wanted(template: &[(u64, Value<'_>)]) -> Result<Attributes, Code> {
    let mut wanted = Attributes::new();
    for (attribute, value) in template {
        wanted.push(match (*attribute, value) {
            // All are the token's, and those of who may see them.
            (TOKEN | PRIVATE, Value::Flag(true)) => continue,
            (CLASS, Value::Number(class)) => {
                let found = CLASSES.iter().find(|(number, _)| number == class);
                Attribute::ObjectType(found.ok_or(Code::AttributeValueInvalid)?.1)
            }
            (KEY_TYPE, Value::Number(key_type)) => {
                let found = KEY_TYPES.iter().find(|(number, _)| number == key_type);
                Attribute::CryptographicAlgorithm(found.ok_or(Code::AttributeValueInvalid)?.1)
            }
            (LABEL, Value::Bytes(label)) => Attribute::Name(Name::text(text(label)?)),
            (ID, Value::Bytes(id)) => Attribute::UniqueIdentifier(UniqueIdentifier::from(text(id)?)),
            (SENSITIVE, Value::Flag(is)) => Attribute::Sensitive(*is),
            (EXTRACTABLE, Value::Flag(is)) => Attribute::Extractable(*is),
            _ => return Err(Code::AttributeTypeInvalid),
        });
    }
    Ok(wanted)
}

/// What a new symmetric key is to be like, but for its dates.
pub(super) fn asked(template: &[(u64, Value<'_>)], algorithm: A) -> Result<Attributes, Code> {
    let mut asked = Attributes::new();
    let (mut mask, mut length) = (Mask::empty(), None);
    for (attribute, value) in template {
        match (*attribute, value) {
            (TOKEN | PRIVATE, Value::Flag(true)) => {}
            (CLASS, Value::Number(4)) => {}
            (KEY_TYPE, Value::Number(found)) => {
                // Generic secrets are those of HMAC too.
                let is_it =
                    KEY_TYPES.contains(&(*found, algorithm)) || (*found == 0x10 && algorithm != A::Aes);
                if !is_it {
                    return Err(Code::TemplateInconsistent);
                }
            }
            (VALUE_LEN, Value::Number(bytes)) => {
                let bits = bytes.checked_mul(8).and_then(|bits| i32::try_from(bits).ok());
                length = Some(bits.ok_or(Code::KeySizeRange)?);
            }
            (LABEL, Value::Bytes(label)) => asked.push(Attribute::Name(Name::text(text(label)?))),
            (SENSITIVE, Value::Flag(is)) => asked.push(Attribute::Sensitive(*is)),
            (EXTRACTABLE, Value::Flag(is)) => asked.push(Attribute::Extractable(*is)),
            (attribute, Value::Flag(is)) => {
                let found = USES.iter().find(|(number, ..)| *number == attribute);
                let (_, bit, _) = found.ok_or(Code::AttributeTypeInvalid)?;
                if *is {
                    mask |= *bit;
                }
            }
            _ => return Err(Code::AttributeTypeInvalid),
        }
    }
    asked.push(Attribute::CryptographicAlgorithm(algorithm));
    asked.push(Attribute::CryptographicLength(length.ok_or(Code::TemplateIncomplete)?));
    asked.push(Attribute::CryptographicUsageMask(mask));
    Ok(asked)
}

fn text(bytes: &[u8]) -> Result<String, Code> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Code::AttributeValueInvalid)
}

/// An attribute that a template without values asks for.
pub(super) struct AskedFor {
    attribute: u64,
    /// Whether more than its length is asked for, and how many bytes of it there is room for, where it has bytes.
    has_room: bool,
    room: Option<usize>,
}

impl AskedFor {
    /// Whether it is the key itself.
    pub(super) fn is_value(&self) -> bool {
        self.attribute == VALUE
    }
}

/// What a template without values asks for.
pub(super) fn asked_for(input: &mut Input<'_>) -> Result<Vec<AskedFor>, Failure> {
    let count = input.count()?;
    if count > MAXIMUM_ATTRIBUTES {
        return Err(codec("it asks for more attributes than an object has"));
    }
    let mut asked = Vec::new();
    for _ in 0..count {
        let attribute = input.number()?;
        let (has_value, has_room) = (input.flag()?, input.flag()?);
        if has_value {
            return Err(codec("an attribute that is asked for has a value"));
        }
        let room = match layout(attribute)? {
            Layout::Bytes if has_room => Some(input.count()?),
            _ => None,
        };
        asked.push(AskedFor { attribute, has_room, room });
    }
    Ok(asked)
}

/// What the server says of an object to who asks.
pub(super) struct Described<'a> {
    pub(super) identifier: &'a str,
    pub(super) attributes: &'a Attributes,
    /// The bytes of a symmetric key, if it has some, or why they are not given.
    pub(super) value: &'a Result<Option<SecretBytes>, Code>,
}

/// The attributes of an object that are asked for, and what is wrong with that, if anything.
pub(super) fn values(asked: &[AskedFor], found: &Described<'_>) -> (Output, Code) {
    let mut output = Output::default().count(asked.len());
    let mut code = Code::Ok;
    for AskedFor { attribute, has_room, room } in asked {
        output = output.number(*attribute);
        output = match of(found, *attribute) {
            // Its length is not known either.
            Err(refused) => {
                code = refused;
                output.flag(false).flag(false)
            }
            Ok(Found::Number(number)) if *has_room => output.flag(true).flag(true).number(number),
            Ok(Found::Flag(flag)) if *has_room => output.flag(true).flag(true).flag(flag),
            Ok(Found::Number(_) | Found::Flag(_)) => output.flag(false).flag(true),
            Ok(Found::Bytes(bytes)) => match room {
                Some(room) if *room < bytes.len() => {
                    code = Code::BufferTooSmall;
                    output.flag(false).flag(false)
                }
                Some(_) => output.flag(true).flag(true).bytes(bytes),
                None => output.flag(false).flag(true).count(bytes.len()),
            },
        };
    }
    (output, code)
}

/// What an attribute is of an object.
enum Found<'a> {
    Number(u64),
    Flag(bool),
    Bytes(&'a [u8]),
}

fn of<'a>(found: &Described<'a>, attribute: u64) -> Result<Found<'a>, Code> {
    let Described { identifier, attributes, value } = *found;
    let object_type = attributes.object_type();
    let is_symmetric = object_type == Some(ObjectType::SymmetricKey);
    let none = Code::AttributeTypeInvalid;
    let flag = |flag: Option<bool>| flag.map(Found::Flag).ok_or(none);
    match attribute {
        CLASS => {
            let class = CLASSES.iter().find(|(_, known)| Some(*known) == object_type);
            class.map(|(number, _)| Found::Number(*number)).ok_or(none)
        }
        KEY_TYPE => {
            let algorithm = attributes.cryptographic_algorithm();
            let found = KEY_TYPES.iter().find(|(_, known)| Some(*known) == algorithm);
            found.map(|(number, _)| Found::Number(*number)).ok_or(none)
        }
        TOKEN | PRIVATE => Ok(Found::Flag(true)),
        LABEL => attributes.names().next().map(|name| Found::Bytes(name.name_value.as_bytes())).ok_or(none),
        ID => Ok(Found::Bytes(identifier.as_bytes())),
        SENSITIVE => flag(attributes.sensitive()),
        EXTRACTABLE => flag(attributes.extractable()),
        NEVER_EXTRACTABLE => flag(attributes.never_extractable()),
        ALWAYS_SENSITIVE => flag(attributes.always_sensitive()),
        VALUE_LEN if is_symmetric => {
            let bits = attributes.cryptographic_length().and_then(|bits| u64::try_from(bits).ok());
            bits.map(|bits| Found::Number(bits / 8)).ok_or(none)
        }
        VALUE if is_symmetric => match value {
            Ok(bytes) => bytes.as_ref().map(|bytes| Found::Bytes(bytes.reveal())).ok_or(none),
            Err(refused) => Err(*refused),
        },
        _ => {
            let (_, symmetric, other) = USES.iter().find(|(number, ..)| *number == attribute).ok_or(none)?;
            let bit = if is_symmetric { symmetric } else { other };
            flag(attributes.cryptographic_usage_mask().map(|mask| mask.contains(*bit)))
        }
    }
}
