//! Get Constraints: says what new objects have to be like (KMIP 2.1 section 6.1.22).

use kmip_types::operation::{Constraints, GetConstraintsResponse};

use crate::server::context::Context;

pub(super) fn get_constraints(context: &Context<'_>) -> GetConstraintsResponse {
    let constraint = context.shared.constraints().to_vec();
    GetConstraintsResponse { constraints: Constraints { constraint } }
}
