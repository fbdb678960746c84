//! One pattern at work: verified with a regular expression, compiled when its literals first fire.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use regex_automata::meta::{Config, Regex};
use regex_automata::util::{captures::Captures, syntax};
use regex_automata::{Input, Span};

use super::entity;
use crate::rule::{Node, Pattern};

/// Final particles, which say nothing but a mood. Not 吗 么 了 的: these change the sentence.
const PARTICLES: &str = "[啊呀呢吧嘛哦噢喔啦咯喽啰喇哈哟呦嘞耶诶欸哇呐哒嗷唷捏㗎喎]*";

/// How many characters a gap spans at most.
const LONGEST_GAP: usize = 20;

/// How far a gap reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Within a clause.
    Clause,
    /// Across breaks, as the patterns of `unless` do.
    Sentence,
}

/// A pattern that can be looked for.
#[derive(Debug)]
pub struct Matcher {
    /// Folded strings, one of which is in every match.
    literals: Vec<String>,
    expression: String,
    /// What the capture groups of the expression mean, from group 1.
    groups: Vec<Group>,
    regex: OnceLock<Option<Regex>>,
}

#[derive(Debug, Clone)]
enum Group {
    /// Text of a gap belongs to nobody.
    Gap,
    /// Nor does the rest of a clause, however long.
    Rest,
    Tag(Arc<str>),
    /// A word class with exceptions: none of them may share a written character with it.
    Except(Arc<Vec<Matcher>>),
    /// A number whose check digit must be right.
    Checked(fn(&str) -> bool),
}

/// A match, in bytes of the folded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// From the first to the last matched character.
    pub span: Range<usize>,
    /// The characters that the pattern writes, without its gaps.
    pub written: Vec<Range<usize>>,
    /// What the tags matched.
    pub captures: Vec<(Arc<str>, Range<usize>)>,
}

impl Match {
    /// How many written bytes the match has. Han characters all have three, so this counts characters.
    pub fn weight(&self) -> usize {
        self.written.iter().map(Range::len).sum()
    }

    /// Whether two matches share a written character.
    pub fn competes(&self, other: &Self) -> bool {
        self.written.iter().any(|one| other.written.iter().any(|two| one.start < two.end && two.start < one.end))
    }
}

impl Matcher {
    /// Makes a pattern ready; nothing is compiled yet.
    pub fn new(pattern: &Pattern, reach: Reach) -> Self {
        let mut translation = Translation { expression: String::new(), groups: Vec::new(), reach };
        translation.node(&pattern.node, true);
        Self { literals: pattern.literals.clone(), expression: translation.expression, groups: translation.groups, regex: OnceLock::new() }
    }

    /// Folded strings, one of which is in every match.
    pub fn literals(&self) -> &[String] {
        &self.literals
    }

    /// Whether the pattern is in `folded`.
    pub fn is_in(&self, folded: &str) -> bool {
        !self.matches(folded).is_empty()
    }

    /// Whether it can be at all: cheap.
    fn may_be_in(&self, folded: &str) -> bool {
        self.literals.iter().any(|literal| folded.contains(literal.as_str()))
    }

    /// All matches in `folded`, whether they overlap or not; none where no literal is there.
    pub fn matches(&self, folded: &str) -> Vec<Match> {
        if self.may_be_in(folded) { self.verified(folded) } else { Vec::new() }
    }

    /// All matches in `folded`, for a caller who has seen one of the literals there.
    pub fn verified(&self, folded: &str) -> Vec<Match> {
        // A pack whose pattern cannot be compiled does not load; see `compile`.
        let Some(regex) = self.regex() else { return Vec::new() };
        let mut groups = regex.create_captures();
        let mut found = Vec::new();
        let mut at = 0;
        while at <= folded.len() {
            regex.captures(Input::new(folded).range(at..), &mut groups);
            let Some(whole) = groups.get_match() else { break };
            let matched = self.read(&groups, whole.range(), folded);
            // What begins within this match is looked for too: a gap may hold another one.
            let from = matched.as_ref().and_then(|matched| matched.written.first()).map_or(whole.start(), |first| first.start);
            at = next_boundary(folded, from.max(whole.start()));
            found.extend(matched);
        }
        found
    }

    /// Compiles the expression now.
    ///
    /// # Errors
    /// What the regular-expression crate says: the pattern is too large.
    pub fn compile(&self) -> Result<(), String> {
        match self.regex() {
            Some(_) => Ok(()),
            None => Err("the pattern is too large".to_owned()),
        }
    }

    fn regex(&self) -> Option<&Regex> {
        self.regex
            .get_or_init(|| {
                // Turns are short and expressions many: what takes long to build never pays.
                let config = Config::new().hybrid(false).dfa(false).onepass(false).auto_prefilter(false).nfa_size_limit(Some(64 << 20));
                // Gaps are matched by bytes, which compiles to a fraction; `read` sees to whole characters.
                Regex::builder().configure(config).syntax(syntax::Config::new().utf8(false)).build(&self.expression).ok()
            })
            .as_ref()
    }

    /// The match that the groups tell of; none where an exception or a check digit forbids it.
    fn read(&self, groups: &Captures, whole: Range<usize>, folded: &str) -> Option<Match> {
        let span = trimmed(folded, whole);
        let mut gaps: Vec<Range<usize>> = Vec::new();
        let mut captures = Vec::new();
        for (index, group) in self.groups.iter().enumerate() {
            let Some(place) = groups.get_group(index + 1).map(|Span { start, end }| start..end) else { continue };
            match group {
                Group::Gap => {
                    if folded.get(place.clone())?.chars().count() > LONGEST_GAP {
                        return None;
                    }
                    gaps.push(place);
                }
                Group::Rest => gaps.push(place),
                Group::Tag(tag) => captures.push((Arc::clone(tag), place)),
                Group::Checked(is_right) => {
                    if !is_right(folded.get(place)?) {
                        return None;
                    }
                }
                Group::Except(matchers) => {
                    let class = Match { span: place.clone(), written: vec![place], captures: Vec::new() };
                    if matchers.iter().any(|matcher| matcher.matches(folded).iter().any(|exception| exception.competes(&class))) {
                        return None;
                    }
                }
            }
        }
        gaps.sort_unstable_by_key(|gap| gap.start);
        let mut written = Vec::new();
        let mut from = span.start;
        for gap in gaps.iter().filter(|gap| !gap.is_empty()) {
            if gap.start > from {
                written.push(from..gap.start);
            }
            from = from.max(gap.end);
        }
        if span.end > from {
            written.push(from..span.end);
        }
        Some(Match { span, written, captures })
    }
}

/// Without the breaks at its ends: marks around a match are not part of it.
fn trimmed(folded: &str, whole: Range<usize>) -> Range<usize> {
    let text = &folded[whole.clone()];
    let start = whole.start + (text.len() - text.trim_start_matches('\n').len());
    let end = whole.end - (text.len() - text.trim_end_matches('\n').len());
    start..end.max(start)
}

fn next_boundary(text: &str, at: usize) -> usize {
    let mut next = at + 1;
    while next < text.len() && !text.is_char_boundary(next) {
        next += 1;
    }
    next
}

/// A pattern's tree on its way to a regular expression.
struct Translation {
    expression: String,
    groups: Vec<Group>,
    reach: Reach,
}

impl Translation {
    /// `last`: nothing follows, so that a gap with a tag takes the rest of the clause.
    fn node(&mut self, node: &Node, last: bool) {
        match node {
            Node::Text(text) => self.expression.push_str(&regex::escape(text)),
            Node::Sequence(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    self.node(part, last && index + 1 == parts.len());
                }
            }
            Node::Choice(options) => {
                self.expression.push_str("(?:");
                for (index, option) in options.iter().enumerate() {
                    if index > 0 {
                        self.expression.push('|');
                    }
                    self.node(option, last);
                }
                self.expression.push(')');
            }
            Node::Optional(inner) => {
                self.expression.push_str("(?:");
                self.node(inner, last);
                self.expression.push_str(")?");
            }
            Node::Gap => {
                // Unbounded, since a counted repetition takes four times as long to compile; `read` counts.
                let gap = if self.reach == Reach::Clause { r"((?-u:[^\n\x02])*?)" } else { r"((?s-u:.)*?)" };
                self.group(Group::Gap, gap);
            }
            Node::Tagged(inner, tag) if last && **inner == Node::Gap => {
                // Two groups on the same text: it is a gap, and it has a name.
                self.groups.push(Group::Tag(Arc::clone(tag)));
                self.groups.push(Group::Rest);
                self.expression.push_str(r"(([^\n\x02]+))(?m:$)");
            }
            Node::Tagged(inner, tag) => {
                self.groups.push(Group::Tag(Arc::clone(tag)));
                self.expression.push('(');
                self.node(inner, last);
                self.expression.push(')');
            }
            Node::Mark => {
                // Speech without punctuation has the particles only: 放心吧忘不了.
                let _ = write!(self.expression, r"{PARTICLES}(?:\n(?:\x02\n)?)?");
            }
            Node::ClauseStart => self.expression.push_str("(?m:^)"),
            Node::ClauseEnd => {
                let _ = write!(self.expression, "{PARTICLES}(?m:$)");
            }
            Node::TurnStart => self.expression.push_str(r"\A"),
            Node::TurnEnd => {
                let _ = write!(self.expression, r"{PARTICLES}(?:\n\x02)?\z");
            }
            Node::Class(class) => {
                if class.except.is_empty() {
                    self.node(&class.any, last);
                } else {
                    let except = class.except.iter().map(|pattern| Matcher::new(pattern, self.reach)).collect();
                    self.groups.push(Group::Except(Arc::new(except)));
                    self.expression.push('(');
                    self.node(&class.any, last);
                    self.expression.push(')');
                }
            }
            Node::Builtin(builtin) => {
                let expression = entity::expression(*builtin);
                match entity::check(*builtin) {
                    Some(check) => self.group(Group::Checked(check), &format!("({expression})")),
                    None => {
                        let _ = write!(self.expression, "(?:{expression})");
                    }
                }
            }
        }
    }

    fn group(&mut self, group: Group, expression: &str) {
        self.groups.push(group);
        self.expression.push_str(expression);
    }
}
