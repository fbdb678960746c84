//! Files that are written beside another and take its place when they are complete. Those that still wait when the program has to
//! end are taken away.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::{Builder, TempPath};

/// Every file that waits. Whoever makes one, renames it or takes it away holds this, so that nothing of it can be cut in two.
static WAITING: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A file that waits for the name of another. It goes away with this, and what was there before stays.
#[derive(Debug)]
pub struct Waiting {
    // None once it has its name.
    path: Option<TempPath>,
}

impl Waiting {
    /// Makes one in a folder; `builder` tells its name and permissions.
    ///
    /// # Errors
    /// The folder is missing, or nothing may be written there.
    pub fn begin(builder: &Builder<'_, '_>, folder: &Path) -> io::Result<(File, Self)> {
        let mut waiting = all();
        let (file, path) = builder.tempfile_in(folder)?.into_parts();
        waiting.insert(path.to_path_buf());
        Ok((file, Self { path: Some(path) }))
    }

    /// Takes the place of `target`, in one step.
    ///
    /// # Errors
    /// The system says no; then it is gone.
    pub fn replace(mut self, target: &Path) -> io::Result<()> {
        let mut waiting = all();
        let Some(path) = self.path.take() else { return Ok(()) };
        waiting.remove(path.as_ref() as &Path);
        path.persist(target).map_err(|error| error.error)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(path) = self.path.take() {
            let mut waiting = all();
            waiting.remove(path.as_ref() as &Path);
            drop(path);
        }
    }
}

/// Takes away all files that wait, and ends the program by `end` before another one can be made or take a place.
pub fn abandon(end: impl FnOnce()) {
    let waiting = all();
    for path in waiting.iter() {
        // What cannot be taken away stays: nobody is there any more to be told.
        let _ = fs::remove_file(path);
    }
    end();
}

fn all() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}
