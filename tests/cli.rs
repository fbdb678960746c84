//! What a user types and sees: each file of `tests/cli/` is such a transcript.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

#[test]
fn the_command_line_answers_as_written_down() {
    trycmd::TestCases::new().case("tests/cli/*.trycmd").case("tests/cli/*.toml");
}

/// What the README shows of the program is what it says; `…` stands for what is left out.
#[test]
fn the_readme_shows_what_the_program_says() -> std::io::Result<()> {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"))?;
    let mut shown = 0;
    for block in readme.split("```console\n").skip(1).filter_map(|rest| rest.split_once("```")).map(|(block, _)| block) {
        let (command, answer) = block.split_once('\n').unwrap_or_default();
        let arguments = command.strip_prefix("$ phrase-lint ").unwrap_or_else(|| panic!("{command}"));
        let program =
            Command::new(env!("CARGO_BIN_EXE_phrase-lint")).current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments.split(' ')).output()?;
        let said = String::from_utf8_lossy(&program.stdout).into_owned();
        let mut rest = said.as_str();
        // What stands behind an ellipsis comes somewhere later, all else at once.
        for (number, part) in answer.split('…').map(|part| part.trim_matches('\n')).enumerate() {
            let at = rest.find(part).unwrap_or_else(|| panic!("{command}\nsays nowhere\n{part}\nbut\n{rest}"));
            assert!(number > 0 || at == 0, "{command}\ndoes not begin with\n{part}\nbut\n{rest}");
            rest = &rest[at + part.len()..];
        }
        shown += 1;
    }
    assert!(shown >= 3, "{shown}");
    Ok(())
}

/// What is told of the lines of a stream, for any number of threads and in bounded memory: see `pipeline` and `stream`.
#[test]
fn any_number_of_threads_reads_a_log_of_two_systems_alike() -> std::io::Result<()> {
    let turn = "{\"speaker\":\"客服小王\",\"text\":\"你必须先付款，再来查询订单\"}";
    let record = |id: usize| format!("{{\"id\":\"{id}\",\"turns\":[{turn}]}}\n");
    let gb18030 = phrase_lint::source::Encoding::named("gb18030").expect("it is known");
    let mut log = Vec::new();
    for id in 0..5000 {
        match id % 1000 {
            7 => log.extend(gb18030.encode(&record(id)).expect("it can be written")),
            _ => log.extend(record(id).into_bytes()),
        }
    }
    let cut = record(5000);
    log.extend(&cut.as_bytes()[..=cut.find("你必须").expect("it is there")]);
    let mut told = Vec::new();
    for threads in ["1", "4"] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_phrase-lint"))
            .args(["check", "-", "-f", "jsonl", "--select", "command", "--speaker", "小王子=agent", "-j", threads])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut input = program.stdin.take().expect("piped");
        let bytes = log.clone();
        let writing = std::thread::spawn(move || input.write_all(&bytes));
        let output = program.wait_with_output()?;
        writing.join().expect("no panic")?;
        let messages = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            messages.contains("6 lines are in another encoding than the rest, or damaged, the first is line 8: 5 read as gb18030, 1 with"),
            "{messages}"
        );
        assert!(messages.contains("nobody in this run is called `小王子`; the nearest is `小王`"), "{messages}");
        assert_eq!(String::from_utf8_lossy(&output.stdout).matches("\"type\":\"violation\"").count(), 5000);
        told.push((output.stdout, messages));
    }
    assert_eq!(told[0], told[1]);
    Ok(())
}

/// `phrase-lint … | head -1`
#[test]
fn a_closed_pipe_is_a_quiet_end() -> std::io::Result<()> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_phrase-lint"))
        .args(["check", "-", "--format", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut input = program.stdin.take().expect("piped");
    // The program stops reading once nobody reads what it says: then this ends too.
    let writing = std::thread::spawn(move || {
        let line = r#""text":"感谢您的来电，请问还有什么可以帮您？"}"#;
        (0..20_000).try_for_each(|number| writeln!(input, r#"{{"id":"{number}",{line}"#)).is_ok()
    });
    // The reader is gone before the output, which is far larger than a pipe holds, is written.
    let mut line = String::new();
    BufReader::new(program.stdout.take().expect("piped")).read_line(&mut line)?;
    let mut messages = String::new();
    program.stderr.take().expect("piped").read_to_string(&mut messages)?;
    assert!(line.contains(r#""type":"conversation""#), "{line}");
    assert_eq!((messages.as_str(), program.wait()?.code()), ("", Some(0)));
    let _ = writing.join();
    Ok(())
}
