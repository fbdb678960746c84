//! One run, several reports.

use std::io;

use super::Report;
use super::record::Findings;
use super::summary::Summary;

/// Hands everything to each of its reports.
pub struct Several<'w> {
    reports: Vec<Box<dyn Report + 'w>>,
}

impl<'w> Several<'w> {
    /// These reports.
    pub fn new(reports: Vec<Box<dyn Report + 'w>>) -> Self {
        Self { reports }
    }
}

impl Report for Several<'_> {
    fn conversation(&mut self, findings: &Findings) -> io::Result<()> {
        self.reports.iter_mut().try_for_each(|report| report.conversation(findings))
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.reports.iter_mut().try_for_each(|report| report.finish(summary))
    }
}
