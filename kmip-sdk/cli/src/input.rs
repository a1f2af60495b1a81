//! Reads an input, and finds the messages that are in it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use kmip_types::case::{Case, CaseError};
use kmip_types::dump::{Dump, DumpForm};
use kmip_types::text::TextCodec;
use zeroize::Zeroizing;

use crate::failure::{Failure, LARGEST, Name};

/// An input as it came.
pub(crate) struct Input {
    pub(crate) name: Name,
    bytes: Zeroizing<Vec<u8>>,
}

impl Input {
    /// Reads a file, or the standard input for `-`.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let mut bytes = Zeroizing::new(Vec::new());
        let count = match path.to_str() {
            Some("-") => std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes),
            _ => File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)),
        };
        let name = Name(path.to_owned());
        match count {
            Ok(_) if bytes.len() as u64 > LARGEST => Err(Failure::TooLarge(name)),
            Ok(_) => Ok(Self { name, bytes }),
            Err(error) => Err(Failure::Read(name, error)),
        }
    }

    /// The test case that it is, if it is one with placeholders; or why it is not the one that it seems to be by them.
    pub(crate) fn case(&self, codec: &TextCodec) -> Option<Result<Case, CaseError>> {
        let text = std::str::from_utf8(&self.bytes).ok()?;
        let case = Case::read_with(codec, text);
        let has_placeholders = match &case {
            Ok(case) => case.messages().iter().any(|message| message.placeholders().next().is_some()),
            Err(_) => text.contains("=\"$"),
        };
        has_placeholders.then_some(case)
    }

    /// What is in it, in the given form or in the one that it seems to be in.
    pub(crate) fn dump(&self, form: Option<DumpForm>, codec: &TextCodec) -> Result<Dump, Failure> {
        let dump = match form {
            Some(form) => Dump::read_as(form, &self.bytes, codec),
            None => Dump::read(&self.bytes, codec),
        };
        dump.map_err(|error| Failure::Dump(self.name.clone(), error))
    }
}
