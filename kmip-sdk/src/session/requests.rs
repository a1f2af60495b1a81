//! Several requests of which each has its own type, and its own result.

use kmip_types::operation::Request;

use super::{Batch, Handle, Results};
use crate::error::Error;

/// Requests that go to the server in one message: a [`Batch`], whose results are taken by handles; a tuple of up to
/// twelve requests, which yields a tuple of results; or requests of one type, which yield as many results.
///
/// ```
/// use kmip_sdk::types::operation::{GetRequest, LocateRequest};
/// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
/// let (located, got) = client.call_batch((LocateRequest::default(), GetRequest::new("k-1"))).send()?;
/// assert!(located?.unique_identifier.is_empty());
/// assert!(got.unwrap_err().is_not_found());
///
/// let many = ["k-1", "k-2", "k-3"].map(GetRequest::new);
/// for got in client.call_batch(Vec::from(many)).send()? {
///     assert!(got.is_err());
/// }
/// # Ok::<(), kmip_sdk::Error>(())
/// ```
pub trait Requests: Send {
    /// What the call yields.
    type Answers: Send;

    /// Where the results are to be found.
    #[doc(hidden)]
    type Handles: Send;

    /// The batch.
    #[doc(hidden)]
    fn into_batch(self) -> (Batch, Self::Handles);

    /// The results.
    #[doc(hidden)]
    fn answers(handles: Self::Handles, results: Results) -> Self::Answers;
}

impl Requests for Batch {
    type Answers = Results;
    type Handles = ();

    fn into_batch(self) -> (Batch, ()) {
        (self, ())
    }

    fn answers((): (), results: Results) -> Results {
        results
    }
}

impl<R: Request> Requests for Vec<R> {
    type Answers = Vec<Result<R::Response, Error>>;
    type Handles = Vec<Handle<R>>;

    fn into_batch(self) -> (Batch, Self::Handles) {
        let mut batch = Batch::new();
        let handles = self.into_iter().map(|request| batch.add(request)).collect();
        (batch, handles)
    }

    fn answers(handles: Self::Handles, mut results: Results) -> Self::Answers {
        handles.into_iter().map(|handle| results.take(handle)).collect()
    }
}

macro_rules! tuples {
    ($(($($request:ident),*);)*) => { $(
        impl<$($request: Request),*> Requests for ($($request,)*) {
            type Answers = ($(Result<$request::Response, Error>,)*);
            type Handles = ($(Handle<$request>,)*);

            #[allow(non_snake_case, reason = "the names of the types are those of the values")]
            fn into_batch(self) -> (Batch, Self::Handles) {
                let mut batch = Batch::new();
                let ($($request,)*) = self;
                let handles = ($(batch.add($request),)*);
                (batch, handles)
            }

            #[allow(non_snake_case, reason = "the names of the types are those of the values")]
            fn answers(handles: Self::Handles, mut results: Results) -> Self::Answers {
                let ($($request,)*) = handles;
                ($(results.take($request),)*)
            }
        }
    )* };
}

tuples! {
    (A);
    (A, B);
    (A, B, C);
    (A, B, C, D);
    (A, B, C, D, E);
    (A, B, C, D, E, F);
    (A, B, C, D, E, F, G);
    (A, B, C, D, E, F, G, H);
    (A, B, C, D, E, F, G, H, I);
    (A, B, C, D, E, F, G, H, I, J);
    (A, B, C, D, E, F, G, H, I, J, K);
    (A, B, C, D, E, F, G, H, I, J, K, L);
}
