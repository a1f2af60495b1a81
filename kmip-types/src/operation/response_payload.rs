//! Response Payload of any operation.

use kmip_derive::Ttlv;

use crate::RawStructure;
use crate::generated::enumerations::Operation;
use crate::operation::*;

/// Response Payload, in the form that the Operation says (KMIP 1.4 section 7.2, 2.1 section 8.6).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload", select = "Operation")]
pub enum ResponsePayload {
    /// Create.
    #[ttlv(value = "Operation::Create")]
    Create(CreateResponse),
    /// Create Key Pair.
    #[ttlv(value = "Operation::CreateKeyPair")]
    CreateKeyPair(Box<CreateKeyPairResponse>),
    /// Register.
    #[ttlv(value = "Operation::Register")]
    Register(RegisterResponse),
    /// Re-key.
    #[ttlv(value = "Operation::ReKey")]
    ReKey(ReKeyResponse),
    /// Derive Key.
    #[ttlv(value = "Operation::DeriveKey")]
    DeriveKey(DeriveKeyResponse),
    /// Certify.
    #[ttlv(value = "Operation::Certify")]
    Certify(CertifyResponse),
    /// Re-certify.
    #[ttlv(value = "Operation::ReCertify")]
    ReCertify(ReCertifyResponse),
    /// Locate.
    #[ttlv(value = "Operation::Locate")]
    Locate(LocateResponse),
    /// Check.
    #[ttlv(value = "Operation::Check")]
    Check(CheckResponse),
    /// Get.
    #[ttlv(value = "Operation::Get")]
    Get(Box<GetResponse>),
    /// Get Attributes.
    #[ttlv(value = "Operation::GetAttributes")]
    GetAttributes(GetAttributesResponse),
    /// Get Attribute List.
    #[ttlv(value = "Operation::GetAttributeList")]
    GetAttributeList(GetAttributeListResponse),
    /// Add Attribute.
    #[ttlv(value = "Operation::AddAttribute")]
    AddAttribute(AddAttributeResponse),
    /// Modify Attribute.
    #[ttlv(value = "Operation::ModifyAttribute")]
    ModifyAttribute(ModifyAttributeResponse),
    /// Delete Attribute.
    #[ttlv(value = "Operation::DeleteAttribute")]
    DeleteAttribute(DeleteAttributeResponse),
    /// Obtain Lease.
    #[ttlv(value = "Operation::ObtainLease")]
    ObtainLease(ObtainLeaseResponse),
    /// Get Usage Allocation.
    #[ttlv(value = "Operation::GetUsageAllocation")]
    GetUsageAllocation(GetUsageAllocationResponse),
    /// Activate.
    #[ttlv(value = "Operation::Activate")]
    Activate(ActivateResponse),
    /// Revoke.
    #[ttlv(value = "Operation::Revoke")]
    Revoke(RevokeResponse),
    /// Destroy.
    #[ttlv(value = "Operation::Destroy")]
    Destroy(DestroyResponse),
    /// Archive.
    #[ttlv(value = "Operation::Archive")]
    Archive(ArchiveResponse),
    /// Recover.
    #[ttlv(value = "Operation::Recover")]
    Recover(RecoverResponse),
    /// Validate.
    #[ttlv(value = "Operation::Validate")]
    Validate(ValidateResponse),
    /// Query.
    #[ttlv(value = "Operation::Query")]
    Query(Box<QueryResponse>),
    /// Cancel.
    #[ttlv(value = "Operation::Cancel")]
    Cancel(CancelResponse),
    /// Notify.
    #[ttlv(value = "Operation::Notify")]
    Notify(NotifyResponse),
    /// Put.
    #[ttlv(value = "Operation::Put")]
    Put(PutResponse),
    /// Re-key Key Pair.
    #[ttlv(value = "Operation::ReKeyKeyPair")]
    ReKeyKeyPair(Box<ReKeyKeyPairResponse>),
    /// Discover Versions.
    #[ttlv(value = "Operation::DiscoverVersions")]
    DiscoverVersions(DiscoverVersionsResponse),
    /// Encrypt.
    #[ttlv(value = "Operation::Encrypt")]
    Encrypt(EncryptResponse),
    /// Decrypt.
    #[ttlv(value = "Operation::Decrypt")]
    Decrypt(DecryptResponse),
    /// Sign.
    #[ttlv(value = "Operation::Sign")]
    Sign(SignResponse),
    /// Signature Verify.
    #[ttlv(value = "Operation::SignatureVerify")]
    SignatureVerify(SignatureVerifyResponse),
    /// MAC.
    #[ttlv(value = "Operation::Mac")]
    Mac(MacResponse),
    /// MAC Verify.
    #[ttlv(value = "Operation::MacVerify")]
    MacVerify(MacVerifyResponse),
    /// RNG Retrieve.
    #[ttlv(value = "Operation::RngRetrieve")]
    RngRetrieve(RngRetrieveResponse),
    /// RNG Seed.
    #[ttlv(value = "Operation::RngSeed")]
    RngSeed(RngSeedResponse),
    /// Hash.
    #[ttlv(value = "Operation::Hash")]
    Hash(HashResponse),
    /// Create Split Key.
    #[ttlv(value = "Operation::CreateSplitKey")]
    CreateSplitKey(CreateSplitKeyResponse),
    /// Join Split Key.
    #[ttlv(value = "Operation::JoinSplitKey")]
    JoinSplitKey(JoinSplitKeyResponse),
    /// Import.
    #[ttlv(value = "Operation::Import")]
    Import(ImportResponse),
    /// Export.
    #[ttlv(value = "Operation::Export")]
    Export(Box<ExportResponse>),
    /// Log.
    #[ttlv(value = "Operation::Log")]
    Log(LogResponse),
    /// Login.
    #[ttlv(value = "Operation::Login")]
    Login(LoginResponse),
    /// Logout.
    #[ttlv(value = "Operation::Logout")]
    Logout(LogoutResponse),
    /// Delegated Login.
    #[ttlv(value = "Operation::DelegatedLogin")]
    DelegatedLogin(DelegatedLoginResponse),
    /// Adjust Attribute.
    #[ttlv(value = "Operation::AdjustAttribute")]
    AdjustAttribute(AdjustAttributeResponse),
    /// Set Attribute.
    #[ttlv(value = "Operation::SetAttribute")]
    SetAttribute(SetAttributeResponse),
    /// Set Endpoint Role.
    #[ttlv(value = "Operation::SetEndpointRole")]
    SetEndpointRole(SetEndpointRoleResponse),
    /// PKCS#11.
    #[ttlv(value = "Operation::Pkcs11")]
    Pkcs11(Pkcs11Response),
    /// Interop.
    #[ttlv(value = "Operation::Interop")]
    Interop(InteropResponse),
    /// Re-Provision.
    #[ttlv(value = "Operation::ReProvision")]
    ReProvision(ReProvisionResponse),
    /// Set Defaults.
    #[ttlv(value = "Operation::SetDefaults")]
    SetDefaults(SetDefaultsResponse),
    /// Set Constraints.
    #[ttlv(value = "Operation::SetConstraints")]
    SetConstraints(SetConstraintsResponse),
    /// Get Constraints.
    #[ttlv(value = "Operation::GetConstraints")]
    GetConstraints(GetConstraintsResponse),
    /// Query Asynchronous Requests.
    #[ttlv(value = "Operation::QueryAsynchronousRequests")]
    QueryAsynchronousRequests(QueryAsynchronousRequestsResponse),
    /// Process.
    #[ttlv(value = "Operation::Process")]
    Process(ProcessResponse),
    /// Ping.
    #[ttlv(value = "Operation::Ping")]
    Ping(PingResponse),
    /// Any other operation.
    #[ttlv(other)]
    Other(RawStructure),
}
