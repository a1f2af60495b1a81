//! Every message in every encoding, whole and broken.

use kmip_types::message::{Message, RequestMessage, ResponseMessage};
use kmip_types::text::TextCodec;
use kmip_types::{Item, ProtocolVersion};
use zeroize::Zeroizing;

use crate::Found;
use crate::marks::{self, MARK, Marked};

const VERSIONS: [ProtocolVersion; 2] = [ProtocolVersion::V1_4, ProtocolVersion::V2_1];

/// Where broken ones are broken: about so many places of each.
const PLACES: usize = 24;

#[test]
fn messages_of_every_operation_leave_nothing() {
    let mut found = Found::default();
    for message in VERSIONS.into_iter().flat_map(marks::all) {
        let Marked { name, is_request, ttlv } = &message;
        found.look(&format!("{name}: binary"), &[MARK], || binary(*is_request, ttlv));
        found.look(&format!("{name}: items"), &[MARK], || items(ttlv));
        found.look(&format!("{name}: JSON and XML"), &[MARK], || texts(ttlv));
    }
    found.assert_none();
}

#[test]
fn broken_messages_leave_nothing() {
    let mut found = Found::default();
    for Marked { name, is_request, ttlv } in VERSIONS.into_iter().flat_map(marks::all) {
        for at in (0..ttlv.len()).step_by(8 * (1 + ttlv.len() / 8 / PLACES)) {
            let mut retyped = ttlv.clone();
            retyped[at + 3] = if retyped[at + 3] == 7 { 8 } else { 7 };
            let mut padded = ttlv.clone();
            *padded.last_mut().unwrap() ^= 1;
            for (how, bytes) in [("another type", &retyped[..]), ("cut", &ttlv[..at]), ("padding", &padded)] {
                found.look(&format!("{name}: {how} at {at}"), &[MARK], || broken(is_request, bytes));
            }
        }
    }
    found.assert_none();
}

#[test]
fn broken_texts_leave_nothing() {
    let mut found = Found::default();
    let codec = TextCodec::new();
    for Marked { name, ttlv, .. } in VERSIONS.into_iter().flat_map(marks::all) {
        let json = Zeroizing::new(codec.to_json(&ttlv).unwrap());
        let xml = Zeroizing::new(codec.to_xml(&ttlv).unwrap());
        for text in [&json, &xml] {
            let quotes: Vec<usize> = text.match_indices('"').map(|(at, _)| at).collect();
            for at in quotes.iter().step_by(quotes.len() / PLACES / 2 * 2 + 1).copied() {
                let removed = Zeroizing::new([&text[..at], &text[at + 1..]].concat());
                let escaped = Zeroizing::new([&text[..=at], r"\u0041&amp;\n", &text[at + 1..]].concat());
                for text in [&removed[..], &escaped, &text[..at]] {
                    found.look(&format!("{name}: a text broken at {at}"), &[MARK], || {
                        drop(codec.from_json(text).map(Zeroizing::new));
                        drop(codec.from_xml(text).map(Zeroizing::new));
                        drop(Item::from_json(text));
                        drop(Item::from_xml(text));
                    });
                }
            }
        }
    }
    found.assert_none();
}

fn binary(is_request: bool, ttlv: &[u8]) {
    fn run<M: Message + Clone + std::fmt::Debug + PartialEq>(ttlv: &[u8]) {
        // The mark is in the place of some fields where it does not fit.
        if let Ok(message) = M::from_ttlv(ttlv) {
            let again = message.clone();
            drop(format!("{message:?}{message:#?}"));
            assert_eq!(*Zeroizing::new(again.to_ttlv().unwrap()), ttlv);
        }
        if let Ok(decoded) = M::from_ttlv_lenient(ttlv) {
            drop(format!("{:?}", decoded.clone()));
        }
    }
    if is_request { run::<RequestMessage>(ttlv) } else { run::<ResponseMessage>(ttlv) }
}

fn items(ttlv: &[u8]) {
    let item = Item::from_ttlv(ttlv).unwrap();
    drop(format!("{item:?}{item:#?}{item}"));
    drop(item.clone());
    drop(Item::from_json(&Zeroizing::new(item.to_json().unwrap())).unwrap());
    drop(Item::from_xml(&Zeroizing::new(item.to_xml().unwrap())).unwrap());
    drop(Zeroizing::new(item.to_ttlv().unwrap()));
}

fn texts(ttlv: &[u8]) {
    let codec = TextCodec::new();
    let json = Zeroizing::new(codec.to_json(ttlv).unwrap());
    assert_eq!(*Zeroizing::new(codec.from_json(&json).unwrap()), ttlv);
    let xml = Zeroizing::new(codec.to_xml(ttlv).unwrap());
    assert_eq!(*Zeroizing::new(codec.from_xml(&xml).unwrap()), ttlv);
    drop(codec.to_text(ttlv).unwrap());
}

fn broken(is_request: bool, bytes: &[u8]) {
    if is_request {
        drop(RequestMessage::from_ttlv(bytes));
        drop(RequestMessage::from_ttlv_lenient(bytes));
    } else {
        drop(ResponseMessage::from_ttlv(bytes));
        drop(ResponseMessage::from_ttlv_lenient(bytes));
    }
    drop(Item::from_ttlv(bytes));
    let codec = TextCodec::new();
    drop(codec.to_json(bytes).map(Zeroizing::new));
    drop(codec.to_xml(bytes).map(Zeroizing::new));
    drop(codec.to_text(bytes));
}
