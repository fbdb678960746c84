//! How well is heard what signs tell, in turns that no weight was learned from: complaints and misfortunes of customers, how agents
//! meet them, and what agents say improperly.

#![allow(clippy::expect_used, reason = "a test that cannot run fails")]

use std::fs;
use std::path::Path;

use phrase_lint::transcript::Kind;
use phrase_lint::{Conversation, Profile, RuleSet, Selection, Speaker, Turn, builtin};

/// The rules of meeting a customer that are broken where an agent answers this to that.
fn broken(rules: &RuleSet, said: &str, answer: &str) -> Vec<String> {
    let turn = |(speaker, text): (Speaker, &str)| Turn::new(speaker, text);
    let turns = [
        (Speaker::Agent, "您好，这里是客服中心，请问有什么可以帮您？"),
        (Speaker::Customer, said),
        (Speaker::Agent, answer),
        (Speaker::Customer, "嗯"),
        (Speaker::Agent, "查到了，单号是7"),
    ];
    let conversation = Conversation { kind: Kind::Chat, turns: turns.map(turn).into(), ..Conversation::default() };
    let found = rules.lint(&conversation, Profile::Chat).into_iter().map(|violation| violation.rule.to_string());
    found.filter(|rule| ["response/apology", "response/empathy"].contains(&rule.as_str())).collect()
}

/// The turns that are held out of what is learned of a speaker: what each is, and its words.
fn held_out(speaker: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/signs").join(speaker);
    let text = fs::read_to_string(folder.join("held-out.tsv")).expect("the turns");
    for file in fs::read_dir(&folder).expect("the folder").map(|file| file.expect("a file").path()) {
        if file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("learned-")) {
            let learned = fs::read_to_string(&file).expect("turns");
            let both = text.lines().find(|turn| learned.lines().any(|learned| learned == *turn));
            assert_eq!(both, None, "{}", file.display());
        }
    }
    let parts = |line: &str| line.split_once('\t').map(|(kind, said)| (kind.to_owned(), said.to_owned()));
    text.lines().map(|line| parts(line).expect("a kind, a tab, a turn")).collect()
}

#[test]
fn customers_are_heard_who_were_not_learned_from() {
    let rules = RuleSet::new(&builtin::rules(), &Selection::default());
    // Of each kind: how many, how many are heard, how many of these as what they are.
    let mut counts = [("complaint", "response/apology", [0; 3]), ("distress", "response/empathy", [0; 3]), ("calm", "", [0; 3])];
    for (kind, said) in held_out("customers") {
        let broken = broken(&rules, &said, "我查一下");
        let (_, rule, count) = counts.iter_mut().find(|(known, ..)| *known == kind).expect("a kind");
        count[0] += 1;
        count[1] += usize::from(!broken.is_empty());
        count[2] += usize::from(broken.iter().any(|broken| broken == rule));
    }
    let share = |number: usize, of: usize| counts[of].2[number] as f64 / counts[of].2[0] as f64;
    assert!(counts.iter().all(|(.., [all, ..])| *all >= 50), "{counts:?}");
    assert!(share(1, 0) > 0.7 && share(2, 0) > 0.7, "{counts:?}");
    assert!(share(1, 1) > 0.85 && share(2, 1) > 0.8, "{counts:?}");
    assert!(share(1, 2) < 0.04, "{counts:?}");
}

#[test]
fn agents_who_care_are_heard_who_were_not_learned_from() {
    let rules = RuleSet::new(&builtin::rules(), &Selection::default());
    // Of each kind: how many, and how many are told to lack an apology.
    let mut counts = [("caring", [0; 2]), ("plain", [0; 2])];
    for (kind, answer) in held_out("agents") {
        let is_told = broken(&rules, "我要投诉，你们送来的花都烂了", &answer).iter().any(|rule| rule == "response/apology");
        let (_, count) = counts.iter_mut().find(|(known, _)| *known == kind).expect("a kind");
        count[0] += 1;
        count[1] += usize::from(is_told);
    }
    let told = |of: usize| counts[of].1[1] as f64 / counts[of].1[0] as f64;
    assert!(counts.iter().all(|(_, [all, _])| *all >= 150), "{counts:?}");
    assert!(told(0) < 0.1, "{counts:?}");
    assert!(told(1) > 0.85, "{counts:?}");
}

#[test]
fn improper_turns_are_heard_that_were_not_learned_from() {
    let rules = RuleSet::new(&builtin::rules(), &Selection::default());
    let turns = held_out("improper");
    let told = |said: &str| -> Vec<String> {
        let conversation = Conversation::reply("1", said);
        rules.lint(&conversation, Profile::Chat).into_iter().map(|violation| violation.rule.to_string()).collect()
    };
    let (good, improper): (Vec<_>, Vec<_>) = turns.iter().partition(|(rule, _)| rule == "-");
    assert!(good.len() > 400 && improper.len() > 300, "{} {}", good.len(), improper.len());
    let heard = improper.iter().filter(|(rule, said)| told(said).contains(rule)).count();
    let mistaken = good.iter().filter(|(_, said)| !told(said).is_empty()).count();
    assert!(heard * 100 > improper.len() * 88, "{heard} of {}", improper.len());
    assert!(mistaken * 100 < good.len() * 3, "{mistaken} of {}", good.len());
}
