//! Decrypt: decrypts data with a key of the server's (KMIP 1.4 section 4.30, 2.1 section 6.1.11).

use kmip_types::enumerations::{self, Operation, ResultReason};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::object::ManagedObject;
use kmip_types::operation::{DecryptRequest, DecryptResponse};

use super::encrypt::joined;
use super::key_use::{
    TagPlace, check_allowed, check_only, cipher_parameters, private_key, symmetric_key, tag_place,
};
use super::parts::{Part, mixed_up};
use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::crypto::symmetric::{self, Direction, Inputs};
use crate::server::crypto::{asymmetric, cryptographic_failure};
use crate::server::lifecycle::Use;
use crate::server::streams::Running;

const OPERATION: Operation = Operation::Decrypt;

pub(super) fn decrypt(
    context: &mut Context<'_>,
    request: DecryptRequest,
) -> Result<DecryptResponse, Failure> {
    let DecryptRequest { correlation_value, init_indicator, final_indicator, .. } = request;
    let part = Part::of(correlation_value, init_indicator, final_indicator)?;
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.get(&identifier)?;
    check_allowed(&stored, CryptographicUsageMask::DECRYPT, Use::Process, context.now)?;
    let is_only = matches!(part, Part::Only);
    let data = context.data_of_part(request.data.as_ref(), is_only)?;
    let parameters = cipher_parameters(request.cryptographic_parameters, &stored, context.version)?;
    let mut response = DecryptResponse {
        unique_identifier: identifier.as_str().into(),
        data: None,
        correlation_value: None,
    };
    let decrypted = if let ManagedObject::SymmetricKey(key) = stored.value()? {
        let additional = request.authenticated_encryption_additional_data.unwrap_or_default();
        let mut tag = request.authenticated_encryption_tag;
        let mut data = data.reveal();
        if part.is_last() && tag_place(&parameters, context.version, context.options)? == TagPlace::Behind {
            let length = parameters.tag_length.map_or(Ok(16), usize::try_from).unwrap_or(usize::MAX);
            let at = data.len().checked_sub(length).ok_or_else(|| cryptographic_failure("decrypting"))?;
            let (encrypted, behind) = data.split_at(at);
            (data, tag) = (encrypted, Some(behind.to_vec()));
        }
        let running = part.running(context, OPERATION, Some(&identifier), || {
            let (algorithm, key) = symmetric_key(&key.key_block, &stored)?;
            let (iv, additional) = (request.iv_counter_nonce.as_deref(), additional.as_slice());
            let inputs =
                Inputs { algorithm, key, parameters: &parameters, iv, additional, tag: tag.as_deref() };
            Ok(Running::Cipher(symmetric::start(Direction::Decrypt, inputs).map_err(without_vector)?.stream))
        })?;
        let Running::Cipher(mut stream) = running else { return Err(mixed_up()) };
        let mut output = stream.update(data)?;
        if part.is_last() {
            let (last, _) = stream.finish(tag.as_deref())?;
            output = joined(&[&output, &last]);
        } else {
            response.correlation_value =
                part.keep(context, OPERATION, Some(&identifier), Running::Cipher(stream))?;
        }
        output.into()
    } else {
        check_only(&part)?;
        asymmetric::decrypt(&private_key(&stored)?, &parameters, data.reveal())?
    };
    context.memory.identifier(&identifier);
    context.memory.output(enumerations::DataEnumeration::Decrypt, &decrypted);
    // A part that yields nothing yet, or nothing more, has no data.
    response.data = Some(decrypted).filter(|data| is_only || !data.is_empty());
    Ok(response)
}

/// Of the two reasons that the table of the operation has for it, the standard's test cases give this one.
fn without_vector(failure: Failure) -> Failure {
    match failure.reason {
        ResultReason::MissingInitializationVector => {
            Failure { reason: ResultReason::InvalidMessage, ..failure }
        }
        _ => failure,
    }
}
