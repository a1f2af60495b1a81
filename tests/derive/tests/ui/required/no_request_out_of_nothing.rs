use kmip_types::operation::{CancelRequest, CreateRequest, ProcessRequest, RevokeRequest};

fn main() {
    CreateRequest { ..Default::default() };
    CancelRequest { ..Default::default() };
    ProcessRequest { ..Default::default() };
    RevokeRequest { ..Default::default() };
}
