//! `TtlvEnum`, by `value` and by discriminants.

use kmip_types::{ItemTypes, TtlvEnum, ttlv::Wire};

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

#[derive(Clone, Copy, TtlvEnum)]
#[repr(u32)]
enum Level {
    Low = 1,
    High = 0x80000001,
    #[ttlv(other)]
    Other(u32),
}

#[test]
fn an_enumeration_of_a_vendor_compiles() {
    assert_eq!(Mode::ITEM_TYPES, ItemTypes::ENUMERATION);
    assert_eq!(
        (Mode::Slow.to_string().as_str(), Mode::Other(1).to_string().as_str()),
        ("VerySlow", "0x00000001")
    );
    assert_eq!((Mode::from(0x80000001), Mode::from(7)), (Mode::Fast, Mode::Other(7)));
    assert_eq!(Mode::from_name("VerySlow"), Some(Mode::Slow));
    assert_eq!((u32::from(Level::High), Level::Low.value()), (0x80000001, 1));
}
