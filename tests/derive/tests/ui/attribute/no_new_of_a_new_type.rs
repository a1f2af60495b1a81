use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(no_new)]
struct Label(String);

fn main() {}
