//! The plans of a run: what holds for each of its inputs, settled before anything is read.

use std::collections::HashMap;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use phrase_lint::lint::RuleSet;
use phrase_lint::plan::{Found, Plan, Planner};
use phrase_lint::report::RuleBook;
use phrase_lint::settings::{Choice, FILE_NAME, Folders, Setting, Settings};
use phrase_lint::source::{self, Input};

use super::arguments::{LayerArguments, PackArguments, ThresholdArguments};
use super::failure::Failure;
use super::messages::Messages;

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
        let mut planner = Planner::new(folders(&arguments.packs), layer(arguments, thresholds), max_unpacked);
        let plan = |planner: &mut Planner, file: &Path| planner.plan(file, &mut |note| messages.note(note));
        let mut by_origin = HashMap::new();
        for input in inputs.iter() {
            by_origin.insert(input.origin.clone(), plan(&mut planner, Path::new(&input.name()))?);
        }
        inputs.retain(|input| input.named || !matches!(&input.origin, source::Origin::File(path) if planner.is_own(path)));
        let first = inputs.first().map_or_else(|| Path::new(FILE_NAME).to_owned(), |input| PathBuf::from(input.name()));
        let (usual, whole) = (plan(&mut planner, &first)?, planner.settings(&first)?.1);
        tell(&planner, messages);
        let rule_sets: Vec<_> = planner.rule_sets().map(Arc::clone).collect();
        // Never freed: thousands of patterns, one by one, take longer than a small file does, and the process ends then.
        rule_sets.iter().map(Arc::clone).for_each(mem::forget);
        Ok(Self { by_origin, usual, rule_sets, whole, rules: planner.into_book() })
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
) -> Result<(Found, Settings), Failure> {
    let mut planner = Planner::new(folders(&arguments.packs), layer(arguments, thresholds), 0);
    planner.plan(file, &mut |note| messages.note(note))?;
    Ok(planner.settings(file)?)
}

/// The packs that the settings of the current folder and the arguments name, for what looks at rules only; and what
/// these settings say of reports.
pub(super) fn of_current_folder(arguments: &PackArguments) -> Result<Settings, Failure> {
    let found = folders(arguments).of(Path::new(FILE_NAME))?;
    let mut settings = found.map_or_else(Settings::default, |(file, path)| Settings::new(&file, &file.overrides_of(&path)));
    settings.rules.extend(arguments.paths.iter().cloned().map(Setting::argument));
    Ok(settings)
}

/// Which settings the arguments want.
pub(super) fn choice(arguments: &PackArguments) -> Choice {
    match &arguments.config {
        _ if arguments.no_config => Choice::Nothing,
        Some(file) => Choice::File(file.clone()),
        None => Choice::Nearest,
    }
}

/// Where they are looked for.
fn folders(arguments: &PackArguments) -> Folders {
    Folders::new(choice(arguments), Path::new("."))
}

/// Says where settings come from.
fn tell(planner: &Planner, messages: &Messages) {
    for file in planner.files() {
        let extended: Vec<_> = file.chain().skip(1).map(|file| file.path().display().to_string()).collect();
        let extends = if extended.is_empty() { String::new() } else { format!(", which extends {}", extended.join(", ")) };
        messages.remark(format_args!("settings from {}{extends}", file.path().display()));
    }
}

/// What the command line says.
fn layer(arguments: &LayerArguments, thresholds: &ThresholdArguments) -> Settings {
    fn all<T: Clone>(values: &[T]) -> Vec<Setting<T>> {
        values.iter().cloned().map(Setting::argument).collect()
    }
    Settings {
        rules: all(&arguments.packs.paths),
        select: (!arguments.select.is_empty()).then(|| all(&arguments.select)),
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
        from_path: None,
        level: thresholds.level.map(Setting::argument),
        pass: thresholds.pass.map(Setting::argument),
        baseline: None,
        mapping: Vec::new(),
    }
}
