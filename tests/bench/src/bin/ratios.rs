//! Prints the codec's cost, and its ratio to that of other code, measured turn by turn in one run.
//!
//! An argument is a part of what is to be measured: `JSON`, or `1.2: write XML`.

#![forbid(unsafe_code)]
#![allow(clippy::print_stdout)]

use kmip_bench::rows::{Row, Table};
use kmip_bench::turns::{keep_memory, medians, shown};

fn main() -> std::io::Result<()> {
    keep_memory()?;
    for table in Table::ALL {
        println!("{}\n", table.title());
        println!("| what | bytes | time | MB/s | beside | its time | ratio | target |");
        println!("| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: |");
        table.each(&mut print);
        println!();
    }
    Ok(())
}

fn print(row: Row<'_>) {
    let Row { what, bytes, ours, beside, other, target } = row;
    if std::env::args().nth(1).is_some_and(|part| !what.contains(&part)) {
        return;
    }
    let [ours, other] = medians([ours, other]);
    let (ratio, speed) = (ours / other, bytes as f64 / ours * 1e3);
    let target = target.map_or(String::new(), |target| format!("{target}"));
    let (time, its_time) = (shown(ours), shown(other));
    println!("| {what} | {bytes} | {time} | {speed:.0} | {beside} | {its_time} | {ratio:.2} | {target} |");
}
