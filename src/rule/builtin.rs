//! The word classes that are code: numbers, dates, telephone numbers and the like, as regular expressions.

use std::sync::OnceLock;

use regex_syntax::hir::{Class, Hir, HirKind};
use serde::{Deserialize, Serialize};

/// Classes that no list of words can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Builtin {
    /// Digits or Chinese numerals.
    Number,
    /// A calendar date.
    Date,
    /// A time of day.
    Time,
    /// A sum of money.
    Amount,
    /// A mobile or landline number.
    Phone,
    /// A mainland identity-card number with a right check digit, or a Taiwanese one.
    IdCard,
    /// A bank-card number with a right check digit.
    BankCard,
    /// Eight digits or more, in groups or spoken (幺三九…), whatever they number: for use behind a word that says it.
    Digits,
    /// An e-mail address.
    Email,
    /// A face made of marks.
    Kaomoji,
}

impl Builtin {
    /// All of them, by the name that stands in angle brackets.
    pub const ALL: [(&'static str, Self); 10] = [
        ("number", Self::Number),
        ("date", Self::Date),
        ("time", Self::Time),
        ("amount", Self::Amount),
        ("phone", Self::Phone),
        ("id-card", Self::IdCard),
        ("bank-card", Self::BankCard),
        ("digits", Self::Digits),
        ("email", Self::Email),
        ("kaomoji", Self::Kaomoji),
    ];

    /// Where a long number ends.
    pub(crate) const END: &str = r"(?-u:\b)";

    /// Whether a match must also pass a check of its digits.
    pub(crate) fn is_checked(self) -> bool {
        matches!(self, Self::IdCard | Self::BankCard)
    }

    /// Whether a match may hold breaks.
    pub(crate) fn crosses_breaks(self) -> bool {
        matches!(self, Self::Amount | Self::Phone | Self::IdCard | Self::BankCard | Self::Digits | Self::Kaomoji)
    }

    /// Whether a match depends on which digits there are, not only on where.
    pub(crate) fn reads_digits(self) -> bool {
        match self {
            Self::Phone | Self::IdCard | Self::BankCard => true,
            // Their expressions hold all ten digits wherever they hold one.
            Self::Number | Self::Date | Self::Time | Self::Amount | Self::Digits | Self::Email | Self::Kaomoji => false,
        }
    }

    /// Every character that a match of a class may begin with.
    pub(crate) fn firsts(self) -> &'static [char] {
        static KNOWN: [OnceLock<Vec<char>>; Builtin::ALL.len()] = [const { OnceLock::new() }; Builtin::ALL.len()];
        KNOWN[self as usize].get_or_init(|| {
            let mut firsts = Vec::new();
            if let Ok(expression) = regex_syntax::parse(&self.expression()) {
                add_firsts(&expression, &mut firsts);
            }
            firsts.sort_unstable();
            firsts.dedup();
            firsts
        })
    }

    /// The regular expression of a class. Expressions look at folded text and have no groups.
    pub(crate) fn expression(self) -> String {
        const END: &str = Builtin::END;
        match self {
            Self::Number => NUMBER.to_owned(),
            Self::Amount => {
                // Between digits and a unit: 3万元, 10多块, 3-5元.
                const MORE: &str = "[十百千万亿]*[多几来余]?";
                const COUNTRY: &str = "美|日|欧|港|澳|加|新加坡|新台|台|人民";
                const CODE: &str = "rmb|cny|ntd|twd|hkd|usd|mop|eur|gbp|jpy";
                const NAME: &str = "人民币|新台币|台币|港币|澳门币|美元|美金|港元|欧元|日元|英镑";
                const FORM: &str = "[kw十百千万亿]*(?:块钱|块|元|圆|蚊)?";
                const DIGIT: &str = "[0-9零一二三四五六七八九两]";
                format!(
                    r"(?:(?:{CODE}|nt|hk|us|au|s)\n?)?[$¥€£]\n?(?:{NUMBER}){FORM}|(?:{CODE}|{NAME})\n?(?:{NUMBER}){FORM}|(?:{NUMBER})(?:[-/](?:{NUMBER}))?{MORE}(?:块钱|元钱|(?:{COUNTRY})?[元圆币]|块|毛钱|毛|角|分钱|蚊|英镑|美金|港纸|澳门币|\n?(?:{CODE})|万)(?:{DIGIT}[毛角](?:{DIGIT}分)?)?整?|[0-9]+\.[0-9]{{2}}"
                )
            }
            Self::Date => {
                const DAY: &str = r"[0-9]{1,2}|[一二三四五六七八九十]{1,3}";
                format!(
                    r"[0-9]{{4}}[-/.年](?:{DAY})[-/.月](?:{DAY})[日号]?|(?:{DAY})月(?:{DAY})[日号]?|(?:{DAY})[号日]|今天|明天|后天|大后天|昨天|前天|今日|明日|昨日|今晚|明晚|明早|(?:本|这|下|上)?(?:个)?(?:周|星期|礼拜)[一二三四五六日天末]"
                )
            }
            Self::Time => {
                const HOUR: &str = r"[0-9]{1,2}|[一二三四五六七八九十两]{1,3}";
                format!(
                    r"(?:凌晨|早上|上午|中午|下午|傍晚|晚上|今晚|明早)?(?:[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?|(?:{HOUR})点(?:钟|半|整|[0-9]{{1,2}}分?|[一二三四五十]{{1,3}}[分刻]?)?)"
                )
            }
            // A number that goes on, or is part of a Latin word, is none of these.
            // Groups of digits are often divided by a space, which is a break, or by a dash.
            Self::Phone => format!(
                r"(?-u:\b)(?:\+?86[-\n]?)?1[3-9][0-9][-\n]?(?:[0-9]{{4}}[-\n]?[0-9]{{4}}|[0-9]{{8}}){END}|(?-u:\b)(?:0[1-9][0-9]{{1,2}}[-\n]?[0-9]{{7,8}}|09[0-9]{{2}}[-\n]?[0-9]{{3}}[-\n]?[0-9]{{3}}){END}"
            ),
            Self::IdCard => {
                format!(
                    r"(?-u:\b)(?:[1-9][0-9]{{5}}\n?(?:18|19|20)[0-9]{{2}}[01][0-9][0-3][0-9]\n?[0-9]{{3}}[0-9x]|[a-z][12][0-9]{{8}}){END}"
                )
            }
            Self::BankCard => {
                format!(r"(?-u:\b)[3-6][0-9]{{3}}(?:[-\n]?[0-9]{{4}}){{2}}[-\n]?(?:[0-9]{{4}}(?:[-\n]?[0-9]{{1,3}})?|[0-9]{{3}}){END}")
            }
            // 幺 is folded to 么. The last alternative is an identity card of Hong Kong, its check digit in brackets.
            Self::Digits => {
                const DIGIT: &str = "[0-9零一二三四五六七八九么两]";
                format!(r"{DIGIT}(?:[-\n]?{DIGIT}){{7,19}}x?|[a-z]{{1,2}}[0-9]{{6}}\n?[0-9a]{END}")
            }
            Self::Email => r"[a-z0-9][a-z0-9._+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+".to_owned(),
            Self::Kaomoji => r"\x02".to_owned(),
        }
    }
}

const NUMBER: &str = r"[0-9]+(?:[.,][0-9]+)*|[零一二三四五六七八九十两百千万亿几半]+";

/// Adds what may stand first in an expression; whether it may also be empty.
fn add_firsts(expression: &Hir, firsts: &mut Vec<char>) -> bool {
    match expression.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => {
            firsts.extend(String::from_utf8_lossy(&literal.0).chars().next());
            false
        }
        HirKind::Class(Class::Unicode(class)) => {
            firsts.extend(class.ranges().iter().flat_map(|range| range.start()..=range.end()));
            false
        }
        HirKind::Class(Class::Bytes(class)) => {
            firsts.extend(class.ranges().iter().flat_map(|range| range.start()..=range.end()).map(char::from));
            false
        }
        HirKind::Repetition(repetition) => add_firsts(&repetition.sub, firsts) || repetition.min == 0,
        HirKind::Capture(capture) => add_firsts(&capture.sub, firsts),
        HirKind::Concat(parts) => parts.iter().all(|part| add_firsts(part, firsts)),
        HirKind::Alternation(options) => options.iter().filter(|option| add_firsts(option, firsts)).count() > 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a part of an expression holds some digits and not others.
    fn tells_digits_apart(expression: &Hir) -> bool {
        let digits = |ranges: &mut dyn Iterator<Item = (u32, u32)>| {
            let ranges: Vec<_> = ranges.collect();
            let holds = |digit: &u32| ranges.iter().any(|(start, end)| (start..=end).contains(&digit));
            (0x30..0x3A).filter(holds).count()
        };
        match expression.kind() {
            HirKind::Empty | HirKind::Look(_) => false,
            HirKind::Literal(literal) => literal.0.iter().any(u8::is_ascii_digit),
            HirKind::Class(Class::Unicode(class)) => {
                !matches!(digits(&mut class.ranges().iter().map(|range| (range.start().into(), range.end().into()))), 0 | 10)
            }
            HirKind::Class(Class::Bytes(class)) => {
                !matches!(digits(&mut class.ranges().iter().map(|range| (range.start().into(), range.end().into()))), 0 | 10)
            }
            HirKind::Repetition(repetition) => tells_digits_apart(&repetition.sub),
            HirKind::Capture(capture) => tells_digits_apart(&capture.sub),
            HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(tells_digits_apart),
        }
    }

    #[test]
    fn what_does_not_read_digits_takes_any() {
        for (name, builtin) in Builtin::ALL {
            let expression = regex_syntax::parse(&builtin.expression()).expect("an expression");
            assert!(builtin.reads_digits() || !tells_digits_apart(&expression), "{name}");
        }
        assert!(tells_digits_apart(&regex_syntax::parse(&Builtin::Phone.expression()).expect("an expression")));
    }
}
