//! Transcripts that stand whole in a cell of a table or under a key: `客服：…`, and on the next line `客户：…`.
//!
//! To take one for a canned reply would be to correct what customers wrote.

use super::division::count_from_start;
use super::faq;
use super::labelled_line::LabelledLine;
use super::located::Located;
use super::names::Names;
use super::plain_text;
use super::reading::{Block, Context, Matter, ReadOptions, Sample, Sink};
use super::{Conversation, Kind, Place, Speaker, Turn};

/// A transcript within a text.
#[derive(Debug)]
pub(super) struct Dialogue {
    pub turns: Vec<Turn>,
    pub kind: Kind,
}

impl Dialogue {
    /// The transcript that a text is which stands at this place; none where its lines have no labels.
    pub(super) fn of(text: &str, place: &Place, context: &Context<'_>) -> Option<Self> {
        if !may_have_labels(text) {
            return None;
        }
        let sample = Sample::new("", Matter::Text(text));
        (plain_text::FORMAT.recognise)(&sample, context)?;
        let options = ReadOptions::default();
        let mut dialogue = Self { turns: Vec::new(), kind: Kind::Chat };
        let mut take = |read: Result<Conversation, _>| {
            // A blank line within a cell ends nothing: the cell does.
            if let Ok(conversation) = read {
                dialogue.kind = if conversation.kind == Kind::Call { Kind::Call } else { dialogue.kind };
                dialogue.turns.extend(conversation.turns);
            }
        };
        let mut sink = Sink::new("", &options, &mut take);
        let mut reader = plain_text::open(&sample, context);
        reader.block(&Block::whole(text), context, &mut sink);
        reader.finish(context, &mut sink);
        for turn in &mut dialogue.turns {
            turn.place = Located::within(&turn.text, &turn.place, text, place);
        }
        count_from_start(&mut dialogue.turns);
        (!dialogue.turns.is_empty()).then_some(dialogue)
    }

    /// The same of a text that nothing but itself tells to be one: two talk, one of whom is known, from the first line on.
    pub(super) fn by_itself(text: &str, place: &Place, context: &Context<'_>) -> Option<Self> {
        // Nearly all texts are of one line, and no transcripts.
        if !text.trim().contains(['\n', '\r']) || !may_have_labels(text) || is_questions(text) {
            return None;
        }
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
        let names = Names::in_lines(lines(), context.speakers);
        LabelledLine::parse(lines().next()?, context.speakers, &names)?;
        Self::of(text, place, context).filter(Self::is_of_two)
    }

    /// Whether at least two speak, one of whom is known.
    fn is_of_two(&self) -> bool {
        let who = |turn: &Turn| (turn.speaker, turn.name.clone());
        let is_known = |turn: &Turn| matches!(turn.speaker, Speaker::Agent | Speaker::Customer);
        let first = self.turns.first().map(who);
        self.turns.iter().any(is_known) && self.turns.iter().any(|turn| Some(who(turn)) != first)
    }
}

/// Whether a text holds one of the marks that divide a label from words.
fn may_have_labels(text: &str) -> bool {
    text.contains([':', '：', '\t', '|', '｜']) || text.contains(" - ")
}

/// Whether these values of a column, or nearly all of them, are transcripts.
pub(super) fn are_dialogues(values: &[String], context: &Context<'_>) -> bool {
    if !values.iter().any(|value| value.contains(['\n', '\r'])) {
        return false;
    }
    let (mut all, mut whole, mut single) = (0, 0, 0);
    for value in values.iter().filter(|value| !value.is_empty()) {
        all += 1;
        if Dialogue::by_itself(value, &Place::Nowhere, context).is_some() {
            whole += 1;
        } else if !is_questions(value) && Dialogue::of(value, &Place::Nowhere, context).is_some() {
            // The customer left before anybody answered.
            single += 1;
        }
    }
    whole * 2 >= all && (whole + single) * 5 >= all * 4
}

/// Whether a text is a question and its answer, as canned replies are kept: 问：…, and on the next line 答：….
fn is_questions(text: &str) -> bool {
    text.lines().any(|line| line.trim().split_once([':', '：']).is_some_and(|(label, _)| faq::is_label(label.trim())))
}

#[cfg(test)]
mod tests {
    use super::super::Speakers;
    use super::*;

    fn found(text: &str) -> Option<Vec<(Speaker, String)>> {
        let (speakers, options) = (Speakers::default(), ReadOptions::default());
        let context = Context { speakers: &speakers, options: &options };
        let dialogue = Dialogue::by_itself(text, &Place::Verbatim(100), &context)?;
        for turn in &dialogue.turns {
            let place = turn.place.source_range(0..turn.text.len()).unwrap();
            assert_eq!(text[place.start - 100..place.end - 100].replace("\r\n", "\n"), turn.text);
        }
        Some(dialogue.turns.into_iter().map(|turn| (turn.speaker, turn.text)).collect())
    }

    #[test]
    fn lines_of_two_who_talk_are_a_dialogue() {
        use Speaker::{Agent, Customer};
        let said = |speaker, text: &str| (speaker, text.to_owned());
        assert_eq!(found("客服：您好\n客户：在吗"), Some(vec![said(Agent, "您好"), said(Customer, "在吗")]));
        assert_eq!(
            found("[10:00:05] 客服 小李：您好\r\n请讲\r\n\r\n[10:00:09] 客户：在吗"),
            Some(vec![said(Agent, "您好\n请讲"), said(Customer, "在吗")])
        );
        assert_eq!(found("小美：您好\n客户：在吗"), Some(vec![said(Agent, "您好"), said(Customer, "在吗")]));
    }

    #[test]
    fn a_reply_of_several_lines_is_none() {
        for text in [
            "您好\n请稍等",
            "客服：您好",
            "客服：您好\n客服：请稍等",
            "问：几点下班？\n答：您好，六点",
            "您好：\n客服：在\n客户：好",
            "温馨提示：您好\n注意：请稍等",
            "客服电话：400\n客服热线：500",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
