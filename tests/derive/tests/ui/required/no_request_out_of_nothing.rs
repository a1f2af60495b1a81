use kmip_types::operation::{CreateRequest, RegisterRequest, RevokeRequest};

fn main() {
    CreateRequest { ..Default::default() };
    RegisterRequest { ..Default::default() };
    RevokeRequest { ..Default::default() };
}
