//! Typed access to the attributes of a collection.

use core::fmt;

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
use crate::hex_debug::Shown;
use crate::ttlv::Tagged;
use crate::{DateTime, Interval};

/// A method that shows one of some attributes, as `Debug` would be derived but for bytes, which are in hex; none of the
/// others.
macro_rules! debug {
    ($name:ident: $($variant:ident),*) => {
        impl Attribute {
            fn $name(&self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
                #[allow(unused_imports, reason = "not every list has an attribute that is no bytes")]
                use $crate::hex_debug::Other as _;
                match self {
                    $(Self::$variant(value) => {
                        Some(f.debug_tuple(stringify!($variant)).field(&Shown(value).value()).finish())
                    })*
                    _ => None,
                }
            }
        }
    };
}

/// What a method that reads gives of a value: the small ones themselves, of text and bytes what is in them, a reference
/// to the others.
macro_rules! given {
    (value $type:ty) => {
        $type
    };
    (text $type:ty) => {
        &str
    };
    (bytes $type:ty) => {
        &[u8]
    };
    (reference $type:ty) => {
        &$type
    };
    (value of $value:ident) => {
        *$value
    };
    (text of $value:ident) => {
        $value.as_str()
    };
    (bytes of $value:ident) => {
        $value.as_slice()
    };
    (reference of $value:ident) => {
        $value
    };
}

/// A method that gives the value of an attribute of which there is at most one, and one that sets it.
macro_rules! one {
    ($debug:ident, $how:ident: $($get:ident, $with:ident: $variant:ident($type:ty)),* $(,)?) => {
        /// Attributes of which an object has at most one. Of several, the methods that read give the first.
        impl Attributes {
            $(
                #[doc = concat!("The value of [`Attribute::", stringify!($variant), "`], if it is there.")]
                pub fn $get(&self) -> Option<given!($how $type)> {
                    fn value(attribute: &Attribute) -> Option<given!($how $type)> {
                        match attribute {
                            Attribute::$variant(value) => Some(given!($how of value)),
                            _ => None,
                        }
                    }
                    self.iter().find_map(value)
                }

                #[doc = concat!("The same with [`Attribute::", stringify!($variant), "`] set.")]
                #[must_use]
                pub fn $with(mut self, value: impl Into<$type>) -> Self {
                    let value: $type = value.into();
                    self.set(Attribute::$variant(value.into()));
                    self
                }
            )*
        }

        debug! { $debug: $($variant),* }
    };
}

/// A method that gives the values of an attribute of which there may be several, and one that adds one.
macro_rules! several {
    ($debug:ident, $how:ident: $($get:ident, $with:ident: $variant:ident($type:ty)),* $(,)?) => {
        /// Attributes of which an object may have several.
        impl Attributes {
            $(
                #[doc = concat!("The values of [`Attribute::", stringify!($variant), "`], in their order.")]
                pub fn $get(&self) -> impl Iterator<Item = given!($how $type)> {
                    fn value(attribute: &Attribute) -> Option<given!($how $type)> {
                        match attribute {
                            Attribute::$variant(value) => Some(given!($how of value)),
                            _ => None,
                        }
                    }
                    self.iter().filter_map(value)
                }

                #[doc = concat!("The same with one more [`Attribute::", stringify!($variant), "`].")]
                #[must_use]
                pub fn $with(mut self, value: impl Into<$type>) -> Self {
                    let value: $type = value.into();
                    self.push(Attribute::$variant(value.into()));
                    self
                }
            )*
        }

        debug! { $debug: $($variant),* }
    };
}

one! {
    debug_one_value, value:
    object_type, with_object_type: ObjectType(ObjectType),
    cryptographic_algorithm, with_cryptographic_algorithm: CryptographicAlgorithm(CryptographicAlgorithm),
    cryptographic_length, with_cryptographic_length: CryptographicLength(i32),
    certificate_type, with_certificate_type: CertificateType(CertificateType),
    certificate_length, with_certificate_length: CertificateLength(i32),
    cryptographic_usage_mask, with_cryptographic_usage_mask: CryptographicUsageMask(CryptographicUsageMask),
    lease_time, with_lease_time: LeaseTime(Interval),
    state, with_state: State(State),
    initial_date, with_initial_date: InitialDate(DateTime),
    activation_date, with_activation_date: ActivationDate(DateTime),
    process_start_date, with_process_start_date: ProcessStartDate(DateTime),
    protect_stop_date, with_protect_stop_date: ProtectStopDate(DateTime),
    deactivation_date, with_deactivation_date: DeactivationDate(DateTime),
    destroy_date, with_destroy_date: DestroyDate(DateTime),
    compromise_occurrence_date, with_compromise_occurrence_date: CompromiseOccurrenceDate(DateTime),
    compromise_date, with_compromise_date: CompromiseDate(DateTime),
    archive_date, with_archive_date: ArchiveDate(DateTime),
    fresh, with_fresh: Fresh(bool),
    last_change_date, with_last_change_date: LastChangeDate(DateTime),
    key_value_present, with_key_value_present: KeyValuePresent(bool),
    original_creation_date, with_original_creation_date: OriginalCreationDate(DateTime),
    sensitive, with_sensitive: Sensitive(bool),
    always_sensitive, with_always_sensitive: AlwaysSensitive(bool),
    extractable, with_extractable: Extractable(bool),
    never_extractable, with_never_extractable: NeverExtractable(bool),
    key_format_type, with_key_format_type: KeyFormatType(KeyFormatType),
    opaque_data_type, with_opaque_data_type: OpaqueDataType(OpaqueDataType),
    protection_level, with_protection_level: ProtectionLevel(ProtectionLevel),
    protection_period, with_protection_period: ProtectionPeriod(Interval),
    protection_storage_mask, with_protection_storage_mask: ProtectionStorageMask(ProtectionStorageMask),
    quantum_safe, with_quantum_safe: QuantumSafe(bool),
    rotate_automatic, with_rotate_automatic: RotateAutomatic(bool),
    rotate_date, with_rotate_date: RotateDate(DateTime),
    rotate_generation, with_rotate_generation: RotateGeneration(i32),
    rotate_interval, with_rotate_interval: RotateInterval(Interval),
    rotate_latest, with_rotate_latest: RotateLatest(bool),
    rotate_offset, with_rotate_offset: RotateOffset(Interval),
}

one! {
    debug_one_text, text:
    operation_policy_name, with_operation_policy_name: OperationPolicyName(String),
    contact_information, with_contact_information: ContactInformation(String),
    pkcs12_friendly_name, with_pkcs12_friendly_name: Pkcs12FriendlyName(String),
    description, with_description: Description(String),
    comment, with_comment: Comment(String),
}

one! {
    debug_one_bytes, bytes:
    short_unique_identifier, with_short_unique_identifier: ShortUniqueIdentifier(Vec<u8>),
}

one! {
    debug_one_reference, reference:
    unique_identifier, with_unique_identifier: UniqueIdentifier(UniqueIdentifier),
    cryptographic_domain_parameters, with_cryptographic_domain_parameters: CryptographicDomainParameters(CryptographicDomainParameters),
    x509_certificate_identifier, with_x509_certificate_identifier: X509CertificateIdentifier(X509CertificateIdentifier),
    x509_certificate_subject, with_x509_certificate_subject: X509CertificateSubject(X509CertificateSubject),
    x509_certificate_issuer, with_x509_certificate_issuer: X509CertificateIssuer(X509CertificateIssuer),
    certificate_identifier, with_certificate_identifier: CertificateIdentifier(CertificateIdentifier),
    certificate_subject, with_certificate_subject: CertificateSubject(CertificateSubject),
    certificate_issuer, with_certificate_issuer: CertificateIssuer(CertificateIssuer),
    usage_limits, with_usage_limits: UsageLimits(UsageLimits),
    revocation_reason, with_revocation_reason: RevocationReason(RevocationReason),
    random_number_generator, with_random_number_generator: RandomNumberGenerator(RngParameters),
    rotate_name, with_rotate_name: RotateName(RotateName),
}

several! {
    debug_several_value, value:
    digital_signature_algorithms, with_digital_signature_algorithm: DigitalSignatureAlgorithm(DigitalSignatureAlgorithm),
    nist_key_types, with_nist_key_type: NistKeyType(NistKeyType),
}

several! {
    debug_several_text, text:
    object_groups, with_object_group: ObjectGroup(String),
    certificate_subject_cn, with_certificate_subject_cn: CertificateSubjectCn(String),
    certificate_subject_o, with_certificate_subject_o: CertificateSubjectO(String),
    certificate_subject_ou, with_certificate_subject_ou: CertificateSubjectOu(String),
    certificate_subject_email, with_certificate_subject_email: CertificateSubjectEmail(String),
    certificate_subject_c, with_certificate_subject_c: CertificateSubjectC(String),
    certificate_subject_st, with_certificate_subject_st: CertificateSubjectSt(String),
    certificate_subject_l, with_certificate_subject_l: CertificateSubjectL(String),
    certificate_subject_uid, with_certificate_subject_uid: CertificateSubjectUid(String),
    certificate_subject_serial_number, with_certificate_subject_serial_number: CertificateSubjectSerialNumber(String),
    certificate_subject_title, with_certificate_subject_title: CertificateSubjectTitle(String),
    certificate_subject_dc, with_certificate_subject_dc: CertificateSubjectDc(String),
    certificate_subject_dn_qualifier, with_certificate_subject_dn_qualifier: CertificateSubjectDnQualifier(String),
    certificate_issuer_cn, with_certificate_issuer_cn: CertificateIssuerCn(String),
    certificate_issuer_o, with_certificate_issuer_o: CertificateIssuerO(String),
    certificate_issuer_ou, with_certificate_issuer_ou: CertificateIssuerOu(String),
    certificate_issuer_email, with_certificate_issuer_email: CertificateIssuerEmail(String),
    certificate_issuer_c, with_certificate_issuer_c: CertificateIssuerC(String),
    certificate_issuer_st, with_certificate_issuer_st: CertificateIssuerSt(String),
    certificate_issuer_l, with_certificate_issuer_l: CertificateIssuerL(String),
    certificate_issuer_uid, with_certificate_issuer_uid: CertificateIssuerUid(String),
    certificate_issuer_serial_number, with_certificate_issuer_serial_number: CertificateIssuerSerialNumber(String),
    certificate_issuer_title, with_certificate_issuer_title: CertificateIssuerTitle(String),
    certificate_issuer_dc, with_certificate_issuer_dc: CertificateIssuerDc(String),
    certificate_issuer_dn_qualifier, with_certificate_issuer_dn_qualifier: CertificateIssuerDnQualifier(String),
}

several! {
    debug_several_reference, reference:
    names, with_name: Name(Name),
    cryptographic_parameters, with_cryptographic_parameters: CryptographicParameters(CryptographicParameters),
    digests, with_digest: Digest(Digest),
    links, with_link: Link(Link),
    application_specific_information, with_application_specific_information: ApplicationSpecificInformation(ApplicationSpecificInformation),
    alternative_names, with_alternative_name: AlternativeName(AlternativeName),
    key_value_locations, with_key_value_location: KeyValueLocation(KeyValueLocation),
    vendor_attributes, with_vendor_attribute: Vendor(VendorAttribute),
    custom_attributes, with_custom_attribute: Custom(CustomAttribute),
}

/// As it would be derived, but bytes are in hex.
impl fmt::Debug for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self
            .debug_one_value(f)
            .or_else(|| self.debug_one_text(f))
            .or_else(|| self.debug_one_bytes(f))
            .or_else(|| self.debug_one_reference(f))
            .or_else(|| self.debug_several_value(f))
            .or_else(|| self.debug_several_text(f))
            .or_else(|| self.debug_several_reference(f));
        known.unwrap_or_else(|| match self {
            Self::Other(item) => f.debug_tuple("Other").field(item).finish(),
            // The lists above have all the others.
            other => f.write_str(&other.tag().to_string()),
        })
    }
}
