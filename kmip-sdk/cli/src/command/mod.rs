//! The subcommands, each in a file.

pub(crate) mod convert;
pub(crate) mod documents;
pub(crate) mod encode;
pub(crate) mod explain;
