//! What all requests share: the store, and what goes on from one request to the next.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use kmip_types::operation::{Constraint, Constraints, DefaultsInformation, ObjectDefaults};
use kmip_types::{DateTime, SecretBytes, Ttlv};
use zeroize::Zeroizing;

use super::crypto::authority::Authority;
use super::later::{self, Job, Running};
use super::options::ServerOptions;
use super::seeded::Seeded;
use super::store::{
    Bound, Indexes, Kind, Store, StoreError, Stored, StoredObject, Transaction, decode_record, encode_record,
};
use super::streams::Streams;
use super::throttle::Throttle;
use super::tickets;
use crate::answer::Failure;
use crate::random::Source;

/// How many objects there are in memory at most, and of how many bytes, unless the options say it.
const IN_MEMORY: (u64, u64) = (100_000, 1 << 30);

/// What all requests share.
pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) streams: Streams,
    pub(crate) seeded: Seeded,
    pub(crate) running: Running,
    /// What the records may come to.
    bounds: [Bound; 3],
    pub(super) throttle: Throttle,
    /// Whether the server ends.
    ending: AtomicBool,
    /// Whether a thread does what is due, and not each request.
    swept: AtomicBool,
    pub(crate) source: Source,
    authority: OnceLock<Authority>,
}

/// What there is one of, for everybody.
#[derive(Clone)]
pub(crate) enum Setting {
    /// What new objects get where clients leave it out.
    Defaults(Vec<ObjectDefaults>),
    /// What new objects have to be like.
    Constraints(Vec<Constraint>),
    /// What issues certificates: its private key and its certificate.
    Authority { key: SecretBytes, certificate: Vec<u8> },
}

const DEFAULTS: &str = "defaults";
const CONSTRAINTS: &str = "constraints";
const AUTHORITY: &str = "authority";

/// What is kept of a setting.
#[derive(Ttlv)]
struct SettingRecord {
    defaults_information: Option<DefaultsInformation>,
    constraints: Option<Constraints>,
    #[ttlv(tag = 0x540040)]
    key: Option<SecretBytes>,
    #[ttlv(tag = 0x540041)]
    certificate: Option<Vec<u8>>,
}

impl Stored for Setting {
    const KIND: Kind = Kind::SETTING;

    fn identifier(&self) -> Vec<u8> {
        let name = match self {
            Self::Defaults(_) => DEFAULTS,
            Self::Constraints(_) => CONSTRAINTS,
            Self::Authority { .. } => AUTHORITY,
        };
        name.into()
    }

    fn indexes(&self) -> Indexes {
        Indexes::default()
    }

    fn encode(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let nothing =
            SettingRecord { defaults_information: None, constraints: None, key: None, certificate: None };
        encode_record(&match self.clone() {
            // No defaults are no Defaults Information, which holds at least one.
            Self::Defaults(object_defaults) if object_defaults.is_empty() => nothing,
            Self::Defaults(object_defaults) => SettingRecord {
                defaults_information: Some(DefaultsInformation { object_defaults }),
                ..nothing
            },
            Self::Constraints(constraint) => {
                SettingRecord { constraints: Some(Constraints { constraint }), ..nothing }
            }
            Self::Authority { key, certificate } => {
                SettingRecord { key: Some(key), certificate: Some(certificate), ..nothing }
            }
        })
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let record: SettingRecord = decode_record(bytes)?;
        Ok(match record {
            SettingRecord { key: Some(key), certificate: Some(certificate), .. } => {
                Self::Authority { key, certificate }
            }
            SettingRecord { constraints: Some(constraints), .. } => Self::Constraints(constraints.constraint),
            SettingRecord { defaults_information, .. } => Self::Defaults(
                defaults_information.map(|information| information.object_defaults).unwrap_or_default(),
            ),
        })
    }
}

impl Shared {
    /// What the options say, and nothing of requests yet.
    pub(crate) fn new(options: &ServerOptions) -> Self {
        let store = options.store.clone().unwrap_or_default();
        // A disk that is full says so; memory that is does not.
        let (most, bytes) = if store.is_in_memory() { IN_MEMORY } else { (u64::MAX, u64::MAX) };
        let objects = Bound {
            kind: Kind::OBJECT,
            records: options.maximum_objects.map_or(most, |objects| objects as u64),
            bytes: options.maximum_bytes.unwrap_or(bytes),
        };
        let later = Bound { kind: Kind::ASYNCHRONOUS, records: u64::MAX, bytes: options.later_bytes.1 };
        Self {
            store,
            streams: Streams::default(),
            seeded: Seeded::default(),
            running: Running::default(),
            bounds: [objects, tickets::BOUND, later],
            throttle: Throttle::default(),
            ending: AtomicBool::new(false),
            swept: AtomicBool::new(false),
            source: Source::new(options.seed),
            authority: OnceLock::new(),
        }
    }

    /// Takes note that the server ends.
    pub(super) fn end(&self) {
        self.ending.store(true, Ordering::SeqCst);
    }

    /// Takes note that the server goes on.
    pub(super) fn go_on(&self) {
        self.ending.store(false, Ordering::SeqCst);
    }

    /// Whether the server ends, so that nothing more is begun.
    pub(crate) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::SeqCst)
    }

    /// Takes note whether a thread does what is due.
    pub(super) fn set_swept(&self, swept: bool) {
        self.swept.store(swept, Ordering::SeqCst);
    }

    /// Whether a thread does what is due, and not each request.
    pub(super) fn is_swept(&self) -> bool {
        self.swept.load(Ordering::SeqCst)
    }

    /// How many objects there may be.
    pub(crate) fn maximum_objects(&self) -> u64 {
        let [objects, ..] = self.bounds;
        objects.records
    }

    /// Something that reads and changes what is kept, at a time.
    pub(crate) fn begin(&self, now: DateTime) -> Transaction<'_> {
        self.store.begin(now, &self.bounds)
    }

    /// What issues certificates, which is made when it is first asked for.
    pub(crate) fn authority(&self, now: DateTime) -> Result<&Authority, Failure> {
        if let Some(authority) = self.authority.get() {
            return Ok(authority);
        }
        let kept = loop {
            if let Some(Setting::Authority { key, certificate }) = self.setting(AUTHORITY)? {
                break Authority::from_parts(&key, &certificate)?;
            }
            let (key, certificate) = Authority::new(now)?.parts()?;
            let mut transaction = self.begin(now);
            transaction.put(Setting::Authority { key, certificate })?;
            match transaction.commit() {
                // Another request, or another server, may have been faster.
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        };
        Ok(self.authority.get_or_init(|| kept))
    }

    /// What new objects get where clients leave it out.
    pub(crate) fn defaults(&self) -> Result<Vec<ObjectDefaults>, Failure> {
        Ok(match self.setting(DEFAULTS)? {
            Some(Setting::Defaults(defaults)) => defaults,
            _ => Vec::new(),
        })
    }

    /// What new objects have to be like.
    pub(crate) fn constraints(&self) -> Result<Vec<Constraint>, Failure> {
        Ok(match self.setting(CONSTRAINTS)? {
            Some(Setting::Constraints(constraints)) => constraints,
            _ => Vec::new(),
        })
    }

    fn setting(&self, name: &str) -> Result<Option<Setting>, StoreError> {
        let found = self.store.read::<Setting>(name.as_bytes())?;
        Ok(found.map(|found| std::sync::Arc::unwrap_or_clone(found.value)))
    }

    /// Forgets everything that a client has made, and what all share of settings, as at the beginning; where the application
    /// itself asks, everything that clients have made.
    pub(crate) fn reset(&self, owner: Option<&str>, now: DateTime) -> Result<(), StoreError> {
        self.streams.clear(owner);
        match owner {
            Some(owner) => self.forget_all_of(owner, now)?,
            None => self.store.clear()?,
        }
        loop {
            let mut transaction = self.begin(now);
            transaction.remove::<Setting>(DEFAULTS.as_bytes())?;
            transaction.remove::<Setting>(CONSTRAINTS.as_bytes())?;
            match transaction.commit() {
                Err(StoreError::Conflict) => {}
                result => return result,
            }
        }
    }
}

impl Shared {
    /// Forgets the objects of a client, and what it has not got the results of, a page at a time.
    fn forget_all_of(&self, owner: &str, now: DateTime) -> Result<(), StoreError> {
        loop {
            let mut transaction = self.begin(now);
            let objects = transaction.owned(owner)?;
            let jobs = later::all_of(&transaction, owner)?;
            if objects.is_empty() && jobs.is_empty() {
                return Ok(());
            }
            for identifier in &objects {
                transaction.remove::<StoredObject>(identifier)?;
            }
            for correlation_value in &jobs {
                transaction.remove::<Job>(correlation_value)?;
            }
            match transaction.commit() {
                // Somebody else has changed one of them.
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("store", &self.store)
            .field("streams", &self.streams)
            .finish_non_exhaustive()
    }
}
