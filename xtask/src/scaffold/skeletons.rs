//! The text of skeletons: the files that are new, and the lines for files that there are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::codegen::Tables;
use crate::names;
use crate::rust_source::Source;

/// Everything that is to be added, with the `use` lines that it needs.
#[derive(Debug, Default)]
pub(super) struct Skeletons {
    /// The new files.
    pub(super) files: Vec<File>,
    /// The lines by the file of `kmip-types/src`, and by what of that file they belong in.
    lines: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// What is used by a file that there is: the modules and names.
    uses: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    /// Types that files that there are need, and in which module they are.
    needs: Vec<(String, String, String)>,
}

/// A new file.
#[derive(Debug)]
pub(super) struct File {
    /// The module it is in: `operation`.
    module: String,
    /// Its name, without the ending.
    pub(super) name: String,
    /// What it is about.
    title: String,
    /// The types in it.
    text: String,
    /// Their names.
    types: Vec<String>,
    /// The modules and names that it uses.
    uses: BTreeMap<String, BTreeSet<String>>,
}

impl Skeletons {
    /// Whether nothing is to be added.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.lines.is_empty()
    }

    /// Adds a file.
    pub(super) fn file(&mut self, module: &str, name: &str, title: &str, text: String) {
        let types = own(&text).0;
        let exported = match types.as_slice() {
            [one] => one.clone(),
            several => format!("{{{}}}", several.join(", ")),
        };
        self.line(&format!("{module}/mod.rs"), "", format!("mod {name};"));
        self.line(&format!("{module}/mod.rs"), "", format!("pub use {name}::{exported};"));
        self.files.push(File {
            module: module.to_owned(),
            name: name.to_owned(),
            title: title.to_owned(),
            text,
            types,
            uses: BTreeMap::new(),
        });
    }

    /// Adds lines to a file that there is.
    pub(super) fn line(&mut self, path: &str, within: &str, line: String) {
        self.lines.entry(path.to_owned()).or_default().entry(within.to_owned()).or_default().push(line);
    }

    /// Notes that a file that there is uses a type of a module.
    pub(super) fn used(&mut self, path: &str, own_module: &str, module: &str, name: &str) {
        if own_module != module {
            let uses = self.uses.entry(path.to_owned()).or_default();
            uses.entry(format!("crate::{module}")).or_default().insert(name.to_owned());
        }
    }

    /// Notes that a file that there is uses a type, wherever that is.
    pub(super) fn needs(&mut self, path: &str, module: &str, ty: String) {
        self.needs.push((path.to_owned(), module.to_owned(), ty));
    }

    /// Finds where the types are that are used.
    pub(super) fn add_uses(&mut self, source: &Source, tables: &Tables) {
        let generated = |tables: &[crate::codegen::merge::MergedValues]| -> BTreeSet<String> {
            tables.iter().map(|table| names::rust_enumeration(&table.wire)).collect()
        };
        let (enumerations, masks) = (generated(&tables.enumerations), generated(&tables.masks));
        let new: BTreeMap<String, String> = self
            .files
            .iter()
            .flat_map(|file| file.types.iter().map(|name| (name.clone(), file.module.clone())))
            .collect();
        let module_of = |ty: &str| -> Option<String> {
            let module = source.modules.get(ty).or_else(|| new.get(ty));
            match module.map(String::as_str) {
                Some("") => Some("crate".to_owned()),
                Some(module) => Some(format!("crate::{module}")),
                None if enumerations.contains(ty) => Some("crate::generated::enumerations".to_owned()),
                None if masks.contains(ty) => Some("crate::generated::masks".to_owned()),
                None => None,
            }
        };
        for file in &mut self.files {
            let (own, used) = own(&file.text);
            for ty in used.into_iter().filter(|ty| !own.contains(ty)) {
                if let Some(module) = module_of(&ty) {
                    file.uses.entry(module).or_default().insert(ty);
                }
            }
        }
        for (path, own_module, ty) in std::mem::take(&mut self.needs) {
            if let Some(module) = module_of(&ty).filter(|module| *module != format!("crate::{own_module}")) {
                self.uses.entry(path).or_default().entry(module).or_default().insert(ty);
            }
        }
    }
}

/// The names of the types that a text has, in its order, and those of the types that their fields have.
fn own(text: &str) -> (Vec<String>, BTreeSet<String>) {
    let mut source = Source::default();
    // A skeleton is Rust; one that is not names nothing, and its reader sees what is wrong.
    let _ = source.read_text(text);
    let fields = source.structs.values().flatten().map(|field| field.ty.clone());
    let variants = source.enums.values().flatten().map(|variant| variant.ty.clone());
    let used = fields.chain(variants).collect();
    (source.structs.into_keys().chain(source.enums.into_keys()).collect(), used)
}

fn write_uses(uses: &BTreeMap<String, BTreeSet<String>>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (module, names) in uses {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match names.as_slice() {
            [name] => writeln!(f, "use {module}::{name};")?,
            several => writeln!(f, "use {module}::{{{}}};", several.join(", "))?,
        }
    }
    Ok(())
}

/// The file as it is to be.
impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "//! {}.\n\nuse kmip_derive::Ttlv;\n", self.title)?;
        if !self.uses.is_empty() {
            write_uses(&self.uses, f)?;
            writeln!(f)?;
        }
        writeln!(f, "{}", self.text.trim_end())
    }
}

/// Each file under its path, then the lines under theirs.
impl fmt::Display for Skeletons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            writeln!(f, "// kmip-types/src/{}/{}.rs:\n{file}", file.module, file.name)?;
        }
        for (path, places) in &self.lines {
            writeln!(f, "// kmip-types/src/{path}:")?;
            if let Some(uses) = self.uses.get(path) {
                write_uses(uses, f)?;
            }
            for (within, lines) in places {
                if !within.is_empty() {
                    writeln!(f, "// In {within}:")?;
                }
                for line in lines {
                    writeln!(f, "{line}")?;
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
