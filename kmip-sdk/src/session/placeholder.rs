//! The ID Placeholder: the object that an earlier item of a batch made or found, before its name is known.

use kmip_types::enumerations::Operation;
use kmip_types::operation::{
    ActivateRequest, AddAttributeRequest, AdjustAttributeRequest, ArchiveRequest, CertifyRequest,
    CheckRequest, CreateKeyPairRequest, CreateRequest, CreateSplitKeyRequest, DecryptRequest,
    DeleteAttributeRequest, DeriveKeyRequest, DestroyRequest, EncryptRequest, ExportRequest,
    GetAttributeListRequest, GetAttributesRequest, GetRequest, GetUsageAllocationRequest, ImportRequest,
    JoinSplitKeyRequest, LocateRequest, MacRequest, MacVerifyRequest, ModifyAttributeRequest,
    ObtainLeaseRequest, ReCertifyRequest, ReKeyKeyPairRequest, ReKeyRequest, RecoverRequest, RegisterRequest,
    Request, RevokeRequest, SetAttributeRequest, SignRequest, SignatureVerifyRequest,
};

/// The object of an earlier item of the same batch, whose name nobody knows yet (KMIP 1.4 chapter 4, 2.1 section 6.1):
/// [`Handle::id_placeholder`](super::Handle::id_placeholder) gives it, and
/// [`Batch::add_for`](super::Batch::add_for) takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdPlaceholder {
    pub(super) batch: u64,
    pub(super) index: usize,
}

/// A request that sets the ID Placeholder: of a pair of keys to the private key, of the parts of a key to the first, of
/// Locate to the object that it finds, if it is but one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not set the ID Placeholder",
    note = "the ID Placeholder is the object of an operation that makes or finds one, such as Create, Register or Locate"
)]
pub trait SetsIdPlaceholder: Request {}

/// A request that can be made for the object of the ID Placeholder.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made for the ID Placeholder",
    note = "the operation names its object always, or is about none"
)]
pub trait TakesIdPlaceholder: Request {
    /// Leaves out which object it is about.
    #[doc(hidden)]
    fn for_id_placeholder(&mut self);
}

macro_rules! sets {
    ($($request:ident),* $(,)?) => {
        $( impl SetsIdPlaceholder for $request {} )*

        /// The operations that set the ID Placeholder.
        const SETTING: &[Operation] = &[$(<$request as Request>::OPERATION),*];
    };
}

macro_rules! takes {
    ($($request:ident: $field:ident),* $(,)?) => { $(
        impl TakesIdPlaceholder for $request {
            fn for_id_placeholder(&mut self) {
                self.$field = None;
            }
        }
    )* };
}

sets! {
    CertifyRequest, CreateKeyPairRequest, CreateRequest, CreateSplitKeyRequest, DeriveKeyRequest, ExportRequest,
    ImportRequest, JoinSplitKeyRequest, LocateRequest, ReCertifyRequest, ReKeyKeyPairRequest, ReKeyRequest,
    RegisterRequest,
}

takes! {
    ActivateRequest: unique_identifier,
    AddAttributeRequest: unique_identifier,
    AdjustAttributeRequest: unique_identifier,
    ArchiveRequest: unique_identifier,
    CertifyRequest: unique_identifier,
    CheckRequest: unique_identifier,
    CreateSplitKeyRequest: unique_identifier,
    DecryptRequest: unique_identifier,
    DeleteAttributeRequest: unique_identifier,
    DestroyRequest: unique_identifier,
    EncryptRequest: unique_identifier,
    ExportRequest: unique_identifier,
    GetAttributeListRequest: unique_identifier,
    GetAttributesRequest: unique_identifier,
    GetRequest: unique_identifier,
    GetUsageAllocationRequest: unique_identifier,
    MacRequest: unique_identifier,
    MacVerifyRequest: unique_identifier,
    ModifyAttributeRequest: unique_identifier,
    ObtainLeaseRequest: unique_identifier,
    ReCertifyRequest: unique_identifier,
    ReKeyKeyPairRequest: private_key_unique_identifier,
    ReKeyRequest: unique_identifier,
    RecoverRequest: unique_identifier,
    RevokeRequest: unique_identifier,
    SetAttributeRequest: unique_identifier,
    SignRequest: unique_identifier,
    SignatureVerifyRequest: unique_identifier,
}

/// Whether an operation sets the ID Placeholder.
pub(super) fn is_set_by(operation: Operation) -> bool {
    SETTING.contains(&operation)
}
