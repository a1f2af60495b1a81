//! Obtain Lease, Get Usage Allocation, Check, Archive, Recover, Ping, Log and Interop.

use kmip_sdk::server::ServerOptions;
use kmip_sdk::types::attribute::{Attribute, UniqueIdentifier, UsageLimits};
use kmip_sdk::types::enumerations::{InteropFunction, ResultReason as R, UsageLimitsUnit};
use kmip_sdk::types::masks::{CryptographicUsageMask as Mask, StorageStatusMask};
use kmip_sdk::types::message::ResponseBatchItem;
use kmip_sdk::types::operation::{
    ArchiveRequest, CheckRequest, GetRequest, GetUsageAllocationRequest, InteropRequest, LocateRequest,
    LogRequest, ObtainLeaseRequest, PingRequest, RecoverRequest, ResponsePayload,
};
use kmip_sdk::types::{DateTime, Interval, ProtocolVersion};

use crate::support::{Peer, START, VERSIONS, reason};

const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

fn limited(peer: &Peer, total: i64) -> UniqueIdentifier {
    peer.create([
        Attribute::ActivationDate(DateTime::from_seconds(START)),
        Attribute::UsageLimits(UsageLimits {
            usage_limits_total: total,
            usage_limits_count: None,
            usage_limits_unit: UsageLimitsUnit::Byte,
        }),
    ])
}

#[test]
fn a_lease_is_as_long_as_the_server_says() {
    for version in VERSIONS {
        let peer = Peer::with(version, ServerOptions::default().lease_time(Interval::from_seconds(90)));
        let key = peer.create([]);
        peer.wait(5);
        let lease = peer.call(ObtainLeaseRequest { unique_identifier: Some(key.clone()) }).unwrap();
        assert_eq!(lease.lease_time, Interval::from_seconds(90));
        assert_eq!(lease.last_change_date, DateTime::from_seconds(START));
        assert_eq!(peer.attributes(&key).lease_time(), Some(Interval::from_seconds(90)));
        let nobody = reason(version, R::ObjectNotFound, R::ItemNotFound);
        let request = ObtainLeaseRequest { unique_identifier: Some("nobody".into()) };
        assert_eq!(peer.call(request), Err(nobody));
    }
}

#[test]
fn an_allocation_is_taken_as_long_as_there_is_some() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let key = limited(&peer, 100);
        let take = |count| GetUsageAllocationRequest {
            unique_identifier: Some(key.clone()),
            usage_limits_count: count,
        };
        assert!(peer.call(take(60)).is_ok());
        let too_much = reason(version, R::UsageLimitExceeded, R::PermissionDenied);
        assert_eq!(peer.call(take(60)), Err(too_much));
        assert_eq!(peer.call(take(-1)), Err(R::InvalidField));
        assert!(peer.call(take(40)).is_ok());
        assert_eq!(peer.attributes(&key).usage_limits().unwrap().usage_limits_count, Some(0));
        assert_eq!(peer.attributes(&key).usage_limits().unwrap().usage_limits_total, 100);
        let none = peer.create([Attribute::ActivationDate(DateTime::from_seconds(START))]);
        let request = GetUsageAllocationRequest { unique_identifier: Some(none), usage_limits_count: 1 };
        assert_eq!(peer.call(request), Err(reason(version, R::AttributeNotFound, R::ItemNotFound)));
        let early = peer.create([]);
        let request = GetUsageAllocationRequest { unique_identifier: Some(early), usage_limits_count: 1 };
        assert!(peer.call(request).is_err());
    }
}

#[test]
fn a_check_says_whether_a_use_is_allowed() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let key = limited(&peer, 100);
        let check = |change: &dyn Fn(&mut CheckRequest)| {
            let mut request =
                CheckRequest { unique_identifier: Some(key.clone()), ..CheckRequest::default() };
            change(&mut request);
            request
        };
        for allowed in [
            check(&|_| {}),
            check(&|request| request.usage_limits_count = Some(100)),
            check(&|request| request.cryptographic_usage_mask = Some(Mask::ENCRYPT)),
            check(&|request| request.lease_time = Some(Interval::from_seconds(3600))),
        ] {
            assert_eq!(peer.call(allowed).unwrap().unique_identifier.as_ref(), Some(&key));
        }
        for (refused, expected) in [
            (check(&|request| request.usage_limits_count = Some(101)), R::UsageLimitExceeded),
            (
                check(&|request| request.cryptographic_usage_mask = Some(Mask::ENCRYPT | Mask::SIGN)),
                R::IncompatibleCryptographicUsageMask,
            ),
            (check(&|request| request.lease_time = Some(Interval::from_seconds(3601))), R::PermissionDenied),
        ] {
            let expected = reason(version, expected, R::PermissionDenied);
            assert_eq!(peer.call(refused), Err(expected), "{version}");
        }
    }
}

#[test]
fn a_check_that_fails_empties_the_placeholder_and_says_what_is_too_much() {
    for version in [ProtocolVersion::V1_0, ProtocolVersion::V1_4, V2_1] {
        let peer = Peer::new(version);
        let key = limited(&peer, 100);
        let locate = LocateRequest::default();
        let check = CheckRequest { usage_limits_count: Some(101), ..CheckRequest::default() };
        let payloads = vec![locate.into(), check.into(), GetRequest::default().into()];
        let response = peer.send(payloads, |message| {
            message.request_header.batch_error_continuation_option =
                Some(kmip_sdk::types::enumerations::BatchErrorContinuationOption::Continue);
        });
        let [located, checked, got]: &[ResponseBatchItem; 3] =
            response.batch_item.as_slice().try_into().unwrap();
        assert_eq!(located.result_reason, None);
        assert!(checked.result_reason.is_some() && got.result_reason.is_some());
        let said = match &checked.response_payload {
            Some(ResponsePayload::Check(response)) => response.usage_limits_count,
            _ => None,
        };
        assert_eq!(said, (version == ProtocolVersion::V1_4).then_some(101), "{version}");
        assert!(peer.call(GetRequest::new(key)).is_ok());
    }
}

#[test]
fn an_archived_object_is_there_when_it_is_recovered() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let key = peer.create([]);
        peer.call(ArchiveRequest { unique_identifier: Some(key.clone()) }).unwrap();
        let archived = Err(R::ObjectArchived);
        assert_eq!(peer.call(ArchiveRequest { unique_identifier: Some(key.clone()) }).map(drop), archived);
        assert_eq!(peer.call(GetRequest::new(key.clone())).map(drop), archived);
        assert!(peer.attributes(&key).archive_date().is_some());
        let find = |storage_status_mask| {
            let request = LocateRequest { storage_status_mask, ..LocateRequest::default() };
            peer.call(request).unwrap().unique_identifier.len()
        };
        assert_eq!((find(None), find(Some(StorageStatusMask::ARCHIVAL_STORAGE))), (0, 1));
        for _ in 0..2 {
            peer.call(RecoverRequest { unique_identifier: Some(key.clone()) }).unwrap();
        }
        assert!(peer.call(GetRequest::new(key.clone())).is_ok());
        assert_eq!(peer.attributes(&key).archive_date(), None);
        assert_eq!(find(None), 1);
    }
}

#[test]
fn pings_logs_and_tests_are_answered() {
    let peer = Peer::new(V2_1);
    peer.call(PingRequest {}).unwrap();
    peer.call(LogRequest::new("line\u{1b}[31m")).unwrap();
    let interop = |function| InteropRequest::new(function, "T-1");
    let key = peer.create([]);
    peer.call(interop(InteropFunction::Begin)).unwrap();
    peer.call(interop(InteropFunction::End)).unwrap();
    assert!(peer.call(GetRequest::new(key.clone())).is_ok());
    peer.call(interop(InteropFunction::Reset)).unwrap();
    assert_eq!(peer.call(GetRequest::new(key)), Err(R::ObjectNotFound));
    assert_eq!(peer.call(interop(InteropFunction::Other(0x8000_0001))), Err(R::InvalidField));
}
