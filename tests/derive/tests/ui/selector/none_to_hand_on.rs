use kmip_types::Ttlv;

#[derive(Ttlv)]
enum KeyValue {
    Wrapped(Vec<u8>),
    #[ttlv(select)]
    Plain(i32),
}

fn main() {}
