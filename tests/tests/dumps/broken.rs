//! What is missing or in the way is said, with its place.

use kmip_tests::shapes::Shape;

use crate::{parts, request};

fn text(shape: Shape, bytes: &[u8]) -> String {
    String::from_utf8(shape.write(bytes)).unwrap()
}

fn without_lines(text: &str, is_left_out: impl Fn(usize) -> bool) -> String {
    let lines = text.lines().enumerate().filter(|(index, _)| !is_left_out(*index));
    lines.map(|(_, line)| format!("{line}\n")).collect()
}

#[test]
fn cut_messages_say_what_is_missing() {
    let message = request();
    insta::assert_snapshot!(parts(Shape::Binary.write(&message)), @"
    binary
    line 1, column 1: RequestMessage, 120 bytes
    ");
    insta::assert_snapshot!(parts(Shape::Binary.write(&message[..100])), @"
    binary
    line 1, column 1: RequestMessage, 100 bytes of 120: its header declares a value of 112 bytes, 20 bytes missing at the end
    ");
    insta::assert_snapshot!(parts(text(Shape::Xxd, &message[..100])), @"
    a hex dump
    line 1, column 11: RequestMessage, 100 bytes of 120: its header declares a value of 112 bytes, 20 bytes missing at the end
    ");
    insta::assert_snapshot!(parts(text(Shape::PythonBytes, &message[..9])), @"
    a string with escapes
    line 1, column 3: RequestMessage, 9 bytes of 120: its header declares a value of 112 bytes, 111 bytes missing at the end
    ");
    insta::assert_snapshot!(parts(text(Shape::Hex, &[&message[..], &message[..5]].concat())), @"
    hex
    line 1, column 1: RequestMessage, 120 bytes
    line 1, column 241, offset 120: RequestMessage, 5 bytes of the 8 of its header, 3 bytes missing at the end
    ");
    // A cut packet, and the next one behind it.
    let two = [text(Shape::Xxd, &message[..64]), text(Shape::Xxd, &message)].concat();
    insta::assert_snapshot!(parts(two), @"
    a hex dump
    line 1, column 11: RequestMessage, 64 bytes of 120: its header declares a value of 112 bytes, 56 bytes missing at the end
    line 5, column 11, offset 64: RequestMessage, 120 bytes
    ");
}

#[test]
fn what_is_before_between_and_behind_is_skipped_with_its_length() {
    let message = request();
    let garbage =
        [b"POST /kmip\r\n\r\n".as_slice(), &message, &[0; 12], &message, &[0x42, 7, 9, 9, 9, 9, 9, 9, 9]];
    insta::assert_snapshot!(parts(garbage.concat()), @"
    binary
    line 1, column 1: 14 bytes in which no TTLV item starts: 0x42 or 0x54, an item type and a length that fits
    line 1, column 15, offset 14: RequestMessage, 120 bytes
    line 1, column 135: 12 bytes of zero that belong to no item
    line 1, column 147, offset 146: RequestMessage, 120 bytes
    line 1, column 267: 9 bytes in which no TTLV item starts: 0x42 or 0x54, an item type and a length that fits
    ");
    insta::assert_snapshot!(parts(text(Shape::Hexdump, &garbage.concat())), @"
    a hex dump
    line 1, column 11: 14 bytes in which no TTLV item starts: 0x42 or 0x54, an item type and a length that fits
    line 1, column 54, offset 14: RequestMessage, 120 bytes
    line 9, column 29: 12 bytes of zero that belong to no item
    line 10, column 17, offset 146: RequestMessage, 120 bytes
    line 17, column 42: 9 bytes in which no TTLV item starts: 0x42 or 0x54, an item type and a length that fits
    ");
    insta::assert_snapshot!(parts(text(Shape::Base64, &garbage.concat())), @"
    base64
    line 1, column 1: 14 bytes in which no TTLV item starts: 0x42 or 0x54, an item type and a length that fits
    line 1, column 19, offset 14: RequestMessage, 120 bytes
    line 1, column 179: 12 bytes of zero that belong to no item
    line 1, column 195, offset 146: RequestMessage, 120 bytes
    line 1, column 355: 9 bytes in which no TTLV item starts: 0x42 or 0x54, an item type and a length that fits
    ");
}

#[test]
fn lines_that_a_dump_lacks_are_told_of() {
    let dump = text(Shape::Xxd, &request());
    insta::assert_snapshot!(parts(without_lines(&dump, |index| index == 3)), @"
    a hex dump
    line 1, column 11: RequestMessage, 48 bytes of 120: its header declares a value of 112 bytes, 72 bytes missing at the end
    line 3, column 68: 16 bytes missing here, by the offsets of the dump
    line 4, column 11: 8 bytes in which no TTLV item starts: 0x42 or 0x54, an item type and a length that fits
    line 4, column 31, offset 56: BatchItem, 48 bytes
    ");
    insta::assert_snapshot!(parts(dump.replacen("00000020: 0", "00000020: g", 1)), @"
    a hex dump
    line 1, column 11: RequestMessage, 32 bytes of 120: its header declares a value of 112 bytes, 88 bytes missing at the end
    line 2, column 68: 16 bytes missing here, by the offsets of the dump
    line 3, column 1: text that is not read
    line 4, column 11: 8 bytes in which no TTLV item starts: 0x42 or 0x54, an item type and a length that fits
    line 4, column 31, offset 40: BatchCount, 16 bytes
    line 5, column 31, offset 56: BatchItem, 48 bytes
    ");
    insta::assert_snapshot!(parts(dump.replacen("\n00000030", "\nWARN late\n00000030", 1)), @"
    a hex dump
    line 1, column 11: RequestMessage, 120 bytes
    line 4, column 1: text that is not read
    ");
}

#[test]
fn half_bytes_are_told_of() {
    let hex = text(Shape::Hex, &request());
    insta::assert_snapshot!(parts(&hex[..hex.len() - 1]), @"
    hex
    line 1, column 1: RequestMessage, 119 bytes of 120: its header declares a value of 112 bytes, 1 byte missing at the end
    line 1, column 239: half a byte: a digit or character is missing
    ");
    insta::assert_snapshot!(parts(format!("{} {}", &hex[..31], &hex[32..])), @"
    hex
    line 1, column 1: RequestMessage, 15 bytes of 120: its header declares a value of 112 bytes, 105 bytes missing at the end
    line 1, column 31: half a byte: a digit or character is missing
    line 1, column 33, offset 15: ProtocolVersion, 40 bytes
    line 1, column 113, offset 55: BatchCount, 16 bytes
    line 1, column 145, offset 71: BatchItem, 48 bytes
    ");
    let base64 = text(Shape::Base64Url, &request());
    insta::assert_snapshot!(parts(&base64[..97]), @"
    base64
    line 1, column 1: RequestMessage, 72 bytes of 120: its header declares a value of 112 bytes, 48 bytes missing at the end
    line 1, column 97: half a byte: a digit or character is missing
    ");
}

#[test]
fn something_before_each_line_is_told_of() {
    let before = |line: &str| format!("12:00:00.1 DEBUG {line}\n");
    let log: String = text(Shape::SpacedHex, &request()[..40]).lines().map(before).collect();
    insta::assert_snapshot!(parts(log), @"
    hex
    line 1, column 1: text that is not read
    line 1, column 18: RequestMessage, 40 bytes of 120: its header declares a value of 112 bytes, 80 bytes missing at the end
    line 2, column 1: text that is not read
    line 3, column 1: text that is not read
    ");
    let log: String = text(Shape::Xxd, &request()[..40]).lines().map(before).collect();
    insta::assert_snapshot!(parts(log), @"
    hex
    line 1, column 1: text that is not read
    line 1, column 28: RequestMessage, 40 bytes of 120: its header declares a value of 112 bytes, 80 bytes missing at the end
    line 1, column 69: text that is not read
    line 2, column 1: text that is not read
    line 2, column 69: text that is not read
    line 3, column 1: text that is not read
    line 3, column 69: text that is not read
    ");
}

#[test]
fn what_holds_no_message_says_what_it_is() {
    insta::assert_snapshot!(parts(""), @"error: the input is empty");
    insta::assert_snapshot!(parts(" \n\t"), @"error: the input is empty");
    insta::assert_snapshot!(parts("hello, world\nit is me"), @"error: the input is no TTLV, and no hex, hex dump, list of numbers, string with escapes, base64, JSON or XML of it: line 1, column 1: text that is not read; line 2, column 1: text that is not read");
    insta::assert_snapshot!(parts("deadbeef 0123"), @"error: the input is hex, but holds no KMIP message or item: line 1, column 1: 6 bytes in which no TTLV item starts: 0x42 or 0x54, an item type and a length that fits");
    insta::assert_snapshot!(parts(b"\xFF\xFE4\x002\x00"), @"error: the input is text in UTF-16; save it as UTF-8");
    insta::assert_snapshot!(parts(b"\x7FELF\x00\x01"), @"error: the input is binary, but holds no KMIP message or item: line 1, column 1: 6 bytes in which no TTLV item starts: 0x42 or 0x54, an item type and a length that fits");
    insta::assert_snapshot!(parts(b"\x16\x03\x03\x00\x20\x01\x02\x03"), @"error: the input is binary, but holds no KMIP message or item: line 1, column 1: 8 bytes of TLS, which are encrypted: without the keys no message can be read from them");
    insta::assert_snapshot!(parts(text(Shape::Tcpdump, b"\x17\x03\x03\x00\x20\x01\x02\x03")), @"error: the input is a hex dump, but holds no KMIP message or item: line 4, column 31: 8 bytes of TLS, which are encrypted: without the keys no message can be read from them");
    insta::assert_snapshot!(parts("[1, 2, 3, 4, 5, 6, 7, 300]"), @"error: the input is a list of numbers, but holds no KMIP message or item: line 1, column 2: 7 bytes in which no TTLV item starts: 0x42 or 0x54, an item type and a length that fits; line 1, column 23: text that is not read");
    // The start of an item that is broken is for an outline to tell of.
    insta::assert_snapshot!(parts("42007801 FFFFFFFF 00"), @"
    hex
    line 1, column 1: RequestMessage, 9 bytes of 4294967304: its header declares a value of 4294967295 bytes, 4294967295 bytes missing at the end
    ");
    insta::assert_snapshot!(parts("42007811 00000000"), @"
    hex
    line 1, column 1: RequestMessage, 8 bytes
    ");
}

#[test]
fn a_packet_that_was_cut_says_so() {
    let dump = text(Shape::Tcpdump, &request());
    insta::assert_snapshot!(parts(without_lines(&dump, |index| index > 6)), @"
    a hex dump
    line 4, column 31: RequestMessage, 56 bytes of 120: its header declares a value of 112 bytes, 64 bytes missing at the end
    line 8, column 1: 64 bytes of a packet not captured; capture with a larger snapshot length
    ");
}
