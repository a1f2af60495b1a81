//! What reading and writing never exceed.

/// Bounds on what is read from, or written to, a peer. They are always on.
///
/// ```
/// use kmip_types::Limits;
/// let limits = Limits { size: 1 << 20, ..Limits::default() };
/// assert_eq!(limits.depth, 32);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How deep structures may be nested, counting the outermost as one. The standard's messages need less
    /// than a dozen. Default 32.
    pub depth: usize,
    /// The size in bytes of one outermost item, header included. Default 16 MiB.
    pub size: usize,
    /// How many items one outermost item may hold, itself included. Default 262,144.
    pub items: usize,
}

impl Limits {
    /// The default bounds.
    pub const DEFAULT: Self = Self { depth: 32, size: 16 << 20, items: 1 << 18 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
