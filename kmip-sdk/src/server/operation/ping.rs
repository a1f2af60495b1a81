//! Ping: says that the server answers (KMIP 2.1 section 6.1.36).

use kmip_types::operation::{PingRequest, PingResponse};

pub(super) fn ping(_: PingRequest) -> PingResponse {
    PingResponse {}
}
