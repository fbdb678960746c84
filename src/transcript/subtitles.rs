//! WebVTT and SRT: transcripts of recordings, cue by cue.
//!
//! Who speaks stands in a voice tag (`<v 客服>`) or before a colon; a cue that names nobody goes on with whoever spoke
//! before. Libraries that read subtitles give their text without its place, and a cue is only a few lines.

use std::sync::LazyLock;

use regex::Regex;

use super::html::for_each_entity;
use super::labelled_line::LabelledLine;
use super::located::Located;
use super::names::Names;
use super::open_turn::OpenTurn;
use super::reading::{Block, Context, Reader, Reading, Sample, Sink, lines, offset_within};
use super::{Conversation, Format, Kind, Moment, Speaker, Turn};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "subtitles",
    looks_like: "WebVTT or SRT: 00:00:01.000 --> 00:00:03.000, then <v 客服>… or 客服: …",
    recognise,
    reading: Reading::Sequence(|sample, context| Box::new(Cues::new(sample, context))),
};

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    if sample.lines(1).any(|line| line.trim_start_matches('\u{FEFF}').starts_with("WEBVTT")) {
        return Some("it begins with WEBVTT".to_owned());
    }
    // A number may stand before the first time.
    sample.lines(2).any(|line| times(line).is_some()).then(|| "it begins with a cue's time, `-->`, as SRT does".to_owned())
}

/// A file of cues under way.
struct Cues {
    names: Names,
    conversation: Conversation,
    turn: Option<OpenTurn>,
    /// The times of the cue whose lines are being read.
    cue: Option<(Moment, Moment)>,
    /// Whether a note or a style is being read.
    is_aside: bool,
    speaker: Speaker,
    name: Option<String>,
}

impl Cues {
    fn new(sample: &Sample<'_>, context: &Context<'_>) -> Self {
        let said = sample.lines(400).filter(|line| times(line).is_none() && line.parse::<u32>().is_err());
        Self {
            names: Names::in_cues(&said.collect::<Vec<_>>(), context.speakers),
            conversation: Conversation { id: "1".to_owned(), kind: Kind::Call, ..Conversation::default() },
            turn: None,
            cue: None,
            is_aside: false,
            speaker: Speaker::Unknown,
            name: None,
        }
    }

    fn line(&mut self, line: &str, block: &Block<'_>, context: &Context<'_>, sink: &mut Sink<'_>, number: usize) {
        if line.trim().is_empty() {
            self.close_turn();
            (self.cue, self.is_aside) = (None, false);
        } else if line.contains("-->") {
            self.close_turn();
            self.cue = times(line);
            if self.cue.is_none() {
                let what = format!("the times of a cue cannot be read: `{}`", line.trim());
                sink.problem(Some(number), what, "write them as 00:00:01.000 --> 00:00:03.000");
                self.is_aside = true;
            }
        } else if self.cue.is_none() {
            self.is_aside |= ["NOTE", "STYLE", "REGION", "WEBVTT"].iter().any(|word| line.starts_with(word));
        } else if !self.is_aside {
            self.payload(line, block, context);
        }
    }

    /// A line of words, divided where another voice begins.
    fn payload(&mut self, line: &str, block: &Block<'_>, context: &Context<'_>) {
        static TAG: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"<[^<>]*>|\{\\[^{}]*\}").ok());
        let Some(tag) = TAG.as_ref() else { return };
        let base = block.offset + offset_within(line, block.text);
        let mut text = Located::default();
        let mut at = line.len() - line.trim_start().len();
        let end = line.trim_end().len();
        if tag.find(line).is_none_or(|first| first.start() > at)
            && let Some(said) = LabelledLine::parse(line, context.speakers, &self.names)
        {
            self.close_turn();
            self.speaker = said.speaker;
            self.name = said.name.map(str::to_owned).or_else(|| (said.speaker == Speaker::Unknown).then(|| said.label.to_owned()));
            at = said.at;
        }
        for found in tag.find_iter(line) {
            if found.start() < at {
                continue;
            }
            add(&mut text, &line[at..found.start()], base + at);
            at = found.end();
            if let Some(voice) = voice(found.as_str()) {
                self.add(std::mem::take(&mut text), base + found.start());
                self.close_turn();
                let known = context.speakers.label(voice);
                self.speaker = known.as_ref().map_or(Speaker::Unknown, |known| known.speaker);
                self.name = known.map_or(Some(voice), |known| known.name).map(str::to_owned);
            }
        }
        if at < end {
            add(&mut text, &line[at..end], base + at);
        }
        self.add(text, base + line.len());
    }

    fn add(&mut self, text: Located, end: usize) {
        if text.as_str().trim().is_empty() {
            return;
        }
        let (speaker, name, cue) = (self.speaker, self.name.clone(), self.cue.clone());
        let turn = self.turn.get_or_insert_with(|| {
            let (start, end) = cue.unzip();
            OpenTurn::new(Turn { speaker, name, start, end, ..Turn::default() })
        });
        turn.add_located(text, end);
    }

    fn close_turn(&mut self) {
        self.conversation.turns.extend(self.turn.take().map(OpenTurn::close));
    }
}

impl Reader for Cues {
    fn block(&mut self, block: &Block<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        for (index, (_, line)) in lines(block.text).enumerate() {
            self.line(line, block, context, sink, block.first_line + index);
        }
    }

    fn finish(&mut self, _: &Context<'_>, sink: &mut Sink<'_>) {
        self.close_turn();
        if self.conversation.turns.is_empty() {
            return sink.problem(None, "no cue holds words", "each needs a line such as 00:00:01.000 --> 00:00:03.000, and words below it");
        }
        sink.conversation(std::mem::take(&mut self.conversation));
    }
}

/// Adds words as they stand, entities decoded.
fn add(text: &mut Located, words: &str, from: usize) {
    for_each_entity(words, &mut |range, means| match means {
        Some(means) => text.escape(means, from + range.start, range.len()),
        None => text.verbatim(&words[range.clone()], from + range.start),
    });
}

/// The name in a voice tag, `<v 客服>`, `<v.loud 客服>`.
fn voice(tag: &str) -> Option<&str> {
    let rest = tag.strip_prefix("<v")?;
    let (classes, name) = rest.strip_suffix('>')?.split_once(char::is_whitespace)?;
    let name = name.trim();
    ((classes.is_empty() || classes.starts_with('.')) && !name.is_empty()).then_some(name)
}

/// The times of a cue.
fn times(line: &str) -> Option<(Moment, Moment)> {
    static SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        const TIME: &str = r"(?:([0-9]{1,4}):)?([0-9]{1,2}):([0-9]{2})[.,]([0-9]{3})";
        Regex::new(&format!(r"^\s*{TIME}\s*-->\s*{TIME}(?:\s.*)?$")).ok()
    });
    let found = SHAPE.as_ref()?.captures(line)?;
    let number = |group: usize| found.get(group).map_or(Some(0), |part| part.as_str().parse::<i64>().ok());
    let moment = |first: usize| {
        let (hours, minutes, seconds, millis) = (number(first)?, number(first + 1)?, number(first + 2)?, number(first + 3)?);
        Some(Moment::from_offset_millis(((hours * 60 + minutes) * 60 + seconds) * 1000 + millis))
    };
    Some((moment(1)?, moment(5)?))
}
