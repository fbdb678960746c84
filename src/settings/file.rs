//! One settings file, with the files that it extends.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::rule::PackError;
use crate::source::utf8;

use super::document::{Placed, Section};
use super::paths::{seen_from, whole};

/// Settings as they are written, with those that they extend.
pub struct SettingsFile {
    /// The path, as the current folder sees it.
    path: PathBuf,
    /// Where its lines end, in bytes.
    line_ends: Vec<usize>,
    /// What holds for all files.
    pub(super) section: Section,
    pub(super) overrides: Vec<Override>,
    pub(super) extends: Option<Box<SettingsFile>>,
    /// The folder, whole, from which the paths of overrides are seen: that of the file which was found, for what it
    /// extends too, so that a house's overrides hold in every repository.
    root: PathBuf,
}

/// Settings for some files.
pub(super) struct Override {
    pub section: Section,
    /// The files, in the notation of `.gitignore`.
    files: Gitignore,
}

impl SettingsFile {
    /// Reads a file and what it extends; `root` is the whole path of the folder from which the paths of overrides are
    /// seen.
    ///
    /// # Errors
    /// A file cannot be read, or the first mistake in it.
    pub fn read(path: &Path, root: &Path) -> Result<Self, PackError> {
        Self::read_within(path, root, &mut Vec::new())
    }

    /// `open` holds the files that led here.
    fn read_within(path: &Path, root: &Path, open: &mut Vec<PathBuf>) -> Result<Self, PackError> {
        let name = path.display().to_string();
        let bytes = fs::read(path)
            .map_err(|error| PackError::new(&name, 0, format!("cannot be read: {error}"), "check the path to the settings"))?;
        let text = utf8(&bytes).map_err(|error| PackError::new(&name, error.line, error.to_string(), error.remedy()))?;
        let section: Section = toml::from_str(text).map_err(|error| PackError::of_toml(&name, text, &error))?;
        let mut file = Self {
            path: path.to_owned(),
            line_ends: text.match_indices('\n').map(|(at, _)| at).collect(),
            section,
            overrides: Vec::new(),
            extends: None,
            root: root.to_owned(),
        };
        file.settle()?;
        open.push(whole(path));
        if let Some(extends) = &file.section.extends {
            let extended = seen_from(file.folder(), &extends.value);
            if open.contains(&whole(&extended)) {
                let what = format!("`{}` leads back to itself by way of `extends`", extended.display());
                return Err(file.mistake(extends.at, what, "take one of the `extends` out"));
            }
            if !extended.is_file() {
                let what = format!("extends `{}`, which is no file", extended.display());
                return Err(file.mistake(extends.at, what, "the path is seen from the folder of this file"));
            }
            file.extends = Some(Box::new(Self::read_within(&extended, root, open)?));
        }
        Ok(file)
    }

    /// Checks what the types leave open.
    fn settle(&mut self) -> Result<(), PackError> {
        if let Some(first) = self.section.paths.as_ref().map(|paths| paths.first().map_or(0, |path| path.at)) {
            return Err(self.mistake(first, "`paths` stands outside of an override", "write it behind [[overrides]]"));
        }
        self.check(&self.section)?;
        for placed in std::mem::take(&mut self.section.overrides) {
            let Placed { value: section, at } = placed;
            let top_only = [
                section.extends.as_ref().map(|value| ("extends", value.at)),
                section.level.as_ref().map(|value| ("level", value.at)),
                section.pass.as_ref().map(|value| ("pass", value.at)),
                section.baseline.as_ref().map(|value| ("baseline", value.at)),
                section.overrides.first().map(|value| ("overrides", value.at)),
            ];
            if let Some((key, at)) = top_only.into_iter().flatten().next() {
                let what = format!("`{key}` cannot differ from file to file");
                return Err(self.mistake(at, what, "write it above the first [[overrides]]"));
            }
            self.check(&section)?;
            let mut builder = GitignoreBuilder::new("");
            builder.allow_unclosed_class(false);
            let paths = section.paths.as_deref().unwrap_or_default();
            for path in paths {
                if let Err(error) = builder.add_line(None, &path.value) {
                    return Err(self.mistake(
                        path.at,
                        format!("`{}` is no path pattern: {error}", path.value),
                        "write it as in .gitignore: chat/, *.csv",
                    ));
                }
            }
            if paths.is_empty() {
                return Err(self.mistake(at, "an override without `paths` holds for no file", "write paths = [\"chat/\"]"));
            }
            let files =
                builder.build().map_err(|error| self.mistake(at, error.to_string(), "write `paths` as in .gitignore: chat/, *.csv"))?;
            self.overrides.push(Override { section, files });
        }
        Ok(())
    }

    fn check(&self, section: &Section) -> Result<(), PackError> {
        let mistake = section
            .mapping
            .iter()
            .flat_map(|mappings| mappings.value.each(mappings.at))
            .find_map(|(mapping, at)| Some((mapping.mistake()?, at)));
        match mistake {
            Some(((what, remedy), at)) => Err(self.mistake(at, what, remedy)),
            None => Ok(()),
        }
    }

    /// The path, as the current folder sees it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file and what it extends, the nearest first.
    pub fn chain(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |file| file.extends.as_deref())
    }

    /// For every override of the chain whether it holds for a file, of which the whole path is given.
    pub fn overrides_of(&self, file: &Path) -> Vec<bool> {
        let Ok(path) = file.strip_prefix(&self.root) else { return Vec::new() };
        let overrides = self.chain().flat_map(|file| &file.overrides);
        overrides.map(|part| part.files.matched_path_or_any_parents(path, false).is_ignore()).collect()
    }

    /// The number of the line that holds the byte `at`, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.line_ends.partition_point(|&end| end < at) + 1
    }

    /// The folder of the file, as the current folder sees it.
    pub(super) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    fn mistake(&self, at: usize, what: impl Into<String>, remedy: impl Into<String>) -> PackError {
        PackError::new(&self.path.display().to_string(), self.line(at), what, remedy)
    }
}

impl fmt::Debug for SettingsFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SettingsFile").field("path", &self.path).field("extends", &self.extends).finish_non_exhaustive()
    }
}
