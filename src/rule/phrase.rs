//! What a phrase rule is: improper words and what to say instead.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::document::{Per, PhraseEntry, PhraseSpeaker, Strings};
use super::pack_text::PackText;
use super::passage::Gaps;
use super::pattern::{Node, Pattern};
use super::reader::Reader;
use super::row::{Heading, Specs, Wording, severity, wording};
use super::signs::Signs;
use super::{ByProfile, Template};
use crate::transcript::Speaker;
use crate::violation::{Applicability, Severity};

/// One row: improper phrases and what to say instead, where there is anything.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Phrase {
    /// `category/name`.
    pub id: Arc<str>,
    /// The pack's file.
    pub file: PackText,
    /// Whether the program carries the pack.
    pub is_builtin: bool,
    /// The line of its id in the pack, from 1.
    pub line: usize,
    /// A short name of the rule.
    pub title: Wording,
    /// What this row catches.
    pub scene: PackText,
    /// One sentence that says why it is improper.
    pub why: Wording,
    /// Where the rule comes from.
    pub source: PackText,
    /// How grave it is in every profile; none where it is off.
    pub severity: ByProfile<Severity>,
    /// What it costs, where the pack says.
    pub points: Option<u32>,
    /// Whether it fails the whole conversation.
    pub fatal: bool,
    /// Whether points are lost at every hit or once.
    pub per: Per,
    /// Whose turns it looks at.
    pub speaker: Speaker,
    /// Patterns of what must not be said.
    pub improper: Vec<Arc<Pattern>>,
    /// In their place, what speaks for such words and against them: the clause that weighs most is reported where all of a turn weigh
    /// enough.
    pub signs: Signs,
    /// No violation where one of these shares a written character with the match.
    pub except: Vec<Arc<Pattern>>,
    /// No violation where one of these stands near.
    pub unless: Unless,
    /// Whether the rewrites may be applied unseen.
    pub apply: Applicability,
    /// Rewrites in Simplified; empty where the words are forbidden and nothing stands for them.
    pub professional: Vec<Template>,
    /// Rewrites in Traditional; empty where the pack has none.
    pub professional_hant: Vec<Template>,
    /// Examples that the pack promises.
    pub specs: Specs,
}

/// What keeps a rule quiet from further away.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Unless {
    /// In the same sentence.
    pub sentence: Vec<Arc<Pattern>>,
    /// In the same answer: the agent's turns between two customer turns.
    pub answer: Vec<Arc<Pattern>>,
}

impl Phrase {
    /// Reads an entry. `earlier` are the rows so far, `inherited` is what the first row of the id gives.
    pub(super) fn read(reader: &mut Reader<'_>, entry: &PhraseEntry, earlier: &[Arc<Self>], inherited: &Heading) -> Self {
        let improper = reader.patterns(&entry.improper, "improper");
        let except = reader.patterns(&entry.except, "except");
        let unless = Unless {
            sentence: reader.patterns_with(&entry.unless.sentence, "unless.sentence", Gaps::AcrossBreaks),
            answer: reader.patterns_with(&entry.unless.answer, "unless.answer", Gaps::AcrossBreaks),
        };
        reader.check_exceptions(&improper, "improper", &except, "except");
        reader.check_exceptions(&improper, "improper", &unless.sentence, "unless.sentence");
        reader.check_exceptions(&improper, "improper", &unless.answer, "unless.answer");
        let signs = Signs::new(entry.signs.weighed());
        match (entry.improper.0.is_empty(), signs.is_empty()) {
            (true, true) => reader.mistake("has no improper phrase", "write at least one pattern: improper = [\"你等着\"]"),
            (false, false) => reader.mistake("has both `improper` and `signs`", "give the signs a row of their own under the same id"),
            _ => {}
        }
        if let Err((message, remedy)) = signs.check() {
            reader.mistake(message, remedy);
        }
        for pattern in &improper {
            let again = |row: &Arc<Self>| row.id == reader.id && row.improper.iter().any(|earlier| earlier.text == pattern.text);
            if earlier.iter().any(again) {
                reader.mistake(format!("`{}` stands in an earlier row of this id too", pattern.text), "remove one of them");
            }
        }
        let tags: BTreeSet<Arc<str>> = improper.iter().filter_map(|pattern| pattern.node()).flat_map(Node::tags).collect();
        let professional = templates(reader, &entry.professional, &tags);
        let professional_hant = templates(reader, &entry.professional_hant, &tags);
        if !signs.is_empty() && entry.apply.is_some_and(|apply| apply != Applicability::Example) {
            reader.mistake(
                "`apply` lets a rewrite take the place of what signs tell",
                "remove it: what they tell is a whole clause, and a rewrite an example",
            );
        }
        if professional.is_empty() && entry.apply.is_some() {
            reader.mistake("`apply` tells of a rewrite, and there is none", "write professional = [\"请您稍等一会儿\"], or remove `apply`");
        }
        if !professional_hant.is_empty() && professional_hant.len() != professional.len() {
            reader.mistake("professional and professional_hant differ in number", "give every rewrite in both scripts, in the same order");
        }
        let apply = entry.apply.unwrap_or(if signs.is_empty() { Applicability::Suggested } else { Applicability::Example });
        let mut why = wording(entry.why.as_ref(), entry.why_hant.as_ref(), &inherited.why);
        if why.hans.is_empty() {
            why = Wording { hans: "不当用语".into(), hant: "不當用語".into() };
        }
        Self {
            id: Arc::clone(&reader.id),
            file: reader.pack.file().into(),
            is_builtin: reader.pack.is_builtin,
            line: reader.line(&entry.id),
            title: wording(entry.title.as_ref(), entry.title_hant.as_ref(), &inherited.title),
            scene: entry.scene.clone().unwrap_or_default().into(),
            why,
            source: entry.source.clone().map_or_else(|| inherited.source.clone(), PackText::from),
            severity: entry.severity.as_ref().map_or(inherited.severity, severity),
            points: entry.points.or(inherited.points),
            fatal: entry.fatal.unwrap_or(inherited.fatal),
            per: entry.per.unwrap_or(inherited.per),
            speaker: if entry.speaker == Some(PhraseSpeaker::Customer) { Speaker::Customer } else { Speaker::Agent },
            improper,
            signs,
            except,
            unless,
            apply,
            professional,
            professional_hant,
            specs: reader.specs(&entry.bad, &entry.good),
        }
    }

    /// The patterns that need no more than one unanchored character, each with that character.
    pub(super) fn broad(&self) -> impl Iterator<Item = (&Pattern, &str)> {
        self.improper
            .iter()
            .filter(|pattern| pattern.is_broad())
            .map(|pattern| (&**pattern, pattern.clues.literals.iter().find(|literal| literal.chars().count() < 2).unwrap_or_default()))
    }

    pub(super) fn heading(&self) -> Heading {
        Heading {
            title: self.title.clone(),
            why: self.why.clone(),
            source: self.source.clone(),
            severity: self.severity,
            points: self.points,
            fatal: self.fatal,
            per: self.per,
        }
    }
}

fn templates(reader: &mut Reader<'_>, strings: &Strings, tags: &BTreeSet<Arc<str>>) -> Vec<Template> {
    let mut parsed = Vec::new();
    for string in &strings.0 {
        let template = Template::parse(string.get_ref());
        if let Some(unknown) = template.tags().find(|tag| !tags.iter().any(|known| &**known == *tag)) {
            let remedy = if tags.is_empty() {
                "no pattern of this row names a part: write `…{what}`".to_owned()
            } else {
                format!("the patterns of this row name: {}", tags.iter().map(|tag| format!("{{{tag}}}")).collect::<Vec<_>>().join(" "))
            };
            let message = format!("unknown tag {{{unknown}}} in `{}`", string.get_ref());
            reader.mistake_at(string.span().start, message, remedy);
        }
        parsed.push(template);
    }
    parsed
}
