//! Locate where the index says all that is looked for: objects are not read then, and what is found is what reading them finds.

use std::sync::atomic::{AtomicBool, Ordering};

use kmip_sdk::server::store::Store;
use kmip_sdk::server::{Server, ServerOptions, Verdict};
use kmip_sdk::session::Session;
use kmip_sdk::types::attribute::{Attribute, Attributes};
use kmip_sdk::types::enumerations::{
    BatchErrorContinuationOption, CryptographicAlgorithm, ObjectGroupMember, ObjectType,
};
use kmip_sdk::types::masks::{CryptographicUsageMask, StorageStatusMask};
use kmip_sdk::types::message::{
    Message as _, RequestBatchItem, RequestHeader, RequestMessage, ResponseMessage,
};
use kmip_sdk::types::object::{ManagedObject, Template};
use kmip_sdk::types::operation::{
    AddAttributeRequest, ArchiveRequest, CreateKeyPairRequest, DeleteAttributeRequest, DestroyRequest,
    GetAttributesRequest, GetRequest, LocateRequest, RegisterRequest, Request, RequestPayload,
    ResponsePayload,
};
use kmip_sdk::types::{ProtocolVersion, Tag};
use kmip_tests::watched::{Call, Counts, Watched};

use crate::asked::{Asked, create, identifiers, name};
use crate::places::{Place, key};

for_every_backend!(finds_what_reading_every_object_finds, a_batch_finds_what_it_has_changed_itself);

const OLD: ProtocolVersion = ProtocolVersion::V1_4;
const NEW: ProtocolVersion = ProtocolVersion::V2_1;

/// A server, and who asks it.
struct Client<'a>(&'a Server, Option<&'static str>, ProtocolVersion);

impl Client<'_> {
    fn call<R: Request>(&self, request: R) -> R::Response {
        let (prepared, handle) = Session::new(self.2).prepare_one(request).unwrap();
        let response = self.handle(prepared.bytes());
        prepared.complete(&response).unwrap().take(handle).unwrap()
    }

    fn handle(&self, request: &[u8]) -> Vec<u8> {
        match self.1 {
            Some(identity) => self.0.handle_as(identity, request),
            None => self.0.handle(request),
        }
    }

    fn create(&self, more: impl IntoIterator<Item = Attribute>) -> String {
        self.call(create(more)).unique_identifier.as_text().unwrap().to_owned()
    }
}

fn group(text: &str) -> Attribute {
    Attribute::ObjectGroup(text.to_owned())
}

/// Objects of all kinds of owners, places and types, two of them of each.
fn fill(server: &Server) {
    for owner in [Some("alice"), Some("bob"), None] {
        let (old, new) = (Client(server, owner, OLD), Client(server, owner, NEW));
        for text in ["g", "h"] {
            let made: Vec<String> = (0..5).map(|_| new.create([group(text), group("both")])).collect();
            new.call(GetRequest::new(made[0].as_str()));
            new.call(ArchiveRequest { unique_identifier: Some(made[1].as_str().into()) });
            new.call(DestroyRequest::new(made[2].as_str()));
            new.call(AddAttributeRequest::new(made[3].as_str(), name(&format!("{text} of {owner:?}"))));
            let common = [
                Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Ecdsa),
                Attribute::CryptographicLength(256),
                group(text),
            ];
            let masks = [CryptographicUsageMask::SIGN, CryptographicUsageMask::VERIFY];
            let [private, public] = masks.map(|mask| Attributes::new().with_cryptographic_usage_mask(mask));
            // Everybody may find the public key.
            old.call(CreateKeyPairRequest {
                common_attributes: Some(common.into_iter().collect()),
                private_key_attributes: Some(private),
                public_key_attributes: Some(public),
                ..Default::default()
            });
            for number in 0..2 {
                let named = [name(&format!("template {text} {number} of {owner:?}")), group(text)];
                let object = ManagedObject::Template(Template {
                    attributes: Attributes::new().with_cryptographic_length(128),
                });
                let template =
                    RegisterRequest::new(ObjectType::Template, named.into_iter().collect(), object);
                let made = old.call(template).unique_identifier;
                if number == 1 {
                    old.call(DestroyRequest::new(made));
                }
            }
        }
    }
}

/// What is looked for, with whether the index says all of it.
fn wanted() -> Vec<(LocateRequest, bool)> {
    let of =
        |attributes: &[Attribute]| LocateRequest::new(attributes.iter().cloned().collect::<Attributes>());
    let kind = Attribute::ObjectType;
    let fresh = |attributes: &[Attribute]| LocateRequest {
        object_group_member: Some(ObjectGroupMember::GroupMemberFresh),
        ..of(attributes)
    };
    vec![
        (of(&[]), true),
        (of(&[group("g")]), true),
        (of(&[group("both")]), true),
        (of(&[group("none")]), true),
        (of(&[kind(ObjectType::SymmetricKey)]), true),
        (of(&[kind(ObjectType::PublicKey)]), true),
        (fresh(&[group("both")]), true),
        (fresh(&[]), false),
        (fresh(&[kind(ObjectType::SymmetricKey)]), false),
        (of(&[group("g"), group("both")]), false),
        (of(&[group("g"), group("g")]), false),
        (of(&[group("g*")]), false),
        (of(&[group("g"), kind(ObjectType::PublicKey)]), false),
        (of(&[name("g of Some(\"alice\")")]), false),
    ]
}

fn finds_what_reading_every_object_finds(place: &Place) {
    let store = place.store();
    fill(&Server::new(ServerOptions::default().store(store.clone())));
    assert!(compare(store) > 150);
}

/// Compares what is found by the index with what is found by reading, by many Locates. Gives how many of them find something.
pub(crate) fn compare(store: Store) -> usize {
    let by_index = Server::new(ServerOptions::default().store(store.clone()));
    // What a policy says of an object is not in the index, be that what would hold without it.
    let by_reading = Server::new(ServerOptions::default().store(store).policy(|_| Verdict::Usual));
    let on_line = StorageStatusMask::ON_LINE_STORAGE;
    let archived = StorageStatusMask::ARCHIVAL_STORAGE;
    let mut found_any = 0;
    for (version, elsewhere) in [(OLD, archived), (NEW, archived | StorageStatusMask::DESTROYED_STORAGE)] {
        for caller in [Some("alice"), Some("bob"), Some("carol"), None] {
            for storage in [None, Some(elsewhere), Some(on_line | elsewhere)] {
                let template: Attributes =
                    [Attribute::ObjectType(ObjectType::Template)].into_iter().collect();
                let templates = [(LocateRequest::new(template), true)];
                let templates = templates.into_iter().filter(|_| version == OLD);
                for (request, _) in wanted().into_iter().chain(templates) {
                    let request = LocateRequest { storage_status_mask: storage, ..request };
                    let page =
                        LocateRequest { maximum_items: Some(3), offset_items: Some(1), ..request.clone() };
                    for request in [request, page] {
                        let ask = |server| Client(server, caller, version).call(request.clone());
                        let (found, expected) = (ask(&by_index), ask(&by_reading));
                        assert_eq!(
                            identifiers(&found),
                            identifiers(&expected),
                            "{version} {caller:?} {request:?}"
                        );
                        if request.maximum_items.is_none() {
                            assert_eq!(found.located_items, expected.located_items);
                        }
                        found_any += usize::from(!found.unique_identifier.is_empty());
                    }
                }
            }
        }
    }
    found_any
}

fn a_batch_finds_what_it_has_changed_itself(place: &Place) {
    let asked = Asked::on(place.store());
    let stays = asked.create([group("g")]);
    let goes = asked.create([group("g")]);
    let comes = asked.create([]);
    let payloads: Vec<RequestPayload> = vec![
        DeleteAttributeRequest::new(goes.as_str(), Tag::OBJECT_GROUP).into(),
        AddAttributeRequest::new(comes.as_str(), group("g")).into(),
        create([group("g")]).into(),
        LocateRequest::new([group("g")].into_iter().collect::<Attributes>()).into(),
    ];
    let response = undoing(&asked, payloads);
    let payload = |place: usize| response.batch_item[place].response_payload.clone().unwrap();
    let ResponsePayload::Create(made) = payload(2) else { panic!("{response:?}") };
    let ResponsePayload::Locate(located) = payload(3) else { panic!("{response:?}") };
    let made = made.unique_identifier.as_text().unwrap().to_owned();
    assert_eq!(identifiers(&located), [made, comes, stays]);
}

/// The answer to a batch that is done whole or not at all.
fn undoing(asked: &Asked, payloads: Vec<RequestPayload>) -> ResponseMessage {
    let mut request_header = RequestHeader::new(NEW, i32::try_from(payloads.len()).unwrap());
    request_header.batch_error_continuation_option = Some(BatchErrorContinuationOption::Undo);
    let items = payloads.into_iter().enumerate().map(|(number, payload)| RequestBatchItem {
        unique_batch_item_id: Some(vec![u8::try_from(number).unwrap()]),
        ..RequestBatchItem::new(payload.operation().unwrap(), payload)
    });
    let request = RequestMessage { request_header, batch_item: items.collect() };
    ResponseMessage::from_ttlv(&asked.handle(&request.to_ttlv().unwrap())).unwrap()
}

#[test]
fn a_batch_finds_what_it_has_read_as_it_has_read_it() {
    let place = Place::shared();
    let other = Asked::on(place.store());
    let [read, gone, unread] = [[group("h")], [group("g")], [group("h")]].map(|group| other.create(group));
    let (comes, goes, is_new) = (read.clone(), gone.clone(), unread.clone());
    let is_done = AtomicBool::new(false);
    let backend = place.open_with(move |call| {
        if call == Call::Keys && !is_done.swap(true, Ordering::SeqCst) {
            for identifier in [&comes, &is_new] {
                other.call(AddAttributeRequest::new(identifier.as_str(), group("g"))).unwrap();
            }
            other.call(DeleteAttributeRequest::new(goes.as_str(), Tag::OBJECT_GROUP)).unwrap();
        }
        Ok(())
    });
    let asked = Asked::on(Store::sealed(backend, key()).unwrap());
    let wanted: Attributes = [group("g")].into_iter().collect();
    let payloads = vec![
        GetAttributesRequest::all(read.as_str()).into(),
        GetAttributesRequest::all(gone.as_str()).into(),
        LocateRequest::new(wanted).into(),
    ];
    let response = undoing(&asked, payloads);
    let located = match &response.batch_item[2].response_payload {
        Some(ResponsePayload::Locate(located)) => identifiers(located),
        other => panic!("{other:?}"),
    };
    // What it has read has the group that it had; what is not found by it any more need not be.
    assert_eq!(located, [unread.as_str()], "{read} has come, and {gone} gone");
}

#[test]
fn objects_are_read_where_the_index_does_not_say_all() {
    let counts = Counts::default();
    let store = Store::new(Box::new(Watched::new(counts.clone()))).unwrap();
    let plain = Server::new(ServerOptions::default().store(store.clone()));
    let with_policy = Server::new(ServerOptions::default().store(store).policy(|_| Verdict::Usual));
    fill(&plain);
    for (server, sees_all) in [(&plain, true), (&with_policy, false)] {
        for (request, is_exact) in wanted() {
            counts.begin();
            let found = Client(server, Some("alice"), NEW).call(request.clone()).unique_identifier.len();
            let (read, named) = (counts.records(&[Call::Get, Call::List]), counts.records(&[Call::Keys]));
            match is_exact && sees_all {
                true => assert_eq!((read, named), (0, found), "{request:?}"),
                false => assert!(named == 0 && read >= found, "{request:?}"),
            }
        }
    }
}
