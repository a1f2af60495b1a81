//! Locate: finds objects by their attributes (KMIP 1.4 section 4.9, 2.1 section 6.1.28).

use std::sync::Arc;
use std::time::{Duration, Instant};

use kmip_types::ProtocolVersion;
use kmip_types::attribute::Attributes;
use kmip_types::enumerations::{self, ObjectGroupMember, ObjectType, ResultReason};
use kmip_types::masks::StorageStatusMask;
use kmip_types::operation::{LocateRequest, LocateResponse};

use super::templates::asked;
use crate::answer::Failure;
use crate::server::attributes::Kind;
use crate::server::context::Context;
use crate::server::groups;
use crate::server::lifecycle::before_dates;
use crate::server::matching::Filter;
use crate::server::options::GroupDefault;
use crate::server::store::{Pages, Search, Seen, StoredObject, Wanted, has_index};

/// How many objects are read in vain at most of which nothing is said.
const IN_VAIN: usize = 64;

pub(super) fn locate(context: &mut Context<'_>, request: LocateRequest) -> Result<LocateResponse, Failure> {
    let maximum = count(request.maximum_items, "MaximumItems")?;
    let offset = count(request.offset_items, "OffsetItems")?.unwrap_or(0);
    let wanted = asked(context, request.attributes).map_err(|failure| match failure.reason {
        // The reason that Locate has for it (KMIP 1.4 section 11.10).
        ResultReason::ItemNotFound => Failure { reason: ResultReason::InvalidField, ..failure },
        _ => failure,
    })?;
    let filter = Filter::new(&wanted, context.version)?;
    let storage = request.storage_status_mask.unwrap_or(StorageStatusMask::ON_LINE_STORAGE);
    let only_fresh = request.object_group_member == Some(ObjectGroupMember::GroupMemberFresh);
    let caller = context.caller.clone();
    let scopes = caller.scopes(context.options.policy.as_ref());
    let state = wanted.state();
    // By its state an object is found once that is noted. Where there is more of it than is noted at once, it is found by its
    // dates, among those whose state may have changed since.
    let is_noted = state.is_none() || context.shared.store.advance_some(context.now)?;
    let states = match &state {
        Some(state) if !is_noted => before_dates(*state),
        state => state.as_slice(),
    };
    let has_templates = ObjectType::Template.is_in(context.version);
    let search = Wanted { attributes: &wanted, only_fresh, has_templates, storage, states }.search(&scopes);
    let by = match &search {
        Search::Identifier(_) => "identifier",
        Search::Terms { by, .. } => by,
    };
    let is_by_turns = request.object_group_member == Some(ObjectGroupMember::GroupMemberDefault)
        && context.options.group_default == GroupDefault::ByTurns;
    // What is given by turns is looked at.
    let sees_all = caller.sees_all_of_scopes(context.options.policy.as_ref()) && !is_by_turns;
    let mut pages = Pages::new(search, &mut context.store, sees_all)?;
    let mut look = Look { offset, maximum, is_by_turns, found: 0, given: Vec::new(), members: Vec::new() };
    let is_found = |context: &Context<'_>, stored: &StoredObject| {
        storage.contains(stored.storage_status())
            && (!only_fresh || stored.attributes.fresh() == Some(true))
            && filter.matches(&stored.attributes)
            && context.is_allowed(stored)
    };
    let started = Instant::now();
    let looked = look.at_all(context, &mut pages, is_found);
    tell(&wanted, by, is_noted, &pages, look.found, started.elapsed());
    let is_all = looked?;
    let Look { mut given, mut found, members, .. } = look;
    if is_by_turns {
        let members = groups::defaults(&mut context.store, context.options.group_default, members)?;
        found = members.len();
        let members = members.iter().skip(offset).take(maximum.unwrap_or(usize::MAX));
        given = members.map(|member| member.identifier.clone()).collect();
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

/// What is looked for, and what of it has been found.
struct Look {
    offset: usize,
    maximum: Option<usize>,
    is_by_turns: bool,
    found: usize,
    /// The identifiers that are given, or all that is found where they are given by turns.
    given: Vec<String>,
    members: Vec<Arc<StoredObject>>,
}

impl Look {
    /// Looks at objects until there are enough: whether that was at all of them.
    fn at_all(
        &mut self,
        context: &Context<'_>,
        pages: &mut Pages,
        is_found: impl Fn(&Context<'_>, &StoredObject) -> bool,
    ) -> Result<bool, Failure> {
        while let Some(seen) = pages.next(&context.store)? {
            context.check_time()?;
            match seen {
                Seen::Surely(identifier) => self.found(identifier),
                Seen::Object(stored) if is_found(context, &stored) => {
                    pages.found();
                    self.found(stored.identifier.clone());
                    if self.is_by_turns {
                        self.members.push(stored);
                    }
                }
                Seen::Object(_) => {}
            }
            // What has been read already is counted too.
            if self.is_enough() && !pages.is_at_hand() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn found(&mut self, identifier: String) {
        self.found += 1;
        if self.found > self.offset && !self.is_by_turns && !self.is_enough() {
            self.given.push(identifier);
        }
    }

    fn is_enough(&self) -> bool {
        self.maximum.is_some_and(|maximum| self.given.len() >= maximum)
    }
}

/// Says that objects were read in vain, and for want of which indexes.
fn tell(wanted: &Attributes, by: &str, is_noted: bool, pages: &Pages, found: usize, took: Duration) {
    let is_in_vain = pages.read.saturating_sub(found) > IN_VAIN;
    if !is_in_vain && (by != "nothing" || wanted.is_empty()) {
        return;
    }
    let without: Vec<String> = wanted
        .iter()
        .filter(|attribute| !has_index(attribute))
        .map(|attribute| Kind::of(attribute).to_string())
        .collect();
    let without_index = without.join(", ");
    let objects = pages.read;
    tracing::debug!(
        objects,
        found,
        by,
        without_index,
        is_noted,
        ?took,
        "Locate has no index of what it looks for"
    );
}

fn count(items: Option<i32>, field: &str) -> Result<Option<usize>, Failure> {
    let negative = |_| Failure::new(ResultReason::InvalidField, format!("{field} is negative"));
    items.map(usize::try_from).transpose().map_err(negative)
}
