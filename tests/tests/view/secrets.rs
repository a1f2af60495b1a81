//! No way of showing a value says a secret unasked: of every operation and object, with markers for all its secrets.

use kmip_tests::samples;
use kmip_types::item::{Revealed, is_secret, reveal_secrets, to_item};
use kmip_types::ttlv::Tagged;
use kmip_types::view::{Redactions, View};
use kmip_types::{DateTime, Item, ProtocolVersion, Tag, Value};
use serde::Serialize;

/// The values of an item that are left out of what is shown, as they would look there.
fn secrets(item: &Item) -> Vec<String> {
    fn collect(item: &Item, inside: bool, found: &mut Vec<String>) {
        let inside = inside || item.tag == Tag::KEY_MATERIAL || item.tag.info().is_none();
        match &item.value {
            Value::Structure(fields) => fields.iter().for_each(|field| collect(field, inside, found)),
            Value::TextString(text) if inside || is_secret(item.tag) => found.push(text.clone()),
            Value::ByteString(bytes) if inside || is_secret(item.tag) => {
                found.push(bytes.iter().map(|byte| format!("{byte:02x}")).collect());
                found.push(format!("{bytes:?}"));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(item, false, &mut found);
    // What is shorter may be in any text by chance.
    found.retain(|secret| secret.len() >= 12);
    found
}

/// Every way in which a value is shown unless it is asked for its secrets.
fn shown(item: &Item, value: &impl Serialize, debug: String) -> Vec<(&'static str, String)> {
    let view = |view: View| view.render().unwrap_or_default();
    vec![
        ("Debug", debug),
        ("Debug of the item", format!("{item:?} {item:#?}")),
        ("Display of the item", item.to_string()),
        ("serde", serde_json::to_string(value).unwrap_or_default()),
        ("serde of the item", serde_json::to_string_pretty(item).unwrap_or_default()),
        ("serde within another value", serde_json::to_string(&[Some(item)]).unwrap_or_default()),
        ("text", view(View::of(item))),
        ("text without redactions", view(View::of(item).redact(Redactions::none()))),
        ("JSON", view(View::of(item).json())),
        ("XML", view(View::of(item).xml())),
        ("a test case", kmip_types::case::to_xml(&View::of(item)).unwrap_or_default()),
        ("insta's JSON", insta_json(item)),
    ]
}

/// What insta's own macro for JSON would write: it serialises, with the same serializer.
fn insta_json(value: &impl Serialize) -> String {
    insta::_macro_support::serialize_value(value, insta::_macro_support::SerializationFormat::Json)
}

#[test]
fn nothing_shows_a_secret_unasked() {
    let mut looked_for = 0;
    for version in ProtocolVersion::ALL {
        for sample in samples::all(*version) {
            let request = to_item(Tag::REQUEST_PAYLOAD, &sample.request, *version);
            let response = to_item(Tag::RESPONSE_PAYLOAD, &sample.response, *version);
            let both =
                [(request, format!("{:?}", sample.request)), (response, format!("{:?}", sample.response))];
            for (item, debug) in both.into_iter().filter_map(|(item, debug)| Some((item.ok()?, debug))) {
                let secrets = secrets(&item);
                looked_for += secrets.len();
                for (what, text) in shown(&item, &item, debug) {
                    for secret in &secrets {
                        assert!(!text.contains(secret.as_str()), "{what} shows {secret}:\n{text}");
                    }
                }
            }
        }
    }
    assert!(looked_for > 200, "{looked_for}");
}

#[test]
fn what_is_asked_for_is_shown() {
    let password = Item::text_string(Tag::PASSWORD, "hunter2-hunter2");
    assert!(View::of(&password).reveal().render().unwrap().contains("hunter2-hunter2"));
    assert!(View::of(&password).json().reveal().render().unwrap().contains("hunter2-hunter2"));
    assert!(serde_json::to_string(&Revealed(&password)).unwrap().contains("hunter2-hunter2"));
    assert!(reveal_secrets(|| insta_json(&password)).contains("hunter2-hunter2"));
    // The scope ends, also where it is left by a panic.
    let panicked = std::panic::catch_unwind(|| reveal_secrets(|| panic!("within")));
    assert!(panicked.is_err());
    assert!(!insta_json(&password).contains("hunter2-hunter2"));
    let elsewhere = reveal_secrets(|| std::thread::spawn(move || insta_json(&password)).join().unwrap());
    assert!(!elsewhere.contains("hunter2-hunter2"));
}

#[test]
fn secrets_that_are_equal_have_one_name() {
    let fields = vec![
        Item::byte_string(Tag::DATA, [1; 16]),
        Item::byte_string(Tag::MAC_DATA, [2; 16]),
        Item::byte_string(Tag::DATA, [1; 16]),
        Item::byte_string(Tag::DATA, [3; 16]),
    ];
    kmip_types::assert_kmip_snapshot!(Item::structure(Tag::REQUEST_PAYLOAD, fields), @"
    RequestPayload
    Data[0] (ByteString): $DATA_0 (16 bytes)
    MACData (ByteString): $MAC_DATA_0 (16 bytes)
    Data[1] (ByteString): $DATA_0 (16 bytes)
    Data[2] (ByteString): $DATA_1 (16 bytes)
    ");
}

#[test]
fn nothing_shows_a_secret_of_an_object_unasked() {
    let mut looked_for = 0;
    for sample in samples::objects::all() {
        let item = to_item(sample.object.tag(), &sample.object, sample.newest).unwrap();
        let secrets = secrets(&item);
        looked_for += secrets.len();
        for (what, text) in shown(&item, &sample.object, String::new()) {
            for secret in &secrets {
                assert!(!text.contains(secret.as_str()), "{}: {what} shows {secret}:\n{text}", sample.name);
            }
        }
    }
    assert!(looked_for > 20, "{looked_for}");
}

/// A vendor's operation: all that is in its payload may be a secret, the names and dates too.
#[test]
fn nothing_of_an_unknown_payload_is_shown_in_paths_or_dates() {
    let attribute = Item::structure(
        Tag::ATTRIBUTE,
        vec![
            Item::text_string(Tag::ATTRIBUTE_NAME, "hunter2-hunter2"),
            Item::date_time(Tag::ATTRIBUTE_VALUE, DateTime::from_seconds(1_700_086_400)),
        ],
    );
    let fields = vec![
        Item::enumeration(Tag::OPERATION, 0x8000_0001_u32),
        Item::structure(Tag::REQUEST_PAYLOAD, vec![attribute]),
    ];
    let view = View::of(&Item::structure(Tag::BATCH_ITEM, fields)).now(DateTime::from_seconds(1_700_000_000));
    kmip_types::assert_kmip_snapshot!(view, @"
    BatchItem
    Operation (Enumeration): 0x80000001
    RequestPayload/Attribute/AttributeName (TextString): $ATTRIBUTE_NAME_0 (15 bytes)
    RequestPayload/Attribute/AttributeValue (DateTime): $ATTRIBUTE_VALUE_0
    ");
    for shown in [view.clone().json(), view.xml()] {
        let shown = shown.render().unwrap();
        assert!(!shown.contains("hunter2") && !shown.contains("86400"), "{shown}");
    }
}
