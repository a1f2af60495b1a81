//! The states of a managed object and what moves it from one to the next (KMIP 1.4 section 3.22, 2.1 section 4.57).

use kmip_types::DateTime;
use kmip_types::enumerations::{ResultReason, RevocationReasonCode, State};

use crate::answer::Failure;

/// The state that the dates bring about by themselves, and since when.
pub(crate) fn by_dates(
    state: State,
    activation: Option<DateTime>,
    deactivation: Option<DateTime>,
    now: DateTime,
) -> Option<(State, DateTime)> {
    let reached = |date: Option<DateTime>| date.filter(|date| *date <= now);
    let deactivated = reached(deactivation).map(|date| (State::Deactivated, date));
    match state {
        State::PreActive => {
            let activated = reached(activation)?;
            // The server may have been asked nothing between the two dates.
            Some(deactivated.unwrap_or((State::Active, activated)))
        }
        State::Active => deactivated,
        _ => None,
    }
}

/// The states that an object may have been in from which the dates have brought it to this one by themselves, and this one.
pub(crate) fn before_dates(state: State) -> &'static [State] {
    match state {
        State::PreActive => &[State::PreActive],
        State::Active => &[State::Active, State::PreActive],
        State::Deactivated => &[State::Deactivated, State::Active, State::PreActive],
        State::Compromised => &[State::Compromised],
        State::Destroyed => &[State::Destroyed],
        State::DestroyedCompromised => &[State::DestroyedCompromised],
        _ => &[],
    }
}

/// The state after Activate.
pub(crate) fn activate(state: State) -> Result<State, Failure> {
    match state {
        State::PreActive => Ok(State::Active),
        _ => Err(wrong_state("activate", state)),
    }
}

/// Whether a revocation says that the object is known to others.
pub(crate) fn is_compromise(reason: RevocationReasonCode) -> bool {
    matches!(reason, RevocationReasonCode::KeyCompromise | RevocationReasonCode::CaCompromise)
}

/// The state after Revoke.
pub(crate) fn revoke(state: State, reason: RevocationReasonCode) -> Result<State, Failure> {
    match (state, is_compromise(reason)) {
        (State::PreActive | State::Active | State::Deactivated, true) => Ok(State::Compromised),
        (State::Destroyed, true) => Ok(State::DestroyedCompromised),
        (State::Active, false) => Ok(State::Deactivated),
        _ => Err(wrong_state("revoke", state)),
    }
}

/// The state after Destroy.
pub(crate) fn destroy(state: State) -> Result<State, Failure> {
    match state {
        State::PreActive | State::Deactivated => Ok(State::Destroyed),
        State::Compromised => Ok(State::DestroyedCompromised),
        State::Destroyed | State::DestroyedCompromised => {
            Err(Failure::new(ResultReason::ObjectDestroyed, "the object has been destroyed already"))
        }
        _ => Err(wrong_state("destroy", state)),
    }
}

/// What a key is to be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Encrypting and the like.
    Protect,
    /// Decrypting and the like.
    Process,
}

/// Refuses a use that the state, or the dates within it, do not allow.
pub(crate) fn check_use(
    state: State,
    process_start: Option<DateTime>,
    protect_stop: Option<DateTime>,
    wanted: Use,
    now: DateTime,
) -> Result<(), Failure> {
    let early = process_start.is_some_and(|date| now < date);
    let late = protect_stop.is_some_and(|date| now > date);
    let allowed = match (state, wanted) {
        (State::Active, Use::Protect) => !early && !late,
        (State::Active, Use::Process) => !early,
        (State::Deactivated | State::Compromised, Use::Process) => true,
        _ => false,
    };
    if allowed { Ok(()) } else { Err(wrong_state("use", state)) }
}

fn wrong_state(verb: &str, state: State) -> Failure {
    Failure::new(ResultReason::WrongKeyLifecycleState, format!("cannot {verb} an object in state {state}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [State; 6] = [
        State::PreActive,
        State::Active,
        State::Deactivated,
        State::Compromised,
        State::Destroyed,
        State::DestroyedCompromised,
    ];

    /// The table of the standard's figure: what each operation makes of each state; `None` is a refusal.
    #[test]
    fn only_the_standards_transitions_are_taken() {
        use State::{Active, Compromised, Deactivated, Destroyed, DestroyedCompromised};
        let by_activate = [Some(Active), None, None, None, None, None];
        let by_compromise =
            [Some(Compromised), Some(Compromised), Some(Compromised), None, Some(DestroyedCompromised), None];
        let by_cessation = [None, Some(Deactivated), None, None, None, None];
        let by_destroy = [Some(Destroyed), None, Some(Destroyed), Some(DestroyedCompromised), None, None];
        for (index, state) in STATES.into_iter().enumerate() {
            assert_eq!(activate(state).ok(), by_activate[index], "activate {state}");
            assert_eq!(
                revoke(state, RevocationReasonCode::KeyCompromise).ok(),
                by_compromise[index],
                "compromise {state}"
            );
            assert_eq!(
                revoke(state, RevocationReasonCode::CessationOfOperation).ok(),
                by_cessation[index],
                "end {state}"
            );
            assert_eq!(destroy(state).ok(), by_destroy[index], "destroy {state}");
        }
    }

    #[test]
    fn dates_move_an_object_when_they_are_reached() {
        let at = DateTime::from_seconds;
        let now = at(100);
        for (state, activation, deactivation, expected) in [
            (State::PreActive, None, None, None),
            (State::PreActive, Some(101), None, None),
            (State::PreActive, Some(100), None, Some((State::Active, at(100)))),
            (State::PreActive, Some(50), Some(60), Some((State::Deactivated, at(60)))),
            (State::PreActive, None, Some(60), None),
            (State::Active, Some(50), Some(101), None),
            (State::Active, Some(50), Some(99), Some((State::Deactivated, at(99)))),
            (State::Compromised, Some(50), Some(99), None),
        ] {
            let moved = by_dates(state, activation.map(at), deactivation.map(at), now);
            assert_eq!(moved, expected, "{state} {activation:?} {deactivation:?}");
            let after = moved.map_or(state, |(after, _)| after);
            assert!(before_dates(after).contains(&state), "{state} {after}");
        }
        assert!(STATES.iter().all(|state| before_dates(*state).contains(state)));
    }

    #[test]
    fn a_use_is_refused_outside_its_state_and_dates() {
        let at = DateTime::from_seconds;
        for state in STATES {
            let protect = check_use(state, None, None, Use::Protect, at(5)).is_ok();
            let process = check_use(state, None, None, Use::Process, at(5)).is_ok();
            assert_eq!(protect, state == State::Active, "{state}");
            let known = [State::Active, State::Deactivated, State::Compromised];
            assert_eq!(process, known.contains(&state), "{state}");
        }
        assert!(check_use(State::Active, Some(at(6)), None, Use::Process, at(5)).is_err());
        assert!(check_use(State::Active, None, Some(at(4)), Use::Protect, at(5)).is_err());
        assert!(check_use(State::Active, None, Some(at(4)), Use::Process, at(5)).is_ok());
    }
}
