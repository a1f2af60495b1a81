//! Finds files of messages and splits them into messages.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::source::{Encoding, Message};
use super::{hex, placeholders};

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
/// The file cannot be read, has an ending of none of the encodings, or is no well-formed XML.
pub fn read(path: &Path) -> Result<Vec<Message>, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let encoding = encoding(path).ok_or("the file's ending is none of .xml, .json and .hex")?;
    let pieces = match encoding {
        Encoding::Json => vec![(1, text)],
        Encoding::Hex => hex::messages(&text),
        Encoding::Xml => elements(&text)?,
    };
    let message = |(line, text): (usize, String)| Message {
        file: path.to_owned(),
        line,
        encoding,
        text: placeholders::replace(&text),
    };
    Ok(pieces.into_iter().map(message).collect())
}

/// The messages of an XML document: the document's element, or the elements in it if it is none of the
/// protocol's.
fn elements(text: &str) -> Result<Vec<(usize, String)>, String> {
    let mut reader = Reader::from_str(text);
    let mut pieces = Vec::new();
    let mut depth = 0_usize;
    let mut outer = 0_usize;
    let mut start = 0_usize;
    loop {
        let before = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|error| format!("offset {before}: {error}"))?;
        match event {
            Event::Start(element) => {
                let name = element.local_name().as_ref().to_owned();
                if depth == 0 && name != "TTLV" && kmip_types::Tag::from_wire_name(&name).is_none() {
                    outer = 1;
                }
                if depth == outer {
                    start = before;
                }
                depth += 1;
            }
            Event::End(_) => {
                depth -= 1;
                if depth == outer && (outer == 0 || depth > 0) {
                    let end = reader.buffer_position() as usize;
                    pieces.push((line(text, start), text[start..end].to_owned()));
                }
            }
            Event::Empty(_) if depth == outer => {
                let end = reader.buffer_position() as usize;
                pieces.push((line(text, before), text[before..end].to_owned()));
            }
            Event::Eof => return Ok(pieces),
            _ => {}
        }
    }
}

fn line(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_what_is_in_a_wrapper_and_takes_a_lone_message() {
        let lone = "<RequestMessage>\n<BatchItem/>\n</RequestMessage>";
        assert_eq!(elements(lone), Ok(vec![(1, lone.to_owned())]));
        let two = "<KMIP>\n<!-- note --><RequestMessage/>\n<ResponseMessage><A/></ResponseMessage></KMIP>";
        let expected = vec![
            (2, "<RequestMessage/>".to_owned()),
            (3, "<ResponseMessage><A/></ResponseMessage>".to_owned()),
        ];
        assert_eq!(elements(two), Ok(expected));
    }
}
