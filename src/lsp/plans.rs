//! The settings of open documents, and whether they changed on disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::plan::{Plan, PlanError, Planner};
use crate::report::RuleBook;
use crate::settings::Folders;

use super::Options;

/// Plans for documents, made anew when settings or packs change.
#[derive(Debug)]
pub(super) struct Plans {
    options: Options,
    planner: Planner,
    /// The settings and packs that were read, and when each changed last.
    read: Vec<(PathBuf, Option<SystemTime>)>,
    /// Whether something in them is wrong: then it is not known which files they are.
    has_failed: bool,
}

impl Plans {
    pub(super) fn new(options: Options) -> Self {
        Self { planner: planner(&options), options, read: Vec::new(), has_failed: false }
    }

    /// The plan of a file, which need not exist.
    pub(super) fn of(&mut self, file: &Path) -> Result<Arc<Plan>, PlanError> {
        // An editor has no place for remarks; `check` makes them.
        let plan = self.planner.plan(file, &mut |_| ());
        self.has_failed |= plan.is_err();
        for own in self.planner.own_files() {
            if !self.read.iter().any(|(path, _)| path == own) {
                self.read.push((own.to_owned(), changed(own)));
            }
        }
        plan
    }

    /// Whether a file is one of the settings or packs.
    pub(super) fn is_own(&self, file: &Path) -> bool {
        self.planner.is_own(file)
    }

    /// Whether what was read is no more what stands in the files.
    pub(super) fn are_outdated(&self) -> bool {
        self.has_failed || self.read.iter().any(|(path, then)| changed(path) != *then)
    }

    /// Forgets what was read.
    pub(super) fn renew(&mut self) {
        *self = Self::new(self.options.clone());
    }

    /// What the rules tell of themselves.
    pub(super) fn book(&self) -> &RuleBook {
        self.planner.book()
    }
}

fn planner(options: &Options) -> Planner {
    Planner::new(Folders::new(options.choice.clone(), &options.folder), options.nearest.clone(), 0)
}

/// When a file changed last, where that is known.
fn changed(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|file| file.modified()).ok()
}
