//! The link from an operation to its request and its response.

use crate::generated::enumerations::Operation;
use crate::operation::*;
use crate::ttlv::{Decode, Encode, Mode, Reader, Schema, Structure};
use crate::{DecodeError, EncodeError, Limits, ProtocolVersion, Tag};

/// The request of one operation, to which its response's type belongs.
///
/// A vendor's operation implements it too; its payload then travels as [`RequestPayload::Other`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the request of an operation",
    label = "no operation is known for it",
    note = "for a vendor's operation, derive `Ttlv` and write `impl Request for {Self}` with `const OPERATION: Operation \
            = Operation::Other(0x8000_0001)` and `type Response = …`"
)]
pub trait Request: Encode + Decode + Send + Sync + 'static {
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
        read(Tag::REQUEST_PAYLOAD, &bytes, version).map(RequestPayload::Other).map_err(|_| not_a_structure())
    }
}

/// The response of one operation.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the response of an operation",
    label = "no operation answers with it",
    note = "for a vendor's operation, derive `Ttlv` and write `impl Response for {Self} {{}}`"
)]
pub trait Response: Encode + Decode + Send + 'static {
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
        read(Tag::RESPONSE_PAYLOAD, &bytes, version).map(Some)
    }
}

fn read<T: Decode>(tag: Tag, bytes: &[u8], version: ProtocolVersion) -> Result<T, DecodeError> {
    T::decode(tag, &mut Reader::new(bytes, Mode::Strict, Limits::default())?.in_version(version))
}

fn not_a_structure() -> EncodeError {
    EncodeError::new(crate::EncodeErrorKind::InvalidValue { expected: "a structure" })
}

/// A payload as its variant has it: the large ones are in a box, so that the others take no more room.
macro_rules! put {
    ($payload:ident) => {
        $payload
    };
    ($payload:ident Box) => {
        Box::new($payload)
    };
}

/// A payload out of its variant.
macro_rules! taken {
    ($payload:ident) => {
        $payload
    };
    ($payload:ident Box) => {
        *$payload
    };
}

/// Links operations to their payloads. Poll links itself.
macro_rules! operations {
    ($($operation:ident: $request:ident $(in $request_box:ident)? => $response:ident $(in $response_box:ident)?),*
        $(,)?) => {
        $(
            impl Request for $request {
                const OPERATION: Operation = Operation::$operation;

                type Response = $response;

                fn into_payload(self, _: ProtocolVersion) -> Result<RequestPayload, EncodeError> {
                    Ok(self.into())
                }
            }

            impl Response for $response {
                fn from_payload(
                    payload: ResponsePayload,
                    _: ProtocolVersion,
                ) -> Result<Option<Self>, DecodeError> {
                    match payload {
                        ResponsePayload::$operation(response) => Ok(Some(taken!(response $($response_box)?))),
                        _ => Ok(None),
                    }
                }
            }

            impl From<$request> for RequestPayload {
                fn from(request: $request) -> Self {
                    Self::$operation(put!(request $($request_box)?))
                }
            }

            impl From<$response> for ResponsePayload {
                fn from(response: $response) -> Self {
                    Self::$operation(put!(response $($response_box)?))
                }
            }
        )*

        impl RequestPayload {
            /// The payload of each operation, for [`schemas`](crate::schemas).
            pub(crate) const SCHEMAS: &[(Operation, &Schema)] =
                &[
                $((Operation::$operation, <$request as Structure>::SCHEMA),)*
                (Operation::Poll, <PollRequest as Structure>::SCHEMA),
            ];

            /// The operation that the payload belongs to, unless it is kept as it is.
            pub fn operation(&self) -> Option<Operation> {
                match self {
                    $(Self::$operation(_) => Some(Operation::$operation),)*
                    // What answers it is the response of another operation.
                    Self::Poll(_) => Some(Operation::Poll),
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

        #[cfg(all(test, feature = "serde"))]
        #[test]
        fn every_payload_has_its_tag_and_serde() {
            fn tag<T: crate::ttlv::Root + serde::Serialize + serde::de::DeserializeOwned>() -> Tag {
                T::TAG
            }
            $(
                assert_eq!(tag::<$request>(), Tag::REQUEST_PAYLOAD);
                assert_eq!(tag::<$response>(), Tag::RESPONSE_PAYLOAD);
            )*
        }
    };
}

operations! {
    Create: CreateRequest => CreateResponse,
    CreateKeyPair: CreateKeyPairRequest in Box => CreateKeyPairResponse in Box,
    Register: RegisterRequest in Box => RegisterResponse,
    ReKey: ReKeyRequest => ReKeyResponse,
    DeriveKey: DeriveKeyRequest in Box => DeriveKeyResponse,
    Certify: CertifyRequest => CertifyResponse,
    ReCertify: ReCertifyRequest in Box => ReCertifyResponse,
    Locate: LocateRequest => LocateResponse,
    Check: CheckRequest => CheckResponse,
    Get: GetRequest => GetResponse in Box,
    GetAttributes: GetAttributesRequest => GetAttributesResponse,
    GetAttributeList: GetAttributeListRequest => GetAttributeListResponse,
    AddAttribute: AddAttributeRequest => AddAttributeResponse,
    ModifyAttribute: ModifyAttributeRequest in Box => ModifyAttributeResponse,
    DeleteAttribute: DeleteAttributeRequest in Box => DeleteAttributeResponse,
    ObtainLease: ObtainLeaseRequest => ObtainLeaseResponse,
    GetUsageAllocation: GetUsageAllocationRequest => GetUsageAllocationResponse,
    Activate: ActivateRequest => ActivateResponse,
    Revoke: RevokeRequest => RevokeResponse,
    Destroy: DestroyRequest => DestroyResponse,
    Archive: ArchiveRequest => ArchiveResponse,
    Recover: RecoverRequest => RecoverResponse,
    Validate: ValidateRequest => ValidateResponse,
    Query: QueryRequest => QueryResponse in Box,
    Cancel: CancelRequest => CancelResponse,
    Notify: NotifyRequest => NotifyResponse,
    Put: PutRequest in Box => PutResponse,
    ReKeyKeyPair: ReKeyKeyPairRequest in Box => ReKeyKeyPairResponse in Box,
    DiscoverVersions: DiscoverVersionsRequest => DiscoverVersionsResponse,
    Encrypt: EncryptRequest => EncryptResponse,
    Decrypt: DecryptRequest in Box => DecryptResponse,
    Sign: SignRequest => SignResponse,
    SignatureVerify: SignatureVerifyRequest => SignatureVerifyResponse,
    Mac: MacRequest => MacResponse,
    MacVerify: MacVerifyRequest => MacVerifyResponse,
    RngRetrieve: RngRetrieveRequest => RngRetrieveResponse,
    RngSeed: RngSeedRequest => RngSeedResponse,
    Hash: HashRequest in Box => HashResponse,
    CreateSplitKey: CreateSplitKeyRequest in Box => CreateSplitKeyResponse,
    JoinSplitKey: JoinSplitKeyRequest => JoinSplitKeyResponse,
    Import: ImportRequest in Box => ImportResponse,
    Export: ExportRequest => ExportResponse in Box,
    Log: LogRequest => LogResponse,
    Login: LoginRequest => LoginResponse,
    Logout: LogoutRequest => LogoutResponse,
    DelegatedLogin: DelegatedLoginRequest => DelegatedLoginResponse,
    AdjustAttribute: AdjustAttributeRequest => AdjustAttributeResponse,
    SetAttribute: SetAttributeRequest => SetAttributeResponse,
    SetEndpointRole: SetEndpointRoleRequest => SetEndpointRoleResponse,
    Pkcs11: Pkcs11Request => Pkcs11Response,
    Interop: InteropRequest => InteropResponse,
    ReProvision: ReProvisionRequest => ReProvisionResponse,
    SetDefaults: SetDefaultsRequest => SetDefaultsResponse,
    SetConstraints: SetConstraintsRequest => SetConstraintsResponse,
    GetConstraints: GetConstraintsRequest => GetConstraintsResponse,
    QueryAsynchronousRequests: QueryAsynchronousRequestsRequest => QueryAsynchronousRequestsResponse,
    Process: ProcessRequest => ProcessResponse,
    Ping: PingRequest => PingResponse,
}
