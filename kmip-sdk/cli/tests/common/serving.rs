//! `kmip serve`, until a test ends.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use kmip_sdk::{Client, ClientBuilder};

use super::{Folder, kmip};

/// A server that runs until the test ends.
pub(crate) struct Serving {
    pub(crate) child: Child,
    pub(crate) line: String,
}

impl Serving {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_with(arguments, &[])
    }

    /// The same with variables of the environment.
    pub(crate) fn start_with(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = kmip(&["serve"]);
        command.envs(variables.iter().copied());
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("kmip serve: ready address="), "{line}");
        Self { child, line }
    }

    pub(crate) fn word(&self, key: &str) -> &str {
        let mut words = self.line.split_whitespace();
        words.find_map(|word| word.strip_prefix(key)?.strip_prefix('=')).unwrap()
    }

    /// The next line that it tells.
    pub(crate) fn told(&mut self) -> String {
        let mut line = Vec::new();
        let errors = self.child.stderr.as_mut().unwrap();
        let mut byte = [0];
        while errors.read(&mut byte).unwrap() == 1 && byte[0] != b'\n' {
            line.push(byte[0]);
        }
        String::from_utf8(line).unwrap()
    }

    /// Sends it this signal.
    pub(crate) fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// Ends it by this signal, and gives its exit code and what it said.
    pub(crate) fn end(mut self, signal: &str) -> (Option<i32>, String) {
        self.signal(signal);
        let code = self.child.wait().unwrap().code();
        let mut said = String::new();
        self.child.stderr.as_mut().unwrap().read_to_string(&mut said).unwrap();
        (code, said)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn client(serving: &Serving, folder: &Folder, name: &str) -> ClientBuilder {
    let at = |name: &str| folder.0.join(name);
    Client::builder()
        .address(serving.word("address"))
        .root_certificates_file(at("ca.pem"))
        .identity_files(at(&format!("{name}.pem")), at(&format!("{name}-key.pem")))
}
