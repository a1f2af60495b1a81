//! What is said between the client and the server, as it is said, on the standard error.

use std::sync::atomic::{AtomicUsize, Ordering};

use anstream::eprintln;
use kmip_sdk::Direction;
use kmip_sdk::types::view::{Form, Redactions, View};

use crate::style::NOTE;

pub(crate) fn observer(reveal: bool) -> impl Fn(Direction, &[u8]) + Send + Sync + 'static {
    let count = AtomicUsize::new(1);
    move |direction, message| {
        let number = count.fetch_add(1, Ordering::Relaxed);
        let word = match direction {
            Direction::Request => "sent",
            _ => "received",
        };
        let view = View::of(message).form(Form::Tree).redact(Redactions::none());
        let view = if reveal { view.reveal() } else { view };
        let shown = view.render().unwrap_or_else(|error| format!("it cannot be shown: {error}"));
        eprintln!("{NOTE}{number} {word}{NOTE:#}, {} bytes\n{}", message.len(), shown.trim_end());
    }
}
