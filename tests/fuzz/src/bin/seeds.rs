//! Writes what fuzzing starts from to `generated`: the messages of `tests/vectors` as TTLV, JSON and XML, and
//! dictionaries of the words of each encoding. The seeds of HTML, in `seeds/html`, are written by hand.

#![forbid(unsafe_code)]

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kmip_tests::samples::messages::AnyMessage;
use kmip_tests::shapes::Shape;
use kmip_tests::vectors;
use kmip_types::generated::tags::TAGS;
use kmip_types::message::Message;
use kmip_types::tables::{NameInfo, Names};
use kmip_types::text::{JsonOptions, TextCodec, XmlOptions};
use kmip_types::{ItemType, ItemTypes};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("generated");
    write_messages(&folder.join("seeds"))?;
    write_noise(&folder.join("seeds/typed"))?;
    write_dumps(&folder.join("seeds/dump"))?;
    write_dictionaries(&folder.join("dictionaries"))?;
    Ok(())
}

/// Every message of `tests/vectors`, each in the three encodings.
fn write_messages(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    for encoding in ["ttlv", "json", "xml"] {
        empty(&folder.join(encoding))?;
    }
    for (index, vector) in vectors::all().into_iter().enumerate() {
        let name = format!("{}-{}", vector.folder, vector.name);
        let ttlv = match &vector.message {
            AnyMessage::Request(message) => message.to_ttlv()?,
            AnyMessage::Response(message) => message.to_ttlv()?,
        };
        fs::write(folder.join("ttlv").join(&name), &ttlv)?;
        // Of the text encodings, half in one form and half in another.
        let pretty = index % 2 == 0;
        let codec = TextCodec::new()
            .json(JsonOptions::new().pretty(pretty))
            .xml(XmlOptions::new().pretty(pretty).namespace(pretty));
        fs::write(folder.join("json").join(&name), codec.to_json(&ttlv)?)?;
        fs::write(folder.join("xml").join(&name), codec.to_xml(&ttlv)?)?;
    }
    Ok(())
}

/// A message in every shape, and, behind the number of each shape, one of its own.
fn write_dumps(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    empty(folder)?;
    let messages: Vec<Vec<u8>> = vectors::all()
        .into_iter()
        .map(|vector| match &vector.message {
            AnyMessage::Request(message) => message.to_ttlv(),
            AnyMessage::Response(message) => message.to_ttlv(),
        })
        .collect::<Result<_, _>>()?;
    for ((index, shape), message) in Shape::ALL.iter().enumerate().zip(&messages) {
        fs::write(folder.join(format!("{shape:?}")), shape.write(message))?;
        let number = u8::try_from(index)?;
        fs::write(folder.join(format!("{shape:?}-bytes")), [&[number][..], message].concat())?;
    }
    Ok(())
}

/// Bytes to make typed values of: numbers that look random, the same each time.
fn write_noise(folder: &Path) -> io::Result<()> {
    empty(folder)?;
    let mut state: u64 = 1;
    for file in 0..48 {
        // The constants of Knuth's MMIX, whose high bits are the better ones.
        let bytes = (0..32 << (file % 6)).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        });
        fs::write(folder.join(format!("{file:02}")), bytes.collect::<Vec<u8>>())?;
    }
    Ok(())
}

fn empty(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => fs::create_dir_all(folder),
    }
}

/// The words of each encoding, in libFuzzer's form.
fn write_dictionaries(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    fs::create_dir_all(folder)?;
    let mut ttlv = String::new();
    let (mut json, mut xml) = (String::new(), String::new());
    for info in TAGS {
        let [a, b, c] = info.tag.to_bytes();
        for item_type in info.types.iter() {
            writeln!(ttlv, r#""\x{a:02X}\x{b:02X}\x{c:02X}\x{:02X}""#, item_type.number())?;
        }
        writeln!(json, r#""\"{}\"""#, info.name)?;
        writeln!(xml, r#""<{}""#, info.name)?;
    }
    // A few of each do: it is one code that reads them all.
    let few = |values: &'static [NameInfo]| values.iter().take(4).map(|value| value.name);
    let mut names: Vec<&str> = Vec::new();
    for info in TAGS {
        match info.names {
            Names::Enumeration(info) => names.extend(few(info.values)),
            Names::Mask(info) => names.extend(few(info.bits)),
            Names::None | Names::Tags => {}
        }
    }
    names.sort_unstable();
    names.dedup();
    for name in names {
        writeln!(json, r#""\"{name}\"""#)?;
        writeln!(xml, r#""\"{name}\"""#)?;
    }
    for item_type in ItemTypes::ANY.iter().map(ItemType::name) {
        writeln!(json, r#""\"type\":\"{item_type}\",""#)?;
        writeln!(xml, r#"" type=\"{item_type}\"""#)?;
    }
    for length in ["00000000", "00000004", "00000008", "00000010", "7FFFFFF8", "FFFFFFF8", "FFFFFFFF"] {
        let bytes =
            length.as_bytes().chunks(2).map(|pair| format!("\\x{}{}", pair[0] as char, pair[1] as char));
        writeln!(ttlv, "\"{}\"", bytes.collect::<String>())?;
    }
    json.push_str(JSON);
    xml.push_str(XML);
    for (name, words) in
        [("ttlv", ttlv), ("json", json), ("xml", xml), ("dump", DUMP.to_owned()), ("html", HTML.to_owned())]
    {
        fs::write(folder.join(name).with_extension("dict"), words)?;
    }
    Ok(())
}

const JSON: &str = r#""{\"tag\":"
"\"value\":["
"\"value\":"
"\"name\":"
"\"0x420001\""
"\"0x540001\""
"0x"
"null"
"true"
"false"
"1e400"
"-1.0e-1"
"4503599627370496"
"\"2001-01-01T10:00:00+10:00\""
".123456Z"
"T24:00:00"
"\\u0000"
"\\ud800"
"\\udc00"
"\\/"
"},{"
"]}"
"#;

const XML: &str = r#"" value=\""
"/>"
"</"
"<TTLV tag=\"0x540001\""
"<x540001"
" name=\""
" xmlns=\"urn:oasis:tc:kmip:xmlns\""
" xmlns:k=\"urn:oasis:tc:kmip:xmlns\""
"k:"
"0x"
"<!-- -->"
"<?pi ?>"
"<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
"<![CDATA["
"]]>"
"<!DOCTYPE a ["
"<!ENTITY b \"c\">"
"&#0;"
"&#xD;"
"&amp;"
"&lt;"
"&quot;"
"2001-01-01T10:00:00+10:00"
".123456Z"
"T24:00:00"
"\xEF\xBB\xBF"
"#;

const DUMP: &str = r#""00000000: 4200 "
"00000010  42 00 "
"\x0A*\x0A"
"0x42, "
"\x5Cx42"
"b'"
"(byte) "
"/* */"
"//"
"-----BEGIN"
"QgB4AQ=="
"{\"tag\":"
"<RequestMessage>"
"</RequestMessage>"
"\x42\x00\x78\x01\x00\x00\x00"
"\x45\x00"
"\x17\x03\x03"
"#;

const HTML: &str = r##""<h1>"
"<h2>"
"<h9>"
"<table>"
"</table>"
"<tr>"
"<td>"
"<td colspan="
"<td rowspan="
"<p>"
"<p class=MsoCaption>"
"<p class=AppendixHeading1>"
"<sup>"
"<br>"
"<li>"
"<a href=\"#_ftn1\">"
"charset="
"Name"
"Value"
"Item"
"Object"
"Encoding"
"REQUIRED"
"Description"
"Yes, MAY be repeated"
"Structure"
"Enumeration"
"Integer"
"Text String"
"Request Payload"
"Response Payload"
" Enumeration"
" Mask"
"Operations"
"Object Attributes"
"SHALL always have a value"
"Initially set by"
"Modifiable by server"
"Modifiable by client"
"Deletable by client"
"Multiple instances permitted"
"When implicitly set"
"Applies to Object Types"
"(deprecated)"
"(Reserved)"
"Extensions"
"8XXXXXXX"
"00000001"
"0x420001"
"\xAD"
"\xA0"
"##;
