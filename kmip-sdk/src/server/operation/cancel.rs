//! Cancel: has an operation that is answered later not be done (KMIP 1.4 section 4.27, 2.1 section 6.1.5).

use kmip_types::enumerations::ResultReason;
use kmip_types::operation::{CancelRequest, CancelResponse};

use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::later;

pub(super) fn cancel(context: &mut Context<'_>, request: CancelRequest) -> Result<CancelResponse, Failure> {
    if context.undo {
        let message = "what is cancelled cannot be undone";
        return Err(Failure::new(ResultReason::FeatureNotSupported, message));
    }
    let value = request.asynchronous_correlation_value;
    let cancellation_result = later::cancel(context.shared, &value, &context.caller, context.now)?;
    Ok(CancelResponse { asynchronous_correlation_value: value, cancellation_result })
}
