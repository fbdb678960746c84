//! The HTML page in a real browser: what a reader does, and what a hostile transcript must not do.

#![allow(clippy::expect_used, reason = "a test that cannot run fails")]
#![cfg(unix)]

mod chromium;

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use chromium::Page;
use tempfile::TempDir;

type Outcome = Result<(), Box<dyn Error>>;

/// A page made from stored findings.
fn page(findings: &[&Path]) -> Result<(TempDir, PathBuf), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("report.html");
    let mut program = Command::new(env!("CARGO_BIN_EXE_phrase-lint"));
    program.current_dir(env!("CARGO_MANIFEST_DIR")).arg("report").args(findings).arg("--output").arg(&path);
    let output = program.args(["--rules", "tests/report/house.toml", "--format", "scorecard"]).output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok((folder, path))
}

fn shared() -> Result<(TempDir, PathBuf), Box<dyn Error>> {
    page(&[Path::new("tests/report/first.jsonl"), Path::new("tests/report/second.jsonl")])
}

/// Nothing was loaded from anywhere, and nothing went wrong.
fn quiet(page: &Page) {
    assert!(page.requests.iter().all(|url| url.starts_with("\"file:") || url.starts_with("\"data:")), "{:?}", page.requests);
    assert_eq!(page.errors, [""; 0]);
}

#[test]
fn filters_and_search_narrow_the_list() -> Outcome {
    let (_folder, path) = shared()?;
    let Some(mut page) = Page::open(&path, 1400, 2400)? else { return Ok(()) };
    assert_eq!(page.text("#status"), "共 6 条违规");
    assert_eq!(page.value("document.querySelectorAll('.row').length"), 6);

    page.choose("#agent", "小李");
    assert_eq!(page.text("#status"), "2 / 6 条违规");
    page.choose("#rule", "问姓名");
    assert_eq!(page.text("#status"), "1 / 6 条违规");
    assert_eq!(page.text(".row mark"), "你叫什么名字");
    page.click("#reset");
    page.wait("document.getElementById('status').textContent === '共 6 条违规'");

    page.write("#search", "LI.MING@");
    page.wait("document.getElementById('status').textContent === '2 / 6 条违规'");
    page.click("#reset");
    page.wait("document.querySelectorAll('.row').length === 6");

    page.click("#filters input[value='1']");
    assert_eq!(page.text("#status"), "2 / 6 条违规");
    page.click("#filters input[value='2']");
    assert_eq!(page.text("#status"), "0 / 6 条违规");
    assert_eq!(page.text("#empty"), "没有符合筛选的违规");
    page.click("#infos");
    assert_eq!(page.text("#status"), "1 / 1 条提示");
    page.click("#filters input[value='2']");
    assert_eq!(page.text("#status"), "3 / 7 条违规和提示");
    page.click("#reset");
    page.wait("document.querySelectorAll('.row').length === 6");

    page.click("#days button[data-day='2024-04-29']");
    assert_eq!(page.text("#status"), "2 / 6 条违规");
    page.click("#day");
    assert_eq!(page.text("#status"), "共 6 条违规");
    page.value("[...document.querySelectorAll('#categories button')].find((one) => one.textContent.includes('问姓名')).click()");
    assert_eq!(page.text("#status"), "1 / 6 条违规");
    page.click("#reset");
    page.value("[...document.querySelectorAll('#agents td button')].find((one) => one.textContent === '小李').click()");
    page.wait("document.getElementById('status').textContent === '2 / 6 条违规'");
    quiet(&page);
    Ok(())
}

#[test]
fn the_table_of_agents_is_sorted_by_its_headings() -> Outcome {
    let (_folder, path) = shared()?;
    let Some(mut page) = Page::open(&path, 1400, 2400)? else { return Ok(()) };
    assert_eq!(page.text("#cards .words dd"), "=<b>|␛[1m 75.0 您 75.0 谢 25.0 ");
    assert_eq!(page.text("#untimed"), "1 段会话没有时间，等待、时长一类的检查未作判断。");
    let courtesy = "[...document.querySelectorAll('#agents tbody tr')].map((row) => row.children[8].textContent).join(' ')";
    assert_eq!(page.value(courtesy), "– 0.0 50.0 200.0");
    let first = "#agents tbody td";
    assert_eq!(page.text(first), "（未注明客服）", "the lowest average");
    page.click("#agents th:nth-child(4) button");
    assert_eq!(page.text(first), "小陳");
    assert_eq!(page.value("document.querySelector('#agents th:nth-child(4)').ariaSort"), "descending");
    page.click("#agents th:nth-child(7) button");
    assert_eq!(page.text(first), "小李", "the most infos");
    let counts = "[...document.querySelector('#agents tbody tr').children].slice(4, 7).map((cell) => cell.textContent).join(' ')";
    assert_eq!(page.value(counts), "2 200.0 1");
    quiet(&page);
    Ok(())
}

#[test]
fn infos_are_counted_apart_and_shown_where_they_are_asked_for() -> Outcome {
    let (_folder, path) = shared()?;
    let Some(mut page) = Page::open(&path, 1400, 2400)? else { return Ok(()) };
    assert_eq!(page.text("#cards div:nth-child(4)"), "违规数6严重 2 · 一般 4 · 另有提示 1 条");
    let bars = "[...document.querySelectorAll('#categories summary')].map((one) => one.textContent).join('|')";
    assert_eq!(page.value(bars), "本店用语5|<b>1");
    page.choose("#rule", "house/thanks");
    assert_eq!(page.text("#status"), "1 / 1 条提示");
    assert_eq!(page.text(".row b"), "house/thanks");
    // Only as long as the rule is chosen.
    page.choose("#rule", "全部规则");
    assert_eq!(page.text("#status"), "共 6 条违规");
    quiet(&page);
    Ok(())
}

/// 706 of 8 conversations is 88.25, and 5 of 8 are 62.5 %.
#[test]
fn the_page_rounds_as_the_other_forms_do() -> Outcome {
    let folder = tempfile::tempdir()?;
    let findings = folder.path().join("findings.jsonl");
    let told = |(number, points): (usize, &u64)| {
        let score = 100 - points;
        format!(
            "{{\"type\":\"conversation\",\"file\":\"a\",\"conversation\":\"{number}\",\"agent\":\"甲\",\"turns\":1,\"points\":{points},\"fatal\":false,\"score\":{score},\"rules\":{{}}}}\n"
        )
    };
    let summary = r#"{"type":"summary","conversations":8,"turns":8,"violations":0,"affected":0,"by_rule":{},"by_category":{},"by_severity":{"error":0,"warning":0,"info":0},"by_rewrite":{"safe":0,"suggested":0,"example":0,"none":0},"agents":[]}"#;
    let told: String = [30_u64, 30, 30, 4, 0, 0, 0, 0].iter().enumerate().map(told).collect();
    fs::write(&findings, told + summary + "\n")?;
    let output = Command::new(env!("CARGO_BIN_EXE_phrase-lint")).arg("report").arg(&findings).args(["-f", "markdown"]).output()?;
    let markdown = String::from_utf8(output.stdout)?;
    assert!(markdown.contains("**88.3**") && markdown.contains("**63% "), "{markdown}");
    let (_folder, path) = page(&[&findings])?;
    let Some(mut page) = Page::open(&path, 1400, 2400)? else { return Ok(()) };
    assert!(page.text("#cards div:nth-child(2)").contains("63%"));
    assert!(page.text("#cards div:nth-child(3)").ends_with("88.3"));
    quiet(&page);
    Ok(())
}

#[test]
fn a_conversation_opens_with_the_words_marked_and_the_rewrite_beside_them() -> Outcome {
    let (_folder, path) = shared()?;
    let Some(mut page) = Page::open(&path, 1400, 2400)? else { return Ok(()) };
    page.click(".row:nth-child(2)");
    assert_eq!(page.text("#heading"), "c-17");
    assert_eq!(page.value("document.querySelectorAll('#turns .bubble').length"), 4);
    assert_eq!(page.value("[...document.querySelectorAll('#turns mark')].map((mark) => mark.textContent).join('|')"), "你|你叫什么名字");
    assert_eq!(page.text("#turns li.agent .bubble"), "您好👍🏽你好！你叫什么名字?");
    assert_eq!(page.text(".current .why"), "问姓名要用请求的语气。");
    assert_eq!(
        page.value("[...document.querySelectorAll('.current .rewrite > span')].map((one) => one.textContent).join('|')"),
        "能告诉我您的姓名吗|请问您怎么称呼"
    );
    page.click(".current .rewrite button");
    page.wait("document.getElementById('announce').textContent === '已复制'");

    // Infos are in sight where they are asked for, in the list as in the conversation.
    assert_eq!(page.value("document.querySelectorAll('#turns .finding').length"), 2);
    page.click("#infos");
    page.wait("document.querySelectorAll('#turns .finding').length === 3 && document.querySelectorAll('.row').length === 7");
    page.click(".row:nth-child(2)");

    // The same without a mouse.
    page.value("document.getElementById('list').focus()");
    page.press("ArrowDown");
    assert_eq!(page.text(".current code"), "house/thanks");
    assert_eq!(
        page.value("document.getElementById(document.getElementById('list').getAttribute('aria-activedescendant')).ariaPosInSet"),
        "3"
    );
    page.press("End");
    assert_eq!(page.text("#heading"), "第 3 行");
    page.click("#previous");
    assert_eq!(page.value("location.hash"), "#v6");
    let nameless = "[...document.querySelectorAll('button, select, input')].filter((one) => !(one.textContent.trim() || one.ariaLabel || one.labels?.length)).length";
    assert_eq!(page.value(nameless), 0, "everything that can be used has a name");
    quiet(&page);
    Ok(())
}

#[test]
fn a_hostile_transcript_stays_text() -> Outcome {
    let (_folder, path) = shared()?;
    let Some(mut page) = Page::open(&path, 1400, 2400)? else { return Ok(()) };
    page.write("#search", "window.hostile");
    page.wait("document.getElementById('status').textContent.startsWith('2 /')");
    page.click(".row");
    assert_eq!(page.text("#heading"), "@r-1");
    let said = page.text("#turns li.agent .bubble");
    assert!(said.contains("</script><script>window.hostile=1</script><img src=x onerror=\"window.hostile=1\">"), "{said}");
    assert!(said.contains("报警\\u{202e}抓你␛[31m"), "{said}");
    assert_eq!(page.text("#turns mark"), "报警");
    assert!(page.text("#turns li.customer .bubble").contains("[点我](javascript:window.hostile=1)"));
    assert!(page.text("#facts").contains("=HYPERLINK(\"javascript:window.hostile=1\""));
    page.value("dispatchEvent(new Event('beforeprint'))");
    assert_eq!(page.value("document.querySelectorAll('#print article').length"), 2);
    assert_eq!(page.value("typeof window.hostile"), "undefined");
    assert_eq!(page.value("document.querySelectorAll('img, iframe, a[href^=javascript]').length"), 0);
    // Not even a script that got in would run.
    page.value(
        "{ const script = document.createElement('script'); script.textContent = 'window.hostile = 1'; document.body.append(script); }",
    );
    assert_eq!(page.value("typeof window.hostile"), "undefined");
    Ok(())
}

#[test]
fn a_telephone_shows_one_thing_at_a_time() -> Outcome {
    let (_folder, path) = shared()?;
    let Some(mut page) = Page::open(&path, 390, 844)? else { return Ok(()) };
    assert_eq!(page.value("document.documentElement.scrollWidth"), 390, "nothing stands out at the side");
    assert_eq!(page.value("getComputedStyle(document.getElementById('panel')).display"), "none");
    page.click("nav a[href='#explorer']");
    page.wait("document.querySelector('.row:nth-child(2)')");
    page.click(".row:nth-child(2)");
    assert_eq!(page.value("getComputedStyle(document.getElementById('panel')).position"), "fixed");
    assert_eq!(page.value("document.activeElement.id"), "panel");
    let seen = "(() => { const place = document.querySelector('.current').getBoundingClientRect(); return place.top >= 0 && place.bottom <= innerHeight; })()";
    assert_eq!(page.value(seen), true, "the finding is in sight");
    assert_eq!(page.value("document.documentElement.scrollWidth"), 390);
    page.press("Escape");
    page.wait("getComputedStyle(document.getElementById('panel')).display === 'none' && location.hash === '#explorer'");
    page.wait("document.activeElement.id === 'list'");
    quiet(&page);
    Ok(())
}

#[test]
fn a_clean_run_says_so() -> Outcome {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("report.html");
    let status = Command::new(env!("CARGO_BIN_EXE_phrase-lint"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["check", "examples/transcripts/good-call.txt", "--select", "pressure", "-q", "-o"])
        .arg(&path)
        .status()?;
    assert!(status.success());
    let Some(mut page) = Page::open(&path, 1400, 2400)? else { return Ok(()) };
    assert_eq!(page.text("#empty"), "没有发现违规");
    assert_eq!(page.value("document.getElementById('panel').hidden"), true);
    quiet(&page);
    Ok(())
}

#[test]
fn a_hundred_thousand_violations_are_a_list_of_a_screenful_of_nodes() -> Outcome {
    let folder = tempfile::tempdir()?;
    let findings = folder.path().join("many.jsonl");
    let mut stored = String::new();
    for number in 0..50_000 {
        for turn in [0, 2] {
            writeln!(
                stored,
                r#"{{"type":"violation","file":"a.jsonl","conversation":"c-{number}","turn":{turn},"speaker":"agent","agent":"A{agent}","rule":"house/nin","severity":"warning","message":"对客户称“您”。","sentence":"你好，单号{number}","text":"你","span":{{"start":0,"end":3}},"points":2,"rewrites":[{{"text":"您","applicability":"safe"}}]}}"#,
                agent = number % 50
            )?;
        }
        writeln!(
            stored,
            r#"{{"type":"conversation","file":"a.jsonl","conversation":"c-{number}","agent":"A{agent}","time":"2024-04-{day:02} 10:00","turns":3,"points":4,"fatal":false,"score":96,"rules":{{"house/nin":2}}}}"#,
            agent = number % 50,
            day = number % 30 + 1
        )?;
    }
    stored.push_str(r#"{"type":"summary","conversations":0,"turns":0,"violations":0,"affected":0,"by_rule":{},"by_category":{},"by_severity":{"error":0,"warning":0,"info":0},"by_rewrite":{"safe":0,"suggested":0,"example":0,"none":0},"agents":[]}"#);
    fs::write(&findings, stored)?;
    let (_folder, path) = page(&[&findings])?;
    let Some(mut page) = Page::open(&path, 1400, 2400)? else { return Ok(()) };
    assert_eq!(page.text("#status"), "共 100,000 条违规");
    page.value("document.getElementById('list').focus()");
    page.press("End");
    assert_eq!(page.text(".row.active div:nth-child(2)"), "你好，单号49999");
    assert_eq!(page.text("#heading"), "c-49999");
    let nodes = page.value("document.querySelectorAll('.row').length").as_u64().unwrap_or(0);
    assert!((1..60).contains(&nodes), "{nodes} rows are nodes");
    page.write("#search", "单号31415");
    page.wait("document.getElementById('status').textContent === '2 / 100,000 条违规'");
    quiet(&page);
    Ok(())
}
