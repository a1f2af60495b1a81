//! What the derives take: a file for each feature, which compiles and runs.

#![allow(clippy::unwrap_used)] // A panic is how a test fails.
#![allow(dead_code)] // Much is there to compile alone.

mod catch_all;
mod choice_by_item_type;
mod choice_by_tag;
mod constructor_and_setters;
mod crate_path;
mod default;
mod enumeration;
mod flatten;
mod mask;
mod natural_tag_and_version;
mod new_type;
mod secret;
mod select;
mod selector;
mod tag;
mod versions;
mod with;
