//! Where reports go: never over what is read, nor into what is read next time; and on, where standard output is closed.

#![allow(clippy::expect_used, reason = "a test that cannot run fails")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const CHAT: &str = "{\"id\":\"1\",\"text\":\"你必须先提供订单号\"}\n";

/// A folder with a file of replies.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder, "chats.jsonl", CHAT.as_bytes());
    folder
}

fn write(folder: &TempDir, name: &str, bytes: &[u8]) {
    fs::write(folder.path().join(name), bytes).expect("a file");
}

fn program(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_phrase-lint"));
    program.current_dir(folder.path()).args(arguments);
    program
}

/// Standard output, standard error and the exit status.
fn run(folder: &TempDir, arguments: &[&str]) -> (String, String, Option<i32>) {
    let output = program(folder, arguments).output().expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

#[track_caller]
fn refused(folder: &TempDir, arguments: &[&str], message: &str) {
    let (said, error, status) = run(folder, arguments);
    assert_eq!((said.as_str(), status), ("", Some(2)), "{arguments:?}: {error}");
    assert!(error.starts_with(&format!("error: {message}")), "{arguments:?}: {error}");
}

/// Last night's report is named by its date, so that tonight's does not stand for it.
#[test]
fn reports_of_other_nights_are_no_input() {
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder, "replies.txt", "你必须先付款\n好的\n不知道，你问别人\n".as_bytes());
    let check = |arguments: &[&str]| {
        let output = program(&folder, &[&["check", "-f", "jsonl"], arguments].concat()).output().expect("the program runs");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let names = [
        "full:1.txt",
        "1.md",
        "1.csv",
        "1.xlsx",
        "1.html",
        "1.jsonl",
        "1.json",
        "1.xml",
        "1.sarif",
        "gitlab:1.gitlab.json",
        "concise:2.txt",
        "github:3.txt",
        "scorecard:4.txt",
    ];
    let outputs: Vec<&str> = names.iter().flat_map(|name| ["-o", name]).collect();
    let (status, first, _) = check(&[&["."], &outputs[..]].concat());
    assert_eq!(status, Some(1));
    let (status, again, _) = check(&["."]);
    assert_eq!(status, Some(1));
    let found = |text: &str| text.lines().filter(|line| !line.contains("\"summary\"")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(found(&again), found(&first));
    assert!(again.contains(r#""conversations":3,"#) && again.contains(&format!(r#""skipped":{}"#, names.len())), "{again}");
    let (status, _, told) = check(&["1.md"]);
    assert_eq!((status, &*told), (Some(2), "error: 1.md: this is a report of phrase-lint, which nobody said; leave it out\n"));
}

#[test]
fn an_input_is_never_written_over() {
    let folder = folder();
    write(&folder, "replies.csv", "id,text\n1,你必须先提供订单号\n".as_bytes());
    write(&folder, "packed.zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    write(&folder, "house.csv", b"improper,professional\n");
    let names = ["chats.jsonl", "replies.csv", "packed.zip", "house.csv"];
    let read = || names.map(|name| fs::read(folder.path().join(name)).expect("it is there"));
    let before = read();
    let refusal = |name: &str| format!("`{name}` is an input of this run: write the report to another file\n");
    refused(&folder, &["check", "chats.jsonl", "-o", "chats.jsonl"], &refusal("chats.jsonl"));
    refused(&folder, &["check", "./chats.jsonl", "-o", "chats.jsonl"], &refusal("./chats.jsonl"));
    refused(&folder, &["check", "replies.csv", "--skip-unknown", "-o", "csv:./replies.csv"], &refusal("replies.csv"));
    refused(&folder, &["check", "packed.zip", "-o", "csv:packed.zip"], &refusal("packed.zip"));
    refused(&folder, &["check", "chats.jsonl", "--rules", "house.csv", "-o", "house.csv"], &refusal("house.csv"));
    refused(&folder, &["report", "chats.jsonl", "-o", "chats.jsonl"], &refusal("chats.jsonl"));
    // What a folder or a glob leads to is an input as well.
    fs::create_dir(folder.path().join("day")).expect("a folder");
    fs::rename(folder.path().join("replies.csv"), folder.path().join("day/replies.csv")).expect("it is moved");
    for paths in ["day", "day/*.csv", "."] {
        let name = if paths == "." { "./day/replies.csv" } else { "day/replies.csv" };
        refused(&folder, &["check", paths, "-f", "concise", "-o", "day/replies.csv"], &refusal(name));
        refused(&folder, &["check", paths, "-o", "new.html", "-o", "csv:day/../day/replies.csv"], &refusal(name));
    }
    refused(&folder, &["check", ".", "-o", "csv:packed.zip"], &refusal("./packed.zip"));
    fs::rename(folder.path().join("day/replies.csv"), folder.path().join("replies.csv")).expect("it is moved");
    refused(&folder, &["check", "chats.jsonl", "-o", "a.html", "-o", "./a.html"], "./a.html is given to --output twice");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("chats.jsonl", folder.path().join("link.jsonl")).expect("a link");
        refused(&folder, &["check", "link.jsonl", "-o", "chats.jsonl"], &refusal("link.jsonl"));
        refused(&folder, &["check", "chats.jsonl", "-o", "link.jsonl"], &refusal("chats.jsonl"));
    }
    #[cfg(target_os = "linux")]
    {
        let input = fs::File::open(folder.path().join("chats.jsonl")).expect("it is there");
        let output = program(&folder, &["check", "-", "-o", "chats.jsonl"]).stdin(input).output().expect("the program runs");
        assert_eq!(output.status.code(), Some(2));
    }
    assert_eq!(read(), before);
    assert!(!folder.path().join("a.html").exists());
}

#[test]
fn the_report_of_the_run_before_is_no_input() {
    let folder = folder();
    fs::create_dir(folder.path().join("sub")).expect("a folder");
    let arguments = ["check", ".", "-q", "-f", "jsonl", "-o", "report.csv", "-o", "sub/report.md", "-o", "full:report.txt"];
    let first = run(&folder, &arguments);
    assert_eq!((first.1.as_str(), first.2), ("", Some(1)));
    assert_eq!(run(&folder, &arguments), first);
    let (_, remarks, _) = run(&folder, &["check", "*.*", "-v", "-o", "report.csv", "-o", "report.txt"]);
    assert!(remarks.contains("skipped: report.csv: the report of this run goes there"), "{remarks}");
    // Of nothing a report may be empty.
    for nothing in ["", "\n", "[\n]\n"] {
        write(&folder, "report.json", nothing.as_bytes());
        assert_eq!(run(&folder, &["check", ".", "-q", "-o", "gitlab:report.json"]).2, Some(1), "{nothing:?}");
    }
    // Another file of that name is one like any other.
    write(&folder, "sub/report.csv", "id,text\n1,你必须先提供订单号\n".as_bytes());
    let (_, remarks, _) = run(&folder, &["check", ".", "-v", "-o", "report.csv"]);
    assert!(remarks.contains("sub/report.csv: read as csv") && remarks.contains("skipped: ./report.csv"), "{remarks}");
}

#[test]
fn a_folder_that_is_not_there_is_told_before_the_run() {
    let folder = folder();
    let message = "cannot write `miss/a.html`: the folder `miss` does not exist\n  help: make the folder first";
    refused(&folder, &["check", "chats.jsonl", "-o", "miss/a.html"], message);
    refused(&folder, &["report", "chats.jsonl", "-o", "miss/a.html"], message);
    let message = "cannot write `chats.jsonl/a.html`: `chats.jsonl` is no folder";
    refused(&folder, &["check", "chats.jsonl", "-o", "chats.jsonl/a.html"], message);
    refused(&folder, &["check", "chats.jsonl", "-o", "csv:."], "cannot write `.`: it is a folder");
}

#[test]
fn a_form_that_there_is_none_of_is_no_name_of_a_file() {
    let folder = folder();
    let (_, error, status) = run(&folder, &["check", "chats.jsonl", "-o", "exel:a.xlsx"]);
    assert!(error.contains("`exel` is no form of report: use full,") && error.contains("did you mean xlsx:a.xlsx?"), "{error}");
    assert_eq!((status, fs::read_dir(folder.path()).expect("a folder").count()), (Some(2), 1));
}

/// Runs a program of which the reader goes away after the first line.
fn head(folder: &TempDir, arguments: &[&str]) -> (String, String, Option<i32>) {
    let mut program = program(folder, arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
    let (mut line, mut messages) = (String::new(), String::new());
    BufReader::with_capacity(64, program.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    program.stderr.take().expect("piped").read_to_string(&mut messages).expect("messages");
    (line, messages, program.wait().expect("it ends").code())
}

fn length(path: &Path) -> usize {
    fs::read_to_string(path).map_or(0, |text| text.lines().count())
}

/// More than any pipe holds.
fn large(text: &str) -> Vec<u8> {
    (0..20_000).flat_map(|number| format!("{{\"id\":\"{number}\",\"text\":\"{text}\"}}\n").into_bytes()).collect()
}

#[test]
fn where_standard_output_is_closed_files_are_written_all_the_same() {
    let folder = folder();
    write(&folder, "bad.jsonl", &large("你必须先提供订单号"));
    write(&folder, "good.jsonl", &large("感谢您的来电"));
    let stored = folder.path().join("findings.jsonl");
    for (file, status) in [("bad.jsonl", 1), ("good.jsonl", 0)] {
        let (line, messages, ended) = head(&folder, &["check", file, "-f", "jsonl", "-o", "findings.jsonl"]);
        assert!(!line.is_empty());
        assert_eq!((messages.as_str(), ended), ("", Some(status)), "{file}");
        assert!(length(&stored) > 20_000, "{file}");
        let (_, messages, ended) = head(&folder, &["report", "findings.jsonl", "-f", "jsonl", "--fail-on", "warning", "-o", "all.jsonl"]);
        assert_eq!((messages.as_str(), ended), ("", Some(status)), "{file}");
        assert_eq!(length(&folder.path().join("all.jsonl")), length(&stored), "{file}");
        // With nothing else to do it ends; what was found until then counts.
        assert_eq!(head(&folder, &["check", file, "-f", "jsonl"]).2, Some(status), "{file}");
        assert_eq!(head(&folder, &["report", "findings.jsonl", "-f", "jsonl", "--fail-on", "warning"]).2, Some(status), "{file}");
        if status == 1 {
            let (_, messages, ended) = head(&folder, &["check", file, "-f", "csv"]);
            assert_eq!((messages.as_str(), ended), ("", Some(status)), "{file}");
        }
    }
    // Files that are put right are as good as reports.
    let (_, _, status) = head(&folder, &["check", "bad.jsonl", "-f", "jsonl", "--fix", "--write-baseline"]);
    assert_eq!((status, folder.path().join(".phrase-lint-baseline").exists()), (Some(0), true));
}

#[test]
fn stored_findings_may_be_compressed() -> std::io::Result<()> {
    let folder = folder();
    run(&folder, &["check", "chats.jsonl", "-o", "findings.jsonl"]);
    let plain = run(&folder, &["report", "findings.jsonl"]);
    assert!(plain.0.contains("chats.jsonl") && plain.2 == Some(0), "{plain:?}");
    let bytes = fs::read(folder.path().join("findings.jsonl"))?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&bytes)?;
    let gzip = gzip.finish()?;
    write(&folder, "findings.jsonl.gz", &gzip);
    write(&folder, "cut.jsonl.gz", &gzip[..gzip.len() - 12]);
    let zst = ruzstd::encoding::compress_to_vec(bytes.as_slice(), ruzstd::encoding::CompressionLevel::Fastest);
    write(&folder, "findings.jsonl.zst", &zst);
    assert_eq!(run(&folder, &["report", "findings.jsonl.gz"]), plain);
    assert_eq!(run(&folder, &["report", "findings.jsonl.zst"]), plain);
    let input = fs::File::open(folder.path().join("findings.jsonl.gz"))?;
    let output = program(&folder, &["report", "-"]).stdin(input).output()?;
    assert_eq!(String::from_utf8_lossy(&output.stdout), plain.0);
    let (_, error, status) = run(&folder, &["report", "cut.jsonl.gz"]);
    assert!(error.contains("cannot be read on") && error.lines().count() == 1 && status == Some(2), "{error}");
    Ok(())
}

#[test]
fn what_is_no_findings_file_is_told_once() {
    let folder = folder();
    run(&folder, &["check", "chats.jsonl", "-o", "a.csv", "-o", "a.html", "-o", "a.json", "-o", "a.xlsx", "-o", "gitlab:b.json"]);
    let (_, errors, status) = run(&folder, &["report", "a.csv", "a.html", "a.json", "a.xlsx", "b.json", "chats.jsonl"]);
    let told: Vec<_> = errors.lines().map(|line| line.split(';').next().unwrap_or_default()).collect();
    let expected = [
        "error: a.csv: this is a table or text, no findings",
        "error: a.html: this is a page or XML, no findings",
        "error: a.json: this is --format json",
        "error: a.xlsx: this is a workbook or document, no findings",
        "error: b.json: this is JSON of another kind, no findings",
        "error: chats.jsonl: this is JSON of another kind, no findings",
    ];
    assert_eq!((told.as_slice(), status), (expected.as_slice(), Some(2)));
}

/// An export of last night that was never written, and one that came to harm, do not pass for a clean night.
#[test]
fn empty_and_damaged_exports_are_told_in_a_run_that_must_read_all() {
    let folder = folder();
    write(&folder, "empty.csv", b"");
    write(&folder, "notes.md", b"");
    let (_, error, status) = run(&folder, &["check", ".", "--strict", "-f", "concise"]);
    assert_eq!((error.as_str(), status), ("warning: ./empty.csv: the file is empty; nothing can be checked\n", Some(1)));
    write(&folder, "damaged.xlsx", b"\0\0\0\0\xFF\xFE\0\0");
    let (_, error, status) = run(&folder, &["check", ".", "-f", "concise"]);
    assert!(error.starts_with("warning: 1 file that may hold wording was not checked") && status == Some(1), "{error}");
    let (_, error, status) = run(&folder, &["check", ".", "--strict", "-f", "concise"]);
    assert!(error.contains("error: ./damaged.xlsx: this is no workbook") && status == Some(2), "{error}");
    let mut workbook = rust_xlsxwriter::Workbook::new();
    for (name, cells) in [("话术", [["编码", "内容"], ["1", "请稍等"]]), ("旧话术", [["甲", "乙"], ["1", "你等着"]])] {
        let sheet = workbook.add_worksheet().set_name(name).expect("a name");
        sheet.write_row_matrix(0, 0, cells).expect("cells");
    }
    write(&folder, "sheets.xlsx", &workbook.save_to_buffer().expect("a workbook"));
    let (_, error, status) = run(&folder, &["check", "sheets.xlsx", "-f", "concise"]);
    assert!(error.contains("warning: sheets.xlsx: the sheet `旧话术` was passed over") && status == Some(0), "{error}");
    let (_, error, status) = run(&folder, &["check", "sheets.xlsx", "--strict", "-f", "concise"]);
    assert!(error.contains("error: sheets.xlsx: the sheet `旧话术` was passed over") && status == Some(2), "{error}");
    write(&folder, "damaged.csv.gz", b"\0\x8B\x08\0\0\0\0\0\0\x03\xFF\xFE");
    let (_, error, status) = run(&folder, &["check", ".", "--strict", "-f", "concise"]);
    assert!(error.contains("error: ./damaged.csv.gz: this is no gzip file") && status == Some(2), "{error}");
}

/// What all records of an export have is told of the first.
#[test]
fn the_same_is_warned_of_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let record = "{\"id\":\"1\",\"direction\":\"内部\",\"turns\":[{\"speaker\":\"agent\",\"text\":\"您好\"}]}\n";
    write(&folder, "chats.jsonl", record.repeat(3).as_bytes());
    let (_, error, _) = run(&folder, &["check", "chats.jsonl", "-f", "concise"]);
    assert_eq!(error.matches("is no direction").count(), 1, "{error}");
    assert!(error.contains("chats.jsonl:1: `内部` is no direction"), "{error}");
}

/// Whoever stops a run finds what was there before, and nothing else; and is told that it was stopped.
#[cfg(unix)]
#[test]
fn a_stopped_run_leaves_nothing_half_written() {
    use std::os::unix::process::ExitStatusExt;
    for (name, number) in [("INT", 2), ("TERM", 15)] {
        let folder = folder();
        write(&folder, "report.html", b"before");
        let mut child = program(&folder, &["check", "-", "-f", "concise", "-o", "report.html", "-o", "report.csv"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        // It waits for more, with its reports begun.
        let mut input = child.stdin.take().expect("piped");
        input.write_all(CHAT.as_bytes()).expect("it reads");
        let names = || {
            let names = fs::read_dir(folder.path()).expect("a folder").map(|file| file.expect("a file").file_name().into_string());
            let mut names: Vec<String> = names.map(|name| name.expect("UTF-8")).collect();
            names.sort();
            names
        };
        while names().len() < 4 {
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        let told = Command::new("kill").args([format!("-{name}"), child.id().to_string()]).status().expect("kill runs");
        assert!(told.success());
        let status = child.wait().expect("it ends");
        assert_eq!((status.signal(), status.code()), (Some(number), None), "a shell tells 128 + {number}");
        assert_eq!(names(), ["chats.jsonl", "report.html"]);
        assert_eq!(fs::read(folder.path().join("report.html")).expect("a file"), b"before");
    }
}

/// Nobody waits for a run to hear at its end that there was no place for what it was to write, nor reads that it was written.
#[test]
fn a_baseline_that_cannot_be_written_is_told_before_anything_is_read() {
    let folder = folder();
    for arguments in [&["check", "-", "--write-baseline=none/base"][..], &["check", "chats.jsonl", "--write-baseline=chats.jsonl/base"]] {
        let mut child = program(&folder, arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        // It does not wait for what is to be read.
        let input = child.stdin.take();
        let status = child.wait().expect("it ends");
        drop(input);
        let (mut said, mut told) = (String::new(), String::new());
        child.stdout.take().expect("piped").read_to_string(&mut said).expect("text");
        child.stderr.take().expect("piped").read_to_string(&mut told).expect("text");
        assert_eq!((said.as_str(), status.code()), ("", Some(2)), "{told}");
        assert!(told.starts_with("error: ") && told.contains("the baseline cannot be"), "{told}");
    }
    let (said, told, status) = run(&folder, &["check", "chats.jsonl", "--write-baseline=base"]);
    assert!(status == Some(0) && said.contains("1 in the baseline") && told.contains("Wrote base: 1 violation"), "{said}{told}");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2);
}
