//! Turns that were heard before. Agents send the same replies all day and customers say 好的: most turns of a day's
//! chats were already listened to, and most others but for a number in them.

use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::quality::RandomState;
use hashbrown::HashTable;

/// What was heard, by its text. Threads share it; it forgets what has not come for long. What is heard is cheap to clone.
///
/// Texts are known by two hashes of 64 bits whose seeds are drawn anew in every run. That two of a hundred million texts share both is
/// less likely than one in 10²², and nobody can aim at seeds that he does not know. To keep the texts and compare them would take their
/// memory, and one more look at memory that is not at hand.
#[derive(Debug)]
pub(super) struct Memo<H> {
    hashers: [RandomState; 2],
    /// Several, so that threads seldom wait for each other.
    shards: Box<[Mutex<Shard<H>>]>,
    /// Bytes of a generation of one shard.
    generation: usize,
}

/// Something of which a memo must know how large it is.
pub(super) trait Weigh {
    /// Bytes that it takes in memory beside itself, about.
    fn size(&self) -> usize;
}

impl Weigh for bool {
    fn size(&self) -> usize {
        0
    }
}

impl<W: Weigh> Weigh for Arc<W> {
    fn size(&self) -> usize {
        size_of::<W>() + W::size(self)
    }
}

impl<W: Weigh> Weigh for Option<W> {
    fn size(&self) -> usize {
        self.as_ref().map_or(0, W::size)
    }
}

const SHARDS: usize = 16;
/// Longer texts, in bytes, hardly come again.
const LONGEST: usize = 400;
/// Of how many texts a shard of a choosy memo knows that they came once.
const MET: usize = 1 << 13;

#[derive(Debug)]
struct Shard<H> {
    /// What came since the last generation was full.
    young: HashTable<Known<H>>,
    /// The generation before: what comes again moves to the young.
    old: HashTable<Known<H>>,
    /// Bytes of the young.
    bytes: usize,
    /// Some bits of the hash of texts that came once, by other bits of it; empty where whatever comes is kept.
    met: Box<[u16]>,
}

#[derive(Debug)]
struct Known<H> {
    key: Key,
    heard: H,
}

/// Stands for a text.
type Key = [u64; 2];

impl<H: Weigh + Clone> Memo<H> {
    /// One that holds two generations of so many bytes at most.
    pub fn new(generation: usize) -> Self {
        Self::meeting(0, generation)
    }

    /// The same, which keeps what comes a second time: most turns never do, and would push out those that come all day.
    pub fn choosy(generation: usize) -> Self {
        Self::meeting(MET, generation)
    }

    fn meeting(met: usize, generation: usize) -> Self {
        let empty = || Mutex::new(Shard { young: HashTable::new(), old: HashTable::new(), bytes: 0, met: vec![0; met].into() });
        Self { hashers: Default::default(), shards: (0..SHARDS).map(|_| empty()).collect(), generation: generation / SHARDS }
    }

    /// What is heard in a text: known, or else what `listen` hears.
    pub fn recall(&self, text: &str, listen: impl FnOnce() -> H) -> H {
        if text.len() > LONGEST {
            return listen();
        }
        let key = [self.hashers[0].hash_one(text), self.hashers[1].hash_one(text)];
        let shard = || self.shards[key[1] as usize % SHARDS].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(heard) = shard().find(key, self.generation) {
            return heard;
        }
        // Nobody waits for this turn: two threads may listen to the same.
        let heard = listen();
        let mut shard = shard();
        if shard.has_met(key) {
            shard.add(Known { key, heard: heard.clone() }, self.generation);
        }
        heard
    }
}

impl<H: Weigh + Clone> Shard<H> {
    fn find(&mut self, key: Key, generation: usize) -> Option<H> {
        let is_it = |known: &Known<H>| known.key == key;
        if let Some(known) = self.young.find(key[0], is_it) {
            return Some(known.heard.clone());
        }
        let (known, _) = self.old.find_entry(key[0], is_it).ok()?.remove();
        let heard = known.heard.clone();
        self.add(known, generation);
        Some(heard)
    }

    /// Whether a text came before, or that is not asked.
    fn has_met(&mut self, key: Key) -> bool {
        let place = key[0] as usize % MET;
        self.met.get_mut(place).is_none_or(|met| std::mem::replace(met, (key[1] >> 48) as u16) == (key[1] >> 48) as u16)
    }

    fn add(&mut self, known: Known<H>, generation: usize) {
        let bytes = size_of::<Known<H>>() + known.heard.size();
        if self.bytes + bytes > generation {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        self.bytes += bytes;
        self.young.insert_unique(known.key[0], known, |known| known.key[0]);
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
        assert_eq!(memo.recall("您好", || 6), 6);
        assert_eq!(memo.recall("您好", || 7), 6);
        assert_eq!(memo.recall("你好", || 8), 8);
        let long = "好".repeat(LONGEST);
        assert_eq!(memo.recall(&long, || 1), 1);
        assert_eq!(memo.recall(&long, || 2), 2);
    }

    #[test]
    fn a_choosy_memo_keeps_what_comes_a_second_time() {
        let memo = Memo::choosy(GENERATION);
        assert_eq!([6, 7, 8, 9].map(|heard| memo.recall("您好", || heard)), [6, 7, 7, 7]);
        let held = || memo.shards.iter().map(|shard| shard.lock().unwrap().young.len()).sum::<usize>();
        (0..100_000).for_each(|number: usize| _ = memo.recall(&number.to_string(), || number));
        // Sixteen bits are the same by chance once in 65,536 times.
        assert!(held() < 10, "{}", held());
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
        assert_eq!(memo.recall("一次", || 3), 3);
        for shard in &memo.shards {
            let shard = shard.lock().unwrap();
            assert!(
                shard.bytes <= memo.generation && shard.young.len() + shard.old.len() < 2 * memo.generation / size_of::<Known<usize>>()
            );
        }
    }
}
