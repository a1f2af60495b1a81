//! A disk that loses power, and one that is full.

use kmip_sdk::types::attribute::Attribute;
use kmip_sdk::types::enumerations::{ResultReason, State};
use kmip_sdk::types::operation::{ActivateRequest, GetRequest};
use kmip_sdk::types::{DateTime, Interval};

use crate::asked::{Asked, START, create, name};
use crate::disk::{Disk, End, Random};

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
        let disk = disk.after(disk.done(), End::PowerLost, &mut Random(round));
        drop(asked);
        let asked = Asked::on(disk.store());
        for (identifier, name, is_active) in &answered {
            assert!(
                asked.call(GetRequest::new(identifier.as_str())).is_ok(),
                "{round}: {identifier} is lost"
            );
            assert_eq!(asked.locate([name.clone()]), [identifier.as_str()]);
            let state = asked.attributes(identifier).state().unwrap();
            assert!(!is_active || state == State::Active, "{round}");
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
        let more = Attribute::Comment("x".repeat(10_000));
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
        let more = Attribute::Comment("x".repeat(100_000));
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

#[test]
fn what_is_due_on_a_full_disk_waits_and_refuses_nobody() {
    let disk = Disk::default();
    let asked = Asked::on(disk.store());
    let at = |seconds| DateTime::from_seconds(START + seconds);
    let activated = asked.create([Attribute::ActivationDate(at(10))]);
    let deactivated = asked.create([Attribute::ActivationDate(at(5)), Attribute::DeactivationDate(at(10))]);
    let interval = Attribute::RotateInterval(Interval::from_seconds(10));
    let rotated = asked.create([Attribute::RotateAutomatic(true), interval, name("app")]);
    asked.call(GetRequest::new(activated.as_str())).unwrap();
    let in_state = |asked: &Asked, state| asked.locate([Attribute::State(state)]);
    disk.lock().capacity = Some(0);
    asked.wait(20);
    for _ in 0..2 {
        asked.call(GetRequest::new(activated.as_str())).unwrap();
        assert_eq!(asked.attributes(&activated).state(), Some(State::Active));
        assert_eq!(in_state(&asked, State::Active), [activated.as_str()]);
        assert_eq!(in_state(&asked, State::Deactivated), [deactivated.as_str()]);
        assert_eq!(in_state(&asked, State::PreActive), [rotated.as_str()]);
        assert_eq!(asked.locate([name("app")]), [rotated.as_str()]);
        assert_eq!(asked.call(create([])), Err(ResultReason::ServerLimitExceeded));
    }
    assert!(asked.server.settle().is_err(), "who asks for it is told");
    disk.lock().capacity = None;
    // It is not looked at once a request.
    while asked.server.settle().is_err() {
        std::thread::yield_now();
    }
    asked.wait(20);
    let [newest] = asked.locate([name("app")]).try_into().unwrap();
    assert_ne!(newest, rotated);
    drop(asked);
    let asked = Asked::on(disk.store());
    assert_eq!(in_state(&asked, State::Active), [activated.as_str()]);
    assert_eq!(in_state(&asked, State::Deactivated), [deactivated.as_str()]);
}
