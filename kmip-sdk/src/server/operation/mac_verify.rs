//! MAC Verify: says whether a message authentication code is that of data (KMIP 1.4 section 4.34, 2.1 section 6.1.33).

use aws_lc_rs::constant_time::verify_slices_are_equal;
use kmip_types::enumerations::{Operation, ResultReason, ValidityIndicator};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::operation::{MacVerifyRequest, MacVerifyResponse};

use super::key_use::{check_allowed, parameters};
use super::mac::begin;
use super::parts::{Part, mixed_up};
use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::lifecycle::Use;
use crate::server::streams::Running;

const OPERATION: Operation = Operation::MacVerify;

pub(super) fn mac_verify(
    context: &mut Context<'_>,
    request: MacVerifyRequest,
) -> Result<MacVerifyResponse, Failure> {
    let part = Part::of(request.correlation_value, request.init_indicator, request.final_indicator)?;
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.get(&identifier)?;
    check_allowed(&stored, CryptographicUsageMask::MAC_VERIFY, Use::Process, context.now)?;
    let data = context.data_of_part(request.data.as_ref(), matches!(part, Part::Only))?;
    let parameters = parameters(request.cryptographic_parameters, &stored);
    let running = part
        .running(context, OPERATION, Some(&identifier), || begin(&stored, &parameters).map(Running::Mac))?;
    let Running::Mac(mut code) = running else { return Err(mixed_up()) };
    code.update(data.reveal());
    context.memory.identifier(&identifier);
    let unique_identifier = identifier.as_str().into();
    if !part.is_last() {
        let correlation_value = part.keep(context, OPERATION, Some(&identifier), Running::Mac(code))?;
        return Ok(MacVerifyResponse { unique_identifier, validity_indicator: None, correlation_value });
    }
    let given = request
        .mac_data
        .ok_or_else(|| Failure::new(ResultReason::InvalidMessage, "there is no MAC Data to verify"))?;
    let is_right = verify_slices_are_equal(&code.finish(), given.reveal()).is_ok();
    let validity_indicator = if is_right { ValidityIndicator::Valid } else { ValidityIndicator::Invalid };
    Ok(MacVerifyResponse {
        unique_identifier,
        validity_indicator: Some(validity_indicator),
        correlation_value: None,
    })
}
