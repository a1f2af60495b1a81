//! Prints what other libraries of KMIP take for the same bytes, measured turn by turn in one run.
#![allow(clippy::unwrap_used)] // A tool of ours: what it measures is known to work.

use std::hint::black_box;

use kmip_bench::rows::{FOUND, MEBIBYTE};
use kmip_bench::turns::{Contestant, keep_memory, medians, shown};
use kmip_bench::{hand, workloads};
use kmip_peers::{by_protocol, by_ttlv};
use kmip_protocol::types::response;
use kmip_types::ProtocolVersion;
use kmip_types::message::{Message, RequestMessage, ResponseMessage};
use kmip_types::ttlv::Writer;
use serde::de::DeserializeOwned;

const VERSION: ProtocolVersion = ProtocolVersion::V1_2;

fn main() -> std::io::Result<()> {
    keep_memory()?;
    println!(
        "| what | by hand | ours | `kmip-ttlv` | `kmip-protocol` |\n| --- | ---: | ---: | ---: | ---: |"
    );
    creates("Create", 1);
    creates("Create x 100", 100);
    located();
    encrypted();
    Ok(())
}

fn creates(name: &str, count: usize) {
    let by_hand = hand::Creates::new(VERSION, count);
    let message = workloads::create(VERSION, count);
    let bytes = message.to_ttlv().unwrap();
    let (by_ttlv, by_protocol) = (by_ttlv::create(&by_hand), by_protocol::create(&by_hand));
    let mut out = Vec::new();
    let [least, times @ ..] = medians([
        Contestant::new(|| {
            out.clear();
            hand::write(black_box(&by_hand), &mut out);
            black_box(out.as_ptr())
        }),
        encoding(&message),
        Contestant::new(|| kmip_ttlv::to_vec(black_box(&by_ttlv)).unwrap()),
        Contestant::new(|| kmip_ttlv::to_vec(black_box(&by_protocol)).unwrap()),
    ]);
    print(&format!("{name}: encode"), least, times.map(Some));
    let [least, ours, ttlv] = medians([
        Contestant::new(|| hand::read(black_box(&bytes)).unwrap()),
        Contestant::new(|| RequestMessage::from_ttlv(black_box(&bytes)).unwrap()),
        reading::<by_ttlv::RequestMessage<by_ttlv::CreateRequest>>(&bytes),
    ]);
    print(&format!("{name}: decode"), least, [Some(ours), Some(ttlv), None]);
}

fn located() {
    let by_hand = hand::Located::new(VERSION, FOUND);
    let message = workloads::located(VERSION, FOUND);
    let bytes = message.to_ttlv().unwrap();
    let by_ttlv = by_ttlv::located(&by_hand);
    let mut out = Vec::new();
    let [least, ours, ttlv] = medians([
        Contestant::new(|| {
            out.clear();
            hand::write_located(black_box(&by_hand), &mut out);
            black_box(out.as_ptr())
        }),
        encoding(&message),
        Contestant::new(|| kmip_ttlv::to_vec(black_box(&by_ttlv)).unwrap()),
    ]);
    print("Locate: encode", least, [Some(ours), Some(ttlv), None]);
    let [least, times @ ..] = medians([
        Contestant::new(|| hand::read_located(black_box(&bytes)).unwrap()),
        Contestant::new(|| ResponseMessage::from_ttlv(black_box(&bytes)).unwrap()),
        reading::<by_ttlv::ResponseMessage>(&bytes),
        reading::<response::ResponseMessage>(&bytes),
    ]);
    print("Locate: decode", least, times.map(Some));
}

/// By hand, this is a copy.
fn encrypted() {
    let message = workloads::encrypt(VERSION, MEBIBYTE).unwrap();
    let bytes = message.to_ttlv().unwrap();
    let by_ttlv = by_ttlv::encrypt((VERSION.major, VERSION.minor), workloads::KEY, workloads::data(MEBIBYTE));
    let copy = || black_box(&bytes).clone();
    let [least, ours, ttlv] = medians([
        Contestant::stopping(copy),
        Contestant::stopping(|| black_box(&message).to_ttlv().unwrap()),
        Contestant::stopping(|| kmip_ttlv::to_vec(black_box(&by_ttlv)).unwrap()),
    ]);
    print("Encrypt: encode", least, [Some(ours), Some(ttlv), None]);
    let [least, ours, ttlv] = medians([
        Contestant::stopping(copy),
        Contestant::stopping(|| RequestMessage::from_ttlv(black_box(&bytes)).unwrap()),
        Contestant::stopping(|| {
            kmip_ttlv::from_slice::<by_ttlv::RequestMessage<by_ttlv::EncryptRequest>>(black_box(&bytes))
                .unwrap()
        }),
    ]);
    print("Encrypt: decode", least, [Some(ours), Some(ttlv), None]);
}

/// Our encoder, into a buffer that is used again: the others take none.
fn encoding<T: Message>(message: &T) -> Contestant<'_> {
    let mut writer = Writer::new(VERSION);
    Contestant::new(move || {
        writer.clear();
        black_box(message).encode(T::TAG, &mut writer).unwrap();
        black_box(writer.bytes().as_ptr())
    })
}

fn reading<T: DeserializeOwned>(bytes: &[u8]) -> Contestant<'_> {
    Contestant::new(|| kmip_ttlv::from_slice::<T>(black_box(bytes)).unwrap())
}

/// Prints a row: the time by hand, and those of the others with their ratios to it.
fn print(what: &str, least: f64, others: [Option<f64>; 3]) {
    let cell = |time: f64| format!("{} = {:.1} x", shown(time), time / least);
    let cells = others.map(|time| time.map_or(String::new(), cell));
    println!("| {what} | {} | {} |", shown(least), cells.join(" | "));
}
