//! Ctrl-C, which ends long work cleanly; pressed again, it ends the program at once. What ends a program otherwise, from another
//! one or with its terminal, does the same.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};

use crate::failure::Failure;

/// The exit code after it, as shells have it.
pub(crate) const CODE: u8 = 130;

static PRESSED: AtomicBool = AtomicBool::new(false);

/// What the system tells a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// That it is to end.
    End,
    /// That the terminal is gone, by which servers are told to read again what they were started with.
    #[cfg_attr(not(all(unix, feature = "server")), allow(dead_code))]
    HangUp,
}

/// Whether it was pressed.
pub(crate) fn pressed() -> bool {
    PRESSED.load(Ordering::Relaxed)
}

/// Sees to it from now on, and gives what says when it is pressed.
pub(crate) fn watch() -> Result<Receiver<Signal>, Failure> {
    watch_and(false)
}

/// Sees to it from now on, and to what tells that the terminal is gone: whether that ends the program is said.
pub(crate) fn watch_and(goes_on: bool) -> Result<Receiver<Signal>, Failure> {
    let (sender, receiver) = mpsc::channel();
    on_signal(move |signal| {
        let signal = if goes_on { signal } else { Signal::End };
        if signal == Signal::End && PRESSED.swap(true, Ordering::Relaxed) {
            std::process::exit(CODE.into());
        }
        let _ = sender.send(signal); // Nobody may wait.
    })
    .map_err(|error| Failure::Usage(format!("Ctrl-C cannot be seen to: {error}")))?;
    Ok(receiver)
}

#[cfg(unix)]
fn on_signal(act: impl Fn(Signal) + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    let acts = move || {
        let told = signals.forever();
        told.for_each(|signal| act(if signal == SIGHUP { Signal::HangUp } else { Signal::End }));
    };
    std::thread::Builder::new().name("kmip-signals".to_owned()).spawn(acts)?;
    Ok(())
}

#[cfg(not(unix))]
fn on_signal(act: impl Fn(Signal) + Send + 'static) -> io::Result<()> {
    ctrlc::set_handler(move || act(Signal::End)).map_err(io::Error::other)
}
