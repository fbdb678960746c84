//! One automaton over the required literals of all patterns: says which patterns a turn may match.

use aho_corasick::{AhoCorasick, MatchKind};

/// Finds, in one pass over a folded text, the patterns of which a literal is there.
#[derive(Debug)]
pub struct Scanner {
    automaton: Option<AhoCorasick>,
    /// For every literal of the automaton, the patterns that require it.
    owners: Vec<Vec<u32>>,
}

impl Scanner {
    /// Builds the automaton from each pattern's number and literals.
    pub fn new<'p>(patterns: impl Iterator<Item = (u32, &'p [String])>) -> Self {
        let mut wanted: Vec<(&str, u32)> =
            patterns.flat_map(|(pattern, literals)| literals.iter().map(move |literal| (literal.as_str(), pattern))).collect();
        wanted.sort_unstable();
        let mut literals: Vec<&str> = Vec::new();
        let mut owners: Vec<Vec<u32>> = Vec::new();
        for (literal, pattern) in wanted {
            if literals.last() != Some(&literal) {
                literals.push(literal);
                owners.push(Vec::new());
            }
            if let Some(owners) = owners.last_mut() {
                owners.push(pattern);
            }
        }
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&literals).ok();
        Self { automaton, owners }
    }

    /// Puts the numbers of the patterns that `folded` may match into `found`, ascending, each once.
    pub fn candidates(&self, folded: &str, found: &mut Vec<u32>) {
        found.clear();
        let Some(automaton) = &self.automaton else { return };
        for literal in automaton.find_overlapping_iter(folded) {
            found.extend_from_slice(&self.owners[literal.pattern().as_usize()]);
        }
        found.sort_unstable();
        found.dedup();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_literals_are_all_found() {
        let patterns = [vec!["你".to_owned()], vec!["你叫".to_owned(), "您叫".to_owned()], vec!["必须".to_owned()]];
        let scanner = Scanner::new(patterns.iter().enumerate().map(|(number, literals)| (number as u32, literals.as_slice())));
        let mut found = Vec::new();
        scanner.candidates("请问你叫什么", &mut found);
        assert_eq!(found, [0, 1]);
        scanner.candidates("您好", &mut found);
        assert_eq!(found, [] as [u32; 0]);
        Scanner::new(std::iter::empty()).candidates("您好", &mut found);
        assert_eq!(found, [] as [u32; 0]);
    }
}
