//! Prints the codec's cost as ratios to hand-written code on the same bytes, measured turn by turn in one run.
//!
//! An argument is a part of what is to be measured: `JSON`, or `1.2: write XML`.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::print_stdout)] // A tool of ours: what it measures is known to work.

use std::hint::black_box;
use std::time::{Duration, Instant};

use kmip_bench::{hand, workloads};
use kmip_types::message::{Message, RequestMessage, ResponseMessage};
use kmip_types::text::TextCodec;
use kmip_types::ttlv::{Encode, Writer};
use kmip_types::{Item, ProtocolVersion, Tag};

/// How long one turn takes.
const TURN: Duration = Duration::from_micros(500);
/// How many turns each contestant has.
const TURNS: usize = 201;

fn main() {
    println!("| what | time | beside | ratio |\n| --- | ---: | ---: | ---: |");
    for version in workloads::VERSIONS {
        creates(version, 1);
        creates(version, 100);
        located(version, 1000);
        texts(version);
        encrypted(version, 1 << 20);
    }
}

fn creates(version: ProtocolVersion, count: usize) {
    let message = workloads::create(version, count);
    let by_hand = hand::Creates::new(version, count);
    let bytes = message.to_ttlv().unwrap();
    let mut out = Vec::new();
    hand::write(&by_hand, &mut out);
    assert_eq!(bytes, out);
    assert_eq!(hand::read(&bytes), Some(by_hand.clone()));
    assert_eq!(RequestMessage::from_ttlv(&bytes).unwrap(), message);

    let what = format!("Create x {count}, {version}, {} bytes", bytes.len());
    let mut writer = Writer::new(version);
    compare(
        &format!("{what}: encode"),
        || {
            writer.clear();
            black_box(&message).encode(Tag::REQUEST_MESSAGE, &mut writer).unwrap();
            black_box(writer.bytes());
        },
        || {
            out.clear();
            hand::write(black_box(&by_hand), &mut out);
            black_box(&out);
        },
    );
    compare(
        &format!("{what}: decode"),
        || drop(black_box(RequestMessage::from_ttlv(black_box(&bytes)).unwrap())),
        || drop(black_box(hand::read(black_box(&bytes)).unwrap())),
    );
    compare(
        &format!("{what}: Item decode"),
        || drop(black_box(Item::from_ttlv(black_box(&bytes)).unwrap())),
        || drop(black_box(hand::read(black_box(&bytes)).unwrap())),
    );
}

fn located(version: ProtocolVersion, count: usize) {
    let message = workloads::located(version, count);
    let by_hand = hand::Located::new(version, count);
    let bytes = message.to_ttlv().unwrap();
    let mut out = Vec::new();
    hand::write_located(&by_hand, &mut out);
    assert_eq!(bytes, out);
    assert_eq!(hand::read_located(&bytes), Some(by_hand.clone()));
    assert_eq!(ResponseMessage::from_ttlv(&bytes).unwrap(), message);

    let what = format!("Locate, {count} found, {version}, {} bytes", bytes.len());
    let mut writer = Writer::new(version);
    compare(
        &format!("{what}: encode"),
        || {
            writer.clear();
            black_box(&message).encode(Tag::RESPONSE_MESSAGE, &mut writer).unwrap();
            black_box(writer.bytes());
        },
        || {
            out.clear();
            hand::write_located(black_box(&by_hand), &mut out);
            black_box(&out);
        },
    );
    compare(
        &format!("{what}: decode"),
        || drop(black_box(ResponseMessage::from_ttlv(black_box(&bytes)).unwrap())),
        || drop(black_box(hand::read_located(black_box(&bytes)).unwrap())),
    );
}

fn encrypted(version: ProtocolVersion, size: usize) {
    let message = workloads::encrypt(version, size).unwrap();
    let bytes = message.to_ttlv().unwrap();
    let what = format!("Encrypt, {version}, {} bytes", bytes.len());
    compare(
        &format!("{what}: encode"),
        || drop(black_box(message.to_ttlv().unwrap())),
        || drop(black_box(black_box(&bytes).clone())),
    );
    compare(
        &format!("{what}: decode"),
        || std::mem::forget(black_box(RequestMessage::from_ttlv(black_box(&bytes)).unwrap())),
        || std::mem::forget(black_box(black_box(&bytes).clone())),
    );
}

/// JSON beside serde_json and the same tree, XML beside the events of quick-xml.
fn texts(version: ProtocolVersion) {
    let message = workloads::create(version, 100);
    let codec = TextCodec::new();
    let bytes = message.to_ttlv().unwrap();
    let json = codec.to_json(&bytes).unwrap();
    let tree: serde_json::Value = serde_json::from_str(&json).unwrap();
    let what = format!("Create x 100, {version}");
    compare(
        &format!("{what}: write JSON"),
        || drop(black_box(codec.to_json(&black_box(&message).to_ttlv().unwrap()).unwrap())),
        || drop(black_box(serde_json::to_string(black_box(&tree)).unwrap())),
    );
    compare(
        &format!("{what}: read JSON"),
        || {
            let bytes = codec.from_json(black_box(&json)).unwrap();
            drop(black_box(RequestMessage::from_ttlv(&bytes).unwrap()));
        },
        || drop(black_box(serde_json::from_str::<serde_json::Value>(black_box(&json)).unwrap())),
    );
    let xml = codec.to_xml(&bytes).unwrap();
    compare(
        &format!("{what}: write XML"),
        || drop(black_box(codec.to_xml(&black_box(&message).to_ttlv().unwrap()).unwrap())),
        || drop(black_box(serde_json::to_string(black_box(&tree)).unwrap())),
    );
    compare(
        &format!("{what}: read XML"),
        || {
            let bytes = codec.from_xml(black_box(&xml)).unwrap();
            drop(black_box(RequestMessage::from_ttlv(&bytes).unwrap()));
        },
        || {
            let mut reader = quick_xml::Reader::from_str(black_box(&xml));
            while !matches!(black_box(reader.read_event().unwrap()), quick_xml::events::Event::Eof) {}
        },
    );
}

/// Prints how long both take, and the ratio of the medians.
fn compare(what: &str, mut ours: impl FnMut(), mut other: impl FnMut()) {
    if std::env::args().nth(1).is_some_and(|part| !what.contains(&part)) {
        return;
    }
    let (count, other_count) = (per_turn(&mut ours), per_turn(&mut other));
    let mut turns: [Vec<f64>; 2] = Default::default();
    for _ in 0..TURNS {
        turns[0].push(turn(&mut ours, count));
        turns[1].push(turn(&mut other, other_count));
    }
    let [ours, other] = turns.map(median);
    println!("| {what} | {ours:.1} ns | {other:.1} ns | {:.2} |", ours / other);
}

fn per_turn(run: &mut impl FnMut()) -> u32 {
    let mut count = 1;
    loop {
        let start = Instant::now();
        (0..count).for_each(|_| run());
        if start.elapsed() >= TURN {
            return count;
        }
        count *= 2;
    }
}

fn turn(run: &mut impl FnMut(), count: u32) -> f64 {
    let start = Instant::now();
    (0..count).for_each(|_| run());
    start.elapsed().as_nanos() as f64 / f64::from(count)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
