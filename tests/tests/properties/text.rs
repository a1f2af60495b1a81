//! Text that an encoding has no form for: refused with the place, never lost.

use kmip_types::attribute::Name;
use kmip_types::text::{TextCodec, TextErrorKind};
use kmip_types::ttlv::encode;
use kmip_types::{ProtocolVersion, Tag, ttlv};

fn name(character: char) -> (Name, Vec<u8>) {
    let name = Name::text(format!("a{character}b"));
    let ttlv = encode(Tag::NAME, &name, ProtocolVersion::V2_1).unwrap();
    (name, ttlv)
}

/// Every character of the first plane, which has all that XML lacks, and a few of the others.
fn characters() -> impl Iterator<Item = char> {
    ('\0'..='\u{FFFF}').chain(['\u{10000}', '\u{1FFFE}', '\u{10FFFF}'])
}

#[test]
fn rejects_characters_that_xml_lacks_and_keeps_all_others() {
    let codec = TextCodec::new();
    let mut refused = Vec::new();
    for character in characters() {
        let (name, ttlv) = name(character);
        match codec.to_xml(&ttlv) {
            Ok(xml) => {
                let again: Name = ttlv::decode(Tag::NAME, &codec.from_xml(&xml).unwrap()).unwrap();
                assert_eq!(again, name, "{xml}");
            }
            Err(error) => {
                let expected = TextErrorKind::Unrepresentable { encoding: "XML", character };
                assert_eq!(error.kind(), &expected);
                assert_eq!(error.path().to_string(), "Name/NameValue");
                refused.push(character);
            }
        }
    }
    let lacks = ('\0'..' ').filter(|c| !"\t\n\r".contains(*c)).chain(['\u{FFFE}', '\u{FFFF}']);
    assert_eq!(refused, lacks.collect::<Vec<_>>());
}

#[test]
fn keeps_every_character_in_json() {
    let codec = TextCodec::new();
    for character in characters() {
        let (name, ttlv) = name(character);
        let json = codec.to_json(&ttlv).unwrap();
        let again: Name = ttlv::decode(Tag::NAME, &codec.from_json(&json).unwrap()).unwrap();
        assert_eq!(again, name, "{json}");
    }
}
