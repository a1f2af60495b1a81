//! Writing, with the lengths of structures worked out beforehand.

use super::{Create, Creates, ENUMERATION, INTEGER, STRUCTURE, TEXT, header};

/// Appends the message.
pub fn write(message: &Creates, out: &mut Vec<u8>) {
    let by_name = message.version.0 < 2;
    let item_length = if by_name { item_length_1 } else { item_length_2 };
    let items: usize = message.items.iter().map(|item| 8 + item_length(item)).sum();
    let total = 64 + items;
    out.reserve(8 + total);
    structure(out, 0x42_0078, total);
    structure(out, 0x42_0077, 56);
    structure(out, 0x42_0069, 32);
    four(out, header(0x42_006A, INTEGER, 4), message.version.0 as u32);
    four(out, header(0x42_006B, INTEGER, 4), message.version.1 as u32);
    four(out, header(0x42_000D, INTEGER, 4), message.items.len() as u32);
    for item in &message.items {
        structure(out, 0x42_000F, item_length(item));
        four(out, header(0x42_005C, ENUMERATION, 4), 1);
        if by_name { payload_1(item, out) } else { payload_2(item, out) }
    }
}

fn item_length_1(item: &Create) -> usize {
    16 + 8 + 16 + 8 + 56 + 56 + 56 + 56 + padded(item.name.len())
}

fn item_length_2(item: &Create) -> usize {
    16 + 8 + 16 + 8 + 16 + 16 + 16 + 32 + padded(item.name.len())
}

#[inline]
fn payload_1(item: &Create, out: &mut Vec<u8>) {
    structure(out, 0x42_0079, item_length_1(item) - 24);
    four(out, header(0x42_0057, ENUMERATION, 4), item.object_type);
    structure(out, 0x42_0091, item_length_1(item) - 48);
    structure(out, 0x42_0008, 48);
    text(out, 0x42_000A, "Cryptographic Algorithm");
    four(out, header(0x42_000B, ENUMERATION, 4), item.algorithm);
    structure(out, 0x42_0008, 48);
    text(out, 0x42_000A, "Cryptographic Length");
    four(out, header(0x42_000B, INTEGER, 4), item.length as u32);
    structure(out, 0x42_0008, 48);
    text(out, 0x42_000A, "Cryptographic Usage Mask");
    four(out, header(0x42_000B, INTEGER, 4), item.usage as u32);
    structure(out, 0x42_0008, 48 + padded(item.name.len()));
    text(out, 0x42_000A, "Name");
    structure(out, 0x42_000B, 24 + padded(item.name.len()));
    text(out, 0x42_0055, &item.name);
    four(out, header(0x42_0054, ENUMERATION, 4), item.name_type);
}

#[inline]
fn payload_2(item: &Create, out: &mut Vec<u8>) {
    structure(out, 0x42_0079, item_length_2(item) - 24);
    four(out, header(0x42_0057, ENUMERATION, 4), item.object_type);
    structure(out, 0x42_0125, item_length_2(item) - 48);
    four(out, header(0x42_0028, ENUMERATION, 4), item.algorithm);
    four(out, header(0x42_002A, INTEGER, 4), item.length as u32);
    four(out, header(0x42_002C, INTEGER, 4), item.usage as u32);
    structure(out, 0x42_0053, 24 + padded(item.name.len()));
    text(out, 0x42_0055, &item.name);
    four(out, header(0x42_0054, ENUMERATION, 4), item.name_type);
}

#[inline]
pub(super) fn structure(out: &mut Vec<u8>, tag: u32, length: usize) {
    out.extend_from_slice(&header(tag, STRUCTURE, length as u32).to_be_bytes());
}

#[inline]
pub(super) fn four(out: &mut Vec<u8>, header: u64, value: u32) {
    let mut item = [0; 16];
    item[..8].copy_from_slice(&header.to_be_bytes());
    item[8..12].copy_from_slice(&value.to_be_bytes());
    out.extend_from_slice(&item);
}

#[inline]
pub(super) fn text(out: &mut Vec<u8>, tag: u32, value: &str) {
    out.extend_from_slice(&header(tag, TEXT, value.len() as u32).to_be_bytes());
    out.extend_from_slice(value.as_bytes());
    out.extend_from_slice(&[0; 8][..padded(value.len()) - value.len()]);
}

#[inline]
pub(super) fn padded(length: usize) -> usize {
    (length + 7) & !7
}
