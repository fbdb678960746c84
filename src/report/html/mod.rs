//! `--format html`: one page with everything in it, for browsers on a desk or a phone, without a network.
//!
//! The page is `page.html`, its look `page.css`, what it does `page.js`. The findings stand in it as JSON in blocks
//! that the script reads one after another: first the sums, so that something is seen at once; the violations; and a
//! conversation only when it is opened. The page's policy lets nothing run but that script.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Write};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::text::{Utf16Places, utf16_length};
use crate::violation::{Rewrite, Severity};

use super::jsonl::write_json_for_html;
use super::language::{Labels, Language, Reader};
use super::record::{Findings, ViolationRecord};
use super::rule_book::category;
use super::summary::{AgentSums, Summary};
use super::tally::{self, Tally};
use super::{Report, ReportOptions};

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Violations in a block: some ten milliseconds of reading.
const BLOCK: usize = 4000;
/// Conversations in a block, of which one is opened at a time.
const CHUNK: usize = 50;
/// Files that the page's head names.
const FILES: usize = 3;

/// Holds the findings as JSON until the run ends, for the sums stand before them in the page.
pub struct Html<'r, W> {
    out: W,
    options: ReportOptions<'r>,
    reader: Reader,
    tally: Tally,
    rules: Index,
    agents: Index,
    messages: Index,
    rewrites: Index,
    files: Index,
    violations: Blocks,
    conversations: Blocks,
}

/// Texts by number, in the order in which they came.
#[derive(Default)]
struct Index {
    numbers: HashMap<String, usize>,
    texts: Vec<String>,
}

impl Index {
    fn number(&mut self, text: &str) -> usize {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = self.texts.len();
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }
}

/// JSON arrays of so many values each.
struct Blocks {
    full: usize,
    count: usize,
    blocks: Vec<Vec<u8>>,
}

impl Blocks {
    fn new(full: usize) -> Self {
        Self { full, count: 0, blocks: Vec::new() }
    }

    fn push(&mut self, value: &impl Serialize) -> io::Result<()> {
        if self.count.is_multiple_of(self.full) {
            self.blocks.push(Vec::new());
        }
        self.count += 1;
        let Some(block) = self.blocks.last_mut() else { return Ok(()) };
        block.write_all(if block.is_empty() { b"[" } else { b",\n" })?;
        write_json_for_html(block, value)
    }
}

impl<'r, W: Write> Html<'r, W> {
    /// Reports to `out`.
    pub fn new(out: W, options: ReportOptions<'r>) -> Self {
        Self {
            out,
            options,
            reader: Reader::default(),
            tally: Tally::default(),
            rules: Index::default(),
            agents: Index::default(),
            messages: Index::default(),
            rewrites: Index::default(),
            files: Index::default(),
            violations: Blocks::new(BLOCK),
            conversations: Blocks::new(CHUNK),
        }
    }

    /// The row of a violation, as `page.js` names its columns.
    fn row(&mut self, violation: &ViolationRecord, day: &str, said: &Utf16Places<'_>) -> io::Result<Vec<Value>> {
        let (before, words, _) = violation.parts();
        let (from, to) = match violation.mark() {
            Some(_) => (json!(utf16_length(before)), json!(utf16_length(before) + utf16_length(words))),
            None => (json!(-1), json!(-1)),
        };
        let span = violation.span.as_ref().filter(|span| span.start <= span.end);
        let (start, end) = match span.and_then(|span| Some((said.before(span.start)?, said.before(span.end)?))) {
            Some((start, end)) => (json!(start), json!(end)),
            None => (json!(-1), json!(-1)),
        };
        let severity = match violation.severity {
            Severity::Info => 0,
            Severity::Warning => 1,
            Severity::Error => 2,
        };
        let rewrites: Vec<_> = violation.rewrites.iter().map(|Rewrite { text, applicability }| (text, applicability.as_str())).collect();
        let mut stored = Vec::new();
        write_json_for_html(&mut stored, &rewrites)?;
        let rewrites = self.rewrites.number(&String::from_utf8_lossy(&stored));
        Ok(vec![
            json!(self.conversations.count),
            json!(violation.turn),
            json!(agent_number(&mut self.agents, violation.agent.as_deref())),
            json!(day),
            json!(self.rules.number(&violation.rule)),
            json!(severity),
            json!(violation.points),
            json!(violation.time.as_deref().unwrap_or_default()),
            json!(violation.sentence),
            from,
            to,
            json!(self.messages.number(&violation.message)),
            json!(rewrites),
            start,
            end,
            json!(u8::from(violation.fatal)),
        ])
    }

    fn totals(&self, summary: &Summary, language: Language) -> Value {
        let book = self.options.rules;
        let rules = self.rules.texts.iter().map(|id| {
            let tally = self.tally.rules.get(id);
            let (hits, remarks) = tally.map_or((0, 0), |tally| (tally.hits, tally.remarks));
            json!({ "id": id, "category": category(id), "title": language.pick(&book.title(id)), "hits": hits, "remarks": remarks })
        });
        let rules: Vec<Value> = rules.collect();
        let categories: BTreeSet<&str> = self.rules.texts.iter().map(|id| category(id)).collect();
        let categories: BTreeMap<&str, String> =
            categories.into_iter().map(|name| (name, language.pick(&book.category(name)).to_owned())).collect();
        let agents: Vec<Option<&str>> = self.agents.texts.iter().map(|key| key.strip_prefix('a')).collect();
        let days: Vec<_> = self.tally.days.iter().map(|(day, tally)| json!([day, tally.conversations, tally.violations])).collect();
        let total: AgentSums = summary.total();
        json!({
            "labels": language.labels(),
            "language": language.as_str(),
            "pass": self.options.pass,
            "chunk": CHUNK,
            "summary": summary,
            "total": total,
            // What the sums of the summary hold beside errors and warnings, in its order.
            "remarks": summary.agents.iter().map(|sums| &sums.remarks).collect::<Vec<_>>(),
            "affected": self.tally.affected,
            "rules": rules,
            "categories": categories,
            "agents": agents,
            "days": days,
            "courtesy": summary.courtesy.words.keys().map(|word| json!([word, language.word(word)])).collect::<Vec<_>>(),
            "files": self.files.texts.iter().take(FILES).collect::<Vec<_>>(),
            "file_count": self.files.texts.len(),
        })
    }

    /// Writes the blocks behind the script.
    fn data(&mut self) -> io::Result<()> {
        for block in &self.violations.blocks {
            self.out.write_all(b"<script type=\"application/json\" class=\"violations\">")?;
            self.out.write_all(block)?;
            self.out.write_all(b"]</script>\n")?;
        }
        self.out.write_all(b"<script type=\"application/json\" id=\"texts\">{\"messages\":")?;
        write_json_for_html(&mut self.out, &self.messages.texts)?;
        // These are JSON already.
        writeln!(self.out, ",\"rewrites\":[{}]}}</script>", self.rewrites.texts.join(","))?;
        for (number, block) in self.conversations.blocks.iter().enumerate() {
            write!(self.out, "<script type=\"application/json\" id=\"c{number}\">")?;
            self.out.write_all(block)?;
            self.out.write_all(b"]</script>\n")?;
        }
        Ok(())
    }
}

impl<W: Write> Report for Html<'_, W> {
    fn conversation(&mut self, findings: &Findings) -> io::Result<()> {
        self.reader.add(findings);
        self.tally.add(findings);
        let conversation = &findings.conversation;
        self.files.number(&conversation.file);
        let agent = agent_number(&mut self.agents, conversation.agent.as_deref());
        if findings.violations.is_empty() {
            return Ok(());
        }
        let day = tally::day(findings).unwrap_or_default();
        let first = self.violations.count;
        let mut said = (0, Utf16Places::default());
        for (number, violation) in findings.violations.iter().enumerate() {
            if number == 0 || said.0 != violation.turn {
                let turn = findings.transcript.get(violation.turn).map_or("", |turn| &turn.text);
                said = (violation.turn, Utf16Places::new(turn));
            }
            let mut row = self.row(violation, &day, &said.1)?;
            // A block can be read on its own: its first row, too, says which conversation it is of, and what that comes to.
            if number == 0 || self.violations.count.is_multiple_of(BLOCK) {
                row.extend([json!(conversation.conversation), json!(conversation.score)]);
            }
            self.violations.push(&row)?;
        }
        let said: Vec<_> = findings.transcript.iter().map(|turn| json!([turn.speaker, turn.name, turn.time, turn.text])).collect();
        self.conversations.push(&json!([
            conversation.file,
            conversation.conversation,
            agent,
            conversation.time,
            conversation.turns,
            conversation.points,
            conversation.score,
            conversation.fatal,
            first,
            findings.violations.len(),
            said,
        ]))
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let language = self.reader.language(self.options.language);
        let totals = self.totals(summary, language);
        let labels = labels(language.labels());
        for piece in pieces(PAGE) {
            match piece {
                Piece::Text(text) => self.out.write_all(text.as_bytes())?,
                Piece::Name("style") => self.out.write_all(STYLE.as_bytes())?,
                Piece::Name("script") => self.out.write_all(SCRIPT.as_bytes())?,
                Piece::Name("policy") => self.out.write_all(policy().as_bytes())?,
                Piece::Name("language") => self.out.write_all(language.as_str().as_bytes())?,
                Piece::Name("version") => self.out.write_all(env!("CARGO_PKG_VERSION").as_bytes())?,
                Piece::Name("totals") => write_json_for_html(&mut self.out, &totals)?,
                Piece::Name("data") => self.data()?,
                Piece::Name(label) => self.out.write_all(labels.get(label).copied().unwrap_or(label).as_bytes())?,
            }
        }
        self.out.flush()
    }
}

/// An agent's number; the absence of one is a number of its own.
fn agent_number(agents: &mut Index, agent: Option<&str>) -> usize {
    agents.number(&agent.map_or_else(String::new, |name| format!("a{name}")))
}

/// Nothing is loaded, and nothing runs but this script.
fn policy() -> String {
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    )
}

/// The labels by name. They have no character that HTML would read otherwise.
fn labels(labels: &'static Labels) -> BTreeMap<&'static str, &'static str> {
    labels.all().into_iter().collect()
}

enum Piece<'p> {
    Text(&'p str),
    Name(&'p str),
}

/// A template divided at its `{{name}}`s.
fn pieces(template: &str) -> impl Iterator<Item = Piece<'_>> {
    template
        .split("{{")
        .flat_map(|part| match part.split_once("}}") {
            Some((name, text)) => [Some(Piece::Name(name)), Some(Piece::Text(text))],
            None => [Some(Piece::Text(part)), None],
        })
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::super::record::TurnRecord;
    use super::super::{Look, PASS, RuleBook, sample};
    use super::*;

    fn page(change: impl Fn(&mut Findings)) -> String {
        let (mut out, book) = (Vec::new(), RuleBook::default());
        let options = ReportOptions { look: Look::default(), language: None, pass: PASS, with_text: false, rules: &book };
        let mut report = Html::new(&mut out, options);
        let mut summary = Summary::default();
        for mut findings in sample::findings() {
            change(&mut findings);
            summary.add(&findings);
            assert!(report.conversation(&findings).is_ok());
        }
        assert!(report.finish(&summary).is_ok());
        drop(report);
        String::from_utf8_lossy(&out).into_owned()
    }

    /// A turn can be a whole file: were each place counted from its start, this would not end.
    #[test]
    fn places_in_a_turn_are_counted_once() {
        const MANY: usize = 300_000;
        let page = page(|findings| {
            let Some(violation) = findings.violations.first_mut().filter(|violation| violation.span.is_some()) else { return };
            violation.turn = 0;
            let violation = violation.clone();
            findings.transcript = vec![TurnRecord { speaker: "agent".into(), name: None, time: None, text: "你必须".repeat(MANY) }];
            findings.violations = vec![violation; MANY];
            for (number, violation) in findings.violations.iter_mut().enumerate() {
                violation.span = Some(number * 9..(number + 9).min(MANY) * 9);
            }
        });
        assert!(page.contains(&format!(",{},{},0]", (MANY - 1) * 3, MANY * 3)));
    }

    #[test]
    fn every_name_in_the_template_is_known() {
        let page = page(|_| ());
        assert!(!page[..page.find("<script").unwrap_or(0)].contains("{{"));
        let known = labels(Language::English.labels());
        let own = ["style", "script", "policy", "language", "version", "totals", "data"];
        for piece in pieces(PAGE) {
            if let Piece::Name(name) = piece {
                assert!(own.contains(&name) || known.contains_key(name), "{name}");
            }
        }
        for (name, text) in Language::Simplified
            .labels()
            .all()
            .into_iter()
            .chain(Language::Traditional.labels().all())
            .chain(Language::English.labels().all())
        {
            assert!(!text.contains(['<', '>', '&', '"']), "{name}");
        }
    }

    #[test]
    fn hostile_text_stays_data() {
        let hostile = "</script><script>alert(1)</script><!--<img src=x onerror=alert(1)>&lt;";
        let page = page(|findings| {
            findings.conversation.file = hostile.into();
            findings.conversation.conversation = hostile.into();
            findings.conversation.agent = Some(hostile.into());
            findings.transcript =
                vec![TurnRecord { speaker: hostile.into(), name: Some(hostile.into()), time: Some(hostile.into()), text: hostile.into() }];
            for violation in &mut findings.violations {
                violation.sentence = hostile.into();
                violation.message = hostile.into();
                violation.rule = hostile.into();
                violation.rewrites.iter_mut().for_each(|rewrite| rewrite.text = hostile.into());
            }
        });
        assert!(!page.contains("alert(1)</script>") && !page.contains("<img") && !page.contains("<!--"), "{page}");
        assert_eq!(page.matches("<script").count(), page.matches("</script>").count());
        assert!(page.contains("\\u003cscript\\u003ealert(1)"));
    }

    #[test]
    fn every_block_is_json() {
        let page = page(|_| ());
        let blocks: Vec<_> = page
            .split("<script type=\"application/json\"")
            .skip(1)
            .filter_map(|part| Some(part.split_once('>')?.1.split_once("</script>")?.0))
            .collect();
        assert_eq!(blocks.len(), 4, "totals, violations, texts, conversations");
        for block in blocks {
            assert!(serde_json::from_str::<Value>(block).is_ok(), "{block}");
        }
    }
}
