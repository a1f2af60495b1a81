//! Which backend a URL names.

use super::{Backend, Memory, StoreError};

/// What URLs there are, for who gave another.
pub(super) const KNOWN: &str = "`memory:`; with the feature `redb`, `redb:` with the path of a file behind it; and with the \
    feature `postgres`, `postgres:` with the host and the name of a database behind it";

/// The backend that a URL names.
pub(super) fn backend(url: &str) -> Result<Box<dyn Backend>, StoreError> {
    let unknown = || StoreError::Url(url.split("//").next().unwrap_or_default().to_owned());
    let (scheme, rest) = url.split_once(':').ok_or_else(unknown)?;
    match scheme {
        "memory" if rest.is_empty() => Ok(Box::new(Memory::new())),
        #[cfg(feature = "redb")]
        "redb" if !rest.is_empty() => Ok(Box::new(super::Redb::open(rest)?)),
        #[cfg(feature = "postgres")]
        "postgres" | "postgresql" => Ok(Box::new(super::Postgres::open(url)?)),
        _ => Err(unknown()),
    }
}
