//! Ctrl-C, which ends long work cleanly; pressed again, it ends the program at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};

use crate::failure::Failure;

/// The exit code after it, as shells have it.
pub(crate) const CODE: u8 = 130;

static PRESSED: AtomicBool = AtomicBool::new(false);

/// Whether it was pressed.
pub(crate) fn pressed() -> bool {
    PRESSED.load(Ordering::Relaxed)
}

/// Sees to it from now on, and gives what says when it is pressed.
pub(crate) fn watch() -> Result<Receiver<()>, Failure> {
    let (sender, receiver) = mpsc::channel();
    ctrlc::set_handler(move || {
        if PRESSED.swap(true, Ordering::Relaxed) {
            std::process::exit(CODE.into());
        }
        let _ = sender.send(()); // Nobody may wait.
    })
    .map_err(|error| Failure::Usage(format!("Ctrl-C cannot be seen to: {error}")))?;
    Ok(receiver)
}
