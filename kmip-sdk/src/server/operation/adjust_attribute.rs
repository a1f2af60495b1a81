//! Adjust Attribute: counts an attribute up or down, or negates it (KMIP 2.1 section 6.1.3).

use kmip_types::attribute::{Attribute, Attributes};
use kmip_types::enumerations::{AdjustmentType, ResultReason};
use kmip_types::operation::{AdjustAttributeRequest, AdjustAttributeResponse};
use kmip_types::ttlv::{self, Tagged};
use kmip_types::{Interval, Item, ItemType, ProtocolVersion, Tag, Value};

use super::add_attribute::change;
use crate::answer::Failure;
use crate::server::attributes::{self, Kind};
use crate::server::context::Context;

pub(super) fn adjust_attribute(
    context: &mut Context<'_>,
    request: AdjustAttributeRequest,
) -> Result<AdjustAttributeResponse, Failure> {
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.get(&identifier)?;
    let kind = Kind::referred_by(&request.attribute_reference);
    kind.check_known(context.version)?;
    let positions = attributes::positions(&stored.attributes, &kind);
    let before = match positions.as_slice() {
        [] => {
            kind.check_addable(context.subject(&stored))?;
            None
        }
        [position] => {
            kind.check_modifiable(context.subject(&stored))?;
            Some(&stored.attributes.entries()[*position].attribute)
        }
        _ => {
            let message = format!("the object has several of {kind}");
            return Err(Failure::new(ResultReason::MultiValuedAttribute, message));
        }
    };
    let value = match before {
        Some(attribute) => value_of(attribute),
        None => zero(&kind),
    };
    let value = value.ok_or_else(|| wrong_type(&kind))?;
    let value = adjusted(value, request.adjustment_type, request.adjustment_value.as_ref(), &kind)?;
    let attribute = with_value(&kind, before, value).ok_or_else(|| wrong_type(&kind))?;
    change(context, &identifier, |set| attributes::set(set, attribute))?;
    context.memory.identifier(&identifier);
    Ok(AdjustAttributeResponse { unique_identifier: identifier.into() })
}

fn wrong_type(kind: &Kind) -> Failure {
    Failure::new(ResultReason::InvalidDataType, format!("{kind} cannot be adjusted so"))
}

/// The value that an attribute has under its tag.
fn value_of(attribute: &Attribute) -> Option<Value> {
    if let Attribute::Vendor(vendor) = attribute {
        return Some(vendor.attribute_value.clone());
    }
    let bytes = ttlv::encode(attribute.tag(), attribute, ProtocolVersion::NEWEST).ok()?;
    Item::from_ttlv(&bytes).ok().map(|item| item.value)
}

/// What is taken for the value of an attribute that is not there.
fn zero(kind: &Kind) -> Option<Value> {
    let types = kind.info()?.types;
    let zeros = [
        (ItemType::Integer, Value::Integer(0)),
        (ItemType::LongInteger, Value::LongInteger(0)),
        (ItemType::Interval, Value::Interval(Interval::from_seconds(0))),
        (ItemType::Boolean, Value::Boolean(false)),
    ];
    zeros.into_iter().find(|(item_type, _)| types.contains(*item_type)).map(|(_, zero)| zero)
}

/// The value after the adjustment.
fn adjusted(
    value: Value,
    adjustment: AdjustmentType,
    by: Option<&Value>,
    kind: &Kind,
) -> Result<Value, Failure> {
    let by = match (by, &value) {
        (None, _) => 1,
        (Some(Value::Integer(by)), Value::Integer(_)) => i64::from(*by),
        (Some(Value::LongInteger(by)), Value::LongInteger(_)) => *by,
        (Some(Value::Interval(by)), Value::Interval(_)) => i64::from(by.seconds()),
        // A date is moved by an interval.
        (Some(Value::Interval(by)), Value::DateTime(_)) => i64::from(by.seconds()),
        _ => return Err(wrong_type(kind)),
    };
    let number = match &value {
        Value::Integer(number) => i64::from(*number),
        Value::LongInteger(number) => *number,
        Value::Interval(interval) => i64::from(interval.seconds()),
        Value::DateTime(date) => date.seconds(),
        Value::Boolean(flag) if adjustment == AdjustmentType::Negate => return Ok(Value::Boolean(!flag)),
        _ => return Err(wrong_type(kind)),
    };
    let number = match adjustment {
        AdjustmentType::Increment => number.checked_add(by),
        AdjustmentType::Decrement => number.checked_sub(by),
        AdjustmentType::Negate if matches!(value, Value::Integer(_) | Value::LongInteger(_)) => {
            number.checked_neg()
        }
        _ => return Err(wrong_type(kind)),
    };
    let adjusted = number.and_then(|number| match value {
        Value::Integer(_) => i32::try_from(number).ok().map(Value::Integer),
        Value::Interval(_) => {
            u32::try_from(number).ok().map(|number| Value::Interval(Interval::from_seconds(number)))
        }
        Value::DateTime(_) => Some(Value::DateTime(kmip_types::DateTime::from_seconds(number))),
        _ => Some(Value::LongInteger(number)),
    });
    adjusted.ok_or_else(|| Failure::new(ResultReason::NumericRange, format!("{kind} has no such value")))
}

/// The attribute with another value.
fn with_value(kind: &Kind, before: Option<&Attribute>, value: Value) -> Option<Attribute> {
    if let Some(Attribute::Vendor(vendor)) = before {
        let mut vendor = vendor.clone();
        vendor.attribute_value = value;
        return Some(Attribute::Vendor(vendor));
    }
    let Kind::Standard(tag) = kind else { return None };
    let bytes = Item::structure(Tag::ATTRIBUTES, vec![Item::new(*tag, value)]).to_ttlv().ok()?;
    let attributes: Attributes = ttlv::decode(Tag::ATTRIBUTES, &bytes).ok()?;
    attributes.into_iter().next()
}
