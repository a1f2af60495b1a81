//! PKCS#11: calls of Cryptoki that come as messages (KMIP 2.1 section 6.1.37, KMIP Profiles 2.1 section 5.18), over the server's own
//! objects. What a call does, the operation of KMIP does that it stands for, as the client may.

mod attributes;
mod encoding;
mod mechanisms;
mod sessions;
mod token;

use kmip_types::SecretBytes;
use kmip_types::attribute::{Attribute, Attributes};
use kmip_types::enumerations::{
    KeyFormatType, ObjectType, Operation, Pkcs11Function as F, Pkcs11ReturnCode as Code, ResultReason,
    RevocationReasonCode, State, ValidityIndicator,
};
use kmip_types::object::KeyBlock;
use kmip_types::operation::{
    CreateRequest, DecryptRequest, DestroyRequest, EncryptRequest, GetAttributesRequest, GetRequest,
    HashRequest, LocateRequest, MacRequest, MacVerifyRequest, Pkcs11FunctionValue, Pkcs11Request,
    Pkcs11Response, RequestPayload, ResponsePayload, RevokeRequest, RngRetrieveRequest, RngSeedRequest,
    SignRequest, SignatureVerifyRequest,
};

use self::encoding::{Input, Output, codec};
use self::mechanisms::{Asked, Kind};
pub(crate) use self::sessions::Cryptoki;
use self::sessions::{Action, Active, MAXIMUM_OBJECTS, MAXIMUM_SESSIONS, Session};
use super::perform;
use crate::answer::Failure;
use crate::server::attestation;
use crate::server::context::Context;
use crate::server::shared::Shared;
use crate::server::streams::{OpenStream, Running, new_correlation_value};

/// The name of the interface whose functions are those of the standard.
const INTERFACE: &str = "PKCS 11";

/// The version of the encoding of parameters.
const ENCODING: u8 = 1;

/// CKF_RW_SESSION and CKF_SERIAL_SESSION.
const READ_AND_WRITE: u64 = 0x2;
const SERIAL: u64 = 0x4;

/// What a function gave, with how it ended.
type Called = Result<(Option<SecretBytes>, Code), Stop>;

/// Why a function did not get to its end.
enum Stop {
    /// It returned this.
    Code(Code),
    /// The operation failed.
    Failure(Failure),
}

impl From<Code> for Stop {
    fn from(code: Code) -> Self {
        Self::Code(code)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

pub(super) fn pkcs_11(context: &mut Context<'_>, request: Pkcs11Request) -> Result<Pkcs11Response, Failure> {
    if request.pkcs_11_interface.as_ref().is_some_and(|interface| interface != INTERFACE) {
        let message = "the server has the interface of the PKCS#11 standard only";
        return Err(Failure::new(ResultReason::Pkcs11InvalidInterface, message));
    }
    let Pkcs11FunctionValue::Enumeration(function) = request.pkcs_11_function else {
        let message = "the server has no functions of its own";
        return Err(Failure::new(ResultReason::Pkcs11InvalidFunction, message));
    };
    let mut response = Pkcs11Response {
        pkcs_11_interface: request.pkcs_11_interface,
        pkcs_11_function: request.pkcs_11_function,
        correlation_value: None,
        pkcs_11_output_parameters: None,
        pkcs_11_return_code: Code::Ok,
    };
    let input = request.pkcs_11_input_parameters.unwrap_or_else(|| SecretBytes::from(Vec::new()));
    let correlation_value = request.correlation_value;
    if function == F::CInitialize {
        response.pkcs_11_return_code = Code::CryptokiAlreadyInitialized;
        if correlation_value.is_none() {
            // Those who leave it out mean the only one that there is.
            if !matches!(input.reveal(), [] | [ENCODING]) {
                return Err(codec("the version of the encoding is not 1"));
            }
            response.correlation_value = Some(begin(context)?);
            response.pkcs_11_return_code = Code::Ok;
        }
        return Ok(response);
    }
    let Some((value, used)) = take(context, correlation_value.as_deref()) else {
        response.pkcs_11_return_code = Code::CryptokiNotInitialized;
        return Ok(response);
    };
    if function == F::CFinalize {
        return Ok(response);
    }
    let Running::Cryptoki(state) = &used.running else { return Err(super::parts::mixed_up()) };
    let mut state = state.clone();
    let called = call(context, &mut state, function, Input::new(input.reveal()));
    context.operation = Operation::Pkcs11;
    keep(context, value, used, state);
    match called {
        Ok((output, code)) => {
            response.pkcs_11_output_parameters = output;
            response.pkcs_11_return_code = code;
        }
        Err(Stop::Code(code)) => response.pkcs_11_return_code = code,
        Err(Stop::Failure(failure)) => return Err(failure),
    }
    Ok(response)
}

/// Begins a use, and gives what its calls belong together by.
fn begin(context: &mut Context<'_>) -> Result<Vec<u8>, Failure> {
    let owner = context.owner();
    let (options, now) = (context.options, context.now);
    let streams = &context.shared.streams;
    streams.check_room(owner.as_deref(), options.maximum_streams, now, options.stream_idle)?;
    let value = new_correlation_value()?;
    let running = Running::Cryptoki(Box::default());
    let used = OpenStream { operation: Operation::Pkcs11, key: None, owner, running };
    let kept = value.clone();
    context.effects.push(Box::new(move |shared: &Shared| shared.streams.put(kept, used, now)));
    Ok(value)
}

fn take(context: &Context<'_>, value: Option<&[u8]>) -> Option<(Vec<u8>, OpenStream)> {
    let value = value?;
    let owner = context.owner();
    let used = context.shared.streams.take(value, Operation::Pkcs11, None, owner.as_deref()).ok()?;
    Some((value.to_vec(), used))
}

/// Keeps a use as a call leaves it. If the call is done again, as another was in its way, it finds what it found before; those
/// that are undone together go on from each other.
fn keep(context: &mut Context<'_>, value: Vec<u8>, used: OpenStream, state: Box<Cryptoki>) {
    let now = context.now;
    let (operation, key, owner) = (used.operation, used.key.clone(), used.owner.clone());
    let left = OpenStream { operation, key, owner, running: Running::Cryptoki(state) };
    if context.undo {
        context.shared.streams.put(value, left, now);
        return;
    }
    context.shared.streams.put(value.clone(), used, now);
    context.effects.push(Box::new(move |shared: &Shared| shared.streams.put(value, left, now)));
}

/// Calls a function.
fn call(context: &mut Context<'_>, state: &mut Cryptoki, function: F, mut input: Input<'_>) -> Called {
    let input = &mut input;
    match function {
        F::CGetInfo => ok(token::info()),
        F::CGetSlotList => {
            // The one slot has its token, so that it does not matter whether that is asked for.
            input.flag()?;
            filled(token::list(&[token::SLOT], input.room()?))
        }
        F::CGetSlotInfo => {
            slot(input)?;
            ok(token::slot_info())
        }
        F::CGetTokenInfo => {
            slot(input)?;
            ok(token::token_info(MAXIMUM_SESSIONS, state.sessions.len()))
        }
        F::CGetMechanismList => {
            slot(input)?;
            let numbers = mechanisms::ALL.map(|known| known.number);
            filled(token::list(&numbers, input.room()?))
        }
        F::CGetMechanismInfo => {
            slot(input)?;
            ok(token::mechanism_info(input.number()?).ok_or(Code::MechanismInvalid)?)
        }
        F::COpenSession => {
            slot(input)?;
            let flags = input.number()?;
            if flags & SERIAL == 0 {
                return Err(Code::SessionParallelNotSupported.into());
            }
            let handle = state.open(flags).ok_or(Code::SessionCount)?;
            ok(Output::default().number(handle).finish())
        }
        F::CCloseAllSessions => {
            slot(input)?;
            state.sessions.clear();
            Ok((None, Code::Ok))
        }
        F::CCloseSession
        | F::CGetSessionInfo
        | F::CLogin
        | F::CLogout
        | F::CSeedRandom
        | F::CGenerateRandom
        | F::CFindObjectsInit
        | F::CFindObjects
        | F::CFindObjectsFinal
        | F::CGenerateKey
        | F::CGetAttributeValue
        | F::CDestroyObject
        | F::CEncryptInit
        | F::CEncrypt
        | F::CDecryptInit
        | F::CDecrypt
        | F::CDigestInit
        | F::CDigest
        | F::CSignInit
        | F::CSign
        | F::CVerifyInit
        | F::CVerify => {
            let handle = input.number()?;
            if !state.sessions.contains_key(&handle) {
                return Err(Code::SessionHandleInvalid.into());
            }
            call_in(context, state, handle, function, input)
        }
        _ => Err(Code::FunctionNotSupported.into()),
    }
}

fn ok(output: SecretBytes) -> Called {
    Ok((Some(output), Code::Ok))
}

/// What is filled, unless there is no room for it.
fn filled((output, fits): (SecretBytes, bool)) -> Called {
    Ok((Some(output), if fits { Code::Ok } else { Code::BufferTooSmall }))
}

/// Reads the identifier of the slot.
fn slot(input: &mut Input<'_>) -> Result<(), Stop> {
    if input.number()? == token::SLOT { Ok(()) } else { Err(Code::SlotIdInvalid.into()) }
}

fn session(state: &mut Cryptoki, handle: u64) -> Result<&mut Session, Stop> {
    state.sessions.get_mut(&handle).ok_or(Code::SessionHandleInvalid.into())
}

/// The object of a handle.
fn object(state: &Cryptoki, handle: u64, wrong: Code) -> Result<String, Stop> {
    state.object(handle).map(str::to_owned).ok_or(wrong.into())
}

/// Calls a function in a session.
fn call_in(
    context: &mut Context<'_>,
    state: &mut Cryptoki,
    handle: u64,
    function: F,
    input: &mut Input<'_>,
) -> Called {
    let done = Ok((None, Code::Ok));
    match function {
        F::CCloseSession => {
            state.sessions.remove(&handle);
            done
        }
        F::CGetSessionInfo => {
            let flags = session(state, handle)?.flags;
            // CKS_RO_PUBLIC_SESSION or CKS_RW_PUBLIC_SESSION: nobody has logged in.
            let standing = if flags & READ_AND_WRITE == 0 { 0 } else { 2 };
            ok(Output::default().number(token::SLOT).number(standing).number(flags).number(0).finish())
        }
        // Who asks, the connection or the credentials of the request say: the token has no PIN of its own.
        F::CLogin => match input.number()? {
            1 => Err(Code::UserPinNotInitialized.into()),
            _ => Err(Code::UserTypeInvalid.into()),
        },
        F::CLogout => Err(Code::UserNotLoggedIn.into()),
        F::CSeedRandom => {
            let data = input.bytes()?.into();
            inner(context, Operation::RngSeed, RequestPayload::RngSeed(RngSeedRequest { data }))?;
            done
        }
        F::CGenerateRandom => {
            let data_length = i32::try_from(input.count()?).map_err(|_| Code::ArgumentsBad)?;
            let request = RequestPayload::RngRetrieve(RngRetrieveRequest { data_length });
            match inner(context, Operation::RngRetrieve, request)? {
                ResponsePayload::RngRetrieve(made) => {
                    ok(Output::default().bytes(made.data.reveal()).finish())
                }
                _ => Err(Code::FunctionFailed.into()),
            }
        }
        F::CFindObjectsInit => {
            let template = attributes::template(input)?;
            if session(state, handle)?.found.is_some() {
                return Err(Code::OperationActive.into());
            }
            let found = find(context, state, attributes::wanted(&template)?)?;
            session(state, handle)?.found = Some(found);
            done
        }
        F::CFindObjects => {
            let room = input.count()?;
            let found = session(state, handle)?.found.as_mut().ok_or(Code::OperationNotInitialized)?;
            let given: Vec<u64> = found.drain(..room.min(found.len())).collect();
            let output = Output::default().count(given.len());
            ok(given.iter().fold(output, |output, handle| output.number(*handle)).finish())
        }
        F::CFindObjectsFinal => {
            session(state, handle)?.found.take().ok_or(Code::OperationNotInitialized)?;
            done
        }
        F::CGenerateKey => generate(context, state, input),
        F::CGetAttributeValue => {
            let identifier = object(state, input.number()?, Code::ObjectHandleInvalid)?;
            let described = described(context, &identifier)?;
            let asked = attributes::asked_for(input)?;
            let has_value = described.object_type() == Some(ObjectType::SymmetricKey);
            let value = match has_value && asked.iter().any(attributes::AskedFor::is_value) {
                true => value(context, &identifier),
                false => Ok(None),
            };
            let found =
                attributes::Described { identifier: &identifier, attributes: &described, value: &value };
            let (output, code) = attributes::values(&asked, &found);
            Ok((Some(output.finish()), code))
        }
        F::CDestroyObject => {
            let identifier = object(state, input.number()?, Code::ObjectHandleInvalid)?;
            destroy(context, &identifier)?;
            done
        }
        F::CEncryptInit => begin_with(state, handle, Action::Encrypt, mechanisms::ENCRYPTS, input),
        F::CDecryptInit => begin_with(state, handle, Action::Decrypt, mechanisms::ENCRYPTS, input),
        F::CDigestInit => begin_with(state, handle, Action::Digest, mechanisms::DIGESTS, input),
        F::CSignInit => begin_with(state, handle, Action::Sign, mechanisms::SIGNS, input),
        F::CVerifyInit => begin_with(state, handle, Action::Verify, mechanisms::SIGNS, input),
        F::CEncrypt => apply(context, state, handle, Action::Encrypt, input),
        F::CDecrypt => apply(context, state, handle, Action::Decrypt, input),
        F::CDigest => apply(context, state, handle, Action::Digest, input),
        F::CSign => apply(context, state, handle, Action::Sign, input),
        F::CVerify => {
            let active = session(state, handle)?.active.get(&Action::Verify).cloned();
            let active = active.ok_or(Code::OperationNotInitialized)?;
            let (data, signature) = (input.bytes()?, input.bytes()?);
            // Whatever comes of it, it has come to its end.
            session(state, handle)?.active.remove(&Action::Verify);
            if verify(context, &active, data, signature)? { done } else { Err(Code::SignatureInvalid.into()) }
        }
        _ => Err(Code::FunctionNotSupported.into()),
    }
}

/// The handles of the objects that have attributes.
fn find(context: &mut Context<'_>, state: &mut Cryptoki, attributes: Attributes) -> Result<Vec<u64>, Stop> {
    // One more than have handles, so that too many are noticed.
    let maximum_items = i32::try_from(MAXIMUM_OBJECTS + 1).ok();
    let request =
        RequestPayload::Locate(LocateRequest { maximum_items, attributes, ..LocateRequest::default() });
    let ResponsePayload::Locate(located) = inner(context, Operation::Locate, request)? else {
        return Err(Code::FunctionFailed.into());
    };
    let mut found = Vec::new();
    for identifier in &located.unique_identifier {
        let identifier = context.resolve(Some(identifier))?;
        found.push(state.handle(&identifier).ok_or(Code::DeviceMemory)?);
    }
    Ok(found)
}

/// The attributes of an object, as Get Attributes gives them.
fn described(context: &mut Context<'_>, identifier: &str) -> Result<Attributes, Stop> {
    check_attested(context, Operation::GetAttributes)?;
    let request = RequestPayload::GetAttributes(GetAttributesRequest::all(identifier));
    match perform(context, Operation::GetAttributes, request) {
        Ok(ResponsePayload::GetAttributes(given)) => Ok(given.attributes),
        Ok(_) => Err(Code::FunctionFailed.into()),
        Err(failure) if failure.reason == ResultReason::OperationNotSupported => {
            Err(Code::FunctionNotSupported.into())
        }
        Err(_) => Err(Code::ObjectHandleInvalid.into()),
    }
}

/// The bytes of a symmetric key, if it has some, as Get gives them: who may read its attributes need not be let have it.
fn value(context: &mut Context<'_>, identifier: &str) -> Result<Option<SecretBytes>, Code> {
    use ResultReason as R;
    let request = GetRequest { key_format_type: Some(KeyFormatType::Raw), ..GetRequest::new(identifier) };
    check_attested(context, Operation::Get).map_err(|_| Code::AttributeSensitive)?;
    match perform(context, Operation::Get, RequestPayload::Get(request)) {
        Ok(ResponsePayload::Get(given)) => {
            let bytes = given.object.key_block().and_then(KeyBlock::key_bytes);
            Ok(bytes.map(SecretBytes::from))
        }
        // There is nothing in this form: the key is wrapped, or was destroyed, or is elsewhere.
        Err(failure)
            if matches!(
                failure.reason,
                R::KeyFormatTypeNotSupported | R::KeyValueNotPresent | R::ObjectDestroyed
            ) =>
        {
            Ok(None)
        }
        _ => Err(Code::AttributeSensitive),
    }
}

/// C_GenerateKey: a symmetric key, which may be used from now on.
fn generate(context: &mut Context<'_>, state: &mut Cryptoki, input: &mut Input<'_>) -> Called {
    let mechanism = input.mechanism()?;
    let template = attributes::template(input)?;
    let usage = match mechanisms::asked(mechanism, mechanisms::GENERATES)? {
        Asked::Is(usage) => usage,
        Asked::Invalid => return Err(Code::MechanismInvalid.into()),
        Asked::InvalidParameter => return Err(Code::MechanismParamInvalid.into()),
    };
    let Kind::Key(algorithm) = usage.kind else { return Err(Code::MechanismInvalid.into()) };
    let mut asked = attributes::asked(&template, algorithm)?;
    asked.push(Attribute::ActivationDate(context.now));
    let request = CreateRequest::new(ObjectType::SymmetricKey, asked);
    let made =
        inner(context, Operation::Create, RequestPayload::Create(request)).map_err(|stop| match stop {
            Stop::Code(Code::FunctionFailed) => Stop::Code(Code::TemplateInconsistent),
            other => other,
        })?;
    let ResponsePayload::Create(made) = made else { return Err(Code::FunctionFailed.into()) };
    let identifier = context.resolve(Some(&made.unique_identifier))?;
    let handle = state.handle(&identifier).ok_or(Code::DeviceMemory)?;
    ok(Output::default().number(handle).finish())
}

/// C_DestroyObject: an object that is in use is taken from it first, as Cryptoki has no states.
fn destroy(context: &mut Context<'_>, identifier: &str) -> Result<(), Stop> {
    context.operation = Operation::Destroy;
    let stored = context.get(identifier).map_err(|_| Code::ObjectHandleInvalid)?;
    if stored.state() == State::Active {
        let request = RevokeRequest::new(identifier, RevocationReasonCode::CessationOfOperation);
        inner(context, Operation::Revoke, RequestPayload::Revoke(request))?;
    }
    let request = RequestPayload::Destroy(DestroyRequest::new(identifier));
    inner(context, Operation::Destroy, request).map_err(|stop| match stop {
        // What was destroyed before is there no more.
        Stop::Code(Code::KeyHandleInvalid) => Stop::Code(Code::ObjectHandleInvalid),
        other => other,
    })?;
    Ok(())
}

/// An Init function: a mechanism and, but for digests, a key.
fn begin_with(
    state: &mut Cryptoki,
    handle: u64,
    action: Action,
    flags: u64,
    input: &mut Input<'_>,
) -> Called {
    let mechanism = input.mechanism()?;
    let key = match action {
        Action::Digest => None,
        _ => Some(object(state, input.number()?, Code::KeyHandleInvalid)?),
    };
    let usage = match mechanisms::asked(mechanism, flags)? {
        Asked::Is(usage) => usage,
        Asked::Invalid => return Err(Code::MechanismInvalid.into()),
        Asked::InvalidParameter => return Err(Code::MechanismParamInvalid.into()),
    };
    let session = session(state, handle)?;
    if session.active.contains_key(&action) {
        return Err(Code::OperationActive.into());
    }
    session.active.insert(action, Active { usage, key });
    Ok((None, Code::Ok))
}

/// C_Encrypt and those like it: what they make, if it is wanted and there is room. Where only the length is asked for, or there
/// is too little room, what has begun goes on.
fn apply(
    context: &mut Context<'_>,
    state: &mut Cryptoki,
    handle: u64,
    action: Action,
    input: &mut Input<'_>,
) -> Called {
    let active = session(state, handle)?.active.get(&action).cloned();
    let active = active.ok_or(Code::OperationNotInitialized)?;
    let data = input.bytes()?;
    let room = input.room()?;
    let most = longest(context, &active, action, data.len())?;
    let Some(room) = room else { return ok(Output::default().count(most).finish()) };
    // What is decrypted may be shorter, as padding goes; nothing counts how often.
    if room < most && action != Action::Decrypt {
        return Ok((Some(Output::default().count(most).finish()), Code::BufferTooSmall));
    }
    let made = make(context, &active, action, data);
    if let Ok(made) = &made
        && made.reveal().len() > room
    {
        let length = made.reveal().len();
        return Ok((Some(Output::default().count(length).finish()), Code::BufferTooSmall));
    }
    session(state, handle)?.active.remove(&action);
    ok(Output::default().bytes(made?.reveal()).finish())
}

/// How many bytes come of so many at most; but for decryption, exactly so many.
fn longest(context: &mut Context<'_>, active: &Active, action: Action, length: usize) -> Result<usize, Stop> {
    let hash_length = |hash| crate::server::crypto::hash::hash(hash, &[]).map(|hash| hash.len());
    Ok(match active.usage.kind {
        Kind::Digest(hash) => hash_length(hash)?,
        Kind::Hmac(algorithm) => {
            let hash = crate::server::crypto::mac::hash_of(algorithm).ok_or(Code::MechanismInvalid)?;
            hash_length(hash)?
        }
        Kind::Cmac => 16,
        Kind::Aes(_, Some(_)) if action == Action::Encrypt => (length / 16 + 1) * 16,
        Kind::Aes(..) | Kind::Key(_) => length,
        // As long as the modulus.
        Kind::Signature(_) | Kind::Rsa => {
            let key = active.key.as_deref().ok_or(Code::KeyHandleInvalid)?;
            context.operation = Operation::GetAttributes;
            let stored = context.get(key).map_err(|_| Code::KeyHandleInvalid)?;
            let bits = stored.attributes.cryptographic_length().and_then(|bits| usize::try_from(bits).ok());
            bits.ok_or(Code::KeyTypeInconsistent)?.div_ceil(8)
        }
    })
}

/// What encrypting, decrypting, hashing or signing makes.
fn make(
    context: &mut Context<'_>,
    active: &Active,
    action: Action,
    data: &[u8],
) -> Result<SecretBytes, Stop> {
    let parameters = active.usage.parameters.clone();
    let boxed = Some(Box::new(parameters.clone()));
    let vector = active.usage.vector.clone();
    let key = active.key.clone().unwrap_or_default();
    let identifier = Some(key.as_str().into());
    let (operation, request) = match (action, active.usage.kind) {
        (Action::Encrypt, _) => {
            let request = EncryptRequest {
                cryptographic_parameters: boxed,
                iv_counter_nonce: vector,
                ..EncryptRequest::new(key.as_str(), data)
            };
            (Operation::Encrypt, RequestPayload::Encrypt(request))
        }
        (Action::Decrypt, _) => {
            let request = DecryptRequest {
                cryptographic_parameters: boxed,
                iv_counter_nonce: vector,
                ..DecryptRequest::new(key.as_str(), data)
            };
            (Operation::Decrypt, RequestPayload::Decrypt(Box::new(request)))
        }
        (Action::Digest, _) => {
            let request = HashRequest { data: Some(data.into()), ..HashRequest::new(parameters) };
            (Operation::Hash, RequestPayload::Hash(Box::new(request)))
        }
        (_, Kind::Hmac(_) | Kind::Cmac) => {
            let request = MacRequest {
                unique_identifier: identifier,
                cryptographic_parameters: boxed,
                data: Some(data.into()),
                ..MacRequest::default()
            };
            (Operation::Mac, RequestPayload::Mac(request))
        }
        _ => {
            let request = SignRequest {
                unique_identifier: identifier,
                cryptographic_parameters: boxed,
                data: Some(data.into()),
                ..SignRequest::default()
            };
            (Operation::Sign, RequestPayload::Sign(request))
        }
    };
    let made = match inner(context, operation, request)? {
        ResponsePayload::Encrypt(made) => made.data,
        ResponsePayload::Decrypt(made) => made.data,
        ResponsePayload::Hash(made) => made.data,
        ResponsePayload::Mac(made) => made.mac_data,
        ResponsePayload::Sign(made) => made.signature_data.map(SecretBytes::from),
        _ => None,
    };
    made.ok_or(Code::FunctionFailed.into())
}

/// Whether a signature or a code is right.
fn verify(context: &mut Context<'_>, active: &Active, data: &[u8], signature: &[u8]) -> Result<bool, Stop> {
    let unique_identifier = active.key.as_deref().map(Into::into);
    let cryptographic_parameters = Some(Box::new(active.usage.parameters.clone()));
    let (operation, request) = match active.usage.kind {
        Kind::Hmac(_) | Kind::Cmac => {
            let request = MacVerifyRequest {
                unique_identifier,
                cryptographic_parameters,
                data: Some(data.into()),
                mac_data: Some(signature.into()),
                ..MacVerifyRequest::default()
            };
            (Operation::MacVerify, RequestPayload::MacVerify(request))
        }
        _ => {
            let request = SignatureVerifyRequest {
                unique_identifier,
                cryptographic_parameters,
                data: Some(data.into()),
                signature_data: Some(signature.to_vec()),
                ..SignatureVerifyRequest::default()
            };
            (Operation::SignatureVerify, RequestPayload::SignatureVerify(request))
        }
    };
    let indicator = match inner(context, operation, request)? {
        ResponsePayload::MacVerify(verified) => verified.validity_indicator,
        ResponsePayload::SignatureVerify(verified) => verified.validity_indicator,
        _ => None,
    };
    Ok(indicator == Some(ValidityIndicator::Valid))
}

/// Does the operation that a function stands for, as if the client had asked for it.
fn inner(
    context: &mut Context<'_>,
    operation: Operation,
    request: RequestPayload,
) -> Result<ResponsePayload, Stop> {
    check_attested(context, operation)?;
    perform(context, operation, request).map_err(|failure| code_of(&failure).into())
}

/// Refuses what is for who attests.
fn check_attested(context: &Context<'_>, operation: Operation) -> Result<(), Stop> {
    let options = context.options;
    let is_meant = options
        .attested_operations
        .as_ref()
        .map_or_else(|| attestation::is_usual(operation), |operations| operations.contains(&operation));
    if context.caller.attested || options.attestation.is_none() || !is_meant {
        return Ok(());
    }
    Err(Code::ActionProhibited.into())
}

/// What a function returns where its operation fails.
fn code_of(failure: &Failure) -> Code {
    use ResultReason as R;
    match failure.reason {
        R::ItemNotFound | R::ObjectNotFound | R::ObjectDestroyed => Code::KeyHandleInvalid,
        R::IncompatibleCryptographicUsageMask | R::WrongKeyLifecycleState | R::IllegalOperation => {
            Code::KeyFunctionNotPermitted
        }
        R::InvalidObjectType => Code::KeyTypeInconsistent,
        R::BadCryptographicParameters | R::UnsupportedCryptographicParameters => Code::KeyTypeInconsistent,
        R::CryptographicFailure => Code::DataInvalid,
        R::PermissionDenied => Code::ActionProhibited,
        R::OperationNotSupported => Code::FunctionNotSupported,
        R::ServerLimitExceeded | R::ResponseTooLarge => Code::DataLenRange,
        _ => Code::FunctionFailed,
    }
}
