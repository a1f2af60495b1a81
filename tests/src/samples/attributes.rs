//! Attributes: a value of every kind.

use kmip_types::attribute::Attribute::{self, *};
use kmip_types::attribute::*;
use kmip_types::enumerations::*;
use kmip_types::generated::attributes::ATTRIBUTES;
use kmip_types::masks::{CryptographicUsageMask, ProtectionStorageMask};
use kmip_types::ttlv::Tagged;
use kmip_types::{DateTime, Interval, ProtocolVersion, Value, attribute, enumerations};

use super::values::{DISTINGUISHED_NAME, KEY_DIGEST};
use super::{identifier, identifiers, since, usage_limits};

/// An attribute of every kind that the standard has.
pub fn every_attribute() -> Vec<Attribute> {
    let mut attributes = of_any_object();
    attributes.extend(of_keys());
    attributes.extend(of_certificates());
    attributes.extend(dates());
    attributes
}

fn of_any_object() -> Vec<Attribute> {
    vec![
        UniqueIdentifier(identifier()),
        Name(attribute::Name::text("ledger key")),
        ObjectType(enumerations::ObjectType::SymmetricKey),
        OperationPolicyName("default".into()),
        LeaseTime(Interval::from_seconds(3600)),
        State(enumerations::State::Active),
        RevocationReason(RevocationReasonCode::KeyCompromise.into()),
        ObjectGroup("blue".into()),
        Fresh(true),
        Link(attribute::Link {
            link_type: LinkType::PublicKeyLink,
            linked_object_identifier: identifiers::PUBLIC_KEY.into(),
        }),
        ApplicationSpecificInformation(attribute::ApplicationSpecificInformation {
            application_namespace: "ssl".into(),
            application_data: Some("ledger.example".into()),
        }),
        ContactInformation("keys@ledger.example".into()),
        AlternativeName(attribute::AlternativeName {
            alternative_name_value: "urn:example:ledger".into(),
            alternative_name_type: AlternativeNameType::Uri,
        }),
        KeyValueLocation(attribute::KeyValueLocation {
            key_value_location_value: "safe 3, shelf 12".into(),
            key_value_location_type: KeyValueLocationType::UninterpretedTextString,
        }),
        Description("encrypts the ledger".into()),
        Comment("renew before the audit".into()),
        Sensitive(true),
        AlwaysSensitive(true),
        Extractable(false),
        NeverExtractable(true),
        OpaqueDataType(enumerations::OpaqueDataType::Other(0x8000_0001)),
        ProtectionLevel(enumerations::ProtectionLevel::High),
        ProtectionPeriod(Interval::from_seconds(86_400)),
        ProtectionStorageMask(ProtectionStorageMask::HARDWARE),
        ShortUniqueIdentifier(vec![1, 2, 3, 4]),
        Vendor(Box::new(VendorAttribute {
            vendor_identification: "x".into(),
            attribute_name: "Colour".into(),
            attribute_value: Value::TextString("blue".into()),
        })),
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
        CryptographicParameters(Box::new(attribute::CryptographicParameters {
            block_cipher_mode: Some(BlockCipherMode::Gcm),
            ..Default::default()
        })),
        CryptographicDomainParameters(attribute::CryptographicDomainParameters {
            qlength: Some(160),
            recommended_curve: Some(RecommendedCurve::P256),
        }),
        CryptographicUsageMask(CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT),
        Digest(attribute::Digest {
            hashing_algorithm: HashingAlgorithm::Sha256,
            digest_value: Some(KEY_DIGEST.to_vec()),
            key_format_type: None,
        }),
        UsageLimits(usage_limits()),
        KeyValuePresent(true),
        RandomNumberGenerator(Box::new(rng_parameters)),
        KeyFormatType(enumerations::KeyFormatType::Raw),
        NistKeyType(enumerations::NistKeyType::SymmetricAuthenticationKey),
        QuantumSafe(false),
        RotateAutomatic(true),
        RotateGeneration(4),
        RotateInterval(Interval::from_seconds(86_400)),
        RotateLatest(true),
        RotateName(attribute::RotateName {
            rotate_name_value: "ledger key".into(),
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
            issuer_distinguished_name: DISTINGUISHED_NAME.to_vec(),
            certificate_serial_number: vec![0x1D, 0x0C],
        }),
        X509CertificateSubject(attribute::X509CertificateSubject {
            subject_distinguished_name: DISTINGUISHED_NAME.to_vec(),
            subject_alternative_name: vec![b"ledger.example".to_vec(), b"www.ledger.example".to_vec()],
        }),
        X509CertificateIssuer(attribute::X509CertificateIssuer {
            issuer_distinguished_name: DISTINGUISHED_NAME.to_vec(),
            issuer_alternative_name: vec![b"ledger.example".to_vec(), b"www.ledger.example".to_vec()],
        }),
        CertificateIdentifier(attribute::CertificateIdentifier {
            issuer: "CN=ca.example".into(),
            serial_number: Some("1D0C".into()),
        }),
        CertificateSubject(attribute::CertificateSubject {
            certificate_subject_distinguished_name: "CN=ledger.example".into(),
            certificate_subject_alternative_name: vec!["ledger.example".into(), "www.ledger.example".into()],
        }),
        CertificateIssuer(attribute::CertificateIssuer {
            certificate_issuer_distinguished_name: "CN=ca.example".into(),
            certificate_issuer_alternative_name: vec!["ca.example".into()],
        }),
        DigitalSignatureAlgorithm(enumerations::DigitalSignatureAlgorithm::Sha1WithRsaEncryption),
        Pkcs12FriendlyName("ledger".into()),
        CertificateSubjectCn("ledger.example".into()),
        CertificateSubjectO("Harbour Office".into()),
        CertificateSubjectOu("Accounts".into()),
        CertificateSubjectEmail("keys@ledger.example".into()),
        CertificateSubjectC("NL".into()),
        CertificateSubjectSt("Zuid-Holland".into()),
        CertificateSubjectL("Rotterdam".into()),
        CertificateSubjectUid("ledger".into()),
        CertificateSubjectSerialNumber("12".into()),
        CertificateSubjectTitle("Ledger".into()),
        CertificateSubjectDc("example".into()),
        CertificateSubjectDnQualifier("1".into()),
        CertificateIssuerCn("ca.example".into()),
        CertificateIssuerO("Harbour Office".into()),
        CertificateIssuerOu("Accounts".into()),
        CertificateIssuerEmail("ca@ca.example".into()),
        CertificateIssuerC("NL".into()),
        CertificateIssuerSt("Zuid-Holland".into()),
        CertificateIssuerL("Rotterdam".into()),
        CertificateIssuerUid("ledger".into()),
        CertificateIssuerSerialNumber("1".into()),
        CertificateIssuerTitle("Ledger".into()),
        CertificateIssuerDc("example".into()),
        CertificateIssuerDnQualifier("1".into()),
    ]
}

fn dates() -> Vec<Attribute> {
    let day = |day: i64| DateTime::from_seconds(1_700_000_000 + 86_400 * day);
    vec![
        InitialDate(day(1)),
        ActivationDate(day(2)),
        ProcessStartDate(day(3)),
        ProtectStopDate(day(4)),
        DeactivationDate(day(5)),
        DestroyDate(day(6)),
        CompromiseOccurrenceDate(day(7)),
        CompromiseDate(day(8)),
        ArchiveDate(day(9)),
        LastChangeDate(day(10)),
        OriginalCreationDate(day(11)),
        RotateDate(day(12)),
    ]
}

/// The oldest and the newest version that has an attribute. Vendors' attributes are in all.
pub fn versions(attribute: &Attribute) -> [ProtocolVersion; 2] {
    let newest = ProtocolVersion::NEWEST;
    match ATTRIBUTES.iter().find(|info| info.tag == Some(attribute.tag())) {
        Some(info) => [info.since, info.until.unwrap_or(newest)],
        None => [ProtocolVersion::V1_0, newest],
    }
}

/// Every attribute that a version has, with values that have every field of it.
pub fn all(version: ProtocolVersion) -> Attributes {
    let attributes = every_attribute().into_iter().filter(|attribute| is_in(attribute, version));
    attributes.chain(whole(version)).collect()
}

/// Attributes that have fields which not every version has, with all of them that the version has.
pub fn whole(version: ProtocolVersion) -> [Attribute; 2] {
    [parameters(version), digest(version)]
}

fn parameters(version: ProtocolVersion) -> Attribute {
    let [v1_2, v1_4] = [ProtocolVersion::V1_2, ProtocolVersion::V1_4];
    CryptographicParameters(Box::new(attribute::CryptographicParameters {
        block_cipher_mode: Some(BlockCipherMode::Gcm),
        padding_method: Some(PaddingMethod::None),
        hashing_algorithm: Some(HashingAlgorithm::Sha256),
        key_role_type: Some(KeyRoleType::Dek),
        digital_signature_algorithm: since(
            v1_2,
            version,
            enumerations::DigitalSignatureAlgorithm::EcdsaWithSha256,
        ),
        cryptographic_algorithm: since(v1_2, version, enumerations::CryptographicAlgorithm::Aes),
        random_iv: since(v1_2, version, true),
        iv_length: since(v1_2, version, 96),
        tag_length: since(v1_2, version, 16),
        fixed_field_length: since(v1_2, version, 32),
        invocation_field_length: since(v1_2, version, 64),
        counter_length: since(v1_2, version, 32),
        initial_counter_value: since(v1_2, version, 1),
        salt_length: since(v1_4, version, 32),
        mask_generator: since(v1_4, version, MaskGenerator::Mgf1),
        mask_generator_hashing_algorithm: since(v1_4, version, HashingAlgorithm::Sha256),
        p_source: since(v1_4, version, b"ledger".to_vec()),
        trailer_field: since(v1_4, version, 1),
    }))
}

fn digest(version: ProtocolVersion) -> Attribute {
    Digest(attribute::Digest {
        hashing_algorithm: HashingAlgorithm::Sha256,
        digest_value: Some(KEY_DIGEST.to_vec()),
        key_format_type: since(ProtocolVersion::V1_1, version, enumerations::KeyFormatType::Raw),
    })
}

/// Whether the version has an attribute.
pub fn is_in(attribute: &Attribute, version: ProtocolVersion) -> bool {
    let [oldest, newest] = versions(attribute);
    version.is_at_least(oldest) && newest.is_at_least(version)
}
