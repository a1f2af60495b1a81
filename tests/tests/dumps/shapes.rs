//! A message is the same in every shape.

use kmip_tests::shapes::Shape;
use kmip_tests::wire::{item, structure};
use kmip_types::dump::{Dump, DumpError, DumpForm};
use kmip_types::{ItemType, Tag, TextCodec};

use crate::{all, bytes, read, request};

fn form(shape: Shape) -> DumpForm {
    match shape {
        Shape::Binary => DumpForm::Binary,
        Shape::Hex
        | Shape::FoldedHex
        | Shape::SpacedHex
        | Shape::ColonHex
        | Shape::PrefixedHex
        | Shape::LoggedHex
        | Shape::HexAndCharacters => DumpForm::Hex,
        Shape::WiresharkArray
        | Shape::CArray
        | Shape::GoList
        | Shape::JavaArray
        | Shape::JavaList
        | Shape::RustList => DumpForm::Numbers,
        Shape::WiresharkString | Shape::GoString | Shape::PythonBytes => DumpForm::Escaped,
        Shape::Base64 | Shape::Pem | Shape::Base64Url => DumpForm::Base64,
        _ => DumpForm::HexDump,
    }
}

/// Nothing is skipped, but what a log says besides.
#[track_caller]
fn check(name: &str, shape: Shape, message: &[u8]) {
    let input = shape.write(message);
    let shown = || String::from_utf8_lossy(&input).into_owned();
    let dump = read(&input).unwrap_or_else(|error| panic!("{name} as {shape:?}: {error}\n{}", shown()));
    let found: Vec<&[u8]> = dump.messages().map(|message| message.bytes.reveal()).collect();
    assert!(found == [message], "{name} as {shape:?}: {:?}\n{}", dump.parts, shown());
    assert!(dump.messages().all(|message| message.is_complete()), "{name} as {shape:?}");
    if !matches!(shape, Shape::PrefixedHex | Shape::WiresharkString) {
        assert_eq!(dump.form, form(shape), "{name} as {shape:?}");
    }
    if shape != Shape::LoggedHex {
        assert_eq!(dump.skipped().count(), 0, "{name} as {shape:?}: {:?}\n{}", dump.parts, shown());
    }
}

#[test]
fn every_message_is_the_same_in_every_shape() {
    for (name, message) in all() {
        for shape in Shape::ALL {
            check(&name, shape, &message);
        }
    }
}

#[test]
fn messages_in_a_row_are_found_one_by_one() {
    let messages: Vec<Vec<u8>> = all().map(|(_, message)| message).take(3).collect();
    let row = messages.concat();
    for shape in Shape::ALL {
        assert_eq!(bytes(shape.write(&row)), messages, "{shape:?}");
    }
}

#[test]
fn dumps_in_a_row_are_found_one_by_one() {
    let messages: Vec<Vec<u8>> = all().map(|(_, message)| message).take(3).collect();
    for shape in Shape::ALL {
        let mut row = Vec::new();
        for message in &messages {
            row.extend(shape.write(message));
            if shape != Shape::Binary {
                row.push(b'\n');
            }
        }
        if matches!(shape, Shape::Tcpdump | Shape::TcpdumpSegments) {
            // These are the same packets again, by their numbers.
            continue;
        }
        assert_eq!(bytes(&row), messages, "{shape:?}\n{}", String::from_utf8_lossy(&row));
    }
}

#[test]
fn a_packet_that_was_sent_again_is_taken_once() {
    let twice = [Shape::TcpdumpSegments.write(&request()), Shape::TcpdumpSegments.write(&request())].concat();
    assert_eq!(bytes(twice), [request()]);
}

/// The second of these packets starts as a record of TLS does.
#[test]
fn a_part_of_a_message_that_looks_like_tls_is_none() {
    let value = [&[0; 74][..], &[0x17, 3, 3, 0, 9, 9], &[0; 20]].concat();
    let item = item(Tag::IV_COUNTER_NONCE, ItemType::ByteString, &value);
    let message = structure(Tag::REQUEST_MESSAGE, &item);
    assert_eq!(message[90], 0x17);
    assert_eq!(bytes(Shape::TcpdumpSegments.write(&message)), [message]);
}

#[test]
fn a_dump_that_starts_later_is_read() {
    let dump = String::from_utf8(Shape::Xxd.write(&[&[0xAA; 32][..], &request()].concat())).unwrap();
    let later: Vec<&str> = dump.lines().skip(2).collect();
    assert_eq!(bytes(later.join("\n")), [request()]);
}

/// Two lines that `xxd`, `hexdump -C` and Wireshark write of the same bytes, by hand.
#[test]
fn lines_written_by_hand_are_read() {
    let item = [0x42, 0, 0x0D, 2, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 0];
    for input in [
        "00000000: 4200 0d02 0000 0004 0000 0002 0000 0000  B...............",
        "00000000  42 00 0d 02 00 00 00 04  00 00 00 02 00 00 00 00  |B...............|\n00000010",
        "0000   42 00 0d 02 00 00 00 04 00 00 00 02 00 00 00 00   B...............",
        "0x0000:  4200 0d02 0000 0004 0000 0002 0000 0000",
        "0x7ffe10:\t0x42\t0x00\t0x0d\t0x02\t0x00\t0x00\t0x00\t0x04\n0x7ffe18:\t0x00\t0x00\t0x00\t0x02\t0x00\t0x00\t0x00\t0x00",
        "\\x42\\x00\\x0d\\x02\\x00\\x00\\x00\\x04\\x00\\x00\\x00\\x02\\x00\\x00\\x00\\x00",
        "\"B\\0\\r\\002\\0\\0\\0\\004\\0\\0\\0\\002\\0\\0\\0\\0\"",
        "b\"B\\0\\r\\x02\\0\\0\\0\\x04\\0\\0\\0\\x02\\0\\0\\0\\0\"",
        "bytearray(b'B\\x00\\r\\x02\\x00\\x00\\x00\\x04'\n    b'\\x00\\x00\\x00\\x02\\x00\\x00\\x00\\x00')",
        "X'42000D02000000040000000200000000'",
        "{0x42,0,0xd,2,0,0,0,4,0,0,0,2,0,0,0,0}",
        "vec![0x42_u8, 0, 13, 2, 0, 0, 0, 4, /* value */ 0, 0, 0, 2, // padding\n 0, 0, 0, 0];",
        "QgANAgAAAAQAAAACAAAAAA==",
        "payload: \"QgANAgAAAAQAAAACAAAAAA==\"",
        "Request: 42 00 0d 02 00 00 00 04 00 00 00 02 00 00 00 00",
        "12:00 DEBUG 42 00 0d 02 00 00 00 04\n12:01 DEBUG 00 00 00 02 00 00 00 00",
        "\u{FEFF}42000d02 00000004 00000002 00000000",
        "42 00 0D 02 00 00 00 04-00 00 00 02 00 00 00 00",
    ] {
        assert_eq!(bytes(input), [item], "{input}");
    }
}

#[test]
fn an_input_is_read_in_the_form_that_is_said() {
    let codec = TextCodec::new();
    for shape in Shape::ALL {
        let input = shape.write(&request());
        // Some are read in either of two forms.
        let form = read(&input).unwrap().form;
        assert_eq!(Dump::read_as(form, &input, &codec), Dump::read(&input, &codec), "{shape:?}");
        let text = Dump::read_as(DumpForm::Json, &input, &codec);
        assert!(matches!(text, Err(DumpError::NoItem { form: DumpForm::Json, .. })), "{shape:?}");
    }
    let codec_json = codec.to_json(&request()).unwrap();
    let json = Dump::read_as(DumpForm::Json, codec_json.as_bytes(), &codec).unwrap();
    assert_eq!(json.messages().next().unwrap().bytes.reveal(), request());
    assert_eq!(Dump::read_as(DumpForm::Hex, b" \n", &codec), Err(DumpError::Empty));
}

/// The last packet starts as a record of TLS does.
#[test]
fn a_packet_that_looks_like_tls_by_chance_is_read() {
    let mut message = item(Tag::KEY_MATERIAL, ItemType::ByteString, &[0x15; 180]);
    message[90..95].copy_from_slice(&[0x15, 3, 3, 0, 2]);
    assert_eq!(bytes(Shape::TcpdumpSegments.write(&message)), [message]);
}
