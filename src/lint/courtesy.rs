//! Courtesy in figures: how often the agent uses the words that packs count.

use std::sync::Arc;

use crate::rule::{Pattern, Rules};
use crate::text::Folded;

use super::matcher::{Matcher, Reach};
use super::selection::Selection;

/// Sums that add up over conversations; a report divides them, per 100 agent turns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Courtesy {
    /// Turns of the agent, notices not counted.
    pub agent_turns: u64,
    /// How often each of [`super::RuleSet::courtesy_labels`] was said, in their order.
    pub counts: Vec<u64>,
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

    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.counters.iter().map(|(label, _)| label.as_str())
    }

    /// Counts in the turns of an agent.
    pub fn count<'f>(&self, turns: impl Iterator<Item = &'f Folded>) -> Courtesy {
        let mut courtesy = Courtesy { agent_turns: 0, counts: vec![0; self.counters.len()] };
        for turn in turns {
            courtesy.agent_turns += 1;
            for (sum, (_, matchers)) in courtesy.counts.iter_mut().zip(&self.counters) {
                *sum += apart(matchers, turn.as_str());
            }
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
