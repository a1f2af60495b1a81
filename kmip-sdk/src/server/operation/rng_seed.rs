//! RNG Seed: adds to what random bytes are made of (KMIP 1.4 section 4.36, 2.1 section 6.1.50).

use kmip_types::enumerations::ResultReason;
use kmip_types::operation::{RngSeedRequest, RngSeedResponse};

use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::options::SeedUse;

pub(super) fn rng_seed(
    context: &mut Context<'_>,
    request: RngSeedRequest,
) -> Result<RngSeedResponse, Failure> {
    let data = context.data(Some(&request.data))?;
    let data = data.reveal();
    let used = match context.options.seed_use {
        SeedUse::Whole => data.len(),
        SeedUse::AtMost(bytes) => data.len().min(bytes),
        SeedUse::Ignored => 0,
        SeedUse::Denied => {
            let message = "clients do not seed the server's random number generator";
            return Err(Failure::new(ResultReason::PermissionDenied, message));
        }
    };
    context.shared.seeded.seed(&data[..used]);
    // A message holds no more than an Integer counts.
    Ok(RngSeedResponse { data_length: i32::try_from(used).unwrap_or(i32::MAX) })
}
