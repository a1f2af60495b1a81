//! Reading a request piece by piece, so that a faulty batch item fails alone.

use std::collections::HashSet;

use kmip_types::enumerations::{Operation, ResultReason};
use kmip_types::message::{RequestBatchItem, RequestHeader};
use kmip_types::ttlv::{Decode, Header, Mode, Reader};
use kmip_types::{DecodeError, DecodeErrorKind, Item, ItemType, Limits, ProtocolVersion, Tag, Value};

use super::Failure;
use super::response::ROOM_FOR_REFUSAL;

/// A request whose header has been read, and whose items have not.
pub(crate) struct Request<'a> {
    pub(crate) header: RequestHeader,
    items: Vec<&'a [u8]>,
    /// How many bytes of the response are kept for the refusals of the items behind each, and behind nothing yet; nothing,
    /// where there is one item.
    refusals: Vec<usize>,
    limits: Limits,
}

/// Why there is no request to answer item by item, and the version to say so in, as far as it is known.
pub(crate) struct Unreadable {
    pub(crate) version: Option<ProtocolVersion>,
    pub(crate) failure: Failure,
}

/// A batch item, or what is known of one that cannot be read.
pub(crate) enum BatchItem {
    Readable(Box<RequestBatchItem>),
    Unreadable { operation: Option<Operation>, unique_batch_item_id: Option<Vec<u8>>, failure: Failure },
}

/// What is known of a batch item, be it readable or not, that its response repeats.
pub(crate) struct Asked {
    pub(crate) operation: Option<Operation>,
    pub(crate) unique_batch_item_id: Option<Vec<u8>>,
}

impl BatchItem {
    /// What its response repeats, and the item, unless it cannot be read or wants what is nowhere had.
    pub(crate) fn split(self) -> (Asked, Result<Box<RequestBatchItem>, Failure>) {
        match self {
            Self::Unreadable { operation, unique_batch_item_id, failure } => {
                (Asked { operation, unique_batch_item_id }, Err(failure))
            }
            Self::Readable(item) => {
                let unique_batch_item_id = item.unique_batch_item_id.clone();
                let asked = Asked { operation: Some(item.operation), unique_batch_item_id };
                if item.message_extension.iter().any(|extension| extension.criticality_indicator) {
                    let message = "a critical Message Extension is not understood";
                    return (asked, Err(Failure::new(ResultReason::FeatureNotSupported, message)));
                }
                (asked, Ok(item))
            }
        }
    }
}

impl<'a> Request<'a> {
    /// The request in these bytes, if its version is one of those.
    pub(crate) fn read(
        bytes: &'a [u8],
        versions: &[ProtocolVersion],
        limits: Limits,
    ) -> Result<Self, Unreadable> {
        let unreadable = |version, failure| Unreadable { version, failure };
        let message = outer(bytes, limits).map_err(|failure| unreadable(None, failure))?;
        let mut fields = Fields { bytes: message, limits };
        let header = fields.next().map_err(|failure| unreadable(None, failure))?;
        let header = header.filter(|field| field.header.tag == Tag::REQUEST_HEADER);
        let Some(header) = header else {
            return Err(unreadable(None, invalid("the message does not start with a RequestHeader")));
        };
        let version = version(header.bytes, limits);
        let Some(version) = version else {
            return Err(unreadable(None, invalid("the header does not start with a ProtocolVersion")));
        };
        if !versions.contains(&version) {
            let message = format!("KMIP {version} is not supported");
            let failure = Failure::new(ResultReason::UnsupportedProtocolVersion, message);
            return Err(unreadable(Some(version), failure));
        }
        let wrong = |failure| unreadable(Some(version), failure);
        let header: RequestHeader = decode(Tag::REQUEST_HEADER, header.bytes, Some(version), limits)
            .map_err(|error| wrong(refused(&error)))?;
        let mut items = Vec::new();
        while let Some(field) = fields.next().map_err(wrong)? {
            if field.header.tag != Tag::BATCH_ITEM {
                let message = format!("RequestMessage has no {} after its header", field.header.tag);
                return Err(wrong(invalid(&message)));
            }
            items.push(field.bytes);
        }
        if usize::try_from(header.batch_count) != Ok(items.len()) || items.is_empty() {
            let message =
                format!("the BatchCount is {}, and there are {} items", header.batch_count, items.len());
            return Err(wrong(invalid(&message)));
        }
        let mut refusals = Vec::new();
        // Behind an only item there is none to be refused.
        if items.len() > 1 {
            check_identifiers(&items, limits).map_err(wrong)?;
            refusals = self::refusals(&items, limits);
        }
        Ok(Self { header, items, refusals, limits })
    }

    /// One item by itself, which another request held.
    #[cfg(feature = "server")]
    pub(crate) fn alone(header: RequestHeader, item: &'a [u8], limits: Limits) -> Self {
        Self { header, items: vec![item], refusals: Vec::new(), limits }
    }

    /// The bytes of a batch item.
    #[cfg(feature = "server")]
    pub(crate) fn bytes(&self, number: usize) -> &'a [u8] {
        self.items.get(number).copied().unwrap_or_default()
    }

    /// How many batch items there are.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// How many bytes the refusals of all items may need, where there are several.
    #[cfg(feature = "server")]
    pub(crate) fn room_for_refusals(&self) -> usize {
        self.refusals.first().copied().unwrap_or(0)
    }

    /// How many bytes the refusals of the items behind this may need.
    pub(crate) fn room_for_refusals_after(&self, number: usize) -> usize {
        self.refusals.get(number + 1).copied().unwrap_or(0)
    }

    /// A batch item, which is read when its turn comes.
    pub(crate) fn item(&self, number: usize) -> BatchItem {
        let bytes = self.items.get(number).copied().unwrap_or_default();
        let version = self.header.protocol_version;
        decode(Tag::BATCH_ITEM, bytes, Some(version), self.limits)
            .map(|item| BatchItem::Readable(Box::new(item)))
            .unwrap_or_else(|error| unreadable_item(bytes, version, self.limits, &error))
    }
}

/// The operation of a request that has one item and no credentials, and the bytes of its payload; nothing, where that cannot be
/// told at a glance.
#[cfg(feature = "server")]
pub(crate) fn only_operation(bytes: &[u8], limits: Limits) -> Option<(Operation, &[u8])> {
    let mut fields = Fields { bytes: outer(bytes, limits).ok()?, limits };
    let header = fields.next().ok()??;
    let item = fields.next().ok()??;
    let is_only = fields.next().ok()?.is_none();
    let is_plain = header.fields(limits).all(|field| field.header.tag != Tag::AUTHENTICATION);
    if !is_only || !is_plain {
        return None;
    }
    let mut fields = item.fields(limits);
    let operation = decode(Tag::OPERATION, fields.next()?.bytes, None, limits).ok()?;
    let payload = fields.find(|field| field.header.tag == Tag::REQUEST_PAYLOAD)?;
    Some((operation, payload.bytes))
}

/// Whether a payload has nothing but a Unique Identifier.
#[cfg(feature = "server")]
pub(crate) fn is_identifier_alone(payload: &[u8], limits: Limits) -> bool {
    let mut fields = Fields { bytes: payload.get(Header::SIZE..).unwrap_or_default(), limits };
    let mut is_next =
        |wanted: Option<Tag>| fields.next().is_ok_and(|field| field.map(|field| field.header.tag) == wanted);
    is_next(Some(Tag::UNIQUE_IDENTIFIER)) && is_next(None)
}

/// The text of the Unique Identifier that a payload begins with.
#[cfg(feature = "server")]
pub(crate) fn identifier_of(payload: &[u8], limits: Limits) -> Option<String> {
    let first = Fields { bytes: payload.get(Header::SIZE..)?, limits }.next().ok()??;
    let is_text =
        first.header.tag == Tag::UNIQUE_IDENTIFIER && first.header.item_type == ItemType::TextString;
    is_text.then(|| decode(Tag::UNIQUE_IDENTIFIER, first.bytes, None, limits).ok()).flatten()
}

/// Refuses several items that cannot be told apart (KMIP 1.4 section 7.2, 2.1 section 8.2).
fn check_identifiers(items: &[&[u8]], limits: Limits) -> Result<(), Failure> {
    let mut identifiers = HashSet::new();
    for item in items {
        let identifier = unique_batch_item_id(item, limits);
        let Some(identifier) = identifier else {
            return Err(invalid("an item of a batch has no UniqueBatchItemID"));
        };
        if !identifiers.insert(identifier) {
            return Err(invalid("two items of the batch have the same UniqueBatchItemID"));
        }
    }
    Ok(())
}

/// How many bytes the refusals need: of all items, of all but the first, and so on.
fn refusals(items: &[&[u8]], limits: Limits) -> Vec<usize> {
    let mut total = 0_usize;
    let mut refusals: Vec<usize> = items
        .iter()
        .rev()
        .map(|item| {
            let identifier = unique_batch_item_id(item, limits).map_or(0, <[u8]>::len);
            total = total.saturating_add(ROOM_FOR_REFUSAL).saturating_add(identifier);
            total
        })
        .collect();
    refusals.reverse();
    refusals
}

/// What an item is called, as far as it can be read.
fn unique_batch_item_id(item: &[u8], limits: Limits) -> Option<&[u8]> {
    let mut fields = Fields { bytes: item.get(Header::SIZE..)?, limits };
    while let Some(field) = fields.next().ok()? {
        if field.header.tag == Tag::UNIQUE_BATCH_ITEM_ID {
            // With what fills it up to eight bytes, which is zeros.
            return field.bytes.get(4..);
        }
    }
    None
}

/// An item of the message or of its header.
struct FieldBytes<'a> {
    header: Header,
    bytes: &'a [u8],
}

#[cfg(feature = "server")]
impl<'a> FieldBytes<'a> {
    /// What is in it, as far as it can be read.
    fn fields(&self, limits: Limits) -> impl Iterator<Item = FieldBytes<'a>> {
        let mut fields = Fields { bytes: self.bytes.get(Header::SIZE..).unwrap_or_default(), limits };
        std::iter::from_fn(move || fields.next().ok().flatten())
    }
}

/// The items that follow one another.
struct Fields<'a> {
    bytes: &'a [u8],
    limits: Limits,
}

impl<'a> Fields<'a> {
    fn next(&mut self) -> Result<Option<FieldBytes<'a>>, Failure> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let header = match Header::of_first(self.bytes) {
            Some(header) if self.bytes.len() <= self.limits.size => Some(header),
            // What is wrong, a reader says.
            _ => Reader::new(self.bytes, Mode::Strict, self.limits)
                .and_then(|reader| reader.peek())
                .map_err(|error| refused(&error))?,
        };
        let Some(header) = header else { return Ok(None) };
        // A header is only given where the whole item is there.
        let (bytes, rest) = self.bytes.split_at(header.end());
        self.bytes = rest;
        Ok(Some(FieldBytes { header, bytes }))
    }
}

/// What is in the Request Message.
fn outer(bytes: &[u8], limits: Limits) -> Result<&[u8], Failure> {
    let mut fields = Fields { bytes, limits };
    let message = fields.next()?.ok_or_else(|| invalid("there is no message"))?;
    if message.header.tag != Tag::REQUEST_MESSAGE || message.header.item_type != ItemType::Structure {
        let message = format!("expected a RequestMessage, found {}", message.header.tag);
        return Err(invalid(&message));
    }
    if !fields.bytes.is_empty() {
        return Err(invalid(&format!("{} bytes follow the RequestMessage", fields.bytes.len())));
    }
    Ok(&message.bytes[Header::SIZE..])
}

/// The version in a request's header, whatever else that holds.
fn version(header: &[u8], limits: Limits) -> Option<ProtocolVersion> {
    let mut fields = Fields { bytes: header.get(Header::SIZE..)?, limits };
    decode(Tag::PROTOCOL_VERSION, fields.next().ok()??.bytes, None, limits).ok()
}

fn decode<T: Decode>(
    tag: Tag,
    bytes: &[u8],
    version: Option<ProtocolVersion>,
    limits: Limits,
) -> Result<T, DecodeError> {
    let mut reader = Reader::new(bytes, Mode::Strict, limits)?;
    if let Some(version) = version {
        reader = reader.in_version(version);
    }
    let value = T::decode(tag, &mut reader)?;
    reader.finish()?;
    Ok(value)
}

/// The operation and the identifier of an item that cannot be read, so that the client knows which one it is. An
/// operation that the version lacks is not repeated: it would be no answer in that version.
fn unreadable_item(bytes: &[u8], version: ProtocolVersion, limits: Limits, error: &DecodeError) -> BatchItem {
    let item = decode::<Item>(Tag::BATCH_ITEM, bytes, None, limits).ok();
    let fields = item.as_ref().map(Item::fields).unwrap_or_default();
    let operation = fields.iter().find_map(|field| match field {
        Item { tag: Tag::OPERATION, value: Value::Enumeration(value) } => {
            Some(Operation::from(*value)).filter(|operation| operation.is_in(version))
        }
        _ => None,
    });
    let unique_batch_item_id = fields.iter().find_map(|field| match field {
        Item { tag: Tag::UNIQUE_BATCH_ITEM_ID, value: Value::ByteString(bytes) } => Some(bytes.clone()),
        _ => None,
    });
    BatchItem::Unreadable { operation, unique_batch_item_id, failure: refused(error) }
}

/// What a fault in the bytes is called (KMIP 1.4 section 11.1). The error holds no value of the message.
fn refused(error: &DecodeError) -> Failure {
    let reason = match error.kind() {
        DecodeErrorKind::UnknownField { .. } | DecodeErrorKind::NotInVersion { .. } => {
            ResultReason::InvalidField
        }
        DecodeErrorKind::ValueNotInVersion { names: "Operation", .. } => ResultReason::OperationNotSupported,
        _ => ResultReason::InvalidMessage,
    };
    Failure::new(reason, error.to_string())
}

fn invalid(message: &str) -> Failure {
    Failure::new(ResultReason::InvalidMessage, message)
}
