//! Answers that are no messages, or no answers to the request.

use kmip_sdk::framing::FramingError;
use kmip_sdk::types::enumerations::Operation;
use kmip_sdk::types::message::{Message, ResponseBatchItem, ResponseMessage};
use kmip_sdk::types::operation::{
    ActivateRequest, ActivateResponse, GetRequest, LocateRequest, ResponsePayload,
};
use kmip_sdk::types::{Limits, ProtocolVersion};
use kmip_sdk::{Batch, Closed, ErrorKind, Phase, ResponseError, RetryPolicy};

use super::{answers, client, leaves_the_outcome_unknown, success};
use crate::drivers::{Drives, Make, Start, with_both_drivers};
use crate::peer::{builder_of, locates_nothing, nothing_located, response, script, tls_peer};

with_both_drivers![
    rejects_what_is_no_response,
    keeps_to_its_own_limit,
    rejects_an_answer_to_something_else,
    rejects_results_in_another_order,
    closes_on_a_response_that_cannot_be_decoded,
    rejects_an_answer_about_another_object,
];

fn rejects_what_is_no_response<D: Drives>() {
    type Check = fn(&FramingError) -> bool;
    let cases: [(&[u8], Check); 3] = [
        // 4 GiB.
        (&[0x42, 0, 0x7B, 1, 0xFF, 0xFF, 0xFF, 0xF8, 0, 0, 0, 0], |error| {
            matches!(error, FramingError::SizeLimit { size: 0x1_0000_0000, limit: 0x0100_0000 })
        }),
        (
            b"Who is there?\r\n",
            |error| matches!(error, FramingError::UnexpectedTag { found, .. } if found.value() == 0x57_686F),
        ),
        (&[0x42, 0, 0x7B, 7, 0, 0, 0, 0], |error| {
            matches!(error, FramingError::UnexpectedItemType { found: 7 })
        }),
    ];
    for (answer, check) in cases {
        let client = client::<D>(vec![answers(|_| answer.to_vec())]);
        let error = leaves_the_outcome_unknown(&client, Phase::Receive);
        let ErrorKind::Framing(kind) = error.kind() else { panic!("{error}") };
        assert!(check(kind), "{kind:?}");
    }
    let client = client::<D>(vec![answers(|_| b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())]);
    let error = leaves_the_outcome_unknown(&client, Phase::Receive);
    assert!(matches!(error.kind(), ErrorKind::OtherProtocol { spoken: "HTTP", expected: "KMIP" }), "{error}");
}

fn keeps_to_its_own_limit<D: Drives>() {
    let limits = Limits { size: 128, ..Limits::default() };
    let client = builder_of::<D>(tls_peer(vec![script(locates_nothing)])).limits(limits).start().unwrap();
    let error = client.call(LocateRequest::default()).make().unwrap_err();
    let ErrorKind::Framing(FramingError::SizeLimit { limit: 128, .. }) = error.kind() else {
        panic!("{error}")
    };
}

fn rejects_an_answer_to_something_else<D: Drives>() {
    type Change = fn(&mut ResponseMessage);
    let cases: [(Change, ResponseError); 3] = [
        (
            |message| message.response_header.batch_count = 2,
            ResponseError::BatchCount { declared: 2, found: 1 },
        ),
        (
            |_| {},
            ResponseError::Operation {
                item: 0,
                expected: Operation::Activate,
                found: Some(Operation::Locate),
            },
        ),
        (
            |message| message.response_header.protocol_version = ProtocolVersion::V1_1,
            ResponseError::Version { expected: ProtocolVersion::V1_4, found: ProtocolVersion::V1_1 },
        ),
    ];
    for (change, expected) in cases {
        let client = client::<D>(vec![answers(move |request| {
            // Locate, whatever was asked for.
            let payload = ResponsePayload::Locate(Default::default());
            let item = ResponseBatchItem::success(Operation::Locate, payload);
            let mut message = response(request, vec![item]);
            change(&mut message);
            message.to_ttlv().unwrap()
        })]);
        let error = leaves_the_outcome_unknown(&client, Phase::Decode);
        let ErrorKind::Response(found) = error.kind() else { panic!("{error}") };
        assert_eq!(*found, expected);
    }
}

fn rejects_results_in_another_order<D: Drives>() {
    // Named, they are put in their places; without names, the operation and the object tell.
    for named in [true, false] {
        let client = client::<D>(vec![answers(move |request| {
            let items = kmip_sdk::types::message::RequestMessage::from_ttlv(request).unwrap().batch_item;
            let mut found: Vec<_> = items.iter().rev().map(success).collect();
            if !named {
                found.iter_mut().for_each(|item| item.unique_batch_item_id = None);
            }
            response(request, found).to_ttlv().unwrap()
        })]);
        let mut batch = Batch::new();
        let (first, second) = (batch.add(ActivateRequest::new("a")), batch.add(ActivateRequest::new("b")));
        match client.call_batch(batch).make() {
            Ok(mut results) => {
                assert!(named);
                assert_eq!(results.take(first).unwrap().unique_identifier, "a".into());
                assert_eq!(results.take(second).unwrap().unique_identifier, "b".into());
            }
            Err(error) => {
                assert!(!named && error.is_outcome_unknown() && !error.is_retryable(), "{error}");
                assert_eq!(client.status().closed(Closed::Failed), 1);
            }
        }
    }
}

fn closes_on_a_response_that_cannot_be_decoded<D: Drives>() {
    let client = client::<D>(vec![answers(|request| {
        let mut answer = nothing_located(request).to_ttlv().unwrap();
        // The type of the response header.
        answer[11] = 0x02;
        answer
    })]);
    let error = leaves_the_outcome_unknown(&client, Phase::Decode);
    assert!(matches!(error.kind(), ErrorKind::Decode(_)), "{error}");
    assert_eq!(client.status().closed(Closed::Failed), 1);
}

fn rejects_an_answer_about_another_object<D: Drives>() {
    let about_another = || {
        answers(|request| {
            let items = kmip_sdk::types::message::RequestMessage::from_ttlv(request).unwrap().batch_item;
            let payload = ActivateResponse { unique_identifier: "k-2".into() };
            let mut item = success(&items[0]);
            match &mut item.response_payload {
                Some(ResponsePayload::Get(got)) => got.unique_identifier = "k-2".into(),
                other => *other = Some(payload.into()),
            }
            response(request, vec![item]).to_ttlv().unwrap()
        })
    };
    let client = client::<D>(vec![about_another()]);
    let error = leaves_the_outcome_unknown(&client, Phase::Decode);
    let ErrorKind::Response(ResponseError::UniqueIdentifier { item: 0 }) = error.kind() else {
        panic!("{error}")
    };
    let builder = builder_of::<D>(tls_peer(vec![about_another()])).retries(RetryPolicy::NONE);
    let error = builder.start().unwrap().call(GetRequest::new("k-1")).make().unwrap_err();
    assert!(error.is_outcome_unknown() && error.is_retryable(), "{error}");
}
