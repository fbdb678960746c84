//! How well complaints and misfortunes are heard in turns of customers that no weight was learned from.

use std::fs;
use std::path::Path;

use phrase_lint::transcript::Kind;
use phrase_lint::{Conversation, Profile, RuleSet, Selection, Speaker, Turn, builtin};

/// The rules that a turn breaks which nobody meets with an apology or with understanding.
fn broken(rules: &RuleSet, said: &str) -> Vec<String> {
    let turn = |(speaker, text): (Speaker, &str)| Turn::new(speaker, text);
    let turns = [
        (Speaker::Agent, "您好，这里是客服中心，请问有什么可以帮您？"),
        (Speaker::Customer, said),
        (Speaker::Agent, "我查一下"),
        (Speaker::Customer, "嗯"),
        (Speaker::Agent, "查到了，单号是7"),
    ];
    let conversation = Conversation { kind: Kind::Chat, turns: turns.map(turn).into(), ..Conversation::default() };
    let found = rules.lint(&conversation, Profile::Chat).into_iter().map(|violation| violation.rule.to_string());
    found.filter(|rule| ["response/apology", "response/empathy"].contains(&rule.as_str())).collect()
}

#[test]
fn customers_are_heard_who_were_not_learned_from() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/customers/held-out.tsv");
    let text = fs::read_to_string(&path).expect("the turns");
    for file in fs::read_dir(path.with_file_name("")).expect("the folder").map(|file| file.expect("a file").path()) {
        if file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("learned-")) {
            let learned = fs::read_to_string(&file).expect("turns");
            let both = text.lines().find(|turn| learned.lines().any(|learned| learned == *turn));
            assert_eq!(both, None, "{}", file.display());
        }
    }
    let rules = RuleSet::new(&builtin::rules(), &Selection::default());
    // Of each kind: how many, how many are heard, how many of these as what they are.
    let mut counts = [("complaint", "response/apology", [0; 3]), ("distress", "response/empathy", [0; 3]), ("calm", "", [0; 3])];
    for line in text.lines() {
        let (kind, said) = line.split_once('\t').expect("a kind, a tab, a turn");
        let broken = broken(&rules, said);
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
