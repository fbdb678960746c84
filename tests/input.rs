//! Reading: the same chat in every encoding and shape gives the same turns; nothing read goes unsaid.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;

use phrase_lint::source::{Document, Encoding, Packed, SourceOptions, find};
use phrase_lint::text::Lines;
use phrase_lint::transcript::{
    Block, Context, Conversation, Detected, Kind, Mapping, Matter, Place, Problem, ReadOptions, Reading, Sample, Sink, Speaker, Speakers,
    Unrecognised, detect, read,
};
use proptest::prelude::*;

struct Outcome {
    conversations: Vec<Conversation>,
    problems: Vec<Problem>,
    detected: Result<Detected, Unrecognised>,
}

fn read_document(document: &Document, options: &ReadOptions) -> Outcome {
    let (mut conversations, mut problems) = (Vec::new(), Vec::new());
    let detected = read(document, options, &mut |found| match found {
        Ok(conversation) => conversations.push(conversation),
        Err(problem) => problems.push(problem),
    });
    Outcome { conversations, problems, detected }
}

fn read_text(name: &str, text: &str) -> Outcome {
    read_document(&Document::from_text(name, text), &ReadOptions::default())
}

fn format_of(outcome: &Outcome) -> &'static str {
    outcome.detected.as_ref().map_or("none", |detected| detected.format.name)
}

/// Who said what, for comparisons.
fn said(conversation: &Conversation) -> Vec<(Speaker, &str)> {
    conversation.turns.iter().map(|turn| (turn.speaker, turn.text.as_str())).collect()
}

const TURNS: [(&str, &str); 4] = [
    ("客户", "你好，我买的杯子碎了，能退吗？"),
    ("客服", "您好，很抱歉给您添麻烦了，请您提供一下订单号。"),
    ("客户", "订单号是 20240429"),
    ("客服", "好的，已经为您办理退款，请问还有什么可以帮您？"),
];

const TURNS_HANT: [(&str, &str); 4] = [
    ("客戶", "你好，我買的杯子碎了，能退嗎？"),
    ("客服", "您好，很抱歉給您添麻煩了，請您提供一下訂單號碼。"),
    ("客戶", "訂單號碼是 20240429"),
    ("客服", "好的，已經為您辦理退款，請問還有什麼可以幫您？"),
];

fn as_text(turns: &[(&str, &str)]) -> String {
    turns.iter().map(|(who, text)| format!("{who}：{text}\r\n")).collect()
}

fn as_jsonl(turns: &[(&str, &str)]) -> String {
    let turns: Vec<_> = turns.iter().map(|(who, text)| serde_json::json!({"speaker": who, "text": text})).collect();
    format!("{}\n", serde_json::json!({"id": "1", "turns": turns}))
}

fn as_csv(turns: &[(&str, &str)]) -> String {
    let rows: String = turns.iter().map(|(who, text)| format!("1,{who},\"{text}\"\n")).collect();
    format!("会话ID,角色,内容\n{rows}")
}

fn encodings(turns: &[(&str, &str)]) -> Vec<(&'static str, bool)> {
    let chinese = if turns[0].0 == "客户" { "gb18030" } else { "big5" };
    vec![
        ("utf-8", false),
        ("utf-8", true),
        ("utf-16le", true),
        ("utf-16be", true),
        ("utf-16le", false),
        ("utf-16be", false),
        (chinese, false),
    ]
}

#[test]
fn the_same_chat_in_every_encoding_and_shape() {
    for turns in [TURNS, TURNS_HANT] {
        let expected: Vec<_> =
            turns.iter().map(|(who, text)| (if *who == "客服" { Speaker::Agent } else { Speaker::Customer }, *text)).collect();
        for (shape, text) in [("text", as_text(&turns)), ("jsonl", as_jsonl(&turns)), ("csv", as_csv(&turns))] {
            // In Big5, a Simplified header cannot be written.
            let text = if turns == TURNS { text } else { text.replace("会话ID", "會話ID").replace("内容", "內容") };
            for (label, bom) in encodings(&turns) {
                let encoding = Encoding::named(label).unwrap();
                let marked = if bom { format!("\u{FEFF}{text}") } else { text.clone() };
                let bytes = encoding.encode(&marked).unwrap();
                let document = Document::decode("chat", bytes.clone(), None).unwrap();
                assert_eq!(document.text(), Some(text.as_str()), "{shape} {label} {bom}");
                let outcome = read_document(&document, &ReadOptions::default());
                assert_eq!(format_of(&outcome), shape, "{label}");
                assert_eq!(outcome.problems, []);
                assert_eq!(outcome.conversations.len(), 1);
                assert_eq!(said(&outcome.conversations[0]), expected, "{shape} {label}");
                assert_eq!(outcome.conversations[0].id, "1");
                let phrase_lint::source::Content::Text { text, encoding } = &document.content else { panic!("{shape} is text") };
                assert_eq!(encoding.encode(text).unwrap(), bytes, "{shape} {label} {bom} is written back as it was");
            }
        }
    }
}

#[test]
fn short_texts_of_one_phrase_are_decoded_right() {
    for text in ["客服：您好", "客户：在吗", "您好", "请稍等", "不客气", "内容\n好的\n", "客服：是的你"] {
        let bytes = Encoding::named("gbk").unwrap().encode(text).unwrap();
        assert_eq!(Document::decode("x", bytes, None).unwrap().text(), Some(text));
    }
    for text in ["客服：您好", "客戶：在嗎", "您好", "請稍等", "不客氣", "內容\n好的\n"] {
        let bytes = Encoding::named("big5").unwrap().encode(text).unwrap();
        assert_eq!(Document::decode("x", bytes, None).unwrap().text(), Some(text));
    }
}

#[test]
fn what_cannot_be_decoded_is_an_error_that_says_where() {
    let mut bytes = as_text(&TURNS).into_bytes();
    let line_two = bytes.iter().position(|&byte| byte == b'\n').unwrap() + 1;
    bytes[line_two + 20] = 0xFF;
    let error = Document::decode("chat.txt", bytes, None).unwrap_err();
    assert_eq!((error.line, error.encoding.name()), (2, "UTF-8"));
    assert!(error.to_string().contains("--encoding"), "{error}");

    let mut bytes = Encoding::named("gbk").unwrap().encode(&as_text(&TURNS)).unwrap();
    let line_two = bytes.iter().position(|&byte| byte == b'\n').unwrap() + 1;
    bytes[line_two + 10] = 0xFF;
    let error = Document::decode("chat.txt", bytes, None).unwrap_err();
    assert_eq!((error.line, error.encoding.name()), (2, "gb18030"));

    let japanese = encoding_rs::SHIFT_JIS.encode("お問い合わせありがとうございます。ご注文番号をお知らせください。").0.into_owned();
    let document = Document::decode("x", japanese.clone(), None);
    assert!(document.is_ok_and(|document| document.text().is_none()), "an encoding that is not told apart is not guessed");
    let named = Document::decode("x", japanese, Encoding::named("shift_jis")).unwrap();
    assert!(named.text().is_some_and(|text| text.starts_with("お問い")));
}

#[test]
fn two_systems_may_write_into_one_file() {
    let gb18030 = Encoding::named("gb18030").unwrap();
    let expected: Vec<_> =
        TURNS.iter().map(|(who, text)| (if *who == "客服" { Speaker::Agent } else { Speaker::Customer }, *text)).collect();
    for text in [
        as_text(&TURNS),
        as_jsonl(&TURNS),
        as_csv(&TURNS),
        serde_json::to_string_pretty(&serde_json::json!(
            [{"id": "1", "turns": TURNS.map(|(who, text)| serde_json::json!({"speaker": who, "text": text}))}]
        ))
        .unwrap(),
    ] {
        let count = text.split_inclusive('\n').count();
        for other in 0..count {
            let encode =
                |(number, line): (usize, &str)| if number == other { gb18030.encode(line).unwrap() } else { line.as_bytes().to_vec() };
            let bytes: Vec<u8> = text.split_inclusive('\n').enumerate().flat_map(encode).collect();
            let document = Document::decode_mending("chat", bytes).unwrap();
            assert_eq!(document.text(), Some(text.as_str()));
            assert_eq!(said(&read_document(&document, &ReadOptions::default()).conversations[0]), expected);
        }
    }
    // The cell of a table spans lines that two systems wrote.
    let lines = ["会话ID,角色,内容\n", "1,客服,\"您好，\n", "请您稍等\"\n", "1,客户,好\n"];
    let bytes = [lines[0].as_bytes(), lines[1].as_bytes(), &gb18030.encode(lines[2]).unwrap(), lines[3].as_bytes()].concat();
    let document = Document::decode_mending("chat", bytes).unwrap();
    assert_eq!(document.text(), Some(lines.concat().as_str()));
    assert_eq!(read_document(&document, &ReadOptions::default()).conversations[0].turns[0].text, "您好，\n请您稍等");
}

#[test]
fn a_damaged_character_costs_no_more_than_itself() {
    for text in [as_text(&TURNS), as_csv(&TURNS)] {
        for name in ["utf-8", "gb18030"] {
            let bytes = Encoding::named(name).unwrap().encode(&text).unwrap();
            for at in 0..bytes.len() {
                let cut = Document::decode_mending("chat", bytes[..at].to_vec()).unwrap();
                let kept = cut.text().unwrap_or_default().trim_end_matches('\u{FFFD}');
                assert!(
                    text.starts_with(kept) && cut.text().is_none_or(|text| text.len() < kept.len() + 4),
                    "{name} {at}: {:?}",
                    cut.text()
                );
            }
        }
        let bytes = text.as_bytes();
        for (at, _) in text.char_indices() {
            let stray = [&bytes[..at], b"\xFF", &bytes[at..]].concat();
            let document = Document::decode_mending("chat", stray).unwrap();
            assert_eq!(document.text(), Some([&text[..at], "\u{FFFD}", &text[at..]].concat().as_str()));
            assert!(document.mended.is_damaged());
        }
    }
}

#[test]
fn plain_text_conversations() {
    let text = "通话记录\n=== c-17 ===\n[10:00:00] 客服 小李：您好\n请问有什么可以帮您？\n[10:00:05] 来电人：我要\n退货\n\n客服：下一位\n客户：好\n";
    let outcome = read_text("calls.txt", text);
    assert_eq!(format_of(&outcome), "text");
    let [first, second] = &outcome.conversations[..] else { panic!("{:?}", outcome.conversations) };
    assert_eq!((first.id.as_str(), first.agent.as_deref(), first.kind), ("c-17", Some("小李"), Kind::Call));
    assert_eq!(said(first), [(Speaker::Agent, "您好\n请问有什么可以帮您？"), (Speaker::Customer, "我要\n退货")]);
    assert_eq!(first.turns[1].start.as_ref().map(|start| start.text.as_str()), Some("10:00:05"));
    assert_eq!((second.id.as_str(), second.kind), ("2", Kind::Chat));
    assert_eq!(said(second), [(Speaker::Agent, "下一位"), (Speaker::Customer, "好")]);
}

#[test]
fn blank_lines_between_all_turns_divide_nothing() {
    let outcome = read_text("chat.txt", "客服：您好\n\n客户：在吗\n\n客服：在的\n\n还有什么可以帮您？\n\n客户：没有了\n");
    assert_eq!(outcome.conversations.len(), 1);
    assert_eq!(outcome.conversations[0].turns[2].text, "在的\n还有什么可以帮您？");
    // A comment to the linter stands between no turns.
    for comment in ["", "# phrase-lint: ignore address/nin\n", "\n# phrase-lint: ignore-next-line\n\n"] {
        let text = format!("客服：您好\n\n{comment}客户：请稍等\n\n客户：请稍等\n");
        assert_eq!(read_text("chat.txt", &text).conversations.len(), 1, "{text}");
    }
}

#[test]
fn a_comment_names_nobody() {
    let text = "您好 # phrase-lint: ignore waiting\n请稍候 # phrase-lint: ignore waiting\n好的\n";
    let outcome = read_text("replies.txt", text);
    assert_eq!(format_of(&outcome), "lines");
    assert_eq!(outcome.conversations.len(), 3);
}

#[test]
fn names_are_speakers_by_option_or_by_recurrence() {
    let text = "小王：您好\n李四：在吗\n小王：在的\n李四：好\n";
    let unknown = read_text("chat.txt", text);
    assert_eq!(format_of(&unknown), "text");
    assert!(unknown.conversations[0].turns.iter().all(|turn| turn.speaker == Speaker::Unknown));
    let options = ReadOptions { speakers: vec![("小王".to_owned(), Speaker::Agent)], ..ReadOptions::default() };
    let known = read_document(&Document::from_text("chat.txt", text), &options);
    assert_eq!(known.conversations[0].turns[0].speaker, Speaker::Agent);
    assert_eq!(known.conversations[0].agent.as_deref(), Some("小王"));
}

#[test]
fn who_speaks_once_is_somebody_too() {
    for title in ["襄理", "主任", "值班经理", "組長", "督導", "王經理", "店长"] {
        let text = format!("客戶：我要開戶\n{title}：你必須先提供帳號\n客戶：好\n請講\n");
        let outcome = read_text("chat.txt", &text);
        assert_eq!(outcome.problems, []);
        let [conversation] = &outcome.conversations[..] else { panic!("{title}: {:?}", outcome.conversations) };
        assert_eq!(said(conversation)[1], (Speaker::Agent, "你必須先提供帳號"), "{title}");
    }
    // Where turns may have many lines, a name is one only if it comes again; that is said.
    let outcome = read_text("chat.txt", "客服：您好\n请讲\n客户：在吗\n张三：你必须先提供账号\n客服：好的\n");
    let [problem] = &outcome.problems[..] else { panic!("{:?}", outcome.problems) };
    assert!(problem.is_warning && problem.line == Some(4) && problem.remedy.contains("--speaker 张三=agent"), "{problem}");
    let outcome = read_text("chat.txt", "客服：您好\n请讲\n客户：在吗\n订单号：1\n退款说明：请您先提供账号\n客服：好的\n");
    assert_eq!(outcome.problems, []);
}

#[test]
fn the_first_is_the_agent_only_where_something_tells_speakers_apart() {
    let first = ReadOptions { assumption: Some(phrase_lint::transcript::Assumption::First), ..ReadOptions::default() };
    let speakers = |text: &str| -> Vec<Speaker> {
        let outcome = read_document(&Document::from_text("a.srt", text), &first);
        outcome.conversations.iter().flat_map(|conversation| &conversation.turns).map(|turn| turn.speaker).collect()
    };
    let cues = |first: &str, second: &str| {
        format!("1\n00:00:01,000 --> 00:00:02,000\n{first}您好\n\n2\n00:00:03,000 --> 00:00:04,000\n{second}你快点\n")
    };
    assert_eq!(speakers(&cues("", "")), [Speaker::Unknown, Speaker::Unknown]);
    for (a, b) in
        [("Speaker 1: ", "Speaker 2: "), ("SPEAKER_00：", "SPEAKER_01："), ("说话人1：", "說話人2："), ("0：", "1："), ("A：", "B：")]
    {
        assert_eq!(speakers(&cues(a, b)), [Speaker::Agent, Speaker::Customer], "{a}");
    }
    let text = read_text("a.txt", "Speaker 1: 您好\nSpeaker 2: 你快点\n");
    assert_eq!((format_of(&text), text.conversations.len()), ("text", 1));
}

#[test]
fn json_in_all_its_forms() {
    let conversation = r#"{"id":17,"agent":"A001","direction":"inbound","channel":"电话","started":"2024-04-29 10:11:00","extra":{"a":[1]},
        "turns":[{"role":"agent","time":"2024-04-29 10:11:12","text":"\u60a8\u597d\n请讲"},{"speaker":"客户","text":"\"好\""}]}"#;
    let line = conversation.replace('\n', "");
    for (name, text, format) in [
        ("a.jsonl", format!("{line}\n{line}\n"), "jsonl"),
        ("a.json", format!("[\n  {conversation},\n  {conversation}\n]"), "json"),
        ("a.json", format!("[{line},{line}]"), "json"),
        ("a.json", format!("{conversation}\n{conversation}"), "json"),
    ] {
        let outcome = read_text(name, &text);
        assert_eq!(format_of(&outcome), format);
        assert_eq!(outcome.problems, []);
        assert_eq!(outcome.conversations.len(), 2, "{text}");
        for conversation in &outcome.conversations {
            assert_eq!((conversation.id.as_str(), conversation.kind), ("17", Kind::Call));
            assert_eq!(said(conversation), [(Speaker::Agent, "您好\n请讲"), (Speaker::Customer, "\"好\"")]);
            assert!(conversation.started.is_some() && conversation.turns[0].start.is_some());
        }
        let lines = Lines::new(&text, 1);
        let turn = &outcome.conversations[1].turns[1];
        let position = turn.place.position(&lines, turn.text.find('好').unwrap()).unwrap();
        assert!(lines.line(position.line).chars().nth(position.column - 1) == Some('好'));
    }
    let replies = read_text("r.jsonl", "{\"id\":\"r-1\",\"text\":\"您好\"}\n{\"text\":\"稍等\"}\n");
    assert_eq!(replies.conversations.iter().map(|reply| reply.id.as_str()).collect::<Vec<_>>(), ["r-1", "2"]);
    assert!(replies.conversations.iter().all(|reply| reply.kind == Kind::Replies && reply.turns[0].speaker == Speaker::Agent));
}

#[test]
fn what_is_malformed_is_reported_and_the_rest_is_read() {
    let good = as_jsonl(&TURNS);
    let outcome = read_text(
        "a.jsonl",
        &format!("{good}{{\"id\":\"x\",\"turns\":[\n{{\"id\":\"y\"}}\n{good}{{\"turns\":[{{\"speaker\":\"agent\"}}]}}\n"),
    );
    assert_eq!(outcome.conversations.len(), 3);
    let lines: Vec<_> = outcome.problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [Some(2), Some(3), Some(5)]);
    assert!(outcome.problems.iter().all(|problem| problem.to_string().starts_with("a.jsonl:") && !problem.remedy.is_empty()));

    let cut = read_text("a.json", &format!("[{good},{}", &good[..good.len() / 2]).replace("\n,", ","));
    assert_eq!((cut.conversations.len(), cut.problems.len()), (1, 1), "{:?}", cut.problems);
    assert!(cut.problems[0].what.contains("cut off"), "{}", cut.problems[0]);

    let csv = read_text("a.csv", "会话ID,角色,内容\n1,客服,您好\n1,客户\n1,客服,\"请稍等\n1,客户,好\n");
    assert_eq!(csv.problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [Some(3), Some(4)]);
    assert_eq!(said(&csv.conversations[0]), [(Speaker::Agent, "您好"), (Speaker::Customer, "好")]);
}

#[test]
fn tables_with_scattered_rows_names_and_other_delimiters() {
    let text = "聊天记录导出\n会话编号;发送时间;发送方;消息内容;客服昵称\nA;2024/4/29 10:00;小美;您好;小美\nB;2024/4/29 10:01;客户;在吗;小丽\nA;2024/4/29 10:02;买家;\"多少钱;急\";小美\n";
    let outcome = read_text("export.csv", text);
    assert_eq!(format_of(&outcome), "csv");
    let [a, b] = &outcome.conversations[..] else { panic!("{:?}", outcome.conversations) };
    assert_eq!((a.id.as_str(), a.agent.as_deref()), ("A", Some("小美")));
    assert_eq!(said(a), [(Speaker::Agent, "您好"), (Speaker::Customer, "多少钱;急")]);
    assert!(a.turns[1].start.is_some());
    assert_eq!(b.id, "B");

    let replies = read_text("短语.tsv", "编码\t分组\t内容\n1\t问候\t您好，欢迎光临\n2\t问候\t请稍等\n");
    assert_eq!(format_of(&replies), "csv");
    assert!(replies.conversations.iter().all(|reply| reply.kind == Kind::Replies));
    assert_eq!(replies.conversations[1].id, "2");
}

#[test]
fn workbooks_with_titles_dates_merged_ids_and_several_sheets() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "聊天记录导出").unwrap();
    let time = rust_xlsxwriter::ExcelDateTime::parse_from_str("2024-04-29T10:11:12").unwrap();
    let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    for (column, name) in ["会话ID", "时间", "角色", "内容", "客服"].into_iter().enumerate() {
        sheet.write(2, column as u16, name).unwrap();
    }
    for (row, (id, who, text)) in [("c1", "客服", "您好"), ("", "客户", "在吗"), ("c2", "客服", "请讲")].into_iter().enumerate()
    {
        let row = row as u32 + 3;
        if !id.is_empty() {
            sheet.write(row, 0, id).unwrap();
        }
        sheet.write_with_format(row, 1, &time, &format).unwrap();
        sheet.write(row, 2, who).unwrap();
        sheet.write(row, 3, text).unwrap();
        sheet.write(row, 4, "小李").unwrap();
    }
    sheet.write(6, 0, "c2").unwrap();
    sheet.write(6, 2, "客户").unwrap();
    sheet.write(6, 3, 12345).unwrap();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "编码").unwrap();
    sheet.write(0, 1, "内容").unwrap();
    sheet.write(1, 0, 7).unwrap();
    sheet.write(1, 1, "请稍等").unwrap();

    let document = Document::decode("a.xlsx", workbook.save_to_buffer().unwrap(), None).unwrap();
    let outcome = read_document(&document, &ReadOptions::default());
    assert_eq!(format_of(&outcome), "xlsx");
    assert_eq!(outcome.problems, []);
    let [c1, c2, reply] = &outcome.conversations[..] else { panic!("{:?}", outcome.conversations) };
    assert_eq!((c1.id.as_str(), c1.agent.as_deref()), ("Sheet1/c1", Some("小李")));
    assert_eq!(said(c1), [(Speaker::Agent, "您好"), (Speaker::Customer, "在吗")]);
    assert_eq!(c1.turns[1].start.as_ref().map(|start| start.text.as_str()), Some("2024-04-29 10:11:12"));
    assert_eq!(c1.turns[1].place, Place::Cell { row: 5, column: 4 });
    assert_eq!(said(c2), [(Speaker::Agent, "请讲"), (Speaker::Customer, "12345")]);
    assert_eq!((reply.id.as_str(), reply.kind, said(reply)), ("Sheet2/7", Kind::Replies, vec![(Speaker::Agent, "请稍等")]));

    let damaged = Document::decode("b.xlsx", b"PK\x03\x04 xl/workbook.xml".to_vec(), None).unwrap();
    let outcome = read_document(&damaged, &ReadOptions::default());
    assert!(outcome.conversations.is_empty() && outcome.problems.len() == 1);
}

#[test]
fn the_order_of_dates_holds_for_tables_and_json() {
    let csv = "会话ID,时间,角色,内容\n1,06/05/2024 09:00:00,客服,您好\n1,06/05/2024 09:01:00,客户,在吗\n";
    let jsonl = r#"{"id":"1","turns":[{"speaker":"agent","text":"您好","time":"06/05/2024 09:00:00"},{"speaker":"customer","text":"在吗","time":"06/05/2024 09:01:00"}]}"#;
    for (name, text) in [("a.csv", csv), ("a.jsonl", jsonl)] {
        let options = ReadOptions { date_order: Some(phrase_lint::transcript::DateOrder::DayMonthYear), ..ReadOptions::default() };
        let outcome = read_document(&Document::from_text(name, text), &options);
        assert_eq!(outcome.problems, []);
        let start = outcome.conversations[0].turns[1].start.as_ref().unwrap();
        assert_eq!((start.date().as_deref(), start.second_of_day()), (Some("2024-05-06"), Some(32_460)), "{name}");
    }
    let doubtful = read_text("a.csv", csv);
    assert!(doubtful.problems.len() == 1 && doubtful.problems[0].remedy.contains("--date-order dmy"), "{:?}", doubtful.problems);
}

#[test]
fn who_called_is_told_by_many_words_and_what_tells_nothing_is_said() {
    use phrase_lint::transcript::Direction::{Inbound, Outbound};
    let csv = |word: &str| {
        read_text("a.csv", &format!("会话ID,角色,内容,呼叫方向\n1,客服,您好,{word}\n1,客户,在吗,{word}\n2,客服,您好,{word}\n"))
    };
    let jsonl = |word: &str| {
        read_text(
            "a.jsonl",
            &format!("{{\"id\":\"1\",\"direction\":\"{word}\",\"turns\":[{{\"speaker\":\"agent\",\"text\":\"您好\"}}]}}\n"),
        )
    };
    for (word, direction) in [("撥出", Some(Outbound)), ("外拨", Some(Outbound)), ("被叫", Some(Inbound)), ("未知", None), ("内部", None)]
    {
        for outcome in [csv(word), jsonl(word)] {
            assert_eq!(outcome.conversations[0].direction, direction, "{word}");
            let is_told = outcome.problems.iter().filter(|problem| problem.is_warning && problem.what.contains(word)).count();
            assert_eq!(
                (is_told, outcome.problems.len()),
                (usize::from(word == "内部"), usize::from(word == "内部")),
                "{:?}",
                outcome.problems
            );
        }
    }
}

#[test]
fn sheets_that_nobody_understands_are_named_and_the_others_told_apart() {
    let read_workbook = |sheets: &[(&str, &[&[&str]])]| {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        for (name, rows) in sheets {
            let sheet = workbook.add_worksheet().set_name(*name).unwrap();
            for (row, cells) in rows.iter().enumerate() {
                sheet.write_row(u32::try_from(row).unwrap(), 0, cells.iter().copied()).unwrap();
            }
        }
        let document = Document::decode("b.xlsx", workbook.save_to_buffer().unwrap(), None).unwrap();
        let Outcome { conversations, problems, .. } = read_document(&document, &ReadOptions::default());
        (conversations.into_iter().map(|found| found.id).collect::<Vec<_>>(), problems)
    };
    let chat: &[&[&str]] = &[&["会话ID", "时间", "角色", "内容"], &["c1", "20240429100000", "客服", "您好"], &["c1", "昨", "客户", "在吗"]];
    let quiet: (&str, &[&[&str]]) = ("空", &[&["a", "b"], &["1", "2"]]);
    let (ids, problems) = read_workbook(&[("四月", chat), quiet, ("备份", &[&["甲", "乙"], &["1", "你等着"]])]);
    assert_eq!(ids, ["c1"]);
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(problems[0].is_warning && problems[0].is_passed_over, "{said:?}");
    assert!(said[0].starts_with(
        "b.xlsx: the sheet `备份` was passed over: no row of its first ten names a column of texts (its first row is `甲`, `乙`); "
    ));
    assert!(said[1].starts_with("b.xlsx:3: the column `时间` holds what is no time") && said.len() == 2, "{said:?}");

    let (ids, problems) = read_workbook(&[("四月", chat), ("五月", chat), quiet]);
    assert_eq!(ids, ["四月/c1", "五月/c1"]);
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(said[1].starts_with("b.xlsx:3: in the sheet `五月`: the column `时间` holds") && said.len() == 2, "{said:?}");
}

/// A cell must not be looked for among all those before it, for each column anew.
#[test]
fn a_workbook_may_have_as_many_columns_as_a_sheet_holds() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for row in 0..51 {
        for column in 0..16_384 {
            sheet.write(row, column, 1).unwrap();
        }
    }
    let document = Document::decode("a.xlsx", workbook.save_to_buffer().unwrap(), None).unwrap();
    let outcome = read_document(&document, &ReadOptions::default());
    assert!(outcome.conversations.is_empty() && outcome.problems.len() == 1);
}

#[test]
fn a_table_too_large_to_gather_is_handed_over_as_it_comes() {
    let text = "会话ID,角色,内容\n1,客服,您好\n2,客服,请讲\n1,客户,在吗\n2,客户,我\n2,客户,想\n2,客户,问\n2,客户,问\n1,客服,在的\n";
    let options = ReadOptions { rows_apart: Some(3), ..ReadOptions::default() };
    let mut order = Vec::new();
    let read = read(&Document::from_text("a.csv", text), &options, &mut |found| order.push(found));
    assert!(read.is_ok());
    let shown: Vec<_> = order
        .iter()
        .map(|found| {
            found
                .as_ref()
                .map_or_else(|problem| problem.to_string(), |conversation| format!("{} {}", conversation.id, conversation.turns.len()))
        })
        .collect();
    let [first, problem, second, rest] = &shown[..] else { panic!("{shown:?}") };
    assert_eq!([first, second, rest], ["1 2", "2 5", "1 1"]);
    assert!(problem.starts_with("a.csv:9: rows of the conversation 1 stand far apart"), "{problem}");
}

#[test]
fn json_of_any_shape_by_a_mapping() {
    let mapping = |text: &str| serde_json::from_str::<Mapping>(text).unwrap();
    let turns = |options: &ReadOptions, text: &str| {
        let outcome = read_document(&Document::from_text("a.json", text), options);
        assert_eq!(format_of(&outcome), "mapped");
        outcome
    };
    let nested = r#"{"data":{"sessions":[{"sid":7,"staff":{"nick":"小李"},"log":{"items":[{"who":"客户","say":"在吗","at":1704417300},{"who":"小李","say":"在的","at":1704417310},{"who":"小李"}]}}]}}"#;
    let options = ReadOptions {
        mappings: vec![mapping(
            r#"{"conversations":"data.sessions","id":"sid","turns":"log.items","speaker":"who","text":"say","time":"at","agent":"staff.nick"}"#,
        )],
        speakers: vec![("小李".to_owned(), Speaker::Agent)],
        ..ReadOptions::default()
    };
    let outcome = turns(&options, nested);
    assert_eq!(outcome.problems.len(), 1, "{:?}", outcome.problems);
    let [conversation] = &outcome.conversations[..] else { panic!("{:?}", outcome.conversations) };
    assert_eq!((conversation.id.as_str(), conversation.agent.as_deref()), ("7", Some("小李")));
    assert_eq!(said(conversation)[..2], [(Speaker::Customer, "在吗"), (Speaker::Agent, "在的")]);
    assert_eq!(conversation.turns[1].start.as_ref().map(|start| start.text.as_str()), Some("2024-01-05 09:15:10"));

    let rows = "{\"room\":\"a\",\"m\":{\"from\":\"客服\",\"t\":\"您好\"}}\n{\"room\":\"b\",\"m\":{\"from\":\"客服\",\"t\":\"请讲\"}}\n{\"room\":\"a\",\"m\":{\"from\":\"客户\",\"t\":\"好\"}}\n";
    let options = ReadOptions { mappings: vec![mapping(r#"{"id":"room","speaker":"m.from","text":"m.t"}"#)], ..ReadOptions::default() };
    let outcome = turns(&options, rows);
    let shown: Vec<_> = outcome.conversations.iter().map(|conversation| (conversation.id.as_str(), said(conversation))).collect();
    assert_eq!(shown, [("a", vec![(Speaker::Agent, "您好"), (Speaker::Customer, "好")]), ("b", vec![(Speaker::Agent, "请讲")])]);
    assert!(serde_json::from_str::<Mapping>(r#"{"speaker":"a","text":"b","tiem":"c"}"#).is_err());
}

/// The documents that a file of these bytes unfolds to, and what is said of it.
fn unfolded(name: &str, bytes: &[u8], max_unpacked: u64) -> (Vec<Document>, Vec<String>) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    fs::write(&path, bytes).unwrap();
    let search = find(&[path]);
    let (mut documents, mut errors) = (Vec::new(), Vec::new());
    let options = SourceOptions { max_unpacked, ..SourceOptions::default() };
    search.inputs[0].read(&options, &mut |document| match document {
        Ok(document) => documents.push(document),
        Err(error) => errors.push(error.to_string()),
    });
    (documents, errors)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut encoder, bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut writer, bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn compressed_files_unfold_up_to_a_limit() {
    let text = as_text(&TURNS);
    let gbk = Encoding::named("gbk").unwrap().encode(&text).unwrap();
    let zst = ruzstd::encoding::compress_to_vec(gbk.as_slice(), ruzstd::encoding::CompressionLevel::Fastest);
    for packed in [gzip(&gbk), zst.clone(), gzip(&gzip(&gbk)), [gzip(&gbk[..10]), gzip(&gbk[10..])].concat(), [zst.clone(), zst].concat()] {
        let (documents, errors) = unfolded("chat.txt.gz", &packed, 1 << 20);
        assert!(errors.is_empty(), "{errors:?}");
        assert!(documents[0].text().is_some_and(|found| found.starts_with(&text)));
        assert_eq!(documents[0].packed, Packed::Alone);
        let (documents, errors) = unfolded("chat.txt.gz", &packed, 100);
        assert!(documents.is_empty() && errors[0].contains("more than 100 bytes"), "{errors:?}");
    }

    let archive = zip(&[("a.txt", &gbk), ("b/c.txt", text.as_bytes()), (".hidden", b"x"), ("d.zip", &zip(&[("e.txt", text.as_bytes())]))]);
    let (documents, errors) = unfolded("chats.zip", &archive, 1 << 20);
    assert!(errors.is_empty(), "{errors:?}");
    let names: Vec<_> = documents.iter().map(|document| document.name.rsplit_once("chats.zip").unwrap().1).collect();
    assert_eq!(names, ["/a.txt", "/b/c.txt", "/d.zip/e.txt"]);
    assert!(documents.iter().all(|document| document.text() == Some(&text) && document.packed == Packed::AmongOthers));
    let (documents, errors) = unfolded("chats.zip", &archive, gbk.len() as u64 + 10);
    assert_eq!((documents.len(), errors.len()), (1, 1), "the limit holds for all files together: {errors:?}");
    let (_, errors) = unfolded("chats.zip", &archive[..archive.len() / 2], 1 << 20);
    assert!(errors[0].contains("cannot be opened"), "{errors:?}");

    let deep = (0..5).fold(text.clone().into_bytes(), |bytes, _| gzip(&bytes));
    let (documents, errors) = unfolded("deep.gz", &deep, 1 << 20);
    assert!(documents.is_empty() && errors[0].contains("archives within archives"), "{errors:?}");

    let packed = gzip(text.repeat(50).as_bytes());
    let (documents, errors) = unfolded("cut.gz", &packed[..packed.len() - 20], 1 << 20);
    assert!(errors[0].contains("cut off"), "{errors:?}");
    assert!(documents.iter().all(|document| document.text().is_some_and(|found| found.ends_with('\n'))));

    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet().write(0, 0, "内容").unwrap();
    let workbook = workbook.save_to_buffer().unwrap();
    let (documents, errors) = unfolded("a.xlsx", &workbook, 1 << 20);
    assert!(errors.is_empty() && documents.len() == 1 && documents[0].packed == Packed::Not);
    let (documents, errors) = unfolded("a.xlsx", &workbook, workbook.len() as u64 / 2);
    assert!(documents.is_empty() && errors[0].contains("unfolds to more than"), "{errors:?}");
}

#[test]
fn replies_one_a_line() {
    let text = "# 售后\n\n- 您好，请稍等\n1. 好的，马上为您处理\n---\n不客气\n";
    let outcome = read_text("replies.md", text);
    assert_eq!(format_of(&outcome), "markdown");
    let found: Vec<_> = outcome.conversations.iter().map(|reply| (reply.id.as_str(), reply.turns[0].text.as_str())).collect();
    assert_eq!(found, [("3", "您好，请稍等"), ("4", "好的，马上为您处理"), ("6", "不客气")]);
}

#[test]
fn what_no_reader_understands_is_an_error() {
    for text in ["", " \n", "int main() { return 0; }\n", "[package]\nname = \"x\"\n", "{\"a\":1}", "[1,2]", "<html></html>"] {
        let outcome = read_text("file", text);
        let error = outcome.detected.map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("file"), "{error}");
    }
    let outcome =
        read_document(&Document::from_text("a", "客服：好"), &ReadOptions { format: Some("docx".to_owned()), ..ReadOptions::default() });
    assert!(outcome.detected.is_err_and(|error| error.to_string().contains("jsonl")));
}

#[test]
fn a_workbook_that_cannot_be_read_says_why() {
    let told = |bytes: &[u8]| {
        let document = Document::decode("a.xlsx", bytes.to_vec(), None).unwrap();
        let error = read_document(&document, &ReadOptions::default()).detected.err().unwrap();
        assert!(error.may_be_meant() || error.is_empty_export(), "{error}");
        error.to_string()
    };
    assert!(told(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0").contains("a password"));
    assert!(told(b"\0\0\0\0\xFF\xFE\0\0\0\0").contains("damaged"));
    assert!(told(b"").contains("empty"));
    assert!(!Unrecognised::Empty("a.rs".to_owned()).is_empty_export());
}

#[test]
fn a_slip_in_a_file_of_replies_is_told_with_its_line() {
    for (name, text, line) in [
        ("a.json", "{\"a\":\"你好\"\n \"b\":\"你必须来\"}\n", ":2: this is not JSON: expected `,`"),
        ("a.yaml", "- id: a\n  content: 您好\n- id: [b\n  content: 你好\n", "this is not YAML: "),
        ("a.toml", "a = \"您好\n", ":1: this is not TOML: "),
    ] {
        let error = read_text(name, text).detected.err().unwrap_or_else(|| panic!("{name} was read"));
        assert!(error.may_be_meant() && error.to_string().contains(line), "{error}");
    }
    let faq = read_text("a.txt", "q：几点下班？\na：您好，六点\nq：在吗\na：你好\n");
    assert_eq!((format_of(&faq), faq.conversations.len()), ("faq", 2));
}

#[test]
fn what_is_no_reply_is_no_record_of_replies() {
    for (name, text) in [
        ("package.json", r#"{"name":"shop","scripts":{"build":"vite"},"contributors":[{"name":"a"}],"files":["dist"]}"#),
        ("ci.yml", "on: push\njobs:\n  test:\n    steps:\n      - uses: actions/checkout@v4\n      - name: test\n        run: make\n"),
        ("list.yaml", "- a\n- b\n"),
        ("records.json", r#"[{"id":1,"text_color":"red"},{"id":2,"body":"hello"}]"#),
        ("rust.toml", "[[bin]]\nname = \"a\"\npath = \"b\"\n"),
        ("notes.md", "# Notes\n\n- hello\n"),
    ] {
        let outcome = read_text(name, text);
        assert!(outcome.detected.is_err_and(|error| !error.may_be_meant()), "{name}");
    }
    for (name, text) in [
        ("jobs.yml", "jobs:\n  - name: 安装依赖\n    run: make\n"),
        ("nav.yaml", "nav:\n  - 首页: index.md\n  - 指南: guide.md\n"),
        ("chat.json", r#"[{"user":"张三","content":"你好"},{"user":"李四","content":"你必须等"}]"#),
        ("asr.json", r#"{"segments":[{"start":0,"end":2,"text":"你必须等"},{"start":2,"end":3,"text":"你好"}]}"#),
        ("unknown.yaml", "- who: 客户\n  say: 你必须等\n- who: 客服\n  say: 您好\n"),
        ("page.html", "<p>你必须等</p>"),
    ] {
        let outcome = read_text(name, text);
        assert!(outcome.detected.is_err_and(|error| error.may_be_meant()), "{name}");
    }
    // What the linter itself is told by is neither.
    for (name, text) in
        [("house.toml", "[pack]\ncategory = \"x\"\ntitle = \"禁语\"\n"), ("phrase-lint.toml", "[speakers]\n\"小王\" = \"agent\"\n")]
    {
        assert!(read_text(name, text).detected.is_err_and(|error| !error.may_be_meant()), "{name}");
    }
}

#[test]
fn what_looks_like_yaml_may_be_a_transcript() {
    for (name, text) in [
        ("<stdin>", "Agent: 您好\nCustomer: 你好\n"),
        ("<stdin>", "Alice: 您好\nBob: 你好\nAlice: 好的\nBob: 谢谢\n"),
        ("chat.yaml", "客服: 您好\n客户: 你好\n"),
        ("chat.md", "客服：您好\n客户：你好\n"),
    ] {
        assert_eq!(format_of(&read_text(name, text)), "text", "{name}: {text}");
    }
    for (name, text) in [
        ("<stdin>", "- id: r1\n  content: 您好\n- id: r2\n  content: 你好\n"),
        ("a.yaml", "a:\n  text: 您好\nb:\n  text: 你好\nc:\n  text: 好\n"),
        ("b.yaml", "---\na: 您好\n---\nb: 你好\n"),
    ] {
        let outcome = read_text(name, text);
        assert_eq!(format_of(&outcome), "yaml-strings", "{name}: {text}");
        assert!(outcome.conversations.len() >= 2 && outcome.problems.is_empty());
    }
    let deep = format!("a: {}你好{}\nb: 您好\nc: 您好\n", "[".repeat(50_000), "]".repeat(50_000));
    read_text("deep.yaml", &deep);
}

/// What lies deeper than anybody writes is told, and ends nothing; nor is it read anew for each level.
#[test]
fn json_may_lie_as_deep_as_it_likes() {
    let message = r#"{"content":"您好","message_type":1,"conversation_id":7}"#;
    let payload = format!("{}{message}{}", r#"{"payload":["#.repeat(40_000), "]}".repeat(40_000));
    let arrays = format!("{}1{}", "[".repeat(150_000), "]".repeat(150_000));
    for deep in [&payload, &arrays] {
        for text in [format!("{message}\n{deep}\n{message}\n"), format!("[{message},\n{deep},\n{message}]")] {
            let outcome = read_text("deep.json", &text);
            assert_eq!(format_of(&outcome), "chatwoot");
            assert_eq!(outcome.conversations.iter().map(|conversation| conversation.turns.len()).sum::<usize>(), 2);
            let [problem] = &outcome.problems[..] else { panic!("{:?}", outcome.problems) };
            assert!(problem.line == Some(2) && problem.what.contains("more than 64"), "{problem}");
        }
    }
}

/// Lines are not counted from the start for each object, keys not looked for one by one, nor the end of what never ends.
#[test]
fn time_follows_length() {
    let turn = |number: usize| format!("{{\"session_id\":{},\"sender\":\"agent\",\"text\":\"好\"}}", number / 100);
    let turns = read_text("a.json", &format!("[{}]", (0..200_000).map(turn).collect::<Vec<_>>().join(",\n")));
    assert_eq!((format_of(&turns), turns.conversations.len()), ("json-turns", 2_000));

    let keys: String = (0..200_000).map(|number| format!("\"k{number}\":1,")).collect();
    let wide = read_text("a.json", &format!("{{{keys}\"session_id\":1,\"sender\":\"agent\",\"text\":\"好\"}}"));
    assert_eq!((format_of(&wide), wide.conversations.len()), ("json-turns", 1));

    let comments = format!("您好，请稍等\n{}--> 好\n请讲\n", "<!--phrase-lint: ".repeat(1_000_000));
    assert_eq!(read_text("a.txt", &comments).conversations.len(), 3);

    let open = format!("# 回复\n\n- 您好，请稍等\n\n{}", "<!-- 您好\n".repeat(200_000));
    assert_eq!(format_of(&read_text("a.md", &open)), "markdown");

    let quotes = read_text("a.po", &"msgid \"a\"\nmsgstr \"您好\n".repeat(200_000));
    assert_eq!(format_of(&quotes), "resources");
    assert_eq!(quotes.problems.last().and_then(|problem| problem.line), Some(400_000));
}

/// A line of JSON that is all of a conversation leaves nothing open, and nobody keeps the blocks before it.
#[test]
fn lines_of_json_keep_no_more_of_a_document_than_is_open() {
    let openai = r#"{"messages":[{"role":"user","content":"在吗"},{"role":"assistant","content":"您好"}]}"#;
    let sharegpt = r#"{"conversations":[{"from":"human","value":"在吗"},{"from":"gpt","value":"您好"}]}"#;
    let chatwoot = r#"{"content":"您好","message_type":1,"conversation_id":7}"#;
    for (line, format, open_from) in
        [(openai, "openai", None), (sharegpt, "sharegpt", None), (chatwoot, "chatwoot", Some(chatwoot.find("您好").unwrap()))]
    {
        let text = format!("{line}\n{line}\n");
        let (options, speakers) = (ReadOptions::default(), Speakers::default());
        let (sample, context) = (Sample::new("a.jsonl", Matter::Text(&text)), Context { speakers: &speakers, options: &options });
        let detected = detect(&sample, &options, &context).unwrap();
        let Reading::Sequence(open) = detected.format.reading else { panic!("{format}") };
        let mut reader = open(&sample, &context);
        reader.block(&Block::whole(&text), &context, &mut Sink::new("a.jsonl", &options, &mut |_| {}));
        assert_eq!((detected.format.name, reader.open_from()), (format, open_from));
    }
}

#[test]
fn a_transcript_in_one_text_of_a_file_is_a_conversation_beside_the_others() {
    let yaml = "- id: a\n  content: |\n    客服：您好，请稍等\n    客户：好的\n- id: b\n  content: 你必须先提供订单号\n";
    let hushed = yaml.replace("  content: |", "  phrase-lint-ignore: waiting\n  content: |");
    for (name, text, format) in [
        ("a.yaml", yaml, "yaml-strings"),
        ("<stdin>", yaml, "yaml-strings"),
        ("a.yml", &hushed, "yaml-strings"),
        ("b.yaml", "a: |\n  客服：您好，请稍等\n  客户：好的\nb: 你必须先提供订单号\n", "yaml-strings"),
        (
            "a.toml",
            "[[reply]]\nid = \"a\"\ncontent = \"\"\"\n客服：您好，请稍等\n客户：好的\"\"\"\n[[reply]]\nid = \"b\"\ncontent = \"你必须先提供订单号\"\n",
            "toml-strings",
        ),
        ("a.toml", "a = \"\"\"\n客服：您好，请稍等\n客户：好的\"\"\"\nb = \"你必须先提供订单号\"\n", "toml-strings"),
        ("a.json", r#"{"a":"客服：您好，请稍等\n客户：好的","b":"你必须先提供订单号"}"#, "json-strings"),
    ] {
        let outcome = read_text(name, text);
        assert_eq!(format_of(&outcome), format, "{name}: {text}");
        let [chat, reply] = &outcome.conversations[..] else { panic!("{:?}", outcome.conversations) };
        assert_eq!(said(chat), [(Speaker::Agent, "您好，请稍等"), (Speaker::Customer, "好的")], "{name}");
        assert_eq!((chat.id.as_str(), chat.ignores.len()), ("a", usize::from(text == hushed)));
        assert_eq!((reply.id.as_str(), reply.kind, said(reply)), ("b", Kind::Replies, vec![(Speaker::Agent, "你必须先提供订单号")]));
    }
    for (name, text) in [
        ("chat.yaml", "客服：您好\n客户：你好\n"),
        ("chat.toml", "客服：您好\n客户：你好\n"),
        ("chat.txt", "[10:02:08]\n客服：您好\n客户：a = b\n"),
        ("chat.txt", "=== a ===\n客服：您好\n客户：a = b\n"),
    ] {
        assert_eq!(format_of(&read_text(name, text)), "text", "{name}: {text}");
    }
}

#[test]
fn directories_globs_and_ignore_files() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    for (path, text) in [
        ("b.txt", "客服：好"),
        ("a.txt", "客服：好"),
        ("sub/c.txt", "客服：好"),
        ("sub/d.csv", "内容\n好\n"),
        (".hidden.txt", "客服：好"),
        ("build/x.txt", "客服：好"),
        ("old.txt", "客服：好"),
        (".gitignore", "build/\n"),
        (".phrase-lintignore", "old.txt\n"),
    ] {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let names = |arguments: &[String]| -> Vec<(String, bool)> {
        let search = find(arguments);
        assert!(search.errors.is_empty(), "{:?}", search.errors);
        let prefix = format!("{}/", root.display());
        search.inputs.iter().map(|input| (input.name().replace(&prefix, ""), input.named)).collect()
    };
    let at = |path: &str| root.join(path).display().to_string();
    let found = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), false)).collect::<Vec<_>>();
    assert_eq!(names(&[at("")]), found(&["a.txt", "b.txt", "sub/c.txt", "sub/d.csv"]));
    assert_eq!(names(&[at("*.txt")]), found(&["a.txt", "b.txt"]));
    assert_eq!(names(&[at("**/*.{csv,txt}")]), found(&["a.txt", "b.txt", "sub/c.txt", "sub/d.csv"]));
    assert_eq!(names(&[at("old.txt"), "-".to_owned()]), [("old.txt".to_owned(), true), ("<stdin>".to_owned(), true)]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        let elsewhere = tempfile::tempdir().unwrap();
        fs::create_dir(elsewhere.path().join("day")).unwrap();
        fs::write(elsewhere.path().join("day/e.txt"), "客服：好").unwrap();
        symlink(elsewhere.path().join("day"), root.join("linked")).unwrap();
        // A link back up leads to nothing that is not read.
        symlink(root, root.join("sub/up")).unwrap();
        symlink(root.join("a.txt"), root.join("same.txt")).unwrap();
        assert_eq!(names(&[at("")]), found(&["a.txt", "b.txt", "linked/e.txt", "sub/c.txt", "sub/d.csv"]));
        assert_eq!(names(&[at("linked/*.txt")]), found(&["linked/e.txt"]));
        symlink("nowhere", root.join("sub/gone.txt")).unwrap();
        let broken = find(&[at("")]);
        assert_eq!((broken.inputs.len(), broken.errors.len()), (5, 1));
        assert!(broken.errors[0].to_string().contains("gone.txt"), "{}", broken.errors[0]);
    }
    let missing = find(&[at("none.txt"), at("*.pdf"), at("[")]);
    assert_eq!((missing.inputs.len(), missing.errors.len()), (0, 3));
}

/// The text of the place: stretches as they stand, escapes undone by hand.
fn undo(document: &str, place: &Place, text: &str) -> Option<String> {
    match place {
        Place::Verbatim(start) => document.get(*start..*start + text.len()).map(str::to_owned),
        Place::Pieces(pieces) => pieces
            .iter()
            .map(|piece| {
                let source = document.get(piece.source..piece.source + piece.source_length)?;
                if piece.text_length == piece.source_length {
                    return Some(source.to_owned());
                }
                match source {
                    "\"\"" => Some("\"".to_owned()),
                    gap if gap.trim().is_empty() => Some("\n".to_owned()),
                    escape => serde_json::from_str(&format!("\"{escape}\"")).ok(),
                }
            })
            .collect(),
        _ => None,
    }
}

fn check_places(text: &str) -> Result<usize, TestCaseError> {
    let outcome = read_text("file", text);
    let mut turns = 0;
    for turn in outcome.conversations.iter().flat_map(|conversation| &conversation.turns) {
        if turn.text.is_empty() {
            continue;
        }
        turns += 1;
        let undone = undo(text, &turn.place, &turn.text);
        prop_assert_eq!(undone.as_deref(), Some(turn.text.as_str()), "{:?} in {:?}", turn.place, text);
    }
    Ok(turns)
}

fn words() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        proptest::sample::select(vec!["您", "好", "妳", "😀", "a", " ", "\"", "\\", ",", "\n", "\t", "：", "é", "\u{2028}", "/"]),
        1..12,
    )
    .prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for document in [Document::decode("file", bytes.clone(), None), Document::decode_mending("file", bytes)].into_iter().flatten() {
            read_document(&document, &ReadOptions::default());
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic(parts in proptest::collection::vec(proptest::sample::select(vec![
        "客服", "：", ":", "客户", "[10:02]", "10:02:03", " ", "\n", "\r\n", "\r", "\n\n", "=== a ===", "{", "}", "[", "]", "\"turns\":", "\"text\":", "\"", "\\u4f60", "\\ud83d", "\\",
        ",", "内容", "会话ID", ",角色", "您好", "1.", "\u{FEFF}", "2024-04-29", "- ",
    ]), 0..40)) {
        let text = parts.concat();
        check_places(&text)?;
        for format in phrase_lint::transcript::FORMATS {
            let options = ReadOptions { format: Some(format.name.to_owned()), ..ReadOptions::default() };
            read_document(&Document::from_text("file", text.as_str()), &options);
        }
    }

    #[test]
    fn places_hold_the_texts(texts in proptest::collection::vec(words(), 1..6)) {
        let turns: Vec<_> = texts.iter().map(|text| serde_json::json!({"speaker": "agent", "text": text})).collect();
        let record = serde_json::json!({"turns": turns});
        for json in [record.to_string() + "\n", serde_json::to_string_pretty(&[&record]).unwrap()] {
            prop_assert_eq!(check_places(&json)?, texts.len());
            // The same with every character outside ASCII escaped.
            let escaped: String = json.chars().map(|c| if c.is_ascii() { c.to_string() } else {
                c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
            }).collect();
            prop_assert_eq!(check_places(&escaped)?, texts.len());
            let read = read_text("file", &escaped);
            prop_assert_eq!(read.conversations[0].turns.iter().map(|turn| turn.text.clone()).collect::<Vec<_>>(), texts.clone());
        }
        let rows: String = texts.iter().map(|text| format!("1,客服,\"{}\"\n", text.replace('"', "\"\""))).collect();
        let csv = format!("会话ID,角色,内容\n{rows}");
        check_places(&csv)?;
        let read = read_text("file", &csv);
        prop_assert_eq!(read.conversations[0].turns.iter().map(|turn| turn.text.clone()).collect::<Vec<_>>(), texts.clone());
        let lines: String = texts.iter().map(|text| format!("客服：{text}\n")).collect();
        check_places(&lines)?;
    }
}

#[test]
fn a_file_is_read_once_whatever_it_is_called() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.txt");
    fs::write(&path, "您好").unwrap();
    fs::create_dir(directory.path().join("sub")).unwrap();
    let other = directory.path().join("sub/../a.txt");
    let glob = directory.path().join("./*.txt");
    for arguments in [[directory.path().to_owned(), other.clone()], [path.clone(), glob], [other, path]] {
        let search = find(&arguments);
        assert!(search.errors.is_empty() && search.inputs.len() == 1, "{arguments:?}: {:?}", search.inputs);
        assert!(search.inputs[0].named);
    }
}

#[test]
fn replies_under_any_keys_are_read_where_they_are_sentences() {
    let replies = |name: &str, text: &str| {
        let outcome = read_text(name, text);
        outcome.conversations.iter().map(|conversation| conversation.turns[0].text.clone()).collect::<Vec<_>>()
    };
    let bot = r#"{"nodes":[{"id":"n1","type":"text","data":{"title":"欢迎","message":"您好，欢迎光临"}},{"id":"n2","type":"text","data":{"title":"等待","message":"请您稍等一下"}}]}"#;
    assert_eq!(replies("a.json", bot), ["您好，欢迎光临", "请您稍等一下"]);
    let steps = "name: 欢迎\nsteps:\n  - say: 您好，请问有什么可以帮您\n    next: b\n  - say: 请稍等\n    next: c\n";
    assert!(replies("a.yaml", steps).ends_with(&["您好，请问有什么可以帮您".to_owned(), "请稍等".to_owned()]));
    let faq = "greeting: 您好，欢迎\nwait: 你等着\nfaq:\n  - 催单: 您好，请您稍候\n";
    assert_eq!(replies("a.yaml", faq), ["您好，欢迎", "你等着", "您好，请您稍候"]);
    // What somebody said, and what a bot listens for, are no replies.
    for talk in [
        r#"[{"who":"客户","words":"你们怎么回事，快点"},{"who":"客服","words":"您好，请稍等"}]"#,
        r#"[{"user_text":"你们怎么回事，快点"},{"user_text":"我要退货，你们快点"}]"#,
        r#"[{"name":"张三"},{"name":"李四"}]"#,
    ] {
        let outcome = read_text("a.json", talk);
        assert!(outcome.conversations.is_empty(), "{talk}");
        let told = outcome.detected.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(told.contains("--input-format json-strings") && told.contains("[mapping]"), "{told}");
    }
}

#[test]
fn texts_between_quotes_are_no_lines() {
    let lines = ReadOptions { format: Some("lines".to_owned()), ..ReadOptions::default() };
    for (name, text) in [("zh.po", "msgid \"a\"\nmsgstr \"你必须先付款。\"\n"), ("<stdin>", "\"wait\" = \"你必须先付款。\";\n")]
    {
        let told = read_document(&Document::from_text(name, text), &lines).detected.err().map(|error| error.to_string());
        assert!(told.is_some_and(|told| told.contains("--input-format resources")), "{name}");
        let outcome = read_text(name, text);
        assert_eq!((format_of(&outcome), outcome.conversations[0].turns[0].text.as_str()), ("resources", "你必须先付款。"));
    }
}

#[test]
fn twelve_at_night_is_past_midnight() {
    let second = |text: &str| phrase_lint::transcript::Moment::parse(text).and_then(|moment| moment.second_of_day());
    assert_eq!([second("晚上12:10"), second("晚上8:10"), second("中午12:10")], [Some(600), Some(72_600), Some(43_800)]);
}
