//! What reports tell of the rules themselves: titles, reasons, an example. A finding holds only the rule's id.

use std::collections::{BTreeMap, BTreeSet};

use crate::rule::{Piece, Profile, Rules, Template, Wording};
use crate::violation::Severity;

/// Improper examples of a rule that are told.
const EXAMPLES: usize = 3;

/// The rules by id.
#[derive(Debug, Clone, Default)]
pub struct RuleBook {
    rules: BTreeMap<String, RuleEntry>,
    categories: BTreeMap<String, Wording>,
}

/// What is told of a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleEntry {
    /// A short name.
    pub title: Wording,
    /// One sentence that says why it is improper.
    pub why: Wording,
    /// Where the rule comes from.
    pub source: String,
    /// How grave it is, at its gravest; none where it is off in every profile.
    pub severity: Option<Severity>,
    /// A few sentences that break it.
    pub improper: Vec<String>,
    /// What to say instead.
    pub professional: Vec<String>,
}

impl RuleBook {
    /// Takes from the rules what reports tell of them.
    pub fn new(rules: &Rules) -> Self {
        let mut book = Self::default();
        book.add(rules);
        book
    }

    /// Adds rules that are not in the book, as where files of one run have different packs.
    pub fn add(&mut self, rules: &Rules) {
        let mut more = Self { rules: BTreeMap::new(), categories: rules.categories.clone() };
        for row in &rules.phrases {
            let entry = more.rules.entry(row.id.to_string()).or_insert_with(|| entry(&row.title, &row.why, &row.source));
            let professional: Vec<_> = row.professional.iter().map(shown).collect();
            let severity = Profile::ALL.into_iter().filter_map(|profile| row.severity.get(profile)).max();
            entry.add(severity, &row.specs.bad, professional);
        }
        for row in &rules.checks {
            let entry = more.rules.entry(row.id.to_string()).or_insert_with(|| entry(&row.title, &row.why, &row.source));
            let severity = Profile::ALL.into_iter().filter_map(|profile| row.severity.get(profile)).max();
            entry.add(severity, &row.specs.bad, row.professional.clone());
        }
        for (id, entry) in more.rules {
            self.rules.entry(id).or_insert(entry);
        }
        for (name, title) in more.categories {
            self.categories.entry(name).or_insert(title);
        }
    }

    /// A rule; none where its pack is not loaded.
    pub fn get(&self, id: &str) -> Option<&RuleEntry> {
        self.rules.get(id)
    }

    /// The rule's title in both scripts; its id where its pack is not loaded.
    pub fn title(&self, id: &str) -> Wording {
        let known = self.rules.get(id).map(|entry| &entry.title).filter(|title| !title.hans.is_empty());
        known.cloned().unwrap_or_else(|| Wording { hans: id.into(), ..Wording::default() })
    }

    /// The title of a category in both scripts; its name where no pack that is loaded gives it one.
    pub fn category(&self, name: &str) -> Wording {
        self.categories.get(name).cloned().unwrap_or_else(|| Wording { hans: name.into(), ..Wording::default() })
    }
}

/// The first half of a rule id.
pub(super) fn category(rule: &str) -> &str {
    rule.split_once('/').map_or(rule, |(category, _)| category)
}

fn entry(title: &Wording, why: &Wording, source: &str) -> RuleEntry {
    RuleEntry { title: title.clone(), why: why.clone(), source: source.to_owned(), ..RuleEntry::default() }
}

impl RuleEntry {
    fn add(&mut self, severity: Option<Severity>, bad: &[(usize, String)], professional: Vec<String>) {
        self.severity = self.severity.max(severity);
        let room = EXAMPLES.saturating_sub(self.improper.len());
        let examples = bad.iter().map(|(_, example)| example.split('→').next().unwrap_or_default().trim());
        // Of every row its first, so that the examples differ.
        self.improper.extend(examples.take(room.min(1)).map(str::to_owned));
        let mut known: BTreeSet<String> = self.professional.iter().cloned().collect();
        self.professional.extend(professional.into_iter().filter(|text| known.insert(text.clone())).take(1));
        self.professional.truncate(EXAMPLES);
    }
}

/// A rewrite as the pack writes it, with `……` for what it captures.
fn shown(template: &Template) -> String {
    let pieces = template.pieces.iter().map(|piece| match piece {
        Piece::Text(text) => text.as_str(),
        Piece::Capture(_) => "……",
    });
    pieces.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin;
    use crate::rule::Pack;

    #[test]
    fn every_built_in_rule_is_told_of() {
        let rules = builtin::rules();
        let book = RuleBook::new(&rules);
        assert_eq!(
            book.rules.len(),
            rules.phrases.iter().map(|row| &row.id).chain(rules.checks.iter().map(|row| &row.id)).collect::<BTreeSet<_>>().len()
        );
        for (id, entry) in &book.rules {
            assert!(!entry.title.hans.is_empty() && !entry.why.hans.is_empty(), "{id}");
            assert!(!entry.improper.is_empty() && entry.improper.len() <= EXAMPLES, "{id}");
            assert!(book.categories.contains_key(category(id)), "{id}");
        }
        for row in rules.checks.iter() {
            let entry = book.get(&row.id).cloned().unwrap_or_default();
            assert!(entry.severity.is_some() && !entry.title.hant.is_empty() && !entry.why.hant.is_empty(), "{}", row.id);
        }
        assert_eq!(book.title("house/unknown").hans, "house/unknown");
        assert_eq!(book.category("house").hans, "house");
    }

    #[test]
    fn a_category_without_a_title_goes_by_its_name() {
        let rules = |text: &str| Rules::new(&[Pack::parse("house.toml", text).expect("it is a pack")]).expect("it is right");
        let untitled = "[pack]\ncategory = \"asking\"\n";
        assert_eq!(RuleBook::new(&rules(untitled)).category("asking").hans, "asking");
        let mut book = RuleBook::new(&rules("[pack]\ncategory = \"asking\"\ntitle = \"询问\"\n"));
        book.add(&rules(untitled));
        assert_eq!(book.category("asking").hans, "询问");
    }
}
