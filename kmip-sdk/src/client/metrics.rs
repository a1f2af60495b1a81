//! What a client counts, through the facade of the crate `metrics`.
//!
//! | name | what | labels |
//! | --- | --- | --- |
//! | `kmip_client_calls_total` | calls that ended | `operation`, `result`: `ok`, or the phase of the failure |
//! | `kmip_client_call_seconds` | how long they took, as a histogram | `operation` |
//! | `kmip_client_attempts_total` | how often requests were sent | `operation` |
//! | `kmip_client_connections_in_use` | connections that calls use or make | |
//! | `kmip_client_connections_idle` | connections that nobody uses | |
//! | `kmip_client_calls_waiting` | calls that wait for a connection | |
//! | `kmip_client_connections_opened_total` | connections that were opened | |

use std::time::Duration;

use metrics::{counter, gauge, histogram};

use super::PoolStatus;
use crate::error::Error;

/// Counts a call that ended. Of a batch the label is its first operation.
pub(super) fn ended(
    operation: &str,
    error: Option<&Error>,
    duration: Duration,
    attempts: u32,
    status: &PoolStatus,
) {
    let operation = operation.to_owned();
    let result = error.map_or_else(|| "ok".to_owned(), |error| format!("{:?}", error.phase()).to_lowercase());
    counter!("kmip_client_calls_total", "operation" => operation.clone(), "result" => result).increment(1);
    counter!("kmip_client_attempts_total", "operation" => operation.clone()).increment(attempts.into());
    histogram!("kmip_client_call_seconds", "operation" => operation).record(duration);
    // A connection counts are few, and far below what a float holds exactly.
    gauge!("kmip_client_connections_in_use").set(status.in_use() as f64);
    gauge!("kmip_client_connections_idle").set(status.idle() as f64);
    gauge!("kmip_client_calls_waiting").set(status.waiting() as f64);
    counter!("kmip_client_connections_opened_total").absolute(status.opened());
}
