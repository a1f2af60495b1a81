//! Prints what a call costs a server: ours on each store, at several numbers of objects and of connections, beside one that
//! sends the same bytes back over the same TLS, and beside PyKMIP's, measured turn by turn in one run.
//!
//! `servers SIZES URL...`: the numbers of objects, with commas between them, and the stores; `{}` in a URL stands for the
//! number of objects, `NUMBER@` before a URL is how many there are at most, and `uncached+` behind that keeps none decoded.
//! `servers handle URL COUNT OPERATION CALLS` makes calls without a network. PyKMIP's server is named by the environment:
//! `PYKMIP_ADDR`, `PYKMIP_PID`, and the files `PYKMIP_CA`, `PYKMIP_CERT` and `PYKMIP_KEY`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A tool of ours: what it measures is known to work.

mod calls;
mod child;
mod contestant;
mod cores;
mod tables;

use std::env;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["serve", url, count] => child::serve(url, count.parse().unwrap()),
        ["fill", url, count] => child::fill(url, count.parse().unwrap()),
        ["cores", name, url, count] => cores::measure(name, url, count.parse().unwrap()),
        ["echo", kind] => child::echo(kind),
        ["calls", url, count, what, calls] => {
            tables::calls(url, count.parse().unwrap(), what, calls.parse().unwrap());
        }
        ["handle", url, count, what, calls] => {
            child::handle(url, count.parse().unwrap(), tables::what(what), calls.parse().unwrap());
        }
        [sizes, urls @ ..] if !urls.is_empty() => {
            let sizes: Vec<usize> = sizes.split(',').map(|size| size.parse().unwrap()).collect();
            tables::measure(&sizes, urls);
        }
        _ => panic!("usage: servers SIZES URL..."),
    }
}
