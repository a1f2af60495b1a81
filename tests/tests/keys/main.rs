//! Keys, certificates and secrets: every form there and back, wrapped, in envelopes, and at the server.

mod envelope;
mod errors;
mod forms;
mod hostile;
mod made;
mod objects;
mod other_libraries;
mod registered;
mod rsa_numbers;
mod wrap;
