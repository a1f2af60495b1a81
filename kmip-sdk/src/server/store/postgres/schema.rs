//! The tables of the database, and how they come to be.

use tokio_postgres::Client;

use super::failed;
use crate::server::store::StoreError;

/// What brings the tables from each version to the next, the first from nothing. What servers call by a name with a number
/// stays as it is for those that are not as new, or refuses them: a change of it gets another number.
const STEPS: [&str; 2] = [include_str!("schema_1.sql"), include_str!("schema_2.sql")];

/// What keeps others from doing the same meanwhile: "kmip". It is held until the connection ends, and taken before the
/// transaction begins, which may not see tables that were made after it did.
const LOCK: &str = "SELECT pg_advisory_lock(1802332528)";

/// Makes the tables, or brings them to the present version. Where they are so already, nothing is written.
pub(super) async fn prepare(client: &mut Client) -> Result<(), StoreError> {
    let known = u32::try_from(STEPS.len()).unwrap_or(u32::MAX);
    if is_present(found(client).await?, known)? {
        return Ok(());
    }
    client.batch_execute(LOCK).await.map_err(failed)?;
    let transaction = client.transaction().await.map_err(failed)?;
    let version = found(transaction.client()).await?;
    if is_present(version, known)? {
        return Ok(());
    }
    let mut to_do = STEPS.iter().skip(usize::try_from(version.unwrap_or(0)).unwrap_or(usize::MAX));
    tracing::info!(found = version, known, "the tables are brought to another version");
    if version.is_none() {
        let made = "CREATE TABLE kmip_schema (version int4 NOT NULL); INSERT INTO kmip_schema VALUES (0)";
        transaction.batch_execute(made).await.map_err(failed)?;
    }
    for step in &mut to_do {
        transaction.batch_execute(step).await.map_err(failed)?;
    }
    let noted = format!("UPDATE kmip_schema SET version = {known}");
    transaction.batch_execute(&noted).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)
}

/// The version of the tables, if there are any.
async fn found(client: &Client) -> Result<Option<u32>, StoreError> {
    let is_there = "SELECT to_regclass('kmip_schema') IS NOT NULL";
    if !client.query_one(is_there, &[]).await.map_err(failed)?.try_get::<_, bool>(0).map_err(failed)? {
        return Ok(None);
    }
    let row = client.query_one("SELECT version FROM kmip_schema", &[]).await.map_err(failed)?;
    let version: i32 = row.try_get(0).map_err(failed)?;
    Ok(Some(u32::try_from(version).unwrap_or(0)))
}

/// Whether a version is the present one.
fn is_present(found: Option<u32>, known: u32) -> Result<bool, StoreError> {
    match found {
        Some(found) if found > known => Err(StoreError::Schema { found, known }),
        found => Ok(found == Some(known)),
    }
}
