//! Wrapping a key by another, and unwrapping it (KMIP 1.4 sections 2.1.5 and 2.1.6, 2.1 sections 3.3 and 7.18).

use kmip_types::attribute::{AttributeReference, Attributes, UniqueIdentifier};
use kmip_types::enumerations::{EncodingOption, ResultReason, WrappingMethod};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::object::{
    KeyBlock, KeyMaterial, KeyValue, KeyWrappingSpecification, ManagedObject, PlainKeyValue,
};

use super::key_use::check_allowed;
use crate::answer::Failure;
use crate::keys::Material;
use crate::keys::wrap::{WrapError, Wrapping, WrappingKey};
use crate::server::attributes::{self, Kind};
use crate::server::context::Context;
use crate::server::lifecycle::Use;
use crate::server::store::StoredObject;

/// An object with its key wrapped as a specification says.
pub(super) fn wrap(
    context: &mut Context<'_>,
    object: &ManagedObject,
    of: &Attributes,
    specification: KeyWrappingSpecification,
) -> Result<ManagedObject, Failure> {
    if specification.wrapping_method != WrappingMethod::Encrypt {
        return Err(no_such_method(specification.wrapping_method));
    }
    let mut specification = specification;
    let names = std::mem::take(&mut specification.attribute_name);
    let encodes = specification.encoding_option.unwrap_or(EncodingOption::TtlvEncoding);
    if !names.is_empty() && encodes != EncodingOption::TtlvEncoding {
        let message = "attributes are wrapped with the key in TTLV Encoding only";
        return Err(Failure::new(ResultReason::EncodingOptionError, message));
    }
    let Some(information) = &mut specification.encryption_key_information else {
        return Err(Failure::new(ResultReason::InvalidField, "there is no Encryption Key Information"));
    };
    let (stored, key) = wrapping_key(context, &information.unique_identifier, Way::Wrap)?;
    if information.cryptographic_parameters.is_none() {
        let own = stored.attributes.cryptographic_parameters().find(|own| own.block_cipher_mode.is_some());
        information.cryptographic_parameters = own.cloned().map(Box::new);
    }
    let wrapping = Wrapping::of_specification(&specification, None).map_err(|error| failure(&error))?;
    let mut object = object.clone();
    if let Some(block) = object.key_block_mut()
        && let Some(KeyValue::Plain(value)) = &mut block.key_value
    {
        for name in &names {
            let kind = Kind::referred_by(&AttributeReference::from_name(name));
            let found = attributes::instances(of, &kind);
            found.filter_map(|entry| attributes::in_version(entry, context.version)).for_each(|entry| {
                value.attributes.push(entry);
            });
        }
    }
    let wrapped = key.wrap(&object, &wrapping.in_version(context.version));
    let mut wrapped = wrapped.map_err(|error| failure(&error))?;
    // What the client did not say is as it knows.
    if let Some(data) = wrapped.key_block_mut().and_then(|block| block.key_wrapping_data.as_mut()) {
        data.encoding_option = specification.encoding_option;
    }
    Ok(wrapped)
}

/// An object with its key unwrapped by the key that its Key Wrapping Data name.
pub(super) fn unwrap(context: &mut Context<'_>, object: &ManagedObject) -> Result<ManagedObject, Failure> {
    let data = object.key_block().and_then(|block| block.key_wrapping_data.as_ref());
    let data = data.ok_or_else(|| failure(&WrapError::NotWrapped))?;
    let information = data.encryption_key_information.as_ref();
    let information = information.ok_or_else(|| failure(&WrapError::NoKeyInformation))?;
    let (stored, key) = wrapping_key(context, &information.unique_identifier, Way::Unwrap)?;
    let mut object = object.clone();
    // Without parameters, those of the key count.
    if let Some(information) = object
        .key_block_mut()
        .and_then(|block| block.key_wrapping_data.as_mut())
        .and_then(|data| data.encryption_key_information.as_mut())
        && information.cryptographic_parameters.is_none()
    {
        let own = stored.attributes.cryptographic_parameters().find(|own| own.block_cipher_mode.is_some());
        information.cryptographic_parameters = own.cloned().map(Box::new);
    }
    // Wrapped bytes may be in a structure.
    if let Some(block) = object.key_block_mut()
        && let Some(KeyValue::Plain(PlainKeyValue { key_material: KeyMaterial::Bytes(bytes), .. })) =
            &block.key_value
    {
        block.key_value = Some(KeyValue::Wrapped(bytes.clone()));
    }
    key.unwrap(&object).map_err(|error| failure(&error))
}

/// Whether a key is wrapped.
pub(super) fn is_wrapped(block: &KeyBlock) -> bool {
    block.key_value.is_some() && block.key_wrapping_data.is_some()
}

/// Which way a key is used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Wrap,
    Unwrap,
}

/// The key that wraps others, if it may.
fn wrapping_key(
    context: &mut Context<'_>,
    identifier: &UniqueIdentifier,
    way: Way,
) -> Result<(std::sync::Arc<StoredObject>, WrappingKey), Failure> {
    let text = context.resolve(Some(identifier))?;
    let stored = context.get(&text).map_err(|failure| {
        let reason = match failure.reason {
            ResultReason::ObjectNotFound => ResultReason::WrappingObjectNotFound,
            ResultReason::ObjectArchived => ResultReason::WrappingObjectArchived,
            other => other,
        };
        Failure { reason, ..failure }
    })?;
    let destroyed = |_| Failure::new(ResultReason::WrappingObjectDestroyed, "the wrapping key was destroyed");
    let object = stored.value().map_err(destroyed)?;
    let (bit, wanted) = match way {
        Way::Wrap => (CryptographicUsageMask::WRAP_KEY, Use::Protect),
        Way::Unwrap => (CryptographicUsageMask::UNWRAP_KEY, Use::Process),
    };
    check_allowed(&stored, bit, wanted, context.now)?;
    let no_key =
        || Failure::new(ResultReason::InvalidObjectType, "the object is no AES key that wraps others");
    let material = Material::from_object(object).map_err(|_| no_key())?;
    let key = WrappingKey::new(identifier.clone(), &material).map_err(|_| no_key())?;
    Ok((stored, key))
}

fn no_such_method(method: WrappingMethod) -> Failure {
    let message = format!("the Wrapping Method {method} is not supported");
    Failure::new(ResultReason::FeatureNotSupported, message)
}

fn failure(error: &WrapError) -> Failure {
    use ResultReason as R;
    let reason = match error {
        WrapError::NoKeyBlock { .. } | WrapError::NoWrappingKey { .. } => R::InvalidObjectType,
        WrapError::NoKeyValue => R::KeyValueNotPresent,
        WrapError::AlreadyWrapped | WrapError::NotWrapped => R::KeyWrapTypeNotSupported,
        WrapError::StructureNotEncoded { .. }
        | WrapError::AttributesNotEncoded
        | WrapError::UnsupportedEncoding { .. }
        | WrapError::Encode(_) => R::EncodingOptionError,
        WrapError::UnsupportedMethod { .. } => R::FeatureNotSupported,
        WrapError::UnsupportedMode { .. } | WrapError::Length { .. } | WrapError::Nonce { .. } => {
            R::BadCryptographicParameters
        }
        WrapError::Refused | WrapError::Decode(_) => R::CryptographicFailure,
        _ => R::InvalidField,
    };
    Failure::new(reason, error.to_string())
}
