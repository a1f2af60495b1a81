use kmip_types::{Ttlv, TtlvEnum, TtlvMask};

#[derive(Clone, Debug, PartialEq, Ttlv)]
struct Payload {
    batch_count: u64,
    #[ttlv(tag = "Unknown Thing")]
    flattened: Common,
    #[ttlv(tag = 0x540001)]
    mode: Mode,
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
struct Common {
    #[ttlv(defualt)]
    description: String,
}

#[derive(Clone, Copy, Debug, PartialEq, TtlvEnum)]
enum Mode {
    Fast = 1,
}

#[derive(Clone, Copy, Debug, PartialEq, TtlvMask)]
enum Use {
    Fly = 0x3,
}

// What uses the types does not fail in turn.
fn main() {
    let mode = Mode::from(1);
    let uses = Use::Fly | Use::Fly;
    println!("{mode} {} {uses}", mode.value());
    let read = kmip_types::ttlv::decode::<Payload>(kmip_types::Tag::REQUEST_PAYLOAD, &[]);
    assert_eq!(read.clone(), read);
}
