//! Items through serde, in the JSON form, from and to any format that describes itself.

use core::fmt;
use std::borrow::Cow;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, Serializer};
use serde::{Deserialize, Serialize};

use super::serialize::LEFT_OUT;
use super::{JsonItem, parse_value};
use crate::item::{Item, is_revealing, to_item};
use crate::limits::Limits;
use crate::tag::Tag;
use crate::text::codec::{STANDARD, is_deeper};
use crate::text::error::TextErrorKind;
use crate::text::names::shortened;
use crate::text::node::{Budget, Content, Node, Spanned};
use crate::text::resolve::Resolver;
use crate::ttlv::Encode;
use crate::version::ProtocolVersion;

/// The standard's JSON form without secrets, in whose place stands what is not read back; with them, as
/// [`reveal_secrets`](crate::item::reveal_secrets) and [`Revealed`](crate::item::Revealed) have it.
impl Serialize for Item {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if is_deeper(self, Limits::DEFAULT.depth) {
            return Err(S::Error::custom(TextErrorKind::DepthLimit { limit: Limits::DEFAULT.depth }));
        }
        JsonItem::new(&STANDARD, self, is_revealing()).serialize(serializer)
    }
}

/// The standard's JSON form, in any of its variants.
impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let budget = Budget::new(Limits::DEFAULT);
        let node = NodeSeed { budget: &budget, depth: 0 }.deserialize(deserializer)?;
        Resolver::new(&STANDARD, parse_value).root(&node).map_err(D::Error::custom)
    }
}

/// Serialises a value as the JSON form of the item that it is under `tag`: what the `Serialize` of a type
/// does that derives its codec. Secrets are left out unless [`reveal_secrets`](crate::item::reveal_secrets) has them
/// said.
///
/// ```
/// use kmip_types::{ProtocolVersion, Tag, item};
/// use serde::{Serialize, Serializer};
///
/// struct Greeting(ProtocolVersion);
///
/// impl Serialize for Greeting {
///     fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
///         item::serialize(Tag::PROTOCOL_VERSION, &self.0, self.0, serializer)
///     }
/// }
///
/// let json = serde_json::to_value(Greeting(ProtocolVersion::V2_1))?;
/// assert_eq!(json["value"][0]["tag"], "ProtocolVersionMajor");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
/// The version has no form for the value, a limit is exceeded, or the serializer fails.
pub fn serialize<T: Encode + ?Sized, S: Serializer>(
    tag: Tag,
    value: &T,
    version: ProtocolVersion,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let item = zeroize::Zeroizing::new(to_item(tag, value, version).map_err(S::Error::custom)?);
    item.serialize(serializer)
}

/// Reads an item.
struct NodeSeed<'b> {
    budget: &'b Budget,
    /// How many structures the item is in.
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for NodeSeed<'_> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        // Asked for a map, a deserializer that finds a string quotes it: it may be a value out of its place.
        deserializer.deserialize_any(self)
    }
}

/// An error that says what is there instead of an item, and nothing of it.
fn no_object<E: serde::de::Error>(found: &str) -> E {
    E::custom(format_args!("expected an object with tag, type and value, found {found}"))
}

impl<'de> Visitor<'de> for NodeSeed<'_> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with tag, type and value")
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Node<'de>, E> {
        Err(no_object("true or false"))
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Node<'de>, E> {
        Err(no_object("a number"))
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Node<'de>, E> {
        Err(no_object("a number"))
    }

    fn visit_i128<E: serde::de::Error>(self, _: i128) -> Result<Node<'de>, E> {
        Err(no_object("a number"))
    }

    fn visit_u128<E: serde::de::Error>(self, _: u128) -> Result<Node<'de>, E> {
        Err(no_object("a number"))
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Node<'de>, E> {
        Err(no_object("a number"))
    }

    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<Node<'de>, E> {
        Err(no_object("a string"))
    }

    fn visit_bytes<E: serde::de::Error>(self, _: &[u8]) -> Result<Node<'de>, E> {
        Err(no_object("bytes"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node<'de>, A::Error> {
        self.budget.item(self.depth, 0).map_err(A::Error::custom)?;
        let (mut tag, mut name, mut item_type, mut value) = (None, None, None, None);
        while let Some(Name(member)) = map.next_key::<Name<'de>>()? {
            let (slot, known) = match member.as_ref() {
                "tag" => (&mut tag, "tag"),
                "name" => (&mut name, "name"),
                "type" => (&mut item_type, "type"),
                "value" if value.is_none() => {
                    value =
                        Some(map.next_value_seed(ContentSeed { budget: self.budget, depth: self.depth })?);
                    continue;
                }
                "value" => return Err(A::Error::duplicate_field("value")),
                other => {
                    let kind = TextErrorKind::UnknownMember { what: "member", name: shortened(other) };
                    return Err(A::Error::custom(kind));
                }
            };
            if slot.is_some() {
                return Err(A::Error::duplicate_field(known));
            }
            *slot = Some(map.next_value::<Name<'de>>()?.0);
        }
        let tag = tag.ok_or_else(|| A::Error::missing_field("tag"))?;
        Ok(Node {
            tag: placeless(tag),
            item_type: item_type.map(placeless),
            value: placeless(value.unwrap_or(Content::Absent)),
        })
    }
}

/// serde does not tell where in a text it is.
fn placeless<T>(inner: T) -> Spanned<T> {
    Spanned { inner, offset: 0 }
}

/// A string, borrowed where it can be.
struct Name<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(text)))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}

/// Reads the value of an item.
struct ContentSeed<'b> {
    budget: &'b Budget,
    /// How many structures the item itself is in.
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for ContentSeed<'_> {
    type Value = Content<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Content<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// How serde_json hands over a number where any package of the program turns on its `arbitrary_precision`.
const NUMBER_TOKEN: &str = "$serde_json::private::Number";

impl<'de> Visitor<'de> for ContentSeed<'_> {
    type Value = Content<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of items, a string, a number, true, false or null")
    }

    fn visit_unit<E>(self) -> Result<Content<'de>, E> {
        Ok(Content::Null)
    }

    fn visit_none<E>(self) -> Result<Content<'de>, E> {
        Ok(Content::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Content<'de>, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Content<'de>, E> {
        Ok(Content::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Content<'de>, E> {
        Ok(Content::Number(value.to_string().into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Content<'de>, E> {
        Ok(Content::Number(value.to_string().into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Content<'de>, E> {
        Ok(Content::Number(value.to_string().into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Content<'de>, E> {
        // From 2^53 on, it may stand for another integer that it could not hold, so it stands for none.
        let exact = value.abs() < 9_007_199_254_740_992.0;
        Ok(Content::Number(if exact { format!("{value:?}").into() } else { "NaN".into() }))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Content<'de>, E> {
        Ok(Content::Text(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Content<'de>, E> {
        Ok(Content::Text(text.to_owned().into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Content<'de>, A::Error> {
        let mut items = Vec::new();
        let seed = || NodeSeed { budget: self.budget, depth: self.depth + 1 };
        while let Some(item) = array.next_element_seed(seed())? {
            items.push(item);
        }
        Ok(Content::Items(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content<'de>, A::Error> {
        match map.next_key::<Name<'de>>()? {
            Some(Name(key)) if key == NUMBER_TOKEN => {
                Ok(Content::Number(map.next_value::<Name<'de>>()?.0.into()))
            }
            Some(Name(key)) if key == LEFT_OUT => {
                Err(A::Error::custom("the value is a secret, and was left out when this was written"))
            }
            _ => Err(A::Error::custom("expected an array of items or a plain value, found an object")),
        }
    }
}
