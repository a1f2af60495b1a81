//! Which backend a URL names.

use super::{Backend, Memory, StoreError};

/// What URLs there are, for who gave another.
pub(super) const KNOWN: &str = "`memory:`; with the feature `redb`, `redb:` with the path of a file behind it, and \
    perhaps `?cache_size=` with a number of bytes or `?check_integrity=true`; and with the feature `postgres`, `postgres:` with \
    the host and the name of a database behind it";

/// The backend that a URL names.
pub(super) fn backend(url: &str) -> Result<Box<dyn Backend>, StoreError> {
    let unknown = || StoreError::Url(url.split("//").next().unwrap_or_default().to_owned());
    let (scheme, rest) = url.split_once(':').ok_or_else(unknown)?;
    match scheme {
        "memory" if rest.is_empty() => Ok(Box::new(Memory::new())),
        #[cfg(feature = "redb")]
        "redb" => {
            let (path, options) = redb(rest).ok_or_else(unknown)?;
            Ok(Box::new(options.open(path)?))
        }
        #[cfg(feature = "postgres")]
        "postgres" | "postgresql" => Ok(Box::new(super::Postgres::open(url)?)),
        _ => Err(unknown()),
    }
}

/// The path in a URL of redb's, and the options behind the last question mark, if there is one.
#[cfg(feature = "redb")]
fn redb(rest: &str) -> Option<(&str, super::RedbOptions)> {
    let (path, query) = rest.rsplit_once('?').unwrap_or((rest, ""));
    let mut options = super::RedbOptions::default();
    for option in query.split('&').filter(|option| !option.is_empty()) {
        options = match option.split_once('=')? {
            ("cache_size", bytes) => options.cache_size(bytes.parse().ok()?),
            ("check_integrity", checks) => options.check_integrity(checks.parse().ok()?),
            _ => return None,
        };
    }
    (!path.is_empty()).then_some((path, options))
}
