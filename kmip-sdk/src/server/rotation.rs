//! Objects that the server replaces by itself when their time has come (KMIP 2.1 sections 4.48 to 4.54).

use kmip_types::attribute::{Attribute, Attributes};
use kmip_types::enumerations::{ObjectType, Operation, ResultReason};
use kmip_types::operation::{ReCertifyRequest, ReKeyKeyPairRequest, ReKeyRequest, RequestPayload};
use kmip_types::{DateTime, ProtocolVersion, Ttlv};
use zeroize::Zeroizing;

use super::access::Caller;
use super::context::{BatchMemory, Context};
use super::operation;
use super::options::ServerOptions;
use super::shared::Shared;
use super::store::{
    Full, Indexes, Key, Kind, StoreError, Stored, StoredObject, decode_record, encode_record,
};
use crate::answer::Failure;

/// When an object is to be rotated by the server, if it is: one rotation after it was made.
///
/// A public key goes with its private key. What has been replaced is not rotated once more, for its replacement is.
pub(crate) fn due(stored: &StoredObject) -> Option<DateTime> {
    let set = &stored.attributes;
    let is_there = stored.object.is_some() && !stored.archived;
    let is_wanted = set.rotate_automatic() == Some(true) && set.rotate_latest() != Some(false);
    if !is_there || !is_wanted || operation_for(stored.object_type).is_none() {
        return None;
    }
    let interval = set.rotate_interval().filter(|interval| interval.seconds() > 0)?;
    let due = set.initial_date()?.seconds().checked_add(i64::from(interval.seconds()))?;
    Some(DateTime::from_seconds(due))
}

/// The operation whose equivalent rotates objects of a type.
fn operation_for(object_type: ObjectType) -> Option<Operation> {
    match object_type {
        ObjectType::SymmetricKey => Some(Operation::ReKey),
        ObjectType::PrivateKey => Some(Operation::ReKeyKeyPair),
        ObjectType::Certificate => Some(Operation::ReCertify),
        _ => None,
    }
}

/// When an object is to be rotated, as the store keeps it beside the object: it is gone once that was done, or could not be.
#[derive(Clone, Debug)]
pub(crate) struct Rotation {
    /// The object's identifier.
    pub(crate) identifier: Vec<u8>,
    pub(crate) due: DateTime,
}

#[derive(Ttlv)]
struct RotationRecord {
    #[ttlv(tag = 0x540060)]
    identifier: Vec<u8>,
    #[ttlv(tag = 0x540061)]
    due: DateTime,
}

impl Stored for Rotation {
    const KIND: Kind = Kind::ROTATION;

    fn identifier(&self) -> Vec<u8> {
        self.identifier.clone()
    }

    fn indexes(&self) -> Indexes {
        Indexes { due: Some(self.due.seconds()), ..Indexes::default() }
    }

    fn encode(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        encode_record(&RotationRecord { identifier: self.identifier.clone(), due: self.due })
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let RotationRecord { identifier, due } = decode_record(bytes)?;
        Ok(Self { identifier, due })
    }
}

/// Rotates what is due, each object once and in a transaction of its own. An object that cannot be replaced stays as it is,
/// and is looked at again when somebody has changed it; one that there is no room to replace, or that cannot be read, after a
/// while.
pub(crate) fn catch_up(
    shared: &Shared,
    options: &ServerOptions,
    now: DateTime,
    goes_on: &dyn Fn() -> bool,
) -> Result<(), StoreError> {
    // What is made meanwhile is not due before its own interval is over.
    while goes_on() && shared.store.is_due(Kind::ROTATION, now) {
        let due = shared.store.due(Kind::ROTATION, now)?;
        if due.is_empty() {
            break;
        }
        for key in due.into_iter().take_while(|_| goes_on()) {
            rotate(shared, options, now, &key).or_else(|error| shared.store.set_aside(&key, error, now))?;
        }
    }
    Ok(())
}

/// Rotates an object, unless somebody else has done so since it was found, here or on another machine.
fn rotate(shared: &Shared, options: &ServerOptions, now: DateTime, key: &Key) -> Result<(), StoreError> {
    let identifier = &key.identifier;
    loop {
        let caller = Caller::default();
        let version = ProtocolVersion::NEWEST;
        let mut context = Context::new(shared, options, version, now, caller, BatchMemory::default());
        let found = context.store.value::<StoredObject>(identifier)?;
        let due = found.filter(|stored| due(stored).is_some_and(|due| due <= now));
        let replaced = due.map(|stored| replace(&mut context, &stored));
        match &replaced {
            Some(Ok(())) => {}
            Some(Err(failure)) if may_pass(failure) => return put_off(shared, key, now, failure.clone()),
            done => {
                if let Some(Err(Failure { reason, message })) = done {
                    let identifier = String::from_utf8_lossy(identifier);
                    tracing::warn!(%identifier, %reason, message, "an object cannot be rotated");
                }
                context.effects.clear();
                context.store.roll_back();
                context.store.remove::<Rotation>(identifier)?;
            }
        }
        let effects = std::mem::take(&mut context.effects);
        match context.store.commit() {
            Err(StoreError::Conflict) => {}
            // Nobody who asks for something else is to be refused for it. Where the disk is full, none of
            // them is done.
            Err(error @ StoreError::Full(Full::Records(_) | Full::Bytes(_))) => {
                return put_off(shared, key, now, error.into());
            }
            Err(error) => return Err(error),
            Ok(()) => {
                effects.into_iter().for_each(|effect| effect(shared));
                return Ok(());
            }
        }
    }
}

/// Whether what has failed may be done another time, as it was not for what is asked of it.
fn may_pass(failure: &Failure) -> bool {
    matches!(
        failure.reason,
        ResultReason::ServerLimitExceeded | ResultReason::GeneralFailure | ResultReason::InternalServerError
    )
}

/// Has a rotation wait a while.
///
/// # Errors
/// [`StoreError::Full`], if too many wait.
fn put_off(shared: &Shared, key: &Key, now: DateTime, why: Failure) -> Result<(), StoreError> {
    let Failure { reason, message } = why;
    let identifier = String::from_utf8_lossy(&key.identifier);
    tracing::warn!(%identifier, %reason, message, "an object is not rotated now, but is to be in a while");
    if shared.store.put_off(key, now) { Ok(()) } else { Err(StoreError::Full(Full::Records(Kind::ROTATION))) }
}

/// Puts another object in the place of one.
fn replace(context: &mut Context<'_>, stored: &StoredObject) -> Result<(), Failure> {
    let operation = operation_for(stored.object_type)
        .ok_or_else(|| Failure::new(ResultReason::InvalidObjectType, "such an object is not replaced"))?;
    // What it makes belongs to whom the object belongs to.
    context.caller.identity.clone_from(&stored.owner);
    let identifier = Some(stored.identifier.as_str().into());
    let offset = stored.attributes.rotate_offset();
    let payload: RequestPayload = match operation {
        Operation::ReKeyKeyPair => ReKeyKeyPairRequest {
            private_key_unique_identifier: identifier,
            offset,
            ..ReKeyKeyPairRequest::default()
        }
        .into(),
        Operation::ReCertify => {
            ReCertifyRequest { unique_identifier: identifier, offset, ..ReCertifyRequest::default() }.into()
        }
        _ => ReKeyRequest { unique_identifier: identifier, offset, ..ReKeyRequest::default() }.into(),
    };
    operation::carry_out(context, operation, payload).map(drop)
}

/// What a replacement has of the rotation that made it: the count, the time, and that it is the newest.
pub(crate) fn of_replacement(replaced: &Attributes, now: DateTime) -> [Attribute; 3] {
    let generation = replaced.rotate_generation().unwrap_or(0).saturating_add(1);
    [Attribute::RotateGeneration(generation), Attribute::RotateDate(now), Attribute::RotateLatest(true)]
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kmip_types::Interval;
    use kmip_types::enumerations::{CryptographicAlgorithm, KeyFormatType};
    use kmip_types::object::{KeyBlock, KeyMaterial, ManagedObject, SymmetricKey};

    use super::*;

    #[test]
    fn only_what_rotates_by_itself_is_due() {
        let at = DateTime::from_seconds;
        let material = KeyMaterial::bytes(vec![1; 16]);
        let key_block = KeyBlock::plain(KeyFormatType::Raw, material, CryptographicAlgorithm::Aes, 128);
        let object = Arc::new(ManagedObject::SymmetricKey(SymmetricKey { key_block }));
        let whole = StoredObject {
            identifier: "a".to_owned(),
            object_type: ObjectType::SymmetricKey,
            object: Some(object),
            attributes: Attributes::new(),
            archived: false,
            owner: None,
            polynomial: None,
        };
        let with = |automatic, interval, latest: Option<bool>| {
            let set = Attributes::new()
                .with(Attribute::InitialDate(at(100)))
                .with(Attribute::RotateAutomatic(automatic))
                .with(Attribute::RotateInterval(Interval::from_seconds(interval)));
            let set = latest.into_iter().map(Attribute::RotateLatest).fold(set, Attributes::with);
            StoredObject { attributes: set, ..whole.clone() }
        };
        assert_eq!(due(&with(true, 50, None)), Some(at(150)));
        assert_eq!(due(&with(true, 50, Some(true))), Some(at(150)));
        assert_eq!(due(&StoredObject { object: None, ..with(true, 50, None) }), None);
        assert_eq!(due(&StoredObject { archived: true, ..with(true, 50, None) }), None);
        for (automatic, interval, latest) in [(false, 50, None), (true, 0, None), (true, 50, Some(false))] {
            assert_eq!(due(&with(automatic, interval, latest)), None);
        }
    }
}
