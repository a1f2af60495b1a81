//! Attributes: a value of every kind.

use kmip_types::attribute::Attribute::{self, *};
use kmip_types::attribute::*;
use kmip_types::enumerations::*;
use kmip_types::generated::attributes::ATTRIBUTES;
use kmip_types::masks::{CryptographicUsageMask, ProtectionStorageMask};
use kmip_types::operation::{CreateRequest, GetAttributesResponse, SetAttributeRequest};
use kmip_types::ttlv::Tagged;
use kmip_types::{DateTime, Interval, ProtocolVersion, Tag, Value, attribute, enumerations};

use crate::round_trips::{request, response, round_trip};
use crate::samples::{identifier, usage_limits};

const V2_0: ProtocolVersion = ProtocolVersion::V2_0;

/// An attribute of every kind that the standard has.
fn every_attribute() -> Vec<Attribute> {
    let mut attributes = of_any_object();
    attributes.extend(of_keys());
    attributes.extend(of_certificates());
    attributes.extend(dates());
    attributes
}

fn of_any_object() -> Vec<Attribute> {
    vec![
        UniqueIdentifier(identifier()),
        Name(attribute::Name::text("a key")),
        ObjectType(enumerations::ObjectType::SymmetricKey),
        OperationPolicyName("default".into()),
        LeaseTime(Interval::from_seconds(3600)),
        State(enumerations::State::Active),
        RevocationReason(RevocationReasonCode::KeyCompromise.into()),
        ObjectGroup("blue".into()),
        Fresh(true),
        Link(attribute::Link { link_type: LinkType::PublicKeyLink, linked_object_identifier: "k-2".into() }),
        ApplicationSpecificInformation(attribute::ApplicationSpecificInformation {
            application_namespace: "ssl".into(),
            application_data: Some("www.example.com".into()),
        }),
        ContactInformation("someone".into()),
        AlternativeName(attribute::AlternativeName {
            alternative_name_value: "urn:a".into(),
            alternative_name_type: AlternativeNameType::Uri,
        }),
        KeyValueLocation(attribute::KeyValueLocation {
            key_value_location_value: "shelf".into(),
            key_value_location_type: KeyValueLocationType::UninterpretedTextString,
        }),
        Description("what it is".into()),
        Comment("what I say".into()),
        Sensitive(true),
        AlwaysSensitive(true),
        Extractable(false),
        NeverExtractable(true),
        OpaqueDataType(enumerations::OpaqueDataType::Other(0x8000_0001)),
        ProtectionLevel(enumerations::ProtectionLevel::High),
        ProtectionPeriod(Interval::from_seconds(86_400)),
        ProtectionStorageMask(ProtectionStorageMask::HARDWARE),
        ShortUniqueIdentifier(vec![1, 2, 3, 4]),
        Vendor(VendorAttribute {
            vendor_identification: "x".into(),
            attribute_name: "Colour".into(),
            attribute_value: Value::TextString("blue".into()),
        }),
    ]
}

fn of_keys() -> Vec<Attribute> {
    let rng_parameters = RngParameters {
        rng_algorithm: RngAlgorithm::Unspecified,
        cryptographic_algorithm: None,
        cryptographic_length: None,
        hashing_algorithm: None,
        drbg_algorithm: None,
        recommended_curve: None,
        fips186_variation: None,
        prediction_resistance: None,
    };
    vec![
        CryptographicAlgorithm(enumerations::CryptographicAlgorithm::Aes),
        CryptographicLength(256),
        CryptographicParameters(attribute::CryptographicParameters {
            block_cipher_mode: Some(BlockCipherMode::Gcm),
            ..Default::default()
        }),
        CryptographicDomainParameters(attribute::CryptographicDomainParameters {
            qlength: Some(160),
            recommended_curve: Some(RecommendedCurve::P256),
        }),
        CryptographicUsageMask(CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT),
        Digest(attribute::Digest {
            hashing_algorithm: HashingAlgorithm::Sha256,
            digest_value: Some(vec![1; 32]),
            key_format_type: None,
        }),
        UsageLimits(usage_limits()),
        KeyValuePresent(true),
        RandomNumberGenerator(rng_parameters),
        KeyFormatType(enumerations::KeyFormatType::Raw),
        NistKeyType(enumerations::NistKeyType::SymmetricAuthenticationKey),
        QuantumSafe(false),
        RotateAutomatic(true),
        RotateGeneration(4),
        RotateInterval(Interval::from_seconds(86_400)),
        RotateLatest(true),
        RotateName(attribute::RotateName {
            rotate_name_value: "a key".into(),
            rotate_name_type: RotateNameType::UninterpretedTextString,
        }),
        RotateOffset(Interval::from_seconds(60)),
    ]
}

fn of_certificates() -> Vec<Attribute> {
    vec![
        CertificateType(enumerations::CertificateType::X509),
        CertificateLength(1024),
        X509CertificateIdentifier(attribute::X509CertificateIdentifier {
            issuer_distinguished_name: vec![0x30, 0],
            certificate_serial_number: vec![1],
        }),
        X509CertificateSubject(attribute::X509CertificateSubject {
            subject_distinguished_name: vec![0x30, 0],
            subject_alternative_name: vec![vec![1], vec![2]],
        }),
        X509CertificateIssuer(attribute::X509CertificateIssuer {
            issuer_distinguished_name: vec![0x30, 0],
            issuer_alternative_name: vec![vec![1], vec![2]],
        }),
        CertificateIdentifier(attribute::CertificateIdentifier {
            issuer: "CN=ca".into(),
            serial_number: Some("1".into()),
        }),
        CertificateSubject(attribute::CertificateSubject {
            certificate_subject_distinguished_name: "CN=me".into(),
            certificate_subject_alternative_name: vec!["me".into(), "myself".into()],
        }),
        CertificateIssuer(attribute::CertificateIssuer {
            certificate_issuer_distinguished_name: "CN=ca".into(),
            certificate_issuer_alternative_name: vec!["ca".into()],
        }),
        DigitalSignatureAlgorithm(enumerations::DigitalSignatureAlgorithm::Sha1WithRsaEncryption),
        Pkcs12FriendlyName("friend".into()),
        CertificateSubjectCn("subject cn".into()),
        CertificateSubjectO("subject o".into()),
        CertificateSubjectOu("subject ou".into()),
        CertificateSubjectEmail("subject email".into()),
        CertificateSubjectC("subject c".into()),
        CertificateSubjectSt("subject st".into()),
        CertificateSubjectL("subject l".into()),
        CertificateSubjectUid("subject uid".into()),
        CertificateSubjectSerialNumber("subject serialnumber".into()),
        CertificateSubjectTitle("subject title".into()),
        CertificateSubjectDc("subject dc".into()),
        CertificateSubjectDnQualifier("subject dnqualifier".into()),
        CertificateIssuerCn("issuer cn".into()),
        CertificateIssuerO("issuer o".into()),
        CertificateIssuerOu("issuer ou".into()),
        CertificateIssuerEmail("issuer email".into()),
        CertificateIssuerC("issuer c".into()),
        CertificateIssuerSt("issuer st".into()),
        CertificateIssuerL("issuer l".into()),
        CertificateIssuerUid("issuer uid".into()),
        CertificateIssuerSerialNumber("issuer serialnumber".into()),
        CertificateIssuerTitle("issuer title".into()),
        CertificateIssuerDc("issuer dc".into()),
        CertificateIssuerDnQualifier("issuer dnqualifier".into()),
    ]
}

fn dates() -> Vec<Attribute> {
    let date = DateTime::from_seconds;
    vec![
        InitialDate(date(1)),
        ActivationDate(date(2)),
        ProcessStartDate(date(3)),
        ProtectStopDate(date(4)),
        DeactivationDate(date(5)),
        DestroyDate(date(6)),
        CompromiseOccurrenceDate(date(7)),
        CompromiseDate(date(8)),
        ArchiveDate(date(9)),
        LastChangeDate(date(10)),
        OriginalCreationDate(date(11)),
        RotateDate(date(12)),
    ]
}

/// The oldest and the newest version that has an attribute. Vendors' attributes are in all.
fn versions(attribute: &Attribute) -> [ProtocolVersion; 2] {
    let newest = *ProtocolVersion::ALL.last().unwrap();
    match ATTRIBUTES.iter().find(|info| info.tag == Some(attribute.tag())) {
        Some(info) => [info.since, info.until.unwrap_or(newest)],
        None => [ProtocolVersion::V1_0, newest],
    }
}

#[test]
fn every_attribute_round_trips_in_its_oldest_and_its_newest_version() {
    for attribute in every_attribute() {
        for version in versions(&attribute) {
            let mut attributes = Attributes::new();
            attributes.push(attribute.clone());
            let create = CreateRequest::new(enumerations::ObjectType::SymmetricKey, attributes.clone());
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
    let typed = attributes.iter().filter(|attribute| !matches!(attribute, Other(_) | Custom(_)));
    assert_eq!(typed.count(), attributes.len());
}

#[test]
fn rejects_an_attribute_in_a_version_that_lacks_it() {
    for attribute in every_attribute() {
        let [oldest, newest] = versions(&attribute);
        for version in ProtocolVersion::ALL {
            let attributes = Attributes::new().with(attribute.clone());
            let create = CreateRequest::new(enumerations::ObjectType::SymmetricKey, attributes);
            let result = kmip_types::message::Message::to_ttlv(&request(*version, create));
            let has = version.is_at_least(oldest) && newest.is_at_least(*version);
            assert_eq!(result.is_ok(), has, "{attribute:?} in {version}: {result:?}");
        }
    }
}

#[test]
fn accessors_find_what_is_there() {
    let attributes: Attributes = every_attribute().into_iter().collect();
    assert_eq!(attributes.cryptographic_length(), Some(&256));
    assert_eq!(attributes.certificate_subject_cn().collect::<Vec<_>>(), ["subject cn"]);
    assert_eq!(attributes.certificate_issuer_dn_qualifier().collect::<Vec<_>>(), ["issuer dnqualifier"]);
    assert_eq!(attributes.pkcs12_friendly_name().map(String::as_str), Some("friend"));
    assert_eq!(attributes.digital_signature_algorithms().count(), 1);
    assert_eq!(
        attributes.x509_certificate_identifier().map(|it| it.certificate_serial_number.len()),
        Some(1)
    );
    assert_eq!(attributes.vendor_attributes().count(), 1);
    assert_eq!(attributes.custom_attributes().count(), 0);
    assert_eq!(Attributes::new().certificate_subject_cn().count(), 0);
}
