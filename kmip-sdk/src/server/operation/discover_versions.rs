//! Discover Versions: says which versions the server has (KMIP 1.4 section 4.26, 2.1 section 6.1.16).

use kmip_types::operation::{DiscoverVersionsRequest, DiscoverVersionsResponse};

use crate::server::context::Context;
use crate::server::failure::Failure;

pub(super) fn discover_versions(
    context: &mut Context<'_>,
    request: DiscoverVersionsRequest,
) -> Result<DiscoverVersionsResponse, Failure> {
    let wanted = &request.protocol_version;
    let newest_first = context.options.versions.iter().rev().copied();
    let protocol_version =
        newest_first.filter(|version| wanted.is_empty() || wanted.contains(version)).collect();
    Ok(DiscoverVersionsResponse { protocol_version })
}
