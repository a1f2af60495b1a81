//! Derive Key: makes a key or secret data of others (KMIP 1.4 section 4.6, 2.1 section 6.1.14).

use std::sync::Arc;

use kmip_types::SecretBytes;
use kmip_types::attribute::{Attribute, CryptographicParameters, Link};
use kmip_types::enumerations::{
    CryptographicAlgorithm, DerivationMethod, HashingAlgorithm, KeyFormatType, LinkType, ObjectType,
    ResultReason, SecretDataType, UniqueIdentifierEnumeration,
};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::object::{KeyBlock, KeyMaterial, ManagedObject, SecretData, SymmetricKey};
use kmip_types::operation::{DerivationParameters, DeriveKeyRequest, DeriveKeyResponse};
use zeroize::Zeroizing;

use super::factory::with_defaults;
use super::key_use::{check_allowed, not_usable, private_key, public_key, wrong_type};
use super::new_object::{NewObject, Origin, algorithm_and_length, check_count, check_usage_mask, missing};
use crate::answer::Failure;
use crate::server::attributes;
use crate::server::context::Context;
use crate::server::crypto::derive::{self, Function, Iteration};
use crate::server::crypto::mac;
use crate::server::crypto::symmetric::{self, Inputs};
use crate::server::lifecycle::Use;
use crate::server::store::StoredObject;

pub(super) fn derive_key(
    context: &mut Context<'_>,
    request: DeriveKeyRequest,
) -> Result<DeriveKeyResponse, Failure> {
    let object_type = request.object_type;
    if !matches!(object_type, ObjectType::SymmetricKey | ObjectType::SecretData) {
        let message = format!("Derive Key does not make {object_type}");
        return Err(Failure::new(ResultReason::InvalidObjectType, message));
    }
    let requested = with_defaults(context, object_type, request.attributes)?;
    let bits = requested.cryptographic_length().ok_or_else(|| missing("CryptographicLength"))?;
    let length = usize::try_from(bits).ok().filter(|bits| *bits > 0 && bits.is_multiple_of(8));
    let length = length.ok_or_else(|| invalid("the Cryptographic Length is no whole number of bytes"))? / 8;
    if length > kmip_types::Limits::DEFAULT.size {
        return Err(Failure::new(ResultReason::CryptographicFailure, "no derivation yields so many bits"));
    }
    let algorithm = requested.cryptographic_algorithm();
    if object_type == ObjectType::SymmetricKey {
        algorithm.ok_or_else(|| missing("CryptographicAlgorithm"))?;
        check_usage_mask(&requested)?;
    }
    let mut bases = Vec::new();
    for identifier in &request.unique_identifier {
        let identifier = context.resolve(Some(identifier))?;
        let stored = context.get(&identifier)?;
        check_allowed(&stored, CryptographicUsageMask::DERIVE_KEY, Use::Process, context.now)?;
        bases.push(stored);
    }
    let derived = derive(&bases, request.derivation_method, &request.derivation_parameters, length)?;

    let identifier = context.new_identifier();
    let link = |link_type, identifier: &str| {
        Attribute::Link(Link { link_type, linked_object_identifier: identifier.into() })
    };
    let mut known = algorithm_and_length(algorithm, Some(bits));
    known.extend(bases.iter().map(|base| link(LinkType::DerivationBaseObjectLink, &base.identifier)));
    let material = KeyMaterial::Bytes(derived.into());
    let key_block = KeyBlock {
        cryptographic_algorithm: algorithm,
        ..KeyBlock::plain(KeyFormatType::Raw, material, CryptographicAlgorithm::Aes, bits)
    };
    let object = match object_type {
        ObjectType::SymmetricKey => ManagedObject::SymmetricKey(SymmetricKey { key_block }),
        _ => ManagedObject::SecretData(SecretData { secret_data_type: SecretDataType::Seed, key_block }),
    };
    let new = NewObject {
        identifier: identifier.clone(),
        object_type,
        object,
        known,
        requested,
        origin: Origin::Derived,
    };
    new.keep(context)?;
    let (now, options) = (context.now, context.options);
    for base in &bases {
        context.change(&base.identifier, |stored| {
            attributes::add(&mut stored.attributes, link(LinkType::DerivedKeyLink, &identifier));
            check_count(options, stored.attributes.len())?;
            attributes::set(&mut stored.attributes, Attribute::LastChangeDate(now));
            Ok(())
        })?;
    }
    context.memory.identifier(&identifier);
    context.memory.name(UniqueIdentifierEnumeration::DeriveKey, &identifier);
    context.memory.place(Some(&identifier));
    Ok(DeriveKeyResponse { unique_identifier: identifier.into(), attributes: None })
}

/// What it takes to derive: a key, or secret data in its place, and the data.
struct Sources {
    algorithm: CryptographicAlgorithm,
    key: SecretBytes,
    /// The key's own parameters.
    parameters: CryptographicParameters,
    /// The data that a second object or the request brings.
    data: Option<SecretBytes>,
}

impl Sources {
    fn of(bases: &[Arc<StoredObject>], parameters: &DerivationParameters) -> Result<Self, Failure> {
        // What derives is a key if there is one; the other object is secret data to derive from.
        let is_key = |base: &&Arc<StoredObject>| base.object_type == ObjectType::SymmetricKey;
        let first = bases.iter().find(is_key).or(bases.first());
        let first = first.ok_or_else(|| invalid("there is no object to derive from"))?;
        let mut others = bases.iter().filter(|base| !Arc::ptr_eq(base, first));
        let other = others.next().map(|base| bytes_of(base)).transpose()?;
        if others.next().is_some() {
            return Err(invalid("the method takes a key and, at most, one object with data"));
        }
        let given = match parameters.derivation_data.as_slice() {
            [] => None,
            [only] => Some(only.clone()),
            _ => return Err(invalid("the method takes one Derivation Data")),
        };
        if other.is_some() && given.is_some() {
            let message = "both an object and the request have the Derivation Data";
            return Err(Failure::new(ResultReason::InvalidMessage, message));
        }
        let attributes = &first.attributes;
        Ok(Self {
            algorithm: attributes.cryptographic_algorithm().unwrap_or(CryptographicAlgorithm::HmacSha256),
            key: bytes_of(first)?,
            parameters: attributes.cryptographic_parameters().next().cloned().unwrap_or_default(),
            data: other.or(given),
        })
    }

    fn data(&self) -> Result<&[u8], Failure> {
        self.data.as_ref().map(SecretBytes::reveal).ok_or_else(|| invalid("there is no Derivation Data"))
    }
}

/// The bytes of a key or of secret data.
fn bytes_of(stored: &StoredObject) -> Result<SecretBytes, Failure> {
    let block = match stored.value()? {
        ManagedObject::SymmetricKey(key) => &key.key_block,
        ManagedObject::SecretData(secret) => &secret.key_block,
        _ => return Err(wrong_type(stored)),
    };
    block.key_bytes().map(SecretBytes::from).ok_or_else(|| not_usable(block))
}

/// What a method makes of objects.
fn derive(
    bases: &[Arc<StoredObject>],
    method: DerivationMethod,
    said: &DerivationParameters,
    length: usize,
) -> Result<Zeroizing<Vec<u8>>, Failure> {
    use DerivationMethod as M;
    if method == M::AsymmetricKey {
        let is_private = |base: &&Arc<StoredObject>| base.object_type == ObjectType::PrivateKey;
        let (private, public) = match bases {
            [one, other] if is_private(&one) => (one, other),
            [one, other] if is_private(&other) => (other, one),
            _ => return Err(invalid("key agreement takes a private and a public key")),
        };
        return derive::agree(&private_key(private)?, &public_key(public)?, length);
    }
    if method == M::AwsSignatureVersion4 {
        let [base] = bases else { return Err(invalid("the method takes one key")) };
        if said.derivation_data.len() != 3 {
            return Err(invalid("the Derivation Data are the date, the region and the service"));
        }
        return derive::aws_signature(bytes_of(base)?.reveal(), &said.derivation_data, length);
    }
    let sources = Sources::of(bases, said)?;
    let parameters = said.cryptographic_parameters.as_deref().unwrap_or(&sources.parameters);
    let key = sources.key.reveal();
    match method {
        M::Pbkdf2 => {
            let hash = parameters.hashing_algorithm.unwrap_or(HashingAlgorithm::Sha1);
            let salt = said.salt.as_deref().ok_or_else(|| invalid("PBKDF2 needs a Salt"))?;
            let iterations =
                said.iteration_count.ok_or_else(|| invalid("PBKDF2 needs an Iteration Count"))?;
            if sources.data.is_some() {
                return Err(invalid("the password is the object, so there is no Derivation Data"));
            }
            derive::pbkdf2(hash, key, salt, iterations, length)
        }
        M::Hash => {
            let hash = parameters.hashing_algorithm;
            let hash = hash.ok_or_else(|| bad("the method needs a Hashing Algorithm"))?;
            if sources.data.is_some() {
                return Err(invalid(
                    "the method hashes the object or the Derivation Data, and both are there",
                ));
            }
            derive::by_hash(hash, key, length)
        }
        M::Hmac => {
            // What the key is says the function; only where it does not, the parameters do.
            let function = match mac::hash_of(sources.algorithm) {
                Some(hash) => mac::hmac(hash, key)?,
                None => {
                    let named = parameters.cryptographic_algorithm.and_then(mac::hash_of);
                    let hash = named.or(parameters.hashing_algorithm);
                    mac::hmac(
                        hash.ok_or_else(|| bad("neither the key nor the parameters say the hash"))?,
                        key,
                    )?
                }
            };
            derive::by_mac(function, sources.data()?, length)
        }
        M::Encrypt => {
            // Where the mode needs one and none is given, an empty vector is assumed: zeros.
            let zeros = [0; 16];
            let block = if sources.algorithm == CryptographicAlgorithm::Aes { 16 } else { 8 };
            let iv = Some(said.initialization_vector.as_deref().unwrap_or(&zeros[..block]));
            let algorithm = sources.algorithm;
            let inputs = Inputs { algorithm, key, parameters, iv, additional: &[], tag: None };
            let encrypted = symmetric::encrypt(inputs, sources.data()?)?;
            derive::cut(Zeroizing::new(encrypted.reveal().to_vec()), length)
        }
        M::Nist800_108C | M::Nist800_108F | M::Nist800_108Dpi => {
            let iteration = match method {
                M::Nist800_108C => Iteration::Counter,
                M::Nist800_108F => Iteration::Feedback,
                _ => Iteration::DoublePipeline,
            };
            let function = Function::new(sources.algorithm, key, parameters);
            let initial = said.initialization_vector.as_deref().unwrap_or_default();
            derive::nist_800_108(iteration, &function, initial, sources.data()?, length)
        }
        M::Hkdf => {
            let hash = parameters.hashing_algorithm.unwrap_or(HashingAlgorithm::Sha256);
            let info = sources.data.as_ref().map(SecretBytes::reveal).unwrap_or_default();
            derive::hkdf(hash, key, said.salt.as_deref(), info, length)
        }
        _ => {
            let message = format!("the Derivation Method {method} is not supported");
            Err(Failure::new(ResultReason::FeatureNotSupported, message))
        }
    }
}

fn invalid(message: &str) -> Failure {
    Failure::new(ResultReason::InvalidField, message)
}

fn bad(message: &str) -> Failure {
    Failure::new(ResultReason::BadCryptographicParameters, message)
}
