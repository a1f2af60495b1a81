use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(version)]
    protocol_version: Option<kmip_types::ProtocolVersion>,
}

fn main() {}
