//! Payloads of any operation, and the link from an operation to its request and its response.

use kmip_derive::Ttlv;

use crate::generated::enumerations::Operation;
use crate::operation::{
    ActivateRequest, ActivateResponse, AddAttributeRequest, AddAttributeResponse, CreateKeyPairRequest,
    CreateKeyPairResponse, CreateRequest, CreateResponse, DecryptRequest, DecryptResponse,
    DeleteAttributeRequest, DeleteAttributeResponse, DestroyRequest, DestroyResponse,
    DiscoverVersionsRequest, DiscoverVersionsResponse, EncryptRequest, EncryptResponse,
    GetAttributeListRequest, GetAttributeListResponse, GetAttributesRequest, GetAttributesResponse,
    GetRequest, GetResponse, LocateRequest, LocateResponse, ModifyAttributeRequest, ModifyAttributeResponse,
    QueryRequest, QueryResponse, RegisterRequest, RegisterResponse, RevokeRequest, RevokeResponse,
    SetAttributeRequest, SetAttributeResponse,
};
use crate::ttlv::{Decode, Encode, Mode, Reader, Schema, Structure};
use crate::{DecodeError, EncodeError, Limits, ProtocolVersion, RawStructure, Tag};

/// The request of one operation, to which its response's type belongs.
///
/// A vendor's operation implements it too; its payload then travels as [`RequestPayload::Other`].
pub trait Request: Encode + Decode {
    /// The operation.
    const OPERATION: Operation;

    /// What the operation answers with.
    type Response: Response;

    /// The request as the payload of a batch item in a message of `version`.
    ///
    /// # Errors
    /// [`EncodeError`] where the version has no form for something that is set.
    fn into_payload(self, version: ProtocolVersion) -> Result<RequestPayload, EncodeError>
    where
        Self: Sized,
    {
        let bytes = crate::ttlv::encode(Tag::REQUEST_PAYLOAD, &self, version)?;
        read(Tag::REQUEST_PAYLOAD, &bytes).map(RequestPayload::Other).map_err(|_| not_a_structure())
    }
}

/// The response of one operation.
pub trait Response: Encode + Decode {
    /// The response in the payload of a batch item, if the payload is that of this operation.
    ///
    /// # Errors
    /// [`DecodeError`] where a payload that was kept as it is has not the form of this response.
    fn from_payload(payload: ResponsePayload, version: ProtocolVersion) -> Result<Option<Self>, DecodeError> {
        let ResponsePayload::Other(structure) = payload else { return Ok(None) };
        // What was read can be written: it is within the limits.
        let Ok(bytes) = crate::ttlv::encode(Tag::RESPONSE_PAYLOAD, &structure, version) else {
            return Ok(None);
        };
        read(Tag::RESPONSE_PAYLOAD, &bytes).map(Some)
    }
}

fn read<T: Decode>(tag: Tag, bytes: &[u8]) -> Result<T, DecodeError> {
    T::decode(tag, &mut Reader::new(bytes, Mode::Strict, Limits::default())?)
}

fn not_a_structure() -> EncodeError {
    EncodeError::new(crate::EncodeErrorKind::InvalidValue { expected: "a structure" })
}

/// Request Payload, in the form that the Operation says (KMIP 1.4 section 7.2, 2.1 section 8.3).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(select = "Operation")]
pub enum RequestPayload {
    /// Create.
    #[ttlv(value = "Operation::Create")]
    Create(CreateRequest),
    /// Create Key Pair.
    #[ttlv(value = "Operation::CreateKeyPair")]
    CreateKeyPair(CreateKeyPairRequest),
    /// Register.
    #[ttlv(value = "Operation::Register")]
    Register(RegisterRequest),
    /// Locate.
    #[ttlv(value = "Operation::Locate")]
    Locate(LocateRequest),
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
    ModifyAttribute(ModifyAttributeRequest),
    /// Delete Attribute.
    #[ttlv(value = "Operation::DeleteAttribute")]
    DeleteAttribute(DeleteAttributeRequest),
    /// Set Attribute.
    #[ttlv(value = "Operation::SetAttribute")]
    SetAttribute(SetAttributeRequest),
    /// Activate.
    #[ttlv(value = "Operation::Activate")]
    Activate(ActivateRequest),
    /// Revoke.
    #[ttlv(value = "Operation::Revoke")]
    Revoke(RevokeRequest),
    /// Destroy.
    #[ttlv(value = "Operation::Destroy")]
    Destroy(DestroyRequest),
    /// Query.
    #[ttlv(value = "Operation::Query")]
    Query(QueryRequest),
    /// Discover Versions.
    #[ttlv(value = "Operation::DiscoverVersions")]
    DiscoverVersions(DiscoverVersionsRequest),
    /// Encrypt.
    #[ttlv(value = "Operation::Encrypt")]
    Encrypt(EncryptRequest),
    /// Decrypt.
    #[ttlv(value = "Operation::Decrypt")]
    Decrypt(DecryptRequest),
    /// Any other operation.
    #[ttlv(other)]
    Other(RawStructure),
}

/// Response Payload, in the form that the Operation says (KMIP 1.4 section 7.2, 2.1 section 8.6).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(select = "Operation")]
pub enum ResponsePayload {
    /// Create.
    #[ttlv(value = "Operation::Create")]
    Create(CreateResponse),
    /// Create Key Pair.
    #[ttlv(value = "Operation::CreateKeyPair")]
    CreateKeyPair(CreateKeyPairResponse),
    /// Register.
    #[ttlv(value = "Operation::Register")]
    Register(RegisterResponse),
    /// Locate.
    #[ttlv(value = "Operation::Locate")]
    Locate(LocateResponse),
    /// Get.
    #[ttlv(value = "Operation::Get")]
    Get(GetResponse),
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
    /// Set Attribute.
    #[ttlv(value = "Operation::SetAttribute")]
    SetAttribute(SetAttributeResponse),
    /// Activate.
    #[ttlv(value = "Operation::Activate")]
    Activate(ActivateResponse),
    /// Revoke.
    #[ttlv(value = "Operation::Revoke")]
    Revoke(RevokeResponse),
    /// Destroy.
    #[ttlv(value = "Operation::Destroy")]
    Destroy(DestroyResponse),
    /// Query.
    #[ttlv(value = "Operation::Query")]
    Query(QueryResponse),
    /// Discover Versions.
    #[ttlv(value = "Operation::DiscoverVersions")]
    DiscoverVersions(DiscoverVersionsResponse),
    /// Encrypt.
    #[ttlv(value = "Operation::Encrypt")]
    Encrypt(EncryptResponse),
    /// Decrypt.
    #[ttlv(value = "Operation::Decrypt")]
    Decrypt(DecryptResponse),
    /// Any other operation.
    #[ttlv(other)]
    Other(RawStructure),
}

/// Links operations to their payloads.
macro_rules! operations {
    ($($operation:ident: $request:ident => $response:ident),* $(,)?) => {
        $(
            impl Request for $request {
                const OPERATION: Operation = Operation::$operation;

                type Response = $response;

                fn into_payload(self, _: ProtocolVersion) -> Result<RequestPayload, EncodeError> {
                    Ok(RequestPayload::$operation(self))
                }
            }

            impl Response for $response {
                fn from_payload(
                    payload: ResponsePayload,
                    _: ProtocolVersion,
                ) -> Result<Option<Self>, DecodeError> {
                    match payload {
                        ResponsePayload::$operation(response) => Ok(Some(response)),
                        _ => Ok(None),
                    }
                }
            }

            impl From<$request> for RequestPayload {
                fn from(request: $request) -> Self {
                    Self::$operation(request)
                }
            }

            impl From<$response> for ResponsePayload {
                fn from(response: $response) -> Self {
                    Self::$operation(response)
                }
            }
        )*

        impl RequestPayload {
            /// The payload of each operation, for [`schemas`](crate::schemas).
            pub(crate) const SCHEMAS: &[(Operation, &Schema)] =
                &[$((Operation::$operation, <$request as Structure>::SCHEMA)),*];

            /// The operation that the payload belongs to, unless it is kept as it is.
            pub fn operation(&self) -> Option<Operation> {
                match self {
                    $(Self::$operation(_) => Some(Operation::$operation),)*
                    Self::Other(_) => None,
                }
            }
        }

        impl ResponsePayload {
            /// The payload of each operation, for [`schemas`](crate::schemas).
            pub(crate) const SCHEMAS: &[(Operation, &Schema)] =
                &[$((Operation::$operation, <$response as Structure>::SCHEMA)),*];

            /// The operation that the payload belongs to, unless it is kept as it is.
            pub fn operation(&self) -> Option<Operation> {
                match self {
                    $(Self::$operation(_) => Some(Operation::$operation),)*
                    Self::Other(_) => None,
                }
            }
        }
    };
}

operations! {
    Create: CreateRequest => CreateResponse,
    CreateKeyPair: CreateKeyPairRequest => CreateKeyPairResponse,
    Register: RegisterRequest => RegisterResponse,
    Locate: LocateRequest => LocateResponse,
    Get: GetRequest => GetResponse,
    GetAttributes: GetAttributesRequest => GetAttributesResponse,
    GetAttributeList: GetAttributeListRequest => GetAttributeListResponse,
    AddAttribute: AddAttributeRequest => AddAttributeResponse,
    ModifyAttribute: ModifyAttributeRequest => ModifyAttributeResponse,
    DeleteAttribute: DeleteAttributeRequest => DeleteAttributeResponse,
    SetAttribute: SetAttributeRequest => SetAttributeResponse,
    Activate: ActivateRequest => ActivateResponse,
    Revoke: RevokeRequest => RevokeResponse,
    Destroy: DestroyRequest => DestroyResponse,
    Query: QueryRequest => QueryResponse,
    DiscoverVersions: DiscoverVersionsRequest => DiscoverVersionsResponse,
    Encrypt: EncryptRequest => EncryptResponse,
    Decrypt: DecryptRequest => DecryptResponse,
}
