//! Where the tests of the suite keep records: each backend, in a place of its own.

use kmip_sdk::server::store::{Backend, MasterKey, Memory, Postgres, Redb, Store};
use tempfile::TempDir;

use crate::database::Schema;

/// A backend, in a place of its own.
pub(crate) enum Place {
    Memory,
    Redb(TempDir),
    Postgres(Schema),
}

impl Place {
    pub(crate) fn memory() -> Self {
        Self::Memory
    }

    pub(crate) fn redb() -> Self {
        Self::Redb(TempDir::new().unwrap())
    }

    /// Absent where there is no database.
    pub(crate) fn postgres() -> Option<Self> {
        Schema::new().map(Self::Postgres)
    }

    /// Another place of the same kind.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Memory => Self::memory(),
            Self::Redb(_) => Self::redb(),
            Self::Postgres(_) => Self::postgres().unwrap(),
        }
    }

    /// The backend, with what was left in its place if it is one that lasts.
    pub(crate) fn open(&self) -> Box<dyn Backend> {
        match self {
            Self::Memory => Box::new(Memory::new()),
            Self::Redb(directory) => Box::new(Redb::open(directory.path().join("store")).unwrap()),
            Self::Postgres(schema) => Box::new(Postgres::open(&schema.url()).unwrap()),
        }
    }

    /// The store, sealed where the backend wants it.
    pub(crate) fn store(&self) -> Store {
        Store::sealed(self.open(), key()).unwrap()
    }

    /// Whether what is in the backend outlives it.
    pub(crate) fn lasts(&self) -> bool {
        !matches!(self, Self::Memory)
    }

    /// Whether it may be open twice at a time.
    pub(crate) fn is_shared(&self) -> bool {
        match self {
            Self::Memory | Self::Redb(_) => false,
            Self::Postgres(_) => true,
        }
    }
}

/// The master key of the tests.
pub(crate) fn key() -> MasterKey {
    MasterKey::new([7; 32])
}

/// Runs each of these functions with every backend.
macro_rules! for_every_backend {
    ($($test:ident),* $(,)?) => {
        mod memory {
            $(#[test]
            fn $test() {
                super::$test(&crate::places::Place::memory());
            })*
        }

        mod redb {
            $(#[test]
            fn $test() {
                super::$test(&crate::places::Place::redb());
            })*
        }

        mod postgres {
            $(#[test]
            fn $test() {
                if let Some(place) = crate::places::Place::postgres() {
                    super::$test(&place);
                }
            })*
        }
    };
}
