//! The four workloads in both forms, with throughput and allocations: `cargo bench -p kmip-bench`.
#![allow(clippy::unwrap_used, missing_docs)] // What is measured is known to work.

use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher, black_box};
use kmip_bench::workloads;
use kmip_types::message::{Message, RequestMessage, ResponseMessage};
use kmip_types::text::TextCodec;
use kmip_types::ttlv::Writer;
use kmip_types::{Item, ProtocolVersion};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

const VERSIONS: [&str; 2] = ["1.2", "2.1"];

fn main() {
    divan::main();
}

fn encode<T: Message>(bencher: Bencher<'_, '_>, message: &T) {
    let mut writer = Writer::new(message.version());
    message.encode(T::TAG, &mut writer).unwrap();
    bencher.counter(BytesCount::new(writer.bytes().len())).bench_local(|| {
        writer.clear();
        black_box(message).encode(T::TAG, &mut writer).unwrap();
        black_box(writer.bytes().len())
    });
}

fn decode<T: Message>(bencher: Bencher<'_, '_>, message: &T) {
    let bytes = message.to_ttlv().unwrap();
    bencher.counter(BytesCount::new(bytes.len())).bench_local(|| T::from_ttlv(black_box(&bytes)).unwrap());
}

fn version(text: &str) -> ProtocolVersion {
    text.parse().unwrap()
}

#[divan::bench_group]
mod create {
    use super::*;

    #[divan::bench(args = VERSIONS, consts = [1, 100])]
    fn encode<const COUNT: usize>(bencher: Bencher<'_, '_>, version: &str) {
        super::encode(bencher, &workloads::create(super::version(version), COUNT));
    }

    #[divan::bench(args = VERSIONS, consts = [1, 100])]
    fn decode<const COUNT: usize>(bencher: Bencher<'_, '_>, version: &str) {
        super::decode::<RequestMessage>(bencher, &workloads::create(super::version(version), COUNT));
    }

    #[divan::bench(args = VERSIONS, consts = [1, 100])]
    fn decode_as_item<const COUNT: usize>(bencher: Bencher<'_, '_>, version: &str) {
        let bytes = workloads::create(super::version(version), COUNT).to_ttlv().unwrap();
        let counted = bencher.counter(BytesCount::new(bytes.len()));
        counted.bench_local(|| Item::from_ttlv(black_box(&bytes)).unwrap());
    }

    #[divan::bench(args = VERSIONS, consts = [1, 100])]
    fn encode_from_item<const COUNT: usize>(bencher: Bencher<'_, '_>, version: &str) {
        let bytes = workloads::create(super::version(version), COUNT).to_ttlv().unwrap();
        let item = Item::from_ttlv(&bytes).unwrap();
        let counted = bencher.counter(BytesCount::new(bytes.len()));
        counted.bench_local(|| black_box(&item).to_ttlv().unwrap());
    }
}

#[divan::bench_group]
mod located {
    use super::*;

    #[divan::bench(args = VERSIONS)]
    fn encode(bencher: Bencher<'_, '_>, version: &str) {
        super::encode(bencher, &workloads::located(super::version(version), 1000));
    }

    #[divan::bench(args = VERSIONS)]
    fn decode(bencher: Bencher<'_, '_>, version: &str) {
        super::decode::<ResponseMessage>(bencher, &workloads::located(super::version(version), 1000));
    }
}

#[divan::bench_group]
mod one_mebibyte {
    use super::*;

    #[divan::bench(args = VERSIONS)]
    fn encode(bencher: Bencher<'_, '_>, version: &str) {
        super::encode(bencher, &workloads::encrypt(super::version(version), 1 << 20).unwrap());
    }

    #[divan::bench(args = VERSIONS)]
    fn decode(bencher: Bencher<'_, '_>, version: &str) {
        let message = workloads::encrypt(super::version(version), 1 << 20).unwrap();
        super::decode::<RequestMessage>(bencher, &message);
    }
}

#[divan::bench_group]
mod text {
    use super::*;

    fn bytes(version: &str) -> Vec<u8> {
        workloads::create(super::version(version), 100).to_ttlv().unwrap()
    }

    #[divan::bench(args = VERSIONS)]
    fn write_json(bencher: Bencher<'_, '_>, version: &str) {
        let (codec, bytes) = (TextCodec::new(), bytes(version));
        bencher.bench_local(|| codec.to_json(black_box(&bytes)).unwrap());
    }

    #[divan::bench(args = VERSIONS)]
    fn read_json(bencher: Bencher<'_, '_>, version: &str) {
        let codec = TextCodec::new();
        let json = codec.to_json(&bytes(version)).unwrap();
        bencher.bench_local(|| codec.from_json(black_box(&json)).unwrap());
    }

    #[divan::bench(args = VERSIONS)]
    fn write_xml(bencher: Bencher<'_, '_>, version: &str) {
        let (codec, bytes) = (TextCodec::new(), bytes(version));
        bencher.bench_local(|| codec.to_xml(black_box(&bytes)).unwrap());
    }

    #[divan::bench(args = VERSIONS)]
    fn read_xml(bencher: Bencher<'_, '_>, version: &str) {
        let codec = TextCodec::new();
        let xml = codec.to_xml(&bytes(version)).unwrap();
        bencher.bench_local(|| codec.from_xml(black_box(&xml)).unwrap());
    }
}

/// The cost of a batch grows with its size, and that of nested structures with their depth.
#[divan::bench_group]
mod growth {
    use super::*;

    #[divan::bench(args = [1, 10, 100, 1_000, 10_000])]
    fn decode_batch(bencher: Bencher<'_, '_>, count: usize) {
        let message = workloads::create(ProtocolVersion::V2_1, count);
        let bytes = message.to_ttlv().unwrap();
        let counted = bencher.counter(BytesCount::new(bytes.len()));
        counted.bench_local(|| RequestMessage::from_ttlv(black_box(&bytes)).unwrap());
    }

    #[divan::bench(args = [1, 10, 100, 1_000, 10_000])]
    fn encode_batch(bencher: Bencher<'_, '_>, count: usize) {
        super::encode(bencher, &workloads::create(ProtocolVersion::V2_1, count));
    }

    #[divan::bench(args = [1, 2, 4, 8, 16, 32])]
    fn decode_nested(bencher: Bencher<'_, '_>, depth: usize) {
        let bytes = workloads::nested(depth).to_ttlv().unwrap();
        bencher.bench_local(|| Item::from_ttlv(black_box(&bytes)).unwrap());
    }
}
