//! A store whose records are sealed, with little room for objects that are kept decoded.

use kmip_sdk::server::store::{Form, MasterKey, Store};
use kmip_sdk::server::{Server, ServerOptions};
use kmip_sdk::types::ProtocolVersion;
use kmip_sdk::types::attribute::UniqueIdentifier;
use kmip_sdk::types::message::{Message, RequestBatchItem, RequestHeader, RequestMessage, ResponseMessage};
use kmip_sdk::types::operation::{GetRequest, RequestPayload, ResponsePayload};
use kmip_tests::watched::{Beside, Watched};
use zeroize::Zeroizing;

use crate::Found;
use crate::marks::MARK;
use crate::server::{register, symmetric};

/// Has records in memory sealed as they would be in a file.
#[derive(Debug)]
struct Sealed;

impl Beside for Sealed {
    fn form(&self) -> Option<Form> {
        Some(Form::Sealed)
    }
}

fn call(server: &Server, payload: impl Into<RequestPayload>) -> ResponsePayload {
    let payload = payload.into();
    let item = RequestBatchItem::new(payload.operation().unwrap(), payload);
    let request_header = RequestHeader::new(ProtocolVersion::V2_1, 1);
    let message = RequestMessage { request_header, batch_item: vec![item] };
    let request = Zeroizing::new(message.to_ttlv().unwrap());
    let response = Zeroizing::new(server.handle(&request));
    ResponseMessage::from_ttlv(&response).unwrap().batch_item.remove(0).response_payload.unwrap()
}

/// Many more than there is room for, each of which is read, changed as it is given for the first time, and read again.
#[test]
fn what_the_cache_lets_go_of_is_wiped() {
    const OBJECTS: usize = 60;
    let mut found = Found::default();
    found.look("objects that come and go", &[MARK], || {
        let key = MasterKey::new([7; 32]);
        let store = Store::sealed(Box::new(Watched::new(Sealed)), key).unwrap().cache(20_000);
        let server = Server::new(ServerOptions::default().store(store.clone()));
        let get = |identifier: &UniqueIdentifier| drop(call(&server, GetRequest::new(identifier.clone())));
        let mut identifiers: Vec<UniqueIdentifier> = Vec::new();
        for _ in 0..OBJECTS {
            let ResponsePayload::Register(made) = call(&server, register(symmetric(MARK))) else {
                panic!("nothing was made")
            };
            get(&made.unique_identifier);
            get(&made.unique_identifier);
            identifiers.push(made.unique_identifier);
        }
        identifiers.iter().for_each(get);
        // What is left is let go of all at once.
        drop(store.cache(0));
    });
    found.assert_none();
}
