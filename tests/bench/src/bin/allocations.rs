//! Prints how often the codec allocates memory, and how much, beside other code: the rows of `ratios`.
//!
//! A program of its own, since an allocator that counts takes time.

#![forbid(unsafe_code)]
#![allow(clippy::print_stdout)]

use allocation_counter::measure;
use kmip_bench::rows::{Row, Table};
use kmip_bench::turns::Contestant;

fn main() {
    for table in Table::ALL {
        println!("{}\n", table.title());
        println!("| what | bytes | allocations | allocated | beside | its allocations | its allocated |");
        println!("| --- | ---: | ---: | ---: | --- | ---: | ---: |");
        table.each(&mut print);
        println!();
    }
}

fn print(row: Row<'_>) {
    let Row { what, bytes, ours, beside, other, .. } = row;
    let [(ours, our_bytes), (other, other_bytes)] = [ours, other].map(allocations);
    println!("| {what} | {bytes} | {ours} | {our_bytes} | {beside} | {other} | {other_bytes} |");
}

/// How many allocations, and of how many bytes, one run makes: by how much two runs make more than one.
fn allocations(mut contestant: Contestant<'_>) -> (u64, u64) {
    contestant.turn(1);
    let mut of = |count| {
        measure(|| {
            contestant.turn(count);
        })
    };
    let (one, two) = (of(1), of(2));
    (two.count_total - one.count_total, two.bytes_total - one.bytes_total)
}
