//! The owned dynamic tree.

mod value;

pub use value::{Item, Value};
