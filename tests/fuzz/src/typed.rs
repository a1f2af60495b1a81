//! Binary TTLV as a typed message.

use std::fmt::Debug;

use kmip_types::message::{Message, RequestMessage, ResponseMessage};
use kmip_types::ttlv::{DeviationKind, encode};
use kmip_types::{EncodeErrorKind, Item, ItemType, ProtocolVersion, Tag};

use crate::tree::in_text;

/// Strict, lenient and untyped reading agree, and what was read is written in each version as the same message,
/// or is refused there by name.
pub fn ttlv_typed(data: &[u8]) {
    check(data, |message: &mut RequestMessage, version| message.request_header.protocol_version = version);
    check(data, |message: &mut ResponseMessage, version| message.response_header.protocol_version = version);
}

fn check<M: Message + Clone + Debug + PartialEq>(data: &[u8], state: fn(&mut M, ProtocolVersion)) {
    let strict = M::from_ttlv(data);
    let lenient = M::from_ttlv_lenient(data);
    if let Err(error) = &strict {
        assert!(error.offset() <= data.len(), "the offset is not in the input: {error}");
    }
    let lenient = match lenient {
        Ok(lenient) => lenient,
        Err(error) => {
            assert!(error.offset() <= data.len(), "the offset is not in the input: {error}");
            assert!(strict.is_err(), "read strictly, but not leniently: {error}");
            return;
        }
    };
    let tree = Item::from_ttlv(data).expect("a message is an item");
    assert_eq!(tree.tag, M::TAG);
    if let Ok(message) = &strict {
        // A structure that keeps anything keeps a field that comes late, which leniently is taken, and listed.
        if lenient.deviations.is_empty() {
            assert_eq!(*message, lenient.value, "read strictly and leniently, two messages");
        }
        for deviation in &lenient.deviations {
            assert_eq!(deviation.kind, DeviationKind::Misplaced, "of what is read strictly");
        }
        // Where its version has the same fields as the one whose form the bytes have, it is what was read.
        if let Some(bytes) = written(message, message.version()) {
            let again = Item::from_ttlv(&bytes).expect("what is written is read");
            if shape(&again) == shape(&tree) {
                assert_eq!(again, tree, "written as another item");
            }
        }
    }
    in_every_version(lenient.value, state);
}

/// The tags and types of all that is in an item.
fn shape(item: &Item) -> Vec<(Tag, ItemType)> {
    let mut shape: Vec<_> = item.walk().map(|item| (item.tag, item.item_type())).collect();
    shape.sort_unstable_by_key(|(tag, item_type)| (*tag, item_type.number()));
    shape
}

/// The message is written in each version as the same message, or is refused there by name. In the first and the last
/// version that carry it, it comes back from the text encodings too.
pub(crate) fn in_every_version<M>(mut message: M, state: fn(&mut M, ProtocolVersion))
where
    M: Message + Clone + Debug + PartialEq,
{
    let mut carried = Vec::new();
    for version in ProtocolVersion::ALL {
        state(&mut message, *version);
        carried.extend(written(&message, *version));
    }
    if let [first, .., last] | [first @ last] = carried.as_slice() {
        in_text(first);
        if first != last {
            in_text(last);
        }
    }
}

/// The message in the form of a version, if that has one: then the bytes are read as the same message.
fn written<M>(message: &M, version: ProtocolVersion) -> Option<Vec<u8>>
where
    M: Message + Clone + Debug + PartialEq,
{
    let bytes = match encode(M::TAG, message, version) {
        Ok(bytes) => bytes,
        Err(error) => {
            assert!(
                matches!(
                    error.kind(),
                    EncodeErrorKind::NotInVersion { .. }
                        | EncodeErrorKind::NoEquivalent { .. }
                        | EncodeErrorKind::InvalidValue { .. }
                ),
                "{error}"
            );
            assert!(!error.path().is_empty(), "no path: {error}");
            return None;
        }
    };
    let read = M::from_ttlv(&bytes).unwrap_or_else(|error| panic!("in {version}: {error}\n{message:#?}"));
    assert_eq!(read, *message, "in {version}, read back as another message");
    assert_eq!(encode(M::TAG, &read, version).as_ref(), Ok(&bytes), "in {version}, written again otherwise");
    Some(bytes)
}
