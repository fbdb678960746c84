//! Findings as data: what every form of report is made from, and what `--format jsonl` stores.
//!
//! A record holds everything that a reader needs without the transcript at hand, so that stored findings can be
//! shown again in another form. The order of the fields is the order of the keys; an absent fact is an absent key,
//! and so is one that the other keys tell: see [`ViolationRecord::mark`], [`ViolationRecord::region`].

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::lint::{Courtesy, Examination};
use crate::text::{Lines, utf16_length};
use crate::transcript::{Conversation, Place, Turn};
use crate::violation::{Applicability, Rewrite, Severity, Violation, instead};

use super::sentence::Sentence;
use super::summary::Summary;
use super::visible::visible;

/// What was found in one conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// Its violations, in the order of the turns.
    pub violations: Vec<ViolationRecord>,
    /// The conversation itself.
    pub conversation: ConversationRecord,
    /// What was said in it; empty where the turns are not kept.
    pub transcript: Vec<TurnRecord>,
}

/// One turn, for forms that show whole conversations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnRecord {
    /// Who spoke: `agent`, `customer`, `bot`, `system` or `unknown`.
    pub speaker: String,
    /// The speaker's name, where the source gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When the turn began, as the source writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The words.
    pub text: String,
}

/// One violation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "violation")]
pub struct ViolationRecord {
    /// The file's name as the user gave it.
    pub file: String,
    /// The conversation's id.
    pub conversation: String,
    /// The index of the turn, from 0.
    pub turn: usize,
    /// Who spoke: `agent`, `customer`, `bot`, `system` or `unknown`.
    pub speaker: String,
    /// The agent of the conversation; of several the one who answers for the turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// When the turn began, as the source writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The rule's id.
    pub rule: String,
    /// How grave it is.
    pub severity: Severity,
    /// One sentence that says what is wrong.
    pub message: String,
    /// The sentence that holds the words, cut around them where it is long; the turn where no words are marked.
    pub sentence: String,
    /// The marked words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Where the words stand, in UTF-8 bytes of the turn's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Range<usize>>,
    /// The line of the file where the words begin (the turn, where no words are marked), from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column in that line, in characters, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// What it costs on a scorecard.
    pub points: u32,
    /// Whether it fails the whole conversation (一票否决), whatever the points.
    #[serde(default, skip_serializing_if = "is_false")]
    pub fatal: bool,
    /// Professional wordings, the best first.
    pub rewrites: Vec<Rewrite>,
    /// Where the words begin in `sentence`, in bytes; only where an earlier part of it reads the same.
    #[serde(rename = "mark", default, skip_serializing_if = "Option::is_none")]
    pub marked_at: Option<usize>,
    /// The column in UTF-16 code units; only where it differs from `column`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utf16_column: Option<usize>,
    /// The place behind the words; only where the file writes them otherwise than the turn (escapes, markup, lines).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    /// Whether `line` and `column` are a row and a column of a spreadsheet.
    #[serde(default, skip_serializing_if = "is_false")]
    pub cell: bool,
}

/// The place behind the last marked character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The column in UTF-16 code units, from 1.
    pub utf16_column: usize,
}

/// The stretch of a file that a violation marks, in UTF-16 code units, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// The first line.
    pub line: usize,
    /// The first column.
    pub column: usize,
    /// The line where the words end.
    pub end_line: usize,
    /// The column behind the last character.
    pub end_column: usize,
}

/// One conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "conversation")]
pub struct ConversationRecord {
    /// The file's name as the user gave it.
    pub file: String,
    /// The conversation's id.
    pub conversation: String,
    /// Its agent; of several the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// When it began, as the source writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The number of its turns.
    pub turns: u64,
    /// What its violations cost together.
    pub points: u64,
    /// Whether a violation fails it whatever the points (一票否决).
    pub fatal: bool,
    /// 100 less the points, at least 0; 0 where it is fatal.
    pub score: u64,
    /// How often each rule was broken.
    pub rules: BTreeMap<String, u64>,
    /// How often the agent said the words of courtesy that packs count.
    #[serde(default, skip_serializing_if = "Courtesy::is_empty")]
    pub courtesy: Courtesy,
    /// Whether it has no times, so that the checks which need them are silent.
    #[serde(default, skip_serializing_if = "is_false")]
    pub untimed: bool,
    /// What each agent had in it, where there were several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<Share>,
}

/// What one of several agents had in a conversation.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Share {
    /// The agent.
    pub agent: String,
    /// What the own violations cost together.
    pub points: u64,
    /// Whether one of them fails the conversation whatever the points.
    pub fatal: bool,
    /// 100 less the points, at least 0; 0 where it is fatal.
    pub score: u64,
    /// How often each rule was broken.
    pub rules: BTreeMap<String, u64>,
    /// How often the agent said the words of courtesy that packs count.
    #[serde(default, skip_serializing_if = "Courtesy::is_empty")]
    pub courtesy: Courtesy,
}

/// A conversation with what was said in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Told<C> {
    #[serde(flatten)]
    pub conversation: C,
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub transcript: Vec<TurnRecord>,
}

/// A line of stored findings.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Record {
    /// A violation; it comes before its conversation.
    Violation(Box<ViolationRecord>),
    /// A conversation.
    Conversation(Box<Told<ConversationRecord>>),
    /// The sums, at the end.
    Summary(Box<Summary>),
}

impl Findings {
    /// Records what was found in a conversation; `lines` are those of the document it stands in.
    pub fn new(file: &str, conversation: &Conversation, examination: &Examination, lines: &Lines<'_>) -> Self {
        let agents = conversation.agents();
        let in_charge = |turn: usize| if agents.is_empty() { conversation.agent.as_deref() } else { conversation.in_charge(turn) };
        let shares = agents.iter().zip(&examination.courtesies);
        let shares = shares.map(|(agent, courtesy)| Share { agent: (*agent).to_owned(), courtesy: courtesy.clone(), ..Share::default() });
        let started = conversation.started.as_ref().or(conversation.turns.first().and_then(|turn| turn.start.as_ref()));
        let record = |violation: &Violation| {
            let turn = conversation.turns.get(violation.turn)?;
            Some(ViolationRecord::new(file, conversation, in_charge(violation.turn), turn, violation, lines))
        };
        let mut findings = Self {
            violations: examination.violations.iter().filter_map(record).collect(),
            conversation: ConversationRecord {
                file: file.to_owned(),
                conversation: conversation.id.clone(),
                agent: conversation.agent.clone(),
                time: started.map(|moment| moment.text.clone()),
                turns: conversation.turns.len() as u64,
                points: 0,
                fatal: false,
                score: 0,
                rules: BTreeMap::new(),
                courtesy: examination.courtesy.clone(),
                untimed: !examination.untimed.is_empty(),
                agents: shares.collect(),
            },
            transcript: Vec::new(),
        };
        findings.count();
        findings
    }

    /// Adds up what the violations cost.
    fn count(&mut self) {
        let Self { conversation, violations, .. } = self;
        (conversation.points, conversation.fatal, conversation.rules) = toll(violations.iter());
        conversation.score = score(conversation.points, conversation.fatal);
        for share in &mut conversation.agents {
            let own = violations.iter().filter(|violation| violation.agent.as_deref() == Some(&share.agent));
            (share.points, share.fatal, share.rules) = toll(own);
            share.score = score(share.points, share.fatal);
        }
    }

    /// Takes violations out, with what they cost; returns how many.
    ///
    /// Findings that an earlier version stored do not know which violation was fatal: take nothing out of these.
    pub fn retain(&mut self, mut is_kept: impl FnMut(&ViolationRecord) -> bool) -> u64 {
        let before = self.violations.len();
        self.violations.retain(|violation| is_kept(violation));
        let taken = (before - self.violations.len()) as u64;
        if taken > 0 {
            self.count();
        }
        taken
    }

    /// The same, with what was said in the conversation.
    #[must_use]
    pub fn with_transcript(mut self, conversation: &Conversation) -> Self {
        self.transcript = conversation.turns.iter().map(TurnRecord::new).collect();
        self
    }
}

impl TurnRecord {
    fn new(turn: &Turn) -> Self {
        Self {
            speaker: turn.speaker.as_str().to_owned(),
            name: turn.name.clone(),
            time: turn.start.as_ref().map(|moment| moment.text.clone()),
            text: turn.text.clone(),
        }
    }
}

impl ViolationRecord {
    /// `file:line:column`, as far as known, fit to be shown.
    pub(super) fn location(&self) -> String {
        let mut location = visible(&self.file).into_owned();
        for number in [self.line, self.column].into_iter().map_while(|number| number) {
            location.push_str(&format!(":{number}"));
        }
        location
    }

    /// Where the words stand in `sentence`, in bytes: at their first occurrence unless it is said where.
    pub fn mark(&self) -> Option<Range<usize>> {
        let words = self.text.as_deref()?;
        let start = self.marked_at.or_else(|| self.sentence.find(words))?;
        let mark = start..start.checked_add(words.len())?;
        (self.sentence.get(mark.clone()) == Some(words)).then_some(mark)
    }

    /// The sentence before the words, the words, and the sentence behind them; all of it is before where none are marked.
    pub fn parts(&self) -> (&str, &str, &str) {
        let mark = self.mark().unwrap_or(self.sentence.len()..self.sentence.len());
        (&self.sentence[..mark.start], &self.sentence[mark.clone()], &self.sentence[mark.end..])
    }

    /// What of the file the words take up; none in a spreadsheet, and where no words are marked or their place is unknown.
    pub fn region(&self) -> Option<Region> {
        let (words, line) = (self.text.as_deref()?, self.line?);
        let column = self.utf16_column.or(self.column)?;
        if self.cell {
            return None;
        }
        let (end_line, end_column) =
            self.end.map_or((line, column.saturating_add(utf16_length(words))), |end| (end.line, end.utf16_column));
        Some(Region { line, column, end_line, end_column })
    }

    /// Whether the file writes the words as the turn does, so that a rewrite can be put in their place.
    pub fn is_verbatim(&self) -> bool {
        self.end.is_none() && self.region().is_some()
    }

    /// Whether the first rewrite may be applied unseen.
    pub fn is_safely_fixable(&self) -> bool {
        self.rewrites.first().is_some_and(|rewrite| rewrite.applicability == Applicability::Safe)
    }

    /// The first rewrite, and what leads to it in a line of text: an example does not take the place of the words, and
    /// is left out where the message quotes it.
    pub(super) fn instead(&self) -> Option<(&'static str, &str)> {
        let rewrite = instead(&self.message, &self.rewrites)?;
        Some((if rewrite.applicability == Applicability::Example { ", for example: " } else { " → " }, &rewrite.text))
    }

    fn new(file: &str, conversation: &Conversation, agent: Option<&str>, turn: &Turn, violation: &Violation, lines: &Lines<'_>) -> Self {
        let text = violation.span.clone().and_then(|span| turn.text.get(span));
        let sentence = Sentence::around(&turn.text, violation.span.clone());
        let first = text.and_then(|words| sentence.text.find(words));
        let start = violation.span.as_ref().map_or(0, |span| span.start);
        let position = turn.place.position(lines, start);
        let utf16_column = turn.place.source(start).map(|source| lines.utf16_column(source));
        let column = position.map(|position| position.column);
        Self {
            file: file.to_owned(),
            conversation: conversation.id.clone(),
            turn: violation.turn,
            speaker: turn.speaker.as_str().to_owned(),
            agent: agent.map(str::to_owned),
            time: turn.start.as_ref().map(|moment| moment.text.clone()),
            rule: violation.rule.to_string(),
            severity: violation.severity,
            message: violation.message.clone(),
            sentence: sentence.text,
            text: text.map(str::to_owned),
            span: violation.span.clone(),
            line: position.map(|position| position.line),
            column,
            points: violation.points,
            rewrites: violation.rewrites.clone(),
            marked_at: sentence.mark.map(|mark| mark.start).filter(|start| Some(*start) != first),
            utf16_column: utf16_column.filter(|_| utf16_column != column),
            end: text.zip(violation.span.clone()).and_then(|(words, span)| end(turn, words, span, lines)),
            cell: matches!(turn.place, Place::Cell { .. }),
            fatal: violation.fatal,
        }
    }
}

/// Where the words at `span` of a turn end in the file; none where they stand there as they are, in one line.
fn end(turn: &Turn, words: &str, span: Range<usize>, lines: &Lines<'_>) -> Option<End> {
    let written = turn.place.source_range(span)?;
    if lines.text(written.clone()) == Some(words) && !words.contains(['\n', '\r']) {
        return None;
    }
    let position = lines.position(written.end);
    Some(End { line: position.line, column: position.column, utf16_column: lines.utf16_column(written.end) })
}

/// What violations cost together, whether one is fatal, and how often each rule was broken.
fn toll<'v>(violations: impl Iterator<Item = &'v ViolationRecord>) -> (u64, bool, BTreeMap<String, u64>) {
    let (mut points, mut fatal, mut rules) = (0, false, BTreeMap::new());
    for violation in violations {
        points += u64::from(violation.points);
        fatal |= violation.fatal;
        match rules.get_mut(&violation.rule) {
            Some(count) => *count += 1,
            None => _ = rules.insert(violation.rule.clone(), 1),
        }
    }
    (points, fatal, rules)
}

/// 100 less the points.
fn score(points: u64, fatal: bool) -> u64 {
    if fatal { 0 } else { 100u64.saturating_sub(points) }
}

fn is_false(value: &bool) -> bool {
    !value
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::jsonl::json_line;
    use super::*;
    use crate::transcript::{Moment, Piece, Speaker};

    fn findings() -> Findings {
        let document = "您好\n客服：請問你是誰?";
        let mut turn = Turn::new(Speaker::Agent, "請問你是誰?");
        turn.start = Moment::parse("10:11:20");
        turn.place = Place::Verbatim(document.find("請").unwrap_or(0));
        let conversation = Conversation {
            id: "c-17".into(),
            agent: Some("A001".into()),
            turns: vec![Turn::new(Speaker::Customer, "您好"), turn],
            ..Conversation::default()
        };
        let violation = Violation {
            rule: Arc::from("asking/identity"),
            severity: Severity::Warning,
            message: "問法生硬".into(),
            turn: 1,
            span: Some(6..15),
            points: 2,
            fatal: false,
            rewrites: vec![Rewrite { text: "您是哪位".into(), applicability: Applicability::Suggested }],
            by_user: false,
        };
        Findings::new("a.txt", &conversation, &examination(violation), &Lines::new(document, 1))
    }

    fn examination(violation: Violation) -> Examination {
        Examination { violations: vec![violation], ..Examination::default() }
    }

    #[test]
    fn keys_are_those_of_the_contract_in_their_order() {
        let findings = findings();
        assert_eq!(
            json_line(&findings.violations[0]),
            concat!(
                r#"{"type":"violation","file":"a.txt","conversation":"c-17","turn":1,"speaker":"agent","agent":"A001","time":"10:11:20","#,
                r#""rule":"asking/identity","severity":"warning","message":"問法生硬","sentence":"請問你是誰?","text":"你是誰","#,
                r#""span":{"start":6,"end":15},"line":2,"column":6,"points":2,"#,
                r#""rewrites":[{"text":"您是哪位","applicability":"suggested"}]}"#,
            )
        );
        assert_eq!(
            json_line(&findings.conversation),
            concat!(
                r#"{"type":"conversation","file":"a.txt","conversation":"c-17","agent":"A001","turns":2,"points":2,"fatal":false,"#,
                r#""score":98,"rules":{"asking/identity":1}}"#
            )
        );
    }

    #[test]
    fn stored_findings_are_read_back() {
        let findings = findings();
        let read = |line: String| serde_json::from_str::<Record>(&line).ok();
        let violation = &findings.violations[0];
        assert_eq!(read(json_line(violation)), Some(Record::Violation(Box::new(violation.clone()))));
        let mut told = Told { conversation: findings.conversation.clone(), transcript: Vec::new() };
        assert_eq!(read(json_line(&findings.conversation)), Some(Record::Conversation(Box::new(told.clone()))));
        told.transcript = vec![TurnRecord { speaker: "agent".into(), name: None, time: None, text: "您好\n".into() }];
        assert_eq!(read(json_line(&told)), Some(Record::Conversation(Box::new(told))));
        let mut summary = Summary::default();
        summary.add(&findings);
        assert_eq!(read(json_line(&summary)), Some(Record::Summary(Box::new(summary))));
    }

    #[test]
    fn a_violation_without_words_has_neither_text_nor_span() {
        let conversation = Conversation::reply("r-1", "好的。\n再见");
        let violation = Violation {
            rule: Arc::from("closing/thanks"),
            severity: Severity::Info,
            message: String::new(),
            turn: 0,
            span: None,
            points: 0,
            fatal: true,
            rewrites: Vec::new(),
            by_user: false,
        };
        let findings = Findings::new("-", &conversation, &examination(violation), &Lines::new("", 1));
        let record = &findings.violations[0];
        assert_eq!((&record.text, &record.span, record.mark(), record.region()), (&None, &None, None, None));
        assert_eq!(record.sentence, "好的。\n再见");
        assert_eq!((findings.conversation.fatal, findings.conversation.score), (true, 0));
    }

    fn record(document: &str, place: Place, text: &str, words: Range<usize>) -> ViolationRecord {
        let turn = Turn { place, ..Turn::new(Speaker::Agent, text) };
        let conversation = Conversation { turns: vec![turn], ..Conversation::default() };
        let violation = Violation {
            rule: Arc::from("address/nin"),
            severity: Severity::Warning,
            message: String::new(),
            turn: 0,
            span: Some(words),
            points: 2,
            fatal: false,
            rewrites: Vec::new(),
            by_user: false,
        };
        Findings::new("-", &conversation, &examination(violation), &Lines::new(document, 1)).violations.remove(0)
    }

    #[test]
    fn columns_count_utf16_where_readers_do() {
        let document = "客服：👍🏽你好👍🏽你";
        let record = record(document, Place::Verbatim("客服：".len()), "👍🏽你好👍🏽你", 22..25);
        assert_eq!((record.column, record.utf16_column), (Some(10), Some(14)));
        assert_eq!(record.region(), Some(Region { line: 1, column: 14, end_line: 1, end_column: 15 }));
        assert!(record.is_verbatim());
        assert_eq!(record.marked_at, Some(22), "the first 你 is another");
        assert_eq!(record.parts(), ("👍🏽你好👍🏽", "你", ""));
    }

    #[test]
    fn words_that_the_file_writes_otherwise_have_an_end_of_their_own() {
        let piece = |text, text_length, source, source_length| Piece { text, text_length, source, source_length };
        let place = Place::Pieces(vec![piece(0, 3, 1, 3), piece(3, 1, 4, 2), piece(4, 3, 6, 3)]);
        let record = record("\"你\\\"好\"", place, "你\"好", 0..7);
        assert_eq!(record.region(), Some(Region { line: 1, column: 2, end_line: 1, end_column: 6 }));
        assert!(!record.is_verbatim());
    }

    #[test]
    fn a_cell_has_no_region() {
        let record = record("", Place::Cell { row: 2, column: 3 }, "你", 0..3);
        assert_eq!((record.line, record.column, record.cell, record.region()), (Some(2), Some(3), true, None));
        assert!(!record.is_verbatim());
    }
}
