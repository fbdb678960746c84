//! Names, paths, columns and keys that the user gave and that nothing in the run has: mistyped perhaps, and that is said.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use phrase_lint::plan::Plan;
use phrase_lint::settings::Origin;
use phrase_lint::transcript::{FromPath, Mapping, Met, Speaker};

use super::plan::Plans;

/// A mapping of the settings.
struct Mapped<'p> {
    mapping: &'p Mapping,
    /// Those who looked for it, each with the number that it has there.
    met: Vec<(&'p Met, usize)>,
}

/// What is to be told at the end of a run.
#[derive(Debug, Default)]
pub(super) struct Unmet {
    /// Names and paths, which a run that takes nothing on trust must have. Where nothing was read nobody spoke, and no names are
    /// told.
    pub(super) missing: Vec<String>,
    /// Columns and keys, which may be absent from a part of what a team checks.
    pub(super) absent: Vec<String>,
}

/// What is to be told at the end of a run.
pub(super) fn unmet(plans: &Plans) -> Unmet {
    let plans: Vec<&Plan> = plans.in_use().into_iter().filter(|plan| plan.reading.met.is_some()).collect();
    let fields = union(&plans, Met::fields);
    let has_conversations = plans.iter().filter_map(|plan| plan.reading.met.as_deref()).any(Met::has_conversations);
    let speakers = has_conversations.then(|| speakers(&plans)).into_iter().flatten();
    Unmet {
        missing: speakers.chain(paths(&plans)).collect(),
        absent: mappings(&plans).iter().flat_map(|(origin, mapped)| mapped.warnings(origin, &fields)).collect(),
    }
}

/// Names of `--speaker`. Those of the settings are of a whole team, of which not all speak in every run.
fn speakers<'p>(plans: &[&'p Plan]) -> impl Iterator<Item = String> + use<'p> {
    let mut unmet: BTreeMap<&str, (Speaker, bool)> = BTreeMap::new();
    for plan in plans {
        let given = plan.reading.speakers.iter().zip(&plan.speaker_origins).enumerate();
        for (number, ((name, speaker), _)) in given.filter(|(_, (_, origin))| **origin == Origin::Argument) {
            let is_met = plan.reading.met.as_ref().is_some_and(|met| met.has_speaker(number));
            unmet.entry(name).or_insert((*speaker, false)).1 |= is_met;
        }
    }
    let names = union(plans, Met::names);
    unmet.into_iter().filter(|(_, (_, is_met))| !is_met).map(move |(name, (speaker, _))| {
        format!("--speaker {name}={speaker}: nobody in this run is called `{name}`{}", nearest(name, &names))
    })
}

/// What is said of paths in one place of the settings, and all who asked for it.
type Asked<'p> = BTreeMap<(&'p str, usize), (&'p FromPath, Vec<&'p Met>)>;

/// What paths are said to tell, and do not.
fn paths<'p>(plans: &[&'p Plan]) -> impl Iterator<Item = String> + use<'p> {
    let mut asked = Asked::new();
    for plan in plans {
        let Some(met) = plan.reading.met.as_deref() else { continue };
        let Some((from_path, Origin::File { file, line })) = plan.reading.from_path.as_ref().zip(plan.from_path_origin.as_ref()) else {
            continue;
        };
        asked.entry((file, *line)).or_insert((from_path, Vec::new())).1.push(met);
    }
    asked.into_iter().filter_map(|((file, line), (from_path, met))| {
        let is_idle = |is: &dyn Fn(&Met) -> Option<bool>| met.iter().filter_map(|met| is(met)).max() == Some(false);
        let what = if is_idle(&Met::fits_path) {
            "fits the path of no transcript in this run"
        } else if is_idle(&Met::dates_path) {
            "finds no date and time that can be read in the path of any transcript in this run"
        } else {
            return None;
        };
        let help = "it is looked for in paths as reports show them; put it under [[overrides]] with the paths of the files that it is for";
        Some(format!("{file}:{line}: from-path '{}' {what}\n  help: {help}", from_path.as_str()))
    })
}

/// The mappings of all plans, those that stand in one place of the settings once.
fn mappings<'p>(plans: &[&'p Plan]) -> Vec<(String, Mapped<'p>)> {
    let mut mapped: BTreeMap<(&str, usize), Mapped<'p>> = BTreeMap::new();
    for plan in plans {
        let Some(met) = plan.reading.met.as_deref() else { continue };
        for (number, (mapping, origin)) in plan.reading.mappings.iter().zip(&plan.mapping_origins).enumerate() {
            let Origin::File { file, line } = origin else { continue };
            mapped.entry((&**file, *line)).or_insert(Mapped { mapping, met: Vec::new() }).met.push((met, number));
        }
    }
    mapped.into_iter().map(|((file, line), mapped)| (format!("{file}:{line}"), mapped)).collect()
}

impl Mapped<'_> {
    /// Of a mapping that fits nothing, what no document has of what it needs; else what none has of all the rest. Nothing where
    /// nothing could be of it.
    fn warnings(&self, origin: &str, fields: &BTreeSet<String>) -> Vec<String> {
        let any = |is: &dyn Fn(&Met, usize) -> bool| self.met.iter().any(|(met, number)| is(met, *number));
        let is_unmet = |(key, _): &(&str, &str)| !any(&|met, number| met.has_field(number, key));
        let (keys, help): (Vec<_>, _) = if any(&Met::fits) {
            (self.mapping.paths().filter(is_unmet).collect(), "correct it, or leave it out")
        } else if any(&Met::is_missed) {
            (
                self.mapping.needs().filter(is_unmet).collect(),
                "correct it, or put the mapping under [[overrides]] with the paths of its files",
            )
        } else {
            (Vec::new(), "")
        };
        let warning = |(key, path): (&str, &str)| {
            let path = self.mapping.path_from_top(key, path);
            format!("{origin}: nothing in this run has `{path}`, the mapping's `{key}`{}\n  help: {help}", nearest(&path, fields))
        };
        keys.into_iter().map(warning).collect()
    }
}

/// `; the nearest is …`, where one of the words is near. Of two characters, as most names and columns are, one must be the same.
fn nearest(wrong: &str, words: &BTreeSet<String>) -> String {
    let nearest = words.iter().map(|word| (strsim::jaro_winkler(wrong, word), word)).max_by(|one, other| one.0.total_cmp(&other.0));
    nearest.filter(|(likeness, _)| *likeness > 0.6).map(|(_, word)| format!("; the nearest is `{word}`")).unwrap_or_default()
}

/// What all threads of all plans have gathered.
fn union(plans: &[&Plan], of: impl Fn(&Met) -> BTreeSet<String>) -> BTreeSet<String> {
    plans.iter().filter_map(|plan| plan.reading.met.as_ref()).map(Arc::as_ref).flat_map(of).collect()
}
