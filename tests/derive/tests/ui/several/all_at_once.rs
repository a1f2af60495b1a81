use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    uniqe_identifier: String,
    #[ttlv(since = "3.0")]
    object_group: Option<Vec<String>>,
    #[ttlv(select = "uniqe_identifier", tag = 0x540001)]
    selected: Selected,
    #[ttlv(sinse = "1.0")]
    batch_count: i32,
}

// What is refused still stands for its traits: nothing here fails in turn.
#[derive(Ttlv)]
struct Outer {
    request_payload: Payload,
    object_group: Vec<Selected>,
}

#[derive(Ttlv)]
enum Selected {}

fn main() {}
