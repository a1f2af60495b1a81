//! The database of the tests, in which each has a schema of its own: `KMIP_POSTGRES` says where it is, as a URL.
//! `tests/postgres/up.sh` starts one.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

const VARIABLE: &str = "KMIP_POSTGRES";

/// A schema, which is gone when this is dropped.
pub(crate) struct Schema {
    name: String,
    /// What the URLs of stores in it have beside the name.
    parameters: &'static str,
}

impl Schema {
    /// Absent where there is no database, which is said once.
    pub(crate) fn new() -> Option<Self> {
        static SAID: Once = Once::new();
        static LAST: AtomicU32 = AtomicU32::new(0);
        let Some(base) = base() else {
            SAID.call_once(|| eprintln!("SKIPPED: {VARIABLE} is not set: nothing is tested with PostgreSQL"));
            return None;
        };
        let number = LAST.fetch_add(1, Ordering::SeqCst);
        let name = format!("kmip_{}_{number}", std::process::id());
        execute(&base, &format!("CREATE SCHEMA {name}"));
        Some(Self { name, parameters: "" })
    }

    /// The same, for stores all of whose statements the database logs, with their parameters and with what they are refused for.
    pub(crate) fn that_logs_all(mut self) -> Self {
        self.parameters = "%20-c%20log_statement%3Dall%20-c%20log_min_duration_statement%3D0\
            %20-c%20log_error_verbosity%3Dverbose%20-c%20log_min_messages%3Ddebug1\
            %20-c%20log_parameter_max_length%3D-1%20-c%20log_parameter_max_length_on_error%3D-1";
        self
    }

    /// The URL of a store in it.
    pub(crate) fn url(&self) -> String {
        self.url_with("")
    }

    /// The same with more parameters.
    pub(crate) fn url_with(&self, parameters: &str) -> String {
        let base = base().unwrap();
        let separator = if base.contains('?') { '&' } else { '?' };
        format!("{base}{separator}options=-c%20search_path%3D{}{}{parameters}", self.name, self.parameters)
    }

    /// What a statement gives in it, as text.
    pub(crate) fn execute(&self, sql: &str) -> Vec<String> {
        execute(&self.url(), sql)
    }

    /// All that is in it, as `pg_dump` writes it.
    pub(crate) fn dump(&self) -> Vec<u8> {
        let programs = PathBuf::from(std::env::var("KMIP_POSTGRES_BIN").unwrap());
        let mut command = Command::new(programs.join("pg_dump"));
        let dump = command.args(["--schema", &self.name, "--dbname", &base().unwrap()]).output().unwrap();
        assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
        dump.stdout
    }

    /// The segment of the write-ahead log that is written now.
    pub(crate) fn log_position(&self) -> String {
        self.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").remove(0)
    }

    /// The bytes of the files in which its tables and indexes are, and of the write-ahead log from a segment on.
    pub(crate) fn files(&self, since: &str) -> Vec<u8> {
        self.execute("CHECKPOINT");
        let data = directory().unwrap().join("data");
        let sql = format!(
            "SELECT pg_relation_filepath(c.oid) FROM pg_class c \
            WHERE c.relnamespace = '{0}'::regnamespace AND c.relkind IN ('r', 'i') \
            UNION SELECT pg_relation_filepath(c.reltoastrelid) FROM pg_class c \
            WHERE c.relnamespace = '{0}'::regnamespace AND c.reltoastrelid <> 0",
            self.name
        );
        let mut files: Vec<PathBuf> = self.execute(&sql).iter().map(|path| data.join(path)).collect();
        assert!(files.len() > 10, "{files:?}");
        let log = std::fs::read_dir(data.join("pg_wal")).unwrap().map(|entry| entry.unwrap());
        let log = log.filter(|entry| entry.file_name().len() == 24 && *entry.file_name() >= *since);
        files.extend(log.map(|entry| entry.path()));
        files.iter().flat_map(|file| std::fs::read(file).unwrap()).collect()
    }
}

/// How much the database has logged.
pub(crate) fn logged() -> u64 {
    std::fs::metadata(directory().unwrap().join("log")).unwrap().len()
}

/// What the database has logged since then.
pub(crate) fn log_since(length: u64) -> Vec<u8> {
    let mut log = std::fs::read(directory().unwrap().join("log")).unwrap();
    log.drain(..usize::try_from(length).unwrap());
    log
}

/// Where the files of the database are, if it is one that `up.sh` has started.
pub(crate) fn directory() -> Option<PathBuf> {
    std::env::var_os("KMIP_POSTGRES_DIR").map(PathBuf::from)
}

impl Drop for Schema {
    fn drop(&mut self) {
        execute(&base().unwrap(), &format!("DROP SCHEMA {} CASCADE", self.name));
    }
}

/// The URL of the database.
pub(crate) fn base() -> Option<String> {
    std::env::var(VARIABLE).ok()
}

/// What a statement gives, as text: the columns of a row with a blank between them.
pub(crate) fn execute(url: &str, sql: &str) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        tokio::spawn(connection);
        query(&client, sql).await
    })
}

async fn query(client: &Client, sql: &str) -> Vec<String> {
    let messages = client.simple_query(sql).await.unwrap();
    let rows = messages.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    rows.map(|row| (0..row.len()).map(|place| row.get(place).unwrap_or("")).collect::<Vec<_>>().join(" "))
        .collect()
}
