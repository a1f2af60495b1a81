//! Where the tests of the suite keep records: each backend, in a place of its own.

use std::sync::Arc;

use kmip_sdk::server::store::{Backend, Form, MasterKey, Memory, Postgres, Redb, Store, StoreError};
use kmip_tests::watched::{Beside, Call, Watched};
use tempfile::TempDir;

use crate::database::Schema;

/// A backend, in a place of its own.
pub(crate) enum Place {
    Memory,
    Redb(TempDir),
    Postgres(Schema),
    /// Memory that several stores share, and which is given what a database is.
    Shared(Arc<Memory>),
    /// A backend whose store keeps no objects decoded.
    Uncached(Box<Place>),
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

    pub(crate) fn shared() -> Self {
        Self::Shared(Arc::default())
    }

    pub(crate) fn uncached(self) -> Self {
        Self::Uncached(Box::new(self))
    }

    /// Another place of the same kind.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Memory => Self::memory(),
            Self::Redb(_) => Self::redb(),
            Self::Postgres(_) => Self::postgres().unwrap(),
            Self::Shared(_) => Self::shared(),
            Self::Uncached(place) => place.again().uncached(),
        }
    }

    /// The backend, with what was left in its place if it is one that lasts.
    pub(crate) fn open(&self) -> Box<dyn Backend> {
        match self {
            Self::Memory => Box::new(Memory::new()),
            Self::Redb(directory) => Box::new(Redb::open(directory.path().join("store")).unwrap()),
            Self::Postgres(schema) => Box::new(Postgres::open(&schema.url()).unwrap()),
            Self::Shared(memory) => Box::new(Watched::over(Arc::clone(memory) as Arc<dyn Backend>, Shared)),
            Self::Uncached(place) => place.open(),
        }
    }

    /// The backend, before whose calls something is done that may take their place.
    pub(crate) fn open_with(
        &self,
        before: impl Fn(Call) -> Result<(), StoreError> + Send + Sync + 'static,
    ) -> Box<dyn Backend> {
        Box::new(Watched::over(self.open(), Before(Box::new(before))))
    }

    /// The store, sealed where the backend wants it.
    pub(crate) fn store(&self) -> Store {
        let store = Store::sealed(self.open(), key()).unwrap();
        if matches!(self, Self::Uncached(_)) { store.cache(0) } else { store }
    }

    /// Whether what is in the backend outlives it.
    pub(crate) fn lasts(&self) -> bool {
        match self {
            Self::Memory => false,
            Self::Redb(_) | Self::Postgres(_) | Self::Shared(_) => true,
            Self::Uncached(place) => place.lasts(),
        }
    }

    /// Whether it may be open twice at a time.
    pub(crate) fn is_shared(&self) -> bool {
        match self {
            Self::Memory | Self::Redb(_) => false,
            Self::Postgres(_) | Self::Shared(_) => true,
            Self::Uncached(place) => place.is_shared(),
        }
    }
}

#[derive(Debug)]
struct Shared;

impl Beside for Shared {
    fn form(&self) -> Option<Form> {
        Some(Form::Sealed)
    }

    fn is_shared(&self) -> Option<bool> {
        Some(true)
    }
}

/// What is done before each call.
struct Before(Box<dyn Fn(Call) -> Result<(), StoreError> + Send + Sync>);

impl std::fmt::Debug for Before {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Before")
    }
}

impl Beside for Before {
    fn before(&self, call: Call) -> Result<(), StoreError> {
        (self.0)(call)
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

/// Runs each of these functions with every backend, and with those that last once more without a cache above them.
macro_rules! for_every_store {
    ($($test:ident),* $(,)?) => {
        for_every_backend!($($test),*);

        mod redb_uncached {
            $(#[test]
            fn $test() {
                super::$test(&crate::places::Place::redb().uncached());
            })*
        }

        mod postgres_uncached {
            $(#[test]
            fn $test() {
                if let Some(place) = crate::places::Place::postgres() {
                    super::$test(&place.uncached());
                }
            })*
        }
    };
}

/// Runs each of these functions with every backend that several stores may have open.
macro_rules! for_every_shared {
    ($($test:ident),* $(,)?) => {
        mod shared {
            $(#[test]
            fn $test() {
                super::$test(&crate::places::Place::shared());
            })*
        }

        mod shared_postgres {
            $(#[test]
            fn $test() {
                if let Some(place) = crate::places::Place::postgres() {
                    super::$test(&place);
                }
            })*
        }
    };
}

/// Runs each of these functions with every backend that lasts, and with memory that does as if.
macro_rules! for_every_lasting {
    ($($test:ident),* $(,)?) => {
        mod lasting {
            $(#[test]
            fn $test() {
                super::$test(&crate::places::Place::shared());
            })*
        }

        mod lasting_redb {
            $(#[test]
            fn $test() {
                super::$test(&crate::places::Place::redb());
            })*
        }

        mod lasting_postgres {
            $(#[test]
            fn $test() {
                if let Some(place) = crate::places::Place::postgres() {
                    super::$test(&place);
                }
            })*
        }
    };
}
