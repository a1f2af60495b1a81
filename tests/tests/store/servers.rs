//! What servers do with a store, whichever backend it has, and two servers with one.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use kmip_sdk::server::store::Store;
use kmip_sdk::server::{Failure, ServerOptions};
use kmip_sdk::types::attribute::{Attribute, UniqueIdentifier, UsageLimits};
use kmip_sdk::types::enumerations::{
    ObjectType, Operation, ResultReason, ResultStatus, State, UsageLimitsUnit,
};
use kmip_sdk::types::masks::StorageStatusMask;
use kmip_sdk::types::operation::{
    ActivateRequest, ArchiveRequest, DestroyRequest, GetUsageAllocationRequest, LocateRequest, PingRequest,
    PingResponse, PollRequest, RngRetrieveRequest,
};
use kmip_sdk::types::{DateTime, Interval};

use crate::asked::{Asked, START, create, identifiers, name};
use crate::places::Place;

for_every_store!(
    locate_finds_the_same_by_whatever_it_looks,
    locate_gives_a_page_of_what_it_finds,
    dates_move_objects_for_every_server,
    a_name_is_given_once_by_two_servers,
    a_usage_allocation_is_given_once_by_two_servers,
    an_operation_that_is_answered_later_is_done_once_by_two_servers,
    so_many_objects_and_so_many_bytes_are_kept,
    results_that_are_asked_for_later_have_so_many_bytes,
);

fn group(text: &str) -> Attribute {
    Attribute::ObjectGroup(text.to_owned())
}

fn locate_finds_the_same_by_whatever_it_looks(place: &Place) {
    let store = place.store();
    let [all, alice, bob] =
        [None, Some("alice"), Some("bob")].map(|identity| Asked { identity, ..Asked::on(store.clone()) });
    let a = alice.create([name("x"), group("g")]);
    let b = bob.create([name("x"), group("g"), Attribute::Comment("of bob".to_owned())]);
    let c = all.create([name("x")]);
    let d = alice.create([name("d"), group("g"), group("h")]);
    alice.call(ActivateRequest::new(d.as_str())).unwrap();
    let of = |identifiers: &[&String]| identifiers.iter().map(|one| (*one).clone()).collect::<Vec<_>>();
    for (wanted, expected) in [
        (vec![], [vec![&d, &c, &b, &a], vec![&d, &c, &a], vec![&c, &b]]),
        (vec![name("x")], [vec![&c, &b, &a], vec![&c, &a], vec![&c, &b]]),
        (vec![name("x"), name("x")], [vec![&c, &b, &a], vec![&c, &a], vec![&c, &b]]),
        (vec![group("g")], [vec![&d, &b, &a], vec![&d, &a], vec![&b]]),
        (vec![group("g"), group("h")], [vec![&d], vec![&d], vec![]]),
        (vec![group("g"), name("d")], [vec![&d], vec![&d], vec![]]),
        (vec![Attribute::State(State::Active)], [vec![&d], vec![&d], vec![]]),
        (vec![Attribute::State(State::PreActive)], [vec![&c, &b, &a], vec![&c, &a], vec![&c, &b]]),
        (
            vec![Attribute::ObjectType(ObjectType::SymmetricKey)],
            [vec![&d, &c, &b, &a], vec![&d, &c, &a], vec![&c, &b]],
        ),
        (vec![Attribute::ObjectType(ObjectType::Certificate)], [vec![], vec![], vec![]]),
        (vec![Attribute::State(State::PreActive), name("x")], [vec![&c, &b, &a], vec![&c, &a], vec![&c, &b]]),
        (vec![Attribute::Comment("of bob".to_owned())], [vec![&b], vec![], vec![&b]]),
        (vec![Attribute::UniqueIdentifier(b.as_str().into())], [vec![&b], vec![], vec![&b]]),
        (vec![Attribute::UniqueIdentifier("none".into())], [vec![], vec![], vec![]]),
        (vec![Attribute::UniqueIdentifier(a.as_str().into()), name("d")], [vec![], vec![], vec![]]),
    ] {
        for (asked, expected) in [&all, &alice, &bob].into_iter().zip(expected) {
            assert_eq!(asked.locate(wanted.clone()), of(&expected), "{:?} {wanted:?}", asked.identity);
        }
    }
    // Where objects are counts too.
    all.call(ArchiveRequest { unique_identifier: Some(a.as_str().into()) }).unwrap();
    all.call(DestroyRequest::new(c.as_str())).unwrap();
    let everywhere = StorageStatusMask::ON_LINE_STORAGE
        | StorageStatusMask::ARCHIVAL_STORAGE
        | StorageStatusMask::DESTROYED_STORAGE;
    for (mask, expected) in [
        (StorageStatusMask::ON_LINE_STORAGE, vec![&b]),
        (StorageStatusMask::ARCHIVAL_STORAGE, vec![&a]),
        (StorageStatusMask::DESTROYED_STORAGE, vec![&c]),
        (everywhere, vec![&c, &b, &a]),
    ] {
        let mut request = LocateRequest::new([name("x")].into_iter().collect::<_>());
        request.storage_status_mask = Some(mask);
        assert_eq!(identifiers(&all.call(request).unwrap()), of(&expected), "{mask:?}");
    }
}

fn locate_gives_a_page_of_what_it_finds(place: &Place) {
    let asked = Asked::on(place.store());
    let mut made: Vec<String> = (0..100).map(|_| asked.create([group("g")])).collect();
    made.reverse();
    let page = |offset, maximum, wanted: Attribute| {
        let mut request = LocateRequest::new([wanted].into_iter().collect::<_>());
        (request.offset_items, request.maximum_items) = (offset, maximum);
        let response = asked.call(request).unwrap();
        (identifiers(&response), response.located_items)
    };
    assert_eq!(page(None, None, group("g")), (made.clone(), Some(100)));
    assert_eq!(page(Some(90), Some(20), group("g")), (made[90..].to_vec(), Some(100)));
    assert_eq!(page(Some(10), Some(20), group("g")), (made[10..30].to_vec(), None));
    assert_eq!(page(Some(500), None, group("g")), (vec![], Some(100)));
    assert_eq!(page(None, Some(3), Attribute::CryptographicLength(256)).0, made[..3]);
}

fn dates_move_objects_for_every_server(place: &Place) {
    let store = place.store();
    let [one, other] = [(); 2].map(|()| Asked::on(store.clone()));
    let date = |seconds| DateTime::from_seconds(START + seconds);
    let key = one.create([Attribute::ActivationDate(date(10)), Attribute::DeactivationDate(date(20))]);
    for (wait, expected) in [(0, State::PreActive), (10, State::Active), (10, State::Deactivated)] {
        one.wait(wait);
        other.wait(wait);
        thread::scope(|scope| {
            for asked in [&one, &other] {
                let key = &key;
                scope.spawn(move || assert_eq!(asked.attributes(key).state(), Some(expected)));
            }
        });
        assert_eq!(other.locate([Attribute::State(expected)]), [key.as_str()]);
    }
    assert_eq!(one.attributes(&key).last_change_date(), Some(date(20)));
}

fn a_name_is_given_once_by_two_servers(place: &Place) {
    let store = place.store();
    let made = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..4 {
            let asked = Asked::on(store.clone());
            let made = &made;
            scope.spawn(move || {
                for number in 0..10 {
                    match asked.call(create([name(&format!("name {number}"))])) {
                        Ok(_) => drop(made.fetch_add(1, Ordering::SeqCst)),
                        Err(reason) => assert_eq!(reason, ResultReason::NonUniqueNameAttribute),
                    }
                }
            });
        }
    });
    assert_eq!(made.load(Ordering::SeqCst), 10);
    assert_eq!(store.objects().unwrap().records, 10);
}

fn a_usage_allocation_is_given_once_by_two_servers(place: &Place) {
    let store = place.store();
    let limits = UsageLimits {
        usage_limits_total: 100,
        usage_limits_count: Some(100),
        usage_limits_unit: UsageLimitsUnit::Byte,
    };
    let one = Asked::on(store.clone());
    let key = one.create([Attribute::UsageLimits(limits)]);
    one.call(ActivateRequest::new(key.as_str())).unwrap();
    let given = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..4 {
            let asked = Asked::on(store.clone());
            let (key, given) = (&key, &given);
            scope.spawn(move || {
                for _ in 0..10 {
                    let request = GetUsageAllocationRequest::new(5).with_unique_identifier(key.as_str());
                    if asked.call(request).is_ok() {
                        given.fetch_add(5, Ordering::SeqCst);
                    }
                }
            });
        }
    });
    assert_eq!(given.load(Ordering::SeqCst), 100);
    assert_eq!(one.attributes(&key).usage_limits().unwrap().usage_limits_count, Some(0));
}

fn an_operation_that_is_answered_later_is_done_once_by_two_servers(place: &Place) {
    let store = place.store();
    let [one, other] = [(); 2].map(|()| Asked::on(store.clone()));
    let pending: Vec<Vec<u8>> = (0..8)
        .map(|number| {
            let item = one.later(create([name(&format!("later {number}"))]));
            assert_eq!(item.result_status, ResultStatus::OperationPending);
            item.asynchronous_correlation_value.unwrap()
        })
        .collect();
    thread::scope(|scope| {
        for asked in [&one, &other] {
            let pending = &pending;
            scope.spawn(move || {
                for value in pending {
                    let item =
                        asked.send(PollRequest { asynchronous_correlation_value: value.clone() }, |_| {});
                    assert_eq!(
                        (item.operation, item.result_status),
                        (Some(Operation::Create), ResultStatus::Success)
                    );
                }
            });
        }
    });
    assert_eq!(store.objects().unwrap().records, 8);
}

fn so_many_objects_and_so_many_bytes_are_kept(place: &Place) {
    let asked = Asked::with(ServerOptions::default().store(place.store()).maximum_objects(2));
    let key = asked.create([]);
    asked.create([]);
    assert_eq!(asked.call(create([])), Err(ResultReason::ServerLimitExceeded));
    // What is there still changes.
    asked.call(ActivateRequest::new(key.as_str())).unwrap();
    let place = place.again();
    let store = place.store();
    let asked = Asked::with(ServerOptions::default().store(store.clone()).maximum_bytes(4_000));
    let key = asked.create([]);
    let large = Attribute::Comment("x".repeat(4_000));
    assert_eq!(asked.call(create([large])), Err(ResultReason::ServerLimitExceeded));
    let totals = store.objects().unwrap();
    assert!(totals.records == 1 && totals.bytes < 4_000, "{totals:?}");
    asked.call(DestroyRequest::new(key.as_str())).unwrap();
    assert!(store.objects().unwrap().bytes < totals.bytes, "what is destroyed makes room");
}

fn results_that_are_asked_for_later_have_so_many_bytes(place: &Place) {
    let options = ServerOptions::default().store(place.store()).maximum_later_bytes(50_000, 100_000);
    let clients = ["alice", "bob", "carol"];
    let [alice, bob, carol] =
        clients.map(|name| Asked { identity: Some(name), ..Asked::with(options.clone()) });
    let later = |asked: &Asked, bytes| {
        asked.later(RngRetrieveRequest { data_length: bytes }).asynchronous_correlation_value.unwrap()
    };
    let poll = |asked: &Asked, value: &[u8]| {
        let item = asked.send(PollRequest { asynchronous_correlation_value: value.to_vec() }, |_| {});
        item.result_reason.map_or(Ok(()), Err)
    };
    let first = later(&alice, 20_000);
    let second = later(&alice, 20_000);
    let third = later(&alice, 20_000);
    assert_eq!(poll(&alice, &third), Err(ResultReason::ServerLimitExceeded));
    // What the client has got makes room.
    assert_eq!(poll(&alice, &first), Ok(()));
    let fourth = later(&alice, 20_000);
    assert_eq!(poll(&alice, &fourth), Ok(()));
    assert_eq!(poll(&alice, &first), Err(ResultReason::InvalidAsynchronousCorrelationValue));
    // Others have room of their own, as long as there is some at all.
    let of_bob = later(&bob, 45_000);
    assert_eq!(poll(&bob, &of_bob), Ok(()));
    let (large, small) = (later(&carol, 45_000), later(&carol, 1_000));
    assert_eq!(poll(&carol, &large), Err(ResultReason::ServerLimitExceeded));
    assert_eq!(poll(&carol, &small), Ok(()));
    assert_eq!(poll(&alice, &second), Ok(()));
    // A request takes room as well.
    let item = bob.later(create([Attribute::Comment("x".repeat(10_000))]));
    assert_eq!(item.result_status, ResultStatus::OperationPending, "what bob has got makes room");
    let item = bob.later(create([Attribute::Comment("x".repeat(60_000))]));
    assert_eq!(item.result_reason, Some(ResultReason::ServerLimitExceeded));
}

#[test]
fn an_operation_of_the_applications_own_that_panics_leaves_a_result() {
    let options = ServerOptions::default()
        .operation(|_: PingRequest| -> Result<PingResponse, Failure> { panic!("an application's mistake") });
    let asked = Asked::with(options.store(Store::memory()).keep_results(Interval::from_seconds(5)));
    let value = asked.later(PingRequest {}).asynchronous_correlation_value.unwrap();
    let poll = || asked.send(PollRequest { asynchronous_correlation_value: value.clone() }, |_| {});
    assert_eq!(poll().result_reason, Some(ResultReason::GeneralFailure));
    asked.wait(6);
    let reason = poll().result_reason;
    assert_eq!(reason, Some(ResultReason::InvalidAsynchronousCorrelationValue), "nobody asks any more");
}

#[test]
fn the_identifier_that_locate_is_given_by_number_is_no_text() {
    // It finds nothing, by whatever it looks.
    let asked = Asked::on(Store::memory());
    asked.create([]);
    let wanted = Attribute::UniqueIdentifier(UniqueIdentifier::Index(0));
    assert!(asked.locate([wanted]).is_empty());
}
