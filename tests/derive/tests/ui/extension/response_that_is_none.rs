use kmip_types::{Ttlv, enumerations::Operation, operation::Request};

#[derive(Ttlv)]
struct LaunchRequest {}

#[derive(Ttlv)]
struct LaunchResponse {}

impl Request for LaunchRequest {
    const OPERATION: Operation = Operation::Other(0x8000_0001);
    type Response = LaunchResponse;
}

fn main() {}
