//! Sign: signs data with a private key of the server's (KMIP 1.4 section 4.31, 2.1 section 6.1.55).

use kmip_types::SecretBytes;
use kmip_types::enumerations::{self, Operation, ResultReason};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::operation::{Data, SignRequest, SignResponse};

use super::key_use::{check_allowed, parameters, private_key, take_for_part};
use super::parts::{Part, mixed_up};
use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::crypto::signature::Signing;
use crate::server::lifecycle::Use;
use crate::server::streams::Running;

const OPERATION: Operation = Operation::Sign;

pub(super) fn sign(context: &mut Context<'_>, request: SignRequest) -> Result<SignResponse, Failure> {
    let part = Part::of(request.correlation_value, request.init_indicator, request.final_indicator)?;
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.get(&identifier)?;
    check_allowed(&stored, CryptographicUsageMask::SIGN, Use::Protect, context.now)?;
    let key = private_key(&stored)?;
    let digested = request.digested_data.as_deref();
    let data = signed_data(context, request.data.as_ref(), digested, &part)?;
    take_for_part(context, &stored, &part, CryptographicUsageMask::SIGN, data.reveal().len())?;
    let parameters = parameters(request.cryptographic_parameters, &stored);
    let running = part.running(context, OPERATION, Some(&identifier), || {
        Signing::start(key.algorithm(), &parameters).map(Running::Signature)
    })?;
    let Running::Signature(mut signing) = running else { return Err(mixed_up()) };
    signing.update(data.reveal())?;
    context.memory.identifier(&identifier);
    let unique_identifier = identifier.as_str().into();
    if !part.is_last() {
        let correlation_value =
            part.keep(context, OPERATION, Some(&identifier), Running::Signature(signing))?;
        return Ok(SignResponse { unique_identifier, signature_data: None, correlation_value });
    }
    let signature = signing.sign(&key, digested)?;
    let output = SecretBytes::from(signature.as_slice());
    context.memory.output(enumerations::DataEnumeration::SignSignatureData, &output);
    Ok(SignResponse { unique_identifier, signature_data: Some(signature), correlation_value: None })
}

/// The data that a part brings: none where a hash of it is there instead.
pub(super) fn signed_data(
    context: &Context<'_>,
    data: Option<&Data>,
    digested: Option<&[u8]>,
    part: &Part,
) -> Result<SecretBytes, Failure> {
    let is_only = matches!(part, Part::Only);
    match digested {
        None => context.data_of_part(data, is_only),
        Some(_) if data.is_some() || !is_only => {
            let message = "Digested Data is in place of all of the data";
            Err(Failure::new(ResultReason::InvalidField, message))
        }
        Some(_) => Ok(SecretBytes::from(Vec::new())),
    }
}
