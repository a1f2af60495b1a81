//! Which object of a group is its default: by turns (KMIP 1.4 sections 3.33 and 4.9).

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use kmip_types::Ttlv;
use kmip_types::attribute::{Attribute, Attributes};
use zeroize::Zeroizing;

use super::options::GroupDefault;
use super::store::{
    Indexes, Kind, StoreError, Stored, StoredObject, Transaction, decode_record, encode_record,
};

/// The groups of an object.
fn groups(attributes: &Attributes) -> impl Iterator<Item = &str> {
    attributes.iter().filter_map(|attribute| match attribute {
        Attribute::ObjectGroup(group) => Some(group.as_str()),
        _ => None,
    })
}

/// How many groups it is remembered for.
const MAXIMUM: u64 = 10_000;

/// Which object of a group was given last. Everybody has their own groups.
#[derive(Clone, Debug)]
pub(crate) struct Turn {
    owner: Option<String>,
    group: String,
    /// The identifier of the object.
    given: String,
}

/// What is kept of it.
#[derive(Ttlv)]
struct TurnRecord {
    #[ttlv(tag = 0x540090)]
    owner: Option<String>,
    #[ttlv(tag = 0x540091)]
    group: String,
    unique_identifier: String,
}

/// What a group is called by, with its length before the owner's name, so that no other is taken for it.
fn identifier(owner: Option<&str>, group: &str) -> Vec<u8> {
    let mut identifier = (group.len() as u64).to_be_bytes().to_vec();
    identifier.extend(group.as_bytes());
    identifier.push(u8::from(owner.is_some()));
    identifier.extend(owner.unwrap_or_default().as_bytes());
    identifier
}

impl Stored for Turn {
    const KIND: Kind = Kind::TURN;

    fn identifier(&self) -> Vec<u8> {
        identifier(self.owner.as_deref(), &self.group)
    }

    fn indexes(&self) -> Indexes {
        Indexes::default()
    }

    fn encode(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let Self { owner, group, given } = self.clone();
        encode_record(&TurnRecord { owner, group, unique_identifier: given })
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let TurnRecord { owner, group, unique_identifier } = decode_record(bytes)?;
        Ok(Self { owner, group, given: unique_identifier })
    }
}

/// Notes that an object is given.
pub(crate) fn given(
    store: &mut Transaction<'_>,
    policy: GroupDefault,
    stored: &StoredObject,
) -> Result<(), StoreError> {
    if policy != GroupDefault::ByTurns {
        return Ok(());
    }
    for group in groups(&stored.attributes) {
        let owner = stored.owner.as_deref();
        let last = store.value::<Turn>(&identifier(owner, group))?;
        let is_noted = last.as_ref().is_some_and(|last| last.given == stored.identifier);
        if !is_noted && (last.is_some() || store.count(Kind::TURN)? < MAXIMUM) {
            let (owner, group) = (stored.owner.clone(), group.to_owned());
            store.put(Turn { owner, group, given: stored.identifier.clone() })?;
        }
    }
    Ok(())
}

/// The default ones of the members of a group, which are the newest first.
pub(crate) fn defaults(
    store: &mut Transaction<'_>,
    policy: GroupDefault,
    members: Vec<Arc<StoredObject>>,
) -> Result<Vec<Arc<StoredObject>>, StoreError> {
    if policy != GroupDefault::ByTurns {
        return Ok(members);
    }
    let mut last: HashMap<Vec<u8>, Option<String>> = HashMap::new();
    let mut was_given = |stored: &Arc<StoredObject>| -> Result<bool, StoreError> {
        for group in groups(&stored.attributes) {
            let given = match last.entry(identifier(stored.owner.as_deref(), group)) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => {
                    let turn = store.value::<Turn>(entry.key())?;
                    entry.insert(turn.map(|turn| turn.given.clone()))
                }
            };
            if given.as_ref() == Some(&stored.identifier) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    let mut place = None;
    for (number, member) in members.iter().enumerate() {
        if was_given(member)? {
            place = Some(number);
            break;
        }
    }
    // After the one that was given last it is the next newer one's turn, and after the newest the oldest one's.
    let next = place.and_then(|place| place.checked_sub(1)).or(members.len().checked_sub(1));
    Ok(next.and_then(|next| members.get(next).cloned()).into_iter().collect())
}
