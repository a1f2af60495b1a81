//! What users have proved with: it proves nothing again.

use kmip_types::{DateTime, Ttlv};
use zeroize::Zeroizing;

use crate::server::store::{Indexes, Kind, Store, StoreError, Stored, decode_record, encode_record};

/// What somebody proved with before: it proves nothing again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Used {
    user: String,
    /// The Timestamp of the last Hashed Password, in microseconds.
    pub(super) timestamp: Option<i64>,
    /// The number of the next one-time password.
    pub(super) next: u64,
    /// Which one-time passwords it is the number of.
    pub(super) mark: Option<Vec<u8>>,
}

/// What is kept of it.
#[derive(Ttlv)]
struct UsedRecord {
    #[ttlv(tag = 0x540050)]
    user: String,
    #[ttlv(tag = 0x540051)]
    timestamp: Option<i64>,
    #[ttlv(tag = 0x540052)]
    next: i64,
    #[ttlv(tag = 0x540053)]
    mark: Option<Vec<u8>>,
}

impl Stored for Used {
    const KIND: Kind = Kind::USED;

    fn identifier(&self) -> Vec<u8> {
        self.user.clone().into_bytes()
    }

    fn indexes(&self) -> Indexes {
        Indexes::default()
    }

    fn encode(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let Self { user, timestamp, next, mark } = self;
        let next = i64::try_from(*next).unwrap_or(i64::MAX);
        let (user, mark) = (user.clone(), mark.clone());
        encode_record(&UsedRecord { user, timestamp: *timestamp, next, mark })
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let UsedRecord { user, timestamp, next, mark } = decode_record(bytes)?;
        Ok(Self { user, timestamp, next: u64::try_from(next).unwrap_or(0), mark })
    }
}

/// Has somebody use something up that has not been used: what `take` makes of what they used, if it may be used.
pub(super) fn use_up<T>(
    store: &Store,
    user: &str,
    now: DateTime,
    take: impl Fn(&mut Used) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    loop {
        let mut transaction = store.begin(now, &[]);
        let used = transaction.value::<Used>(user.as_bytes())?;
        let mut used = used.map_or_else(
            || Used { user: user.to_owned(), timestamp: None, next: 0, mark: None },
            |used| (*used).clone(),
        );
        let Some(taken) = take(&mut used) else { return Ok(None) };
        transaction.put(used)?;
        match transaction.commit() {
            Ok(()) => return Ok(Some(taken)),
            // Somebody else proves who they are at this moment.
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error),
        }
    }
}
