//! What the program carries of its built-in rules: bytes that were written when it was built.
//!
//! What a run hardly ever looks at is not read where it stands but kept apart, and only its place is read: texts are parts of
//! one long text that the compiler has checked, programs are read when they are first run, the lists of words in them are looked into
//! where they lie, as are signs, and the literals that patterns and the exceptions that word classes share are numbered.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use super::lexicon::{Collection, Lexicon};
use super::literal::{Known, Literals};
use super::pattern::Pattern;
use super::program::{Exceptions, Program};
use super::sign_table::{SignCollection, SignTable};
use super::signs::{KnownSigns, Signs};

/// The bytes, as they are written and as the program holds them.
#[derive(Debug, Default)]
pub struct Stored<B, T> {
    /// The rules themselves.
    pub rules: B,
    /// What the patterns of checks are made of, which canned replies need not know.
    pub alternatives: B,
    /// The word classes that all packs share, for packs of users.
    pub classes: B,
    /// The exceptions of word classes.
    pub exceptions: B,
    /// Programs, one behind the other.
    pub programs: B,
    /// The lists of words in them, one behind the other.
    pub lists: B,
    /// The entries of the lexicon.
    pub lexicon: B,
    /// The numbers of literals in it, pattern by pattern.
    pub numbers: B,
    /// Where its literals stand, by their windows.
    pub slots: B,
    /// Signs, each once.
    pub signs: B,
    /// Where they stand, by their hashes.
    pub sign_slots: B,
    /// What each of them weighs.
    pub weights: B,
    /// The text of all literals.
    pub literals: T,
    /// All texts.
    pub texts: T,
}

/// What this program carries.
#[derive(Debug)]
pub struct Carried {
    stored: Stored<&'static [u8], &'static str>,
    lexicon: Lexicon,
    signs: SignTable,
    /// Read when a program that names one is.
    exceptions: OnceLock<Vec<Arc<Pattern>>>,
}

/// A program that is read when it is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unread {
    carried: &'static Carried,
    /// The first byte of it among the programs.
    place: u32,
}

/// Two numbers that tell where something is kept.
pub(super) type Place = (u32, u32);

thread_local! {
    /// Where those parts go that are kept apart.
    static WRITTEN: RefCell<Option<Written>> = const { RefCell::new(None) };
    /// Where they are found.
    static READ: Cell<Option<&'static Carried>> = const { Cell::new(None) };
}

#[derive(Default)]
struct Written {
    texts: String,
    /// By the text its place.
    places: HashMap<String, Place>,
    programs: Vec<u8>,
    /// By the bytes of a program its first byte among all.
    starts: HashMap<Vec<u8>, u32>,
    lists: Vec<u8>,
    /// By the bytes of a list its place among all.
    listed: HashMap<Vec<u8>, Place>,
    exceptions: Vec<Arc<Pattern>>,
    lexicon: Collection,
    signs: SignCollection,
}

impl Carried {
    /// What the build wrote.
    pub const fn new(stored: Stored<&'static [u8], &'static str>) -> Self {
        let lexicon = Lexicon::new(stored.lexicon, stored.numbers, stored.slots, stored.literals);
        let signs = SignTable::new(stored.signs, stored.sign_slots, stored.weights);
        Self { stored, lexicon, signs, exceptions: OnceLock::new() }
    }

    /// The same within a test.
    #[cfg(test)]
    pub(super) fn leaked(stored: Stored<Vec<u8>, String>) -> &'static Self {
        let leak = |bytes: Vec<u8>| &*bytes.leak();
        Box::leak(Box::new(Self::new(Stored {
            rules: leak(stored.rules),
            alternatives: leak(stored.alternatives),
            classes: leak(stored.classes),
            exceptions: leak(stored.exceptions),
            programs: leak(stored.programs),
            lists: leak(stored.lists),
            lexicon: leak(stored.lexicon),
            numbers: leak(stored.numbers),
            slots: leak(stored.slots),
            signs: leak(stored.signs),
            sign_slots: leak(stored.sign_slots),
            weights: leak(stored.weights),
            literals: stored.literals.leak(),
            texts: stored.texts.leak(),
        })))
    }

    /// The bytes.
    pub(super) fn stored(&self) -> &Stored<&'static [u8], &'static str> {
        &self.stored
    }

    /// Reads what was written.
    ///
    /// # Errors
    /// It was not written by the same version of this crate.
    pub(super) fn read<T: DeserializeOwned>(&'static self, bytes: &'static [u8]) -> Result<T, postcard::Error> {
        // A program is read while the pattern that names it is.
        let outer = READ.replace(Some(self));
        let read = postcard::take_from_bytes(bytes).map(|(read, _)| read);
        READ.set(outer);
        read
    }

    fn exceptions(&'static self) -> &'static [Arc<Pattern>] {
        self.exceptions.get_or_init(|| self.read(self.stored.exceptions).unwrap_or_default())
    }
}

impl Unread {
    /// The program; none where the bytes are no program.
    pub fn read(self) -> Option<Program> {
        self.carried.read(self.carried.stored.programs.get(self.place as usize..)?).ok()
    }
}

/// Writes rules, their alternatives and the shared classes, with all that is kept apart from them.
///
/// # Errors
/// They were themselves read from what a program carries, or there are more than 4 GiB of texts, lists or programs.
pub(super) fn write(write: impl FnOnce() -> Result<[Vec<u8>; 3], postcard::Error>) -> Result<Stored<Vec<u8>, String>, postcard::Error> {
    WRITTEN.set(Some(Written::default()));
    let bytes = write().and_then(|bytes| Ok((bytes, exceptions()?)));
    let written = WRITTEN.take().unwrap_or_default();
    let ([rules, alternatives, classes], exceptions) = bytes?;
    let (lexicon, numbers, slots, literals) = written.lexicon.stored();
    let [signs, sign_slots, weights] = written.signs.stored();
    let Written { texts, programs, lists, .. } = written;
    Ok(Stored {
        rules,
        alternatives,
        classes,
        exceptions,
        programs,
        lists,
        lexicon,
        numbers,
        slots,
        signs,
        sign_slots,
        weights,
        literals,
        texts,
    })
}

/// The exceptions that were numbered; the programs of these may name further ones.
fn exceptions() -> Result<Vec<u8>, postcard::Error> {
    let numbered = |number| WRITTEN.with_borrow(|written| written.as_ref()?.exceptions.get(number).cloned());
    let mut exceptions: Vec<Vec<u8>> = Vec::new();
    while let Some(next) = numbered(exceptions.len()) {
        exceptions.push(postcard::to_allocvec(&next)?);
    }
    Ok([vec![postcard::to_allocvec(&exceptions.len())?], exceptions].concat().concat())
}

/// Keeps something apart from what is being written; none where nothing is being written, or there is no room.
fn keep<R>(keep: impl FnOnce(&mut Written) -> Option<R>) -> Option<R> {
    WRITTEN.with_borrow_mut(|written| keep(written.as_mut()?))
}

/// Keeps a text apart, from its first byte to the one behind the last; none where that cannot be.
pub(super) fn keep_text(text: &str) -> Option<Place> {
    keep(|written| {
        if let Some(place) = written.places.get(text) {
            return Some(*place);
        }
        let start = u32::try_from(written.texts.len()).ok()?;
        written.texts.push_str(text);
        let place = (start, u32::try_from(written.texts.len()).ok()?);
        written.places.insert(text.to_owned(), place);
        Some(place)
    })
}

/// A text that was kept apart.
pub(super) fn text((start, end): Place) -> Option<&'static str> {
    READ.get()?.stored.texts.get(start as usize..end as usize)
}

/// Keeps a list of words apart, from its first byte to the one behind the last; none where that cannot be.
pub(super) fn keep_list(list: &[u8]) -> Option<Place> {
    keep(|written| {
        if let Some(place) = written.listed.get(list) {
            return Some(*place);
        }
        let start = u32::try_from(written.lists.len()).ok()?;
        written.lists.extend_from_slice(list);
        let place = (start, u32::try_from(written.lists.len()).ok()?);
        written.listed.insert(list.to_vec(), place);
        Some(place)
    })
}

/// A list of words that was kept apart.
pub(super) fn list((start, end): Place) -> Option<&'static [u8]> {
    READ.get()?.stored.lists.get(start as usize..end as usize)
}

/// Keeps a program apart.
pub(super) fn keep_program<S: Serializer>(program: &Program, serializer: S) -> Result<S::Ok, S::Error> {
    let bytes = postcard::to_allocvec(program).map_err(ser::Error::custom)?;
    let place = keep(|written| {
        if let Some(place) = written.starts.get(&bytes) {
            return Some(*place);
        }
        let start = u32::try_from(written.programs.len()).ok()?;
        written.programs.extend_from_slice(&bytes);
        written.starts.insert(bytes, start);
        Some(start)
    });
    place.ok_or_else(|| ser::Error::custom("a program cannot be kept"))?.serialize(serializer)
}

impl Serialize for Literals {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let place = match &self.0 {
            Known::Own(own) => keep(|written| Some(written.lexicon.add(own.iter().map(|own| (&*own.text, own.window, own.end))))),
            Known::Carried(..) => None,
        };
        place.ok_or_else(|| ser::Error::custom("literals cannot be kept"))?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Literals {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let place = Place::deserialize(deserializer)?;
        let lexicon = READ.get().map_or(Lexicon::EMPTY, |carried| &carried.lexicon);
        let numbers = lexicon.numbers(place).ok_or_else(|| de::Error::custom("literals that were not kept"))?;
        Ok(Self(Known::Carried(lexicon, numbers)))
    }
}

impl Serialize for Signs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = match &self.0 {
            KnownSigns::Own(own) if own.is_empty() => return None::<u16>.serialize(serializer),
            KnownSigns::Own(_) => keep(|written| written.signs.add(self)),
            KnownSigns::Carried(..) => None,
        };
        number.map(Some).ok_or_else(|| ser::Error::custom("signs cannot be kept"))?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Signs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Some(number) = Option::<u16>::deserialize(deserializer)? else { return Ok(Self::default()) };
        let carried = READ.get().ok_or_else(|| de::Error::custom("signs that were not kept"))?;
        Ok(Self(KnownSigns::Carried(&carried.signs, number)))
    }
}

impl<'de> Deserialize<'de> for Unread {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let place = u32::deserialize(deserializer)?;
        let carried = READ.get().ok_or_else(|| de::Error::custom("a program that was not kept"))?;
        Ok(Self { carried, place })
    }
}

impl Serialize for Exceptions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = |written: &mut Written, exception: &Arc<Pattern>| {
            let known = written.exceptions.iter().position(|known| known.key() == exception.key());
            known.unwrap_or_else(|| {
                written.exceptions.push(Arc::clone(exception));
                written.exceptions.len() - 1
            })
        };
        let numbers = keep(|written| Some(self.0.iter().map(|exception| number(written, exception)).collect::<Vec<_>>()));
        numbers.ok_or_else(|| ser::Error::custom("an exception cannot be kept"))?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Exceptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let numbers: Vec<usize> = Vec::deserialize(deserializer)?;
        let known = READ.get().map(Carried::exceptions).unwrap_or_default();
        let exceptions: Option<Vec<_>> = numbers.into_iter().map(|number| known.get(number).cloned()).collect();
        exceptions.map(Self).ok_or_else(|| de::Error::custom("an exception that was not kept"))
    }
}
