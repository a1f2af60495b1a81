//! Looking for secrets in the process's own memory.

use std::fs::{self, File, OpenOptions};
use std::hint::black_box;
use std::ops::Range;
use std::os::unix::fs::FileExt;

use zeroize::{Zeroize, Zeroizing};

/// How long the secrets are, in bytes or characters.
pub(crate) const LENGTH: usize = 48;

/// A byte of the secret that is bytes. It is never kept as a whole, so that the search does not find what it seeks.
pub(crate) fn byte(index: usize) -> u8 {
    (index as u8).wrapping_mul(151).wrapping_add(77) ^ 0x2C
}

/// A character of the secret that is text.
pub(crate) fn character(index: usize) -> u8 {
    b'A' + (index * index + 7 * index + 3) as u8 % 26
}

fn digit(nibble: u8, ten: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { ten + nibble - 10 }
}

fn hex(index: usize, ten: u8) -> u8 {
    let byte = byte(index / 2);
    digit(if index.is_multiple_of(2) { byte >> 4 } else { byte & 15 }, ten)
}

/// The name of a form, how many bytes of it are sought, and what they are.
type Form = (&'static str, usize, fn(usize) -> u8);

/// The forms that a secret has in memory. A part of each is enough to be one.
const FORMS: &[Form] = &[
    ("bytes", 16, byte),
    ("the last bytes", 16, |index| byte(LENGTH - 16 + index)),
    ("hex", 32, |index| hex(index, b'a')),
    ("the last hex", 32, |index| hex(2 * LENGTH - 32 + index, b'a')),
    ("hex in capitals", 32, |index| hex(index, b'A')),
    ("text", 16, character),
    ("the last text", 16, |index| character(LENGTH - 16 + index)),
];

/// How much is looked at in one go, in bytes: far more than the allocator keeps among small things.
const CHUNK: usize = 4 << 20;

/// The process's own memory.
pub(crate) struct Memory {
    file: File,
    /// What was read of it; this is itself not looked at.
    chunk: Vec<u8>,
}

impl Memory {
    pub(crate) fn new() -> Self {
        let file = OpenOptions::new().read(true).write(true).open("/proc/self/mem").unwrap();
        Self { file, chunk: vec![0; CHUNK] }
    }

    /// The forms of secrets that are there.
    pub(crate) fn find(&mut self) -> Vec<&'static str> {
        let places = self.places();
        let mut found: Vec<&'static str> = places.into_iter().map(|(form, _)| form).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Overwrites what is there, so that the next search does not find it again.
    pub(crate) fn wipe(&mut self) {
        for (_, place) in self.places() {
            let zeros = Zeroizing::new(vec![0; place.len()]);
            self.file.write_all_at(&zeros, place.start as u64).unwrap();
        }
    }

    fn places(&mut self) -> Vec<(&'static str, Range<usize>)> {
        overwrite_stack();
        let mut places = Vec::new();
        for region in self.regions() {
            let mut start = region.start;
            while start < region.end {
                let length = (region.end - start).min(CHUNK);
                let read = self.file.read_at(&mut self.chunk[..length], start as u64).unwrap_or(0);
                for ((name, size, _), at) in places_of(&self.chunk[..read]) {
                    places.push((*name, start + at..start + at + size));
                }
                // What lies across the end of a chunk starts the next one.
                start += if length == CHUNK { CHUNK - 64 } else { length };
            }
        }
        self.chunk.zeroize();
        self.chunk.resize(CHUNK, 0);
        places
    }

    /// What can be written, less the chunk.
    fn regions(&self) -> Vec<Range<usize>> {
        let own = self.chunk.as_ptr().addr()..self.chunk.as_ptr().addr() + self.chunk.capacity();
        let maps = fs::read_to_string("/proc/self/maps").unwrap();
        let mut regions = Vec::new();
        for line in maps.lines() {
            let mut columns = line.split_ascii_whitespace();
            let (Some(range), Some(permissions)) = (columns.next(), columns.next()) else { continue };
            if !permissions.starts_with("rw") {
                continue;
            }
            let (start, end) = range.split_once('-').unwrap();
            let [start, end] = [start, end].map(|address| usize::from_str_radix(address, 16).unwrap());
            regions.push(start..end.min(own.start).max(start));
            regions.push(start.max(own.end).min(end)..end);
        }
        regions.retain(|region| !region.is_empty());
        regions
    }
}

/// What functions left on the stack is overwritten, as the next ones would: vector registers that a search through text
/// spilled, for one. It is the heap where copies last.
#[inline(never)]
fn overwrite_stack() {
    black_box(&mut [0_u8; 256 << 10]);
}

/// Where forms are among these bytes.
fn places_of(bytes: &[u8]) -> Vec<(&'static Form, usize)> {
    let mut starts = [false; 256];
    for (_, _, part) in FORMS {
        starts[usize::from(part(0))] = true;
    }
    let mut places = Vec::new();
    for (at, first) in bytes.iter().enumerate() {
        if starts[usize::from(*first)] {
            let rest = &bytes[at..];
            let is_there = |(_, size, part): &&Form| {
                rest.len() >= *size && (0..*size).all(|index| rest[index] == part(index))
            };
            places.extend(FORMS.iter().filter(is_there).map(|form| (form, at)));
        }
    }
    places
}
