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
