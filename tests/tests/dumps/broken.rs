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
    insta::assert_snapshot!(parts(Shape::Binary.write(&message)), @"");
    insta::assert_snapshot!(parts(Shape::Binary.write(&message[..100])), @"");
    insta::assert_snapshot!(parts(text(Shape::Xxd, &message[..100])), @"");
    insta::assert_snapshot!(parts(text(Shape::PythonBytes, &message[..9])), @"");
    insta::assert_snapshot!(parts(text(Shape::Hex, &[&message[..], &message[..5]].concat())), @"");
    // A cut packet, and the next one behind it.
    let two = [text(Shape::Xxd, &message[..64]), text(Shape::Xxd, &message)].concat();
    insta::assert_snapshot!(parts(two), @"");
}

#[test]
fn what_is_before_between_and_behind_is_skipped_with_its_length() {
    let message = request();
    let garbage =
        [b"POST /kmip\r\n\r\n".as_slice(), &message, &[0; 12], &message, &[0x42, 7, 9, 9, 9, 9, 9, 9, 9]];
    insta::assert_snapshot!(parts(garbage.concat()), @"");
    insta::assert_snapshot!(parts(text(Shape::Hexdump, &garbage.concat())), @"");
    insta::assert_snapshot!(parts(text(Shape::Base64, &garbage.concat())), @"");
}

#[test]
fn lines_that_a_dump_lacks_are_told_of() {
    let dump = text(Shape::Xxd, &request());
    insta::assert_snapshot!(parts(without_lines(&dump, |index| index == 3)), @"");
    insta::assert_snapshot!(parts(dump.replacen("00000020: 4", "00000020: g", 1)), @"");
    insta::assert_snapshot!(parts(dump.replacen("\n00000030", "\nWARN late\n00000030", 1)), @"");
}

#[test]
fn half_bytes_are_told_of() {
    let hex = text(Shape::Hex, &request());
    insta::assert_snapshot!(parts(&hex[..hex.len() - 1]), @"");
    insta::assert_snapshot!(parts(format!("{} {}", &hex[..31], &hex[32..])), @"");
    let base64 = text(Shape::Base64Url, &request());
    insta::assert_snapshot!(parts(&base64[..97]), @"");
}

#[test]
fn something_before_each_line_is_told_of() {
    let before = |line: &str| format!("12:00:00.1 DEBUG {line}\n");
    let log: String = text(Shape::SpacedHex, &request()[..40]).lines().map(before).collect();
    insta::assert_snapshot!(parts(log), @"");
    let log: String = text(Shape::Xxd, &request()[..40]).lines().map(before).collect();
    insta::assert_snapshot!(parts(log), @"");
}

#[test]
fn what_holds_no_message_says_what_it_is() {
    insta::assert_snapshot!(parts(""), @"");
    insta::assert_snapshot!(parts(" \n\t"), @"");
    insta::assert_snapshot!(parts("hello, world\nit is me"), @"");
    insta::assert_snapshot!(parts("deadbeef 0123"), @"");
    insta::assert_snapshot!(parts(b"\xFF\xFE4\x002\x00"), @"");
    insta::assert_snapshot!(parts(b"\x7FELF\x00\x01"), @"");
    insta::assert_snapshot!(parts(b"\x16\x03\x03\x00\x20\x01\x02\x03"), @"");
    insta::assert_snapshot!(parts(text(Shape::Tcpdump, b"\x17\x03\x03\x00\x20\x01\x02\x03")), @"");
    insta::assert_snapshot!(parts("[1, 2, 3, 4, 5, 6, 7, 300]"), @"");
    // The start of an item that is broken is for an outline to tell of.
    insta::assert_snapshot!(parts("42007801 FFFFFFFF 00"), @"");
    insta::assert_snapshot!(parts("42007811 00000000"), @"");
}

#[test]
fn a_packet_that_was_cut_says_so() {
    let dump = text(Shape::Tcpdump, &request());
    insta::assert_snapshot!(parts(without_lines(&dump, |index| index > 6)), @"");
}
