use kmip_types::{Ttlv, message::Message};

#[derive(Ttlv)]
struct Hello {}

fn send(_: &impl Message) {}

fn main() {
    send(&Hello {});
}
