//! Exports that nobody made for this program: columns and keys under other names, and what is said where these leave in doubt how
//! rows are meant. What a customer said must not be taken for an agent's words.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use phrase_lint::source::Document;
use phrase_lint::transcript::{Conversation, Kind, Mapping, ReadOptions, Speaker, read};

/// What a document is read as, `id: agent 您好 | customer 在吗`, with names in brackets, and what is said of it.
fn read_as(name: &str, text: &str, options: &ReadOptions) -> (Vec<String>, Vec<String>) {
    read_document(&Document::from_text(name, text), options)
}

fn read_document(document: &Document, options: &ReadOptions) -> (Vec<String>, Vec<String>) {
    let (mut shown, mut told) = (Vec::new(), Vec::new());
    let detected = read(document, options, &mut |found| match found {
        Ok(conversation) => shown.push(show(&conversation)),
        Err(problem) => told.push(format!("{}{problem}", if problem.is_warning { "warning: " } else { "" })),
    });
    told.extend(detected.err().map(|error| error.to_string()));
    (shown, told)
}

fn show(conversation: &Conversation) -> String {
    let turns = conversation.turns.iter().map(|turn| {
        let name = turn.name.as_ref().map_or_else(String::new, |name| format!(" ({name})"));
        format!("{}{name} {}", turn.speaker, turn.text.replace('\n', "/"))
    });
    let kind = if conversation.kind == Kind::Replies { "reply " } else { "" };
    format!("{kind}{}: {}", conversation.id, turns.collect::<Vec<_>>().join(" | "))
}

fn csv(text: &str) -> (Vec<String>, Vec<String>) {
    read_as("a.csv", text, &ReadOptions::default())
}

const TRANSCRIPTS: &str = "c1,\"客服：您好\n客户：我要投诉\"\nc2,\"客服：你等着\n客户：你必须快点\"\nc3,\"客服：不知道\n客户：好\"\n";

#[test]
fn cells_that_are_whole_transcripts_are_conversations() {
    let expected = ["c1: agent 您好 | customer 我要投诉", "c2: agent 你等着 | customer 你必须快点", "c3: agent 不知道 | customer 好"];
    for name in ["转写文本", "对话", "通话文本", "录音文本", "内容", "什么", "transcript"] {
        for id in ["会话ID", "编号"] {
            let (shown, told) = csv(&format!("{id},{name}\n{TRANSCRIPTS}"));
            assert_eq!((shown, told), (expected.map(str::to_owned).to_vec(), vec![]), "{id},{name}");
        }
    }
    // Beside a summary, and as a mapping says.
    let (shown, _) = csv("会话ID,内容,全文\n1,退货,\"客服：您好\n客户：退货\"\n2,退款,\"客服：您好\n客户：退款\"\n");
    assert_eq!(shown, ["1: agent 您好 | customer 退货", "2: agent 您好 | customer 退款"]);
    let mapping: Mapping = serde_json::from_str(r#"{"id":"代号","text":"全文"}"#).unwrap();
    let options = ReadOptions { mappings: vec![mapping], ..ReadOptions::default() };
    let (shown, _) = read_as("a.csv", &format!("代号,全文\n{TRANSCRIPTS}"), &options);
    assert_eq!(shown, expected);
}

#[test]
fn a_cell_among_transcripts_that_is_none_is_told() {
    let (shown, told) = csv(&format!("会话ID,对话\n{TRANSCRIPTS}c4,\"客服：您好\n客户：在\"\nc5,未接通\nc6,\n"));
    assert_eq!(shown.len(), 4);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("a.csv:10: the text of c5 is no transcript"), "{told:?}");
}

#[test]
fn replies_of_several_lines_stay_replies() {
    for text in
        ["编号,内容\n1,\"您好\n请稍等\"\n", "编号,内容\n1,\"问：几点下班？\n答：六点\"\n", "编号,内容\n1,\"提示：您好\n注意：请稍等\"\n"]
    {
        let (shown, told) = csv(text);
        assert!(shown.len() == 1 && shown[0].starts_with("reply 1: agent ") && told.is_empty(), "{shown:?} {told:?}");
    }
}

#[test]
fn values_that_are_whole_transcripts_are_conversations() {
    for (name, key) in [("a.jsonl", "text"), ("a.jsonl", "content"), ("a.jsonl", "transcript"), ("a.json", "text"), ("a.json", "content")] {
        let text = format!(
            "{{\"id\":\"s1\",\"{key}\":\"客服：你等着\\n客户：你必须快点\"}}\n{{\"id\":\"s2\",\"{key}\":\"客服：您好\\n客户：好\"}}\n"
        );
        let text = if name == "a.json" { format!("[{}]", text.trim().replace('\n', ",")) } else { text };
        let (shown, told) = read_as(name, &text, &ReadOptions::default());
        assert_eq!(shown, ["s1: agent 你等着 | customer 你必须快点", "s2: agent 您好 | customer 好"], "{name} {key}");
        assert_eq!(told, [""; 0]);
    }
}

#[test]
fn a_workbook_may_hold_transcripts_too() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, (id, text)) in [("编号", "全文"), ("c1", "客服：您好\n客户：在吗"), ("c2", "客服：请讲\n客户：好")].iter().enumerate()
    {
        sheet.write(row as u32, 0, *id).unwrap();
        sheet.write(row as u32, 1, *text).unwrap();
    }
    let document = Document::decode("a.xlsx", workbook.save_to_buffer().unwrap(), None).unwrap();
    let (shown, _) = read_document(&document, &ReadOptions::default());
    assert_eq!(shown, ["c1: agent 您好 | customer 在吗", "c2: agent 请讲 | customer 好"]);
}

#[test]
fn ids_and_agents_have_many_names() {
    let ids = [
        "工单号",
        "工单编号",
        "工單編號",
        "案號",
        "案件編號",
        "流水号",
        "录音流水号",
        "来电编号",
        "进线编号",
        "服務編號",
        "受理編號",
        "ucid",
        "UUID",
        "案卷编号",
        "id",
    ];
    let agents = ["坐席", "客服人員", "话务员", "接线员", "坐席名称", "專員", "承辦人", "服務人員"];
    for (index, id) in ids.iter().enumerate() {
        let agent = agents[index % agents.len()];
        let (shown, told) = csv(&format!(
            "{id},时间,角色,{agent},内容\nG1,10:00:01,客服,李雷,您好\nG1,10:00:02,客户,,在吗\nG2,10:00:03,客服,韩梅,请讲\nG2,10:00:04,客户,,好\n"
        ));
        assert_eq!(shown, ["G1: agent (李雷) 您好 | customer 在吗", "G2: agent (韩梅) 请讲 | customer 好"], "{id} {agent}");
        assert_eq!(told, [""; 0]);
    }
}

#[test]
fn what_is_said_has_many_names() {
    for name in ["发言内容", "說話內容", "沟通内容", "訊息", "訊息內容", "信息内容"] {
        let (shown, told) = csv(&format!("会话ID,发言人,{name}\n1,客服,您好\n1,客户,在吗\n"));
        assert_eq!((shown, told), (vec!["1: agent 您好 | customer 在吗".to_owned()], vec![]), "{name}");
    }
}

#[test]
fn numbers_of_rows_hold_no_turns_together() {
    for id in ["流水号", "消息编号", "uuid"] {
        let (shown, _) = csv(&format!("{id},角色,内容\n1,客服,您好\n2,客户,在吗\n3,客服,请讲\n"));
        assert_eq!(shown, ["1: agent 您好 | customer 在吗 | agent 请讲"], "{id}");
    }
    // A project holds no turns together, nor does what is the same in all rows.
    let rows = "P1,K1,客服,您好\nP1,K1,客户,在吗\nP1,K2,客服,请讲\nP1,K2,客户,好\n";
    let (shown, _) = csv(&format!("项目编号,接入编号,角色,内容\n{rows}"));
    assert_eq!(shown, ["K1: agent 您好 | customer 在吗", "K2: agent 请讲 | customer 好"]);
    let (shown, _) = csv("项目编号,角色,内容\nP1,客服,您好\nP1,客户,在吗\n");
    assert_eq!(shown, ["1: agent 您好 | customer 在吗"]);
    // Beside canned replies such a name is that of a number.
    assert_eq!(csv("流水号,内容,承办人\n1,您好,李雷\n").0, ["reply 1: agent 您好"]);
}

#[test]
fn rows_that_are_one_conversation_for_want_of_a_column_are_told() {
    let rows = |agents: [&str; 2], times: [&str; 2]| {
        let [(one, other), (first, second)] = [agents, times].map(|[one, other]| (one, other));
        csv(&format!("批次,时间,角色,坐席,内容\nG1,{first},客服,{one},您好\nG2,{second},客服,{other},请讲\n")).1
    };
    let told = rows(["李雷", "韩梅"], ["10:00:01", "10:00:02"]);
    let expected = "warning: a.csv: all 2 rows are read as one conversation, though rows name several agents, for no column is known to divide \
                    them (not used: `批次`); call the one that does 会话ID, or name it: id = \"…\" beside speaker and text under [mapping] in \
                    phrase-lint.toml";
    assert_eq!(told, [expected]);
    let told = rows(["李雷", "李雷"], ["2024-05-06 10:00:01", "2024-05-06 15:00:01"]);
    assert!(told.len() == 1 && told[0].contains("though hours lie between rows"), "{told:?}");
    assert_eq!(rows(["李雷", "李雷"], ["10:00:01", "10:00:02"]), [""; 0]);
    let many = "李雷,客服,您好\n".repeat(400);
    let told = csv(&format!("坐席,角色,内容\n{many}")).1;
    assert!(told.len() == 1 && told[0].contains("all 400 rows") && !told[0].contains("not used"), "{told:?}");
    assert_eq!(csv(&format!("会话ID,坐席,角色,内容\n{}", "1,李雷,客服,您好\n".repeat(400))).1, [""; 0]);
}

#[test]
fn who_was_named_keeps_the_name() {
    let speakers = ["李雷", "韩雪"].map(|name| (name.to_owned(), Speaker::Agent)).to_vec();
    let options = ReadOptions { speakers, ..ReadOptions::default() };
    let expected = ["1: agent (李雷) 你等着 | customer (韩梅) 快点", "2: agent (韩雪) 不知道 | customer (赵四) 哦"];
    let table = "会话ID,发送方,内容\n1,李雷,你等着\n1,韩梅,快点\n2,韩雪,不知道\n2,赵四,哦\n";
    assert_eq!(read_as("a.csv", table, &options).0, expected);
    let lines = "{\"id\":1,\"turns\":[{\"speaker\":\"李雷\",\"text\":\"你等着\"},{\"speaker\":\"韩梅\",\"text\":\"快点\"}]}\n{\"id\":2,\"turns\":[{\"speaker\":\"韩雪\",\"text\":\"不知道\"},{\"speaker\":\"赵四\",\"text\":\"哦\"}]}\n";
    assert_eq!(read_as("a.jsonl", lines, &options).0, expected);
    let messages = "{\"id\":1,\"messages\":[{\"role\":\"李雷\",\"content\":\"你等着\"},{\"role\":\"user\",\"content\":\"快点\"}]}\n";
    assert_eq!(read_as("a.jsonl", messages, &options).0, ["1: agent (李雷) 你等着 | customer 快点"]);
    let mapping: Mapping = serde_json::from_str(r#"{"id":"编","speaker":"谁","text":"话"}"#).unwrap();
    let mapped = ReadOptions { mappings: vec![mapping], ..options.clone() };
    assert_eq!(read_as("a.csv", &table.replace("会话ID,发送方,内容", "编,谁,话"), &mapped).0, expected);
    // A word that all agents of a table share is a role, where another column has their names.
    let shared = ReadOptions { speakers: vec![("A方".to_owned(), Speaker::Agent)], ..ReadOptions::default() };
    assert_eq!(read_as("a.csv", "会话ID,发送方,坐席,内容\n1,A方,李雷,您好\n", &shared).0, ["1: agent (李雷) 您好"]);
}

#[test]
fn who_speaks_is_told_by_values_where_the_name_is_unknown() {
    for table in [
        "会话ID,谁,内容\n1,客服,你等着\n1,客户,你必须快点\n",
        "会话ID,声道,内容\n1,客服,你等着\n1,客户,你必须快点\n",
        "call_id,start,end,channel,text\n1,10,20,agent,你等着\n1,30,40,customer,你必须快点\n",
        "start,end,channel,text\n10,20,agent,你等着\n30,40,customer,你必须快点\n",
    ] {
        assert_eq!(csv(table).0, ["1: agent 你等着 | customer 你必须快点"], "{table}");
    }
    for rows in [
        "{\"session_id\":\"1\",\"sender\":\"agent\",\"text\":\"你等着\",\"time\":\"10:00:01\"}\n{\"session_id\":\"1\",\"sender\":\"customer\",\"text\":\"你必须快点\",\"time\":\"10:00:02\"}\n",
        "{\"call_id\":1,\"channel\":\"agent\",\"text\":\"你等着\"}\n{\"call_id\":1,\"channel\":\"customer\",\"text\":\"你必须快点\"}\n",
    ] {
        assert_eq!(read_as("a.jsonl", rows, &ReadOptions::default()).0, ["1: agent 你等着 | customer 你必须快点"], "{rows}");
        let array = format!("[{}]", rows.trim().replace('\n', ","));
        assert_eq!(read_as("a.json", &array, &ReadOptions::default()).0, ["1: agent 你等着 | customer 你必须快点"], "{array}");
    }
}

#[test]
fn a_lone_turn_is_no_reply() {
    for (name, text) in
        [("a.json", "[{\"who\":\"客户\",\"say\":\"你快点发货好不好\"}]"), ("a.yaml", "- who: 客户\n  say: 你快点发货好不好\n")]
    {
        let (shown, told) = read_as(name, text, &ReadOptions::default());
        assert!(
            shown.is_empty() && told.iter().any(|told| told.contains("none of the keys of its records (say, who)")),
            "{shown:?} {told:?}"
        );
    }
}

#[test]
fn turns_of_which_nobody_knows_who_speaks_are_no_replies() {
    for (name, text) in [
        ("a.csv", "时间,内容\n10:00:00,你等着\n10:00:02,你必须快点\n"),
        ("a.csv", "start,end,channel,text\n10,20,0,你等着\n30,40,1,你必须快点\n"),
        ("a.csv", "序号,开始时间,结束时间,文本\n1,00:00:01,00:00:02,你等着\n2,00:00:03,00:00:04,你必须快点\n"),
        ("a.csv", "编号,发送时间,内容\n1,2024-05-06 10:00:01,你等着\n"),
        ("a.jsonl", "{\"call_id\":\"s1\",\"channel\":0,\"text\":\"你必须快点\"}\n{\"call_id\":\"s1\",\"channel\":1,\"text\":\"你等着\"}\n"),
        ("a.jsonl", "{\"session_id\":\"s1\",\"text\":\"你必须快点\"}\n"),
    ] {
        let (shown, told) = read_as(name, text, &ReadOptions::default());
        assert_eq!(shown, [""; 0], "{text}");
        assert!(told.len() == 1 && told[0].contains("no column says who speaks"), "{told:?}");
    }
    // Whom the values name, the user can say who that is.
    for text in [
        "时间,声道,内容\n10:00:00,0,你等着\n10:00:02,1,你必须快点\n",
        "start_time,end_time,speaker_id,text\n10,20,0,你等着\n30,40,1,你必须快点\n",
    ] {
        assert_eq!(csv(text).0, ["1: unknown (0) 你等着 | unknown (1) 你必须快点"], "{text}");
    }
    let text = "[00:01.200,00:03.400] 说话人1：您好\n[00:04.200,00:06.400] 说话人2：你必须快点\n";
    assert_eq!(read_as("a.txt", text, &ReadOptions::default()).0, ["1: unknown (说话人1) 您好 | unknown (说话人2) 你必须快点"]);
}

#[test]
fn replies_may_have_times_too() {
    for table in [
        "编号,内容,时间\n1,您好,2024-05-06\n",
        "标题,内容,开始时间,结束时间\n1,您好,2024-05-06,2024-06-06\n",
        "内容,日期\n您好,2024-05-06\n",
    ] {
        let (shown, told) = csv(table);
        assert_eq!((shown, told), (vec!["reply 1: agent 您好".to_owned()], vec![]), "{table}");
    }
    let record = "{\"id\":\"r-1\",\"text\":\"您好\",\"agent\":\"小李\",\"channel\":\"微信\",\"updated\":1}\n";
    assert_eq!(read_as("a.jsonl", record, &ReadOptions::default()).0, ["reply r-1: agent 您好"]);
}

#[test]
fn rows_with_the_newest_first_are_turned_round() {
    let rows = ["1,10:00:01,客户,在吗", "1,10:00:05,客服,您好", "1,10:00:05,客服,请讲", "1,10:00:09,客户,好"];
    let table = |rows: &[&str]| csv(&format!("会话ID,时间,角色,内容\n{}\n", rows.join("\n")));
    let forth = table(&rows);
    let back: Vec<&str> = rows.iter().rev().copied().collect();
    assert_eq!(table(&back), forth);
    assert_eq!(forth.1, [""; 0]);
    let (shown, told) =
        csv("会话ID,时间,角色,内容\n1,2024-05-06 10:00:01,客户,在吗\n1,2024-05-06 12:00:01,客服,您好\n1,2024-05-06 11:00:01,客户,好\n");
    assert_eq!(shown, ["1: customer 在吗 | agent 您好 | customer 好"]);
    let expected = "warning: a.csv: the times of the conversation 1 run back and forth: the rows are taken as they stand; sort the rows by conversation and time";
    assert_eq!(told, [expected]);
    let mapping: Mapping = serde_json::from_str(r#"{"id":"s","speaker":"w","text":"m.t","time":"at"}"#).unwrap();
    let options = ReadOptions { mappings: vec![mapping], ..ReadOptions::default() };
    let lines = "{\"s\":1,\"w\":\"客服\",\"m\":{\"t\":\"您好\"},\"at\":\"10:00:05\"}\n{\"s\":1,\"w\":\"客户\",\"m\":{\"t\":\"在吗\"},\"at\":\"10:00:01\"}\n";
    assert_eq!(read_as("a.jsonl", lines, &options).0, ["1: customer 在吗 | agent 您好"]);
}

#[test]
fn times_that_cannot_be_read_are_told_of_json() {
    let told = |name: &str, lines: &str| read_as(name, lines, &ReadOptions::default()).1;
    let turn = |time: &str| format!(r#"{{"speaker":"agent","text":"您好","time":{time}}}"#);
    let chat = |times: &[&str]| format!("{{\"turns\":[{}]}}", times.iter().map(|time| turn(time)).collect::<Vec<_>>().join(","));
    for times in [&["\"2024-05-06 14:00:00\"", "1547087894783"][..], &["\"\"", "null"]] {
        assert_eq!(told("a.jsonl", &chat(times)), [""; 0], "{times:?}");
    }
    let remedy = "write times as 2024-05-06 14:00:00; where there are none, checks of waits and lengths say nothing";
    let expected = |file: &str| format!("warning: {file}:1: 2 times of the key `time` cannot be read, the first is `昨天`; {remedy}");
    let times = ["\"14:00:00\"", "\"昨天\"", "\"2024-13-45 25:61:61\""];
    assert_eq!(told("a.jsonl", &chat(&times)), [expected("a.jsonl")]);
    assert_eq!(told("a.json", &format!("[{}]", chat(&times))), [expected("a.json")]);
}

#[test]
fn times_that_cannot_be_read_are_told() {
    let table = |times: [&str; 2]| csv(&format!("会话ID,时间,角色,内容\n1,{},客服,您好\n1,{},客户,在吗\n", times[0], times[1])).1;
    for times in [["113/05/06 14:00:00", "113/05/06 14:00:05"], ["1.5", "3"], ["45418.583333", "45418.583355"], ["", ""]] {
        assert_eq!(table(times), [""; 0], "{times:?}");
    }
    let help = "write times as 2024-05-06 14:00:00; where there are none, checks of waits and lengths say nothing";
    assert_eq!(table(["一点", "两点"]), [format!("warning: a.csv:2: the column `时间` holds no times that can be read: `一点`; {help}")]);
    assert_eq!(table(["15", "90"]), [format!("warning: a.csv:2: the column `时间` holds no times that can be read: `15`; {help}")]);
    assert_eq!(
        table(["10:00:00", "两点"]),
        [format!("warning: a.csv:3: the column `时间` holds what is no time that can be read: `两点`; {help}")]
    );
}

#[test]
fn headers_and_sums_between_rows_are_nothing_said() {
    let rows = "会话ID,时间,角色,坐席,内容\n1,10:00:01,客服,李雷,您好\n1,10:00:02,客户,,在吗\n";
    let (shown, told) = csv(&format!("{rows}{}合计,36,,,390\n", rows.replace("\n1,", "\n2,")));
    assert_eq!(shown, ["1: agent (李雷) 您好 | customer 在吗", "2: agent (李雷) 您好 | customer 在吗"]);
    assert_eq!(told, [""; 0]);
}
