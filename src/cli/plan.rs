//! What depends on where a file is: its rules, how it is read, what fails the run. Settled before anything is read.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use phrase_lint::lint::{RuleSet, Selection};
use phrase_lint::report::RuleBook;
use phrase_lint::rule::{Profile, Rules};
use phrase_lint::settings::{Choice, FILE_NAME, FailOn, Folders, Origin, Setting, Settings, SettingsFile};
use phrase_lint::source::{self, Input, SourceOptions};
use phrase_lint::transcript::{Direction, Met, ReadOptions};

use super::arguments::{LayerArguments, PackArguments, ThresholdArguments};
use super::failure::Failure;
use super::messages::Messages;
use super::packs;

/// How one file is checked.
#[derive(Debug)]
pub(super) struct Plan {
    /// The rules that are on.
    pub(super) rule_set: Arc<RuleSet>,
    /// The profile of all conversations; by default that of their kind.
    pub(super) profile: Option<Profile>,
    /// Who began the conversations that do not say it.
    pub(super) direction: Option<Direction>,
    /// How its bytes are read.
    pub(super) source: SourceOptions,
    /// How its transcripts are read.
    pub(super) reading: ReadOptions,
    /// Where each of its speakers was named.
    pub(super) speaker_origins: Vec<Origin>,
    /// Where each of its mappings stands.
    pub(super) mapping_origins: Vec<Origin>,
    /// The severity from which the run fails.
    pub(super) fail_on: FailOn,
}

/// The plans of a run. Files under the same settings share one, and plans with the same rules share these: to make
/// rules ready takes longer than to check many files.
#[derive(Debug)]
pub(super) struct Plans {
    by_origin: HashMap<source::Origin, Arc<Plan>>,
    /// What holds where nothing else is known.
    usual: Arc<Plan>,
    /// The rules of each plan, those that are the same once.
    rule_sets: Vec<Arc<RuleSet>>,
    /// What the settings of the first file say of the whole report.
    pub(super) whole: Settings,
    /// The rules of all plans.
    pub(super) rules: RuleBook,
}

impl Plans {
    /// Finds the settings of all inputs. Files that are settings or packs themselves, and were not named, are taken
    /// out of the inputs.
    pub(super) fn new(
        arguments: &LayerArguments,
        thresholds: &ThresholdArguments,
        inputs: &mut Vec<Input>,
        max_unpacked: u64,
        messages: &Messages,
    ) -> Result<Self, Failure> {
        let mut drafts = Drafts::new(arguments, thresholds, max_unpacked, messages);
        let mut by_origin = HashMap::new();
        for input in inputs.iter() {
            by_origin.insert(input.origin.clone(), drafts.plan(Path::new(&input.name()))?);
        }
        inputs.retain(|input| input.named || !matches!(&input.origin, source::Origin::File(path) if drafts.is_own(path)));
        let first = inputs.first().map_or_else(|| Path::new(FILE_NAME).to_owned(), |input| PathBuf::from(input.name()));
        let (usual, whole) = (drafts.plan(&first)?, drafts.settings(&first)?.1);
        drafts.tell();
        let rule_sets = drafts.rule_sets.into_iter().map(|(.., ready)| ready).collect();
        Ok(Self { by_origin, usual, rule_sets, whole, rules: drafts.book })
    }

    /// Whether a rule is known, and on for every file that has it.
    pub(super) fn is_on_everywhere(&self, rule: &str) -> bool {
        let mut knowing = self.rule_sets.iter().filter(|rules| rules.knows(rule)).peekable();
        knowing.peek().is_some() && knowing.all(|rules| rules.is_on(rule))
    }

    /// The plans of all inputs, each once.
    pub(super) fn in_use(&self) -> Vec<&Plan> {
        let plans: HashMap<*const Plan, &Plan> = self.by_origin.values().map(|plan| (Arc::as_ptr(plan), &**plan)).collect();
        plans.into_values().collect()
    }

    /// How an input is checked.
    pub(super) fn of(&self, input: &Input) -> &Arc<Plan> {
        self.by_origin.get(&input.origin).unwrap_or(&self.usual)
    }
}

/// What `config show` tells of a file: the settings, the files that they stand in, and the plan they make.
pub(super) fn settings(
    arguments: &LayerArguments,
    thresholds: &ThresholdArguments,
    file: &Path,
    messages: &Messages,
) -> Result<(Option<Arc<SettingsFile>>, Settings), Failure> {
    let mut drafts = Drafts::new(arguments, thresholds, 0, messages);
    drafts.plan(file)?;
    drafts.settings(file).map(|(found, settings)| (found.map(|(file, _)| file), settings))
}

/// The packs that the settings of the current folder and the arguments name, for what looks at rules only; and what
/// these settings say of reports.
pub(super) fn of_current_folder(arguments: &PackArguments) -> Result<Settings, Failure> {
    let found = folders(arguments).of(Path::new(FILE_NAME))?;
    let mut settings = found.map_or_else(Settings::default, |(file, path)| Settings::new(&file, &file.overrides_of(&path)));
    settings.rules.extend(arguments.paths.iter().cloned().map(Setting::argument));
    Ok(settings)
}

fn folders(arguments: &PackArguments) -> Folders {
    let choice = match &arguments.config {
        _ if arguments.no_config => Choice::Nothing,
        Some(file) => Choice::File(file.clone()),
        None => Choice::Nearest,
    };
    Folders::new(choice, Path::new("."))
}

/// Plans as they are made.
struct Drafts<'a> {
    folders: Folders,
    arguments: Settings,
    max_unpacked: u64,
    messages: &'a Messages,
    /// By the settings file (its address, for each is read once) and the overrides that hold.
    plans: HashMap<(Option<*const SettingsFile>, Vec<bool>), Arc<Plan>>,
    rules: HashMap<Vec<PathBuf>, Arc<Rules>>,
    rule_sets: Vec<(Vec<PathBuf>, Selection, Arc<RuleSet>)>,
    book: RuleBook,
    /// The packs of all plans.
    packs: Vec<PathBuf>,
    /// The settings of all plans.
    files: Vec<Arc<SettingsFile>>,
}

/// The settings file of a path, and the overrides that hold there.
type Found = Option<(Arc<SettingsFile>, Vec<bool>)>;

impl<'a> Drafts<'a> {
    fn new(arguments: &LayerArguments, thresholds: &ThresholdArguments, max_unpacked: u64, messages: &'a Messages) -> Self {
        Self {
            folders: folders(&arguments.packs),
            arguments: layer(arguments, thresholds),
            max_unpacked,
            messages,
            plans: HashMap::new(),
            rules: HashMap::new(),
            rule_sets: Vec::new(),
            book: RuleBook::default(),
            packs: Vec::new(),
            files: Vec::new(),
        }
    }

    fn found(&mut self, file: &Path) -> Result<Found, Failure> {
        let found = self.folders.of(file)?;
        Ok(found.map(|(settings, path)| {
            let overrides = settings.overrides_of(&path);
            (settings, overrides)
        }))
    }

    fn settings(&mut self, file: &Path) -> Result<(Found, Settings), Failure> {
        let found = self.found(file)?;
        let mut settings = found.as_ref().map_or_else(Settings::default, |(file, overrides)| Settings::new(file, overrides));
        settings.add(self.arguments.clone());
        Ok((found, settings))
    }

    fn plan(&mut self, file: &Path) -> Result<Arc<Plan>, Failure> {
        let found = self.found(file)?;
        let key = match &found {
            Some((file, overrides)) => (Some(Arc::as_ptr(file)), overrides.clone()),
            None => (None, Vec::new()),
        };
        if let Some(plan) = self.plans.get(&key) {
            return Ok(Arc::clone(plan));
        }
        if let Some((settings, _)) = &found
            && !self.files.iter().any(|known| Arc::ptr_eq(known, settings))
        {
            self.files.push(Arc::clone(settings));
        }
        let (_, settings) = self.settings(file)?;
        let mut reading = settings.reading();
        // To look for what is found costs time: only where somebody is told of what is missing.
        let asks_for_names = settings.speakers.iter().any(|speaker| speaker.origin == Origin::Argument);
        if asks_for_names || !reading.mappings.is_empty() {
            reading.met = Some(Arc::new(Met::new(if asks_for_names { reading.speakers.len() } else { 0 }, &reading.mappings)));
        }
        let plan = Arc::new(Plan {
            rule_set: self.rule_set(&settings)?,
            profile: settings.profile.as_ref().map(|setting| setting.value),
            direction: settings.direction.as_ref().map(|setting| setting.value),
            source: SourceOptions {
                encoding: settings.encoding.as_ref().map(|setting| setting.value),
                max_unpacked: self.max_unpacked,
                ..SourceOptions::default()
            },
            reading,
            speaker_origins: settings.speakers.iter().map(|speaker| speaker.origin.clone()).collect(),
            mapping_origins: settings.mapping.iter().map(|mapping| mapping.origin.clone()).collect(),
            fail_on: settings.fail_on(),
        });
        self.plans.insert(key, Arc::clone(&plan));
        Ok(plan)
    }

    fn rule_set(&mut self, settings: &Settings) -> Result<Arc<RuleSet>, Failure> {
        packs::exist(settings)?;
        let paths = packs::paths(settings);
        let rules = match self.rules.get(&paths) {
            Some(rules) => Arc::clone(rules),
            None => {
                let rules = packs::load(&paths, self.messages)?;
                packs::warn(&rules, &paths, self.messages)?;
                self.book.add(&rules);
                self.packs.extend(packs::files(&paths)?);
                let rules = Arc::new(rules);
                self.rules.insert(paths.clone(), Arc::clone(&rules));
                rules
            }
        };
        if let Some(unknown) = settings.unknown_rule(&rules) {
            return Err(packs::unknown_rule(&unknown.name, unknown.nearest, unknown.origin.as_ref()));
        }
        let selection = settings.selection();
        if let Some((.., ready)) = self.rule_sets.iter().find(|(of, chosen, _)| (of, chosen) == (&paths, &selection)) {
            return Ok(Arc::clone(ready));
        }
        let ready = Arc::new(RuleSet::new(&rules, &selection));
        // Never freed: thousands of patterns, one by one, take longer than a small file does, and the process ends then.
        std::mem::forget(Arc::clone(&ready));
        self.rule_sets.push((paths, selection, Arc::clone(&ready)));
        Ok(ready)
    }

    /// Whether a file is one of the settings or packs of the run.
    fn is_own(&self, path: &Path) -> bool {
        let settings = self.files.iter().flat_map(|file| file.chain()).map(SettingsFile::path);
        let mut own = settings.chain(self.packs.iter().map(PathBuf::as_path));
        // Only where the name is the same is the system asked.
        let is_same = |own: &Path| own.file_name() == path.file_name() && fs::canonicalize(own).ok() == fs::canonicalize(path).ok();
        path.file_name() == Some(OsStr::new(FILE_NAME)) || own.any(is_same)
    }

    /// Says where settings come from.
    fn tell(&self) {
        for file in &self.files {
            let extended: Vec<_> = file.chain().skip(1).map(|file| file.path().display().to_string()).collect();
            let extends = if extended.is_empty() { String::new() } else { format!(", which extends {}", extended.join(", ")) };
            self.messages.remark(format_args!("settings from {}{extends}", file.path().display()));
        }
    }
}

/// What the command line says.
fn layer(arguments: &LayerArguments, thresholds: &ThresholdArguments) -> Settings {
    fn all<T: Clone>(values: &[T]) -> Vec<Setting<T>> {
        values.iter().cloned().map(Setting::argument).collect()
    }
    Settings {
        rules: all(&arguments.packs.paths),
        select: all(&arguments.select),
        ignore: all(&arguments.ignore),
        severities: all(&arguments.severities),
        points: Vec::new(),
        fail_on: arguments.fail_on.map(Setting::argument),
        profile: arguments.profile.map(Setting::argument),
        direction: arguments.direction.map(Setting::argument),
        speakers: all(&arguments.speakers),
        assume_agent: arguments.assume_agent.clone().map(Setting::argument),
        input_format: arguments.input_format.clone().map(Setting::argument),
        encoding: arguments.encoding.map(Setting::argument),
        date_order: arguments.date_order.map(Setting::argument),
        level: thresholds.level.map(Setting::argument),
        pass: thresholds.pass.map(Setting::argument),
        mapping: Vec::new(),
    }
}
