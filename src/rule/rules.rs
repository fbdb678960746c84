//! All packs laid over each other: what the linter works with and what `explain` shows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use toml::Spanned;

use super::document::{PhraseEntry, PhraseSpeaker, SeverityEntry, Strings};
use super::pattern::Pattern;
use super::words::Words;
use super::{ByProfile, Pack, PackError, Profile, Template};
use crate::text::Script;
use crate::transcript::Speaker;
use crate::violation::{Applicability, Severity};

/// Every rule of a run, in the order of the packs.
#[derive(Debug, Default)]
pub struct Rules {
    /// Rows of the phrase tables.
    pub phrases: Vec<Phrase>,
    /// What a pack's author should know, though the pack loads.
    pub warnings: Vec<PackError>,
    /// The title of every category.
    pub categories: BTreeMap<String, Wording>,
    /// `<system-notice>`: a turn with one of these was written by the platform, whoever it is sent as.
    pub notice: Option<Pattern>,
}

/// One row: improper phrases and what to say instead.
#[derive(Debug, Clone)]
pub struct Phrase {
    /// `category/name`.
    pub id: Arc<str>,
    /// The pack's file.
    pub file: String,
    /// The line of its id in the pack, from 1.
    pub line: usize,
    /// A short name of the rule.
    pub title: Wording,
    /// What this row catches.
    pub scene: String,
    /// One sentence that says why it is improper.
    pub why: Wording,
    /// Where the rule comes from.
    pub source: String,
    /// How grave it is in every profile; none where it is off.
    pub severity: ByProfile<Severity>,
    /// What it costs, where the pack says.
    pub points: Option<u32>,
    /// Whether it fails the whole conversation.
    pub fatal: bool,
    /// Whose turns it looks at.
    pub speaker: Speaker,
    /// Patterns of what must not be said.
    pub improper: Vec<Pattern>,
    /// No violation where one of these shares a written character with the match.
    pub except: Vec<Pattern>,
    /// No violation where one of these stands near.
    pub unless: Unless,
    /// Whether the rewrites may be applied unseen.
    pub apply: Applicability,
    /// Rewrites in Simplified.
    pub professional: Vec<Template>,
    /// Rewrites in Traditional; empty where the pack has none.
    pub professional_hant: Vec<Template>,
    /// Examples that the pack promises.
    pub specs: Specs,
}

/// A text in both scripts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording {
    /// In Simplified.
    pub hans: String,
    /// In Traditional; empty where the pack has none.
    pub hant: String,
}

impl Wording {
    /// The text in a script, or what there is.
    pub fn get(&self, script: Script) -> &str {
        if script == Script::Traditional && !self.hant.is_empty() { &self.hant } else { &self.hans }
    }
}

/// What keeps a rule quiet from further away.
#[derive(Debug, Clone, Default)]
pub struct Unless {
    /// In the same sentence.
    pub sentence: Vec<Pattern>,
    /// In the same answer: the agent's turns between two customer turns.
    pub answer: Vec<Pattern>,
}

/// Snippets that a pack promises to report, and not to report.
#[derive(Debug, Clone, Default)]
pub struct Specs {
    /// Reported under the row's id; `原句 → 改写` also asserts the first rewrite. With the line in the pack.
    pub bad: Vec<(usize, String)>,
    /// Not reported under the row's id. With the line in the pack.
    pub good: Vec<(usize, String)>,
}

impl Rules {
    /// Lays packs over each other, later ones over earlier ones.
    ///
    /// # Errors
    /// All mistakes in all packs, in their order.
    pub fn new(packs: &[Pack]) -> Result<Self, Vec<PackError>> {
        let mut rules = Self::default();
        let mut mistakes = Vec::new();
        // Packs without rules hold the shared word classes; a later one's hide an earlier one's.
        let (shared, packs): (Vec<&Pack>, Vec<&Pack>) =
            packs.iter().partition(|pack| pack.document.pack.is_none() && pack.document.phrase.is_empty());
        let outer = Words::new(shared, None);
        mistakes.extend(outer.check());
        rules.notice = outer.pattern("<system-notice>").ok();
        for pack in packs {
            let words = Words::new(vec![pack], Some(&outer));
            mistakes.extend(words.check());
            if let Some(header) = &pack.document.pack {
                let title = Wording { hans: header.title.clone(), hant: header.title_hant.clone().unwrap_or_default() };
                rules.categories.insert(header.category.clone(), title);
            }
            let mut replaced = BTreeSet::new();
            for entry in &pack.document.phrase {
                rules.add(pack, &words, entry, &mut replaced, &mut mistakes);
            }
        }
        if mistakes.is_empty() { Ok(rules) } else { Err(mistakes) }
    }

    /// Every rule id, sorted.
    pub fn ids(&self) -> BTreeSet<&str> {
        self.phrases.iter().map(|phrase| &*phrase.id).collect()
    }

    /// The id or category that a wrong one was probably meant to be.
    pub fn nearest(&self, wrong: &str) -> Option<String> {
        let ids = self.ids();
        let categories: BTreeSet<&str> = ids.iter().filter_map(|id| id.split('/').next()).collect();
        let likeness = |known: &str| {
            // A bare name is meant as the second half of an id.
            let name = known.split_once('/').map_or(known, |(_, name)| name);
            strsim::jaro_winkler(wrong, known).max(if wrong.contains('/') { 0.0 } else { strsim::jaro_winkler(wrong, name) })
        };
        let nearest = ids.iter().chain(&categories).map(|known| (likeness(known), known)).max_by(|one, other| one.0.total_cmp(&other.0))?;
        (nearest.0 > 0.8).then(|| (*nearest.1).to_owned())
    }

    fn add(
        &mut self,
        pack: &Pack,
        words: &Words<'_>,
        entry: &Spanned<PhraseEntry>,
        replaced: &mut BTreeSet<Arc<str>>,
        mistakes: &mut Vec<PackError>,
    ) {
        let place = entry.span().start;
        let entry = entry.get_ref();
        let before = mistakes.len();
        let id: Arc<str> = match rule_id(pack, &entry.id) {
            Ok(id) => id.into(),
            Err(mistake) => return mistakes.push(mistake),
        };
        if entry.replace && replaced.insert(Arc::clone(&id)) {
            self.phrases.retain(|phrase| phrase.id != id || phrase.file == pack.file);
        }
        let mut patterns = |strings: &Strings, key: &str| -> Vec<Pattern> {
            let mut parsed: Vec<Pattern> = Vec::new();
            for string in &strings.0 {
                let at = if string.span().is_empty() { place } else { string.span().start };
                match words.pattern(string.get_ref()) {
                    Ok(pattern) if parsed.iter().any(|earlier| earlier.text == pattern.text) => {
                        mistakes.push(pack.mistake(at, format!("{id}: `{}` stands twice under {key}", pattern.text), "remove one of them"));
                    }
                    Ok(pattern) => parsed.push(pattern),
                    Err((message, remedy)) => mistakes.push(pack.mistake(at, format!("{id}: {message}"), remedy)),
                }
            }
            parsed
        };
        let improper = patterns(&entry.improper, "improper");
        let except = patterns(&entry.except, "except");
        let unless = Unless {
            sentence: patterns(&entry.unless.sentence, "unless.sentence"),
            answer: patterns(&entry.unless.answer, "unless.answer"),
        };

        if entry.improper.0.is_empty() {
            mistakes.push(pack.mistake(
                place,
                format!("{id} has no improper phrase"),
                "write at least one pattern: improper = [\"你等着\"]",
            ));
        }
        for pattern in &improper {
            let again =
                self.phrases.iter().any(|phrase| phrase.id == id && phrase.improper.iter().any(|earlier| earlier.text == pattern.text));
            if again {
                mistakes.push(pack.mistake(
                    place,
                    format!("{id}: `{}` stands in an earlier row of this id too", pattern.text),
                    "remove one of them",
                ));
            }
            if pattern.is_broad() && !entry.broad {
                let literal = pattern.literals.iter().find(|literal| literal.chars().count() < 2).map_or("", String::as_str);
                self.warnings.push(pack.mistake(
                    place,
                    format!("{id}: `{}` needs no more than `{literal}`, which stands inside many other words", pattern.text),
                    "add words, anchor it with ^ or $, or write broad = true and good exceptions",
                ));
            }
        }
        let tags: BTreeSet<Arc<str>> = improper.iter().flat_map(|pattern| pattern.node.tags()).collect();
        let mut templates = |strings: &Strings| -> Vec<Template> {
            let mut parsed = Vec::new();
            for string in &strings.0 {
                let template = Template::parse(string.get_ref());
                if let Some(unknown) = template.tags().find(|tag| !tags.iter().any(|known| &**known == *tag)) {
                    let at = if string.span().is_empty() { place } else { string.span().start };
                    let remedy = if tags.is_empty() {
                        "no pattern of this row names a part: write `…{what}`".to_owned()
                    } else {
                        format!(
                            "the patterns of this row name: {}",
                            tags.iter().map(|tag| format!("{{{tag}}}")).collect::<Vec<_>>().join(" ")
                        )
                    };
                    mistakes.push(pack.mistake(at, format!("{id}: unknown tag {{{unknown}}} in `{}`", string.get_ref()), remedy));
                }
                parsed.push(template);
            }
            parsed
        };
        let professional = templates(&entry.professional);
        let professional_hant = templates(&entry.professional_hant);
        if professional.is_empty() {
            mistakes.push(pack.mistake(
                place,
                format!("{id} says nothing better"),
                "write what to say instead: professional = [\"请您稍等一会儿\"]",
            ));
        }
        if !professional_hant.is_empty() && professional_hant.len() != professional.len() {
            mistakes.push(pack.mistake(
                place,
                format!("{id}: professional and professional_hant differ in number"),
                "give every rewrite in both scripts, in the same order",
            ));
        }
        if mistakes.len() > before {
            return;
        }

        let first = self.phrases.iter().find(|phrase| phrase.id == id);
        let wording = |hans: &Option<String>, hant: &Option<String>, inherited: Option<&Wording>| match (hans, inherited) {
            (Some(hans), _) => Wording { hans: hans.clone(), hant: hant.clone().unwrap_or_default() },
            (None, Some(inherited)) => inherited.clone(),
            (None, None) => Wording::default(),
        };
        let why = wording(&entry.why, &entry.why_hant, first.map(|phrase| &phrase.why));
        let line =
            |string: &Spanned<String>| super::pack::line_of(&pack.text, if string.span().is_empty() { place } else { string.span().start });
        let specs = |strings: &Strings| strings.0.iter().map(|string| (line(string), string.get_ref().clone())).collect();
        let phrase = Phrase {
            file: pack.file.clone(),
            line: line(&entry.id),
            title: wording(&entry.title, &entry.title_hant, first.map(|phrase| &phrase.title)),
            scene: entry.scene.clone().unwrap_or_default(),
            why: if why.hans.is_empty() { Wording { hans: "不当用语".to_owned(), hant: "不當用語".to_owned() } } else { why },
            source: entry.source.clone().or_else(|| first.map(|phrase| phrase.source.clone())).unwrap_or_default(),
            severity: entry
                .severity
                .as_ref()
                .map_or_else(|| first.map_or(ByProfile::all(Severity::Warning), |phrase| phrase.severity), severity),
            points: entry.points.or_else(|| first.and_then(|phrase| phrase.points)),
            fatal: entry.fatal.unwrap_or_else(|| first.is_some_and(|phrase| phrase.fatal)),
            speaker: if entry.speaker == Some(PhraseSpeaker::Customer) { Speaker::Customer } else { Speaker::Agent },
            improper,
            except,
            unless,
            apply: entry.apply.unwrap_or(Applicability::Suggested),
            professional,
            professional_hant,
            specs: Specs { bad: specs(&entry.bad), good: specs(&entry.good) },
            id,
        };
        self.phrases.push(phrase);
    }
}

fn severity(entry: &SeverityEntry) -> ByProfile<Severity> {
    match entry {
        SeverityEntry::Everywhere(severity) => ByProfile::all(*severity),
        SeverityEntry::ByProfile(table) => {
            let mut by_profile = ByProfile::default();
            by_profile.set(Profile::Call, table.call);
            by_profile.set(Profile::Chat, table.chat);
            by_profile.set(Profile::Replies, table.replies);
            by_profile
        }
    }
}

/// `category/name` from a bare name or a full id.
fn rule_id(pack: &Pack, id: &Spanned<String>) -> Result<String, PackError> {
    let written = id.get_ref();
    let full = if written.contains('/') { written.clone() } else { format!("{}/{written}", pack.category()) };
    let fits = |half: &str| !half.is_empty() && half.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    match full.split_once('/') {
        Some((category, name)) if fits(category) && fits(name) => Ok(full),
        _ => Err(pack.mistake(
            id.span().start,
            format!("`{written}` is no rule id"),
            "use letters, digits and `-`, with at most one `/`: asking/name",
        )),
    }
}
