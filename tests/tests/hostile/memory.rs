//! What reading may cost: memory of a small multiple of the input, and allocations that grow as it does.
//!
//! The multiples are those of what is densest: an item without a value is eight bytes of TTLV, `<X/>` four of XML, and a
//! batch item without fields forty. In memory, they take what any item or any payload takes.

use std::collections::BTreeMap;

use allocation_counter::{AllocationInfo, measure};
use kmip_tests::worst::{WORST, Worst, as_lenient_request, as_request, by_serde};
use kmip_types::Item;
use kmip_types::message::{Message, ResponseMessage};
use kmip_types::text::TextCodec;

use crate::{text_rows, ttlv_rows};

/// What reading a malformed message may allocate at once, for each byte of it.
const MOST: usize = 8;

/// What writing a text may allocate at once, for each byte of TTLV: names of tags and types are longer than their numbers.
const AS_TEXT: usize = 24;

/// What reading may allocate at once however short the input is: room for four items in each of as many structures as
/// may be in one another takes most of it.
const ALWAYS: usize = 24 << 10;

/// Reads an input, and says how many bytes of memory each of its bytes took.
#[track_caller]
fn measured(name: &str, length: usize, most: usize, read: impl FnOnce()) -> f64 {
    let cost = measure(read);
    assert_eq!(cost.bytes_current, 0, "{name}: not all was given back");
    let bytes = cost.bytes_max as usize;
    assert!(bytes <= most * length + ALWAYS, "{name}: {length} bytes took {bytes}");
    bytes.saturating_sub(ALWAYS) as f64 / length.max(1) as f64
}

/// The most that a way of reading took, in bytes for each byte of an input, by what it is.
#[derive(Default)]
struct Highest(BTreeMap<&'static str, (f64, String)>);

impl Highest {
    fn see(&mut self, way: &'static str, most: usize, name: &str, length: usize, read: impl FnOnce()) {
        let cost = measured(&format!("{name}, {way}"), length, most, read);
        let highest = self.0.entry(way).or_default();
        if cost >= highest.0 {
            *highest = (cost, name.to_owned());
        }
    }
}

#[test]
fn no_malformed_input_takes_much_memory() {
    let mut highest = Highest::default();
    let codec = TextCodec::new();
    for row in ttlv_rows().into_iter().flat_map(|(_, rows)| rows) {
        let (input, name, length) = (&row.input, &row.name, row.input.len());
        let mut see = |way, most, read: &dyn Fn()| highest.see(way, most, name, length, read);
        see("as an item", MOST, &|| drop(Item::from_ttlv(input)));
        see("as it is", MOST, &|| drop(row.read.run(input)));
        see("as a request", MOST, &|| as_request(input));
        see("as a response", MOST, &|| drop(ResponseMessage::from_ttlv(input)));
        see("as a request, leniently", MOST, &|| as_lenient_request(input));
        see("as a response, leniently", MOST, &|| drop(ResponseMessage::from_ttlv_lenient(input)));
        see("to JSON", AS_TEXT, &|| drop(codec.to_json(input)));
        see("to XML", AS_TEXT, &|| drop(codec.to_xml(input)));
        see("to text", AS_TEXT, &|| drop(codec.to_text(input)));
    }
    for row in text_rows().into_iter().flat_map(|(_, rows)| rows) {
        let (input, name, length) = (&row.input, &row.error, row.input.len());
        let mut see = |way, read: &dyn Fn()| highest.see(way, MOST, name, length, read);
        see("as it is", &|| drop((row.read)(&codec, input)));
        see("from JSON", &|| drop(codec.from_json(input)));
        see("from JSON, by serde", &|| by_serde(input.as_bytes()));
        see("from XML", &|| drop(codec.from_xml(input)));
        see("from XML of several", &|| drop(codec.from_xml_all(input)));
    }
    for (way, (cost, name)) in highest.0 {
        println!("{way}: at most {cost:.1} bytes a byte, for {name:.200}");
    }
}

/// Twice the input takes twice the memory and twice the allocations, and no more.
#[test]
fn memory_and_allocations_grow_as_the_input_does() {
    for Worst { name, most, make, read } in WORST {
        let costs = [64 << 10, 128 << 10, 256 << 10].map(|size| {
            let input = make(size);
            // What is made once and kept, is not of this input.
            read(&make(64));
            (input.len(), measured(name, input.len(), *most, || read(&input)), measure(|| read(&input)))
        });
        let (_, at_once, AllocationInfo { bytes_total, count_total, .. }) = costs[2];
        println!(
            "{name}: {at_once:.1} bytes a byte, {bytes_total} bytes and {count_total} allocations in all"
        );
        for pair in costs.windows(2) {
            let growth = pair[1].0 as f64 / pair[0].0 as f64 * 1.1;
            let [before, after] = [&pair[0].2, &pair[1].2];
            for (what, before, after) in [
                ("bytes at once", before.bytes_max, after.bytes_max),
                ("bytes in all", before.bytes_total, after.bytes_total),
                ("allocations", before.count_total, after.count_total),
            ] {
                assert!(
                    after as f64 <= before as f64 * growth + 1024.0,
                    "{name}: {before} {what}, then {after}"
                );
            }
        }
    }
}
