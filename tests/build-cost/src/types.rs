//! `kmip-types` itself: how long it takes to build from clean, and how long what its derives write is.

use std::fs;
use std::path::Path;

use crate::Result;
use crate::measure::{PROFILES, cargo, expanded, median, run};

/// The parts of the build that are told apart, as Cargo's report on timings names them.
const UNITS: [&str; 2] = ["kmip-types", "kmip-sdk-derive"];

/// Builds `kmip-types` several times from clean, and prints a table of it and one of the lines.
pub fn measure(here: &Path, runs: usize) -> Result<()> {
    let package = here.join("../../kmip-types");
    let target = here.join("target/types");
    println!(
        "| `kmip-types` from clean | wall | processor | the crate alone, wall | the derive's crate, wall |"
    );
    println!("| --- | ---: | ---: | ---: | ---: |");
    for profile in PROFILES {
        let (mut walls, mut processors, mut units) = (Vec::new(), Vec::new(), [Vec::new(), Vec::new()]);
        for index in 0..runs {
            if target.exists() {
                fs::remove_dir_all(&target)?;
            }
            let mut command = cargo(&package, &target);
            let cost = run(command.args(["build", "--quiet", "--lib", "--timings", "--profile", profile]))?;
            walls.push(cost.wall);
            processors.push(cost.processor);
            let report = fs::read_to_string(target.join("cargo-timings/cargo-timing.html"))?;
            for (name, seconds) in UNITS.iter().zip(&mut units) {
                seconds.push(duration(&report, name).ok_or_else(|| format!("no timing of {name}"))?);
            }
            eprintln!("{profile}, run {} of {runs}", index + 1);
        }
        let units = units.map(median);
        println!(
            "| {profile} | {:.1} s | {:.1} s | {:.1} s | {:.1} s |",
            median(walls),
            median(processors),
            units[0],
            units[1]
        );
    }
    let mut lines = derived(&expanded(&package, &target)?);
    lines.sort_unstable();
    let (count, sum) = (lines.len(), lines.iter().sum::<usize>());
    let (middle, last) = (lines.get(count / 2).ok_or("nothing is derived")?, lines[count - 1]);
    println!("\n{count} derived types: {middle} lines in the middle, {last} at most, {sum} in all");
    Ok(())
}

/// How long a unit took, by Cargo's report: the library of that name, not its build script.
fn duration(report: &str, name: &str) -> Option<f64> {
    let start = format!("\"name\": \"{name}\",");
    let is_library = |unit: &&str| {
        let target = unit.lines().find(|line| line.trim().starts_with("\"target\""));
        target.is_some_and(|line| line.trim() == "\"target\": \"\",")
    };
    let unit = report.split(&start).skip(1).find(is_library)?;
    let (_, rest) = unit.split_once("\"duration\": ")?;
    rest.split(',').next()?.trim().parse().ok()
}

/// The lines of each block that the derive wrote, empty ones aside.
fn derived(text: &str) -> Vec<usize> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let is_import = |line: &str| line.trim_end().ends_with("::derived as __k;");
    let imports = lines.iter().enumerate().filter(|(_, line)| is_import(line));
    let blocks = imports.filter_map(|(import, _)| {
        let start =
            lines[..import].iter().rposition(|line| line.trim_start().starts_with("const _: () ="))?;
        let end = lines[import..]
            .iter()
            .position(|line| indent(line) < indent(lines[import]) && line.trim() == "};")?;
        Some(import + end - start + 1)
    });
    blocks.collect()
}
