//! Signature Verify: says whether a signature is that of data (KMIP 1.4 section 4.32, 2.1 section 6.1.56).

use kmip_types::enumerations::{Operation, ResultReason, ValidityIndicator};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::operation::{SignatureVerifyRequest, SignatureVerifyResponse};

use super::key_use::{check_allowed, parameters, public_key};
use super::parts::{Part, mixed_up};
use super::sign::signed_data;
use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::crypto::signature::Signing;
use crate::server::lifecycle::Use;
use crate::server::streams::Running;

const OPERATION: Operation = Operation::SignatureVerify;

pub(super) fn signature_verify(
    context: &mut Context<'_>,
    request: SignatureVerifyRequest,
) -> Result<SignatureVerifyResponse, Failure> {
    let part = Part::of(request.correlation_value, request.init_indicator, request.final_indicator)?;
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.get(&identifier)?;
    check_allowed(&stored, CryptographicUsageMask::VERIFY, Use::Process, context.now)?;
    let key = public_key(&stored)?;
    let digested = request.digested_data.as_deref();
    let data = signed_data(context, request.data.as_ref(), digested, &part)?;
    let parameters = parameters(request.cryptographic_parameters, &stored);
    let running = part.running(context, OPERATION, Some(&identifier), || {
        Signing::start(key.algorithm(), &parameters).map(Running::Signature)
    })?;
    let Running::Signature(mut signing) = running else { return Err(mixed_up()) };
    signing.update(data.reveal())?;
    context.memory.identifier(&identifier);
    let mut response = SignatureVerifyResponse {
        unique_identifier: identifier.as_str().into(),
        validity_indicator: None,
        data: None,
        correlation_value: None,
    };
    if part.is_last() {
        let signature = request.signature_data.ok_or_else(|| {
            Failure::new(ResultReason::InvalidMessage, "there is no Signature Data to verify")
        })?;
        let is_right = signing.verify(&key, digested, &signature)?;
        let validity = if is_right { ValidityIndicator::Valid } else { ValidityIndicator::Invalid };
        response.validity_indicator = Some(validity);
    } else {
        response.correlation_value =
            part.keep(context, OPERATION, Some(&identifier), Running::Signature(signing))?;
    }
    Ok(response)
}
