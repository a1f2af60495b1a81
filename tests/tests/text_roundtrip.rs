//! Any item goes through each encoding unchanged, and any text is read or refused, never worse.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use kmip_types::item::Revealed;
use kmip_types::text::{
    DateForm, JsonOptions, NameForm, NumberForm, TagForm, TextCodec, TextDeviationKind, TextMode, XmlOptions,
};
use kmip_types::{BigInteger, DateTime, DateTimeExtended, Interval, Item, Tag, Value};
use proptest::collection::vec;
use proptest::prelude::*;

/// Any tag: known, a vendor's or of a later version; those with names for their values more often.
fn tag() -> impl Strategy<Value = Tag> {
    let named = [
        Tag::OPERATION,
        Tag::CRYPTOGRAPHIC_USAGE_MASK,
        Tag::STORAGE_STATUS_MASK,
        Tag::ATTRIBUTE_REFERENCE,
        Tag::ATTRIBUTE_NAME,
        Tag::ATTRIBUTE_VALUE,
        Tag::VENDOR_IDENTIFICATION,
        Tag::OBJECT_TYPE,
    ];
    prop_oneof![
        proptest::sample::select(named.to_vec()),
        (0x42_0001..=0x42_0180_u32).prop_map(Tag::from_raw),
        (0x54_0000..=0x54_FFFF_u32).prop_map(Tag::from_raw),
        (0..=Tag::MAX).prop_map(Tag::from_raw),
    ]
}

/// Any text that XML has a form for, and names of attributes more often.
fn text() -> impl Strategy<Value = String> {
    let names =
        ["State", "Cryptographic Usage Mask", "Cryptographic Algorithm", "x-Any", "0x00000001", "-1", ""];
    let characters = any::<char>().prop_filter("XML", |c| *c >= ' ' && !matches!(c, '\u{FFFE}' | '\u{FFFF}'));
    let characters =
        prop_oneof![characters, proptest::sample::select(vec!['\t', '\n', '\r', '"', '<', '&', '\\'])];
    prop_oneof![
        proptest::sample::select(names.to_vec()).prop_map(str::to_owned),
        vec(characters, 0..12).prop_map(String::from_iter),
    ]
}

fn small_or_any() -> impl Strategy<Value = u32> {
    prop_oneof![0..0x40_u32, 0x42_0001..0x42_0180_u32, any::<u32>()]
}

fn value() -> impl Strategy<Value = Value> {
    let date = prop_oneof![-100_000_000_000..400_000_000_000_i64, any::<i64>()];
    prop_oneof![
        small_or_any().prop_map(|number| Value::Integer(number.cast_signed())),
        any::<i64>().prop_map(Value::LongInteger),
        (-(1_i64 << 53)..1 << 53).prop_map(Value::LongInteger),
        vec(any::<u8>(), 0..20).prop_map(|bytes| Value::BigInteger(BigInteger::from_signed_bytes(&bytes))),
        small_or_any().prop_map(Value::Enumeration),
        any::<bool>().prop_map(Value::Boolean),
        text().prop_map(Value::TextString),
        vec(any::<u8>(), 0..12).prop_map(Value::ByteString),
        date.clone().prop_map(|seconds| Value::DateTime(DateTime::from_seconds(seconds))),
        any::<u32>().prop_map(|seconds| Value::Interval(Interval::from_seconds(seconds))),
        prop_oneof![date.prop_map(|seconds| seconds.saturating_mul(1_000_003)), any::<i64>()].prop_map(
            |microseconds| Value::DateTimeExtended(DateTimeExtended::from_microseconds(microseconds))
        ),
    ]
}

fn item() -> impl Strategy<Value = Item> {
    let leaf = (tag(), value()).prop_map(|(tag, value)| Item::new(tag, value));
    leaf.prop_recursive(6, 48, 6, |inner| {
        (tag(), vec(inner, 0..6)).prop_map(|(tag, fields)| Item::structure(tag, fields))
    })
}

fn number_form() -> impl Strategy<Value = NumberForm> {
    proptest::sample::select(vec![NumberForm::Number, NumberForm::Hex])
}

fn name_form() -> impl Strategy<Value = NameForm> {
    proptest::sample::select(vec![NameForm::Name, NameForm::Hex, NameForm::Number])
}

fn tag_form() -> impl Strategy<Value = TagForm> {
    proptest::sample::select(vec![TagForm::Name, TagForm::Hex, TagForm::HexAndName])
}

/// A codec with any options, and a registered tag.
fn codec() -> impl Strategy<Value = TextCodec> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (flags, number_form(), name_form(), name_form(), any::<bool>(), tag_form(), tag_form()).prop_map(
        |((pretty, typed, extra), integers, enumerations, masks, hex_dates, tags, vendor_tags)| {
            let dates = if hex_dates { DateForm::Hex } else { DateForm::Iso8601 };
            let json = JsonOptions::new().pretty(pretty).structure_type(typed).hex_booleans(extra);
            let xml = XmlOptions::new().pretty(pretty).structure_type(typed).namespace(extra);
            let mut codec = TextCodec::new()
                .json(
                    json.integers(integers)
                        .enumerations(enumerations)
                        .masks(masks)
                        .dates(dates)
                        .tags(tags)
                        .vendor_tags(vendor_tags),
                )
                .xml(
                    xml.integers(integers)
                        .enumerations(enumerations)
                        .masks(masks)
                        .dates(dates)
                        .tags(tags)
                        .vendor_tags(vendor_tags),
                );
            codec.register_tag("Acme", Tag::from_raw(0x54_0001)).unwrap();
            codec
        },
    )
}

proptest! {
    #[test]
    fn an_item_goes_through_every_encoding_unchanged(item in item(), codec in codec()) {
        let ttlv = item.to_ttlv().unwrap();
        prop_assert_eq!(&Item::from_ttlv(&ttlv).unwrap(), &item);
        let json = codec.to_json(&ttlv).unwrap();
        prop_assert_eq!(&codec.from_json(&json).unwrap(), &ttlv, "{}", json);
        let xml = codec.to_xml(&ttlv).unwrap();
        prop_assert_eq!(&codec.from_xml(&xml).unwrap(), &ttlv, "{}", xml);
        prop_assert_eq!(codec.from_xml_all(&xml).unwrap().len(), 1);
        codec.to_text(&ttlv).unwrap();
    }

    #[test]
    fn serde_and_the_codec_agree(item in item()) {
        let json = serde_json::to_string(&Revealed(&item)).unwrap();
        prop_assert_eq!(&json, &item.to_json().unwrap());
        prop_assert_eq!(&serde_json::from_str::<Item>(&json).unwrap(), &item);
    }

    /// What the writers write, the readers read by default. Leniently it is the same, with nothing but the types listed
    /// that strict reading refuses.
    #[test]
    fn what_is_written_is_read_by_default(item in item()) {
        let (json, xml) = (item.to_json().unwrap(), item.to_xml().unwrap());
        prop_assert_eq!(&Item::from_json(&json).unwrap(), &item);
        prop_assert_eq!(&Item::from_xml(&xml).unwrap(), &item);
        let (lenient, strict) = (TextCodec::new().mode(TextMode::Lenient), TextCodec::new().mode(TextMode::Strict));
        for (read, refused) in [
            (lenient.read_json(&json).unwrap(), strict.item_from_json(&json).is_err()),
            (lenient.read_xml(&xml).unwrap(), strict.item_from_xml(&xml).is_err()),
        ] {
            prop_assert_eq!(&read.item, &item);
            prop_assert_eq!(refused, !read.deviations.is_empty());
            let types = |kind: &TextDeviationKind| matches!(kind, TextDeviationKind::ItemType { .. });
            prop_assert!(read.deviations.iter().all(|one| types(&one.kind)), "{:?}", read.deviations);
            // The paths lead to the items.
            for one in &read.deviations {
                let TextDeviationKind::ItemType { tag, found, .. } = one.kind else { continue };
                let inner = one.path.to_string().split_once('/').map(|(_, rest)| rest.to_owned());
                let there = inner.map_or(&item, |path| item.lookup(&path).unwrap());
                prop_assert_eq!((there.tag, there.item_type()), (tag, found));
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>(), cut in any::<prop::sample::Index>(), item in item()) {
        let codec = TextCodec::new();
        let _ = codec.from_json(&text);
        let _ = codec.from_xml(&text);
        // What is nearly right, too: a valid text with a piece replaced.
        for valid in [item.to_json().unwrap(), item.to_xml().unwrap()] {
            let at = cut.index(valid.len() + 1);
            let at = (0..=at).rev().find(|at| valid.is_char_boundary(*at)).unwrap_or(0);
            for broken in [valid[..at].to_owned(), format!("{}{text}{}", &valid[..at], &valid[at..])] {
                for error in [codec.from_json(&broken).err(), codec.from_xml(&broken).err()].into_iter().flatten() {
                    let line = error.line().unwrap_or(1);
                    prop_assert!(line >= 1 && line <= broken.matches('\n').count() + 1);
                }
                let _ = codec.from_xml_all(&broken);
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..64), at in any::<prop::sample::Index>(), item in item()) {
        let _ = Item::from_ttlv(&bytes);
        let mut ttlv = item.to_ttlv().unwrap();
        let at = at.index(ttlv.len());
        ttlv[at] ^= bytes.first().copied().unwrap_or(1);
        if let Ok(read) = Item::from_ttlv(&ttlv) {
            prop_assert_eq!(read.to_ttlv().unwrap(), ttlv);
        }
    }
}
