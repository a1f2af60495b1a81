//! The subcommands, each in a file.

pub(crate) mod bench;
pub(crate) mod check;
pub(crate) mod convert;
pub(crate) mod decode;
pub(crate) mod diff;
pub(crate) mod documents;
pub(crate) mod encode;
pub(crate) mod execute;
pub(crate) mod explain;
#[cfg(feature = "server")]
pub(crate) mod listening;
pub(crate) mod profile;
#[cfg(feature = "server")]
pub(crate) mod proxy;
#[cfg(feature = "server")]
pub(crate) mod replay;
#[cfg(feature = "server")]
pub(crate) mod serve;
#[cfg(feature = "server")]
pub(crate) mod store;
#[cfg(feature = "server")]
mod stored;
#[cfg(feature = "server")]
pub(crate) mod users;

use kmip_types::text::{JsonOptions, TextCodec, TextMode, TextOptions, XmlOptions};
use kmip_types::view::{Redactions, View};
use kmip_types::{DateTime, Item};

use crate::arguments::{Peer, Reading};

/// The codec for a peer's JSON and XML, or for the standard's, in many lines or in one.
fn codec_of_peer(peer: Option<Peer>, pretty: bool) -> TextCodec {
    match peer {
        Some(Peer::Cosmian) => TextCodec::new().options(TextOptions::cosmian()),
        Some(Peer::KmipGo) => TextCodec::new().options(TextOptions::kmip_go()),
        Some(Peer::Gemalto) => TextCodec::new().options(TextOptions::gemalto()),
        None => {
            TextCodec::new().json(JsonOptions::new().pretty(pretty)).xml(XmlOptions::new().pretty(pretty))
        }
    }
}

/// The codec, taking of texts what the arguments say.
fn reading(codec: TextCodec, reading: Reading) -> TextCodec {
    match reading {
        Reading { strict: true, .. } => codec.mode(TextMode::Strict),
        Reading { lenient: true, .. } => codec.mode(TextMode::Lenient),
        _ => codec,
    }
}

/// The view of messages, with what varies replaced if that is asked for, by the present of the first of them.
fn view(items: &[Item], codec: &TextCodec, redact: bool, reveal: bool, now: Option<DateTime>) -> View {
    let redactions = if redact { Redactions::standard() } else { Redactions::none() };
    let mut view = View::of(items).codec(codec.clone()).redact(redactions);
    if let Some(now) = now {
        view = view.now(now);
    }
    if reveal { view.reveal() } else { view }
}
