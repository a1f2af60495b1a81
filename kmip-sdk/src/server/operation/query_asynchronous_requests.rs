//! Query Asynchronous Requests: lists what a client has not got the results of (KMIP 2.1 section 6.1.41).

use kmip_types::DateTimeExtended;
use kmip_types::operation::{
    AsynchronousRequest, QueryAsynchronousRequestsRequest, QueryAsynchronousRequestsResponse,
};

use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::later;

/// Where both correlation values and operations are given, what is listed matches one of each.
pub(super) fn query_asynchronous_requests(
    context: &mut Context<'_>,
    request: &QueryAsynchronousRequestsRequest,
) -> Result<QueryAsynchronousRequestsResponse, Failure> {
    let values = request.asynchronous_correlation_values.as_ref();
    let operations = request.operations.as_ref();
    let outstanding = later::outstanding(context.shared, &context.store, &context.caller)?;
    let wanted = outstanding.into_iter().filter(|(job, _)| {
        values.is_none_or(|values| values.asynchronous_correlation_value.contains(&job.correlation_value))
            && operations.is_none_or(|operations| operations.operation.contains(&job.operation))
    });
    let asynchronous_request = wanted.map(|(job, processing_stage)| AsynchronousRequest {
        asynchronous_correlation_value: job.correlation_value.clone(),
        operation: job.operation,
        submission_date: DateTimeExtended::from_microseconds(
            job.submitted.seconds().saturating_mul(1_000_000),
        ),
        processing_stage,
    });
    Ok(QueryAsynchronousRequestsResponse { asynchronous_request: asynchronous_request.collect() })
}
