use kmip_types::{DecodeError, Ttlv, operation::Request};

#[derive(Ttlv)]
struct LaunchRequest {}

/// In the shape of that of `kmip-sdk`.
struct Client;

impl Client {
    fn call<R: Request>(&mut self, _: R) -> Result<R::Response, DecodeError> {
        unreachable!()
    }
}

fn main() {
    let _ = Client.call(LaunchRequest {});
}
