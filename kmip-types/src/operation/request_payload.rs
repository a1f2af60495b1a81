//! Request Payload of any operation.

use kmip_derive::Ttlv;

use crate::RawStructure;
use crate::generated::enumerations::Operation;
use crate::operation::*;

/// Request Payload, in the form that the Operation says (KMIP 1.4 section 7.2, 2.1 section 8.3).
///
/// Writing one in a version that lacks the operation is an error: in a message that of the Operation, else that of a
/// field that the version lacks or, where no field tells, of the payload.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload", select = "Operation")]
pub enum RequestPayload {
    /// Create.
    #[ttlv(value = "Operation::Create")]
    Create(CreateRequest),
    /// Create Key Pair.
    #[ttlv(value = "Operation::CreateKeyPair")]
    CreateKeyPair(Box<CreateKeyPairRequest>),
    /// Register.
    #[ttlv(value = "Operation::Register")]
    Register(Box<RegisterRequest>),
    /// Re-key.
    #[ttlv(value = "Operation::ReKey")]
    ReKey(ReKeyRequest),
    /// Derive Key.
    #[ttlv(value = "Operation::DeriveKey")]
    DeriveKey(Box<DeriveKeyRequest>),
    /// Certify.
    #[ttlv(value = "Operation::Certify")]
    Certify(CertifyRequest),
    /// Re-certify.
    #[ttlv(value = "Operation::ReCertify")]
    ReCertify(Box<ReCertifyRequest>),
    /// Locate.
    #[ttlv(value = "Operation::Locate")]
    Locate(LocateRequest),
    /// Check.
    #[ttlv(value = "Operation::Check")]
    Check(CheckRequest),
    /// Get.
    #[ttlv(value = "Operation::Get")]
    Get(GetRequest),
    /// Get Attributes.
    #[ttlv(value = "Operation::GetAttributes")]
    GetAttributes(GetAttributesRequest),
    /// Get Attribute List.
    #[ttlv(value = "Operation::GetAttributeList")]
    GetAttributeList(GetAttributeListRequest),
    /// Add Attribute.
    #[ttlv(value = "Operation::AddAttribute")]
    AddAttribute(AddAttributeRequest),
    /// Modify Attribute.
    #[ttlv(value = "Operation::ModifyAttribute")]
    ModifyAttribute(Box<ModifyAttributeRequest>),
    /// Delete Attribute.
    #[ttlv(value = "Operation::DeleteAttribute")]
    DeleteAttribute(Box<DeleteAttributeRequest>),
    /// Obtain Lease.
    #[ttlv(value = "Operation::ObtainLease")]
    ObtainLease(ObtainLeaseRequest),
    /// Get Usage Allocation.
    #[ttlv(value = "Operation::GetUsageAllocation")]
    GetUsageAllocation(GetUsageAllocationRequest),
    /// Activate.
    #[ttlv(value = "Operation::Activate")]
    Activate(ActivateRequest),
    /// Revoke.
    #[ttlv(value = "Operation::Revoke")]
    Revoke(RevokeRequest),
    /// Destroy.
    #[ttlv(value = "Operation::Destroy")]
    Destroy(DestroyRequest),
    /// Archive.
    #[ttlv(value = "Operation::Archive")]
    Archive(ArchiveRequest),
    /// Recover.
    #[ttlv(value = "Operation::Recover")]
    Recover(RecoverRequest),
    /// Validate.
    #[ttlv(value = "Operation::Validate")]
    Validate(ValidateRequest),
    /// Query.
    #[ttlv(value = "Operation::Query")]
    Query(QueryRequest),
    /// Cancel.
    #[ttlv(value = "Operation::Cancel")]
    Cancel(CancelRequest),
    /// Poll.
    #[ttlv(value = "Operation::Poll")]
    Poll(PollRequest),
    /// Notify.
    #[ttlv(value = "Operation::Notify")]
    Notify(NotifyRequest),
    /// Put.
    #[ttlv(value = "Operation::Put")]
    Put(Box<PutRequest>),
    /// Re-key Key Pair.
    #[ttlv(value = "Operation::ReKeyKeyPair", since = "1.1")]
    ReKeyKeyPair(Box<ReKeyKeyPairRequest>),
    /// Discover Versions.
    #[ttlv(value = "Operation::DiscoverVersions")]
    DiscoverVersions(DiscoverVersionsRequest),
    /// Encrypt.
    #[ttlv(value = "Operation::Encrypt", since = "1.2")]
    Encrypt(EncryptRequest),
    /// Decrypt.
    #[ttlv(value = "Operation::Decrypt", since = "1.2")]
    Decrypt(Box<DecryptRequest>),
    /// Sign.
    #[ttlv(value = "Operation::Sign", since = "1.2")]
    Sign(SignRequest),
    /// Signature Verify.
    #[ttlv(value = "Operation::SignatureVerify", since = "1.2")]
    SignatureVerify(SignatureVerifyRequest),
    /// MAC.
    #[ttlv(value = "Operation::Mac", since = "1.2")]
    Mac(MacRequest),
    /// MAC Verify.
    #[ttlv(value = "Operation::MacVerify", since = "1.2")]
    MacVerify(MacVerifyRequest),
    /// RNG Retrieve.
    #[ttlv(value = "Operation::RngRetrieve")]
    RngRetrieve(RngRetrieveRequest),
    /// RNG Seed.
    #[ttlv(value = "Operation::RngSeed")]
    RngSeed(RngSeedRequest),
    /// Hash.
    #[ttlv(value = "Operation::Hash", since = "1.2")]
    Hash(Box<HashRequest>),
    /// Create Split Key.
    #[ttlv(value = "Operation::CreateSplitKey", since = "1.2")]
    CreateSplitKey(Box<CreateSplitKeyRequest>),
    /// Join Split Key.
    #[ttlv(value = "Operation::JoinSplitKey", since = "1.2")]
    JoinSplitKey(JoinSplitKeyRequest),
    /// Import.
    #[ttlv(value = "Operation::Import", since = "1.4")]
    Import(Box<ImportRequest>),
    /// Export.
    #[ttlv(value = "Operation::Export", since = "1.4")]
    Export(ExportRequest),
    /// Log.
    #[ttlv(value = "Operation::Log")]
    Log(LogRequest),
    /// Login.
    #[ttlv(value = "Operation::Login", since = "2.0")]
    Login(LoginRequest),
    /// Logout.
    #[ttlv(value = "Operation::Logout")]
    Logout(LogoutRequest),
    /// Delegated Login.
    #[ttlv(value = "Operation::DelegatedLogin")]
    DelegatedLogin(DelegatedLoginRequest),
    /// Adjust Attribute.
    #[ttlv(value = "Operation::AdjustAttribute")]
    AdjustAttribute(AdjustAttributeRequest),
    /// Set Attribute.
    #[ttlv(value = "Operation::SetAttribute")]
    SetAttribute(SetAttributeRequest),
    /// Set Endpoint Role.
    #[ttlv(value = "Operation::SetEndpointRole")]
    SetEndpointRole(SetEndpointRoleRequest),
    /// PKCS#11.
    #[ttlv(value = "Operation::Pkcs11")]
    Pkcs11(Pkcs11Request),
    /// Interop.
    #[ttlv(value = "Operation::Interop")]
    Interop(InteropRequest),
    /// Re-Provision.
    #[ttlv(value = "Operation::ReProvision", since = "2.0")]
    ReProvision(ReProvisionRequest),
    /// Set Defaults.
    #[ttlv(value = "Operation::SetDefaults", since = "2.1")]
    SetDefaults(SetDefaultsRequest),
    /// Set Constraints.
    #[ttlv(value = "Operation::SetConstraints")]
    SetConstraints(SetConstraintsRequest),
    /// Get Constraints.
    #[ttlv(value = "Operation::GetConstraints", since = "2.1")]
    GetConstraints(GetConstraintsRequest),
    /// Query Asynchronous Requests.
    #[ttlv(value = "Operation::QueryAsynchronousRequests", since = "2.1")]
    QueryAsynchronousRequests(QueryAsynchronousRequestsRequest),
    /// Process.
    #[ttlv(value = "Operation::Process", since = "2.1")]
    Process(ProcessRequest),
    /// Ping.
    #[ttlv(value = "Operation::Ping", since = "2.1")]
    Ping(PingRequest),
    /// Any other operation.
    #[ttlv(other)]
    Other(RawStructure),
}
