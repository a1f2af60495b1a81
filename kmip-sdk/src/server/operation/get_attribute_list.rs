//! Get Attribute List: says which attributes an object has (KMIP 1.4 section 4.13, 2.1 section 6.1.21).

use kmip_types::operation::{GetAttributeListRequest, GetAttributeListResponse};

use crate::answer::Failure;
use crate::server::attributes::{self, Kind};
use crate::server::context::Context;

pub(super) fn get_attribute_list(
    context: &mut Context<'_>,
    request: GetAttributeListRequest,
) -> Result<GetAttributeListResponse, Failure> {
    // Those of an archived object stay at hand: its Archive Date is there as long as it is archived.
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.get_archived(&identifier)?;
    let mut kinds: Vec<Kind> = Vec::new();
    for entry in stored.attributes.entries() {
        let kind = Kind::of(&entry.attribute);
        if !kinds.contains(&kind) && attributes::in_version(entry, context.version).is_some() {
            kinds.push(kind);
        }
    }
    context.memory.identifier(&identifier);
    Ok(GetAttributeListResponse {
        unique_identifier: identifier.into(),
        attribute_reference: kinds.iter().map(Kind::reference).collect(),
    })
}
