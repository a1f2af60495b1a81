//! What becomes of what was answered when the database's disk is full, and when its machine loses its power.

use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::{fs, thread};

use kmip_sdk::server::store::{MasterKey, Store, StoreError};
use kmip_sdk::types::attribute::Attribute;
use kmip_sdk::types::enumerations::{ResultReason, State};
use kmip_sdk::types::operation::{ActivateRequest, GetRequest};
use tempfile::TempDir;

use crate::asked::{Asked, create, name};
use crate::database::{Schema, base, directory, execute};
use crate::places::key;

/// A disk of a few megabytes in memory, as a tablespace of the database.
struct Disk {
    directory: TempDir,
    tablespace: String,
}

impl Disk {
    /// Absent where nothing can be mounted, which is said.
    fn new() -> Option<Self> {
        let owner = fs::metadata(directory()?.join("data")).unwrap();
        let directory = TempDir::new().unwrap();
        let mount = ["-t", "tmpfs", "-o", "size=4m", "tmpfs"];
        let mounted = Command::new("mount").args(mount).arg(directory.path()).output();
        if !mounted.is_ok_and(|mounted| mounted.status.success()) {
            eprintln!("SKIPPED: nothing can be mounted here, so that no disk of the database's is full");
            return None;
        }
        chown(directory.path(), Some(owner.uid()), Some(owner.gid())).unwrap();
        let tablespace = format!("kmip_disk_{}", std::process::id());
        let location = directory.path().display();
        execute(&base().unwrap(), &format!("CREATE TABLESPACE {tablespace} LOCATION '{location}'"));
        Some(Self { directory, tablespace })
    }

    fn grow(&self) {
        let grown =
            Command::new("mount").args(["-o", "remount,size=64m"]).arg(self.directory.path()).status();
        assert!(grown.unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        execute(&base().unwrap(), &format!("DROP TABLESPACE {}", self.tablespace));
        assert!(Command::new("umount").arg(self.directory.path()).status().unwrap().success());
    }
}

#[test]
fn a_full_disk_refuses_loses_nothing_and_is_read() {
    if base().is_none() {
        drop(Schema::new());
        return;
    }
    let Some(disk) = Disk::new() else { return };
    let schema = Schema::new().unwrap();
    let on_it = schema.url_with(&format!("%20-c%20default_tablespace%3D{}", disk.tablespace));
    let store = Store::open_sealed(&on_it, key()).unwrap();
    let asked = Asked::on(store.clone());
    let large = || Attribute::Comment("x".repeat(20_000));
    let mut made: Vec<String> = Vec::new();
    let refused = loop {
        match asked.call(create([name(&format!("n {}", made.len())), large()])) {
            Ok(response) => made.push(response.unique_identifier.as_text().unwrap().to_owned()),
            Err(reason) => break reason,
        }
    };
    assert_eq!(refused, ResultReason::ServerLimitExceeded);
    assert!(made.len() > 50, "{}", made.len());
    let check = |asked: &Asked| {
        for (place, key) in made.iter().enumerate() {
            asked.call(GetRequest::new(key.as_str())).unwrap();
            assert_eq!(asked.locate([name(&format!("n {place}"))]), [key.as_str()]);
        }
        assert_eq!(store.objects().unwrap().records, made.len() as u64);
    };
    check(&asked);
    // Another server finds the same, and is refused the same.
    let other = Asked::on(Store::open_sealed(&on_it, key()).unwrap());
    check(&other);
    assert_eq!(other.call(create([large()])), Err(ResultReason::ServerLimitExceeded));
    disk.grow();
    check(&asked);
    for asked in [&asked, &other] {
        asked.create([large()]);
        asked.call(ActivateRequest::new(made[0].as_str())).ok();
    }
    assert_eq!(store.objects().unwrap().records, made.len() as u64 + 2);
    assert_eq!(other.locate([Attribute::State(State::Active)]), [made[0].as_str()]);
    drop((asked, other, store));
    drop(schema);
}

/// A database of its own, which is killed and starts again.
struct Machine {
    url: String,
    directory: PathBuf,
    programs: PathBuf,
}

impl Machine {
    /// Absent where there is no database.
    fn new() -> Option<Self> {
        if base().is_none() {
            drop(Schema::new());
            return None;
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("postgres/up.sh");
        let started = Command::new(script).output().unwrap();
        assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
        let told = String::from_utf8(started.stdout).unwrap();
        let word = |name: &str| {
            let mut words = told.split_whitespace();
            words.find_map(|word| word.strip_prefix(name)?.strip_prefix('=')).unwrap().to_owned()
        };
        let [url, directory, programs] =
            ["KMIP_POSTGRES", "KMIP_POSTGRES_DIR", "KMIP_POSTGRES_BIN"].map(word);
        Some(Self { url, directory: directory.into(), programs: programs.into() })
    }

    /// Kills every process of the database at once: what it has not given to the system is gone.
    fn lose_power(&self) {
        let file = fs::read_to_string(self.directory.join("data/postmaster.pid")).unwrap();
        let postmaster = file.lines().next().unwrap().to_owned();
        // Nobody tells its processes of its end, or begins others, while they are looked for.
        signal("-STOP", [postmaster.clone()]);
        let parent = |process: &str| {
            // Behind the name, in parentheses, stand the state and the parent.
            let status = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
            status.rsplit(')').next()?.split_whitespace().nth(1).map(str::to_owned)
        };
        let all =
            fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let children = all.filter(|process| parent(process).as_ref() == Some(&postmaster));
        let killed: Vec<String> = children.chain([postmaster.clone()]).collect();
        assert!(killed.len() > 3, "{killed:?}");
        signal("-KILL", killed.clone());
        let is_there = |process: &String| {
            let status = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
            !status.is_empty() && !status.contains(") Z")
        };
        while killed.iter().any(is_there) {
            thread::yield_now();
        }
    }

    fn start(&self) {
        let data = self.directory.join("data");
        let owner = fs::metadata(&data).unwrap().uid();
        let program = self.programs.join("pg_ctl");
        let is_own = owner == fs::metadata("/proc/self").unwrap().uid();
        let mut command = if is_own {
            Command::new(program)
        } else {
            let mut command = Command::new("runuser");
            let entry = Command::new("stat").args(["-c", "%U"]).arg(&data).output().unwrap();
            let user = String::from_utf8(entry.stdout).unwrap();
            command.args(["-u", user.trim(), "--"]).arg(program);
            command
        };
        // With the options that it had.
        command.args(["restart", "--wait", "--silent", "--log", "log", "--pgdata"]).arg(&data);
        assert!(command.current_dir(&self.directory).status().unwrap().success());
    }
}

fn signal(signal: &str, processes: impl IntoIterator<Item = String>) {
    assert!(Command::new("kill").arg(signal).args(processes).status().unwrap().success());
}

impl Drop for Machine {
    fn drop(&mut self) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("postgres/down.sh");
        assert!(Command::new(script).arg(&self.directory).status().unwrap().success());
    }
}

/// How often the power is lost, and how many keys are made until it is.
const TIMES: usize = 2;
const KEYS: usize = 60;
const CLIENTS: usize = 3;

#[test]
fn what_was_answered_is_there_after_the_power_has_failed() {
    let Some(machine) = Machine::new() else { return };
    // A database that answers before it has written is not asked so: the log is written a good while later.
    for setting in [
        "ALTER SYSTEM SET wal_writer_delay = '10s'",
        "ALTER DATABASE postgres SET synchronous_commit = off",
        "SELECT pg_reload_conf()",
    ] {
        execute(&machine.url, setting);
    }
    let asked = Asked::on(Store::open_sealed(&machine.url, MasterKey::new([7; 32])).unwrap());
    let answered: Mutex<Vec<(String, State)>> = Mutex::default();
    for turn in 0..TIMES {
        let (count, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
        thread::scope(|scope| {
            for client in 0..CLIENTS {
                let (asked, answered, count, is_over) = (&asked, &answered, &count, &is_over);
                scope.spawn(move || {
                    for number in 0.. {
                        // While there is no database, it is said so, and nobody knows of what was under way.
                        let wanted = create([name(&format!("{turn} {client} {number}"))]);
                        let Ok(made) = asked.call(wanted) else { break };
                        let key = made.unique_identifier.as_text().unwrap().to_owned();
                        let activated = asked.call(ActivateRequest::new(key.as_str()));
                        let state = if activated.is_ok() { State::Active } else { State::PreActive };
                        answered.lock().unwrap().push((key, state));
                        count.fetch_add(1, Ordering::SeqCst);
                    }
                    is_over.store(true, Ordering::SeqCst);
                });
            }
            while count.load(Ordering::SeqCst) < KEYS && !is_over.load(Ordering::SeqCst) {
                thread::yield_now();
            }
            machine.lose_power();
        });
        assert!(count.load(Ordering::SeqCst) >= KEYS);
        assert_eq!(asked.call(create([])), Err(ResultReason::GeneralFailure));
        machine.start();
        // The same server goes on, by itself.
        for (key, state) in &*answered.lock().unwrap() {
            let found = asked.attributes(key).state().unwrap();
            assert!(found == *state || found == State::Active, "{key} was {state}, and is {found}");
        }
    }
    let records = asked.locate([]).len();
    let most = answered.lock().unwrap().len() + TIMES * CLIENTS;
    assert!((answered.lock().unwrap().len()..=most).contains(&records), "{records}");
    drop(asked);
    // What somebody else wrote, whom the setting of the database does for, is lost so: it is the power that fails. Now and
    // then it is written with something else.
    execute(&machine.url, "CREATE TABLE others (number int)");
    let is_lost = (0..5).any(|turn| {
        execute(&machine.url, "CHECKPOINT");
        execute(&machine.url, &format!("INSERT INTO others VALUES ({turn})"));
        machine.lose_power();
        let refused = Store::open_sealed(&machine.url, MasterKey::new([7; 32]));
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        machine.start();
        execute(&machine.url, &format!("SELECT FROM others WHERE number = {turn}")).is_empty()
    });
    assert!(is_lost, "nothing was lost, and the test shows nothing");
}
