//! A violation's identity from run to run: it stays when lines above it come and go.

use std::cmp::Reverse;
use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::rewrite::in_place;

use super::path_in_repository;
use super::record::ViolationRecord;

/// Gives out fingerprints, different ones to violations that look alike.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    seen: HashMap<[u8; 32], u32>,
}

impl Fingerprints {
    /// 32 hexadecimal digits, from the file, whichever way its path was written, the conversation, the rule and the sentence with its words. Neither line
    /// nor turn is part of it; the so-manieth violation that is alike in all that is.
    pub fn next(&mut self, violation: &ViolationRecord) -> String {
        let words = violation.text.as_deref().unwrap_or_default();
        let file = path_in_repository(&violation.file);
        let digest = digest(&[&file, &violation.conversation, &violation.rule, &violation.sentence, words]);
        let count = self.seen.entry(digest).or_insert(0);
        let mut numbered = Sha256::new();
        numbered.update(digest);
        numbered.update(count.to_be_bytes());
        *count += 1;
        hexadecimal(&numbered.finalize()[..16])
    }
}

/// 16 hexadecimal digits, from the rule and the sentence with its words: the same wherever the sentence stands.
pub(crate) fn of_words(violation: &ViolationRecord) -> String {
    hexadecimal(&digest(&[&violation.rule, &violation.sentence, violation.text.as_deref().unwrap_or_default()])[..8])
}

/// The same with what stands safely put right beside the words, and within them: so a violation is known by the same digits before
/// `--fix` and behind it. `beside` are the violations of its turn, in order of its text.
pub(crate) fn of_words_put_right(violation: &ViolationRecord, beside: &[ViolationRecord]) -> String {
    let (Some(mut mark), Some(span)) = (violation.mark(), &violation.span) else { return of_words(violation) };
    let mut sentence = violation.sentence.clone();
    // Where the words of another stand in this sentence.
    let place = |other: &ViolationRecord| {
        let words = other.text.as_deref()?;
        let start = (other.span.as_ref()?.start + mark.start).checked_sub(span.start)?;
        let place = start..start + words.len();
        (sentence.get(place.clone()) == Some(words)).then_some(place)
    };
    // The others of a turn that is a whole file are many.
    let begins_before = |at: usize| move |other: &ViolationRecord| other.span.as_ref().is_none_or(|span| span.start < at);
    let from = beside.partition_point(begins_before(span.start.saturating_sub(mark.start)));
    let to = beside.partition_point(begins_before(span.end.saturating_add(sentence.len())));
    let near = beside.get(from..to).unwrap_or_default().iter().filter(|other| other.span.as_ref().is_some_and(|other| other != span));
    let safe = near.filter(|other| other.is_safely_fixable());
    let mut edits: Vec<_> = safe.filter_map(|other| Some((place(other)?, other.rewrites.first()?.text.as_str()))).collect();
    // From the last to the first, so that the places of those to come stay.
    edits.sort_by_key(|(place, _)| Reverse((place.start, place.end)));
    let mut from = sentence.len();
    for (words, rewrite) in edits {
        if words.end > from {
            continue;
        }
        let (place, text) = in_place(&sentence, words, rewrite);
        let is_before = place.end <= mark.start;
        let is_within = mark.start <= place.start && place.end <= mark.end;
        if place.end > from || !(is_before || is_within || place.start >= mark.end) {
            continue;
        }
        from = place.start;
        let moved = |at: usize| (at + text.len()).saturating_sub(place.len());
        if is_before {
            mark = moved(mark.start)..moved(mark.end);
        } else if is_within {
            mark.end = moved(mark.end);
        }
        sentence.replace_range(place, &text);
    }
    let words = sentence.get(mark).unwrap_or_default();
    hexadecimal(&digest(&[&violation.rule, &sentence, words])[..8])
}

fn digest(parts: &[&str]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.as_bytes());
        // No text has a byte that UTF-8 does not use: parts cannot flow into each other.
        digest.update([0xff]);
    }
    digest.finalize().into()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    /// A turn can be a whole file: were each violation compared with all others, this would not end.
    #[test]
    fn only_what_is_near_is_put_right_beside() {
        const MANY: usize = 200_000;
        let violation = sample::findings().remove(0).violations.remove(0);
        let (Some(span), Some(words)) = (&violation.span, &violation.text) else { panic!("words are marked") };
        let at = |number: usize| ViolationRecord { span: Some(number * 400..number * 400 + span.len()), ..violation.clone() };
        let many: Vec<ViolationRecord> = (0..MANY).map(at).collect();
        assert_eq!(span.len(), words.len());
        let first = of_words_put_right(&many[0], &many);
        assert!(many.iter().all(|violation| of_words_put_right(violation, &many) == first));
    }

    #[test]
    fn a_fingerprint_outlives_lines_but_not_words() {
        let violation = sample::findings().remove(0).violations.remove(0);
        let first = |violation: &ViolationRecord| Fingerprints::default().next(violation);
        let moved = ViolationRecord { line: Some(99), column: Some(1), turn: 7, ..violation.clone() };
        assert_eq!(first(&violation), first(&moved));
        let named = |file: String| first(&ViolationRecord { file, ..violation.clone() });
        let here = std::env::current_dir().unwrap_or_default();
        for other in ["./a/b.txt".to_owned(), "a/./b.txt".to_owned(), here.join("a/b.txt").display().to_string()] {
            assert_eq!(named("a/b.txt".to_owned()), named(other));
        }
        let other = ViolationRecord { sentence: "你好".into(), ..violation.clone() };
        assert_ne!(first(&violation), first(&other));
        let mut fingerprints = Fingerprints::default();
        assert_ne!(fingerprints.next(&violation), fingerprints.next(&violation));
        assert_eq!(first(&violation).len(), 32);
    }
}
