//! The model: what each object is, in a few lines.

use kmip_sdk::types::enumerations::State;

use crate::steps::{Act, OnError};
use crate::world::Said;

/// A key.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) name: String,
    pub(crate) owner: usize,
    pub(crate) state: State,
    /// How many uses are left.
    pub(crate) left: Option<i64>,
    pub(crate) archived: bool,
    activation: Option<i64>,
    deactivation: Option<i64>,
}

/// All keys, in the order in which they were made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    pub(crate) objects: Vec<Object>,
    now: i64,
}

impl Model {
    pub(crate) fn names(&self) -> Vec<String> {
        self.objects.iter().map(|object| object.name.clone()).collect()
    }

    pub(crate) fn wait(&mut self, seconds: i64) {
        self.now += seconds;
        self.advance();
    }

    /// What a message does, and which of its items are done. How the server calls what it made is taken from what it said.
    pub(crate) fn send(&mut self, client: usize, acts: &[Act], option: OnError, said: &[Said]) -> Vec<bool> {
        let (before, known) = (self.clone(), self.objects.len());
        let mut done = Vec::new();
        for (number, act) in acts.iter().enumerate() {
            let made = said.get(number).and_then(|said| said.made.clone());
            let is_done = self.act(client, act, known, made);
            done.push(is_done);
            if !is_done && option != OnError::Continue {
                break;
            }
        }
        if option == OnError::Undo && done.contains(&false) {
            *self = before;
            // Nothing of it was done.
            return vec![false; done.len()];
        }
        done
    }

    fn act(&mut self, client: usize, act: &Act, known: usize, made: Option<String>) -> bool {
        let now = self.now;
        if let Act::Create { activation, deactivation, limit } = act {
            let at = |offset: &Option<i8>| offset.map(|offset| now + i64::from(offset));
            let (activation, deactivation) = (at(activation), at(deactivation));
            if matches!((activation, deactivation), (Some(from), Some(to)) if from > to) {
                return false;
            }
            self.objects.push(Object {
                name: made.unwrap_or_default(),
                owner: client,
                state: State::PreActive,
                left: limit.map(i64::from),
                archived: false,
                activation,
                deactivation,
            });
            self.advance();
            return true;
        }
        let number = match act {
            Act::Activate(number)
            | Act::Revoke(number, _)
            | Act::Destroy(number)
            | Act::Encrypt(number)
            | Act::Allocate(number, _)
            | Act::Archive(number)
            | Act::Recover(number)
            | Act::Get(number) => *number,
            Act::Create { .. } => unreachable!("it was looked at before"),
        };
        let Some(number) = number.checked_rem(known) else { return false };
        let object = &mut self.objects[number];
        let done = object.owner == client && object.act(act, now);
        self.advance();
        done
    }

    /// Objects whose dates have come move on.
    fn advance(&mut self) {
        for object in &mut self.objects {
            let come = |date: Option<i64>| date.is_some_and(|date| date <= self.now);
            if object.state == State::PreActive && come(object.activation) {
                object.state = State::Active;
            }
            if object.state == State::Active && come(object.deactivation) {
                object.state = State::Deactivated;
            }
        }
    }
}

impl Object {
    pub(crate) fn is_destroyed(&self) -> bool {
        matches!(self.state, State::Destroyed | State::DestroyedCompromised)
    }

    fn act(&mut self, act: &Act, now: i64) -> bool {
        if let Act::Recover(_) = act {
            self.archived = false;
            return true;
        }
        if self.archived {
            return false;
        }
        let next = match (act, self.state) {
            (Act::Activate(_), State::PreActive) => {
                self.activation = Some(now);
                State::Active
            }
            (Act::Revoke(_, true), State::PreActive | State::Active | State::Deactivated) => {
                State::Compromised
            }
            (Act::Revoke(_, true), State::Destroyed) => State::DestroyedCompromised,
            (Act::Revoke(_, false), State::Active) => {
                self.deactivation = Some(now);
                State::Deactivated
            }
            (Act::Destroy(_), State::PreActive | State::Deactivated) => State::Destroyed,
            (Act::Destroy(_), State::Compromised) => State::DestroyedCompromised,
            (Act::Encrypt(_), State::Active) if self.left.is_none() => State::Active,
            (Act::Encrypt(_), State::Active) if self.take(1) => State::Active,
            (Act::Allocate(_, count), State::Active) if self.take(i64::from(*count)) => State::Active,
            (Act::Archive(_), state) if !self.is_destroyed() => {
                self.archived = true;
                state
            }
            (Act::Get(_), state) if !self.is_destroyed() => state,
            _ => return false,
        };
        self.state = next;
        true
    }

    /// Takes uses, if so many are left.
    fn take(&mut self, count: i64) -> bool {
        match self.left {
            Some(left) if left >= count => {
                self.left = Some(left - count);
                true
            }
            _ => false,
        }
    }
}
