//! Any response of which one attribute or one optional field has another item type: all the rest is typed.

use std::collections::BTreeSet;

use kmip_tests::samples::messages::AnyMessage;
use kmip_tests::vectors;
use kmip_types::message::{Message, ResponseMessage};
use kmip_types::ttlv::DeviationKind;
use kmip_types::{Item, ItemType, Tag};

use crate::place::{at, at_mut, path, places, value_of};

/// Every response of our vectors, in the oldest and the newest version that has it.
fn responses() -> Vec<(String, ResponseMessage)> {
    let vectors = vectors::all().into_iter();
    let responses = vectors.filter_map(|vector| match vector.message {
        AnyMessage::Response(message) => Some((format!("{}/{}", vector.folder, vector.name), message)),
        AnyMessage::Request(_) => None,
    });
    responses.collect()
}

/// The same message without the item at a place.
fn without(tree: &Item, place: &[usize]) -> Option<ResponseMessage> {
    let (last, outer) = place.split_last()?;
    let mut tree = tree.clone();
    match &mut at_mut(&mut tree, outer).value {
        kmip_types::Value::Structure(fields) => drop(fields.remove(*last)),
        _ => return None,
    }
    ResponseMessage::from_ttlv(&tree.to_ttlv().unwrap()).ok()
}

/// Whether an item is an attribute's value: by name, or by tag.
fn is_attribute(tree: &Item, place: &[usize]) -> bool {
    let Some((_, outer)) = place.split_last() else { return false };
    let around = at(tree, outer).tag;
    at(tree, place).tag == Tag::ATTRIBUTE_VALUE && around == Tag::ATTRIBUTE || around == Tag::ATTRIBUTES
}

#[test]
fn one_item_of_another_type_costs_itself() {
    let mut seen: BTreeSet<(String, &str)> = BTreeSet::new();
    let mut checked = 0;
    for (name, message) in responses() {
        let tree = Item::from_ttlv(&message.to_ttlv().unwrap()).unwrap();
        for place in places(&tree) {
            let (item, path) = (at(&tree, &place), path(&tree, &place));
            let is_attribute = is_attribute(&tree, &place);
            let rest = without(&tree, &place);
            // An item of which there can be none, but for the batch items: without one, others would take its place.
            let is_optional = rest.is_some() && item.tag != Tag::BATCH_ITEM;
            if !is_attribute && !is_optional {
                continue;
            }
            for item_type in ItemType::ALL.into_iter().filter(|other| *other != item.item_type()) {
                let mut changed = tree.clone();
                at_mut(&mut changed, &place).value = value_of(item_type);
                let bytes = changed.to_ttlv().unwrap();
                let context = format!("{name}: {path} as {item_type}");
                let Err(strict) = ResponseMessage::from_ttlv(&bytes) else {
                    // Several types are right there.
                    continue;
                };
                let lenient = ResponseMessage::from_ttlv_lenient(&bytes)
                    .unwrap_or_else(|error| panic!("{context}: {error}"));
                let [deviation] = lenient.deviations.as_slice() else {
                    panic!("{context}: {:#?}", lenient.deviations)
                };
                assert_eq!(deviation.path.to_string(), path, "{context}");
                assert!(strict.path().to_string().starts_with(&path), "{context}: {strict}");
                assert_eq!(lenient.to_ttlv_as_it_was().as_ref(), Ok(&bytes), "{context}");
                match &deviation.kind {
                    DeviationKind::Unreadable { kept, fault } => {
                        assert_eq!(kept.item().as_ref(), Ok(at(&changed, &place)), "{context}");
                        assert_eq!(fault.kind(), strict.kind(), "{context}");
                        if !is_attribute {
                            assert_eq!(Some(&lenient.value), rest.as_ref(), "{context}");
                        }
                    }
                    // A number that fits was taken: it is there.
                    DeviationKind::ItemType { .. } => {
                        assert_ne!(Some(&lenient.value), rest.as_ref(), "{context}");
                    }
                    // Among a vendor's own, of any type, but for one that the version lacks.
                    DeviationKind::OtherVersion(kind) => assert_eq!(**kind, *strict.kind(), "{context}"),
                    other => panic!("{context}: {other:?}"),
                }
                if is_attribute {
                    // It stands among the others as the item it was, so that only the value of that one differs.
                    let items =
                        |message: &ResponseMessage| format!("{message:?}").matches("Attribute").count();
                    assert!(items(&lenient.value) > 0, "{context}");
                }
                seen.insert((item.tag.to_string(), if is_attribute { "attribute" } else { "field" }));
                checked += 1;
            }
        }
    }
    // Of what there is, not of what a loop happened to skip.
    assert!(checked > 5_000, "{checked} checked");
    assert!(seen.len() > 150, "{} kinds: {seen:?}", seen.len());
}
