//! Any message comes back from any shape, and no input does harm.

use kmip_tests::shapes::Shape;
use kmip_types::dump::{Dump, Outline, Part};
use kmip_types::{Item, Tag, TextCodec, Value};
use proptest::prelude::*;

/// Any item, which is structures of text, bytes and numbers.
fn items() -> impl Strategy<Value = Item> {
    let tag = (0x42_0001_u32..0x42_0160).prop_map(Tag::from_raw);
    let leaf = prop_oneof![
        any::<i32>().prop_map(Value::Integer),
        any::<u32>().prop_map(Value::Enumeration),
        any::<bool>().prop_map(Value::Boolean),
        any::<i64>().prop_map(Value::LongInteger),
        any::<String>().prop_map(Value::TextString),
        prop::collection::vec(any::<u8>(), 0..200).prop_map(Value::ByteString),
        // Lines that are all the same.
        (any::<u8>(), 0_usize..200).prop_map(|(byte, count)| Value::ByteString(vec![byte; count])),
        // What looks like the other column of a dump.
        "[0-9a-f ]{0,64}".prop_map(Value::TextString),
    ];
    let leaf = (tag.clone(), leaf).prop_map(|(tag, value)| Item::new(tag, value));
    leaf.prop_recursive(4, 40, 6, move |inner| {
        (tag.clone(), prop::collection::vec(inner, 1..6))
            .prop_map(|(tag, items)| Item::new(tag, Value::Structure(items)))
    })
}

fn message() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(items(), 1..5)
        .prop_map(|items| Item::new(Tag::REQUEST_MESSAGE, Value::Structure(items)).to_ttlv().unwrap())
}

/// What must hold of any dump: see also the fuzz target `dump`.
fn check(input: &[u8]) {
    let codec = TextCodec::new();
    let parts = match Dump::read(input, &codec) {
        Ok(dump) => dump.parts,
        Err(error) => error.skipped().iter().cloned().map(Part::Skipped).collect(),
    };
    for part in parts {
        assert!(part.range().start <= part.range().end && part.range().end <= input.len(), "{part:?}");
        if let Part::Message(message) = part {
            let outline = Outline::read(message.bytes.reveal(), &codec);
            let _ = (outline.to_text(), outline.to_annotated());
        }
    }
}

proptest! {
    // A quarter of what `PROPTEST_CASES` says: each is tried in every shape.
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 4, ..ProptestConfig::default() })]

    #[test]
    fn any_message_comes_back_from_any_shape(message in message()) {
        for shape in Shape::ALL {
            let input = shape.write(&message);
            let dump = Dump::read(&input, &TextCodec::new());
            let found = dump.as_ref().map(|dump| dump.messages().map(|one| one.bytes.reveal()).collect::<Vec<_>>());
            prop_assert!(
                found == Ok(vec![message.as_slice()]),
                "{shape:?}: {dump:?}\n{}",
                String::from_utf8_lossy(&input)
            );
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(input in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&input);
        for shape in Shape::ALL {
            check(&shape.write(&input));
        }
    }

    #[test]
    fn any_text_is_read_or_refused(input in "[0-9a-fx,:\\[\\]{}()|*'\"b/\\\\ \n\t-]{0,200}") {
        check(input.as_bytes());
    }

    #[test]
    fn any_change_of_a_dump_is_read_or_refused(
        message in message(),
        shape in prop::sample::select(Shape::ALL.to_vec()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        end in any::<prop::sample::Index>(),
    ) {
        let mut input = shape.write(&message);
        for (at, byte) in changes {
            let at = at.index(input.len());
            input[at] = byte;
        }
        input.truncate(end.index(input.len() + 1));
        check(&input);
    }

    #[test]
    fn any_change_of_a_message_is_outlined(
        message in message(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        end in any::<prop::sample::Index>(),
    ) {
        let mut bytes = message;
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(end.index(bytes.len() + 1));
        let codec = TextCodec::new().reveal_secrets(true);
        let outline = Outline::read(&bytes, &codec);
        for text in [outline.to_text(), outline.to_annotated()] {
            for offset in 0..bytes.len() {
                prop_assert!(text.line_of(offset).is_some_and(|line| line < text.lines().count()));
            }
        }
        // Where there is no problem, reading has none, and the other way round.
        if !bytes.is_empty() {
            let is_one = outline.items().iter().filter(|item| item.depth == 0).count() == 1;
            let is_whole = outline.problems().count() == 0 && is_one;
            prop_assert_eq!(Item::from_ttlv(&bytes).is_ok(), is_whole, "{}", outline.to_text());
        }
    }
}
