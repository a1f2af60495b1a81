//! What can be shown: whatever can be encoded.

use zeroize::Zeroizing;

use super::{View, ViewError};
use crate::attribute::Attribute;
use crate::item::{Item, to_item};
use crate::limits::Limits;
use crate::object::ManagedObject;
use crate::ttlv::{Decode, Encode, Mode, Reader, Root, Tagged};
use crate::{ProtocolVersion, Tag};

/// A value that can be shown: one with a tag of its own, such as a message, a payload, attributes or an object; an
/// [`Item`]; bytes of TTLV, one item or several in a row; and several of these, such as a request and its response.
///
/// A value that states its version is shown in the form of that, another one in the form of the newest that has one for it;
/// [`View::in_version`] takes another.
pub trait Viewed {
    /// The view of the value.
    fn to_view(&self) -> View;
}

/// The items of a value, each of which may hold secrets.
pub(super) type Items = Result<Zeroizing<Vec<Item>>, ViewError>;

impl<T: Encode + Root> Viewed for T {
    fn to_view(&self) -> View {
        if T::STATES_VERSION { one(T::TAG, self, self.protocol_version()) } else { newest(T::TAG, self) }
    }
}

impl Viewed for ManagedObject {
    fn to_view(&self) -> View {
        newest(self.tag(), self)
    }
}

impl Viewed for Attribute {
    fn to_view(&self) -> View {
        newest(self.tag(), self)
    }
}

impl Viewed for Item {
    fn to_view(&self) -> View {
        View::new(Ok(Zeroizing::new(vec![self.clone()])))
    }
}

/// TTLV: one item, or several in a row.
impl Viewed for [u8] {
    fn to_view(&self) -> View {
        View::new(read_all(self).map_err(ViewError::Decode))
    }
}

/// TTLV: one item, or several in a row.
impl Viewed for Vec<u8> {
    fn to_view(&self) -> View {
        self.as_slice().to_view()
    }
}

/// TTLV: one item, or several in a row.
impl<const N: usize> Viewed for [u8; N] {
    fn to_view(&self) -> View {
        self.as_slice().to_view()
    }
}

impl Viewed for View {
    fn to_view(&self) -> View {
        self.clone()
    }
}

/// Each after the other, such as the messages of an exchange. What a [`View`] chooses, the first chooses for all.
impl<T: Viewed> Viewed for [T] {
    fn to_view(&self) -> View {
        let joined = self.iter().map(Viewed::to_view).reduce(join);
        joined.unwrap_or_else(|| View::new(Ok(Zeroizing::default())))
    }
}

/// Each after the other, such as a request and its response. What a [`View`] chooses, the first chooses for both.
impl<A: Viewed + ?Sized, B: Viewed + ?Sized> Viewed for (&A, &B) {
    fn to_view(&self) -> View {
        join(self.0.to_view(), self.1.to_view())
    }
}

fn join(mut one: View, other: View) -> View {
    one.items = match (one.items, other.items) {
        (Ok(mut all), Ok(mut items)) => {
            all.append(&mut items);
            Ok(all)
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    one
}

/// The view of a value in one version.
pub(super) fn one(tag: Tag, value: &dyn Encode, version: ProtocolVersion) -> View {
    View::new(to_item(tag, value, version).map(|item| Zeroizing::new(vec![item])).map_err(ViewError::Encode))
}

/// In the newest version that has a form for the value. What says why there is none is the newest of all.
fn newest(tag: Tag, value: &dyn Encode) -> View {
    let item = crate::item::in_newest(tag, value);
    View::new(item.map(|item| Zeroizing::new(vec![item])).map_err(ViewError::Encode))
}

fn read_all(ttlv: &[u8]) -> Result<Zeroizing<Vec<Item>>, crate::DecodeError> {
    let mut reader = Reader::new(ttlv, Mode::Strict, Limits::default())?;
    let mut items = Zeroizing::new(Vec::new());
    // Without a header there is no tag: reading any then says what is wrong.
    items.push(Item::decode(reader.peek_tag().unwrap_or(Tag::from_raw(0)), &mut reader)?);
    while let Some(tag) = reader.peek_tag() {
        items.push(Item::decode(tag, &mut reader)?);
    }
    reader.finish()?;
    Ok(items)
}
