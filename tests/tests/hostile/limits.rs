//! Nesting to the limit and past it, and more bytes or items than there may be.

use kmip_tests::wire::{item, nest, raw, structure};
use kmip_types::{Item, ItemType, Limits, Tag};

use crate::row::{Read, Row};

const TAG: Tag = Tag::ATTRIBUTE;

fn path(steps: usize) -> String {
    vec!["Attribute"; steps].join("/")
}

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = depths();
    rows.extend(counts());
    rows.extend(sizes());
    rows
}

/// Structures in one another: to one past the limit, and far past it.
fn depths() -> Vec<Row> {
    let limit = Limits::DEFAULT.depth;
    let mut rows: Vec<Row> = [limit + 1, limit + 2, 2 * limit, 1_000, 100_000]
        .map(|depth| Row {
            name: format!("{depth} structures in one another"),
            input: nest(TAG, depth),
            read: Read::Item,
            kind: format!("structures are nested more than {limit} deep"),
            offset: 8 * limit,
            path: path(limit + 1),
        })
        .into();
    for limit in [0, 1, 7] {
        rows.push(Row {
            name: format!("{} structures in one another, of {limit}", limit + 1),
            input: nest(TAG, limit + 1),
            read: Read::ItemWithin(limit, 1 << 20, 1 << 10),
            kind: format!("structures are nested more than {limit} deep"),
            offset: 8 * limit,
            path: path(limit + 1),
        });
    }
    // Each says that it is longer than the one around it, or that it is as long.
    for (name, length, needed) in [("longer", 0x100, 256), ("as long", 0x40, 64)] {
        let mut input = nest(TAG, 9);
        input[12..16].copy_from_slice(&u32::to_be_bytes(length));
        rows.push(Row {
            name: format!("a structure that is {name} as the one around it"),
            input,
            read: Read::Item,
            kind: format!("truncated: {needed} bytes needed, 56 left"),
            offset: 8,
            path: path(2),
        });
    }
    rows
}

/// More items than the limit: flat, and each in a structure of its own.
fn counts() -> Vec<Row> {
    let integer = item(Tag::BATCH_COUNT, ItemType::Integer, &[0, 0, 0, 1]);
    let row = |name: &str, input: Vec<u8>, limit: usize, offset: usize, path: &str| Row {
        name: format!("{name}, of {limit} items"),
        input,
        read: Read::ItemWithin(32, 1 << 20, limit),
        kind: format!("there are more than {limit} items"),
        offset,
        path: path.into(),
    };
    let flat = structure(TAG, &integer.repeat(3));
    let empty = structure(TAG, &raw(TAG, 1, 0, &[]).repeat(5));
    vec![
        row("one item", integer.clone(), 0, 0, "BatchCount"),
        row("three items in a structure", flat.clone(), 3, 8 + 32, "Attribute/BatchCount[2]"),
        row("three items in a structure", flat, 1, 8, "Attribute/BatchCount[0]"),
        row("five structures in a structure", empty, 4, 8 + 24, "Attribute/Attribute[3]"),
        row("structures in one another", nest(TAG, 6), 5, 40, &path(6)),
    ]
}

/// More bytes than the limit, which nobody reads.
fn sizes() -> Vec<Row> {
    let text = item(Tag::NAME_VALUE, ItemType::TextString, &[b'a'; 100]);
    let row = |size: usize, limit: usize| Row {
        name: format!("{size} bytes, of {limit}"),
        input: text.iter().copied().cycle().take(size).collect(),
        read: Read::ItemWithin(32, limit, 100),
        kind: format!("{size} bytes exceed the limit of {limit}"),
        offset: 0,
        path: String::new(),
    };
    vec![row(112, 111), row(112, 8), row(112, 0), row(1, 0), row(100_000, 99_999)]
}

#[test]
fn what_is_at_the_limits_is_read() {
    let limits = Limits::DEFAULT;
    assert!(Item::from_ttlv(&nest(TAG, limits.depth)).is_ok());
    let integer = item(Tag::BATCH_COUNT, ItemType::Integer, &[0, 0, 0, 1]);
    let flat = structure(TAG, &integer.repeat(3));
    assert!(Item::from_ttlv_within(&flat, Limits { depth: 1, size: flat.len(), items: 4 }).is_ok());
    let most = structure(TAG, &raw(TAG, 8, 0, &[]).repeat(limits.items - 1));
    assert!(Item::from_ttlv(&most).is_ok());
}
