//! The work that threads share: a document or a part of one in, what is to be told of it out.

use std::cell::OnceCell;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use phrase_lint::plan::Plan;
use phrase_lint::report::Findings;
use phrase_lint::rewrite::reconsider;
use phrase_lint::rule::Profile;
use phrase_lint::settings::FailOn;
use phrase_lint::source::{Content, Document, Encoding, Mended, Packed, TextBlock};
use phrase_lint::suppression::{Remark, Suppressions};
use phrase_lint::text::{Hand, Lines};
use phrase_lint::transcript::{self, Block, Context, Conversation, Detected, Kind, Problem, ReadOptions, Sink, Speakers, Unrecognised};

use super::options::CheckOptions;
use super::strangers::Strangers;
use super::unchecked::Unchecked;

/// A reader of lines that tell all.
pub(super) type ReadLines = fn(&Block<'_>, &Context<'_>, &mut Sink<'_>);

/// Something to look at.
pub(super) enum Job {
    /// A whole document.
    Document { plan: Arc<Plan>, document: Document, is_named: bool, bytes: u64 },
    /// Lines of a document, to be read and looked at.
    Lines { plan: Arc<Plan>, name: Arc<str>, read: ReadLines, block: TextBlock, bytes: u64 },
    /// Conversations that were read from some blocks.
    Conversations { plan: Arc<Plan>, name: Arc<str>, read: Vec<Result<Conversation, Problem>>, blocks: Vec<Arc<TextBlock>>, bytes: u64 },
}

/// What is to be told.
pub(super) enum Outcome {
    /// Of a part of a document.
    Part(Part),
    /// Of the end of a document.
    End(End),
    /// Of a whole document.
    Whole(Part, End),
    /// Something cannot be read.
    Failed(String),
    /// A file cannot be written.
    Unwritten(String),
    /// The output is gone.
    Gone(io::Error),
    /// An archive begins.
    Archive,
    /// The archive of this name ends.
    ArchiveEnd(String),
}

/// A part of a document.
#[derive(Default)]
pub(super) struct Part {
    /// Its conversations, and what could not be read, in their order.
    pub(super) heard: Vec<Result<Heard, Problem>>,
    pub(super) strangers: Strangers,
    pub(super) unchecked: Unchecked,
    /// How many bytes of the input were read when it was given out.
    pub(super) bytes: u64,
}

/// A conversation that was looked at.
pub(super) struct Heard {
    pub(super) findings: Findings,
    /// Violations that suppressions hide.
    pub(super) suppressed: u64,
    pub(super) remarks: Vec<Remark>,
    /// The severity from which it fails the run.
    pub(super) fail_on: FailOn,
}

/// What is known of a document when it was read.
pub(super) struct End {
    pub(super) name: String,
    /// Whether the user named it, or the archive it is from did not.
    pub(super) is_named: bool,
    pub(super) encoding: Option<Encoding>,
    /// The lines that were not in that encoding.
    pub(super) mended: Mended,
    pub(super) read: Result<Detected, Unrecognised>,
    pub(super) remarks: Vec<Remark>,
}

/// How the text of a document came out of its bytes.
pub(super) struct Text {
    pub(super) packed: Packed,
    /// None where it is no text.
    pub(super) encoding: Option<Encoding>,
    /// The lines that were not in that encoding.
    pub(super) mended: Mended,
}

impl End {
    /// Of a document that was read, or not, from text or bytes.
    pub(super) fn new(name: &str, text: Text, is_named: bool, read: Result<Detected, Unrecognised>, remarks: Vec<Remark>) -> Self {
        // An archive is read like a folder.
        let is_named = is_named && text.packed != Packed::AmongOthers;
        Self { name: name.to_owned(), is_named, encoding: text.encoding, mended: text.mended, read, remarks }
    }
}

/// Looks at documents and parts of them.
pub(super) struct Examiner<'o> {
    options: &'o CheckOptions,
    /// Whether what is masked in reports is masked at once.
    masks: bool,
}

impl<'o> Examiner<'o> {
    pub(super) fn new(options: &'o CheckOptions, masks: bool) -> Self {
        Self { options, masks }
    }

    pub(super) fn examine(&self, job: Job) -> Outcome {
        match job {
            Job::Document { plan, document, is_named, bytes } => self.document(&plan, &document, is_named, bytes),
            Job::Lines { plan, name, read, block, bytes } => Outcome::Part(self.lines(&plan, &name, read, &block, bytes)),
            Job::Conversations { plan, name, read, blocks, bytes } => Outcome::Part(self.conversations(&plan, &name, read, &blocks, bytes)),
        }
    }

    fn document(&self, plan: &Plan, document: &Document, is_named: bool, bytes: u64) -> Outcome {
        let suppressions = self.options.suppressions(plan, document);
        let text = document.text().unwrap_or_default();
        let lines = OnceCell::new();
        let hand = OnceCell::new();
        let hand = || *hand.get_or_init(|| transcript::hand(document, &plan.reading));
        let mut part = Part { bytes, ..Part::default() };
        let read = transcript::read(document, &plan.reading, &mut |read| {
            let lines = || lines.get_or_init(|| Lines::new(text, 1));
            let heard = |conversation| self.hear(plan, &document.name, conversation, &suppressions, lines, hand);
            part.add(read, |conversation| line_of(conversation, lines()), heard);
        });
        let encoding = match &document.content {
            Content::Text { encoding, .. } => Some(*encoding),
            Content::Bytes(_) => None,
        };
        let remarks = suppressions.remarks(&plan.rule_set);
        let text = Text { packed: document.packed, encoding, mended: document.mended.clone() };
        Outcome::Whole(part, End::new(&document.name, text, is_named, read, remarks))
    }

    fn lines(&self, plan: &Plan, name: &str, read: ReadLines, block: &TextBlock, bytes: u64) -> Part {
        let suppressions = self.options.no_comments();
        let lines = OnceCell::new();
        let mut part = Part { bytes, ..Part::default() };
        let mut take = |read: Result<Conversation, Problem>| {
            let lines = || lines.get_or_init(|| Lines::within(&block.text, block.offset, block.first_line));
            let heard = |conversation| self.hear(plan, name, conversation, &suppressions, lines, Hand::default);
            part.add(read, |conversation| line_of(conversation, lines()), heard);
        };
        let options: &ReadOptions = &plan.reading;
        let speakers = Speakers::of(options);
        let context = Context { speakers: &speakers, options };
        let text = Block { text: &block.text, offset: block.offset, first_line: block.first_line };
        read(&text, &context, &mut Sink::new(name, options, &mut take));
        part
    }

    fn conversations(
        &self,
        plan: &Plan,
        name: &str,
        read: Vec<Result<Conversation, Problem>>,
        blocks: &[Arc<TextBlock>],
        bytes: u64,
    ) -> Part {
        let suppressions = self.options.no_comments();
        let lines: Vec<OnceCell<Lines<'_>>> = blocks.iter().map(|_| OnceCell::new()).collect();
        let nothing = Lines::new("", 1);
        let mut part = Part { bytes, ..Part::default() };
        for read in read {
            let heard = |conversation: Conversation| {
                let stretch = stretch(&conversation);
                let [first, last] = [stretch.start, stretch.end].map(|at| holding(blocks, at));
                let Some(block) = blocks.get(first) else {
                    return self.hear(plan, name, conversation, &suppressions, || &nothing, Hand::default);
                };
                let of_block = || lines[first].get_or_init(|| Lines::within(&block.text, block.offset, block.first_line));
                if first == last {
                    return self.hear(plan, name, conversation, &suppressions, of_block, Hand::default);
                }
                let (text, offset) = joined(&blocks[first..=last], stretch);
                let line = of_block().position(offset).line;
                let lines = OnceCell::new();
                let lines = || lines.get_or_init(|| Lines::within(&text, offset, line));
                self.hear(plan, name, conversation, &suppressions, lines, Hand::default)
            };
            let line = |conversation: &Conversation| {
                let first = holding(blocks, stretch(conversation).start);
                let block = blocks.get(first)?;
                line_of(conversation, lines[first].get_or_init(|| Lines::within(&block.text, block.offset, block.first_line)))
            };
            part.add(read, line, heard);
        }
        part
    }

    fn hear<'l, 't: 'l>(
        &self,
        plan: &Plan,
        name: &str,
        mut conversation: Conversation,
        suppressions: &Suppressions,
        lines: impl Fn() -> &'l Lines<'t>,
        hand: impl Fn() -> Hand,
    ) -> Heard {
        let options = self.options;
        conversation.direction = conversation.direction.or(plan.direction);
        let profile = plan.profile.unwrap_or(Profile::from(conversation.kind));
        let cover = suppressions.cover(&conversation);
        // Transcripts come in documents or in one stream, and are told the same; canned replies stand together.
        let is_reply = conversation.kind == Kind::Replies;
        let hand = || if is_reply { hand() } else { Hand::default() }.with_marks();
        let mut examination = plan.rule_set.examine_within(&conversation, profile, hand, |violation| cover.hides(violation));
        reconsider(&conversation, &mut examination.violations, hand);
        let remarks = cover.remarks(&conversation, &plan.rule_set, |at| lines().position(at).line);
        let none = Lines::new("", 1);
        // Line starts are looked for only where there is a violation.
        let findings = if examination.violations.is_empty() {
            Findings::new(name, &conversation, &examination, &none)
        } else {
            Findings::new(name, &conversation, &examination, lines())
        };
        let findings = options.outputs.told(findings, &conversation);
        let findings = if self.masks { options.outputs.redacted(findings) } else { findings };
        Heard { findings, suppressed: cover.hidden(), remarks, fail_on: plan.fail_on }
    }
}

impl Part {
    fn add(
        &mut self,
        read: Result<Conversation, Problem>,
        line: impl FnOnce(&Conversation) -> Option<usize>,
        heard: impl FnOnce(Conversation) -> Heard,
    ) {
        match read {
            Ok(conversation) if !conversation.knows_agent() => self.strangers.add(&conversation, line),
            Ok(conversation) => {
                self.unchecked.add(&conversation);
                self.heard.push(Ok(heard(conversation)));
            }
            Err(problem) => self.heard.push(Err(problem)),
        }
    }
}

/// The line on which a conversation begins.
fn line_of(conversation: &Conversation, lines: &Lines<'_>) -> Option<usize> {
    conversation.turns.first().and_then(|turn| turn.place.position(lines, 0)).map(|position| position.line)
}

/// The bytes of the document that a conversation stands in.
fn stretch(conversation: &Conversation) -> Range<usize> {
    let start = conversation.turns.iter().filter_map(|turn| turn.place.start()).min().unwrap_or(0);
    let end = conversation.turns.iter().filter_map(|turn| turn.place.end(turn.text.len())).max().unwrap_or(start);
    start..end
}

/// Which of the blocks holds a byte.
fn holding(blocks: &[Arc<TextBlock>], at: usize) -> usize {
    blocks.partition_point(|block| block.offset <= at).saturating_sub(1)
}

/// The lines of several blocks that a stretch stands in, from the first to the last of these blocks, and the byte of the document
/// where they begin. To copy the blocks whole would copy most of a file twice.
fn joined(blocks: &[Arc<TextBlock>], stretch: Range<usize>) -> (String, usize) {
    let (mut joined, mut offset) = (String::new(), 0);
    for (place, block) in blocks.iter().enumerate() {
        let text = block.text.as_str();
        let before = stretch.start.checked_sub(block.offset).filter(|_| place == 0).and_then(|at| text.get(..at));
        let from = before.and_then(|before| before.rfind(['\n', '\r'])).map_or(0, |end| end + 1);
        let behind = stretch.end.checked_sub(block.offset).filter(|_| place + 1 == blocks.len()).and_then(|at| text.get(at..));
        let until = behind.and_then(|behind| Some(text.len() - behind.len() + behind.find(['\n', '\r'])?)).unwrap_or(text.len());
        if place == 0 {
            offset = block.offset + from;
        }
        joined.push_str(&text[from..until]);
    }
    (joined, offset)
}
