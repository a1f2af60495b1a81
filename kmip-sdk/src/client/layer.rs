//! What stands around each call, and sees its request and its result with their types.

use std::time::Duration;

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::Operation;
use kmip_types::message::{RequestMessage, ResponseMessage};

use crate::error::Error;

/// What stands around each call of a client: it may answer, refuse, delay or count it.
///
/// It says what is to be done and does no I/O, so that it is the same in the blocking and in the async client. Of
/// several, the one that was added first is asked first; whoever answers or refuses ends it.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use std::sync::Arc;
/// use kmip_sdk::layer::{Asked, Layer, Next, Outcome};
/// use kmip_sdk::prelude::*;
///
/// /// Counts calls, and lets none destroy anything.
/// #[derive(Default)]
/// struct Careful {
///     calls: AtomicU64,
/// }
///
/// impl Layer for Careful {
///     fn request(&self, asked: &Asked<'_>) -> Next {
///         self.calls.fetch_add(1, Ordering::Relaxed);
///         match asked.operations().any(|operation| operation == Operation::Destroy) {
///             true => Next::Refuse("nothing is destroyed here".to_owned()),
///             false => Next::GoOn,
///         }
///     }
///
///     fn result(&self, asked: &Asked<'_>, outcome: &Outcome<'_>) {
///         println!("{:?}: {:?}", asked.operations().collect::<Vec<_>>(), outcome.result.is_ok());
///     }
/// }
///
/// let careful = Arc::new(Careful::default());
/// let client = Client::builder()
///     .service(|_: &[u8]| Vec::new())
///     .version(kmip_sdk::ProtocolVersion::V2_1)
///     .layer(Arc::clone(&careful))
///     .build()?;
/// let error = client.call(DestroyRequest::new("k-1")).send().unwrap_err();
/// assert!(!error.is_outcome_unknown() && !error.is_retryable());
/// assert_eq!(careful.calls.load(Ordering::Relaxed), 1);
/// # Ok::<(), Error>(())
/// ```
pub trait Layer: Send + Sync {
    /// What is to be done with a request. It is asked once a call, when the version is known and before anything is
    /// sent.
    fn request(&self, asked: &Asked<'_>) -> Next {
        let _ = asked;
        Next::GoOn
    }

    /// What became of a call whose request it was asked for. It is not told of calls that were dropped.
    fn result(&self, asked: &Asked<'_>, outcome: &Outcome<'_>) {
        let _ = (asked, outcome);
    }
}

/// A request that is about to be made, or was made.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The message, with its types. It may hold secrets, which `Debug` does not show.
    pub message: &'a RequestMessage,
    /// The version of the protocol.
    pub version: ProtocolVersion,
}

/// What is to be done with a request.
#[derive(Debug)]
#[non_exhaustive]
pub enum Next {
    /// To go on.
    GoOn,
    /// To go on after some time, of that which the call has.
    After(Duration),
    /// To take this for the answer, and send nothing.
    Answer(Box<ResponseMessage>),
    /// To fail, for this reason, and send nothing.
    Refuse(String),
}

/// What became of a call.
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'a> {
    /// The response with its types, or why there is none. It may hold secrets, which `Debug` does not show.
    pub result: Result<&'a ResponseMessage, &'a Error>,
    /// How long the call took, from its beginning.
    pub duration: Duration,
    /// How many times the request was made.
    pub attempts: u32,
}

impl Asked<'_> {
    /// The operations, in their order.
    pub fn operations(&self) -> impl Iterator<Item = Operation> {
        self.message.batch_item.iter().map(|item| item.operation)
    }
}

impl<L: Layer + ?Sized> Layer for std::sync::Arc<L> {
    fn request(&self, asked: &Asked<'_>) -> Next {
        (**self).request(asked)
    }

    fn result(&self, asked: &Asked<'_>, outcome: &Outcome<'_>) {
        (**self).result(asked, outcome);
    }
}
