//! What must hold of any input, one function a fuzz target. A panic is the finding.

#![forbid(unsafe_code)]

mod dump;
mod html;
mod text;
mod tree;
mod typed;
mod value;

// `xtask` is a program, not a library: what it reads HTML with is compiled here once more.
#[allow(dead_code, missing_docs)]
#[path = "../../../xtask/src/errata/mod.rs"]
mod errata;
#[allow(dead_code, missing_docs)]
#[path = "../../../xtask/src/ingest/mod.rs"]
mod ingest;
#[allow(dead_code, missing_docs)]
#[path = "../../../xtask/src/model.rs"]
mod model;
#[allow(dead_code, missing_docs)]
#[path = "../../../xtask/src/names.rs"]
mod names;
#[allow(dead_code, missing_docs)]
#[path = "../../../xtask/src/versions.rs"]
mod versions;

pub use dump::dump;
pub use html::html;
pub use text::{json, xml};
pub use tree::ttlv_item;
pub use typed::ttlv_typed;
pub use value::typed_value;
