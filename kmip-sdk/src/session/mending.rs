//! Completing a response that lacks what only repeats the request, in lenient reading.
//!
//! It works on the response as items, when the typed reading has found a payload missing or not as it should be.
//! A batch item is changed only where it can be read with the change and could not without.

use kmip_types::enumerations::{Operation, ResultStatus};
use kmip_types::item::{Item, Value};
use kmip_types::message::{ResponseBatchItem, ResponseHeader, ResponseMessage};
use kmip_types::ttlv::{Deviation, DeviationKind, Encode, Header, Mode, Writer, decode_with};
use kmip_types::{DateTime, EncodeError, Limits, PathSegment, ProtocolVersion, Tag, TagPath};
use zeroize::Zeroizing;

use super::prepared::Expected;
use super::{echoes, place};

/// A response that was completed.
pub(super) struct Mended {
    /// The message in binary TTLV.
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// What had to be done.
    deviations: Vec<Deviation>,
    /// Where the bytes are others than those that came, in ascending order.
    shifts: Vec<Shift>,
}

/// A place, by its offset in what came, at which the completed message has more bytes.
struct Shift {
    at: usize,
    inserted: usize,
}

/// One batch item of the response at work.
struct Place<'a> {
    version: ProtocolVersion,
    /// What was asked: the operation and the Request Payload.
    asked: Option<(Operation, &'a Item)>,
    path: TagPath,
    /// The offset of the batch item.
    offset: usize,
    limits: Limits,
}

/// The response with what its batch items lack, if there is anything that the request tells.
pub(super) fn mend(request: &[u8], response: &[u8], expected: &Expected) -> Option<Mended> {
    let limits = expected.limits;
    let read = |tag, bytes: &[u8]| {
        let item = decode_with::<Item>(tag, bytes, Mode::Lenient, limits).ok()?;
        Some(Zeroizing::new(item.value))
    };
    let request = read(Tag::REQUEST_MESSAGE, request)?;
    let payloads =
        request.children(Tag::BATCH_ITEM).filter_map(|item| item.children(Tag::REQUEST_PAYLOAD).next());
    let asked: Vec<_> = expected.operations.iter().copied().zip(payloads).collect();
    let mut answer = read(Tag::RESPONSE_MESSAGE, response)?;
    let several = answer.children(Tag::BATCH_ITEM).count() > 1;

    let (mut deviations, mut shifts) = (Vec::new(), Vec::new());
    let (mut offset, mut number) = (Header::SIZE, 0);
    for field in fields(&mut answer)? {
        let size = size(field)?;
        if field.tag == Tag::BATCH_ITEM {
            let index = several.then_some(number);
            let place = Place {
                version: expected.version,
                asked: answered(field, number).and_then(|index| asked.get(index).copied()),
                path: TagPath::new(vec![
                    segment(Tag::RESPONSE_MESSAGE, None),
                    segment(Tag::BATCH_ITEM, index),
                ]),
                offset,
                limits,
            };
            if let Some((found, shift)) = place.complete(field) {
                deviations.extend(found);
                shifts.push(shift);
            }
            number += 1;
        }
        offset += size;
    }
    if shifts.is_empty() {
        return None;
    }
    let bytes = written(limits, |writer| answer.write(writer)).ok()?;
    Some(Mended { bytes, deviations, shifts })
}

impl Mended {
    /// All deviations, with those of the completed message at the offsets of what came.
    pub(super) fn deviations(self, of_completed: Vec<Deviation>) -> Vec<Deviation> {
        let Self { mut deviations, shifts, .. } = self;
        deviations.extend(of_completed.into_iter().map(|mut deviation| {
            deviation.offset = original(deviation.offset, &shifts);
            deviation
        }));
        deviations.sort_by_key(|deviation| deviation.offset);
        deviations
    }
}

/// The offset in what came of one in the completed message.
fn original(offset: usize, shifts: &[Shift]) -> usize {
    shifts.iter().fold(offset, |offset, shift| match offset.checked_sub(shift.at) {
        Some(behind) => shift.at + behind.saturating_sub(shift.inserted),
        None => offset,
    })
}

impl Place<'_> {
    /// Puts into the payload of a success what the request tells; into a new one, if there is none.
    fn complete(&self, item: &mut Item) -> Option<(Vec<Deviation>, Shift)> {
        let status = item.children(Tag::RESULT_STATUS).next()?.as_enumeration()?;
        if ResultStatus::from(status) != ResultStatus::Success {
            return None;
        }
        let said = item.children(Tag::OPERATION).next()?.as_enumeration()?;
        let (_, request) = self.asked.filter(|(operation, _)| *operation == Operation::from(said))?;
        if self.yields(item) {
            return None;
        }
        let content = fields(item)?;
        let found = content.iter().position(|field| field.tag == Tag::RESPONSE_PAYLOAD);
        let position = found.unwrap_or_else(|| {
            let extension = content.iter().position(|field| field.tag == Tag::MESSAGE_EXTENSION);
            extension.unwrap_or(content.len())
        });
        let payload_at = self.offset_of(content, position)?;
        if found.is_none() {
            content.insert(position, Item::structure(Tag::RESPONSE_PAYLOAD, Vec::new()));
        }
        let payload = content.get_mut(position)?;
        let mut filled = fill(payload, Operation::from(said), request)?;
        let first = filled.first().map_or(0, |(index, _)| *index);
        let at = self::fields(payload)?[..first]
            .iter()
            .try_fold(payload_at + Header::SIZE, |at, field| Some(at + size(field)?))?;
        let inserted = match found {
            Some(_) => {
                let items = self::fields(payload)?;
                filled.iter().try_fold(0, |sum, (index, _)| Some(sum + size(items.get(*index)?)?))?
            }
            None => size(payload)?,
        };
        if filled.is_empty() || !self.yields(item) {
            let content = fields(item)?;
            if found.is_none() {
                content.remove(position);
            } else if let Some(items) = content.get_mut(position).and_then(fields) {
                while let Some((index, _)) = filled.pop() {
                    items.remove(index);
                }
            }
            return None;
        }
        let lacking = |path, offset, structure, tag| {
            let kind = DeviationKind::Missing { structure, tag };
            Deviation { path, offset, kind }
        };
        let (deviations, at) = match found {
            None => {
                let of_item = lacking(self.path.clone(), self.offset, "BatchItem", Tag::RESPONSE_PAYLOAD);
                (vec![of_item], payload_at)
            }
            Some(_) => {
                let path = within(&self.path, Tag::RESPONSE_PAYLOAD);
                let of = |(_, tag)| lacking(path.clone(), payload_at, "ResponsePayload", tag);
                (filled.into_iter().map(of).collect(), at)
            }
        };
        Some((deviations, Shift { at, inserted }))
    }

    /// Whether the item can be read, and has a payload.
    fn yields(&self, item: &Item) -> bool {
        self.read(item).is_some_and(|item| item.response_payload.is_some())
    }

    /// The item with its type, read leniently as the only one of a message.
    fn read(&self, item: &Item) -> Option<ResponseBatchItem> {
        let header = ResponseHeader::new(self.version, DateTime::from_seconds(0), 1);
        let bytes = written(self.limits, |writer| {
            writer.structure(Tag::RESPONSE_MESSAGE, |writer| {
                header.encode(Tag::RESPONSE_HEADER, writer)?;
                item.write(writer)
            })
        });
        let bytes = bytes.ok()?;
        let message =
            decode_with::<ResponseMessage>(Tag::RESPONSE_MESSAGE, &bytes, Mode::Lenient, self.limits);
        message.ok()?.value.batch_item.pop()
    }

    /// The offset of a field of the batch item.
    fn offset_of(&self, fields: &[Item], position: usize) -> Option<usize> {
        fields[..position]
            .iter()
            .try_fold(self.offset + Header::SIZE, |offset, field| Some(offset + size(field)?))
    }
}

/// Puts what the request tells and the payload lacks into it: where, and under which tag, in ascending order.
fn fill(payload: &mut Item, operation: Operation, request: &Item) -> Option<Vec<(usize, Tag)>> {
    let content = fields(payload)?;
    let mut filled = Vec::new();
    for echo in echoes::of(operation) {
        if content.iter().any(|field| field.tag == echo.tag) {
            continue;
        }
        if let Some(value) = said_by(request, echo.tag) {
            let index = content.iter().take_while(|field| echo.after.contains(&field.tag)).count();
            content.insert(index, value.clone());
            filled.push((index, echo.tag));
        }
    }
    Some(filled)
}

/// What the request says under this tag, unless it leaves the object to the server: an identifier may be a
/// reference to the ID Placeholder, or to the result of another operation (KMIP 2.1 section 4.61).
fn said_by(request: &Item, tag: Tag) -> Option<&Item> {
    let item = request.children(tag).next()?;
    let is_said = tag != Tag::UNIQUE_IDENTIFIER || matches!(item.value, Value::TextString(_));
    is_said.then_some(item)
}

/// Which request item a batch item answers.
fn answered(item: &Item, number: usize) -> Option<usize> {
    match item.children(Tag::UNIQUE_BATCH_ITEM_ID).next() {
        Some(id) => place(id.as_bytes()?),
        None => Some(number),
    }
}

fn fields(item: &mut Item) -> Option<&mut Vec<Item>> {
    match &mut item.value {
        Value::Structure(fields) => Some(fields),
        _ => None,
    }
}

/// How many bytes the item takes, header included.
fn size(item: &Item) -> Option<usize> {
    Some(written(Limits::default(), |writer| item.write(writer)).ok()?.len())
}

fn written(
    limits: Limits,
    write: impl FnOnce(&mut Writer) -> Result<(), EncodeError>,
) -> Result<Zeroizing<Vec<u8>>, EncodeError> {
    // Items are what they are in any version; the latest takes all item types.
    let mut writer = Writer::with_buffer(Vec::new(), ProtocolVersion::V2_1, limits);
    write(&mut writer)?;
    Ok(Zeroizing::new(writer.into_bytes()))
}

fn segment(tag: Tag, index: Option<usize>) -> PathSegment {
    PathSegment { tag, index }
}

/// The path to an only field of the structure at a path.
fn within(structure: &TagPath, tag: Tag) -> TagPath {
    TagPath::new([structure.segments(), &[segment(tag, None)]].concat())
}
