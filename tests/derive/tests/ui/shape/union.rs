use kmip_types::Ttlv;

#[derive(Ttlv)]
union Payload {
    batch_count: i32,
}

fn main() {}
