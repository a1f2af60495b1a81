//! What somebody writes on the first day: each of these files is a whole program, and a test counts its lines.

pub mod encrypt;
pub mod rotate;
