//! What it costs to build what the derive writes: of `kmip-types`, and beside other derived codecs.
//!
//! In this folder, `cargo run --release -- types 3` builds `kmip-types` from clean three times in each profile;
//! `cargo run --release -- peers 100 5` builds a package of 100 structures five times with each of `Ttlv`,
//! `prost` and `der`. Both print tables in Markdown, of medians: of the time on the clock, and of the time on
//! all processors, which is the one to compare where a machine does other things too.

#![forbid(unsafe_code)]

mod measure;
mod peers;
mod shapes;
mod types;

use std::env;
use std::error::Error;
use std::path::Path;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut arguments = env::args().skip(1);
    let what = arguments.next().unwrap_or_default();
    let numbers = arguments.map(|text| text.parse()).collect::<std::result::Result<Vec<usize>, _>>()?;
    match (what.as_str(), numbers.as_slice()) {
        ("types", [runs]) if *runs > 0 => types::measure(here, *runs),
        ("peers", [structures, runs]) if *structures > 1 && *runs > 0 => {
            peers::compare(here, *structures, *runs)
        }
        _ => Err("say `types RUNS` or `peers STRUCTURES RUNS`".into()),
    }
}
