//! What the derives make beside a codec: flattened fields, secrets, constructors, enumerations, masks.

#![allow(clippy::unwrap_used)] // In helpers of tests too, a panic is how a test fails.

use kmip_types::tables::Names;
use kmip_types::ttlv::{self, End, Fields, Presence, Structure, Wire};
use kmip_types::{Item, ItemTypes, Mask, ProtocolVersion, Tag, Ttlv, TtlvEnum, TtlvMask, Value};

const PAYLOAD: Tag = Tag::REQUEST_PAYLOAD;

fn vendor(number: u32) -> Tag {
    Tag::from_raw(0x54_0000 | number)
}

/// The bytes of a structure with these integers under tags of a vendor.
fn integers(numbers: &[u32]) -> Vec<u8> {
    let items = numbers.iter().map(|number| Item::integer(vendor(*number), 0)).collect();
    ttlv::encode(PAYLOAD, &Value::Structure(items), ProtocolVersion::V2_1).unwrap()
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
struct Outer {
    #[ttlv(tag = 0x540001)]
    first: i32,
    #[ttlv(flatten)]
    inner: Inner,
    #[ttlv(tag = 0x540006)]
    last: Option<i32>,
    #[ttlv(flatten)]
    tail: Tail,
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
struct Inner {
    #[ttlv(tag = 0x540002)]
    one: i32,
    #[ttlv(tag = 0x540003)]
    many: Vec<i32>,
    #[ttlv(flatten)]
    innermost: Innermost,
}

#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
struct Innermost {
    #[ttlv(tag = 0x540004)]
    left: Option<i32>,
    #[ttlv(tag = 0x540005)]
    right: Option<i32>,
}

#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
struct Tail {
    #[ttlv(tag = 0x540007, since = "2.0")]
    late: Option<i32>,
}

#[test]
fn flattened_fields_are_in_the_schema_in_their_places() {
    let tags: Vec<u32> = Outer::SCHEMA.fields.iter().map(|field| field.tag.value() & 0xFF).collect();
    assert_eq!(tags, [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(Outer::SCHEMA.fields[2].presence, Presence::Repeated);
    assert_eq!(Inner::SCHEMA.fields.len(), 4);
}

#[test]
fn flattened_fields_are_written_and_read_in_their_places() {
    let inner = Inner::new(2, Innermost::default().with_right(5)).with_many([30, 31]);
    let outer = Outer::new(1, inner, Tail::default()).with_last(6);
    let bytes = ttlv::encode(PAYLOAD, &outer, ProtocolVersion::V1_0).unwrap();
    let item = Item::from_ttlv(&bytes).unwrap();
    let tags: Vec<u32> = item.as_structure().unwrap().iter().map(|item| item.tag.value() & 0xFF).collect();
    assert_eq!(tags, [1, 2, 3, 3, 5, 6]);
    assert_eq!(ttlv::decode::<Outer>(PAYLOAD, &bytes), Ok(outer.clone()));
    let late = Outer { tail: Tail::default().with_late(7), ..outer };
    let error = ttlv::encode(PAYLOAD, &late, ProtocolVersion::V1_4).unwrap_err();
    assert_eq!(
        error.to_string(),
        "RequestPayload/0x540007: 0x540007 is not in KMIP 1.4, but in 2.0 and later"
    );
}

#[test]
fn faults_of_flattened_fields_name_the_structure_in_which_they_stand() {
    for (numbers, expected) in [
        (&[1][..], "RequestPayload (offset 24): Outer lacks its required field 0x540002"),
        (&[1, 6], "RequestPayload (offset 24): Outer lacks its required field 0x540002"),
        (&[1, 3, 2], "RequestPayload/0x540002 (offset 40): 0x540002 is out of order in Outer"),
        (&[1, 2, 6, 5], "RequestPayload/0x540005 (offset 56): 0x540005 is out of order in Outer"),
        (&[1, 2, 5, 5], "RequestPayload/0x540005[1] (offset 56): 0x540005 occurs more than once in Outer"),
        (&[1, 2, 9], "RequestPayload/0x540009 (offset 40): Outer has no field 0x540009"),
    ] {
        let error = ttlv::decode::<Outer>(PAYLOAD, &integers(numbers)).unwrap_err();
        assert_eq!(error.to_string(), expected, "{numbers:?}");
    }
}

#[test]
fn flattened_fields_out_of_order_are_tolerated_leniently() {
    let decoded = ttlv::decode_lenient::<Outer>(PAYLOAD, &integers(&[6, 3, 2, 1, 3])).unwrap();
    assert_eq!((decoded.value.inner.many.len(), decoded.value.last), (2, Some(0)));
    assert!(!decoded.deviations.is_empty());
}

#[test]
fn fields_are_read_without_a_structure_around_them() {
    let bytes = ttlv::encode(vendor(2), &7, ProtocolVersion::V2_1).unwrap();
    let mut reader = ttlv::Reader::new(&bytes, ttlv::Mode::Strict, kmip_types::Limits::default()).unwrap();
    assert_eq!(Inner::read_fields(&mut reader, End::OfFlattened).unwrap().one, 7);
}

mod secrets {
    use std::sync::atomic::{AtomicU32, Ordering};

    use kmip_types::ttlv::{Decode, Encode, Reader, Wire, Writer};
    use kmip_types::{DecodeError, EncodeError, ItemTypes, Tag, Ttlv};

    /// How many values were wiped.
    static WIPED: AtomicU32 = AtomicU32::new(0);

    /// A value that tells when it is wiped.
    struct Witness;

    impl zeroize::Zeroize for Witness {
        fn zeroize(&mut self) {
            WIPED.fetch_add(1, Ordering::SeqCst);
        }
    }

    impl Wire for Witness {
        const ITEM_TYPES: ItemTypes = ItemTypes::INTEGER;
    }

    impl Encode for Witness {
        fn encode(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
            writer.integer(tag, 0)
        }
    }

    impl Decode for Witness {
        fn decode(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
            reader.integer(tag).map(|_| Self)
        }
    }

    #[derive(Ttlv)]
    struct Login {
        username: String,
        #[ttlv(tag = 0x540001, secret)]
        one: Witness,
        #[ttlv(tag = 0x540002, secret)]
        many: Vec<Witness>,
    }

    #[derive(Ttlv)]
    struct Pin(#[ttlv(secret)] Witness);

    #[derive(Ttlv)]
    enum Token {
        #[ttlv(secret)]
        Secret(Witness),
        Public(String),
    }

    // One test, as the count is one.
    #[test]
    fn secrets_are_wiped_on_drop_and_not_shown() {
        let login = Login::new("alice", Witness).with_many([Witness, Witness]);
        let shown = format!("{login:?}");
        assert_eq!(shown, r#"Login { username: "alice", one: (secret), many: (secret) }"#);
        let wiped = |before| WIPED.load(Ordering::SeqCst) - before;
        drop(login);
        assert_eq!(wiped(0), 3);
        assert_eq!(format!("{:?}", Pin(Witness)), "Pin((secret))");
        assert_eq!(wiped(3), 1);
        assert_eq!(format!("{:?}", Token::Secret(Witness)), "Secret((secret))");
        assert_eq!(wiped(4), 1);
        assert_eq!(format!("{:?}", Token::Public("a".to_owned())), r#"Public("a")"#);
        assert_eq!(wiped(5), 0);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, TtlvEnum)]
#[ttlv(name = "AcmeMode")]
enum Mode {
    #[ttlv(value = 0x80000002, name = "VerySlow")]
    Slow,
    #[ttlv(value = 0x80000001)]
    Fast,
    #[ttlv(other)]
    Other(u32),
}

#[test]
fn an_enumeration_keeps_every_value() {
    for (number, value, name) in [
        (0x8000_0001, Mode::Fast, "Fast"),
        (0x8000_0002, Mode::Slow, "VerySlow"),
        (0, Mode::Other(0), "0x00000000"),
        (u32::MAX, Mode::Other(u32::MAX), "0xFFFFFFFF"),
    ] {
        assert_eq!(
            (Mode::from(number), u32::from(value), value.to_string()),
            (value, number, name.to_owned())
        );
        let bytes = ttlv::encode(vendor(1), &value, ProtocolVersion::V1_0).unwrap();
        assert_eq!(
            bytes,
            ttlv::encode(vendor(1), &Value::Enumeration(number), ProtocolVersion::V1_0).unwrap()
        );
        assert_eq!(ttlv::decode::<Mode>(vendor(1), &bytes), Ok(value));
    }
    assert_eq!((Mode::from_name("VerySlow"), Mode::from_name("Slow")), (Some(Mode::Slow), None));
    assert_eq!((Mode::Fast.name(), Mode::Other(1).name()), (Some("Fast"), None));
    assert!(
        matches!(Mode::NAMES, Names::Enumeration(info) if info.name == "AcmeMode" && info.values.len() == 2)
    );
    assert!(
        ttlv::decode::<Mode>(vendor(1), &ttlv::encode(vendor(1), &1, ProtocolVersion::V1_0).unwrap())
            .is_err()
    );
}

#[derive(Clone, Copy, Debug, PartialEq, TtlvMask)]
enum Use {
    Fly = 0x1,
    #[ttlv(value = 0x80000000, name = "DigDeep")]
    Dig,
}

#[test]
fn a_mask_keeps_every_bit() {
    for (mask, bits, shown) in [
        (Mask::empty(), 0, "0x00000000"),
        (Use::Fly.into(), 1, "Fly"),
        (Use::Fly | Use::Dig, 0x8000_0001, "Fly|DigDeep"),
        (Mask::from_bits(0x11), 0x11, "Fly|0x00000010"),
        (Mask::from_iter([Use::Dig]), 0x8000_0000, "DigDeep"),
    ] {
        assert_eq!(
            (mask.bits(), mask.to_string().as_str(), format!("{mask:?}").as_str()),
            (bits, shown, shown)
        );
        let bytes = ttlv::encode(vendor(1), &mask, ProtocolVersion::V1_0).unwrap();
        let integer = Value::Integer(bits.cast_signed());
        assert_eq!(bytes, ttlv::encode(vendor(1), &integer, ProtocolVersion::V1_0).unwrap());
        assert_eq!(ttlv::decode::<Mask<Use>>(vendor(1), &bytes), Ok(mask));
    }
    let mut mask: Mask<Use> = Mask::default();
    assert!(mask.is_empty());
    mask |= Use::Fly | Use::Dig;
    assert!(mask.contains(Use::Dig) && mask.contains(Use::Fly | Use::Dig));
    assert_eq!(mask.without(Use::Fly), Use::Dig.into());
    assert_eq!(Mask::<Use>::ITEM_TYPES, ItemTypes::INTEGER);
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
struct Built {
    unique_identifier: String,
    batch_count: i32,
    #[ttlv(default)]
    maximum_items: i32,
    description: Option<String>,
    object_group: Vec<String>,
    #[ttlv(catch_all)]
    rest: Vec<Item>,
}

#[test]
fn a_constructor_takes_what_is_required_and_setters_the_rest() {
    let bare = Built {
        unique_identifier: "id".to_owned(),
        batch_count: 1,
        maximum_items: 0,
        description: None,
        object_group: vec![],
        rest: vec![],
    };
    assert_eq!(Built::new("id", 1), bare);
    let item = Item::integer(vendor(1), 1);
    let built = Built::new("id", 1)
        .with_maximum_items(2)
        .with_description("text")
        .with_object_group(["a", "b"])
        .with_rest([item.clone()]);
    let whole = Built {
        maximum_items: 2,
        description: Some("text".to_owned()),
        object_group: vec!["a".to_owned(), "b".to_owned()],
        rest: vec![item],
        ..bare
    };
    assert_eq!(built, whole);
}
