use kmip_types::Ttlv;

struct Color;

#[derive(Ttlv)]
#[ttlv(choice = "tag")]
enum Paint {
    #[ttlv(tag = "Comment")]
    Color(Color),
}

fn main() {}
