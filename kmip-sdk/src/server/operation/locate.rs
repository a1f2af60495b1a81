//! Locate: finds objects by their attributes (KMIP 1.4 section 4.9, 2.1 section 6.1.28).

use std::sync::Arc;

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::{self, ObjectGroupMember, ResultReason};
use kmip_types::masks::StorageStatusMask;
use kmip_types::operation::{LocateRequest, LocateResponse};

use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::matching::Filter;
use crate::server::store::StoredObject;

pub(super) fn locate(context: &mut Context<'_>, request: LocateRequest) -> Result<LocateResponse, Failure> {
    let maximum = count(request.maximum_items, "MaximumItems")?;
    let offset = count(request.offset_items, "OffsetItems")?.unwrap_or(0);
    let filter = Filter::new(&request.attributes, context.version)?;
    let storage = request.storage_status_mask.unwrap_or(StorageStatusMask::ON_LINE_STORAGE);
    let only_fresh = request.object_group_member == Some(ObjectGroupMember::GroupMemberFresh);
    let found: Vec<Arc<StoredObject>> = context
        .store
        .newest_first()
        .into_iter()
        .filter(|stored| context.caller.sees(stored) && context.caller.may_with(context.operation, stored))
        .filter(|stored| storage.contains(status(stored)))
        .filter(|stored| !only_fresh || stored.attributes.fresh() == Some(true))
        .filter(|stored| filter.matches(&stored.attributes))
        .collect();
    let found = match request.object_group_member {
        Some(ObjectGroupMember::GroupMemberDefault) => {
            context.shared.groups.defaults(context.options.group_default, found)
        }
        _ => found,
    };
    let given: Vec<String> = found
        .iter()
        .skip(offset)
        .take(maximum.unwrap_or(usize::MAX))
        .map(|stored| stored.identifier.clone())
        .collect();
    // Where nothing is found, the payload is empty.
    let is_there = context.version.is_at_least(ProtocolVersion::V1_3) && !found.is_empty();
    let located_items = i32::try_from(found.len()).ok().filter(|_| is_there);
    let memory = &mut context.memory;
    match given.as_slice() {
        [only] => {
            memory.place(Some(only));
            memory.name(enumerations::UniqueIdentifierEnumeration::Locate, only);
        }
        // What follows must not take one of several for the one that was meant.
        _ => memory.place(None),
    }
    given.iter().for_each(|identifier| memory.identifier(identifier));
    Ok(LocateResponse { located_items, unique_identifier: given.into_iter().map(Into::into).collect() })
}

/// Where an object is.
fn status(stored: &StoredObject) -> StorageStatusMask {
    match stored.object {
        Some(_) if stored.archived => StorageStatusMask::ARCHIVAL_STORAGE,
        Some(_) => StorageStatusMask::ON_LINE_STORAGE,
        None => StorageStatusMask::DESTROYED_STORAGE,
    }
}

fn count(items: Option<i32>, field: &str) -> Result<Option<usize>, Failure> {
    let negative = |_| Failure::new(ResultReason::InvalidField, format!("{field} is negative"));
    items.map(usize::try_from).transpose().map_err(negative)
}
