//! Which rules are on, and how severe: what a user says on top of the packs.

use crate::rule::Rules;
use crate::violation::Severity;

/// Rules chosen by id (`address/nin`) or category (`address`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// Only these; all where empty.
    pub select: Vec<String>,
    /// Not these.
    pub ignore: Vec<String>,
    /// Severities by id or category; the last that fits counts.
    pub severities: Vec<(String, Severity)>,
    /// What a violation costs, by id or category; the last that fits counts.
    pub points: Vec<(String, u32)>,
}

impl Selection {
    /// Whether a rule is on. An id that is named outweighs a category that is named.
    pub fn is_on(&self, id: &str) -> bool {
        let named = |names: &[String], wanted: &str| names.iter().any(|name| name == wanted);
        let category = category(id);
        if named(&self.ignore, id) {
            return false;
        }
        if named(&self.select, id) {
            return true;
        }
        !named(&self.ignore, category) && (self.select.is_empty() || named(&self.select, category))
    }

    /// The severity that was set for a rule.
    pub fn severity(&self, id: &str) -> Option<Severity> {
        last(&self.severities, id)
    }

    /// The points that were set for a rule.
    pub fn points(&self, id: &str) -> Option<u32> {
        last(&self.points, id)
    }

    /// The names in this selection that are neither an id nor a category of `rules`, each with the nearest that is.
    pub fn unknown(&self, rules: &Rules) -> Vec<(String, Option<String>)> {
        let ids = rules.ids();
        let known = |name: &str| ids.contains(name) || ids.iter().any(|id| category(id) == name);
        let lists = self.select.iter().chain(&self.ignore);
        let names = lists.chain(self.severities.iter().map(|(name, _)| name)).chain(self.points.iter().map(|(name, _)| name));
        names.filter(|name| !known(name)).map(|name| (name.clone(), rules.nearest(name))).collect()
    }
}

/// The last value of an id, or else of its category.
fn last<T: Copy>(values: &[(String, T)], id: &str) -> Option<T> {
    let by = |wanted: &str| values.iter().rev().find(|(name, _)| name == wanted).map(|(_, value)| *value);
    by(id).or_else(|| by(category(id)))
}

/// The first half of a rule id.
fn category(id: &str) -> &str {
    id.split_once('/').map_or(id, |(category, _)| category)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_outweigh_categories() {
        let selection = Selection {
            select: vec!["asking".into(), "blame/wrong".into()],
            ignore: vec!["asking/name".into(), "blame".into()],
            severities: vec![("asking".into(), Severity::Error), ("asking/phone".into(), Severity::Info)],
            points: vec![("asking".into(), 3), ("asking/name".into(), 0)],
        };
        assert!(selection.is_on("asking/phone"));
        assert!(!selection.is_on("asking/name"));
        assert!(selection.is_on("blame/wrong"));
        assert!(!selection.is_on("blame/argue"));
        assert!(!selection.is_on("address/nin"));
        assert_eq!(selection.severity("asking/phone"), Some(Severity::Info));
        assert_eq!(selection.severity("asking/name"), Some(Severity::Error));
        assert_eq!(
            (selection.points("asking/phone"), selection.points("asking/name"), selection.points("blame/wrong")),
            (Some(3), Some(0), None)
        );
        assert!(Selection::default().is_on("address/nin"));
    }
}
