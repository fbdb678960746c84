//! Every form of report, made from one shared set of stored findings: two shards with Han, emoji, quotes, control codes
//! and a hostile turn. `TRYCMD=overwrite cargo test` writes down what the forms are now.

#![allow(clippy::expect_used, reason = "a test that cannot run fails")]

use std::error::Error;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use calamine::{Data, Reader, Xlsx};
use serde_json::Value;

type Outcome = Result<(), Box<dyn Error>>;

const SHARDS: [&str; 2] = ["tests/report/first.jsonl", "tests/report/second.jsonl"];

fn phrase_lint(arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_phrase-lint"));
    program.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().expect("the program runs")
}

/// The shared findings in a form.
fn report(format: &str, further: &[&str]) -> Vec<u8> {
    let arguments =
        [&["report", SHARDS[0], SHARDS[1], "--rules", "tests/report/house.toml", "-f", format, "--level", "info"], further].concat();
    let output = phrase_lint(&arguments);
    assert_eq!((String::from_utf8_lossy(&output.stderr).as_ref(), output.status.code()), ("", Some(0)));
    output.stdout
}

/// Compares with what was written down.
#[track_caller]
fn snapshot(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/report/expected").join(name);
    if std::env::var("TRYCMD").is_ok_and(|wish| wish == "overwrite") {
        fs::write(&path, actual).expect("the snapshot can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    for (number, (expected, actual)) in expected.lines().zip(actual.lines()).enumerate() {
        assert_eq!(actual, expected, "{name}, line {}", number + 1);
    }
    assert_eq!(actual, expected, "{name}");
}

fn text(format: &str, further: &[&str]) -> String {
    String::from_utf8(report(format, further)).expect("a report is UTF-8")
}

#[test]
fn full() {
    snapshot("full.txt", &text("full", &[]));
}

#[test]
fn concise() {
    snapshot("concise.txt", &text("concise", &[]));
}

#[test]
fn scorecard() {
    snapshot("scorecard.txt", &text("scorecard", &["--pass", "95"]));
}

#[test]
fn markdown() {
    snapshot("summary.md", &text("markdown", &[]));
    snapshot("summary.zh-Hant.md", &text("markdown", &["--language", "zh-Hant"]));
    snapshot("summary.en.md", &text("markdown", &["--language", "en", "--pass", "95"]));
}

#[test]
fn csv() {
    snapshot("violations.csv", &text("csv", &[]));
}

#[test]
fn json() {
    snapshot("findings.json", &text("json", &[]));
}

#[test]
fn jsonl() {
    snapshot("findings.jsonl", &text("jsonl", &[]));
}

#[test]
fn github() {
    snapshot("github.txt", &text("github", &[]));
}

#[test]
fn gitlab() {
    snapshot("gitlab.json", &text("gitlab", &[]));
}

#[test]
fn junit() -> Outcome {
    let report = text("junit", &[]);
    snapshot("junit.xml", &report);
    let mut reader = quick_xml::Reader::from_str(&report);
    reader.config_mut().check_end_names = true;
    while reader.read_event()? != quick_xml::events::Event::Eof {}
    Ok(())
}

/// The schema of OASIS, as @microsoft/jest-sarif ships it.
fn sarif_schema() -> Result<jsonschema::Validator, Box<dyn Error>> {
    let schema = fs::read_to_string("tests/report/sarif-schema-2.1.0.json")?;
    // Two patterns have a `]` too many, which only JavaScript forgives.
    let schema: Value = serde_json::from_str(&schema.replace("{2}]?$", "{2}?$"))?;
    Ok(jsonschema::options().should_validate_formats(true).build(&schema).map_err(|error| error.to_string())?)
}

#[test]
fn sarif_is_valid() -> Outcome {
    let report: Value = serde_json::from_slice(&report("sarif", &[]))?;
    snapshot("report.sarif", &format!("{}\n", serde_json::to_string_pretty(&report)?));
    let validator = sarif_schema()?;
    let mistakes: Vec<_> = validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(mistakes, [""; 0]);
    let mut broken = report.clone();
    broken["runs"][0]["columnKind"] = "cells".into();
    assert!(!validator.is_valid(&broken), "the schema is looked at");
    Ok(())
}

#[test]
fn sarif_without_findings_is_valid() -> Outcome {
    let output = phrase_lint(&["check", "examples/transcripts/good-call.txt", "-f", "sarif", "--select", "pressure"]);
    let report: Value = serde_json::from_slice(&output.stdout)?;
    assert!(sarif_schema()?.is_valid(&report));
    assert_eq!(report["runs"][0]["results"], Value::Array(Vec::new()));
    Ok(())
}

/// The data that a page holds, a block a line.
#[test]
fn html() {
    let page = text("html", &[]);
    let blocks = page.split("<script type=\"application/json\"").skip(1).filter_map(|part| part.split_once("</script>"));
    let blocks: Vec<_> = blocks.map(|(block, _)| block.replace(",\"labels\":{", ",\n\"labels\":{")).collect();
    let without_labels: Vec<_> = blocks.iter().flat_map(|block| block.lines()).filter(|line| !line.starts_with("\"labels\"")).collect();
    snapshot("page.txt", &format!("{}\n", without_labels.join("\n")));
}

/// Every cell of every sheet, as another library reads it.
#[test]
fn xlsx() -> Outcome {
    let bytes = report("xlsx", &[]);
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes.clone()))?;
    let mut dump = String::new();
    for name in workbook.sheet_names() {
        dump.push_str(&format!("== {name}\n"));
        let cells = workbook.worksheet_range(&name)?;
        for row in cells.rows() {
            let cells = row.iter().map(|cell| match cell {
                Data::String(text) => format!("“{text}”"),
                other => other.to_string(),
            });
            dump.push_str(&cells.collect::<Vec<_>>().join(" | ").replace('\n', "⏎"));
            dump.push('\n');
        }
        assert!(workbook.worksheet_formula(&name)?.is_empty(), "no text is a formula");
    }
    snapshot("workbook.txt", &dump);

    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))?;
    let mut part = |name: &str| -> Result<String, Box<dyn Error>> {
        let mut text = String::new();
        archive.by_name(name)?.read_to_string(&mut text)?;
        Ok(text)
    };
    let scorecard = part("xl/worksheets/sheet1.xml")?;
    assert!(scorecard.contains("<hyperlink ref=\"A4\" location=\"'违规明细'!A4:N5\""), "{scorecard}");
    for sheet in 1..=4 {
        let sheet = part(&format!("xl/worksheets/sheet{sheet}.xml"))?;
        assert!(sheet.contains("<autoFilter ref=\"A1:") && sheet.contains("state=\"frozen\"") && sheet.contains("<conditionalFormatting"));
    }
    Ok(())
}

#[test]
fn a_workbook_without_findings_opens() -> Outcome {
    let output = phrase_lint(&["check", "examples/transcripts/good-call.txt", "-f", "xlsx", "--select", "pressure", "--language", "en"]);
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(output.stdout))?;
    assert_eq!(workbook.sheet_names(), ["Scorecard", "Rules", "Conversation", "Violations"]);
    assert_eq!(workbook.worksheet_range("Violations")?.height(), 1);
    Ok(())
}

#[test]
fn numbers_of_people_are_in_no_redacted_form() {
    for format in ["full", "concise", "markdown", "csv", "json", "jsonl", "sarif", "github", "gitlab", "junit", "html"] {
        let shown = text(format, &["--redact", "--with-text"]);
        for hidden in ["13812345678", "6222021234567890123", "11010519491231002", "li.ming", "example.com，"] {
            assert!(!shown.contains(hidden), "{format} shows {hidden}");
        }
    }
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(report("xlsx", &["--redact"]))).expect("a workbook");
    for name in workbook.sheet_names() {
        let cells = workbook.worksheet_range(&name).expect("a sheet");
        assert!(cells.rows().flatten().all(|cell| !cell.to_string().contains("13812345678")));
    }
}

/// Nicks are often telephone numbers, and cron mails what is said beside the report.
#[test]
fn numbers_of_people_are_in_no_redacted_message() -> Outcome {
    let folder = tempfile::tempdir()?;
    let chats = folder.path().join("chats");
    fs::create_dir(&chats)?;
    let chat = |one: &str, other: &str| {
        format!(
            r#"{{"id":"1","turns":[{{"speaker":"{one}","text":"您好"}},{{"speaker":"customer","text":"好"}},{{"speaker":"{other}","text":"在吗"}}]}}"#
        ) + "\n"
    };
    fs::write(chats.join("a.jsonl"), chat("13812345678", "0086-13912345678"))?;
    fs::write(chats.join("b.jsonl"), chat("agent", "+85291234567"))?;
    let chats = chats.to_str().ok_or("a path")?;
    let said = |further: &[&str]| {
        let arguments = [&["check", chats, "--speaker", "(010)62345678=agent", "-v", "-f", "jsonl"], further].concat();
        String::from_utf8_lossy(&phrase_lint(&arguments).stderr).into_owned()
    };
    let numbers = ["13812345678", "13912345678", "85291234567", "62345678"];
    let plain = said(&[]);
    assert!(numbers.iter().all(|number| plain.contains(number)), "{plain}");
    let masked = said(&["--redact"]);
    assert!(numbers.iter().all(|number| !masked.contains(number)), "{masked}");
    assert_eq!(masked.lines().count(), plain.lines().count());
    Ok(())
}

/// Checks quote what was said, cut short: neither codes nor halves of numbers get out by that way.
#[test]
fn what_a_check_quotes_is_escaped_and_masked() -> Outcome {
    let call = "\
[10:00:00] 客服：请稍等
[10:01:30] 客服：号码15270861934记好，18836492075
[10:02:00] 客户：你们太差劲了，我要投诉，快打17750938264
[10:02:05] 客服：卡号是6228480367215904138这张
[10:03:00] 客户：怎么还没好\u{202e}</script>
[10:06:05] 客服：\u{1b}[2J\u{9b}\u{202e}|](javascript:x)<img src=x>%0A::error::假
[10:07:00] 客户：没有了谢谢，再见
";
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("call.txt");
    fs::write(&path, call)?;
    let path = path.to_str().ok_or("a path")?;
    let check = |format: &str| {
        let output = phrase_lint(&["check", path, "--profile", "call", "--level", "info", "--redact", "--with-text", "-f", format]);
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let halves = ["1527086", "1883649", "1775093", "62284803"];
    let hides = |shown: &str, format: &str| {
        assert!(halves.iter().all(|half| !shown.contains(half)), "{format} shows a number");
        let acts = |c: char| c.is_control() && c != '\n' && c != '\r' || c == '\u{202e}';
        assert_eq!(shown.find(acts), None, "{format} sends a code");
    };
    for format in ["full", "concise", "scorecard", "markdown", "html", "csv", "json", "jsonl", "sarif", "github", "gitlab", "junit"] {
        let shown = String::from_utf8(check(format))?;
        assert!(format == "scorecard" || format == "markdown" || shown.contains("等待之后先致歉"), "{format} has no message");
        hides(&shown, format);
        if format == "github" {
            assert!(shown.lines().all(|line| line.starts_with("::") && !line.contains("::error::假")), "{shown}");
        }
    }
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(check("xlsx")))?;
    for name in workbook.sheet_names() {
        let cells = workbook.worksheet_range(&name)?;
        cells.rows().flatten().for_each(|cell| hides(&cell.to_string(), "xlsx"));
    }
    Ok(())
}

/// What is checked in two parts and put together is what is checked at once, in every form and to the last byte.
#[test]
fn merging_shards_gives_what_one_run_gives() -> Outcome {
    let folder = tempfile::tempdir()?;
    let inputs = [
        "examples/transcripts/every-category.txt",
        "examples/transcripts/good-call.txt",
        "examples/transcripts/chats.csv",
        "examples/replies/replies.jsonl",
    ];
    let forms = ["full", "concise", "scorecard", "markdown", "html", "xlsx", "csv", "sarif", "json", "jsonl", "gitlab", "junit"];
    let outputs = |name: &str| -> Vec<PathBuf> { forms.iter().map(|form| folder.path().join(format!("{name}.{form}"))).collect() };
    let run = |subcommand: &str, inputs: &[&str], outputs: &[PathBuf]| {
        let mut arguments: Vec<String> = [subcommand, "-f", "github", "--with-text"].map(str::to_owned).into();
        arguments.extend(inputs.iter().map(|input| (*input).to_owned()));
        for output in outputs {
            let form = output.extension().and_then(|form| form.to_str()).expect("a form");
            arguments.extend(["-o".to_owned(), format!("{form}:{}", output.display())]);
        }
        let output = phrase_lint(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(output.status.code() < Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let whole = outputs("whole");
    let annotated = run("check", &inputs, &whole);
    let shards: Vec<String> =
        (0..inputs.len()).map(|number| folder.path().join(format!("shard-{number}.jsonl")).display().to_string()).collect();
    for (input, shard) in inputs.iter().zip(&shards) {
        run("check", &[input], &[PathBuf::from(shard)]);
    }
    let merged = outputs("merged");
    let shards: Vec<&str> = shards.iter().map(String::as_str).collect();
    assert_eq!(annotated, run("report", &shards, &merged));
    for (whole, merged) in whole.iter().zip(&merged) {
        assert!(fs::read(whole)? == fs::read(merged)?, "{} differs", merged.display());
    }
    Ok(())
}

/// One agent hands over to another, by name in a table, in text and in JSON: each answers for what he says.
#[test]
fn several_agents_each_have_their_part() -> Outcome {
    let directory = tempfile::tempdir()?;
    let forms = [
        (
            "a.csv",
            "会话ID,角色,客服姓名,内容\n1,客服,张三,您好，请您稍等\n1,客户,,好\n1,客服,李四,你必须等\n2,客服,李四,好的\n2,客户,,好\n",
        ),
        ("a.txt", "客服张三：您好，请您稍等\n客户：好\n客服李四：你必须等\n\n客服李四：好的\n客户：好\n"),
        (
            "a.jsonl",
            concat!(
                r#"{"id":"1","agent":"张三","turns":[{"speaker":"agent","name":"张三","text":"您好，请您稍等"},{"speaker":"customer","text":"好"},"#,
                r#"{"speaker":"agent","name":"李四","text":"你必须等"}]}"#,
                "\n",
                r#"{"id":"2","turns":[{"speaker":"agent","name":"李四","text":"好的"},{"speaker":"customer","text":"好"}]}"#,
                "\n"
            ),
        ),
    ];
    for (name, chats) in forms {
        fs::write(directory.path().join(name), chats)?;
        let stored = directory.path().join("found.jsonl");
        let (input, stored) = (directory.path().join(name), stored.to_str().unwrap_or_default().to_owned());
        let check = phrase_lint(&["check", input.to_str().unwrap_or_default(), "-o", &stored, "--profile", "chat"]);
        assert_eq!(check.status.code(), Some(1), "{name}");
        let found = fs::read_to_string(&stored)?;
        let must = found.lines().find(|line| line.contains("command/must")).unwrap_or_default();
        assert!(must.contains(r#""agent":"李四""#), "{name}: {must}");
        let summary: Value = serde_json::from_str(found.lines().last().unwrap_or_default())?;
        let sums: Vec<_> = ["agent", "conversations", "points"].map(|key| [&summary["agents"][0][key], &summary["agents"][1][key]]).into();
        assert_eq!(serde_json::to_string(&sums)?, r#"[["张三","李四"],[1,2],[0,2]]"#, "{name}");
        assert_eq!((&summary["conversations"], &summary["points"], &summary["scores"]), (&2.into(), &2.into(), &198.into()), "{name}");
        let merged = phrase_lint(&["report", &stored, "-f", "jsonl"]);
        assert_eq!(String::from_utf8_lossy(&merged.stdout), found, "{name}");
        let full = phrase_lint(&["report", &stored]);
        assert!(String::from_utf8_lossy(&full.stdout).contains("agents 张三, 李四"), "{name}");
    }
    Ok(())
}

/// Shards of what came through standard input name no file: two that tell the same are two.
#[test]
fn shards_of_standard_input_that_are_alike_all_count() -> Outcome {
    let folder = tempfile::tempdir()?;
    let place = |name: &str| folder.path().join(name).display().to_string();
    fs::write(place("chat"), r#"{"turns":[{"speaker":"agent","text":"可以的"}]}"#)?;
    for name in ["1.jsonl", "2.jsonl"] {
        let mut check = Command::new(env!("CARGO_BIN_EXE_phrase-lint"));
        let check = check.args(["check", "-", "-f", "jsonl", "--fail-on", "never"]).stdin(fs::File::open(place("chat"))?);
        fs::write(place(name), check.output()?.stdout)?;
    }
    let whole = phrase_lint(&["report", &place("*.jsonl"), "-f", "jsonl"]);
    let summary: Value = serde_json::from_str(String::from_utf8_lossy(&whole.stdout).lines().last().unwrap_or_default())?;
    assert_eq!(summary["conversations"], 2);
    assert!(String::from_utf8_lossy(&whole.stderr).contains("they count twice; if they are the same, give them once"));
    Ok(())
}

/// A folder or a glob stands for the stored findings in it; a copy counts once, and what comes twice otherwise is told.
#[test]
fn findings_of_a_folder_and_findings_given_twice() -> Outcome {
    let folder = tempfile::tempdir()?;
    let place = |name: &str| folder.path().join(name).display().to_string();
    for (shard, name) in SHARDS.iter().zip(["1.jsonl", "2.jsonl"]) {
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(shard), place(name))?;
    }
    fs::write(place("page.html"), "<p>")?;
    let report = |inputs: &[&str]| phrase_lint(&[&["report", "-f", "scorecard"], inputs].concat());
    let whole = report(&[&place("")]);
    assert_eq!((String::from_utf8_lossy(&whole.stderr).as_ref(), whole.status.code()), ("", Some(0)));
    assert_eq!(whole.stdout, report(&SHARDS).stdout);
    assert_eq!(report(&[&place("*.jsonl")]).stdout, whole.stdout);
    assert_eq!(report(&[&place("1.jsonl"), &place("2.jsonl"), &place("./1.jsonl")]).stdout, whole.stdout);
    let told = |output: &std::process::Output| String::from_utf8_lossy(&output.stderr).into_owned();
    // A copy of a file is the file.
    fs::copy(place("1.jsonl"), place("3.jsonl"))?;
    let once = report(&[&place("")]);
    assert_eq!(once.stdout, whole.stdout);
    assert!(told(&once).starts_with("warning: ") && told(&once).contains("3.jsonl: holds the same as "), "{}", told(&once));
    // What is compressed is found, in folders below as well; no bytes tell that it is the same.
    fs::create_dir(place("below"))?;
    let mut packed = flate2::write::GzEncoder::new(fs::File::create(place("below/2.jsonl.gz"))?, flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &fs::read(place("2.jsonl"))?)?;
    packed.finish()?;
    fs::remove_file(place("3.jsonl"))?;
    let twice = report(&[&place("")]);
    assert!(told(&twice).starts_with("warning: ") && told(&twice).contains("they count twice"), "{}", told(&twice));
    fs::remove_file(place("2.jsonl"))?;
    // Of what holds no findings nothing is said, and what .gitignore names is findings all the same.
    fs::write(place("chats.jsonl"), "{\"id\":\"1\",\"text\":\"您好\"}\n")?;
    fs::write(place("_SUCCESS"), "")?;
    fs::write(place(".gitignore"), "*.jsonl\n")?;
    let shards = report(&[&place("")]);
    assert_eq!((told(&shards).as_str(), shards.status.code()), ("", Some(0)));
    assert_eq!(shards.stdout, whole.stdout);
    // A run that was cut off before its first line is no run.
    fs::write(place("cut.jsonl"), "")?;
    assert_eq!(report(&[&place("")]).status.code(), Some(2));
    for name in ["1.jsonl", "cut.jsonl", "below/2.jsonl.gz"] {
        fs::remove_file(place(name))?;
    }
    let none = report(&[&place("")]);
    assert_eq!(none.status.code(), Some(2));
    assert!(told(&none).contains("no stored findings in what was given"), "{}", told(&none));
    assert_eq!(report(&[&place("*.gz")]).status.code(), Some(2));
    for name in ["chats.jsonl", "_SUCCESS"] {
        fs::remove_file(place(name))?;
    }
    let none = report(&[&place("")]);
    assert_eq!(none.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&none.stderr).contains("no stored findings in this folder"));
    Ok(())
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, bytes)?;
    packed.finish()
}

fn zip(files: &[(&str, &[u8])]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default())?;
        std::io::Write::write_all(&mut writer, bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// Whatever a shard is called, what is lost of it is told; of what is no findings nothing is said.
#[test]
fn findings_of_a_folder_that_are_broken_are_told() -> Outcome {
    let shard = fs::read(SHARDS[1])?;
    let line = shard.iter().position(|byte| *byte == b'\n').ok_or("a line")?;
    let stored = gzip(&shard)?;
    let [half, start] = [stored.len() / 2, stored.len() - 8].map(|end| stored[..end].to_vec());
    let first = gzip(&shard[..line - 1])?;
    let broken: [(&str, Vec<u8>, &str); 8] = [
        ("shard-2.gz", half.clone(), "shard-2.gz:"),
        ("shard-2.gz", start, "shard-2.gz:"),
        ("shard-2.gz", first, "shard-2.gz:1: no line of"),
        ("shard-2", shard[..line / 2].to_vec(), "shard-2:1: no line of"),
        ("shard-2", shard[9..].to_vec(), "shard-2:1: no line of"),
        ("night.zip", zip(&[("findings.jsonl", b"")])?, "night.zip/findings.jsonl:1: there is no summary"),
        ("night.zip", zip(&[("findings", &shard[..line / 2])])?, "night.zip/findings:1: no line of"),
        ("night.zip", zip(&[("findings.jsonl.gz", &half)])?, "night.zip/findings.jsonl.gz: it is cut off or damaged"),
    ];
    for (name, bytes, told) in broken {
        let folder = tempfile::tempdir()?;
        fs::copy(SHARDS[0], folder.path().join("shard-1.jsonl"))?;
        fs::write(folder.path().join(name), bytes)?;
        for given in ["", "*"] {
            let output = phrase_lint(&["report", "-f", "scorecard", &folder.path().join(given).display().to_string()]);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(2), "{name}, {told}: {said}");
            assert!(said.lines().any(|line| line.starts_with("error: ") && line.contains(told)), "{told}: {said}");
            assert!(String::from_utf8_lossy(&output.stdout).contains("小李"), "what is there is reported");
        }
    }
    // What may have been findings is a warning.
    let archive = zip(&[("findings.jsonl", &shard)])?;
    let pages = zip(&[("page.txt", b"<p>\n"), ("empty", b"")])?;
    for (name, bytes, level) in [
        ("night.zip", &archive[..archive.len() / 2], "warning"),
        ("shard-2.gz", &stored[..12], "warning"),
        ("shard-2.zst", b"\x28\xB5\x2F\xFD\x00".as_slice(), "warning"),
        ("night.jsonl.zip", &archive[..archive.len() / 2], "error"),
        ("pages.zip", &pages, ""),
        ("empty", b"", ""),
        ("key", b"\x00\xff\x1c", ""),
    ] {
        let folder = tempfile::tempdir()?;
        fs::copy(SHARDS[0], folder.path().join("shard-1.jsonl"))?;
        fs::write(folder.path().join(name), bytes)?;
        let output = phrase_lint(&["report", "-f", "scorecard", &folder.path().display().to_string()]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(if level == "error" { 2 } else { 0 }), "{name}: {said}");
        assert!(said.split(':').next() == Some(level) && (level.is_empty() || said.contains(name)), "{name}: {said}");
    }
    Ok(())
}

/// Where there is nothing to report, the report of yesterday stays.
#[test]
fn nothing_is_no_report() -> Outcome {
    let folder = tempfile::tempdir()?;
    let place = |name: &str| folder.path().join(name).display().to_string();
    fs::create_dir(place("in"))?;
    fs::write(place("in/chats.jsonl"), "{\"id\":\"1\",\"text\":\"您好\"}\n")?;
    fs::write(place("in/page.html"), "<p>")?;
    fs::write(place("old.html"), "before")?;
    for (given, told) in [
        ("in/zz*.log", "no file of the kind looked for matches this glob"),
        // Behind a glob as in a folder, another form of report is left out by its name.
        ("in/*.html", "no file of the kind looked for matches this glob"),
        ("in/chats.jsonl", "this is JSON of another kind"),
        ("in", "no stored findings in what was given"),
    ] {
        let output = phrase_lint(&["report", &place(given), "-o", &place("old.html")]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{given}: {said}");
        assert!(said.contains(told) && said.matches("error: ").count() == 1, "{given}: {said}");
        assert_eq!(fs::read_to_string(place("old.html"))?, "before", "{given}");
    }
    Ok(())
}

/// Copies are copies of findings only: marks of other programs are not told, and a file that is named is judged by itself.
#[test]
fn what_is_no_findings_is_no_copy() -> Outcome {
    let folder = tempfile::tempdir()?;
    let place = |name: &str| folder.path().join(name).display().to_string();
    fs::copy(SHARDS[0], place("1.jsonl"))?;
    for name in ["_SUCCESS", "_SUCCESS-2"] {
        fs::write(place(name), "done\n")?;
    }
    let output = phrase_lint(&["report", "-f", "scorecard", &place("")]);
    assert_eq!((String::from_utf8_lossy(&output.stderr).as_ref(), output.status.code()), ("", Some(0)));
    let named = phrase_lint(&["report", "-f", "scorecard", &place("*S"), &place("_SUCCESS-2"), &place("1.jsonl")]);
    let said = String::from_utf8_lossy(&named.stderr).into_owned();
    assert!(named.status.code() == Some(2) && said.contains("_SUCCESS-2: this is a table or text"), "{said}");
    Ok(())
}

#[test]
fn a_file_is_replaced_only_by_a_whole_report() -> Outcome {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("report.md");
    let path = path.to_str().ok_or("a path")?;
    fs::write(path, "before")?;
    let failed = phrase_lint(&["report", SHARDS[0], "-o", path, "-o", "no-such-folder/report.md"]);
    assert_eq!((failed.status.code(), fs::read_to_string(path)?.as_str()), (Some(2), "before"));
    assert!(String::from_utf8_lossy(&failed.stderr).contains("cannot write `no-such-folder/report.md`"), "{failed:?}");
    assert_eq!(phrase_lint(&["report", SHARDS[0], "-o", path]).status.code(), Some(0));
    assert!(fs::read_to_string(path)?.starts_with("## "));
    assert_eq!(fs::read_dir(folder.path())?.count(), 1, "no temporary file is left");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let fresh = folder.path().join("fresh.md");
        phrase_lint(&["report", SHARDS[0], "-o", fresh.to_str().ok_or("a path")?]);
        assert_ne!(fs::metadata(fresh)?.permissions().mode() & 0o044, 0, "others may read it as any new file");
    }
    Ok(())
}

#[test]
fn stored_findings_that_are_cut_short_are_told() -> Outcome {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("cut.jsonl");
    let stored = fs::read_to_string(SHARDS[0])?;
    fs::write(&path, stored.lines().take(5).collect::<Vec<_>>().join("\n"))?;
    let output = phrase_lint(&["report", path.to_str().ok_or("a path")?, "-f", "scorecard"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cut short"));
    assert!(String::from_utf8_lossy(&output.stdout).contains("小李"), "what is there is reported");
    Ok(())
}
