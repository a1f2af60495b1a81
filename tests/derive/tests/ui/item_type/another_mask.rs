use kmip_types::{Ttlv, masks};

#[derive(Ttlv)]
struct Payload {
    storage_status_mask: masks::CryptographicUsageMask,
}

fn main() {}
