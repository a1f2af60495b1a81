//! What each version requires, and what it has at most once: some fields by name, then every field that says so.

use std::collections::BTreeSet;

use kmip_tests::samples;
use kmip_tests::samples::messages::AnyMessage;
use kmip_tests::vectors;
use kmip_types::enumerations::Operation;
use kmip_types::message::{Message, RequestMessage, ResponseMessage};
use kmip_types::schemas;
use kmip_types::ttlv::{DeviationKind, Field, Schema};
use kmip_types::{DecodeErrorKind, EncodeErrorKind, Item, ProtocolVersion, Tag, Value};

use crate::fields::schema;
use crate::round_trips::response;

#[test]
fn each_version_requires_and_repeats_what_its_tables_say() {
    let (all, none) = ("1.0 1.1 1.2 1.3 1.4 2.0 2.1", "");
    for (structure, tag, required, single) in [
        ("EncryptRequest", Tag::DATA, "1.2", all),
        ("MacVerifyRequest", Tag::DATA, none, all),
        ("KeyBlock", Tag::KEY_VALUE, "1.0 1.1", all),
        ("RegisterRequest", Tag::SYMMETRIC_KEY, "1.2 1.3 1.4 2.0 2.1", all),
        ("ImportRequest", Tag::OBJECT_TYPE, "2.0 2.1", all),
        ("ImportRequest", Tag::ATTRIBUTE, "1.0 1.1 1.2 1.3 1.4", none),
        ("CertifyRequest", Tag::CERTIFICATE_REQUEST_VALUE, "1.0", all),
        ("ModifyAttributeResponse", Tag::ATTRIBUTE, "1.0 1.1 1.2 1.3 1.4", all),
        ("DeleteAttributeRequest", Tag::ATTRIBUTE_NAME, "1.0 1.1 1.2 1.3 1.4", all),
        ("Authentication", Tag::CREDENTIAL, all, "1.0 1.1"),
        ("RequestBatchItem", Tag::MESSAGE_EXTENSION, none, "1.0 1.1 1.2 1.3 1.4"),
        ("DerivationParameters", Tag::DERIVATION_DATA, none, "1.0 1.1 1.2 1.3 1.4"),
        ("QueryRequest", Tag::QUERY_FUNCTION, all, none),
        ("RequestMessage", Tag::BATCH_ITEM, all, none),
    ] {
        let entry = schemas::all().find(|entry| entry.schema.name == structure).unwrap();
        let field = entry.schema.field(tag).unwrap();
        let found = (versions(|it| field.is_required_in(it)), versions(|it| field.is_single_in(it)));
        assert_eq!(found, (required.to_owned(), single.to_owned()), "{structure}.{tag}");
    }
}

/// The versions of which something holds.
fn versions(holds: impl Fn(ProtocolVersion) -> bool) -> String {
    let versions = ProtocolVersion::ALL.iter().filter(|version| holds(**version));
    versions.map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_field_is_refused_where_its_version_requires_it_or_has_it_once() {
    let mut checked = BTreeSet::new();
    for vector in vectors::all() {
        let whole = Item::from_ttlv(&vector.ttlv().unwrap()).unwrap();
        let context = format!("{}/{}", vector.folder, vector.name);
        match &vector.message {
            AnyMessage::Request(message) => {
                check::<RequestMessage>(&context, &whole, message.version(), &mut checked);
            }
            AnyMessage::Response(message) => {
                check::<ResponseMessage>(&context, &whole, message.version(), &mut checked);
            }
        }
    }
    // The vectors have no answer to Query in KMIP 2.0.
    let version = ProtocolVersion::V2_0;
    let sample = samples::all(version)
        .into_iter()
        .find(|sample| sample.response.operation() == Some(Operation::Query));
    let whole = Item::from_ttlv(&response(version, sample.unwrap().response).to_ttlv().unwrap()).unwrap();
    check::<ResponseMessage>("query", &whole, version, &mut checked);
    let missed: Vec<String> = schemas::all()
        .flat_map(|entry| entry.schema.fields.iter().map(move |field| (entry.schema.name, field)))
        .flat_map(|(name, field)| {
            let required = field.required.map(|_| (name, field.tag, "required"));
            required.into_iter().chain(field.once.map(|_| (name, field.tag, "once")))
        })
        .filter(|rule| !checked.contains(rule))
        .map(|(name, tag, rule)| format!("{name}.{tag}: {rule}"))
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

type Rule = (&'static str, Tag, &'static str);

/// The message without each field that its version requires, and with a second one of each that it has once.
fn check<M: Message + core::fmt::Debug>(
    context: &str,
    whole: &Item,
    version: ProtocolVersion,
    checked: &mut BTreeSet<Rule>,
) {
    for (place, schema) in structures(whole) {
        for field in schema.fields.iter().filter(|field| field.is_in(version)) {
            let context = format!("{context}: {} of {}", field.tag, schema.name);
            let Some(position) = position(at(whole, &place), field) else { continue };
            if field.required.is_some() && field.is_required_in(version) {
                let mut message = whole.clone();
                fields(at_mut(&mut message, &place)).retain(|item| !field.is_tagged(item.tag));
                refuses_absence::<M>(&context, &message, field.tag_in(version), version);
                checked.insert((schema.name, field.tag, "required"));
            }
            if field.once.is_some() && field.is_single_in(version) {
                let mut message = whole.clone();
                let items = fields(at_mut(&mut message, &place));
                items.insert(position, items[position].clone());
                refuses_a_second::<M>(&context, &message, field.tag_in(version), version);
                checked.insert((schema.name, field.tag, "once"));
            }
        }
    }
}

fn refuses_absence<M: Message + core::fmt::Debug>(
    context: &str,
    message: &Item,
    absent: Tag,
    in_version: ProtocolVersion,
) {
    let bytes = message.to_ttlv().unwrap();
    let error = M::from_ttlv(&bytes).expect_err(context);
    let is_missing = matches!(error.kind(), DecodeErrorKind::MissingField { tag, .. } if *tag == absent);
    assert!(is_missing, "{context}: {error}");
    let lenient = M::from_ttlv_lenient(&bytes).expect(context);
    let [deviation] = lenient.deviations.as_slice() else { panic!("{context}: {:?}", lenient.deviations) };
    let is_listed = matches!(deviation.kind, DeviationKind::Missing { tag, .. } if tag == absent);
    assert!(is_listed, "{context}: {deviation}");
    let error = lenient.value.to_ttlv().expect_err(context);
    assert_eq!(*error.kind(), EncodeErrorKind::Missing { tag: absent, version: in_version }, "{context}");
}

fn refuses_a_second<M: Message + core::fmt::Debug>(
    context: &str,
    message: &Item,
    repeated: Tag,
    version: ProtocolVersion,
) {
    let bytes = message.to_ttlv().unwrap();
    let error = M::from_ttlv(&bytes).expect_err(context);
    let is_repeated = matches!(error.kind(), DecodeErrorKind::TooMany { tag, .. } if *tag == repeated);
    assert!(is_repeated, "{context}: {error}");
    let lenient = M::from_ttlv_lenient(&bytes).expect(context);
    let [deviation] = lenient.deviations.as_slice() else { panic!("{context}: {:?}", lenient.deviations) };
    assert_eq!(deviation.kind, DeviationKind::OtherVersion(Box::new(error.kind().clone())), "{context}");
    let error = lenient.value.to_ttlv().expect_err(context);
    assert_eq!(*error.kind(), EncodeErrorKind::TooMany { tag: repeated, count: 2, version }, "{context}");
}

/// The typed structures of a message: where each is, and its schema.
fn structures(message: &Item) -> Vec<(Vec<usize>, &'static Schema)> {
    let mut found = Vec::new();
    let mut open = vec![(Vec::new(), None, None)];
    while let Some((place, parent, operation)) = open.pop() {
        let item = at(message, &place);
        found.extend(schema(item, parent, operation).map(|schema| (place.clone(), schema)));
        let own = item.fields().iter().find(|child| child.tag == Tag::OPERATION).map(|child| &child.value);
        let operation = match own {
            Some(Value::Enumeration(value)) => Some(Operation::from(*value)),
            _ => operation,
        };
        for index in 0..item.fields().len() {
            open.push(([place.as_slice(), &[index]].concat(), Some(item.tag), operation));
        }
    }
    found
}

/// Where the first item of a field is among those of its structure.
fn position(structure: &Item, field: &Field) -> Option<usize> {
    structure.fields().iter().position(|item| field.is_tagged(item.tag))
}

fn at<'a>(message: &'a Item, place: &[usize]) -> &'a Item {
    place.iter().fold(message, |item, index| &item.fields()[*index])
}

fn at_mut<'a>(message: &'a mut Item, place: &[usize]) -> &'a mut Item {
    place.iter().fold(message, |item, index| &mut fields(item)[*index])
}

fn fields(item: &mut Item) -> &mut Vec<Item> {
    match &mut item.value {
        Value::Structure(fields) => fields,
        value => panic!("{value:?} is no structure"),
    }
}
