//! Whether an obligation was kept: the window of turns, and what is said in it.

use std::ops::Range;
use std::time::Duration;

use smallvec::SmallVec;

use crate::rule::{Extent, Window};
use crate::transcript::Speaker;

use super::super::told::Number;
use super::condition::Place;
use super::dialogue::Dialogue;
use super::hearing::Hearing;

/// A term with its words as numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub words: Number,
    pub within: Window,
    pub until: Option<Number>,
    /// Turns in which this is said are passed over.
    pub past: Option<Number>,
    /// It must not be said.
    pub forbidden: bool,
}

/// How an obligation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    pub verdict: Verdict,
    /// The spoken turn that settled it: until then no second obligation of the check arises.
    pub settled: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    Kept,
    /// The log does not tell.
    Unknown,
    Broken(Breach),
}

/// What was found instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Breach {
    /// The forbidden words, or the first words where others were expected.
    pub said: Option<Passage>,
    /// The words that closed the window.
    pub closed_by: Option<Passage>,
    /// Milliseconds without a word, where the window is one of time.
    pub waited: Option<i64>,
}

/// Words of the conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Passage {
    /// The turn of the conversation.
    pub turn: usize,
    /// Folded bytes of it.
    pub span: Range<usize>,
}

/// What closes a window.
struct Closing {
    /// The spoken turn it stands in, or before; behind the last where nothing was said any more.
    spoken: usize,
    /// It stands in that turn.
    is_spoken: bool,
    /// The folded byte of it.
    at: usize,
    words: Passage,
}

/// Judges an obligation that arose at `place`.
pub(super) fn judge(wanted: Wanted, place: &Place, hearing: &Hearing<'_>) -> Outcome {
    let dialogue = hearing.dialogue;
    let speaker = hearing.speaker(wanted.words);
    let is_past = |turn: usize| wanted.past.is_some_and(|past| hearing.heard(past, turn).next().is_some());
    let reach = reach(wanted.within, place, dialogue, speaker, is_past);
    let closing = wanted.until.and_then(|until| closing(until, place, hearing));
    let is_open =
        |spoken: usize, span: &Range<usize>| closing.as_ref().is_none_or(|closing| (spoken, span.start) < (closing.spoken, closing.at));
    let words = |spoken: usize, span: Range<usize>| Passage { turn: dialogue.spoken[spoken].turn, span };
    let said = reach
        .turns
        .iter()
        .find_map(|&turn| hearing.heard(wanted.words, turn).find(|span| is_open(turn, span)).map(|span| (turn, span.clone())));
    // What stands behind the closing words was not said instead.
    let is_before = |spoken: &&usize| {
        closing.as_ref().is_none_or(|closing| **spoken < closing.spoken || closing.is_spoken && **spoken == closing.spoken)
    };
    let instead = if wanted.within.before { reach.turns.last() } else { reach.turns.iter().find(is_before) };
    let closed_at = closing.as_ref().map_or(reach.last, |closing| closing.spoken);
    let settled = said.as_ref().map_or(closed_at, |(spoken, _)| *spoken).max(place.spoken);
    let closed_by = closing.map(|closing| closing.words);
    let verdict = match (wanted.forbidden, said) {
        (true, Some((spoken, span))) => Verdict::Broken(Breach { said: Some(words(spoken, span)), closed_by, waited: None }),
        (false, Some(_)) | (true, None) => Verdict::Kept,
        (false, None) if closed_by.is_none() && !reach.complete => Verdict::Unknown,
        // Where nobody served, only that nobody answered can be told.
        (false, None) if !dialogue.has_agent() && !hearing.is_anything(wanted.words) => Verdict::Unknown,
        (false, None) => {
            let said = instead.map(|&spoken| words(spoken, dialogue.spoken[spoken].heard.whole.clone()));
            Verdict::Broken(Breach { said, closed_by, waited: reach.waited })
        }
    };
    Outcome { verdict, settled }
}

/// Some of the spoken turns; a conversation has a few dozen.
type Turns = SmallVec<[usize; 32]>;

/// The turns that a window holds.
struct Reach {
    turns: Turns,
    /// The last spoken turn that belongs to it.
    last: usize,
    /// The log shows it to its end.
    complete: bool,
    waited: Option<i64>,
}

fn reach(window: Window, place: &Place, dialogue: &Dialogue<'_>, speaker: Speaker, is_past: impl Fn(usize) -> bool) -> Reach {
    if let Extent::Time(length) = window.extent {
        return in_time(length, window.before, place, dialogue, speaker);
    }
    // A silence stands between two turns: before it is the turn before.
    let mut turns = if window.before {
        let last = if place.after_silence { place.spoken.checked_sub(1) } else { Some(place.spoken) };
        last.map_or_else(Turns::new, |last| taken((0..=last).rev(), window.extent, dialogue, speaker))
    } else {
        let own = dialogue.spoken[place.spoken].speaker == speaker && !place.after_silence;
        let first = if own && matches!(window.extent, Extent::Answers(_)) { start_of_answer(dialogue, place.spoken) } else { place.spoken };
        taken((first..dialogue.spoken.len()).filter(|turn| !is_past(*turn)), window.extent, dialogue, speaker)
    };
    let full = match window.extent {
        Extent::Turns(count) => turns.len() >= count,
        Extent::Answers(count) => answers(&turns, dialogue) >= count && turns.last().is_some_and(|last| last + 1 < dialogue.spoken.len()),
        _ => false,
    };
    let last = match window.extent {
        _ if window.before => place.spoken,
        Extent::Whole => dialogue.spoken.len(),
        _ => turns.last().copied().filter(|_| full).unwrap_or(dialogue.spoken.len()),
    };
    let complete = full || if window.before { !dialogue.cut_start } else { !dialogue.cut_end };
    turns.sort_unstable();
    Reach { turns, last, complete, waited: None }
}

/// The turns of a speaker, as many as the extent takes.
fn taken(from: impl Iterator<Item = usize>, extent: Extent, dialogue: &Dialogue<'_>, speaker: Speaker) -> Turns {
    let mut turns = Turns::new();
    let mut runs = 0;
    let mut inside = false;
    for turn in from {
        let own = dialogue.spoken[turn].speaker == speaker;
        runs += usize::from(own && !inside);
        inside = own;
        match extent {
            Extent::Turns(count) if turns.len() == count => break,
            Extent::Answers(count) if runs > count || (runs == count && !own) => break,
            _ => {}
        }
        if own {
            turns.push(turn);
        }
    }
    turns
}

fn answers(turns: &[usize], dialogue: &Dialogue<'_>) -> usize {
    let (Some(&one), Some(&other)) = (turns.first(), turns.last()) else { return 0 };
    let (first, last) = (one.min(other), one.max(other));
    let speaker = dialogue.spoken[first].speaker;
    1 + (first + 1..=last).filter(|&turn| dialogue.spoken[turn].speaker == speaker && dialogue.spoken[turn - 1].speaker != speaker).count()
}

fn start_of_answer(dialogue: &Dialogue<'_>, turn: usize) -> usize {
    let speaker = dialogue.spoken[turn].speaker;
    dialogue.spoken[..turn].iter().rposition(|spoken| spoken.speaker != speaker).map_or(0, |other| other + 1)
}

/// So many turns on, what a speaker says is no answer any more.
const ANSWERED_WITHIN: usize = 1000;

fn in_time(length: Duration, before: bool, place: &Place, dialogue: &Dialogue<'_>, speaker: Speaker) -> Reach {
    let limit = i64::try_from(length.as_millis()).unwrap_or(i64::MAX);
    let count = dialogue.spoken.len();
    let passed = |turn: usize| if before { dialogue.between(turn, place.spoken) } else { dialogue.between(place.spoken, turn) };
    let is_own = |turn: &usize| dialogue.spoken[*turn].speaker == speaker;
    let is_beyond = |turn: &usize| passed(*turn).is_some_and(|passed| passed > limit);
    // That the time has passed must be seen: by a later turn of anyone. Nobody looks farther, for a log may be of thousands.
    let (beyond, window) = if before {
        (None, (0..place.spoken).rev().find(is_beyond).map_or(0, |turn| turn + 1)..place.spoken)
    } else {
        let beyond = (place.spoken + 1..count).find(is_beyond);
        (beyond, place.spoken + 1..beyond.unwrap_or(count))
    };
    let turns: Turns = window.filter(|turn| is_own(turn) && passed(*turn).is_some()).collect();
    let spoke = (place.spoken + 1..count).take(ANSWERED_WITHIN).find(is_own).and_then(passed);
    let complete = if before { dialogue.timeline.is_known() && !dialogue.cut_start } else { beyond.is_some() };
    let last = if before { place.spoken } else { beyond.unwrap_or(count) };
    Reach { turns, last, complete, waited: spoke.or_else(|| beyond.and_then(passed)).filter(|_| !before) }
}

/// The first words that close the window, said or told by bot or platform.
fn closing(until: Number, place: &Place, hearing: &Hearing<'_>) -> Option<Closing> {
    let from = place.words.as_ref().map_or(0, |words| words.end);
    let spoken = hearing.places_from(until, place.spoken).find_map(|spoken| {
        let span = hearing.heard(until, spoken).find(|span| spoken > place.spoken || span.start >= from)?;
        Some(Closing {
            spoken,
            is_spoken: true,
            at: span.start,
            words: Passage { turn: hearing.dialogue.spoken[spoken].turn, span: span.clone() },
        })
    });
    spoken.or_else(|| {
        let (aside, span) = hearing.asides(until).find(|(aside, _)| aside.spoken > place.spoken)?;
        Some(Closing { spoken: aside.spoken, is_spoken: false, at: 0, words: Passage { turn: aside.turn, span: span.clone() } })
    })
}
