//! Log: puts a client's text into the server's log (KMIP 2.1 section 6.1.29).

use kmip_types::escape::Escaped;
use kmip_types::operation::{LogRequest, LogResponse};

pub(super) fn log(request: LogRequest) -> LogResponse {
    tracing::info!(message = %Escaped(&request.log_message), "a client logs");
    LogResponse {}
}
