//! Suppressions: they never change what is read, and hide what they are for and nothing else.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::OnceLock;

use phrase_lint::builtin;
use phrase_lint::lint::{RuleSet, Selection};
use phrase_lint::rule::Profile;
use phrase_lint::source::Document;
use phrase_lint::suppression::{NoPlace, Suppressions, Suppressor, What};
use phrase_lint::transcript::{Conversation, Place, ReadOptions, Speaker, read};
use phrase_lint::violation::Severity;
use proptest::prelude::*;
use proptest::sample::select;

fn rule_set() -> &'static RuleSet {
    static RULES: OnceLock<RuleSet> = OnceLock::new();
    RULES.get_or_init(|| RuleSet::new(&builtin::rules(), &Selection::default()))
}

fn conversations(document: &Document) -> Vec<Conversation> {
    let mut conversations = Vec::new();
    read(document, &ReadOptions::default(), &mut |found| conversations.push(found.unwrap())).unwrap();
    conversations
}

fn said(document: &Document) -> Vec<Vec<(Speaker, String)>> {
    let of = |conversation: &Conversation| conversation.turns.iter().map(|turn| (turn.speaker, turn.text.clone())).collect();
    conversations(document).iter().map(of).collect()
}

/// The rules that are reported, with the words they mark.
fn reported(document: &Document) -> Vec<(String, String)> {
    let suppressions = Suppressions::of(document, &ReadOptions::default());
    let mut found = Vec::new();
    for conversation in conversations(document) {
        let cover = suppressions.cover(&conversation);
        for violation in
            rule_set().examine_except(&conversation, Profile::from(conversation.kind), |violation| cover.hides(violation)).violations
        {
            let words = violation.span.and_then(|span| conversation.turns[violation.turn].text.get(span).map(str::to_owned));
            found.push((violation.rule.to_string(), words.unwrap_or_default()));
        }
    }
    found
}

fn suppressor(reading: &ReadOptions) -> Suppressor<'_> {
    Suppressor { rule_set: rule_set(), reading, profile: None, direction: None, level: Severity::Info, transcripts: true }
}

/// What follows a comment is not looked for anew by each that stands before it.
#[test]
fn a_text_may_have_any_number_of_comments() {
    let text = format!("客服：您好\n{}客服：你好\n客服：你好\n", "# phrase-lint: ignore-next-line\n".repeat(100_000));
    let document = Document::from_text("a.txt", text);
    assert_eq!(reported(&document).iter().filter(|(rule, _)| rule == "address/nin").count(), 1);
}

#[test]
fn a_turn_of_several_lines_is_covered_as_a_whole() {
    let document =
        Document::from_text("a.txt", "客户：在\n客服：您好\n你的包裹到了\n你看看 # phrase-lint: ignore address\n客户：好\n客服：你好\n");
    assert_eq!(reported(&document).iter().filter(|(rule, _)| rule == "address/nin").count(), 1);
    let turns = &conversations(&document)[0].turns;
    assert_eq!(turns[1].text, "您好\n你的包裹到了\n你看看");
}

#[test]
fn blocks_may_overlap_and_lie_within_each_other() {
    let text = "# phrase-lint: ignore-start address\n你好\n# phrase-lint: ignore-start waiting\n你等着，你好\n# phrase-lint: ignore-end address\n你好\n你等着\n# phrase-lint: ignore-end\n你等着\n";
    let expected = [("address/nin", "你"), ("waiting/order", "你等着")].map(|(rule, words)| (rule.to_owned(), words.to_owned()));
    assert_eq!(reported(&Document::from_text("a.txt", text)), expected);
}

#[test]
fn a_comment_of_a_category_is_none_of_another_with_the_same_beginning() {
    // `address` is no `addressing/…`, and `address/ni` no `address/nin`.
    let document = Document::from_text("a.txt", "你好 # phrase-lint: ignore addres\n你好 # phrase-lint: ignore address/ni\n");
    assert_eq!(reported(&document).len(), 2);
    let suppressions = Suppressions::of(&document, &ReadOptions::default());
    let wrong: Vec<_> = suppressions.remarks(rule_set()).into_iter().map(|remark| (remark.line, remark.what)).collect();
    assert_eq!(
        wrong,
        [
            (Some(1), What::Unknown("addres".into(), Some("address".into()))),
            (Some(2), What::Unknown("address/ni".into(), Some("address/nin".into()))),
        ]
    );
}

#[test]
fn what_has_no_place_is_told() {
    let reading = ReadOptions::default();
    let strings = Document::from_text("a.json", r#"{"a":"你好"}"#);
    assert_eq!(suppressor(&reading).suppress(&strings), Err(NoPlace::Format("json-strings")));
    let chat = Document::from_text("a.txt", "客户：在吗\n客服：你等着\n");
    assert_eq!(Suppressor { transcripts: false, ..suppressor(&reading) }.suppress(&chat), Err(NoPlace::Transcript));
    assert_eq!(suppressor(&reading).suppress(&Document::from_text("a.txt", "您好\n")), Ok(None));
}

#[test]
fn in_markdown_a_suppression_stands_behind_what_it_is_for() {
    let reading = ReadOptions::default();
    let text = "您好\n\n```\n你必须\n```\n\n| 场景 | 话术 |\n|---|---|\n| 催单 | 你必须等 |\n";
    let added = suppressor(&reading).suppress(&Document::from_text("replies.md", text)).unwrap().unwrap();
    assert_eq!(added.text, text.replace("你必须等 |\n", "你必须等 | <!-- phrase-lint: ignore command/must -->\n"));
}

#[test]
fn a_workbook_has_a_column_too() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in
        [["编码", "内容", "phrase-lint-ignore"], ["1", "你好", "address"], ["2", "你好", ""], ["3", "您好", "waiting"]].iter().enumerate()
    {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write_string(u32::try_from(row).unwrap(), u16::try_from(column).unwrap(), *cell).unwrap();
        }
    }
    let document = Document::decode("a.xlsx", workbook.save_to_buffer().unwrap(), None).unwrap();
    assert_eq!(reported(&document).len(), 1);
    let unused = conversations(&document).pop().unwrap();
    assert!(matches!(unused.ignores[0].place, Place::Cell { row: 4, column: 3 }));
    let suppressions = Suppressions::of(&document, &ReadOptions::default());
    let remarks = suppressions.cover(&unused).remarks(&unused, rule_set(), |_| 0);
    assert_eq!((remarks[0].line, &remarks[0].what), (Some(4), &What::Unused(Some("waiting".into()))));
    assert_eq!(suppressor(&ReadOptions::default()).suppress(&document), Err(NoPlace::NotText));
}

/// A line of a file of replies or of a chat, good or bad.
fn line() -> impl Strategy<Value = &'static str> {
    select(vec!["您好，请稍等", "你等着", "你好，你的订单到了", "你必须先登记", "好的", "", "這個我不清楚", "請您稍候"])
}

fn comment() -> impl Strategy<Value = &'static str> {
    select(vec![
        "# phrase-lint: ignore address/nin — 老板",
        "  ## phrase-lint: ignore-next-line",
        "<!-- phrase-lint: off waiting -->",
        "- <!-- phrase-lint: ignore-end -->",
        "# phrase-lint: 什么",
        "# phrase-lint:",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn comments_change_nothing_that_is_read(lines in prop::collection::vec((line(), any::<bool>(), prop::option::of(comment()), prop::option::of(comment())), 2..8), is_chat: bool, end in select(vec!["\n", "\r\n", "\r"])) {
        let (mut plain, mut commented) = (format!("客服：您好{end}"), format!("客服：您好{end}"));
        if !is_chat {
            plain = format!("您好啊{end}");
            commented = plain.clone();
        }
        for (words, is_agent, before, behind) in lines {
            let words = if is_chat && !words.is_empty() { format!("{}：{words}", if is_agent { "客服" } else { "客户" }) } else { words.to_owned() };
            plain.push_str(&format!("{words}{end}"));
            if let Some(comment) = before {
                commented.push_str(&format!("{comment}{end}"));
            }
            // Behind a list mark it would stand alone: a line of its own.
            let behind = behind.filter(|comment| !words.is_empty() && !comment.starts_with('-'));
            commented.push_str(&behind.map_or(format!("{words}{end}"), |comment| format!("{words} {comment}{end}")));
        }
        let (plain, commented) = (Document::from_text("a.txt", plain), Document::from_text("a.txt", commented));
        prop_assert_eq!(said(&plain), said(&commented));
    }

    #[test]
    fn suppressed_documents_read_the_same_and_are_clean(texts in prop::collection::vec(line(), 1..8), shape in 0usize..6, end in select(vec!["\n", "\r\n"])) {
        let texts: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).chain(["您好"]).collect();
        let (name, text) = match shape {
            0 => ("a.txt", texts.iter().map(|text| format!("{text}{end}")).collect()),
            1 => ("a.md", format!("# 快捷短语{end}{end}{}", texts.iter().map(|text| format!("- {text}{end}")).collect::<String>())),
            2 => ("a.csv", format!("编码,内容{end}{}", texts.iter().map(|text| format!("x,\"{text}\"{end}")).collect::<String>())),
            3 => ("a.jsonl", texts.iter().map(|text| format!("{{\"text\":\"{text}\"}}{end}")).collect()),
            4 => ("a.yaml", texts.iter().enumerate().map(|(index, text)| format!("k{index}: |{end}  {text}{end}")).collect()),
            _ => ("a.toml", texts.iter().enumerate().map(|(index, text)| format!("k{index} = \"{text}\"{end}")).collect()),
        };
        let document = Document::from_text(name, text);
        let reading = ReadOptions::default();
        match suppressor(&reading).suppress(&document) {
            Ok(Some(addition)) => {
                let written = document.with_text(addition.text);
                prop_assert_eq!(said(&document), said(&written));
                prop_assert_eq!(reported(&written), []);
                prop_assert_eq!(addition.violations, reported(&document).len() as u64);
                prop_assert_eq!(suppressor(&reading).suppress(&written), Ok(None));
            }
            Ok(None) => prop_assert_eq!(reported(&document), []),
            Err(error) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn no_comment_makes_it_panic(said in "[a-z/, —:\\-ignore老板]{0,30}", line in "[#<!\\-> 你]{0,12}") {
        let document = Document::from_text("a.txt", format!("您好\n{line}# phrase-lint: {said}\n{line}<!-- phrase-lint: {said} -->\n你好\n"));
        if read(&document, &ReadOptions::default(), &mut |_| {}).is_ok() {
            reported(&document);
            let _ = suppressor(&ReadOptions::default()).suppress(&document);
        }
    }
}

#[test]
fn what_code_shows_suppresses_nothing() {
    for shown in [
        "```md\n<!-- phrase-lint: ignore-file -->\n```",
        "~~~yaml\n# phrase-lint: ignore-start\na: b\n~~~",
        "- 您好\n\n  ```\n  <!-- phrase-lint: ignore-file -->\n  ```",
        "    <!-- phrase-lint: ignore-file -->",
    ] {
        let document = Document::from_text("a.md", format!("您好，这样写：\n\n{shown}\n\n你的订单在这里。\n"));
        assert_eq!(reported(&document), [("address/nin".to_owned(), "你".to_owned())], "{shown}");
        assert!(Suppressions::of(&document, &ReadOptions::default()).remarks(rule_set()).is_empty(), "{shown}");
    }
    let document = Document::from_text("a.md", "<!-- phrase-lint: ignore-file address -->\n\n```\nx\n```\n\n你的订单在这里。\n");
    assert!(reported(&document).is_empty());
}

#[test]
fn every_record_of_a_reply_may_say_what_is_not_for_it() {
    for (name, text) in [
        ("a.json", r#"[{"id":"1","content":"你的订单","phrase-lint-ignore":true},{"id":"2","content":"您好"}]"#),
        ("a.json", r#"{"a":{"text":"你的订单","phrase-lint-ignore":["address/nin"]},"b":"您好"}"#),
        ("a.json", r#"{"id":"1","content":"你的订单","phrase-lint-ignore":"address"}"#),
        ("a.yaml", "- id: r1\n  content: 你的订单\n  phrase-lint-ignore: true\n- id: r2\n  content: 您好\n"),
        ("a.yaml", "r1:\n  content: 你的订单\n  phrase-lint-ignore: address/nin\nr2: 您好，欢迎\n"),
        ("a.toml", "[[reply]]\nid = \"1\"\ntext = \"你的订单\"\nphrase-lint-ignore = true\n"),
    ] {
        let document = Document::from_text(name, text);
        assert!(reported(&document).is_empty(), "{text}");
        let heard = text.replace("phrase-lint-ignore", "note");
        assert_eq!(reported(&Document::from_text(name, heard)).len(), 1, "{text}");
    }
}

#[test]
fn of_many_comments_each_covers_its_own_lines() {
    let line = |number: usize| match number % 3 {
        0 => "# phrase-lint: ignore address\n",
        _ => "你的订单在这里\n",
    };
    let text: String = "# phrase-lint: ignore-start usage\n您好\n# phrase-lint: ignore-end\n"
        .chars()
        .chain((0..20_000).flat_map(|number| line(number).chars()))
        .collect();
    let document = Document::from_text("a.txt", text);
    let suppressions = Suppressions::of(&document, &ReadOptions::default());
    let mut shown = 0;
    for conversation in conversations(&document) {
        let cover = suppressions.cover(&conversation);
        let violation = phrase_lint::violation::Violation {
            rule: "address/nin".into(),
            turn: 0,
            ..rule_set().lint(&Conversation::reply("a", "你的"), Profile::Replies).remove(0)
        };
        shown += usize::from(!cover.hides(&violation));
    }
    // Every third line, and the greeting.
    assert_eq!(shown, 6_667);
}

/// Before a key a comment is for all of its texts, before one of these for this one.
#[test]
fn texts_of_programs_have_comments_of_their_own() {
    let nin = |name: &str, text: &str| {
        let found = reported(&Document::from_text(name, text));
        found.iter().filter(|(rule, _)| rule == "address/nin").count()
    };
    let ignore = "phrase-lint: ignore address/nin — 培训用";
    let po = |before: &str, within: &str| {
        format!(
            "{before}#: a.c:1\nmsgctxt \"x\"\nmsgid \"hi\"\nmsgid_plural \"his\"\n{within}msgstr[0] \"你好\"\nmsgstr[1] \"\"\n\"请问\"\n\"你好\"\n\nmsgid \"b\"\nmsgstr \"你好\"\n"
        )
    };
    assert_eq!(nin("a.po", &po("", "")), 3);
    assert_eq!(nin("a.po", &po(&format!("# {ignore}\n"), "")), 1);
    assert_eq!(nin("a.po", &po("", &format!("# {ignore}\n"))), 2);
    let other = format!("# {ignore}\nmsgid \"none\"\nmsgstr \"\"\n\n");
    assert_eq!(nin("a.po", &po(&other, "")), 3, "the empty text is meant");
    for (comment, hidden) in [("#", 1), ("!", 1), ("a=在的 #", 0)] {
        assert_eq!(nin("a.properties", &format!("{comment} {ignore}\n# 其他\nhi=\\\n  你好\nb=你好\n")), 2 - hidden, "{comment}");
    }
    for (before, behind, hidden) in [
        (format!("/* {ignore} */\n// 其他\n"), String::new(), 1),
        (format!("// {ignore}\n"), String::new(), 1),
        (String::new(), format!(" // {ignore}"), 1),
        (format!("\"x\" = \"在的 // {ignore}\";\n"), String::new(), 0),
    ] {
        let text = format!("{before}\"hi\" = \"你好\";{behind}\n\"b\" = \"你好\";\n");
        assert_eq!(nin("a.strings", &text), 2 - hidden, "{text}");
    }
    let unused = Document::from_text("a.po", "# phrase-lint: ignore waiting\nmsgid \"hi\"\nmsgstr \"你好\"\n");
    let suppressions = Suppressions::of(&unused, &ReadOptions::default());
    conversations(&unused).iter().for_each(|conversation| {
        let _ = rule_set().examine_except(conversation, Profile::Replies, |violation| suppressions.cover(conversation).hides(violation));
    });
    let remarks: Vec<_> = suppressions.remarks(rule_set()).into_iter().map(|remark| (remark.line, remark.what)).collect();
    assert_eq!(remarks, [(Some(1), What::Unused(Some("waiting".into())))]);
}

#[test]
fn texts_of_programs_are_suppressed_before_their_keys() {
    let reading = ReadOptions::default();
    for (name, text, suppressed) in [
        (
            "a.po",
            "#: a.c:1\nmsgid \"hi\"\nmsgstr \"\"\n\"请问\"\n\"你好\"\n",
            "#: a.c:1\n# phrase-lint: ignore address/nin\nmsgid \"hi\"\nmsgstr \"\"\n\"请问\"\n\"你好\"\n",
        ),
        (
            "b.po",
            "# phrase-lint: ignore waiting\n#: a.c:1\nmsgid \"hi\"\nmsgstr \"你好\"\n",
            "# phrase-lint: ignore address/nin, waiting\n#: a.c:1\nmsgid \"hi\"\nmsgstr \"你好\"\n",
        ),
        ("a.properties", "a=在的\r\nhi=\\\r\n  你好\r\n", "a=在的\r\n# phrase-lint: ignore address/nin\r\nhi=\\\r\n  你好\r\n"),
        (
            "a.strings",
            "\"a\" = \"在的\";\n\"hi\" = \"你好\";\n",
            "\"a\" = \"在的\";\n/* phrase-lint: ignore address/nin */\n\"hi\" = \"你好\";\n",
        ),
    ] {
        let added = suppressor(&reading).suppress(&Document::from_text(name, text)).unwrap().unwrap();
        assert_eq!((added.text.as_str(), added.violations), (suppressed, 1), "{name}");
    }
}

#[test]
fn a_comment_closes_a_cell_and_what_is_none_is_told() {
    let hides = |name: &str, text: &str| {
        let document = Document::from_text(name, text);
        let all = reported(&document).len();
        let suppressions = Suppressions::of(&document, &ReadOptions::default());
        (all, suppressions.remarks(rule_set()).iter().map(|remark| (remark.line, remark.to_string())).collect::<Vec<_>>())
    };
    let ignore = "<!-- phrase-lint: ignore address/nin -->";
    let rows = format!("| 场景 | 回复 |\n|---|---|\n| 催单 | 你的订单在路上 {ignore} |\n| 催单 | 您的订单在路上 |\n");
    assert_eq!(hides("a.md", &rows).0, 0);
    let list = format!("- 你的订单在路上 {ignore}\n  * 您好\n1. {ignore}\n2. 你的订单在路上\n");
    assert_eq!(hides("a.md", &list).0, 0);
    for (name, text, how) in [
        ("a.md", format!("| 回复 | 备注 |\n|---|---|\n| 你的订单在路上 {ignore} | 好 |\n"), "<!-- phrase-lint: ignore … -->` at the end"),
        ("a.txt", "您好\n您的订单\n你的订单在路上 // phrase-lint: ignore address/nin\n".to_owned(), "`# phrase-lint: ignore …` at the end"),
        ("a.csv", "编号,内容\n1,您好\n2,你的订单在路上 # phrase-lint: ignore address/nin\n".to_owned(), "a column `phrase-lint-ignore`"),
        (
            "a.json",
            "{\"id\":\"1\",\n\n\"text\":\"你的订单在路上 # phrase-lint: ignore address/nin\"}\n".to_owned(),
            "a key `phrase-lint-ignore`",
        ),
    ] {
        let (all, remarks) = hides(name, &text);
        assert!(all > 0 && remarks.len() == 1 && remarks[0].0 == Some(3) && remarks[0].1.contains(how), "{name}: {all} {remarks:?}");
    }
}
