//! Faults that are ready made.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kmip_types::enumerations::{Operation, ResultReason};

use super::{Incoming, Layer, Next, Outcome};

/// A fault, of every request unless it is said of which.
///
/// It counts the requests that it could be of: with [`of`](Self::of), those that hold the operation. A client asks for the
/// versions of the server when it connects, which counts too where no operation is named.
///
/// ```
/// use std::time::Duration;
///
/// use kmip_sdk::server::ServerOptions;
/// use kmip_sdk::server::layer::Fault;
/// use kmip_sdk::types::enumerations::{Operation, ResultReason};
///
/// let options = ServerOptions::default()
///     .layer(Fault::fail(ResultReason::ServerLimitExceeded).of(Operation::Create).nth(2))
///     .layer(Fault::drop_after().of(Operation::Destroy).times(1))
///     .layer(Fault::late(Duration::from_secs(2)).of(Operation::Get));
/// # let _ = options;
/// ```
#[derive(Debug)]
pub struct Fault {
    kind: Kind,
    operation: Option<Operation>,
    /// The first request that is faulty, from 1, and how many are.
    first: u64,
    times: u64,
    counted: AtomicU64,
}

#[derive(Debug)]
enum Kind {
    Fail(ResultReason, String),
    Late(Duration),
    Delay(Duration),
    DropBefore,
    DropAfter,
    Garbage(Vec<u8>),
    Cut(usize),
}

impl Fault {
    fn new(kind: Kind) -> Self {
        Self { kind, operation: None, first: 1, times: u64::MAX, counted: AtomicU64::new(0) }
    }

    /// Every item fails for this reason, and nothing is done.
    pub fn fail(reason: ResultReason) -> Self {
        Self::new(Kind::Fail(reason, "a fault that the server was told to have".to_owned()))
    }

    /// The n-th request, from 1, fails for this reason.
    pub fn fail_nth(n: u64, reason: ResultReason) -> Self {
        Self::fail(reason).nth(n)
    }

    /// The request is done so much later, in real time.
    pub fn delay(time: Duration) -> Self {
        Self::new(Kind::Delay(time))
    }

    /// The request is done at once, and its answer sent so much later, in real time.
    pub fn late(time: Duration) -> Self {
        Self::new(Kind::Late(time))
    }

    /// The connection ends, and nothing is done.
    pub fn drop_before() -> Self {
        Self::new(Kind::DropBefore)
    }

    /// The request is done, and the connection ends without an answer.
    pub fn drop_after() -> Self {
        Self::new(Kind::DropAfter)
    }

    /// Nothing is done, and these bytes are the answer.
    pub fn garbage(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(Kind::Garbage(bytes.into()))
    }

    /// The request is done, of the answer the first so many bytes are sent, and the connection ends.
    pub fn cut(after: usize) -> Self {
        Self::new(Kind::Cut(after))
    }

    /// Of requests only that hold this operation.
    #[must_use]
    pub fn of(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Of the n-th request only, from 1.
    #[must_use]
    pub fn nth(mut self, n: u64) -> Self {
        (self.first, self.times) = (n, 1);
        self
    }

    /// Of so many requests, and no more.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = times;
        self
    }

    fn is_due(&self, incoming: &Incoming<'_>) -> bool {
        if self.operation.is_some_and(|operation| !incoming.has(operation)) {
            return false;
        }
        let number = self.counted.fetch_add(1, Ordering::SeqCst).saturating_add(1);
        number >= self.first && number - self.first < self.times
    }
}

impl Layer for Fault {
    fn handle(&self, incoming: &Incoming<'_>, next: Next<'_>) -> Outcome {
        if !self.is_due(incoming) {
            return next.run(incoming);
        }
        match &self.kind {
            Kind::Fail(reason, message) => incoming.fail(*reason, message),
            Kind::Late(time) => next.run(incoming).delayed(*time),
            Kind::Delay(time) => next.run_later(incoming, *time),
            Kind::DropBefore => Outcome::drop_connection(),
            Kind::DropAfter => {
                let _ = next.run(incoming);
                Outcome::drop_connection()
            }
            Kind::Garbage(bytes) => Outcome::raw(bytes.clone()),
            Kind::Cut(after) => next.run(incoming).cut(*after),
        }
    }
}
