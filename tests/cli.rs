//! What a user types and sees: each file of `tests/cli/` is such a transcript.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

#[test]
fn the_command_line_answers_as_written_down() {
    trycmd::TestCases::new().case("tests/cli/*.trycmd").case("tests/cli/*.toml");
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
