//! What a server says of itself in answer to Query.

use kmip_derive::Ttlv;

use crate::attribute::Attributes;
use crate::error::{DecodeError, EncodeError};
use crate::generated::enumerations::{
    DestroyAction, ItemTypeEnumeration, ObjectType, ProfileName, RngMode, ShreddingAlgorithm, UnwrapMode,
    ValidationAuthorityType, ValidationType,
};
use crate::operation::{ObjectGroups, ObjectTypes};
use crate::ttlv::{Decode, Encode, Field, Reader, Root, Schema, Structure, Wire, Writer};
use crate::{Item, ItemTypes, ProtocolVersion, Tag};

/// A vendor's own tag (KMIP 1.4 section 2.1.9, 2.1 section 7.13). Since KMIP 1.1.
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ExtensionInformation")]
pub struct ExtensionInformation {
    /// The name.
    pub extension_name: String,
    /// The tag's number.
    pub extension_tag: Option<i32>,
    /// The item type.
    #[ttlv(with = "extension_type")]
    pub extension_type: Option<ItemTypeEnumeration>,
    /// The number of the enumeration that names the values.
    #[ttlv(since = "2.0")]
    pub extension_enumeration: Option<i32>,
    /// Whether it is an attribute.
    #[ttlv(since = "2.0")]
    pub extension_attribute: Option<bool>,
    /// The tag's number of the structure that it is in.
    #[ttlv(since = "2.0")]
    pub extension_parent_structure_tag: Option<i32>,
    /// What it is, in words.
    #[ttlv(since = "2.0")]
    pub extension_description: Option<String>,
}

/// The codec of Extension Type: an Integer before KMIP 2.0 (1.4 section 2.1.9), an enumeration since (2.1 section
/// 7.13). Both have the number of the item type.
mod extension_type {
    use super::ExtensionInformation;
    use crate::error::{DecodeError, EncodeError};
    use crate::generated::enumerations::ItemTypeEnumeration;
    use crate::ttlv::{Decode, Encode, Field, Reader, Structure, Wire, Writer};
    use crate::{ItemTypes, ProtocolVersion, Tag};

    /// The field that it writes.
    pub(super) const FIELDS: &[Field] = &[Field::optional(Tag::EXTENSION_TYPE).of::<Form>()];

    pub(super) fn encode(
        item_type: &Option<ItemTypeEnumeration>,
        writer: &mut Writer,
    ) -> Result<(), EncodeError> {
        writer.optional(&FIELDS[0], &item_type.map(Form))
    }

    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<Option<ItemTypeEnumeration>, DecodeError> {
        Ok(reader.optional(&FIELDS[0], ExtensionInformation::SCHEMA)?.map(|Form(item_type)| item_type))
    }

    /// The item type in the form of either version.
    pub(super) struct Form(ItemTypeEnumeration);

    impl Wire for Form {
        const ITEM_TYPES: ItemTypes = ItemTypes::INTEGER.or(ItemTypes::ENUMERATION);
    }

    impl Encode for Form {
        fn encode(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
            if writer.version().is_at_least(ProtocolVersion::V2_0) {
                return self.0.encode(tag, writer);
            }
            writer.integer(tag, u32::from(self.0).cast_signed())
        }
    }

    impl Decode for Form {
        fn decode(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
            match reader.peek()? {
                Some(header) if header.item_type == crate::ItemType::Integer => {
                    Ok(Self(reader.integer(tag)?.cast_unsigned().into()))
                }
                _ => ItemTypeEnumeration::decode(tag, reader).map(Self),
            }
        }
    }
}

/// A profile that a server keeps to (KMIP 1.4 section 2.1.19, 2.1 section 7.31). Since KMIP 1.3.
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ProfileInformation")]
pub struct ProfileInformation {
    /// The profile.
    pub profile_name: ProfileName,
    /// The profile's version.
    #[ttlv(since = "2.0")]
    pub profile_version: Option<ProfileVersion>,
    /// Where the profile is served.
    #[ttlv(tag = "ServerURI")]
    pub server_uri: Option<String>,
    /// The TCP port where the profile is served.
    pub server_port: Option<i32>,
}

/// The version of a profile (KMIP 2.1 section 7.32). Since KMIP 2.0.
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ProfileVersion")]
pub struct ProfileVersion {
    /// The first number.
    pub profile_version_major: i32,
    /// The second number.
    pub profile_version_minor: i32,
}

/// A formal validation of a server (KMIP 1.4 section 2.1.20, 2.1 section 7.41). Since KMIP 1.3.
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ValidationInformation")]
pub struct ValidationInformation {
    /// The kind of authority.
    pub validation_authority_type: ValidationAuthorityType,
    /// The authority's country, by two letters.
    pub validation_authority_country: Option<String>,
    /// The authority's address.
    #[ttlv(tag = "ValidationAuthorityURI")]
    pub validation_authority_uri: Option<String>,
    /// The first number of the validation's version.
    pub validation_version_major: i32,
    /// The second number of the validation's version.
    pub validation_version_minor: Option<i32>,
    /// The kind of validation.
    pub validation_type: ValidationType,
    /// The level.
    pub validation_level: i32,
    /// The certificate's name.
    pub validation_certificate_identifier: Option<String>,
    /// The certificate's address.
    #[ttlv(tag = "ValidationCertificateURI")]
    pub validation_certificate_uri: Option<String>,
    /// The vendor's address.
    #[ttlv(tag = "ValidationVendorURI")]
    pub validation_vendor_uri: Option<String>,
    /// The profiles that were validated.
    pub validation_profile: Vec<String>,
}

/// What a server can do (KMIP 1.4 section 2.1.21, 2.1 section 7.5). Since KMIP 1.3.
#[derive(Clone, Debug, Default, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "CapabilityInformation")]
pub struct CapabilityInformation {
    /// Whether it does cryptographic operations in parts.
    pub streaming_capability: Option<bool>,
    /// Whether it answers later.
    pub asynchronous_capability: Option<bool>,
    /// Whether it takes attestations.
    pub attestation_capability: Option<bool>,
    /// Whether it undoes a batch.
    #[ttlv(since = "1.4")]
    pub batch_undo_capability: Option<bool>,
    /// Whether it goes on with a batch after a failure.
    #[ttlv(since = "1.4")]
    pub batch_continue_capability: Option<bool>,
    /// What it does with wrapped keys.
    pub unwrap_mode: Option<UnwrapMode>,
    /// What it does on Destroy.
    pub destroy_action: Option<DestroyAction>,
    /// How it shreds.
    pub shredding_algorithm: Option<ShreddingAlgorithm>,
    /// How it has its random number generators.
    #[ttlv(tag = "RNGMode")]
    pub rng_mode: Option<RngMode>,
    /// Whether it withstands quantum computers.
    #[ttlv(since = "2.0")]
    pub quantum_safe_capability: Option<bool>,
}

/// The attributes that objects get unasked (KMIP 2.1 section 7.11). Since KMIP 2.0.
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "DefaultsInformation")]
pub struct DefaultsInformation {
    /// The attributes of each kind of object.
    #[ttlv(required = "2.0")]
    pub object_defaults: Vec<ObjectDefaults>,
}

/// The attributes that a kind of object gets unasked (KMIP 2.1 section 7.22). Since KMIP 2.0.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ObjectDefaults")]
pub struct ObjectDefaults {
    /// The kind of object or, since KMIP 2.1, several.
    #[ttlv(choice)]
    pub object_type: ObjectTypeOrTypes,
    /// The attributes.
    pub attributes: Attributes,
    /// The groups to which this applies.
    #[ttlv(since = "2.1")]
    pub object_groups: Option<ObjectGroups>,
}

/// One kind of object, or several (KMIP 2.1 section 7.22). Since KMIP 2.0.
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(choice = "tag")]
pub enum ObjectTypeOrTypes {
    /// One kind.
    ObjectType(ObjectType),
    /// Several kinds. Since KMIP 2.1.
    ObjectTypes(ObjectTypes),
}

/// What a server says of itself (KMIP 1.4 section 4.25, 2.1 section 7.37). Before KMIP 2.0, all of it is the
/// vendor's own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServerInformation {
    /// The server's name.
    pub server_name: Option<String>,
    /// The server's serial number.
    pub server_serial_number: Option<String>,
    /// The server's version.
    pub server_version: Option<String>,
    /// The server's load.
    pub server_load: Option<String>,
    /// The product's name.
    pub product_name: Option<String>,
    /// The product's build.
    pub build_level: Option<String>,
    /// When the product was built.
    pub build_date: Option<String>,
    /// The cluster that the server is in.
    pub cluster_info: Option<String>,
    /// Where to turn if the server fails.
    pub alternate_failover_endpoints: Vec<String>,
    /// What the vendor says besides.
    pub vendor_specific: Vec<Item>,
}

const SERVER_INFORMATION: &Schema = &Schema {
    name: "ServerInformation",
    fields: &[
        server_text(Tag::SERVER_NAME),
        server_text(Tag::SERVER_SERIAL_NUMBER),
        server_text(Tag::SERVER_VERSION),
        server_text(Tag::SERVER_LOAD),
        server_text(Tag::PRODUCT_NAME),
        server_text(Tag::BUILD_LEVEL),
        server_text(Tag::BUILD_DATE),
        server_text(Tag::CLUSTER_INFO),
        Field::repeated(Tag::ALTERNATE_FAILOVER_ENDPOINTS).of::<String>().since(ProtocolVersion::V2_0),
    ],
    catch_all: true,
};

const fn server_text(tag: Tag) -> Field {
    Field::optional(tag).of::<String>().since(ProtocolVersion::V2_0)
}

impl Wire for ServerInformation {
    const ITEM_TYPES: ItemTypes = ItemTypes::STRUCTURE;
}

impl Structure for ServerInformation {
    const SCHEMA: &'static Schema = SERVER_INFORMATION;
}

impl Root for ServerInformation {
    const TAG: Tag = Tag::SERVER_INFORMATION;
}

crate::ttlv::derived::serde_impls!(ServerInformation, serialize_root, deserialize_root);

impl Encode for ServerInformation {
    fn encode(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
        let texts = [
            &self.server_name,
            &self.server_serial_number,
            &self.server_version,
            &self.server_load,
            &self.product_name,
            &self.build_level,
            &self.build_date,
            &self.cluster_info,
        ];
        writer.structure(tag, |writer| {
            for (field, text) in SERVER_INFORMATION.fields.iter().zip(texts) {
                writer.optional(field, text)?;
            }
            writer.repeated(&SERVER_INFORMATION.fields[8], &self.alternate_failover_endpoints)?;
            writer.items(&self.vendor_specific)
        })
    }
}

/// Written by hand, as what the standard leaves to the vendor does not count as untyped.
impl Decode for ServerInformation {
    fn decode(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let fields = SERVER_INFORMATION.fields;
        reader.structure(tag, SERVER_INFORMATION, |reader| {
            Ok(Self {
                server_name: reader.optional(&fields[0], SERVER_INFORMATION)?,
                server_serial_number: reader.optional(&fields[1], SERVER_INFORMATION)?,
                server_version: reader.optional(&fields[2], SERVER_INFORMATION)?,
                server_load: reader.optional(&fields[3], SERVER_INFORMATION)?,
                product_name: reader.optional(&fields[4], SERVER_INFORMATION)?,
                build_level: reader.optional(&fields[5], SERVER_INFORMATION)?,
                build_date: reader.optional(&fields[6], SERVER_INFORMATION)?,
                cluster_info: reader.optional(&fields[7], SERVER_INFORMATION)?,
                alternate_failover_endpoints: reader.repeated(&fields[8], SERVER_INFORMATION)?,
                vendor_specific: reader.items()?,
            })
        })
    }
}

impl<I: IntoIterator<Item = ObjectDefaults>> From<I> for DefaultsInformation {
    fn from(object_defaults: I) -> Self {
        Self { object_defaults: object_defaults.into_iter().collect() }
    }
}

impl From<ObjectType> for ObjectTypeOrTypes {
    fn from(object_type: ObjectType) -> Self {
        Self::ObjectType(object_type)
    }
}

impl From<ObjectTypes> for ObjectTypeOrTypes {
    fn from(object_types: ObjectTypes) -> Self {
        Self::ObjectTypes(object_types)
    }
}
