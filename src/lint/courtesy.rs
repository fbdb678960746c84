//! Courtesy in figures: how often the agent uses the words that packs count.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::rule::Rules;

use super::clause::Seen;
use super::heard::Heard;
use super::matcher::{Matcher, Reach};
use super::selection::Selection;

/// Sums that add up over conversations; a report divides them, per 100 agent turns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Courtesy {
    /// Turns of the agent, notices not counted.
    pub agent_turns: u64,
    /// How often each word was said, as the pack calls it.
    pub words: BTreeMap<String, u64>,
}

impl Courtesy {
    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.agent_turns == 0
    }

    /// Adds the sums of other turns.
    pub fn add(&mut self, other: &Self) {
        self.agent_turns += other.agent_turns;
        for (word, count) in &other.words {
            match self.words.get_mut(word) {
                Some(sum) => *sum += count,
                None => _ = self.words.insert(word.clone(), *count),
            }
        }
    }
}

/// What is counted, ready to match.
#[derive(Debug)]
pub(super) struct Counters {
    labels: Vec<String>,
    /// Every pattern with the number of its counter; those of a counter together.
    matchers: Vec<(usize, Matcher)>,
}

impl Counters {
    pub fn new(rules: &Rules, selection: &Selection) -> Self {
        let mut counters = Self { labels: Vec::new(), matchers: Vec::new() };
        for count in rules.counts.iter().filter(|count| selection.is_on(&count.id)) {
            let counter = counters.labels.len();
            counters.labels.push(count.label.clone());
            counters.matchers.extend(count.patterns.iter().map(|pattern| (counter, Matcher::new(pattern, Reach::Clause))));
        }
        counters
    }

    /// Whether there is nothing to count.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// All patterns, which are numbered in this order.
    pub fn matchers(&self) -> impl Iterator<Item = &Matcher> {
        self.matchers.iter().map(|(_, matcher)| matcher)
    }

    /// A pattern by its number.
    pub fn matcher(&self, number: u32) -> &Matcher {
        &self.matchers[number as usize].1
    }

    /// How often the words stand in a turn of an agent: the counter's number, and how often. `seen` are the patterns that match.
    pub fn count(&self, seen: &[Seen]) -> Vec<(usize, u64)> {
        let counter = |seen: &Seen| self.matchers[seen.pattern as usize].0;
        let of_counters = seen.chunk_by(|one, other| counter(one) == counter(other));
        of_counters.map(|seen| (counter(&seen[0]), apart(seen.iter().map(|seen| seen.matched.span.clone()).collect()))).collect()
    }

    /// The sums over the turns of an agent.
    pub fn courtesy<'h>(&self, turns: impl Iterator<Item = &'h Heard>) -> Courtesy {
        let mut sums = vec![0; self.labels.len()];
        let mut agent_turns = 0;
        for turn in turns.filter(|_| !self.is_empty()) {
            agent_turns += 1;
            turn.counts.iter().for_each(|(counter, count)| sums[*counter] += count);
        }
        let mut courtesy = Courtesy { agent_turns, words: BTreeMap::new() };
        if courtesy.is_empty() {
            return courtesy;
        }
        courtesy.words = self.labels.iter().cloned().zip(sums).collect();
        courtesy
    }
}

/// How many matches stand apart: 感谢您 is one thanks, though 谢您 is another way to say it.
fn apart(mut spans: Vec<Range<usize>>) -> u64 {
    spans.sort_by_key(|span| span.end);
    let (mut count, mut from) = (0, 0);
    for span in spans {
        if span.start >= from {
            (count, from) = (count + 1, span.end);
        }
    }
    count
}
