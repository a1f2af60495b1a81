//! Register as some clients of KMIP 1.x send it: with the Template-Attribute behind the object.

use kmip_types::enumerations::Operation;
use kmip_types::ttlv::{Decode as _, Mode, Reader};
use kmip_types::{Item, Limits, Tag, Value};
use zeroize::Zeroizing;

/// The bytes of a batch item with the Template-Attribute before the object, if it is a Register that has it behind.
pub(super) fn attributes_first(item: &[u8], limits: Limits) -> Option<Zeroizing<Vec<u8>>> {
    let mut reader = Reader::new(item, Mode::Strict, limits).ok()?;
    let mut item = Item::decode(Tag::BATCH_ITEM, &mut reader).ok()?;
    let Value::Structure(fields) = &mut item.value else { return None };
    let register = Value::Enumeration(Operation::Register.value());
    if !fields.iter().any(|field| field.tag == Tag::OPERATION && field.value == register) {
        return None;
    }
    let payload = fields.iter_mut().find(|field| field.tag == Tag::REQUEST_PAYLOAD)?;
    let Value::Structure(fields) = &mut payload.value else { return None };
    let [first, _, last] = fields.as_mut_slice() else { return None };
    if first.tag != Tag::OBJECT_TYPE || last.tag != Tag::TEMPLATE_ATTRIBUTE {
        return None;
    }
    fields.swap(1, 2);
    item.to_ttlv().ok().map(Zeroizing::new)
}
