//! Tencent Cloud's recognition of recordings (录音文件识别): sentences with the number of their speaker.
//!
//! Source of the field names: `DescribeTaskStatus`, cloud.tencent.com/document/product/1093. Which number is the agent
//! only the user knows: `--speaker 0=agent`.

use super::json_elements::{Elements, open};
use super::json_object::{Object, Whereabouts};
use super::messages::{lacks, turns};
use super::reading::{Context, Reading, Sample, Sink};
use super::{Conversation, Format, Kind, Moment, Speaker, Turn};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "tencent-asr",
    looks_like: r#"{"ResultDetail":[{"FinalSentence":…,"StartMs":…,"SpeakerId":0}]}, of Tencent ASR; needs --speaker 0=agent"#,
    recognise,
    reading: Reading::Sequence(open::<Recordings>),
};

/// Where the sentences stand: alone, in a callback, in an answer of the API.
const LISTS: [&str; 3] = ["ResultDetail", "Data.ResultDetail", "Response.Data.ResultDetail"];

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    let outline = sample.outline()?;
    let list = LISTS.into_iter().find(|list| outline.has(&[&format!("{list}[].FinalSentence")]))?;
    Some(format!("JSON with `FinalSentence` in `{list}[]`, as Tencent ASR writes"))
}

#[derive(Default)]
struct Recordings;

impl Elements for Recordings {
    fn element(&mut self, object: &Object<'_>, number: usize, at: &Whereabouts<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let response = object.object("Response");
        let data = response.as_ref().unwrap_or(object).object("Data");
        let task = data.as_ref().unwrap_or(object);
        let Some(sentences) = task.array("ResultDetail") else { return lacks("ResultDetail", object, at, sink) };
        let id = task.word("TaskId").unwrap_or_else(|| number.to_string());
        let turns = turns(&sentences, &id, "FinalSentence", at, sink, |sentence| {
            let (text, place) = sentence.located("FinalSentence", at)?;
            let number = sentence.word("SpeakerId");
            let speaker = number.as_deref().and_then(|number| context.speakers.role(number)).unwrap_or(Speaker::Unknown);
            let offset = |key| sentence.number(key).map(|millis| Moment::from_offset_millis(millis as i64));
            Some(Turn {
                speaker,
                name: number.filter(|_| speaker == Speaker::Unknown),
                text,
                start: offset("StartMs"),
                end: offset("EndMs"),
                place,
            })
        });
        sink.conversation(Conversation { id, kind: Kind::Call, turns, ..Conversation::default() });
    }
}
