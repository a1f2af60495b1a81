//! Create Key Pair: makes a public and a private key (KMIP 1.4 section 4.2, 2.1 section 6.1.9).

use kmip_types::Tag;
use kmip_types::attribute::{Attribute, AttributeEntry, Attributes, Link};
use kmip_types::enumerations::{
    self, CryptographicAlgorithm, KeyFormatType, LinkType, ObjectType, ResultReason,
};
use kmip_types::object::{self, KeyBlock, KeyMaterial, ManagedObject};
use kmip_types::operation::{CreateKeyPairRequest, CreateKeyPairResponse};

use super::factory::{usual, with_defaults};
use super::new_object::{NewObject, Origin, algorithm_and_length, check_storage, check_usage_mask, missing};
use super::templates::asked_if_any;
use crate::answer::Failure;
use crate::keys::{Curve, PrivateKey};
use crate::server::attributes::Kind;
use crate::server::context::Context;
use crate::server::crypto::{asymmetric, cryptographic_failure, formats};
use crate::server::vendor_rules::VendorRules;

pub(super) fn create_key_pair(
    context: &mut Context<'_>,
    request: CreateKeyPairRequest,
) -> Result<CreateKeyPairResponse, Failure> {
    use ResultReason as R;
    check_storage(request.common_protection_storage_masks.as_ref(), R::ProtectionStorageUnavailable)?;
    check_storage(request.private_protection_storage_masks.as_ref(), R::PrivateProtectionStorageUnavailable)?;
    check_storage(request.public_protection_storage_masks.as_ref(), R::PublicProtectionStorageUnavailable)?;
    // Each with its own Templates, whose attributes come before the common ones.
    let common = asked_if_any(context, request.common_attributes)?;
    let own = asked_if_any(context, request.private_key_attributes)?;
    let private_attributes = merge(&common, own, ObjectType::PrivateKey, context.vendor_rules());
    let mut private_attributes = with_defaults(context, ObjectType::PrivateKey, private_attributes)?;
    let own = asked_if_any(context, request.public_key_attributes)?;
    let public_attributes = merge(&common, own, ObjectType::PublicKey, context.vendor_rules());
    let mut public_attributes = with_defaults(context, ObjectType::PublicKey, public_attributes)?;
    if context.version.has_attributes_by_tag() {
        add_usual(&mut private_attributes, &mut public_attributes);
    }
    check_usage_mask(&private_attributes)?;
    check_usage_mask(&public_attributes)?;
    let half = |requested| Half { requested, known: Vec::new(), format: None };
    let (private_identifier, public_identifier) =
        make_pair(context, half(private_attributes), half(public_attributes))?;

    let memory = &mut context.memory;
    memory.identifier(&private_identifier);
    memory.identifier(&public_identifier);
    memory.name(enumerations::UniqueIdentifierEnumeration::CreateKeyPair, &private_identifier);
    memory.name(enumerations::UniqueIdentifierEnumeration::CreateKeyPairPrivateKey, &private_identifier);
    memory.name(enumerations::UniqueIdentifierEnumeration::CreateKeyPairPublicKey, &public_identifier);
    memory.place(Some(&private_identifier));
    Ok(CreateKeyPairResponse {
        private_key_unique_identifier: private_identifier.into(),
        public_key_unique_identifier: public_identifier.into(),
        private_key_attributes: None,
        public_key_attributes: None,
    })
}

/// Adds what the server takes where the client says no algorithm or mask, since KMIP 2.0 (2.1 chapter 4, table 28).
fn add_usual(private: &mut Attributes, public: &mut Attributes) {
    let has_algorithm = private.cryptographic_algorithm().or(public.cryptographic_algorithm()).is_some();
    for (half, object_type) in [(private, ObjectType::PrivateKey), (public, ObjectType::PublicKey)] {
        let has_mask = half.cryptographic_usage_mask().is_some();
        for attribute in usual(object_type) {
            let is_wanted = match &attribute {
                Attribute::CryptographicAlgorithm(_) => !has_algorithm,
                Attribute::CryptographicUsageMask(_) => !has_mask,
                _ => false,
            };
            if is_wanted {
                half.push(attribute);
            }
        }
    }
}

/// What one key of a pair is to be like.
pub(super) struct Half {
    /// What the client asks for.
    pub(super) requested: Attributes,
    /// What the server says of it, besides what follows from the pair.
    pub(super) known: Vec<Attribute>,
    /// The format, unless the client asks for one; the usual one, if neither is there.
    pub(super) format: Option<KeyFormatType>,
}

/// Makes two keys of a pair, links them, and gives the identifiers of the private and of the public one.
pub(super) fn make_pair(
    context: &mut Context<'_>,
    private: Half,
    public: Half,
) -> Result<(String, String), Failure> {
    let Half { requested: private_attributes, known: private_known, format: private_format } = private;
    let Half { requested: public_attributes, known: public_known, format: public_format } = public;
    let plan = Plan::new(&private_attributes)?;
    if Plan::new(&public_attributes)? != plan {
        let message = "the two keys are to have different algorithms, lengths or curves";
        return Err(Failure::new(ResultReason::InvalidAttributeValue, message));
    }
    let format = |attributes: &Attributes, format: Option<KeyFormatType>, object_type| {
        let default = formats::default_format(object_type, Some(plan.algorithm), context.version);
        attributes.key_format_type().or(format).unwrap_or(default)
    };
    let private_format = format(&private_attributes, private_format, ObjectType::PrivateKey);
    let public_format = format(&public_attributes, public_format, ObjectType::PublicKey);

    let private = plan.generate()?;
    let public = private.public_key().ok_or_else(|| cryptographic_failure("making the public key"))?;
    let private_block = plan.block(private_format, private.to_material(private_format))?;
    let public_block = plan.block(public_format, public.to_material(public_format))?;

    let private_identifier = context.new_identifier();
    let public_identifier = context.new_identifier();
    let link = |link_type, identifier: &str| {
        Attribute::Link(Link { link_type, linked_object_identifier: identifier.into() })
    };
    let new = |identifier: &str, object_type, object, requested, more: Vec<Attribute>, link| {
        let mut known = algorithm_and_length(Some(plan.algorithm), Some(plan.length));
        known.push(link);
        known.extend(more);
        NewObject {
            identifier: identifier.to_owned(),
            object_type,
            object,
            known,
            requested,
            origin: Origin::Generated,
        }
    };
    new(
        &private_identifier,
        ObjectType::PrivateKey,
        ManagedObject::PrivateKey(object::PrivateKey { key_block: private_block }),
        private_attributes,
        private_known,
        link(LinkType::PublicKeyLink, &public_identifier),
    )
    .keep(context)?;
    new(
        &public_identifier,
        ObjectType::PublicKey,
        ManagedObject::PublicKey(object::PublicKey { key_block: public_block }),
        public_attributes,
        public_known,
        link(LinkType::PrivateKeyLink, &private_identifier),
    )
    .keep(context)?;
    Ok((private_identifier, public_identifier))
}

/// The attributes of one key: its own before the common ones, of which only those count that are for it.
pub(super) fn merge(
    common: &Attributes,
    mut own: Attributes,
    object_type: ObjectType,
    vendor: VendorRules<'_>,
) -> Attributes {
    for entry in common.entries() {
        let kind = Kind::of(&entry.attribute);
        let is_there = own.iter().any(|attribute| Kind::of(attribute) == kind);
        let is_for = is_for(&entry.attribute, object_type) && vendor.is_for(&kind, object_type);
        if (vendor.is_multiple(&kind) || !is_there) && is_for {
            own.push(AttributeEntry { index: None, attribute: entry.attribute.clone() });
        }
    }
    own
}

/// Whether a common attribute is for a kind of key. The two keys have no common Object Type, and only one
/// Key Format Type that both can have, so those are for the key that can have them.
fn is_for(attribute: &Attribute, object_type: ObjectType) -> bool {
    match attribute {
        Attribute::ObjectType(other @ (ObjectType::PrivateKey | ObjectType::PublicKey)) => {
            *other == object_type
        }
        Attribute::KeyFormatType(format) => match format {
            KeyFormatType::Pkcs8
            | KeyFormatType::EcPrivateKey
            | KeyFormatType::TransparentRsaPrivateKey
            | KeyFormatType::TransparentDsaPrivateKey
            | KeyFormatType::TransparentDhPrivateKey
            | KeyFormatType::TransparentEcPrivateKey
            | KeyFormatType::TransparentEcdsaPrivateKey
            | KeyFormatType::TransparentEcdhPrivateKey
            | KeyFormatType::TransparentEcmqvPrivateKey => object_type == ObjectType::PrivateKey,
            KeyFormatType::X509
            | KeyFormatType::TransparentRsaPublicKey
            | KeyFormatType::TransparentDsaPublicKey
            | KeyFormatType::TransparentDhPublicKey
            | KeyFormatType::TransparentEcPublicKey
            | KeyFormatType::TransparentEcdsaPublicKey
            | KeyFormatType::TransparentEcdhPublicKey
            | KeyFormatType::TransparentEcmqvPublicKey => object_type == ObjectType::PublicKey,
            _ => true,
        },
        _ => true,
    }
}

/// What is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Plan {
    algorithm: CryptographicAlgorithm,
    length: i32,
    numbers: Numbers,
}

/// What numbers the keys are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numbers {
    Rsa,
    Curve(Curve),
    /// With the length of q in bits, if it is said.
    Dsa(Option<i32>),
    Dh,
}

impl Plan {
    fn new(attributes: &Attributes) -> Result<Self, Failure> {
        let algorithm =
            attributes.cryptographic_algorithm().ok_or_else(|| missing("CryptographicAlgorithm"))?;
        let length = attributes.cryptographic_length();
        match algorithm {
            CryptographicAlgorithm::Rsa => {
                Ok(Self { algorithm, length: length.unwrap_or(2048), numbers: Numbers::Rsa })
            }
            CryptographicAlgorithm::Ec
            | CryptographicAlgorithm::Ecdsa
            | CryptographicAlgorithm::Ecdh
            | CryptographicAlgorithm::Ecmqv
            | CryptographicAlgorithm::Ed25519
            | CryptographicAlgorithm::Ed448 => {
                let recommended = attributes
                    .cryptographic_domain_parameters()
                    .and_then(|parameters| parameters.recommended_curve);
                let curve = match (recommended, length) {
                    (Some(recommended), _) => Curve::find(recommended, Some(algorithm)),
                    (None, _) if algorithm == CryptographicAlgorithm::Ed25519 => Some(Curve::Ed25519),
                    (None, _) if algorithm == CryptographicAlgorithm::Ed448 => Some(Curve::Ed448),
                    (None, length) => Curve::of_length(length.unwrap_or(256)),
                };
                // These two say their curve.
                let is_of_one_curve =
                    matches!(algorithm, CryptographicAlgorithm::Ed25519 | CryptographicAlgorithm::Ed448);
                let curve = curve.filter(|curve| !is_of_one_curve || curve.algorithm() == algorithm);
                let curve = curve.ok_or_else(|| invalid("the server makes no keys on this curve"))?;
                let length = length.unwrap_or(curve.bits());
                let fits = length == curve.bits() || length == curve.bits_of_numbers();
                if !fits {
                    return Err(invalid("the Cryptographic Length is not that of the curve"));
                }
                Ok(Self { algorithm, length, numbers: Numbers::Curve(curve) })
            }
            CryptographicAlgorithm::Dsa | CryptographicAlgorithm::Dh => {
                let parameters = attributes.cryptographic_domain_parameters();
                let q_bits = parameters.and_then(|parameters| parameters.qlength);
                let length = length.unwrap_or(2048);
                let numbers = match (algorithm, q_bits) {
                    (CryptographicAlgorithm::Dsa, q_bits) => Numbers::Dsa(q_bits),
                    // The prime is twice q and 1.
                    (_, q_bits) if q_bits.is_none_or(|bits| Some(bits) == length.checked_sub(1)) => {
                        Numbers::Dh
                    }
                    _ => return Err(invalid("the server makes no DH keys with this Qlength")),
                };
                Ok(Self { algorithm, length, numbers })
            }
            other => Err(invalid(&format!("the server makes no key pairs of {other}"))),
        }
    }

    fn generate(&self) -> Result<PrivateKey, Failure> {
        let none = || invalid(&format!("the server makes no {} keys of this length", self.algorithm));
        match self.numbers {
            Numbers::Curve(curve) => asymmetric::generate_ec(curve),
            Numbers::Rsa => asymmetric::generate_rsa(self.length).ok_or_else(none)?,
            Numbers::Dsa(q_bits) => asymmetric::generate_dsa(self.length, q_bits).ok_or_else(none)?,
            Numbers::Dh => asymmetric::generate_dh(self.length).ok_or_else(none)?,
        }
    }

    fn block(&self, format: KeyFormatType, material: Option<KeyMaterial>) -> Result<KeyBlock, Failure> {
        let tag = Tag::KEY_FORMAT_TYPE;
        let material =
            material.ok_or_else(|| invalid(&format!("no such key can be had by the {tag} {format}")))?;
        Ok(KeyBlock::plain(format, material, self.algorithm, self.length))
    }
}

fn invalid(message: &str) -> Failure {
    Failure::new(ResultReason::InvalidAttributeValue, message)
}
