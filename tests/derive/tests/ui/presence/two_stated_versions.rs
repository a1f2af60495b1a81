use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(version)]
    protocol_version: kmip_types::ProtocolVersion,
    #[ttlv(version, tag = "Comment")]
    other: kmip_types::ProtocolVersion,
}

fn main() {}
