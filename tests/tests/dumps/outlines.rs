//! Outlines: what of broken TTLV is read, and what is shown of it.

use kmip_tests::wire::{item, raw, structure};
use kmip_types::dump::Outline;
use kmip_types::{Item, ItemType, Limits, Tag, TextCodec};

use crate::{all, request};

fn text(bytes: &[u8]) -> String {
    Outline::read(bytes, &TextCodec::new()).to_text().to_string()
}

fn annotated(bytes: &[u8]) -> String {
    Outline::read(bytes, &TextCodec::new()).to_annotated().to_string()
}

#[test]
fn the_outline_of_what_is_whole_is_its_text() {
    for (name, message) in all() {
        for codec in [TextCodec::new(), TextCodec::new().reveal_secrets(true)] {
            let outline = Outline::read(&message, &codec);
            assert_eq!(outline.problems().count(), 0, "{name}");
            assert_eq!(outline.to_text().to_string(), codec.to_text(&message).unwrap(), "{name}");
        }
    }
}

/// Every byte is in one line, and lines are not too wide.
#[test]
fn every_byte_is_annotated_once() {
    let codec = TextCodec::new().reveal_secrets(true);
    for (name, message) in all() {
        let annotated = Outline::read(&message, &codec).to_annotated();
        let mut at = 0;
        for line in annotated.lines() {
            assert!(line.chars().count() <= 110, "{name}: {line}");
            let Some(offset) = line.get(..8).and_then(|digits| usize::from_str_radix(digits, 16).ok()) else {
                continue;
            };
            assert_eq!(offset, at, "{name}: {line}");
            at += match line[10..].strip_prefix("… ") {
                Some(rest) => rest.split(' ').next().unwrap().parse::<usize>().unwrap(),
                None => {
                    let pairs = line[10..].split(' ').take_while(|word| word.len() == 2).take(8);
                    for (index, pair) in pairs.clone().enumerate() {
                        assert_eq!(pair, format!("{:02x}", message[at + index]), "{name}: {line}");
                    }
                    pairs.count()
                }
            };
        }
        assert_eq!(at, message.len(), "{name}");
    }
}

#[test]
fn a_message_is_annotated() {
    insta::assert_snapshot!(annotated(&request()), @"");
}

#[test]
fn a_cut_message_is_read_up_to_the_end() {
    insta::assert_snapshot!(text(&request()[..101]), @"");
    insta::assert_snapshot!(annotated(&request()[..101]), @"");
}

/// A structure of items that are wrong each in its own way, with right ones between them.
fn wrong() -> Vec<u8> {
    let right = |value| item(Tag::BATCH_COUNT, ItemType::Integer, &[0, 0, 0, value]);
    let content = [
        right(1),
        raw(Tag::UNIQUE_IDENTIFIER, 0x0F, 8, b"12345678"),
        right(2),
        raw(Tag::BATCH_COUNT, 2, 3, &[0, 0, 0, 9, 0, 0, 0, 0]),
        raw(Tag::BATCH_COUNT, 2, 64, &[0, 0, 0, 9, 0, 0, 0, 0]),
        right(3),
        item(Tag::UNIQUE_IDENTIFIER, ItemType::TextString, b"ab\xFFcd"),
        raw(Tag::UNIQUE_IDENTIFIER, 7, 3, b"abcSECRT"),
        item(Tag::SENSITIVE, ItemType::Boolean, &[0, 0, 0, 0, 0, 0, 0, 2]),
        right(4),
        structure(Tag::NAME, &raw(Tag::NAME_VALUE, 7, 40, b"abcdefgh")),
        right(5),
        item(Tag::PASSWORD, ItemType::TextString, b"hunter2"),
        item(Tag::UNIQUE_IDENTIFIER, ItemType::TextString, "a\u{202E}\u{1B}[2J".as_bytes()),
        b"what is this here?      ".to_vec(),
    ];
    structure(Tag::REQUEST_HEADER, &content.concat())
}

#[test]
fn reading_goes_on_behind_what_is_wrong() {
    insta::assert_snapshot!(text(&wrong()), @"");
    insta::assert_snapshot!(annotated(&wrong()), @"");
}

#[test]
fn what_is_hidden_is_shown_when_it_is_asked_for() {
    let codec = TextCodec::new().reveal_secrets(true);
    insta::assert_snapshot!(Outline::read(&wrong(), &codec).to_text(), @"");
    for text in [text(&wrong()), annotated(&wrong())] {
        for secret in
            ["hunter2", "68 75 6e", "SECRT", "53 45 43", "what", "77 68 61", "12345678", "31 32 33", "abcd"]
        {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[test]
fn values_of_many_bytes_are_folded() {
    let long = structure(
        Tag::REQUEST_HEADER,
        &[
            item(Tag::UNIQUE_IDENTIFIER, ItemType::TextString, "long text ".repeat(60).as_bytes()),
            item(Tag::IV_COUNTER_NONCE, ItemType::ByteString, &[7; 100]),
            item(Tag::CRYPTOGRAPHIC_USAGE_MASK, ItemType::Integer, &[0, 0x7F, 0xFF, 0xFF]),
            item(Tag::PASSWORD, ItemType::TextString, &[b'a'; 100]),
            item(Tag::ACTIVATION_DATE, ItemType::DateTime, &[0, 0, 0, 0, 0x66, 0, 0, 0]),
        ]
        .concat(),
    );
    insta::assert_snapshot!(annotated(&long), @"");
}

#[test]
fn limits_end_an_outline() {
    let nested = structure(Tag::NAME, &structure(Tag::NAME, &structure(Tag::NAME, &wrong())));
    let shallow = TextCodec::new().limits(Limits { depth: 2, ..Limits::DEFAULT });
    insta::assert_snapshot!(Outline::read(&nested, &shallow).to_text(), @"");
    let few = TextCodec::new().limits(Limits { items: 4, ..Limits::DEFAULT });
    insta::assert_snapshot!(Outline::read(&nested, &few).to_text(), @"");
}

#[test]
fn an_error_of_reading_is_at_a_line() {
    let bytes = wrong();
    let error = Item::from_ttlv(&bytes).unwrap_err();
    let codec = TextCodec::new();
    let outline = Outline::read(&bytes, &codec);
    for text in [outline.to_text(), outline.to_annotated()] {
        let line = text.lines().nth(text.line_of(error.offset()).unwrap()).unwrap();
        assert!(line.contains("UniqueIdentifier (type 0x0F)"), "{line}");
        assert_eq!(text.line_of(0), Some(0));
        assert!(text.line_of(usize::MAX).unwrap() < text.lines().count());
    }
    assert_eq!(Outline::read(&[], &codec).to_text().line_of(0), None);
}
