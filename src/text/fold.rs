//! The folded view of a turn: what patterns are matched on, with the exact way back to what was written.
//!
//! Folding makes alike what a rule must not tell apart: Traditional and Simplified, full and half width, upper
//! and lower case. It drops what nobody reads (zero-width characters, the residue of pronunciation guides) and
//! turns every run of marks, spaces and emoji into one [`BREAK`]. The breaks are line ends, so a clause is a line
//! of the folded text and the anchors of a multi-line regular expression are the ends of a clause.

use std::ops::Range;

use super::clause::is_particle;
use super::noise::{self, Noise, is_han, is_word, recognise};
use super::script::simplified;

/// One run of marks, spaces, emoji or emoticon codes.
pub const BREAK: char = '\n';
/// One mask, placeholder or link. Only a gap matches it.
pub const BLANK: char = '\u{1}';
/// One kaomoji. It always stands alone between breaks.
pub const FACE: char = '\u{2}';

/// What a space between Han characters means in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Spacing {
    /// A clause boundary, as people use it in chat.
    #[default]
    Breaks,
    /// Nothing: the whole text was segmented into words by a program.
    Segmented,
}

/// The folded view of one text.
///
/// ```
/// use phrase_lint::text::{Folded, Spacing};
///
/// let written = "妳，請 稍 後！";
/// let folded = Folded::new(written, Spacing::Breaks);
/// assert_eq!(folded.as_str(), "你\n请稍后");
/// assert_eq!(&written[folded.written(4..13)], "請 稍 後");
/// ```
#[derive(Debug, Default, Clone)]
pub struct Folded {
    text: String,
    /// Where it was written, from left to right.
    stretches: Vec<Stretch>,
    /// Quotes and titles that stand in no other, without their marks, in bytes of `text`, from left to right.
    quoted: Vec<Quote>,
    /// The breaks that end a sentence, in bytes of `text`.
    sentence_ends: Vec<usize>,
    segmented: bool,
    pending: Option<Pending>,
    /// The byte of `text` where the last clause begins.
    clause: usize,
}

/// Bytes of a clause at most. Nobody talks so long without a pause; a longer one is divided, so that what is looked for in a clause
/// takes no longer than the text is long.
const LONGEST_CLAUSE: usize = 3000;

/// Quotes within quotes at most.
const DEEPEST_QUOTE: usize = 16;

/// A part of the folded text, up to the next one, and where it was written.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    /// The byte of the folded text where it begins.
    at: usize,
    /// The bytes of the written text.
    start: usize,
    end: usize,
    /// Whether it is as long as what was written, character by character.
    is_even: bool,
}

/// A stretch of the folded text between marks of quoting.
#[derive(Debug, Clone)]
struct Quote {
    span: Range<usize>,
    /// Whether the marks are those of a title: 《》.
    is_title: bool,
}

/// A break that was seen but not yet followed by a word.
#[derive(Debug, Clone, Copy)]
struct Pending {
    start: usize,
    end: usize,
    ends_sentence: bool,
}

impl Folded {
    /// Folds `written`.
    pub fn new(written: &str, spacing: Spacing) -> Self {
        let mut folded = Self::default();
        folded.refold(written, spacing);
        folded
    }

    /// Folds another text, keeping the memory.
    pub fn refold(&mut self, written: &str, spacing: Spacing) {
        self.text.clear();
        self.stretches.clear();
        self.quoted.clear();
        self.sentence_ends.clear();
        self.pending = None;
        self.clause = 0;
        self.segmented = spacing == Spacing::Segmented;
        self.fold(written);
    }

    /// The folded text: clauses divided by [`BREAK`], without one at either end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The bytes of the written text that a stretch of folded bytes came from.
    ///
    /// The end is the end of the last character, not the start of the next: trailing noise is not swallowed.
    /// An empty stretch gives an empty range.
    pub fn written(&self, folded: Range<usize>) -> Range<usize> {
        let holding = |byte: usize| self.stretches[..self.stretches.partition_point(|stretch| stretch.at <= byte)].last();
        let start = |byte: usize| holding(byte).map_or(0, |stretch| stretch.start + if stretch.is_even { byte - stretch.at } else { 0 });
        if folded.is_empty() {
            let end = self.stretches.last().map_or(0, |stretch| stretch.end);
            let place = if folded.start < self.text.len() { start(folded.start) } else { end };
            return place..place;
        }
        let end = holding(folded.end - 1)
            .map_or(0, |stretch| if stretch.is_even { stretch.start + folded.end - stretch.at } else { stretch.end });
        start(folded.start)..end
    }

    /// The sentence that holds the folded byte `at`, in folded bytes: up to 。！？!? or a line end.
    pub fn sentence(&self, at: usize) -> Range<usize> {
        let next = self.sentence_ends.partition_point(|&end| end < at);
        let start = if next == 0 { 0 } else { self.sentence_ends[next - 1] + BREAK.len_utf8() };
        start..self.sentence_ends.get(next).copied().unwrap_or(self.text.len())
    }

    /// Whether a stretch of folded bytes touches a quote or a title inside the text.
    ///
    /// A text that is one quote from end to end is not quoting anybody; one that is a title is a title.
    pub fn is_quoted(&self, folded: &Range<usize>) -> bool {
        let from = self.quoted.partition_point(|quote| quote.span.end <= folded.start);
        let is_within = |quote: &Quote| quote.is_title || quote.span.len() < self.text.len();
        self.quoted[from..].first().is_some_and(|quote| quote.span.start < folded.end && is_within(quote))
    }

    /// Whether the text is one quote from end to end: whether somebody says it or only names it, nobody can tell.
    pub fn is_one_quote(&self) -> bool {
        self.quoted.first().is_some_and(|quote| !quote.is_title && quote.span.len() == self.text.len())
    }

    fn fold(&mut self, written: &str) {
        let mut quotes: Vec<(char, usize)> = Vec::new();
        let mut previous: Option<char> = None;
        // The last blank, in bytes of `written`.
        let mut blank = 0..0;
        let mut at = 0;
        while let Some(c) = written[at..].chars().next() {
            let next = at + c.len_utf8();
            // Most text is Han characters that stay what they are.
            let plain = plain_han(&written[at..], LONGEST_CLAUSE.saturating_sub(self.text.len() - self.clause));
            if plain > c.len_utf8() {
                self.push(c, at, next);
                self.push_even(&written[next..at + plain]);
                previous = written[..at + plain].chars().next_back();
                at += plain;
                continue;
            }
            if noise::may_begin(c)
                && let Some((length, kind)) = recognise(written, at, previous)
            {
                let end = at + length;
                match kind {
                    Noise::Blank => {
                        self.push(BLANK, at, end);
                        blank = at..end;
                    }
                    Noise::Break => self.pause(at, end, false),
                    Noise::Face => {
                        self.pause(at, at, false);
                        self.push(FACE, at, end);
                        self.pause(end, end, false);
                    }
                    Noise::Nothing => {}
                }
                if kind != Noise::Nothing {
                    previous = None;
                }
                at = end;
                continue;
            }
            if is_invisible(c) {
                at = next;
                continue;
            }
            if is_han(c) {
                if let Some(end) = letter_spaced(written, at, previous) {
                    for (offset, c) in written[at..end].char_indices().filter(|(_, c)| is_han(*c)) {
                        self.push(simplified(c), at + offset, at + offset + c.len_utf8());
                        previous = Some(c);
                    }
                    at = end;
                    continue;
                }
                let following = || written[next..].chars().next();
                // 甚 is 什 only in 甚麼.
                let folded = if c == '甚' && following().is_some_and(|c| matches!(c, '么' | '麼' | '麽' | '幺')) {
                    '什'
                } else {
                    simplified(c)
                };
                self.push(folded, at, next);
            } else {
                let half = half_width(c);
                if !is_common_mark(half) && half.is_alphanumeric() {
                    for lower in half.to_lowercase() {
                        self.push(simplified(lower), at, next);
                    }
                } else if belongs_to_word(half, previous, written[next..].chars().next()) || begins_amount(half, &written[next..]) {
                    self.push(half, at, next);
                } else if self.segmented
                    && is_space(c)
                    && c != '\n'
                    && previous.is_some_and(char::is_alphanumeric)
                    && next_is_han(written, next)
                {
                    // A program's word boundary.
                    at = next;
                    continue;
                } else if c == ' ' && divides_scripts(written, at, &blank) {
                    // 你必须 3 天内寄回 is one clause.
                } else if c == '`' && previous == Some('`') {
                    // Several are one mark.
                    self.pause(at, next, false);
                } else {
                    self.mark(c, at, next, &mut quotes);
                }
            }
            previous = Some(c);
            at = next;
        }
    }

    /// Adds a character, and before it the break that was pending.
    fn push(&mut self, c: char, start: usize, end: usize) {
        if let Some(pending) = self.pending.take()
            && !self.text.is_empty()
        {
            if pending.ends_sentence {
                self.sentence_ends.push(self.text.len());
            }
            self.append(BREAK, pending.start, pending.end);
            self.clause = self.text.len();
        } else if self.text.len() - self.clause > LONGEST_CLAUSE {
            self.append(BREAK, start, start);
            self.clause = self.text.len();
        }
        self.append(c, start, end);
    }

    /// Adds characters that stay what they are, right behind one that did and was written before them.
    fn push_even(&mut self, written: &str) {
        if let Some(last) = self.stretches.last_mut() {
            last.end += written.len();
        }
        self.text.push_str(written);
    }

    fn append(&mut self, c: char, start: usize, end: usize) {
        let is_even = end - start == c.len_utf8();
        match self.stretches.last_mut() {
            Some(last) if is_even && last.is_even && last.end == start => last.end = end,
            _ => self.stretches.push(Stretch { at: self.text.len(), start, end, is_even }),
        }
        self.text.push(c);
    }

    /// Notes a break; several in a row become one.
    fn pause(&mut self, start: usize, end: usize, ends_sentence: bool) {
        let pending = self.pending.get_or_insert(Pending { start, end, ends_sentence: false });
        pending.end = end;
        pending.ends_sentence |= ends_sentence;
    }

    fn mark(&mut self, c: char, start: usize, end: usize, quotes: &mut Vec<(char, usize)>) {
        // Where the next word will stand: behind the break that this mark makes.
        let behind = self.text.len() + usize::from(!self.text.is_empty());
        if c == '\n' {
            // Code within a text stands on one line.
            quotes.retain(|&(close, _)| close != '`');
        }
        if let Some(close) = closing_quote(c, quotes) {
            // Straight quotes pair with themselves; a quote that is never closed quotes nothing.
            if quotes.len() < DEEPEST_QUOTE {
                quotes.push((close, behind));
            }
        } else if let Some(opened) = quotes.iter().rposition(|&(close, _)| close == c) {
            let (_, from) = quotes[opened];
            quotes.truncate(opened);
            if quotes.is_empty() && from < self.text.len() {
                self.quoted.push(Quote { span: from..self.text.len(), is_title: matches!(c, '》' | '〉') });
            }
        }
        self.pause(start, end, matches!(c, '。' | '！' | '？' | '!' | '?' | '\n' | '\r' | '｡'));
    }
}

/// What one character is to a reader who has not folded the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glance {
    /// A word character, folded.
    Character(char),
    /// The end of a word.
    Break {
        /// Whether a kaomoji may begin here.
        may_be_face: bool,
    },
    /// Perhaps nothing, perhaps the end of a word: the space in 你必须 3 天内.
    Joint,
    /// Folding may join what stands around this character: nothing can be said without it.
    Odd,
}

/// Looks at one character of a text, with the one before it and the rest behind it.
///
/// For a filter that passes over turns without folding them. It may see words in what folding hides (a mask, a link),
/// and never hides what folding shows, but in segmented text.
#[inline]
pub fn glance(previous: Option<char>, c: char, rest: &str) -> Glance {
    if is_han(c) {
        return Glance::Character(simplified(c));
    }
    let half = half_width(c);
    if half.is_ascii_alphanumeric() {
        // Some kaomoji are letters: T_T, orz.
        let may_be_face = noise::may_begin(c) && !matches!(half, 'h' | 'H' | 'w' | 'W') || matches!(c, ':' | 'A' | 't');
        return if may_be_face && rest.starts_with(|c: char| !c.is_ascii_digit() && !is_han(c)) {
            Glance::Odd
        } else {
            Glance::Character(half.to_ascii_lowercase())
        };
    }
    if is_invisible(c) {
        return Glance::Odd;
    }
    let previous_half = previous.map(half_width);
    if half.is_ascii() {
        // 您**必须**, 您<b>必须</b>.
        let emphasises = match c {
            '*' | '_' => rest.starts_with(is_word) && previous.is_some_and(|previous| previous == c || is_word(previous)),
            '<' => rest.strip_prefix('/').unwrap_or(rest).starts_with(['b', 'e', 'f', 'i', 's', 'u', 'B', 'E', 'F', 'I', 'S', 'U']),
            _ => false,
        };
        if emphasises {
            return Glance::Odd;
        }
        let in_word = previous_half.is_some_and(|previous| previous.is_ascii_alphanumeric())
            && (half == '%' || rest.starts_with(|c: char| half_width(c).is_ascii_alphanumeric()));
        // An amount of dollars.
        if half == '$' && begins_amount(half, rest) {
            return Glance::Odd;
        }
        if in_word && matches!(half, '.' | '-' | ',' | ':' | '/' | '%' | '@' | '_' | '&' | '+') {
            return if previous.is_some_and(|previous| previous.is_ascii()) { Glance::Character(half) } else { Glance::Odd };
        }
        let after_han = previous.is_some_and(is_han);
        // 請(qǐng) and 请 稍 后.
        let pronounced = half == '(' && after_han && rest.starts_with(|c: char| c.is_lowercase());
        let spaced = half == ' ' && after_han && rest.starts_with(is_han) && rest.chars().nth(1).is_none_or(|c| !c.is_alphanumeric());
        if pronounced || spaced {
            return Glance::Odd;
        }
        let divides = || match previous {
            Some(previous) if is_han(previous) => rest.starts_with(|c: char| half_width(c).is_ascii_alphanumeric()),
            Some(previous) => (half_width(previous).is_ascii_alphanumeric() || half_width(previous) == '%') && rest.starts_with(is_han),
            None => false,
        };
        if c == ' ' && divides() {
            return Glance::Joint;
        }
    } else if half.is_alphanumeric() || begins_amount(half, rest) {
        return Glance::Odd;
    }
    Glance::Break { may_be_face: noise::may_begin(c) || matches!(c, ':' | '\'') }
}

/// Folds a word of a pattern: characters only, without breaks or noise.
pub fn fold_word(word: &str) -> String {
    let mut characters = word.chars().peekable();
    let mut folded = String::with_capacity(word.len());
    while let Some(c) = characters.next() {
        match c {
            '甚' if characters.peek().is_some_and(|&c| matches!(c, '么' | '麼' | '麽' | '幺')) => folded.push('什'),
            c if is_invisible(c) => {}
            c if is_han(c) => folded.push(simplified(c)),
            c => folded.extend(half_width(c).to_lowercase().map(simplified)),
        }
    }
    folded
}

/// The bytes at the start of a text that are Han characters of one form, whatever stands around them: so many at most.
#[inline]
fn plain_han(text: &str, most: usize) -> usize {
    const HAN: usize = '人'.len_utf8();
    // 甚 is another character in 甚麼.
    let is_plain = |c: &char| matches!(c, '\u{4E00}'..='\u{9FFF}') && simplified(*c) == *c && *c != '甚';
    text.chars().take(most / HAN).take_while(is_plain).count() * HAN
}

/// The end of a run of three or more single Han characters with a space between each, `请 稍 后`.
fn letter_spaced(written: &str, at: usize, previous: Option<char>) -> Option<usize> {
    // Nearly always no space follows.
    if !matches!(written[at..].chars().nth(1), Some(' ' | '\u{3000}')) || previous.is_some_and(is_word) {
        return None;
    }
    let mut characters = written[at..].char_indices().peekable();
    let (mut count, mut end) = (0, at);
    loop {
        let (offset, c) = characters.next()?;
        if !is_han(c) {
            return None;
        }
        count += 1;
        end = end.max(at + offset + c.len_utf8());
        match characters.peek() {
            Some(&(_, ' ' | '\u{3000}')) => {
                let mut ahead = characters.clone();
                ahead.next();
                if !ahead.next().is_some_and(|(_, c)| is_han(c)) {
                    break;
                }
                // Two Han characters together are a word: the spaces of this run divide words.
                if ahead.next().is_some_and(|(_, c)| is_han(c)) {
                    return None;
                }
                characters.next();
            }
            Some(&(_, c)) if c.is_alphanumeric() => return None,
            _ => break,
        }
    }
    (count >= 3).then_some(end)
}

/// Whether the space at a byte only divides Chinese from a number, a Latin word or a blank, as house styles want it. It does where
/// that word has a space on its other side too, or ends the clause there: 你必须 3 天内寄回, 把 ID 发我, 改打 10086。 In 好的 3天内到 the
/// space is a pause. `blank` is the last blank before it.
fn divides_scripts(written: &str, at: usize, blank: &Range<usize>) -> bool {
    let (before, behind) = (&written[..at], &written[at + 1..]);
    let Some(last) = before.chars().next_back() else { return false };
    if is_han(last) {
        let Some(length) = foreign_word(written, at + 1) else { return false };
        let (word, rest) = behind.split_at(length);
        let mut beyond = rest.chars();
        let goes_on = match beyond.next() {
            Some(' ') => beyond.next().is_some_and(is_han),
            // 是这笔订单 [订单x] has said all before the blank.
            mark => !word.ends_with(['}', ']', '*']) && mark.is_none_or(|c| !is_word(c) && closing_quote(c, &[]).is_none()),
        };
        return goes_on && !ends_talk(last) && !is_interjection(word);
    }
    if !behind.starts_with(is_han) {
        return false;
    }
    let start = if blank.end == at { blank.start } else { foreign_start(before) };
    let (before, word) = before.split_at(start);
    let mut beyond = before.chars().rev();
    let goes_on = match (beyond.next(), beyond.next()) {
        (Some(' '), Some(c)) if is_han(c) && !ends_talk(c) => true,
        // 5 分钟后 begins with its number; VIP 才能退 has a word before the clause.
        (mark, last) => {
            let is_pause = mark.is_none_or(|c| !is_word(c)) && (mark != Some(' ') || last.is_some_and(ends_talk));
            is_pause && word.starts_with(|c: char| half_width(c).is_ascii_digit())
        }
    };
    goes_on && !word.is_empty() && !is_interjection(word)
}

/// Whether somebody who says this pauses behind it.
fn ends_talk(c: char) -> bool {
    is_particle(c) || c == '吗' || c == '嗎'
}

fn is_interjection(word: &str) -> bool {
    INTERJECTIONS.iter().any(|interjection| word.eq_ignore_ascii_case(interjection))
}

/// Words that people say by themselves.
const INTERJECTIONS: [&str; 12] = ["ok", "okay", "hi", "hello", "bye", "byebye", "thanks", "thx", "sorry", "nice", "yes", "no"];

/// The bytes of the number, the Latin word or the blank at a byte.
fn foreign_word(written: &str, at: usize) -> Option<usize> {
    let first = written[at..].chars().next()?;
    if noise::may_begin(first)
        && let Some((length, kind)) = recognise(written, at, Some(' '))
    {
        return (kind == Noise::Blank).then_some(length);
    }
    let rest = &written[at..];
    let word = &rest[..rest.len() - rest.trim_start_matches(may_be_foreign).len()];
    let word = word.trim_end_matches(|c: char| !is_foreign(c) && half_width(c) != '%');
    (is_foreign(first) && !word.is_empty()).then_some(word.len())
}

/// The byte where the number or Latin word at the end of a text begins; its end where there is none.
fn foreign_start(text: &str) -> usize {
    let rest = text.trim_end_matches(may_be_foreign);
    text.len() - text[rest.len()..].trim_start_matches(|c: char| !is_foreign(c)).len()
}

/// A digit or a Latin letter.
fn is_foreign(c: char) -> bool {
    half_width(c).is_ascii_alphanumeric()
}

/// The same, or a mark that may stand within such a word.
fn may_be_foreign(c: char) -> bool {
    is_foreign(c) || matches!(half_width(c), '.' | '-' | ',' | ':' | '/' | '%' | '@' | '_' | '&' | '+')
}

fn next_is_han(written: &str, at: usize) -> bool {
    written[at..].chars().find(|&c| !is_space(c)).is_some_and(|c| c.is_alphanumeric())
}

/// The marks of nearly all turns, of which the tables of Unicode need not be asked.
#[inline]
fn is_common_mark(c: char) -> bool {
    matches!(c, ' ' | ',' | '.' | '?' | '!' | ':' | '~' | '\u{2000}'..='\u{206F}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}')
}

#[inline]
fn is_space(c: char) -> bool {
    c == ' ' || c == '\u{3000}' || c == '\t' || c == '\u{A0}'
}

/// Marks that are part of a number or a Latin word: 1,299.00 · 10:30 · 7-11 · 50% · a.b@c.cn · Wi-Fi.
fn belongs_to_word(c: char, previous: Option<char>, next: Option<char>) -> bool {
    let previous = previous.map(half_width);
    let next = next.map(half_width);
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    match c {
        '.' | '-' => latin(previous) && latin(next),
        ',' | ':' | '/' => digit(previous) && digit(next),
        '%' | '‰' => digit(previous),
        '@' | '_' | '&' | '+' => latin(previous) && latin(next),
        _ => false,
    }
}

/// Whether a mark is that of a currency before a number: ¥199, NT$ 1,200.
fn begins_amount(c: char, rest: &str) -> bool {
    let number = || rest.strip_prefix(is_space).unwrap_or(rest);
    matches!(c, '$' | '¥' | '€' | '£') && number().starts_with(|c| half_width(c).is_ascii_digit())
}

/// The mark that closes a quote opened by `c`, or none where `c` opens none.
fn closing_quote(c: char, open: &[(char, usize)]) -> Option<char> {
    Some(match c {
        '“' => '”',
        '‘' => '’',
        '「' => '」',
        '『' => '』',
        '《' => '》',
        '〈' => '〉',
        '【' => '】',
        '﹁' => '﹂',
        '"' | '＂' | '`' if !open.iter().any(|&(close, _)| close == c) => c,
        _ => return None,
    })
}

#[inline]
fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        '￥' => '¥',
        '￡' => '£',
        _ => c,
    }
}

/// Zero-width, joining, direction and variation characters, and marks that combine with the letter before.
#[inline]
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{300}'..='\u{36F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E01EF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fold(text: &str) -> String {
        Folded::new(text, Spacing::Breaks).as_str().replace(BREAK, "|").replace(BLANK, "_").replace(FACE, "☺")
    }

    #[test]
    fn alike_becomes_alike() {
        assert_eq!(fold("妳叫甚麼名字？"), "你叫什么名字");
        assert_eq!(fold("你叫什幺名字"), "你叫什么名字");
        assert_eq!(fold("ｙＯＵ 好"), "you|好");
        assert_eq!(fold("你\u{200B}好"), "你好");
        assert_eq!(fold("請(qǐng)問(wèn)您貴(guì)姓"), "请问您贵姓");
        assert_eq!(fold("甚至"), "甚至");
        assert_eq!(fold("稍候/稍後"), "稍候|稍后");
    }

    #[test]
    fn marks_are_one_break() {
        assert_eq!(fold("  您好！！ 😊，再见~ "), "您好|再见");
        assert_eq!(fold("您好^_^再见"), "您好|☺|再见");
        assert_eq!(fold("好的(^_^)"), "好的|☺");
        assert_eq!(fold("好的#E-s33亲"), "好的|亲");
        assert_eq!(fold("退[数字x]元，{name}您好"), "退_元|_您好");
    }

    #[test]
    fn spaces_break_unless_letters_are_spaced() {
        assert_eq!(fold("请 稍 后"), "请稍后");
        assert_eq!(fold("你 是 谁？好"), "你是谁|好");
        assert_eq!(fold("好 的"), "好|的");
        assert_eq!(fold("好的 亲 在的"), "好的|亲|在的");
        assert_eq!(fold("你必须 3 天内寄回"), "你必须3天内寄回");
        assert_eq!(fold("在 {{days}} 天内把 ID 发到 a@b.cn。给您退 99.5%"), "在_天内把id发到a@b.cn|给您退99.5%");
        assert_eq!(fold("5 分钟后拨 10086，谢谢"), "5分钟后拨10086|谢谢");
        assert_eq!(fold("好的 3天内到 13800138000 对吗 ok 再见 OK"), "好的|3天内到13800138000对吗|ok|再见|ok");
        assert_eq!(fold("是这笔吗 [订单x] 您好呀 5 分钟后到"), "是这笔吗|_|您好呀|5分钟后到");
        assert_eq!(fold("好的,3 天内到，９：３０ 前到"), "好的|3天内到|9:30前到");
        assert_eq!(fold("VIP 才能退 电话 138 1234 5678 吗"), "vip|才能退|电话|138|1234|5678|吗");
        assert_eq!(Folded::new("您好 请问 有 什么 可以 帮 您", Spacing::Segmented).as_str(), "您好请问有什么可以帮您");
    }

    #[test]
    fn numbers_and_words_keep_their_marks() {
        assert_eq!(fold("1,299.00元 10：30 50％ a.b@c.cn 5,好"), "1,299.00元|10:30|50%|a.b@c.cn|5|好");
        assert_eq!(fold("请4**号客服"), "请4_号客服");
    }

    #[test]
    fn what_is_said_goes_on_through_emphasis() {
        assert_eq!(fold("您**必须**先付款，请**稍后**。"), "您必须先付款|请稍后");
        assert_eq!(fold("电话*多少*？您<b>必须</b>先<strong>付款</strong>"), "电话多少|您必须先付款");
        assert_eq!(fold("张**和李**，张*好"), "张_和李_|张_好");
        assert_eq!(fold("我_不知道_，<p>您好</p>"), "我不知道|您好");
        let folded = Folded::new("您**必须**先", Spacing::Breaks);
        assert_eq!(folded.written(0..9), 0..11);
        assert_eq!(folded.written(0..12), 0..16);
    }

    #[test]
    fn sentences_end_at_marks() {
        let folded = Folded::new("好的，您稍等。查到了！谢谢", Spacing::Breaks);
        let at = folded.as_str().find("查").unwrap_or(0);
        assert_eq!(&folded.as_str()[folded.sentence(at)], "查到了");
        assert_eq!(&folded.as_str()[folded.sentence(0)], "好的\n您稍等");
    }

    #[test]
    fn quotes_are_known() {
        let folded = Folded::new("歌曲《你的名字》下架，“你们太差”已收到", Spacing::Breaks);
        let place = |needle: &str| {
            let start = folded.as_str().find(needle).unwrap_or(0);
            start..start + needle.len()
        };
        assert!(folded.is_quoted(&place("你的名字")));
        assert!(folded.is_quoted(&place("你们")));
        assert!(!folded.is_quoted(&place("下架")));
        for whole in ["“你好”", "「你好」。", "\"你好\""] {
            let folded = Folded::new(whole, Spacing::Breaks);
            assert!(!folded.is_quoted(&(0..3)) && folded.is_one_quote(), "{whole}");
        }
        let title = Folded::new("《你的名字》", Spacing::Breaks);
        assert!(title.is_quoted(&(0..3)) && !title.is_one_quote());
        assert!(!Folded::new("“你好”在的", Spacing::Breaks).is_one_quote());
        assert!(!Folded::new("5\"屏幕你好", Spacing::Breaks).is_quoted(&(4..7)));
        for (text, is_quoted) in [("用`你好`回", true), ("用``你好``回", true), ("用`你好回", false), ("用`\n你好`回", false)]
        {
            let folded = Folded::new(text, Spacing::Breaks);
            let at = folded.as_str().find('你').unwrap_or(0);
            assert_eq!(folded.is_quoted(&(at..at + 6)), is_quoted, "{text}");
        }
    }

    #[test]
    fn what_has_no_marks_is_divided_somewhere() {
        let written = "好".repeat(LONGEST_CLAUSE);
        let folded = Folded::new(&written, Spacing::Breaks);
        assert!(folded.as_str().split(BREAK).all(|clause| !clause.is_empty() && clause.len() <= LONGEST_CLAUSE + 3));
        assert_eq!(folded.as_str().replace(BREAK, ""), written);
        assert_eq!(folded.written(0..folded.as_str().len()), 0..written.len());
        assert_eq!(folded.sentence(0), 0..folded.as_str().len());
    }

    proptest! {
        /// Characters that stay what they are go another way.
        #[test]
        fn simplified_text_is_folded_as_traditional_is(before in 985usize..1005, text in "(请|说|买|后|，|。| |a|3|甚麼|甚|稍|请 稍 后|“|”){0,30}") {
            let simplified = format!("{}{text}", "说".repeat(before));
            let pairs = [('请', '請'), ('说', '說'), ('买', '買'), ('后', '後')];
            let other = |c: char| pairs.iter().find(|(simplified, _)| *simplified == c).map_or(c, |(_, traditional)| *traditional);
            let traditional: String = simplified.chars().map(other).collect();
            let [one, other] = [&simplified, &traditional].map(|text| Folded::new(text, Spacing::Breaks));
            prop_assert_eq!(one.as_str(), other.as_str());
            for (at, c) in one.as_str().char_indices() {
                let place = at..at + c.len_utf8();
                prop_assert_eq!((one.written(place.clone()), one.sentence(at), one.is_quoted(&place)), (other.written(place.clone()), other.sentence(at), other.is_quoted(&place)));
            }
        }

        #[test]
        fn every_folded_character_knows_where_it_was_written(text in "(你|妳|甚麼| |。|，|[a-z]|\\PC|\\(duì\\)|\\^_\\^|\\[数字x\\]|\u{200B}|“|”|请 稍 后){0,40}") {
            let folded = Folded::new(&text, Spacing::Breaks);
            let mut last = 0;
            for (at, c) in folded.as_str().char_indices() {
                let place = folded.written(at..at + c.len_utf8());
                prop_assert!(text.get(place.clone()).is_some());
                prop_assert!(place.start >= last || c.to_lowercase().count() != 1 || place.start + 4 >= last);
                last = place.start;
                if !matches!(c, BREAK | BLANK | FACE) {
                    prop_assert!(fold_word(&text[place.clone()]).contains(c) || &text[place] == "甚");
                }
            }
            prop_assert!(!folded.as_str().starts_with(BREAK) && !folded.as_str().ends_with(BREAK));
            prop_assert!(!folded.as_str().contains("\n\n"));
        }

        #[test]
        fn folding_again_changes_nothing(text in "[\u{4E00}-\u{9FFF}a-n0-9]{0,30}") {
            let once = Folded::new(&text, Spacing::Breaks).as_str().to_owned();
            let twice = Folded::new(&once, Spacing::Breaks);
            prop_assert_eq!(twice.as_str(), once.as_str());
        }
    }
}
