//! What sees the messages that go by.

use std::sync::Arc;

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// To the server.
    Request,
    /// From the server.
    Response,
}

/// What sees the messages.
pub(crate) type Observer = Arc<dyn Fn(Direction, &[u8]) + Send + Sync>;
