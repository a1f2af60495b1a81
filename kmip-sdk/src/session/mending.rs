//! Completing a response that lacks what only repeats the request, in lenient reading.
//!
//! The codec sets a payload aside that lacks a required field. Such a payload, or one that is not there, gets what
//! the request says and is read again, alone. What cannot be read with that either stays set aside.

use std::collections::{HashMap, HashSet};

use kmip_types::enumerations::{Operation, ResultStatus};
use kmip_types::item::{Item, Value};
use kmip_types::message::{ResponseBatchItem, ResponseMessage};
use kmip_types::operation::ResponsePayload;
use kmip_types::ttlv::{
    DecodeSelected as _, Decoded, Deviation, DeviationKind, Header, KeptItem, Mode, Reader,
};
use kmip_types::{DecodeError, Limits, PathSegment, Tag, TagPath};
use zeroize::Zeroizing;

use super::echoes;
use super::prepared::Expected;

/// How many structures a payload is in: the message and the batch item.
const DEPTH: usize = 2;

/// Gives the operations that succeeded the payloads that the request completes, and lists what these lacked.
pub(super) fn mend(
    response: &mut Decoded<ResponseMessage>,
    sent: &[u8],
    received: &[u8],
    expected: &Expected,
) {
    let Ok(request) = Item::from_ttlv_within(sent, expected.limits) else { return };
    let asked: Vec<&Item> = request
        .children(Tag::BATCH_ITEM)
        .filter_map(|item| item.children(Tag::REQUEST_PAYLOAD).next())
        .collect();
    let Decoded { value: message, deviations, .. } = response;
    let incomplete: HashMap<usize, (usize, &KeptItem)> = deviations
        .iter()
        .filter_map(|deviation| set_aside(deviation).map(|(item, _, kept)| (item, (deviation.offset, kept))))
        .collect();
    let several = message.batch_item.len() > 1;

    let (mut completed, mut found) = (HashSet::new(), Vec::new());
    for ((number, item), offset) in message.batch_item.iter_mut().enumerate().zip(batch_items(received)) {
        if item.result_status != ResultStatus::Success || item.response_payload.is_some() {
            continue;
        }
        let Some((operation, request)) = answered(item, number, expected, &asked) else { continue };
        let came = incomplete.get(&number).copied();
        let Some((payload, lacked)) = complete(came.map(|(_, kept)| kept), operation, request, expected)
        else {
            continue;
        };
        let of_item =
            [segment(Tag::RESPONSE_MESSAGE, None), segment(Tag::BATCH_ITEM, several.then_some(number))];
        match came {
            None => found.push(missing(&of_item, offset, "BatchItem", Tag::RESPONSE_PAYLOAD)),
            Some((offset, kept)) => {
                let of_payload = [&of_item[..], &[segment(Tag::RESPONSE_PAYLOAD, None)]].concat();
                let lacked = lacked.into_iter();
                found.extend(lacked.map(|tag| missing(&of_payload, offset, "ResponsePayload", tag)));
                let is_of_what_came = |deviation: &Deviation| deviation.offset < kept.reveal().len();
                let inside = payload.deviations.into_iter().filter(is_of_what_came);
                found.extend(inside.map(|Deviation { path, offset: inner, kind }| Deviation {
                    path: TagPath::new([&of_item[..], path.segments()].concat()),
                    offset: offset + inner,
                    kind,
                }));
            }
        }
        item.response_payload = Some(payload.value);
        completed.insert(number);
    }
    deviations.retain(|deviation| set_aside(deviation).is_none_or(|(item, ..)| !completed.contains(&item)));
    deviations.extend(found);
    deviations.sort_by_key(|deviation| deviation.offset);
}

/// Which batch item's payload was set aside, from 0, why, and what it is, if that is what deviates.
pub(super) fn set_aside(deviation: &Deviation) -> Option<(usize, &DecodeError, &KeptItem)> {
    match (deviation.path.segments(), &deviation.kind) {
        ([_, item, payload], DeviationKind::Unreadable { fault, kept })
            if payload.tag == Tag::RESPONSE_PAYLOAD =>
        {
            Some((item.index.unwrap_or(0), fault, kept))
        }
        _ => None,
    }
}

/// The operation that a batch item answers, with its Request Payload, if it is the one that it says.
fn answered<'a>(
    item: &ResponseBatchItem,
    number: usize,
    expected: &Expected,
    asked: &[&'a Item],
) -> Option<(Operation, &'a Item)> {
    let index = match &item.unique_batch_item_id {
        Some(id) => expected.place(id)?,
        None => number,
    };
    let operation = *expected.operations.get(index)?;
    let request = asked.get(index).filter(|_| item.operation == Some(operation))?;
    Some((operation, *request))
}

/// The payload that came, or else an empty one, with what the request tells; and what it lacked of that.
fn complete(
    came: Option<&KeptItem>,
    operation: Operation,
    request: &Item,
    expected: &Expected,
) -> Option<(Decoded<ResponsePayload>, Vec<Tag>)> {
    let limits = Limits { depth: expected.limits.depth.saturating_sub(DEPTH), ..expected.limits };
    let mut payload = match came {
        Some(kept) => Item::from_ttlv_within(kept.reveal(), limits).ok()?,
        None => Item::structure(Tag::RESPONSE_PAYLOAD, Vec::new()),
    };
    let Value::Structure(fields) = &mut payload.value else { return None };
    let mut lacked = Vec::new();
    for tag in echoes::of(operation) {
        if fields.iter().all(|field| field.tag != tag)
            && let Some(field) = said_by(request, tag)
        {
            // Behind what came, which so keeps its offsets: leniently, a field may be anywhere.
            fields.push(field.clone());
            lacked.push(tag);
        }
    }
    if lacked.is_empty() {
        return None;
    }
    let bytes = Zeroizing::new(payload.to_ttlv().ok()?);
    let mut reader = Reader::new(&bytes, Mode::Lenient, limits).ok()?.in_version(expected.version);
    let read = ResponsePayload::decode_selected(&operation, Tag::RESPONSE_PAYLOAD, &mut reader).ok()?;
    Some((reader.into_decoded(read), lacked))
}

/// What the request says under this tag, unless it leaves the object to the server: an identifier may be a
/// reference to the ID Placeholder, or to the result of another operation (KMIP 2.1 section 4.61).
fn said_by(request: &Item, tag: Tag) -> Option<&Item> {
    let item = request.children(tag).next()?;
    let is_said = tag != Tag::UNIQUE_IDENTIFIER || matches!(item.value, Value::TextString(_));
    is_said.then_some(item)
}

/// The offsets of the batch items of a message that was read.
fn batch_items(message: &[u8]) -> impl Iterator<Item = usize> {
    let mut next = Header::SIZE;
    let fields = core::iter::from_fn(move || {
        let offset = next;
        let rest = message.get(offset..)?;
        let header = Reader::new(rest, Mode::Lenient, Limits { size: usize::MAX, ..Limits::DEFAULT });
        let header = header.ok()?.peek().ok()??;
        next += header.end();
        Some((header.tag, offset))
    });
    fields.filter(|(tag, _)| *tag == Tag::BATCH_ITEM).map(|(_, offset)| offset)
}

fn missing(structure_at: &[PathSegment], offset: usize, structure: &'static str, tag: Tag) -> Deviation {
    let path = TagPath::new(structure_at.to_vec());
    Deviation { path, offset, kind: DeviationKind::Missing { structure, tag } }
}

fn segment(tag: Tag, index: Option<usize>) -> PathSegment {
    PathSegment { tag, index }
}
