//! The database of the tests, in which each has a schema of its own: `KMIP_POSTGRES` says where it is, as a URL.
//! `tests/postgres/up.sh` starts one.

use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

const VARIABLE: &str = "KMIP_POSTGRES";

/// A schema, which is gone when this is dropped.
pub(crate) struct Schema {
    name: String,
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
        Some(Self { name })
    }

    /// The URL of a store in it.
    pub(crate) fn url(&self) -> String {
        self.url_with("")
    }

    /// The same with more parameters.
    pub(crate) fn url_with(&self, parameters: &str) -> String {
        let base = base().unwrap();
        let separator = if base.contains('?') { '&' } else { '?' };
        format!("{base}{separator}options=-c%20search_path%3D{}{parameters}", self.name)
    }

    /// What a statement gives in it, as text.
    pub(crate) fn execute(&self, sql: &str) -> Vec<String> {
        execute(&self.url(), sql)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }
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
