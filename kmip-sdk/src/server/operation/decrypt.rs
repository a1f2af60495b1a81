//! Decrypt: decrypts data with a key of the server's (KMIP 1.4 section 4.30, 2.1 section 6.1.11).

use kmip_types::enumerations;
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::object::ManagedObject;
use kmip_types::operation::{DecryptRequest, DecryptResponse};

use super::key_use::{check_allowed, check_single_part, not_usable, parameters, symmetric_key, wrong_type};
use crate::keys::PrivateKey;
use crate::server::context::Context;
use crate::server::crypto::{asymmetric, symmetric};
use crate::server::failure::Failure;
use crate::server::lifecycle::Use;

pub(super) fn decrypt(
    context: &mut Context<'_>,
    request: DecryptRequest,
) -> Result<DecryptResponse, Failure> {
    let DecryptRequest { correlation_value, init_indicator, final_indicator, .. } = &request;
    check_single_part(correlation_value.as_deref(), *init_indicator, *final_indicator)?;
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.store.get(&identifier)?;
    check_allowed(stored, CryptographicUsageMask::DECRYPT, Use::Process, context.now)?;
    let data = context.data(request.data.as_ref())?;
    let parameters = parameters(request.cryptographic_parameters, stored, context.version)?;
    let decrypted = match stored.value()? {
        ManagedObject::SymmetricKey(key) => {
            let (algorithm, key) = symmetric_key(&key.key_block, stored)?;
            let iv = request.iv_counter_nonce.as_deref();
            let additional = request.authenticated_encryption_additional_data.unwrap_or_default();
            let tag = request.authenticated_encryption_tag.as_deref();
            symmetric::decrypt(algorithm, key, &parameters, data.reveal(), iv, &additional, tag)?
        }
        ManagedObject::PrivateKey(key) => {
            let key = PrivateKey::from_block(&key.key_block).map_err(|_| not_usable(&key.key_block))?;
            asymmetric::decrypt(&key, &parameters, data.reveal())?
        }
        _ => return Err(wrong_type(stored)),
    };
    context.memory.identifier(&identifier);
    context.memory.output(enumerations::DataEnumeration::Decrypt, &decrypted);
    Ok(DecryptResponse {
        unique_identifier: identifier.into(),
        data: Some(decrypted),
        correlation_value: None,
    })
}
