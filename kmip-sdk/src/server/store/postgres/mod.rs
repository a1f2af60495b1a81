//! Records in a PostgreSQL database, which any number of servers share.
//!
//! Whoever commits holds one row of the database until it is done. So numbers come in the order of the commits, and a list
//! that is gone through page by page lacks nothing that was there when it was begun; what has been checked stays so until it
//! is written, so that no commit is refused half-way; and nobody waits in a circle. What is held for is one round trip, for a
//! function in the database makes a commit, and commits that come to a server while it waits for another go together.

mod commit;
mod connections;
mod errors;
mod schema;
mod tls;

use std::fmt;
use std::sync::Arc;

use rustls::ClientConfig;
use tokio_postgres::Row;

use super::group::Group;
use super::{Backend, Body, Clear, Commit, Form, Key, Kind, Record, StoreError, Totals};
use connections::{Connections, Parameters};
use errors::failed;

/// How many records are read at a time where all of them are.
const PAGE: i64 = 256;

/// Records of some kinds with numbers above one, the lowest first.
const PAGE_OF: &str = "SELECT kind, identifier, number, version, due, body FROM kmip_records \
    WHERE number > $1 AND kind = ANY($2) ORDER BY number LIMIT $3";

/// Records in a PostgreSQL database. Any number of processes, on any machines, may have it open.
///
/// What is written is in the database when it is answered with success, as safe as that keeps it: `synchronous_commit` is on,
/// or what the database is set to beyond that. Where a connection is lost, what is asked is asked again over another, for two
/// seconds, unless it may have been done: then it is [`StoreError::Unavailable`], and nobody knows whether it was. The
/// connections come back with the database.
///
/// A disk that is full, of the tables or of their indexes, refuses what makes more of it, loses nothing, and what is there is
/// still read. Where it is that of the write-ahead log, the database itself ends until there is room, and so it is away.
pub struct Postgres {
    connections: Connections,
    group: Group,
}

/// Those with any of some terms, the newest first: as many of each term as are wanted of all.
macro_rules! of_terms {
    () => {
        " FROM (\
            SELECT DISTINCT number FROM unnest($2::bytea[]) AS wanted(term), LATERAL (\
                SELECT number FROM kmip_terms WHERE kind = $1 AND term = wanted.term AND number < $3 \
                ORDER BY number DESC LIMIT $4\
            ) of_term ORDER BY number DESC LIMIT $4\
        ) t JOIN kmip_records r ON r.number = t.number ORDER BY t.number DESC"
    };
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres").finish_non_exhaustive()
    }
}

impl Postgres {
    /// The database that a URL names, `postgres://user:password@host:port/database`, whose tables are made if there are none,
    /// in the first schema of the search path.
    ///
    /// The parameters are those of [`tokio_postgres::Config`], beside these:
    ///
    /// - `sslmode`: `disable`, `prefer` or `require`. Where it is left out, TLS is required unless all hosts are Unix sockets
    ///   or this machine.
    /// - `sslrootcert`: a file with the certificates, in PEM, that the database's is verified by; without it, those of the
    ///   system, with the feature `system-roots`.
    /// - `sslcert`, `sslkey`: files with the certificate and the private key, in PEM, that the server shows.
    /// - `connections`: how many connections there may be at a time. Default 10. One more is opened for each export.
    ///
    /// The paths are not decoded.
    ///
    /// # Errors
    /// [`StoreError::Url`], if it is no such URL; [`StoreError::Unavailable`], if the database cannot be reached, lets nobody
    /// in, or TLS cannot be set up; [`StoreError::Schema`], if a newer library has made the tables.
    pub fn open(url: &str) -> Result<Self, StoreError> {
        Self::opened(Connections::open(url, None)?)
    }

    /// The same, with TLS as it is set up here, which is required then.
    ///
    /// # Errors
    /// [`StoreError`]: see [`Postgres::open`].
    pub fn with_tls(url: &str, tls: Arc<ClientConfig>) -> Result<Self, StoreError> {
        Self::opened(Connections::open(url, Some(tls))?)
    }

    fn opened(connections: Connections) -> Result<Self, StoreError> {
        let mut client = connections.alone()?;
        connections.wait(async move { schema::prepare(&mut client).await })??;
        Ok(Self { connections, group: Group::default() })
    }

    /// What is asked of the records with any of some terms.
    fn listed(
        &self,
        sql: &'static str,
        kind: Kind,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        let before = before.map_or(i64::MAX, signed);
        let parameters: Parameters =
            vec![number(kind), Box::new(terms.to_vec()), Box::new(before), Box::new(signed(limit as u64))];
        self.connections.query(sql, parameters)
    }

    fn one(&self, sql: &'static str, parameters: Parameters) -> Result<Option<Row>, StoreError> {
        Ok(self.connections.query(sql, parameters)?.into_iter().next())
    }
}

impl Backend for Postgres {
    fn form(&self) -> Form {
        Form::Sealed
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn get(&self, key: &Key) -> Result<Option<Record>, StoreError> {
        let sql = "SELECT kind, identifier, number, version, due, body FROM kmip_records \
            WHERE kind = $1 AND identifier = $2";
        let row = self.one(sql, vec![number(key.kind), Box::new(key.identifier.clone())])?;
        row.as_ref().map(record).transpose()
    }

    fn find(&self, kind: Kind, name: &[u8]) -> Result<Option<Key>, StoreError> {
        let sql = "SELECT identifier FROM kmip_names WHERE kind = $1 AND name = $2";
        let row = self.one(sql, vec![number(kind), Box::new(name.to_vec())])?;
        row.map(|row| Ok(Key::new(kind, row.try_get::<_, Vec<u8>>(0).map_err(failed)?))).transpose()
    }

    fn list(
        &self,
        kind: Kind,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        let sql = concat!("SELECT r.kind, r.identifier, r.number, r.version, r.due, r.body", of_terms!());
        self.listed(sql, kind, terms, before, limit)?.iter().map(record).collect()
    }

    fn keys(
        &self,
        kind: Kind,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Key)>, StoreError> {
        let rows =
            self.listed(concat!("SELECT r.number, r.identifier", of_terms!()), kind, terms, before, limit)?;
        let key =
            |row: &Row| Ok((column(row, 0)?, Key::new(kind, row.try_get::<_, Vec<u8>>(1).map_err(failed)?)));
        rows.iter().map(key).collect()
    }

    fn count(&self, kind: Kind, term: &[u8]) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM kmip_terms WHERE kind = $1 AND term = $2";
        let row = self.one(sql, vec![number(kind), Box::new(term.to_vec())])?;
        row.map_or(Ok(0), |row| column(&row, 0))
    }

    fn due(&self, kind: Kind, until: i64, limit: usize) -> Result<Vec<(i64, Key)>, StoreError> {
        let sql = "SELECT due, identifier FROM kmip_records \
            WHERE kind = $1 AND due IS NOT NULL AND due <= $2 ORDER BY kind, due, number LIMIT $3";
        let parameters: Parameters = vec![number(kind), Box::new(until), Box::new(signed(limit as u64))];
        let rows = self.connections.query(sql, parameters)?;
        let due = rows.iter().map(|row| {
            let identifier: Vec<u8> = row.try_get(1).map_err(failed)?;
            Ok((row.try_get(0).map_err(failed)?, Key::new(kind, identifier)))
        });
        due.collect()
    }

    fn totals(&self, kind: Kind) -> Result<Totals, StoreError> {
        let sql = "SELECT records, bytes FROM kmip_totals WHERE kind = $1";
        let Some(row) = self.one(sql, vec![number(kind)])? else { return Ok(Totals::default()) };
        Ok(Totals { records: column(&row, 0)?, bytes: column(&row, 1)? })
    }

    fn page(&self, kinds: &[Kind], after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let parameters: Parameters =
            vec![Box::new(signed(after)), Box::new(numbers(kinds)), Box::new(signed(limit as u64))];
        self.connections.query(PAGE_OF, parameters)?.iter().map(record).collect()
    }

    fn scan(
        &self,
        kinds: &[Kind],
        visit: &mut dyn FnMut(Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let kinds = numbers(kinds);
        // It is a connection of its own, so that those who visit by scanning leave some for what they do meanwhile.
        let client = self.connections.alone()?;
        let mut client = self.connections.wait(async move {
            let begun = client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await;
            begun.map(|()| client).map_err(failed)
        })??;
        let mut last: i64 = 0;
        loop {
            let kinds = kinds.clone();
            let (given, rows) = self.connections.wait(async move {
                let rows = client.query(PAGE_OF, &[&last, &kinds, &PAGE]).await;
                (client, rows)
            })?;
            client = given;
            let rows = rows.map_err(failed)?;
            for row in &rows {
                let record = record(row)?;
                last = signed(record.number);
                visit(record)?;
            }
            if signed(rows.len() as u64) < PAGE {
                return Ok(());
            }
        }
    }

    fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        self.group.commit(commit, |commits| self.connections.commit(commits))
    }

    fn clear(&self, kind: Kind, what: Clear) -> Result<(), StoreError> {
        let (kind, has_records) = (i16::from(kind.number()), what == Clear::Records);
        // There may be much to forget, which is waited for.
        let client = self.connections.alone()?;
        self.connections.wait(async move {
            let cleared = client.execute("SELECT kmip_clear_1($1, $2)", &[&kind, &has_records]).await;
            cleared.map(drop).map_err(failed)
        })?
    }
}

fn number(kind: Kind) -> Box<dyn tokio_postgres::types::ToSql + Sync + Send> {
    Box::new(i16::from(kind.number()))
}

fn numbers(kinds: &[Kind]) -> Vec<i16> {
    kinds.iter().map(|kind| kind.number().into()).collect()
}

/// A number as the database has it. None that it gives is as large.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn column(row: &Row, place: usize) -> Result<u64, StoreError> {
    let number: i64 = row.try_get(place).map_err(failed)?;
    Ok(u64::try_from(number).unwrap_or(0))
}

/// A row of the kind, the identifier, the number, the version, when it is due, and the body.
fn record(row: &Row) -> Result<Record, StoreError> {
    let kind: i16 = row.try_get(0).map_err(failed)?;
    let kind = Kind::from_number(u8::try_from(kind).unwrap_or(u8::MAX));
    let (identifier, body): (Vec<u8>, &[u8]) =
        (row.try_get(1).map_err(failed)?, row.try_get(5).map_err(failed)?);
    Ok(Record {
        key: Key::new(kind, identifier),
        number: column(row, 2)?,
        version: column(row, 3)?,
        due: row.try_get(4).map_err(failed)?,
        body: Body::from_bytes(body),
    })
}
