//! Every field of every structure, set in a version that lacks it, is an error that names both.

use std::collections::BTreeSet;

use kmip_tests::vectors;
use kmip_types::enumerations::{CREDENTIAL_TYPE, Operation};
use kmip_types::generated::operations::OPERATIONS;
use kmip_types::message::{Message, RequestMessage, ResponseMessage};
use kmip_types::schemas::{self, Entry};
use kmip_types::tables::Names;
use kmip_types::ttlv::{Field, Presence, Schema};
use kmip_types::{EncodeError, EncodeErrorKind, Item, ProtocolVersion, Tag, Value};

/// Fields that come in pairs, of which each version has one: the codec writes that one, whichever was read.
const FORMS: [Tag; 4] = [Tag::ATTRIBUTE, Tag::ATTRIBUTES, Tag::ATTRIBUTE_NAME, Tag::ATTRIBUTE_REFERENCE];

/// Whether a version that lacks the field may have the structure: without a required one, there would be none.
fn is_left_out(field: &Field) -> bool {
    field.presence != Presence::Required && !FORMS.contains(&field.tag)
}

/// A field that a version lacks, in the order of the walk through a message.
struct Lacking {
    /// How many structures come before the one that has it, in that walk.
    structure: usize,
    /// Where it is among that one's fields.
    position: usize,
    schema: &'static Schema,
    field: &'static Field,
}

/// The schema of a structure in a message.
pub(crate) fn schema(
    item: &Item,
    parent: Option<Tag>,
    operation: Option<Operation>,
) -> Option<&'static Schema> {
    let entries = || schemas::all().filter(|entry| entry.tag == item.tag);
    let variant = match parent {
        Some(Tag::REQUEST_MESSAGE) => Some("Request"),
        Some(Tag::RESPONSE_MESSAGE) => Some("Response"),
        _ => None,
    };
    let found = match item.tag {
        Tag::REQUEST_PAYLOAD | Tag::RESPONSE_PAYLOAD => entries().find(|entry| entry.operation == operation),
        Tag::BATCH_ITEM => entries().find(|entry| entry.variant == variant),
        // Of several, only what all have alike would count: none of those has a field that not all versions have.
        _ => entries().next().filter(|one| entries().all(|entry| entry.schema.name == one.schema.name)),
    };
    found.map(|entry| entry.schema)
}

/// The fields of a message that the version lacks, but for those inside of one.
fn lacking(message: &Item, version: ProtocolVersion) -> Vec<Lacking> {
    let mut walk = Walk { version, structures: 0, operation: None, found: Vec::new() };
    walk.item(message, None, false);
    walk.found
}

struct Walk {
    version: ProtocolVersion,
    structures: usize,
    operation: Option<Operation>,
    found: Vec<Lacking>,
}

impl Walk {
    fn item(&mut self, item: &Item, parent: Option<Tag>, is_inside: bool) {
        let structure = self.structures;
        self.structures += 1;
        if let (Tag::OPERATION, Some(Tag::BATCH_ITEM), Value::Enumeration(value)) =
            (item.tag, parent, &item.value)
        {
            self.operation = Some(Operation::from(*value));
        }
        let schema = schema(item, parent, self.operation);
        for (position, child) in item.fields().iter().enumerate() {
            let field = schema.and_then(|schema| schema.field(child.tag));
            let field = field.filter(|field| !field.is_in(self.version) && is_left_out(field));
            if let (Some(schema), Some(field), false) = (schema, field, is_inside) {
                self.found.push(Lacking { structure, position, schema, field });
            }
            self.item(child, Some(item.tag), is_inside || field.is_some());
        }
    }
}

/// The message without the fields, but for one of them.
fn without(message: &Item, fields: &[Lacking], but_for: Option<usize>) -> Item {
    fn prune(item: &Item, count: &mut usize, drop: &BTreeSet<(usize, usize)>) -> Item {
        let structure = *count;
        *count += 1;
        let Value::Structure(items) = &item.value else { return item.clone() };
        let mut kept = Vec::new();
        for (position, child) in items.iter().enumerate() {
            let pruned = prune(child, count, drop);
            if !drop.contains(&(structure, position)) {
                kept.push(pruned);
            }
        }
        Item::structure(item.tag, kept)
    }
    let dropped = fields.iter().enumerate().filter(|(index, _)| Some(*index) != but_for);
    prune(message, &mut 0, &dropped.map(|(_, field)| (field.structure, field.position)).collect())
}

/// The message with a vendor's value in place of each value of an enumeration that the version lacks, so that its fields
/// alone decide. An operation stays what it is.
fn with_values_of(message: &Item, version: ProtocolVersion) -> Item {
    let value = match &message.value {
        Value::Structure(items) => {
            Value::Structure(items.iter().map(|item| with_values_of(item, version)).collect())
        }
        Value::Enumeration(value) if message.tag != Tag::OPERATION => {
            let names = message.tag.info().map(|info| info.names);
            let row = match names {
                Some(Names::Enumeration(info)) => info.by_value(*value),
                _ => None,
            };
            let is_lacking = row.is_some_and(|row| {
                !version.is_at_least(row.since) || row.until.is_some_and(|until| !until.is_at_least(version))
            });
            Value::Enumeration(if is_lacking { 0x8000_0001 } else { *value })
        }
        value => value.clone(),
    };
    Item::new(message.tag, value)
}

/// What writing a message in a version that is not its own says. Read leniently: it may lack what its own requires.
fn write(message: &Item, version: ProtocolVersion) -> Result<Vec<u8>, EncodeError> {
    let ttlv = message.to_ttlv().unwrap();
    if message.tag == Tag::REQUEST_MESSAGE {
        let lenient = RequestMessage::from_ttlv_lenient(&ttlv);
        let mut message = lenient.unwrap_or_else(|error| panic!("{error}: {message:#?}")).value;
        message.request_header.protocol_version = version;
        message.to_ttlv()
    } else {
        let lenient = ResponseMessage::from_ttlv_lenient(&ttlv);
        let mut message = lenient.unwrap_or_else(|error| panic!("{error}: {message:#?}")).value;
        message.response_header.protocol_version = version;
        message.to_ttlv()
    }
}

#[test]
fn every_field_is_refused_by_name_in_every_version_that_lacks_it() {
    let mut checked = BTreeSet::new();
    for vector in vectors::all() {
        let whole = Item::from_ttlv(&vector.ttlv().unwrap()).unwrap();
        for version in ProtocolVersion::ALL {
            let message = with_values_of(&whole, *version);
            let fields = lacking(&message, *version);
            if fields.is_empty() || write(&without(&message, &fields, None), *version).is_err() {
                // That is an operation, an object or a credential that the version lacks as a whole.
                continue;
            }
            for (index, Lacking { schema, field, .. }) in fields.iter().enumerate() {
                let name = format!("{} of {} in {version}", field.tag, schema.name);
                let error = write(&without(&message, &fields, Some(index)), *version);
                let error = error.expect_err(&name);
                let expected = EncodeErrorKind::NotInVersion {
                    tag: field.tag,
                    version: *version,
                    since: field.since,
                    until: field.until,
                };
                assert_eq!(error.kind(), &expected, "{name}");
                let text = error.to_string();
                assert!(text.contains(&format!("{} is not in KMIP {version}", field.tag)), "{name}: {text}");
                checked.insert((schema.name, field.tag));
            }
        }
    }
    let missed: Vec<String> = schemas::all()
        .flat_map(|entry| entry.schema.fields.iter().map(move |field| (entry, field)))
        .filter(|(entry, field)| is_left_out(field) && outlives(entry, field))
        .filter(|(entry, field)| !checked.contains(&(entry.schema.name, field.tag)))
        .map(|(entry, field)| format!("{} of {}", field.tag, entry.schema.name))
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
    assert!(checked.len() > 100, "{}", checked.len());
}

/// Whether there is a version that has the structure and lacks the field.
fn outlives(entry: &Entry, field: &Field) -> bool {
    let credential = entry.variant.and_then(|name| CREDENTIAL_TYPE.by_name(name));
    let (since, until) = match (entry.operation, credential) {
        (Some(operation), _) => {
            let info = OPERATIONS.iter().find(|info| info.operation == operation).unwrap();
            (info.since, info.until)
        }
        (None, Some(row)) if entry.tag == Tag::CREDENTIAL_VALUE => (row.since, row.until),
        _ => entry.tag.info().map(|info| (info.since, info.until)).unwrap(),
    };
    let has = |version: &&ProtocolVersion| {
        version.is_at_least(since) && until.is_none_or(|until| until.is_at_least(**version))
    };
    ProtocolVersion::ALL.iter().filter(has).any(|version| !field.is_in(*version))
}
