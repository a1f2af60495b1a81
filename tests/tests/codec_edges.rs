//! The edges of binary TTLV.
//!
//! For every item type the empty, least and greatest value, wrong lengths, wrong padding, every truncation;
//! limits, trailing data, and what lenient reading tolerates.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use kmip_types::ttlv::{self, Decode, DeviationKind, Encode, Field, KeptItem, Mode, Reader, Schema, Writer};
use kmip_types::{
    BigInteger, DateTime, DateTimeExtended, DecodeError, DecodeErrorKind, EncodeErrorKind, Interval, Item,
    ItemType, ItemTypes, Limits, ProtocolVersion, Tag, Value,
};

const TAG: Tag = Tag::COMPROMISE_DATE;

/// The bytes that hex digits say, spaces aside.
fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let (pairs, rest) = digits.as_chunks::<2>();
    assert!(rest.is_empty());
    pairs.iter().map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn text_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// A value of each item type at its edges, with its bytes.
fn edges() -> Vec<(Value, &'static str)> {
    let big = |bytes: &[u8]| Value::BigInteger(BigInteger::from_signed_bytes(bytes));
    let date = |seconds| Value::DateTime(DateTime::from_seconds(seconds));
    let interval = |seconds| Value::Interval(Interval::from_seconds(seconds));
    let extended = |number| Value::DateTimeExtended(DateTimeExtended::from_microseconds(number));
    vec![
        (Value::Structure(vec![]), "420020 01 00000000"),
        (
            Value::Structure(vec![Item::new(TAG, Value::Structure(vec![]))]),
            "420020 01 00000008 420020 01 00000000",
        ),
        (
            Value::Structure(vec![Item::integer(TAG, 254), Item::boolean(TAG, true)]),
            "420020 01 00000020 420020 02 00000004 000000FE 00000000 420020 06 00000008 0000000000000001",
        ),
        (Value::Integer(0), "420020 02 00000004 00000000 00000000"),
        (Value::Integer(-1), "420020 02 00000004 FFFFFFFF 00000000"),
        (Value::Integer(i32::MIN), "420020 02 00000004 80000000 00000000"),
        (Value::Integer(i32::MAX), "420020 02 00000004 7FFFFFFF 00000000"),
        (Value::LongInteger(0), "420020 03 00000008 0000000000000000"),
        (Value::LongInteger(i64::MIN), "420020 03 00000008 8000000000000000"),
        (Value::LongInteger(i64::MAX), "420020 03 00000008 7FFFFFFFFFFFFFFF"),
        (big(&[]), "420020 04 00000008 0000000000000000"),
        (big(&[0x80]), "420020 04 00000008 FFFFFFFFFFFFFF80"),
        (big(&[0x7F; 9]), "420020 04 00000010 000000000000007F 7F7F7F7F7F7F7F7F"),
        (Value::Enumeration(0), "420020 05 00000004 00000000 00000000"),
        (Value::Enumeration(u32::MAX), "420020 05 00000004 FFFFFFFF 00000000"),
        (Value::Boolean(false), "420020 06 00000008 0000000000000000"),
        (Value::Boolean(true), "420020 06 00000008 0000000000000001"),
        (Value::TextString(String::new()), "420020 07 00000000"),
        (Value::from("a"), "420020 07 00000001 6100000000000000"),
        (Value::from("1234567"), "420020 07 00000007 3132333435363700"),
        (Value::from("12345678"), "420020 07 00000008 3132333435363738"),
        (Value::from("ä€\0😀"), "420020 07 0000000A C3A4E282AC00F09F 9880000000000000"),
        (Value::ByteString(vec![]), "420020 08 00000000"),
        (Value::ByteString(vec![1, 2, 3]), "420020 08 00000003 0102030000000000"),
        (Value::ByteString(vec![0; 9]), "420020 08 00000009 0000000000000000 0000000000000000"),
        (date(0), "420020 09 00000008 0000000000000000"),
        (date(i64::MIN), "420020 09 00000008 8000000000000000"),
        (date(0x47DA_67F8), "420020 09 00000008 0000000047DA67F8"),
        (interval(0), "420020 0A 00000004 00000000 00000000"),
        (interval(u32::MAX), "420020 0A 00000004 FFFFFFFF 00000000"),
        (extended(0), "420020 0B 00000008 0000000000000000"),
        (extended(i64::MAX), "420020 0B 00000008 7FFFFFFFFFFFFFFF"),
    ]
}

fn read(bytes: &[u8]) -> Result<Item, DecodeError> {
    Item::from_ttlv(bytes)
}

#[track_caller]
fn refuses(bytes: &str, expected: &str) {
    assert_eq!(read(&hex(bytes)).expect_err(bytes).to_string(), expected, "{bytes}");
}

#[test]
fn every_type_is_written_and_read_at_its_edges() {
    for (value, bytes) in edges() {
        let written = ttlv::encode(TAG, &value, ProtocolVersion::V2_1).unwrap();
        assert_eq!(text_of(&written), text_of(&hex(bytes)));
        assert_eq!(read(&written), Ok(Item::new(TAG, value)), "{bytes}");
    }
    let types: Vec<ItemType> = edges().iter().map(|(value, _)| value.item_type()).collect();
    assert!(ItemType::ALL.iter().all(|item_type| types.contains(item_type)));
}

#[test]
fn every_truncation_is_refused() {
    for (value, bytes) in edges() {
        let bytes = hex(bytes);
        for length in 0..bytes.len() {
            let error = read(&bytes[..length]).expect_err("too few bytes");
            assert!(matches!(error.kind(), DecodeErrorKind::Truncated { .. }), "{value:?} {length}: {error}");
        }
    }
}

#[test]
fn a_structure_that_ends_inside_an_item_is_refused() {
    for (value, bytes) in edges() {
        let inner = hex(bytes);
        for length in (1..inner.len()).filter(|length| length % 8 == 0) {
            // The bytes go on after the structure, which must not be read into.
            let mut outer = hex("420021 01 000000");
            outer.push(u8::try_from(length).unwrap());
            outer.extend_from_slice(&inner);
            let error = read(&outer).expect_err("an item that does not fit");
            assert!(matches!(error.kind(), DecodeErrorKind::Truncated { .. }), "{value:?} {length}: {error}");
            assert_eq!(error.offset(), 8);
        }
    }
}

#[test]
fn wrong_lengths_are_refused() {
    for (item_type, lengths) in [
        (ItemType::Structure, &[1, 4, 7, 9][..]),
        (ItemType::Integer, &[0, 3, 5, 8]),
        (ItemType::LongInteger, &[0, 4, 7, 9, 16]),
        (ItemType::BigInteger, &[0, 1, 4, 7, 9, 15]),
        (ItemType::Enumeration, &[0, 3, 5, 8]),
        (ItemType::Boolean, &[0, 1, 4, 16]),
        (ItemType::DateTime, &[0, 4, 16]),
        (ItemType::Interval, &[0, 8]),
        (ItemType::DateTimeExtended, &[0, 4, 16]),
    ] {
        for length in lengths {
            let mut bytes = hex("420020");
            bytes.extend_from_slice(&[item_type.number(), 0, 0, 0, *length]);
            bytes.resize(8 + 24, 0);
            let error = read(&bytes).expect_err("a wrong length");
            let DecodeErrorKind::InvalidLength { item_type: of, found, .. } = error.kind() else {
                panic!("{item_type} {length}: {error}")
            };
            assert_eq!((*of, *found), (item_type, usize::from(*length)));
        }
    }
}

#[test]
fn padding_that_is_not_zero_is_refused() {
    for (value, bytes) in edges() {
        let bytes = hex(bytes);
        let length = match value.item_type() {
            ItemType::Structure => continue,
            _ => usize::from(bytes[7]),
        };
        for at in 8 + length..bytes.len() {
            let mut broken = bytes.clone();
            broken[at] = 1;
            let error = read(&broken).expect_err("padding");
            assert_eq!(*error.kind(), DecodeErrorKind::NonZeroPadding, "{value:?} {at}");
        }
    }
}

#[test]
fn values_that_are_none_are_refused() {
    for (bytes, expected) in [
        ("420020 00 00000000", "0x00 is not an item type"),
        ("420020 0C 00000000", "0x0C is not an item type"),
        ("420020 06 00000008 0000000000000002", "a Boolean is neither 0 nor 1"),
        ("420020 06 00000008 0100000000000000", "a Boolean is neither 0 nor 1"),
        ("420020 07 00000002 61FF000000000000", "text is not valid UTF-8 after 1 bytes"),
        ("420020 07 00000003 EDA0800000000000", "text is not valid UTF-8 after 0 bytes"),
        ("420020 08 FFFFFFFF", "truncated: 4294967296 bytes needed, 0 left"),
        ("420020 01 FFFFFFF8", "truncated: 4294967288 bytes needed, 0 left"),
    ] {
        refuses(bytes, &format!("CompromiseDate (offset 0): {expected}"));
    }
    refuses("", "offset 0: truncated: 8 bytes needed, 0 left");
}

#[test]
fn what_follows_the_item_is_refused() {
    for (value, bytes) in edges() {
        for extra in 1..=8 {
            let mut longer = hex(bytes);
            let length = longer.len();
            longer.resize(length + extra, 0);
            let error = read(&longer).expect_err("trailing data");
            assert_eq!(*error.kind(), DecodeErrorKind::TrailingData { bytes: extra }, "{value:?}");
            assert_eq!(error.offset(), length);
        }
    }
}

#[test]
fn an_error_says_where_in_the_tree() {
    let identifier = Item::text_string(Tag::UNIQUE_IDENTIFIER, "x");
    let payload = Item::structure(Tag::REQUEST_PAYLOAD, vec![identifier.clone(), identifier]);
    let item = Item::structure(Tag::BATCH_ITEM, vec![Item::enumeration(Tag::OPERATION, 1_u32), payload]);
    let message = Item::structure(Tag::REQUEST_MESSAGE, vec![item.clone(), item]);
    let mut bytes = message.to_ttlv().unwrap();
    let last = bytes.len() - 8;
    bytes[last] = 0xFF;
    let error = read(&bytes).unwrap_err();
    assert_eq!(error.path().to_string(), "RequestMessage/BatchItem[1]/RequestPayload/UniqueIdentifier[1]");
    assert_eq!(error.offset(), last - 8);
    assert_eq!(error.path().segments().len(), 4);
}

/// Structures, one inside the other.
fn nested(depth: usize) -> Item {
    let innermost = Item::structure(TAG, vec![]);
    (1..depth).fold(innermost, |item, _| Item::structure(TAG, vec![item]))
}

#[test]
fn depth_is_limited_when_reading_and_writing() {
    for limit in [1, 2, 32] {
        let limits = Limits { depth: limit, ..Limits::default() };
        let write = |item: &Item| {
            let mut writer = Writer::with_buffer(Vec::new(), ProtocolVersion::V2_1, limits);
            item.write(&mut writer).map(|()| writer.into_bytes())
        };
        let bytes = write(&nested(limit)).unwrap();
        assert_eq!(Item::from_ttlv_within(&bytes, limits), Ok(nested(limit)));
        let error = write(&nested(limit + 1)).unwrap_err();
        assert_eq!(*error.kind(), EncodeErrorKind::DepthLimit { limit });
        assert_eq!(error.path().segments().len(), limit + 1);
        let mut deeper = hex("420020 01");
        deeper.extend_from_slice(&u32::try_from(bytes.len()).unwrap().to_be_bytes());
        deeper.extend(bytes);
        let error = Item::from_ttlv_within(&deeper, limits).unwrap_err();
        assert_eq!(*error.kind(), DecodeErrorKind::DepthLimit { limit });
        assert_eq!(error.path().segments().len(), limit + 1);
    }
}

#[test]
fn size_is_limited_when_reading_and_writing() {
    let item = Item::byte_string(TAG, [0; 8]);
    let bytes = item.to_ttlv().unwrap();
    let limits = |size| Limits { size, ..Limits::default() };
    assert_eq!(Item::from_ttlv_within(&bytes, limits(16)), Ok(item.clone()));
    let error = Item::from_ttlv_within(&bytes, limits(15)).unwrap_err();
    assert_eq!(*error.kind(), DecodeErrorKind::SizeLimit { size: 16, limit: 15 });
    let write = |size| item.write(&mut Writer::with_buffer(Vec::new(), ProtocolVersion::V2_1, limits(size)));
    assert_eq!(write(16), Ok(()));
    assert_eq!(*write(15).unwrap_err().kind(), EncodeErrorKind::SizeLimit { limit: 15 });
    assert!(write(0).is_err());
}

#[test]
fn items_are_limited_when_reading() {
    let item = Item::structure(TAG, vec![Item::boolean(TAG, true); 3]);
    let bytes = item.to_ttlv().unwrap();
    let limits = |items| Limits { items, ..Limits::default() };
    assert_eq!(Item::from_ttlv_within(&bytes, limits(4)), Ok(item));
    let error = Item::from_ttlv_within(&bytes, limits(3)).unwrap_err();
    assert_eq!(*error.kind(), DecodeErrorKind::ItemLimit { limit: 3 });
}

#[test]
fn an_extended_date_is_refused_before_version_2() {
    let date = Value::DateTimeExtended(DateTimeExtended::from_microseconds(1));
    for version in ProtocolVersion::ALL {
        let written = ttlv::encode(Tag::TIME_STAMP, &date, *version);
        assert_eq!(written.is_ok(), version.is_at_least(ProtocolVersion::V2_0), "{version}");
    }
}

// ---- lenient reading -------------------------------------------------------------------------------

/// A structure with fields of each kind, by hand.
#[derive(Debug, PartialEq)]
struct Lease {
    identifier: String,
    count: i32,
    total: Option<i64>,
    time: Option<Interval>,
    names: Vec<String>,
}

const FIELDS: &[Field] = &[
    Field::required(Tag::UNIQUE_IDENTIFIER),
    Field::required(Tag::BATCH_COUNT),
    Field::optional(Tag::USAGE_LIMITS_TOTAL),
    Field::optional(Tag::LEASE_TIME),
    Field::repeated(Tag::NAME_VALUE),
];
static SCHEMA: Schema = Schema { name: "Lease", fields: FIELDS, catch_all: false };

impl Encode for Lease {
    fn encode(&self, tag: Tag, writer: &mut Writer) -> Result<(), kmip_types::EncodeError> {
        writer.structure(tag, |writer| {
            writer.required(&FIELDS[0], &self.identifier)?;
            writer.required(&FIELDS[1], &self.count)?;
            writer.optional(&FIELDS[2], &self.total)?;
            writer.optional(&FIELDS[3], &self.time)?;
            writer.repeated(&FIELDS[4], &self.names)
        })
    }
}

impl Decode for Lease {
    fn decode(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.structure(tag, &SCHEMA, |reader| {
            Ok(Self {
                identifier: reader.required(&FIELDS[0], &SCHEMA)?,
                count: reader.required(&FIELDS[1], &SCHEMA)?,
                total: reader.optional(&FIELDS[2], &SCHEMA)?,
                time: reader.optional(&FIELDS[3], &SCHEMA)?,
                names: reader.repeated(&FIELDS[4], &SCHEMA)?,
            })
        })
    }
}

fn lease() -> Lease {
    Lease {
        identifier: "x".to_owned(),
        count: 2,
        total: Some(3),
        time: Some(Interval::from_seconds(42)),
        names: vec!["a".to_owned(), "b".to_owned()],
    }
}

fn identifier() -> Item {
    Item::text_string(Tag::UNIQUE_IDENTIFIER, "x")
}

fn count() -> Item {
    Item::integer(Tag::BATCH_COUNT, 2)
}

fn total() -> Item {
    Item::long_integer(Tag::USAGE_LIMITS_TOTAL, 3)
}

fn time() -> Item {
    Item::interval(Tag::LEASE_TIME, Interval::from_seconds(42))
}

fn name(text: &str) -> Item {
    Item::text_string(Tag::NAME_VALUE, text)
}

const PAYLOAD: Tag = Tag::RESPONSE_PAYLOAD;

fn payload(fields: Vec<Item>) -> Vec<u8> {
    Item::structure(PAYLOAD, fields).to_ttlv().unwrap()
}

#[test]
fn what_is_as_it_should_be_has_no_deviations() {
    let bytes = ttlv::encode(PAYLOAD, &lease(), ProtocolVersion::V2_1).unwrap();
    assert_eq!(bytes, payload(vec![identifier(), count(), total(), time(), name("a"), name("b")]));
    assert_eq!(ttlv::decode(PAYLOAD, &bytes), Ok(lease()));
    let decoded = ttlv::decode_lenient::<Lease>(PAYLOAD, &bytes).unwrap();
    assert_eq!((decoded.value, decoded.deviations), (lease(), vec![]));
}

#[test]
fn deviations_are_refused_strictly_and_listed_with_their_paths_leniently() {
    let kept = |item: &Item| KeptItem::of(item).unwrap();
    let types = |expected, found| DeviationKind::ItemType { expected, found };
    let unknown = Item::boolean(Tag::BATCH_ORDER_OPTION, true);
    let number = Item::integer(Tag::LEASE_TIME, 42);
    let long = Item::long_integer(Tag::BATCH_COUNT, 2);
    let short = Item::integer(Tag::USAGE_LIMITS_TOTAL, 3);
    let again = Item::text_string(Tag::UNIQUE_IDENTIFIER, "y");
    for (fields, strictly, leniently) in [
        (
            vec![identifier(), count(), total(), time(), name("a"), name("b"), unknown.clone()],
            "ResponsePayload/BatchOrderOption (offset 104): Lease has no field BatchOrderOption",
            vec![("ResponsePayload/BatchOrderOption", 104, DeviationKind::Unknown(kept(&unknown)))],
        ),
        (
            vec![unknown.clone(), identifier(), count(), total(), time(), name("a"), name("b")],
            "ResponsePayload/BatchOrderOption (offset 8): Lease has no field BatchOrderOption",
            vec![("ResponsePayload/BatchOrderOption", 8, DeviationKind::Unknown(kept(&unknown)))],
        ),
        (
            vec![count(), identifier(), total(), time(), name("a"), name("b")],
            "ResponsePayload/UniqueIdentifier (offset 24): UniqueIdentifier is out of order in Lease",
            vec![("ResponsePayload/UniqueIdentifier", 24, DeviationKind::Misplaced)],
        ),
        (
            vec![identifier(), again.clone(), count(), total(), time(), name("a"), name("b")],
            "ResponsePayload/UniqueIdentifier[1] (offset 24): UniqueIdentifier occurs more than once in Lease",
            vec![("ResponsePayload/UniqueIdentifier[1]", 24, DeviationKind::Duplicate(kept(&again)))],
        ),
        (
            vec![identifier(), count(), total(), time(), name("a"), name("b"), again.clone()],
            "ResponsePayload/UniqueIdentifier[1] (offset 104): UniqueIdentifier occurs more than once in Lease",
            vec![("ResponsePayload/UniqueIdentifier[1]", 104, DeviationKind::Duplicate(kept(&again)))],
        ),
        (
            vec![identifier(), count(), total(), name("a"), time(), name("b")],
            "ResponsePayload/LeaseTime (offset 72): LeaseTime is out of order in Lease",
            vec![("ResponsePayload/LeaseTime", 72, DeviationKind::Misplaced)],
        ),
        (
            vec![identifier(), long, short, number, name("a"), name("b")],
            "ResponsePayload/BatchCount (offset 24): expected Integer, found LongInteger",
            vec![
                ("ResponsePayload/BatchCount", 24, types(ItemTypes::INTEGER, ItemType::LongInteger)),
                ("ResponsePayload/UsageLimitsTotal", 40, types(ItemTypes::LONG_INTEGER, ItemType::Integer)),
                ("ResponsePayload/LeaseTime", 56, types(ItemTypes::INTERVAL, ItemType::Integer)),
            ],
        ),
    ] {
        let bytes = payload(fields);
        let error = ttlv::decode::<Lease>(PAYLOAD, &bytes).unwrap_err();
        assert_eq!(error.to_string(), strictly);
        let decoded =
            ttlv::decode_lenient::<Lease>(PAYLOAD, &bytes).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(decoded.value, lease(), "{strictly}");
        let found: Vec<(String, usize, DeviationKind)> = decoded
            .deviations
            .into_iter()
            .map(|deviation| (deviation.path.to_string(), deviation.offset, deviation.kind))
            .collect();
        let expected: Vec<(String, usize, DeviationKind)> =
            leniently.into_iter().map(|(path, offset, kind)| (path.to_owned(), offset, kind)).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn leniency_does_not_stretch_to_what_cannot_be_read() {
    let out_of_range = Item::long_integer(Tag::BATCH_COUNT, 1 << 40);
    let negative = Item::integer(Tag::LEASE_TIME, -1);
    let text = Item::text_string(Tag::BATCH_COUNT, "2");
    for (fields, expected) in [
        (
            vec![identifier(), out_of_range],
            "ResponsePayload/BatchCount (offset 24): expected Integer, found LongInteger",
        ),
        (
            vec![identifier(), text],
            "ResponsePayload/BatchCount (offset 24): expected Integer, found TextString",
        ),
        (vec![identifier()], "ResponsePayload (offset 24): Lease lacks its required field BatchCount"),
    ] {
        let error = ttlv::decode_lenient::<Lease>(PAYLOAD, &payload(fields)).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    // What can be absent is set aside.
    let decoded =
        ttlv::decode_lenient::<Lease>(PAYLOAD, &payload(vec![identifier(), count(), negative])).unwrap();
    assert_eq!(decoded.value.time, None);
    let [deviation] = decoded.deviations.as_slice() else { panic!("{:?}", decoded.deviations) };
    assert_eq!(
        deviation.to_string(),
        "ResponsePayload/LeaseTime (offset 40): expected Interval, found Integer; the Integer was set aside as it is"
    );
    let mut bytes = payload(vec![identifier(), count()]);
    bytes.extend([0; 8]);
    let error = ttlv::decode_lenient::<Lease>(PAYLOAD, &bytes).unwrap_err();
    assert_eq!(*error.kind(), DecodeErrorKind::TrailingData { bytes: 8 });
}

#[test]
fn a_reader_tells_what_comes_next() {
    let bytes = payload(vec![]);
    let mut reader = Reader::new(&bytes, Mode::Strict, Limits::default()).unwrap();
    let header = reader.peek().unwrap().unwrap();
    assert_eq!(
        (header.tag, header.item_type, header.length, header.offset),
        (PAYLOAD, ItemType::Structure, 0, 0)
    );
    assert_eq!(reader.peek_tag(), Some(PAYLOAD));
    let error = reader.integer(Tag::BATCH_COUNT).unwrap_err();
    assert_eq!(error.to_string(), "ResponsePayload (offset 0): expected BatchCount, found ResponsePayload");
    let error = reader.integer(PAYLOAD).unwrap_err();
    assert_eq!(error.to_string(), "ResponsePayload (offset 0): expected Integer, found Structure");
}

/// A codec by hand that reads nothing of its item.
#[derive(Debug, PartialEq)]
struct Idle;

impl Decode for Idle {
    fn decode(_: Tag, _: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self)
    }
}

#[test]
fn what_a_codec_by_hand_leaves_unread_is_an_error() {
    let bytes = ttlv::encode(Tag::BATCH_COUNT, &2_i32, ProtocolVersion::V2_1).unwrap();
    let error = ttlv::decode::<Idle>(Tag::BATCH_COUNT, &bytes).unwrap_err();
    assert_eq!(*error.kind(), DecodeErrorKind::TrailingData { bytes: 16 });
}
