//! Profiles: settings of connections under a name, in a file of the user's own.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use crate::connection::Settings;
use crate::failure::{Failure, Name};

/// The file of the profiles.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Profiles {
    /// The one that counts where none is named.
    pub(crate) default: Option<String>,
    pub(crate) profiles: BTreeMap<String, Settings>,
}

/// Where the file is: `KMIP_CONFIG`, or `kmip/profiles.toml` where the user's configuration is (XDG).
pub(crate) fn path() -> Result<PathBuf, Failure> {
    if let Some(path) = std::env::var_os("KMIP_CONFIG") {
        return Ok(PathBuf::from(path));
    }
    let strategy = etcetera::choose_base_strategy().map_err(|_| {
        Failure::Usage("this user has no home folder: say in KMIP_CONFIG where profiles are".to_owned())
    })?;
    Ok(strategy.config_dir().join("kmip").join("profiles.toml"))
}

impl Profiles {
    /// What the file holds; nothing, if there is none.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(Failure::Read(Name(path.to_owned()), error)),
        };
        others_may_not_write(path)?;
        toml::from_str(&text)
            .map_err(|error| Failure::Usage(format!("{}: {}", Name(path.to_owned()), error.message())))
    }

    /// Writes the file, whole, for its user only.
    pub(crate) fn write(&self, path: &Path) -> Result<(), Failure> {
        let failed = |error| Failure::WriteFile(Name(path.to_owned()), error);
        let text = toml::to_string(self).map_err(|error| failed(std::io::Error::other(error)))?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        create_private(folder).map_err(failed)?;
        let mut file = NamedTempFile::new_in(folder).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        file.persist(path).map_err(|error| failed(error.error))?;
        Ok(())
    }

    /// The settings of a profile.
    pub(crate) fn take(mut self, name: &str) -> Result<Settings, Failure> {
        let found = self.profiles.remove(name);
        found.ok_or_else(|| {
            let known: Vec<&str> = self.profiles.keys().map(String::as_str).collect();
            Failure::Usage(match known.is_empty() {
                true => format!("there is no profile {name:?}, nor any other: kmip profile add makes one"),
                false => format!("there is no profile {name:?}; there are: {}", known.join(", ")),
            })
        })
    }
}

/// The profile of this name, or the default one.
pub(crate) fn find(name: Option<&str>) -> Result<Option<Settings>, Failure> {
    let path = match (name, path()) {
        (_, Ok(path)) => path,
        (None, Err(_)) => return Ok(None),
        (Some(_), Err(error)) => return Err(error),
    };
    let profiles = Profiles::read(&path)?;
    let name = name.map(str::to_owned).or_else(|| profiles.default.clone());
    name.map(|name| profiles.take(&name)).transpose()
}

/// A folder that is its user's own.
fn create_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Who can write the file can send the user's requests elsewhere.
fn others_may_not_write(path: &Path) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode =
            fs::metadata(path).map_err(|error| Failure::Read(Name(path.to_owned()), error))?.permissions();
        if mode.mode() & 0o022 != 0 {
            return Err(Failure::Usage(format!(
                "{} may be written by others: chmod 600 makes it its user's own",
                Name(path.to_owned())
            )));
        }
    }
    Ok(())
}
