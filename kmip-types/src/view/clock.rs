//! The present, by which dates are shown.

use crate::item::{Item, Value};
use crate::primitive::DateTime;
use crate::tag::Tag;

/// What is now, and how far from it a date still is shown by it.
pub(super) struct Clock {
    now: i64,
    reach: i64,
    /// Whether it was said, so that messages do not change it.
    is_said: bool,
}

/// A date this many seconds from now is now: a message takes its time.
const TOLERANCE: i64 = 5;

/// Offsets are in multiples of so many seconds, for the same reason.
const STEP: i64 = 10;

/// How far a date may be from a Time Stamp, or from what was said to be now: somewhat more than a year.
const YEAR: i64 = 400 * 24 * 60 * 60;

/// How far a date may be from the clock of the machine.
const HOUR: i64 = 60 * 60;

impl Clock {
    /// The clock for some messages: as was said, or by the first Time Stamp among them, or that of the machine.
    pub(super) fn new(said: Option<DateTime>, items: &[Item]) -> Self {
        match said.or_else(|| present(items)) {
            Some(date) => Self { now: date.seconds(), reach: YEAR, is_said: said.is_some() },
            None => Self { now: DateTime::now().seconds(), reach: HOUR, is_said: false },
        }
    }

    /// Sets the clock by the Time Stamp of a message, if it has one.
    pub(super) fn turn(&mut self, date: Option<DateTime>) {
        if let (false, Some(date)) = (self.is_said, date) {
            self.now = date.seconds();
        }
    }

    /// A date by what is now, if it is near enough. A Time Stamp is when it was said, however long that took.
    pub(super) fn name(&self, tag: Tag, value: &Value) -> Option<String> {
        let seconds = match value {
            Value::DateTime(date) => date.seconds(),
            Value::DateTimeExtended(date) => date.microseconds().div_euclid(1_000_000),
            _ => return None,
        };
        if tag == Tag::TIME_STAMP && !self.is_said {
            return Some("$NOW".to_owned());
        }
        let offset = seconds
            .checked_sub(self.now)
            .filter(|offset| offset.unsigned_abs() <= self.reach.unsigned_abs())?;
        if offset.abs() <= TOLERANCE {
            return Some("$NOW".to_owned());
        }
        let rounded = (offset + STEP / 2).div_euclid(STEP) * STEP;
        Some(format!("$NOW{rounded:+}"))
    }
}

/// The present of messages, by which a [view](super::View::now) shows dates: the first Time Stamp in them.
pub fn present(items: &[Item]) -> Option<DateTime> {
    items.iter().flat_map(Item::walk).find_map(|item| match item.value {
        Value::DateTime(date) if item.tag == Tag::TIME_STAMP => Some(date),
        _ => None,
    })
}

/// For each message, the first Time Stamp in it and those behind it.
pub(super) fn presents(items: &[Item]) -> Vec<Option<DateTime>> {
    let mut next = None;
    let mut all: Vec<_> = items
        .iter()
        .rev()
        .map(|item| {
            next = present(core::slice::from_ref(item)).or(next);
            next
        })
        .collect();
    all.reverse();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_shown_by_what_is_now() {
        let clock = Clock::new(Some(DateTime::from_seconds(1_000_000_000)), &[]);
        for (seconds, expected) in [
            (1_000_000_000, Some("$NOW")),
            (1_000_000_005, Some("$NOW")),
            (999_999_995, Some("$NOW")),
            (1_000_003_600, Some("$NOW+3600")),
            (1_000_003_601, Some("$NOW+3600")),
            (999_996_399, Some("$NOW-3600")),
            (999_996_401, Some("$NOW-3600")),
            (0, None),
            (i64::MIN, None),
            (i64::MAX, None),
        ] {
            let name = clock.name(Tag::ACTIVATION_DATE, &Value::DateTime(DateTime::from_seconds(seconds)));
            assert_eq!(name.as_deref(), expected, "{seconds}");
        }
        assert_eq!(clock.name(Tag::ACTIVATION_DATE, &Value::Integer(5)), None);
    }
}
