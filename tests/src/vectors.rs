//! The files in `tests/vectors`: a request and a response of every operation, written from typed values.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::Operation;
use kmip_types::generated::operations::OPERATIONS;
use kmip_types::message::Message;
use kmip_types::operation::{GetAttributesResponse, RegisterRequest};
use kmip_types::tables::OperationInfo;
use kmip_types::text::{JsonOptions, TextCodec, XmlOptions};

use crate::hex;
use crate::samples::messages::{self, AnyMessage};
use crate::samples::{self, attributes, objects};

/// A message, and what its files are called.
#[derive(Clone, Debug)]
pub struct Vector {
    /// The folder: what the operation is called, or `messages`.
    pub folder: String,
    /// The name of the files without their ending: `request-1.0`, `response-2.1-pending`.
    pub name: String,
    /// The message.
    pub message: AnyMessage,
}

/// Every vector, in the order of the operations.
pub fn all() -> Vec<Vector> {
    let mut vectors = Vec::new();
    for info in OPERATIONS {
        for version in versions(info) {
            vectors.extend(of_operation(info, version));
        }
    }
    vectors.extend(of_objects());
    vectors.extend(of_attributes());
    for version in ProtocolVersion::ALL {
        for (name, message) in messages::all(*version) {
            vectors.push(vector("messages", *version, Some(name), message));
        }
    }
    vectors
}

/// The oldest and the newest version that has an operation.
pub fn versions(info: &OperationInfo) -> Vec<ProtocolVersion> {
    let mut versions = vec![info.since, info.until.unwrap_or(ProtocolVersion::NEWEST)];
    versions.dedup();
    versions
}

/// What the folder of an operation is called: as the file of its type.
pub fn folder(info: &OperationInfo) -> String {
    let words = info.spelled.split(|character: char| !character.is_ascii_alphanumeric());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_").to_ascii_lowercase()
}

fn vector(folder: &str, version: ProtocolVersion, name: Option<&str>, message: AnyMessage) -> Vector {
    let direction = match message {
        AnyMessage::Request(_) => "request",
        AnyMessage::Response(_) => "response",
    };
    let name = name.map(|name| format!("-{name}")).unwrap_or_default();
    Vector { folder: folder.to_owned(), name: format!("{direction}-{version}{name}"), message }
}

fn of_operation(info: &OperationInfo, version: ProtocolVersion) -> Vec<Vector> {
    let samples = samples::all(version).into_iter();
    let mine = samples.filter(|sample| sample.request.operation() == Some(info.operation));
    mine.flat_map(|sample| {
        // What answers Poll is the response of the operation that was asked for.
        let answered = sample.response.operation().unwrap_or(info.operation);
        let messages = [
            AnyMessage::Request(messages::request(version, info.operation, sample.request)),
            AnyMessage::Response(messages::response(version, answered, sample.response)),
        ];
        messages.map(|message| vector(&folder(info), version, None, message))
    })
    .collect()
}

/// A request to register every object.
fn of_objects() -> Vec<Vector> {
    let mut vectors = Vec::new();
    for sample in objects::all() {
        for version in [sample.oldest, sample.newest] {
            let Some(object_type) = sample.object.object_type() else { continue };
            let request = RegisterRequest::new(object_type, samples::attributes(), sample.object.clone());
            let request = messages::request(version, Operation::Register, request.into());
            vectors.push(vector("register", version, Some(sample.name), AnyMessage::Request(request)));
        }
    }
    vectors
}

/// A response with every attribute that the version has.
fn of_attributes() -> Vec<Vector> {
    let response = |version: &ProtocolVersion| {
        let (unique_identifier, attributes) = (samples::identifier(), attributes::all(*version));
        let response = GetAttributesResponse { unique_identifier, attributes };
        let response = messages::response(*version, Operation::GetAttributes, response.into());
        vector("get_attributes", *version, Some("every_attribute"), AnyMessage::Response(response))
    };
    ProtocolVersion::ALL.iter().map(response).collect()
}

impl Vector {
    /// The message as TTLV.
    ///
    /// # Errors
    /// The version has no form for something in the message.
    pub fn ttlv(&self) -> Result<Vec<u8>, String> {
        let ttlv = match &self.message {
            AnyMessage::Request(request) => request.to_ttlv(),
            AnyMessage::Response(response) => response.to_ttlv(),
        };
        ttlv.map_err(|error| format!("{}/{}: {error}", self.folder, self.name))
    }

    /// The files of the message, with what is to stand in them.
    ///
    /// # Errors
    /// The message has no TTLV, or that has no text.
    pub fn files(&self) -> Result<[(PathBuf, String); 3], String> {
        let codec =
            TextCodec::new().json(JsonOptions::new().pretty(true)).xml(XmlOptions::new().pretty(true));
        let ttlv = self.ttlv()?;
        let text = |result: Result<String, kmip_types::text::TextError>| {
            result.map_err(|error| format!("{}/{}: {error}", self.folder, self.name))
        };
        let file = |ending: &str| Path::new(&self.folder).join(format!("{}.{ending}", self.name));
        Ok([
            (file("xml"), text(codec.to_xml(&ttlv))? + "\n"),
            (file("json"), text(codec.to_json(&ttlv))? + "\n"),
            (file("hex"), hex::write(&ttlv)?),
        ])
    }
}

/// Every file below the folder of the vectors, with what is to stand in it.
///
/// # Errors
/// A message has no TTLV or no text.
pub fn files() -> Result<BTreeMap<PathBuf, String>, String> {
    let mut files = BTreeMap::new();
    for vector in all() {
        for (path, text) in vector.files()? {
            if files.insert(path.clone(), text).is_some() {
                return Err(format!("{} is there twice", path.display()));
            }
        }
    }
    Ok(files)
}

/// The folder of the vectors.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

/// The files below `root` that are missing, differ from what is to stand in them, or are no vector's.
///
/// # Errors
/// A folder cannot be listed.
pub fn stale(root: &Path, files: &BTreeMap<PathBuf, String>) -> io::Result<Vec<PathBuf>> {
    let mut stale: Vec<PathBuf> = files
        .iter()
        .filter(|(path, text)| fs::read_to_string(root.join(path)).ok().as_ref() != Some(text))
        .map(|(path, _)| path.clone())
        .collect();
    let found = if root.is_dir() { listed(root)? } else { Vec::new() };
    let relative = found.iter().filter_map(|path| path.strip_prefix(root).ok());
    stale.extend(relative.filter(|path| !files.contains_key(*path)).map(Path::to_owned));
    Ok(stale)
}

fn listed(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(listed(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Writes the files below `root`, and removes what is no vector's.
///
/// # Errors
/// A file or a folder cannot be written.
pub fn write(root: &Path, files: &BTreeMap<PathBuf, String>) -> io::Result<Vec<PathBuf>> {
    let stale = stale(root, files)?;
    for path in &stale {
        let file = root.join(path);
        match files.get(path) {
            Some(text) => {
                fs::create_dir_all(file.parent().unwrap_or(root))?;
                fs::write(file, text)?;
            }
            None => fs::remove_file(file)?,
        }
    }
    Ok(stale)
}
