//! Get Attribute List: says which attributes an object has (KMIP 1.4 section 4.13, 2.1 section 6.1.21).

use kmip_types::operation::{GetAttributeListRequest, GetAttributeListResponse};

use crate::answer::Failure;
use crate::server::attributes::{self, Kind};
use crate::server::context::Context;

pub(super) fn get_attribute_list(
    context: &mut Context<'_>,
    request: GetAttributeListRequest,
) -> Result<GetAttributeListResponse, Failure> {
    let stored = context.object(request.unique_identifier.as_ref())?;
    let mut kinds: Vec<Kind> = Vec::new();
    for entry in stored.attributes.entries() {
        let kind = Kind::of(&entry.attribute);
        if !kinds.contains(&kind) && attributes::in_version(entry, context.version).is_some() {
            kinds.push(kind);
        }
    }
    let identifier = stored.identifier.clone();
    context.memory.identifier(&identifier);
    Ok(GetAttributeListResponse {
        unique_identifier: identifier.into(),
        attribute_reference: kinds.iter().map(Kind::reference).collect(),
    })
}
