//! Encrypt: encrypts data with a key of the server's (KMIP 1.4 section 4.29, 2.1 section 6.1.17).

use kmip_types::enumerations::{self, Operation};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::object::ManagedObject;
use kmip_types::operation::{EncryptRequest, EncryptResponse};
use zeroize::Zeroizing;

use super::key_use::{
    TagPlace, check_allowed, check_only, cipher_parameters, public_key, symmetric_key, tag_place,
    take_for_part,
};
use super::parts::{Part, mixed_up};
use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::crypto::asymmetric;
use crate::server::crypto::symmetric::{self, Direction, Inputs};
use crate::server::lifecycle::Use;
use crate::server::streams::Running;

const OPERATION: Operation = Operation::Encrypt;

pub(super) fn encrypt(
    context: &mut Context<'_>,
    request: EncryptRequest,
) -> Result<EncryptResponse, Failure> {
    let EncryptRequest { correlation_value, init_indicator, final_indicator, .. } = request;
    let part = Part::of(correlation_value, init_indicator, final_indicator)?;
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.get(&identifier)?;
    check_allowed(&stored, CryptographicUsageMask::ENCRYPT, Use::Protect, context.now)?;
    let is_only = matches!(part, Part::Only);
    let data = context.data_of_part(request.data.as_ref(), is_only)?;
    let mut response = EncryptResponse {
        unique_identifier: identifier.as_str().into(),
        data: None,
        iv_counter_nonce: None,
        correlation_value: None,
        authenticated_encryption_tag: None,
    };
    take_for_part(context, &stored, &part, CryptographicUsageMask::ENCRYPT, data.reveal().len())?;
    let parameters = cipher_parameters(request.cryptographic_parameters, &stored, context.version)?;
    let encrypted = if let ManagedObject::SymmetricKey(key) = stored.value()? {
        let additional = request.authenticated_encryption_additional_data.unwrap_or_default();
        let mut made_iv = None;
        let running = part.running(context, OPERATION, Some(&identifier), || {
            let (algorithm, key) = symmetric_key(&key.key_block, &stored)?;
            let (iv, additional) = (request.iv_counter_nonce.as_deref(), additional.as_slice());
            let inputs = Inputs { algorithm, key, parameters: &parameters, iv, additional, tag: None };
            let started = symmetric::start(Direction::Encrypt, inputs)?;
            made_iv = started.made_iv;
            Ok(Running::Cipher(started.stream))
        })?;
        response.iv_counter_nonce = made_iv;
        let Running::Cipher(mut stream) = running else { return Err(mixed_up()) };
        let mut output = stream.update(data.reveal())?;
        if part.is_last() {
            let (last, tag) = stream.finish(None)?;
            let behind = match tag_place(&parameters, context.version, context.options)? {
                TagPlace::Field => None,
                TagPlace::Behind => tag.clone(),
            };
            output = joined(&[&output, &last, behind.as_deref().unwrap_or_default()]);
            response.authenticated_encryption_tag = tag.filter(|_| behind.is_none());
        } else {
            response.correlation_value =
                part.keep(context, OPERATION, Some(&identifier), Running::Cipher(stream))?;
        }
        output.into()
    } else {
        check_only(&part)?;
        asymmetric::encrypt(&public_key(&stored)?, &parameters, data.reveal())?
    };
    context.memory.identifier(&identifier);
    context.memory.output(enumerations::DataEnumeration::Encrypt, &encrypted);
    // A part that yields nothing yet, or nothing more, has no data.
    response.data = Some(encrypted).filter(|data| is_only || !data.is_empty());
    Ok(response)
}

/// Pieces in one, so that growing leaves nothing behind.
pub(super) fn joined(pieces: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let mut all = Zeroizing::new(Vec::with_capacity(pieces.iter().map(|piece| piece.len()).sum()));
    pieces.iter().for_each(|piece| all.extend_from_slice(piece));
    all
}
