//! The etiquette of whole conversations: every check is there with its examples, and a perfect call breaks none.

use std::collections::BTreeMap;

use phrase_lint::builtin;
use phrase_lint::lint::{Examination, RuleSet, Selection};
use phrase_lint::report::{Findings, Tenths};
use phrase_lint::rule::{Check, Profile, Rules};
use phrase_lint::source::Document;
use phrase_lint::text::{Lines, Script};
use phrase_lint::transcript::{self, Conversation, Direction, ReadOptions};
use phrase_lint::violation::Applicability;

/// The etiquette, with the profiles in which each check is on.
const ETIQUETTE: &[(&str, &str)] = &[
    ("opening/greeting", "call chat"),
    ("opening/identify", "call chat"),
    ("opening/order", "call"),
    ("opening/offer", "call chat"),
    ("opening/late", "call chat"),
    ("opening/outbound", "call"),
    ("opening/hours", "call"),
    ("opening/surname", "call"),
    ("waiting/announce", "call"),
    ("waiting/contact", "call chat"),
    ("waiting/return", "call chat"),
    ("transfer/announce", "call chat"),
    ("transfer/message", "call chat"),
    ("response/apology", "call chat"),
    ("response/empathy", "call chat"),
    ("response/unanswered", "call chat"),
    ("response/deferred", "call chat"),
    ("response/repeated", "call chat"),
    ("response/length", "call"),
    ("closing/restate", "call chat"),
    ("closing/anything-else", "call chat"),
    ("closing/thanks", "call chat"),
    ("closing/goodbye", "call chat"),
    ("closing/rating", "chat"),
    ("closing/abrupt", "call chat"),
];

const INBOUND: &str = "\
[2024-05-08 10:00:00] 客服：您好,这里是宏远家电客服中心,工号1024,请问有什么可以帮到您?
[2024-05-08 10:00:08] 客户：你好,我想查一下我的空调什么时候来装。
[2024-05-08 10:00:13] 客服：好的,请问您贵姓?
[2024-05-08 10:00:15] 客户：免贵姓王。
[2024-05-08 10:00:17] 客服：王先生您好,请您稍等,我马上为您查询。
[2024-05-08 10:00:22] 客户：好的。
[2024-05-08 10:00:35] 客服：王先生,让您久等了,您的空调安排在明天下午两点到四点上门安装。
[2024-05-08 10:00:45] 客户：能不能早一点?我挺着急的。
[2024-05-08 10:00:49] 客服：我理解您的心情,最早可以安排在明天上午九点,您看可以吗?
[2024-05-08 10:00:57] 客户：那就明天上午九点吧。
[2024-05-08 10:01:01] 客服：好的,跟您确认一下:明天上午九点上门安装,对吗?
[2024-05-08 10:01:08] 客户：对的。
[2024-05-08 10:01:10] 客服：请问还有其他可以帮到您的吗?
[2024-05-08 10:01:14] 客户：没有了,谢谢。
[2024-05-08 10:01:17] 客服：感谢您的来电,祝您生活愉快,再见!
";

const TRADITIONAL: &str = "\
[10:00:00] 客服：您好,這裡是華信銀行客服中心,我姓林,很高興為您服務,請問有什麼可以幫您?
[10:00:09] 客戶：你好,我的信用卡不見了。
[10:00:13] 客服：請您別著急,我馬上協助您掛失,請問怎麼稱呼您?
[10:00:20] 客戶：我姓陳。
[10:00:22] 客服：陳小姐您好,請您稍候,我為您查詢帳戶資料。
[10:00:27] 客戶：好
[10:00:36] 客服：陳小姐,謝謝您的等候,卡片已經掛失,新卡五個工作天內寄到。
[10:00:44] 客戶：好的,麻煩寄到中山路25號。
[10:00:49] 客服：好的,跟您核對一下,新卡寄到中山路25號,對嗎?
[10:00:56] 客戶：對
[10:00:58] 客服：請問還有其他需要為您服務的嗎?
[10:01:02] 客戶：沒有了
[10:01:04] 客服：謝謝您的來電,祝您順心,再見
";

const OUTBOUND: &str = "\
[2024-05-08 15:00:00] 客服：您好,请问是李女士吗?
[2024-05-08 15:00:03] 客户：我是,哪位?
[2024-05-08 15:00:05] 客服：李女士您好,这里是宏远家电客服中心,我是小张,工号1024,请问您现在方便接听电话吗?
[2024-05-08 15:00:14] 客户：方便,你说。
[2024-05-08 15:00:16] 客服：您上周反映的噪音问题已经有结果了,师傅可以为您更换电机,您看安排在明天上午可以吗?
[2024-05-08 15:00:27] 客户：可以。
[2024-05-08 15:00:29] 客服：好的,那就明天上午为您上门,请问还有其他可以帮到您的吗?
[2024-05-08 15:00:36] 客户：没有了。
[2024-05-08 15:00:38] 客服：谢谢您,祝您生活愉快,再见!
";

fn rules() -> Rules {
    builtin::rules_with_examples(Vec::new()).unwrap_or_else(|mistakes| panic!("{}", mistakes[0]))
}

fn conversation(text: &str, direction: Option<Direction>) -> Conversation {
    let mut read = Vec::new();
    transcript::read(&Document::from_text("call.txt", text), &ReadOptions::default(), &mut |result| read.extend(result.ok()))
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read.len(), 1);
    Conversation { direction, ..read.remove(0) }
}

fn by_id(rules: &Rules) -> BTreeMap<&str, Vec<&Check>> {
    let mut by_id = BTreeMap::<&str, Vec<&Check>>::new();
    for check in &rules.checks {
        by_id.entry(&check.id).or_default().push(check);
    }
    by_id
}

#[test]
fn every_check_of_the_etiquette_is_there_in_its_profiles() {
    let rules = rules();
    let by_id = by_id(&rules);
    for (id, profiles) in ETIQUETTE {
        let rows = by_id.get(id).unwrap_or_else(|| panic!("{id} is missing"));
        let on = |profile: &Profile| rows.iter().any(|row| row.severity.get(*profile).is_some());
        let found: Vec<&str> = Profile::ALL.iter().filter(|profile| on(profile)).map(|profile| profile.as_str()).collect();
        assert_eq!(found.join(" "), *profiles, "{id}");
    }
    assert_eq!(rules.counts.iter().map(|count| count.label.as_str()).collect::<Vec<_>>(), ["请", "谢", "您"]);
}

#[test]
fn every_check_is_whole_and_has_examples_in_both_scripts() {
    let traditional = |text: &str| conversation(text, None).script() == Some(Script::Traditional);
    let rules = rules();
    for (id, rows) in by_id(&rules) {
        for row in &rows {
            let place = format!("{}:{} {id}", row.file, row.line);
            for wording in [&row.title, &row.why] {
                assert!(!wording.hans.is_empty() && !wording.hant.is_empty(), "{place}: a title or reason lacks a script");
            }
            assert!(!row.source.is_empty() && !row.scene.is_empty(), "{place}: no source or scene");
            assert_eq!(row.professional.len(), row.professional_hant.len(), "{place}: a sentence lacks a script");
        }
        for (kind, specs) in [
            ("bad", rows.iter().flat_map(|row| &row.specs.bad).collect::<Vec<_>>()),
            ("good", rows.iter().flat_map(|row| &row.specs.good).collect()),
        ] {
            assert!(specs.len() >= 6, "{id}: only {} {kind} examples", specs.len());
            assert!(specs.iter().any(|(_, text)| traditional(text)), "{id}: no {kind} example in Traditional");
            assert!(specs.iter().any(|(_, text)| !traditional(text)), "{id}: no {kind} example in Simplified");
        }
    }
}

#[test]
fn a_perfect_call_breaks_nothing_and_scores_100() {
    let rule_set = RuleSet::new(&rules(), &Selection::default());
    for (text, direction) in
        [(INBOUND, None), (INBOUND, Some(Direction::Inbound)), (TRADITIONAL, None), (OUTBOUND, Some(Direction::Outbound)), (OUTBOUND, None)]
    {
        let conversation = conversation(text, direction);
        for profile in [Profile::Call, Profile::Chat] {
            let mut violations = rule_set.lint(&conversation, profile);
            if profile == Profile::Chat {
                violations.retain(|violation| &*violation.rule != "closing/rating");
            }
            assert!(violations.is_empty(), "{direction:?} {profile}: {violations:#?}");
        }
        let findings = Findings::new("call.txt", &conversation, &Examination::default(), &Lines::new("", 1));
        assert_eq!(findings.conversation.score, 100);
    }
}

#[test]
fn what_would_have_fulfilled_a_check_is_only_an_example() {
    let rule_set = RuleSet::new(&rules(), &Selection::default());
    let call = "[10:00:00] 客服：您好,這裡是華信銀行,請問有什麼可以幫您?\n[10:00:05] 客戶：我要查帳單。\n[10:01:30] 客服：本月三百元。\n";
    let violations = rule_set.lint(&conversation(call, None), Profile::Call);
    let returned = violations.iter().find(|violation| &*violation.rule == "waiting/return").unwrap_or_else(|| panic!("{violations:#?}"));
    assert_eq!((returned.turn, &returned.span), (2, &None));
    assert_eq!(returned.rewrites[0].text, "對不起,讓您久等了");
    assert!(violations.iter().all(|violation| violation.rewrites.iter().all(|rewrite| rewrite.applicability == Applicability::Example)));
    assert!(returned.message.starts_with("等候之後先致歉：此前沉默了83秒，這一句應當說「對不起,讓您久等了」"), "{}", returned.message);
}

#[test]
fn without_times_the_checks_that_need_them_are_silent_and_told() {
    let rule_set = RuleSet::new(&rules(), &Selection::default());
    let untimed = conversation("客服：您好,这里是宏远家电,请问有什么可以帮您?\n客户：查订单\n客服：到了\n", None);
    let ids = rule_set.examine(&untimed, Profile::Call).untimed;
    let ids: Vec<&str> = ids.iter().map(|id| &**id).collect();
    assert_eq!(ids, ["opening/late", "response/length", "waiting/announce", "waiting/contact", "waiting/return"]);
    assert!(rule_set.lint(&untimed, Profile::Call).iter().all(|violation| !ids.contains(&&*violation.rule)));
    assert!(rule_set.examine(&conversation(INBOUND, None), Profile::Call).untimed.is_empty());
}

#[test]
fn of_times_of_day_only_what_they_tell_is_judged() {
    let rule_set = RuleSet::new(&rules(), &Selection::default());
    let broken = |text: &str, id: &str| {
        let violations = rule_set.lint(&conversation(text, Some(Direction::Outbound)), Profile::Call);
        violations.iter().filter(|violation| &*violation.rule == id).map(|violation| violation.message.clone()).collect::<Vec<_>>()
    };
    // Past midnight the next day begins, in every shape of a line.
    for text in [
        "23:59:50 客服小李：请您稍等\n00:01:50 客服小李：查到了\n00:01:55 客户：好",
        "[23:59:50] 客服 小李 请您稍等\n[00:01:50] 客服 小李 查到了\n[00:01:55] 客户 好",
        "客服小李 23:59:50\n请您稍等\n客服小李 00:01:50\n查到了\n客户 00:01:55\n好",
        "客服小李 23:59:50 请您稍等\n客服小李 00:01:50 查到了\n客户 00:01:55 好",
    ] {
        let messages = broken(text, "waiting/return");
        assert!(messages.len() == 1 && messages[0].contains("119秒"), "{text}: {messages:?}");
    }
    assert_eq!(broken("12:30:00 客服 小李 您好\n12:30:05 客户 你好", "opening/hours").len(), 1);
    assert_eq!(broken("10:30:00 客服 小李 您好\n10:30:05 客户 你好", "opening/hours"), [""; 0]);
    // What a recording counts from its start is no time of day.
    assert_eq!(broken("[00:00:03] 客服：您好\n[00:00:05] 客户：你好", "opening/hours"), [""; 0]);
}

#[test]
fn courtesy_is_counted_in_agent_turns() {
    let rule_set = RuleSet::new(&rules(), &Selection::default());
    let said = conversation("客服：您好,请讲\n客户：谢谢您\n客服：請您稍候,感謝您\n", None);
    let courtesy = rule_set.examine(&said, Profile::Chat).courtesy;
    let words: Vec<_> = courtesy.words.iter().map(|(word, count)| (word.as_str(), *count)).collect();
    assert_eq!((courtesy.agent_turns, words), (2, vec![("您", 3), ("请", 2), ("谢", 1)]));
    assert_eq!(Tenths::of_courtesy(&courtesy, "谢").to_string(), "50.0");
    let reply = rule_set.examine(&Conversation::reply("r", "请您稍候"), Profile::Replies).courtesy;
    assert!(reply.is_empty(), "canned replies are nobody's turns");
}

/// The table of checks as the README shows it.
fn table(rules: &Rules) -> String {
    let mut table = String::from("| check | | call | chat |\n|---|---|---|---|\n");
    for (id, rows) in by_id(rules) {
        let level = |profile: Profile| {
            let gravest = rows.iter().filter_map(|row| row.severity.get(profile)).max();
            gravest.map_or("", |severity| severity.as_str())
        };
        table.push_str(&format!("| `{id}` | {} | {} | {} |\n", rows[0].title.hans, level(Profile::Call), level(Profile::Chat)));
    }
    table
}

#[test]
fn the_readme_shows_the_checks_as_the_packs_have_them() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap_or_default();
    let table = table(&rules());
    assert!(readme.contains(&table), "put this table into README.md:\n{table}");
}
