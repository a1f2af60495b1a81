//! What a store says of itself: whether all of it can be read, and which master key it is sealed with.

use std::collections::BTreeMap;

use kmip_sdk::server::store::{Checked, Kind, MasterKey, StoreError};
use kmip_sdk::types::enumerations::State;

use crate::places::{Place, key};
use crate::restart::give;

for_every_store!(every_record_is_read_and_shown, a_store_knows_which_key_it_is_sealed_with);

fn every_record_is_read_and_shown(place: &Place) {
    let store = place.store();
    give(store.clone());
    let mut kinds: BTreeMap<Kind, u64> = BTreeMap::new();
    let mut active = 0;
    let checked = store.check(&mut |Checked { key, read, .. }| {
        let state = read?;
        assert_eq!(state.is_some(), key.kind == Kind::OBJECT);
        active += usize::from(state == Some(State::Active));
        *kinds.entry(key.kind).or_default() += 1;
        Ok(())
    });
    checked.unwrap();
    assert_eq!(kinds[&Kind::OBJECT], store.objects().unwrap().records);
    assert_eq!((kinds[&Kind::USER], active), (1, 1));
    assert!(kinds.contains_key(&Kind::SETTING) && kinds.contains_key(&Kind::TICKET), "{kinds:?}");
    assert!(!kinds.contains_key(&Kind::STORE));

    // What is not to go on does not.
    let mut seen = 0;
    let ended = store.check(&mut |_| {
        seen += 1;
        Err(StoreError::NotEmpty)
    });
    assert!(matches!(ended, Err(StoreError::NotEmpty)) && seen == 1, "{ended:?}");
}

fn a_store_knows_which_key_it_is_sealed_with(place: &Place) {
    let store = place.store();
    give(store.clone());
    let new = MasterKey::new([8; 32]);
    assert!(key() == MasterKey::new([7; 32]) && key() != new);
    let known = || {
        let [old, new] = [key(), new.clone()].map(|key| store.is_sealed_with(&key));
        (old, new, store.is_rotating().unwrap())
    };
    assert_eq!(known(), (place.lasts(), false, false));
    store.rotate(new.clone()).unwrap();
    assert_eq!(known(), (false, place.lasts(), false));
}
