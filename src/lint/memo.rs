//! Turns that were heard before. Agents send the same replies all day and customers say 好的: most turns of a day's
//! chats were already listened to.

use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::heard::Heard;

/// What was heard, by the text of the turn. Threads share it; it forgets what has not come for long.
#[derive(Debug)]
pub(super) struct Memo {
    hasher: RandomState,
    /// Several, so that threads seldom wait for each other.
    shards: Box<[Mutex<Shard>]>,
}

const SHARDS: usize = 16;
/// Bytes of a generation of one shard. Two generations of all shards are the bound of one memo.
const GENERATION: usize = (4 << 20) / SHARDS;
/// Longer texts, in bytes, hardly come again.
const LONGEST: usize = 400;

#[derive(Debug, Default)]
struct Shard {
    /// What came since the last generation was full.
    young: HashTable<Known>,
    /// The generation before: what comes again moves to the young.
    old: HashTable<Known>,
    /// Bytes of the young.
    bytes: usize,
}

#[derive(Debug)]
struct Known {
    hash: u64,
    text: Box<str>,
    heard: Arc<Heard>,
}

impl Memo {
    pub fn new() -> Self {
        Self { hasher: RandomState::default(), shards: (0..SHARDS).map(|_| Mutex::default()).collect() }
    }

    /// What is heard in a text: known, or else what `listen` hears.
    pub fn recall(&self, text: &str, listen: impl FnOnce() -> Heard) -> Arc<Heard> {
        if text.len() > LONGEST {
            return Arc::new(listen());
        }
        let hash = self.hasher.hash_one(text);
        let shard = || self.shards[(hash >> 32) as usize % SHARDS].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(heard) = shard().find(hash, text) {
            return heard;
        }
        // Nobody waits for this turn: two threads may listen to the same.
        let heard = Arc::new(listen());
        shard().add(Known { hash, text: text.into(), heard: Arc::clone(&heard) });
        heard
    }
}

impl Shard {
    fn find(&mut self, hash: u64, text: &str) -> Option<Arc<Heard>> {
        let is_it = |known: &Known| *known.text == *text;
        if let Some(known) = self.young.find(hash, is_it) {
            return Some(Arc::clone(&known.heard));
        }
        let (known, _) = self.old.find_entry(hash, is_it).ok()?.remove();
        let heard = Arc::clone(&known.heard);
        self.add(known);
        Some(heard)
    }

    fn add(&mut self, known: Known) {
        let bytes = size_of::<Known>() + known.text.len() + known.heard.size();
        if self.bytes + bytes > GENERATION {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        self.bytes += bytes;
        self.young.insert_unique(known.hash, known, |known| known.hash);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_heard_is_not_listened_to_again() {
        let memo = Memo::new();
        assert_eq!(memo.recall("您好", || Heard::of_length(6)).length, 6);
        assert_eq!(memo.recall("您好", || Heard::of_length(7)).length, 6);
        assert_eq!(memo.recall("你好", || Heard::of_length(8)).length, 8);
        let long = "好".repeat(LONGEST);
        assert_eq!(memo.recall(&long, || Heard::of_length(1)).length, 1);
        assert_eq!(memo.recall(&long, || Heard::of_length(2)).length, 2);
    }

    #[test]
    fn what_comes_again_stays_and_the_rest_is_forgotten() {
        let memo = Memo::new();
        memo.recall("常用", || Heard::of_length(6));
        memo.recall("一次", || Heard::of_length(6));
        for number in 0..100_000 {
            memo.recall(&number.to_string(), || Heard::of_length(0));
            memo.recall("常用", || panic!("it came all the time"));
        }
        assert_eq!(memo.recall("一次", || Heard::of_length(3)).length, 3);
        for shard in &memo.shards {
            let shard = shard.lock().unwrap();
            assert!(shard.bytes <= GENERATION && shard.young.len() + shard.old.len() < 2 * GENERATION / size_of::<Known>());
        }
    }
}
