//! Discover Versions in KMIP 1.0, which has no such operation: asked, and answered, in the form of 1.1.

use std::ops::Range;

use kmip_types::enumerations::Operation;
use kmip_types::ttlv::{Decode as _, Mode, Reader};
use kmip_types::{Item, Limits, ProtocolVersion, Tag, Value};
use zeroize::Zeroizing;

use crate::answer::Request;

/// Where the minor version stands in a message: behind the headers of the message, its header, the version and the minor
/// version, and the whole major version.
const MINOR: Range<usize> = 48..52;

/// The message in the form of KMIP 1.1, if it is one of 1.0 that asks for Discover Versions and nothing else.
pub(super) fn in_1_1(request: &Request<'_>, bytes: &[u8], limits: Limits) -> Option<Zeroizing<Vec<u8>>> {
    if request.header.protocol_version != ProtocolVersion::V1_0 || request.len() != 1 {
        return None;
    }
    let mut reader = Reader::new(request.bytes(0), Mode::Strict, limits).ok()?;
    let item = Item::decode(Tag::BATCH_ITEM, &mut reader).ok()?;
    let discover = Value::Enumeration(Operation::DiscoverVersions.value());
    let is_asked = item.fields().iter().any(|field| field.tag == Tag::OPERATION && field.value == discover);
    is_asked.then(|| with_minor(bytes, 1)).flatten()
}

/// The response to it, as one of KMIP 1.0.
pub(super) fn in_1_0(response: Vec<u8>) -> Vec<u8> {
    with_minor(&response, 0).map_or(response, |mut changed| std::mem::take(&mut *changed))
}

fn with_minor(message: &[u8], minor: u32) -> Option<Zeroizing<Vec<u8>>> {
    let mut message = Zeroizing::new(message.to_vec());
    message.get_mut(MINOR)?.copy_from_slice(&minor.to_be_bytes());
    Some(message)
}
