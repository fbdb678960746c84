//! How a document is laid out for comments: what they begin with, and which text a comment by itself is for.

use std::ops::RangeInclusive;

use crate::transcript::{self, Comment, Opening, Standing};

/// The layout of a document.
#[derive(Debug)]
pub(super) struct Layout {
    pub opening: Opening,
    /// Where each text stands that has a key, on lines from 1, in their order; none where every line is for itself.
    entries: Option<Vec<Standing>>,
}

impl Layout {
    /// That of a document that is read in the format so named.
    pub(super) fn of(text: &str, format: &str, lines: &[(usize, &str)]) -> Self {
        if format != RESOURCES {
            return Self { opening: Opening::Hash, entries: None };
        }
        let (opening, standing) = transcript::standing(text);
        let line = |at: usize| lines.partition_point(|(start, _)| *start <= at);
        let on_lines = |Standing { key, keyword, text }: Standing| Standing { key: line(key), keyword: line(keyword), text: line(text) };
        Self { opening, entries: Some(standing.into_iter().map(on_lines).collect()) }
    }

    /// The comment on a line.
    pub(super) fn comment<'l>(&self, line: &'l str) -> Option<Comment<'l>> {
        Comment::opened_by(self.opening, line)
    }

    /// Whether a line is nothing but a comment, be it to others.
    pub(super) fn is_remark(&self, line: &str) -> bool {
        let line = line.trim_start();
        match self.opening {
            Opening::Hash => Comment::of(line).is_some_and(|comment| comment.is_alone()),
            Opening::HashAlone => line.starts_with('#'),
            Opening::HashOrBangAlone => line.starts_with(['#', '!']),
            Opening::Slashes => line.starts_with("//") || line.starts_with("/*"),
        }
    }

    /// Whether texts stand under keys, with lines of their own.
    pub(super) fn has_entries(&self) -> bool {
        self.entries.is_some()
    }

    /// The lines on which the texts begin that a comment by itself on this line is for: all of the next key, or the next text of the
    /// key in which it stands.
    pub(super) fn behind(&self, line: usize) -> Option<RangeInclusive<usize>> {
        let entries = self.entries.as_ref()?;
        let from = entries.partition_point(|entry| entry.keyword <= line);
        let first = entries.get(from)?;
        let last = if first.key > line { entries[from..].iter().take_while(|entry| entry.key == first.key).last()? } else { first };
        Some(first.keyword..=last.text)
    }

    /// The line on which that begins to which the text on this line belongs.
    pub(super) fn head(&self, line: usize) -> Option<usize> {
        let entries = self.entries.as_ref()?;
        entries[..entries.partition_point(|entry| entry.text <= line)].last().map(|entry| entry.key)
    }
}

/// The format of files of keys and texts whose forms have comments of their own.
const RESOURCES: &str = "resources";
