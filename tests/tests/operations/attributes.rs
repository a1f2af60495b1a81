//! Attributes: a value of every kind.

use kmip_tests::samples::attributes::{every_attribute, is_in, versions};
use kmip_tests::samples::identifier;
use kmip_types::attribute::{Attribute, Attributes};
use kmip_types::enumerations::ObjectType;
use kmip_types::generated::attributes::ATTRIBUTES;
use kmip_types::operation::{CreateRequest, GetAttributesResponse, SetAttributeRequest};
use kmip_types::ttlv::Tagged;
use kmip_types::{ProtocolVersion, Tag};

use crate::round_trips::{request, response, round_trip};

const V2_0: ProtocolVersion = ProtocolVersion::V2_0;

#[test]
fn every_attribute_round_trips_in_its_oldest_and_its_newest_version() {
    for attribute in every_attribute() {
        for version in versions(&attribute) {
            let mut attributes = Attributes::new();
            attributes.push(attribute.clone());
            let create = CreateRequest::new(ObjectType::SymmetricKey, attributes.clone());
            round_trip(&request(version, create));
            let unique_identifier = identifier();
            round_trip(&response(version, GetAttributesResponse { unique_identifier, attributes }));
        }
        if versions(&attribute)[1].is_at_least(V2_0) {
            round_trip(&request(V2_0.max(versions(&attribute)[0]), SetAttributeRequest::new("k", attribute)));
        }
    }
}

#[test]
fn every_attribute_of_the_standard_has_a_type() {
    let attributes = every_attribute();
    for info in ATTRIBUTES {
        // Custom attributes have names of their own instead.
        let Some(tag) = info.tag.filter(|tag| *tag != Tag::CUSTOM_ATTRIBUTE) else { continue };
        assert!(attributes.iter().any(|attribute| attribute.tag() == tag), "{} is not there", info.name);
        assert!(Attribute::TAGS.contains(&tag), "{} has no type", info.name);
    }
    let typed = attributes
        .iter()
        .filter(|attribute| !matches!(attribute, Attribute::Other(_) | Attribute::Custom(_)));
    assert_eq!(typed.count(), attributes.len());
}

#[test]
fn rejects_an_attribute_in_a_version_that_lacks_it() {
    for attribute in every_attribute() {
        for version in ProtocolVersion::ALL {
            let attributes = Attributes::new().with(attribute.clone());
            let create = CreateRequest::new(ObjectType::SymmetricKey, attributes);
            let result = kmip_types::message::Message::to_ttlv(&request(*version, create));
            let has = is_in(&attribute, *version);
            assert_eq!(result.is_ok(), has, "{attribute:?} in {version}: {result:?}");
        }
    }
}

#[test]
fn accessors_find_what_is_there() {
    let attributes: Attributes = every_attribute().into_iter().collect();
    assert_eq!(attributes.cryptographic_length(), Some(256));
    assert_eq!(attributes.certificate_subject_cn().collect::<Vec<_>>(), ["ledger.example"]);
    assert_eq!(attributes.certificate_issuer_dn_qualifier().collect::<Vec<_>>(), ["1"]);
    assert_eq!(attributes.pkcs12_friendly_name(), Some("ledger"));
    assert_eq!(attributes.digital_signature_algorithms().count(), 1);
    assert_eq!(
        attributes.x509_certificate_identifier().map(|it| it.certificate_serial_number.len()),
        Some(2)
    );
    assert_eq!(attributes.vendor_attributes().count(), 1);
    assert_eq!(attributes.custom_attributes().count(), 0);
    assert_eq!(Attributes::new().certificate_subject_cn().count(), 0);
}
