//! Faulty documents, and limits: each error says where, what was expected and what is the nearest known name.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use kmip_types::text::{JsonOptions, TagForm, TextCodec, TextErrorKind, TextMode, XmlOptions};
use kmip_types::{DecodeErrorKind, Item, Limits, Tag};

/// Reads a document that has one fault after another: each is reported as expected, then replaced.
#[track_caller]
fn reports_one_by_one(mut json: String, faults: &[(&str, &str, &str)]) {
    for (expected, fault, correct) in faults {
        let error = TextCodec::new().mode(TextMode::Strict).from_json(&json).expect_err(expected);
        assert_eq!(error.to_string(), *expected);
        assert!(json.contains(fault), "{fault}");
        json = json.replacen(fault, correct, 1);
    }
    TextCodec::new().from_json(&json).unwrap();
}

#[test]
fn a_request_with_wrong_names() {
    let json = r#"{
  "tag": "Message", "type": "Structure", "value": [
    {"tag": "Header", "type": "Structure", "value": [
      {"tag": "BatchCount", "type": "Integer", "value": 2,}
    ]},
    {"tag": "Items", "type": "Structure", "value": [
      {"tag": "Operation", "type": "Enumeration", "value": "Locat"}
    ]},
    {"tag": "BtachItem", "type": "Structure", "value": []}
  ]
}"#;
    let faults = [
        ("line 4, column 59: trailing comma", "2,}", "2}"),
        (
            "line 2, column 10: \"Message\" is not a tag; did you mean RequestMessage or ResponseMessage?",
            "\"Message\"",
            "\"RequestMessage\"",
        ),
        (
            "line 3, column 13, RequestMessage: \"Header\" is not a tag; did you mean RequestHeader?",
            "\"Header\"",
            "\"RequestHeader\"",
        ),
        (
            "line 6, column 13, RequestMessage: \"Items\" is not a tag; did you mean OffsetItems, LocatedItems or MaximumItems?",
            "\"Items\"",
            "\"BatchItem\"",
        ),
        (
            "line 7, column 60, RequestMessage/BatchItem/Operation: Operation has no value named \"Locat\"; did you mean Locate?",
            "\"Locat\"",
            "\"Locate\"",
        ),
        (
            "line 9, column 13, RequestMessage: \"BtachItem\" is not a tag; did you mean BatchItem?",
            "\"BtachItem\"",
            "\"BatchItem\"",
        ),
    ];
    reports_one_by_one(json.to_owned(), &faults);
}

#[test]
fn a_response_with_wrong_names_and_types() {
    let json = r#"{"tag": "ResponseMessage", "value": [
  {"tag": "Header", "value": [
    {"tag": "Timestamp", "type": "LongInteger", "value": 1698748303}
  ]},
  {"tag": "BatchItem", "value": []},
  {"tag": "BatchItem", "value": [
    {"tag": "ResponsePayload", "value": [
      {"tag": "LocatedItems", "type": "Integer", "value": 2},
      {"tag": "UniqueIdentifier", "type": "Structure", "value": [
        {"tag": "PrivateKeyUniqueIdentifier", "type": "TextString", "value": "7c29"}
      ]}
    ]}
  ]}
]}"#;
    let faults = [
        (
            "line 2, column 11, ResponseMessage: \"Header\" is not a tag; did you mean ResponseHeader?",
            "\"Header\"",
            "\"ResponseHeader\"",
        ),
        (
            "line 3, column 13, ResponseMessage/ResponseHeader: \"Timestamp\" is not a tag; did you mean TimeStamp?",
            "\"Timestamp\"",
            "\"TimeStamp\"",
        ),
        (
            "line 3, column 34, ResponseMessage/ResponseHeader/TimeStamp: TimeStamp takes DateTime or DateTimeExtended, found LongInteger",
            "\"LongInteger\", \"value\": 1698748303",
            "\"DateTime\", \"value\": \"2023-10-31T10:31:43Z\"",
        ),
        (
            "line 9, column 43, ResponseMessage/BatchItem[1]/ResponsePayload/UniqueIdentifier: UniqueIdentifier takes Integer or Enumeration or TextString, found Structure",
            "\"UniqueIdentifier\", \"type\": \"Structure\", \"value\": [",
            "\"UniqueIdentifier\", \"type\": \"TextString\", \"value\": \"7c29\"}, {\"tag\": \"Attributes\", \"value\": [",
        ),
    ];
    reports_one_by_one(json.to_owned(), &faults);
}

#[test]
fn types_are_checked_in_strict_reading_alone() {
    let json = r#"{"tag": "UniqueIdentifier", "type": "Structure", "value": []}"#;
    let error = TextCodec::new().mode(TextMode::Strict).from_json(json).unwrap_err();
    let TextErrorKind::UnexpectedItemType { tag, .. } = error.kind() else { panic!("{error:?}") };
    assert_eq!((*tag, error.line(), error.column()), (Tag::UNIQUE_IDENTIFIER, Some(1), Some(37)));
    assert_eq!(error.path().to_string(), "UniqueIdentifier");
    assert!(TextCodec::new().from_json(json).is_ok());
}

#[test]
fn counts_characters_not_bytes() {
    let json = "{\"tag\": \"AttributeName\",\n \"name\": \"ä€😀\", \"type\": \"Text\", \"value\": \"\"}";
    let error = TextCodec::new().from_json(json).unwrap_err();
    assert_eq!((error.line(), error.column()), (Some(2), Some(25)));
    let json = "{\"tag\": \"AttributeName\",\n \"name\": \"ä€😀\" \"type\"}";
    let error = TextCodec::new().from_json(json).unwrap_err();
    assert_eq!((error.line(), error.column()), (Some(2), Some(16)), "{error}");
}

#[test]
fn a_name_that_is_no_name_is_cut_short() {
    let json = format!(r#"{{"tag": "{}"}}"#, "ä".repeat(100_000));
    let error = TextCodec::new().from_json(&json).unwrap_err();
    assert!(error.to_string().chars().count() < 120, "{error}");
}

/// Structures, one inside the other.
fn nested(depth: usize) -> Item {
    let innermost = Item::structure(Tag::ATTRIBUTES, vec![]);
    (1..depth).fold(innermost, |item, _| Item::structure(Tag::ATTRIBUTES, vec![item]))
}

#[test]
fn depth_is_limited() {
    let depth = Limits::default().depth;
    let (deepest, deeper) = (nested(depth), nested(depth + 1));
    let generous = TextCodec::new().limits(Limits { depth: 60, ..Limits::default() });
    for (write, read) in [
        (
            TextCodec::item_to_json as fn(&TextCodec, &Item) -> Result<String, kmip_types::TextError>,
            TextCodec::item_from_json as fn(&TextCodec, &str) -> Result<Item, kmip_types::TextError>,
        ),
        (TextCodec::item_to_xml, TextCodec::item_from_xml),
    ] {
        let text = write(&TextCodec::new(), &deepest).unwrap();
        assert_eq!(read(&TextCodec::new(), &text).unwrap(), deepest);
        let error = write(&TextCodec::new(), &deeper).unwrap_err();
        assert_eq!(*error.kind(), TextErrorKind::DepthLimit { limit: depth });
        let text = write(&generous, &deeper).unwrap();
        let error = read(&TextCodec::new(), &text).unwrap_err();
        assert_eq!(*error.kind(), TextErrorKind::DepthLimit { limit: depth });
    }
    assert!(serde_json::to_string(&deepest).is_ok());
    assert!(serde_json::to_string(&deeper).is_err());
    assert!(serde_json::from_str::<Item>(&generous.item_to_json(&deeper).unwrap()).is_err());
    assert!(deeper.to_string().ends_with(": …"));
}

#[test]
fn hostile_nesting_is_refused() {
    let levels = 200_000;
    let json = r#"{"tag":"Attributes","value":["#.repeat(levels);
    let xml = "<Attributes>".repeat(levels);
    for error in
        [TextCodec::new().from_json(&json).unwrap_err(), TextCodec::new().from_xml(&xml).unwrap_err()]
    {
        assert_eq!(*error.kind(), TextErrorKind::DepthLimit { limit: Limits::default().depth });
    }
    // What stands where an item should be is nested, too.
    let error = TextCodec::new().from_json(&"[".repeat(levels)).unwrap_err();
    assert_eq!(error.to_string(), "line 1, column 200000: EOF while parsing a list");
    let error = serde_json::from_str::<Item>(&json).unwrap_err();
    assert!(error.to_string().starts_with("structures are nested more than 32 deep"), "{error}");
}

#[test]
fn items_are_limited() {
    let limits = Limits { items: 4, ..Limits::default() };
    let codec = TextCodec::new().limits(limits);
    let structure =
        |fields| Item::structure(Tag::ATTRIBUTES, vec![Item::boolean(Tag::BATCH_ORDER_OPTION, true); fields]);
    let (fits, exceeds) = (structure(3), structure(4));
    assert!(codec.from_json(&fits.to_json().unwrap()).is_ok());
    assert!(codec.from_xml(&fits.to_xml().unwrap()).is_ok());
    let expected = TextErrorKind::ItemLimit { limit: 4 };
    assert_eq!(*codec.from_json(&exceeds.to_json().unwrap()).unwrap_err().kind(), expected);
    assert_eq!(*codec.from_xml(&exceeds.to_xml().unwrap()).unwrap_err().kind(), expected);
    let error = codec.to_json(&exceeds.to_ttlv().unwrap()).unwrap_err();
    let TextErrorKind::Decode(error) = error.kind() else { panic!("{error:?}") };
    assert_eq!(*error.kind(), DecodeErrorKind::ItemLimit { limit: 4 });
    // Each of several messages has its own count.
    let fits = fits.to_xml().unwrap();
    let messages = codec.from_xml_all(&format!("<KMIP>{fits}{fits}</KMIP>")).unwrap();
    assert!(messages.iter().all(|message| message.ttlv.is_ok()));
}

#[test]
fn size_is_limited() {
    let codec = TextCodec::new().limits(Limits { size: 24, ..Limits::default() });
    let name = |text: &str| Item::text_string(Tag::ATTRIBUTE_NAME, text).to_json().unwrap();
    assert!(codec.from_json(&name("sixteen letters!")).is_ok());
    let error = codec.from_json(&name("seventeen letters")).unwrap_err();
    assert!(matches!(error.kind(), TextErrorKind::Encode(_)), "{error:?}");
}

#[test]
fn the_size_of_a_text_is_limited() {
    let codec = TextCodec::new().limits(Limits { size: 24, ..Limits::default() });
    let limit = 6 * 24 + 3 * (512 + 24 * 32);
    let item = Item::text_string(Tag::ATTRIBUTE_NAME, "sixteen letters!");
    let padded = |text: String, length: usize| format!("{text}{}", " ".repeat(length - text.len()));
    for (text, read) in [
        (
            item.to_json().unwrap(),
            TextCodec::item_from_json as fn(&TextCodec, &str) -> Result<Item, kmip_types::TextError>,
        ),
        (item.to_xml().unwrap(), TextCodec::item_from_xml),
    ] {
        assert_eq!(read(&codec, &padded(text.clone(), limit)).unwrap(), item);
        let error = read(&codec, &padded(text, limit + 1)).unwrap_err();
        assert_eq!(*error.kind(), TextErrorKind::SizeLimit { limit, found: limit + 1 });
        assert_eq!(error.to_string(), "expected a text of at most 3984 bytes, found 3985");
    }
}

#[test]
fn the_longest_text_of_a_size_is_read() {
    let json = JsonOptions::new().pretty(true).tags(TagForm::HexAndName).structure_type(true);
    let writer = TextCodec::new().json(json).xml(XmlOptions::new().pretty(true));
    let depth = Limits::default().depth;
    let around = |items| {
        (1..depth - 1).fold(Item::structure(Tag::ATTRIBUTES, items), |item, _| {
            Item::structure(Tag::ATTRIBUTES, vec![item])
        })
    };
    for item in [
        around(vec![Item::structure(Tag::CERTIFICATE_ISSUER_DISTINGUISHED_NAME, vec![]); 1000]),
        around(vec![Item::integer(Tag::CRYPTOGRAPHIC_USAGE_MASK, -1); 1000]),
        Item::text_string(Tag::ATTRIBUTE_NAME, "\u{1}".repeat(8000)),
        Item::text_string(Tag::ATTRIBUTE_NAME, "\"".repeat(8000)),
        Item::byte_string(Tag::KEY_MATERIAL, vec![0xFF; 8000]),
    ] {
        let limits = Limits { size: item.to_ttlv().unwrap().len(), ..Limits::default() };
        let reader = TextCodec::new().limits(limits);
        assert_eq!(reader.item_from_json(&writer.item_to_json(&item).unwrap()).unwrap(), item);
        if let Ok(xml) = writer.item_to_xml(&item) {
            assert_eq!(reader.item_from_xml(&xml).unwrap(), item);
        }
    }
}

#[test]
fn bytes_that_are_no_item_are_refused_with_their_offset() {
    let mut ttlv = Item::structure(Tag::REQUEST_HEADER, vec![Item::boolean(Tag::BATCH_ORDER_OPTION, true)])
        .to_ttlv()
        .unwrap();
    ttlv[23] = 2;
    let codec = TextCodec::new();
    for error in [codec.to_json(&ttlv), codec.to_xml(&ttlv), codec.to_text(&ttlv)].map(Result::unwrap_err) {
        let expected = "RequestHeader/BatchOrderOption (offset 8): a Boolean is neither 0 nor 1";
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.path().to_string(), "RequestHeader/BatchOrderOption");
        assert_eq!((error.line(), error.column()), (None, None));
    }
    for length in 0..24 {
        assert!(codec.to_json(&ttlv[..length]).is_err(), "{length}");
    }
}

/// A text, and what is said of it: by default, and where that differs, strictly. In each case what was there is no
/// part of what was expected.
const MESSAGES: &[(&str, &str, Option<&str>)] = &[
    // Where a type is wrong and the value is none of it, the type is what is wrong.
    (
        r#"{"tag":"CryptographicUsageMask","type":"Enumeration","value":"Encrypt"}"#,
        "line 1, column 40, CryptographicUsageMask: CryptographicUsageMask takes Integer, found Enumeration",
        None,
    ),
    (
        r#"{"tag":"ActivationDate","type":"Integer","value":"2001-01-01T10:00:00+10:00"}"#,
        "line 1, column 32, ActivationDate: ActivationDate takes DateTime, found Integer",
        None,
    ),
    // No type is no Structure that was found.
    (
        r#"{"tag":"BatchCount","value":2}"#,
        "line 1, column 29, BatchCount: BatchCount takes Integer, but no type is given, which is left out for a Structure alone",
        None,
    ),
    (
        "<BatchCount value='2'/>",
        "line 1, column 20, BatchCount: BatchCount takes Integer, but no type is given, which is left out for a Structure alone",
        None,
    ),
    // What has no names is not said to take some.
    (
        r#"{"tag":"BatchCount","type":"Integer","value":"two"}"#,
        "line 1, column 46, BatchCount: expected a number of 32 bits with a sign, or up to 8 hex digits after 0x for Integer, found other text",
        None,
    ),
    (
        r#"{"tag":"0x540001","type":"Enumeration","value":"Two"}"#,
        "line 1, column 48, 0x540001: expected a number of 32 bits without a sign, or up to 8 hex digits after 0x for Enumeration, found other text",
        None,
    ),
    (
        r#"{"tag":"CryptographicUsageMask","type":"Integer","value":true}"#,
        "line 1, column 58, CryptographicUsageMask: expected a number of 32 bits with a sign, up to 8 hex digits after 0x, or names of a mask's bits for Integer, found true or false",
        None,
    ),
    // A number that is too large is not "another number" than a number.
    (
        r#"{"tag":"Modulus","type":"BigInteger","value":999999999999999999999999999999999999999}"#,
        "line 1, column 46, Modulus: expected a number, or hex digits for a multiple of 8 bytes for BigInteger, found a number of more than 128 bits",
        None,
    ),
    (
        r#"{"tag":"NameValue","type":"TextString","value":5}"#,
        "line 1, column 48, NameValue: expected text for TextString, found a number",
        None,
    ),
    (
        r#"{"tag":"Name","type":"Structure","value":"x"}"#,
        "line 1, column 42, Name: expected items for Structure, found text",
        None,
    ),
    // One tag said twice is no fault; two tags are.
    (
        "<Operation tag='0x42000D' type='Enumeration' value='10'/>",
        "line 1, column 17, Operation: the element is Operation (0x42005C), but its attribute \"tag\" is BatchCount (0x42000D)",
        None,
    ),
    ("<TTLV tag='0x420053' tag='0x420053'/>", "line 1, column 22: duplicate attribute \"tag\"", None),
    (
        r#"{"tag":"AttributeValue","type":"Boolean","value":"yes"}"#,
        "line 1, column 50, AttributeValue: expected true or false for Boolean, found other text",
        None,
    ),
    // What is read by default, strict reading refuses by its type.
    (
        r#"{"tag":"LeaseTime","type":"Integer","value":60}"#,
        "",
        Some("line 1, column 27, LeaseTime: LeaseTime takes DateTime or Interval, found Integer"),
    ),
    (
        "<UniqueIdentifier/>",
        "",
        Some(
            "line 1, column 1, UniqueIdentifier: UniqueIdentifier takes Integer or Enumeration or TextString, but no type is given, which is left out for a Structure alone",
        ),
    ),
];

#[test]
fn no_message_contradicts_itself() {
    for (text, default, strict) in MESSAGES {
        let said = |codec: TextCodec| {
            let read = if text.starts_with('<') { codec.from_xml(text) } else { codec.from_json(text) };
            read.err().map(|error| error.to_string()).unwrap_or_default()
        };
        assert_eq!(said(TextCodec::new()), *default, "{text}");
        assert_eq!(said(TextCodec::new().mode(TextMode::Lenient)), *default, "{text}");
        assert_eq!(said(TextCodec::new().mode(TextMode::Strict)), strict.unwrap_or(default), "{text}");
    }
}
