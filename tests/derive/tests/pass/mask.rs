//! `TtlvMask`, by discriminant and by `value`.

use kmip_types::{Mask, Ttlv, TtlvMask};

#[derive(Clone, Copy, TtlvMask)]
enum Use {
    Fly = 0x1,
    #[ttlv(value = 0x2, name = "DigDeep")]
    Dig,
}

#[derive(Ttlv)]
struct Payload {
    #[ttlv(tag = 0x540001)]
    uses: Mask<Use>,
}

#[test]
fn a_mask_of_a_vendor_compiles() {
    let payload = Payload::new(Use::Fly | Use::Dig);
    assert_eq!(payload.uses.to_string(), "Fly|DigDeep");
    assert!(payload.uses.contains(Use::Fly) && !payload.uses.without(Use::Fly).contains(Use::Fly));
}
