//! The same structures with `Ttlv`, with `prost` and with `der`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::measure::{Cost, PROFILES, cargo, expanded, median, run};
use crate::shapes::{SHAPES, Shape};

/// Builds what the packages depend on, then each package several times, and prints a table.
pub fn compare(here: &Path, structures: usize, runs: usize) -> Result<()> {
    let folder = here.join("target/packages");
    for shape in SHAPES {
        write_package(shape, structures, here, &folder)?;
        for profile in PROFILES {
            build(&folder.join(shape.name), profile)?;
        }
        eprintln!("built what {} depends on", shape.name);
    }
    let mut costs = vec![[Vec::new(), Vec::new()]; SHAPES.len()];
    for index in 0..runs {
        // The runs of all take turns, so that what else the machine does falls on each alike.
        for (shape, costs) in SHAPES.iter().zip(&mut costs) {
            for (profile, costs) in PROFILES.iter().zip(costs) {
                let package = folder.join(shape.name);
                let source = package.join("src/lib.rs");
                fs::write(&source, fs::read(&source)?)?;
                costs.push(build(&package, profile)?);
            }
        }
        eprintln!("run {} of {runs}", index + 1);
    }
    println!(
        "| {structures} structures of ten fields | lines a structure | debug, wall | debug, processor | \
         release, wall | release, processor |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    for (shape, costs) in SHAPES.iter().zip(&costs) {
        let lines = lines_a_structure(shape, structures, here, &folder)?;
        let middle = |profile: usize, of: fn(&Cost) -> f64| median(costs[profile].iter().map(of).collect());
        println!(
            "| {} | {lines} | {:.2} s | {:.2} s | {:.2} s | {:.2} s |",
            shape.title,
            middle(0, |cost| cost.wall),
            middle(0, |cost| cost.processor),
            middle(1, |cost| cost.wall),
            middle(1, |cost| cost.processor)
        );
    }
    Ok(())
}

/// Writes the package of a shape.
fn write_package(shape: &Shape, structures: usize, here: &Path, folder: &Path) -> Result<PathBuf> {
    let package = folder.join(shape.name);
    fs::create_dir_all(package.join("src"))?;
    let types = here.join("../../kmip-types");
    let dependencies = shape.dependencies.replace("TYPES", &types.display().to_string());
    let manifest = format!(
        "[package]\nname = \"build-cost-{}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [workspace]\n\n[dependencies]\n{dependencies}",
        shape.name
    );
    fs::write(package.join("Cargo.toml"), manifest)?;
    let mut source = shape.head.replace('@', "#");
    for index in 0..structures {
        source += &shape.structure.replace('#', &index.to_string()).replace('@', "#");
    }
    fs::write(package.join("src/lib.rs"), source)?;
    Ok(package)
}

/// Builds a package, and what of its dependencies is not built.
fn build(package: &Path, profile: &str) -> Result<Cost> {
    let mut command = cargo(package, &package.join("target"));
    run(command.args(["build", "--quiet", "--lib", "--profile", profile]))
}

/// How many lines one more structure adds to what the compiler prints as expanded: the structure itself, all
/// that is derived for it, and the two functions that use it.
fn lines_a_structure(shape: &Shape, structures: usize, here: &Path, folder: &Path) -> Result<usize> {
    let mut lines = [0, 0];
    for (lines, count) in lines.iter_mut().zip([structures, structures / 2]) {
        let package = write_package(shape, count, here, folder)?;
        let text = expanded(&package, &package.join("target/expanded"))?;
        *lines = text.lines().filter(|line| !line.is_empty()).count();
    }
    Ok((lines[0] - lines[1]) / (structures - structures / 2))
}
