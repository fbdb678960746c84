//! Rules as bytes, so that a program carries its built-in rules parsed and checked.
//!
//! A pattern is stored as its text, its required literals and the number of its scope. Its tree is parsed when a
//! literal was found and the pattern is first tried, which of thousands few ever are.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::alternatives::Alternatives;
use super::check::Check;
use super::pattern::Pattern;
use super::rules::Rules;
use super::words::{ClassText, Words};

/// All that is stored. Most examples in packs and the warnings of their reading are not.
#[derive(Serialize)]
struct Written<'r> {
    scopes: Vec<&'r BTreeMap<String, ClassText>>,
    rules: &'r Rules,
}

#[derive(Deserialize)]
struct Read {
    scopes: Vec<BTreeMap<String, ClassText>>,
    rules: Rules,
}

impl Rules {
    /// The rules as bytes, for [`Rules::from_bytes`] of the same version of this crate.
    ///
    /// # Errors
    /// None that is known: the types have a form as bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_allocvec(&Written { scopes: self.scopes.iter().map(|words| words.classes()).collect(), rules: self })
    }

    /// The alternatives of the patterns that checks listen for, as bytes, for the same function.
    ///
    /// # Errors
    /// None that is known: the types have a form as bytes.
    pub fn alternatives_to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        let said =
            self.checks.iter().flat_map(Check::utterances).flat_map(|utterance| utterance.said.patterns().iter().chain(&utterance.except));
        let cues = [
            &self.known.cut_start,
            &self.known.cut_end,
            &self.known.ask_to_wait,
            &self.known.ask_to_act,
            &self.known.customer_busy,
            &self.known.ok,
        ];
        Alternatives::to_bytes(said.chain(cues.into_iter().flatten()).cloned())
    }

    /// The rules that [`Rules::to_bytes`] gave, with what [`Rules::alternatives_to_bytes`] gave.
    ///
    /// # Errors
    /// The bytes are not from there.
    pub fn from_bytes(bytes: &[u8], alternatives: &'static [u8]) -> Result<Self, postcard::Error> {
        let Read { scopes, mut rules } = postcard::from_bytes(bytes)?;
        for (number, classes) in (0..).zip(scopes) {
            let shared = rules.scopes.first().cloned();
            rules.scopes.push(Arc::new(Words::new(number, classes, shared)));
        }
        rules.attach();
        rules.alternatives = Arc::new(Alternatives::stored(alternatives, rules.scopes.clone()));
        Ok(rules)
    }

    /// Tells every pattern where its word classes are.
    fn attach(&mut self) {
        let scopes = &self.scopes;
        let attach = |patterns: &mut [Arc<Pattern>]| {
            for pattern in patterns.iter_mut().filter_map(Arc::get_mut) {
                pattern.attach(scopes);
            }
        };
        for phrase in self.phrases.iter_mut().filter_map(Arc::get_mut) {
            attach(&mut phrase.improper);
            attach(&mut phrase.except);
            attach(&mut phrase.unless.sentence);
            attach(&mut phrase.unless.answer);
        }
        for utterance in self.checks.iter_mut().flat_map(Check::utterances_mut) {
            attach(&mut utterance.except);
            attach(utterance.said.patterns_mut());
        }
        for count in &mut self.counts {
            attach(&mut count.patterns);
        }
        for known in self.known.all_mut() {
            known.iter_mut().for_each(|pattern| attach(std::slice::from_mut(pattern)));
        }
    }
}
