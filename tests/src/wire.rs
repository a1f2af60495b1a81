//! Putting bytes together that no writer would write.

use kmip_types::{ItemType, Tag};

/// A header with any type and length, then any bytes.
pub fn raw(tag: Tag, item_type: u8, length: u32, rest: &[u8]) -> Vec<u8> {
    let mut bytes = tag.to_bytes().to_vec();
    bytes.push(item_type);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(rest);
    bytes
}

/// A well-formed item.
pub fn item(tag: Tag, item_type: ItemType, value: &[u8]) -> Vec<u8> {
    let mut bytes = raw(tag, item_type.number(), value.len() as u32, value);
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    bytes
}

/// A structure of these bytes, with their length.
pub fn structure(tag: Tag, content: &[u8]) -> Vec<u8> {
    raw(tag, ItemType::Structure.number(), content.len() as u32, content)
}

/// So many structures in one another, each with the right length.
pub fn nest(tag: Tag, depth: usize) -> Vec<u8> {
    (0..depth).rev().flat_map(|inner| raw(tag, ItemType::Structure.number(), 8 * inner as u32, &[])).collect()
}
