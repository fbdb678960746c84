//! What a rewrite must not tear apart: brackets, quotes and markup, of which one half would be left without the other.

use std::ops::Range;

use crate::text::closes_clause;

use super::edit::Edit;

/// The first mark whose partner stands outside the words that an edit replaces, and that the edit does not write again: the ） of
/// （你等着），我去问. Line ends count as such marks. A pair that stands within the words is nobody else's, and may go with them.
pub(super) fn torn(text: &str, edit: &Edit) -> Option<String> {
    let before = lone(&text[edit.span.clone()]);
    let after = lone(&edit.text);
    let differs = before.iter().zip(&after).position(|(one, other)| one.kind != other.kind);
    let first = differs.or_else(|| (before.len() != after.len()).then_some(before.len().min(after.len())))?;
    before.get(first).or(after.get(first)).map(|mark| mark.written.to_owned())
}

/// Words of a clause with the other half of emphasis that is in them, where that stands right beside them: of 请**稍后 also the ** behind
/// it, so that both go. What a rewrite writes again is left where it is.
pub(super) fn whole(text: &str, words: Range<usize>, rewrite: &str) -> Range<usize> {
    let inside = &text[words.clone()];
    let lone_inside = lone(inside);
    let [mark] = lone_inside.as_slice() else { return words };
    if inside.contains(closes_clause) || !lone(rewrite).is_empty() {
        return words;
    }
    let (before, behind) = (&text[..words.start], &text[words.end..]);
    let partner = |written: &str| {
        let other = tag(written).filter(|other| other.kind == mark.kind && other.side != mark.side);
        other.map_or(0, |tag| tag.written.len())
    };
    match (mark.kind, mark.side) {
        (Kind::Run(run), _) if run.starts_with(['*', '_']) => match (behind.strip_prefix(run), before.strip_suffix(run)) {
            (Some(rest), _) if !rest.starts_with(&run[..1]) => words.start..words.end + run.len(),
            (_, Some(rest)) if !rest.ends_with(&run[..1]) => words.start - run.len()..words.end,
            _ => words,
        },
        (Kind::Tag(_), Side::Opens) => words.start..words.end + partner(behind),
        (Kind::Tag(_), Side::Closes) => {
            let start = before.rfind('<').filter(|at| partner(&before[*at..]) == before.len() - at);
            start.unwrap_or(words.start)..words.end
        }
        _ => words,
    }
}

/// A mark that is half of a pair.
#[derive(Debug, Clone, Copy)]
struct Mark<'t> {
    written: &'t str,
    side: Side,
    kind: Kind<'t>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Opens,
    Closes,
    /// Whichever it is, the two look alike.
    Either,
    /// It has no partner.
    Alone,
}

/// What its partner shares with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind<'t> {
    Bracket(usize),
    Tag(&'t str),
    Run(&'t str),
}

/// Openings, and in the same places what closes them; both widths are one.
const OPENINGS: &str = "（(【[［〔{｛「『《〈“‘";
const CLOSINGS: &str = "）)】]］〕}｝」』》〉”’";

/// Marks that look alike on both sides; of `*`, `_`, `~` and `` ` `` several are one mark.
const ALIKE: [char; 6] = ['*', '_', '~', '`', '"', '＂'];

/// The marks of a text whose partners are not in it.
fn lone(text: &str) -> Vec<Mark<'_>> {
    let mut lone: Vec<Mark<'_>> = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let before = text[..at].chars().next_back();
        let Some(mark) = mark(&text[at..], before) else {
            at += c.len_utf8();
            continue;
        };
        at += mark.written.len();
        let is_partner = |last: &Mark<'_>| {
            last.kind == mark.kind && matches!((last.side, mark.side), (Side::Opens, Side::Closes) | (Side::Either, Side::Either))
        };
        if lone.last().is_some_and(is_partner) {
            lone.pop();
        } else {
            lone.push(mark);
        }
    }
    lone
}

/// The mark at the start of a text; `before` stands before it.
fn mark(text: &str, before: Option<char>) -> Option<Mark<'_>> {
    let c = text.chars().next()?;
    let written = &text[..c.len_utf8()];
    if c == '\n' {
        return Some(Mark { written, side: Side::Alone, kind: Kind::Run(written) });
    }
    if c == '<' {
        return tag(text);
    }
    if ALIKE.contains(&c) {
        let behind = text.trim_start_matches(c);
        let written = &text[..text.len() - behind.len()];
        let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        // A_1029 and 2*3 hold no markup, nor does 好~.
        let is_within = is_latin(before) && is_latin(behind.chars().next());
        return (!is_within && written != "~").then_some(Mark { written, side: Side::Either, kind: Kind::Run(written) });
    }
    let place = |marks: &str| marks.chars().position(|other| other == c);
    // Both widths are one kind.
    let kind = |place: usize| match place {
        1 => 0,
        3 | 4 => 3,
        7 => 6,
        _ => place,
    };
    let (side, place) = match place(OPENINGS) {
        Some(place) => (Side::Opens, place),
        None => (Side::Closes, place(CLOSINGS)?),
    };
    Some(Mark { written, side, kind: Kind::Bracket(kind(place)) })
}

/// The tag of HTML at the start of a text.
fn tag(text: &str) -> Option<Mark<'_>> {
    if !text.starts_with('<') {
        return None;
    }
    let inside = text[1..].find(['<', '>', '\n']).filter(|&end| text[1 + end..].starts_with('>'))?;
    let content = &text[1..1 + inside];
    let name = content.trim_start_matches('/');
    let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
    let side = match content {
        _ if content.starts_with('/') => Side::Closes,
        _ if content.ends_with('/') => Side::Alone,
        _ => Side::Opens,
    };
    (!name.is_empty()).then_some(Mark { written: &text[..inside + 2], side, kind: Kind::Tag(name) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emphasis_goes_whole() {
        let taken = |text: &str, words: &str, rewrite: &str| {
            let start = text.find(words).unwrap();
            text[whole(text, start..start + words.len(), rewrite)].to_owned()
        };
        assert_eq!(taken("请**稍后**，我查", "请**稍后", "请稍候"), "请**稍后**");
        assert_eq!(taken("**您必须**先付款", "您必须**先付款", "请您先付款"), "**您必须**先付款");
        assert_eq!(taken("您<b>必须先</b>，", "您<b>必须先", "请您先"), "您<b>必须先</b>");
        assert_eq!(taken("<b>您必须</b>先", "您必须</b>先", "请您先"), "<b>您必须</b>先");
        for (text, words, rewrite) in [
            ("您必须先**付款**", "您必须先**付款", "请您先**付款"),
            ("请**稍后再来**", "请**稍后", "请稍候"),
            ("_你等着_，我去问", "你等着_，我去问", "请您稍等"),
            ("（你等着）我去问", "你等着）我去问", "请您稍等"),
            ("请***稍后***", "请***稍", "请"),
        ] {
            assert_eq!(taken(text, words, rewrite), words, "{text}");
        }
    }

    #[test]
    fn both_halves_stay_or_both_go() {
        let torn = |words: &str, rewrite: &str| torn(words, &Edit { span: 0..words.len(), text: rewrite.to_owned() });
        assert_eq!(torn("你等着），我去问", "请您稍等").as_deref(), Some("）"));
        assert_eq!(torn("你等着_，我去问", "请您稍等").as_deref(), Some("_"));
        assert_eq!(torn("你等着~~，我去问", "请您稍等").as_deref(), Some("~~"));
        assert_eq!(torn("等着</b>，我", "请您稍等").as_deref(), Some("</b>"));
        assert_eq!(torn("A），（B", "您").as_deref(), Some("）"));
        assert_eq!(torn("你等着\n我去问", "请您稍等").as_deref(), Some("\n"));
        assert_eq!(torn("你必须给（单号", "请您给（单号"), None);
        assert_eq!(torn("你必须给（单号", "请您给").as_deref(), Some("（"));
        for whole in ["你**必须**去", "你<b class='x'>必须</b>去", "你(必须)去", "你等着~我去", "查A_1029和2*3"] {
            assert_eq!(torn(whole, "请您去"), None, "{whole}");
        }
    }
}
