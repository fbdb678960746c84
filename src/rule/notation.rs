//! The pattern notation, after JSpeech Grammar Format (a W3C Note): text → [`Node`].

use std::sync::Arc;

use super::builtin::Builtin;
use super::pattern::{Class, Node};
use crate::text::{Folded, Spacing, fold_word};

/// What is wrong with a pattern: the message, and what to do.
pub(super) type Mistake = (String, String);

/// Gives the word class of a name that is used so deep, or says what is wrong with it.
pub(super) type Classes<'c> = dyn FnMut(&str, usize) -> Result<Arc<Class>, Mistake> + 'c;

/// How deep brackets, tags and word classes may stand within each other: trees are walked by recursion, and a pack comes from
/// anywhere.
const DEEPEST: usize = 64;

/// How many parts may be written in one pattern: what may follow on each of a row of optional parts is told for each.
const MOST_WRITTEN: usize = 1_000;

/// How many parts a pattern may have, those of its word classes included, each as often as it is named: classes that name another
/// twice double with every step.
const MOST_PARTS: usize = 100_000;

/// How large a pattern is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Extent {
    /// How deep its parts stand within each other.
    pub depth: usize,
    /// How many there are.
    pub parts: usize,
}

impl Extent {
    /// The extent of one beside another.
    pub fn beside(self, other: Self) -> Self {
        Self { depth: self.depth.max(other.depth), parts: self.parts + other.parts }
    }

    /// The same, so deep within something else.
    fn within(self, depth: usize) -> Self {
        Self { depth: self.depth + depth, ..self }
    }

    /// Whether no more memory and stack goes into it than there is.
    ///
    /// # Errors
    /// What is too large, and what to do.
    pub fn check(self) -> Result<(), Mistake> {
        if self.depth > DEEPEST {
            let what = format!("brackets and word classes stand more than {DEEPEST} deep within each other");
            return Err((what, "write alternatives beside each other: (a|b|c)".to_owned()));
        }
        if self.parts > MOST_PARTS {
            let what = format!("has more than {MOST_PARTS} parts, those of the word classes that it names included");
            return Err((what, "divide it into several patterns, or name smaller classes".to_owned()));
        }
        Ok(())
    }
}

/// Parses a pattern that is used `depth` deep within others, and tells its extent. `class` gives the word class of a name that is
/// used so deep, or says what is wrong with it.
pub(super) fn parse(pattern: &str, depth: usize, class: &mut Classes<'_>) -> Result<(Node, Extent), Mistake> {
    let characters: Vec<char> = pattern.trim().chars().map(narrow).collect();
    let mut parser = Parser { characters, at: 0, around: depth, depth, written: 0, extent: Extent::default(), class };
    let node = parser.choice(None)?;
    match parser.peek() {
        None => Ok((node, parser.extent)),
        Some(c) => Err(parser.mistake(format!("`{c}` closes nothing"), "remove it, or write the opening bracket")),
    }
}

struct Parser<'p, 'c> {
    characters: Vec<char>,
    at: usize,
    /// How deep the pattern is used within others.
    around: usize,
    /// How deep the part at this place stands, within others and in this pattern.
    depth: usize,
    /// How many parts were read, those of word classes aside.
    written: usize,
    /// Of what was read.
    extent: Extent,
    class: &'p mut Classes<'c>,
}

impl Parser<'_, '_> {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn mistake(&self, message: String, remedy: &str) -> Mistake {
        (message, remedy.to_owned())
    }

    /// Notes a part at this place that is so large.
    fn note(&mut self, part: Extent) -> Result<(), Mistake> {
        self.written += 1;
        if self.written > MOST_WRITTEN {
            let what = format!("has more than {MOST_WRITTEN} parts");
            return Err(self.mistake(what, "divide it into several patterns, or put words into a word class"));
        }
        part.within(self.depth).check()?;
        self.extent = self.extent.beside(part.within(self.depth - self.around));
        self.extent.check()
    }

    /// Alternatives in brackets, up to the closing one.
    fn bracket(&mut self, close: char) -> Result<Node, Mistake> {
        self.at += 1;
        self.depth += 1;
        self.note(Extent { depth: 0, parts: 1 })?;
        if self.peek() == Some(close) {
            return Err(self.mistake("brackets with nothing in them".to_owned(), "write words into them, or remove them"));
        }
        let node = self.choice(Some(close))?;
        self.depth -= 1;
        Ok(node)
    }

    /// Alternatives up to the closing bracket.
    fn choice(&mut self, close: Option<char>) -> Result<Node, Mistake> {
        let mut options = vec![self.sequence()?];
        while self.peek() == Some('|') {
            self.at += 1;
            options.push(self.sequence()?);
        }
        if let Some(close) = close {
            if self.peek() != Some(close) {
                return Err(self.mistake(format!("a bracket is not closed: `{close}` is missing"), "every ( [ < { needs its partner"));
            }
            self.at += 1;
        }
        if options.len() == 1 {
            return Ok(options.remove(0));
        }
        // With one that is nothing the others are not asked for, which nobody sees in `(呀|，)`. `[呀|，]` says so.
        if close == Some(')') && options.iter().any(|option| matches!(option, Node::Mark) || *option == Node::Sequence(Vec::new())) {
            return Err(self.mistake(
                "an alternative in `( )` that is nothing makes the others idle".to_owned(),
                "write `[a|b]` for what may be there, and `$，` for a break that must be",
            ));
        }
        // Longest first, so that 什么名字 is not cut short by 什么.
        options.sort_by_cached_key(|option| std::cmp::Reverse(option.longest()));
        Ok(Node::Choice(options))
    }

    fn sequence(&mut self) -> Result<Node, Mistake> {
        let mut parts: Vec<Node> = Vec::new();
        let mut tags_in_a_row = 0;
        while let Some(c) = self.peek() {
            let part = match c {
                '|' | ')' | ']' => break,
                '(' => self.bracket(')')?,
                '[' => Node::Optional(Box::new(self.bracket(']')?)),
                '<' => self.word_class()?,
                '{' => {
                    let tag = self.enclosed('}')?;
                    let Some(part) = parts.pop() else {
                        return Err(
                            self.mistake(format!("`{{{tag}}}` names nothing"), "write a tag behind the part that it names: `…{what}`")
                        );
                    };
                    if tag.is_empty() || !tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
                        return Err(self.mistake(format!("`{{{tag}}}` is no tag"), "a tag is written with Latin letters: `…{what}`"));
                    }
                    Node::Tagged(Box::new(part), tag.into())
                }
                '…' => {
                    while self.peek() == Some('…') {
                        self.at += 1;
                    }
                    Node::Gap
                }
                '^' | '$' => {
                    self.at += 1;
                    let twice = self.peek() == Some(c);
                    self.at += usize::from(twice);
                    match (c, twice) {
                        ('^', false) => Node::ClauseStart,
                        ('^', true) => Node::TurnStart,
                        (_, false) => Node::ClauseEnd,
                        (_, true) => Node::TurnEnd,
                    }
                }
                '}' | '>' => return Err(self.mistake(format!("`{c}` closes nothing"), "remove it, or write the opening bracket")),
                '*' | '+' => {
                    return Err(
                        self.mistake(format!("`{c}` (repetition) is not part of the notation"), "write the repeated part out: 喂[喂][喂]")
                    );
                }
                '/' => {
                    return Err(self.mistake(
                        "`/` (a weight) is not part of the notation".to_owned(),
                        "remove it: alternatives are tried longest first",
                    ));
                }
                '"' | '“' | '”' => {
                    return Err(
                        self.mistake(format!("`{c}` (a quotation) is not part of the notation"), "write the words without quotation marks")
                    );
                }
                '?' | '？' if self.at > 0 && matches!(self.characters[self.at - 1], ')' | ']' | '>') => {
                    return Err(self.mistake(
                        format!("`{c}` (what may be there) is not part of the notation"),
                        "write `[a|b]` for words that may be there, and `，` for a mark",
                    ));
                }
                '，' | ',' | '。' | '！' | '!' | '？' | '?' | '、' | '；' | ';' | '~' | ' ' => {
                    while self.peek().is_some_and(|c| "，,。！!？?、；;~ ".contains(c)) {
                        self.at += 1;
                    }
                    Node::Mark
                }
                _ => self.text()?,
            };
            tags_in_a_row = if c == '{' { tags_in_a_row + 1 } else { 0 };
            self.note(Extent { depth: tags_in_a_row, parts: 1 })?;
            parts.push(part);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Node::Sequence(parts) })
    }

    fn text(&mut self) -> Result<Node, Mistake> {
        let start = self.at;
        while let Some(c) = self.peek() {
            // Marks that folding keeps inside a number or a Latin word.
            let kept = c.is_alphanumeric() || matches!(c, '.' | '-' | '%' | ':' | '@' | '_' | '&');
            if !kept {
                break;
            }
            self.at += 1;
        }
        if self.at == start {
            let c = self.characters[start];
            return Err(self.mistake(
                format!("`{c}` never matches: marks and symbols only bound clauses"),
                "write `，` where a mark may stand, or leave it out",
            ));
        }
        let text: String = self.characters[start..self.at].iter().collect();
        let folded = fold_word(&text);
        if !may_stand(&folded) {
            return Err(self.mistake(
                format!("`{text}` never matches: in what people write it is a mask, a link, a face, or divided by its marks"),
                "write `，` for a mark between words, `…` for a mask or link, and `<kaomoji>` for a face",
            ));
        }
        Ok(Node::Text(folded))
    }

    fn word_class(&mut self) -> Result<Node, Mistake> {
        let name = self.enclosed('>')?;
        if let Some((_, builtin)) = Builtin::ALL.into_iter().find(|(known, _)| *known == name) {
            return Ok(Node::Builtin(builtin));
        }
        if name.contains('.') || name.contains('*') {
            return Err(self.mistake(
                format!("`<{name}>` (an import) is not part of the notation"),
                "word classes of packs without rules, as rules/words.toml, are known in every pack",
            ));
        }
        // The class may be parsed only now, and name others in its turn.
        self.note(Extent { depth: 1, parts: 1 })?;
        let class = (self.class)(&name, self.depth + 1)?;
        self.note(class.extent.within(1))?;
        Ok(Node::Class(class))
    }

    /// The text between the bracket at this place and `close`.
    fn enclosed(&mut self, close: char) -> Result<String, Mistake> {
        let start = self.at + 1;
        let Some(length) = self.characters[start..].iter().position(|&c| c == close) else {
            return Err(self.mistake(format!("a bracket is not closed: `{close}` is missing"), "every ( [ < { needs its partner"));
        };
        self.at = start + length + 1;
        Ok(self.characters[start..start + length].iter().collect())
    }
}

/// Whether a text can hold these folded characters one behind the other.
fn may_stand(folded: &str) -> bool {
    // A mark at an end may belong to a number or a Latin word there.
    let beside = |end: Option<char>| if end.is_some_and(char::is_alphanumeric) { ["", "好"] } else { ["0", "a"] };
    let holds = |before: &str, behind: &str| Folded::new(&format!("{before}{folded}{behind}"), Spacing::Breaks).as_str().contains(folded);
    let (before, behind) = (beside(folded.chars().next()), beside(folded.chars().next_back()));
    folded.is_empty() || before.iter().any(|before| behind.iter().any(|behind| holds(before, behind)))
}

/// Full-width brackets mean the same as half-width ones.
fn narrow(c: char) -> char {
    match c {
        '（' => '(',
        '）' => ')',
        '［' => '[',
        '］' => ']',
        '＜' => '<',
        '＞' => '>',
        '｛' => '{',
        '｝' => '}',
        '｜' => '|',
        '＾' => '^',
        '＄' => '$',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(pattern: &str) -> Result<Node, String> {
        let parsed = parse(pattern, 0, &mut |name, _| Err((format!("no <{name}>"), String::new())));
        parsed.map(|(node, _)| node).map_err(|(message, _)| message)
    }

    fn text(text: &str) -> Node {
        Node::Text(text.to_owned())
    }

    #[test]
    fn every_part_of_the_notation_parses() {
        assert_eq!(
            parsed("^你[到底|就]（叫｜名字叫）…{what}，$"),
            Ok(Node::Sequence(vec![
                Node::ClauseStart,
                text("你"),
                Node::Optional(Box::new(Node::Choice(vec![text("到底"), text("就")]))),
                Node::Choice(vec![text("名字叫"), text("叫")]),
                Node::Tagged(Box::new(Node::Gap), "what".into()),
                Node::Mark,
                Node::ClauseEnd,
            ]))
        );
        assert_eq!(parsed("^^甚麼$$"), Ok(Node::Sequence(vec![Node::TurnStart, text("什么"), Node::TurnEnd])));
        assert_eq!(parsed("<number>%"), Ok(Node::Sequence(vec![Node::Builtin(Builtin::Number), text("%")])));
    }

    #[test]
    fn mistakes_say_what_is_wrong() {
        for (pattern, part) in [
            ("(你|您", "`)` is missing"),
            ("你)", "closes nothing"),
            ("你]好", "closes nothing"),
            ("<you", "`>` is missing"),
            ("<you>", "no <you>"),
            ("{what}", "names nothing"),
            ("你{什么}", "is no tag"),
            ("喂*", "repetition"),
            ("(喂)?你", "what may be there"),
            ("(喂|，)你", "makes the others idle"),
            ("喂(呀|)", "makes the others idle"),
            ("/2/喂", "weight"),
            ("\"喂\"", "quotation"),
            ("<com.acme.words>", "import"),
            ("喂#", "never matches"),
            (&"(".repeat(100_000), "more than 64 deep"),
            (&"[喂".repeat(100_000), "more than 64 deep"),
            (&format!("喂{}", "{a}".repeat(100_000)), "more than 64 deep"),
            (&"[喂]".repeat(100_000), "more than 1000 parts"),
        ] {
            let message = parsed(pattern).expect_err(pattern);
            assert!(message.contains(part), "{pattern}: {message}");
        }
    }
}
