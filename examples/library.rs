//! The linter as a library: `cargo run --example library`.

#![allow(clippy::print_stdout, reason = "an example shows what it found")]

use std::error::Error;

use phrase_lint::builtin;
use phrase_lint::lint::{RuleSet, Selection};
use phrase_lint::rule::Profile;
use phrase_lint::transcript::{Conversation, Kind, Speaker, Turn};

fn main() -> Result<(), Box<dyn Error>> {
    // A formal house raises what the packs only mention.
    let selection = Selection { severities: vec![("register/pet-name".into(), "warning".parse()?)], ..Selection::default() };
    let rule_set = RuleSet::new(&builtin::rules(), &selection);

    let conversation = Conversation {
        id: "c-17".into(),
        kind: Kind::Chat,
        turns: vec![
            Turn::new(Speaker::Customer, "我的快递到哪了"),
            Turn::new(Speaker::Agent, "亲，你等着，我看看"),
            Turn::new(Speaker::Agent, "你必须先提供订单号"),
        ],
        ..Conversation::default()
    };
    for violation in rule_set.lint(&conversation, Profile::Chat) {
        let words = violation.span.clone().map_or("", |span| &conversation.turns[violation.turn].text[span]);
        let rewrite = violation.rewrites.first().map_or("", |rewrite| rewrite.text.as_str());
        println!("turn {}: {} {} {words} → {rewrite}", violation.turn, violation.severity, violation.rule);
    }
    Ok(())
}
