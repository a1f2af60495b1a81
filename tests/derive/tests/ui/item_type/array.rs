use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    mac_data: [u8; 32],
}

fn main() {}
