//! Process: has the next Poll find the result of an operation (KMIP 2.1 section 6.1.39).

use kmip_types::operation::{ProcessRequest, ProcessResponse};

use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::later;

/// It changes nothing but when the operation is done, so that nothing of it is to be undone.
pub(super) fn process(
    context: &mut Context<'_>,
    request: &ProcessRequest,
) -> Result<ProcessResponse, Failure> {
    later::hurry(context.shared, &request.asynchronous_correlation_value, &context.caller, context.now)?;
    Ok(ProcessResponse {})
}
