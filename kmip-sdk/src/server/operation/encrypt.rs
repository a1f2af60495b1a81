//! Encrypt: encrypts data with a key of the server's (KMIP 1.4 section 4.29, 2.1 section 6.1.17).

use kmip_types::attribute::Attribute;
use kmip_types::enumerations;
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::object::ManagedObject;
use kmip_types::operation::{EncryptRequest, EncryptResponse};

use super::key_use::{
    allocate, check_allowed, check_single_part, not_usable, parameters, symmetric_key, wrong_type,
};
use crate::keys::PublicKey;
use crate::server::attributes;
use crate::server::context::Context;
use crate::server::crypto::asymmetric;
use crate::server::crypto::symmetric::{self, Encrypted};
use crate::server::failure::Failure;
use crate::server::lifecycle::Use;

pub(super) fn encrypt(
    context: &mut Context<'_>,
    request: EncryptRequest,
) -> Result<EncryptResponse, Failure> {
    let EncryptRequest { correlation_value, init_indicator, final_indicator, .. } = &request;
    check_single_part(correlation_value.as_deref(), *init_indicator, *final_indicator)?;
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.store.get(&identifier)?;
    check_allowed(stored, CryptographicUsageMask::ENCRYPT, Use::Protect, context.now)?;
    let data = context.data(request.data.as_ref())?;
    let parameters = parameters(request.cryptographic_parameters, stored, context.version)?;
    let limits: Option<Attribute> = allocate(stored, data.reveal().len())?;
    let encrypted = match stored.value()? {
        ManagedObject::SymmetricKey(key) => {
            let (algorithm, key) = symmetric_key(&key.key_block, stored)?;
            let iv = request.iv_counter_nonce.as_deref();
            let additional = request.authenticated_encryption_additional_data.unwrap_or_default();
            symmetric::encrypt(algorithm, key, &parameters, data.reveal(), iv, &additional)?
        }
        ManagedObject::PublicKey(key) => {
            let key = PublicKey::from_block(&key.key_block).map_err(|_| not_usable(&key.key_block))?;
            let data = asymmetric::encrypt(&key, &parameters, data.reveal())?;
            Encrypted { data, iv: None, tag: None }
        }
        _ => return Err(wrong_type(stored)),
    };
    if let Some(limits) = limits {
        context.store.change(&identifier, |stored| {
            attributes::set(&mut stored.attributes, limits);
            Ok(())
        })?;
    }
    context.memory.identifier(&identifier);
    context.memory.output(enumerations::DataEnumeration::Encrypt, &encrypted.data);
    Ok(EncryptResponse {
        unique_identifier: identifier.into(),
        data: Some(encrypted.data),
        iv_counter_nonce: encrypted.iv,
        correlation_value: None,
        authenticated_encryption_tag: encrypted.tag,
    })
}
