//! PKCS#11: calls of Cryptoki that come as messages (KMIP 2.1 section 6.1.37). The server has what begins and ends a use of it,
//! and what it says of itself.

use kmip_types::SecretBytes;
use kmip_types::enumerations::{Operation, Pkcs11Function, Pkcs11ReturnCode, ResultReason};
use kmip_types::operation::{Pkcs11FunctionValue, Pkcs11Request, Pkcs11Response};

use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::shared::Shared;
use crate::server::streams::{OpenStream, Running, new_correlation_value};

/// The name of the interface whose functions are those of the standard.
const INTERFACE: &str = "PKCS 11";

/// The version of Cryptoki that has this interface.
const CRYPTOKI: [u8; 2] = [3, 0];

pub(super) fn pkcs_11(context: &mut Context<'_>, request: Pkcs11Request) -> Result<Pkcs11Response, Failure> {
    if request.pkcs_11_interface.as_ref().is_some_and(|interface| interface != INTERFACE) {
        let message = "the server has the interface of the PKCS#11 standard only";
        return Err(Failure::new(ResultReason::Pkcs11InvalidInterface, message));
    }
    let Pkcs11FunctionValue::Enumeration(function) = request.pkcs_11_function else {
        let message = "the server has no functions of its own";
        return Err(Failure::new(ResultReason::Pkcs11InvalidFunction, message));
    };
    let mut response = Pkcs11Response {
        pkcs_11_interface: request.pkcs_11_interface,
        pkcs_11_function: request.pkcs_11_function,
        correlation_value: None,
        pkcs_11_output_parameters: None,
        pkcs_11_return_code: Pkcs11ReturnCode::Ok,
    };
    let is_begun = request.correlation_value.is_some();
    response.pkcs_11_return_code = match function {
        Pkcs11Function::CInitialize if is_begun => Pkcs11ReturnCode::CryptokiAlreadyInitialized,
        Pkcs11Function::CInitialize => {
            response.correlation_value = Some(begin(context)?);
            Pkcs11ReturnCode::Ok
        }
        Pkcs11Function::CFinalize => match take(context, request.correlation_value.as_deref()) {
            Some(_) => Pkcs11ReturnCode::Ok,
            None => Pkcs11ReturnCode::CryptokiNotInitialized,
        },
        Pkcs11Function::CGetInfo => match take(context, request.correlation_value.as_deref()) {
            Some((value, used)) => {
                context.shared.streams.put(value, used, context.now);
                response.pkcs_11_output_parameters = Some(info());
                Pkcs11ReturnCode::Ok
            }
            None => Pkcs11ReturnCode::CryptokiNotInitialized,
        },
        _ => Pkcs11ReturnCode::FunctionNotSupported,
    };
    Ok(response)
}

/// Begins a use, and gives what its calls belong together by.
fn begin(context: &mut Context<'_>) -> Result<Vec<u8>, Failure> {
    let owner = context.owner();
    let (options, now) = (context.options, context.now);
    let streams = &context.shared.streams;
    streams.check_room(owner.as_deref(), options.maximum_streams, now, options.stream_idle)?;
    let value = new_correlation_value()?;
    let used = OpenStream { operation: Operation::Pkcs11, key: None, owner, running: Running::Cryptoki };
    let kept = value.clone();
    context.effects.push(Box::new(move |shared: &Shared| shared.streams.put(kept, used, now)));
    Ok(value)
}

fn take(context: &Context<'_>, value: Option<&[u8]>) -> Option<(Vec<u8>, OpenStream)> {
    let value = value?;
    let owner = context.owner();
    let used = context.shared.streams.take(value, Operation::Pkcs11, None, owner.as_deref()).ok()?;
    Some((value.to_vec(), used))
}

/// A CK_INFO: the version of Cryptoki, who made the server, flags, of which there are none, what it is, and its version.
fn info() -> SecretBytes {
    let number = |text: &str| text.parse().unwrap_or(0);
    let mut bytes = CRYPTOKI.to_vec();
    bytes.extend(padded(env!("CARGO_PKG_NAME")));
    bytes.extend([0; 8]);
    bytes.extend(padded("embedded server"));
    bytes.extend([number(env!("CARGO_PKG_VERSION_MAJOR")), number(env!("CARGO_PKG_VERSION_MINOR"))]);
    bytes.into()
}

/// A text of 32 bytes, which spaces fill.
fn padded(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().chain(std::iter::repeat(b' ')).take(32)
}
