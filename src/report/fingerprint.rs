//! A violation's identity from run to run: it stays when lines above it come and go.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

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
