//! WhatsApp: chats as the app exports them, `2019/01/01, 11:25 - Name: text` or `[2024/1/5 下午3:04:05] Name: text`.
//!
//! The phone's settings decide the order of day and month, and nothing in the file names it: it is told from all dates
//! of the file together, which is why the whole is read at once. Where they leave it open, the user must say.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::{Captures, Regex};

use super::open_turn::OpenTurn;
use super::reading::{Block, Context, Reading, Sample, Sink, lines, offset_within};
use super::{Conversation, DateOrder, Format, Moment, Speaker, Turn};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "whatsapp",
    looks_like: "2019/01/01, 11:25 - Name: text, or [2024/1/5 下午3:04:05] Name: text; a chat exported by WhatsApp",
    recognise,
    reading: Reading::Whole(read),
};

/// How many lines are looked at.
const LOOKED_AT: usize = 60;

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    let first = Header::of(sample.lines(1).next()?)?;
    let all: Vec<_> = sample.lines(LOOKED_AT).filter_map(Header::of).collect();
    let named = all.iter().filter(|header| header.name().is_some()).count();
    let count = all.len();
    // In brackets, a plain transcript has its times too; but not with a comma or before an invisible mark.
    (named > 0 && (!first.is_bracketed || first.is_unmistakable || count >= 2))
        .then(|| format!("{count} lines begin with a date, a time and a name, as WhatsApp exports"))
}

fn read(text: &str, context: &Context<'_>, sink: &mut Sink<'_>) {
    let block = Block::whole(text);
    let dates: Vec<_> = lines(text).filter_map(|(_, line)| Header::of(line)).map(|header| header.date).collect();
    let order = match (context.options.date_order, order_of(&dates)) {
        (Some(order), _) => Some(order),
        (None, Ok(order)) => Some(order),
        (None, Err(why)) => {
            let first = lines(text).enumerate().find(|(_, (_, line))| Header::of(line).is_some());
            let what = format!("{why}; times are not known, so checks that need them are silent");
            sink.problem(first.map(|(index, _)| index + 1), what, "say the order of day and month: --date-order dmy, mdy or ymd");
            None
        }
    };
    let mut conversation = Conversation { id: "1".to_owned(), ..Conversation::default() };
    let mut open: Option<OpenTurn> = None;
    for (start, line) in lines(text) {
        let Some(header) = Header::of(line) else {
            let said = without_edit_mark(line.trim());
            if let Some(open) = &mut open {
                open.add_line(said, start + offset_within(said, line), &block);
            }
            continue;
        };
        conversation.turns.extend(open.take().map(OpenTurn::close));
        let (name, said) = header.name().map_or((None, header.rest), |(name, said)| (Some(name), said));
        let is_notice = is_written_by_the_app(said) || is_deleted(said);
        let (speaker, name) = match name.map(|name| context.speakers.person(name)) {
            Some((speaker, name)) if !is_notice => (speaker, name),
            other => (Speaker::System, other.and_then(|(_, name)| name)),
        };
        let start_time = order.and_then(|order| header.moment(order));
        let mut turn = OpenTurn::new(Turn { speaker, name, start: start_time, ..Turn::default() });
        let said = without_edit_mark(said.trim_matches(is_invisible).trim());
        turn.add_line(said, start + offset_within(said, line), &block);
        open = Some(turn);
    }
    conversation.turns.extend(open.map(OpenTurn::close));
    if conversation.turns.is_empty() {
        return sink.problem(None, "no line begins with a date, a time and a name", "export the chat from WhatsApp again, as text");
    }
    sink.conversation(conversation);
}

/// What stands before the words of a message.
struct Header<'l> {
    /// The numbers of the date as they stand, and whether the first has four digits.
    date: ([i16; 3], bool),
    /// Date and time as they stand.
    shown: String,
    time: String,
    is_bracketed: bool,
    is_unmistakable: bool,
    rest: &'l str,
}

impl<'l> Header<'l> {
    fn of(line: &'l str) -> Option<Self> {
        static SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
            const TIME: &str = r"(?:(?:上午|下午|凌晨|早上|中午|晚上)\s?)?[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})?(?:[\s\x{202F}\x{2009}]?[AaPp]\.?\s?[Mm]\.?)?";
            Regex::new(&format!(
                r"^[\x{{FEFF}}\x{{200E}}]*(?P<open>\[)?(?P<a>[0-9]{{1,4}})[/.-](?P<b>[0-9]{{1,2}})[/.-](?P<c>[0-9]{{1,4}})\.?(?P<comma>[,，])?[\s\x{{202F}}\x{{2009}}](?P<time>{TIME})(?P<close>\]|\s-)\s",
            ))
            .ok()
        });
        // Most lines of most files end here.
        let digit = line.trim_start_matches(['\u{FEFF}', '\u{200E}', '[']);
        if !digit.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let found: Captures<'l> = SHAPE.as_ref()?.captures(line)?;
        let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
        let is_bracketed = !part("open").is_empty();
        if is_bracketed != (part("close") == "]") {
            return None;
        }
        let number = |name: &str| part(name).parse::<i16>().ok();
        let numbers = [number("a")?, number("b")?, number("c")?];
        let time = part("time").replace(['\u{202F}', '\u{2009}'], " ").replace('.', if part("time").contains(':') { "" } else { ":" });
        Some(Self {
            date: (numbers, part("a").len() == 4),
            shown: format!("{}/{}/{} {}", part("a"), part("b"), part("c"), time),
            time,
            is_bracketed,
            is_unmistakable: !part("comma").is_empty() || line.starts_with('\u{200E}'),
            rest: &line[found.get(0)?.end()..],
        })
    }

    /// Who speaks, and the words; none in a notice.
    fn name(&self) -> Option<(&'l str, &'l str)> {
        let (name, said) = self.rest.split_once(':')?;
        let said = said.strip_prefix(' ').or(said.is_empty().then_some(said))?;
        let name = name.trim_matches(|c: char| is_invisible(c) || c.is_whitespace() || c == '~');
        (!name.is_empty() && name.chars().count() <= 60).then_some((name, said))
    }

    fn moment(&self, order: DateOrder) -> Option<Moment> {
        let date = in_order(self.date, order)?;
        let moment = Moment::parse(&format!("{date} {}", self.time))?;
        Some(Moment { text: self.shown.clone(), ..moment })
    }
}

/// The only order in which every date is one and none comes before the one above it.
fn order_of(dates: &[([i16; 3], bool)]) -> Result<DateOrder, String> {
    let orders = [DateOrder::DayMonthYear, DateOrder::MonthDayYear, DateOrder::YearMonthDay];
    let example = dates.first().map_or_else(String::new, |([a, b, c], _)| format!("{a}/{b}/{c}"));
    let mut possible: Vec<(DateOrder, Vec<Date>)> = Vec::new();
    for order in orders {
        let read: Option<Vec<Date>> = dates.iter().map(|date| in_order(*date, order)).collect();
        let Some(read) = read.filter(|read| read.is_sorted()) else { continue };
        if possible.iter().all(|(_, known)| *known != read) {
            possible.push((order, read));
        }
    }
    match possible.as_slice() {
        [(order, _)] => Ok(*order),
        [] => Err(format!("dates such as {example} make sense in no order of day, month and year")),
        _ => Err(format!("dates such as {example} can be read in more than one way")),
    }
}

fn in_order(date: ([i16; 3], bool), order: DateOrder) -> Option<Date> {
    // The app is of 2009.
    order.date(date).filter(|date| (2009..2100).contains(&date.year()))
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{FEFF}')
}

/// Whether the app wrote something in the place of words, behind an invisible mark: 圖片已略去, or that nobody else can read what
/// is written. Keyboards write such marks too, so that the mark alone tells nothing.
fn is_written_by_the_app(said: &str) -> bool {
    const NOTICES: [&str; 19] = [
        "omitted",
        "<attached",
        "<附件",
        "略去",
        "已忽略",
        "已省略",
        "端到端",
        "端對端",
        "end-to-end",
        "Missed ",
        "Voice call",
        "Video call",
        "语音通话",
        "語音通話",
        "视频通话",
        "視像通話",
        "視訊通話",
        "未接",
        "POLL:",
    ];
    said.starts_with('\u{200E}') && NOTICES.iter().any(|notice| said.contains(notice))
}

fn is_deleted(said: &str) -> bool {
    const NOTICES: [&str; 8] = [
        "This message was deleted",
        "You deleted this message",
        "此訊息已刪除",
        "你已刪除此訊息",
        "您已刪除此訊息",
        "此消息已删除",
        "你已删除此消息",
        "您已删除这条消息",
    ];
    let said = said.trim_matches(|c: char| is_invisible(c) || c.is_whitespace() || matches!(c, '.' | '。'));
    NOTICES.contains(&said)
}

/// The words without `<This message was edited>` behind them.
fn without_edit_mark(said: &str) -> &str {
    let Some(mark) = said.rfind('<').filter(|_| said.ends_with('>')) else { return said };
    let is_edited = ["edited", "編輯", "编辑"].iter().any(|word| said[mark..].contains(word));
    if is_edited { said[..mark].trim_end_matches(|c: char| is_invisible(c) || c.is_whitespace()) } else { said }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_told_from_all_dates() {
        let order = |dates: &[[i16; 3]]| order_of(&dates.iter().map(|date| (*date, date[0] > 999)).collect::<Vec<_>>());
        assert_eq!(order(&[[13, 1, 2024], [14, 1, 2024]]), Ok(DateOrder::DayMonthYear));
        assert_eq!(order(&[[1, 13, 2024]]), Ok(DateOrder::MonthDayYear));
        assert_eq!(order(&[[24, 1, 5], [24, 12, 30]]), Ok(DateOrder::YearMonthDay));
        assert_eq!(order(&[[31, 1, 2024], [1, 2, 2024]]), Ok(DateOrder::DayMonthYear), "a month begins");
        assert_eq!(order(&[[2, 1, 2024], [1, 2, 2024]]), Ok(DateOrder::DayMonthYear), "the other way, time would run back");
        assert_eq!(order(&[[5, 5, 2024]]), Ok(DateOrder::DayMonthYear), "both are the same day");
        assert!(order(&[[1, 2, 2024], [3, 4, 2024]]).is_err_and(|why| why.contains("more than one way")));
        assert!(order(&[[13, 1, 2024], [1, 13, 2024]]).is_err_and(|why| why.contains("no order")));
        assert_eq!(order(&[[2024, 1, 2], [2024, 1, 3]]), Ok(DateOrder::DayMonthYear), "nothing is open");
    }

    #[test]
    fn headers_of_all_wordings() {
        let read = |line: &'static str| {
            let header = Header::of(line)?;
            Some((header.moment(DateOrder::DayMonthYear)?.millis / 60_000 % 1440, header.name()?))
        };
        let expected = Some((15 * 60 + 4, ("小美", "您好")));
        for line in [
            "2024/1/5, 15:04 - 小美: 您好",
            "2024/1/5 下午3:04 - 小美: 您好",
            "[2024/1/5 下午3:04:05] 小美: 您好",
            "\u{200E}[05/01/2024, 15:04:05] 小美: 您好",
            "5/1/24, 3:04\u{202F}PM - 小美: 您好",
            "05.01.24, 15:04 - 小美: 您好",
            "[05-01-2024, 3:04:05\u{202F}p.m.] ~ 小美: 您好",
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
        assert!(Header::of("2024/1/5, 15:04 - 訊息和通話都經過端對端加密").is_some_and(|header| header.name().is_none()));
        for line in ["2024/1/5 到貨", "您好", "[10:02] 客服：您好", "1/2 杯: 好"] {
            assert!(Header::of(line).is_none(), "{line}");
        }
    }
}
