//! What the library says in its log, of what is amiss.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Gives each warning and each error to a function, as a line.
struct Lines<F>(F);

/// The line of an event.
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push_str(&format!(" {field}={value:?}"));
    }
}

impl<F: Fn(String) + 'static> Subscriber for Lines<F> {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        (self.0)(line.0);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// What is said while something is done, in this thread.
pub(crate) fn during<T>(what: impl FnOnce() -> T) -> (T, Vec<String>) {
    let said = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&said);
    let lines = Lines(move |line| noted.lock().unwrap().push(line));
    let done = tracing::subscriber::with_default(lines, what);
    let said = std::mem::take(&mut *said.lock().unwrap());
    (done, said)
}

/// Has this process say it where it says its errors.
pub(crate) fn aloud() {
    tracing::subscriber::set_global_default(Lines(|line| eprintln!("{line}"))).unwrap();
}
