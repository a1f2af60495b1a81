//! What the README of the command shows is what the command prints.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // A panic is how a test fails.

mod common;

use std::fmt::Write;
use std::process::{Command, Stdio};

use insta_cmd::get_cargo_bin;

/// A block of commands after `$`, each with what it prints on both of its outputs, run anew.
fn run_again(block: &str) -> String {
    let mut shown = String::new();
    for command in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let program = get_cargo_bin("kmip");
        let path = std::env::var_os("PATH").unwrap();
        let search = [program.parent().unwrap().to_path_buf()];
        let search = std::env::join_paths(search.into_iter().chain(std::env::split_paths(&path))).unwrap();
        let mut shell = Command::new("sh");
        shell
            .args(["-c", command])
            .current_dir(common::files())
            .env("PATH", &search)
            .env("KMIP_CONFIG", "nowhere.toml");
        let output = shell.stdin(Stdio::null()).output().unwrap();
        let printed = [output.stdout, output.stderr].concat();
        // A string takes whatever is written to it.
        let _ = write!(shown, "$ {command}\n{}", String::from_utf8(printed).unwrap());
    }
    shown
}

/// With `KMIP_BLESS` in the environment, writes what is printed into the file instead.
#[test]
fn examples_print_what_the_readme_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let text = std::fs::read_to_string(path).unwrap();
    let parts: Vec<&str> = text.split("```console\n").collect();
    assert!(parts.len() > 4);
    let mut anew = parts[0].to_owned();
    for part in &parts[1..] {
        let (block, rest) = part.split_once("```").unwrap();
        let _ = write!(anew, "```console\n{}```{rest}", run_again(block));
    }
    if std::env::var_os("KMIP_BLESS").is_some() {
        std::fs::write(path, anew).unwrap();
    } else {
        let differing = text.lines().zip(anew.lines()).find(|(said, printed)| said != printed);
        assert!(text == anew, "what is said and what is printed: {differing:?}");
    }
}
