//! Times as transcripts write them.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time};
use regex::Regex;

/// A point in time, as far as the source tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// As it is written in the source; what reports show.
    pub text: String,
    /// Milliseconds on a scale that all moments of one conversation share.
    pub millis: i64,
    /// What the number counts from.
    pub clock: Clock,
}

/// What a moment's milliseconds count from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// 1970-01-01 00:00 by the clock on the wall: date and time of day are known.
    Date,
    /// Midnight: only the time of day is known.
    Day,
    /// The start of the conversation.
    Start,
}

/// The order of the numbers in a date such as 01/02/2024.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum DateOrder {
    /// 31/12/2024.
    #[cfg_attr(test, schemars(rename = "dmy"))]
    DayMonthYear,
    /// 12/31/2024.
    #[cfg_attr(test, schemars(rename = "mdy"))]
    MonthDayYear,
    /// 24/12/31.
    #[cfg_attr(test, schemars(rename = "ymd"))]
    YearMonthDay,
}

impl fmt::Display for DateOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DayMonthYear => "dmy",
            Self::MonthDayYear => "mdy",
            Self::YearMonthDay => "ymd",
        })
    }
}

impl FromStr for DateOrder {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "dmy" => Ok(Self::DayMonthYear),
            "mdy" => Ok(Self::MonthDayYear),
            "ymd" => Ok(Self::YearMonthDay),
            _ => Err(format!("`{word}` is no order of a date: use dmy, mdy or ymd")),
        }
    }
}

impl DateOrder {
    /// The date that three numbers are in this order; `is_year_first` says that four digits leave no choice.
    pub(super) fn date(self, ([a, b, c], is_year_first): ([i16; 3], bool)) -> Option<Date> {
        let (year, month, day) = match self {
            _ if is_year_first => (a, b, c),
            Self::DayMonthYear => (c, b, a),
            Self::MonthDayYear => (c, a, b),
            Self::YearMonthDay => (a, b, c),
        };
        let year = if year < 100 { year + 2000 } else { year };
        Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
    }
}

impl Moment {
    /// The same as [`Moment::parse`], and where an order is known in which the numbers of dates stand, also of `31/12/2024 10:02`.
    pub(super) fn parse_in(text: &str, order: Option<DateOrder>) -> Option<Self> {
        let open = order.and_then(|order| Some((order, open_date(text)?)));
        let Some((order, (numbers, time))) = open else { return Self::parse(text) };
        let date = order.date((numbers, false))?;
        let moment = Self::parse(format!("{date} {time}").trim_end())?;
        Some(Self { text: text.trim().to_owned(), ..moment })
    }

    /// Reads a date and time, a time of day, or an ISO 8601 time; none where it is something else.
    ///
    /// A zone is read but not applied: etiquette asks what the clock on the wall said.
    pub fn parse(text: &str) -> Option<Self> {
        static SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
            Regex::new(
                r"(?x)^\s*
                (?: (民[国國]\s*[0-9]{2,3}|[0-9]{4}|1[0-9]{2})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?
                    (?:\s*[（(][^）)]*[）)]|\s*(?:周|週|星期|礼拜|禮拜)[一二三四五六日天])? [T\s\u{202F}\u{2009},]*
                  | [0-9]{1,2}(?:[-/][0-9]{1,2}\s+|月[0-9]{1,2}(?:日\s*|\s+)) )?
                (上午|下午|凌晨|早上|中午|晚上|AM|PM|am|pm)? [\s\u{202F}\u{2009}]*
                (?: ([0-9]{1,2})[:：时時点點]([0-9]{2}) (?:[:：分]([0-9]{2}))? (?:[.,]([0-9]{1,9}))? [分秒]? )?
                [\s\u{202F}\u{2009}]* (AM|PM|am|pm)?
                \s*(?:Z|[+-][0-9]{2}:?[0-9]{2})?\s*$",
            )
            .ok()
        });
        if let Some(read) = Self::plain(text).or_else(|| Self::compact(text)) {
            return Some(read);
        }
        let Some(shape) = SHAPE.as_ref()?.captures(text) else { return Self::english(text) };
        let number = |group: usize| shape.get(group).and_then(|found| found.as_str().parse::<i64>().ok());
        // 113/05/06 and 民國113年5月6日: the years of Taiwan count from 1912.
        let year = || {
            let written = shape.get(1)?.as_str();
            let digits = written.trim_start_matches(|c: char| !c.is_ascii_digit());
            let year = digits.parse::<i64>().ok()?;
            Some(if digits.len() < 4 { year + 1911 } else { year })
        };
        let date = match (year(), number(2), number(3)) {
            (Some(year), Some(month), Some(day)) => {
                Some(Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?)
            }
            _ => None,
        };
        let time = match (number(5), number(6)) {
            (Some(hour), Some(minute)) => {
                let half = shape.get(4).or(shape.get(9)).map(|found| found.as_str());
                let hour = match half {
                    Some("下午" | "晚上" | "PM" | "pm") if hour < 12 => hour + 12,
                    Some("中午") if hour < 3 => hour + 12,
                    // 晚上12:10 is past midnight.
                    Some("上午" | "凌晨" | "早上" | "晚上" | "AM" | "am") if hour == 12 => 0,
                    _ => hour,
                };
                let millis = shape.get(8).map_or(0, |found| format!("{:0<3}", found.as_str())[..3].parse::<i64>().unwrap_or(0));
                let time = Time::new(hour.try_into().ok()?, minute.try_into().ok()?, number(7).unwrap_or(0).try_into().ok()?, 0).ok()?;
                Some((time, millis))
            }
            _ => None,
        };
        let text = text.trim().to_owned();
        let of_day = |(time, millis): (Time, i64)| of_day(time) + millis;
        match (date, time) {
            (Some(date), time) => Some(Self { text, millis: days(date) * DAY + time.map_or(0, of_day), clock: Clock::Date }),
            (None, Some(time)) => Some(Self { text, millis: of_day(time), clock: Clock::Day }),
            (None, None) => None,
        }
    }

    /// The moment that a text is in the shape `20240506140000`, perhaps without seconds or with milliseconds, or with something between
    /// day and time: `20240506 140000`, `20240506T14:00`. Written with marks, so that people can read it.
    pub(super) fn compact(text: &str) -> Option<Self> {
        let text = text.trim();
        let (day, behind) = text.split_at_checked(8).filter(|(day, _)| day.bytes().all(|byte| byte.is_ascii_digit()))?;
        let rest = behind.trim_start_matches(['T', '_', ' ', '\u{3000}']);
        let (time, rest) = rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count());
        let of_day = match time.len() {
            4 => format!("{}:{}", &time[..2], &time[2..]),
            6 => format!("{}:{}:{}", &time[..2], &time[2..4], &time[4..]),
            9 => format!("{}:{}:{}.{}", &time[..2], &time[2..4], &time[4..6], &time[6..]),
            // Its own marks, and then something before it too.
            1 | 2 if rest.starts_with([':', '：']) && !behind.starts_with(time) => time.to_owned(),
            _ => return None,
        };
        let moment = Self::parse(&format!("{}-{}-{} {of_day}{rest}", &day[..4], &day[4..6], &day[6..]))?;
        SERVED.contains(&moment.millis).then(|| moment.after_millis(0))
    }

    /// The moment that a text is in the shape `6-May-2024 14:00:00` or `06/May/2024:14:00:00`.
    fn english(text: &str) -> Option<Self> {
        const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
        let text = text.trim();
        let mut parts = text.splitn(3, ['-', ' ', '/']);
        let (day, month, rest) = (parts.next()?, parts.next()?, parts.next()?);
        let (year, time) = rest.split_at_checked(4)?;
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let month = MONTHS.iter().position(|known| month.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(known)))?;
        if day.len() > 2 || !is_number(day) || !is_number(year) {
            return None;
        }
        // Servers write a colon before the hour.
        let moment = Self::parse(format!("{year}-{}-{day} {}", month + 1, time.trim_start_matches(':')).trim_end())?;
        Some(Self { text: text.to_owned(), ..moment })
    }

    /// The moment that a text is in the shape `2024-04-29 10:02:08` or `2024-04-29T10:02:08`, perhaps with `Z` or `+08:00`; it needs no regular expression.
    pub(super) fn plain(text: &str) -> Option<Self> {
        let (date, time) = plain(text.strip_suffix('Z').or_else(|| text.strip_suffix("+08:00")).unwrap_or(text))?;
        Some(Self { text: text.to_owned(), millis: days(date) * DAY + of_day(time), clock: Clock::Date })
    }

    /// A moment from a Unix time in milliseconds, shown by the clock of China (UTC+8).
    pub fn from_unix_millis(unix: i64) -> Self {
        let millis = unix.saturating_add(8 * 3_600_000);
        let mut moment = Self { text: String::new(), millis, clock: Clock::Date };
        moment.text = moment.date_time().map_or_else(|| unix.to_string(), |shown| shown.strftime("%Y-%m-%d %H:%M:%S").to_string());
        moment
    }

    /// A moment that many milliseconds after the conversation began.
    pub fn from_offset_millis(millis: i64) -> Self {
        let seconds = millis.max(0) / 1000;
        Self { text: format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60), millis, clock: Clock::Start }
    }

    /// A number that a source calls a time: Unix seconds, milliseconds, microseconds or nanoseconds, whichever lies between 1990 and
    /// 2100; none where none does.
    pub fn from_number(number: f64) -> Option<Self> {
        // These do not overlap, nor does any with what `compact` reads.
        let millis = [1e3, 1.0, 1e-3, 1e-6].into_iter().map(|scale| (number * scale) as i64);
        millis.into_iter().find(|millis| SERVED.contains(millis)).map(Self::from_unix_millis)
    }

    /// The moment that a spreadsheet writes as days since the end of 1899, where it is one with a time of day, from 1990 to 2099.
    pub(super) fn from_spreadsheet_days(days: f64) -> Option<Self> {
        // A whole number may be anything.
        let is_one = (32_874.0..73_051.0).contains(&days) && days.fract() != 0.0;
        // As cells are shown, to the second; 25569 is 1970.
        let seconds = ((days - 25_569.0) * 86_400.0).round() as i64;
        is_one.then(|| Self::from_unix_millis((seconds - 8 * 3600) * 1000))
    }

    /// The moment so many milliseconds after this one.
    pub fn after_millis(&self, millis: i64) -> Self {
        let mut moment = Self { millis: self.millis.saturating_add(millis), ..self.clone() };
        if let Some(shown) = moment.date_time() {
            moment.text = shown.strftime("%Y-%m-%d %H:%M:%S").to_string();
        }
        moment
    }

    /// The same time of day, as what a recording counts from its start.
    #[must_use]
    pub(super) fn since_start(self) -> Self {
        let clock = if self.clock == Clock::Day { Clock::Start } else { self.clock };
        Self { clock, ..self }
    }

    /// Milliseconds from `earlier` to this one; none where the two count from different things.
    ///
    /// A time of day that is more than half a day before the earlier one is past midnight.
    pub fn since(&self, earlier: &Self) -> Option<i64> {
        if self.clock != earlier.clock {
            return None;
        }
        let passed = self.millis.saturating_sub(earlier.millis);
        Some(if self.clock == Clock::Day && passed < -DAY / 2 { passed + DAY } else { passed })
    }

    /// The time of day in seconds after midnight, where it is known.
    pub fn second_of_day(&self) -> Option<u32> {
        (self.clock != Clock::Start).then(|| (self.millis.rem_euclid(DAY) / 1000) as u32)
    }

    /// The date as `2024-10-01`, where it is known.
    pub fn date(&self) -> Option<String> {
        self.date_time().map(|shown| shown.date().to_string())
    }

    fn date_time(&self) -> Option<DateTime> {
        if self.clock != Clock::Date {
            return None;
        }
        let epoch = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
        epoch.checked_add(jiff::SignedDuration::from_millis(self.millis)).ok()
    }
}

const DAY: i64 = 86_400_000;

/// From 1990 to the end of 2099, in milliseconds: no service desk that is transcribed is older, and none is of later.
const SERVED: std::ops::Range<i64> = 631_152_000_000..4_102_444_800_000;

/// The numbers of a date that leaves their order open, such as 01/02/2024, and what stands behind it.
pub(super) fn open_date(text: &str) -> Option<([i16; 3], &str)> {
    let text = text.trim();
    let length = text.bytes().take_while(|byte| byte.is_ascii_digit() || b"/.-".contains(byte)).count();
    let (date, rest) = text.split_at(length);
    let mark = date.chars().find(|c| !c.is_ascii_digit())?;
    let mut parts = date.split(mark);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    let is_date = [first, second].iter().all(|part| matches!(part.len(), 1 | 2)) && matches!(third.len(), 2 | 4) && parts.next().is_none();
    let is_apart = rest.is_empty() || rest.starts_with([' ', ',', 'T', '\u{3000}']);
    if !is_date || !is_apart {
        return None;
    }
    let time = rest.trim_start_matches([' ', ',', 'T', '\u{3000}']);
    Some(([first.parse().ok()?, second.parse().ok()?, third.parse().ok()?], time))
}

/// `2024-05-08 10:00:05`, the shape of most exports, and `2024-05-08T10:00:05`, that of most programs.
fn plain(text: &str) -> Option<(Date, Time)> {
    let shape: &[u8; 19] = text.as_bytes().try_into().ok()?;
    let is_plain = shape.iter().zip(b"0000-00-00 00:00:00").all(|(byte, like)| match like {
        b'0' => byte.is_ascii_digit(),
        b' ' => matches!(byte, b' ' | b'T'),
        _ => byte == like,
    });
    let number = |place: usize| (shape[place] - b'0') as i8 * 10 + (shape[place + 1] - b'0') as i8;
    if !is_plain {
        return None;
    }
    let year = i16::from(number(0)) * 100 + i16::from(number(2));
    Some((Date::new(year, number(5), number(8)).ok()?, Time::new(number(11), number(14), number(17), 0).ok()?))
}

fn of_day(time: Time) -> i64 {
    (i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second())) * 1000
}

fn days(date: Date) -> i64 {
    date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<i64> {
        Moment::parse(text).map(|moment| moment.millis / 1000)
    }

    #[test]
    fn the_usual_shapes_are_read() {
        let noon = Some(1_714_392_672);
        for text in [
            "2024-04-29 12:11:12",
            "2024/4/29 12:11:12",
            "2024年4月29日 12:11:12",
            "2024-04-29T12:11:12.000+08:00",
            "2024-04-29T12:11:12Z",
            "2024-04-29T12:11:12+08:00",
            "2024-04-29T12:11:12",
            "2024/4/29 下午12:11:12",
            "2024/4/29, 12:11:12 PM",
            "113/04/29 12:11:12",
            "民國113年4月29日 12:11:12",
            "2024年04月29日 12時11分12秒",
            "2024年04月29日12时11分12秒",
            "2024-04-29 周一 12:11:12",
            "2024-04-29 星期一 12:11:12",
            "2024-04-29（星期一）12:11:12",
            "29-Apr-2024 12:11:12",
            "29 April 2024 12:11:12",
            "29/Apr/2024:12:11:12",
            "29/Apr/2024:12:11:12 +0800",
            "20240429121112",
            "20240429121112000",
            "20240429 121112",
            "20240429_121112",
            "20240429T121112Z",
            "20240429T121112+0800",
            "20240429 12:11:12",
        ] {
            assert_eq!(seconds(text), noon, "{text}");
        }
        assert_eq!(seconds("10:02:03"), Some(36_123));
        assert_eq!(seconds("04-29 10:02:03"), Some(36_123));
        assert_eq!(seconds("4月29日 10时02分"), Some(36_120));
        assert_eq!(seconds("202404291211"), Some(1_714_392_660));
        assert_eq!(seconds("20240429 1211"), Some(1_714_392_660));
        assert_eq!(Moment::parse("20240429121112").map(|moment| moment.text).as_deref(), Some("2024-04-29 12:11:12"));
        // Numbers of orders and of phones, hours that there are not, years that were not.
        for text in ["20241329121112", "20240429251112", "13800138000", "400820882012", "17120429121112", "20240429", "2024042912"] {
            assert_eq!(seconds(text), None, "{text}");
        }
        for text in ["29-Apr", "4-29", "29-Apr-24x 10:00", "月-Apr-2024 10:00", "29-月-2024 10:00", "1.5", "113"] {
            assert_eq!(seconds(text), None, "{text}");
        }
        assert_eq!(seconds("下午3:04"), Some(54_240));
        assert_eq!(seconds("上午12:04"), Some(240));
        assert_eq!(seconds("2024-02-30 10:00:00"), None);
        assert_eq!(seconds("您好"), None);
        assert_eq!(seconds(""), None);
        assert_eq!(seconds("25:00:00"), None);
    }

    #[test]
    fn dates_that_leave_their_order_open_are_read_in_the_given_one() {
        let read =
            |text: &str, order| Moment::parse_in(text, Some(order)).and_then(|moment| Some((moment.date()?, moment.second_of_day()?)));
        let at = |date: &str, second| Some((date.to_owned(), second));
        assert_eq!(read("06/05/2024 09:00:00", DateOrder::DayMonthYear), at("2024-05-06", 32_400));
        assert_eq!(read("06/05/2024 9:00 PM", DateOrder::MonthDayYear), at("2024-06-05", 75_600));
        assert_eq!(read("24-05-06", DateOrder::YearMonthDay), at("2024-05-06", 0));
        assert_eq!(read("6.5.24, 09:00", DateOrder::DayMonthYear), at("2024-05-06", 32_400));
        assert_eq!(read("13/14/2024 09:00", DateOrder::DayMonthYear), None);
        // What leaves nothing open is read as ever.
        assert_eq!(read("2024/05/06 09:00", DateOrder::DayMonthYear), at("2024-05-06", 32_400));
        assert_eq!(Moment::parse_in("06/05/2024 09:00:00", None), None);
    }

    #[test]
    fn differences_cross_midnight() {
        let at = |text| Moment::parse(text).unwrap_or_else(|| Moment::from_offset_millis(0));
        assert_eq!(at("00:00:05").since(&at("23:59:55")), Some(10_000));
        assert_eq!(at("2024-05-01 00:00:05").since(&at("2024-04-30 23:59:55")), Some(10_000));
        assert_eq!(at("00:00:05").since(&at("2024-04-30 23:59:55")), None);
    }

    #[test]
    fn numbers_are_unix_times_by_their_size() {
        let shown = |number| Moment::from_number(number).map(|moment| moment.text);
        assert_eq!(shown(1_547_087_894_783.0).as_deref(), Some("2019-01-10 10:38:14"));
        assert_eq!(shown(1_547_087_894.0).as_deref(), Some("2019-01-10 10:38:14"));
        assert_eq!(shown(1_547_087_894_783_000.0).as_deref(), Some("2019-01-10 10:38:14"));
        assert_eq!(shown(1_547_087_894_783_000_000.0).as_deref(), Some("2019-01-10 10:38:14"));
        for number in [2090.0, 0.0, -1e9, 1e8, 1e11, 2e13, 1e14, 9e18, 1e300, f64::NAN] {
            assert_eq!(shown(number), None, "{number}");
        }
        let of_days = |days| Moment::from_spreadsheet_days(days).map(|moment| moment.text);
        assert_eq!(of_days(45_418.583_333).as_deref(), Some("2024-05-06 14:00:00"));
        assert_eq!((of_days(45_418.0), of_days(1.5)), (None, None));
        assert_eq!(Moment::from_unix_millis(0).date().as_deref(), Some("1970-01-01"));
    }
}
