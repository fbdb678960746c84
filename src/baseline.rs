//! The baseline: violations that were there when a house began to lint, and that are not reported again.
//!
//! A violation is known by its file, its rule and the sentence with its words, not by its line: a reply may move. What can
//! safely be put right in the sentence counts as if it were: what is left behind `--fix` was there before. How
//! many alike there were is counted, so one more is new. A reply may move to another file of the run as well: what a
//! file has too many is taken for what another has too few, be it that the other comes later in the run; so exactly as
//! many are reported as there are more than before. A file that is not part of the run keeps what it has.
//!
//! The file is text, sorted, a line for each kind of violation, so that changes of two people merge line by line:
//!
//! ```text
//! # phrase-lint baseline 1
//! replies/after.csv<tab>address/nin<tab>2<tab>1f0c…<tab>你的订单到了。
//! ```
//!
//! File names are relative to the folder of the baseline. The sentence is for people and is not read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::report::{ViolationRecord, of_words, of_words_put_right, visible};

/// The first line; the number is the version of what follows.
const HEADER: &str = "# phrase-lint baseline 1";

/// What a person finds behind the header.
const EXPLANATION: &str = "\
# Violations that are not reported: file, rule, how often, fingerprint of rule and words, sentence.
# Renewed by `phrase-lint check … --baseline THIS --write-baseline`; what is gone is taken out by --prune-baseline.";

/// Characters of a sentence that are shown.
const SHOWN: usize = 60;

/// Violations that are not reported, and what a run found of them.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    entries: BTreeMap<Key, Entry>,
    /// The files that the run reads.
    run: BTreeSet<String>,
    /// Those that it has read to their end.
    read: BTreeSet<String>,
    /// What it hid.
    hidden: BTreeMap<Key, Entry>,
    /// By rule and fingerprint, the files whose entries may be used up for others; made when first needed.
    elsewhere: Option<BTreeMap<(String, String), Vec<String>>>,
}

/// What a violation is known by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    file: String,
    rule: String,
    fingerprint: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    /// How many are still to be found, or were.
    count: u64,
    sentence: String,
}

/// An entry of which there are not as many any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// The file, relative to the baseline's folder.
    pub file: String,
    /// The rule.
    pub rule: String,
    /// How many are gone.
    pub count: u64,
    /// The sentence, as the baseline shows it.
    pub sentence: String,
}

/// A line of a baseline that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct Damaged {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub what: String,
}

impl Baseline {
    /// Reads the text of a baseline.
    ///
    /// # Errors
    /// The first line that is none.
    pub fn parse(text: &str) -> Result<Self, Damaged> {
        let mut baseline = Self::default();
        let mut lines = text.trim_start_matches('\u{FEFF}').lines().enumerate();
        match lines.next().map(|(_, line)| line.trim_end()) {
            Some(HEADER) => {}
            Some(line) if line.starts_with(HEADER.trim_end_matches('1')) => {
                return Err(damaged(
                    0,
                    "it was written by a newer version of phrase-lint; use that version, or write it again with --write-baseline",
                ));
            }
            _ => return Err(damaged(0, format!("this is no baseline, which begins with `{HEADER}`; make one with --write-baseline"))),
        }
        for (index, line) in lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#')) {
            if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| line.starts_with(mark)) {
                return Err(damaged(index, "this is the mark of a merge conflict; keep the lines of both sides and take the marks out"));
            }
            let (key, entry) = entry(line).map_err(|what| damaged(index, what))?;
            // Two who merge bring the same entry: it was there as often as the one says who counted more.
            let known = baseline.entries.entry(key).or_insert(Entry { count: 0, ..entry.clone() });
            known.count = known.count.max(entry.count);
        }
        Ok(baseline)
    }

    /// Says which files the run will read: names relative to the baseline's folder.
    pub fn begin(&mut self, files: impl IntoIterator<Item = String>) {
        self.run = files.into_iter().collect();
        self.elsewhere = None;
    }

    /// Of each violation of a conversation, whether it was there before; each time it is asked, one is used up. `file` is relative
    /// to the baseline's folder, `is_there` says whether there is such a file.
    pub fn hides(&mut self, file: &str, violations: &[ViolationRecord], is_there: impl Fn(&str) -> bool) -> Vec<bool> {
        let mut is_hidden = Vec::with_capacity(violations.len());
        for (violation, keys) in keys(file, violations) {
            let is_known = keys.iter().any(|key| self.take(key)) || keys.iter().any(|key| self.take_elsewhere(key, &is_there));
            is_hidden.push(is_known);
            if is_known {
                let [key, _] = keys;
                self.hide(key, violation);
            }
        }
        is_hidden
    }

    /// Adds the violations of a conversation that are there now.
    pub fn add(&mut self, file: &str, violations: &[ViolationRecord]) {
        for (violation, keys) in keys(file, violations) {
            // Of what was known before, nothing else is known now.
            _ = keys.iter().any(|key| self.take(key));
            let [key, _] = keys;
            self.hide(key, violation);
        }
    }

    /// Says that a file was read to its end.
    pub fn read(&mut self, file: &str) {
        self.read.insert(file.to_owned());
    }

    /// What is gone: of files that were read, and of those that there are no more. Of a rule that was off nobody knows.
    pub fn stale(&self, is_on: impl Fn(&str) -> bool, is_there: impl Fn(&str) -> bool) -> Vec<Stale> {
        let gone = self.entries.iter().filter(|(key, entry)| entry.count > 0 && self.is_gone(key, &is_on, &is_there));
        gone.map(|(key, entry)| Stale {
            file: key.file.clone(),
            rule: key.rule.clone(),
            count: entry.count,
            sentence: entry.sentence.clone(),
        })
        .collect()
    }

    /// The baseline as it should be from now on: what was hidden in this run, and what the run could not know of.
    #[must_use]
    pub fn renewed(&self, is_on: impl Fn(&str) -> bool, is_there: impl Fn(&str) -> bool) -> Self {
        let mut entries = self.hidden.clone();
        for (key, entry) in self.entries.iter().filter(|(key, entry)| entry.count > 0 && !self.is_gone(key, &is_on, &is_there)) {
            entries.entry(key.clone()).or_insert(Entry { count: 0, ..entry.clone() }).count += entry.count;
        }
        Self { entries, ..Self::default() }
    }

    /// How many violations it holds.
    pub fn violations(&self) -> u64 {
        self.entries.values().map(|entry| entry.count).sum()
    }

    /// The text of its file; without the sentences where they are not for everybody.
    pub fn text(&self, with_sentences: bool) -> String {
        let mut text = format!("{HEADER}\n{EXPLANATION}\n");
        for (Key { file, rule, fingerprint }, Entry { count, sentence }) in &self.entries {
            let sentence = if with_sentences { sentence } else { "" };
            text.push_str(&format!("{}\t{}\t{count}\t{fingerprint}\t{sentence}\n", escaped(file), escaped(rule)));
        }
        text
    }

    fn take(&mut self, key: &Key) -> bool {
        let Some(entry) = self.entries.get_mut(key).filter(|entry| entry.count > 0) else { return false };
        entry.count -= 1;
        true
    }

    /// Uses up what another file has that is part of the run or that there is no more: the reply may have moved.
    fn take_elsewhere(&mut self, key: &Key, is_there: impl Fn(&str) -> bool) -> bool {
        let elsewhere = self.elsewhere.get_or_insert_with(|| {
            let mut elsewhere = BTreeMap::<_, Vec<String>>::new();
            // The first in order is used up first: it is the last of its list.
            for other in self.entries.keys().rev() {
                elsewhere.entry((other.rule.clone(), other.fingerprint.clone())).or_default().push(other.file.clone());
            }
            elsewhere
        });
        let Some(files) = elsewhere.get_mut(&(key.rule.clone(), key.fingerprint.clone())) else { return false };
        while let Some(file) = files.last() {
            if self.run.contains(file) || !is_there(file) {
                let other = Key { file: file.clone(), ..key.clone() };
                if let Some(entry) = self.entries.get_mut(&other).filter(|entry| entry.count > 0) {
                    entry.count -= 1;
                    return true;
                }
            }
            // Neither a file outside of the run nor an entry that is used up comes back.
            files.pop();
        }
        false
    }

    fn hide(&mut self, key: Key, violation: &ViolationRecord) {
        let sentence = || {
            let sentence = visible(&violation.sentence).replace(['\t', '\n', '\r'], " ");
            match sentence.char_indices().nth(SHOWN) {
                Some((cut, _)) => format!("{}…", &sentence[..cut]),
                None => sentence,
            }
        };
        self.hidden.entry(key).or_insert_with(|| Entry { count: 0, sentence: sentence() }).count += 1;
    }

    fn is_gone(&self, key: &Key, is_on: &impl Fn(&str) -> bool, is_there: &impl Fn(&str) -> bool) -> bool {
        is_on(&key.rule) && self.read.contains(&key.file) || !is_there(&key.file)
    }
}

/// What each violation of a conversation is known by: as it is written, and as it was written before anything was put right beside
/// it, by which earlier versions knew it.
fn keys<'v>(file: &str, violations: &'v [ViolationRecord]) -> impl Iterator<Item = (&'v ViolationRecord, [Key; 2])> {
    violations.chunk_by(|one, other| one.turn == other.turn).flat_map(move |turn| {
        turn.iter().map(move |violation| {
            let key = |fingerprint| Key { file: file.to_owned(), rule: violation.rule.clone(), fingerprint };
            (violation, [key(of_words_put_right(violation, turn)), key(of_words(violation))])
        })
    })
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.rule)?;
        if self.count > 1 {
            write!(f, " ({} times)", self.count)?;
        }
        if self.sentence.is_empty() { Ok(()) } else { write!(f, ": {}", self.sentence) }
    }
}

fn damaged(index: usize, what: impl Into<String>) -> Damaged {
    Damaged { line: index + 1, what: what.into() }
}

fn entry(line: &str) -> Result<(Key, Entry), String> {
    let fields: Vec<&str> = line.splitn(5, '\t').collect();
    let &[file, rule, count, fingerprint, sentence] = fields.as_slice() else {
        return Err(format!(
            "it has {} of the five columns; take the line out, or write the baseline again with --write-baseline",
            fields.len()
        ));
    };
    let remedy = "take the line out, or write the baseline again with --write-baseline";
    let count =
        count.parse().ok().filter(|count| (1..=1 << 32).contains(count)).ok_or_else(|| format!("`{count}` is no count; {remedy}"))?;
    if fingerprint.len() != 16 || !fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(format!("`{fingerprint}` is no fingerprint of 16 digits; {remedy}"));
    }
    let (Some(file), Some(rule)) = (unescaped(file), unescaped(rule)) else {
        return Err(format!("a name ends within an escape (\\); {remedy}"));
    };
    let key = Key { file, rule, fingerprint: fingerprint.to_ascii_lowercase() };
    Ok((key, Entry { count, sentence: sentence.trim_end_matches('\r').to_owned() }))
}

/// A name on one line and in one column.
fn escaped(name: &str) -> String {
    let mut written = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '\\' => written.push_str("\\\\"),
            '\t' => written.push_str("\\t"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            // A line that begins so is a comment.
            '#' | '<' | '=' | '>' | '|' if written.is_empty() => written.extend(['\\', c]),
            c => written.push(c),
        }
    }
    written
}

fn unescaped(written: &str) -> Option<String> {
    let mut name = String::with_capacity(written.len());
    let mut rest = written.chars();
    while let Some(c) = rest.next() {
        name.push(match c {
            '\\' => match rest.next()? {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                other => other,
            },
            c => c,
        });
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;
    use crate::builtin;
    use crate::lint::{RuleSet, Selection};
    use crate::report::Findings;
    use crate::rule::Profile;
    use crate::text::Lines;
    use crate::transcript::Conversation;

    fn violations(words: &str) -> Vec<ViolationRecord> {
        let reply = Conversation::reply("1", words);
        let examination = RuleSet::new(&builtin::rules(), &Selection::default()).examine(&reply, Profile::Replies);
        Findings::new("a", &reply, &examination, &Lines::new("", 1)).violations
    }

    fn violation(words: &str) -> ViolationRecord {
        violations(words).remove(0)
    }

    fn of(files: &[(&str, &ViolationRecord)]) -> Baseline {
        let mut baseline = Baseline::default();
        files.iter().for_each(|(file, violation)| baseline.add(file, from_ref(*violation)));
        let written = baseline.renewed(|_| true, |_| true).text(true);
        let read = Baseline::parse(&written).unwrap();
        assert_eq!(read.text(true), written);
        read
    }

    #[test]
    fn a_second_copy_is_new_wherever_it_stands() {
        let violation = violation("你好");
        for second in ["a.txt", "b.txt"] {
            let mut baseline = of(&[("a.txt", &violation)]);
            baseline.begin(["a.txt".into(), "b.txt".into()]);
            assert_eq!(baseline.hides("a.txt", from_ref(&violation), |_| true), [true]);
            assert_eq!(baseline.hides(second, from_ref(&violation), |_| true), [false]);
        }
    }

    #[test]
    fn a_reply_may_move_to_a_file_of_the_run_or_from_one_that_is_gone() {
        let violation = violation("你好");
        let moved = |run: &[&str], is_there: bool| {
            let mut baseline = of(&[("b.txt", &violation)]);
            baseline.begin(run.iter().map(|file| (*file).to_owned()));
            let is_hidden = baseline.hides("a.txt", from_ref(&violation), |_| is_there) == [true];
            run.iter().for_each(|file| baseline.read(file));
            (
                is_hidden,
                baseline.stale(|_| true, |_| is_there).len(),
                baseline.renewed(|_| true, |_| is_there).text(false).matches("a.txt").count(),
            )
        };
        assert_eq!(moved(&["a.txt", "b.txt"], true), (true, 0, 1));
        assert_eq!(moved(&["a.txt"], false), (true, 0, 1));
        assert_eq!(moved(&["a.txt"], true), (false, 0, 0), "b.txt may still have it");
    }

    #[test]
    fn what_stands_beside_may_be_put_right() {
        for (before, behind) in [
            ("你好，这个不归我管。", "您好，这个不归我管。"),
            ("这个不归我管，你好。", "这个不归我管，您好。"),
            ("你必须先把你的电话发来。", "你必须先把您的电话发来。"),
        ] {
            let (before, behind) = (violations(before), violations(behind));
            assert!(before.len() > behind.len() && !behind.is_empty(), "{before:?}");
            let mut baseline = Baseline::default();
            baseline.add("a.txt", &before);
            let mut baseline = Baseline::parse(&baseline.renewed(|_| true, |_| true).text(true)).unwrap();
            assert!(baseline.clone().hides("a.txt", &before, |_| true).iter().all(|is_hidden| *is_hidden));
            assert!(baseline.hides("a.txt", &behind, |_| true).iter().all(|is_hidden| *is_hidden));
        }
    }

    #[test]
    fn a_baseline_of_an_earlier_version_is_known() {
        let violations = violations("你好，这个不归我管。");
        let mut lines = String::new();
        for violation in &violations {
            lines.push_str(&format!("a.txt\t{}\t1\t{}\t\n", violation.rule, of_words(violation)));
        }
        let mut baseline = Baseline::parse(&format!("{HEADER}\n{lines}")).unwrap();
        assert_eq!(baseline.hides("a.txt", &violations, |_| true), vec![true; violations.len()]);
        assert!(baseline.stale(|_| true, |_| true).is_empty());
    }

    #[test]
    fn what_is_gone_is_stale_only_where_it_was_looked_for() {
        let (one, other) = (violation("你好"), violation("你等着"));
        let mut baseline = of(&[("a.txt", &one), ("a.txt", &one), ("b.txt", &other)]);
        baseline.begin(["a.txt".into()]);
        assert_eq!(baseline.hides("a.txt", from_ref(&one), |_| true), [true]);
        assert!(baseline.stale(|_| true, |_| true).is_empty(), "nothing was read to its end");
        baseline.read("a.txt");
        let stale = baseline.stale(|_| true, |_| true);
        assert_eq!(stale.iter().map(ToString::to_string).collect::<Vec<_>>(), ["a.txt: address/nin: 你好"]);
        assert!(baseline.stale(|_| false, |_| true).is_empty(), "the rule is off");
        let renewed = baseline.renewed(|_| true, |_| true);
        assert_eq!(renewed.violations(), 2);
        assert!(renewed.text(true).contains("a.txt\taddress/nin\t1\t"));
    }

    #[test]
    fn names_keep_to_their_column() {
        let name = "#a\tb\\\n.txt";
        assert_eq!(unescaped(&escaped(name)).as_deref(), Some(name));
        let violation = violation("你好");
        let mut baseline = of(&[(name, &violation)]);
        assert_eq!(baseline.hides(name, from_ref(&violation), |_| true), [true]);
    }

    #[test]
    fn damage_is_told_with_its_line() {
        let whole = of(&[("a.txt", &violation("你好"))]).text(true);
        let error = |text: &str| Baseline::parse(text).map(|_| ()).unwrap_err().to_string();
        assert!(error("").starts_with("line 1: this is no baseline"));
        assert!(error("# phrase-lint baseline 2\n").contains("newer version"));
        assert!(error(&whole.replace("\t1\t", "\tx\t")).starts_with("line 4: `x` is no count"));
        assert!(error(&whole.replace("\t1\t", " ")).starts_with("line 4: it has 3 of the five columns"));
        assert!(error(&format!("{whole}<<<<<<< ours\n")).starts_with("line 5: this is the mark of a merge conflict"));
        // Twice the same entry is what two people merged.
        let line = whole.lines().last().unwrap();
        assert_eq!(Baseline::parse(&format!("{whole}{line}\n")).unwrap().violations(), 1);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(# phrase-lint baseline 1\n)?[#\\\\\t\na0-9你<]{0,40}") {
            if let Ok(baseline) = Baseline::parse(&text) {
                proptest::prop_assert!(Baseline::parse(&baseline.text(true)).is_ok());
            }
        }
    }
}
