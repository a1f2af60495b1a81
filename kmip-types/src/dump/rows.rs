//! Hex dumps: lines of an offset, bytes, and mostly what they are as characters.
//!
//! Offsets say which lines belong together, and how many bytes a line has: characters beside them may look like hex. An
//! offset of 0 starts another dump, of another packet say.

use core::ops::Range;

use crate::dump::SkippedKind;
use crate::dump::items::is_start;
use crate::dump::lines::lines;
use crate::dump::raw::Raw;
use crate::dump::row::{Row, byte_at};

/// By how much the offset of a line that belongs to the one before is larger at most.
const LARGEST_STEP: u64 = 1 << 16;

/// What offsets may be written in; hex first.
const RADIXES: [u32; 3] = [16, 8, 10];

/// The bytes that a hex dump says. Lines that it leaves out, being as the one before, make `most` bytes at most.
pub(super) fn read(text: &[u8], most: usize) -> Option<Raw> {
    let mut table = Table { text, rows: Vec::new(), places: Vec::new(), repeats: false, other: None };
    for (start, line) in lines(text) {
        table.line(line, start);
    }
    let mut raw = Raw::of_text(text.len());
    table.give(most, &mut raw)?;
    let starts = |raw: &Raw| is_start(raw.bytes(), 0, usize::MAX);
    if table.rows.iter().all(|row| row.is_of_words) && !starts(&raw) {
        // As `hexdump` without options has it on most machines: each two bytes are a number, low byte first.
        raw.swap_words();
        if !starts(&raw) {
            raw.swap_words();
        }
    }
    (!raw.bytes().is_empty()).then_some(raw)
}

/// The lines of a dump.
struct Table<'a> {
    text: &'a [u8],
    rows: Vec<Row>,
    /// Where the bytes of all rows are.
    places: Vec<u32>,
    /// Whether lines are left out before the next row.
    repeats: bool,
    /// What stands before the next row and is none.
    other: Option<Range<usize>>,
}

impl Table<'_> {
    fn line(&mut self, line: &[u8], start: usize) {
        if let Some(mut row) = Row::parse(line, start, &mut self.places) {
            row.repeats = core::mem::take(&mut self.repeats);
            row.other = self.other.take();
            self.rows.push(row);
            return;
        }
        match line.trim_ascii() {
            b"" => {}
            b"*" => self.repeats = true,
            _ => {
                let first = self.other.as_ref().map_or(start, |other| other.start);
                self.other = Some(first..start + line.len());
            }
        }
    }

    fn offset(&self, index: usize, radix: u32) -> Option<u64> {
        let digits = self.text.get(self.rows.get(index)?.offset.clone())?;
        u64::from_str_radix(core::str::from_utf8(digits).ok()?, radix).ok()
    }

    /// By how much the offset of the next row is larger than that of this one, if that row goes on with it.
    fn step(&self, index: usize, radix: u32) -> Option<u64> {
        let next = self.rows.get(index + 1)?;
        let step = self.offset(index + 1, radix)?.checked_sub(self.offset(index, radix)?)?;
        (step > 0 && (step <= LARGEST_STEP || next.repeats)).then_some(step)
    }

    /// Whether the next row is where this one ends.
    fn is_followed(&self, index: usize, radix: u32) -> bool {
        let Some(row) = self.rows.get(index) else { return false };
        self.step(index, radix)
            .is_some_and(|step| step == row.likely as u64 || step == row.places.len() as u64)
    }

    /// What most offsets are written in.
    fn radix(&self) -> u32 {
        let followed =
            |radix: u32| (0..self.rows.len()).filter(|index| self.is_followed(*index, radix)).count();
        let mut best = (RADIXES[0], followed(RADIXES[0]));
        for radix in [RADIXES[1], RADIXES[2]] {
            let count = followed(radix);
            if count > best.1 {
                best = (radix, count);
            }
        }
        best.0
    }

    /// Gives the bytes, if the offsets are offsets.
    fn give(&self, most: usize, raw: &mut Raw) -> Option<()> {
        let radix = self.radix();
        let is_good = |index: usize| {
            self.offset(index, radix) == Some(0)
                || self.is_followed(index, radix)
                || index.checked_sub(1).is_some_and(|before| self.is_followed(before, radix))
        };
        let good = (0..self.rows.len()).filter(|index| is_good(*index)).count();
        if good == 0 || good * 2 < self.rows.len() {
            return None;
        }
        // What a whole row of this dump has.
        let mut whole: Option<(usize, usize)> = None;
        let mut repeated = 0;
        for (index, row) in self.rows.iter().enumerate() {
            let places = self.places.get(row.places.clone()).unwrap_or_default();
            let Some(step) = self.step(index, radix) else {
                self.push(self.of_last(row, places, whole), raw);
                whole = None;
                match self.offset(index + 1, radix) {
                    Some(0) | None => raw.part(),
                    Some(_) => raw.gap(),
                }
                continue;
            };
            let step = usize::try_from(step).unwrap_or(usize::MAX);
            let taken = places.get(..step.min(places.len())).unwrap_or(places);
            self.push(taken, raw);
            let mut missing = step - taken.len();
            let next = self.rows.get(index + 1);
            if missing == 0 {
                let end = taken.last().map_or(row.start, |place| *place as usize + 2);
                whole = Some((taken.len(), end - row.start));
            } else if next.is_some_and(|next| next.repeats) && !taken.is_empty() {
                while missing > 0 && repeated < most {
                    let part = taken.get(..missing.min(taken.len())).unwrap_or(taken);
                    self.push(part, raw);
                    (missing, repeated) = (missing - part.len(), repeated + part.len());
                }
            }
            if missing > 0 {
                raw.gap();
                let end = row.start + row.length;
                raw.fault(end..end, SkippedKind::Missing { bytes: missing });
            }
            if let Some(other) = next.and_then(|next| next.other.clone()) {
                raw.fault(other, SkippedKind::NotRead);
            }
        }
        Some(())
    }

    /// The bytes of a row that no offset ends: up to where those of a whole row end, or up to a wide gap.
    fn of_last<'p>(&self, row: &Row, places: &'p [u32], whole: Option<(usize, usize)>) -> &'p [u32] {
        let count = match whole {
            Some((most, width)) => {
                let is_within = |place: &&u32| (**place as usize) < row.start + width;
                places.iter().take(most).take_while(is_within).count()
            }
            None => row.likely,
        };
        places.get(..count).unwrap_or(places)
    }

    fn push(&self, places: &[u32], raw: &mut Raw) {
        for place in places {
            let place = *place as usize;
            if let Some(byte) = byte_at(self.text, place) {
                raw.push(byte, place);
            }
        }
    }
}
