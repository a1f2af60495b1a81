//! Codegen: the facts of all versions become Rust tables.

mod attributes;
mod derive_tables;
mod emit;
mod enumerations;
mod facts;
mod masks;
mod matrix;
pub(crate) mod merge;
mod operations;
mod policies;
mod sections;
mod tags;
pub(crate) mod types;

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};

use crate::rust_source::Source;
use crate::versions::{self, Edition};
use emit::File;
#[cfg(test)]
pub(crate) use emit::format;
use merge::{MergedName, MergedValues};
use types::TagTypes;

/// The folders that hold generated files and nothing else.
const FOLDERS: [&str; 3] = ["kmip-types/src/generated", "kmip-derive/src/generated", facts::FOLDER];

/// Writes the generated files, and removes what is no longer generated.
///
/// # Errors
/// When the facts cannot be read or do not fit together, or a file cannot be written.
pub(crate) fn write(repository: &Path) -> Result<usize> {
    let files = generate(repository)?;
    let differing = differing(repository, &files)?;
    for path in &differing {
        let full = repository.join(path);
        match files.iter().find(|file| file.path == *path) {
            Some(file) => {
                let folder = full.parent().unwrap_or(repository);
                std::fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
                std::fs::write(&full, &file.text).with_context(|| format!("writing {path}"))?;
            }
            None => std::fs::remove_file(&full).with_context(|| format!("removing {path}"))?,
        }
    }
    Ok(differing.len())
}

/// The paths of files that are stale, missing, or should not be there.
///
/// # Errors
/// When the facts cannot be read or do not fit together.
pub(crate) fn check(repository: &Path) -> Result<Vec<String>> {
    differing(repository, &generate(repository)?)
}

fn differing(repository: &Path, files: &[File]) -> Result<Vec<String>> {
    let mut paths = BTreeSet::new();
    for file in files {
        if std::fs::read_to_string(repository.join(&file.path)).ok().as_deref() != Some(file.text.as_str()) {
            paths.insert(file.path.clone());
        }
    }
    for folder in FOLDERS {
        let Ok(entries) = std::fs::read_dir(repository.join(folder)) else { continue };
        for entry in entries {
            let path = format!("{folder}/{}", entry?.file_name().to_string_lossy());
            if !files.iter().any(|file| file.path == path) {
                paths.insert(path);
            }
        }
    }
    Ok(paths.into_iter().collect())
}

/// The facts of all versions, merged.
pub(crate) struct Tables {
    /// The versions.
    pub(crate) editions: Vec<Edition>,
    /// The tags by number.
    pub(crate) tags: Vec<MergedName>,
    /// The enumerations by name.
    pub(crate) enumerations: Vec<MergedValues>,
    /// The masks by name.
    pub(crate) masks: Vec<MergedValues>,
    /// The item types and names for each tag.
    pub(crate) types: TagTypes,
}

impl Tables {
    /// Reads and merges the facts in a folder.
    ///
    /// # Errors
    /// When they cannot be read or do not fit together.
    pub(crate) fn load(spec: &Path) -> Result<Self> {
        Self::merge(versions::load_all(spec)?, &types::load_bindings(spec)?)
    }

    /// Merges the facts of versions, oldest first.
    ///
    /// # Errors
    /// When they do not fit together.
    pub(crate) fn merge(editions: Vec<Edition>, bindings: &[types::Binding]) -> Result<Self> {
        let tags = merge::tags(&editions)?;
        let enumerations = merge::values(&editions, |spec| &spec.enumerations)?;
        let masks = merge::values(&editions, |spec| &spec.masks)?;
        let types = TagTypes::collect(&editions, &enumerations, &masks, bindings)?;
        Ok(Self { editions, tags, enumerations, masks, types })
    }
}

fn generate(repository: &Path) -> Result<Vec<File>> {
    generate_from(Tables::load(&repository.join("spec"))?, repository)
}

fn generate_from(tables: Tables, repository: &Path) -> Result<Vec<File>> {
    let Tables { editions, tags, enumerations, masks, types } = tables;
    for tag in types.undescribed(tags.iter().map(|tag| tag.wire.as_str())) {
        eprintln!("note: no table says the item type of {tag}");
    }
    for edition in &editions {
        for field in unknown_fields(edition) {
            eprintln!("note: KMIP {} {field}", edition.version);
        }
    }
    // The matrix and the facts link to the types that there are.
    let source = Source::read(&repository.join("kmip-types/src"))?;
    let rust = |path: &str, body: &str| File::rust(repository, path, body);
    let mut files = vec![
        rust(
            "kmip-types/src/generated/mod.rs",
            "//! Tables of the standard: data only.\n\npub mod attributes;\npub mod enumerations;\npub mod masks;\n#[doc = include_str!(\"matrix.md\")]\npub mod matrix {}\npub mod operations;\npub mod policies;\npub(crate) mod sections;\npub mod tags;\npub mod versions;\n",
        )?,
        rust("kmip-types/src/generated/enumerations.rs", &enumerations::generate(&enumerations)?)?,
        rust(
            "kmip-types/src/generated/attributes.rs",
            &attributes::generate(&editions, &tags, &enumerations)?,
        )?,
        rust("kmip-types/src/generated/operations.rs", &operations::generate(&editions, &enumerations)?)?,
        rust("kmip-types/src/generated/policies.rs", &policies::generate(&editions, &enumerations)?)?,
        rust("kmip-types/src/generated/masks.rs", &masks::generate(&masks)?)?,
        rust(
            "kmip-types/src/generated/sections.rs",
            &sections::generate(&editions, &tags, &enumerations, &masks)?,
        )?,
        rust("kmip-types/src/generated/tags.rs", &tags::generate(&tags, &types)?)?,
        File {
            path: "kmip-types/src/generated/matrix.md".to_owned(),
            text: matrix::generate(&editions, &enumerations, &source)?,
        },
        rust("kmip-types/src/generated/versions.rs", &version_constants(&editions))?,
        rust(
            "kmip-derive/src/generated/mod.rs",
            "//! Tables of the standard: data only.\n\npub(crate) mod tables;\n",
        )?,
        rust("kmip-derive/src/generated/tables.rs", &derive_tables::generate(&editions, &tags, &types)?)?,
    ];
    files.extend(facts::generate(&editions, &enumerations, &source)?);
    Ok(files)
}

/// Fields that are named like no tag, which may be a slip of the document.
fn unknown_fields(edition: &Edition) -> Vec<String> {
    let spec = &edition.spec;
    let known: BTreeSet<&str> = spec.tags.iter().map(|tag| tag.wire.as_str()).collect();
    let structures = spec.structures.iter();
    let fields =
        structures.flat_map(|structure| structure.fields.iter().map(move |field| (structure, field)));
    fields
        .filter(|(_, field)| !field.wire.is_empty() && !known.contains(field.wire.as_str()))
        .map(|(structure, field)| format!("section {}: no tag is named {:?}", structure.section, field.name))
        .collect()
}

fn version_constants(editions: &[Edition]) -> String {
    let mut text = String::from(
        "//! The versions of the standard.\n\nuse crate::version::ProtocolVersion;\n\nimpl ProtocolVersion {\n",
    );
    for Edition { version, .. } in editions {
        text.push_str(&format!(
            "    /// KMIP {version}.\n    pub const {}: ProtocolVersion = ProtocolVersion::new({}, {});\n",
            version.constant(),
            version.major,
            version.minor
        ));
    }
    let all: Vec<String> =
        editions.iter().map(|edition| format!("Self::{}", edition.version.constant())).collect();
    text.push_str(&format!(
        "\n    /// Every version of the standard, oldest first.\n    pub const ALL: &'static [ProtocolVersion] = &[{}];\n}}\n",
        all.join(", ")
    ));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A version to come, whose tags go on where the table of today ends: the open errata are for it too.
    #[test]
    fn a_version_with_tags_above_those_of_today_is_generated() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let spec = root.join("spec");
        let mut editions = versions::load_all(&spec).unwrap();
        let mut newest = editions.last().unwrap().clone();
        newest.version = versions::Version::parse("9.9").unwrap();
        for number in 0x42_0177..=0x42_0400_u32 {
            newest.spec.tags.push(crate::model::Named {
                name: format!("Later Thing {number:X}"),
                wire: format!("LaterThing{number:X}"),
                value: format!("0x{number:06X}"),
                ..Default::default()
            });
        }
        editions.push(newest);
        let tables = Tables::merge(editions, &types::load_bindings(&spec).unwrap()).unwrap();
        let files = generate_from(tables, &root).unwrap();
        for (path, expected) in [
            ("kmip-types/src/generated/tags.rs", "LATER_THING_420200: Tag = Tag::from_raw(0x420200);"),
            ("kmip-types/src/generated/tags.rs", "(\"LaterThing420400\", Tag::LATER_THING_420400),"),
            ("kmip-types/src/generated/versions.rs", "pub const V9_9: ProtocolVersion"),
            ("kmip-derive/src/generated/tables.rs", "value: 0x420200,"),
        ] {
            let file = files.iter().find(|file| file.path == path).unwrap();
            assert!(file.text.contains(expected), "{path}: {expected}");
        }
    }

    #[test]
    fn lists_stale_missing_and_extra_files() {
        let folder = std::env::temp_dir().join(format!("kmip-codegen-{}", std::process::id()));
        let generated = folder.join(FOLDERS[0]);
        std::fs::create_dir_all(&generated).unwrap();
        for (name, text) in [("fresh.rs", "same"), ("stale.rs", "old"), ("extra.rs", "")] {
            std::fs::write(generated.join(name), text).unwrap();
        }
        let file =
            |name: &str, text: &str| File { path: format!("{}/{name}", FOLDERS[0]), text: text.to_owned() };
        let files = [file("fresh.rs", "same"), file("stale.rs", "new"), file("missing.rs", "")];
        let differing = differing(&folder, &files);
        std::fs::remove_dir_all(&folder).unwrap();
        let names: Vec<String> =
            differing.unwrap().iter().map(|path| path.rsplit('/').next().unwrap().to_owned()).collect();
        assert_eq!(names, ["extra.rs", "missing.rs", "stale.rs"]);
    }
}
