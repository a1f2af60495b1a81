//! The rows of the tables: what of ours is measured, and what beside it.
#![allow(clippy::unwrap_used)] // What is measured is known to work.

use std::hint::black_box;

use kmip_types::message::{Message, RequestMessage, ResponseMessage};
use kmip_types::text::TextCodec;
use kmip_types::ttlv::Writer;
use kmip_types::{Item, ProtocolVersion};

use crate::turns::Contestant;
use crate::{hand, workloads};

/// How many bytes are encrypted.
pub const MEBIBYTE: usize = 1 << 20;
/// How many objects are found.
pub const FOUND: usize = 1000;

/// What a table is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Typed values and TTLV.
    Typed,
    /// Typed values and texts.
    Text,
    /// Items, TTLV and texts.
    Item,
}

/// One thing that is measured.
pub struct Row<'a> {
    /// The workload, the version and the direction.
    pub what: String,
    /// The size of what is written or read.
    pub bytes: usize,
    /// Our code.
    pub ours: Contestant<'a>,
    /// What the other code is.
    pub beside: &'static str,
    /// The other code.
    pub other: Contestant<'a>,
    /// The ratio of the two that is aimed at.
    pub target: Option<f64>,
}

impl Table {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Typed, Self::Text, Self::Item];

    /// What stands above the table.
    pub fn title(self) -> &'static str {
        match self {
            Self::Typed => "Typed values and TTLV:",
            Self::Text => "Typed values and texts:",
            Self::Item => "Items:",
        }
    }

    /// Shows each row of the table.
    pub fn each(self, see: &mut dyn FnMut(Row<'_>)) {
        for version in workloads::VERSIONS {
            if self == Self::Typed {
                creates(version, 1, [1.5, 1.8], see);
                creates(version, 100, [1.3, 1.5], see);
                located(version, see);
                encrypted(version, see);
                continue;
            }
            self.of_message(&format!("Create, {version}"), &workloads::create(version, 1), see);
            self.of_message(&format!("Create x 100, {version}"), &workloads::create(version, 100), see);
            self.of_message(&format!("Locate, {version}"), &workloads::located(version, FOUND), see);
            let encrypt = workloads::encrypt(version, MEBIBYTE).unwrap();
            self.of_message(&format!("Encrypt, {version}"), &encrypt, see);
        }
    }

    fn of_message<T: Message>(self, name: &str, message: &T, see: &mut dyn FnMut(Row<'_>)) {
        let bytes = message.to_ttlv().unwrap();
        let texts = Texts::new(&bytes);
        if self == Self::Text {
            let codec = TextCodec::new();
            let of_text = |bytes: &[u8]| T::from_ttlv(bytes).unwrap();
            texts.rows(
                name,
                ["write JSON", "read JSON", "write XML", "read XML"],
                [&mut || codec.to_json(&message.to_ttlv().unwrap()).unwrap(), &mut || {
                    codec.to_xml(&message.to_ttlv().unwrap()).unwrap()
                }],
                [&mut |json| drop(black_box(of_text(&codec.from_json(json).unwrap()))), &mut |xml| {
                    drop(black_box(of_text(&codec.from_xml(xml).unwrap())))
                }],
                Some([2.0, 2.5]),
                see,
            );
            return;
        }
        let item = Item::from_ttlv(&bytes).unwrap();
        see(Row {
            what: format!("{name}: Item to TTLV"),
            bytes: bytes.len(),
            ours: Contestant::new(|| black_box(&item).to_ttlv().unwrap()),
            beside: "typed",
            other: Contestant::new(|| black_box(message).to_ttlv().unwrap()),
            target: None,
        });
        see(Row {
            what: format!("{name}: TTLV to Item"),
            bytes: bytes.len(),
            ours: Contestant::new(|| Item::from_ttlv(black_box(&bytes)).unwrap()),
            beside: "typed",
            other: Contestant::new(|| T::from_ttlv(black_box(&bytes)).unwrap()),
            target: None,
        });
        texts.rows(
            name,
            ["Item to JSON", "JSON to Item", "Item to XML", "XML to Item"],
            [&mut || black_box(&item).to_json().unwrap(), &mut || black_box(&item).to_xml().unwrap()],
            [&mut |json| drop(black_box(Item::from_json(json).unwrap())), &mut |xml| {
                drop(black_box(Item::from_xml(xml).unwrap()))
            }],
            None,
            see,
        );
    }
}

/// A message in the texts, and what is read from one of them without knowing KMIP.
struct Texts {
    json: String,
    xml: String,
    tree: serde_json::Value,
}

impl Texts {
    fn new(bytes: &[u8]) -> Self {
        let codec = TextCodec::new();
        let json = codec.to_json(bytes).unwrap();
        Self { tree: serde_json::from_str(&json).unwrap(), xml: codec.to_xml(bytes).unwrap(), json }
    }

    /// Writing and reading JSON and XML; the targets are those of writing and reading.
    ///
    /// No library writes XML of a tree that it has: writing stands beside the JSON of the same tree.
    fn rows(
        &self,
        name: &str,
        ways: [&str; 4],
        [write_json, write_xml]: [&mut dyn FnMut() -> String; 2],
        [read_json, read_xml]: [&mut dyn FnMut(&str); 2],
        targets: Option<[f64; 2]>,
        see: &mut dyn FnMut(Row<'_>),
    ) {
        let write_tree = || serde_json::to_string(black_box(&self.tree)).unwrap();
        let read_tree = || serde_json::from_str::<serde_json::Value>(black_box(&self.json)).unwrap();
        let read_events = || {
            let mut reader = quick_xml::Reader::from_str(black_box(&self.xml));
            while !matches!(black_box(reader.read_event().unwrap()), quick_xml::events::Event::Eof) {}
        };
        let row = |way: &str, text: &str, ours, beside, other, target| Row {
            what: format!("{name}: {way}"),
            bytes: text.len(),
            ours,
            beside,
            other,
            target,
        };
        let [write, read] = targets.map_or([None; 2], |targets| targets.map(Some));
        let (json, xml) = (&self.json, &self.xml);
        let ours = Contestant::new(write_json);
        see(row(ways[0], json, ours, "serde_json", Contestant::new(write_tree), write));
        let ours = Contestant::new(|| read_json(black_box(json)));
        see(row(ways[1], json, ours, "serde_json", Contestant::new(read_tree), read));
        let ours = Contestant::new(write_xml);
        see(row(ways[2], xml, ours, "serde_json", Contestant::new(write_tree), write));
        let ours = Contestant::new(|| read_xml(black_box(xml)));
        see(row(ways[3], xml, ours, "quick-xml", Contestant::new(read_events), read));
    }
}

fn creates(version: ProtocolVersion, count: usize, targets: [f64; 2], see: &mut dyn FnMut(Row<'_>)) {
    let message: RequestMessage = workloads::create(version, count);
    let by_hand = hand::Creates::new(version, count);
    let bytes = message.to_ttlv().unwrap();
    let mut out = Vec::new();
    hand::write(&by_hand, &mut out);
    assert_eq!(bytes, out);
    assert_eq!(hand::read(&bytes), Some(by_hand.clone()));
    let name = if count == 1 { format!("Create, {version}") } else { format!("Create x {count}, {version}") };
    typed(
        &name,
        &message,
        || {
            out.clear();
            hand::write(black_box(&by_hand), &mut out);
            black_box(out.as_ptr())
        },
        || hand::read(black_box(&bytes)).unwrap(),
        targets,
        see,
    );
}

fn located(version: ProtocolVersion, see: &mut dyn FnMut(Row<'_>)) {
    let message: ResponseMessage = workloads::located(version, FOUND);
    let by_hand = hand::Located::new(version, FOUND);
    let bytes = message.to_ttlv().unwrap();
    let mut out = Vec::new();
    hand::write_located(&by_hand, &mut out);
    assert_eq!(bytes, out);
    assert_eq!(hand::read_located(&bytes), Some(by_hand.clone()));
    typed(
        &format!("Locate, {version}"),
        &message,
        || {
            out.clear();
            hand::write_located(black_box(&by_hand), &mut out);
            black_box(out.as_ptr())
        },
        || hand::read_located(black_box(&bytes)).unwrap(),
        [1.2, 1.2],
        see,
    );
}

/// Encoding into a buffer that is used again, and decoding, beside code by hand.
fn typed<T: Message + PartialEq + std::fmt::Debug, Written, Read>(
    name: &str,
    message: &T,
    write: impl FnMut() -> Written,
    read: impl FnMut() -> Read,
    targets: [f64; 2],
    see: &mut dyn FnMut(Row<'_>),
) {
    let bytes = message.to_ttlv().unwrap();
    assert_eq!(&T::from_ttlv(&bytes).unwrap(), message);
    let mut writer = Writer::new(message.version());
    see(Row {
        what: format!("{name}: encode"),
        bytes: bytes.len(),
        ours: Contestant::new(|| {
            writer.clear();
            black_box(message).encode(T::TAG, &mut writer).unwrap();
            black_box(writer.bytes().as_ptr())
        }),
        beside: "by hand",
        other: Contestant::new(write),
        target: Some(targets[0]),
    });
    see(Row {
        what: format!("{name}: decode"),
        bytes: bytes.len(),
        ours: Contestant::new(|| T::from_ttlv(black_box(&bytes)).unwrap()),
        beside: "by hand",
        other: Contestant::new(read),
        target: Some(targets[1]),
    });
}

/// One large byte string, beside a copy of the message.
fn encrypted(version: ProtocolVersion, see: &mut dyn FnMut(Row<'_>)) {
    let message = workloads::encrypt(version, MEBIBYTE).unwrap();
    let bytes = message.to_ttlv().unwrap();
    let copy = || black_box(&bytes).clone();
    let read = || RequestMessage::from_ttlv(black_box(&bytes)).unwrap();
    let row = |way: &str, ours, other, target| Row {
        what: format!("Encrypt, {version}: {way}"),
        bytes: bytes.len(),
        ours,
        beside: "copy",
        other,
        target,
    };
    let ours = Contestant::new(|| black_box(&message).to_ttlv().unwrap());
    see(row("encode", ours, Contestant::new(copy), Some(1.05)));
    see(row("decode", Contestant::stopping(read), Contestant::stopping(copy), Some(1.05)));
    // What was read is wiped when it is dropped.
    see(row("decode and drop", Contestant::new(read), Contestant::new(copy), None));
}
