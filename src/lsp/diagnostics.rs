//! What is wrong with a document, where it stands in it: what `check` tells of the file, its suppressions and what could not be read.

use std::cell::OnceCell;
use std::ops::Range;

use gen_lsp_types::{Diagnostic, DiagnosticSeverity, DiagnosticTag};

use crate::plan::Plan;
use crate::report::visible;
use crate::rewrite::reconsider;
use crate::rule::Profile;
use crate::source::Document;
use crate::suppression::{Remark, Suppressions, What};
use crate::text::{Hand, Lines};
use crate::transcript::{self, Conversation, Kind, Problem, Turn, Unrecognised};
use crate::violation::{Applicability, Severity, Violation, instead};

use super::positions::{Positions, Units};

/// The name under which an editor shows what this program says.
pub(super) const SOURCE: &str = "phrase-lint";

/// Rows and records that cannot be read which are told of one document.
const PROBLEMS: usize = 20;

/// A place of a document with something to say about it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mark {
    /// In bytes of the document.
    pub(super) bytes: Range<usize>,
    pub(super) severity: Severity,
    pub(super) message: String,
    /// The violation; none where it is something else that is told.
    pub(super) broken: Option<Broken>,
    /// Whether what is marked does nothing and could go.
    is_unused: bool,
}

/// A violation of a document.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Broken {
    /// The index of its conversation or reply among those of the document, from 0.
    pub(super) conversation: usize,
    pub(super) violation: Violation,
    /// The words that are marked, where any are.
    pub(super) words: String,
}

/// Looks at a document.
pub(super) fn marks(document: &Document, plan: &Plan) -> Vec<Mark> {
    let text = document.text().unwrap_or_default();
    let mut marker = Marker {
        plan,
        document,
        hand: OnceCell::new(),
        suppressions: Suppressions::of(document, &plan.reading),
        positions: Positions::new(text, Units::Bytes),
        lines: Lines::new(text, 1),
        marks: Vec::new(),
        conversations: 0,
        problems: 0,
        has_strangers: false,
    };
    let read = transcript::read(document, &plan.reading, &mut |read| match read {
        Ok(conversation) => marker.conversation(conversation),
        Err(problem) => marker.problem(&problem),
    });
    if let Err(unrecognised) = read {
        marker.unrecognised(document, &unrecognised);
    }
    let remarks = marker.suppressions.remarks(&plan.rule_set);
    marker.remarks(remarks);
    let mut marks = marker.marks;
    marks.sort_by_key(|mark| (mark.bytes.start, mark.bytes.end));
    marks
}

struct Marker<'d> {
    plan: &'d Plan,
    document: &'d Document,
    /// How the document's agents write, once that is needed.
    hand: OnceCell<Hand>,
    suppressions: Suppressions,
    positions: Positions<'d>,
    lines: Lines<'d>,
    marks: Vec<Mark>,
    conversations: usize,
    problems: usize,
    has_strangers: bool,
}

impl Marker<'_> {
    fn conversation(&mut self, mut conversation: Conversation) {
        let index = self.conversations;
        self.conversations += 1;
        if !conversation.knows_agent() {
            return self.strangers(&conversation);
        }
        conversation.direction = conversation.direction.or(self.plan.direction);
        let profile = self.plan.profile.unwrap_or(Profile::from(conversation.kind));
        let cover = self.suppressions.cover(&conversation);
        let is_reply = conversation.kind == Kind::Replies;
        let hand = || *self.hand.get_or_init(|| transcript::hand(self.document, &self.plan.reading));
        let hand = || if is_reply { hand() } else { Hand::default() }.with_marks();
        let mut violations = self.plan.rule_set.examine_within(&conversation, profile, hand, |violation| cover.hides(violation)).violations;
        reconsider(&conversation, &mut violations, hand);
        let remarks = cover.remarks(&conversation, &self.plan.rule_set, |at| self.lines.position(at).line);
        for violation in violations {
            let Some(turn) = conversation.turns.get(violation.turn) else { continue };
            let words = violation.span.clone().and_then(|span| turn.text.get(span)).unwrap_or_default().to_owned();
            self.marks.push(Mark {
                bytes: place(turn, violation.span.clone()),
                severity: violation.severity,
                message: message(&violation),
                broken: Some(Broken { conversation: index, violation, words }),
                is_unused: false,
            });
        }
        self.remarks(remarks);
    }

    /// A conversation of which nobody is known to be the agent is not checked; of several the first is marked.
    fn strangers(&mut self, conversation: &Conversation) {
        let Some(turn) = conversation.turns.first().filter(|_| !self.has_strangers) else { return };
        self.has_strangers = true;
        let message =
            "not checked, for nobody is known to be the agent; say who is in phrase-lint.toml, under [speakers] or with assume-agent";
        self.say(place(turn, None), Severity::Warning, message.to_owned());
    }

    fn problem(&mut self, problem: &Problem) {
        self.problems += 1;
        if self.problems <= PROBLEMS {
            let severity = if problem.is_warning { Severity::Warning } else { Severity::Error };
            self.say(self.positions.line(problem.line.unwrap_or(1)), severity, format!("{}; {}", problem.what, problem.remedy));
        }
    }

    /// A document that no reader understands is passed over, as in a folder, unless somebody may have meant it.
    fn unrecognised(&mut self, document: &Document, unrecognised: &Unrecognised) {
        if unrecognised.may_be_meant() {
            let line = match unrecognised {
                Unrecognised::Transcript { line, .. } => self.line_with(document, line),
                Unrecognised::Broken { line, .. } => *line,
                _ => 1,
            };
            let message = unrecognised.to_string();
            let places = [format!("{}: ", document.name), format!("{}:{line}: ", document.name)];
            let message = places.iter().find_map(|place| message.strip_prefix(place)).unwrap_or(&message).to_owned();
            self.say(self.positions.line(line), Severity::Warning, message);
        }
    }

    fn line_with(&self, document: &Document, words: &str) -> usize {
        document.text().and_then(|text| text.find(words)).map_or(1, |at| self.lines.position(at).line)
    }

    fn remarks(&mut self, remarks: Vec<Remark>) {
        for remark in remarks.iter().filter(|remark| remark.is_mistake()) {
            self.say(self.positions.line(remark.line.unwrap_or(1)), Severity::Warning, remark.to_string());
            if let (What::Unused(_), Some(mark)) = (&remark.what, self.marks.last_mut()) {
                mark.is_unused = true;
            }
        }
    }

    fn say(&mut self, bytes: Range<usize>, severity: Severity, message: String) {
        self.marks.push(Mark { bytes, severity, message: visible(&message).into_owned(), broken: None, is_unused: false });
    }
}

impl Mark {
    /// The mark as the protocol has it.
    pub(super) fn diagnostic(&self, positions: &Positions<'_>) -> Diagnostic {
        Diagnostic {
            range: positions.stretch(&self.bytes),
            severity: Some(match self.severity {
                Severity::Error => DiagnosticSeverity::Error,
                Severity::Warning => DiagnosticSeverity::Warning,
                Severity::Info => DiagnosticSeverity::Information,
            }),
            code: self.broken.as_ref().map(|broken| (&*broken.violation.rule).into()),
            source: Some(SOURCE.to_owned()),
            message: self.message.as_str().into(),
            tags: self.is_unused.then(|| vec![DiagnosticTag::Unnecessary]),
            ..Diagnostic::default()
        }
    }
}

/// Where words stand; where none are marked, the first line of the turn.
fn place(turn: &Turn, span: Option<Range<usize>>) -> Range<usize> {
    let span = span.unwrap_or_else(|| 0..turn.text.find(['\n', '\r']).unwrap_or(turn.text.len()));
    turn.place.source_range(span.clone()).unwrap_or_else(|| {
        // An escape is marked whole, though the words begin or end within it.
        let start = turn.place.source(span.start).unwrap_or(0);
        start..turn.place.source(span.end).unwrap_or(start).max(start)
    })
}

/// What is wrong, and what to say instead.
fn message(violation: &Violation) -> String {
    let mut message = violation.message.clone();
    if let Some(rewrite) = instead(&violation.message, &violation.rewrites) {
        message.push_str(if rewrite.applicability == Applicability::Example { "例如：" } else { " → " });
        message.push_str(&rewrite.text);
    }
    visible(&message).into_owned()
}
