//! Get Constraints: says what new objects have to be like (KMIP 2.1 section 6.1.22).

use kmip_types::operation::{Constraints, GetConstraintsResponse};

use crate::answer::Failure;
use crate::server::context::Context;

pub(super) fn get_constraints(context: &Context<'_>) -> Result<GetConstraintsResponse, Failure> {
    let constraint = context.shared.constraints()?;
    Ok(GetConstraintsResponse { constraints: Constraints { constraint } })
}
