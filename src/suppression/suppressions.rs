//! The suppressions of a document: what each covers, and whether it hid anything.

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::lint::RuleSet;
use crate::source::{Content, Document};
use crate::transcript::{self, Comment, Context, Conversation, Ignore, Matter, Place, ReadOptions, Sample, Speakers, Turn};
use crate::violation::Violation;

use super::directive::{Directive, Scope, names};
use super::layout::Layout;
use super::remark::{Remark, What};

/// The formats of text in which a comment may stand. In an export of a platform or an app it is what somebody wrote.
pub(super) const COMMENTED: [&str; 7] = ["text", "faq", "lines", "markdown", "yaml-strings", "toml-strings", "resources"];

/// How a suppression is written in formats that have no comments, where their texts are the house's own.
const KEYED: [(&[&str], &str); 2] = [
    (&["csv"], "name the rules in a column `phrase-lint-ignore`"),
    (&["json", "jsonl", "json-turns", "json-strings"], "name the rules under a key `phrase-lint-ignore` beside the text"),
];

/// The same in formats that have them.
const AT_END: &str = "write `# phrase-lint: ignore …` at the end of the line or on the line before";
const AT_END_OF_MARKDOWN: &str = "write `<!-- phrase-lint: ignore … -->` at the end of the line or on the line before";

/// How many lines a suppression of a single text covers at most.
const NEAR: usize = 2;

/// What a suppression in a document's comments, or all its suppressions, hide.
///
/// Conversations may be looked at in any order and from several threads.
#[derive(Debug, Default)]
pub struct Suppressions {
    is_off: bool,
    /// Those of a few lines, in order of the lines: there may be one for every reply.
    comments: Vec<Suppression>,
    /// Those of more lines.
    blocks: Vec<Suppression>,
    /// Where the lines of the document start; empty where there are no comments.
    line_starts: Vec<usize>,
    remarks: Vec<Remark>,
}

/// One suppression.
#[derive(Debug)]
struct Suppression {
    line: Option<usize>,
    reach: Reach,
    /// Each id or category, and whether it hid anything; empty where all rules are meant.
    names: Vec<(String, AtomicBool)>,
    is_used: AtomicBool,
}

/// What a suppression covers.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reach {
    /// Turns that have words on these lines.
    Lines(RangeInclusive<usize>),
    /// A turn of the conversation.
    Turn(usize),
    /// The whole conversation.
    Conversation,
}

/// The suppressions that cover a conversation.
#[derive(Debug)]
pub struct Cover<'s> {
    document: &'s Suppressions,
    /// Those of the conversation's own source.
    own: Vec<Suppression>,
    /// The lines of every turn, where comments ask for them.
    lines: Vec<Option<RangeInclusive<usize>>>,
    hidden: AtomicU64,
}

impl Suppressions {
    /// Those that the comments of a document hold; `reading` says how it will be read.
    pub fn of(document: &Document, reading: &ReadOptions) -> Self {
        let Content::Text { text, .. } = &document.content else { return Self::default() };
        // Most documents have none, and need not be looked at line by line.
        if memchr::memmem::find(text.as_bytes(), transcript::NAME.as_bytes()).is_none() {
            return Self::default();
        }
        match format(document, text, reading) {
            Some(format) if COMMENTED.contains(&format) => {
                let code = if format == "markdown" { transcript::code(text) } else { Vec::new() };
                Self::of_text(text, format, &code)
            }
            Some(format) => {
                let Some((_, how)) = KEYED.iter().find(|(formats, _)| formats.contains(&format)) else { return Self::default() };
                let meant = transcript::lines(text).enumerate().filter(|(_, (_, line))| transcript::is_meant(line));
                let remark = |(index, _): (usize, _)| Remark { line: Some(index + 1), what: What::NotHere(how) };
                Self { remarks: meant.map(remark).collect(), ..Self::default() }
            }
            None => Self::default(),
        }
    }

    /// None, whatever the sources say.
    pub fn off() -> Self {
        Self { is_off: true, ..Self::default() }
    }

    /// Those in a text; `code` says which of its lines show a comment only.
    fn of_text(text: &str, format: &str, code: &[bool]) -> Self {
        let lines: Vec<(usize, &str)> = transcript::lines(text).collect();
        let layout = Layout::of(text, format, &lines);
        let mut found = Self { line_starts: lines.iter().map(|(start, _)| *start).collect(), ..Self::default() };
        let mut open: Vec<(usize, Vec<String>)> = Vec::new();
        // The line with words that was found last: comments before it need not look for it again.
        let mut following = 0;
        for (index, (_, line)) in lines.iter().enumerate() {
            let is_code = code.get(index).copied().unwrap_or(false);
            let number = index + 1;
            let Some(comment) = layout.comment(line).filter(|_| !is_code) else {
                if !is_code && !layout.has_entries() && transcript::is_meant(line) {
                    let how = if format == "markdown" { AT_END_OF_MARKDOWN } else { AT_END };
                    found.remarks.push(Remark { line: Some(number), what: What::NotHere(how) });
                }
                continue;
            };
            if !comment.has_colon {
                found.remarks.push(Remark { line: Some(number), what: What::NoColon });
                continue;
            }
            let Directive { scope, names } = match Directive::of(comment.said) {
                Ok(directive) => directive,
                Err((word, nearest)) => {
                    found.remarks.push(Remark { line: Some(number), what: What::Misspelt(word, nearest) });
                    continue;
                }
            };
            match scope {
                Scope::Text if !comment.is_alone() => found.add(number, target(&lines, index), names),
                Scope::Text | Scope::Next if layout.has_entries() => {
                    let beyond = lines.len() + 1;
                    found.add(number, layout.behind(number).unwrap_or(beyond..=beyond), names);
                }
                Scope::Text | Scope::Next => {
                    if following <= index {
                        following = next(&lines, index);
                    }
                    found.add(number, target(&lines, following), names);
                }
                Scope::File => found.add(number, 1..=lines.len(), names),
                Scope::Start => open.push((number, names)),
                Scope::End => {
                    // Blocks may overlap where their end says which one it ends.
                    match open.iter().rposition(|(_, opened)| names.is_empty() || *opened == names) {
                        Some(at) => {
                            let (start, names) = open.remove(at);
                            found.add(start, start..=number, names);
                        }
                        None => found.remarks.push(Remark { line: Some(number), what: What::Unopened }),
                    }
                }
            }
        }
        for (start, names) in open {
            found.remarks.push(Remark { line: Some(start), what: What::Unclosed });
            found.add(start, start..=lines.len(), names);
        }
        found.comments.sort_by_key(Suppression::first_line);
        found
    }

    fn add(&mut self, line: usize, reach: RangeInclusive<usize>, names: Vec<String>) {
        let suppression = Suppression::new(Some(line), Reach::Lines(reach.clone()), names);
        if reach.end() - reach.start() < NEAR {
            self.comments.push(suppression);
        } else {
            self.blocks.push(suppression);
        }
    }

    /// Those that cover a conversation of the document.
    pub fn cover(&self, conversation: &Conversation) -> Cover<'_> {
        let own = if self.is_off { &[] } else { conversation.ignores.as_slice() };
        let has_none = self.comments.is_empty() && self.blocks.is_empty();
        let lines = if has_none { Vec::new() } else { conversation.turns.iter().map(|turn| self.lines(turn)).collect() };
        Cover { document: self, own: own.iter().map(|ignore| self.own(ignore)).collect(), lines, hidden: AtomicU64::new(0) }
    }

    fn own(&self, ignore: &Ignore) -> Suppression {
        let line = match &ignore.place {
            Place::Cell { row, .. } => Some(*row),
            // Only documents with comments know their lines: whoever reports this has them.
            _ => None,
        };
        Suppression::new(line, ignore.turn.map_or(Reach::Conversation, Reach::Turn), names(&ignore.rules))
    }

    /// The lines on which a turn has words.
    fn lines(&self, turn: &Turn) -> Option<RangeInclusive<usize>> {
        let line = |at: usize| self.line_starts.partition_point(|start| *start <= at);
        Some(line(turn.place.source(0)?)..=line(turn.place.source(turn.text.len())?))
    }

    /// What there is to say of the comments once all conversations were looked at.
    pub fn remarks(&self, rule_set: &RuleSet) -> Vec<Remark> {
        let mut remarks = self.remarks.clone();
        self.blocks.iter().chain(&self.comments).for_each(|suppression| suppression.remarks(suppression.line, rule_set, &mut remarks));
        remarks.sort();
        remarks
    }
}

impl Cover<'_> {
    /// Whether a violation is hidden.
    pub fn hides(&self, violation: &Violation) -> bool {
        let lines = self.lines.get(violation.turn).and_then(Option::as_ref);
        let mut is_hidden = false;
        // All that fit are used: which one counts would be for the author to guess.
        for suppression in self.own.iter().chain(&self.document.blocks).chain(self.near(lines)) {
            let covers = match &suppression.reach {
                Reach::Conversation => true,
                Reach::Turn(turn) => *turn == violation.turn,
                Reach::Lines(reach) => lines.is_some_and(|lines| lines.start() <= reach.end() && reach.start() <= lines.end()),
            };
            is_hidden |= covers && suppression.names(&violation.rule);
        }
        if is_hidden {
            self.hidden.fetch_add(1, Ordering::Relaxed);
        }
        is_hidden
    }

    /// The suppressions of a few lines that may cover these.
    fn near(&self, lines: Option<&RangeInclusive<usize>>) -> &[Suppression] {
        let comments = &self.document.comments;
        let Some(lines) = lines else { return &[] };
        let from = comments.partition_point(|suppression| suppression.first_line() + NEAR <= *lines.start());
        let to = comments.partition_point(|suppression| suppression.first_line() <= *lines.end());
        &comments[from..to]
    }

    /// How often it was said of a violation that it is hidden.
    pub fn hidden(&self) -> u64 {
        self.hidden.load(Ordering::Relaxed)
    }

    /// What there is to say of the conversation's own suppressions once it was looked at; `line` is where a byte of the
    /// document stands.
    pub fn remarks(&self, conversation: &Conversation, rule_set: &RuleSet, line: impl Fn(usize) -> usize) -> Vec<Remark> {
        let mut remarks = Vec::new();
        for (suppression, ignore) in self.own.iter().zip(&conversation.ignores) {
            let mut found = Vec::new();
            suppression.remarks(None, rule_set, &mut found);
            if !found.is_empty() {
                let line = suppression.line.or_else(|| ignore.place.source(0).map(&line));
                remarks.extend(found.into_iter().map(|remark| Remark { line, ..remark }));
            }
        }
        remarks
    }
}

impl Suppression {
    fn new(line: Option<usize>, reach: Reach, names: Vec<String>) -> Self {
        let names = names.into_iter().map(|name| (name, AtomicBool::new(false))).collect();
        Self { line, reach, names, is_used: AtomicBool::new(false) }
    }

    /// The first of the lines that it covers; 0 where it covers no lines.
    fn first_line(&self) -> usize {
        if let Reach::Lines(reach) = &self.reach { *reach.start() } else { 0 }
    }

    /// Whether it is meant for a rule; it counts as used where it is.
    fn names(&self, rule: &str) -> bool {
        let mut is_meant = self.names.is_empty();
        for (name, is_used) in &self.names {
            if rule.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
                is_used.store(true, Ordering::Relaxed);
                is_meant = true;
            }
        }
        if is_meant {
            self.is_used.store(true, Ordering::Relaxed);
        }
        is_meant
    }

    fn remarks(&self, line: Option<usize>, rule_set: &RuleSet, remarks: &mut Vec<Remark>) {
        let mut say = |what| remarks.push(Remark { line, what });
        if self.names.is_empty() {
            match self.is_used.load(Ordering::Relaxed) {
                true => say(What::All),
                // A rule that is off in this run may be the one that is meant.
                false if rule_set.is_whole() => say(What::Unused(None)),
                false => {}
            }
        }
        for (name, is_used) in &self.names {
            if !rule_set.knows(name) {
                say(What::Unknown(name.clone(), rule_set.nearest(name)));
            } else if !is_used.load(Ordering::Relaxed) && rule_set.is_on(name) {
                say(What::Unused(Some(name.clone())));
            }
        }
    }
}

/// The format in which a document will be read.
pub(super) fn format(document: &Document, text: &str, reading: &ReadOptions) -> Option<&'static str> {
    let speakers = Speakers::new(&reading.speakers);
    let context = Context { speakers: &speakers, options: reading };
    let sample = Sample::new(&document.name, Matter::Text(text));
    Some(transcript::detect(&sample, reading, &context).ok()?.format.name)
}

/// The index of the next line that holds more than a comment.
fn next(lines: &[(usize, &str)], index: usize) -> usize {
    let holds_words = |line: &str| !line.trim().is_empty() && Comment::of(line).is_none_or(|comment| !comment.is_alone());
    let found = lines.iter().enumerate().skip(index + 1).find(|(_, (_, line))| holds_words(line));
    found.map_or(lines.len(), |(index, _)| index)
}

/// The lines that a comment means which is for one line: a text under a key may begin on the line behind it.
fn target(lines: &[(usize, &str)], index: usize) -> RangeInclusive<usize> {
    let opens = lines.get(index).is_some_and(|(_, line)| opens_text(line));
    index + 1..=index + 1 + usize::from(opens)
}

/// Whether the text of the key on this line begins on the next.
pub(super) fn opens_text(line: &str) -> bool {
    let line = Comment::of(line).map_or(line, |comment| comment.before).trim_end();
    ["|", ">", "|-", ">-", "|+", ">+", "\"\"\"", "'''"].iter().any(|mark| line.ends_with(mark))
}
