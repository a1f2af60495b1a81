//! One attribute of any kind.

use kmip_derive::Ttlv;

use crate::attribute::{
    AlternativeName, ApplicationSpecificInformation, CertificateIdentifier, CertificateIssuer,
    CertificateSubject, CryptographicDomainParameters, CryptographicParameters, CustomAttribute, Digest,
    KeyValueLocation, Link, Name, RevocationReason, RngParameters, RotateName, UniqueIdentifier, UsageLimits,
    VendorAttribute, X509CertificateIdentifier, X509CertificateIssuer, X509CertificateSubject,
};
use crate::generated::enumerations::{
    CertificateType, CryptographicAlgorithm, DigitalSignatureAlgorithm, KeyFormatType, NistKeyType,
    ObjectType, OpaqueDataType, ProtectionLevel, State,
};
use crate::generated::masks::{CryptographicUsageMask, ProtectionStorageMask};
use crate::{DateTime, Interval, Item};

/// An attribute of a managed object, under the tag that names it from KMIP 2.0 on.
///
/// Before 2.0 the same attribute is named by the standard's spelled-out name of that tag.
#[derive(Clone, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(choice = "tag")]
pub enum Attribute {
    /// Unique Identifier (KMIP 1.4 section 3.1, 2.1 section 4.58).
    UniqueIdentifier(UniqueIdentifier),
    /// Name (KMIP 1.4 section 3.2, 2.1 section 4.32).
    Name(Name),
    /// Object Type (KMIP 1.4 section 3.3, 2.1 section 4.36).
    ObjectType(ObjectType),
    /// Cryptographic Algorithm (KMIP 1.4 section 3.4, 2.1 section 4.13).
    CryptographicAlgorithm(CryptographicAlgorithm),
    /// Cryptographic Length, in bits (KMIP 1.4 section 3.5, 2.1 section 4.15).
    CryptographicLength(i32),
    /// Cryptographic Parameters (KMIP 1.4 section 3.6, 2.1 section 4.16).
    CryptographicParameters(Box<CryptographicParameters>),
    /// Cryptographic Domain Parameters (KMIP 1.4 section 3.7, 2.1 section 4.14).
    CryptographicDomainParameters(CryptographicDomainParameters),
    /// Certificate Type (KMIP 1.4 section 3.8, 2.1 section 4.7).
    CertificateType(CertificateType),
    /// Certificate Length, in bytes (KMIP 1.4 section 3.9, 2.1 section 4.8).
    CertificateLength(i32),
    /// X.509 Certificate Identifier (KMIP 1.4 section 3.10, 2.1 section 4.61).
    #[ttlv(tag = "X_509CertificateIdentifier")]
    X509CertificateIdentifier(X509CertificateIdentifier),
    /// X.509 Certificate Subject (KMIP 1.4 section 3.11, 2.1 section 4.63).
    #[ttlv(tag = "X_509CertificateSubject")]
    X509CertificateSubject(X509CertificateSubject),
    /// X.509 Certificate Issuer (KMIP 1.4 section 3.12, 2.1 section 4.62).
    #[ttlv(tag = "X_509CertificateIssuer")]
    X509CertificateIssuer(X509CertificateIssuer),
    /// Certificate Identifier (KMIP 1.4 section 3.13), until KMIP 1.4.
    CertificateIdentifier(CertificateIdentifier),
    /// Certificate Subject (KMIP 1.4 section 3.14), until KMIP 1.4.
    CertificateSubject(CertificateSubject),
    /// Certificate Issuer (KMIP 1.4 section 3.15), until KMIP 1.4.
    CertificateIssuer(CertificateIssuer),
    /// Digital Signature Algorithm (KMIP 1.4 section 3.16, 2.1 section 4.22).
    DigitalSignatureAlgorithm(DigitalSignatureAlgorithm),
    /// Digest (KMIP 1.4 section 3.17, 2.1 section 4.21).
    Digest(Digest),
    /// Operation Policy Name (KMIP 1.4 section 3.18), until KMIP 1.4.
    OperationPolicyName(String),
    /// Cryptographic Usage Mask (KMIP 1.4 section 3.19, 2.1 section 4.17).
    CryptographicUsageMask(CryptographicUsageMask),
    /// Lease Time (KMIP 1.4 section 3.20, 2.1 section 4.30).
    LeaseTime(Interval),
    /// Usage Limits (KMIP 1.4 section 3.21, 2.1 section 4.59).
    UsageLimits(UsageLimits),
    /// State (KMIP 1.4 section 3.22, 2.1 section 4.57).
    State(State),
    /// Initial Date (KMIP 1.4 section 3.23, 2.1 section 4.25).
    InitialDate(DateTime),
    /// Activation Date (KMIP 1.4 section 3.24, 2.1 section 4.1).
    ActivationDate(DateTime),
    /// Process Start Date (KMIP 1.4 section 3.25, 2.1 section 4.40).
    ProcessStartDate(DateTime),
    /// Protect Stop Date (KMIP 1.4 section 3.26, 2.1 section 4.41).
    ProtectStopDate(DateTime),
    /// Deactivation Date (KMIP 1.4 section 3.27, 2.1 section 4.18).
    DeactivationDate(DateTime),
    /// Destroy Date (KMIP 1.4 section 3.28, 2.1 section 4.20).
    DestroyDate(DateTime),
    /// Compromise Occurrence Date (KMIP 1.4 section 3.29, 2.1 section 4.11).
    CompromiseOccurrenceDate(DateTime),
    /// Compromise Date (KMIP 1.4 section 3.30, 2.1 section 4.10).
    CompromiseDate(DateTime),
    /// Revocation Reason (KMIP 1.4 section 3.31, 2.1 section 4.47).
    RevocationReason(RevocationReason),
    /// Archive Date (KMIP 1.4 section 3.32, 2.1 section 4.5).
    ArchiveDate(DateTime),
    /// Object Group (KMIP 1.4 section 3.33, 2.1 section 4.35).
    ObjectGroup(String),
    /// Fresh (KMIP 1.4 section 3.34, 2.1 section 4.24).
    Fresh(bool),
    /// Link (KMIP 1.4 section 3.35, 2.1 section 4.31).
    Link(Link),
    /// Application Specific Information (KMIP 1.4 section 3.36, 2.1 section 4.4).
    ApplicationSpecificInformation(ApplicationSpecificInformation),
    /// Contact Information (KMIP 1.4 section 3.37, 2.1 section 4.12).
    ContactInformation(String),
    /// Last Change Date (KMIP 1.4 section 3.38, 2.1 section 4.29).
    LastChangeDate(DateTime),
    /// Alternative Name (KMIP 1.4 section 3.40, 2.1 section 4.2).
    AlternativeName(AlternativeName),
    /// Key Value Present (KMIP 1.4 section 3.41, 2.1 section 4.28).
    KeyValuePresent(bool),
    /// Key Value Location (KMIP 1.4 section 3.42, 2.1 section 4.27).
    KeyValueLocation(KeyValueLocation),
    /// Original Creation Date (KMIP 1.4 section 3.43, 2.1 section 4.38).
    OriginalCreationDate(DateTime),
    /// Random Number Generator (KMIP 1.4 section 3.44, 2.1 section 4.46).
    RandomNumberGenerator(Box<RngParameters>),
    /// PKCS#12 Friendly Name (KMIP 1.4 section 3.45, 2.1 section 4.39).
    #[ttlv(tag = "PKCS_12FriendlyName")]
    Pkcs12FriendlyName(String),
    /// Description (KMIP 1.4 section 3.46, 2.1 section 4.19).
    Description(String),
    /// Comment (KMIP 1.4 section 3.47, 2.1 section 4.9).
    Comment(String),
    /// Sensitive (KMIP 1.4 section 3.48, 2.1 section 4.55).
    Sensitive(bool),
    /// Always Sensitive (KMIP 1.4 section 3.49, 2.1 section 4.3).
    AlwaysSensitive(bool),
    /// Extractable (KMIP 1.4 section 3.50, 2.1 section 4.23).
    Extractable(bool),
    /// Never Extractable (KMIP 1.4 section 3.51, 2.1 section 4.33).
    NeverExtractable(bool),
    /// Certificate Subject CN: a common name (KMIP 2.1 section 4.6), since KMIP 2.0.
    #[ttlv(tag = "CertificateSubjectCN")]
    CertificateSubjectCn(String),
    /// Certificate Subject O: an organization (KMIP 2.1 section 4.6), since KMIP 2.0.
    CertificateSubjectO(String),
    /// Certificate Subject OU: an organizational unit (KMIP 2.1 section 4.6), since KMIP 2.0.
    #[ttlv(tag = "CertificateSubjectOU")]
    CertificateSubjectOu(String),
    /// Certificate Subject Email: an e-mail address (KMIP 2.1 section 4.6), since KMIP 2.0.
    CertificateSubjectEmail(String),
    /// Certificate Subject C: a country (KMIP 2.1 section 4.6), since KMIP 2.0.
    CertificateSubjectC(String),
    /// Certificate Subject ST: a state or province (KMIP 2.1 section 4.6), since KMIP 2.0.
    #[ttlv(tag = "CertificateSubjectST")]
    CertificateSubjectSt(String),
    /// Certificate Subject L: a locality (KMIP 2.1 section 4.6), since KMIP 2.0.
    CertificateSubjectL(String),
    /// Certificate Subject UID: a user identifier (KMIP 2.1 section 4.6), since KMIP 2.0.
    #[ttlv(tag = "CertificateSubjectUID")]
    CertificateSubjectUid(String),
    /// Certificate Subject Serial Number: a serial number (KMIP 2.1 section 4.6), since KMIP 2.0.
    CertificateSubjectSerialNumber(String),
    /// Certificate Subject Title: a title (KMIP 2.1 section 4.6), since KMIP 2.0.
    CertificateSubjectTitle(String),
    /// Certificate Subject DC: a domain component (KMIP 2.1 section 4.6), since KMIP 2.0.
    #[ttlv(tag = "CertificateSubjectDC")]
    CertificateSubjectDc(String),
    /// Certificate Subject DN Qualifier: a distinguished name qualifier (KMIP 2.1 section 4.6), since KMIP 2.0.
    #[ttlv(tag = "CertificateSubjectDNQualifier")]
    CertificateSubjectDnQualifier(String),
    /// Certificate Issuer CN: a common name (KMIP 2.1 section 4.6), since KMIP 2.0.
    #[ttlv(tag = "CertificateIssuerCN")]
    CertificateIssuerCn(String),
    /// Certificate Issuer O: an organization (KMIP 2.1 section 4.6), since KMIP 2.0.
    CertificateIssuerO(String),
    /// Certificate Issuer OU: an organizational unit (KMIP 2.1 section 4.6), since KMIP 2.0.
    #[ttlv(tag = "CertificateIssuerOU")]
    CertificateIssuerOu(String),
    /// Certificate Issuer Email: an e-mail address (KMIP 2.1 section 4.6), since KMIP 2.0.
    CertificateIssuerEmail(String),
    /// Certificate Issuer C: a country (KMIP 2.1 section 4.6), since KMIP 2.0.
    CertificateIssuerC(String),
    /// Certificate Issuer ST: a state or province (KMIP 2.1 section 4.6), since KMIP 2.0.
    #[ttlv(tag = "CertificateIssuerST")]
    CertificateIssuerSt(String),
    /// Certificate Issuer L: a locality (KMIP 2.1 section 4.6), since KMIP 2.0.
    CertificateIssuerL(String),
    /// Certificate Issuer UID: a user identifier (KMIP 2.1 section 4.6), since KMIP 2.0.
    #[ttlv(tag = "CertificateIssuerUID")]
    CertificateIssuerUid(String),
    /// Certificate Issuer Serial Number: a serial number (KMIP 2.1 section 4.6), since KMIP 2.0.
    CertificateIssuerSerialNumber(String),
    /// Certificate Issuer Title: a title (KMIP 2.1 section 4.6), since KMIP 2.0.
    CertificateIssuerTitle(String),
    /// Certificate Issuer DC: a domain component (KMIP 2.1 section 4.6), since KMIP 2.0.
    #[ttlv(tag = "CertificateIssuerDC")]
    CertificateIssuerDc(String),
    /// Certificate Issuer DN Qualifier: a distinguished name qualifier (KMIP 2.1 section 4.6), since KMIP 2.0.
    #[ttlv(tag = "CertificateIssuerDNQualifier")]
    CertificateIssuerDnQualifier(String),
    /// Key Format Type (KMIP 2.1 section 4.26), since KMIP 2.0.
    KeyFormatType(KeyFormatType),
    /// NIST Key Type (KMIP 2.1 section 4.34), since KMIP 2.0.
    #[ttlv(tag = "NISTKeyType")]
    NistKeyType(NistKeyType),
    /// Opaque Data Type (KMIP 2.1 section 4.37), since KMIP 2.0.
    OpaqueDataType(OpaqueDataType),
    /// Protection Level (KMIP 2.1 section 4.42), since KMIP 2.0.
    ProtectionLevel(ProtectionLevel),
    /// Protection Period (KMIP 2.1 section 4.43), since KMIP 2.0.
    ProtectionPeriod(Interval),
    /// Protection Storage Mask (KMIP 2.1 section 4.44), since KMIP 2.0.
    ProtectionStorageMask(ProtectionStorageMask),
    /// Quantum Safe (KMIP 2.1 section 4.45), since KMIP 2.0.
    QuantumSafe(bool),
    /// Rotate Automatic (KMIP 2.1 section 4.48), since KMIP 2.1.
    RotateAutomatic(bool),
    /// Rotate Date (KMIP 2.1 section 4.49), since KMIP 2.1.
    RotateDate(DateTime),
    /// Rotate Generation (KMIP 2.1 section 4.50), since KMIP 2.1.
    RotateGeneration(i32),
    /// Rotate Interval (KMIP 2.1 section 4.51), since KMIP 2.1.
    RotateInterval(Interval),
    /// Rotate Latest (KMIP 2.1 section 4.52), since KMIP 2.1.
    RotateLatest(bool),
    /// Rotate Name (KMIP 2.1 section 4.53), since KMIP 2.1.
    RotateName(RotateName),
    /// Rotate Offset (KMIP 2.1 section 4.54), since KMIP 2.1.
    RotateOffset(Interval),
    /// Short Unique Identifier (KMIP 2.1 section 4.56), since KMIP 2.0.
    ShortUniqueIdentifier(Vec<u8>),
    /// Vendor Attribute (KMIP 2.1 section 4.60); before KMIP 2.0 a Custom Attribute (1.4 section 3.39), with
    /// `x` (set by the client) or `y` (set by the server) as its vendor.
    #[ttlv(tag = "Attribute")]
    Vendor(Box<VendorAttribute>),
    /// An attribute that KMIP 1.x names and the standard does not know, until KMIP 1.4.
    #[ttlv(tag = "CustomAttribute")]
    Custom(Box<CustomAttribute>),
    /// An attribute under any other tag, since KMIP 2.0.
    #[ttlv(other)]
    Other(#[cfg_attr(feature = "arbitrary", arbitrary(with = crate::arbitrary::untyped_attribute))] Item),
}

/// Attributes that are large: the others are made no larger for them.
macro_rules! boxed {
    ($($variant:ident($type:ty)),* $(,)?) => {
        $(
            impl From<$type> for Attribute {
                fn from(value: $type) -> Self {
                    Self::$variant(Box::new(value))
                }
            }
        )*
    };
}

boxed! {
    CryptographicParameters(CryptographicParameters),
    RandomNumberGenerator(RngParameters),
    Vendor(VendorAttribute),
    Custom(CustomAttribute),
}
