//! Export and import: all that is in a store, in another.

use kmip_sdk::server::store::{MasterKey, Store, StoreError};
use kmip_sdk::types::operation::ActivateRequest;

use crate::asked::Asked;
use crate::places::Place;
use crate::restart::{check, give};

for_every_store!(goes_to_every_backend, is_whole_or_refused, is_of_one_export);

fn other() -> MasterKey {
    MasterKey::new([9; 32])
}

fn export(store: &Store) -> Vec<u8> {
    let mut exported = Vec::new();
    store.export(&mut exported, &other()).unwrap();
    exported
}

fn goes_to_every_backend(place: &Place) {
    let store = place.store();
    let given = give(store.clone());
    let exported = export(&store);
    let database = Place::postgres();
    for target in [Place::memory(), Place::redb(), place.again()].into_iter().chain(database) {
        let store = target.store();
        store.import(&mut &exported[..], other()).unwrap();
        check(store, &given);
        if target.lasts() {
            let store = target.store();
            assert!(matches!(store.import(&mut &exported[..], other()), Err(StoreError::NotEmpty)));
        }
    }
    // And on from there.
    let between = Place::memory().store();
    between.import(&mut &exported[..], other()).unwrap();
    let last = Place::redb().store();
    last.import(&mut &export(&between)[..], other()).unwrap();
    check(last, &given);
}

fn is_whole_or_refused(place: &Place) {
    let store = place.store();
    let asked = Asked::on(store.clone());
    (0..3).for_each(|_| drop(asked.create([])));
    let exported = export(&store);
    let import = |bytes: &[u8], key| Place::memory().store().import(&mut &bytes[..], key);
    assert_eq!(import(&exported, other()).unwrap(), 3);
    assert!(matches!(import(&exported, MasterKey::new([1; 32])), Err(StoreError::WrongMasterKey)));
    for length in (0..exported.len()).step_by(7) {
        let refused = import(&exported[..length], other());
        assert!(matches!(refused, Err(StoreError::Corrupt(_))), "{length} {refused:?}");
    }
    for position in (8..exported.len()).step_by(11) {
        let mut changed = exported.clone();
        changed[position] ^= 0x10;
        // What stands behind the end of an item, to fill it up, says nothing.
        assert!(import(&changed, other()).is_err() || changed[position] == 0x10, "{position}");
    }
    // An item in the place of another.
    let length = exported.len();
    assert!(
        import(&[&exported[..16], &exported[16..length / 2], &exported[16..]].concat(), other()).is_err()
    );
}

/// The items of an export, as bytes.
fn items(mut exported: &[u8]) -> Vec<&[u8]> {
    let mut items = Vec::new();
    while let Some((header, _)) = exported.split_first_chunk::<8>() {
        let length = u32::from_be_bytes(*header.last_chunk().unwrap());
        let (item, rest) = exported.split_at(8 + (length as usize).next_multiple_of(8));
        items.push(item);
        exported = rest;
    }
    items
}

/// A record of an earlier export does not take the place of what it has become.
fn is_of_one_export(place: &Place) {
    let store = place.store();
    let asked = Asked::on(store.clone());
    let key = asked.create([]);
    let before = export(&store);
    asked.call(ActivateRequest { unique_identifier: Some(key.into()) }).unwrap();
    let after = export(&store);
    let (former, mut mixed) = (items(&before), items(&after));
    assert_eq!((former.len(), mixed.len()), (4, 4), "the form, what it is told by, the object and the end");
    let import = |items: &[&[u8]]| Place::memory().store().import(&mut &items.concat()[..], other());
    assert_eq!(import(&mixed).unwrap(), 1);
    mixed[2] = former[2];
    assert!(matches!(import(&mixed), Err(StoreError::Corrupt(_))));
}
