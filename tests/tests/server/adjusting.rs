//! Adjust Attribute.

use kmip_sdk::types::attribute::{Attribute, AttributeName, AttributeReference, VendorAttribute};
use kmip_sdk::types::enumerations::{AdjustmentType as T, ResultReason as R};
use kmip_sdk::types::operation::AdjustAttributeRequest;
use kmip_sdk::types::{Interval, ProtocolVersion, Tag, Value};

use crate::support::Peer;

fn vendor(value: Value) -> Attribute {
    Attribute::Vendor(Box::new(VendorAttribute {
        vendor_identification: "acme".to_owned(),
        attribute_name: "count".to_owned(),
        attribute_value: value,
    }))
}

#[test]
fn counts_up_and_down_and_negates() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let count = AttributeReference::Vendor(AttributeName {
        vendor_identification: "acme".to_owned(),
        attribute_name: "count".to_owned(),
    });
    let integer = Value::Integer;
    for (before, adjustment, by, expected) in [
        (integer(5), T::Increment, None, Ok(integer(6))),
        (integer(5), T::Increment, Some(integer(3)), Ok(integer(8))),
        (integer(5), T::Decrement, Some(integer(9)), Ok(integer(-4))),
        (integer(5), T::Negate, None, Ok(integer(-5))),
        (integer(i32::MAX), T::Increment, None, Err(R::NumericRange)),
        (integer(5), T::Increment, Some(Value::LongInteger(1)), Err(R::InvalidDataType)),
        (Value::LongInteger(7), T::Decrement, None, Ok(Value::LongInteger(6))),
        (Value::Boolean(true), T::Negate, None, Ok(Value::Boolean(false))),
        (Value::Boolean(true), T::Increment, None, Err(R::InvalidDataType)),
        (Value::TextString("a".to_owned()), T::Increment, None, Err(R::InvalidDataType)),
        (
            Value::Interval(Interval::from_seconds(1)),
            T::Decrement,
            Some(Value::Interval(Interval::from_seconds(2))),
            Err(R::NumericRange),
        ),
    ] {
        let key = peer.create([vendor(before.clone())]);
        let request = AdjustAttributeRequest {
            unique_identifier: Some(key.clone()),
            attribute_reference: count.clone(),
            adjustment_type: adjustment,
            adjustment_value: by,
        };
        let adjusted = peer.call(request).map(|_| {
            let attributes = peer.attributes(&key);
            let values = attributes.iter().filter_map(|attribute| match attribute {
                Attribute::Vendor(vendor) => Some(vendor.attribute_value.clone()),
                _ => None,
            });
            values.collect::<Vec<_>>()
        });
        assert_eq!(adjusted, expected.map(|value| vec![value]), "{before:?} {adjustment}");
    }
}

#[test]
fn starts_from_nothing_and_leaves_alone_what_is_not_the_clients() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let key = peer.create([]);
    let adjust = |tag, adjustment_type, adjustment_value| AdjustAttributeRequest {
        unique_identifier: Some(key.clone()),
        attribute_reference: AttributeReference::from(tag),
        adjustment_type,
        adjustment_value,
    };
    let hour = Some(Value::Interval(Interval::from_seconds(3600)));
    peer.call(adjust(Tag::PROTECTION_PERIOD, T::Increment, hour.clone())).unwrap();
    peer.call(adjust(Tag::PROTECTION_PERIOD, T::Increment, hour)).unwrap();
    assert_eq!(peer.attributes(&key).protection_period(), Some(Interval::from_seconds(7200)));
    peer.call(adjust(Tag::QUANTUM_SAFE, T::Negate, None)).unwrap();
    assert_eq!(peer.attributes(&key).quantum_safe(), Some(true));
    for (tag, expected) in [
        (Tag::LEASE_TIME, R::ReadOnlyAttribute),
        (Tag::CRYPTOGRAPHIC_LENGTH, R::ReadOnlyAttribute),
        (Tag::MAC_DATA, R::UnsupportedAttribute),
        (Tag::COMMENT, R::InvalidDataType),
    ] {
        assert_eq!(peer.call(adjust(tag, T::Increment, None)).map(drop), Err(expected), "{tag}");
    }
}
