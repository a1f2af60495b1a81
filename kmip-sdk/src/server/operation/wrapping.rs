//! Wrapping a key by another, and unwrapping it (KMIP 1.4 sections 2.1.5 and 2.1.6, 2.1 sections 3.3 and 7.18).

mod keys;

use std::sync::Arc;

use kmip_types::attribute::{AttributeReference, Attributes, CryptographicParameters, UniqueIdentifier};
use kmip_types::enumerations::{EncodingOption, LinkType, ObjectType, ResultReason, WrappingMethod};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::object::{
    KeyBlock, KeyMaterial, KeyValue, KeyWrappingData, KeyWrappingSpecification, ManagedObject, PlainKeyValue,
};

use self::keys::{Authenticator, Encrypter};
use super::key_use::{check_allowed, default_mask_hash, private_key, public_key, symmetric_key};
use super::re_key_key_pair::linked;
use crate::answer::Failure;
use crate::keys::wrap::{self, Authentication, Encryption, Steps, WrapError};
use crate::server::attributes::{self, Kind};
use crate::server::context::Context;
use crate::server::lifecycle::Use;
use crate::server::store::StoredObject;

/// An object with its key wrapped as a specification says.
pub(super) fn wrap(
    context: &mut Context<'_>,
    object: &ManagedObject,
    of: &Attributes,
    mut specification: KeyWrappingSpecification,
) -> Result<ManagedObject, Failure> {
    let names = std::mem::take(&mut specification.attribute_name);
    let encodes = specification.encoding_option.unwrap_or(EncodingOption::TtlvEncoding);
    if !names.is_empty() && encodes != EncodingOption::TtlvEncoding {
        let message = "attributes are wrapped with the key in TTLV Encoding only";
        return Err(Failure::new(ResultReason::EncodingOptionError, message));
    }
    let steps = Steps::of(specification.wrapping_method)?;
    let mut encrypter = None;
    if steps.encrypts {
        let information = specification.encryption_key_information.as_mut();
        let information = information.ok_or(WrapError::NoKeyInformation)?;
        let key = &information.unique_identifier;
        let (key, parameters) =
            encrypter_of(context, key, information.cryptographic_parameters.take(), Way::Wrap)?;
        encrypter = Some(key);
        information.cryptographic_parameters = Some(Box::new(parameters));
    }
    let mut authenticator = None;
    if steps.authenticates {
        let information = specification.mac_signature_key_information.as_mut();
        let information = information.ok_or(WrapError::NoAuthenticationKey)?;
        let key = &information.unique_identifier;
        let (key, parameters) =
            authenticator_of(context, key, information.cryptographic_parameters.take(), Way::Wrap)?;
        authenticator = Some(key);
        information.cryptographic_parameters = parameters.map(Box::new);
    }
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
    wrap::with_block(&object, |block| {
        wrap::wrap_block(
            block,
            &specification,
            context.version,
            encrypter.as_ref().map(|key| key as &dyn Encryption<Failure>),
            authenticator.as_ref().map(|key| key as &dyn Authentication<Failure>),
        )
    })
}

/// An object with its key unwrapped by the keys that its Key Wrapping Data name.
pub(super) fn unwrap(context: &mut Context<'_>, object: &ManagedObject) -> Result<ManagedObject, Failure> {
    let data: Option<&KeyWrappingData> =
        object.key_block().and_then(|block| block.key_wrapping_data.as_deref());
    let data = data.ok_or(WrapError::NotWrapped)?;
    let steps = Steps::of(data.wrapping_method)?;
    let encrypter = match (&data.encryption_key_information, steps.encrypts) {
        (Some(information), true) => {
            let parameters = information.cryptographic_parameters.clone();
            Some(encrypter_of(context, &information.unique_identifier, parameters, Way::Unwrap)?.0)
        }
        _ => None,
    };
    let authenticator = match (&data.mac_signature_key_information, steps.authenticates) {
        (Some(information), true) => {
            let parameters = information.cryptographic_parameters.clone();
            Some(authenticator_of(context, &information.unique_identifier, parameters, Way::Unwrap)?.0)
        }
        _ => None,
    };
    let mut object = object.clone();
    // Wrapped bytes may be in a structure.
    if let Some(block) = object.key_block_mut()
        && let Some(KeyValue::Plain(PlainKeyValue { key_material: KeyMaterial::Bytes(bytes), .. })) =
            &block.key_value
    {
        block.key_value = Some(KeyValue::Wrapped(bytes.clone()));
    }
    wrap::with_block(&object, |block| {
        wrap::unwrap_block(
            block,
            encrypter.as_ref().map(|key| key as &dyn Encryption<Failure>),
            authenticator.as_ref().map(|key| key as &dyn Authentication<Failure>),
        )
    })
}

/// Whether a key is wrapped.
pub(super) fn is_wrapped(block: &KeyBlock) -> bool {
    block.key_value.is_some() && block.key_wrapping_data.is_some()
}

/// Whether a key is wrapped so that it cannot be read.
pub(super) fn is_encrypted(block: &KeyBlock) -> bool {
    let data = block.key_wrapping_data.as_ref();
    is_wrapped(block) && data.is_some_and(|data| encrypts(data.wrapping_method))
}

/// Whether a method encrypts: a MAC or a signature alone leaves the key readable.
pub(super) fn encrypts(method: WrappingMethod) -> bool {
    method != WrappingMethod::MacSign
}

/// Which way a key is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Wrap,
    Unwrap,
}

/// The key that encrypts others, if it may, and how it does.
fn encrypter_of(
    context: &mut Context<'_>,
    identifier: &UniqueIdentifier,
    given: Option<Box<CryptographicParameters>>,
    way: Way,
) -> Result<(Encrypter, CryptographicParameters), Failure> {
    // What a public key wraps its private key unwraps, whichever of the two is named.
    let other = match way {
        Way::Wrap => (ObjectType::PrivateKey, LinkType::PublicKeyLink),
        Way::Unwrap => (ObjectType::PublicKey, LinkType::PrivateKeyLink),
    };
    let stored = wrapping_object(context, identifier, other)?;
    let (bit, wanted) = match way {
        Way::Wrap => (CryptographicUsageMask::WRAP_KEY, Use::Protect),
        Way::Unwrap => (CryptographicUsageMask::UNWRAP_KEY, Use::Process),
    };
    check_allowed(&stored, bit, wanted, context.now)?;
    let is_how =
        |own: &&CryptographicParameters| own.block_cipher_mode.is_some() || own.padding_method.is_some();
    let parameters = how(&stored, given, way, is_how)?;
    let said = parameters.ok_or(WrapError::UnsupportedMode { mode: None })?;
    let mut parameters = said.clone();
    default_mask_hash(&mut parameters, context.version);
    let key = match stored.value()? {
        ManagedObject::SymmetricKey(key) => {
            let (algorithm, bytes) = symmetric_key(&key.key_block, &stored)?;
            Encrypter::symmetric(algorithm, bytes, &parameters)?
        }
        ManagedObject::PrivateKey(_) => Encrypter::Private(private_key(&stored)?, parameters),
        ManagedObject::PublicKey(_) | ManagedObject::Certificate(_) => {
            Encrypter::Public(public_key(&stored)?, parameters)
        }
        _ => return Err(no_key("encrypts others")),
    };
    Ok((key, said))
}

/// The key that makes MACs or signatures, if it may, and how it does.
fn authenticator_of(
    context: &mut Context<'_>,
    identifier: &UniqueIdentifier,
    given: Option<Box<CryptographicParameters>>,
    way: Way,
) -> Result<(Authenticator, Option<CryptographicParameters>), Failure> {
    use CryptographicUsageMask as Mask;
    // What a private key signs its public key verifies, whichever of the two is named.
    let other = match way {
        Way::Wrap => (ObjectType::PublicKey, LinkType::PrivateKeyLink),
        Way::Unwrap => (ObjectType::PrivateKey, LinkType::PublicKeyLink),
    };
    let stored = wrapping_object(context, identifier, other)?;
    let is_symmetric = stored.object_type == ObjectType::SymmetricKey;
    let (bit, wanted) = match (way, is_symmetric) {
        (Way::Wrap, true) => (Mask::MAC_GENERATE, Use::Protect),
        (Way::Wrap, false) => (Mask::SIGN, Use::Protect),
        (Way::Unwrap, true) => (Mask::MAC_VERIFY, Use::Process),
        (Way::Unwrap, false) => (Mask::VERIFY, Use::Process),
    };
    check_allowed(&stored, bit, wanted, context.now)?;
    let parameters = how(&stored, given, way, |_| true)?;
    let said = parameters.clone().unwrap_or_default();
    let key = match stored.value()? {
        ManagedObject::SymmetricKey(key) => {
            let (algorithm, bytes) = symmetric_key(&key.key_block, &stored)?;
            Authenticator::Mac { algorithm, key: bytes.into(), parameters: said }
        }
        ManagedObject::PrivateKey(_) => Authenticator::Private(private_key(&stored)?, said),
        ManagedObject::PublicKey(_) | ManagedObject::Certificate(_) => {
            Authenticator::Public(public_key(&stored)?, said)
        }
        _ => return Err(no_key("makes MACs or signatures")),
    };
    Ok((key, parameters))
}

/// The object that wraps others: the one that is named, or what it is linked to if that is what the way takes.
fn wrapping_object(
    context: &mut Context<'_>,
    identifier: &UniqueIdentifier,
    (unless, link): (ObjectType, LinkType),
) -> Result<Arc<StoredObject>, Failure> {
    let find = |context: &mut Context<'_>, identifier: &UniqueIdentifier| {
        let text = context.resolve(Some(identifier))?;
        context.get(&text).map_err(|failure| {
            let reason = match failure.reason {
                ResultReason::ObjectNotFound => ResultReason::WrappingObjectNotFound,
                ResultReason::ObjectArchived => ResultReason::WrappingObjectArchived,
                other => other,
            };
            Failure { reason, ..failure }
        })
    };
    let mut stored = find(context, identifier)?;
    if stored.object_type == unless {
        let other =
            linked(&stored, link).ok_or_else(|| no_key("is the other half of the key that is named"))?;
        stored = find(context, &other)?;
    }
    let destroyed = |_| Failure::new(ResultReason::WrappingObjectDestroyed, "the wrapping key was destroyed");
    stored.value().map_err(destroyed)?;
    Ok(stored)
}

/// How a key is used: as is said, which must be as one of its attributes if it has any; else as the first of those that
/// fit (KMIP 2.1 sections 3.3 and 7.18).
fn how(
    stored: &StoredObject,
    given: Option<Box<CryptographicParameters>>,
    way: Way,
    is_how: impl Fn(&&CryptographicParameters) -> bool,
) -> Result<Option<CryptographicParameters>, Failure> {
    let mut own = stored.attributes.cryptographic_parameters();
    let Some(given) = given else { return Ok(own.find(is_how).cloned()) };
    let mut own = own.peekable();
    if way == Way::Wrap && own.peek().is_some() && !own.any(|own| says_no_other(&given, own)) {
        let message = "the Cryptographic Parameters are none of those that the wrapping key has";
        return Err(Failure::new(ResultReason::BadCryptographicParameters, message));
    }
    Ok(Some(*given))
}

/// Whether all that is said is as in others.
fn says_no_other(said: &CryptographicParameters, others: &CryptographicParameters) -> bool {
    macro_rules! all {
        ($($field:ident),+) => {{
            // Each field there is, so that none is forgotten.
            let CryptographicParameters { $($field),+ } = said;
            $(($field.is_none() || *$field == others.$field))&&+
        }};
    }
    all!(
        block_cipher_mode,
        padding_method,
        hashing_algorithm,
        key_role_type,
        digital_signature_algorithm,
        cryptographic_algorithm,
        random_iv,
        iv_length,
        tag_length,
        fixed_field_length,
        invocation_field_length,
        counter_length,
        initial_counter_value,
        salt_length,
        mask_generator,
        mask_generator_hashing_algorithm,
        p_source,
        trailer_field
    )
}

fn no_key(what: &str) -> Failure {
    Failure::new(ResultReason::InvalidObjectType, format!("there is no key that {what}"))
}

impl From<WrapError> for Failure {
    fn from(error: WrapError) -> Self {
        use ResultReason as R;
        let reason = match &error {
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
        Self::new(reason, error.to_string())
    }
}
