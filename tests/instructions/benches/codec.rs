//! The typed codec on the four workloads, run once each under callgrind.
//!
//! Decoding includes dropping what was read; encoding is into a buffer that has been used before.
#![allow(clippy::unwrap_used, missing_docs)] // What is counted is known to work.

use std::hint::black_box;
use std::marker::PhantomData;

use gungraun::Callgrind;
use gungraun::prelude::*;
use kmip_bench::workloads;
use kmip_types::ProtocolVersion;
use kmip_types::message::{Message, RequestMessage, ResponseMessage};
use kmip_types::ttlv::Writer;

fn create_1(version: ProtocolVersion) -> RequestMessage {
    workloads::create(version, 1)
}

fn create_100(version: ProtocolVersion) -> RequestMessage {
    workloads::create(version, 100)
}

fn locate(version: ProtocolVersion) -> ResponseMessage {
    workloads::located(version, 1000)
}

fn encrypt(version: ProtocolVersion) -> RequestMessage {
    workloads::encrypt(version, 1 << 20).unwrap()
}

/// The message, and a writer that has room for it.
fn written<T: Message>(message: T) -> (T, Writer) {
    let mut writer = Writer::new(message.version());
    message.encode(T::TAG, &mut writer).unwrap();
    (message, writer)
}

/// The bytes of a message, which know what they are of.
struct Encoded<T> {
    bytes: Vec<u8>,
    message: PhantomData<T>,
}

fn encoded<T: Message>(message: T) -> Encoded<T> {
    Encoded { bytes: message.to_ttlv().unwrap(), message: PhantomData }
}

#[library_benchmark]
#[bench::create_v1_2(written(create_1(ProtocolVersion::V1_2)))]
#[bench::create_v2_1(written(create_1(ProtocolVersion::V2_1)))]
#[bench::create_x100_v1_2(written(create_100(ProtocolVersion::V1_2)))]
#[bench::create_x100_v2_1(written(create_100(ProtocolVersion::V2_1)))]
#[bench::locate_1000_v1_2(written(locate(ProtocolVersion::V1_2)))]
#[bench::locate_1000_v2_1(written(locate(ProtocolVersion::V2_1)))]
#[bench::encrypt_1_mib_v1_2(written(encrypt(ProtocolVersion::V1_2)))]
#[bench::encrypt_1_mib_v2_1(written(encrypt(ProtocolVersion::V2_1)))]
fn encode<T: Message>((message, mut writer): (T, Writer)) -> (T, Writer) {
    writer.clear();
    black_box(&message).encode(T::TAG, &mut writer).unwrap();
    (message, writer)
}

#[library_benchmark]
#[bench::create_v1_2(encoded(create_1(ProtocolVersion::V1_2)))]
#[bench::create_v2_1(encoded(create_1(ProtocolVersion::V2_1)))]
#[bench::create_x100_v1_2(encoded(create_100(ProtocolVersion::V1_2)))]
#[bench::create_x100_v2_1(encoded(create_100(ProtocolVersion::V2_1)))]
#[bench::locate_1000_v1_2(encoded(locate(ProtocolVersion::V1_2)))]
#[bench::locate_1000_v2_1(encoded(locate(ProtocolVersion::V2_1)))]
#[bench::encrypt_1_mib_v1_2(encoded(encrypt(ProtocolVersion::V1_2)))]
#[bench::encrypt_1_mib_v2_1(encoded(encrypt(ProtocolVersion::V2_1)))]
fn decode<T: Message>(encoded: Encoded<T>) -> Encoded<T> {
    drop(black_box(T::from_ttlv(black_box(&encoded.bytes)).unwrap()));
    encoded
}

library_benchmark_group!(name = codec, benchmarks = [encode, decode]);

// The C library has a memcpy for each generation of processors, and a limit from which it bypasses their caches. All
// of them have what x86-64 had from the start: with that alone, the counts are the same wherever they are taken.
const TUNABLES: &str = "glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX2,-AVX,-AVX_Fast_Unaligned_Load,-ERMS,-FSRM,-SSSE3\
    :glibc.cpu.x86_non_temporal_threshold=0x10000000";

main!(
    config = LibraryBenchmarkConfig::default()
        .env("GLIBC_TUNABLES", TUNABLES)
        .tool(Callgrind::with_args(["--cache-sim=no"])),
    library_benchmark_groups = codec
);
