//! A professional wording with places for what the pattern captured: `但首先我需要您{what}`.

use serde::{Deserialize, Serialize};

/// A rewrite as a pack gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Text and captures, in order.
    pub pieces: Vec<Piece>,
}

/// A part of a [`Template`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Piece {
    /// Words as they are.
    Text(String),
    /// What the pattern's part of this name matched.
    Capture(String),
}

impl Template {
    /// Parses `text`; a brace that closes nothing is a word.
    pub fn parse(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let Some(length) = rest[open..].find('}') else { break };
            if open > 0 {
                pieces.push(Piece::Text(rest[..open].to_owned()));
            }
            pieces.push(Piece::Capture(rest[open + 1..open + length].to_owned()));
            rest = &rest[open + length + 1..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Self { pieces }
    }

    /// The names of the captures.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Capture(tag) => Some(tag.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// The text with every capture replaced by what `capture` gives for it, or `……` where that is empty.
    pub fn fill(&self, mut capture: impl FnMut(&str) -> String) -> String {
        let mut filled = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Capture(tag) => {
                    let captured = capture(tag);
                    let captured = match filled.chars().next_back() {
                        Some(last) if last.is_alphanumeric() => captured.as_str(),
                        _ => captured.trim_start_matches(' '),
                    };
                    filled.push_str(if captured.is_empty() { "……" } else { captured });
                }
            }
        }
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captures_are_filled_and_empty_ones_show() {
        let template = Template::parse("但首先我需要您{what}，{who}");
        assert_eq!(template.tags().collect::<Vec<_>>(), ["what", "who"]);
        let filled = template.fill(|tag| if tag == "what" { "提供订单号".to_owned() } else { String::new() });
        assert_eq!(filled, "但首先我需要您提供订单号，……");
        assert_eq!(Template::parse("a{b").fill(|_| String::new()), "a{b");
    }
}
