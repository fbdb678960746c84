//! The pattern notation, after JSpeech Grammar Format (a W3C Note): text → [`Node`].

use std::sync::Arc;

use super::builtin::Builtin;
use super::pattern::{Class, Node};
use crate::text::fold_word;

/// What is wrong with a pattern: the message, and what to do.
pub(super) type Mistake = (String, String);

/// Parses a pattern. `class` gives the word class of a name, or says what is wrong with it.
pub(super) fn parse(pattern: &str, class: &mut dyn FnMut(&str) -> Result<Arc<Class>, Mistake>) -> Result<Node, Mistake> {
    let characters: Vec<char> = pattern.trim().chars().map(narrow).collect();
    let mut parser = Parser { characters, at: 0, class };
    let node = parser.choice(None)?;
    match parser.peek() {
        None => Ok(node),
        Some(c) => Err(parser.mistake(format!("`{c}` closes nothing"), "remove it, or write the opening bracket")),
    }
}

struct Parser<'c> {
    characters: Vec<char>,
    at: usize,
    class: &'c mut dyn FnMut(&str) -> Result<Arc<Class>, Mistake>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn mistake(&self, message: String, remedy: &str) -> Mistake {
        (message, remedy.to_owned())
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
        // Longest first, so that 什么名字 is not cut short by 什么.
        options.sort_by_cached_key(|option| std::cmp::Reverse(option.longest()));
        Ok(Node::Choice(options))
    }

    fn sequence(&mut self) -> Result<Node, Mistake> {
        let mut parts: Vec<Node> = Vec::new();
        while let Some(c) = self.peek() {
            let part = match c {
                '|' | ')' | ']' => break,
                '(' => {
                    self.at += 1;
                    self.choice(Some(')'))?
                }
                '[' => {
                    self.at += 1;
                    Node::Optional(Box::new(self.choice(Some(']'))?))
                }
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
                '，' | ',' | '。' | '！' | '!' | '？' | '?' | '、' | '；' | ';' | '~' | ' ' => {
                    while self.peek().is_some_and(|c| "，,。！!？?、；;~ ".contains(c)) {
                        self.at += 1;
                    }
                    Node::Mark
                }
                _ => self.text()?,
            };
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
        Ok(Node::Text(fold_word(&text)))
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
        (self.class)(&name).map(Node::Class)
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
        parse(pattern, &mut |name| Err((format!("no <{name}>"), String::new()))).map_err(|(message, _)| message)
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
            ("/2/喂", "weight"),
            ("\"喂\"", "quotation"),
            ("<com.acme.words>", "import"),
            ("喂#", "never matches"),
        ] {
            let message = parsed(pattern).expect_err(pattern);
            assert!(message.contains(part), "{pattern}: {message}");
        }
    }
}
