//! Findings made by hand, on which the forms are tested: Han, emoji, control codes, and what may be absent.

use crate::lint::Courtesy;
use crate::violation::{Applicability, Rewrite, Severity};

use super::Report;
use super::record::{ConversationRecord, Findings, ViolationRecord};
use super::summary::Summary;

fn violation(rule: &str, severity: Severity, message: &str, sentence: &str, words: &str) -> ViolationRecord {
    let mark = sentence.find(words).filter(|_| !words.is_empty()).map(|start| start..start + words.len());
    ViolationRecord {
        file: "chats/a.jsonl".into(),
        conversation: "c-17".into(),
        turn: 3,
        speaker: "agent".into(),
        agent: Some("A001".into()),
        time: Some("10:11:20".into()),
        rule: rule.into(),
        severity,
        message: message.into(),
        sentence: sentence.into(),
        text: mark.clone().map(|mark| sentence[mark].to_owned()),
        span: mark,
        line: Some(18),
        column: Some(42),
        points: severity.default_points(),
        rewrites: Vec::new(),
        marked_at: None,
        utf16_column: None,
        end: None,
        cell: false,
        fatal: false,
    }
}

fn rewrite(text: &str, applicability: Applicability) -> Rewrite {
    Rewrite { text: text.into(), applicability }
}

fn conversation(file: &str, id: &str, turns: u64, violations: Vec<ViolationRecord>) -> Findings {
    let points = violations.iter().map(|violation| u64::from(violation.points)).sum();
    let mut rules = std::collections::BTreeMap::new();
    for violation in &violations {
        *rules.entry(violation.rule.clone()).or_insert(0) += 1;
    }
    let agent = violations.first().and_then(|violation| violation.agent.clone());
    let conversation = ConversationRecord {
        file: file.into(),
        conversation: id.into(),
        agent,
        time: None,
        turns,
        points,
        fatal: false,
        score: 100 - points,
        rules,
        courtesy: match turns / 2 {
            0 => Courtesy::default(),
            agent_turns => Courtesy { agent_turns, words: [("您".into(), turns), ("谢".into(), 1)].into() },
        },
        untimed: turns == 4,
        agents: Vec::new(),
    };
    Findings { violations, conversation, transcript: Vec::new() }
}

/// Three conversations of two files: one with a safe and a suggested rewrite, one clean, one hostile reply.
pub(super) fn findings() -> Vec<Findings> {
    let mut nin = violation("address/nin", Severity::Warning, "对客户称“您”", "👍🏽你好！", "你");
    nin.rewrites = vec![rewrite("您", Applicability::Safe)];
    let mut name = violation("asking/name", Severity::Warning, "问姓名要用请求的语气", "好的，那你叫什么名字?", "你叫什么名字");
    name.rewrites = vec![rewrite("能告诉我您的姓名吗", Applicability::Suggested), rewrite("请问您怎么称呼", Applicability::Suggested)];
    name.column = Some(60);
    let mut thanks = violation("closing/thanks", Severity::Info, "结束前要致谢", "没有别的事了", "");
    thanks.rewrites = vec![rewrite("感谢您的来电,再见", Applicability::Example)];

    let mut hostile =
        violation("pressure/authority", Severity::Error, "不得恐吓客户\u{1b}[31m", "不付款就报警\u{202e}抓你\u{7}", "报警\u{202e}抓你");
    let mut slang = violation("register/pet-name", Severity::Info, "称呼要得体", "亲\u{200b}爱的e\u{301}亲", "亲\u{200b}爱的");
    for reply in [&mut hostile, &mut slang] {
        (reply.file, reply.conversation, reply.turn) = ("replies.csv".into(), "r-1".into(), 0);
        (reply.agent, reply.time, reply.line, reply.column) = (None, None, Some(7), Some(3));
    }
    vec![
        conversation("chats/a.jsonl", "c-17", 12, vec![nin, name, thanks]),
        conversation("chats/a.jsonl", "c-18", 4, Vec::new()),
        conversation("replies.csv", "r-1", 1, vec![hostile, slang]),
    ]
}

/// Reports them and their sums.
pub(super) fn run(report: &mut impl Report) {
    let mut summary = Summary { files: 2, ..Summary::default() };
    for findings in findings() {
        summary.add(&findings);
        assert!(report.conversation(&findings).is_ok());
    }
    assert!(report.finish(&summary).is_ok());
}
