//! What stands around each call.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use kmip_sdk::layer::{Asked, Layer, Next, Outcome};
use kmip_sdk::types::DateTime;
use kmip_sdk::types::enumerations::Operation;
use kmip_sdk::types::message::{ResponseBatchItem, ResponseHeader, ResponseMessage};
use kmip_sdk::types::operation::{
    ActivateRequest, DestroyRequest, GetRequest, LocateRequest, LocateResponse,
};
use kmip_sdk::{ErrorKind, Phase};
use kmip_tests::patience::{LONG, briefly};

use super::place::{Place, Transport, created};
use crate::drivers::{Drives, Make, Start};

const PAUSE: Duration = Duration::from_millis(150);

/// Counts calls, refuses Destroy, answers Locate, delays Activate.
#[derive(Default)]
struct Around {
    asked: AtomicU64,
    succeeded: AtomicU64,
    failed: AtomicU64,
    attempts: AtomicU64,
    pause: Mutex<Duration>,
}

impl Layer for Around {
    fn request(&self, asked: &Asked<'_>) -> Next {
        self.asked.fetch_add(1, Ordering::Relaxed);
        match asked.operations().next() {
            Some(Operation::Destroy) => Next::Refuse("nothing is destroyed here".to_owned()),
            Some(Operation::Activate) => Next::After(*self.pause.lock().unwrap()),
            Some(Operation::Locate) => {
                let payload =
                    LocateResponse { unique_identifier: vec!["made up".into()], ..LocateResponse::default() };
                let mut item = ResponseBatchItem::success(Operation::Locate, payload.into());
                item.unique_batch_item_id = asked.message.batch_item[0].unique_batch_item_id.clone();
                let response_header = ResponseHeader::new(asked.version, DateTime::from_seconds(0), 1);
                Next::Answer(Box::new(ResponseMessage { response_header, batch_item: vec![item] }))
            }
            _ => Next::GoOn,
        }
    }

    fn result(&self, _: &Asked<'_>, outcome: &Outcome<'_>) {
        let counter = if outcome.result.is_ok() { &self.succeeded } else { &self.failed };
        counter.fetch_add(1, Ordering::Relaxed);
        self.attempts.fetch_add(outcome.attempts.into(), Ordering::Relaxed);
    }
}

pub(super) fn counts_refuses_answers_and_delays<D: Drives>(transport: Transport) {
    let layer = Arc::new(Around { pause: Mutex::new(PAUSE), ..Around::default() });
    let place = Place::new(transport);
    let client = place.builder::<D>().layer(Arc::clone(&layer)).start().unwrap();
    let key = created(&client, "key");

    let error = client.call(DestroyRequest::new(key.clone())).make().unwrap_err();
    let ErrorKind::Refused { reason } = error.kind() else { panic!("{error}") };
    assert_eq!((reason.as_str(), error.phase()), ("nothing is destroyed here", Phase::Send));
    assert!(!error.is_outcome_unknown() && !error.is_retryable(), "{error}");
    client.call(GetRequest::new(key.clone())).make().unwrap();

    let located = client.call(LocateRequest::default()).make().unwrap();
    assert_eq!(located.unique_identifier, ["made up".into()]);

    let start = Instant::now();
    client.call(ActivateRequest::new(key.clone())).make().unwrap();
    assert!(start.elapsed() >= PAUSE && start.elapsed() < LONG);
    // The pause is of the call's own time.
    let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    briefly(|brief| {
        *layer.pause.lock().unwrap() = 3 * brief;
        let late = client.call(ActivateRequest::new(key.clone())).timeout(brief).make().unwrap_err();
        assert!(late.is_timeout() && !late.is_outcome_unknown(), "{late}");
        (count(&layer.asked) == 6).then_some(())
    });
    assert_eq!((count(&layer.asked), count(&layer.succeeded), count(&layer.failed)), (6, 4, 2));
    // Create, Get and Activate were sent.
    assert!((3..=4).contains(&count(&layer.attempts)), "{}", count(&layer.attempts));
    assert_eq!((client.status().in_use(), client.status().waiting()), (0, 0));
}
