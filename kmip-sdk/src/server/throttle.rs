//! Credentials that were wrong, so that nobody guesses many.
//!
//! Who is asked for and whose the connection is may each be wrong a number of times, and once more each time that an interval
//! has passed by the server's clock; the connection's share comes back six times as slowly. What comes beyond that is
//! refused, and not looked at: no hash is computed, and nothing is counted, so that it does not last longer for it. Those that
//! are being looked at take from the share until they turn out to be right; where only these are in the way, the next one
//! waits for them.
//!
//! Nobody is locked out by another for ever. One connection's owner alone cannot use up what a user is given, as theirs comes
//! back more slowly. And somebody who proved who they are over a connection's certificate has from then on, over that
//! certificate, a share of their own, which no failure elsewhere takes from.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use kmip_types::enumerations::ResultReason;
use kmip_types::{DateTime, Interval};

use super::metrics;
use crate::answer::Failure;

/// How many names, connections' owners and pairs of both are kept at most.
const MOST: usize = 8192;

/// How many times as slowly the share of a connection's owner comes back.
const OF_PEER: i64 = 6;

/// How often, and how soon again, credentials may be wrong.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    failures: i64,
    /// In seconds.
    interval: i64,
}

impl Pace {
    pub(super) fn new((failures, interval): (u32, Interval)) -> Self {
        Self { failures: i64::from(failures.max(1)), interval: i64::from(interval.seconds()) }
    }
}

/// What failures are counted of. Names are kept as hashes, for they may be long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    User(u64),
    Peer(u64),
    /// Somebody who proved who they are over this owner's connection before.
    Both(u64, u64),
}

/// When everything that was wrong has been made up for, in seconds. It lies in the future by an interval for each failure.
type Clear = i64;

/// What was wrong lately.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    state: Mutex<State>,
    /// Told when something has been looked at.
    decided: Condvar,
    hasher: RandomState,
}

#[derive(Debug, Default)]
struct State {
    failures: HashMap<Key, Clear>,
    /// How many credentials of each are being looked at.
    looked_at: HashMap<Key, usize>,
}

/// That a credential may be looked at. It counts as wrong until it is said to be right.
pub(super) struct Attempt<'a> {
    throttle: &'a Throttle,
    keys: Vec<(Key, i64)>,
    both: Option<Key>,
    now: i64,
}

impl Throttle {
    /// Leave to look at a credential of this user's, if it names one, over a connection of this owner's, if it has one.
    ///
    /// # Errors
    /// Too many were wrong.
    pub(super) fn attempt(
        &self,
        user: Option<&str>,
        peer: Option<&str>,
        pace: Pace,
        now: DateTime,
    ) -> Result<Attempt<'_>, Failure> {
        let now = now.seconds();
        let (user, peer) =
            (user.map(|user| self.hasher.hash_one(user)), peer.map(|peer| self.hasher.hash_one(peer)));
        let both = user.zip(peer).map(|(user, peer)| Key::Both(user, peer));
        let mut state = self.lock();
        let keys = loop {
            let known = both.filter(|both| state.failures.contains_key(both));
            let keys: Vec<(Key, i64)> = match known {
                Some(known) => vec![(known, pace.interval)],
                None => [
                    user.map(|user| (Key::User(user), pace.interval)),
                    peer.map(|peer| (Key::Peer(peer), pace.interval.saturating_mul(OF_PEER))),
                ]
                .into_iter()
                .flatten()
                .collect(),
            };
            let wait = |(key, interval): &(Key, i64)| {
                let clear = state.failures.get(key).copied().unwrap_or(now).max(now);
                // One more failure must fit into what may be outstanding.
                clear.saturating_sub(now).saturating_sub(interval.saturating_mul(pace.failures - 1))
            };
            let longest = keys.iter().map(wait).max().unwrap_or(0);
            if longest <= 0 {
                break keys;
            }
            // What is being looked at may turn out to be right.
            let is_open = keys.iter().all(|entry| wait(entry) <= 0 || state.looked_at.contains_key(&entry.0));
            if !is_open {
                drop(state);
                return Err(held(longest));
            }
            state = self.decided.wait(state).unwrap_or_else(PoisonError::into_inner);
        };
        make_room(&mut state.failures, now);
        for (key, interval) in &keys {
            let clear = state.failures.entry(*key).or_insert(now);
            *clear = (*clear).max(now).saturating_add(*interval);
            *state.looked_at.entry(*key).or_default() += 1;
        }
        Ok(Attempt { throttle: self, keys, both, now })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many entries are kept.
    #[cfg(test)]
    fn len(&self) -> usize {
        self.lock().failures.len()
    }
}

/// That a credential is not looked at, and one may be in so many seconds.
fn held(wait: i64) -> Failure {
    metrics::held_credential();
    tracing::warn!(wait, "a credential was not looked at: too many were wrong");
    let message =
        format!("too many credentials were wrong: this one was not looked at, and the next is in {wait} s");
    Failure::new(ResultReason::AuthenticationNotSuccessful, message)
}

impl Attempt<'_> {
    /// The credential was right.
    pub(super) fn succeeded(self) {
        let mut state = self.throttle.lock();
        for (key, interval) in &self.keys {
            if let Some(clear) = state.failures.get_mut(key) {
                *clear = clear.saturating_sub(*interval);
            }
        }
        if let Some(both) = self.both {
            make_room(&mut state.failures, self.now);
            state.failures.entry(both).or_insert(self.now);
        }
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        let mut state = self.throttle.lock();
        for (key, _) in &self.keys {
            if let Some(count) = state.looked_at.get_mut(key) {
                *count -= 1;
                if *count == 0 {
                    state.looked_at.remove(key);
                }
            }
        }
        drop(state);
        self.throttle.decided.notify_all();
    }
}

/// Forgets what has been made up for where there is much, and where that is not enough, what is nearest to it. Who proved
/// who they are is forgotten last.
fn make_room(failures: &mut HashMap<Key, Clear>, now: i64) {
    // An attempt takes two.
    if failures.len() + 2 <= MOST {
        return;
    }
    failures.retain(|key, clear| *clear > now || matches!(key, Key::Both(..)));
    while failures.len() + 2 > MOST {
        let is_pair = |key: &Key| matches!(key, Key::Both(..));
        let next = failures.iter().min_by_key(|(key, clear)| (is_pair(key), **clear)).map(|(key, _)| *key);
        let Some(next) = next else { return };
        failures.remove(&next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { failures: 3, interval: 10 };

    fn wrong(throttle: &Throttle, user: &str, peer: Option<&str>, now: i64) -> bool {
        throttle.attempt(Some(user), peer, PACE, DateTime::from_seconds(now)).is_ok()
    }

    #[test]
    fn what_is_wrong_is_made_up_for_by_time_and_waiting_is_not_made_longer() {
        let throttle = Throttle::default();
        let tried: Vec<bool> = (0..6).map(|_| wrong(&throttle, "alice", None, 100)).collect();
        assert_eq!(tried, [true, true, true, false, false, false]);
        assert!(!wrong(&throttle, "alice", None, 109) && wrong(&throttle, "alice", None, 110));
        assert!(!wrong(&throttle, "alice", None, 110) && wrong(&throttle, "bob", None, 110));
        assert!(wrong(&throttle, "alice", None, 1000));
    }

    #[test]
    fn one_owner_of_connections_uses_up_theirs_before_a_users() {
        let throttle = Throttle::default();
        // They guess for an hour, once a second.
        let looked_at = (0..3600).filter(|now| wrong(&throttle, "alice", Some("mallory"), *now)).count();
        assert_eq!(looked_at, 3 + 3600 / 60 - 1);
        assert!(wrong(&throttle, "alice", Some("laptop"), 3600), "alice is not locked out");
    }

    #[test]
    fn what_is_looked_at_at_once_waits_for_each_other() {
        let throttle = Throttle::default();
        let now = DateTime::from_seconds(0);
        let attempt = || throttle.attempt(Some("alice"), Some("laptop"), PACE, now);
        let looked_at: Vec<_> = (0..3).map(|_| attempt().unwrap()).collect();
        std::thread::scope(|scope| {
            let later: Vec<_> = (0..20).map(|_| scope.spawn(|| attempt().map(Attempt::succeeded))).collect();
            looked_at.into_iter().for_each(Attempt::succeeded);
            assert!(later.into_iter().all(|later| later.join().unwrap().is_ok()), "all of them are right");
        });
        // Those that turn out to be wrong count.
        let looked_at: Vec<_> = (0..3).map(|_| attempt().unwrap()).collect();
        std::thread::scope(|scope| {
            let later = scope.spawn(|| attempt().is_ok());
            drop(looked_at);
            assert!(!later.join().unwrap());
        });
    }

    #[test]
    fn who_proved_who_they_are_has_a_share_of_their_own() {
        let throttle = Throttle::default();
        let now = DateTime::from_seconds(0);
        throttle.attempt(Some("alice"), Some("laptop"), PACE, now).unwrap().succeeded();
        // From everywhere at once.
        for peer in 0..100 {
            wrong(&throttle, "alice", Some(&format!("p{peer}")), 0);
        }
        assert!(!wrong(&throttle, "alice", Some("new"), 0));
        assert!(throttle.attempt(Some("alice"), Some("laptop"), PACE, now).is_ok());
    }

    #[test]
    fn a_right_credential_takes_nothing_and_memory_is_bounded() {
        let throttle = Throttle::default();
        let now = DateTime::from_seconds(0);
        for _ in 0..100 {
            throttle.attempt(Some("alice"), None, PACE, now).unwrap().succeeded();
        }
        for number in 0..2 * MOST {
            wrong(&throttle, &format!("u{number}"), Some(&format!("p{number}")), 0);
        }
        assert!(throttle.len() <= MOST);
    }
}
