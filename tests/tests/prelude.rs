//! Every type that a program globs is one name, so that all can be in scope at once.

use kmip_types::attribute::*;
use kmip_types::enumerations::*;
use kmip_types::masks::*;
use kmip_types::message::*;
use kmip_types::object::*;
use kmip_types::operation::*;

#[test]
fn names_that_could_clash_are_each_one_type() {
    // A name that two of the modules had would not compile here.
    let identifier = UniqueIdentifier::Enumeration(UniqueIdentifierEnumeration::IdPlaceholder);
    let data = Data::Enumeration(DataEnumeration::Encrypt);
    let item_type = (kmip_types::ItemType::Integer.number(), ItemTypeEnumeration::Integer.value());
    assert_eq!(identifier, UniqueIdentifier::ID_PLACEHOLDER);
    assert_eq!(data.as_bytes(), None);
    assert_eq!(u32::from(item_type.0), item_type.1);
    let modules =
        (RequestHeader::new(kmip_types::ProtocolVersion::V2_1, 1).batch_count, CryptographicUsageMask::SIGN);
    assert_eq!(modules, (1, CryptographicUsageMask::SIGN));
    assert!(KeyMaterial::bytes(vec![1]).as_bytes().is_some());
}

#[test]
fn no_enumeration_or_mask_has_the_name_of_a_structure() {
    use kmip_sdk::prelude as sdk;

    // The prelude of either package has the same types.
    let by_sdk: sdk::ObjectType = ObjectType::SymmetricKey;
    assert_eq!(by_sdk, kmip_types::prelude::ObjectType::SymmetricKey);
}
