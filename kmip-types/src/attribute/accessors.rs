//! Typed access to the attributes of a collection.

use crate::attribute::{
    AlternativeName, ApplicationSpecificInformation, Attribute, Attributes, CertificateIdentifier,
    CertificateIssuer, CertificateSubject, CryptographicDomainParameters, CryptographicParameters,
    CustomAttribute, Digest, KeyValueLocation, Link, Name, RevocationReason, RngParameters, RotateName,
    UniqueIdentifier, UsageLimits, VendorAttribute, X509CertificateIdentifier, X509CertificateIssuer,
    X509CertificateSubject,
};
use crate::generated::enumerations::{
    CertificateType, CryptographicAlgorithm, DigitalSignatureAlgorithm, KeyFormatType, NistKeyType,
    ObjectType, OpaqueDataType, ProtectionLevel, State,
};
use crate::generated::masks::{CryptographicUsageMask, ProtectionStorageMask};
use crate::{DateTime, Interval};

/// A method that gives the value of an attribute of which there is at most one.
macro_rules! one {
    ($($method:ident: $variant:ident($type:ty)),* $(,)?) => {
        /// Attributes of which an object has at most one. Of several, these give the first.
        impl Attributes {
            $(
                #[doc = concat!("The value of [`Attribute::", stringify!($variant), "`], if it is there.")]
                pub fn $method(&self) -> Option<&$type> {
                    fn value(attribute: &Attribute) -> Option<&$type> {
                        match attribute {
                            Attribute::$variant(value) => Some(value),
                            _ => None,
                        }
                    }
                    self.iter().find_map(value)
                }
            )*
        }
    };
}

/// A method that gives the values of an attribute of which there may be several.
macro_rules! several {
    ($($method:ident: $variant:ident($type:ty)),* $(,)?) => {
        /// Attributes of which an object may have several.
        impl Attributes {
            $(
                #[doc = concat!("The values of [`Attribute::", stringify!($variant), "`], in their order.")]
                pub fn $method(&self) -> impl Iterator<Item = &$type> {
                    fn value(attribute: &Attribute) -> Option<&$type> {
                        match attribute {
                            Attribute::$variant(value) => Some(value),
                            _ => None,
                        }
                    }
                    self.iter().filter_map(value)
                }
            )*
        }
    };
}

one! {
    unique_identifier: UniqueIdentifier(UniqueIdentifier),
    object_type: ObjectType(ObjectType),
    cryptographic_algorithm: CryptographicAlgorithm(CryptographicAlgorithm),
    cryptographic_length: CryptographicLength(i32),
    cryptographic_domain_parameters: CryptographicDomainParameters(CryptographicDomainParameters),
    certificate_type: CertificateType(CertificateType),
    certificate_length: CertificateLength(i32),
    x509_certificate_identifier: X509CertificateIdentifier(X509CertificateIdentifier),
    x509_certificate_subject: X509CertificateSubject(X509CertificateSubject),
    x509_certificate_issuer: X509CertificateIssuer(X509CertificateIssuer),
    certificate_identifier: CertificateIdentifier(CertificateIdentifier),
    certificate_subject: CertificateSubject(CertificateSubject),
    certificate_issuer: CertificateIssuer(CertificateIssuer),
    digital_signature_algorithm: DigitalSignatureAlgorithm(DigitalSignatureAlgorithm),
    operation_policy_name: OperationPolicyName(String),
    cryptographic_usage_mask: CryptographicUsageMask(CryptographicUsageMask),
    lease_time: LeaseTime(Interval),
    usage_limits: UsageLimits(UsageLimits),
    state: State(State),
    initial_date: InitialDate(DateTime),
    activation_date: ActivationDate(DateTime),
    process_start_date: ProcessStartDate(DateTime),
    protect_stop_date: ProtectStopDate(DateTime),
    deactivation_date: DeactivationDate(DateTime),
    destroy_date: DestroyDate(DateTime),
    compromise_occurrence_date: CompromiseOccurrenceDate(DateTime),
    compromise_date: CompromiseDate(DateTime),
    revocation_reason: RevocationReason(RevocationReason),
    archive_date: ArchiveDate(DateTime),
    fresh: Fresh(bool),
    contact_information: ContactInformation(String),
    last_change_date: LastChangeDate(DateTime),
    key_value_present: KeyValuePresent(bool),
    original_creation_date: OriginalCreationDate(DateTime),
    random_number_generator: RandomNumberGenerator(RngParameters),
    pkcs12_friendly_name: Pkcs12FriendlyName(String),
    description: Description(String),
    comment: Comment(String),
    sensitive: Sensitive(bool),
    always_sensitive: AlwaysSensitive(bool),
    extractable: Extractable(bool),
    never_extractable: NeverExtractable(bool),
    key_format_type: KeyFormatType(KeyFormatType),
    opaque_data_type: OpaqueDataType(OpaqueDataType),
    protection_level: ProtectionLevel(ProtectionLevel),
    protection_period: ProtectionPeriod(Interval),
    protection_storage_mask: ProtectionStorageMask(ProtectionStorageMask),
    quantum_safe: QuantumSafe(bool),
    rotate_automatic: RotateAutomatic(bool),
    rotate_date: RotateDate(DateTime),
    rotate_generation: RotateGeneration(i32),
    rotate_interval: RotateInterval(Interval),
    rotate_latest: RotateLatest(bool),
    rotate_name: RotateName(RotateName),
    rotate_offset: RotateOffset(Interval),
    short_unique_identifier: ShortUniqueIdentifier(Vec<u8>),
}

several! {
    names: Name(Name),
    cryptographic_parameters: CryptographicParameters(CryptographicParameters),
    digital_signature_algorithms: DigitalSignatureAlgorithm(DigitalSignatureAlgorithm),
    digests: Digest(Digest),
    object_groups: ObjectGroup(String),
    links: Link(Link),
    nist_key_types: NistKeyType(NistKeyType),
    application_specific_information: ApplicationSpecificInformation(ApplicationSpecificInformation),
    alternative_names: AlternativeName(AlternativeName),
    key_value_locations: KeyValueLocation(KeyValueLocation),
    certificate_subject_cn: CertificateSubjectCn(String),
    certificate_subject_o: CertificateSubjectO(String),
    certificate_subject_ou: CertificateSubjectOu(String),
    certificate_subject_email: CertificateSubjectEmail(String),
    certificate_subject_c: CertificateSubjectC(String),
    certificate_subject_st: CertificateSubjectSt(String),
    certificate_subject_l: CertificateSubjectL(String),
    certificate_subject_uid: CertificateSubjectUid(String),
    certificate_subject_serial_number: CertificateSubjectSerialNumber(String),
    certificate_subject_title: CertificateSubjectTitle(String),
    certificate_subject_dc: CertificateSubjectDc(String),
    certificate_subject_dn_qualifier: CertificateSubjectDnQualifier(String),
    certificate_issuer_cn: CertificateIssuerCn(String),
    certificate_issuer_o: CertificateIssuerO(String),
    certificate_issuer_ou: CertificateIssuerOu(String),
    certificate_issuer_email: CertificateIssuerEmail(String),
    certificate_issuer_c: CertificateIssuerC(String),
    certificate_issuer_st: CertificateIssuerSt(String),
    certificate_issuer_l: CertificateIssuerL(String),
    certificate_issuer_uid: CertificateIssuerUid(String),
    certificate_issuer_serial_number: CertificateIssuerSerialNumber(String),
    certificate_issuer_title: CertificateIssuerTitle(String),
    certificate_issuer_dc: CertificateIssuerDc(String),
    certificate_issuer_dn_qualifier: CertificateIssuerDnQualifier(String),
    vendor_attributes: Vendor(VendorAttribute),
    custom_attributes: Custom(CustomAttribute),
}
