//! The path of somebody new: what the guide and the README show of the command is what it prints, in an empty folder with an
//! empty environment, against a server that the path itself starts.
//!
//! With `KMIP_BLESS` in the environment, the pages are written anew. The blocks in `text` are figures of one run: they are
//! written then, and not compared. `KMIP_PROGRAM` is the command where another one is to be run than the one just built.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // A panic is how a test fails.

mod common;

use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use common::Folder;
use insta_cmd::get_cargo_bin;

/// The ports that the pages say, and those that the system chose.
const PORTS: [(&str, &str); 2] = [("address", "5696"), ("https", "5697")];

/// A folder with the command and the files that are read, and nothing else.
struct Session {
    folder: Folder,
    server: Option<Child>,
    /// A port of the pages with the one that it is.
    ports: Vec<(String, String)>,
}

impl Session {
    fn new(name: &str) -> Self {
        let folder = Folder::new(name);
        for file in ["register.txt", "cut.hex", "exchange.txt", "rotation.xml"] {
            std::fs::copy(common::files().join(file), folder.0.join(file)).unwrap();
        }
        Self { folder, server: None, ports: Vec::new() }
    }

    /// A shell in the folder that knows nothing but the command and the tools of the system.
    fn shell(&self, command: &str) -> Command {
        let program = std::env::var_os("KMIP_PROGRAM").map_or_else(|| get_cargo_bin("kmip"), PathBuf::from);
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", command]).current_dir(&self.folder.0).env_clear();
        shell.env("HOME", &self.folder.0);
        shell.env("PATH", format!("{}:/usr/bin:/bin", program.parent().unwrap().display()));
        shell.stdin(Stdio::null());
        shell
    }

    /// What a command prints, on both of its outputs.
    fn run(&mut self, command: &str) -> String {
        if let Some(server) = command.strip_suffix(" &") {
            return self.serve(server);
        }
        let mut command = command.to_owned();
        for (said, port) in &self.ports {
            command = command.replace(&format!(":{said}"), &format!(":{port}"));
        }
        let output = self.shell(&command).output().unwrap();
        self.as_said(&String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    }

    /// Starts the server, on ports that are free.
    fn serve(&mut self, command: &str) -> String {
        let mut free = format!("exec {command}");
        for (_, port) in PORTS {
            free = free.replace(&format!(":{port}"), ":0");
        }
        let mut server = self.shell(&free).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        self.server = Some(server);
        for (word, said) in PORTS {
            let found = line.split_whitespace().find_map(|found| found.strip_prefix(word)?.strip_prefix('='));
            let (_, port) = found.unwrap().rsplit_once(':').unwrap();
            self.ports.push((said.to_owned(), port.to_owned()));
        }
        self.as_said(&line)
    }

    /// With the ports of the pages, and a time that is always the same.
    fn as_said(&self, printed: &str) -> String {
        let mut text = printed.replace(self.folder.0.to_str().unwrap(), "/home/new");
        for (said, port) in &self.ports {
            text = text.replace(&format!(":{port}"), &format!(":{said}"));
        }
        let lines = text.lines().map(|line| {
            if let Some((before, _)) = line.split_once(" connects within ") {
                format!("{before} connects within 1 ms\n")
            } else if let Some((before, _)) = line.split_once(" inspect=http://127.0.0.1:") {
                // The port is the system's, and the rest is random.
                format!("{before} inspect=http://127.0.0.1:5698/0f3a…/\n")
            } else {
                format!("{line}\n")
            }
        });
        lines.collect()
    }

    /// The commands of a block, each with what it prints.
    fn block(&mut self, block: &str) -> String {
        let mut shown = String::new();
        let mut lines = block.lines().peekable();
        while let Some(line) = lines.next() {
            let Some(first) = line.strip_prefix("$ ") else { continue };
            let mut command = first.to_owned();
            // A string takes whatever is written to it.
            let _ = writeln!(shown, "$ {first}");
            while let Some(next) = lines.next_if(|line| line.starts_with("> ")) {
                let _ = write!(command, "\n{}", &next[2..]);
                let _ = writeln!(shown, "{next}");
            }
            shown += &self.run(&command);
        }
        shown
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            // It may have ended.
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

/// Runs the blocks of a page after a mark, and compares.
fn check(name: &str, page: &str, mark: &str) {
    let is_new = std::env::var_os("KMIP_BLESS").is_some();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = std::fs::read_to_string(&page).unwrap();
    let (before, mut rest) = text.split_once(mark).unwrap();
    let mut anew = format!("{before}{mark}");
    let mut path = Session::new(name);
    let mut count = 0;
    while let Some(at) = rest.find("```") {
        let (head, fenced) = rest.split_at(at);
        let (language, after) = fenced[3..].split_once('\n').unwrap();
        let (block, behind) = after.split_once("```").unwrap();
        let runs = language == "console" || language == "text" && is_new && block.starts_with("$ ");
        let shown = if runs { path.block(block) } else { block.to_owned() };
        count += usize::from(language == "console");
        let _ = write!(anew, "{head}```{language}\n{shown}```");
        rest = behind;
    }
    anew += rest;
    assert!(count > 0, "no block in {}", page.display());
    if is_new {
        std::fs::write(&page, anew).unwrap();
    } else {
        let differing = text.lines().zip(anew.lines()).find(|(said, printed)| said != printed);
        assert!(text == anew, "what {} says and what is printed: {differing:?}", page.display());
    }
}

#[test]
fn the_guide_shows_what_is_printed() {
    check("newcomer", "../src/guide/command_line.md", "# A server and a connection to it\n");
}

#[test]
fn the_readme_shows_what_is_printed() {
    check("readme", "../../README.md", "## The command\n");
}
