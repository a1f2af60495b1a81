//! RNG Retrieve: gives random bytes (KMIP 1.4 section 4.35, 2.1 section 6.1.49).

use kmip_types::enumerations::{self, ResultReason};
use kmip_types::operation::{RngRetrieveRequest, RngRetrieveResponse};

use crate::answer::Failure;
use crate::server::context::Context;

pub(super) fn rng_retrieve(
    context: &mut Context<'_>,
    request: RngRetrieveRequest,
) -> Result<RngRetrieveResponse, Failure> {
    let length = usize::try_from(request.data_length)
        .map_err(|_| Failure::new(ResultReason::InvalidField, "the Data Length is negative"))?;
    // Nothing is made that no message holds.
    if length > context.options.maximum_response {
        let message = "so many bytes are in no response";
        return Err(Failure::new(ResultReason::ResponseTooLarge, message));
    }
    let data = context.shared.seeded.random(length)?;
    context.memory.output(enumerations::DataEnumeration::RngRetrieve, &data);
    Ok(RngRetrieveResponse { data })
}
