//! The built-in packs keep their promises, and a mistake in a pack is told with file, line and remedy.

use phrase_lint::builtin;
use phrase_lint::lint::{RuleSet, Selection};
use phrase_lint::rule::{Pack, PackError, Profile, Rules};
use phrase_lint::source::Document;
use phrase_lint::spec;
use phrase_lint::text::{Script, ScriptCount};
use phrase_lint::transcript::{self, Conversation, ReadOptions};

fn rules() -> Rules {
    builtin::rules_with_examples(Vec::new()).unwrap_or_else(|mistakes| panic!("{}", shown(&mistakes)))
}

fn shown(mistakes: &[PackError]) -> String {
    mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_example_of_every_pack_is_as_it_says() {
    let run = spec::run(&rules(), |_| true);
    let failures: Vec<String> = run
        .failures
        .iter()
        .map(|failure| format!("{}:{}: {}: `{}` {}", failure.file, failure.line, failure.id, failure.snippet, failure.what))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(run.checked > 2000, "only {} examples ran", run.checked);
}

/// The examples of all packs: of phrases as replies, of checks as conversations.
fn examples(rules: &Rules) -> Vec<Conversation> {
    let phrases = rules.phrases.iter().flat_map(|row| row.specs.bad.iter().chain(&row.specs.good));
    let mut examples: Vec<Conversation> = phrases.map(|(_, text)| Conversation::reply("", text)).collect();
    let options = ReadOptions { format: Some("text".to_owned()), ..ReadOptions::default() };
    for (_, text) in rules.checks.iter().flat_map(|row| row.specs.bad.iter().chain(&row.specs.good)) {
        let document = Document::from_text("example", text);
        transcript::read(&document, &options, &mut |read| examples.extend(read.ok())).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
    examples
}

/// The other tests here read the packs; a user's run reads what the build made of them.
#[test]
fn what_the_program_carries_finds_what_the_packs_find() {
    let read = rules();
    let examples = examples(&read);
    let [read, carried] = [read, builtin::rules()].map(|rules| RuleSet::new(&rules, &Selection::default()));
    let mut violations = 0;
    for conversation in &examples {
        for profile in Profile::ALL {
            let found = carried.examine(conversation, profile);
            assert_eq!(found, read.examine(conversation, profile), "{profile}: {conversation:?}");
            violations += found.violations.len();
        }
    }
    assert!(examples.len() > 5000 && violations > 10_000, "{violations} violations in {} examples", examples.len());
}

#[test]
fn a_user_s_pack_stands_beside_what_the_program_carries() {
    // One pattern is as long as many literals together; one names a built-in class, one an own class of the same name.
    let long = "甲".repeat(90);
    let pack = format!(
        "[pack]\ncategory = \"own\"\n[words]\nwhat = [\"啥玩意\"]\n\
         [[phrase]]\nid = \"own\"\nimproper = [\"{long}\", \"问<you>个事\", \"什么<what>\"]\nprofessional = \"请问\"\n"
    );
    let own =
        |packs| RuleSet::new(&builtin::rules_with(packs).unwrap_or_else(|mistakes| panic!("{}", shown(&mistakes))), &Selection::default());
    let rule_set = own(vec![Pack::parse("own.toml", &pack).expect("a pack")]);
    let found = |text: &str| {
        let violations = rule_set.lint(&Conversation::reply("", text), Profile::Replies).into_iter();
        violations.map(|violation| text[violation.span.unwrap_or_default()].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found(&format!("好,{long}吧")), vec![long]);
    assert_eq!(found(&"甲".repeat(89)), [] as [&str; 0]);
    assert_eq!(
        [found("问您个事"), found("什么啥玩意"), found("你必须先提供订单号")],
        [["问您个事"], ["什么啥玩意"], ["你必须先提供订单号"]]
    );
}

#[test]
fn no_pattern_is_broad_by_accident() {
    let rules = rules();
    assert!(rules.warnings.is_empty(), "{}", shown(&rules.warnings));
}

#[test]
fn every_row_is_whole() {
    let traditional = |text: &str| {
        let mut count = ScriptCount::default();
        count.add(text);
        count.script() == Script::Traditional
    };
    let mut lacking = Vec::new();
    for row in &rules().phrases {
        let place = format!("{}:{} {}", row.file, row.line, row.id);
        assert!(!row.title.hans.is_empty() && !row.title.hant.is_empty(), "{place}: no title");
        assert!(!row.why.hans.is_empty() && !row.why.hant.is_empty(), "{place}: no why");
        assert!(!row.source.is_empty(), "{place}: no source");
        assert!(!row.scene.is_empty(), "{place}: no scene");
        assert!(!row.professional.is_empty(), "{place}: says nothing better");
        assert_eq!(row.professional.len(), row.professional_hant.len(), "{place}: a rewrite lacks a script");
        for (kind, specs) in [("bad", &row.specs.bad), ("good", &row.specs.good)] {
            assert!(specs.len() >= 2, "{place}: fewer than two {kind} examples");
            if !specs.iter().any(|(_, text)| traditional(text)) {
                lacking.push(format!("{place}: no {kind} example in Traditional"));
            }
        }
    }
    assert!(lacking.is_empty(), "{}", lacking.join("\n"));
}

#[test]
fn every_rule_of_the_phrase_tables_is_there() {
    let rules = rules();
    let ids = rules.ids();
    for id in [
        "opening/wei",
        "opening/company",
        "asking/identity",
        "asking/name",
        "asking/surname",
        "asking/phone",
        "asking/matter",
        "asking/repeat",
        "waiting/order",
        "closing/finished",
        "promise/forget",
        "promise/absolute",
        "promise/guess",
        "refusal/not-mine",
        "refusal/dont-know",
        "refusal/absent",
        "refusal/cannot",
        "command/must",
        "command/tone",
        "blame/wrong",
        "blame/listen",
        "blame/unclear",
        "blame/impatient",
        "blame/argue",
        "blame/belittle",
        "address/nin",
        "address/nimen",
        "address/ninmen",
        "pressure/authority",
        "loyalty/company",
        "privacy/secret",
        "privacy/disclosed",
        "privacy/personal",
        "register/slang",
        "register/self-name",
        "register/pet-name",
        "register/joke",
        "usage/shaohou",
        "usage/which",
    ] {
        assert!(ids.contains(id), "{id} is missing");
    }
    assert!(rules.phrases.len() >= 300, "only {} rows", rules.phrases.len());
}

/// The first mistake of a pack: its line, message and remedy.
fn mistake(text: &str) -> (usize, String, String) {
    let mistakes = match Pack::parse("house.toml", text) {
        Ok(pack) => Rules::new(&[pack]).err().unwrap_or_default(),
        Err(mistake) => vec![mistake],
    };
    let first = mistakes.first().unwrap_or_else(|| panic!("no mistake in\n{text}"));
    assert_eq!(first.file, "house.toml");
    (first.line, first.message.clone(), first.remedy.clone())
}

fn phrase(lines: &str) -> String {
    format!("[pack]\ncategory = \"house\"\n\n[[phrase]]\nid = \"one\"\n{lines}\n")
}

#[test]
fn mistakes_say_where_what_and_how_to_put_it_right() {
    let wrong = |lines: &str, line: usize, message: &str, remedy: &str| {
        let found = mistake(&phrase(lines));
        assert_eq!(found.0, line, "{found:?}");
        assert!(found.1.contains(message), "{found:?} lacks {message}");
        assert!(found.2.contains(remedy), "{found:?} lacks {remedy}");
    };
    wrong("impropre = [\"你等着\"]\nprofessional = [\"请稍等\"]", 6, "unknown field `impropre`", "did you mean `improper`?");
    wrong("improper = [\"<your>等着\"]\nprofessional = [\"请稍等\"]", 6, "there is no word class <your>", "[words]");
    wrong("improper = [\"(你|您等着\"]\nprofessional = [\"请稍等\"]", 6, "`)` is missing", "needs its partner");
    wrong("improper = [\"[你]…\"]\nprofessional = [\"请稍等\"]", 6, "can match nothing", "add the words");
    wrong("improper = [\"你等着\", \"你等着\"]\nprofessional = [\"请稍等\"]", 6, "stands twice", "remove one");
    wrong("improper = [\"你等着\"]\nprofessional = [\"请{what}\"]", 7, "unknown tag {what}", "`…{what}`");
    wrong("improper = [\"你…{what}\"]\nprofessional = [\"请{waht}\"]", 7, "unknown tag {waht}", "{what}");
    wrong("improper = [\"你等着\"]\napply = \"safe\"", 4, "`apply` tells of a rewrite", "professional = [");
    wrong("improper = []\nprofessional = [\"请稍等\"]", 4, "no improper phrase", "at least one pattern");
    wrong(
        "improper = [\"你等着\"]\nprofessional = [\"请稍等\"]\nprofessional_hant = [\"請稍等\", \"請等\"]",
        4,
        "differ in number",
        "both scripts",
    );
    wrong("improper = [\"你等着\"]\nprofessional = [\"请稍等\"]\nseverity = \"grave\"", 8, "`grave` is no severity", "");
    wrong("improper = [\"喂+\"]\nprofessional = [\"您好\"]", 6, "repetition", "喂[喂]");
    wrong("improper = [\"你等着\"]\nprofessional = [\"请稍等\"]\npoints = \"two\"", 8, "invalid type", "");
    let found = mistake("[words]\na = [\"<b>好\"]\nb = [\"<a>好\"]\n[pack]\ncategory = \"house\"\n");
    assert!(found.1.contains("made of itself"), "{found:?}");
    let signs = |signs: &str| mistake(&format!("[pack]\ncategory = \"house\"\n[words.a]\nany = [\"好\"]\n[words.a.signs]\n{signs}\n"));
    assert!(signs("60 = [\"居然\"]\n30 = \"又\"\n-200 = \"请问\"").1.contains("weigh 90 at most"), "{:?}", signs("60 = \"居然\""));
    assert!(signs("much = [\"居然\"]").1.contains("`much` is no weight"), "{:?}", signs("much = \"居然\""));
    for (weight, wrong) in [("+150", "买"), ("0150", "买"), ("0", "买"), ("99999", "买")] {
        let found = signs(&format!("\"{weight}\" = \"{wrong}\""));
        assert!(found.1.contains("is no weight"), "{weight} {found:?}");
    }
    assert!(signs("200 = []").1.contains("has no signs"), "{:?}", signs("200 = []"));
    for wrong in ["四个字呢", "买,", "3天", "^$", "居\\n然", "买^"] {
        let found = signs(&format!("200 = \"{wrong}\""));
        assert!(found.1.contains("is no sign"), "{wrong} {found:?}");
    }
    assert!(signs("200 = \"居然\"\n30 = [\"又\", \"居然\"]").1.contains("`居然` stands there twice"), "{:?}", signs("200 = \"居然\""));
    let found = mistake("[[phrase]]\nid = \"a/b/c\"\nimproper = [\"你等着\"]\nprofessional = [\"请稍等\"]\n");
    assert_eq!((found.0, found.1.as_str()), (2, "`a/b/c` is no rule id"));
    let again = phrase(
        "improper = [\"你等着\"]\nprofessional = [\"请稍等\"]\n\n[[phrase]]\nid = \"one\"\nimproper = [\"你等着\"]\nprofessional = [\"请稍等\"]",
    );
    assert!(mistake(&again).1.contains("earlier row"));
}

#[test]
fn mistakes_in_signs_of_a_row_are_told() {
    let message = |more: &str| {
        let pack =
            Pack::parse("house.toml", &phrase(&format!("professional = [\"您好\"]\n{more}"))).unwrap_or_else(|mistake| panic!("{mistake}"));
        Rules::new(&[pack]).map(|_| String::new()).unwrap_or_else(|mistakes| mistakes[0].message.clone())
    };
    assert_eq!(message("improper = []\n[phrase.signs]\n100 = \"还赖\""), "");
    for (more, part) in [
        ("improper = []", "has no improper phrase"),
        ("improper = \"你等着\"\n[phrase.signs]\n100 = \"还赖\"", "has both `improper` and `signs`"),
        ("improper = []\n[phrase.signs]\n90 = \"还赖\"", "its signs weigh 90 at most"),
        ("improper = []\n[phrase.signs]\n100 = \"还赖我们\"", "`还赖我们` is no sign"),
        ("improper = []\napply = \"safe\"\n[phrase.signs]\n100 = \"还赖\"", "`apply` lets a rewrite take the place"),
    ] {
        assert!(message(more).contains(part), "{more}: {}", message(more));
    }
    let wrong = Pack::parse("house.toml", &phrase("improper = []\n[phrase.signs]\nmuch = \"还赖\""));
    assert!(wrong.expect_err("no weight").message.contains("`much` is no weight"));
}

#[test]
fn one_unanchored_character_draws_a_warning() {
    let warnings = |improper: &str, more: &str| {
        let pack = Pack::parse("house.toml", &phrase(&format!("improper = [\"{improper}\"]\nprofessional = [\"您好\"]\n{more}")))
            .unwrap_or_else(|mistake| panic!("{mistake}"));
        Rules::new(&[pack]).map(|rules| rules.warnings.len()).unwrap_or_else(|mistakes| panic!("{}", shown(&mistakes)))
    };
    assert_eq!(warnings("亲", ""), 1);
    assert_eq!(warnings("亲", "broad = true"), 0);
    assert_eq!(warnings("^亲$", ""), 0);
    assert_eq!(warnings("亲们", ""), 0);
}

#[test]
fn later_packs_add_to_and_replace_earlier_ones() {
    let base = "[pack]\ncategory = \"house\"\n[[phrase]]\nid = \"one\"\ntitle = \"一\"\nwhy = \"因为\"\nseverity = \"error\"\npoints = 7\nimproper = [\"你等着\"]\nprofessional = [\"请稍等\"]\n";
    let more = "[pack]\ncategory = \"house\"\n[[phrase]]\nid = \"one\"\nimproper = [\"你候着\"]\nprofessional = [\"请稍等\"]\n";
    let instead = more.replace("id =", "replace = true\nid =");
    let rows = |texts: &[&str]| {
        let packs: Vec<Pack> = texts
            .iter()
            .enumerate()
            .map(|(number, text)| Pack::parse(&format!("{number}.toml"), text).unwrap_or_else(|mistake| panic!("{mistake}")))
            .collect();
        Rules::new(&packs).unwrap_or_else(|mistakes| panic!("{}", shown(&mistakes))).phrases
    };
    let added = rows(&[base, more]);
    assert_eq!(added.len(), 2);
    assert_eq!((added[1].why.hans.as_str(), added[1].points), ("因为", Some(7)));
    let replaced = rows(&[base, &instead]);
    assert_eq!(replaced.len(), 1);
    assert_eq!(replaced[0].improper[0].text, "你候着");
}

/// A pack comes from anywhere: none may take all stack or memory.
#[test]
fn patterns_without_measure_are_mistakes() {
    let nested = |depth: usize| format!("improper = [\"{}必须{}\"]", "(".repeat(depth), ")".repeat(depth));
    let phrase = |improper: &str| format!("[[phrase]]\nid = \"a\"\n{improper}\nprofessional = [\"好\"]\n");
    let chain = |length: usize| (0..length).map(|at| format!("w{at} = \"<w{}>\"\n", at + 1)).collect::<String>();
    let twice = (0..26).map(|at| format!("v{at} = \"(<v{0}><v{0}>)\"\n", at + 1)).collect::<String>();
    let optional = "[好]".repeat(5_000);
    let cases = [
        (format!("[pack]\ncategory = \"x\"\n{}", phrase(&nested(100_000))), "more than 64 deep"),
        (
            format!("[pack]\ncategory = \"x\"\n[words]\n{}w20000 = \"必须\"\n{}", chain(20_000), phrase("improper = [\"<w0>\"]")),
            "more than 64 deep",
        ),
        (
            format!("[pack]\ncategory = \"x\"\n[words]\n{}v26 = \"必须\"\n{}", twice, phrase("improper = [\"<v0>\"]")),
            "more than 100000 parts",
        ),
        (format!("[pack]\ncategory = \"x\"\n{}", phrase(&format!("improper = [\"必须{optional}\"]"))), "more than 1000 parts"),
    ];
    for (pack, part) in cases {
        let mistakes = Rules::new(&[Pack::parse("x.toml", &pack).expect("TOML")]).expect_err(part);
        let first = mistakes.iter().find(|mistake| mistake.message.contains(part)).unwrap_or_else(|| panic!("{part}: {}", mistakes[0]));
        assert!(first.line > 0 && !first.remedy.is_empty() && first.message.len() < 500, "{first}");
    }
    let deep = format!("[pack]\ncategory = \"x\"\n{}", phrase(&nested(60)));
    assert!(Rules::new(&[Pack::parse("x.toml", &deep).expect("TOML")]).is_ok());
}

/// An order before what is grave does not hide it.
#[test]
fn no_order_hides_an_error() {
    let rules = rules();
    let off = |category: &str| Selection { ignore: vec![category.to_owned()], ..Selection::default() };
    let [all, without] = [Selection::default(), off("command")].map(|selection| RuleSet::new(&rules, &selection));
    let errors = |rule_set: &RuleSet, text: &str| {
        let violations = rule_set.lint(&Conversation::reply("", text), Profile::Chat).into_iter();
        violations
            .filter(|violation| violation.severity == phrase_lint::Severity::Error)
            .map(|violation| violation.rule)
            .collect::<std::collections::BTreeSet<_>>()
    };
    let is_grave = |row: &&std::sync::Arc<phrase_lint::rule::Phrase>| row.severity.get(Profile::Chat) == Some(phrase_lint::Severity::Error);
    let grave = rules.phrases.iter().filter(is_grave).flat_map(|row| &row.specs.bad);
    let grave: Vec<&str> =
        grave.map(|(_, text)| text.split('→').next().unwrap_or_default().trim()).filter(|text| !text.contains('\n')).collect();
    let (mut told, mut hidden) = (0, Vec::new());
    for order in ["", "你必须", "你应该", "您必须", "您应该", "你应该知道"] {
        for text in &grave {
            let asked = ["请您", "麻烦您", "您", "你", "妳", "请"].iter().find_map(|asked| text.strip_prefix(asked));
            for text in [Some(*text), asked].into_iter().flatten().map(|text| format!("{order}{text}")) {
                let expected = errors(&without, &text);
                told += expected.len();
                if !expected.is_empty() && errors(&all, &text).is_empty() {
                    hidden.push(text);
                }
            }
        }
    }
    assert!(told > 3000, "{told}");
    assert!(hidden.is_empty(), "{}", hidden.join("\n"));
}

/// The page on the rule language shows an example of each key of a check.
#[test]
fn what_the_page_on_rules_shows_works() {
    let page = include_str!("../rules/README.md");
    let packs: Vec<&str> = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let shown = packs.iter().find(|pack| pack.contains("category = \"house\"")).expect("a pack of examples");
    for key in ["repeat", "lasts", "clock", "date", "silence", "system", "past", "until", "unless", "within", "forbid", "direction", "per"]
    {
        assert!(shown.contains(&format!("{key} = ")), "no example of {key}");
    }
    let pack = Pack::parse("house.toml", shown).unwrap_or_else(|mistake| panic!("{mistake}"));
    let run =
        spec::run(&builtin::rules_with_examples(vec![pack]).unwrap_or_else(|mistakes| panic!("{}", self::shown(&mistakes))), |file| {
            file == "house.toml"
        });
    let failures: Vec<String> =
        run.failures.iter().map(|failure| format!("{}: `{}` {}", failure.id, failure.snippet, failure.what)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_kaomoji_stands_behind_a_mark_and_numerals_share_their_digits() {
    let pack = "[pack]\ncategory = \"own\"\n[[phrase]]\nid = \"own\"\nimproper = [\"您稍候，<kaomoji>\", \"<kaomoji>，稍候您\", \"共<number>万票\", \
                \"<amount>拿来\"]\nprofessional = \"您\"\n";
    let rules = builtin::rules_with(vec![Pack::parse("own.toml", pack).expect("a pack")]);
    let rules = rules.unwrap_or_else(|mistakes| panic!("{}", shown(&mistakes)));
    let rule_set = RuleSet::new(&rules, &Selection { select: vec!["own".to_owned()], ..Selection::default() });
    for (text, count) in [
        ("您稍候(｡•́︿•̀｡)", 1),
        ("您稍候，T_T 好的", 1),
        ("T_T稍候您", 1),
        ("您稍候。好的", 0),
        ("共三万票", 1),
        ("共3萬票", 1),
        ("共三萬", 0),
        ("￥199拿来", 1),
        ("NT$ 1,200.50拿來", 1),
        ("一百二十元拿来", 1),
        ("１，２００圓拿来", 1),
        ("5件拿来", 0),
    ] {
        assert_eq!(rule_set.lint(&Conversation::reply("", text), Profile::Replies).len(), count, "{text}");
    }
}
