//! Messages in the shapes in which they are pasted: what the command shows of them, and that it gets the same bytes.

#![allow(clippy::unwrap_used)] // A panic is how a test fails.

mod common;

use std::process::Command;

use common::{Folder, kmip, run};
use insta_cmd::assert_cmd_snapshot;
use kmip_tests::samples::messages;
use kmip_tests::shapes::Shape;
use kmip_types::ProtocolVersion;
use kmip_types::enumerations::Operation;
use kmip_types::message::Message;
use kmip_types::operation::{ActivateRequest, ActivateResponse};

fn request() -> Vec<u8> {
    let payload = ActivateRequest { unique_identifier: Some("key-1".into()) };
    messages::request(ProtocolVersion::V1_2, Operation::Activate, payload.into()).to_ttlv().unwrap()
}

fn response() -> Vec<u8> {
    let payload = ActivateResponse::new("key-1");
    messages::response(ProtocolVersion::V1_2, Operation::Activate, payload.into()).to_ttlv().unwrap()
}

/// The command on a file of this content.
fn on(folder: &Folder, content: &[u8], arguments: &[&str]) -> Command {
    folder.file("dump", content);
    let mut command = kmip(arguments);
    command.current_dir(&folder.0).arg("dump");
    command
}

/// Compares what each of these prints of an input, and the exit code, with a snapshot of that name.
macro_rules! shows {
    ($($name:ident: $arguments:expr, $content:expr;)*) => {
        $(#[test]
        fn $name() {
            let folder = Folder::new(stringify!($name));
            assert_cmd_snapshot!(stringify!($name), on(&folder, &$content, &$arguments));
        })*
    };
}

shows! {
    decodes_binary: ["decode"], Shape::Binary.write(&request());
    decodes_hex_in_a_log: ["decode"], Shape::LoggedHex.write(&request());
    decodes_xxd_to_annotated_hex: ["decode", "--to", "hex"], Shape::Xxd.write(&request());
    decodes_tcpdump: ["decode"], Shape::Tcpdump.write(&request());
    decodes_packets_to_lines: ["decode", "--to", "lines"], Shape::TcpdumpSegments.write(&request());
    decodes_a_c_array_to_json: ["decode", "--to", "json"], Shape::CArray.write(&request());
    decodes_python_bytes_to_xml: ["decode", "--to", "xml"], Shape::PythonBytes.write(&request());
    decodes_base64: ["decode"], Shape::Base64.write(&request());
    decodes_pem: ["decode"], Shape::Pem.write(&request());
    decodes_a_go_dump: ["decode"], Shape::GoDump.write(&request());
    decodes_a_list_of_java: ["decode"], Shape::JavaList.write(&request());
    decodes_two_in_one: ["decode"], Shape::Xxd.write(&[request(), response()].concat());
    decodes_two_to_a_case: ["decode", "--to", "case", "--redact"], [request(), response()].concat();
    decodes_varying_values_to_a_tree: ["decode", "--redact"], response();
    decodes_what_is_cut: ["decode"], Shape::Xxd.write(&request()[..100]);
    decodes_what_is_cut_to_annotated_hex: ["decode", "--to", "hex"], Shape::Xxd.write(&request()[..100]);
    decodes_what_is_cut_to_json: ["decode", "--to", "json"], Shape::Xxd.write(&request()[..100]);
    decodes_what_is_cut_to_lines: ["decode", "--to", "lines"], Shape::GoDump.write(&request()[..100]);
    decodes_behind_garbage: ["decode"], [b"POST /kmip\r\n\r\n".as_slice(), &request()].concat();
    decodes_between_garbage: ["decode", "--to", "lines"],
        [&request()[..], b"\xDE\xAD\xBE\xEF", &response()].concat();
    decodes_a_fragment: ["decode"], Shape::Hex.write(&request()[8..64]);
    decodes_deviations: ["decode"], deviating();
    decodes_deviations_to_annotated_hex: ["decode", "--to", "hex"], deviating();
    decodes_deviations_strictly: ["decode", "--strict"], deviating();
    decodes_no_redacted_hex: ["decode", "--to", "hex", "--redact"], request();
    converts_a_go_dump: ["convert", "--to", "xml"], Shape::GoDump.write(&request());
    encodes_a_rust_list: ["encode", "--to", "hex"], Shape::RustList.write(&request());
    converts_behind_garbage: ["convert", "--to", "hex"], [b"POST /kmip\r\n\r\n".as_slice(), &request()].concat();
    decodes_in_colour_if_told_to: ["decode", "--color", "always"], Shape::Hex.write(&request()[..100]);
    decodes_to_hex_in_colour: ["decode", "--color", "always", "--to", "hex"], request()[..100];
}

/// A request with a Unique Identifier that is an Integer.
fn deviating() -> Vec<u8> {
    let mut request = request();
    let type_at = request.len() - 16 + 3;
    request[type_at] = 2;
    request[type_at + 4] = 4;
    request.truncate(type_at + 5);
    request.extend([0, 0, 0, 7, 0, 0, 0, 0]);
    request
}

#[test]
fn every_shape_is_the_same_bytes() {
    for shape in Shape::ALL {
        let input = shape.write(&request());
        for arguments in [&["encode"][..], &["convert", "--to", "binary"]] {
            let output = run(arguments, &input);
            assert!(output.stdout == request(), "{shape:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        let text = run(&["decode"], &input).stdout;
        let own = run(&["decode"], &request()).stdout;
        // What is beside the message makes a title of it.
        assert!(text.ends_with(&own), "{shape:?}: {}", String::from_utf8_lossy(&text));
    }
}

#[test]
fn a_form_can_be_said() {
    for (form, shape) in [
        ("binary", Shape::Binary),
        ("hex", Shape::Hex),
        ("hex-dump", Shape::Xxd),
        ("numbers", Shape::CArray),
        ("escaped", Shape::PythonBytes),
        ("base64", Shape::Base64),
    ] {
        let output = run(&["encode", "--from", form], &shape.write(&request()));
        assert!(output.stdout == request(), "{form}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(
        run(&["encode", "--from", "hex-dump"], &Shape::Base64.write(&request())).status.code(),
        Some(1)
    );
}

#[test]
fn several_texts_are_all_converted() {
    let two = [request(), response()].concat();
    for form in ["json", "xml", "hex", "base64", "binary"] {
        let texts = run(&["convert", "--to", form], &two);
        let back = run(&["encode"], &texts.stdout);
        assert!(back.stdout == two, "{form}: {}", String::from_utf8_lossy(&back.stderr));
    }
}

/// The names of both items are told of, each at its place in the whole text.
#[test]
fn what_was_tolerated_is_listed_for_each_message() {
    let json = r#"{"tag":"State","type":"Enumeration","value":"active"}"#;
    let xml = "<State type='Enumeration' value='active'/>";
    for (text, column) in [
        (format!("[{json},\n  {json}]"), 47),
        (format!("{json}\n\n{json}"), 45),
        (format!("<KMIP>\n  {xml}\n  {xml}</KMIP>"), 36),
    ] {
        let output = run(&["convert", "--to", "hex", "--lenient"], text.as_bytes());
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.stdout.iter().filter(|byte| **byte == b'\n').count(), 2, "{text}: {errors}");
        let notes: Vec<&str> = errors.lines().collect();
        assert!(
            notes.len() == 2 && notes[0].contains("message 1") && notes[1].contains("message 2"),
            "{errors}"
        );
        assert!(notes[1].contains(&format!("column {column}")), "{column}: {errors}");
    }
}
