//! From a match to the text that may replace it.

use crate::rule::{Phrase, Template};
use crate::text::{Folded, Script, traditional};
use crate::violation::{Applicability, Rewrite};

use super::matcher::Match;

/// The rewrites of a match in `script`. `capture` gives the text of a tag, with the safe rewrites inside it applied.
pub(super) fn rewrites(
    phrase: &Phrase,
    matched: &Match,
    folded: &Folded,
    written: &str,
    script: Script,
    capture: impl Fn(&str) -> String,
) -> Vec<Rewrite> {
    let own = script == Script::Traditional && !phrase.professional_hant.is_empty();
    let templates = if own { &phrase.professional_hant } else { &phrase.professional };
    let place = folded.written(matched.span.clone());
    let follows = written[place.end..].chars().next();
    let rewrite = |template: &Template| {
        let text = if own || script == Script::Simplified { template.fill(&capture) } else { in_traditional(template).fill(&capture) };
        let applicability = if text.contains("……") { Applicability::Example } else { phrase.apply };
        let text = match follows {
            // 请问您贵姓? before a mark: one is enough.
            Some(mark) if !mark.is_alphanumeric() && !mark.is_whitespace() && is_mark(mark) => text.trim_end_matches(is_mark).to_owned(),
            _ => text,
        };
        Rewrite { text, applicability }
    };
    templates.iter().map(rewrite).collect()
}

/// A user's rewrite that has no Traditional form: converted, its captures left as they are.
fn in_traditional(template: &Template) -> Template {
    use crate::rule::Piece;
    let convert = |piece: &Piece| match piece {
        Piece::Text(text) => Piece::Text(traditional(text)),
        Piece::Capture(tag) => Piece::Capture(tag.clone()),
    };
    Template { pieces: template.pieces.iter().map(convert).collect() }
}

fn is_mark(c: char) -> bool {
    matches!(c, '。' | '，' | '！' | '？' | '、' | '；' | '：' | '.' | ',' | '!' | '?' | ';' | ':' | '~' | '～')
}
