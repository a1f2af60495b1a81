//! A disk that loses power, and one that is full.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use kmip_sdk::server::store::{Redb, Store};
use kmip_sdk::types::enumerations::ResultReason;
use kmip_sdk::types::operation::{ActivateRequest, GetRequest};
use redb::StorageBackend;

use crate::asked::{Asked, create, name};
use crate::places::key;

/// A disk whose content outlives who has it open.
#[derive(Clone, Debug, Default)]
struct Disk(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    content: Vec<u8>,
    /// What was there when it was synced last.
    synced: Vec<u8>,
    /// What was written since.
    unsynced: Vec<Write>,
    /// After how many more writes and syncs the power fails.
    left: Option<u64>,
    /// How large it is, in bytes.
    capacity: Option<usize>,
}

#[derive(Clone, Debug)]
enum Write {
    Bytes(usize, Vec<u8>),
    Length(usize),
}

impl Write {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Bytes(offset, bytes) => {
                let end = offset + bytes.len();
                if content.len() < end {
                    content.resize(end, 0);
                }
                content[*offset..end].copy_from_slice(bytes);
            }
            Self::Length(length) => content.resize(*length, 0),
        }
    }
}

impl Disk {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    fn store(&self) -> Store {
        let disk = self.clone();
        Store::sealed(Box::new(Redb::on(move || Ok(disk.clone())).unwrap()), key()).unwrap()
    }

    /// What the power leaves: what was synced, and some of what was written since.
    fn after_power_loss(&self, mut random: u64) -> Self {
        let state = self.lock();
        let mut content = state.synced.clone();
        for write in &state.unsynced {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            if random >> 63 == 1 {
                write.apply(&mut content);
            }
        }
        Self(Arc::new(Mutex::new(State { synced: content.clone(), content, ..State::default() })))
    }

    fn change(&self, write: Write) -> io::Result<()> {
        let mut state = self.lock();
        state.spend()?;
        let end = match &write {
            Write::Bytes(offset, bytes) => offset + bytes.len(),
            Write::Length(length) => *length,
        };
        if state.capacity.is_some_and(|capacity| end > capacity) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        write.apply(&mut state.content);
        state.unsynced.push(write);
        Ok(())
    }
}

impl State {
    fn spend(&mut self) -> io::Result<()> {
        match &mut self.left {
            Some(0) => Err(io::Error::other("the power has failed")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.lock().content.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.lock();
        let offset = usize::try_from(offset).unwrap();
        let bytes = state.content.get(offset..offset + out.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(bytes);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.change(Write::Length(usize::try_from(len).unwrap()))
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.lock();
        state.spend()?;
        let state = &mut *state;
        for write in state.unsynced.drain(..) {
            write.apply(&mut state.synced);
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.change(Write::Bytes(usize::try_from(offset).unwrap(), data.to_vec()))
    }
}

#[test]
fn what_was_answered_is_there_after_the_power_has_failed() {
    let mut cut = 0;
    for round in 0..40_u64 {
        let disk = Disk::default();
        let asked = Asked::on(disk.store());
        disk.lock().left = Some(1 + round * 3);
        let mut answered = Vec::new();
        for number in 0..40 {
            let name = name(&format!("key {number}"));
            let Ok(response) = asked.call(create([name.clone()])) else { break };
            let identifier = response.unique_identifier.as_text().unwrap().to_owned();
            let is_active = asked.call(ActivateRequest::new(identifier.as_str())).is_ok();
            answered.push((identifier, name, is_active));
        }
        cut += u64::from(answered.len() < 40);
        let disk = disk.after_power_loss(round);
        drop(asked);
        let asked = Asked::on(disk.store());
        for (identifier, name, is_active) in &answered {
            assert!(
                asked.call(GetRequest::new(identifier.as_str())).is_ok(),
                "{round}: {identifier} is lost"
            );
            assert_eq!(asked.locate([name.clone()]), [identifier.as_str()]);
            let state = asked.attributes(identifier).state().unwrap();
            assert!(!is_active || state == kmip_sdk::types::enumerations::State::Active, "{round}");
        }
        // One more may have been made without that it was answered.
        assert!(asked.locate([]).len() <= answered.len() + 1);
        asked.create([]);
    }
    assert!(cut > 20, "the power has failed while something was written: {cut}");
}

#[test]
fn a_full_disk_refuses_loses_nothing_and_is_read() {
    let disk = Disk::default();
    let asked = Asked::on(disk.store());
    let room = disk.lock().content.len() + (3 << 20);
    disk.lock().capacity = Some(room);
    let (mut made, mut given) = (Vec::new(), 0);
    let refused = loop {
        let more = kmip_sdk::types::attribute::Attribute::Comment("x".repeat(10_000));
        match asked.call(create([more])) {
            Ok(response) => made.push(response.unique_identifier.as_text().unwrap().to_owned()),
            Err(reason) => break reason,
        }
        // What is given for the first time is fresh no more, which is written too.
        match asked.call(GetRequest::new(made[given].as_str())) {
            Ok(_) => given = made.len(),
            Err(reason) => break reason,
        }
        assert!(made.len() < 5_000);
    };
    assert_eq!(refused, ResultReason::ServerLimitExceeded);
    for turn in 0..3 {
        for identifier in &made[..given] {
            let got = asked.send(GetRequest::new(identifier.as_str()), |_| {});
            assert_eq!(got.result_message, None, "{turn}");
        }
        assert_eq!(asked.locate([]).len(), made.len());
        let more = kmip_sdk::types::attribute::Attribute::Comment("x".repeat(100_000));
        assert_eq!(asked.call(create([more])), Err(ResultReason::ServerLimitExceeded));
    }
    disk.lock().capacity = None;
    // It is not looked at once a request.
    let made_at_last = loop {
        if let Ok(response) = asked.call(create([])) {
            break response.unique_identifier;
        }
        std::thread::yield_now();
    };
    made.push(made_at_last.as_text().unwrap().to_owned());
    drop(asked);
    assert_eq!(Asked::on(disk.store()).locate([]).len(), made.len());
}
