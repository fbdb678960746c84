//! Every format that teams export: what each file in `tests/formats/` is read as, turn by turn, stands beside it.
//!
//! A folder is a format; a file in it whose name begins with `broken` shows what is said of damage. To add a variant,
//! add the file and run the tests with `SNAPSHOTS=overwrite`; read what was written before you commit it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use phrase_lint::source::Document;
use phrase_lint::text::Lines;
use phrase_lint::transcript::{
    Block, Context, Conversation, FORMATS, Matter, Place, ReadOptions, Reading, Sample, Sink, Speaker, Speakers, Turn, detect, read,
};
use proptest::prelude::*;

/// What a user must say for these files, beside their names.
fn options(file: &str) -> ReadOptions {
    let agent = |name: &str| vec![(name.to_owned(), Speaker::Agent)];
    match file {
        "text/traditional-names.txt" => ReadOptions { speakers: agent("小美"), ..ReadOptions::default() },
        "line/24-hours.txt" => ReadOptions { speakers: agent("好物小舖"), ..ReadOptions::default() },
        "whatsapp/iphone.txt" => ReadOptions { speakers: agent("好物小店"), ..ReadOptions::default() },
        "qq/mail-names.txt" => ReadOptions { speakers: agent("23456789"), ..ReadOptions::default() },
        "qianniu/broken-cut.txt" => ReadOptions { format: Some("qianniu".to_owned()), ..ReadOptions::default() },
        _ if file.starts_with("tencent-asr/") => ReadOptions { speakers: agent("0"), ..ReadOptions::default() },
        _ => ReadOptions::default(),
    }
}

#[test]
fn what_every_file_is_read_as() {
    let root = Path::new("tests/formats");
    for folder in entries(root) {
        let format = folder.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(FORMATS.iter().any(|known| known.name == format), "{format}");
        let (mut variants, mut broken) = (0, 0);
        for file in entries(&folder).into_iter().filter(|file| file.extension().is_some_and(|extension| extension != "turns")) {
            let name = file.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            let (shown, problems) = outcome(&file, &name, &format);
            if file.file_name().unwrap().to_str().unwrap().starts_with("broken") {
                broken += 1;
                assert!(problems > 0, "{name} is broken, but nothing is said of it:\n{shown}");
            } else {
                variants += 1;
                assert!(problems == 0, "{name}:\n{shown}");
            }
            let beside = PathBuf::from(format!("{}.turns", file.display()));
            snapbox::assert_data_eq!(shown, snapbox::Data::read_from(&beside, None).raw());
        }
        assert!(variants >= 2 && broken >= 1, "{format} has {variants} variants and {broken} broken ones");
    }
}

#[test]
fn every_format_of_text_has_a_folder() {
    let missing: Vec<_> = FORMATS.iter().map(|format| format.name).filter(|name| !Path::new("tests/formats").join(name).is_dir()).collect();
    // A workbook is made where it is tested, and a mapping is none without its settings: see `input.rs`.
    assert_eq!(missing, ["xlsx", "mapped"]);
}

#[test]
fn blocks_of_a_line_each_give_what_the_whole_gives() {
    for (name, document) in documents() {
        let options = options(&name);
        let mut whole = Vec::new();
        if read(&document, &options, &mut |found| whole.push(found)).is_err() {
            continue;
        }
        let speakers = Speakers::new(&options.speakers);
        let context = Context { speakers: &speakers, options: &options };
        let text = document.text().unwrap();
        let sample = Sample::new(&name, Matter::Text(text));
        let format = detect(&sample, &options, &context).unwrap().format;
        let mut blocks = Vec::new();
        let (mut offset, mut first_line) = (0, 1);
        for line in text.split_inclusive('\n') {
            blocks.push(Block { text: line, offset, first_line });
            offset += line.len();
            first_line += 1;
        }
        let mut found = Vec::new();
        let mut take = |result| found.push(result);
        let mut sink = Sink::new(&name, &options, &mut take);
        match format.reading {
            Reading::Lines(read) | Reading::CommentedLines(read) => blocks.iter().for_each(|block| read(block, &context, &mut sink)),
            Reading::Sequence(open) => {
                let mut reader = open(&sample, &context);
                blocks.iter().for_each(|block| reader.block(block, &context, &mut sink));
                reader.finish(&context, &mut sink);
            }
            Reading::Whole(_) | Reading::Bytes(_) => continue,
        }
        assert_eq!(found, whole, "{name}");
    }
}

/// What happens to files: they are cut, and edited by hand.
fn damaged(text: &str, at: prop::sample::Index, length: usize, inserted: &str) -> String {
    let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let start = at.index(boundaries.len());
    let end = (start + length).min(boundaries.len() - 1);
    format!("{}{inserted}{}", &text[..boundaries[start]], &text[boundaries[end]..])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn damage_makes_no_reader_panic_and_no_place_wrong(
        file in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), length in 0usize..40,
        inserted in prop::sample::select(vec!["", "\"", "{", "]", "\n", "\r", "<", "&", "\\", "\t", ":", "-->", "\u{feff}", "😀"]),
        is_cut in any::<bool>(),
    ) {
        let documents = documents();
        let (name, document) = &documents[file.index(documents.len())];
        let length = if is_cut { usize::MAX / 2 } else { length };
        let text = damaged(document.text().unwrap(), at, length, inserted);
        let format = name.split('/').next().unwrap().to_owned();
        for options in [options(name), ReadOptions { format: Some(format), ..ReadOptions::default() }] {
            let document = Document::from_text(name.as_str(), text.as_str());
            let mut turns = Vec::new();
            let _ = read(&document, &options, &mut |found| turns.extend(found.into_iter().flat_map(|conversation| conversation.turns)));
            turns.iter().for_each(|turn| check_place(turn, &text));
        }
    }
}

/// All files that can be decoded, by their names.
fn documents() -> Vec<(String, Document)> {
    let root = Path::new("tests/formats");
    let files = entries(root)
        .into_iter()
        .flat_map(|folder| entries(&folder))
        .filter(|file| file.extension().is_some_and(|ending| ending != "turns"));
    files
        .filter_map(|file| {
            let name = file.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            Document::decode(name.as_str(), fs::read(&file).unwrap(), None).ok().map(|document| (name, document))
        })
        .collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

/// What a file is read as, for people, and how many problems were reported.
fn outcome(file: &Path, name: &str, format: &str) -> (String, usize) {
    let mut shown = String::new();
    let mut problems = 0;
    let document = match Document::decode(name, fs::read(file).unwrap(), None) {
        Ok(document) => document,
        Err(error) => return (format!("cannot be decoded: {error}\n"), 1),
    };
    let text = document.text().unwrap();
    let lines = Lines::new(text, 1);
    let detected = read(&document, &options(name), &mut |found| match found {
        Ok(conversation) => show(&mut shown, &conversation, text, &lines),
        Err(problem) => {
            problems += 1;
            writeln!(shown, "problem: {problem}").unwrap();
        }
    });
    match detected {
        Ok(detected) => {
            assert_eq!(detected.format.name, format, "{name}");
            (format!("{}: {}\n{shown}", detected.format.name, detected.why), problems)
        }
        Err(error) => (format!("{error}\n{shown}"), problems + 1),
    }
}

fn show(shown: &mut String, conversation: &Conversation, document: &str, lines: &Lines<'_>) {
    let Conversation { id, agent, direction, started, kind, turns, .. } = conversation;
    write!(shown, "{kind:?} {id}").unwrap();
    for fact in [agent.clone(), direction.map(|direction| format!("{direction:?}")), started.as_ref().map(|start| start.text.clone())] {
        write!(shown, " · {}", fact.unwrap_or_else(|| "-".to_owned())).unwrap();
    }
    shown.push('\n');
    for turn in turns {
        let position =
            turn.place.position(lines, 0).map_or_else(|| "-".to_owned(), |position| format!("{}:{}", position.line, position.column));
        let name = turn.name.as_ref().map_or_else(String::new, |name| format!(" {name}"));
        let times: String = [("", &turn.start), ("–", &turn.end)]
            .iter()
            .filter_map(|(mark, time)| Some(format!("{mark}{}", time.as_ref()?.text)))
            .collect();
        writeln!(shown, "  {position} {}{name} [{times}] {:?}", turn.speaker, turn.text).unwrap();
        check_place(turn, document);
    }
}

/// What stands in the document as it is in the turn must be the same there.
fn check_place(turn: &Turn, document: &str) {
    if turn.text.is_empty() {
        return;
    }
    let all = turn.place.source_range(0..turn.text.len());
    assert!(all.is_some_and(|all| document.get(all).is_some()), "{turn:?}");
    match &turn.place {
        Place::Verbatim(start) => assert_eq!(document.get(*start..start + turn.text.len()), Some(turn.text.as_str())),
        Place::Pieces(pieces) => {
            let mut end = 0;
            for piece in pieces {
                assert_eq!(piece.text, end, "{turn:?}");
                end += piece.text_length;
                if piece.text_length == piece.source_length {
                    let source = document[piece.source..piece.source + piece.source_length].replace(char::is_whitespace, " ");
                    let text = turn.text[piece.text..piece.text + piece.text_length].replace(char::is_whitespace, " ");
                    assert_eq!(source, text);
                }
            }
            assert_eq!(end, turn.text.len());
        }
        place => panic!("{place:?}"),
    }
}
