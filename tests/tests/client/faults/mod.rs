//! What the client makes of a peer that is slow, silent, gone, or wrong: the same with both drivers.

mod dropped;
mod endings;
mod handshakes;
mod https;
mod messages;
mod outcomes;
mod retries;
mod runtimes;
mod servers;
mod silence;
mod stale;
mod strays;

use std::time::{Duration, Instant};

use kmip_sdk::generic::Client;
use kmip_sdk::types::enumerations::{ObjectType, OpaqueDataType};
use kmip_sdk::types::message::{Message, RequestBatchItem, RequestMessage, ResponseBatchItem};
use kmip_sdk::types::object::{ManagedObject, OpaqueObject};
use kmip_sdk::types::operation::{
    ActivateRequest, ActivateResponse, CreateRequest, CreateResponse, GetResponse, LocateRequest,
    LocateResponse, RequestPayload, ResponsePayload,
};
use kmip_sdk::{Error, Phase, PoolOptions};
use kmip_tests::patience::{LONG, in_time};

use crate::drivers::{Drives, Make, Start};
use crate::peer::{Script, Stream, builder_of, locates_nothing, receive, response, script, send, tls_peer};

/// Keeps the connection as it is until the client goes.
fn hang(stream: &mut Stream) {
    while receive(stream).is_some() {}
}

/// Answers one request with these bytes, then hangs.
fn answers(answer: impl FnOnce(&[u8]) -> Vec<u8> + Send + 'static) -> Script {
    script(move |stream| {
        let Some(request) = receive(stream) else { return };
        send(stream, &answer(&request));
        hang(stream);
    })
}

/// The success that a request item asks for, about the object that it names.
fn success(item: &RequestBatchItem) -> ResponseBatchItem {
    let payload: ResponsePayload = match &item.request_payload {
        RequestPayload::Get(get) => {
            let unique_identifier = get.unique_identifier.clone().unwrap();
            let object = ManagedObject::OpaqueObject(OpaqueObject {
                opaque_data_type: OpaqueDataType::from(0x8000_0001),
                opaque_data_value: unique_identifier.to_string().into_bytes().into(),
            });
            GetResponse { object_type: ObjectType::OpaqueObject, unique_identifier, object }.into()
        }
        RequestPayload::Activate(activate) => {
            ActivateResponse { unique_identifier: activate.unique_identifier.clone().unwrap() }.into()
        }
        RequestPayload::Create(create) => CreateResponse::new(create.object_type, "made").into(),
        RequestPayload::Locate(_) => LocateResponse::default().into(),
        other => panic!("{other:?}"),
    };
    let mut success = ResponseBatchItem::success(item.operation, payload);
    success.unique_batch_item_id = item.unique_batch_item_id.clone();
    success
}

/// The answer that a request asks for.
fn answer(request: &[u8]) -> Vec<u8> {
    let items = RequestMessage::from_ttlv(request).unwrap().batch_item;
    response(request, items.iter().map(success).collect()).to_ttlv().unwrap()
}

/// Answers every request as it asks for.
fn serves(stream: &mut Stream) {
    while let Some(request) = receive(stream) {
        send(stream, &answer(&request));
    }
}

/// A client of a peer that does these scripts, one a connection, and then answers as it should.
fn client<D: Drives>(mut scripts: Vec<Script>) -> Client<D> {
    scripts.push(script(locates_nothing));
    builder_of(tls_peer(scripts)).start().unwrap()
}

/// That a change failed so that its outcome is unknown, and the next call goes over another connection.
fn leaves_the_outcome_unknown<D: Drives>(client: &Client<D>, phase: Phase) -> Error {
    may_leave_the_outcome_unknown(client, phase).expect("there is time enough")
}

/// The same, unless the time of a call was over before it came to that.
fn may_leave_the_outcome_unknown<D: Drives>(client: &Client<D>, phase: Phase) -> Option<Error> {
    let error = client.call(ActivateRequest::new("k-1")).make().unwrap_err();
    in_phase(&error, phase)?;
    assert!(error.is_outcome_unknown() && !error.is_retryable(), "{error}");
    in_time(client.call(LocateRequest::default()).make())?;
    let status = client.status();
    assert_eq!((status.opened(), status.in_use(), status.idle()), (2, 0, 1));
    Some(error)
}

/// That an error is of this phase, unless the time was over before.
fn in_phase(error: &Error, phase: Phase) -> Option<()> {
    if error.phase() == phase {
        return Some(());
    }
    assert!(error.is_timeout(), "{error}");
    None
}

/// A request that makes an object.
fn create() -> CreateRequest {
    CreateRequest::new(ObjectType::SymmetricKey, Default::default())
}

/// A pool whose connections are looked at before each use.
fn checked() -> PoolOptions {
    PoolOptions { check_after: Duration::ZERO, ..PoolOptions::default() }
}

/// A pool whose connections are used without a look.
fn unchecked() -> PoolOptions {
    PoolOptions { check_after: Duration::from_secs(3600), ..PoolOptions::default() }
}

/// That it took at least this long, and not for ever.
fn took(start: Instant, brief: Duration) {
    let elapsed = start.elapsed();
    assert!(elapsed >= brief && elapsed < LONG, "{elapsed:?}");
}
