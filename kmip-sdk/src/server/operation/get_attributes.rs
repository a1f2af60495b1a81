//! Get Attributes: gives the client attributes of an object (KMIP 1.4 section 4.12, 2.1 section 6.1.20).

use kmip_types::attribute::{AttributeEntry, AttributeReference, Attributes};
use kmip_types::enumerations::ResultReason;
use kmip_types::operation::{GetAttributesRequest, GetAttributesResponse};

use crate::server::attributes::{self, Kind};
use crate::server::context::Context;
use crate::server::failure::Failure;

pub(super) fn get_attributes(
    context: &mut Context<'_>,
    request: GetAttributesRequest,
) -> Result<GetAttributesResponse, Failure> {
    let stored = context.object(request.unique_identifier.as_ref())?;
    let mut given = Attributes::new();
    let mut give = |entry: &AttributeEntry| {
        if let Some(entry) = attributes::in_version(entry, context.version) {
            given.push(entry);
        }
    };
    check_once(&request.attribute_reference)?;
    if request.attribute_reference.is_empty() {
        stored.attributes.entries().iter().for_each(give);
    } else {
        for reference in &request.attribute_reference {
            // What the object does not have, or no one knows, is left out.
            let kind = Kind::referred_by(reference);
            attributes::instances(&stored.attributes, &kind).for_each(&mut give);
        }
    }
    let identifier = stored.identifier.clone();
    context.memory.identifier(&identifier);
    Ok(GetAttributesResponse { unique_identifier: identifier.into(), attributes: given })
}

fn check_once(references: &[AttributeReference]) -> Result<(), Failure> {
    for (at, reference) in references.iter().enumerate() {
        if references[..at].contains(reference) {
            let message = "an attribute is named more than once";
            return Err(Failure::new(ResultReason::InvalidMessage, message));
        }
    }
    Ok(())
}
