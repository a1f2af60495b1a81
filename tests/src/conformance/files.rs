//! Finds files of messages and splits them into messages.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::source::{Encoding, Message};
use super::{hex, json, placeholders, xml};

/// The files of messages at a path, itself or below it, in order.
///
/// # Errors
/// A directory cannot be read, or the path does not exist.
pub fn collect(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        fs::metadata(path)?;
        return Ok(vec![path.to_owned()]);
    }
    let mut entries: Vec<PathBuf> =
        fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    entries.sort();
    let mut files = Vec::new();
    for entry in entries {
        if entry.is_dir() {
            files.extend(collect(&entry)?);
        } else if encoding(&entry).is_some() {
            files.push(entry);
        }
    }
    Ok(files)
}

fn encoding(path: &Path) -> Option<Encoding> {
    Encoding::of_extension(path.extension().and_then(OsStr::to_str)?)
}

/// The messages of a file.
///
/// # Errors
/// The file cannot be read, has an ending of none of the encodings, or is no well-formed XML or JSON.
pub fn read(path: &Path) -> Result<Vec<Message>, String> {
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    let text = decode(&bytes)?;
    let encoding = encoding(path).ok_or("the file's ending is none of .xml, .json and .hex")?;
    let pieces = match encoding {
        Encoding::Json => json::messages(&text)?,
        Encoding::Hex => hex::messages(&text),
        Encoding::Xml => xml::messages(&text)?,
    };
    let message = |(line, text): (usize, String)| Message {
        file: path.to_owned(),
        line,
        encoding,
        text: placeholders::replace(&text),
    };
    Ok(pieces.into_iter().map(message).collect())
}

/// The text of a file: UTF-8 or, as its first bytes say, UTF-16.
fn decode(bytes: &[u8]) -> Result<String, String> {
    let utf_16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let (units, []) = rest.as_chunks::<2>() else { return Err("half a character of UTF-16".to_owned()) };
        let units = units.iter().map(|bytes| unit(*bytes));
        char::decode_utf16(units).collect::<Result<String, _>>().map_err(|error| error.to_string())
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] | rest => {
            String::from_utf8(rest.to_vec()).map_err(|error| error.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_utf_8_and_utf_16_with_or_without_a_mark() {
        let text = "<a b='ü€𝄞'/>";
        let units: Vec<u16> = text.encode_utf16().collect();
        let little = units.iter().flat_map(|unit| unit.to_le_bytes());
        let big = units.iter().flat_map(|unit| unit.to_be_bytes());
        for bytes in [
            text.as_bytes().to_vec(),
            [&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat(),
            [0xFF, 0xFE].into_iter().chain(little).collect(),
            [0xFE, 0xFF].into_iter().chain(big).collect(),
        ] {
            assert_eq!(decode(&bytes).as_deref(), Ok(text));
        }
        for bytes in [&b"\xFF\xFE\x00"[..], b"\xFF\xFE\x00\xD8", b"\xC3"] {
            assert!(decode(bytes).is_err(), "{bytes:?}");
        }
    }
}
