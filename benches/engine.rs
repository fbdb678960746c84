//! The parts of the engine and the whole of it, over generated chats: `cargo bench --bench engine`.
//!
//! `benches/README.md` measures the program as users run it; this tells which part a change made slower.

use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::BytesCount;

use phrase_lint::builtin;
use phrase_lint::lint::{RuleSet, Selection};
use phrase_lint::rule::Profile;
use phrase_lint::source::Document;
use phrase_lint::text::{Folded, Spacing};
use phrase_lint::transcript::{self, Conversation, ReadOptions};

fn main() {
    divan::main();
}

/// Sentences of an ordinary day, a few of them improper.
const SAID: [(&str, &str); 8] = [
    ("customer", "我的快递到哪了，都三天了还没有更新"),
    ("agent", "您好，工号1024，很高兴为您服务，请问有什么可以帮您？"),
    ("customer", "单号是7788123456"),
    ("agent", "请您稍等，我马上为您查询一下物流信息"),
    ("agent", "让您久等了，您的包裹已经到达【南京转运中心】，预计明天下午送达"),
    ("customer", "好的，那我再等等"),
    ("agent", "你必须保持电话畅通，我也不知道具体几点"),
    ("agent", "感谢您的来电，祝您生活愉快，再见"),
];

/// Conversations that [`jsonl`], [`csv`] and [`text`] hold.
const CONVERSATIONS: usize = 500;

fn jsonl() -> String {
    let turns: Vec<String> = SAID.iter().map(|(speaker, text)| format!(r#"{{"speaker":"{speaker}","text":"{text}"}}"#)).collect();
    (0..CONVERSATIONS).map(|id| format!(r#"{{"id":"c-{id}","turns":[{}]}}"#, turns.join(",")) + "\n").collect()
}

fn csv() -> String {
    let rows = (0..CONVERSATIONS).flat_map(|id| SAID.iter().map(move |(speaker, text)| format!("c-{id},{speaker},{text}\n")));
    std::iter::once("会话ID,角色,内容\n".to_owned()).chain(rows).collect()
}

fn text() -> String {
    let label = |speaker: &str| if speaker == "agent" { "客服" } else { "客户" };
    (0..CONVERSATIONS)
        .map(|id| {
            let turns: String = SAID.iter().map(|(speaker, text)| format!("{}：{text}\n", label(speaker))).collect();
            format!("=== c-{id} ===\n{turns}\n")
        })
        .collect()
}

fn conversations(document: &Document) -> Vec<Conversation> {
    let mut read = Vec::new();
    let detected = transcript::read(document, &ReadOptions::default(), &mut |found| read.extend(found.ok()));
    assert!(detected.is_ok());
    read
}

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::new(&builtin::rules(), &Selection::default()));

#[divan::bench]
fn rules_ready() -> RuleSet {
    RuleSet::new(&builtin::rules(), &Selection::default())
}

#[divan::bench]
fn fold(bencher: Bencher<'_, '_>) {
    let turn = SAID[4].1;
    bencher.counter(BytesCount::of_str(turn)).bench(|| Folded::new(divan::black_box(turn), Spacing::Breaks));
}

#[divan::bench(args = ["jsonl", "csv", "text"])]
fn read(bencher: Bencher<'_, '_>, format: &str) {
    let content = match format {
        "jsonl" => jsonl(),
        "csv" => csv(),
        _ => text(),
    };
    let document = Document::from_text(format!("a.{format}"), content);
    bencher.counter(BytesCount::new(document.text().map_or(0, str::len))).bench(|| conversations(&document).len());
}

#[divan::bench(args = [Profile::Replies, Profile::Chat])]
fn lint(bencher: Bencher<'_, '_>, profile: Profile) {
    let read = conversations(&Document::from_text("a.jsonl", jsonl()));
    let bytes: usize = read.iter().flat_map(|conversation| &conversation.turns).map(|turn| turn.text.len()).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .bench(|| read.iter().map(|conversation| RULES.lint(conversation, profile).len()).sum::<usize>());
}
