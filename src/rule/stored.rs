//! Rules as bytes, so that a program carries its built-in rules parsed and checked.
//!
//! A pattern is stored as its text, its required literals and the number of its scope. Its tree is parsed when a
//! literal was found and the pattern is first tried, which of thousands few ever are.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::alternatives::Alternatives;
use super::check::Check;
use super::pack_text::PackText;
use super::pattern::Pattern;
use super::rules::Rules;
use super::words::{ClassText, Words};

/// Rules as a program carries them.
#[derive(Debug)]
pub struct Stored<B, T> {
    /// The rules themselves.
    pub rules: B,
    /// What the patterns of checks are made of, which canned replies need not know.
    pub alternatives: B,
    /// All texts in both.
    pub texts: T,
}

/// Those that this program carries.
pub type Carried = Stored<&'static [u8], &'static str>;

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
    /// The rules for [`Rules::from_stored`] of the same version of this crate.
    ///
    /// # Errors
    /// None that is known: the types have a form as bytes.
    pub fn to_stored(&self) -> Result<Stored<Vec<u8>, String>, postcard::Error> {
        let written = Written { scopes: self.scopes.iter().map(|words| words.classes()).collect(), rules: self };
        let (bytes, texts) = PackText::gathered(|| Ok((postcard::to_allocvec(&written)?, self.alternatives_to_bytes()?)));
        let (rules, alternatives) = bytes?;
        Ok(Stored { rules, alternatives, texts })
    }

    /// The alternatives of the patterns that checks listen for.
    fn alternatives_to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
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

    /// The rules that [`Rules::to_stored`] gave.
    ///
    /// # Errors
    /// They are not from there.
    pub fn from_stored(stored: &'static Carried) -> Result<Self, postcard::Error> {
        let Read { scopes, mut rules } = PackText::parts_of(stored.texts, || postcard::from_bytes(stored.rules))?;
        for (number, classes) in (0..).zip(scopes) {
            let shared = rules.scopes.first().cloned();
            rules.scopes.push(Arc::new(Words::new(number, classes, shared)));
        }
        rules.attach();
        rules.alternatives = Arc::new(Alternatives::stored(stored, rules.scopes.clone()));
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
