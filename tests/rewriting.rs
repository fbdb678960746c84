//! Putting right: only the words change, nothing is lost, nothing is left, in every format and encoding; and a file is
//! the old one or the new one, whatever happens.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use phrase_lint::builtin;
use phrase_lint::lint::{RuleSet, Selection};
use phrase_lint::rewrite::{Reason, Rewriter, Rewriting, reconsider};
use phrase_lint::rule::{Pack, Profile, Rules};
use phrase_lint::source::{self, Document, Encoding, SaveError};
use phrase_lint::transcript::{Conversation, Place, ReadOptions, read};
use phrase_lint::violation::{Applicability, Violation};
use proptest::prelude::*;
use proptest::sample::select;

fn rule_set() -> &'static RuleSet {
    static RULES: OnceLock<RuleSet> = OnceLock::new();
    RULES.get_or_init(|| RuleSet::new(&builtin::rules(), &Selection::default()))
}

fn rules_of(pack: &str) -> RuleSet {
    let rules = Rules::new(&[Pack::parse("test.toml", pack).unwrap()]).unwrap_or_else(|mistakes| panic!("{}", mistakes[0]));
    RuleSet::new(&rules, &Selection::default())
}

fn rewrite_with(rule_set: &RuleSet, document: &Document, suggested: bool, transcripts: bool) -> Rewriting {
    let reading = ReadOptions::default();
    Rewriter { rule_set, reading: &reading, profile: None, direction: None, suggested, transcripts }.rewrite(document)
}

fn rewrite(document: &Document, suggested: bool) -> Rewriting {
    rewrite_with(rule_set(), document, suggested, false)
}

fn conversations(document: &Document) -> Vec<Conversation> {
    let mut conversations = Vec::new();
    read(document, &ReadOptions::default(), &mut |found| conversations.extend(found)).unwrap();
    conversations
}

/// The replies after safe rewriting, of lines of text.
fn safely(text: &str) -> String {
    let document = Document::from_text("replies.txt", text);
    rewrite(&document, false).text.unwrap_or_else(|| text.to_owned())
}

fn with_suggestions(text: &str) -> String {
    let document = Document::from_text("replies.txt", text);
    rewrite(&document, true).text.unwrap_or_else(|| text.to_owned())
}

// ---------------------------------------------------------------- what is applied

#[test]
fn safe_rewrites_are_applied_and_others_only_on_request() {
    assert_eq!(safely("你好，你的订单到了。\n你等着！\n你必须先登记。\n"), "您好，您的订单到了。\n请您稍等一会儿！\n你必须先登记。\n");
    assert_eq!(with_suggestions("你必须先登记。\n"), "我愿意帮助您，但首先我需要您先登记。\n");
    // An example is never applied, but the suggestion behind it is.
    assert_eq!(with_suggestions("你是谁？\n在的，您好\n"), "请问您是哪位？\n在的，您好\n");
}

#[test]
fn a_row_of_the_house_goes_before_a_longer_built_in_one() {
    let pack = "[pack]\ncategory = \"house\"\n[[phrase]]\nid = \"wait\"\nimproper = \"等着\"\nprofessional = \"留步\"\napply = \"safe\"\n\
                [[phrase]]\nid = \"forbidden\"\nimproper = \"保本\"\n";
    let rules = builtin::rules_with(vec![Pack::parse("house.toml", pack).unwrap()]).unwrap_or_else(|mistakes| panic!("{}", mistakes[0]));
    let rules = RuleSet::new(&rules, &Selection::default());
    let reply = Conversation::reply("1", "你等着");
    let told: Vec<_> =
        rules.lint(&reply, Profile::Replies).into_iter().map(|violation| (violation.rule.to_string(), violation.by_user)).collect();
    assert_eq!(told, [("waiting/order".to_owned(), false), ("house/wait".to_owned(), true)]);
    let fixed = |text: &str, suggested| rewrite_with(&rules, &Document::from_text("replies.txt", text), suggested, false).text;
    assert_eq!(fixed("你等着\n您好，在的\n", false).as_deref(), Some("您留步\n您好，在的\n"));
    // A word that is forbidden and has no rewrite stays.
    assert_eq!(fixed("这款保本，您放心\n", true), None);
    assert_eq!(fixed("这款保本，你放心\n", true).as_deref(), Some("这款保本，您放心\n"));
}

/// What a row of the house leaves to a person, no built-in rewrite takes away.
#[test]
fn words_that_a_row_of_the_house_leaves_to_a_person_stay() {
    let fixed = |row: &str, text: &str, suggested| {
        let pack = Pack::parse("house.toml", &format!("[pack]\ncategory = \"house\"\n[[phrase]]\nid = \"own\"\n{row}\n")).unwrap();
        let rules = builtin::rules_with(vec![pack]).unwrap_or_else(|mistakes| panic!("{}", mistakes[0]));
        let rules = RuleSet::new(&rules, &Selection::default());
        rewrite_with(&rules, &Document::from_text("replies.txt", text), suggested, false).text
    };
    let suggested = "improper = \"等着\"\nprofessional = \"留步\"";
    assert_eq!(fixed(suggested, "你等着\n您好，在的\n", false), None);
    assert_eq!(fixed(suggested, "你等着\n您好，在的\n", true).as_deref(), Some("您留步\n您好，在的\n"));
    // So it is where the row is called safe and its rewrite is an example all the same.
    let example = "improper = \"等着\"\nprofessional = \"留步……\"\napply = \"safe\"";
    assert_eq!(fixed(example, "你等着\n您好，在的\n", true), None);
    let forbidden = "improper = \"等着\"";
    assert_eq!(fixed(forbidden, "你等着\n您好，在的\n", false), None);
    assert_eq!(fixed(forbidden, "你等着，你好\n您好，在的\n", true).as_deref(), Some("你等着，您好\n您好，在的\n"));
    // What a rewrite says again is still there to be found.
    let captured = "improper = \"押金\"";
    assert_eq!(
        fixed(captured, "你必须先交押金\n您好，在的\n", true).as_deref(),
        Some("我愿意帮助您，但首先我需要您先交押金\n您好，在的\n")
    );
}

#[test]
fn a_question_takes_the_particle_and_the_comma_behind_it() {
    assert_eq!(with_suggestions("你姓啥呀\n您好，在的\n"), "请问您贵姓？\n您好，在的\n");
    for (behind, marked) in [("。", "。"), ("？", "？"), ("……", "……"), ("😀", "？😀"), ("（急）", "？（急）"), ("”", "？”")]
    {
        assert_eq!(with_suggestions(&format!("你姓啥呀{behind}\n您好，在的\n")), format!("请问您贵姓{marked}\n您好，在的\n"));
    }
    assert_eq!(with_suggestions("不能退，已经拆封了\n").chars().filter(|c| *c == '？').count(), 1);
    assert_eq!(with_suggestions("你得排队，前面还有两位\n"), "麻烦您排队，好吗？前面还有两位\n");
}

/// A whole sentence in the place of some words of a clause, with the last one or two left behind, is no Chinese.
#[test]
fn a_sentence_that_would_leave_the_end_of_a_clause_behind_is_an_example() {
    assert_eq!(with_suggestions("凭啥赔你钱\n您好，在的\n"), "凭啥赔你钱\n您好，在的\n");
    assert_eq!(with_suggestions("凭啥赔你\n您好，在的\n"), "我理解您的心情，我来帮您想想办法\n您好，在的\n");
}

/// What goes on behind a quotation or a word in Latin letters, or began before, is one sentence with it.
#[test]
fn a_sentence_in_the_midst_of_another_is_an_example() {
    for text in ["你必须“同意”条款", "你必須《閱讀》須知", "你必须 `重启`", "主管很忙，没空接你电话", "像你这种情况我们处理不了"]
    {
        let written = with_suggestions(&format!("{text}\n您好，在的\n"));
        assert_eq!(written.replace('您', "你"), format!("{text}\n你好，在的\n"));
    }
    // A form of address or a filler is no beginning, and a topic may stand before its sentence.
    for text in ["陈先生，你必须先登记", "陈先生你必须先登记", "那么你必须先登记"] {
        let written = with_suggestions(&format!("{text}\n您好，在的\n"));
        assert!(written.contains("我愿意帮助您，但首先我需要您先登记"), "{written}");
    }
}

/// House styles put a space between Chinese and a number, a Latin word or a placeholder.
#[test]
fn a_space_beside_a_number_divides_nothing() {
    for (text, rewritten) in [
        ("你必须 3 天内寄回", "我愿意帮助您，但首先我需要您 3 天内寄回"),
        ("你必须 APP 内操作", "我愿意帮助您，但首先我需要您 APP 内操作"),
        ("你应该 3 天前就申请", "我建议您 3 天前就申请"),
        ("保证 3 天内到货", "我们会尽力争取 3 天内到货"),
        ("把 ID 发我", "麻烦您把 ID 发我，好吗？"),
        ("你必须在 {{days}} 天内寄回", "我愿意帮助您，但首先我需要您在 {{days}} 天内寄回"),
        // Between words of Chinese it is a pause.
        ("在的 亲 你稍等 我查查", "在的 您好 您稍等 我查查"),
    ] {
        assert_eq!(with_suggestions(&format!("{text}\n您好，在的\n")), format!("{rewritten}\n您好，在的\n"));
    }
}

#[test]
fn days_and_hours_are_not_lost() {
    for text in ["估计下周。", "大概半个月吧。", "可能下个月吧。", "大概月底。", "估计几天吧。", "估计晚上到吧。", "應該是國慶後吧。"]
    {
        assert_eq!(with_suggestions(&format!("{text}\n您好，在的\n")), format!("{text}\n您好，在的\n"));
    }
}

#[test]
fn what_a_command_asks_for_stays() {
    for (text, rewritten) in [
        ("你重启一下。", "麻烦您重启一下，好吗？"),
        ("马上把材料交到前台。", "麻烦您尽快把材料交到前台，好吗？"),
        ("赶紧付款！", "麻烦您尽快付款，好吗？"),
        ("再说一遍你的地址。", "请您再说一遍您的地址，好吗？"),
        ("不许用别人的卡。", "不许用别人的卡。"),
        ("没货了，别等了。", "很抱歉，目前没货了，我帮您留意补货或看看其他选择，好吗？"),
    ] {
        assert_eq!(with_suggestions(&format!("{text}\n您好，在的\n")), format!("{rewritten}\n您好，在的\n"));
    }
}

/// 妹子 is the customer as well as the agent.
#[test]
fn who_is_spoken_to_stays_who_is_spoken_to() {
    for (text, rewritten) in [
        ("谢谢妹子", "谢谢您"),
        ("妹子您好，包裹到了", "您好，包裹到了"),
        ("妹子，你的快递到了", "您好，您的快递到了"),
        ("亲的订单已发货", "您的订单已发货"),
        ("亲你好，请问您贵姓", "您好，请问您贵姓"),
        ("再见，亲。", "再见。"),
    ] {
        assert_eq!(with_suggestions(&format!("{text}\n您好，在的\n")), format!("{rewritten}\n您好，在的\n"));
    }
    assert_eq!(safely("谢谢妹子\n您好，在的\n"), "谢谢妹子\n您好，在的\n");
}

#[test]
fn what_a_must_is_for_stays() {
    for (text, rewritten) in [
        ("你必须先付款才能发货", "我愿意帮助您，但首先我需要您先付款，这样才能发货"),
        ("你必须先付款，才能发货", "我愿意帮助您，但首先我需要您先付款，这样才能发货"),
        ("你要先付款我们才能发货", "我愿意帮助您，但首先我需要您先付款，这样我们才能发货"),
        ("想退款必须把东西寄回来", "我愿意帮助您，但首先我需要您把东西寄回来"),
    ] {
        assert_eq!(with_suggestions(&format!("{text}\n您好，在的\n")), format!("{rewritten}\n您好，在的\n"));
    }
}

#[test]
fn in_markdown_code_stays_as_it_is() {
    let text = "---\ntitle: 你等着\n---\n\n- 你等着 `你等着`\n\n```\n你等着\n```\n\n| 场景 | 话术 |\n|---|---|\n| 你等着 | 你等着 |\n\n    你等着\n\n`你等着`\n";
    let fixed = rewrite(&Document::from_text("replies.md", text), false).text.unwrap();
    let expected = text.replace("- 你等着", "- 请您稍等一会儿").replace("| 你等着 |\n", "| 请您稍等一会儿 |\n");
    assert_eq!(fixed, expected);
}

#[test]
fn records_of_replies_are_put_right_where_they_stand() {
    for (name, text) in [
        ("a.yaml", "replies:\n  - title: 你等着\n    text: '你等着'  # 你等着\n"),
        ("a.yaml", "- id: 你等着\n  content: >-\n    你等着\n"),
        ("a.yaml", "- 你好吗\n- 你等着\n"),
        ("a.json", r#"{"快捷回复":[{"标题":"你等着","内容":"\u4f60等着"}]}"#),
        ("a.jsonl", "{\"q\":\"a\",\"answer\":\"你等着\"}\n{\"q\":\"b\",\"answer\":\"您好\"}\n"),
        ("a.toml", "[[reply]]\ntitle = \"你等着\"\ntext = \"你等着\"\n"),
    ] {
        let document = Document::from_text(name, text);
        let titles = |text: &str| text.matches("你等着").count();
        let fixed = rewrite(&document, false).text.unwrap_or_else(|| panic!("{text}"));
        assert_eq!(titles(&fixed), titles(&text.replace("\\u4f60", "你")) - 1, "{fixed}");
    }
}

#[test]
fn a_rewrite_holds_what_it_captured_put_right() {
    let text = "你必须先把你的单号{order}发给我\n您好，在的\n";
    assert_eq!(with_suggestions(text), "我愿意帮助您，但首先我需要您先把您的单号{order}发给我\n您好，在的\n");
}

#[test]
fn neighbours_of_you_are_put_right() {
    assert_eq!(safely("祝你您生活愉快\n给您你添麻烦了\n你你先看一下\n"), "祝您生活愉快\n给您添麻烦了\n您先看一下\n");
    assert_eq!(
        safely("“你的订单”在右上角\n《你的名字》有货\n迷你音箱有货\n您好\n"),
        "“你的订单”在右上角\n《你的名字》有货\n迷你音箱有货\n您好\n"
    );
}

#[test]
fn what_is_said_beside_is_taken_in() {
    assert_eq!(with_suggestions("亲，你好，在的\n您好\n"), "您好，在的\n您好\n");
}

#[test]
fn a_question_ends_as_one() {
    assert_eq!(with_suggestions("你把新地址报给我。\n"), "麻烦您把新地址报给我，好吗？\n");
    assert_eq!(with_suggestions("你到底急什么？\n"), "您先别着急，我正在加紧为您处理。\n");
    assert_eq!(safely("喂？请问你是王先生吗？\n"), "您好？请问您是王先生吗？\n");
}

#[test]
fn comments_quotes_and_escapes_stay() {
    let yaml = "# 话术\ngreeting: 你好，在的   # 问候\nquoted: \"你等着\\n我\\u4e3a\\u4f60查询\"\nsingle: '你说的''小李''是哪位'\nblock: |\n  你好，\n    请你说\nfolded: >-\n  感谢你的\n  耐心等候\nflow: [在的, 你好]\ncount: 3\n";
    let better = yaml.replace("你等着", "请您稍等一会儿").replace("\\u4f60", "\\u60a8").replace('你', "您");
    assert_eq!(rewrite(&Document::from_text("r.yaml", yaml), false).text, Some(better));
    let toml = "# 话术\na = \"你好，\\\"欢迎\\\"光临\" # 注\nb = '你好\\n'\n[wait]\nc = \"\"\"\n请你稍等，\\\n    我为你查询\n谢谢你\"\"\"\nd = [\"\\u4f60好\", \"好的\"]\ne = 30\n";
    let better = toml.replace('你', "您").replace("\\u4f60", "\\u60a8");
    assert_eq!(rewrite(&Document::from_text("r.toml", toml), false).text, Some(better));
}

#[test]
fn marks_are_those_of_the_text() {
    assert_eq!(with_suggestions("你必须先登记。谢谢！\n"), "我愿意帮助您，但首先我需要您先登记。谢谢！\n");
    assert_eq!(with_suggestions("你必须先登记,谢谢\n您好,在的\n"), "我愿意帮助您,但首先我需要您先登记,谢谢\n您好,在的\n");
    // Where there are none, they are as Chinese is printed: so a cell needs no quotes either.
    for (name, text) in [("a.yaml", "a: 你必须先登记\nb: 在的\n"), ("a.csv", "编码,内容\na,你必须先登记\n")] {
        let fixed = rewrite(&Document::from_text(name, text), true).text.unwrap();
        assert_eq!(fixed, text.replace("你必须", "我愿意帮助您，但首先我需要您"));
    }
}

/// A report shows what `--fix` would write.
#[test]
fn a_report_suggests_what_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("replies.txt");
    for (replies, rewrite) in [
        ("你必须先登记。谢谢！\n", "我愿意帮助您，但首先我需要您先登记"),
        ("你必须先登记,谢谢\n您好，在的，您说\n", "我愿意帮助您,但首先我需要您先登记"),
        ("你必须先登记\n您好，在的\n", "我愿意帮助您，但首先我需要您先登记"),
        ("你必须先登记\n您好\n", "我愿意帮助您，但首先我需要您先登记"),
    ] {
        fs::write(&path, replies).unwrap();
        let check = |further: &[&str]| {
            let program = Command::new(env!("CARGO_BIN_EXE_phrase-lint")).arg("check").arg(&path).args(further).output().unwrap();
            String::from_utf8(program.stdout).unwrap()
        };
        let told = check(&["--format", "concise"]);
        assert!(told.contains(&format!("→ {rewrite}\n")), "{told}");
        check(&["--fix", "--suggested"]);
        let written = fs::read_to_string(&path).unwrap();
        assert!(written.starts_with(rewrite), "{written}");
    }
}

#[test]
fn a_report_shows_the_marks_that_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("replies.txt");
    fs::write(&path, "沒貨了，別等了。\n您好，這裡是客服中心。\n你等等。\n").unwrap();
    let program = Command::new(env!("CARGO_BIN_EXE_phrase-lint")).arg("check").arg(&path).output().unwrap();
    let told = String::from_utf8(program.stdout).unwrap();
    assert!(told.contains("，好嗎？\n") && !told.contains("好嗎。"), "{told}");
    assert!(told.contains("+ 請您稍等一會兒。\n"), "{told}");
}

#[test]
fn the_script_stays() {
    assert_eq!(safely("妳好，請問需要什麼\n妳等著\n"), "您好，請問需要什麼\n請您稍等一會兒\n");
    // A reply that does not tell is written as the file.
    assert_eq!(safely("您好，這裡是客服中心。\n你等等。\n"), "您好，這裡是客服中心。\n請您稍等一會兒。\n");
    assert_eq!(
        with_suggestions("您好，這裡是客服中心。\n我不知道。\n"),
        "您好，這裡是客服中心。\n抱歉，這個問題我先幫您確認一下，好嗎？\n"
    );
    for (name, text) in [
        ("a.yaml", "a: 您好，這裡是客服中心。\nb: 你等等\n"),
        ("a.csv", "編號,內容\na,您好，這裡是客服中心。\nb,你等等\n"),
        ("a.md", "- 您好，這裡是客服中心。\n- 你等等\n"),
    ] {
        let fixed = rewrite(&Document::from_text(name, text), false).text.unwrap();
        assert_eq!(fixed, text.replace("你等等", "請您稍等一會兒"));
    }
}

#[test]
fn customers_and_transcripts_are_left_alone() {
    let chat = "客户：你好，你们几点下班\n客服：你好，你看下页面\n客户：你帮我查\n客服：你等着\n";
    let document = Document::from_text("chat.txt", chat);
    let kept = rewrite(&document, false);
    assert_eq!((kept.text, kept.fixed), (None, 0));
    assert!(kept.kept_back >= 3, "{}", kept.kept_back);
    let forced = rewrite_with(rule_set(), &document, false, true);
    assert_eq!(forced.text.as_deref(), Some("客户：你好，你们几点下班\n客服：您好，您看下页面\n客户：你帮我查\n客服：请您稍等一会儿\n"));
    assert_eq!(forced.kept_back, 0);
}

// ---------------------------------------------------------------- what is refused

const CARELESS: &str = r##"
[pack]
category = "careless"
title = "x"

[[phrase]]
id = "forget"
title = "x"
scene = "x"
improper = ["赶紧…付款"]
professional = ["请付款"]
apply = "safe"
severity = "warning"
why = "x"
source = "x"

[[phrase]]
id = "other"
title = "x"
scene = "x"
improper = ["滚"]
professional = ["快走开"]
apply = "safe"
severity = "warning"
why = "x"
source = "x"

[[phrase]]
id = "walk"
title = "x"
scene = "x"
improper = ["走开"]
professional = ["请离开"]
apply = "suggested"
severity = "warning"
why = "x"
source = "x"

[[phrase]]
id = "greet"
title = "x"
scene = "x"
improper = ["哈喽"]
professional = ["您好"]
apply = "safe"
severity = "warning"
why = "x"
source = "x"

[[phrase]]
id = "traditional"
title = "x"
scene = "x"
improper = ["咋办"]
professional = ["怎麼辦"]
professional_hant = ["怎麼辦"]
apply = "safe"
severity = "warning"
why = "x"
source = "x"

[[phrase]]
id = "heading"
title = "x"
scene = "x"
improper = ["置顶"]
professional = ["# 上"]
apply = "safe"
severity = "warning"
why = "x"
source = "x"

[[phrase]]
id = "circle"
title = "x"
scene = "x"
improper = ["左"]
professional = ["右"]
apply = "safe"
severity = "warning"
why = "x"
source = "x"

[[phrase]]
id = "circle"
improper = ["右"]
professional = ["左"]
apply = "safe"
"##;

#[test]
fn careless_rewrites_are_refused_with_a_reason() {
    let rules = rules_of(CARELESS);
    let refused = |text: &str| {
        let rewriting = rewrite_with(&rules, &Document::from_text("replies.txt", text), false, false);
        assert_eq!(rewriting.text, None, "{text}");
        assert_eq!(rewriting.refusals.len(), 1, "{text}: {:?}", rewriting.refusals);
        assert_eq!(rewriting.refusals[0].line, Some(1));
        rewriting.refusals[0].reason.clone()
    };
    assert_eq!(refused("请问，赶紧在3天内付款"), Reason::Lost("3".into()));
    assert_eq!(refused("请问，赶紧把{order}付款"), Reason::Lost("{order}".into()));
    assert_eq!(refused("请问，滚"), Reason::Breaks("careless/walk".into()));
    assert_eq!(refused("请问哈喽您好像没收到"), Reason::Repeats);
    assert_eq!(refused("请问这个咋办"), Reason::Script);
    assert_eq!(refused("请问往左"), Reason::Endless);
    let fine = rewrite_with(&rules, &Document::from_text("replies.txt", "哈喽，请问，赶紧把钱付款，赶紧3天付款"), false, false);
    assert_eq!(fine.text.as_deref(), Some("您好，请问，请付款，赶紧3天付款"));
}

/// No report calls safe what `--fix` refuses; what it does is called what it was.
#[test]
fn what_is_refused_is_told_as_a_suggestion() {
    let told = |rules: &RuleSet, text: &str| {
        let reply = Conversation::reply("", text);
        let mut violations = rules.lint(&reply, Profile::Replies);
        reconsider(&reply, &mut violations, phrase_lint::text::Hand::default);
        violations.into_iter().map(|violation| violation.rewrites[0].applicability).collect::<Vec<_>>()
    };
    let careless = rules_of(CARELESS);
    for text in ["请问，赶紧在3天内付款", "请问，赶紧把{order}付款", "请问哈喽您好像没收到", "请问这个咋办"]
    {
        assert_eq!(told(&careless, text), [Applicability::Suggested], "{text}");
        assert_eq!(rewrite_with(&careless, &Document::from_text("replies.txt", text), false, false).refusals.len(), 1, "{text}");
    }
    assert_eq!(told(&careless, "请问，赶紧把钱付款"), [Applicability::Safe]);
    // However much is said around it.
    let long = format!("{}赶紧在3天内付款，{}", "请问，赶紧把钱付款，".repeat(400), "请问，赶紧把钱付款，".repeat(400));
    let told = told(&careless, &long);
    assert_eq!((told.len(), told.iter().filter(|told| **told == Applicability::Suggested).count()), (801, 1));
    assert_eq!(told[400], Applicability::Suggested);

    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("replies.txt"), "你等5分钟\n（你等着），我去问\n您好，在的\n你等着\n").unwrap();
    let run = |arguments: &[&str]| {
        let program =
            Command::new(env!("CARGO_BIN_EXE_phrase-lint")).current_dir(folder.path()).arg("check").args(arguments).output().unwrap();
        (String::from_utf8(program.stdout).unwrap(), String::from_utf8(program.stderr).unwrap())
    };
    assert_eq!(run(&["-f", "jsonl", "replies.txt"]).0.matches("\"applicability\":\"safe\"").count(), 1);
    assert_eq!(run(&["-f", "full", "replies.txt"]).0.matches("= safe rewrite").count(), 1);
    let sarif: serde_json::Value = serde_json::from_str(&run(&["-f", "sarif", "replies.txt"]).0).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let descriptions: Vec<&str> = results.iter().filter_map(|result| result["fixes"][0]["description"]["text"].as_str()).collect();
    assert_eq!((results.len(), descriptions.iter().filter(|told| told.contains("safe")).count()), (3, 1), "{descriptions:?}");
    let said = run(&["--fix", "-v", "replies.txt"]).1;
    assert!(said.contains("`5` would be lost"), "{said}");
}

#[test]
fn no_half_of_a_pair_is_lost() {
    for reply in ["（你等着），我去问。\n", "您好（你搞错了），价格是399元。\n", "_你等着_，我去问。\n", "~~你等着~~，我去问。\n"]
    {
        let document = Document::from_text("replies.txt", format!("{reply}在的\n"));
        let Rewriting { text, refusals, .. } = rewrite(&document, true);
        assert_eq!(text, None, "{reply}");
        assert!(refusals.iter().any(|refusal| matches!(refusal.reason, Reason::Torn(_))), "{refusals:?}");
    }
    assert_eq!(with_suggestions("（你等着，我去问）。\n"), "（请您稍等一会儿，我帮您看一下）。\n");
}

/// A title is nobody's words, and what is a quotation from end to end may be somebody else's.
#[test]
fn a_title_is_left_alone_and_a_whole_quotation_to_a_person() {
    let told = |text: &str| rule_set().lint(&Conversation::reply("", text), Profile::Replies);
    for title in ["《你必须幸福》", "《你的名字》", "〈你的名字〉！", "《你的名字》《你等着》"] {
        assert!(told(title).is_empty(), "{title}");
    }
    for quotation in ["“你必须先付款”", "“你们太差”", "「你好」", "\"你好\"", "“你等着”。", "『你等著』"]
    {
        let violations = told(quotation);
        assert!(!violations.is_empty() && !violations.iter().any(is_safe), "{quotation}: {violations:?}");
        assert_eq!(safely(&format!("{quotation}\n您好，在的\n")), format!("{quotation}\n您好，在的\n"));
    }
    assert_eq!(safely("“好的”，你好\n您好，在的\n"), "“好的”，您好\n您好，在的\n");
}

#[test]
fn emphasis_goes_with_the_words_that_had_it_or_nothing_goes() {
    assert_eq!(with_suggestions("您**必须**先付款。\n您好，在的\n"), "我愿意帮助您，但首先我需要您先付款。\n您好，在的\n");
    assert_eq!(with_suggestions("**你**的<b>订单</b>到了。\n您好，在的\n"), "**您**的<b>订单</b>到了。\n您好，在的\n");
    assert_eq!(with_suggestions("您**必须先付款**，谢谢。\n您好，在的\n"), "我愿意帮助您，但首先我需要您先付款，谢谢。\n您好，在的\n");
    assert_eq!(with_suggestions("请**稍后**，我查一下。\n您好，在的\n"), "请稍候，我查一下。\n您好，在的\n");
    assert_eq!(with_suggestions("电话*多少*？\n您好，在的\n"), "能留下您的联系方式吗？\n您好，在的\n");
    assert_eq!(with_suggestions("您**必须**先**付款**。\n您好，在的\n"), "我愿意帮助您，但首先我需要您先**付款**。\n您好，在的\n");
    for reply in ["您<b>必须先</b>付款。", "您**必须先**付款。"] {
        let Rewriting { text, refusals, .. } = rewrite(&Document::from_text("replies.txt", format!("{reply}\n您好，在的\n")), true);
        assert_eq!(text, None, "{reply}");
        assert!(refusals.iter().any(|refusal| matches!(refusal.reason, Reason::Torn(_))), "{refusals:?}");
    }
}

#[test]
fn a_text_of_several_strings_is_put_right_in_one_run() {
    let po = "msgid \"rule\"\nmsgstr \"\"\n\"规定就是规\"\n\"定，我也改不了，你跟我吵没用。\"\n\nmsgid \"b\"\nmsgstr \"您好\"\n";
    let first = rewrite(&Document::from_text("a.po", po), true);
    let text = first.text.expect("there is something to put right");
    assert!(text.contains('您') && !text.contains('你'), "{text}");
    assert!(first.refusals.iter().all(|refusal| refusal.reason != Reason::Scattered), "{:?}", first.refusals);
    assert_eq!(rewrite(&Document::from_text("a.po", text.as_str()), true).text, None);
}

#[test]
fn escapes_have_the_letters_of_the_file() {
    // \u4f60\u7b49\u7740 with large letters.
    let properties = "a=\\u4F60\\u7B49\\u7740\n";
    let text = rewrite(&Document::from_text("a.properties", properties), false).text.expect("it is put right");
    let escapes: String = text.split("\\u").skip(1).flat_map(|escape| escape.chars().take(4)).collect();
    assert!(!escapes.is_empty() && !escapes.contains(|c: char| c.is_ascii_lowercase()), "{text}");
}

#[test]
fn what_cannot_be_together_is_found_in_bounded_time() {
    let text = "你必须先提供订单号，".repeat(2000);
    let Rewriting { refusals, .. } = rewrite(&Document::from_text("replies.txt", format!("{text}\n您好，在的\n")), true);
    assert!(refusals.iter().any(|refusal| refusal.reason == Reason::Untried), "{}", refusals.len());
}

#[test]
fn what_would_be_read_differently_is_withdrawn() {
    // In a list of replies, a line that begins with # is a heading.
    let document = Document::from_text("replies.txt", "哈喽，请问\n置顶，请问\n哈喽，再见\n");
    let rewriting = rewrite_with(&rules_of(CARELESS), &document, false, false);
    assert_eq!(rewriting.text.as_deref(), Some("您好，请问\n置顶，请问\n您好，再见\n"));
    assert_eq!(rewriting.fixed, 2);
    let refusals: Vec<_> = rewriting.refusals.iter().map(|refusal| (refusal.line, refusal.to_string())).collect();
    let expected = "置顶，请问 → # 上，请问 is not applied: the edited file would be read differently";
    assert_eq!(refusals, [(Some(2), expected.to_owned())]);
}

#[test]
fn a_workbook_is_counted_and_left() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in [["编码", "内容"], ["1", "你好"], ["2", "祝你愉快"]].iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write(row as u32, column as u16, *cell).unwrap();
        }
    }
    let document = Document::decode("replies.xlsx", workbook.save_to_buffer().unwrap(), None).unwrap();
    let rewriting = rewrite(&document, false);
    assert_eq!((rewriting.text, rewriting.read_only), (None, 2));
}

// ---------------------------------------------------------------- whatever the replies, the format and the encoding

const OPENINGS: &[&str] = &["", "", "你好，", "您好！", "您好，", "亲，", "喂，你好，", "好的 ", "你好呀~"];
const BODIES: &[&str] = &[
    "你的包裹{order}已于[数字x]号发出",
    "请你在 %s 之前付款 199.00 元",
    "你必须先提供订单号{{order_no}}",
    "你等着",
    "这边已经收到你的“订单”和\"发票\"了",
    "你叫什么名字",
    "“你的订单”按钮在页面右上角，你点一下",
    "迷你音箱3天内发货，你放心",
    "感谢你的支持",
    "祝你您生活愉快",
    "这里是XX旗舰店，你有什么事",
    "我忘不了的",
    "你说完了吗",
    "麻烦你2024-05-01 10:30前回复，过期作废",
    "退款1,299元两个工作日到账，请你查收",
    "这个不归我管",
    "你错了",
    "请稍后",
    "你的电话是多少",
    "满300减30%，你看可以吗",
    "我帮你查一下; 结果|稍后发你",
    "C:\\temp\\报告 发到你邮箱",
    "您的问题已经处理好了",
];
const BODIES_HANT: &[&str] = &[
    "妳的包裹{order}已於[數字x]號寄出",
    "請你在 %s 之前付款 199.00 元",
    "你必須先提供訂單編號{{order_no}}",
    "妳等著，這邊幫您確認",
    "這邊已經收到你的「訂單」和\"發票\"了",
    "「你的訂單」按鈕在頁面右上角，請你點一下",
    "感謝你的支持，祝你購物愉快",
    "你說完了嗎，請問",
    "麻煩你2024-05-01 10:30前回覆，過期作廢",
    "退款1,299元兩個工作日到帳，請你查收",
    "您的問題已經處理好了",
];
const ENDINGS: &[&str] = &["", "。", "~", "！", "?", "哦", "，谢谢"];
const ENDINGS_HANT: &[&str] = &["", "。", "~", "！", "?", "喔", "，謝謝"];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    Lines,
    Markdown,
    JsonLines,
    Json,
    EscapedJson,
    Csv,
    QuotedCsv,
    Tsv,
    JsonStrings,
    YamlPlain,
    YamlQuoted,
    YamlBlock,
    Toml,
    TomlLiteral,
}

const SHAPES: &[Shape] = &[
    Shape::Lines,
    Shape::Markdown,
    Shape::JsonLines,
    Shape::Json,
    Shape::EscapedJson,
    Shape::Csv,
    Shape::QuotedCsv,
    Shape::Tsv,
    Shape::JsonStrings,
    Shape::YamlPlain,
    Shape::YamlQuoted,
    Shape::YamlBlock,
    Shape::Toml,
    Shape::TomlLiteral,
];

fn escaped(json: &str) -> String {
    let unit = |c: char| c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
    json.chars().map(|c| if c.is_ascii() { c.to_string() } else { unit(c) }).collect()
}

/// A file of the replies, as somebody might keep it.
fn file(replies: &[String], shape: Shape, line_end: &str) -> (&'static str, String) {
    let json = |reply: &String| serde_json::to_string(reply).unwrap();
    let quoted = |reply: &String| format!("\"{}\"", reply.replace('"', "\"\""));
    let field = |reply: &String, delimiter: char| if reply.contains([delimiter, '"']) { quoted(reply) } else { reply.clone() };
    let numbered = || replies.iter().enumerate();
    match shape {
        Shape::Lines => ("r.txt", replies.iter().map(|reply| format!("{reply}{line_end}")).collect()),
        Shape::Markdown => {
            let list: String = replies.iter().map(|reply| format!("- {reply}{line_end}")).collect();
            ("r.md", format!("# 话术 / 話術{line_end}{line_end}{list}"))
        }
        Shape::JsonLines => {
            let lines = numbered().map(|(number, reply)| format!("{{\"id\": \"r-{number}\",  \"text\":{}}}{line_end}", json(reply)));
            ("r.jsonl", lines.collect())
        }
        Shape::Json | Shape::EscapedJson => {
            let records = numbered().map(|(number, reply)| format!("  {{ \"text\" : {}, \"id\":{number} }}", json(reply)));
            let document = format!("[{line_end}{}{line_end}]", records.collect::<Vec<_>>().join(&format!(",{line_end}")));
            ("r.json", if shape == Shape::EscapedJson { escaped(&document) } else { document })
        }
        Shape::Csv => (
            "r.csv",
            numbered().fold(format!("编码,内容{line_end}"), |rows, (number, reply)| {
                format!("{rows}{number},{}{line_end}", field(reply, ','))
            }),
        ),
        Shape::QuotedCsv => {
            let rows = numbered().map(|(number, reply)| format!("{},\"{number}\"{line_end}", quoted(reply)));
            ("r.csv", format!("\"内容\",\"编码\"{line_end}{}", rows.collect::<String>()))
        }
        Shape::Tsv => {
            let rows = numbered().map(|(number, reply)| format!("{number}\t{}\t备注{line_end}", field(reply, '\t')));
            ("r.tsv", format!("编码\t内容\t备注{line_end}{}", rows.collect::<String>()))
        }
        Shape::JsonStrings => {
            let entries = numbered().map(|(number, reply)| format!("    \"r{number}\": {}", json(reply)));
            let entries = entries.collect::<Vec<_>>().join(&format!(",{line_end}"));
            ("r.json", format!("{{{line_end}  \"replies\": {{{line_end}{entries}{line_end}  }}{line_end}}}{line_end}"))
        }
        Shape::YamlPlain => {
            // A plain text must not begin with a mark of YAML's own.
            let entries = numbered().map(|(number, reply)| format!("  r{number}: 在的,{reply}  # 备注{line_end}"));
            ("r.yaml", format!("# 话术{line_end}replies:{line_end}{}", entries.collect::<String>()))
        }
        Shape::YamlQuoted => {
            let entries = numbered().map(|(number, reply)| match number % 2 {
                0 => format!("- {}{line_end}", json(reply)),
                _ => format!("- '{}'{line_end}", reply.replace('\'', "''")),
            });
            ("r.yaml", format!("replies:{line_end}{}", entries.collect::<String>()))
        }
        Shape::YamlBlock => {
            let entries = numbered().map(|(number, reply)| format!("r{number}: |{line_end}  您好：{line_end}  {reply}{line_end}"));
            ("r.yaml", entries.collect())
        }
        Shape::Toml => {
            let entries = numbered().map(|(number, reply)| format!("r{number} = {} # 备注{line_end}", json(reply)));
            ("r.toml", format!("[replies]{line_end}{}", entries.collect::<String>()))
        }
        Shape::TomlLiteral => {
            let entries = numbered().map(|(number, reply)| format!("r{number} = '{reply}'{line_end}"));
            ("r.toml", format!("[replies]{line_end}{}", entries.collect::<String>()))
        }
    }
}

/// What stands in a document around the texts of its turns, without the quotes of fields.
fn around(document: &Document, conversations: &[Conversation]) -> String {
    let text = document.text().unwrap();
    let mut places: Vec<_> = conversations
        .iter()
        .flat_map(|conversation| &conversation.turns)
        .map(|turn| turn.place.source_range(0..turn.text.len()).expect("a stretch"))
        .collect();
    places.sort_by_key(|place| place.start);
    let mut around = String::new();
    let mut from = 0;
    for place in places {
        around.push_str(text[from..place.start].trim_end_matches('"'));
        around.push('…');
        from = place.end + usize::from(text[place.end..].starts_with('"'));
    }
    around + &text[from..]
}

/// Digits and placeholders, in order of the alphabet.
fn facts(text: &str) -> Vec<String> {
    let pattern = regex::Regex::new(r"\{+[^{}]*\}+|%s|\[[^\]]*\]|XX|[0-9]+(?:[.,:-][0-9]+)*%?").unwrap();
    let mut facts: Vec<String> = pattern.find_iter(text).map(|fact| fact.as_str().to_owned()).collect();
    facts.sort();
    facts
}

fn is_safe(violation: &Violation) -> bool {
    violation.rewrites.first().is_some_and(|rewrite| rewrite.applicability == Applicability::Safe)
}

fn replies(traditional: bool) -> impl Strategy<Value = Vec<String>> {
    let (bodies, endings) = if traditional { (BODIES_HANT, ENDINGS_HANT) } else { (BODIES, ENDINGS) };
    let openings: &[&str] = if traditional { &["", "你好，", "您好！", "妳好，"] } else { OPENINGS };
    let reply = (select(openings), select(bodies), select(endings), select(bodies), any::<bool>());
    let reply = reply.prop_map(
        |(opening, body, ending, other, two)| {
            if two { format!("{opening}{body}，{other}{ending}") } else { format!("{opening}{body}{ending}") }
        },
    );
    proptest::collection::vec(reply, 1..6)
}

fn encoding_named(name: &str, bom: bool) -> Encoding {
    if bom {
        let mark: &[u8] = match name {
            "utf-8" => b"\xEF\xBB\xBF",
            "utf-16le" => b"\xFF\xFE",
            _ => b"\xFE\xFF",
        };
        return Encoding::detect(mark).unwrap();
    }
    Encoding::named(name).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn only_words_change_and_the_result_is_clean(
        (replies, encoding) in prop_oneof![
            (replies(false), select(vec![("utf-8", false), ("utf-8", true), ("utf-16le", true), ("utf-16be", true), ("gb18030", false)])),
            (replies(true), select(vec![("utf-8", false), ("utf-16le", true), ("big5", false)])),
        ],
        shape in select(SHAPES),
        line_end in select(vec!["\n", "\r\n"]),
        suggested in any::<bool>(),
    ) {
        let encoding = encoding_named(encoding.0, encoding.1);
        let (name, text) = file(&replies, shape, line_end);
        // Big5 lacks characters of a Simplified header.
        let text = text.replace("编码", "編號").replace("内容", "內容").replace("备注", "備註").replace("话术", "話術");
        let bytes = encoding.encode(&text).unwrap();
        let document = Document::decode(name, bytes.clone(), Some(encoding)).unwrap();
        prop_assert_eq!(document.text(), Some(text.as_str()));
        let before = conversations(&document);
        prop_assert_eq!(before.len(), replies.len());

        let rewriting = rewrite(&document, suggested);
        // The packs and these formats give no other reason to refuse.
        for refusal in &rewriting.refusals {
            prop_assert!(matches!(refusal.reason, Reason::Lost(_) | Reason::Repeats | Reason::NoBetter | Reason::Breaks(_)), "{refusal}: {text}");
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, &bytes).unwrap();
        let Some(new) = rewriting.text else {
            for conversation in &before {
                let safe = rule_set().lint(conversation, Profile::Replies).into_iter().filter(is_safe).count();
                prop_assert!(safe <= rewriting.refusals.len(), "{:?}", conversation.turns[0].text);
            }
            return Ok(());
        };
        source::save(&path, &document, &new).unwrap();

        // Encoding, byte order mark and all that is not words.
        let written = fs::read(&path).unwrap();
        prop_assert_eq!(&written, &encoding.encode(&new).unwrap());
        let again = Document::decode(name, written, Some(encoding)).unwrap();
        let after = conversations(&again);
        prop_assert_eq!(around(&document, &before), around(&again, &after));
        prop_assert_eq!(shape == Shape::EscapedJson, new.is_ascii());

        // What is said.
        let mut safe = 0;
        for (before, after) in before.iter().zip(&after) {
            let (old, new) = (&before.turns[0].text, &after.turns[0].text);
            let kept = facts(new);
            prop_assert!(facts(old).iter().all(|fact| kept.contains(fact)), "{old} → {new}");
            let scripts = before.script().zip(after.script());
            prop_assert!(scripts.is_none_or(|(old, new)| old == new), "{old} → {new}");
            let (worse, better) = (rule_set().lint(before, Profile::Replies), rule_set().lint(after, Profile::Replies));
            prop_assert!(better.len() <= worse.len(), "{old} → {new}");
            prop_assert!(old == new || better.len() < worse.len(), "{old} → {new}");
            safe += better.iter().filter(|violation| is_safe(violation)).count();
        }
        prop_assert!(safe <= rewriting.refusals.len(), "{:?} {:?}", new, rewriting.refusals);

        // Once is enough.
        prop_assert_eq!(rewrite(&again, suggested).text, None);
    }

    #[test]
    fn a_character_for_another_changes_these_bytes_only(
        parts in proptest::collection::vec(select(vec!["请你看", "“你”", "帮您", "\\", "\"x\"", "/", "\t", "{x}", "好,", "；", "😀", "给你发", "1.5"]), 1..12),
        spelling in any::<u32>(),
    ) {
        // Every character may be written as an escape or as it is.
        let text = format!("您好{}", parts.concat());
        let write = |text: &str| -> String {
            text.chars().enumerate().map(|(place, c)| match c {
                '"' | '\\' => format!("\\{c}"),
                '\t' => "\\t".to_owned(),
                '/' if spelling >> (place % 32) & 1 == 1 => "\\/".to_owned(),
                _ if spelling >> (place % 32) & 1 == 1 => escaped_character(c),
                _ => c.to_string(),
            }).collect()
        };
        let document = Document::from_text("r.jsonl", format!("{{\"text\": \"{}\"}}\n", write(&text)));
        let expected: String = conversations(&document)[0].turns[0].text.clone();
        prop_assert_eq!(&expected, &text);
        let rewriting = rewrite(&document, false);
        let new = rewriting.text.unwrap_or_else(|| document.text().unwrap().to_owned());
        // The quoted ones stay.
        let right = text.replace("请你看", "请您看").replace("给你发", "给您发");
        prop_assert_eq!(new, format!("{{\"text\": \"{}\"}}\n", write(&right)));
    }
}

fn escaped_character(c: char) -> String {
    c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

// ---------------------------------------------------------------- files

fn saved(path: &Path, text: &str) -> Result<(), SaveError> {
    let read = Document::decode("x.txt", fs::read(path).unwrap(), None).unwrap();
    source::save(path, &read, text)
}

#[cfg(unix)]
#[test]
fn permissions_and_links_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("replies.txt"), folder.path().join("link.txt"));
    fs::write(&path, "你好，在的\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("replies.txt", &link).unwrap();
    saved(&link, "您好，在的\n").unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&path).unwrap(), "您好，在的\n");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);

    fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).unwrap();
    assert!(matches!(saved(&path, "好"), Err(SaveError::WriteProtected)));
}

#[test]
fn only_what_was_read_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("replies.txt");
    fs::write(&path, "你好，在的\n").unwrap();
    let read = Document::decode("replies.txt", fs::read(&path).unwrap(), None).unwrap();
    fs::write(&path, "你好，在的，请讲\n").unwrap();
    assert!(matches!(source::save(&path, &read, "您好，在的\n"), Err(SaveError::Changed)));
    assert_eq!(fs::read_to_string(&path).unwrap(), "你好，在的，请讲\n");

    // The same text in bytes that the encoder would not write.
    let odd = folder.path().join("odd.txt");
    let gb18030 = Encoding::named("gb18030").unwrap();
    let mut bytes = gb18030.encode("你好").unwrap();
    bytes.push(0x80);
    fs::write(&odd, &bytes).unwrap();
    let read = Document::decode("odd.txt", bytes.clone(), Some(gb18030)).unwrap();
    assert!(matches!(source::save(&odd, &read, "您好€"), Err(SaveError::Inexact(_))));
    assert_eq!(fs::read(&odd).unwrap(), bytes);

    let packed = folder.path().join("replies.txt.gz");
    fs::write(&packed, b"\x1F\x8B\x08\x00rest").unwrap();
    let unpacked = Document::from_text("replies.txt.gz", "你好，在的\n");
    assert!(matches!(source::save(&packed, &unpacked, "您好，在的\n"), Err(SaveError::NotText)));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

/// What the program makes of bytes: of a file, whose new content comes first, or passed through it.
fn passed(bytes: &[u8], arguments: &[&str], is_filter: bool) -> (Vec<u8>, String, Option<i32>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("replies.txt");
    fs::write(&path, bytes).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_phrase-lint"));
    program.current_dir(folder.path()).args(["check", "--fail-on", "never"]).args(arguments);
    let program = if is_filter { program.arg("-").stdin(fs::File::open(&path).unwrap()) } else { program.arg("replies.txt") };
    let output = program.output().unwrap();
    let bytes = if is_filter { output.stdout } else { fs::read(&path).unwrap() };
    (bytes, String::from_utf8(output.stderr).unwrap(), output.status.code())
}

/// A file in two encodings is no text in either: it stays as it is, and so do bytes that only one of several ways to write a
/// character gives.
#[test]
fn bytes_that_no_correction_made_do_not_change() {
    let gb18030 = |text: &str| Encoding::named("gb18030").unwrap().encode(text).unwrap();
    let big5 = |text: &str| Encoding::named("big5").unwrap().encode(text).unwrap();
    let (line, rest) = ("你等着，好的\n", "您好，欢迎光临\r\n您的订单已经发货\n谢谢您的支持");
    let mixed = [
        [line.as_bytes(), &gb18030(rest)].concat(),
        [&gb18030(line)[..], rest.as_bytes()].concat(),
        [&gb18030(rest)[..], b"\n", line.as_bytes(), &gb18030(line)].concat(),
        [b"\xEF\xBB\xBF", line.as_bytes(), &gb18030(rest)].concat(),
        ["{\"id\":\"1\",\"text\":\"你等着\"}\n".as_bytes(), &gb18030("{\"id\":\"2\",\"text\":\"你等着，好的\"}\n")].concat(),
        [line.as_bytes(), rest.as_bytes(), b"\xFF\n"].concat(),
    ];
    for bytes in &mixed {
        for arguments in ["--fix", "--add-suppressions"] {
            let (after, told, status) = passed(bytes, &[arguments], false);
            assert_eq!((&after, status), (bytes, Some(2)), "{arguments}: {told}");
            assert!(told.contains("save") && told.contains("UTF-8"), "{told}");
        }
        let (after, told, status) = passed(bytes, &["--fix"], true);
        assert_eq!((after.as_slice(), status), (&b""[..], Some(2)), "{told}");
    }
    // The euro of old, and a character that Big5 has twice.
    for (odd, says) in [
        ([gb18030(line), b"\x80\n".to_vec(), gb18030(rest)].concat(), "gb18030"),
        ([big5("您好，歡迎光臨\n請稍等\n"), b"\xA2\xCC\n".to_vec(), big5("你等著\n")].concat(), "Big5"),
    ] {
        let (after, told, status) = passed(&odd, &["--fix"], false);
        assert_eq!((&after, status), (&odd, Some(2)), "{told}");
        let (after, told, status) = passed(&odd, &["--fix"], true);
        assert_eq!((after.as_slice(), status), (&b""[..], Some(2)), "{told}");
        assert!(told.contains("cannot be passed on unchanged") && told.contains(says), "{told}");
    }
    // One encoding, whatever the ends of its lines.
    for (mark, encode) in [(&b""[..], &gb18030 as &dyn Fn(&str) -> Vec<u8>), (b"\xEF\xBB\xBF", &|text| text.as_bytes().to_vec())] {
        let text = "你等着\r\n您好，欢迎光临\n\r\n好的\r你等着\u{200b}\n谢谢";
        let (before, expected) = (encode(text), encode(&text.replace("你等着", "请您稍等一会儿")));
        for is_filter in [false, true] {
            let (after, told, status) = passed(&[mark, &before].concat(), &["--fix"], is_filter);
            assert_eq!((after, status), ([mark, &expected].concat(), Some(0)), "{told}");
        }
    }
}

/// Files that are all alike, and what becomes of one.
fn many_files(folder: &Path) -> (Vec<PathBuf>, String, String) {
    let old = "- 你好，你的包裹{order}已发出，请你留意短信\n".repeat(60);
    let document = Document::from_text("r.md", old.clone());
    let new = rewrite(&document, false).text.unwrap();
    let files: Vec<PathBuf> = (0..300).map(|number| folder.join(format!("replies-{number:03}.md"))).collect();
    files.iter().for_each(|file| fs::write(file, &old).unwrap());
    (files, old, new)
}

#[test]
fn a_killed_run_leaves_every_file_old_or_new() {
    let folder = tempfile::tempdir().unwrap();
    let (files, old, new) = many_files(folder.path());
    let fix = || {
        let mut program = Command::new(env!("CARGO_BIN_EXE_phrase-lint"));
        program.args(["check", "--fix", "--quiet"]).arg(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        program
    };
    let contents = || files.iter().map(|file| fs::read_to_string(file).unwrap()).collect::<Vec<_>>();
    // Killed once it is under way, at several distances.
    for distance in [0, 3, 17, 60] {
        let done = contents().iter().filter(|content| **content == new).count();
        let mut program = fix().spawn().unwrap();
        while program.try_wait().unwrap().is_none() && contents().iter().filter(|content| **content == new).count() <= done {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(distance));
        program.kill().unwrap();
        program.wait().unwrap();
        for (file, content) in files.iter().zip(contents()) {
            assert!(content == old || content == new, "{} is neither: {} bytes", file.display(), content.len());
        }
    }
    assert_eq!(fix().status().unwrap().code(), Some(0));
    assert!(contents().iter().all(|content| *content == new));
}

/// Whenever it is killed: before it reads, while it writes, or never.
#[test]
fn a_large_file_is_old_or_new_at_any_moment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("replies.txt");
    let old = "你好，你的包裹{order}已发出，请你留意短信\n".repeat(3_000);
    let new = old.replace('你', "您");
    for delay in (0..12).map(|number| Duration::from_millis(number * number * 6)) {
        fs::write(&path, &old).unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_phrase-lint"));
        let mut program =
            program.args(["check", "--fix", "--quiet"]).arg(&path).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(delay);
        program.kill().unwrap();
        program.wait().unwrap();
        let content = fs::read_to_string(&path).unwrap();
        assert!(content == old || content == new, "after {delay:?} it is neither: {} bytes", content.len());
    }
}

#[test]
fn what_cannot_be_written_is_told_and_the_rest_is_put_right() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("a.txt"), "你好，在的\n").unwrap();
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "内容").unwrap();
    sheet.write(1, 0, "祝你愉快").unwrap();
    workbook.save(path("b.xlsx")).unwrap();
    fs::write(path("c.txt"), "请你看一下\n").unwrap();
    let mut locked = fs::metadata(path("c.txt")).unwrap().permissions();
    locked.set_readonly(true);
    fs::set_permissions(path("c.txt"), locked).unwrap();
    let before = fs::read(path("b.xlsx")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_phrase-lint")).args(["check", "--fix"]).arg(folder.path()).output().unwrap();
    let (said, told) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(told.contains("b.xlsx: a workbook is read-only here; save it as CSV to have 1 violation put right"), "{told}");
    assert!(told.contains("c.txt: the file is write-protected and was left alone; make it writable"), "{told}");
    assert!(said.ends_with("Fixed 1 violation in 1 file. 1 file could not be written.\n"), "{said}");
    assert!(!said.contains("could not be read"), "{said}");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read_to_string(path("a.txt")).unwrap(), "您好，在的\n");
    assert_eq!(fs::read_to_string(path("c.txt")).unwrap(), "请你看一下\n");
    assert_eq!(fs::read(path("b.xlsx")).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "no temporary file is left");
}

#[test]
fn standard_input_comes_out_corrected() {
    let fix = |input: &[u8], arguments: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_phrase-lint"))
            .args(["check", "-", "--fix"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        program.stdin.take().unwrap().write_all(input).unwrap();
        program.wait_with_output().unwrap()
    };
    let gb18030 = Encoding::named("gb18030").unwrap();
    let input = gb18030.encode("你好，您的订单到了\r\n你必须先登记\r\n").unwrap();
    let output = fix(&input, &[]);
    assert_eq!(output.stdout, gb18030.encode("您好，您的订单到了\r\n你必须先登记\r\n").unwrap());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("command/must") && said.contains("Fixed 1 violation in 1 file (1 more with --suggested)."), "{said}");
    assert_eq!(output.status.code(), Some(1));

    let clean = "\u{FEFF}您好，在的\n".as_bytes();
    let output = fix(clean, &["--quiet"]);
    assert_eq!((output.stdout.as_slice(), output.stderr.as_slice(), output.status.code()), (clean, &b""[..], Some(0)));
}

#[test]
fn a_place_is_where_an_edit_goes() {
    let document = Document::from_text("r.csv", "编码,内容\n1,\"说\"\"你\"\"好\"\n");
    let turn = &conversations(&document)[0].turns[0];
    assert!(matches!(turn.place, Place::Pieces(_)));
    let you = turn.text.find('你').unwrap();
    let range = turn.place.source_range(you..you + 3).unwrap();
    assert_eq!(&document.text().unwrap()[range], "你");
}

#[test]
fn where_a_link_leads_stays() {
    let read = |name: &str, text: &str| {
        let document = Document::from_text(name, text);
        rewrite(&document, true).text.unwrap_or_else(|| text.to_owned())
    };
    for line in [
        "请看[退货说明](docs/你的退货.md)。",
        "请看![截图](img/你好.png)。",
        "请看[说明](<docs/你的 退货.md> '你的退货')。",
        "请看[说明](docs/(你的)退货.md \"你的退货\")。",
        "请看[说明](https://help.a.com/你的订单)。",
        "[1]: docs/你的退货.md",
    ] {
        assert_eq!(read("a.md", &format!("您好，请看。\n\n{line}\n")), format!("您好，请看。\n\n{line}\n"));
    }
    for line in
        ["请看 https://zh.wikipedia.org/wiki/你的名字 谢谢", "请看https://a.cn/s?q=你的订单&p=1。", "请看https://a.cn/%E4你的名字/x.html。"]
    {
        assert_eq!(read("a.txt", &format!("{line}\n")), format!("{line}\n"));
    }
    // Behind a host or a mark there is talk, and so is a remark behind an emoticon code.
    assert_eq!(read("a.txt", "详见https://a.cn你的订单在这里\n"), "详见https://a.cn您的订单在这里\n");
    assert_eq!(read("a.txt", "详见https://a.cn/x，你的订单在这里\n"), "详见https://a.cn/x，您的订单在这里\n");
    assert_eq!(read("a.txt", "好的[微笑](你的订单在这里)\n"), "好的[微笑](您的订单在这里)\n");
    assert_eq!(read("a.md", "[^1]: 你的订单在这里\n\n[客服]: 你的订单在这里\n"), "[^1]: 您的订单在这里\n\n[客服]: 您的订单在这里\n");
}

#[test]
fn texts_of_programs_are_put_right_between_their_quotes() {
    for (name, text, fixed) in [
        ("zh.po", "msgid \"a\"\nmsgstr \"你的\\\"订单\\\"\"\n", "msgid \"a\"\nmsgstr \"您的\\\"订单\\\"\"\n"),
        ("zh.strings", "/* 你的 */\n\"a\" = \"你的订单\";\n", "/* 你的 */\n\"a\" = \"您的订单\";\n"),
        ("zh.properties", "# 你的\na = 你的\\\n  订单\n", "# 你的\na = 您的\\\n  订单\n"),
        ("zh.properties", "a=\\u4f60\\u7684\\u8ba2\\u5355\n", "a=\\u60a8\\u7684\\u8ba2\\u5355\n"),
        ("faq.txt", "问：你的退货怎么办？\n答：你的退货请联系我们。\n", "问：你的退货怎么办？\n答：您的退货请联系我们。\n"),
    ] {
        let document = Document::from_text(name, text);
        assert_eq!(rewrite(&document, false).text.as_deref(), Some(fixed), "{name}");
    }
}

/// What `--diff` writes for a program makes of the files what `--fix` does, or it says that it does not.
#[cfg(unix)]
#[test]
fn a_diff_can_be_applied() {
    let texts = [
        "\u{feff}你等着\n您好，在的\n",
        "\u{feff}您好，在的\r\n你等着",
        "您好\u{200b}，\u{202e}在的\n你\u{200b}等着\n\u{feff}好的\n",
        "你等着\r\n您好，欢迎光临\n\r\n好的\r你等着\t\u{1b}[31m\n谢谢\r",
        "您好，在的\n你等着\r",
    ];
    let tools: [&[&str]; 2] = [&["patch", "-p0", "-s"], &["git", "apply", "-p0", "--whitespace=nowarn"]];
    for tool in tools.into_iter().filter(|tool| Command::new(tool[0]).arg("--version").output().is_ok()) {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<String> = (0..texts.len()).map(|number| format!("快捷 {number}.txt")).collect();
        names.iter().zip(texts).for_each(|(name, text)| fs::write(folder.path().join(name), text).unwrap());
        let check = |arguments: &[&str]| {
            Command::new(env!("CARGO_BIN_EXE_phrase-lint"))
                .current_dir(folder.path())
                .arg("check")
                .args(arguments)
                .arg(".")
                .output()
                .unwrap()
        };
        let diff = check(&["--diff"]);
        assert_eq!(String::from_utf8_lossy(&diff.stderr).lines().filter(|line| line.starts_with("warning")).count(), 0);
        let mut applying = Command::new(tool[0]).args(&tool[1..]).current_dir(folder.path()).stdin(Stdio::piped()).spawn().unwrap();
        applying.stdin.take().unwrap().write_all(&diff.stdout).unwrap();
        assert!(applying.wait().unwrap().success(), "{tool:?}: {}", String::from_utf8_lossy(&diff.stdout));
        let now = || names.iter().map(|name| fs::read_to_string(folder.path().join(name)).unwrap()).collect::<Vec<_>>();
        let patched = now();
        names.iter().zip(texts).for_each(|(name, text)| fs::write(folder.path().join(name), text).unwrap());
        assert_eq!(check(&["--fix", "--quiet"]).status.code(), Some(0));
        assert_eq!(patched, now());
        assert!(patched.iter().zip(texts).all(|(now, before)| now != before));
    }
    let gb18030 = Encoding::named("gb18030").unwrap().encode("你等着\n您好，在的\n").unwrap();
    let told = passed(&gb18030, &["--diff"], false).1;
    assert!(told.contains("the diff is in UTF-8 and the file in gb18030, so that `patch` cannot apply it"), "{told}");
}
