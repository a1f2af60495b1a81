//! What is found out of a server before anything else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kmip_sdk::server::ServerOptions;
use kmip_sdk::types::enumerations::Operation;
use kmip_sdk::types::operation::LocateRequest;
use kmip_sdk::{ErrorKind, Phase, ProtocolVersion};

use super::place::{Place, Transport};
use crate::drivers::{Drives, Make, Start};

pub(super) fn agrees_on_each_version<D: Drives>(transport: Transport) {
    for version in ProtocolVersion::ALL {
        let place = Place::with(transport, ServerOptions::default().versions([*version]));
        let client = place.client::<D>();
        assert_eq!(client.version(), Some(*version));
        let detailed = client.call(LocateRequest::default()).detailed().make().unwrap();
        assert_eq!(detailed.version, *version);
        assert_eq!(client.status().opened(), 1);
    }
    let place = Place::with(transport, ServerOptions::default().versions([ProtocolVersion::V1_2]));
    let error = place.builder::<D>().versions([ProtocolVersion::V2_1]).start().unwrap_err();
    assert!(!error.is_retryable() && !error.is_outcome_unknown(), "{error}");
    assert!(
        error.server().is_some()
            || matches!(error.kind(), ErrorKind::NoCommonVersion { .. }) && error.phase() == Phase::Negotiate,
        "{error}"
    );
}

pub(super) fn connects_at_the_first_call<D: Drives>(transport: Transport) {
    let place = Place::new(transport);
    let client = place.builder::<D>().start_late().unwrap();
    assert_eq!((client.version(), client.status().opened()), (None, 0));
    client.call(LocateRequest::default()).make().unwrap();
    assert_eq!((client.version(), client.status().opened()), (Some(ProtocolVersion::V2_1), 1));
    assert_eq!((client.status().idle(), client.status().in_use(), client.status().waiting()), (1, 0, 0));
    let has_tls = !matches!(transport, Transport::Memory | Transport::Plain);
    assert_eq!(client.tls_version().is_some(), has_tls);
}

pub(super) fn asks_for_capabilities_once<D: Drives>(transport: Transport) {
    let messages = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&messages);
    let place = Place::new(transport);
    let builder = place.builder::<D>().observer(move |_, _| {
        counted.fetch_add(1, Ordering::Relaxed);
    });
    let client = builder.start().unwrap();
    let capabilities = client.capabilities().make().unwrap();
    assert!(capabilities.query.operation.contains(&Operation::Encrypt));
    let before = messages.load(Ordering::Relaxed);
    assert!(Arc::ptr_eq(&capabilities, &client.clone().capabilities().make().unwrap()));
    assert_eq!(messages.load(Ordering::Relaxed), before);
}
