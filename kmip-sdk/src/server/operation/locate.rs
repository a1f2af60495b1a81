//! Locate: finds objects by their attributes (KMIP 1.4 section 4.9, 2.1 section 6.1.28).

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::{self, ObjectGroupMember, ResultReason};
use kmip_types::masks::StorageStatusMask;
use kmip_types::operation::{LocateRequest, LocateResponse};

use super::templates::asked;
use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::groups;
use crate::server::matching::Filter;
use crate::server::options::GroupDefault;
use crate::server::store::{Pages, Search};

pub(super) fn locate(context: &mut Context<'_>, request: LocateRequest) -> Result<LocateResponse, Failure> {
    let maximum = count(request.maximum_items, "MaximumItems")?;
    let offset = count(request.offset_items, "OffsetItems")?.unwrap_or(0);
    let wanted = asked(context, request.attributes).map_err(|failure| match failure.reason {
        // The reason that Locate has for it (KMIP 1.4 section 11.10).
        ResultReason::ItemNotFound => Failure { reason: ResultReason::InvalidField, ..failure },
        _ => failure,
    })?;
    // By its state an object is found once it is noted.
    if wanted.state().is_some() {
        context.shared.store.advance(context.now, &|| true)?;
    }
    let filter = Filter::new(&wanted, context.version)?;
    let storage = request.storage_status_mask.unwrap_or(StorageStatusMask::ON_LINE_STORAGE);
    let only_fresh = request.object_group_member == Some(ObjectGroupMember::GroupMemberFresh);
    let caller = context.caller.clone();
    let scopes = caller.scopes(context.options.policy.as_ref());
    let search = Search::new(&wanted, only_fresh, &scopes, storage);
    let by = match &search {
        Search::Identifier(_) => "identifier",
        Search::Terms { by, .. } => by,
    };
    let is_linear = by == "nothing" && !wanted.is_empty();
    let mut pages = Pages::new(search, &mut context.store)?;
    let by_turns = request.object_group_member == Some(ObjectGroupMember::GroupMemberDefault)
        && context.options.group_default == GroupDefault::ByTurns;
    let (mut given, mut found, mut is_all) = (Vec::new(), 0, true);
    let mut members = Vec::new();
    while let Some(stored) = pages.next(&context.store)? {
        context.check_time()?;
        let is_found = storage.contains(stored.storage_status())
            && (!only_fresh || stored.attributes.fresh() == Some(true))
            && filter.matches(&stored.attributes)
            && context.is_allowed(&stored);
        if is_found {
            found += 1;
            if by_turns {
                members.push(stored);
            } else if found > offset && maximum.is_none_or(|maximum| given.len() < maximum) {
                given.push(stored.identifier.clone());
            }
        }
        // What has been read already is counted too.
        if maximum.is_some_and(|maximum| given.len() >= maximum) && !pages.is_at_hand() {
            is_all = false;
            break;
        }
    }
    if by_turns {
        let members = groups::defaults(&mut context.store, context.options.group_default, members)?;
        found = members.len();
        let members = members.iter().skip(offset).take(maximum.unwrap_or(usize::MAX));
        given = members.map(|member| member.identifier.clone()).collect();
    }
    if is_linear {
        tracing::debug!(objects = pages.read, found, "Locate by what has no index looks at every object");
    }
    // Where nothing is found, the payload is empty; where not all was looked at, nobody knows how many there are.
    let is_there = context.version.is_at_least(ProtocolVersion::V1_3) && found > 0 && is_all;
    let located_items = i32::try_from(found).ok().filter(|_| is_there);
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

fn count(items: Option<i32>, field: &str) -> Result<Option<usize>, Failure> {
    let negative = |_| Failure::new(ResultReason::InvalidField, format!("{field} is negative"));
    items.map(usize::try_from).transpose().map_err(negative)
}
