//! All packs laid over each other: what the linter works with and what `explain` shows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use toml::Spanned;

use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::carried::Carried;
use super::document::{CheckEntry, PhraseEntry};
use super::pack_text::PackText;
use super::passage::Gaps;
use super::pattern::Pattern;
use super::reader::Reader;
use super::row::Wording;
use super::saying::Saying;
use super::words::Words;
use super::{Alternatives, Check, Entry, Pack, PackError, Phrase};

/// Every rule of a run, in the order of the packs.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Rules {
    /// Rows of the phrase tables.
    pub phrases: Vec<Arc<Phrase>>,
    /// Rows of etiquette over whole conversations.
    pub checks: Vec<Check>,
    /// Words that are counted for the summary.
    pub counts: Vec<Count>,
    /// What a pack's author should know, though the pack loads.
    #[serde(skip)]
    pub warnings: Vec<PackError>,
    /// The titles of the categories that have one.
    pub categories: BTreeMap<String, Wording>,
    /// Word classes that the linter itself asks for.
    pub known: Known,
    /// Lists of days that checks name.
    calendar: Calendar,
    /// The alternatives of patterns that checks listen for.
    #[serde(skip)]
    pub alternatives: Arc<Alternatives>,
    /// How many scopes of word classes there are; the first is the shared one.
    scopes: u16,
    /// The shared word classes.
    #[serde(skip)]
    pub(super) shared: OnceLock<Arc<Words>>,
    /// The bytes of the built-in rules; none where packs were read.
    #[serde(skip)]
    pub(super) carried: Option<&'static Carried>,
}

/// Shared word classes that mean something to the linter; none where no pack defines one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Known {
    /// `<system-notice>`: a turn with one of these was written by the platform, whoever it is sent as.
    pub notice: Option<Arc<Pattern>>,
    /// `<cut-start>`: the log begins mid-way, so it has no opening.
    pub cut_start: Option<Saying>,
    /// `<cut-end>`: the log stops mid-way, so it has no ending.
    pub cut_end: Option<Saying>,
    /// `<ask-to-wait>`: after these words of the agent the next word is the agent's.
    pub ask_to_wait: Option<Saying>,
    /// `<ask-to-act>`: what the agent asks the customer to do at a device or with papers takes the customer's time.
    pub ask_to_act: Option<Saying>,
    /// `<customer-busy>`: after these words of the customer the agent waits.
    pub customer_busy: Option<Saying>,
    /// `<ok>`: a customer turn that says only this changes nothing of who owes the next word.
    pub ok: Option<Saying>,
}

/// Words whose use by the agent is counted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Count {
    /// `category/words`, for choosing and ignoring.
    pub id: Arc<str>,
    /// The pack's file.
    pub file: PackText,
    /// The line of the label in the pack, from 1.
    pub line: usize,
    /// What the summary calls it.
    pub label: String,
    /// What is counted.
    pub patterns: Vec<Arc<Pattern>>,
}

impl Rules {
    /// Lays packs over each other, later ones over earlier ones.
    ///
    /// # Errors
    /// All mistakes in all packs, in their order.
    pub fn new(packs: &[Pack]) -> Result<Self, Vec<PackError>> {
        let mut rules = Self::default();
        let mut mistakes = Vec::new();
        for pack in packs {
            rules.calendar.read(pack, &mut mistakes);
        }
        // Packs without rules hold the shared word classes; a later one's hide an earlier one's.
        let (shared, packs): (Vec<&Pack>, Vec<&Pack>) = packs.iter().partition(|pack| pack.is_shared());
        let outer = Words::of_packs(0, &shared, None);
        mistakes.extend(outer.check(&shared));
        rules.known = Known::new(&outer);
        rules.shared = OnceLock::from(Arc::new(outer));
        rules.scopes = 1;
        rules.lay(&packs, mistakes)
    }

    /// Lays packs over these rules.
    ///
    /// # Errors
    /// All mistakes in the packs. One that [concerns all packs](Pack::concerns_all) cannot be laid over what is read.
    pub fn with(self, packs: &[Pack]) -> Result<Self, Vec<PackError>> {
        let wide = packs.iter().filter(|pack| pack.concerns_all());
        let mistakes = wide.map(|pack| pack.mistake(0, "holds word classes or days for all packs", "read it together with them"));
        let mistakes = mistakes.collect();
        self.lay(&packs.iter().collect::<Vec<_>>(), mistakes)
    }

    fn lay(mut self, packs: &[&Pack], mut mistakes: Vec<PackError>) -> Result<Self, Vec<PackError>> {
        for pack in packs {
            let words = Words::of_packs(self.scopes, &[pack], Some(Arc::clone(self.shared())));
            self.scopes += 1;
            mistakes.extend(words.check(&[pack]));
            if let Some(header) = &pack.document.pack {
                // A pack without a title that adds to a category takes none away.
                if !header.title.is_empty() {
                    let title = Wording { hans: header.title.clone().into(), hant: header.title_hant.clone().unwrap_or_default().into() };
                    self.categories.insert(header.category.clone(), title);
                }
            }
            let mut replaced = BTreeSet::new();
            for entry in &pack.document.phrase {
                self.add_phrase(pack, &words, entry, &mut replaced, &mut mistakes);
            }
            for entry in &pack.document.check {
                self.add_check(pack, &words, entry, &mut replaced, &mut mistakes);
            }
            self.add_counts(pack, &words, &mut mistakes);
        }
        if mistakes.is_empty() { Ok(self) } else { Err(mistakes) }
    }

    /// The rows of both kinds, phrases first.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.phrases.iter().map(|phrase| Entry::Phrase(phrase)).chain(self.checks.iter().map(Entry::Check))
    }

    /// Every rule id, sorted.
    pub fn ids(&self) -> BTreeSet<&str> {
        self.entries().map(Entry::id).chain(self.counts.iter().map(|count| &*count.id)).collect()
    }

    /// The id or category that a wrong one was probably meant to be.
    pub fn nearest(&self, wrong: &str) -> Option<String> {
        nearest(wrong, self.ids())
    }

    fn add_phrase(
        &mut self,
        pack: &Pack,
        words: &Words,
        entry: &Spanned<PhraseEntry>,
        replaced: &mut BTreeSet<Arc<str>>,
        mistakes: &mut Vec<PackError>,
    ) {
        let place = entry.span().start;
        let entry = entry.get_ref();
        let mut reader = match Reader::new(pack, words, &entry.id, place) {
            Ok(reader) => reader,
            Err(mistake) => return mistakes.push(mistake),
        };
        if entry.replace {
            self.replace(&reader, replaced);
        }
        let inherited = self.phrases.iter().find(|row| row.id == reader.id).map(|row| row.heading()).unwrap_or_default();
        let phrase = Phrase::read(&mut reader, entry, &self.phrases, &inherited);
        if !entry.broad {
            self.warnings.extend(phrase.broad().map(|(pattern, literal)| {
                pack.mistake(
                    place,
                    format!("{}: `{}` needs no more than `{literal}`, which stands inside many other words", phrase.id, pattern.text),
                    "add words, anchor it with ^ or $, or write broad = true and good exceptions",
                )
            }));
        }
        if reader.mistakes.is_empty() {
            self.phrases.push(Arc::new(phrase));
        }
        mistakes.extend(reader.mistakes);
    }

    fn add_check(
        &mut self,
        pack: &Pack,
        words: &Words,
        entry: &Spanned<CheckEntry>,
        replaced: &mut BTreeSet<Arc<str>>,
        mistakes: &mut Vec<PackError>,
    ) {
        let place = entry.span().start;
        let entry = entry.get_ref();
        let mut reader = match Reader::new(pack, words, &entry.id, place) {
            Ok(reader) => reader,
            Err(mistake) => return mistakes.push(mistake),
        };
        if entry.replace {
            self.replace(&reader, replaced);
        }
        let first = self.checks.iter().find(|row| row.id == reader.id);
        let check = Check::read(&mut reader, entry, &self.calendar, first);
        if reader.mistakes.is_empty() {
            self.checks.push(check);
        }
        mistakes.extend(reader.mistakes);
    }

    /// Drops the rows that earlier packs gave an id, once in a pack.
    fn replace(&mut self, reader: &Reader<'_>, replaced: &mut BTreeSet<Arc<str>>) {
        if replaced.insert(Arc::clone(&reader.id)) {
            self.phrases.retain(|row| row.id != reader.id || *row.file == *reader.pack.file);
            self.checks.retain(|row| row.id != reader.id || *row.file == *reader.pack.file);
        }
    }

    fn add_counts(&mut self, pack: &Pack, words: &Words, mistakes: &mut Vec<PackError>) {
        // In the order in which they are written.
        let mut entries: Vec<_> = pack.document.count.iter().collect();
        entries.sort_by_key(|(_, entry)| entry.span().start);
        for (label, entry) in entries {
            let at = entry.span().start;
            let mut patterns = Vec::new();
            for text in &entry.get_ref().0 {
                match words.pattern(text.get_ref(), Gaps::WithinClause) {
                    Ok(pattern) => patterns.push(pattern),
                    Err((message, remedy)) => mistakes.push(pack.mistake(at, format!("[count] {label}: {message}"), remedy)),
                }
            }
            if entry.get_ref().0.is_empty() {
                mistakes.push(pack.mistake(at, format!("[count] {label} counts nothing"), "write a pattern: 请 = \"请\""));
            }
            // A later pack's count of the same label stands for an earlier one's.
            self.counts.retain(|count| count.label != *label);
            self.counts.push(Count {
                id: format!("{}/words", pack.category()).into(),
                file: pack.file().into(),
                line: pack.line(at),
                label: label.clone(),
                patterns,
            });
        }
    }
}

impl Known {
    fn new(shared: &Words) -> Self {
        let class = |name: &str| shared.pattern(name, Gaps::WithinClause).ok();
        let saying = |name: &str| class(name).as_ref().map(Saying::from);
        Self {
            notice: class("<system-notice>"),
            cut_start: saying("<cut-start>"),
            cut_end: saying("<cut-end>"),
            ask_to_wait: saying("<ask-to-wait>"),
            ask_to_act: saying("<ask-to-act>"),
            customer_busy: saying("<customer-busy>"),
            ok: saying("<ok>"),
        }
    }

    /// Those that checks listen for.
    pub(super) fn sayings(&self) -> impl Iterator<Item = &Saying> {
        let Self { notice: _, cut_start, cut_end, ask_to_wait, ask_to_act, customer_busy, ok } = self;
        [cut_start, cut_end, ask_to_wait, ask_to_act, customer_busy, ok].into_iter().flatten()
    }
}

/// The one of these ids, or of their categories, that a wrong name was probably meant to be.
pub fn nearest<'i>(wrong: &str, ids: impl IntoIterator<Item = &'i str>) -> Option<String> {
    let ids: BTreeSet<&str> = ids.into_iter().collect();
    let categories: BTreeSet<&str> = ids.iter().filter_map(|id| id.split('/').next()).collect();
    let likeness = |known: &str| {
        // A bare name is meant as the second half of an id.
        let name = known.split_once('/').map_or(known, |(_, name)| name);
        strsim::jaro_winkler(wrong, known).max(if wrong.contains('/') { 0.0 } else { strsim::jaro_winkler(wrong, name) })
    };
    let nearest = ids.iter().chain(&categories).map(|known| (likeness(known), known)).max_by(|one, other| one.0.total_cmp(&other.0))?;
    (nearest.0 > 0.8).then(|| (*nearest.1).to_owned())
}
