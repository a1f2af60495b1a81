//! XML: what is read straight into binary TTLV is read as it is item by item, and so is what is refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use kmip_types::text::TextCodec;
use kmip_types::{Limits, Tag};

/// Texts of the common form, and others that are but nearly so.
const TEXTS: [&str; 8] = [
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<RequestHeader xmlns=\"urn:oasis:tc:kmip:xmlns\">\n  \
     <ProtocolVersion>\n    <ProtocolVersionMajor type=\"Integer\" value=\"1\"/>\n    \
     <ProtocolVersionMinor type='Integer' value='0x00000004'></ProtocolVersionMinor>\n  </ProtocolVersion>\n  \
     <BatchCount type=\"Integer\" value=\" 1 \"/>\n</RequestHeader>\n",
    "<Attribute><AttributeName type=\"TextString\" value=\"State\"/>\
     <AttributeValue type=\"Enumeration\" value=\"Active\"/></Attribute>",
    "<Attribute><AttributeValue type=\"Enumeration\" value=\"2\"/>\
     <AttributeName type=\"TextString\" value=\"State\"/></Attribute>",
    "<Attribute><VendorIdentification type=\"TextString\" value=\"State\"/>\
     <AttributeName type=\"TextString\" value=\"Object Type\"/>\
     <AttributeValue type=\"Enumeration\" value=\"0x1\"/></Attribute>",
    "<Attribute><AttributeName type=\"TextString\" value=\"Cryptographic Usage Mask\"/>\
     <AttributeName type=\"TextString\" value=\"State\"/>\
     <AttributeValue type=\"Integer\" value=\"3\"/>\
     <VendorIdentification type=\"TextString\" value=\"x\"/></Attribute>",
    "<TTLV tag=\"0x540001\" name=\"Thing\"><Thing type=\"Structure\"/>\
     <TTLV tag='KeyMaterial' type='ByteString' value='0aFF'/><x540001 /></TTLV>",
    "<Name><NameValue type=\"TextString\" value=\"Bob's &quot;k\u{E9}y&#x22;, \u{FF21}\"/>\
     <NameType type=\"Enumeration\" value=\"UninterpretedTextString\"/></Name>",
    "<KeyMaterial><D type=\"BigInteger\" value=\"00ff\"/><Thing type=\"Boolean\" value=\"true\"/>\
     <ActivationDate type=\"Date-Time\" value=\"2001-01-01T10:00:00+10:00\"/></KeyMaterial>",
];

/// What may make another text of one.
const PIECES: [&str; 18] = [
    "<",
    ">",
    "/",
    "\"",
    "'",
    " ",
    "\t",
    "\n",
    "=",
    "&",
    ":",
    "x",
    "0",
    "\u{E9}",
    "\u{FFFE}",
    "\u{FEFF}",
    "<!---->",
    " value=\"1\"",
];

fn codec() -> TextCodec {
    let mut codec = TextCodec::new();
    codec.register_tag("Thing", Tag::from_raw(0x54_0002)).unwrap();
    codec
}

/// Whether the text is read: by both ways as the same, or refused by both for the same reason.
#[track_caller]
fn is_read(codec: &TextCodec, text: &str) -> bool {
    let bytes = codec.from_xml(text);
    let item = codec.item_from_xml(text).map(|item| item.to_ttlv().unwrap());
    assert_eq!(bytes, item, "{text}");
    bytes.is_ok()
}

#[test]
fn reads_the_common_forms() {
    for text in TEXTS {
        assert!(is_read(&codec(), text), "{text}");
    }
}

#[test]
fn a_slip_anywhere_is_read_or_refused_alike() {
    let codec = codec();
    let mut read = [0, 0];
    let mut see = |text: &str| read[usize::from(is_read(&codec, text))] += 1;
    let mut pieces = PIECES.into_iter().cycle();
    for text in TEXTS {
        for (at, character) in text.char_indices() {
            let (before, behind) = text.split_at(at);
            see(&format!("{before}{}", &behind[character.len_utf8()..]));
            for piece in pieces.by_ref().take(3) {
                see(&format!("{before}{piece}{behind}"));
            }
        }
    }
    assert!(read.into_iter().all(|count| count > 500), "{read:?}");
}

#[test]
fn the_fields_of_an_attribute_are_read_alike_in_any_order() {
    let fields = [
        "<AttributeName type='TextString' value='State'/>",
        "<AttributeName type='TextString' value='Object Type'/>",
        "<AttributeName/>",
        "<AttributeValue type='Enumeration' value='Active'/>",
        "<AttributeValue type='Enumeration' value='PublicKey'/>",
        "<AttributeValue type='Integer' value='3'/>",
        "<AttributeValue><AttributeName type='TextString' value='State'/></AttributeValue>",
        "<VendorIdentification type='TextString' value='x'/>",
    ];
    let codec = codec();
    let mut read = [0, 0];
    for first in fields {
        for second in fields {
            for third in fields {
                let text = format!("<Attribute>{first}{second}{third}</Attribute>");
                read[usize::from(is_read(&codec, &text))] += 1;
            }
        }
    }
    assert!(read.into_iter().all(|count| count > 50), "{read:?}");
}

#[test]
fn the_limits_are_kept_alike() {
    let text =
        "<KeyMaterial><KeyMaterial><Key type='ByteString' value='00010203'/></KeyMaterial></KeyMaterial>";
    let mut read = [0, 0];
    for depth in 0..4 {
        for items in 0..5 {
            let limits = Limits { depth, items, ..Limits::default() };
            read[usize::from(is_read(&codec().limits(limits), text))] += 1;
        }
    }
    assert_eq!(read, [16, 4]);
    for size in 0..40 {
        let codec = codec().limits(Limits { size, ..Limits::default() });
        assert_eq!(codec.from_xml(text).is_ok(), size >= 32, "{size}");
    }
}
