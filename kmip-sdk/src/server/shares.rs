//! What there is so much of for all clients, and so much for each, so that none takes it from the others.

use kmip_types::DateTime;

use super::store::{Indexes, Kind, Store, StoreError, Stored, Term};

/// How many of those whose time comes first are looked at for one that gives way.
const LOOKED_AT: usize = 32;

/// Something that clients have for a time, of which each may have so many.
pub(crate) trait Share: Stored {
    /// How many one client may have.
    const OF_ONE: u64;
    /// How many there may be.
    const OF_ALL: u64;

    /// Whose it is.
    fn owner(&self) -> Option<&str>;
}

/// What somebody's are found by.
pub(crate) fn term(owner: Option<&str>) -> Term {
    let bytes = match owner {
        None => vec![0],
        Some(owner) => [&[1], owner.as_bytes()].concat(),
    };
    bytes.into()
}

/// What something is found by that somebody has until a time.
pub(crate) fn indexes(owner: Option<&str>, until: DateTime) -> Indexes {
    Indexes { terms: vec![term(owner)], names: Vec::new(), due: Some(until.seconds()) }
}

/// Whether somebody may have one more. Where there is no more room for all of them, one gives way of who has most, of those
/// that are looked at, and more than who asks.
pub(crate) fn has_room<T: Share>(
    store: &Store,
    owner: Option<&str>,
    now: DateTime,
) -> Result<bool, StoreError> {
    store.forget::<T>(now)?;
    let own = store.count_with(T::KIND, term(owner))?;
    if own >= T::OF_ONE {
        return Ok(false);
    }
    if store.count(T::KIND)? < T::OF_ALL {
        return Ok(true);
    }
    let mut most: Option<(u64, T)> = None;
    for found in store.first::<T>(LOOKED_AT)? {
        let has = store.count_with(T::KIND, term(found.owner()))?;
        if most.as_ref().is_none_or(|(most, _)| has > *most) {
            most = Some((has, found));
        }
    }
    // Otherwise they would take it from each other by turns.
    let Some((_, found)) = most.filter(|(has, _)| *has > own + 1) else { return Ok(false) };
    store.forget_one::<T>(&found.identifier(), now)?;
    Ok(true)
}

/// Forgets the one of somebody's that was made first.
pub(crate) fn forget_own<T: Share>(
    store: &Store,
    owner: Option<&str>,
    now: DateTime,
) -> Result<(), StoreError> {
    let own = store.list_with::<T>(term(owner), None, usize::try_from(T::OF_ONE).unwrap_or(usize::MAX))?;
    own.last().map_or(Ok(()), |oldest| store.forget_one::<T>(&oldest.value.identifier(), now))
}

/// How many there may be of all in the store, whoever makes them at the same moment.
pub(crate) const fn bound(kind: Kind, of_all: u64) -> super::store::Bound {
    super::store::Bound { kind, records: of_all, bytes: u64::MAX }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    #[derive(Clone)]
    struct Owned {
        number: u8,
        owner: String,
        until: i64,
    }

    impl Stored for Owned {
        const KIND: Kind = Kind::NONCE;

        fn identifier(&self) -> Vec<u8> {
            vec![self.number]
        }

        fn indexes(&self) -> Indexes {
            indexes(self.owner(), DateTime::from_seconds(self.until))
        }

        fn encode(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
            Ok(Zeroizing::default())
        }

        fn decode(_: &[u8]) -> Result<Self, StoreError> {
            Err(StoreError::Conflict)
        }
    }

    impl Share for Owned {
        const OF_ONE: u64 = 4;
        const OF_ALL: u64 = 6;

        fn owner(&self) -> Option<&str> {
            Some(&self.owner)
        }
    }

    #[test]
    fn each_has_so_many_and_gives_way_to_who_has_less() {
        let store = Store::memory();
        let at = DateTime::from_seconds(0);
        let take = |number, owner: &str, until| {
            let has_room = has_room::<Owned>(&store, Some(owner), at).unwrap();
            if has_room {
                let mut transaction = store.begin(at, &[]);
                transaction.put(Owned { number, owner: owner.to_owned(), until }).unwrap();
                transaction.commit().unwrap();
            }
            has_room
        };
        let count = |owner| store.count_with(Kind::NONCE, term(Some(owner))).unwrap();
        // Bob's ends first, and stays.
        assert!(take(0, "bob", 10));
        assert!((1..5).all(|number| take(number, "alice", 100)) && !take(5, "alice", 100));
        assert!(take(6, "carol", 100));
        assert_eq!(["alice", "bob", "carol"].map(count), [4, 1, 1]);
        assert!(take(7, "bob", 100) && take(8, "carol", 100));
        assert_eq!(["alice", "bob", "carol"].map(count), [2, 2, 2]);
        // Nobody has more than who asks would have.
        assert!(!take(9, "alice", 100) && !take(9, "bob", 100));
        assert!(take(9, "dora", 100), "she has none, and somebody two");
        assert_eq!(store.count(Kind::NONCE).unwrap(), Owned::OF_ALL);
        forget_own::<Owned>(&store, Some("dora"), at).unwrap();
        assert_eq!(count("dora"), 0);
        assert!(has_room::<Owned>(&store, Some("alice"), DateTime::from_seconds(100)).unwrap());
        assert_eq!(store.count(Kind::NONCE).unwrap(), 0, "those whose time is over are gone");
    }
}
