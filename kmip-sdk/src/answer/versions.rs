//! Which versions both sides have (Discover Versions: KMIP 1.4 section 4.26, 2.1 sections 6.1.16 and 6.2.1).

use kmip_types::ProtocolVersion;
use kmip_types::operation::{DiscoverVersionsRequest, DiscoverVersionsResponse};

/// Each of these versions once, the oldest first.
pub(crate) fn in_order(versions: impl IntoIterator<Item = ProtocolVersion>) -> Vec<ProtocolVersion> {
    let mut versions: Vec<_> = versions.into_iter().collect();
    versions.sort();
    versions.dedup();
    versions
}

/// Those of these versions, the oldest of which comes first, that the asker has; all, if it does not say.
pub(crate) fn common_versions(
    versions: &[ProtocolVersion],
    request: &DiscoverVersionsRequest,
) -> DiscoverVersionsResponse {
    let wanted = &request.protocol_version;
    let newest_first = versions.iter().rev().copied();
    let protocol_version =
        newest_first.filter(|version| wanted.is_empty() || wanted.contains(version)).collect();
    DiscoverVersionsResponse { protocol_version }
}
