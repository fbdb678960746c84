//! Transcripts and canned replies: the [`Conversation`], and one file for every format that makes one.
//!
//! [`detect`] tells a document's format from its content, by the table [`FORMATS`]; [`read`] reads a whole
//! [`Document`] and hands over its conversations, with what could not be read, one by one.
//! Every turn knows its exact [`Place`] in the document.
//!
//! # How to add a format
//!
//! 1. Write a file here that holds a `pub(super) const FORMAT: Format`: its name for `--input-format`, one line that
//!    says what it looks like, a function that says why a [`Sample`] is of this format (or that it is not), and the
//!    [`Reading`]: a function over lines where every line tells all, a [`Reader`] where something reaches from one
//!    line to the next, a function over the whole text or bytes where nothing less will do.
//! 2. Add the `mod` and its line in [`FORMATS`], before every format that would take its files too.
//! 3. Put at least two files and a broken one into `tests/formats/`, in a folder of the format's name.
//!
//! | a format made of | finds its texts and their places through |
//! |---|---|
//! | JSON | `json_elements` (a line each, an array or one object), `json_object` (keys), `messages`; told by `json_outline` |
//! | tables | `columns`, by `field_names`, `turn_order`; `row_doubts` |
//! | lines of text | `labelled_line`, `open_turn`, `division` |
//! | texts under keys, and records of replies | `strings`, by `field_names` |
//! | HTML within any of these | `html` |
//! | a whole transcript in one text of these | `dialogue` |
//! | anything put together from stretches | `located` |
//! | rules that the source says are not for a text | `comment` (formats of lines), `ignore` (keys and columns) |
//!
//! `speakers` tells who a role, label or name means, by `role_words` and `person_name`. A reader never gives up on a
//! file for one bad row: it reports a [`Problem`] and goes on.

mod ccai;
mod chatwoot;
mod columns;
mod comment;
mod contact_lens;
mod conversation;
mod csv;
mod dialogue;
mod direction;
mod direction_words;
mod division;
mod faq;
mod field_names;
mod from_path;
mod html;
mod ignore;
mod intercom;
mod json;
mod json_elements;
mod json_object;
mod json_outline;
mod json_strings;
mod json_text;
mod json_turns;
mod jsonl;
mod kind;
mod labelled_line;
mod line;
mod line_parts;
mod located;
mod mapping;
mod markdown;
mod messages;
mod met;
mod moment;
mod names;
mod offsets;
mod open_turn;
mod openai;
mod person_name;
mod plain_text;
mod problem;
mod qianniu;
mod qq;
mod reading;
mod record;
mod reply_lines;
mod resources;
mod role_words;
mod row_doubts;
mod sca;
mod sharegpt;
mod speaker;
mod speakers;
mod strings;
mod subtitles;
mod tencent_asr;
mod toml_strings;
mod turn_order;
mod unread_times;
mod wecom;
mod whatsapp;
mod xlsx;
mod yaml_strings;
mod zendesk;

pub(crate) use self::csv::table;
pub(crate) use comment::{Comment, NAME, Opening, is_meant};
pub use conversation::{Assumption, Conversation, Piece, Place, Turn};
pub use direction::Direction;
pub use from_path::FromPath;
pub(crate) use ignore::ALL;
pub use ignore::{IGNORE, Ignore};
pub use kind::Kind;
pub use mapping::Mapping;
pub(crate) use markdown::code;
pub use met::Met;
pub use moment::{Clock, DateOrder, Moment};
pub use problem::{Problem, Unrecognised};
pub(crate) use reading::lines;
pub use reading::{Block, Context, Matter, ReadOptions, Reader, Reading, Sample, Sink};
pub(crate) use resources::{Standing, standing};
pub use speaker::Speaker;
pub use speakers::{Speakers, is_same_speaker};

use crate::source::{Content, Document, Unopened};
use crate::text::Hand;

/// One format: a row of the table.
#[derive(Clone, Copy)]
pub struct Format {
    /// The name that `--input-format` takes.
    pub name: &'static str,
    /// What it looks like, in one line.
    pub looks_like: &'static str,
    /// Why a document is of this format; none where it is not.
    pub recognise: fn(&Sample<'_>, &Context<'_>) -> Option<String>,
    /// How it is read.
    pub reading: Reading,
}

/// All formats, in the order in which they are tried: the first that recognises a document reads it.
pub const FORMATS: &[Format] = &[
    xlsx::FORMAT,
    mapping::FORMAT,
    jsonl::FORMAT,
    json::FORMAT,
    sca::FORMAT,
    contact_lens::FORMAT,
    ccai::FORMAT,
    tencent_asr::FORMAT,
    wecom::FORMAT,
    intercom::FORMAT,
    chatwoot::FORMAT,
    zendesk::FORMAT,
    openai::FORMAT,
    sharegpt::FORMAT,
    json_turns::FORMAT,
    json_strings::FORMAT,
    line::FORMAT,
    whatsapp::FORMAT,
    qq::FORMAT,
    subtitles::FORMAT,
    faq::FORMAT,
    csv::FORMAT,
    qianniu::FORMAT,
    resources::FORMAT,
    yaml_strings::FORMAT,
    toml_strings::FORMAT,
    plain_text::FORMAT,
    markdown::FORMAT,
    reply_lines::FORMAT,
];

/// A format and what it was recognised by.
#[derive(Clone)]
pub struct Detected {
    /// The format.
    pub format: &'static Format,
    /// Why, in half a sentence for people.
    pub why: String,
}

/// Tells the format of a document from a sample of it, unless `options` name one.
pub fn detect(sample: &Sample<'_>, options: &ReadOptions, context: &Context<'_>) -> Result<Detected, Unrecognised> {
    if let Some(name) = &options.format {
        // Between quotes nobody says anything: all of it would be found in order.
        if name == reply_lines::FORMAT.name
            && let Some(why) = resources::nature(sample)
        {
            return Err(Unrecognised::NotLines { file: sample.name.to_owned(), why, format: resources::FORMAT.name });
        }
        let format = FORMATS.iter().find(|format| format.name == name);
        return format
            .map(|format| Detected { format, why: "named by --input-format".to_owned() })
            .ok_or_else(|| Unrecognised::NoSuchFormat(name.clone()));
    }
    if options.passed_over.is_some_and(|is_passed_over| is_passed_over(&sample.matter)) {
        return Err(Unrecognised::Report(sample.name.to_owned()));
    }
    // Its lines would be taken for canned replies.
    if let Some(kind) = sample.text().and_then(Unopened::of_text) {
        return Err(Unrecognised::Unopened { file: sample.name.to_owned(), kind });
    }
    FORMATS
        .iter()
        .find_map(|format| (format.recognise)(sample, context).map(|why| Detected { format, why }))
        .ok_or_else(|| Unrecognised::of(sample, context))
}

/// How the agents of a document write. To read it once more is rarely needed: for a rewrite in a reply that does not tell.
pub fn hand(document: &Document, options: &ReadOptions) -> Hand {
    let mut said = Vec::new();
    let _ = read(document, options, &mut |read| {
        said.extend(read.iter().flat_map(|conversation| conversation.said_by(Speaker::Agent)).map(str::to_owned));
    });
    Hand::of(&said)
}

/// Reads a whole document: tells its format and hands every conversation, and every problem, to `take`.
///
/// The error is a document that no reader understands; a named format that the document is not in shows as problems.
pub fn read(
    document: &Document,
    options: &ReadOptions,
    take: &mut dyn FnMut(Result<Conversation, Problem>),
) -> Result<Detected, Unrecognised> {
    let speakers = Speakers::of(options);
    let context = Context { speakers: &speakers, options };
    let matter = match &document.content {
        Content::Text { text, .. } => Matter::Text(text),
        Content::Bytes(bytes) => Matter::Bytes(bytes),
    };
    let sample = Sample::new(&document.name, matter);
    let detected = detect(&sample, options, &context)?;
    let mut sink = Sink::new(&document.name, options, take);
    match (detected.format.reading, matter) {
        (Reading::Lines(read) | Reading::CommentedLines(read), Matter::Text(text)) => read(&Block::whole(text), &context, &mut sink),
        (Reading::Sequence(open), Matter::Text(text)) => {
            let mut reader = open(&sample, &context);
            reader.block(&Block::whole(text), &context, &mut sink);
            reader.finish(&context, &mut sink);
        }
        (Reading::Whole(read), Matter::Text(text)) => read(text, &context, &mut sink),
        (Reading::Bytes(read), Matter::Bytes(bytes)) => read(bytes, &context, &mut sink),
        (Reading::Bytes(_), Matter::Text(_)) | (_, Matter::Bytes(_)) => {
            return Err(Unrecognised::NotThisFormat { file: document.name.clone(), format: detected.format.name });
        }
    }
    Ok(detected)
}
