//! The rows of the two phrase tables that started it all, and how matches compete, nest and are kept quiet.

use phrase_lint::builtin;
use phrase_lint::lint::{RuleSet, Selection};
use phrase_lint::rule::{Pack, Profile, Rules};
use phrase_lint::transcript::{Conversation, Kind, Speaker, Turn};
use phrase_lint::violation::{Applicability, Severity, Violation};
use proptest::prelude::*;

fn rule_set() -> &'static RuleSet {
    static RULES: std::sync::OnceLock<RuleSet> = std::sync::OnceLock::new();
    RULES.get_or_init(|| {
        let mut rules = builtin::rules();
        // The etiquette of whole conversations has tests of its own.
        rules.checks.clear();
        RuleSet::new(&rules, &Selection::default())
    })
}

fn lint(text: &str) -> Vec<Violation> {
    rule_set().lint(&Conversation::reply("r", text), Profile::Chat)
}

/// Table, scene by scene: id, what agents say, and the professional form in both scripts.
const TABLE: &[(&str, &str, &str, &str, &str)] = &[
    ("opening/wei", "喂", "喂", "您好", "您好"),
    ("opening/company", "我是**公司的", "我是**公司的", "这里是**公司", "這裡是**公司"),
    ("asking/identity", "你是谁?", "妳是誰?", "请问您是……", "請問您是……"),
    ("asking/name", "你叫什么名字?", "你叫甚麼名字?", "能告诉我您的姓名吗", "能告訴我您的姓名嗎"),
    ("asking/surname", "你姓什么?", "你姓什麼?", "请问您贵姓", "請問您貴姓"),
    ("asking/phone", "你电话是多少?", "你電話是多少?", "能留下您的联系方式吗", "能留下您的聯絡方式嗎"),
    ("asking/matter", "你有什么事?", "你有什麼事?", "请问您有什么事吗", "請問您有什麼事嗎"),
    ("waiting/order", "你等着", "你等著", "请您稍等一会儿", "請您稍等一會兒"),
    ("closing/finished", "你说完了吗?", "你說完了嗎?", "您还有其他事吗", "您還有其他事嗎"),
    ("promise/forget", "我忘不了的", "我忘不了的", "请放心,我一定照办。", "請放心,我一定照辦"),
    ("asking/repeat", "什么?再说一遍!", "什麼?再說一遍!", "对不起,我没听清楚,请您再说一遍,好吗", "對不起,我沒聽清楚,請您再說一遍,好嗎"),
    ("refusal/not-mine", "这个不归我管", "這個不歸我管", "我可以帮您询问下", "我可以幫您詢問下"),
    ("asking/name", "你的名字叫什么", "你的名字叫什麼", "请问,我可以知道您的名字吗", "請問,我可以知道您的名字嗎"),
    ("command/must", "你必须……", "你必須……", "我们要为您那样做,这是我们需要的", "我們要為您那樣做,這是我們需要的"),
    ("blame/wrong", "你错了,不是那样的!", "你錯了,不是那樣的!", "对不起,我没说清楚,但我想……", "對不起,我沒說清楚,但我想……"),
    (
        "command/must",
        "如果你需要我的帮助,你必须先登记",
        "如果你需要我的幫助,你必須先登記",
        "我愿意帮助您,但首先我需要您先登记",
        "我願意幫助您,但首先我需要您先登記",
    ),
    (
        "blame/listen",
        "听着,那没有坏,所有系统都是那样工作的。",
        "聽著,那沒有壞,所有系統都是那樣工作的。",
        "那表明系统是正常工作的。让我们一起来看看到底哪儿存在问题",
        "那表示系統是正常運作的。讓我們一起來看看到底哪裡有問題",
    ),
    (
        "blame/unclear",
        "你没有弄明白,这次听好了。",
        "你沒有弄明白,這次聽好了。",
        "也许我说得不够清楚,请允许我再解释一遍",
        "也許我說得不夠清楚,請允許我再解釋一遍",
    ),
];

/// The violations of the agent's turn, after a customer who writes in the script of the row.
fn answered(customer: &str, agent: &str) -> Vec<Violation> {
    let turns = vec![Turn::new(Speaker::Customer, customer), Turn::new(Speaker::Agent, agent)];
    rule_set().lint(&Conversation { kind: Kind::Chat, turns, ..Conversation::default() }, Profile::Chat)
}

#[test]
fn every_row_of_the_tables_gets_its_professional_form() {
    for (id, simplified, traditional, professional, professional_hant) in TABLE {
        for (customer, text, expected) in [("请问有人吗", simplified, professional), ("請問有人嗎", traditional, professional_hant)]
        {
            let found = answered(customer, text);
            let offered: Vec<&str> = found
                .iter()
                .filter(|violation| &*violation.rule == *id)
                .flat_map(|violation| &violation.rewrites)
                .map(|rewrite| rewrite.text.as_str())
                .collect();
            assert!(!offered.is_empty(), "{id} does not find {text}: {found:?}");
            let same = |rewrite: &&str| rewrite.trim_end_matches(['?', '。', '?']) == expected.trim_end_matches(['?', '。']);
            assert!(offered.iter().any(same), "{id}: {text} → {offered:?}, not {expected}");
        }
    }
}

#[test]
fn particles_marks_and_spacing_change_nothing() {
    for (id, simplified, traditional, ..) in TABLE {
        for text in [simplified, traditional].into_iter().filter(|text| !text.contains("……")) {
            let bare = text.trim_end_matches(['?', '!', '。']);
            let variants = [
                bare.replace(['?', ',', '!', '。'], ""),
                format!("{bare}呀？"),
                format!("{bare}啊～"),
                format!("  {bare} 😀"),
                format!("[微笑]{bare}#E-s12"),
            ];
            for variant in variants {
                assert!(
                    lint(&variant).iter().any(|violation| &*violation.rule == *id),
                    "{id} does not find {variant}: {:?}",
                    lint(&variant)
                );
            }
        }
    }
}

#[test]
fn a_capture_takes_the_safe_rewrites_inside_it() {
    let violations = lint("你必须先把你的电话发来");
    let spans: Vec<(&str, usize)> =
        violations.iter().map(|violation| (&*violation.rule, violation.span.as_ref().map_or(0, |span| span.start))).collect();
    assert_eq!(spans, [("command/must", 0), ("address/nin", "你必须先把".len())]);
    assert_eq!(violations[0].rewrites[0].text, "我愿意帮助您,但首先我需要您先把您的电话发来");
    assert_eq!(violations[0].rewrites[0].applicability, Applicability::Suggested);
    assert_eq!(violations[1].rewrites[0].text, "您");
}

/// A house says what it means by a word, even where a built-in row knows the word too.
#[test]
fn the_rows_of_a_house_are_not_hidden_by_built_in_ones() {
    let ids = |improper: &str, text: &str| -> Vec<(String, Severity)> {
        let pack = format!(
            "[pack]\ncategory = \"house\"\n[[phrase]]\nid = \"one\"\nseverity = \"error\"\nimproper = \"{improper}\"\nbroad = true\nprofessional = \"请您\"\n"
        );
        let pack = Pack::parse("house.toml", &pack).expect("a pack");
        let mut rules = builtin::rules_with(vec![pack]).expect("rules");
        rules.checks.clear();
        let found = RuleSet::new(&rules, &Selection::default()).lint(&Conversation::reply("r", text), Profile::Replies);
        found.into_iter().map(|violation| (violation.rule.to_string(), violation.severity)).collect()
    };
    let own = ("house/one".to_owned(), Severity::Error);
    // The same words, more of them, fewer.
    let alone = [own.clone()];
    assert_eq!(ids("你好", "你好，请讲"), alone);
    assert_eq!(ids("你必须先付款", "你必须先付款"), alone);
    assert_eq!(ids("你必须", "你必须先付款"), [own, ("command/must".to_owned(), Severity::Warning)]);
}

/// Without marks every capture holds all that follows, which holds the next one: what is worked out for each must not be worked out
/// for each within each.
#[test]
fn what_others_say_in_between_excuses_nobody() {
    let first = |between: &[(Speaker, &str)]| {
        let mut turns = vec![Turn::new(Speaker::Agent, "您打错电话了！")];
        turns.extend(between.iter().map(|(speaker, text)| Turn::new(*speaker, *text)));
        let conversation = Conversation { turns, ..Conversation::default() };
        let found = rule_set().lint(&conversation, Profile::Chat).into_iter().find(|found| &*found.rule == "blame/wrong");
        found.and_then(|found| Some(found.rewrites.first()?.text.clone()))
    };
    let alone = first(&[]);
    assert!(alone.is_some());
    for other in [Speaker::Bot, Speaker::System, Speaker::Unknown] {
        assert_eq!(first(&[(other, "我帮您转接")]), alone, "{other}");
    }
    assert_ne!(first(&[(Speaker::Agent, "我帮您转接")]), alone);
}

#[test]
fn one_sentence_breaks_a_rule_once() {
    let found = lint("那沒辦法啊系統就是這樣規定的");
    let refusals: Vec<_> = found.iter().filter(|found| &*found.rule == "refusal/cannot").collect();
    assert_eq!(refusals.len(), 1, "{refusals:?}");
}

#[test]
fn what_is_emphasised_is_heard() {
    for (text, rule) in [
        ("您**必须**先付款才能发货。", "command/must"),
        ("您<b>必须</b>先付款才能发货。", "command/must"),
        ("您_必须_先付款才能发货。", "command/must"),
        ("您__必须__先付款才能发货。", "command/must"),
    ] {
        assert!(lint(text).iter().any(|found| &*found.rule == rule), "{text}");
    }
    let rules = |text: &str| lint(text).into_iter().map(|found| found.rule).collect::<Vec<_>>();
    for (emphasised, plain) in
        [("请**稍后**，我查一下。", "请稍后，我查一下。"), ("我**不知道**。", "我不知道。"), ("电话*多少*？", "电话多少？")]
    {
        assert_eq!(rules(emphasised), rules(plain));
        assert!(!rules(plain).is_empty(), "{plain}");
    }
}

#[test]
fn a_turn_may_hold_the_same_offence_thousands_of_times() {
    for (unit, least) in [("你必须等", 10_000), ("你必须等，", 10_000), ("“你必须”等。不知道啊 谢谢", 5_000)] {
        let found = lint(&unit.repeat(10_000));
        assert!(found.len() >= least, "{unit}: {}", found.len());
        assert!(found.iter().flat_map(|violation| &violation.rewrites).all(|rewrite| rewrite.text.len() < 2_000), "{unit}");
    }
}

/// What a log with one answer from end to end, and a turn as long as a book, are asked must not be asked for each offence anew; and
/// what may begin noise must not look to the end of the text.
#[test]
fn time_follows_length() {
    let said = |number| Turn::new(Speaker::Agent, format!("我谂系快递延误啩{number}啊，我估系系统问题啩"));
    let turns = std::iter::once(Turn::new(Speaker::Customer, "在吗")).chain((0..30_000).map(said)).collect();
    let log = Conversation { kind: Kind::Chat, turns, ..Conversation::default() };
    assert!(rule_set().lint(&log, Profile::Chat).len() > 10_000);

    let packs = builtin::rules_with_examples(Vec::new()).expect("the packs");
    let examples: Vec<&str> = packs.phrases.iter().flat_map(|row| &row.specs.bad).map(|(_, text)| &**text).collect();
    let found = lint(&examples.join("，"));
    assert!(found.len() > examples.len() / 4, "{} in {}", found.len(), examples.len());

    for unit in ["o(", "x（", "(好", "%(", "{", "(", "$", "-", "※ ※", "<a", "[好", "人天"] {
        assert!(lint(&unit.repeat(1_000_000)).is_empty(), "{unit}");
    }
}

#[test]
fn quotes_masks_notices_and_customers_are_left_alone() {
    for text in
        ["“你们太差”已收到", "歌曲《你的名字》已下架", "系统提示：你的会话即将结束", "链接 https://a.cn/?user=13812345678", "[你好]在的"]
    {
        assert!(lint(text).is_empty(), "{text}: {:?}", lint(text));
    }
    let conversation = Conversation {
        kind: Kind::Chat,
        turns: vec![
            Turn::new(Speaker::Customer, "你是谁"),
            Turn::new(Speaker::Bot, "你好"),
            Turn::new(Speaker::Unknown, "你好"),
            Turn::new(Speaker::Agent, "您好"),
        ],
        ..Conversation::default()
    };
    let marked: Vec<Violation> =
        rule_set().lint(&conversation, Profile::Chat).into_iter().filter(|violation| violation.span.is_some()).collect();
    assert!(marked.is_empty(), "{marked:?}");
}

#[test]
fn the_script_is_the_conversations() {
    let conversation = Conversation {
        kind: Kind::Chat,
        turns: vec![Turn::new(Speaker::Customer, "請問這個訂單甚麼時候會到"), Turn::new(Speaker::Agent, "你等一下")],
        ..Conversation::default()
    };
    let violations = rule_set().lint(&conversation, Profile::Chat);
    let order = violations.iter().find(|violation| &*violation.rule == "waiting/order");
    assert_eq!(order.map(|violation| violation.rewrites[0].text.as_str()), Some("請您稍等一會兒"));
}

#[test]
fn selection_and_profiles_decide_what_is_on() {
    let pack = "[pack]\ncategory = \"house\"\n[[phrase]]\nid = \"one\"\nseverity = { chat = \"error\" }\nimproper = [\"你等着\"]\nprofessional = [\"请稍等\"]\n[[phrase]]\nid = \"two\"\nimproper = [\"你\"]\nbroad = true\nprofessional = [\"您\"]\n";
    let rules = Pack::parse("house.toml", pack)
        .map(|pack| Rules::new(&[pack]))
        .unwrap_or_else(|mistake| panic!("{mistake}"))
        .unwrap_or_else(|mistakes| panic!("{}", mistakes[0]));
    let ids = |selection: &Selection, profile| -> Vec<(String, Severity)> {
        let found = RuleSet::new(&rules, selection).lint(&Conversation::reply("r", "你等着"), profile);
        found.into_iter().map(|violation| (violation.rule.to_string(), violation.severity)).collect()
    };
    assert_eq!(ids(&Selection::default(), Profile::Chat), [("house/one".to_owned(), Severity::Error)]);
    // Where the longer rule is off it does not compete.
    assert_eq!(ids(&Selection::default(), Profile::Call), [("house/two".to_owned(), Severity::Warning)]);
    let ignore = Selection { ignore: vec!["house/one".into()], severities: vec![("house".into(), Severity::Info)], ..Selection::default() };
    assert_eq!(ids(&ignore, Profile::Chat), [("house/two".to_owned(), Severity::Info)]);
    let unknown = Selection { select: vec!["house/tow".into()], ..Selection::default() }.unknown(&rules);
    assert_eq!(unknown, [("house/tow".to_owned(), Some("house/two".to_owned()))]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is written, a span is a stretch of its turn and the linter comes to an end.
    #[test]
    fn spans_slice_their_turn(text in "(你|您|妳|必须|必須|等着|等著|什么|甚麼|名字|喂|亲|叫|姓|不知道|没办法|肯定|保证|[ ，。？！“”《》]|…|\\PC|[0-9]{1,20}|\\[数字x\\]|\\^_\\^|<br>|\u{200B}|\u{202E}){0,24}") {
        for violation in lint(&text) {
            let span = violation.span.clone().unwrap_or(0..0);
            let words = text.get(span.clone());
            prop_assert!(words.is_some_and(|words| !words.is_empty()), "{violation:?}");
            prop_assert_eq!(violation.turn, 0);
            prop_assert!(!violation.rewrites.is_empty());
        }
    }

    #[test]
    fn lone_noise_never_panics(text in "\\PC{0,60}") {
        let conversation = Conversation { kind: Kind::Chat, turns: vec![Turn::new(Speaker::Agent, text.clone()), Turn::new(Speaker::Customer, text.clone()), Turn::new(Speaker::Agent, text)], ..Conversation::default() };
        for violation in rule_set().lint(&conversation, Profile::Call) {
            let turn = &conversation.turns[violation.turn];
            prop_assert!(violation.span.is_none_or(|span| turn.text.get(span).is_some()));
        }
    }
}

/// What a pack of these rows tells of an agent's turn: the rule and the marked words.
fn told_by(pack: &str, text: &str) -> Vec<(String, String)> {
    let pack = Pack::parse("house.toml", &format!("[pack]\ncategory = \"house\"\n{pack}")).unwrap_or_else(|mistake| panic!("{mistake}"));
    let rules = Rules::new(&[pack]).unwrap_or_else(|mistakes| panic!("{}", mistakes[0]));
    let conversation = Conversation::reply("r", text);
    let violations = RuleSet::new(&rules, &Selection::default()).lint(&conversation, Profile::Replies);
    let marked = |violation: &Violation| violation.span.clone().map(|span| text[span].to_owned()).unwrap_or_default();
    violations.iter().map(|violation| (violation.rule.to_string(), marked(violation))).collect()
}

const ARGUES: &str = "[[phrase]]\nid = \"argue\"\nimproper = []\nexcept = \"照您说的办\"\nunless.sentence = \"抱歉\"\nprofessional = \"我理解您\"\n\
                      [phrase.signs]\n60 = [\"照您\", \"還賴\"]\n55 = \"倒贴\"\n-40 = \"^麻烦\"\n";

fn argues(text: &str) -> Vec<String> {
    told_by(ARGUES, text).into_iter().map(|(_, marked)| marked).collect()
}

#[test]
fn signs_of_a_row_mark_the_clause_that_weighs_most() {
    assert_eq!(argues("那您看，照您讲的我们要倒贴，是吧"), ["照您讲的我们要倒贴"]);
    // Over clauses, in both scripts, whatever digits there are.
    assert_eq!(argues("照您讲的，都3次了还赖我们"), ["照您讲的"]);
    assert_eq!(argues("照您講的，都7次了還賴我們"), ["照您講的"]);
    assert_eq!(argues("照您讲的，照您讲的"), ["照您讲的"]);
    for calm in ["照您讲的", "还赖", "麻烦照您讲的，还赖", ""] {
        assert_eq!(argues(calm), [""; 0], "{calm}");
    }
}

#[test]
fn signs_are_silent_in_quotes_and_where_exceptions_stand() {
    assert_eq!(argues("“照您讲的我们要倒贴”这句话说得不对"), [""; 0]);
    assert_eq!(argues("照您讲的，“还赖我们”是谁说的"), [""; 0]);
    assert_eq!(argues("照您说的办，还赖"), [""; 0]);
    assert_eq!(argues("很抱歉，照您讲的我们要倒贴"), [""; 0]);
}

#[test]
fn signs_add_to_no_pattern_of_their_category() {
    let pack = |id: &str| format!("{ARGUES}[[phrase]]\nid = \"{id}\"\nimproper = \"倒贴\"\nprofessional = \"补偿\"\n");
    let told =
        |id: &str| told_by(&pack(id), "照您讲的，还赖，倒贴").into_iter().map(|(rule, marked)| rule + " " + &marked).collect::<Vec<_>>();
    assert_eq!(told("cost"), ["house/cost 倒贴"]);
    assert_eq!(told("money/cost"), ["house/argue 照您讲的", "money/cost 倒贴"]);
    // Of two rows of signs the one that weighs more.
    let heavier = ARGUES.replace("argue", "blame").replace("60 =", "70 =");
    assert_eq!(told_by(&format!("{ARGUES}{heavier}"), "照您讲的，还赖"), [("house/blame".to_owned(), "照您讲的".to_owned())]);
}

#[test]
fn what_signs_tell_competes_with_no_words_and_is_never_rewritten_unseen() {
    let text = "照你讲的，这么明显的按钮都找不到，是小学生都会的吧";
    let found = lint(text);
    let rules: Vec<&str> = found.iter().map(|violation| &*violation.rule).collect();
    assert!(rules.contains(&"address/nin") && rules.iter().any(|rule| rule.starts_with("blame/")), "{rules:?}");
    let rewrites = told_rewrites(ARGUES, "照您讲的，还赖");
    assert_eq!(rewrites, [("我理解您".to_owned(), Applicability::Example)]);
}

fn told_rewrites(pack: &str, text: &str) -> Vec<(String, Applicability)> {
    let pack = Pack::parse("house.toml", &format!("[pack]\ncategory = \"house\"\n{pack}")).unwrap_or_else(|mistake| panic!("{mistake}"));
    let rules = Rules::new(&[pack]).unwrap_or_else(|mistakes| panic!("{}", mistakes[0]));
    let violations = RuleSet::new(&rules, &Selection::default()).lint(&Conversation::reply("r", text), Profile::Chat);
    violations.into_iter().flat_map(|violation| violation.rewrites).map(|rewrite| (rewrite.text, rewrite.applicability)).collect()
}
