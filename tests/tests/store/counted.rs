//! What requests cost, counted in records that are read: it does not depend on how many there are.

use kmip_sdk::server::ServerOptions;
use kmip_sdk::server::store::Store;
use kmip_sdk::types::DateTime;
use kmip_sdk::types::attribute::{Attribute, Attributes};
use kmip_sdk::types::enumerations::{ObjectType, State};
use kmip_sdk::types::operation::{ActivateRequest, GetRequest, LocateRequest};
use kmip_tests::watched::{Call, Counts, Watched};

use crate::asked::{Asked, START, name};

/// What a backend did: the records that it gave and took, and one more where to find none costs something too.
fn cost(counts: &Counts) -> usize {
    let searches = [Call::List, Call::Keys, Call::Due];
    let others = [Call::Get, Call::Find, Call::Totals, Call::Page, Call::Scan, Call::Commit];
    counts.calls(&searches) + counts.records(&searches) + counts.records(&others)
}

/// What each request costs where there are so many objects.
fn costs(objects: usize) -> Vec<(&'static str, usize)> {
    let counts = Counts::default();
    let backend = Watched::new(counts.clone());
    let store = Store::new(Box::new(backend)).unwrap();
    let asked = Asked::with(ServerOptions::default().store(store));
    let far = Attribute::ActivationDate(DateTime::from_seconds(START + 1_000_000));
    for number in 0..objects {
        let group = Attribute::ObjectGroup(format!("group {}", number % (objects / 20)));
        let identifier = asked.create([name(&format!("name {number}")), group, far.clone()]);
        if number % 2 == 0 {
            asked.call(ActivateRequest::new(identifier.as_str())).unwrap();
        }
    }
    let near = Attribute::ActivationDate(DateTime::from_seconds(START + 1));
    let key = asked.create([name("due"), near]);
    let locate = |wanted: Vec<Attribute>, expected| {
        let mut request = LocateRequest::new(wanted.into_iter().collect::<Attributes>());
        request.maximum_items = Some(10);
        assert_eq!(asked.call(request).unwrap().unique_identifier.len(), expected);
    };
    let kind = Attribute::ObjectType(ObjectType::SymmetricKey);
    let cost = |what, run: &dyn Fn()| {
        counts.begin();
        run();
        (what, self::cost(&counts))
    };
    vec![
        cost("Get", &|| drop(asked.call(GetRequest::new(key.as_str())).unwrap())),
        cost("Create", &|| drop(asked.create([name("new")]))),
        cost("Locate by identifier", &|| locate(vec![Attribute::UniqueIdentifier(key.as_str().into())], 1)),
        cost("Locate by name", &|| locate(vec![name("name 7")], 1)),
        cost("Locate by a name twice", &|| locate(vec![name("name 7"), name("name 7")], 1)),
        cost("Locate by group", &|| locate(vec![Attribute::ObjectGroup("group 1".to_owned())], 10)),
        cost("Locate by state and type", &|| locate(vec![Attribute::State(State::Active), kind.clone()], 10)),
        cost("Locate by type", &|| locate(vec![kind.clone()], 10)),
        cost("one that is due", &|| {
            asked.wait(1);
            assert_eq!(asked.attributes(&key).state(), Some(State::Active));
        }),
        cost("Locate by what has no index", &|| locate(vec![Attribute::Comment("none".to_owned())], 0)),
    ]
}

#[test]
fn requests_cost_the_same_however_many_objects_there_are() {
    let (few, many) = (costs(100), costs(2_000));
    for ((what, few), (_, many)) in few.into_iter().zip(many) {
        if what == "Locate by what has no index" {
            assert!(few > 100 && many > 2_000, "{what}: {few}, {many}");
        } else {
            assert_eq!(few, many, "{what}");
            assert!(few < 80, "{what}: {few}");
        }
    }
}
