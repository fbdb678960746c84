//! From a match to the text that may replace it.

use crate::rule::{Phrase, Piece, Template};
use crate::text::{BREAK, Folded, Marks, Script, closes_clause, is_particle, opens_clause, traditional};
use crate::violation::{Applicability, Rewrite};

use super::matcher::Match;

/// How a conversation is written.
#[derive(Clone, Copy)]
pub(super) struct Manner<'m> {
    pub script: Script,
    /// The marks of a turn; asked only for what has any.
    pub marks: &'m dyn Fn() -> Option<Marks>,
}

/// The words that may replace what a row finds, best first.
pub(super) fn templates(phrase: &Phrase, script: Script) -> &[Template] {
    if is_own(phrase, script) { &phrase.professional_hant } else { &phrase.professional }
}

/// Whether the pack itself says what to write in a script.
fn is_own(phrase: &Phrase, script: Script) -> bool {
    script == Script::Traditional && !phrase.professional_hant.is_empty()
}

/// The rewrite of a match by one of its row's [`templates`], written as the conversation is. `capture` gives the text of a tag, with
/// the safe rewrites inside it applied.
pub(super) fn rewrite(
    phrase: &Phrase,
    template: &Template,
    matched: &Match,
    folded: &Folded,
    written: &str,
    manner: Manner<'_>,
    capture: impl Fn(&str) -> String,
) -> Rewrite {
    let script = manner.script;
    let is_written = script == Script::Simplified || is_own(phrase, script);
    let text = if is_written { template.fill(&capture) } else { in_traditional(template).fill(&capture) };
    let place = folded.written(matched.span.clone());
    let ends_cut = || is_sentence(template, &text) && (leaves_remnant(matched, folded) || goes_on(&written[place.end..]));
    let begins_cut = || is_begun(template, &text, matched, folded, &written[..place.start]);
    let is_cut = phrase.apply == Applicability::Suggested && (ends_cut() || begins_cut());
    let applicability = if is_cut || text.contains("……") { Applicability::Example } else { phrase.apply };
    let text = match written[place.end..].chars().next() {
        // 请问您贵姓? before a mark: one is enough.
        Some(mark) if closes_clause(mark) => text.trim_end_matches(closes_clause).to_owned(),
        _ => text,
    };
    let text = match Marks::matter(&text).then(manner.marks).flatten() {
        Some(marks) => marks.write(text),
        None => text,
    };
    Rewrite { text, applicability }
}

/// Characters of the shortest rewrite that is taken for a whole sentence without asking anything.
const SENTENCE: usize = 8;

/// Whether a rewrite is a whole sentence, behind which nothing of the clause can go on, for it does not end with the agent's own
/// words.
fn is_sentence(template: &Template, text: &str) -> bool {
    matches!(template.pieces.last(), Some(Piece::Text(_))) && (text.ends_with(['?', '？']) || text.chars().count() >= SENTENCE)
}

/// The most characters that are no clause of their own but the end of one: 打給我 where 打給 belongs to the match.
const REMNANT: usize = 3;

/// Whether a match ends so near the end of its clause that what is left makes no sense by itself.
fn leaves_remnant(matched: &Match, folded: &Folded) -> bool {
    let behind = &folded.as_str()[matched.span.end..];
    let clause = behind.split(BREAK).next().unwrap_or_default().trim_matches(is_particle);
    (1..=REMNANT).contains(&clause.chars().take(REMNANT + 1).count())
}

/// Whether what stands behind a match belongs to its sentence, mark or not: what is quoted, a placeholder, a word in Latin letters, as
/// in 你必须“同意”条款.
fn goes_on(behind: &str) -> bool {
    behind
        .trim_start_matches(' ')
        .starts_with(|c: char| matches!(c, '“' | '‘' | '「' | '『' | '《' | '"' | '`' | '{') || c.is_ascii_alphanumeric())
}

/// What sentences begin with that go on from nothing, be they as short as 感谢您的支持.
const OPENINGS: [&str; 16] = [
    "很抱歉",
    "非常抱歉",
    "抱歉",
    "对不起",
    "對不起",
    "不好意思",
    "没关系",
    "沒關係",
    "麻烦您",
    "麻煩您",
    "请您",
    "請您",
    "您好",
    "感谢",
    "感謝",
    "您先别",
];

/// Whether a rewrite that is a sentence would stand in the midst of another: 像你这种情况很抱歉, 你先为了您的账户安全，请您….
fn is_begun(template: &Template, text: &str, matched: &Match, folded: &Folded, written: &str) -> bool {
    // 我愿意帮助您，但首先我需要您{what} is one by its first clause.
    let has_clause =
        || matches!(template.pieces.first(), Some(Piece::Text(first)) if first.trim_end_matches(closes_clause).contains(['，', ',']));
    let begins_anew = || OPENINGS.iter().any(|opening| text.starts_with(opening));
    let before = clause_before(matched, folded);
    let is_within = !before.is_empty() && !opens_clause(folded.as_str(), matched.span.start) && !is_form_of_address(before);
    if !(is_within || comes_from(written)) || !(is_sentence(template, text) || has_clause() || begins_anew()) {
        return false;
    }
    // 这个|我可以帮您询问下 has its topic before it.
    !(text.starts_with('我') && !text.contains(['，', ',']) && is_topic(before))
}

/// What stands before a match in its clause.
fn clause_before<'f>(matched: &Match, folded: &'f Folded) -> &'f str {
    let before = &folded.as_str()[..matched.span.start];
    before.rsplit(BREAK).next().unwrap_or_default()
}

/// Whether words before a sentence may be its topic: nobody is spoken of yet, and nothing leads on from them.
fn is_topic(before: &str) -> bool {
    !before.is_empty()
        && !before.contains(['我', '你', '您', '请'])
        && !before.ends_with(['的', '就', '也', '都', '还', '才', '先', '再', '把', '给', '跟', '和'])
}

/// Whether somebody is only called: 陈先生, 王老师呀.
fn is_form_of_address(before: &str) -> bool {
    const TITLES: [&str; 9] = ["先生", "女士", "小姐", "老师", "经理", "同学", "阿姨", "老板", "总"];
    let name = TITLES.iter().find_map(|title| before.trim_end_matches(is_particle).strip_suffix(title));
    name.is_some_and(|name| name.chars().count() <= 3 && !name.contains(['的', '这', '那', '是', '请', '你', '您', '我']))
}

/// Whether what stands before a match belongs to its sentence, space or not: as what [goes on](goes_on) behind one, in
/// 您的订单 #A-1029 我们查不到.
fn comes_from(before: &str) -> bool {
    before
        .trim_end_matches(' ')
        .ends_with(|c: char| matches!(c, '”' | '’' | '」' | '』' | '》' | '"' | '`' | '}') || c.is_ascii_alphanumeric())
}

/// A user's rewrite that has no Traditional form: converted, its captures left as they are.
fn in_traditional(template: &Template) -> Template {
    let convert = |piece: &Piece| match piece {
        Piece::Text(text) => Piece::Text(traditional(text)),
        Piece::Capture(tag) => Piece::Capture(tag.clone()),
    };
    Template { pieces: template.pieces.iter().map(convert).collect() }
}
