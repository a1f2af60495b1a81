//! Which object of a group is its default: by turns (KMIP 1.4 sections 3.33 and 4.9).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use kmip_types::attribute::{Attribute, Attributes};

use super::options::GroupDefault;
use super::store::StoredObject;

/// The groups of an object.
fn groups(attributes: &Attributes) -> impl Iterator<Item = &str> {
    attributes.iter().filter_map(|attribute| match attribute {
        Attribute::ObjectGroup(group) => Some(group.as_str()),
        _ => None,
    })
}

/// How many groups it is remembered for.
const MAXIMUM: usize = 10_000;

/// Which object of each group was given last. Everybody has their own groups.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    given: Mutex<HashMap<(Option<String>, String), String>>,
}

impl Groups {
    /// Notes that an object was given.
    pub(crate) fn given(&self, policy: GroupDefault, stored: &StoredObject) {
        if policy != GroupDefault::ByTurns {
            return;
        }
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        for group in groups(&stored.attributes) {
            let key = (stored.owner.clone(), group.to_owned());
            if given.len() < MAXIMUM || given.contains_key(&key) {
                given.insert(key, stored.identifier.clone());
            }
        }
    }

    /// The default ones of the members of a group, which are the newest first.
    pub(crate) fn defaults(
        &self,
        policy: GroupDefault,
        members: Vec<Arc<StoredObject>>,
    ) -> Vec<Arc<StoredObject>> {
        if policy != GroupDefault::ByTurns {
            return members;
        }
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let was_given = |stored: &Arc<StoredObject>| {
            groups(&stored.attributes).any(|group| {
                let last = given.get(&(stored.owner.clone(), group.to_owned()));
                last.is_some_and(|last| *last == stored.identifier)
            })
        };
        // After the one that was given last it is the next newer one's turn, and after the newest the oldest one's.
        let next = members.iter().position(was_given).and_then(|place| place.checked_sub(1));
        let next = next.or(members.len().checked_sub(1));
        next.and_then(|next| members.get(next).cloned()).into_iter().collect()
    }
}
