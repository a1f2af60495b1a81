//! The database of the tests, in which each has a schema of its own: `KMIP_POSTGRES` says where it is, and `KMIP_POSTGRES_BIN`
//! where its programs are, as `tests/postgres/up.sh` does.

use std::path::PathBuf;
use std::process::Command;

/// A schema, which is gone when this is dropped.
pub(crate) struct Schema {
    base: String,
    name: String,
}

impl Schema {
    /// Absent where there is no database, which is said.
    pub(crate) fn new(name: &str) -> Option<Self> {
        let Ok(base) = std::env::var("KMIP_POSTGRES") else {
            eprintln!("SKIPPED: KMIP_POSTGRES is not set: nothing is tested with PostgreSQL");
            return None;
        };
        let schema = Self { base, name: format!("kmip_cli_{name}_{}", std::process::id()) };
        schema.execute(&format!("CREATE SCHEMA {}", schema.name));
        Some(schema)
    }

    /// The URL of a store in it.
    pub(crate) fn url(&self) -> String {
        let separator = if self.base.contains('?') { '&' } else { '?' };
        format!("{}{separator}options=-c%20search_path%3D{}", self.base, self.name)
    }

    fn execute(&self, sql: &str) {
        let program = std::env::var("KMIP_POSTGRES_BIN").map(|folder| PathBuf::from(folder).join("psql"));
        let mut psql = Command::new(program.unwrap_or_else(|_| PathBuf::from("psql")));
        let done = psql
            .env("PGOPTIONS", "-c client_min_messages=warning")
            .args(["--quiet", "--no-psqlrc", "--dbname", &self.base, "--command", sql])
            .status();
        assert!(done.unwrap().success(), "{sql}");
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        self.execute(&format!("DROP SCHEMA {} CASCADE", self.name));
    }
}
