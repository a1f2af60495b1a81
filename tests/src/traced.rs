//! What is traced, and how a secret would look in it.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes as SpanAttributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// All that is traced, at every level.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<Mutex<String>>);

/// Writes fields as a log would.
struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push_str(&format!("  {field} = {value:?}\n"));
    }
}

impl Log {
    /// What has been traced so far.
    pub fn text(&self) -> String {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &SpanAttributes<'_>) -> Id {
        let mut log = self.lock();
        log.push_str(&format!("span {}\n", span.metadata().name()));
        span.record(&mut Line(&mut log));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Line(&mut self.lock()));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut log = self.lock();
        log.push_str(&format!("{} {}\n", event.metadata().level(), event.metadata().name()));
        event.record(&mut Line(&mut log));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// The forms that bytes have where they are shown.
pub fn forms(bytes: &[u8]) -> Vec<String> {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let list = format!("{bytes:?}");
    let text = String::from_utf8_lossy(bytes);
    [hex.to_uppercase().as_str(), &hex, &list[1..list.len() - 1], &text].map(dense).into()
}

/// Without white space: what is shown over several lines has some anywhere.
pub fn dense(text: &str) -> String {
    text.split_whitespace().collect()
}
