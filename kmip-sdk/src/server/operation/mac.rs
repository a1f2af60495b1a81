//! MAC: makes a message authentication code of data (KMIP 1.4 section 4.33, 2.1 section 6.1.32).

use kmip_types::SecretBytes;
use kmip_types::attribute::CryptographicParameters;
use kmip_types::enumerations::{self, Operation};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::object::ManagedObject;
use kmip_types::operation::{MacRequest, MacResponse};

use super::key_use::{check_allowed, parameters, symmetric_key, take_for_part, wrong_type};
use super::parts::{Part, mixed_up};
use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::crypto::mac as codes;
use crate::server::lifecycle::Use;
use crate::server::store::StoredObject;
use crate::server::streams::Running;

const OPERATION: Operation = Operation::Mac;

pub(super) fn mac(context: &mut Context<'_>, request: MacRequest) -> Result<MacResponse, Failure> {
    let part = Part::of(request.correlation_value, request.init_indicator, request.final_indicator)?;
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.get(&identifier)?;
    check_allowed(&stored, CryptographicUsageMask::MAC_GENERATE, Use::Protect, context.now)?;
    let data = context.data_of_part(request.data.as_ref(), matches!(part, Part::Only))?;
    take_for_part(context, &stored, &part, CryptographicUsageMask::MAC_GENERATE, data.reveal().len())?;
    let parameters = parameters(request.cryptographic_parameters, &stored);
    let running = part
        .running(context, OPERATION, Some(&identifier), || begin(&stored, &parameters).map(Running::Mac))?;
    let Running::Mac(mut code) = running else { return Err(mixed_up()) };
    code.update(data.reveal());
    context.memory.identifier(&identifier);
    let unique_identifier = identifier.as_str().into();
    if !part.is_last() {
        let correlation_value = part.keep(context, OPERATION, Some(&identifier), Running::Mac(code))?;
        return Ok(MacResponse { unique_identifier, mac_data: None, correlation_value });
    }
    let code = SecretBytes::from(code.finish());
    context.memory.output(enumerations::DataEnumeration::MacMacData, &code);
    Ok(MacResponse { unique_identifier, mac_data: Some(code), correlation_value: None })
}

/// Begins a code with the key that an object is.
pub(super) fn begin(
    stored: &StoredObject,
    parameters: &CryptographicParameters,
) -> Result<Box<dyn codes::Mac>, Failure> {
    let (algorithm, key) = match stored.value()? {
        ManagedObject::SymmetricKey(key) => symmetric_key(&key.key_block, stored)?,
        _ => return Err(wrong_type(stored)),
    };
    codes::start(algorithm, key, parameters)
}
