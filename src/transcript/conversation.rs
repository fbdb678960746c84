//! The one shape that every format is read into.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use crate::text::{Lines, Position, Script, ScriptCount, Spacing, fold_word, is_word};

use super::role_words::{has_title, is_title};
use super::{Direction, Ignore, Kind, Moment, Speaker};

/// An ordered list of turns between an agent and a customer, or one canned reply.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Conversation {
    /// The id it has in its source, or one made from its place there.
    pub id: String,
    /// The agent's name or staff number, where known.
    pub agent: Option<String>,
    /// Who called whom, where known.
    pub direction: Option<Direction>,
    /// When it began, where known.
    pub started: Option<Moment>,
    /// What its source holds.
    pub kind: Kind,
    /// What was said, in order.
    pub turns: Vec<Turn>,
    /// Which rules the source says are not for it.
    pub ignores: Vec<Ignore>,
}

impl Conversation {
    /// A canned reply: one agent turn that belongs to no conversation.
    pub fn reply(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self { id: id.into(), kind: Kind::Replies, turns: vec![Turn::new(Speaker::Agent, text)], ..Self::default() }
    }

    /// Whether it is known which turns are the agent's, be it that there are none.
    pub fn knows_agent(&self) -> bool {
        let is = |speaker: Speaker| self.turns.iter().any(|turn| turn.speaker == speaker);
        is(Speaker::Agent) || !is(Speaker::Unknown)
    }

    /// The texts of a speaker's turns.
    pub fn said_by(&self, speaker: Speaker) -> impl Iterator<Item = &str> {
        self.turns.iter().filter(move |turn| turn.speaker == speaker).map(|turn| turn.text.as_str())
    }

    /// The agents, where several speak under names of their own, by their first turns; empty where there is one.
    pub fn agents(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        let mut known = BTreeSet::new();
        for name in self.turns.iter().filter_map(Turn::agent) {
            // Mostly it is the one that spoke before.
            if names.last() != Some(&name) && known.insert(name) {
                names.push(name);
            }
        }
        if names.len() > 1 { names } else { Vec::new() }
    }

    /// Who answers for a turn where there are several agents: the one who speaks there or has spoken last, or else who speaks first.
    pub fn in_charge(&self, turn: usize) -> Option<&str> {
        let (before, behind) = self.turns.split_at((turn + 1).min(self.turns.len()));
        before.iter().rev().chain(behind).find_map(Turn::agent)
    }

    /// The first byte of the document that its turns, of which the first stands there first, are written in; where that is not known,
    /// that of all of it.
    pub(super) fn first_byte(&self) -> usize {
        self.turns.first().and_then(|turn| turn.place.start()).unwrap_or(0)
    }

    /// Takes somebody of whom nothing is known for the agent. Whoever speaks first is nobody where nothing tells the speakers apart.
    pub(super) fn assume(&mut self, assumption: &Assumption) {
        if *assumption == Assumption::First && !self.tells_speakers_apart() {
            return;
        }
        let first = self.turns.iter().find(|turn| turn.speaker == Speaker::Unknown).and_then(|turn| turn.name.clone());
        for turn in self.turns.iter_mut().filter(|turn| turn.speaker == Speaker::Unknown) {
            let is_agent = match assumption {
                Assumption::All => true,
                Assumption::First => turn.name == first,
                Assumption::Named(name) => turn.name.as_deref().is_some_and(|known| fold_word(known) == fold_word(name)),
            };
            if is_agent {
                turn.speaker = Speaker::Agent;
            }
        }
    }

    /// Whether something tells who of several says what: a name or a role. A single turn is of one anyway.
    pub fn tells_speakers_apart(&self) -> bool {
        let who = |turn: &Turn| (turn.speaker, turn.name.clone());
        let first = self.turns.first().map(who);
        self.turns.len() < 2 || self.turns.iter().any(|turn| turn.name.is_some() || Some(who(turn)) != first)
    }

    /// Fills in what its turns tell: the agent's name, the start, and who the one is that nobody named.
    ///
    /// Where two talk with each other and one of them is known, the other is known too.
    pub(super) fn complete(&mut self) {
        self.place_titles();
        let is = |speaker: Speaker| self.turns.iter().any(|turn| turn.speaker == speaker);
        let other = match (is(Speaker::Agent), is(Speaker::Customer)) {
            (true, false) => Some(Speaker::Customer),
            (false, true) => Some(Speaker::Agent),
            _ => None,
        };
        let mut strangers = self.turns.iter().filter(|turn| turn.speaker == Speaker::Unknown).map(|turn| turn.name.as_deref());
        if let (Some(other), Some(Some(name))) = (other, strangers.next())
            && strangers.all(|stranger| stranger == Some(name))
        {
            self.turns.iter_mut().filter(|turn| turn.speaker == Speaker::Unknown).for_each(|turn| turn.speaker = other);
        }
        if self.agent.is_none() {
            self.agent = self.turns.iter().filter(|turn| turn.speaker == Speaker::Agent).find_map(|turn| turn.name.clone());
        }
        if self.started.is_none() {
            self.started = self.turns.first().and_then(|turn| turn.start.clone());
        }
    }

    /// Takes 店长 and 主管 for the shop's where a customer is known. To somebody else's agent 王店长 may be the customer; where
    /// nobody else is known, only the title without a name is the shop's.
    fn place_titles(&mut self) {
        let is = |speaker: Speaker| self.turns.iter().any(|turn| turn.speaker == speaker);
        let of_the_shop = match (is(Speaker::Customer), is(Speaker::Agent)) {
            _ if !is(Speaker::Unknown) => return,
            (true, _) => has_title,
            (false, true) => return,
            (false, false) => is_title,
        };
        for turn in self.turns.iter_mut().filter(|turn| turn.speaker == Speaker::Unknown) {
            if turn.name.as_deref().is_some_and(of_the_shop) {
                turn.speaker = Speaker::Agent;
                // A title alone is a role, and no name.
                turn.name = turn.name.take().filter(|name| !is_title(name));
            }
        }
    }

    /// The script of the whole conversation; none where it cannot be told. One turn often cannot.
    pub fn script(&self) -> Option<Script> {
        let mut count = ScriptCount::default();
        for turn in &self.turns {
            count.add(&turn.text);
        }
        count.told()
    }

    /// Whether a program put spaces between the words throughout, so that a space means nothing.
    pub fn spacing(&self) -> Spacing {
        let (mut words, mut characters) = (0usize, 0usize);
        for turn in &self.turns {
            // One segmented sentence of a person is a habit; segmentation is in every turn.
            let spaces = turn.text.trim().matches(' ').count();
            let length = turn.text.chars().filter(|c| !c.is_ascii() && is_word(*c)).count();
            if length >= 6 && spaces * 4 < length {
                return Spacing::Breaks;
            }
            words += spaces + 1;
            characters += length;
        }
        if words >= 12 && characters < words * 3 { Spacing::Segmented } else { Spacing::Breaks }
    }
}

/// What one speaker said at one time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Turn {
    /// Who spoke.
    pub speaker: Speaker,
    /// The speaker's name or number as the source gives it.
    pub name: Option<String>,
    /// The words, with escapes of the file format undone.
    pub text: String,
    /// When the turn began.
    pub start: Option<Moment>,
    /// When it ended.
    pub end: Option<Moment>,
    /// Where the words stand in the document.
    pub place: Place,
}

impl Turn {
    /// The name of the agent who speaks.
    fn agent(&self) -> Option<&str> {
        self.name.as_deref().filter(|_| self.speaker == Speaker::Agent)
    }

    /// A turn made by hand, without times or a place.
    pub fn new(speaker: Speaker, text: impl Into<String>) -> Self {
        Self { speaker, text: text.into(), ..Self::default() }
    }
}

/// Who is taken for the agent in a conversation of which nobody is known to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assumption {
    /// Whoever speaks first.
    First,
    /// Everybody of whom nothing is known.
    All,
    /// Who has this name.
    Named(String),
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::First => "first",
            Self::All => "all",
            Self::Named(name) => name,
        })
    }
}

impl FromStr for Assumption {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word.trim() {
            "" => Err("the name is empty: use a name, first or all".to_owned()),
            "first" => Ok(Self::First),
            "all" => Ok(Self::All),
            name => Ok(Self::Named(name.to_owned())),
        }
    }
}

/// Where a turn's text stands in its document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Place {
    /// Nowhere: the turn was made by hand.
    #[default]
    Nowhere,
    /// As it is, from this byte of the document's decoded text.
    Verbatim(usize),
    /// In pieces, in ascending order: escapes, continued lines, markup between them.
    Pieces(Vec<Piece>),
    /// A cell of a spreadsheet; row and column from 1.
    Cell {
        /// The row, from 1.
        row: usize,
        /// The column, from 1.
        column: usize,
    },
}

/// A stretch of a turn's text and the stretch of the document it came from.
///
/// Where their lengths are equal the two are the same bytes, but for white space, which may read as other white space
/// (a folded line); else the document writes the text as an escape (`\n`, `""`, `&amp;`), and the piece cannot be divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Start, in bytes of the turn's text.
    pub text: usize,
    /// Length, in bytes of the turn's text.
    pub text_length: usize,
    /// Start, in bytes of the document's decoded text.
    pub source: usize,
    /// Length, in bytes of the document's decoded text.
    pub source_length: usize,
}

impl Piece {
    /// Where the byte `at` of the turn's text, within the piece or at one of its ends, stands in the document.
    fn source_of(&self, at: usize) -> Option<usize> {
        let within = at.checked_sub(self.text)?;
        match within {
            0 => Some(self.source),
            _ if within == self.text_length => Some(self.source + self.source_length),
            _ if within < self.text_length && self.text_length == self.source_length => Some(self.source + within),
            _ => None,
        }
    }
}

impl Place {
    /// The byte of the document's decoded text where the byte `at` of the turn's text is written.
    pub fn source(&self, at: usize) -> Option<usize> {
        match self {
            Self::Nowhere | Self::Cell { .. } => None,
            Self::Verbatim(start) => Some(start + at),
            Self::Pieces(pieces) => {
                let piece = pieces.get(pieces.partition_point(|piece| piece.text <= at).checked_sub(1)?)?;
                let within = at - piece.text;
                Some(
                    piece.source
                        + if piece.text_length == piece.source_length {
                            within.min(piece.source_length)
                        } else if within == 0 {
                            0
                        } else {
                            piece.source_length
                        },
                )
            }
        }
    }

    /// The bytes of the document's decoded text that hold the bytes `span` of the turn's text, without what stands
    /// before and behind them: an escape or markup between two pieces belongs to the range only where the span has
    /// text on both sides of it.
    ///
    /// None where the turn stands nowhere or in a cell, where the span reaches beyond the text, and where one of its
    /// ends divides an escape. An empty span is an empty range.
    pub fn source_range(&self, span: Range<usize>) -> Option<Range<usize>> {
        match self {
            Self::Nowhere | Self::Cell { .. } => None,
            Self::Verbatim(start) => Some(start + span.start..start + span.end),
            Self::Pieces(pieces) => {
                let first = pieces.partition_point(|piece| piece.text + piece.text_length <= span.start);
                if span.is_empty() {
                    // At a boundary the place is behind what comes before, at the very start before what follows.
                    let at = match first.checked_sub(1).and_then(|before| pieces.get(before)) {
                        Some(before) if before.text + before.text_length == span.start => before.source + before.source_length,
                        _ => pieces.get(first)?.source_of(span.start)?,
                    };
                    return Some(at..at);
                }
                let last = pieces.partition_point(|piece| piece.text < span.end).checked_sub(1)?;
                Some(pieces.get(first)?.source_of(span.start)?..pieces.get(last)?.source_of(span.end)?)
            }
        }
    }

    /// The first byte of the document that the turn's text stands in, if it stands in text.
    pub fn start(&self) -> Option<usize> {
        match self {
            Self::Nowhere | Self::Cell { .. } => None,
            Self::Verbatim(start) => Some(*start),
            Self::Pieces(pieces) => pieces.first().map(|piece| piece.source),
        }
    }

    /// The byte of the document behind the turn's text of `length` bytes, if it stands in text.
    pub fn end(&self, length: usize) -> Option<usize> {
        match self {
            Self::Nowhere | Self::Cell { .. } => None,
            Self::Verbatim(start) => Some(start + length),
            Self::Pieces(pieces) => pieces.last().map(|piece| piece.source + piece.source_length),
        }
    }

    /// The line and column of the byte `at` of the turn's text; `lines` are those of the document.
    pub fn position(&self, lines: &Lines<'_>, at: usize) -> Option<Position> {
        match self {
            Self::Cell { row, column } => Some(Position { line: *row, column: *column }),
            place => place.source(at).map(|source| lines.position(source)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: usize, text_length: usize, source: usize, source_length: usize) -> Piece {
        Piece { text, text_length, source, source_length }
    }

    fn chat(speakers: &[(Speaker, &str)]) -> Conversation {
        let turn = |(speaker, name): &(Speaker, &str)| Turn { name: Some((*name).to_owned()), ..Turn::new(*speaker, "好") };
        Conversation { turns: speakers.iter().map(turn).collect(), ..Conversation::default() }
    }

    fn speakers(conversation: &Conversation) -> Vec<Speaker> {
        conversation.turns.iter().map(|turn| turn.speaker).collect()
    }

    #[test]
    fn of_two_who_talk_the_other_is_known() {
        use Speaker::{Agent, Customer, System, Unknown};
        let completed = |known: &[(Speaker, &str)]| {
            let mut conversation = chat(known);
            conversation.complete();
            speakers(&conversation)
        };
        assert_eq!(completed(&[(Agent, "甲"), (Unknown, "乙"), (System, "丙"), (Unknown, "乙")]), [Agent, Customer, System, Customer]);
        assert_eq!(completed(&[(Unknown, "甲"), (Customer, "乙")]), [Agent, Customer]);
        assert_eq!(completed(&[(Agent, "甲"), (Unknown, "乙"), (Unknown, "丙")]), [Agent, Unknown, Unknown]);
        assert_eq!(completed(&[(Agent, "甲"), (Customer, "乙"), (Unknown, "丙")]), [Agent, Customer, Unknown]);
        assert_eq!(completed(&[(Unknown, "甲"), (Unknown, "乙")]), [Unknown, Unknown]);
    }

    #[test]
    fn the_head_of_a_shop_is_its_agent_where_somebody_else_is_the_customer() {
        use Speaker::{Agent, Customer, Unknown};
        let completed = |known: &[(Speaker, &str)]| {
            let mut conversation = chat(known);
            conversation.complete();
            speakers(&conversation)
        };
        assert_eq!(completed(&[(Agent, "客服"), (Customer, "客户"), (Unknown, "王店长")]), [Agent, Customer, Agent]);
        assert_eq!(completed(&[(Unknown, "主管"), (Customer, "客户"), (Unknown, "晴天")]), [Agent, Customer, Unknown]);
        assert_eq!(completed(&[(Agent, "客服"), (Unknown, "王店长")]), [Agent, Customer]);
        assert_eq!(completed(&[(Unknown, "店长"), (Unknown, "晴天")]), [Agent, Customer]);
        assert_eq!(completed(&[(Unknown, "王店长"), (Unknown, "晴天")]), [Unknown, Unknown]);
    }

    #[test]
    fn assumptions_name_the_agent_among_strangers() {
        use Speaker::{Agent, Unknown};
        let assumed = |word: &str| {
            let mut conversation = chat(&[(Unknown, "甲"), (Unknown, "乙"), (Unknown, "甲")]);
            conversation.assume(&word.parse().unwrap());
            speakers(&conversation)
        };
        assert_eq!(assumed("first"), [Agent, Unknown, Agent]);
        assert_eq!(assumed("all"), [Agent, Agent, Agent]);
        assert_eq!(assumed("乙"), [Unknown, Agent, Unknown]);
        assert_eq!(assumed("丙"), [Unknown, Unknown, Unknown]);
        assert!("".parse::<Assumption>().is_err());
    }

    #[test]
    fn a_span_has_the_range_of_its_own_characters() {
        // 你<b>好</b>&amp;您 from byte 10 of its document.
        let document = "0123456789你<b>好</b>&amp;您";
        let place = Place::Pieces(vec![piece(0, 3, 10, 3), piece(3, 3, 16, 3), piece(6, 1, 23, 5), piece(7, 3, 28, 3)]);
        let text = "你好&您";
        let found = |part: &str| {
            let start = text.find(part).unwrap();
            place.source_range(start..start + part.len()).map(|range| &document[range])
        };
        assert_eq!(found("你"), Some("你"));
        assert_eq!(found("好"), Some("好"));
        assert_eq!(found("&"), Some("&amp;"));
        assert_eq!(found("你好"), Some("你<b>好"));
        assert_eq!(found("好&"), Some("好</b>&amp;"));
        assert_eq!(found("您"), Some("您"));
        assert_eq!(found(text), Some(&document[10..]));
    }

    #[test]
    fn empty_spans_stand_behind_what_comes_before() {
        let place = Place::Pieces(vec![piece(0, 3, 10, 3), piece(3, 3, 20, 6)]);
        assert_eq!(place.source_range(0..0), Some(10..10));
        assert_eq!(place.source_range(3..3), Some(13..13));
        assert_eq!(place.source_range(6..6), Some(26..26));
        assert_eq!(Place::Verbatim(7).source_range(2..2), Some(9..9));
    }

    #[test]
    fn what_cannot_be_told_is_none() {
        let place = Place::Pieces(vec![piece(0, 3, 10, 6), piece(3, 3, 16, 3)]);
        assert_eq!(place.source_range(1..3), None, "it begins within an escape");
        assert_eq!(place.source_range(0..1), None, "it ends within an escape");
        assert_eq!(place.source_range(3..9), None, "it ends behind the text");
        assert_eq!(place.source_range(9..9), None);
        assert_eq!(Place::Nowhere.source_range(0..1), None);
        assert_eq!(Place::Cell { row: 1, column: 1 }.source_range(0..1), None);
    }
}
