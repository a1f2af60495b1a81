//! Commits, as the function in the database takes them.

use std::sync::Arc;
use std::task::Poll;

use deadpool_postgres::Object;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Statement};

use super::connections::{Asked, Connections, Patience};
use super::errors::Fate;
use super::signed;
use crate::server::store::stored::corrupt;
use crate::server::store::{Commit, Difference, Full, StoreError};

const COMMIT: &str = "SELECT kmip_commit_2(\
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";

impl Connections {
    /// Makes several commits at once, each of which is refused by itself. An error says that nothing was done.
    pub(super) fn commit(&self, commits: &[Commit]) -> Result<Vec<Result<(), StoreError>>, StoreError> {
        let commits: Arc<[Commit]> = commits.into();
        let connections = self.pooled();
        let count = commits.len();
        let result = self.wait(async move {
            let mut patience = Patience::default();
            loop {
                let made = Arc::clone(&commits);
                let trouble = match connections.ask(|client| Box::pin(make(client, made))).await {
                    Ok(codes) => return Ok((codes, commits)),
                    Err(trouble) => trouble,
                };
                match trouble.fate() {
                    Fate::NotDone if patience.wait().await => {}
                    fate => return Err((trouble, fate)),
                }
            }
        })?;
        match result {
            Ok((codes, commits)) => {
                Ok(commits.iter().zip(codes).map(|(commit, code)| read(commit, code)).collect())
            }
            // None of them is tried again by itself: it may have been done.
            Err((trouble, Fate::Unknown)) => {
                let trouble = Arc::new(StoreError::from(trouble));
                let unknown = || StoreError::Unavailable(Box::new(Unknown(Arc::clone(&trouble))));
                Ok((0..count).map(|_| Err(unknown())).collect())
            }
            Err((trouble, _)) => Err(trouble.into()),
        }
    }
}

/// Nobody knows whether a commit was made.
#[derive(Debug, thiserror::Error)]
#[error("the connection to the database was lost while it committed, and it may have or not")]
struct Unknown(#[source] Arc<StoreError>);

/// What the function says of a commit.
fn read(commit: &Commit, code: i32) -> Result<(), StoreError> {
    let bound = usize::try_from(code / 2 - 1).ok().and_then(|place| commit.bounds.get(place));
    match (code, bound) {
        (0, _) => Ok(()),
        (-1, _) => Err(StoreError::Conflict),
        (_, Some(bound)) if code % 2 == 0 => Err(StoreError::Full(Full::Records(bound.kind))),
        (_, Some(bound)) => Err(StoreError::Full(Full::Bytes(bound.kind))),
        (_, None) => Err(corrupt(format!("the database says {code} of a commit"))),
    }
}

async fn make(client: &Object, commits: Arc<[Commit]>) -> Result<Vec<i32>, Error> {
    let statement = client.prepare_cached(COMMIT).await?;
    let arguments: Vec<Arguments<'_>> = commits.iter().map(Arguments::new).collect();
    if let [arguments] = &arguments[..] {
        return Ok(vec![arguments.call(client, &statement).await?]);
    }
    // All of it is sent before anything is waited for, so that nobody waits for this machine while it holds the row.
    let mut steps: Vec<Asked<'_, Option<i32>>> =
        vec![Box::pin(async { client.batch_execute("BEGIN").await.map(|()| None) })];
    for arguments in &arguments {
        let statement = &statement;
        steps.push(Box::pin(async move { arguments.call(client, statement).await.map(Some) }));
    }
    steps.push(Box::pin(async { client.batch_execute("COMMIT").await.map(|()| None) }));
    let results = together(steps).await;
    // After one that has failed, the database has taken all back instead.
    Ok(results.into_iter().collect::<Result<Vec<_>, Error>>()?.into_iter().flatten().collect())
}

/// What comes of all of these, each of which is begun before any is waited for, in their order.
async fn together(mut steps: Vec<Asked<'_, Option<i32>>>) -> Vec<Result<Option<i32>, Error>> {
    let mut results: Vec<Option<_>> = steps.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        let mut is_done = true;
        for (step, result) in steps.iter_mut().zip(&mut results) {
            if result.is_none() {
                match step.as_mut().poll(context) {
                    Poll::Ready(ready) => *result = Some(ready),
                    Poll::Pending => is_done = false,
                }
            }
        }
        if is_done { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    results.into_iter().flatten().collect()
}

/// A commit in columns.
#[derive(Default)]
struct Arguments<'a> {
    kinds: Vec<i16>,
    identifiers: Vec<&'a [u8]>,
    versions: Vec<Option<i64>>,
    bodies: Vec<Option<&'a [u8]>>,
    sizes: Vec<Option<i64>>,
    dues: Vec<Option<i64>>,
    terms: Places<'a>,
    names: Places<'a>,
    bound_kinds: Vec<i16>,
    bound_records: Vec<i64>,
    bound_bytes: Vec<i64>,
    unchanged_kinds: Vec<i16>,
    unchanged_identifiers: Vec<&'a [u8]>,
    unchanged_versions: Vec<i64>,
}

/// What is added and removed, each with the place of its change, from 1.
#[derive(Default)]
struct Places<'a> {
    places: Vec<i32>,
    texts: Vec<&'a [u8]>,
    are_added: Vec<bool>,
}

impl<'a> Arguments<'a> {
    fn new(commit: &'a Commit) -> Self {
        let mut arguments = Self::default();
        for (place, change) in (1..).zip(&commit.changes) {
            let value = change.value.as_ref();
            arguments.kinds.push(change.key.kind.number().into());
            arguments.identifiers.push(&change.key.identifier);
            arguments.versions.push(change.expected.map(signed));
            arguments.bodies.push(value.map(|value| value.body.bytes()));
            arguments.sizes.push(value.map(|value| signed(value.size)));
            arguments.dues.push(value.and_then(|value| value.due));
            arguments.terms.add(place, &change.terms);
            arguments.names.add(place, &change.names);
        }
        for bound in &commit.bounds {
            arguments.bound_kinds.push(bound.kind.number().into());
            arguments.bound_records.push(signed(bound.records));
            arguments.bound_bytes.push(signed(bound.bytes));
        }
        for (key, version) in &commit.unchanged {
            arguments.unchanged_kinds.push(key.kind.number().into());
            arguments.unchanged_identifiers.push(&key.identifier);
            arguments.unchanged_versions.push(signed(*version));
        }
        arguments
    }

    async fn call(&self, client: &Object, statement: &Statement) -> Result<i32, Error> {
        let Self { kinds, identifiers, versions, bodies, sizes, dues, terms, names, .. } = self;
        let parameters: [&(dyn ToSql + Sync); 18] = [
            kinds,
            identifiers,
            versions,
            bodies,
            sizes,
            dues,
            &terms.places,
            &terms.texts,
            &terms.are_added,
            &names.places,
            &names.texts,
            &names.are_added,
            &self.bound_kinds,
            &self.bound_records,
            &self.bound_bytes,
            &self.unchanged_kinds,
            &self.unchanged_identifiers,
            &self.unchanged_versions,
        ];
        client.query_one(statement, &parameters).await?.try_get(0)
    }
}

impl<'a> Places<'a> {
    fn add(&mut self, place: i32, difference: &'a Difference) {
        for (texts, is_added) in [(&difference.removed, false), (&difference.added, true)] {
            for text in texts {
                self.places.push(place);
                self.texts.push(text);
                self.are_added.push(is_added);
            }
        }
    }
}
