//! Verbs: a method of the [`Client`](crate::Client) for each operation, one file each, and the steps of its call.
//!
//! A verb takes what its operation requires and gives a [`Call`](crate::Call); a step says one more thing, and a step that
//! an operation lacks does not compile. Nothing of it is written twice for the two drivers.

mod activate;
mod add_attribute;
mod adjust_attribute;
mod archive;
mod attributes;
mod cancel;
mod certify;
mod check;
mod create;
mod create_key_pair;
mod create_split_key;
mod decrypt;
mod delegated_login;
mod delete_attribute;
mod derive_key;
mod destroy;
mod discover_versions;
mod encrypt;
mod encrypted;
mod export;
mod get;
mod get_attribute_list;
mod get_attributes;
mod get_constraints;
mod get_usage_allocation;
mod hash;
mod import;
mod interop;
mod join_split_key;
mod locate;
mod log;
mod login;
mod logout;
mod mac;
mod mac_verify;
mod modify_attribute;
mod new_object;
mod obtain_lease;
mod pages;
mod parameters;
mod ping;
mod pkcs_11;
mod poll;
mod process;
mod query;
mod query_asynchronous_requests;
mod re_certify;
mod re_key;
mod re_key_key_pair;
mod re_provision;
mod recover;
mod register;
mod revoke;
mod rng_retrieve;
mod rng_seed;
mod rotation;
mod set_attribute;
mod set_constraints;
mod set_defaults;
mod set_endpoint_role;
mod sign;
mod signature_verify;
mod stream;
mod validate;

pub use attributes::TakesAttributes;
pub use decrypt::Decrypt;
pub use encrypt::Encrypt;
pub use encrypted::Encrypted;
pub use hash::Hash;
pub use import::Import;
pub use locate::Newest;
pub use mac::Mac;
pub use mac_verify::MacVerify;
pub use new_object::{Activated, New};
pub use pages::Pages;
pub use parameters::{Authenticates, Enciphers, Signs, TakesParameters};
pub use query::Query;
pub use rng_retrieve::RngRetrieve;
pub use rotation::{Latest, ReEncrypt, ReEncryptEach};
pub use sign::Sign;
pub use signature_verify::SignatureVerify;
pub use stream::{Ends, Nowhere, Parts, Sink, Source, Streaming};
pub use validate::Validate;

use std::time::Duration;

use kmip_types::Interval;
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

/// A number of the user's as an Integer.
///
/// # Errors
/// [`ErrorKind::TooLarge`].
fn length(what: &'static str, found: u32) -> Result<i32, Error> {
    i32::try_from(found).map_err(|_| too_large(what, found.into(), i32::MAX.unsigned_abs().into()))
}

/// A number of the user's as a Long Integer.
///
/// # Errors
/// [`ErrorKind::TooLarge`].
fn amount(what: &'static str, found: u64) -> Result<i64, Error> {
    i64::try_from(found).map_err(|_| too_large(what, found, i64::MAX.unsigned_abs()))
}

/// A span of time of the user's as an Interval, in whole seconds.
///
/// # Errors
/// [`ErrorKind::TooLarge`].
fn interval(what: &'static str, found: Duration) -> Result<Interval, Error> {
    Interval::try_from(found).map_err(|_| too_large(what, found.as_secs(), u32::MAX.into()))
}

fn too_large(what: &'static str, found: u64, most: u64) -> Error {
    Error::new(Phase::Encode, ErrorKind::TooLarge { what, found, most })
}
