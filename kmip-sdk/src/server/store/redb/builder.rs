//! How redb opens a file, and what the log says where it has to repair one.

use ::redb::{Builder, RepairSession};

/// What every opening of a file begins with.
pub(super) fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_repair_callback(|session| warn(session));
    builder
}

/// Says what redb does of a repair: it reports 0.0 as it begins, 0.3 where the newest commit does not verify, and only there,
/// and more once it has found the commit to go on from.
fn warn(session: &RepairSession) {
    let progress = session.progress();
    if progress <= 0.0 {
        tracing::warn!("the store's file was not closed, and is repaired");
    } else if progress < 0.5 {
        tracing::warn!(
            "the newest commit in the store's file is not whole, as one is that was never answered: the one before it holds"
        );
    }
}
