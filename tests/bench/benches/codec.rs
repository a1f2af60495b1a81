//! The four workloads in both forms, with throughput and allocations: `cargo bench -p kmip-bench`.
#![allow(clippy::unwrap_used, missing_docs)] // What is measured is known to work.

use std::fmt;

use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher, black_box};
use kmip_bench::rows::{FOUND, MEBIBYTE};
use kmip_bench::{hand, workloads};
use kmip_types::message::Message;
use kmip_types::text::TextCodec;
use kmip_types::ttlv::Writer;
use kmip_types::{Item, ProtocolVersion};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// A workload in a version.
struct Case(Workload, ProtocolVersion);

#[derive(Clone, Copy)]
enum Workload {
    Create(usize),
    Locate,
    Encrypt,
}

impl fmt::Display for Case {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Workload::Create(count) => write!(formatter, "Create x {count}, {}", self.1),
            Workload::Locate => write!(formatter, "Locate, {}", self.1),
            Workload::Encrypt => write!(formatter, "Encrypt, {}", self.1),
        }
    }
}

fn cases() -> impl Iterator<Item = Case> {
    let workloads = [Workload::Create(1), Workload::Create(100), Workload::Locate, Workload::Encrypt];
    workloads::VERSIONS.into_iter().flat_map(move |version| workloads.map(|workload| Case(workload, version)))
}

/// Runs the code with the case's message, of whichever type that is.
macro_rules! with {
    ($case:ident, $message:ident => $run:expr) => {
        match *$case {
            Case(Workload::Create(count), version) => {
                let $message = workloads::create(version, count);
                $run
            }
            Case(Workload::Locate, version) => {
                let $message = workloads::located(version, FOUND);
                $run
            }
            Case(Workload::Encrypt, version) => {
                let $message = workloads::encrypt(version, MEBIBYTE).unwrap();
                $run
            }
        }
    };
}

fn bytes(case: &Case) -> Vec<u8> {
    with!(case, message => message.to_ttlv().unwrap())
}

/// Measures, and shows throughput.
fn measure<T>(bencher: Bencher<'_, '_>, bytes: usize, run: impl FnMut() -> T) {
    bencher.counter(BytesCount::new(bytes)).bench_local(run);
}

#[divan::bench_group]
mod typed {
    use super::*;

    pub(super) fn encode_message<T: Message>(bencher: Bencher<'_, '_>, message: &T) {
        let mut writer = Writer::new(message.version());
        message.encode(T::TAG, &mut writer).unwrap();
        measure(bencher, writer.bytes().len(), || {
            writer.clear();
            black_box(message).encode(T::TAG, &mut writer).unwrap();
            black_box(writer.bytes().len())
        });
    }

    pub(super) fn decode_message<T: Message>(bencher: Bencher<'_, '_>, message: &T) {
        let bytes = message.to_ttlv().unwrap();
        measure(bencher, bytes.len(), || T::from_ttlv(black_box(&bytes)).unwrap());
    }

    fn write_text<T: Message>(
        bencher: Bencher<'_, '_>,
        message: &T,
        write: impl Fn(&TextCodec, &[u8]) -> String,
    ) {
        let codec = TextCodec::new();
        let length = write(&codec, &message.to_ttlv().unwrap()).len();
        measure(bencher, length, || write(&codec, &black_box(message).to_ttlv().unwrap()));
    }

    fn read_text<T: Message>(
        bencher: Bencher<'_, '_>,
        message: &T,
        write: impl Fn(&TextCodec, &[u8]) -> String,
        read: impl Fn(&TextCodec, &str) -> Vec<u8>,
    ) {
        let codec = TextCodec::new();
        let text = write(&codec, &message.to_ttlv().unwrap());
        measure(bencher, text.len(), || T::from_ttlv(&read(&codec, black_box(&text))).unwrap());
    }

    fn to_json(codec: &TextCodec, bytes: &[u8]) -> String {
        codec.to_json(bytes).unwrap()
    }

    fn to_xml(codec: &TextCodec, bytes: &[u8]) -> String {
        codec.to_xml(bytes).unwrap()
    }

    #[divan::bench(args = cases())]
    fn encode(bencher: Bencher<'_, '_>, case: &Case) {
        with!(case, message => encode_message(bencher, &message));
    }

    #[divan::bench(args = cases())]
    fn decode(bencher: Bencher<'_, '_>, case: &Case) {
        with!(case, message => decode_message(bencher, &message));
    }

    #[divan::bench(args = cases())]
    fn write_json(bencher: Bencher<'_, '_>, case: &Case) {
        with!(case, message => write_text(bencher, &message, to_json));
    }

    #[divan::bench(args = cases())]
    fn read_json(bencher: Bencher<'_, '_>, case: &Case) {
        let read = |codec: &TextCodec, text: &str| codec.from_json(text).unwrap();
        with!(case, message => read_text(bencher, &message, to_json, read));
    }

    #[divan::bench(args = cases())]
    fn write_xml(bencher: Bencher<'_, '_>, case: &Case) {
        with!(case, message => write_text(bencher, &message, to_xml));
    }

    #[divan::bench(args = cases())]
    fn read_xml(bencher: Bencher<'_, '_>, case: &Case) {
        let read = |codec: &TextCodec, text: &str| codec.from_xml(text).unwrap();
        with!(case, message => read_text(bencher, &message, to_xml, read));
    }
}

#[divan::bench_group]
mod item {
    use super::*;

    fn item(case: &Case) -> Item {
        Item::from_ttlv(&bytes(case)).unwrap()
    }

    #[divan::bench(args = cases())]
    fn to_ttlv(bencher: Bencher<'_, '_>, case: &Case) {
        let item = item(case);
        measure(bencher, bytes(case).len(), || black_box(&item).to_ttlv().unwrap());
    }

    #[divan::bench(args = cases())]
    fn from_ttlv(bencher: Bencher<'_, '_>, case: &Case) {
        let bytes = bytes(case);
        measure(bencher, bytes.len(), || Item::from_ttlv(black_box(&bytes)).unwrap());
    }

    #[divan::bench(args = cases())]
    fn to_json(bencher: Bencher<'_, '_>, case: &Case) {
        let item = item(case);
        measure(bencher, item.to_json().unwrap().len(), || black_box(&item).to_json().unwrap());
    }

    #[divan::bench(args = cases())]
    fn from_json(bencher: Bencher<'_, '_>, case: &Case) {
        let json = item(case).to_json().unwrap();
        measure(bencher, json.len(), || Item::from_json(black_box(&json)).unwrap());
    }

    #[divan::bench(args = cases())]
    fn to_xml(bencher: Bencher<'_, '_>, case: &Case) {
        let item = item(case);
        measure(bencher, item.to_xml().unwrap().len(), || black_box(&item).to_xml().unwrap());
    }

    #[divan::bench(args = cases())]
    fn from_xml(bencher: Bencher<'_, '_>, case: &Case) {
        let xml = item(case).to_xml().unwrap();
        measure(bencher, xml.len(), || Item::from_xml(black_box(&xml)).unwrap());
    }
}

/// What stands beside: code by hand, a copy, and the texts read and written by what does not know KMIP.
#[divan::bench_group]
mod beside {
    use super::*;

    fn by_hand() -> impl Iterator<Item = Case> {
        cases().filter(|case| !matches!(case.0, Workload::Encrypt))
    }

    fn json(case: &Case) -> String {
        TextCodec::new().to_json(&bytes(case)).unwrap()
    }

    #[divan::bench(args = by_hand())]
    fn encode_by_hand(bencher: Bencher<'_, '_>, case: &Case) {
        let (mut out, length) = (Vec::new(), bytes(case).len());
        if let &Case(Workload::Create(count), version) = case {
            let message = hand::Creates::new(version, count);
            measure(bencher, length, || {
                out.clear();
                hand::write(black_box(&message), &mut out);
                black_box(out.len())
            });
        } else {
            let message = hand::Located::new(case.1, FOUND);
            measure(bencher, length, || {
                out.clear();
                hand::write_located(black_box(&message), &mut out);
                black_box(out.len())
            });
        }
    }

    #[divan::bench(args = by_hand())]
    fn decode_by_hand(bencher: Bencher<'_, '_>, case: &Case) {
        let bytes = bytes(case);
        match case.0 {
            Workload::Create(_) => measure(bencher, bytes.len(), || hand::read(black_box(&bytes)).unwrap()),
            _ => measure(bencher, bytes.len(), || hand::read_located(black_box(&bytes)).unwrap()),
        }
    }

    #[divan::bench(args = cases())]
    fn copy(bencher: Bencher<'_, '_>, case: &Case) {
        let bytes = bytes(case);
        measure(bencher, bytes.len(), || black_box(&bytes).clone());
    }

    #[divan::bench(args = cases())]
    fn serde_json_writes(bencher: Bencher<'_, '_>, case: &Case) {
        let json = json(case);
        let tree: serde_json::Value = serde_json::from_str(&json).unwrap();
        measure(bencher, json.len(), || serde_json::to_string(black_box(&tree)).unwrap());
    }

    #[divan::bench(args = cases())]
    fn serde_json_reads(bencher: Bencher<'_, '_>, case: &Case) {
        let json = json(case);
        measure(bencher, json.len(), || serde_json::from_str::<serde_json::Value>(black_box(&json)).unwrap());
    }

    #[divan::bench(args = cases())]
    fn quick_xml_events(bencher: Bencher<'_, '_>, case: &Case) {
        let xml = TextCodec::new().to_xml(&bytes(case)).unwrap();
        measure(bencher, xml.len(), || {
            let mut reader = quick_xml::Reader::from_str(black_box(&xml));
            while !matches!(black_box(reader.read_event().unwrap()), quick_xml::events::Event::Eof) {}
        });
    }
}

/// The cost of a batch grows with its size, and that of nested structures with their depth.
#[divan::bench_group]
mod growth {
    use super::*;

    const COUNTS: [usize; 5] = [1, 10, 100, 1_000, 10_000];
    const DEPTHS: [usize; 6] = [1, 2, 4, 8, 16, 32];

    #[divan::bench(args = COUNTS)]
    fn encode_batch(bencher: Bencher<'_, '_>, count: usize) {
        typed::encode_message(bencher, &workloads::create(ProtocolVersion::V2_1, count));
    }

    #[divan::bench(args = COUNTS)]
    fn decode_batch(bencher: Bencher<'_, '_>, count: usize) {
        typed::decode_message(bencher, &workloads::create(ProtocolVersion::V2_1, count));
    }

    #[divan::bench(args = DEPTHS)]
    fn encode_nested(bencher: Bencher<'_, '_>, depth: usize) {
        let item = workloads::nested(depth);
        measure(bencher, item.to_ttlv().unwrap().len(), || black_box(&item).to_ttlv().unwrap());
    }

    #[divan::bench(args = DEPTHS)]
    fn decode_nested(bencher: Bencher<'_, '_>, depth: usize) {
        let bytes = workloads::nested(depth).to_ttlv().unwrap();
        measure(bencher, bytes.len(), || Item::from_ttlv(black_box(&bytes)).unwrap());
    }
}
