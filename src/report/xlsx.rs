//! `--format xlsx`: a workbook with a scorecard, the rules, the conversations and the violations; infos have a sheet of their own
//! behind them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use rust_xlsxwriter::{
    Color, ConditionalFormat2ColorScale, ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatDataBar, ConditionalFormatType,
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook, Worksheet, XlsxError,
};

use crate::text::display_width;
use crate::violation::Severity;

use super::language::{Labels, Language, Reader};
use super::record::{ConversationRecord, Findings, ViolationRecord};
use super::rounding::Tenths;
use super::rule_book::category;
use super::summary::{AgentSums, Summary};
use super::tally::Tally;
use super::visible::visible;
use super::{Report, ReportOptions};

/// Who the properties of a workbook say has written it.
pub(super) const AUTHOR: &str = "phrase-lint";

/// Rows of a sheet below its heading.
const ROWS: usize = 1_048_575;
/// Links that a sheet may have.
const LINKS: usize = 65_000;
/// Characters of a cell.
const CELL: usize = 32_000;
/// The widest a column gets whose cells may take several lines, in Latin characters.
const WRAP: usize = 64;
/// The widest any other column gets.
const WIDEST: usize = 36;
/// The height of a line, in points.
const LINE: f64 = 17.0;
/// The colour behind headings.
const HEADER: u32 = 0x1F_3A_5F;

/// Holds the violations until the run ends, for the agents stand before them.
pub struct Xlsx<'r, W> {
    out: W,
    options: ReportOptions<'r>,
    reader: Reader,
    tally: Tally,
    /// Those in which something was found.
    conversations: Vec<Rated>,
    violations: Vec<ViolationRecord>,
    infos: Vec<ViolationRecord>,
}

/// A conversation, and how many errors, warnings and infos it has.
struct Rated {
    conversation: ConversationRecord,
    counts: [u32; 3],
}

impl<'r, W: Write> Xlsx<'r, W> {
    /// Reports to `out`.
    pub fn new(out: W, options: ReportOptions<'r>) -> Self {
        Self {
            out,
            options,
            reader: Reader::default(),
            tally: Tally::default(),
            conversations: Vec::new(),
            violations: Vec::new(),
            infos: Vec::new(),
        }
    }
}

impl<W: Write> Report for Xlsx<'_, W> {
    fn conversation(&mut self, findings: &Findings) -> io::Result<()> {
        self.reader.add(findings);
        self.tally.add(findings);
        for violation in &findings.violations {
            let sheet = if violation.severity == Severity::Info { &mut self.infos } else { &mut self.violations };
            sheet.push(violation.clone());
        }
        if !findings.violations.is_empty() {
            let of = |severity| findings.violations.iter().filter(|violation| violation.severity == severity).count() as u32;
            let counts = [Severity::Error, Severity::Warning, Severity::Info].map(of);
            self.conversations.push(Rated { conversation: findings.conversation.clone(), counts });
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let language = self.reader.language(self.options.language);
        // Those of an agent stand together, so that a link can lead to them.
        for sheet in [&mut self.violations, &mut self.infos] {
            sheet.sort_by(|one, other| (one.agent.is_none(), &one.agent).cmp(&(other.agent.is_none(), &other.agent)));
        }
        // The worst first; of those that are alike the one that came first.
        self.conversations.sort_by_key(|Rated { conversation, .. }| (conversation.score, std::cmp::Reverse(conversation.points)));
        let Self { options, conversations, violations, infos, tally, .. } = self;
        let book = Book { labels: language.labels(), language, options: *options, conversations, violations, infos, summary, tally };
        let bytes = book.write().map_err(io::Error::other)?;
        self.out.write_all(&bytes)?;
        self.out.flush()
    }
}

/// What the sheets are made from.
struct Book<'b> {
    labels: &'static Labels,
    language: Language,
    options: ReportOptions<'b>,
    conversations: &'b [Rated],
    /// Errors and warnings.
    violations: &'b [ViolationRecord],
    infos: &'b [ViolationRecord],
    summary: &'b Summary,
    tally: &'b Tally,
}

impl Book<'_> {
    fn write(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        // The same findings make the same file, whenever it is made.
        let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
        workbook.set_properties(&DocProperties::new().set_title(self.labels.title).set_author(AUTHOR).set_creation_datetime(&created));
        self.scorecard(workbook.add_worksheet())?;
        self.rules(workbook.add_worksheet())?;
        self.conversations(workbook.add_worksheet())?;
        self.violations(workbook.add_worksheet(), self.labels.violations, self.violations)?;
        if !self.infos.is_empty() {
            self.violations(workbook.add_worksheet(), self.labels.infos, self.infos)?;
        }
        workbook.save_to_buffer()
    }

    fn scorecard(&self, worksheet: &mut Worksheet) -> Result<(), XlsxError> {
        let labels = self.labels;
        let total = self.summary.total();
        let categories: Vec<&str> = total.faults_by_category().into_keys().collect();
        let titles: Vec<String> = categories.iter().map(|name| self.language.pick(&self.options.rules.category(name)).to_owned()).collect();
        let mut headings = vec![
            labels.agent,
            labels.conversations,
            labels.pass_rate,
            labels.average,
            labels.fatal,
            labels.violation_count,
            labels.per_hundred,
            labels.info_count,
        ];
        let own = headings.len() as u16;
        headings.extend(titles.iter().map(String::as_str));
        let words: Vec<&str> = self.summary.courtesy.words.keys().map(String::as_str).collect();
        let spoken = headings.len() as u16;
        let said: Vec<String> = words.iter().map(|word| labels.courtesy_of.replace("{0}", &self.language.word(word))).collect();
        headings.extend(said.iter().map(String::as_str));
        let mut sheet = Sheet::new(worksheet, labels.scorecard, &headings)?;
        sheet.worksheet.set_freeze_panes(1, 1)?;

        let mut agents: Vec<&AgentSums> = self.summary.agents.iter().collect();
        agents.sort_by(|one, other| one.lowest_first(other));
        let blocks = blocks(&self.violations[..self.violations.len().min(ROWS)]);
        let mut rows: Vec<(&AgentSums, Option<&str>)> = agents.iter().map(|sums| (*sums, sums.agent.as_deref())).collect();
        rows.truncate(ROWS - 1);
        let last_agent = rows.len() as u32;
        rows.push((&total, None));
        for (number, (sums, name)) in rows.iter().enumerate() {
            let row = number as u32 + 1;
            let is_total = row > last_agent;
            let name = if is_total { labels.total } else { name.unwrap_or(labels.no_agent) };
            match blocks.get(&sums.agent).filter(|_| !is_total && number < LINKS) {
                Some(&(first, last)) => sheet.link(row, 0, name, labels.violations, first, last)?,
                None => sheet.text(row, 0, name, if is_total { Cell::Total } else { Cell::Plain })?,
            }
            let whole = if is_total { Cell::Total } else { Cell::Plain };
            sheet.number(row, 1, sums.conversations as f64, whole)?;
            sheet.number(row, 2, sums.pass_percent() as f64 / 100.0, Cell::Percent(is_total))?;
            sheet.number(row, 3, sums.average().as_f64(), Cell::Decimal(is_total))?;
            sheet.number(row, 4, sums.fatal as f64, whole)?;
            sheet.number(row, 5, sums.faults() as f64, whole)?;
            sheet.number(row, 6, Tenths::per_hundred(sums.faults(), sums.conversations).as_f64(), Cell::Decimal(is_total))?;
            sheet.number(row, 7, sums.remarked() as f64, whole)?;
            let by_category = sums.faults_by_category();
            for (place, name) in categories.iter().enumerate() {
                sheet.number(row, own + place as u16, by_category.get(name).copied().unwrap_or(0) as f64, whole)?;
            }
            for (place, word) in words.iter().enumerate().filter(|_| !sums.courtesy.is_empty()) {
                sheet.number(row, spoken + place as u16, Tenths::of_courtesy(&sums.courtesy, word).as_f64(), Cell::Decimal(is_total))?;
            }
        }
        let remarks = [(labels.untimed, self.summary.untimed), (labels.hidden, self.summary.hidden())];
        for (row, (remark, count)) in (rows.len() + 2..ROWS).zip(remarks.into_iter().filter(|(_, count)| *count > 0)) {
            // A remark below the table makes no column wider.
            sheet.worksheet.write_string(row as u32, 0, remark.replace("{0}", &count.to_string()))?;
        }
        if last_agent > 0 {
            let pass = self.options.pass as f64;
            let worksheet = &mut *sheet.worksheet;
            let share = ConditionalFormatDataBar::new()
                .set_minimum(ConditionalFormatType::Number, 0)
                .set_maximum(ConditionalFormatType::Number, 1)
                .set_fill_color(Color::RGB(0x9F_D3_B0));
            worksheet.add_conditional_format(1, 2, last_agent, 2, &share)?;
            let below = Format::new().set_font_color(Color::RGB(0x9C_00_06)).set_background_color(Color::RGB(0xFF_C7_CE));
            let above = Format::new().set_font_color(Color::RGB(0x00_61_00)).set_background_color(Color::RGB(0xC6_EF_CE));
            let rule = |rule| ConditionalFormatCell::new().set_rule(rule);
            worksheet.add_conditional_format(1, 3, last_agent, 3, &rule(ConditionalFormatCellRule::LessThan(pass)).set_format(below))?;
            worksheet.add_conditional_format(
                1,
                3,
                last_agent,
                3,
                &rule(ConditionalFormatCellRule::GreaterThanOrEqualTo(pass)).set_format(above),
            )?;
            let hot = ConditionalFormat2ColorScale::new().set_minimum_color(Color::White).set_maximum_color(Color::RGB(0xF8_B3_7A));
            if !categories.is_empty() {
                worksheet.add_conditional_format(1, own, last_agent, own + categories.len() as u16 - 1, &hot)?;
            }
        }
        sheet.finish(last_agent)
    }

    fn rules(&self, worksheet: &mut Worksheet) -> Result<(), XlsxError> {
        let labels = self.labels;
        let headings = [
            labels.rule,
            labels.rule_title,
            labels.category,
            labels.severity,
            labels.hits,
            labels.info_count,
            labels.affected,
            labels.share,
            labels.examples,
            labels.why,
        ];
        let mut sheet = Sheet::new(worksheet, labels.rules, &headings)?;
        sheet.worksheet.set_freeze_panes(1, 0)?;
        let mut rules = self.tally.gravest();
        rules.truncate(ROWS);
        for (number, (id, tally)) in rules.iter().enumerate() {
            let row = number as u32 + 1;
            let book = self.options.rules;
            sheet.text(row, 0, id, Cell::Plain)?;
            sheet.text(row, 1, self.language.pick(&book.title(id)), Cell::Plain)?;
            sheet.text(row, 2, self.language.pick(&book.category(category(id))), Cell::Plain)?;
            sheet.text(row, 3, labels.of_severity(tally.severity), Cell::Plain)?;
            sheet.number(row, 4, tally.hits as f64, Cell::Plain)?;
            sheet.number(row, 5, tally.remarks as f64, Cell::Plain)?;
            sheet.number(row, 6, tally.conversations as f64, Cell::Plain)?;
            let share = Tenths::per_hundred(tally.conversations, self.summary.conversations);
            sheet.number(row, 7, share.as_f64() / 100.0, Cell::Share(false))?;
            let examples: Vec<_> = tally.examples.iter().map(|example| visible(example)).collect();
            sheet.lines(row, 8, &examples.join("\n"))?;
            sheet.lines(row, 9, book.get(id).map_or("", |entry| self.language.pick(&entry.why)))?;
        }
        let last = rules.len() as u32;
        sheet.severities(3, last, labels)?;
        if last > 0 {
            let bar = ConditionalFormatDataBar::new().set_fill_color(Color::RGB(0xF8_B3_7A));
            sheet.worksheet.add_conditional_format(1, 4, last, 4, &bar)?;
        }
        sheet.finish(last)
    }

    fn conversations(&self, worksheet: &mut Worksheet) -> Result<(), XlsxError> {
        let labels = self.labels;
        let headings = [
            labels.conversation,
            labels.agent,
            labels.time,
            labels.turns,
            labels.score,
            labels.points,
            labels.fatal,
            labels.errors,
            labels.warnings,
            labels.info_count,
            labels.file,
        ];
        let mut sheet = Sheet::new(worksheet, labels.conversation, &headings)?;
        sheet.worksheet.set_freeze_panes(1, 0)?;
        let mut rows = self.conversations.len().min(ROWS);
        if rows < self.conversations.len() {
            rows -= 1;
            sheet.text(rows as u32 + 1, 0, labels.truncated_conversations, Cell::Plain)?;
        }
        for (number, Rated { conversation, counts }) in self.conversations[..rows].iter().enumerate() {
            let row = number as u32 + 1;
            let several: Vec<&str> = conversation.agents.iter().map(|share| share.agent.as_str()).collect();
            let agent = if several.is_empty() { conversation.agent.clone().unwrap_or_default() } else { several.join("、") };
            sheet.text(row, 0, &conversation.conversation, Cell::Plain)?;
            sheet.text(row, 1, &agent, Cell::Plain)?;
            sheet.text(row, 2, conversation.time.as_deref().unwrap_or_default(), Cell::Plain)?;
            sheet.number(row, 3, conversation.turns as f64, Cell::Plain)?;
            sheet.number(row, 4, conversation.score as f64, Cell::Plain)?;
            sheet.number(row, 5, conversation.points as f64, Cell::Plain)?;
            sheet.text(row, 6, if conversation.fatal { labels.fatal } else { "" }, Cell::Plain)?;
            for (column, count) in (7..).zip(counts) {
                sheet.number(row, column, f64::from(*count), Cell::Plain)?;
            }
            sheet.text(row, 10, &conversation.file, Cell::Plain)?;
        }
        let last = rows as u32;
        if last > 0 {
            let below = Format::new().set_font_color(Color::RGB(0x9C_00_06)).set_background_color(Color::RGB(0xFF_C7_CE));
            let rule = ConditionalFormatCellRule::LessThan(self.options.pass as f64);
            let below = ConditionalFormatCell::new().set_rule(rule).set_format(below);
            sheet.worksheet.add_conditional_format(1, 4, last, 4, &below)?;
        }
        sheet.finish(last)
    }

    /// A sheet that lists violations.
    fn violations(&self, worksheet: &mut Worksheet, name: &str, violations: &[ViolationRecord]) -> Result<(), XlsxError> {
        let labels = self.labels;
        let headings = [
            labels.file,
            labels.conversation,
            labels.turn,
            labels.time,
            labels.agent,
            labels.rule,
            labels.rule_title,
            labels.severity,
            labels.sentence,
            labels.words,
            labels.rewrite,
            labels.handling,
            labels.points,
            labels.message,
        ];
        let mut sheet = Sheet::new(worksheet, name, &headings)?;
        sheet.worksheet.set_freeze_panes(1, 0)?;
        let mut rows = violations.len().min(ROWS);
        if rows < violations.len() {
            // The last row says that there are more.
            rows -= 1;
            sheet.text(rows as u32 + 1, 0, labels.truncated, Cell::Plain)?;
        }
        for (number, violation) in violations[..rows].iter().enumerate() {
            let row = number as u32 + 1;
            let rewrite = violation.rewrites.first();
            sheet.text(row, 0, &violation.file, Cell::Plain)?;
            sheet.text(row, 1, &violation.conversation, Cell::Plain)?;
            sheet.number(row, 2, violation.turn as f64 + 1.0, Cell::Plain)?;
            sheet.text(row, 3, violation.time.as_deref().unwrap_or_default(), Cell::Plain)?;
            sheet.text(row, 4, violation.agent.as_deref().unwrap_or_default(), Cell::Plain)?;
            sheet.text(row, 5, &violation.rule, Cell::Plain)?;
            sheet.text(row, 6, self.language.pick(&self.options.rules.title(&violation.rule)), Cell::Plain)?;
            sheet.text(row, 7, labels.of_severity(violation.severity), Cell::Plain)?;
            sheet.marked(row, 8, violation)?;
            sheet.lines(row, 9, &visible(violation.text.as_deref().unwrap_or_default()))?;
            sheet.lines(row, 10, &visible(rewrite.map_or("", |rewrite| &rewrite.text)))?;
            sheet.text(row, 11, rewrite.map_or("", |rewrite| labels.of_applicability(rewrite.applicability)), Cell::Plain)?;
            // Whatever it costs, it costs all.
            match violation.fatal {
                true => sheet.text(row, 12, labels.fatal, Cell::Plain)?,
                false => sheet.number(row, 12, f64::from(violation.points), Cell::Plain)?,
            }
            sheet.lines(row, 13, &visible(&violation.message))?;
        }
        let last = rows as u32;
        sheet.severities(7, last, labels)?;
        sheet.finish(last)
    }
}

/// The first and the last row of every agent's violations, in a sheet in which they stand together.
fn blocks(violations: &[ViolationRecord]) -> BTreeMap<Option<String>, (u32, u32)> {
    let mut blocks: BTreeMap<Option<String>, (u32, u32)> = BTreeMap::new();
    for (number, violation) in violations.iter().enumerate() {
        let row = number as u32 + 1;
        blocks.entry(violation.agent.clone()).and_modify(|block| block.1 = row).or_insert((row, row));
    }
    blocks
}

/// How a cell looks.
#[derive(Debug, Clone, Copy)]
enum Cell {
    Plain,
    /// In the row of totals.
    Total,
    /// As a whole percentage; whether it is in the row of totals.
    Percent(bool),
    /// As a percentage with one digit behind the point; whether it is in the row of totals.
    Share(bool),
    /// With one digit behind the point; whether it is in the row of totals.
    Decimal(bool),
}

/// The formats of a sheet.
struct Looks {
    plain: Format,
    total: Format,
    number: [Format; 2],
    percent: [Format; 2],
    share: [Format; 2],
    decimal: [Format; 2],
    wrapped: Format,
    link: Format,
    marked: Format,
    beside: Format,
}

/// A sheet that is being written, with how wide its columns have become.
struct Sheet<'s> {
    worksheet: &'s mut Worksheet,
    looks: Looks,
    widths: Vec<usize>,
    wrapped: BTreeSet<u16>,
    /// The row that is being written, and how many lines its tallest cell has.
    tallest: (u32, usize),
}

impl<'s> Sheet<'s> {
    fn new(worksheet: &'s mut Worksheet, name: &str, headings: &[&str]) -> Result<Self, XlsxError> {
        worksheet.set_name(name)?;
        // Text keeps off the number beside it.
        let plain = Format::new().set_align(FormatAlign::Top).set_align(FormatAlign::Left).set_indent(1);
        let total = plain.clone().set_bold().set_border_top(FormatBorder::Thin);
        let looks = Looks {
            number: [&plain, &total].map(|format| format.clone().set_align(FormatAlign::Right)),
            percent: [&plain, &total].map(|format| format.clone().set_align(FormatAlign::Right).set_num_format("0%")),
            share: [&plain, &total].map(|format| format.clone().set_align(FormatAlign::Right).set_num_format("0.0%")),
            decimal: [&plain, &total].map(|format| format.clone().set_align(FormatAlign::Right).set_num_format("0.0")),
            wrapped: plain.clone().set_text_wrap(),
            link: plain.clone().set_font_color(Color::RGB(0x05_63_C1)).set_underline(rust_xlsxwriter::FormatUnderline::Single),
            marked: Format::new().set_bold().set_font_color(Color::RGB(0xC0_39_2B)),
            beside: Format::new(),
            total,
            plain,
        };
        let heading = Format::new()
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(Color::RGB(HEADER))
            .set_align(FormatAlign::VerticalCenter)
            .set_indent(1);
        for (column, text) in headings.iter().enumerate() {
            worksheet.write_string_with_format(0, column as u16, *text, &heading)?;
        }
        worksheet.set_row_height(0, 24)?.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        // The button of a filter stands beside the heading.
        let widths = headings.iter().map(|text| display_width(text) + 5).collect();
        Ok(Self { worksheet, looks, widths, wrapped: BTreeSet::new(), tallest: (0, 1) })
    }

    fn text(&mut self, row: u32, column: u16, text: &str, cell: Cell) -> Result<(), XlsxError> {
        let text = visible(text);
        self.widen(column, &text);
        let format = if matches!(cell, Cell::Total) { &self.looks.total } else { &self.looks.plain };
        string(self.worksheet, row, column, &text, format)
    }

    /// Text that may take several lines, already fit to be shown.
    fn lines(&mut self, row: u32, column: u16, text: &str) -> Result<(), XlsxError> {
        self.heighten(row, column, text)?;
        string(self.worksheet, row, column, text, &self.looks.wrapped)
    }

    /// The sentence with its words in another colour.
    fn marked(&mut self, row: u32, column: u16, violation: &ViolationRecord) -> Result<(), XlsxError> {
        let (before, words, after) = violation.parts();
        let (before, words, after) = (visible(before), visible(words), visible(after));
        if words.is_empty() || before.is_empty() && after.is_empty() || before.len() + words.len() + after.len() > CELL {
            return self.lines(row, column, &format!("{before}{words}{after}"));
        }
        self.heighten(row, column, &format!("{before}{words}{after}"))?;
        let parts = [(&self.looks.beside, &*before), (&self.looks.marked, &*words), (&self.looks.beside, &*after)];
        let parts: Vec<_> = parts.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        self.worksheet.write_rich_string_with_format(row, column, &parts, &guarded(&before, &self.looks.wrapped))?;
        Ok(())
    }

    /// A name that leads to rows of another sheet.
    fn link(&mut self, row: u32, column: u16, name: &str, sheet: &str, first: u32, last: u32) -> Result<(), XlsxError> {
        let name: String = visible(name).chars().take(CELL).collect();
        self.widen(column, &name);
        let url = Url::new(format!("internal:'{sheet}'!A{}:N{}", first + 1, last + 1));
        self.worksheet.write_url_with_options(row, column, url, name.as_str(), "", Some(&guarded(&name, &self.looks.link)))?;
        Ok(())
    }

    fn number(&mut self, row: u32, column: u16, number: f64, cell: Cell) -> Result<(), XlsxError> {
        let format = match cell {
            Cell::Plain => &self.looks.number[0],
            Cell::Total => &self.looks.number[1],
            Cell::Percent(total) => &self.looks.percent[usize::from(total)],
            Cell::Share(total) => &self.looks.share[usize::from(total)],
            Cell::Decimal(total) => &self.looks.decimal[usize::from(total)],
        };
        self.worksheet.write_number_with_format(row, column, number, format)?;
        Ok(())
    }

    fn widen(&mut self, column: u16, text: &str) {
        if let Some(width) = self.widths.get_mut(usize::from(column)) {
            *width = (*width).max(display_width(text) + 3);
        }
    }

    /// Makes room for a text of several lines: spreadsheets do not do it by themselves.
    fn heighten(&mut self, row: u32, column: u16, text: &str) -> Result<(), XlsxError> {
        text.lines().for_each(|line| self.widen(column, line));
        self.wrapped.insert(column);
        let lines: usize = text.lines().map(|line| display_width(line).div_ceil(WRAP - 5).max(1)).sum();
        if self.tallest.0 != row {
            self.tallest = (row, 1);
        }
        if lines > self.tallest.1 {
            self.tallest = (row, lines);
            // Excel knows no row of more than 409 points.
            self.worksheet.set_row_height(row, (lines.min(24) as f64) * LINE)?;
        }
        Ok(())
    }

    /// Colours the words for severities.
    fn severities(&mut self, column: u16, last: u32, labels: &Labels) -> Result<(), XlsxError> {
        if last == 0 {
            return Ok(());
        }
        let colours = [
            (Severity::Error, 0x9C_00_06, 0xFF_C7_CE),
            (Severity::Warning, 0x9C_57_00, 0xFF_EB_9C),
            (Severity::Info, 0x1F_4E_79, 0xDD_EB_F7),
        ];
        for (severity, ink, paper) in colours {
            let format = Format::new().set_font_color(Color::RGB(ink)).set_background_color(Color::RGB(paper));
            let rule = ConditionalFormatCellRule::EqualTo(labels.of_severity(severity));
            self.worksheet.add_conditional_format(
                1,
                column,
                last,
                column,
                &ConditionalFormatCell::new().set_rule(rule).set_format(format),
            )?;
        }
        Ok(())
    }

    /// Sets filters over `rows` rows, and the widths.
    fn finish(self, rows: u32) -> Result<(), XlsxError> {
        self.worksheet.autofilter(0, 0, rows, self.widths.len().saturating_sub(1) as u16)?;
        for (column, width) in self.widths.iter().enumerate() {
            let column = column as u16;
            let most = if self.wrapped.contains(&column) { WRAP } else { WIDEST };
            self.worksheet.set_column_width(column, (*width).min(most) as f64)?;
        }
        Ok(())
    }
}

/// Writes a text, cut where a cell cannot hold it.
fn string(worksheet: &mut Worksheet, row: u32, column: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
    let text = text.char_indices().nth(CELL).map_or(text, |(end, _)| &text[..end]);
    worksheet.write_string_with_format(row, column, text, &guarded(text, format))?;
    Ok(())
}

/// The format, with the mark of a text where the text looks like a formula: it stays one where the cell is edited.
fn guarded(text: &str, format: &Format) -> Format {
    let looks_like_formula = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if looks_like_formula { format.clone().set_quote_prefix() } else { format.clone() }
}
