//! Prints how cost grows: what each key of a batch costs, and each level of nested structures.
//!
//! Where cost grows linearly, a column has the same figures from top to bottom, but for what a message costs in itself,
//! which shows in its first rows. All sizes of a column take turns.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::print_stdout)] // A tool of ours: what it measures is known to work.

use std::hint::black_box;

use kmip_bench::turns::{Contestant, keep_memory, medians};
use kmip_bench::{hand, workloads};
use kmip_types::message::{Message, RequestMessage};
use kmip_types::text::TextCodec;
use kmip_types::ttlv::{Encode, Writer};
use kmip_types::{Item, Limits, ProtocolVersion, Tag};

/// What a column is of: its heading, and how one size is measured.
type Column<T> = (&'static str, for<'a> fn(&'a T) -> Contestant<'a>);

fn main() -> std::io::Result<()> {
    keep_memory()?;
    for version in workloads::VERSIONS {
        let batches = [1, 10, 100, 1_000, 10_000].map(|count| Batch::new(version, count));
        let sizes = batches.each_ref().map(|batch| (batch.by_hand.items.len(), batch.bytes.len()));
        print(&format!("Create, {version}"), sizes, &batches, &BATCH);
    }
    let depths = [1, 2, 4, 8, 16, Limits::DEFAULT.depth];
    let nested = depths.map(Nested::new);
    let mut sizes = depths.map(|depth| (depth, 0));
    sizes.iter_mut().zip(&nested).for_each(|(size, nested)| size.1 = nested.bytes.len());
    print("depth", sizes, &nested, &NESTED);
    Ok(())
}

/// A request to create keys.
struct Batch {
    message: RequestMessage,
    by_hand: hand::Creates,
    item: Item,
    bytes: Vec<u8>,
    json: String,
    xml: String,
    codec: TextCodec,
}

impl Batch {
    fn new(version: ProtocolVersion, count: usize) -> Self {
        let (message, codec) = (workloads::create(version, count), TextCodec::new());
        let bytes = message.to_ttlv().unwrap();
        Self {
            message,
            by_hand: hand::Creates::new(version, count),
            item: Item::from_ttlv(&bytes).unwrap(),
            json: codec.to_json(&bytes).unwrap(),
            xml: codec.to_xml(&bytes).unwrap(),
            bytes,
            codec,
        }
    }

    fn written(&self) -> Vec<u8> {
        black_box(&self.message).to_ttlv().unwrap()
    }
}

const BATCH: [Column<Batch>; 10] = [
    ("by hand: encode", |batch| {
        let mut out = Vec::new();
        Contestant::new(move || {
            out.clear();
            hand::write(black_box(&batch.by_hand), &mut out);
            black_box(out.as_ptr())
        })
    }),
    ("decode", |batch| Contestant::new(|| hand::read(black_box(&batch.bytes)).unwrap())),
    ("typed: encode", |batch| {
        let mut writer = Writer::new(batch.message.version());
        Contestant::new(move || {
            writer.clear();
            black_box(&batch.message).encode(Tag::REQUEST_MESSAGE, &mut writer).unwrap();
            black_box(writer.bytes().as_ptr())
        })
    }),
    ("decode", |batch| Contestant::new(|| RequestMessage::from_ttlv(black_box(&batch.bytes)).unwrap())),
    ("write JSON", |batch| Contestant::new(|| batch.codec.to_json(&batch.written()).unwrap())),
    ("read JSON", |batch| {
        Contestant::new(|| {
            RequestMessage::from_ttlv(&batch.codec.from_json(black_box(&batch.json)).unwrap()).unwrap()
        })
    }),
    ("write XML", |batch| Contestant::new(|| batch.codec.to_xml(&batch.written()).unwrap())),
    ("read XML", |batch| {
        Contestant::new(|| {
            RequestMessage::from_ttlv(&batch.codec.from_xml(black_box(&batch.xml)).unwrap()).unwrap()
        })
    }),
    ("Item: to TTLV", |batch| Contestant::new(|| black_box(&batch.item).to_ttlv().unwrap())),
    ("of TTLV", |batch| Contestant::new(|| Item::from_ttlv(black_box(&batch.bytes)).unwrap())),
];

/// Structures within each other. No type has so many: they are an item.
struct Nested {
    item: Item,
    bytes: Vec<u8>,
    json: String,
    xml: String,
}

impl Nested {
    fn new(depth: usize) -> Self {
        let item = workloads::nested(depth);
        Self {
            bytes: item.to_ttlv().unwrap(),
            json: item.to_json().unwrap(),
            xml: item.to_xml().unwrap(),
            item,
        }
    }
}

const NESTED: [Column<Nested>; 6] = [
    ("Item to TTLV", |nested| Contestant::new(|| black_box(&nested.item).to_ttlv().unwrap())),
    ("TTLV to Item", |nested| Contestant::new(|| Item::from_ttlv(black_box(&nested.bytes)).unwrap())),
    ("Item to JSON", |nested| Contestant::new(|| black_box(&nested.item).to_json().unwrap())),
    ("JSON to Item", |nested| Contestant::new(|| Item::from_json(black_box(&nested.json)).unwrap())),
    ("Item to XML", |nested| Contestant::new(|| black_box(&nested.item).to_xml().unwrap())),
    ("XML to Item", |nested| Contestant::new(|| Item::from_xml(black_box(&nested.xml)).unwrap())),
];

/// Prints a table: a row for each size, and in it what each of so many costs.
fn print<T, const N: usize>(what: &str, sizes: [(usize, usize); N], of: &[T; N], columns: &[Column<T>]) {
    let mut rows = sizes.map(|(count, bytes)| format!("| {count} | {bytes} |"));
    let mut heading = format!("| {what} | bytes |");
    for (name, contestant) in columns {
        heading += &format!(" {name} |");
        for ((row, time), (count, _)) in
            rows.iter_mut().zip(medians(of.each_ref().map(contestant))).zip(sizes)
        {
            *row += &format!(" {:.0} |", time / count as f64);
        }
    }
    println!("{heading}\n| ---: | ---: |{}", " ---: |".repeat(columns.len()));
    rows.iter().for_each(|row| println!("{row}"));
    println!();
}
