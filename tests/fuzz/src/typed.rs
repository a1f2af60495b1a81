//! Binary TTLV as a typed message.

use std::fmt::Debug;

use kmip_types::message::{Message, RequestMessage, ResponseMessage};
use kmip_types::ttlv::{DeviationKind, encode};
use kmip_types::{EncodeErrorKind, Item, ProtocolVersion};

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
        Ok(lenient) => {
            // With all that deviates, it is written as it was.
            assert_eq!(lenient.to_ttlv_as_it_was().as_deref(), Ok(data), "written otherwise than it was");
            lenient
        }
        Err(error) => {
            assert!(error.offset() <= data.len(), "the offset is not in the input: {error}");
            assert!(strict.is_err(), "read strictly, but not leniently: {error}");
            return;
        }
    };
    if strict.is_err() {
        assert!(!lenient.deviations.is_empty(), "refused strictly, but nothing is listed: {strict:?}");
    }
    for deviation in &lenient.deviations {
        assert!(deviation.offset < data.len() && !deviation.path.is_empty(), "no place: {deviation}");
        assert!(deviation.to_string().len() < 4096, "a long message: {deviation}");
    }
    if let Ok(message) = &strict {
        let tree = Item::from_ttlv(data).expect("a message is an item");
        assert_eq!(tree.tag, M::TAG);
        // A structure that keeps anything keeps a field that comes late, which leniently is taken, and listed.
        if lenient.deviations.is_empty() {
            assert_eq!(*message, lenient.value, "read strictly and leniently, two messages");
        }
        for deviation in &lenient.deviations {
            assert_eq!(deviation.kind, DeviationKind::Misplaced, "of what is read strictly");
        }
        // It is in the form of its version, so it is written as it was read.
        let bytes = written(message, message.version()).expect("read strictly, but not to be written");
        assert_eq!(bytes, data, "written otherwise");
    }
    in_every_version(lenient.value, state);
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
                        | EncodeErrorKind::ValueNotInVersion { .. }
                        | EncodeErrorKind::Missing { .. }
                        | EncodeErrorKind::TooMany { .. }
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
