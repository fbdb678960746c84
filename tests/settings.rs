//! Settings on disk: found upwards, written by `init`, and what completions and manual pages are made of.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_phrase-lint"));
    program.current_dir(folder).args(arguments);
    program
}

fn run(folder: &Path, arguments: &[&str]) -> io::Result<Output> {
    program(folder, arguments).output()
}

/// Standard output, and the exit status.
fn out(folder: &Path, arguments: &[&str]) -> io::Result<(String, Option<i32>)> {
    let output = run(folder, arguments)?;
    Ok((String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code()))
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn with_input(folder: &Path, arguments: &[&str], input: &str) -> io::Result<(String, Option<i32>)> {
    let mut child = program(folder, arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    Ok((String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code()))
}

const CHAT: &str = "客服：你叫什么名字\n客户：张三\n";

#[test]
fn settings_are_found_upwards_as_far_as_the_repository() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let (outer, repository) = (folder.path(), folder.path().join("shop"));
    let deep = repository.join("chats/2024/05");
    fs::create_dir_all(&deep)?;
    fs::write(deep.join("a.txt"), CHAT)?;
    fs::write(outer.join("phrase-lint.toml"), "select = [\"asking\"]\nfail-on = \"never\"\n")?;
    let found = |from: &Path, path: &str| {
        let (shown, _) = out(from, &["config", "show", path])?;
        Ok::<_, io::Error>(shown.lines().next().unwrap_or_default().to_owned())
    };
    assert_eq!(found(outer, "shop/chats/2024/05/a.txt")?, "Settings of shop/chats/2024/05/a.txt, from phrase-lint.toml");
    assert_eq!(found(&deep, "a.txt")?, "Settings of a.txt, from ../../../../phrase-lint.toml");
    assert_eq!(found(&deep, "../05/a.txt")?, "Settings of ../05/a.txt, from ../../../../phrase-lint.toml");
    assert_eq!(out(&deep, &["check", "a.txt", "-q"])?.1, Some(0), "fail-on is never");

    fs::write(repository.join(".git"), "gitdir: elsewhere\n")?;
    assert_eq!(found(&deep, "a.txt")?, "Settings of a.txt, without a phrase-lint.toml");
    assert_eq!(out(&deep, &["check", "a.txt", "-q"])?.1, Some(1));

    // The top of the repository itself is looked into, and the nearest file is the only one.
    fs::write(repository.join("phrase-lint.toml"), "profile = \"call\"\n")?;
    let (shown, _) = out(&deep, &["config", "show"])?;
    assert!(shown.contains("from ../../../phrase-lint.toml") && shown.contains("fail-on       warning"), "{shown}");
    Ok(())
}

#[test]
fn files_of_one_run_may_have_different_settings() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    for (name, settings) in [("a", "ignore = [\"asking\", \"address\"]\n"), ("b", "[severities]\n\"asking/name\" = \"error\"\n"), ("c", "")]
    {
        fs::create_dir(folder.path().join(name))?;
        fs::write(folder.path().join(name).join("chat.txt"), CHAT)?;
        fs::write(folder.path().join(name).join("phrase-lint.toml"), settings)?;
    }
    let (report, code) = out(folder.path(), &["check", ".", "-q", "-f", "concise"])?;
    let found: Vec<_> = report.lines().map(|line| line.split(" “").next().unwrap_or_default()).collect();
    assert_eq!(found, ["./b/chat.txt:1:4: error asking/name", "./c/chat.txt:1:4: warning asking/name"]);
    assert_eq!(code, Some(1));
    Ok(())
}

#[test]
fn what_is_said_nearer_holds_however_it_is_written() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("a.txt"), "Amy：你叫什么名字\n小王：张三\n")?;
    fs::write(folder.path().join("phrase-lint.toml"), "[speakers]\n\"Amy\" = \"customer\"\n\"小王\" = \"customer\"\n")?;
    let (report, code) = out(folder.path(), &["check", "a.txt", "--speaker", "amy=agent", "-q", "-f", "concise"])?;
    assert!(code == Some(1) && report.starts_with("a.txt:1:5: "), "{report}");

    // An empty list takes a farther one away.
    fs::write(folder.path().join("far.toml"), "select = [\"asking\"]\n")?;
    for (nearer, count) in [("", 0), ("select = []\n", 1)] {
        fs::write(folder.path().join("phrase-lint.toml"), format!("extends = \"far.toml\"\n{nearer}"))?;
        fs::write(folder.path().join("b.txt"), "客服：你等着\n客户：好\n")?;
        let (report, _) = out(folder.path(), &["check", "b.txt", "-q", "-f", "concise"])?;
        assert_eq!(report.matches("waiting/order").count(), count, "{report}");
    }
    Ok(())
}

#[test]
fn standard_input_stands_for_a_file() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    fs::create_dir(folder.path().join("calls"))?;
    fs::write(folder.path().join("calls/phrase-lint.toml"), "select = [\"asking/name\"]\n[severities]\nasking = \"error\"\n")?;
    let (report, code) = with_input(folder.path(), &["check", "-", "--stdin-filename", "calls/new.txt", "-q", "-f", "concise"], CHAT)?;
    assert!(report.starts_with("calls/new.txt:1:4: error asking/name"), "{report}");
    assert_eq!((report.lines().count(), code), (1, Some(1)));
    let (report, _) = with_input(folder.path(), &["check", "-", "-q", "-f", "concise"], CHAT)?;
    assert!(report.starts_with("<stdin>:1:4: warning asking/name"), "{report}");
    Ok(())
}

#[test]
fn init_writes_settings_that_change_nothing() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("chat.txt"), CHAT)?;
    let before = out(folder.path(), &["check", ".", "--level", "info"])?;
    let (said, code) = out(folder.path(), &["init"])?;
    assert_eq!((said.lines().count(), code), (1, Some(0)), "{said}");
    assert_eq!(out(folder.path(), &["check", ".", "--level", "info"])?, before);

    let file = folder.path().join("phrase-lint.toml");
    fs::write(&file, "profile = \"chat\"\n")?;
    let again = run(folder.path(), &["init"])?;
    assert_eq!(again.status.code(), Some(2));
    assert!(errors(&again).starts_with("error: phrase-lint.toml is there already, and stays as it is"), "{}", errors(&again));
    assert_eq!(fs::read_to_string(&file)?, "profile = \"chat\"\n");
    assert_eq!(run(folder.path(), &["init", "no-such-folder"])?.status.code(), Some(2));
    Ok(())
}

#[test]
fn the_schemas_that_are_printed_are_those_that_are_shipped() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (arguments, file) in [(["config", "schema"], "phrase-lint.schema.json"), (["rules", "schema"], "pack.schema.json")] {
        assert_eq!(out(root, &arguments)?, (fs::read_to_string(root.join("schema").join(file))?, Some(0)));
    }
    Ok(())
}

#[test]
fn completions_name_all_subcommands() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (script, code) = out(root, &["completions", shell])?;
        assert_eq!(code, Some(0));
        for word in ["check", "init", "explain", "stdin-filename", "no-config"] {
            assert!(script.contains(word), "{shell} {word}");
        }
    }
    let (script, _) = out(root, &["completions", "bash"])?;
    // Where there is a bash, it must understand its script.
    if let Ok(mut bash) = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn() {
        bash.stdin.take().expect("piped").write_all(script.as_bytes())?;
        assert!(bash.wait()?.success());
    }
    Ok(())
}

#[test]
fn manual_pages_have_sections_and_examples() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let (page, _) = out(folder.path(), &["man"])?;
    for section in [".SH NAME", ".SH SYNOPSIS", ".SH OPTIONS", ".SH SUBCOMMANDS", "phrase\\-lint check chats/"] {
        assert!(page.contains(section), "{section}: {page}");
    }
    assert_eq!(out(folder.path(), &["man", "pages/man1"])?, (String::new(), Some(0)));
    let check = fs::read_to_string(folder.path().join("pages/man1/phrase-lint-check.1"))?;
    assert!(check.contains("\\-\\-fail\\-on") && check.contains("Exit status: 0 nothing found"), "{check}");
    assert!(folder.path().join("pages/man1/phrase-lint-config-show.1").is_file());
    Ok(())
}

#[test]
fn a_mapping_reads_canned_replies_and_workbooks_too() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let here = folder.path();
    fs::write(
        here.join("phrase-lint.toml"),
        "select = [\"asking/name\"]\n[mapping]\nconversations = \"groups.items\"\nid = \"key\"\ntext = \"zh\"\n",
    )?;
    fs::write(
        here.join("replies.json"),
        "{\"groups\":[{\"items\":[{\"key\":\"a\",\"zh\":\"你叫什么名字\"}]},{\"items\":[{\"key\":\"b\",\"zh\":\"请稍等\"}]}]}",
    )?;
    let (report, _) = out(here, &["check", "replies.json", "-f", "jsonl"])?;
    let lines: Vec<serde_json::Value> = report.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let conversations: Vec<_> =
        lines.iter().filter(|line| line["type"] == "conversation").map(|line| line["conversation"].as_str()).collect();
    assert_eq!(conversations, [Some("a"), Some("b")]);
    assert_eq!((&lines[0]["conversation"], &lines[0]["speaker"]), (&"a".into(), &"agent".into()));

    // The corrected text goes back to where the mapping found it.
    fs::write(here.join("phrase-lint.toml"), "select = [\"address/nin\"]\n[mapping]\nid = \"代号\"\ntext = \"说法\"\n")?;
    fs::write(here.join("replies.csv"), "代号,备注,说法\n1,你好,请问你要退货吗\n")?;
    let (_, code) = out(here, &["check", "replies.csv", "--fix", "-q"])?;
    assert_eq!((fs::read_to_string(here.join("replies.csv"))?.as_str(), code), ("代号,备注,说法\n1,你好,请问您要退货吗\n", Some(0)));
    Ok(())
}

#[test]
fn a_name_or_path_that_nothing_has_is_always_told() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let here = folder.path();
    // Somebody is known to be the agent, nobody is, and nobody speaks.
    fs::write(here.join("known.txt"), CHAT)?;
    fs::write(here.join("unknown.csv"), "会话ID,发送者,内容\n1,小美,您等一下\n1,晴天,好的\n")?;
    fs::write(here.join("replies.txt"), "您好,请问有什么可以帮您\n请您稍等一会儿\n")?;
    for file in ["known.txt", "unknown.csv", "replies.txt"] {
        let told = run(here, &["check", file, "--speaker", "小月=agent"])?;
        assert!(errors(&told).contains("warning: --speaker 小月=agent: nobody in this run is called `小月`"), "{file}: {}", errors(&told));
        let strict = run(here, &["check", file, "--speaker", "小月=agent", "--strict", "-q", "--fail-on", "never"])?;
        assert!(errors(&strict).contains("error: --speaker 小月=agent: nobody") && strict.status.code() == Some(2), "{file}");
    }

    fs::create_dir(here.join("calls"))?;
    fs::write(here.join("calls/1032-x.txt"), CHAT)?;
    for (pattern, wrong) in [
        ("(?<agent>[0-9]{4})_", Some("fits the path of no transcript in this run")),
        ("(?<agent>[0-9]{4})-(?<time>.)", Some("finds no date and time that can be read in the path of any transcript")),
        ("(?<agent>[0-9]{4})-", None),
    ] {
        fs::write(here.join("calls/phrase-lint.toml"), format!("fail-on = \"never\"\nfrom-path = '{pattern}'\n"))?;
        let told = run(here, &["check", "calls", "--strict", "-q"])?;
        let expected = wrong.map_or_else(String::new, |wrong| format!("error: calls/phrase-lint.toml:2: from-path '{pattern}' {wrong}"));
        assert!(errors(&told).starts_with(&expected) && errors(&told).is_empty() == wrong.is_none(), "{pattern}: {}", errors(&told));
        assert_eq!(told.status.code(), Some(if wrong.is_some() { 2 } else { 0 }), "{pattern}");
    }
    // Replies have no agent, and standard input has no path.
    fs::write(here.join("calls/phrase-lint.toml"), "fail-on = \"never\"\nfrom-path = '(?<agent>[0-9]{4})_'\n")?;
    fs::rename(here.join("replies.txt"), here.join("calls/1032-x.txt"))?;
    assert_eq!(errors(&run(here, &["check", "calls", "--strict", "-q"])?), "");
    assert_eq!(with_input(&here.join("calls"), &["check", "-", "--strict", "-q"], CHAT)?.1, Some(0));
    Ok(())
}

#[test]
fn what_must_be_utf_8_says_where_it_is_not() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let here = folder.path();
    fs::write(here.join("chat.txt"), CHAT)?;
    let with_byte = |text: &str| -> Vec<u8> { text.bytes().map(|byte| if byte == b'#' { 0xE4 } else { byte }).collect() };
    let damaged = "write the damaged character again, and save the file as UTF-8";
    fs::write(here.join("house.toml"), with_byte("[pack]\ncategory = \"house\"\n[[phrase]]\nid = \"wait\"\nimproper = \"等#一下\"\n"))?;
    fs::write(here.join("house.csv"), with_byte("不当用语,礼貌用语\n等一#下,请您稍等\n"))?;
    fs::write(here.join("settings.toml"), with_byte("level = \"info\"\n\n[speakers]\n\"小#王\" = \"agent\"\n"))?;
    fs::write(here.join("known"), b"# phrase-lint baseline 1\n\xE4\n")?;
    for (arguments, place) in [
        (["--rules", "house.toml"], "house.toml:5: is not UTF-8 (byte E4 at column 14)"),
        (["--rules", "house.csv"], "house.csv:2: is not UTF-8 (byte E4 at column 3)"),
        (["--config", "settings.toml"], "settings.toml:4: is not UTF-8 (byte E4 at column 3)"),
        (["--baseline", "known"], "known:2: is not UTF-8 (byte E4 at column 1)"),
    ] {
        let told = run(here, &["check", "chat.txt", arguments[0], arguments[1]])?;
        let told = (errors(&told), told.status.code());
        assert!(told.0.starts_with(&format!("error: {place}")) && told.0.contains(damaged) && told.1 == Some(2), "{arguments:?}: {told:?}");
    }
    // What an ignore file names behind it would be checked, and nobody would know.
    fs::write(here.join(".phrase-lintignore"), with_byte("*.csv\n#\n*.txt\n"))?;
    let told = errors(&run(here, &["check", "."])?);
    assert!(told.starts_with("error: ./.phrase-lintignore:2: is not UTF-8 (byte E4 at column 1); "), "{told}");
    Ok(())
}
