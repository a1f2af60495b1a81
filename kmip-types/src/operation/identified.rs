//! The object that an operation answers about.

use crate::attribute::UniqueIdentifier;
use crate::operation::*;

/// Lets a response stand for the object that it is about.
macro_rules! identified {
    ($($response:ident),* $(,)?) => { $(
        /// The object that the response is about.
        impl From<&$response> for UniqueIdentifier {
            fn from(response: &$response) -> Self {
                response.unique_identifier.clone()
            }
        }

        /// The object that the response is about.
        impl From<$response> for UniqueIdentifier {
            fn from(response: $response) -> Self {
                response.unique_identifier
            }
        }
    )* };
}

identified! {
    ActivateResponse,
    AddAttributeResponse,
    AdjustAttributeResponse,
    ArchiveResponse,
    CertifyResponse,
    CreateResponse,
    DecryptResponse,
    DeleteAttributeResponse,
    DeriveKeyResponse,
    DestroyResponse,
    EncryptResponse,
    ExportResponse,
    GetResponse,
    GetAttributeListResponse,
    GetAttributesResponse,
    GetUsageAllocationResponse,
    ImportResponse,
    JoinSplitKeyResponse,
    MacResponse,
    MacVerifyResponse,
    ModifyAttributeResponse,
    ObtainLeaseResponse,
    ReCertifyResponse,
    ReKeyResponse,
    RecoverResponse,
    RegisterResponse,
    RevokeResponse,
    SetAttributeResponse,
    SignResponse,
    SignatureVerifyResponse,
}
