//! Nothing of its own: what is tested is in `tests`.

#![forbid(unsafe_code)]
