//! Courtesy in figures: how often the agent uses the words that packs count.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::rule::{Pattern, Rules};
use crate::text::Folded;

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

    /// How often a word was said in 100 turns; 0 without turns.
    #[allow(clippy::cast_precision_loss)]
    pub fn per_hundred(&self, word: &str) -> f64 {
        let count = self.words.get(word).copied().unwrap_or(0);
        count as f64 * 100.0 / self.agent_turns.max(1) as f64
    }
}

/// What is counted, ready to match.
#[derive(Debug)]
pub(super) struct Counters {
    counters: Vec<(String, Vec<Matcher>)>,
}

impl Counters {
    pub fn new(rules: &Rules, selection: &Selection) -> Self {
        let counted = rules.counts.iter().filter(|count| selection.is_on(&count.id));
        let ready = |patterns: &[Arc<Pattern>]| patterns.iter().map(|pattern| Matcher::new(pattern, Reach::Clause)).collect();
        Self { counters: counted.map(|count| (count.label.clone(), ready(&count.patterns))).collect() }
    }

    /// Whether there is nothing to count.
    pub fn is_empty(&self) -> bool {
        self.counters.is_empty()
    }

    /// Counts in the turns of an agent.
    pub fn count<'f>(&self, turns: impl Iterator<Item = &'f Folded>) -> Courtesy {
        let mut counts = vec![0; self.counters.len()];
        let mut agent_turns = 0;
        for turn in turns.filter(|_| !self.is_empty()) {
            agent_turns += 1;
            for (sum, (_, matchers)) in counts.iter_mut().zip(&self.counters) {
                *sum += apart(matchers, turn.as_str());
            }
        }
        let mut courtesy = Courtesy { agent_turns, words: BTreeMap::new() };
        if courtesy.is_empty() {
            return courtesy;
        }
        // Labels may come twice, from two packs: they are one word.
        for ((label, _), count) in self.counters.iter().zip(counts) {
            *courtesy.words.entry(label.clone()).or_insert(0) += count;
        }
        courtesy
    }
}

/// How many matches stand apart: 感谢您 is one thanks, though 谢您 is another way to say it.
fn apart(matchers: &[Matcher], text: &str) -> u64 {
    let mut spans: Vec<_> = matchers.iter().flat_map(|matcher| matcher.matches(text)).map(|matched| matched.span).collect();
    spans.sort_by_key(|span| span.end);
    let (mut count, mut from) = (0, 0);
    for span in spans {
        if span.start >= from {
            (count, from) = (count + 1, span.end);
        }
    }
    count
}
