//! Dumps of any shape, and outlines of what is in them.

use kmip_tests::shapes::Shape;
use kmip_types::dump::{Dump, Outline, Part};
use kmip_types::{Item, TextCodec};

/// Any input is read or refused, with places that it has, and so is any message in any shape, of which the first byte says
/// which: that comes back byte for byte. What is found is outlined: without a problem exactly where it is an item.
pub fn dump(data: &[u8]) {
    read(data);
    let Some((first, bytes)) = data.split_first() else { return };
    outline(bytes);
    let shape = Shape::ALL[usize::from(*first) % Shape::ALL.len()];
    let input = shape.write(bytes);
    read(&input);
    if !comes_back(shape, bytes) {
        return;
    }
    let found = Dump::read(&input, &TextCodec::new());
    let found = found.unwrap_or_else(|error| panic!("as {shape:?}: {error}"));
    let all: Vec<&[u8]> = found.messages().map(|message| message.bytes.reveal()).collect();
    assert_eq!(all, [bytes], "as {shape:?}");
}

/// Whether the bytes are one item which the shape tells from anything else.
fn comes_back(shape: Shape, bytes: &[u8]) -> bool {
    let is_item = matches!(bytes, [0x42 | 0x54, ..]) && Item::from_ttlv(bytes).is_ok();
    is_item
        && match shape {
            // A short line may end in characters that are pairs of hex digits.
            Shape::HexAndCharacters => bytes.len() >= 16,
            // Either byte may be the first of a tag.
            Shape::HexdumpWords => !matches!(bytes, [_, 0x42 | 0x54, ..]),
            _ => true,
        }
}

fn read(input: &[u8]) {
    let (parts, skipped) = match Dump::read(input, &TextCodec::new()) {
        Ok(dump) => (dump.parts, Vec::new()),
        Err(error) => {
            assert!(error.to_string().len() < 4096, "a long message: {error}");
            (Vec::new(), error.skipped().to_vec())
        }
    };
    let mut place = (1, 1);
    for part in parts.into_iter().chain(skipped.into_iter().map(Part::Skipped)) {
        let range = part.range();
        assert!(range.start <= range.end && range.end <= input.len(), "{part:?}");
        assert!(!part.to_string().is_empty());
        let at = match &part {
            Part::Message(message) => (message.line, message.column),
            Part::Skipped(skipped) => (skipped.line, skipped.column),
        };
        assert!(at >= place, "{part:?} is before {place:?}");
        place = at;
        if let Part::Message(message) = &part {
            assert!(!message.bytes.reveal().is_empty());
            outline(message.bytes.reveal());
        }
    }
}

fn outline(bytes: &[u8]) {
    for codec in [TextCodec::new(), TextCodec::new().reveal_secrets(true)] {
        let outline = Outline::read(bytes, &codec);
        let (text, annotated) = (outline.to_text(), outline.to_annotated());
        let mut next = 0;
        for item in outline.items() {
            assert!(item.offset >= next && item.value.start <= item.value.end && item.value.end <= item.end);
            assert!(item.end <= bytes.len());
            next = item.offset;
            for shown in [&text, &annotated] {
                let line = shown.line_of(item.offset).and_then(|line| shown.lines().nth(line));
                assert!(line.is_some_and(|line| !line.trim_start().starts_with('!')), "{line:?}");
            }
        }
        let is_one = outline.items().iter().filter(|item| item.depth == 0).count() == 1;
        let is_whole = is_one && outline.problems().count() == 0;
        let item = Item::from_ttlv(bytes);
        assert_eq!(item.is_ok(), is_whole, "{item:?}: {text}");
        if is_whole {
            assert_eq!(text.as_str(), codec.to_text(bytes).expect("what is whole has a text"));
        }
    }
}
