//! `examples/spark/check.py` run for real: a local Spark cluster of two workers checks shards, and what `report` makes of
//! their findings is, byte for byte, what one run over everything gives.
//!
//! It needs `java` and a Python with PySpark. `PHRASE_LINT_PYSPARK` names such a Python, and then the test must run;
//! without it `python3` is tried, and where something is missing the test says so and is skipped.

#![allow(clippy::expect_used, reason = "a test that cannot run fails")]

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Conversations a shard.
const SIZE: usize = 60;

#[test]
fn two_workers_find_what_one_run_finds() {
    let Some(python) = python_with_spark() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let chats = folder.path().join("chats");
    fs::create_dir(&chats).expect("a folder for the shards");
    for shard in 0..3 {
        let mut text = conversations(shard);
        if shard == 2 {
            text.push_str("{\"id\":\"cut-off\",\"turns\":[{\"speaker\":\"agent\"\n");
        }
        fs::write(chats.join(format!("shard-{shard}.jsonl")), text).expect("a shard can be written");
    }
    fs::write(chats.join("shard-3.jsonl"), "").expect("an empty shard can be written");

    let output = submit(&python, folder.path());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut shards: Vec<PathBuf> = fs::read_dir(folder.path().join("findings"))
        .expect("Spark wrote its output folder")
        .map(|entry| entry.expect("an entry of the folder").path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("part-")))
        .collect();
    shards.sort();
    assert!(shards.len() >= 6, "{shards:?}");

    let everything: Vec<u8> = (0..3).flat_map(|shard| fs::read(chats.join(format!("shard-{shard}.jsonl"))).expect("the shard")).collect();
    fs::write(folder.path().join("all.jsonl"), everything).expect("one file of everything");
    let check = |form: &str| phrase_lint(folder.path(), &["check", "all.jsonl", "--fail-on", "never", "-f", form]);
    let report = |form: &str| {
        let mut arguments = vec!["report"];
        arguments.extend(shards.iter().map(|shard| shard.to_str().expect("the path is UTF-8")));
        phrase_lint(folder.path(), &[&arguments[..], &["-f", form]].concat())
    };

    let (one, merged) = (check("jsonl"), report("jsonl"));
    let summary = last_line(&one);
    assert!(summary.starts_with(r#"{"type":"summary","conversations":180,"#) && summary.contains(r#""unreadable":1"#), "{summary}");
    assert_eq!(last_line(&merged), summary);
    assert_eq!(report("scorecard"), check("scorecard"));
    assert_eq!(report("markdown"), check("markdown"));
    assert_eq!(findings(&merged), findings(&one));
}

/// The Python to run Spark with; nothing where the test cannot run and nobody asked for it.
fn python_with_spark() -> Option<PathBuf> {
    let wanted = env::var_os("PHRASE_LINT_PYSPARK");
    let python = PathBuf::from(wanted.clone().unwrap_or_else(|| "python3".into()));
    let works = |program: &Path, arguments: &[&str]| {
        let status = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    };
    let missing = if !works(Path::new("java"), &["-version"]) {
        "no `java` runs here"
    } else if !works(&python, &["-c", "import pyspark"]) {
        "this Python has no PySpark"
    } else {
        return Some(python);
    };
    assert!(wanted.is_none(), "PHRASE_LINT_PYSPARK is {}, but {missing}", python.display());
    // Not by a macro: the test harness would swallow the line.
    let _ = writeln!(io::stderr(), "tests/spark.rs is skipped: {missing} ({})", python.display());
    None
}

/// Runs the example with a cluster of two workers. Python starts Spark, not `spark-submit`, which a virtual environment
/// has on the path only while it is active.
fn submit(python: &Path, folder: &Path) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/spark/check.py");
    Command::new(python)
        .arg(script)
        .args(["--phrase-lint", env!("CARGO_BIN_EXE_phrase-lint"), "--partitions", "6", "chats", "findings"])
        .current_dir(folder)
        .env("PYSPARK_SUBMIT_ARGS", "--master local-cluster[2,1,1024] --conf spark.ui.enabled=false pyspark-shell")
        .env("SPARK_LOCAL_IP", "127.0.0.1")
        .env("SPARK_LOCAL_DIRS", folder.join("scratch"))
        .env("SPARK_WORKER_DIR", folder.join("workers"))
        .output()
        .expect("Spark starts")
}

fn phrase_lint(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_phrase-lint")).current_dir(folder).args(arguments).output().expect("it runs");
    String::from_utf8(output.stdout).expect("findings are UTF-8")
}

fn last_line(findings: &str) -> &str {
    findings.lines().last().unwrap_or_default()
}

/// Sorted, less what tells where in which file a line stood: a partition is a file of its own, whose lines count from 1.
fn findings(lines: &str) -> Vec<String> {
    let mut findings: Vec<String> = lines
        .lines()
        .filter(|line| !line.starts_with(r#"{"type":"summary""#))
        .map(|line| {
            let mut record: serde_json::Map<String, Value> = serde_json::from_str(line).expect("a record is an object");
            record.remove("file");
            record.remove("line");
            Value::Object(record).to_string()
        })
        .collect();
    findings.sort();
    findings
}

/// A shard of chats of a parcel desk and a shop; most are good.
fn conversations(shard: usize) -> String {
    const QUESTIONS: [&str; 4] = ["包裹三天没动了，怎么回事", "買的水壺什麼時候發貨？", "我要投诉，太慢了", "能改一下地址吗"];
    const ANSWERS: [&str; 7] = [
        "非常抱歉，给您添麻烦了，我马上为您核实",
        "您的包裹今天派送，请您留意电话",
        "你必须先提供单号",
        "您好，水壺明天發出，請您放心",
        "你等着，我去看一下",
        "不知道",
        "地址已经改好了，请您核对\\n谢谢😊",
    ];
    let mut text = String::new();
    for place in 0..SIZE {
        let number = shard * SIZE + place;
        let (question, answer) = (QUESTIONS[number % 4], ANSWERS[number % 7]);
        let _ = writeln!(
            text,
            r#"{{"id":"c-{number}","agent":"A{:02}","turns":[{{"speaker":"customer","text":"{question}","time":"2024-05-0{} 09:{:02}:00"}},{{"speaker":"agent","text":"{answer}","time":"2024-05-0{} 09:{:02}:20"}},{{"speaker":"customer","text":"好的，谢谢"}},{{"speaker":"agent","text":"不客气，再见"}}]}}"#,
            number % 5,
            shard + 1,
            place,
            shard + 1,
            place,
        );
    }
    text
}
