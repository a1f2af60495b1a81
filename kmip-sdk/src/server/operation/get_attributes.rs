//! Get Attributes: gives the client attributes of an object (KMIP 1.4 section 4.12, 2.1 section 6.1.20).

use std::collections::{HashMap, HashSet};

use kmip_types::attribute::{AttributeEntry, AttributeReference, Attributes};
use kmip_types::enumerations::ResultReason;
use kmip_types::operation::{GetAttributesRequest, GetAttributesResponse};

use crate::answer::Failure;
use crate::server::attributes::{self, Kind};
use crate::server::context::Context;

pub(super) fn get_attributes(
    context: &mut Context<'_>,
    request: GetAttributesRequest,
) -> Result<GetAttributesResponse, Failure> {
    // Those of an archived object stay at hand: its Archive Date is there as long as it is archived.
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.get_archived(&identifier)?;
    let mut given = Attributes::new();
    let mut give = |entry: &AttributeEntry| {
        if let Some(entry) = attributes::in_version(entry, context.version) {
            given.push(entry);
        }
    };
    if request.attribute_reference.is_empty() {
        stored.attributes.entries().iter().for_each(give);
    } else {
        let mut there: HashMap<Kind, Vec<&AttributeEntry>> = HashMap::new();
        for entry in stored.attributes.entries() {
            there.entry(Kind::of(&entry.attribute)).or_default().push(entry);
        }
        for kind in kinds(&request.attribute_reference)? {
            // What the object does not have, or no one knows, is left out.
            there.get(&kind).into_iter().flatten().copied().for_each(&mut give);
        }
    }
    context.memory.identifier(&identifier);
    Ok(GetAttributesResponse { unique_identifier: identifier.into(), attributes: given })
}

/// The attributes that are referred to, in their order, unless one is more than once.
fn kinds(references: &[AttributeReference]) -> Result<Vec<Kind>, Failure> {
    let kinds: Vec<Kind> = references.iter().map(Kind::referred_by).collect();
    let mut seen = HashSet::with_capacity(kinds.len());
    if kinds.iter().all(|kind| seen.insert(kind)) {
        return Ok(kinds);
    }
    Err(Failure::new(ResultReason::InvalidMessage, "an attribute is named more than once"))
}
