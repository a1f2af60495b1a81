use kmip_types::Ttlv;
use kmip_types::enumerations::ObjectType;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(default)]
    object_type: ObjectType,
}

fn main() {}
