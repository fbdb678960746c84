//! `examples/nightly/nightly.sh` run as cron runs it.

#![cfg(unix)]
#![allow(clippy::expect_used, reason = "a test that cannot run fails")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs the script for one day of the chats in `folder`.
fn nightly(folder: &Path) -> Output {
    nightly_behind(":", folder)
}

/// The same, behind a command of the shell.
fn nightly_behind(command: &str, folder: &Path) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_phrase-lint")).parent().expect("a folder").to_owned();
    let known = env::var_os("PATH").unwrap_or_default();
    let paths: Vec<PathBuf> = std::iter::once(program).chain(env::split_paths(&known)).collect();
    Command::new("bash")
        .args(["-c", &format!("{command}; exec bash \"$0\" chats reports 2024-05-08")])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/nightly/nightly.sh"))
        .current_dir(folder)
        .env("PATH", env::join_paths(paths).expect("a search path"))
        .output()
        .expect("bash runs")
}

/// A folder with a day of chats.
fn chats() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(folder.path().join("chats/2024-05-08")).expect("a folder");
    add(&folder, "a.txt", "客服：您好\n客户：在吗\n客服：你必须等着\n".as_bytes());
    add(&folder, "logo.png", b"\x89PNG\r\n\x1A\n\0\0");
    folder
}

fn add(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) {
    fs::write(folder.path().join("chats/2024-05-08").join(name), bytes).expect("a file");
}

#[test]
fn a_night_that_was_read_is_reported() {
    let folder = chats();
    let output = nightly(folder.path());
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr)), (Some(0), "".into()));
    assert!(String::from_utf8_lossy(&output.stdout).contains("command 1"));
    for file in ["findings.jsonl", "chats.xlsx", "chats.html"] {
        assert!(folder.path().join("reports/2024-05-08").join(file).is_file(), "{file}");
    }
}

/// A run that does not come to its end changes nothing of what an earlier one left.
#[test]
fn a_night_that_is_cut_off_takes_the_place_of_none() {
    let folder = chats();
    assert_eq!(nightly(folder.path()).status.code(), Some(0));
    let files = || {
        let report = |file: &str| fs::read(folder.path().join("reports/2024-05-08").join(file)).expect("a report");
        ["findings.jsonl", "chats.xlsx", "chats.html"].map(report)
    };
    let before = files();
    add(&folder, "b.txt", "客服：你必须等着\n客户：好\n".repeat(200).as_bytes());
    // No file may be larger: the system ends whoever writes on.
    let output = nightly_behind("ulimit -f 8", folder.path());
    assert!(!output.status.success());
    assert_eq!(files(), before);
}

/// Each of these was a whole export of which nothing was checked.
#[test]
fn a_file_that_nobody_can_read_is_told_and_the_rest_is_reported() {
    let tar = [&[b'a'; 257][..], b"ustar\x0000", &[0; 800]].concat();
    for (name, bytes) in [("0.csv", "编号,栏一,栏二\n1,客服,你必须等着\n".as_bytes()), ("0.tar", &tar)] {
        let folder = chats();
        add(&folder, name, bytes);
        let output = nightly(folder.path());
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{name}: {error}");
        assert!(error.starts_with(&format!("error: chats/2024-05-08/{name}: ")) && error.lines().count() == 1, "{name}: {error}");
        assert!(String::from_utf8_lossy(&output.stdout).contains("command 1"), "{name}");
    }
}
