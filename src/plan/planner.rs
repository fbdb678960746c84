//! Plans as they are made.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::lint::{RuleSet, Selection};
use crate::report::RuleBook;
use crate::rule::{Profile, Rules};
use crate::settings::{FILE_NAME, FailOn, Folders, Origin, Settings, SettingsFile};
use crate::source::SourceOptions;
use crate::transcript::{Direction, Met, ReadOptions};

use super::{PlanError, Tell, packs};

/// How one file is checked.
#[derive(Debug)]
pub struct Plan {
    /// The rules that are on.
    pub rule_set: Arc<RuleSet>,
    /// The profile of all conversations; by default that of their kind.
    pub profile: Option<Profile>,
    /// Who began the conversations that do not say it.
    pub direction: Option<Direction>,
    /// How its bytes are read.
    pub source: SourceOptions,
    /// How its transcripts are read.
    pub reading: ReadOptions,
    /// Where each of its speakers was named.
    pub speaker_origins: Vec<Origin>,
    /// Where each of its mappings stands.
    pub mapping_origins: Vec<Origin>,
    /// Where it is said what paths tell.
    pub from_path_origin: Option<Origin>,
    /// The severity from which the run fails.
    pub fail_on: FailOn,
}

/// Makes plans. To make rules ready takes longer than to check many files: those that are the same are made once.
#[derive(Debug)]
pub struct Planner {
    folders: Folders,
    /// What lies above all settings files.
    nearest: Settings,
    max_unpacked: u64,
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
pub type Found = Option<(Arc<SettingsFile>, Vec<bool>)>;

impl Planner {
    /// Plans by the settings that `folders` finds, with `nearest` laid over them; a compressed file may unfold to `max_unpacked`
    /// bytes.
    pub fn new(folders: Folders, nearest: Settings, max_unpacked: u64) -> Self {
        Self {
            folders,
            nearest,
            max_unpacked,
            plans: HashMap::new(),
            rules: HashMap::new(),
            rule_sets: Vec::new(),
            book: RuleBook::default(),
            packs: Vec::new(),
            files: Vec::new(),
        }
    }

    fn found(&mut self, file: &Path) -> Result<Found, PlanError> {
        let found = self.folders.of(file)?;
        Ok(found.map(|(settings, path)| {
            let overrides = settings.overrides_of(&path);
            (settings, overrides)
        }))
    }

    /// What holds for a file, which need not exist, and where it was found.
    ///
    /// # Errors
    /// Mistakes in the settings.
    pub fn settings(&mut self, file: &Path) -> Result<(Found, Settings), PlanError> {
        let found = self.found(file)?;
        let mut settings = found.as_ref().map_or_else(Settings::default, |(file, overrides)| Settings::new(file, overrides));
        settings.add(self.nearest.clone());
        Ok((found, settings))
    }

    /// The plan of a file, which need not exist.
    ///
    /// # Errors
    /// Mistakes in the settings or in the packs that they name.
    pub fn plan(&mut self, file: &Path, tell: Tell<'_>) -> Result<Arc<Plan>, PlanError> {
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
        if asks_for_names || reading.from_path.is_some() || !reading.mappings.is_empty() {
            reading.met = Some(Arc::new(Met::new(if asks_for_names { reading.speakers.len() } else { 0 }, &reading.mappings)));
        }
        let plan = Arc::new(Plan {
            rule_set: self.rule_set(&settings, tell)?,
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
            from_path_origin: settings.from_path.as_ref().map(|setting| setting.origin.clone()),
            fail_on: settings.fail_on(),
        });
        self.plans.insert(key, Arc::clone(&plan));
        Ok(plan)
    }

    fn rule_set(&mut self, settings: &Settings, tell: Tell<'_>) -> Result<Arc<RuleSet>, PlanError> {
        packs::exist(settings)?;
        let paths = packs::paths(settings);
        let rules = match self.rules.get(&paths) {
            Some(rules) => Arc::clone(rules),
            None => {
                let rules = packs::load(&paths, tell)?;
                packs::warn(&rules, &paths, tell)?;
                self.book.add(&rules);
                self.packs.extend(packs::files(&paths)?);
                let rules = Arc::new(rules);
                self.rules.insert(paths.clone(), Arc::clone(&rules));
                rules
            }
        };
        if let Some(unknown) = settings.unknown_rule(&rules) {
            return Err(PlanError::Rule(unknown));
        }
        let selection = settings.selection();
        if let Some((.., ready)) = self.rule_sets.iter().find(|(of, chosen, _)| (of, chosen) == (&paths, &selection)) {
            return Ok(Arc::clone(ready));
        }
        let ready = Arc::new(RuleSet::new(&rules, &selection));
        self.rule_sets.push((paths, selection, Arc::clone(&ready)));
        Ok(ready)
    }

    /// Whether a file is one of the settings or packs of the plans.
    pub fn is_own(&self, path: &Path) -> bool {
        // Only where the name is the same is the system asked.
        let is_same = |own: &Path| own.file_name() == path.file_name() && fs::canonicalize(own).ok() == fs::canonicalize(path).ok();
        path.file_name() == Some(OsStr::new(FILE_NAME)) || self.own_files().any(is_same)
    }

    /// The settings files and packs of the plans.
    pub fn own_files(&self) -> impl Iterator<Item = &Path> {
        let settings = self.files.iter().flat_map(|file| file.chain()).map(SettingsFile::path);
        settings.chain(self.packs.iter().map(PathBuf::as_path))
    }

    /// The settings files of the plans, without those that they extend.
    pub fn files(&self) -> impl Iterator<Item = &Arc<SettingsFile>> {
        self.files.iter()
    }

    /// The rules of the plans, those that are the same once.
    pub fn rule_sets(&self) -> impl Iterator<Item = &Arc<RuleSet>> {
        self.rule_sets.iter().map(|(.., ready)| ready)
    }

    /// What the rules of all plans tell of themselves.
    pub fn book(&self) -> &RuleBook {
        &self.book
    }

    /// The same, where no more plans are made.
    pub fn into_book(self) -> RuleBook {
        self.book
    }
}
