//! The time in test cases: when their responses are said to have come, and the dates that they ask for.

use std::collections::BTreeSet;

use kmip_types::case::CaseMessage;
use kmip_types::{DateTime, Item, Tag, Value};

/// How long a case may let pass at once, in seconds: an hour. Where it says more, its times are of different days.
const LONGEST: i64 = 3600;
/// How near a date is to the times of the responses that is meant by them, in seconds: a day.
const NEAR: i64 = 86_400;

/// The time of a server and of a test case.
#[derive(Debug)]
pub(super) struct Times {
    /// The time of the server.
    now: i64,
    /// The last time that a response of the case has, where it has one and no placeholder.
    said: Option<i64>,
    /// What the dates of the case are before those of the server.
    shift: i64,
    /// The first and last time of the case's responses, if dates near them are meant by them.
    case: Option<(i64, i64)>,
    /// The dates that were asked for.
    asked: BTreeSet<i64>,
}

impl Times {
    pub(super) fn at(now: DateTime) -> Self {
        Self { now: now.seconds(), said: None, shift: 0, case: None, asked: BTreeSet::new() }
    }

    /// Goes on with another case.
    pub(super) fn enter(&mut self, exchanges: &[(&CaseMessage, &CaseMessage)]) {
        let times: Vec<i64> = exchanges.iter().filter_map(|(_, response)| time_stamp(response)).collect();
        self.said = times.first().copied();
        self.case = times.iter().min().copied().zip(times.iter().max().copied());
        self.shift = self.said.map_or(0, |first| self.now.saturating_sub(first));
    }

    /// The date of the server that a date of the case stands for.
    pub(super) fn of_case(&self, date: i64) -> i64 {
        match self.case {
            Some((first, last)) if (first - NEAR..=last + NEAR).contains(&date) => {
                date.saturating_add(self.shift)
            }
            _ => date,
        }
    }

    /// Puts the server's dates in the place of those of the case.
    pub(super) fn shift(&self, item: &mut Item) {
        match &mut item.value {
            Value::Structure(fields) => fields.iter_mut().for_each(|field| self.shift(field)),
            Value::DateTime(date) => *date = DateTime::from_seconds(self.of_case(date.seconds())),
            _ => {}
        }
    }

    /// Notes the dates that a request asks for.
    pub(super) fn note(&mut self, request: &Item) {
        let dates = request.walk().filter_map(|item| match item.value {
            Value::DateTime(date) => Some(date.seconds()),
            _ => None,
        });
        self.asked.extend(dates);
    }

    /// Whether a date was asked for, so that no other one may be said in its place.
    pub(super) fn has(&self, date: i64) -> bool {
        self.asked.contains(&date)
    }

    /// Until when time is to pass before a request is sent, by the time that its response has: where a date that was asked
    /// for comes until then.
    pub(super) fn said(&mut self, response: &CaseMessage) -> Option<DateTime> {
        let time = time_stamp(response)?;
        let passed = time.saturating_sub(self.said.replace(time)?);
        let until = self.now.saturating_add(passed);
        let comes = self.asked.range(self.now + 1..).next().is_some_and(|date| *date <= until);
        ((1..=LONGEST).contains(&passed) && comes).then(|| DateTime::from_seconds(until))
    }

    /// The next date that was asked for, if it is not far.
    pub(super) fn next(&self) -> Option<DateTime> {
        let next = self.asked.range(self.now + 1..).next()?;
        (*next <= self.now.saturating_add(LONGEST)).then(|| DateTime::from_seconds(*next))
    }

    /// So many seconds from now.
    pub(super) fn later(&self, seconds: i64) -> Option<DateTime> {
        self.now.checked_add(seconds).map(DateTime::from_seconds)
    }

    /// Notes that it is this date for the server.
    pub(super) fn pass(&mut self, date: DateTime) {
        self.now = self.now.max(date.seconds());
    }
}

/// The time of a response, unless it is a placeholder.
fn time_stamp(response: &CaseMessage) -> Option<i64> {
    let named = response.named().any(|(item, _)| item.tag == Tag::TIME_STAMP);
    let header = response.item().children(Tag::RESPONSE_HEADER).next()?;
    match header.children(Tag::TIME_STAMP).next()?.value {
        Value::DateTime(date) if !named => Some(date.seconds()),
        _ => None,
    }
}
