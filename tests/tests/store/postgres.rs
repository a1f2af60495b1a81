//! What is PostgreSQL's own: how it is found and entered, its tables, and what becomes of requests while it is away.

use std::error::Error as _;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use kmip_sdk::server::store::{
    Backend, Body, Change, Commit, Difference, Key, Kind, MasterKey, Postgres, Store, StoreError, Value,
};
use kmip_sdk::server::{EmbeddedServer, ServerOptions};
use kmip_sdk::types::attribute::Attribute;
use kmip_sdk::types::enumerations::ResultReason;
use kmip_sdk::types::operation::{ActivateRequest, GetRequest, LocateRequest};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_postgres::NoTls;

use crate::asked::{Asked, create, name};
use crate::database::{Schema, base, directory};
use crate::places::key;

#[test]
fn a_database_is_chosen_by_its_url() {
    let refused = |url: &str| {
        let error = Store::open_sealed(url, key()).unwrap_err();
        let told = format!("{error} {error:?} {:?}", error.source().map(ToString::to_string));
        assert!(!told.contains("secret"), "{told}");
        error
    };
    for wrong in [
        "postgres:",
        "postgres://kmip:secret@127.0.0.1:1/x?connections=0",
        "postgres://kmip:secret@127.0.0.1:1/x?connections=many",
        "postgres://kmip:secret@127.0.0.1:1/x?sslcert=only",
        "postgresql://kmip:secret@127.0.0.1:1/x?no_such=1",
        "postgres://kmip:secret@127.0.0.1:port/x",
    ] {
        assert!(matches!(refused(wrong), StoreError::Url(_)), "{wrong}");
    }
    // Nobody listens, and no file is there.
    for away in
        ["postgres://kmip:secret@127.0.0.1:1/x", "postgres://kmip:secret@localhost/x?sslrootcert=/nowhere"]
    {
        assert!(matches!(refused(away), StoreError::Unavailable(_)), "{away}");
    }
    let Some(schema) = Schema::new() else { return };
    let options = ServerOptions::default().store_url(&schema.url(), key()).unwrap();
    Asked::with(options).create([]);
    assert_eq!(Store::open_sealed(&schema.url(), key()).unwrap().objects().unwrap().records, 1);
    let other = ServerOptions::default().store_url(&schema.url(), MasterKey::new([0; 32]));
    assert!(matches!(other, Err(StoreError::WrongMasterKey)));
    let wrong = base().unwrap().replacen("//kmip:", "//kmip:secret", 1);
    assert!(matches!(refused(&wrong), StoreError::Unavailable(_)));
}

#[test]
fn the_database_is_spoken_to_over_tls_and_verified() {
    let Some(schema) = Schema::new() else { return };
    let Some(directory) = directory() else {
        eprintln!("SKIPPED: KMIP_POSTGRES_DIR is not set: nothing is known of the database's certificate");
        return;
    };
    let trusted = schema.url_with(&format!(
        "&sslrootcert={}&application_name=in_tls",
        directory.join("server.crt").display()
    ));
    let store = Store::open_sealed(&trusted, key()).unwrap();
    Asked::on(store.clone()).create([]);
    let sql = "SELECT bool_and(s.ssl) FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) \
        WHERE a.application_name = 'in_tls'";
    assert_eq!(schema.execute(sql), ["t"]);
    let stranger = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap().cert.pem();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), stranger).unwrap();
    let refused = Postgres::open(&schema.url_with(&format!("&sslrootcert={}", file.path().display())));
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
}

#[test]
fn the_tables_are_made_once_and_those_of_a_newer_library_are_left_alone() {
    let Some(schema) = Schema::new() else { return };
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| Asked::on(Store::open_sealed(&schema.url(), key()).unwrap()).create([]));
        }
    });
    assert_eq!(Store::open_sealed(&schema.url(), key()).unwrap().objects().unwrap().records, 6);
    schema.execute("UPDATE kmip_schema SET version = 99");
    let refused = Postgres::open(&schema.url());
    assert!(matches!(refused, Err(StoreError::Schema { found: 99, .. })), "{refused:?}");
}

#[test]
fn who_commits_as_an_older_library_did_is_refused() {
    let Some(schema) = Schema::new() else { return };
    schema.execute("CREATE TABLE kmip_schema (version int4 NOT NULL); INSERT INTO kmip_schema VALUES (1)");
    schema.execute(include_str!("../../../kmip-sdk/src/server/store/postgres/schema_1.sql"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(&schema.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        let arguments = ["'{}'"; 15].join(", ");
        let former = client.prepare(&format!("SELECT kmip_commit_1({arguments})")).await.unwrap();
        for _ in 0..10 {
            assert_eq!(client.query_one(&former, &[]).await.unwrap().get::<_, i32>(0), 0);
        }
        let asked = Asked::on(Store::open_sealed(&schema.url(), key()).unwrap());
        let made = asked.create([]);
        let refused = client.query_one(&former, &[]).await.unwrap_err();
        let message = refused.as_db_error().unwrap().message();
        assert!(message.contains("a newer version of the server"), "{message}");
        assert_eq!(asked.locate([]), [made]);
    });
}

#[test]
fn everything_is_found_by_an_index() {
    let Some(schema) = Schema::new() else { return };
    let scans = || {
        schema.execute("SELECT relname, seq_scan, pg_stat_get_tuples_returned(relid) FROM pg_stat_user_tables \
        WHERE schemaname = current_schema() AND relname IN ('kmip_records', 'kmip_terms', 'kmip_names') ORDER BY 1")
    };
    let named = format!("&application_name={}", schema.url().len());
    let url = schema.url_with(&named);
    let asked = Asked::on(Store::open_sealed(&url, key()).unwrap());
    let keys: Vec<String> = (0..200).map(|number| asked.create([name(&format!("n {number}"))])).collect();
    let ended = |asked: Asked| {
        drop(asked);
        let sql = format!(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = '{}'",
            schema.url().len()
        );
        while schema.execute(&sql) != ["0"] {
            thread::yield_now();
        }
    };
    ended(asked);
    let read = |scans: Vec<String>| -> Vec<[u64; 2]> {
        let numbers = scans.iter().map(|row| row.split(' ').skip(1).map(|number| number.parse().unwrap()));
        numbers.map(|mut numbers| [(); 2].map(|()| numbers.next().unwrap())).collect()
    };
    let before = read(scans());
    let asked = Asked::on(Store::open_sealed(&url, key()).unwrap());
    for (place, key) in keys.iter().enumerate().take(20) {
        asked.call(GetRequest::new(key.as_str())).unwrap();
        asked.call(ActivateRequest::new(key.as_str())).unwrap();
        assert_eq!(asked.locate([name(&format!("n {place}"))]), [key.as_str()]);
        asked.create([Attribute::Comment("another".to_owned())]);
        let page = LocateRequest { maximum_items: Some(3), ..LocateRequest::default() };
        assert_eq!(asked.call(page).unwrap().unique_identifier.len(), 3);
    }
    ended(asked);
    for ([scans, read], [old_scans, old_read]) in read(scans()).into_iter().zip(before) {
        assert_eq!(scans, old_scans, "no table is gone through");
        assert!(read - old_read < 20, "{read} rows were read one after another");
    }
}

#[test]
fn connections_that_were_lost_come_back_without_a_failed_request() {
    let Some(schema) = Schema::new() else { return };
    let mark = format!("lost_{}", schema.url().len());
    let asked =
        Asked::on(Store::open_sealed(&schema.url_with(&format!("&application_name={mark}")), key()).unwrap());
    let made = asked.create([]);
    let end = format!(
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE application_name = '{mark}'"
    );
    for turn in 0..5 {
        assert_ne!(schema.execute(&end), ["0"]);
        if turn % 2 == 0 {
            asked.call(GetRequest::new(made.as_str())).unwrap();
        } else {
            asked.create([]);
        }
    }
    // While requests are under way, those that read do not fail either.
    let (is_over, calls) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !is_over.load(Ordering::SeqCst) {
                    let got = asked.call(LocateRequest::default());
                    is_over.fetch_or(got.is_err(), Ordering::SeqCst);
                    got.unwrap();
                    calls.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        for turn in 1..=10 {
            schema.execute(&end);
            while calls.load(Ordering::SeqCst) < 10 * turn && !is_over.load(Ordering::SeqCst) {
                thread::yield_now();
            }
        }
        is_over.store(true, Ordering::SeqCst);
    });
}

/// What stands between a server and the database, and passes on what both say as long as it is to.
struct Between {
    address: SocketAddr,
    passes: Arc<Passes>,
}

#[derive(Default)]
struct Passes {
    /// Whether connections are taken.
    is_closed: AtomicBool,
    /// Whether answers are lost, with the connection.
    loses_answers: AtomicBool,
    streams: Mutex<Vec<TcpStream>>,
}

impl Between {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, passes) = (listener.local_addr().unwrap(), Arc::new(Passes::default()));
        let between = Self { address, passes: Arc::clone(&passes) };
        let database = Self::host();
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if passes.is_closed.load(Ordering::SeqCst) {
                    continue;
                }
                let database = TcpStream::connect(&database).unwrap();
                let copies = [&client, &database].map(|stream| stream.try_clone().unwrap());
                passes.streams.lock().unwrap().extend(copies);
                for (from, to, is_answer) in [(&client, &database, false), (&database, &client, true)] {
                    let [from, to] = [from, to].map(|stream| stream.try_clone().unwrap());
                    let passes = Arc::clone(&passes);
                    thread::spawn(move || pass(from, to, is_answer, &passes));
                }
            }
        });
        between
    }

    /// The host and port of the database.
    fn host() -> String {
        let base = base().unwrap();
        base.rsplit('@').next().unwrap().split('/').next().unwrap().to_owned()
    }

    /// The URL with this in the place of the database.
    fn url(&self, schema: &Schema) -> String {
        schema.url().replacen(&Self::host(), &self.address.to_string(), 1)
    }

    fn close(&self) {
        self.passes.is_closed.store(true, Ordering::SeqCst);
        for stream in self.passes.streams.lock().unwrap().drain(..) {
            drop(stream.shutdown(Shutdown::Both));
        }
    }

    fn open(&self) {
        self.passes.is_closed.store(false, Ordering::SeqCst);
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, is_answer: bool, passes: &Passes) {
    let mut bytes = [0; 4096];
    let passed: io::Result<()> = (|| loop {
        let length = from.read(&mut bytes)?;
        if length == 0 || is_answer && passes.loses_answers.load(Ordering::SeqCst) {
            return Ok(());
        }
        to.write_all(&bytes[..length])?;
    })();
    drop(passed);
    drop((from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both)));
}

#[test]
fn a_database_that_is_away_is_said_so_and_is_found_again() {
    let Some(schema) = Schema::new() else { return };
    let between = Between::new();
    let asked = Asked::on(Store::open_sealed(&between.url(&schema), key()).unwrap());
    let made = asked.create([]);
    for _ in 0..2 {
        between.close();
        assert_eq!(asked.call(GetRequest::new(made.as_str())), Err(ResultReason::GeneralFailure));
        let refused = Postgres::open(&between.url(&schema));
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        between.open();
        asked.call(GetRequest::new(made.as_str())).unwrap();
        asked.create([]);
    }
    assert_eq!(asked.locate([]).len(), 3);
}

/// The status that a server answers with when it is asked whether it is ready.
fn readiness(server: &EmbeddedServer) -> String {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(server.ca_certificate_pem().as_bytes()).unwrap()).unwrap();
    let identity = CertificateDer::from_pem_slice(server.client_certificate_pem().as_bytes()).unwrap();
    let identity_key = PrivateKeyDer::from_pem_slice(server.client_key_pem().as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.unwrap().with_root_certificates(roots);
    let config = Arc::new(config.with_client_auth_cert(vec![identity], identity_key).unwrap());
    let tls = rustls::ClientConnection::new(config, "localhost".try_into().unwrap()).unwrap();
    let mut stream = rustls::StreamOwned::new(tls, TcpStream::connect(server.https_address()).unwrap());
    stream.write_all(b"GET /ready HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).unwrap();
    String::from_utf8(status[9..].to_vec()).unwrap()
}

#[test]
fn a_server_without_its_database_is_not_ready() {
    let Some(schema) = Schema::new() else { return };
    let between = Between::new();
    let store = Store::open_sealed(&between.url(&schema), key()).unwrap();
    let server = EmbeddedServer::start_with(ServerOptions::default().store(store)).unwrap();
    assert_eq!(readiness(&server), "200");
    between.close();
    assert_eq!(readiness(&server), "503");
    between.open();
    assert_eq!(readiness(&server), "200");
}

#[test]
fn a_commit_that_may_have_been_made_is_not_made_again() {
    let Some(schema) = Schema::new() else { return };
    let between = Between::new();
    let backend: Arc<dyn Backend> = Arc::new(Postgres::open(&between.url(&schema)).unwrap());
    let made = |identifier: &str| {
        let value = Value { body: Body::from_bytes(*b"body"), size: 4, due: None };
        let (terms, names) = (Difference::default(), Difference::default());
        let key = Key::new(Kind::OBJECT, identifier);
        let change = Change { key, expected: None, value: Some(value), terms, names };
        Commit { changes: vec![change], ..Commit::default() }
    };
    backend.commit(made("a")).unwrap();
    between.passes.loses_answers.store(true, Ordering::SeqCst);
    let unknown = backend.commit(made("b")).unwrap_err();
    assert!(matches!(&unknown, StoreError::Unavailable(_)), "{unknown:?}");
    assert!(unknown.source().unwrap().to_string().contains("may have or not"), "{unknown:?}");
    between.passes.loses_answers.store(false, Ordering::SeqCst);
    // It was made, and is what nobody has changed since.
    while backend.totals(Kind::OBJECT).unwrap().records < 2 {
        thread::yield_now();
    }
    assert!(matches!(backend.commit(made("b")), Err(StoreError::Conflict)));
    assert_eq!(schema.execute("SELECT number FROM kmip_last"), ["2"]);
}

#[test]
fn a_server_goes_on_and_off_with_its_store_where_nothing_may_wait() {
    // A program that is asynchronous opens, uses and drops it in its own threads.
    let Some(schema) = Schema::new() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let asked = Asked::on(Store::open_sealed(&schema.url(), key()).unwrap());
        asked.call(create([])).unwrap();
        drop(asked);
    });
}
