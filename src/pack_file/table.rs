//! A table of two columns is a pack too: what was said, and what to say instead.
//!
//! Teams keep such tables in spreadsheets. The file's name is the category, every row a rule's row, and the cells
//! hold patterns; a cell may hold several, one a line. Where the second cell is empty, the words are forbidden and
//! nothing is offered for them.

use std::collections::BTreeSet;
use std::path::Path;

use toml::Spanned;

use crate::rule::document::{Document, Header, PhraseEntry, SeverityEntry, Strings};
use crate::rule::{Pack, PackError};
use crate::source::{self, SourceOptions, unfolds_within};
use crate::table::{self, Rows, SheetRow};
use crate::text::fold_word;
use crate::violation::Severity;

/// The header names of the columns, folded.
const IMPROPER: &[&str] = &["improper", "不当用语", "禁语", "禁用语", "服务禁语", "习惯用语"];
const PROFESSIONAL: &[&str] = &["professional", "礼貌用语", "专业表达", "规范用语", "文明用语", "建议用语"];
const PROFESSIONAL_HANT: &[&str] = &["professionalhant", "礼貌用语繁体", "礼貌用语(繁体)", "繁体"];
const ID: &[&str] = &["id", "场景", "情景", "scene"];
const SEVERITY: &[&str] = &["severity", "级别", "严重程度"];
const POINTS: &[&str] = &["points", "扣分", "扣分值", "分值"];
const WHY: &[&str] = &["why", "说明", "说明文字", "原因", "理由"];
/// What people write beside a row for each other.
const REMARK: &[&str] = &["备注", "序号", "note", "notes", "remark", "comment", "no", "no."];

/// Characters of an id that is made of a row's words at most.
const LONGEST_ID: usize = 24;

/// Whether a pack of this file name is a table.
pub(super) fn is_table(path: &Path) -> bool {
    path.extension().is_some_and(|extension| ["csv", "tsv", "xlsx"].iter().any(|table| extension.eq_ignore_ascii_case(table)))
}

/// Reads a table as a pack.
///
/// # Errors
/// It cannot be decoded, has no header with the two columns, or rows are wrong, of which each is told: one says of nothing that it is
/// improper, or has no word for a severity, or no number of points.
pub(super) fn parse(path: &Path, bytes: Vec<u8>) -> Result<Pack, Vec<PackError>> {
    let file = path.display().to_string();
    let rows = rows(&file, path, bytes).map_err(|mistake| vec![mistake])?;
    let category = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().replace([' ', '/'], "-"));
    let mut rows = rows.into_iter();
    let Some(header) = rows.next() else {
        return Err(vec![PackError::new(&file, 0, "is empty", "give it a header line: improper,professional (不当用语,礼貌用语)")]);
    };
    let line = header.number;
    let folded = |name: &str| fold_word(name.trim()).replace(['_', ' '], "");
    let column = |names: &[&str]| {
        let mut cells = header.cells.iter();
        cells.find(|(_, name)| names.contains(&folded(name).as_str())).map(|(column, _)| *column)
    };
    let names: Vec<&str> = header.cells.iter().map(|(_, name)| name.as_str()).collect();
    let (Some(improper), Some(professional)) = (column(IMPROPER), column(PROFESSIONAL)) else {
        return Err(vec![PackError::new(
            &file,
            line,
            format!("the header `{}` does not name the two columns", names.join(",")),
            "name them improper and professional, or 不当用语 and 礼貌用语",
        )]);
    };
    let known = [IMPROPER, PROFESSIONAL, PROFESSIONAL_HANT, ID, SEVERITY, POINTS, WHY, REMARK];
    let is_known = |name: &str| name.is_empty() || known.iter().any(|names| names.contains(&name));
    if let Some(name) = names.iter().find(|name| !is_known(&folded(name))) {
        return Err(vec![PackError::new(
            &file,
            line,
            format!("there is no column `{}`", name.trim()),
            "use 不当用语, 礼貌用语, 礼貌用语(繁体), 场景, 级别, 扣分 and 说明 (improper, professional, professional_hant, id, severity, points, \
             why), and 备注 for remarks",
        )]);
    }
    let (hant, id, severity, points, why) = (column(PROFESSIONAL_HANT), column(ID), column(SEVERITY), column(POINTS), column(WHY));
    let mut phrases = Vec::new();
    let mut mistakes = Vec::new();
    let mut ids = BTreeSet::new();
    let mut last = line;
    for row in rows {
        let line = row.number;
        last = last.max(line);
        // A line number as a place: see the last line.
        let place = line - 1..line;
        let cell = |column: Option<usize>| column.map_or("", |column| row.text(column).trim());
        if row.cells.iter().all(|(_, cell)| cell.trim().is_empty()) {
            continue;
        }
        if cell(Some(improper)).is_empty() {
            mistakes.push(PackError::new(&file, line, "the row has no improper phrase", "write it in the first column, or remove the row"));
            continue;
        }
        let strings = |text: &str| {
            Strings(
                text.lines()
                    .map(str::trim)
                    .filter(|text| !text.is_empty())
                    .map(|text| Spanned::new(place.clone(), text.to_owned()))
                    .collect(),
            )
        };
        let name = if cell(id).is_empty() { words_as_id(cell(Some(improper))) } else { as_id(cell(id), '/') };
        // A row of a table says all of itself: an empty cell takes nothing from a row above of the same id.
        let is_later = !ids.insert(name.clone());
        let grade = match cell(severity) {
            "" => Severity::Warning,
            word => severity_of(word).unwrap_or_else(|message| {
                mistakes.push(PackError::new(&file, line, message, "leave the cell empty for warning"));
                Severity::Warning
            }),
        };
        let cost = match cell(points) {
            "" => is_later.then(|| grade.default_points()),
            word => points_of(word).or_else(|| {
                let message = format!("`{word}` is no number of points");
                mistakes.push(PackError::new(&file, line, message, "write a whole number such as 2"));
                None
            }),
        };
        let why = Some(cell(why)).filter(|why| !why.is_empty());
        let entry = PhraseEntry {
            id: Spanned::new(place.clone(), name),
            scene: Some(cell(id).to_owned()),
            improper: strings(cell(Some(improper))),
            professional: strings(cell(Some(professional))),
            professional_hant: strings(cell(hant)),
            severity: Some(SeverityEntry::Everywhere(grade)),
            points: cost,
            why: why.map(str::to_owned),
            ..PhraseEntry::default()
        };
        phrases.push(Spanned::new(place, entry));
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let header = Header { category, title: String::new(), title_hant: None };
    let document = Document { pack: Some(header), phrase: phrases, ..Document::default() };
    // Places in a pack are bytes of its text; here a line is one byte, so that a place is a line.
    Ok(Pack::new(&file, &"\n".repeat(last), document))
}

/// A name as an id may have it, with `also` beside letters and digits.
fn as_id(name: &str, also: char) -> String {
    name.replace(|c: char| !c.is_alphanumeric() && c != also, "-")
}

/// The id of a row whose table names none: the first of its patterns.
fn words_as_id(improper: &str) -> String {
    let first = improper.lines().next().unwrap_or_default();
    let id: String = as_id(first.trim_matches(|c: char| !c.is_alphanumeric()), '-').chars().take(LONGEST_ID).collect();
    if id.is_empty() { "phrase".to_owned() } else { id }
}

/// A severity by its word, or by the one that reports in Chinese have for it.
fn severity_of(word: &str) -> Result<Severity, String> {
    match word {
        "严重" | "嚴重" => Ok(Severity::Error),
        "一般" => Ok(Severity::Warning),
        "提示" => Ok(Severity::Info),
        word => word.parse().map_err(|message| format!("{message}, or 严重, 一般 or 提示")),
    }
}

/// What a violation costs: `2`, `-2`, `扣2分`.
fn points_of(word: &str) -> Option<u32> {
    let number = word.trim_start_matches(['扣', '-', '－']).trim_end_matches('分').trim();
    number.parse().ok()
}

/// The rows of a table, numbered by their lines; of a workbook its first sheet that holds any.
fn rows(file: &str, path: &Path, bytes: Vec<u8>) -> Result<Vec<SheetRow>, PackError> {
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx")) {
        unfolds_within(&bytes, SourceOptions::default().max_unpacked)
            .map_err(|_| PackError::new(file, 0, "unfolds to more than a table of phrases can hold", "save it as .csv"))?;
        let sheets = table::sheets(&bytes).map_err(|message| PackError::new(file, 0, message, "save it as .xlsx or .csv"))?;
        let sheet = sheets.into_iter().find(|sheet| !sheet.rows.is_empty());
        return Ok(sheet.map_or_else(Vec::new, |sheet| sheet.rows));
    }
    let encoding = source::Encoding::detect(&bytes);
    // What is in another encoding is read by that; of what should be UTF-8, the place of the damage is known.
    if let Err(error) = source::utf8(&bytes)
        && encoding.is_none_or(|encoding| encoding.decode(bytes.clone()).is_err())
    {
        return Err(PackError::new(file, error.line, error.to_string(), error.remedy()));
    }
    let document = source::Document::decode(file, bytes, encoding)
        .map_err(|error| PackError::new(file, error.line, error.to_string(), "save the table as UTF-8"))?;
    let Some(text) = document.text() else { return Err(PackError::new(file, 0, "is not text", "save the table as .csv or .xlsx")) };
    let head = text.lines().next().unwrap_or_default();
    let delimiter =
        [',', '\t', ';'].into_iter().max_by_key(|&delimiter| (head.matches(delimiter).count(), delimiter == ',')).unwrap_or(',');
    let mut rows = Vec::new();
    for row in Rows::new(text, delimiter, 1) {
        let row = row.map_err(|unclosed| PackError::new(file, unclosed.line, "a quoted cell is not closed", "close it with `\"`"))?;
        let cells = row.fields.iter().map(|field| field.text().into_owned()).enumerate().collect();
        rows.push(SheetRow { number: row.line, cells });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Rules;

    fn read(name: &str, text: &str) -> Result<Rules, PackError> {
        let pack = parse(Path::new(name), text.as_bytes().to_vec()).map_err(|mistakes| mistakes[0].clone())?;
        Rules::new(&[pack]).map_err(|mistakes| mistakes[0].clone())
    }

    #[test]
    fn a_table_is_a_pack() -> Result<(), PackError> {
        let rules = read("house/话术.csv", "不当用语,礼貌用语,场景,severity\n没货了,暂时缺货,缺货,error\n\"快递小哥\n快递员\",配送员,,\n")?;
        let shown: Vec<(&str, usize, usize)> =
            rules.phrases.iter().map(|phrase| (&*phrase.id, phrase.line, phrase.improper.len())).collect();
        assert_eq!(shown, [("话术/缺货", 2, 1), ("话术/快递小哥", 3, 2)]);
        Ok(())
    }

    #[test]
    fn cells_of_a_workbook_may_stand_in_any_order() -> Result<(), PackError> {
        use std::io::Write as _;
        let cell = |place: &str, text: &str| format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
        let sheet = format!(
            "<worksheet><sheetData><row r=\"2\">{}{}{}</row><row r=\"1\">{}{}</row></sheetData></worksheet>",
            cell("B2", "请稍等"),
            cell("A2", "你等着"),
            cell("ZZZZ2", "远"),
            cell("B1", "礼貌用语"),
            cell("A1", "不当用语"),
        );
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let parts = [
            (
                "_rels/.rels",
                format!(
                    "<Relationships><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/workbook.xml",
                format!("<workbook xmlns:r=\"{office}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    "<Relationships><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
                ),
            ),
            ("xl/worksheets/sheet1.xml", sheet),
        ];
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, part) in parts {
            archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(part.as_bytes()).unwrap();
        }
        let pack = parse(Path::new("house.xlsx"), archive.finish().unwrap().into_inner()).map_err(|mistakes| mistakes[0].clone())?;
        let rules = Rules::new(&[pack]).map_err(|mistakes| mistakes[0].clone())?;
        assert_eq!(rules.phrases.iter().map(|phrase| (&*phrase.id, phrase.line)).collect::<Vec<_>>(), [("house/你等着", 2)]);
        Ok(())
    }

    #[test]
    fn severities_may_be_written_as_chinese_reports_have_them() -> Result<(), PackError> {
        let rules =
            read("house.csv", "不当用语,礼貌用语,场景,级别\n没货了,缺货,a,严重\n没有货,缺货,b,嚴重\n等着,请稍等,c,一般\n快点,请,d,提示\n")?;
        let found: Vec<Severity> = rules.phrases.iter().map(|phrase| phrase.severity.get(crate::rule::Profile::Replies).unwrap()).collect();
        assert_eq!(found, [Severity::Error, Severity::Error, Severity::Warning, Severity::Info]);
        Ok(())
    }

    #[test]
    fn an_empty_cell_takes_nothing_from_the_row_above() -> Result<(), PackError> {
        let rules = read(
            "house.csv",
            "不当用语,礼貌用语,场景,级别,扣分,说明\n老铁,先生,称呼,严重,8,不称兄道弟\n收据,发票,称呼,,,\n(你|您)等着,请稍等,,,,\n…急什么,请稍等,,提示,,\n",
        )?;
        let phrases = &rules.phrases;
        let ids: Vec<&str> = phrases.iter().map(|phrase| &*phrase.id).collect();
        assert_eq!(ids, ["house/称呼", "house/称呼", "house/你-您-等着", "house/急什么"]);
        let grades: Vec<_> = phrases.iter().map(|phrase| phrase.severity.get(crate::rule::Profile::Replies).unwrap()).collect();
        assert_eq!(grades, [Severity::Error, Severity::Warning, Severity::Warning, Severity::Info]);
        assert_eq!(phrases[0].points, Some(8));
        assert_eq!(phrases[1].points, Some(Severity::Warning.default_points()));
        assert_eq!(phrases[0].why.get(crate::text::Script::Simplified), "不称兄道弟");
        Ok(())
    }

    #[test]
    fn a_row_may_say_what_it_costs() -> Result<(), PackError> {
        let rules = read("house.csv", "不当用语,礼貌用语,场景,扣分,备注\n没货了,缺货,a,2,周会定\n等着,请稍等,b,扣5分,\n快点,请,c,,\n")?;
        let found: Vec<_> = rules.phrases.iter().map(|phrase| phrase.points).collect();
        let default = read("house.csv", "不当用语,礼貌用语\n快点,请\n")?.phrases[0].points;
        assert_eq!(found, [Some(2), Some(5), default]);
        Ok(())
    }

    #[test]
    fn a_word_may_be_forbidden_without_another() -> Result<(), PackError> {
        let rules = read("house.csv", "不当用语,礼貌用语,级别\n保本,,严重\n保证收益\n没货了,缺货\n")?;
        let rewrites: Vec<usize> = rules.phrases.iter().map(|phrase| phrase.professional.len()).collect();
        assert_eq!(rewrites, [0, 0, 1]);
        Ok(())
    }

    #[test]
    fn every_row_that_is_wrong_is_told() {
        let text = "不当用语,礼貌用语,级别,扣分\n你等着,请稍等,重,三\n,请稍等\n快点,请,提示,2\n等着,请,轻,\n";
        let mistakes = parse(Path::new("house.csv"), text.into()).unwrap_err();
        assert_eq!(mistakes.iter().map(|mistake| mistake.line).collect::<Vec<_>>(), [2, 2, 3, 5]);
    }

    #[test]
    fn mistakes_in_a_table_name_the_row() {
        let wrong = |text: &str| read("house.csv", text).map(|_| ()).map_err(|mistake| (mistake.line, mistake.message));
        assert_eq!(wrong("improper,better\n"), Err((1, "the header `improper,better` does not name the two columns".into())));
        assert_eq!(wrong("improper,professional\n,请稍等\n"), Err((2, "the row has no improper phrase".into())));
        assert!(
            wrong("improper,professional,professional_hant\n保本,,保本\n").is_err_and(|(line, what)| line == 2 && what.contains("differ"))
        );
        assert_eq!(wrong("improper;professional\n好;请稍等\n(你|您等着;请稍等\n").map_err(|(line, _)| line), Err(3));
        let severity = wrong("improper,professional,级别\n你等着,请稍等,重\n").unwrap_err();
        assert!(severity.0 == 2 && severity.1.contains("严重, 一般 or 提示"), "{}", severity.1);
        assert_eq!(wrong("不当用语,礼貌用语,罚款\n你等着,请稍等,3\n"), Err((1, "there is no column `罚款`".into())));
        assert_eq!(wrong("不当用语,礼貌用语,扣分\n你等着,请稍等,三\n"), Err((2, "`三` is no number of points".into())));
    }
}
