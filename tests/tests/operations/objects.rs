//! Managed objects and the forms of their key material.

use std::collections::BTreeSet;

use kmip_tests::samples::attributes;
use kmip_tests::samples::objects;
use kmip_types::enumerations::{KEY_FORMAT_TYPE, OBJECT_TYPE, SPLIT_KEY_METHOD};
use kmip_types::object::*;
use kmip_types::operation::RegisterRequest;
use kmip_types::tables::EnumerationInfo;

use crate::round_trips::{request, round_trip};

#[test]
fn every_object_round_trips_in_its_oldest_and_its_newest_version() {
    for sample in objects::all() {
        for version in [sample.oldest, sample.newest] {
            let object_type = sample.object.object_type().unwrap();
            round_trip(&request(
                version,
                RegisterRequest::new(object_type, attributes(), sample.object.clone()),
            ));
        }
    }
}

#[test]
fn every_object_that_the_standard_has_is_there() {
    let objects = objects::all();
    let types = objects.iter().filter_map(|sample| sample.object.object_type());
    assert_all_of(&OBJECT_TYPE, types.map(u32::from));
    let methods = objects.iter().filter_map(|sample| match &sample.object {
        ManagedObject::SplitKey(key) => Some(u32::from(key.split_key_method)),
        _ => None,
    });
    assert_all_of(&SPLIT_KEY_METHOD, methods);
    let blocks = objects.iter().filter_map(|sample| sample.object.key_block());
    let transparent =
        blocks.filter(|block| matches!(block.key_material(), Some(KeyMaterial::Transparent(_))));
    let formats: BTreeSet<u32> = transparent.map(|block| block.key_format_type.into()).collect();
    for row in KEY_FORMAT_TYPE.values {
        assert_eq!(formats.contains(&row.value), row.name.starts_with("Transparent"), "{}", row.name);
    }
}

#[track_caller]
fn assert_all_of(enumeration: &EnumerationInfo, found: impl Iterator<Item = u32>) {
    let found: BTreeSet<u32> = found.collect();
    for row in enumeration.values {
        assert!(found.contains(&row.value), "{} of {} is missing", row.name, enumeration.name);
    }
}

#[test]
fn a_value_wrapped_and_one_with_attributes_are_there() {
    let objects = objects::all();
    let blocks = || objects.iter().filter_map(|sample| sample.object.key_block());
    assert!(blocks().any(|block| matches!(block.key_value, Some(KeyValue::Wrapped(_)))));
    let is_attributed = |block: &KeyBlock| matches!(&block.key_value, Some(KeyValue::Plain(value)) if !value.attributes.is_empty());
    assert!(blocks().any(is_attributed));
}
