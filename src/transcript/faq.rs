//! Questions with their answers, as bases of knowledge have them: `问：…` and `答：…`, or `Q：…` and `A：…`, and no other labels.
//! Each answer is a canned reply; what a customer may ask is none.

use super::comment::Comments;
use super::open_turn::OpenTurn;
use super::reading::{Block, Context, Reading, Sample, Sink, lines, offset_within};
use super::{Conversation, Format, Turn};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "faq",
    looks_like: "问：… and 答：…, or Q：… and A：…, on a line each: each answer is a canned reply",
    recognise,
    reading: Reading::Whole(read),
};

/// What a line begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Question,
    Answer,
}

/// The labels of either part, in pairs.
const LABELS: [(&str, Part); 7] = [
    ("问", Part::Question),
    ("問", Part::Question),
    ("Q", Part::Question),
    ("q", Part::Question),
    ("答", Part::Answer),
    ("A", Part::Answer),
    ("a", Part::Answer),
];

/// Whether a label is that of a question or an answer.
pub(super) fn is_label(label: &str) -> bool {
    LABELS.iter().any(|(known, _)| *known == label)
}

impl Part {
    /// The part that a line begins, and its words: `问：…`, `Q3. …`, `【答】…`, `**A：** …`.
    fn of(line: &str) -> Option<(Self, &str)> {
        let line = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '-' | '>' | '#' | '*'));
        let bracket = line.strip_prefix(['【', '[', '（', '(']);
        let (label, part) = LABELS.into_iter().find(|(label, _)| bracket.unwrap_or(line).starts_with(label))?;
        let rest = &bracket.unwrap_or(line)[label.len()..];
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let rest = if bracket.is_some() { rest.strip_prefix(['】', ']', '）', ')'])? } else { rest };
        let behind = rest.trim_start_matches('*').trim_start();
        let words = behind.strip_prefix([':', '：']).or_else(|| behind.strip_prefix(['.', '、']).filter(|_| label.is_ascii()));
        match words {
            Some(words) => Some((part, words.trim_start_matches('*').trim_start())),
            None => bracket.map(|_| (part, behind)),
        }
    }
}

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    if !matches!(sample.extension().as_str(), "" | "txt" | "text") {
        return None;
    }
    let (mut questions, mut answers, mut last) = (0, 0, None);
    for line in sample.lines(400) {
        match Part::of(line) {
            // Somebody who speaks twice, or answers first, is in a dialogue.
            Some((part, _)) if last == Some(part) => return None,
            Some((Part::Question, _)) => {
                questions += 1;
                last = Some(Part::Question);
            }
            Some((Part::Answer, _)) if last.is_none() => return None,
            Some((Part::Answer, _)) => {
                answers += 1;
                last = Some(Part::Answer);
            }
            None => {}
        }
    }
    (answers > 0).then(|| format!("{questions} questions and {answers} answers, labelled as such"))
}

fn read(text: &str, _: &Context<'_>, sink: &mut Sink<'_>) {
    let comments = Comments::of(text);
    let block = Block::whole(text);
    let mut open: Option<(usize, OpenTurn)> = None;
    let close = |open: &mut Option<(usize, OpenTurn)>, sink: &mut Sink<'_>| {
        if let Some((number, turn)) = open.take() {
            let turn = turn.close();
            if turn.text.contains(char::is_alphanumeric) {
                let mut reply = Conversation::reply(number.to_string(), "");
                reply.turns[0] = Turn { speaker: reply.turns[0].speaker, ..turn };
                sink.conversation(reply);
            } else {
                sink.problem(Some(number), "this answer has no words", "write it behind its label");
            }
        }
    };
    for (index, (_, whole)) in lines(text).enumerate() {
        let Some(line) = comments.take_off(whole) else { continue };
        match Part::of(line) {
            Some((part, words)) => {
                close(&mut open, sink);
                if part == Part::Answer {
                    let mut turn = OpenTurn::new(Turn::default());
                    turn.add_line(words.trim_end(), offset_within(words, text), &block);
                    open = Some((index + 1, turn));
                }
            }
            None if line.trim().is_empty() => {}
            // A heading begins the next group.
            None if line.starts_with('#') => close(&mut open, sink),
            None => {
                if let Some((_, turn)) = &mut open {
                    let words = line.trim();
                    turn.add_line(words, offset_within(words, text), &block);
                }
            }
        }
    }
    close(&mut open, sink);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_questions_and_answers_are_told() {
        for (line, words) in
            [("答：您好", "您好"), ("A: 您好", "您好"), ("A3. 您好", "您好"), ("【答】您好", "您好"), ("**答：** 您好", "您好")]
        {
            assert_eq!(Part::of(line), Some((Part::Answer, words)), "{line}");
        }
        assert_eq!(Part::of("问2：怎么退"), Some((Part::Question, "怎么退")));
        for line in ["问题：您好", "答案是您好", "A区的货", "Ask: 您好", "客服：您好"] {
            assert_eq!(Part::of(line), None, "{line}");
        }
    }
}
