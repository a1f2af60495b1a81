//! Verbs: a method of the [`Client`](crate::Client) for each operation, one file each, and the steps of its call.
//!
//! A verb takes what its operation requires and gives a [`Call`](crate::Call); a step says one more thing, and a step that
//! an operation lacks does not compile. Nothing of it is written twice for the two drivers.

mod attributes;
mod create;
mod create_key_pair;
mod decrypt;
mod encrypt;
mod encrypted;
mod get;
mod hash;
mod locate;
mod mac;
mod mac_verify;
mod new_object;
mod pages;
mod parameters;
mod register;
mod rotation;
mod sign;
mod signature_verify;
mod stream;

pub use attributes::TakesAttributes;
pub use decrypt::Decrypt;
pub use encrypt::Encrypt;
pub use encrypted::Encrypted;
pub use hash::Hash;
pub use locate::Newest;
pub use mac::Mac;
pub use mac_verify::MacVerify;
pub use new_object::{Activated, New};
pub use pages::Pages;
pub use parameters::{Authenticates, Enciphers, Signs, TakesParameters};
pub use rotation::{Latest, ReEncrypt, ReEncryptEach};
pub use sign::Sign;
pub use signature_verify::SignatureVerify;
pub use stream::{Ends, Nowhere, Parts, Sink, Source, Streaming};

use kmip_types::enumerations::{Operation, ValidityIndicator};
use kmip_types::operation::Request;

use crate::error::{Error, ErrorKind, Phase, ResponseError};

/// What a call refines by its steps: a request, or what this library makes of one.
pub trait Refine: Sized {
    /// The request.
    type Request;

    /// The same with another request.
    #[doc(hidden)]
    #[must_use]
    fn refine(self, refine: impl FnOnce(&mut Self::Request)) -> Self;
}

impl<R: Request> Refine for R {
    type Request = R;

    fn refine(mut self, refine: impl FnOnce(&mut R)) -> Self {
        refine(&mut self);
        self
    }
}

/// Steps of the calls for something: what its request says of itself and may leave out.
macro_rules! steps {
    ($ask:ty { $( $(#[$doc:meta])* $step:ident: $value:ty ),* $(,)? }) => {
        impl<'a, D: $crate::Driver> $crate::Call<'a, D, $ask> { $(
            $(#[$doc])*
            pub fn $step(self, $step: impl Into<$value>) -> Self {
                let value = $step.into();
                self.asking(|ask| {
                    $crate::client::verbs::Refine::refine(ask, |request| request.$step = Some(value))
                })
            }
        )* }
    };
}

/// What this library makes of a request: the same with another answer.
macro_rules! refined {
    ($($(#[$doc:meta])* $ask:ident($request:ty);)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $ask(pub(in $crate::client) $request);

        impl $crate::client::verbs::Refine for $ask {
            type Request = $request;

            fn refine(mut self, refine: impl FnOnce(&mut $request)) -> Self {
                refine(&mut self.0);
                self
            }
        }

        impl<D: $crate::Driver> $crate::Call<'_, D, $ask> {
            /// The request, for a batch or a test. What the call has of its own beside it is left behind.
            pub fn into_request(self) -> $request {
                self.ask.0
            }
        }
    )* };
}

pub(super) use {refined, steps};

/// What an operation yields.
///
/// # Errors
/// [`ResponseError::NoField`]: it succeeded without.
fn yielded<T>(value: Option<T>, operation: Operation, field: &'static str) -> Result<T, Error> {
    value.ok_or_else(|| {
        Error::new(Phase::Decode, ErrorKind::Response(ResponseError::NoField { operation, field }))
    })
}

/// That the server says it is valid.
///
/// # Errors
/// [`ErrorKind::NotValid`]; [`ResponseError::NoField`].
fn valid(validity_indicator: Option<ValidityIndicator>, operation: Operation) -> Result<(), Error> {
    match yielded(validity_indicator, operation, "Validity Indicator")? {
        ValidityIndicator::Valid => Ok(()),
        validity_indicator => Err(Error::new(Phase::Result, ErrorKind::NotValid { validity_indicator })),
    }
}

/// A number of the user's as KMIP has it.
///
/// # Errors
/// [`ErrorKind::TooLarge`].
fn length(what: &'static str, found: u32) -> Result<i32, Error> {
    i32::try_from(found).map_err(|_| {
        let kind = ErrorKind::TooLarge { what, found: found.into(), most: i32::MAX.unsigned_abs().into() };
        Error::new(Phase::Encode, kind)
    })
}
