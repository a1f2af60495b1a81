use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    activation_date: Option<i64>,
}

fn main() {}
