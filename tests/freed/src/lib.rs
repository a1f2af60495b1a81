//! An allocator that looks for secrets in every block of memory that is given back to it.
//!
//! A block that moves as it grows counts as given back: what was in it stays where it was. What C code allocates by
//! itself does not pass here.

use std::alloc::{GlobalAlloc, Layout, System};
use std::backtrace::Backtrace;
use std::cell::Cell;
use std::hint::black_box;
use std::ptr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The allocator: `#[global_allocator] static ALLOCATOR: Watching = Watching;`.
pub struct Watching;

/// A block that was given back with a secret in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The size of the block in bytes.
    pub size: usize,
    /// What is around the secret, as text.
    pub excerpt: String,
    /// Which functions gave it back, from the innermost one, as far as they are ours.
    pub trace: Vec<String>,
}

/// Runs code of this thread and looks for these secrets in what it gives back: as they are, and in hex.
///
/// # Panics
/// A secret is shorter than sixteen bytes: it could be anything.
pub fn watch<R>(secrets: &[&[u8]], run: impl FnOnce() -> R) -> (R, Vec<Finding>) {
    let _turn = lock(&TURN);
    *lock(&WATCH) = Watch { parts: parts(secrets), ..Watch::default() };
    let result = during(Mode::Look, run);
    let watch = std::mem::take(&mut *lock(&WATCH));
    (result, watch.findings)
}

/// Runs code of this thread and keeps what it gives back: for secrets that are not known before.
pub fn collect<R>(run: impl FnOnce() -> R) -> (R, Vec<Vec<u8>>) {
    let _turn = lock(&TURN);
    *lock(&WATCH) = Watch::default();
    let result = during(Mode::Collect, run);
    let watch = std::mem::take(&mut *lock(&WATCH));
    (result, watch.blocks)
}

/// Whether one of the secrets is in a block, as it is or in hex.
///
/// # Panics
/// As [`watch`].
pub fn holds(block: &[u8], secrets: &[&[u8]]) -> bool {
    find(&parts(secrets), block).is_some()
}

/// How many bytes of a secret are sought, as it is or in hex. Fewer may be what a register held, was left on the stack, and
/// came along where a value was moved.
const PART: usize = 16;

/// More findings than this say no more.
const MOST: usize = 50;

/// What is done with a block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Ignore,
    Look,
    Collect,
}

#[derive(Default)]
struct Watch {
    /// Parts of the secrets in all their forms, sorted.
    parts: Vec<u128>,
    findings: Vec<Finding>,
    blocks: Vec<Vec<u8>>,
}

/// One run at a time.
static TURN: Mutex<()> = Mutex::new(());
static WATCH: Mutex<Watch> =
    Mutex::new(Watch { parts: Vec::new(), findings: Vec::new(), blocks: Vec::new() });

thread_local! {
    static MODE: Cell<Mode> = const { Cell::new(Mode::Ignore) };
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn during<R>(mode: Mode, run: impl FnOnce() -> R) -> R {
    /// Ends the watch, also where a test panics.
    struct End;
    impl Drop for End {
        fn drop(&mut self) {
            MODE.set(Mode::Ignore);
        }
    }
    let _end = End;
    sweep();
    MODE.set(mode);
    run()
}

/// Overwrites the stack below: what an earlier run, or the test itself, left there comes along where values are moved, in
/// what they do not use of their memory, and says nothing of this run.
#[inline(never)]
fn sweep() {
    black_box([0u8; 512 * 1024]);
}

/// The first and the last bytes of each secret, as they are, in hex, and in hex in capitals.
fn parts(secrets: &[&[u8]]) -> Vec<u128> {
    let mut parts = Vec::new();
    for secret in secrets {
        assert!(secret.len() >= PART, "too short to be told from others: {} bytes", secret.len());
        let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        for form in [secret, hex.as_bytes(), hex.to_uppercase().as_bytes()] {
            for part in [&form[..PART], &form[form.len() - PART..]] {
                parts.push(part.iter().fold(0, |number, byte| number << 8 | u128::from(*byte)));
            }
        }
    }
    parts.sort_unstable();
    parts.dedup();
    parts
}

/// Where the first of the parts is.
fn find(parts: &[u128], block: &[u8]) -> Option<usize> {
    let mut ends = [false; 256];
    for part in parts {
        ends[(part & 0xFF) as usize] = true;
    }
    let mut window = 0;
    let last = block.iter().enumerate().position(|(at, byte)| {
        window = window << 8 | u128::from(*byte);
        at + 1 >= PART && ends[usize::from(*byte)] && parts.binary_search(&window).is_ok()
    });
    last.map(|last| last + 1 - PART)
}

/// Looks at a block that is given back. What this allocates itself is not looked at.
fn given_back(mode: Mode, block: &[u8]) {
    let mut watch = lock(&WATCH);
    match mode {
        Mode::Collect => watch.blocks.push(block.to_vec()),
        Mode::Look if watch.findings.len() < MOST => {
            let Some(at) = find(&watch.parts, block) else { return };
            let trace = trace(&Backtrace::force_capture().to_string());
            let around = &block[at.saturating_sub(60)..block.len().min(at + 20)];
            let excerpt = String::from_utf8_lossy(around).escape_debug().to_string();
            watch.findings.push(Finding { size: block.len(), excerpt, trace });
        }
        _ => {}
    }
}

/// The frames of our packages, and what they call right away.
fn trace(backtrace: &str) -> Vec<String> {
    let names = backtrace.lines().map(str::trim).filter(|line| !line.starts_with("at ")).filter_map(|line| {
        let (_, name) = line.split_once(": ")?;
        (!name.contains("kmip_freed::")).then(|| name.to_owned())
    });
    let is_ours = |name: &String| name.contains("kmip_") || name.contains("freed::");
    names.filter(is_ours).take(12).collect()
}

// SAFETY: every call goes to the system's allocator with the layout that it came with.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps to the contract, which is the same.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // A thread that ends has no mode any more.
        let mode = MODE.try_with(Cell::get).unwrap_or(Mode::Ignore);
        if mode != Mode::Ignore {
            MODE.set(Mode::Ignore);
            // SAFETY: the block is of this size, is the caller's until the end of this function, and was zeroed when it
            // was allocated, so that all of it can be read.
            given_back(mode, unsafe { std::slice::from_raw_parts(block, layout.size()) });
            MODE.set(mode);
        }
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller vouches for the size.
        let layout_now = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        // SAFETY: both blocks are as large as what is copied; the old one is the caller's, and given back once.
        unsafe {
            let moved = self.alloc(layout_now);
            if !moved.is_null() {
                ptr::copy_nonoverlapping(block, moved, layout.size().min(size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}
