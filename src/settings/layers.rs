//! What holds for one file: layers laid over each other, every value with where it came from.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::lint::Selection;
use crate::report;
use crate::rule::{Profile, Rules};
use crate::source::Encoding;
use crate::transcript::{Assumption, DateOrder, Direction, FromPath, Mapping, ReadOptions, Speaker, is_same_speaker};
use crate::violation::Severity;

use super::document::{Placed, Section, Word};
use super::paths::seen_from;
use super::{FailOn, SettingsFile};

/// Where a value was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// In a settings file.
    File {
        /// The file, as the current folder sees it.
        file: Arc<str>,
        /// The line, from 1.
        line: usize,
    },
    /// On the command line.
    Argument,
}

/// A value and where it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it was said.
    pub origin: Origin,
}

/// A name that no rule and no category has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRule {
    /// The name.
    pub name: String,
    /// The one that was probably meant.
    pub nearest: Option<String>,
    /// Where it was said.
    pub origin: Option<Origin>,
}

/// What holds for a file. What is absent was said nowhere.
///
/// `rules`, `ignore` and the tables add up, name by name, the nearest last; of everything else the nearest holds.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Packs and folders of packs, as the current folder sees them.
    pub rules: Vec<Setting<PathBuf>>,
    /// Only these rules; all where empty, be it said or not.
    pub select: Option<Vec<Setting<String>>>,
    /// Not these rules.
    pub ignore: Vec<Setting<String>>,
    /// Severities of rules and categories.
    pub severities: Vec<Setting<(String, Severity)>>,
    /// Points of rules and categories.
    pub points: Vec<Setting<(String, u32)>>,
    /// The severity from which a run fails.
    pub fail_on: Option<Setting<FailOn>>,
    /// The profile of all conversations.
    pub profile: Option<Setting<Profile>>,
    /// Who began the conversations that do not say it.
    pub direction: Option<Setting<Direction>>,
    /// Who names and labels are.
    pub speakers: Vec<Setting<(String, Speaker)>>,
    /// Who is taken for the agent where nobody is known to be.
    pub assume_agent: Option<Setting<Assumption>>,
    /// The name of a reader.
    pub input_format: Option<Setting<String>>,
    /// The encoding of all text.
    pub encoding: Option<Setting<Encoding>>,
    /// The order of the numbers in dates.
    pub date_order: Option<Setting<DateOrder>>,
    /// What paths tell of the agent and the start.
    pub from_path: Option<Setting<FromPath>>,
    /// From which severity on violations are shown, in the whole report.
    pub level: Option<Setting<Severity>>,
    /// The score from which a conversation passes, in the whole report.
    pub pass: Option<Setting<u64>>,
    /// The file of violations that were there before, as the current folder sees it, for the whole run.
    pub baseline: Option<Setting<PathBuf>>,
    /// Where data of a shape of its own holds what.
    pub mapping: Vec<Setting<Mapping>>,
}

impl Settings {
    /// What a file and those it extends say where `overrides` hold, as [`SettingsFile::overrides_of`] tells them.
    pub fn new(nearest: &SettingsFile, overrides: &[bool]) -> Self {
        let mut settings = Self::default();
        let chain: Vec<_> = nearest.chain().collect();
        let mut end = chain.iter().map(|file| file.overrides.len()).sum::<usize>();
        for file in chain.into_iter().rev() {
            let start = end - file.overrides.len();
            settings.add_section(file, &file.section);
            for (number, part) in file.overrides.iter().enumerate() {
                if overrides.get(start + number) == Some(&true) {
                    settings.add_section(file, &part.section);
                }
            }
            end = start;
        }
        settings
    }

    /// Lays nearer settings over these.
    pub fn add(&mut self, nearer: Self) {
        if let Some(nearest) = nearer.select {
            // What is asked for by name is not left out for what was said farther away.
            self.ignore.retain(|farther| !nearest.iter().any(|select| is_within(&farther.value, &select.value)));
            self.select = Some(nearest);
        }
        self.rules.extend(nearer.rules);
        self.ignore.extend(nearer.ignore);
        for one in nearer.severities {
            self.severities.retain(|farther| !is_within(&farther.value.0, &one.value.0));
            self.severities.push(one);
        }
        for one in nearer.points {
            self.points.retain(|farther| !is_within(&farther.value.0, &one.value.0));
            self.points.push(one);
        }
        for one in nearer.speakers {
            self.speakers.retain(|farther| !is_same_speaker(&farther.value.0, &one.value.0));
            self.speakers.push(one);
        }
        if !nearer.mapping.is_empty() {
            self.mapping = nearer.mapping;
        }
        fn over<T>(farther: &mut Option<T>, nearer: Option<T>) {
            if nearer.is_some() {
                *farther = nearer;
            }
        }
        over(&mut self.fail_on, nearer.fail_on);
        over(&mut self.profile, nearer.profile);
        over(&mut self.direction, nearer.direction);
        over(&mut self.assume_agent, nearer.assume_agent);
        over(&mut self.input_format, nearer.input_format);
        over(&mut self.encoding, nearer.encoding);
        over(&mut self.date_order, nearer.date_order);
        over(&mut self.from_path, nearer.from_path);
        over(&mut self.level, nearer.level);
        over(&mut self.pass, nearer.pass);
        over(&mut self.baseline, nearer.baseline);
    }

    fn add_section(&mut self, file: &SettingsFile, section: &Section) {
        let name: Arc<str> = file.path().display().to_string().into();
        let origin = |at: usize| Origin::File { file: Arc::clone(&name), line: file.line(at) };
        let one = |placed: &Placed<String>| Setting { value: placed.value.clone(), origin: origin(placed.at) };
        let path = |placed: &Placed<String>| Setting { value: seen_from(file.folder(), &placed.value), origin: origin(placed.at) };
        self.add(Self {
            rules: section.rules.iter().map(path).collect(),
            select: section.select.as_ref().map(|select| select.iter().map(one).collect()),
            ignore: section.ignore.iter().map(one).collect(),
            severities: named(&section.severities, &origin, |word| word.0),
            points: named(&section.points, &origin, |points| points.0),
            fail_on: word(&section.fail_on, &origin),
            profile: word(&section.profile, &origin),
            direction: word(&section.direction, &origin),
            speakers: named(&section.speakers, &origin, |word| word.0),
            assume_agent: word(&section.assume_agent, &origin),
            input_format: placed(&section.input_format, &origin, |word| word.0.0.to_owned()),
            encoding: word(&section.encoding, &origin),
            date_order: word(&section.date_order, &origin),
            from_path: word(&section.from_path, &origin),
            level: word(&section.level, &origin),
            pass: placed(&section.pass, &origin, |pass| pass.0),
            baseline: section.baseline.as_ref().map(path),
            mapping: section
                .mapping
                .iter()
                .flat_map(|mappings| mappings.value.each(mappings.at))
                .map(|(mapping, at)| Setting { value: mapping.clone(), origin: origin(at) })
                .collect(),
        });
    }

    /// Which rules are on, and how severe.
    pub fn selection(&self) -> Selection {
        Selection {
            select: values(self.select.as_deref().unwrap_or_default()),
            ignore: values(&self.ignore),
            severities: values(&self.severities),
            points: values(&self.points),
        }
    }

    /// How documents are read.
    pub fn reading(&self) -> ReadOptions {
        ReadOptions {
            format: self.input_format.as_ref().map(|setting| setting.value.clone()),
            speakers: values(&self.speakers),
            assumption: self.assume_agent.as_ref().map(|setting| setting.value.clone()),
            date_order: self.date_order.as_ref().map(|setting| setting.value),
            from_path: self.from_path.as_ref().map(|setting| setting.value.clone()),
            mappings: values(&self.mapping),
            passed_over: Some(report::is_report),
            ..ReadOptions::default()
        }
    }

    /// The severity from which a run fails.
    pub fn fail_on(&self) -> FailOn {
        self.fail_on.as_ref().map_or_else(FailOn::default, |setting| setting.value)
    }

    /// The first name that is neither an id nor a category of `rules`.
    pub fn unknown_rule(&self, rules: &Rules) -> Option<UnknownRule> {
        let (name, nearest) = self.selection().unknown(rules).into_iter().next()?;
        let lists = self.select.iter().flatten().chain(&self.ignore).map(|setting| (&setting.value, &setting.origin));
        let severities = self.severities.iter().map(|setting| (&setting.value.0, &setting.origin));
        let points = self.points.iter().map(|setting| (&setting.value.0, &setting.origin));
        let origin = lists.chain(severities).chain(points).find(|(known, _)| **known == name).map(|(_, origin)| origin.clone());
        Some(UnknownRule { name, nearest, origin })
    }
}

/// There is no rule of that name, and where it was said.
impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place @ Origin::File { .. }) = &self.origin {
            write!(f, "{place}: ")?;
        }
        write!(f, "there is no rule `{}`\n  help: ", self.name)?;
        match &self.nearest {
            Some(nearest) => write!(f, "did you mean `{nearest}`?"),
            None => f.write_str("`phrase-lint rules list` names all rules"),
        }
    }
}

impl<T> Setting<T> {
    /// A value of the command line.
    pub fn argument(value: T) -> Self {
        Self { value, origin: Origin::Argument }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { file, line } => write!(f, "{file}:{line}"),
            Self::Argument => f.write_str("argument"),
        }
    }
}

/// Whether an id or category is the named one, or in it.
fn is_within(name: &str, other: &str) -> bool {
    name.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn values<T: Clone>(settings: &[Setting<T>]) -> Vec<T> {
    settings.iter().map(|setting| setting.value.clone()).collect()
}

fn placed<T, U>(value: &Option<Placed<T>>, origin: &impl Fn(usize) -> Origin, taken: impl Fn(&T) -> U) -> Option<Setting<U>> {
    value.as_ref().map(|placed| Setting { value: taken(&placed.value), origin: origin(placed.at) })
}

fn word<T: Clone>(value: &Option<Placed<Word<T>>>, origin: &impl Fn(usize) -> Origin) -> Option<Setting<T>> {
    placed(value, origin, |word| word.0.clone())
}

/// The entries of a table, in the order in which they are written.
fn named<T, U>(
    table: &std::collections::BTreeMap<String, Placed<T>>,
    origin: &impl Fn(usize) -> Origin,
    taken: impl Fn(&T) -> U,
) -> Vec<Setting<(String, U)>> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(_, placed)| placed.at);
    entries.into_iter().map(|(name, placed)| Setting { value: (name.clone(), taken(&placed.value)), origin: origin(placed.at) }).collect()
}
