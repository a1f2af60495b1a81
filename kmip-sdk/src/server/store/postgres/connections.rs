//! Connections to the database, of which there are a few, and what waits for them.
//!
//! The driver is asynchronous, and runs on a thread of its own: whoever asks waits for it, in whatever thread they are.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime as PoolRuntime,
};
use rustls::ClientConfig;
use tokio::runtime::{Builder, Runtime};
use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Error, Row};

use super::errors::{Fate, Trouble};
use super::tls::Tls;
use crate::server::store::StoreError;
use crate::tls::{Identity, Root, Source, TlsOptions};

/// How many connections there may be at a time, unless the URL says so.
const CONNECTIONS: usize = 10;

/// How long it may take to connect, and to be answered.
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(35);

/// How long what was not done is asked for again, and how often at least, where each time takes long.
const PATIENCE: Duration = Duration::from_secs(2);
const TIMES: u32 = 3;

/// What every connection is set to. What is asked for is found by an index, also while the database has not yet seen what is
/// in the tables; nobody waits, or holds what others wait for, without end; and what is committed is on the disk.
const SETUP: &str = "
    SET default_transaction_isolation = 'read committed';
    SET default_transaction_read_only = off;
    SET plan_cache_mode = force_generic_plan;
    SET enable_seqscan = off;
    SET enable_bitmapscan = off;
    SET enable_hashjoin = off;
    SET enable_mergejoin = off;
    SET enable_sort = off;
    SET jit = off;
    SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') IN ('off', 'local');
";
const POOLED: &str = "
    SET statement_timeout = '30s';
    SET idle_in_transaction_session_timeout = '10s';
";

pub(super) type Parameters = Vec<Box<dyn ToSql + Sync + Send>>;

/// The connections to one database.
pub(super) struct Connections {
    pooled: Pooled,
    config: Config,
    tls: Tls,
    /// Absent when this is dropped.
    runtime: Option<Runtime>,
}

/// Those that are kept.
#[derive(Clone)]
pub(super) struct Pooled(Pool);

/// What a URL says that the driver does not know.
#[derive(Default)]
struct Own {
    tls: TlsOptions,
    has_mode: bool,
    has_keepalives: bool,
    connections: Option<usize>,
}

impl Connections {
    pub(super) fn open(url: &str, tls: Option<Arc<ClientConfig>>) -> Result<Self, StoreError> {
        let (mut config, own) = parse(url)?;
        if tls.is_some() {
            config.ssl_mode(SslMode::Require);
        } else if !own.has_mode {
            let is_plain = own.tls.roots.is_empty() && config.get_hosts().iter().all(is_here);
            config.ssl_mode(if is_plain { SslMode::Disable } else { SslMode::Require });
        }
        let tls = match (tls, config.get_ssl_mode()) {
            (Some(tls), _) => Some(tls),
            (None, SslMode::Disable) => None,
            (None, _) => {
                Some(own.tls.client_config().map_err(|error| StoreError::Unavailable(Box::new(error)))?)
            }
        };
        let tls = Tls(tls);
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(ANSWER);
        }
        if !own.has_keepalives {
            config.keepalives_idle(ANSWER);
        }
        if config.get_application_name().is_none() {
            config.application_name("kmip");
        }
        let manager = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(config.clone(), tls.clone(), manager);
        let set_up = Hook::async_fn(|client: &mut deadpool_postgres::ClientWrapper, _| {
            Box::pin(async move {
                let setup = [SETUP, POOLED].concat();
                client.batch_execute(&setup).await.map_err(HookError::Backend)
            })
        });
        let pool = Pool::builder(manager)
            .max_size(own.connections.unwrap_or(CONNECTIONS))
            .runtime(PoolRuntime::Tokio1)
            .wait_timeout(Some(ANSWER))
            .create_timeout(Some(CONNECT * 2))
            .post_create(set_up)
            .build()
            .map_err(|error| StoreError::Unavailable(Box::new(error)))?;
        let mut runtime = Builder::new_multi_thread();
        let runtime = runtime
            .worker_threads(1)
            .thread_name("kmip-postgres")
            .enable_all()
            .build()
            .map_err(StoreError::from_io)?;
        Ok(Self { pooled: Pooled(pool), config, tls, runtime: Some(runtime) })
    }

    pub(super) fn pooled(&self) -> Pooled {
        self.pooled.clone()
    }

    /// What comes of a future, which runs beside the connections.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let ended = || StoreError::Unavailable("the connections to the database have been closed".into());
        let (sender, receiver) = mpsc::sync_channel(1);
        let runtime = self.runtime.as_ref().ok_or_else(ended)?;
        runtime.spawn(async move { sender.send(future.await) });
        receiver.recv().map_err(|_| ended())
    }

    /// The rows that something gives, which changes nothing: so it is asked for again where the connection was lost.
    pub(super) fn query(&self, sql: &'static str, parameters: Parameters) -> Result<Vec<Row>, StoreError> {
        let (pooled, parameters) = (self.pooled(), Arc::new(parameters));
        let result = self.wait(async move {
            let mut patience = Patience::default();
            loop {
                let parameters = Arc::clone(&parameters);
                let asked = pooled.ask(|client| Box::pin(rows(client, sql, parameters))).await;
                let trouble = match asked {
                    Ok(rows) => return Ok(rows),
                    Err(trouble) => trouble,
                };
                match trouble.fate() {
                    Fate::NotDone | Fate::Unknown if patience.wait().await => {}
                    _ => return Err(trouble),
                }
            }
        })?;
        result.map_err(StoreError::from)
    }

    /// A connection of its own, on which what is asked may take as long as it does.
    pub(super) fn alone(&self) -> Result<Client, StoreError> {
        let (config, tls) = (self.config.clone(), self.tls.clone());
        self.wait(async move {
            let mut patience = Patience::default();
            loop {
                let trouble = match connect(&config, &tls).await {
                    Ok(client) => return Ok(client),
                    Err(error) => Trouble::Connection(PoolError::Backend(error)),
                };
                match trouble.fate() {
                    Fate::NotDone if patience.wait().await => {}
                    _ => return Err(trouble.into()),
                }
            }
        })?
    }
}

/// What is asked over a connection.
pub(super) type Asked<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

impl Pooled {
    /// Asks over a connection, which is closed after anything but an answer.
    pub(super) async fn ask<T>(
        &self,
        ask: impl for<'a> FnOnce(&'a Object) -> Asked<'a, T>,
    ) -> Result<T, Trouble> {
        let client = self.0.get().await.map_err(Trouble::Connection)?;
        let result = match timeout(ANSWER, ask(&client)).await {
            Ok(result) => result.map_err(Trouble::Database),
            Err(_) => Err(Trouble::Late),
        };
        let is_answer = match &result {
            Ok(_) => true,
            Err(Trouble::Database(error)) => error.as_db_error().is_some(),
            Err(_) => false,
        };
        if !is_answer {
            drop(Object::take(client));
        }
        result
    }
}

/// How long something is asked for again, and how soon.
pub(super) struct Patience {
    until: Instant,
    pause: Duration,
    times: u32,
}

impl Default for Patience {
    fn default() -> Self {
        Self { until: Instant::now() + PATIENCE, pause: Duration::from_millis(10), times: 0 }
    }
}

impl Patience {
    /// Waits a moment, longer each time; whether there is one left.
    pub(super) async fn wait(&mut self) -> bool {
        if self.times >= TIMES && Instant::now() >= self.until {
            return false;
        }
        self.times += 1;
        sleep(self.pause).await;
        self.pause *= 2;
        true
    }
}

async fn rows(client: &Object, sql: &str, parameters: Arc<Parameters>) -> Result<Vec<Row>, Error> {
    let statement = client.prepare_cached(sql).await?;
    let parameters: Vec<&(dyn ToSql + Sync)> =
        parameters.iter().map(|parameter| &**parameter as &(dyn ToSql + Sync)).collect();
    client.query(&statement, &parameters).await
}

async fn connect(config: &Config, tls: &Tls) -> Result<Client, Error> {
    let (client, connection) = config.connect(tls.clone()).await?;
    // It ends when the client is dropped.
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection to the database has ended");
        }
    });
    client.batch_execute(SETUP).await?;
    Ok(client)
}

/// What a URL says, to the driver and of our own.
fn parse(url: &str) -> Result<(Config, Own), StoreError> {
    let wrong = |what: String| StoreError::Url(format!("postgres: {what}"));
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let (mut own, mut rest) = (Own::default(), Vec::new());
    let (mut certificate, mut key) = (None, None);
    let file = |path: &str| Source::File(PathBuf::from(path));
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        match parameter.split_once('=') {
            Some(("sslrootcert", path)) => own.tls.roots.push(Root::Pem(file(path))),
            Some(("sslcert", path)) => certificate = Some(file(path)),
            Some(("sslkey", path)) => key = Some(file(path)),
            Some(("connections", number)) => {
                let number = number.parse().ok().filter(|number| *number > 0);
                own.connections = Some(number.ok_or_else(|| wrong("connections is no number".to_owned()))?);
            }
            Some((name, _)) => {
                own.has_mode |= name == "sslmode";
                own.has_keepalives |= name == "keepalives_idle";
                rest.push(parameter);
            }
            None => rest.push(parameter),
        }
    }
    own.tls.identity = match (certificate, key) {
        (Some(certificates), Some(key)) => Some(Identity::Pem { certificates, key }),
        (None, None) => None,
        _ => return Err(wrong("sslcert and sslkey go together".to_owned())),
    };
    #[cfg(feature = "system-roots")]
    {
        own.tls.system_roots = own.tls.roots.is_empty();
    }
    let config = [base, "?", &rest.join("&")].concat().parse::<Config>();
    // What it says of it names no value.
    let config = config.map_err(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        wrong(cause.unwrap_or_else(|| error.to_string()))
    })?;
    Ok((config, own))
}

/// Whether a host is this machine.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

impl Drop for Connections {
    /// Waiting for the threads is not allowed everywhere.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
