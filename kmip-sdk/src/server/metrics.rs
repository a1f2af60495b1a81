//! What a server counts, with the feature `metrics`, through the facade of the crate of that name: the module above says
//! under which names.

#![cfg_attr(not(feature = "metrics"), allow(dead_code, unused_variables, clippy::missing_const_for_fn))] // Nothing is counted.

use std::time::Duration;

use kmip_types::enumerations::{Operation, ResultReason, State};
use kmip_types::message::ResponseBatchItem;

/// Counts an operation that was answered. What the server lacks has no name of its own here, lest clients make up labels.
pub(super) fn called(operation: Option<Operation>, response: &ResponseBatchItem, duration: Duration) {
    #[cfg(feature = "metrics")]
    {
        use kmip_types::enumerations::ResultStatus;

        let operation = operation.map_or_else(|| "unknown".to_owned(), |operation| operation.to_string());
        let result = match (response.result_status, response.result_reason) {
            (ResultStatus::Success, _) => "success".to_owned(),
            (ResultStatus::OperationPending, _) => "pending".to_owned(),
            (_, Some(reason)) => reason.to_string(),
            (_, None) => "failed".to_owned(),
        };
        metrics::counter!("kmip_server_calls_total", "operation" => operation.clone(), "result" => result)
            .increment(1);
        metrics::histogram!("kmip_server_call_seconds", "operation" => operation).record(duration);
    }
}

/// Counts a message that could not be answered item by item.
pub(super) fn refused_message(reason: ResultReason) {
    #[cfg(feature = "metrics")]
    metrics::counter!("kmip_server_messages_refused_total", "reason" => reason.to_string()).increment(1);
}

/// Counts a credential that was not looked at.
pub(super) fn held_credential() {
    #[cfg(feature = "metrics")]
    metrics::counter!("kmip_server_credentials_held_total").increment(1);
}

/// That a connection is served, until this is dropped.
pub(super) struct Opened(&'static str);

/// Counts a connection that is served.
pub(super) fn opened(port: &'static str) -> Opened {
    #[cfg(feature = "metrics")]
    {
        metrics::counter!("kmip_server_connections_opened_total", "port" => port).increment(1);
        metrics::gauge!("kmip_server_connections", "port" => port).increment(1);
    }
    Opened(port)
}

impl Drop for Opened {
    fn drop(&mut self) {
        #[cfg(feature = "metrics")]
        metrics::gauge!("kmip_server_connections", "port" => self.0).decrement(1);
    }
}

/// Counts a connection that is not served.
pub(super) fn refused(port: &'static str, why: &'static str) {
    #[cfg(feature = "metrics")]
    metrics::counter!("kmip_server_connections_refused_total", "port" => port, "why" => why).increment(1);
}

/// Notes how long a backend of the store took.
pub(super) fn asked_store(operation: &'static str, duration: Duration) {
    #[cfg(feature = "metrics")]
    metrics::histogram!("kmip_server_store_seconds", "operation" => operation).record(duration);
}

/// Notes that there are more objects in a state, or fewer.
pub(super) fn changed_objects(state: State, change: i64) {
    #[cfg(feature = "metrics")]
    if change != 0 {
        metrics::gauge!("kmip_server_objects", "state" => state.to_string()).increment(change as f64);
    }
}

/// Counts bytes of requests.
pub(super) fn received(bytes: usize) {
    #[cfg(feature = "metrics")]
    metrics::counter!("kmip_server_received_bytes_total").increment(bytes as u64);
}

/// Counts bytes of responses.
pub(super) fn sent(bytes: usize) {
    #[cfg(feature = "metrics")]
    metrics::counter!("kmip_server_sent_bytes_total").increment(bytes as u64);
}
