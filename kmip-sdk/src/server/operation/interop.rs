//! Interop: tells the server which test begins or ends (KMIP 2.1 section 6.1.26).

use kmip_types::enumerations::{InteropFunction, ResultReason};
use kmip_types::escape::Escaped;
use kmip_types::operation::{InteropRequest, InteropResponse};

use crate::answer::Failure;
use crate::server::context::Context;

pub(super) fn interop(
    context: &mut Context<'_>,
    request: InteropRequest,
) -> Result<InteropResponse, Failure> {
    let test = Escaped(&request.interop_identifier);
    match request.interop_function {
        InteropFunction::Begin => tracing::info!(%test, "a test begins"),
        InteropFunction::End => tracing::info!(%test, "a test ends"),
        // As at the beginning, for who asks: what others have made is theirs.
        InteropFunction::Reset => {
            context.caller.check_for_all(context.operation)?;
            let (now, owner) = (context.now, context.owner());
            context.effects.push(Box::new(move |shared| {
                // That it was not done, the next request finds out for itself.
                if let Err(error) = shared.reset(owner.as_deref(), now) {
                    tracing::error!(%error, "the store cannot be emptied");
                }
            }));
        }
        InteropFunction::Other(_) => {
            return Err(Failure::new(ResultReason::InvalidField, "the Interop Function is not known"));
        }
    }
    Ok(InteropResponse {})
}
