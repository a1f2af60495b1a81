//! What a shell is told that may stand in a place, by the command itself and by bash.

#![allow(clippy::unwrap_used)] // A panic is how a test fails.

mod common;

use std::process::Command;

use common::{Folder, kmip};
use insta_cmd::get_cargo_bin;

/// What may stand where the last of these words is.
fn candidates(folder: &Folder, words: &[&str]) -> Vec<String> {
    let mut command = kmip(&["--", "kmip"]);
    command.args(words).env("KMIP_COMPLETE", "bash").env("KMIP_CONFIG", folder.0.join("profiles.toml"));
    command.env("_CLAP_COMPLETE_INDEX", words.len().to_string()).env("_CLAP_IFS", "\n");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{words:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn add_profiles(folder: &Folder) {
    for name in ["test", "production"] {
        let mut add = kmip(&["profile", "add", name, "--address", "localhost"]);
        add.env("KMIP_CONFIG", folder.0.join("profiles.toml"));
        assert!(add.status().unwrap().success());
    }
}

#[test]
fn completes_profiles_operations_and_values() {
    let folder = Folder::new("completions");
    assert_eq!(candidates(&folder, &["check", "--profile", "t"]), [""; 0]);
    add_profiles(&folder);
    for (words, expected) in [
        (&["check", "--profile", ""][..], &["production", "test"][..]),
        (&["locate", "--profile", "t"], &["test"]),
        (&["serve", "--master-key-profile", "p"], &["production"]),
        (&["store", "rotate", "--new-master-key-profile", "p"], &["production"]),
        (&["locate", "--state", "de"], &["deactivated", "destroyed", "destroyed-compromised"]),
        (&["locate", "--state", "De"], &["Deactivated", "Destroyed", "DestroyedCompromised"]),
        (&["create", "--aes", ""], &["128", "192", "256"]),
        (&["create", "--usage", "encrypt,dec"], &["encrypt,decrypt"]),
        (&["create", "--algorithm", "3"], &["3des"]),
        (&["create", "--attribute", "comm"], &["comment="]),
        (&["call", "sig"], &["sign", "signature-verify"]),
        (&["call", "GetA"], &["GetAttributes", "GetAttributeList"]),
        (&["serve", "--versions", "1.4,2"], &["1.4,2.0", "1.4,2.1"]),
        (&["check", "--protocol-version", "2"], &["2.0", "2.1"]),
        (&["get", "x", "--output", "j"], &["json"]),
        (&["man", "benc"], &["bench"]),
    ] {
        let mut found = candidates(&folder, words);
        let mut expected = expected.to_vec();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{words:?}");
    }
    assert!(candidates(&folder, &["profile", "use", ""]).contains(&"production".to_owned()));
    // What is completed is read.
    for state in candidates(&folder, &["locate", "--state", ""]) {
        let output = kmip(&["locate", "--state", &state, "--dry-run"]).output().unwrap();
        assert!(output.status.success() || state.starts_with("--"), "{state}");
    }
}

#[test]
fn prints_a_script_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = kmip(&["completions", shell]).output().unwrap();
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && script.contains("KMIP_COMPLETE"), "{shell}: {script}");
    }
}

#[cfg(unix)]
#[test]
fn bash_is_told() {
    let folder = Folder::new("completions-bash");
    add_profiles(&folder);
    let script = "source <(\"$KMIP\" completions bash); COMP_WORDS=(kmip check --profile t); COMP_CWORD=3; \
                  COMP_TYPE=9; _clap_complete_kmip kmip t --profile; printf '%s,' \"${COMPREPLY[@]}\"";
    let mut bash = Command::new("bash");
    bash.args(["--norc", "--noprofile", "-c", script]).env("KMIP", get_cargo_bin("kmip"));
    bash.env("KMIP_CONFIG", folder.0.join("profiles.toml"));
    // Not every system has bash.
    let Ok(output) = bash.output() else { return };
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "test,",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
