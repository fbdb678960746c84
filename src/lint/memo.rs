//! Turns that were heard before. Agents send the same replies all day and customers say 好的: most turns of a day's
//! chats were already listened to.

use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// What was heard, by its text. Threads share it; it forgets what has not come for long.
#[derive(Debug)]
pub(super) struct Memo<H> {
    hasher: RandomState,
    /// Several, so that threads seldom wait for each other.
    shards: Box<[Mutex<Shard<H>>]>,
    /// Bytes of a generation of one shard.
    generation: usize,
}

/// Something of which a memo must know how large it is.
pub(super) trait Weigh {
    /// Bytes that it takes in memory, about.
    fn size(&self) -> usize;
}

const SHARDS: usize = 16;
/// Longer texts, in bytes, hardly come again.
const LONGEST: usize = 400;

#[derive(Debug)]
struct Shard<H> {
    /// What came since the last generation was full.
    young: HashTable<Known<H>>,
    /// The generation before: what comes again moves to the young.
    old: HashTable<Known<H>>,
    /// Bytes of the young.
    bytes: usize,
}

#[derive(Debug)]
struct Known<H> {
    hash: u64,
    text: Box<str>,
    heard: Arc<H>,
}

impl<H: Weigh> Memo<H> {
    /// One that holds two generations of so many bytes at most.
    pub fn new(generation: usize) -> Self {
        let empty = || Mutex::new(Shard { young: HashTable::new(), old: HashTable::new(), bytes: 0 });
        Self { hasher: RandomState::default(), shards: (0..SHARDS).map(|_| empty()).collect(), generation: generation / SHARDS }
    }

    /// What is heard in a text: known, or else what `listen` hears.
    pub fn recall(&self, text: &str, listen: impl FnOnce() -> H) -> Arc<H> {
        if text.len() > LONGEST {
            return Arc::new(listen());
        }
        let hash = self.hasher.hash_one(text);
        let shard = || self.shards[(hash >> 32) as usize % SHARDS].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(heard) = shard().find(hash, text, self.generation) {
            return heard;
        }
        // Nobody waits for this turn: two threads may listen to the same.
        let heard = Arc::new(listen());
        shard().add(Known { hash, text: text.into(), heard: Arc::clone(&heard) }, self.generation);
        heard
    }
}

impl<H: Weigh> Shard<H> {
    fn find(&mut self, hash: u64, text: &str, generation: usize) -> Option<Arc<H>> {
        let is_it = |known: &Known<H>| *known.text == *text;
        if let Some(known) = self.young.find(hash, is_it) {
            return Some(Arc::clone(&known.heard));
        }
        let (known, _) = self.old.find_entry(hash, is_it).ok()?.remove();
        let heard = Arc::clone(&known.heard);
        self.add(known, generation);
        Some(heard)
    }

    fn add(&mut self, known: Known<H>, generation: usize) {
        let bytes = size_of::<Known<H>>() + known.text.len() + known.heard.size();
        if self.bytes + bytes > generation {
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

    /// So many bytes.
    impl Weigh for usize {
        fn size(&self) -> usize {
            *self
        }
    }

    const GENERATION: usize = 1 << 20;

    #[test]
    fn what_was_heard_is_not_listened_to_again() {
        let memo = Memo::new(GENERATION);
        assert_eq!(*memo.recall("您好", || 6), 6);
        assert_eq!(*memo.recall("您好", || 7), 6);
        assert_eq!(*memo.recall("你好", || 8), 8);
        let long = "好".repeat(LONGEST);
        assert_eq!(*memo.recall(&long, || 1), 1);
        assert_eq!(*memo.recall(&long, || 2), 2);
    }

    #[test]
    fn what_comes_again_stays_and_the_rest_is_forgotten() {
        let memo = Memo::new(GENERATION);
        memo.recall("常用", || 6);
        memo.recall("一次", || 6);
        for number in 0..100_000 {
            memo.recall(&number.to_string(), || 8);
            memo.recall("常用", || panic!("it came all the time"));
        }
        assert_eq!(*memo.recall("一次", || 3), 3);
        for shard in &memo.shards {
            let shard = shard.lock().unwrap();
            assert!(
                shard.bytes <= memo.generation && shard.young.len() + shard.old.len() < 2 * memo.generation / size_of::<Known<usize>>()
            );
        }
    }
}
