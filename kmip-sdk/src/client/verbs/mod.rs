//! Verbs: a method of the [`Client`](crate::Client) for each operation, one file each, and the steps of its call.
//!
//! A verb takes what its operation requires and gives a [`Call`](crate::Call); a step says one more thing, and a step that
//! an operation lacks does not compile. Nothing of it is written twice for the two drivers.
//!
//! ```
//! # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
//! let key = client.create_aes(256).name("app").activated().send()?;
//! # Ok::<(), kmip_sdk::Error>(())
//! ```
//!
//! What Get lacks, Get's call has not:
//!
//! ```compile_fail,E0599
//! # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
//! let got = client.get("k-1").name("app").send()?;
//! # Ok::<(), kmip_sdk::Error>(())
//! ```
//!
//! | | To … | Verbs |
//! | --- | --- | --- |
//! | **Make keys** | make a symmetric key | [`create_aes`](crate::generic::Client::create_aes), [`create_hmac`](crate::generic::Client::create_hmac), [`create_symmetric_key`](crate::generic::Client::create_symmetric_key), [`create`](crate::generic::Client::create) |
//! |  | make a key pair | [`create_rsa`](crate::generic::Client::create_rsa), [`create_ec`](crate::generic::Client::create_ec), [`create_key_pair`](crate::generic::Client::create_key_pair) |
//! |  | derive a key from another or from a password | [`derive_hkdf`](crate::generic::Client::derive_hkdf), [`derive_pbkdf2`](crate::generic::Client::derive_pbkdf2), [`derive_hmac`](crate::generic::Client::derive_hmac), [`derive_hash`](crate::generic::Client::derive_hash), [`derive_encrypt`](crate::generic::Client::derive_encrypt), [`derive_counter`](crate::generic::Client::derive_counter), [`derive_key`](crate::generic::Client::derive_key) |
//! |  | give the server what there is | [`register`](crate::generic::Client::register), [`import`](crate::generic::Client::import) |
//! |  | replace a key | [`re_key`](crate::generic::Client::re_key), [`re_key_key_pair`](crate::generic::Client::re_key_key_pair) |
//! |  | split a key and join it | [`create_split_key`](crate::generic::Client::create_split_key), [`join_split_key`](crate::generic::Client::join_split_key) |
//! | **Find** | find objects by their attributes | [`locate`](crate::generic::Client::locate) |
//! | **Get out** | get an object | [`get`](crate::generic::Client::get) |
//! |  | get it with all its attributes | [`export`](crate::generic::Client::export) |
//! | **Use** | encrypt and decrypt | [`encrypt`](crate::generic::Client::encrypt), [`decrypt`](crate::generic::Client::decrypt), [`encrypt_stream`](crate::generic::Client::encrypt_stream), [`decrypt_stream`](crate::generic::Client::decrypt_stream) |
//! |  | sign and verify | [`sign`](crate::generic::Client::sign), [`sign_digest`](crate::generic::Client::sign_digest), [`signature_verify`](crate::generic::Client::signature_verify), [`signature_verify_digest`](crate::generic::Client::signature_verify_digest), [`sign_stream`](crate::generic::Client::sign_stream), [`signature_verify_stream`](crate::generic::Client::signature_verify_stream) |
//! |  | have a private key as what other libraries sign with, and TLS | [`remote_key`](crate::generic::Client::remote_key) |
//! |  | authenticate a message | [`mac`](crate::generic::Client::mac), [`mac_verify`](crate::generic::Client::mac_verify), [`mac_stream`](crate::generic::Client::mac_stream), [`mac_verify_stream`](crate::generic::Client::mac_verify_stream) |
//! |  | hash | [`hash`](crate::generic::Client::hash), [`hash_stream`](crate::generic::Client::hash_stream) |
//! |  | get random bytes, give a seed | [`rng_retrieve`](crate::generic::Client::rng_retrieve), [`rng_seed`](crate::generic::Client::rng_seed) |
//! |  | ask before using, share what may be used | [`check`](crate::generic::Client::check), [`obtain_lease`](crate::generic::Client::obtain_lease), [`get_usage_allocation`](crate::generic::Client::get_usage_allocation) |
//! |  | call a function of PKCS #11 | [`pkcs_11`](crate::generic::Client::pkcs_11) |
//! | **Attributes** | read them | [`get_attributes`](crate::generic::Client::get_attributes), [`get_attribute_list`](crate::generic::Client::get_attribute_list) |
//! |  | change them | [`add_attribute`](crate::generic::Client::add_attribute), [`set_attribute`](crate::generic::Client::set_attribute), [`modify_attribute`](crate::generic::Client::modify_attribute), [`adjust_attribute`](crate::generic::Client::adjust_attribute) |
//! |  | delete them | [`delete_attribute`](crate::generic::Client::delete_attribute), [`delete_current_attribute`](crate::generic::Client::delete_current_attribute) |
//! | **Lives** | let an object be used, and end its use | [`activate`](crate::generic::Client::activate), [`revoke`](crate::generic::Client::revoke) |
//! |  | delete its material | [`destroy`](crate::generic::Client::destroy) |
//! |  | move it to an archive and back | [`archive`](crate::generic::Client::archive), [`recover`](crate::generic::Client::recover) |
//! | **Certificates** | have one made | [`certify`](crate::generic::Client::certify), [`certify_request`](crate::generic::Client::certify_request) |
//! |  | renew one | [`re_certify`](crate::generic::Client::re_certify) |
//! |  | check a chain | [`validate`](crate::generic::Client::validate), [`validate_certificates`](crate::generic::Client::validate_certificates) |
//! |  | get a new credential of the client | [`re_provision`](crate::generic::Client::re_provision) |
//! | **Sessions** | get a ticket and give it back | [`login`](crate::generic::Client::login), [`logout`](crate::generic::Client::logout) |
//! |  | get one for another client | [`delegated_login`](crate::generic::Client::delegated_login) |
//! |  | change places with the server | [`set_endpoint_role`](crate::generic::Client::set_endpoint_role), [`serve`](crate::generic::Client::serve) |
//! | **Server** | learn what it has | [`query`](crate::generic::Client::query), [`capabilities`](crate::generic::Client::capabilities), [`discover_versions`](crate::generic::Client::discover_versions) |
//! |  | see whether it is there | [`ping`](crate::generic::Client::ping) |
//! |  | follow what it answers later | [`query_asynchronous_requests`](crate::generic::Client::query_asynchronous_requests), [`poll`](crate::generic::Client::poll), [`process`](crate::generic::Client::process), [`cancel`](crate::generic::Client::cancel), [`resume`](crate::generic::Client::resume) |
//! |  | say what new objects get and may be | [`set_defaults`](crate::generic::Client::set_defaults), [`set_constraints`](crate::generic::Client::set_constraints), [`get_constraints`](crate::generic::Client::get_constraints) |
//! |  | write to its log, mark a test | [`log`](crate::generic::Client::log), [`interop`](crate::generic::Client::interop) |
//!
//! [`into_request`](crate::Call::into_request) takes the request out of a verb, for a [batch](crate::Batch) or a test, and
//! [`call`](crate::generic::Client::call) sends one. What an operation answers, and with which Result Reasons it fails, is
//! with its verb.

mod activate;
mod add_attribute;
mod adjust_attribute;
mod archive;
mod attributes;
mod cancel;
mod certificate_request;
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
mod envelope;
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
mod material;
mod modify_attribute;
mod new_object;
mod obtain_lease;
mod offset;
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
mod ticket;
mod validate;

pub use attributes::TakesAttributes;
pub use decrypt::Decrypt;
pub use encrypt::Encrypt;
pub use encrypted::Encrypted;
pub use envelope::{Seal, Unseal};
pub use hash::Hash;
pub use import::Import;
pub use locate::Newest;
pub use mac::Mac;
pub use mac_verify::MacVerify;
pub use material::{GetAs, GetMaterial, RegisterCertified};
pub use new_object::{Activated, New};
pub use pages::Pages;
pub use parameters::{Authenticates, Enciphers, Signs, TakesParameters, TakesVector};
pub use query::Query;
pub use rng_retrieve::RngRetrieve;
pub use rotation::{Latest, ReEncrypt, ReEncryptAll, ReEncryptEach};
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
