//! From the inputs of a run to its jobs: small documents whole, large ones in parts.

use std::cell::Cell;
use std::sync::Arc;

use phrase_lint::plan::Plan;
use phrase_lint::source::{Document, Input, Mended, Opened, Packed, SourceError, SourceOptions, TextBlock, TextStream};
use phrase_lint::transcript::{self, Block, Context, Matter, ReadOptions, Reading, Sample, Sink, Speakers};

use super::examine::{End, Job, Outcome, Text};
use super::fix::{Fixing, Undelivered};
use super::messages::Messages;
use super::options::CheckOptions;
use super::pipeline::Feed;
use super::suppress::Suppressing;

/// Text of a live source, in bytes, that is gathered before it is given out in parts, where lines alone do not tell all.
const GATHERED: usize = 8 << 20;

/// How many lines the rows of one conversation may stand apart in a table that is too large to gather.
const ROWS_APART: usize = 5_000;

/// Where a run's jobs come from.
pub(super) struct Giving<'o, 'f> {
    pub(super) options: &'o CheckOptions,
    pub(super) messages: &'o Messages,
    /// Corrections, where they are wanted: then every document is needed whole.
    pub(super) fixing: &'f mut Option<Fixing>,
    /// Suppressions, where they are to be written: the same.
    pub(super) suppressing: &'f mut Option<Suppressing>,
    /// Whether nothing more is to be read.
    pub(super) is_stopped: &'f Cell<bool>,
    /// Bytes of the inputs that are done.
    pub(super) bytes: u64,
}

type Jobs<'f> = Feed<'f, Job, Outcome>;

impl Giving<'_, '_> {
    /// Gives out what an input holds.
    pub(super) fn input(&mut self, input: &Input, feed: &mut Jobs<'_>) {
        let plan = self.options.plans.of(input);
        let mut is_archive = false;
        // To be corrected a document is needed whole.
        let is_whole = self.fixing.is_some() || self.suppressing.is_some();
        let mut take = |opened: Result<Opened, SourceError>| {
            if self.is_stopped.get() {
                return;
            }
            match opened {
                Ok(Opened::Document(document)) => {
                    if document.packed == Packed::AmongOthers && !is_archive {
                        is_archive = true;
                        feed.pass(Outcome::Archive);
                    }
                    self.document(input, document, feed);
                }
                Ok(Opened::Stream(stream)) => self.stream(input, *stream, feed),
                Err(error) => feed.pass(Outcome::Failed(error.to_string())),
            }
        };
        if is_whole {
            // What is written back must be as it was but for the corrections.
            let source = SourceOptions { mends: false, ..plan.source };
            input.read(&source, &mut |document| take(document.map(Opened::Document)));
        } else {
            input.open(&plan.source, &mut take);
        }
        if is_archive && input.named {
            feed.pass(Outcome::ArchiveEnd(input.name()));
        }
    }

    fn document(&mut self, input: &Input, document: Document, feed: &mut Jobs<'_>) {
        let document = self.altered(input, document, feed);
        if self.is_stopped.get() {
            return;
        }
        self.bytes += document.text().map_or(0, str::len) as u64;
        feed.give(Job::Document { plan: Arc::clone(self.options.plans.of(input)), document, is_named: input.named, bytes: self.bytes });
    }

    /// The document as it is once corrections or suppressions are made that are wanted.
    fn altered(&mut self, input: &Input, document: Document, feed: &mut Jobs<'_>) -> Document {
        if self.fixing.is_some() || self.suppressing.is_some() {
            // What was told before stands before what is told of this one.
            feed.finish();
        }
        let plan = self.options.plans.of(input);
        let altered = if let Some(suppressing) = self.suppressing {
            suppressing.suppress(&self.options.suppressor(plan), input, &document, self.messages).map_err(Undelivered::Unsaved)
        } else if let Some(fixing) = self.fixing {
            fixing.put_right(&self.options.rewriter(plan), input, &document, self.messages)
        } else {
            Ok(None)
        };
        match altered {
            Ok(altered) => altered.unwrap_or(document),
            Err(Undelivered::Unsaved(why)) => {
                feed.pass(Outcome::Unwritten(why));
                document
            }
            Err(Undelivered::Output(error)) => {
                feed.pass(Outcome::Gone(error));
                document
            }
        }
    }

    fn stream(&mut self, input: &Input, mut stream: TextStream, feed: &mut Jobs<'_>) {
        let mut begun = Vec::new();
        if let Some(first) = stream.next_block() {
            match first {
                Ok(block) => begun.push(block),
                Err(error) => return feed.pass(Outcome::Failed(error.to_string())),
            }
        }
        let plan = self.options.plans.of(input);
        let options = &plan.reading;
        let speakers = Speakers::of(options);
        let context = Context { speakers: &speakers, options };
        let name: Arc<str> = stream.name().into();
        let sample = begun.first().map_or_else(String::new, |block| block.text.clone());
        let sample = Sample::new(&name, Matter::Text(&sample));
        let detected = transcript::detect(&sample, options, &context);
        let (packed, encoding) = (stream.packed(), stream.encoding());
        let end = |detected, mended| {
            let text = Text { packed, encoding: Some(encoding), mended };
            Outcome::End(End::new(&name, text, input.named, detected, Vec::new()))
        };
        let reading = detected.as_ref().map(|detected| detected.format.reading);
        let lines = |read| {
            let (plan, name) = (Arc::clone(plan), Arc::clone(&name));
            move |block, bytes| Job::Lines { plan: Arc::clone(&plan), name: Arc::clone(&name), read, block, bytes }
        };
        let mended = match reading {
            Ok(Reading::Lines(read)) => self.rest(begun, stream, feed, lines(read)),
            Ok(Reading::Whole(_) | Reading::Bytes(_)) => return self.gathered(input, stream, begun, feed),
            Ok(Reading::Sequence(_) | Reading::CommentedLines(_)) | Err(_) => {
                let mut gathered = begun.iter().map(|block| block.text.len()).sum::<usize>();
                loop {
                    match stream.next_block() {
                        None => return self.gathered(input, stream, begun, feed),
                        Some(Ok(block)) => {
                            gathered += block.text.len();
                            begun.push(block);
                        }
                        Some(Err(error)) => {
                            feed.pass(Outcome::Failed(error.to_string()));
                            return self.gathered(input, stream, begun, feed);
                        }
                    }
                    if gathered >= GATHERED {
                        break;
                    }
                }
                match reading {
                    Ok(Reading::CommentedLines(read)) => self.rest(begun, stream, feed, lines(read)),
                    Ok(Reading::Sequence(open)) => self.sequence(plan, open(&sample, &context), &name, begun, stream, feed),
                    _ => return feed.pass(end(detected, Mended::default())),
                }
            }
        };
        feed.pass(end(detected, mended));
    }

    /// Gives out a stream as one document.
    fn gathered(&mut self, input: &Input, stream: TextStream, begun: Vec<TextBlock>, feed: &mut Jobs<'_>) {
        match stream.into_document(begun) {
            Ok(document) => self.document(input, document, feed),
            Err(error) => feed.pass(Outcome::Failed(error.to_string())),
        }
    }

    /// Gives out a job for every block; the result are the lines that had to be mended.
    fn rest(&mut self, begun: Vec<TextBlock>, mut stream: TextStream, feed: &mut Jobs<'_>, job: impl Fn(TextBlock, u64) -> Job) -> Mended {
        let mut begun = begun.into_iter().map(Ok);
        while let Some(block) = begun.next().or_else(|| stream.next_block()) {
            if self.is_stopped.get() {
                break;
            }
            match block {
                Ok(block) => feed.give(job(block, self.bytes + stream.bytes_read())),
                Err(error) => feed.pass(Outcome::Failed(error.to_string())),
            }
        }
        self.bytes += stream.bytes_read();
        stream.mended().clone()
    }

    /// Reads blocks one after the other, and gives out the conversations that each completes; the result are the lines that had
    /// to be mended.
    fn sequence(
        &mut self,
        plan: &Arc<Plan>,
        mut reader: Box<dyn transcript::Reader>,
        name: &Arc<str>,
        begun: Vec<TextBlock>,
        mut stream: TextStream,
        feed: &mut Jobs<'_>,
    ) -> Mended {
        let options = ReadOptions { rows_apart: Some(ROWS_APART), ..plan.reading.clone() };
        let speakers = Speakers::of(&options);
        let context = Context { speakers: &speakers, options: &options };
        let mut begun = begun.into_iter().map(Ok);
        // The blocks that conversations stand in which are still open.
        let mut blocks: Vec<Arc<TextBlock>> = Vec::new();
        while let Some(block) = begun.next().or_else(|| stream.next_block()) {
            if self.is_stopped.get() {
                return Mended::default();
            }
            let block = match block {
                Ok(block) => Arc::new(block),
                Err(error) => {
                    feed.pass(Outcome::Failed(error.to_string()));
                    continue;
                }
            };
            blocks.push(Arc::clone(&block));
            let mut read = Vec::new();
            let text = Block { text: &block.text, offset: block.offset, first_line: block.first_line };
            reader.block(&text, &context, &mut Sink::new(name, &options, &mut |result| read.push(result)));
            // Blocks of a live source are small, and tables hand over many conversations now and then: jobs of nothing would take
            // the places of those.
            if !read.is_empty() {
                let bytes = self.bytes + stream.bytes_read();
                feed.give(Job::Conversations { plan: Arc::clone(plan), name: Arc::clone(name), read, blocks: blocks.clone(), bytes });
            }
            let from = reader.open_from().unwrap_or(block.offset + block.text.len());
            blocks.retain(|block| block.offset + block.text.len() > from);
        }
        self.bytes += stream.bytes_read();
        let mut read = Vec::new();
        reader.finish(&context, &mut Sink::new(name, &options, &mut |result| read.push(result)));
        feed.give(Job::Conversations { plan: Arc::clone(plan), name: Arc::clone(name), read, blocks, bytes: self.bytes });
        stream.mended().clone()
    }
}
