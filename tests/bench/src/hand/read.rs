//! Reading, in the one order that the message has.

use super::{Create, Creates, ENUMERATION, INTEGER, STRUCTURE, TEXT, header};

/// The message, if the bytes are one.
pub fn read(bytes: &[u8]) -> Option<Creates> {
    let mut rest = bytes;
    let mut message = structure(&mut rest, 0x42_0078)?;
    let mut head = structure(&mut message, 0x42_0077)?;
    let mut version = structure(&mut head, 0x42_0069)?;
    let major = four(&mut version, header(0x42_006A, INTEGER, 4))? as i32;
    let minor = four(&mut version, header(0x42_006B, INTEGER, 4))? as i32;
    let count = four(&mut head, header(0x42_000D, INTEGER, 4))? as usize;
    if !(version.is_empty() && head.is_empty() && rest.is_empty()) {
        return None;
    }
    // A count that the bytes cannot hold is a lie.
    let mut items = Vec::with_capacity(count.min(bytes.len() / 48));
    while !message.is_empty() {
        let mut item = structure(&mut message, 0x42_000F)?;
        if four(&mut item, header(0x42_005C, ENUMERATION, 4))? != 1 {
            return None;
        }
        let mut payload = structure(&mut item, 0x42_0079)?;
        let object_type = four(&mut payload, header(0x42_0057, ENUMERATION, 4))?;
        let create = if major < 2 { attributes_1(&mut payload)? } else { attributes_2(&mut payload)? };
        if !(item.is_empty() && payload.is_empty()) {
            return None;
        }
        items.push(Create { object_type, ..create });
    }
    (items.len() == count).then_some(Creates { version: (major, minor), items })
}

#[inline]
fn attributes_1(payload: &mut &[u8]) -> Option<Create> {
    let mut attributes = structure(payload, 0x42_0091)?;
    let mut attribute = structure(&mut attributes, 0x42_0008)?;
    named(&mut attribute, "Cryptographic Algorithm")?;
    let algorithm = four(&mut attribute, header(0x42_000B, ENUMERATION, 4))?;
    empty(attribute)?;
    let mut attribute = structure(&mut attributes, 0x42_0008)?;
    named(&mut attribute, "Cryptographic Length")?;
    let length = four(&mut attribute, header(0x42_000B, INTEGER, 4))? as i32;
    empty(attribute)?;
    let mut attribute = structure(&mut attributes, 0x42_0008)?;
    named(&mut attribute, "Cryptographic Usage Mask")?;
    let usage = four(&mut attribute, header(0x42_000B, INTEGER, 4))? as i32;
    empty(attribute)?;
    let mut attribute = structure(&mut attributes, 0x42_0008)?;
    named(&mut attribute, "Name")?;
    let (name, name_type) = name(&mut attribute, 0x42_000B)?;
    empty(attribute)?;
    empty(attributes)?;
    Some(Create { object_type: 0, algorithm, length, usage, name, name_type })
}

#[inline]
fn attributes_2(payload: &mut &[u8]) -> Option<Create> {
    let mut attributes = structure(payload, 0x42_0125)?;
    let algorithm = four(&mut attributes, header(0x42_0028, ENUMERATION, 4))?;
    let length = four(&mut attributes, header(0x42_002A, INTEGER, 4))? as i32;
    let usage = four(&mut attributes, header(0x42_002C, INTEGER, 4))? as i32;
    let (name, name_type) = name(&mut attributes, 0x42_0053)?;
    empty(attributes)?;
    Some(Create { object_type: 0, algorithm, length, usage, name, name_type })
}

#[inline]
fn name(rest: &mut &[u8], tag: u32) -> Option<(String, u32)> {
    let mut name = structure(rest, tag)?;
    let value = text(&mut name, 0x42_0055)?.to_owned();
    let name_type = four(&mut name, header(0x42_0054, ENUMERATION, 4))?;
    empty(name)?;
    Some((value, name_type))
}

#[inline]
fn named(attribute: &mut &[u8], expected: &str) -> Option<()> {
    (text(attribute, 0x42_000A)? == expected).then_some(())
}

#[inline]
fn empty(rest: &[u8]) -> Option<()> {
    rest.is_empty().then_some(())
}

#[inline]
pub(super) fn structure<'a>(rest: &mut &'a [u8], tag: u32) -> Option<&'a [u8]> {
    let (head, behind) = rest.split_first_chunk::<8>()?;
    let head = u64::from_be_bytes(*head);
    if head >> 32 != header(tag, STRUCTURE, 0) >> 32 || !(head as u32).is_multiple_of(8) {
        return None;
    }
    let (content, behind) = behind.split_at_checked(head as u32 as usize)?;
    *rest = behind;
    Some(content)
}

#[inline]
pub(super) fn four(rest: &mut &[u8], header: u64) -> Option<u32> {
    let (item, behind) = rest.split_first_chunk::<16>()?;
    let item = u128::from_be_bytes(*item);
    if (item >> 64) as u64 != header || item as u32 != 0 {
        return None;
    }
    *rest = behind;
    Some((item as u64 >> 32) as u32)
}

#[inline]
pub(super) fn text<'a>(rest: &mut &'a [u8], tag: u32) -> Option<&'a str> {
    let (head, behind) = rest.split_first_chunk::<8>()?;
    let head = u64::from_be_bytes(*head);
    if head >> 32 != header(tag, TEXT, 0) >> 32 {
        return None;
    }
    let length = head as u32 as usize;
    let (value, behind) = behind.split_at_checked(length)?;
    let (padding, behind) = behind.split_at_checked(length.wrapping_neg() & 7)?;
    if padding.iter().any(|byte| *byte != 0) {
        return None;
    }
    *rest = behind;
    core::str::from_utf8(value).ok()
}
