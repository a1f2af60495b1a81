//! What the worst inputs take to read at two sizes: where work grows as the input does, both have the same throughput.

use std::hint::black_box;

use divan::Bencher;
use divan::counter::BytesCount;
use kmip_tests::worst::WORST;

fn main() {
    divan::main();
}

#[divan::bench(args = WORST.iter().map(|worst| worst.name), consts = [16 << 10, 256 << 10], sample_count = 20)]
fn read<const SIZE: usize>(bencher: Bencher<'_, '_>, name: &str) {
    let Some(worst) = WORST.iter().find(|worst| worst.name == name) else { return };
    let input = (worst.make)(SIZE);
    bencher.counter(BytesCount::of_slice(&input)).bench(|| (worst.read)(black_box(&input)));
}
