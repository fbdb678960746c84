//! `--redact`: numbers and addresses of people, masked in everything that a run says.
//!
//! A mask takes the bytes of what it hides, so that every span still marks its words. When in doubt it hides: a
//! number that only looks like a bank card goes too.

use std::ops::Range;

use regex::Regex;

use super::record::{Findings, ViolationRecord};

/// What may stand between two groups of digits.
const GAP: &str = r"[-\s.·]{0,2}";

/// What may stand between two groups of a telephone number: `(010) 6234-5678`, `138/1234/5678`.
const PHONE_GAP: &str = r"[-\s.·/()]{0,3}";

/// The provinces that number plates begin with, in either script, and what else they begin with.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使滬雲遼魯蘇贛陝閩貴粵寧瓊";

/// Finds telephone, identity-card, passport and bank-card numbers, number plates and e-mail addresses, and masks them. What a
/// number stands beside is not masked: where an expression has a group, that is the number.
#[derive(Debug, Clone)]
pub struct Redactor {
    /// Searched for everywhere.
    people: Vec<Regex>,
    /// Searched for only in what was said: conversations and files are often called by numbers of this length.
    bank_card: Regex,
}

impl Redactor {
    /// Makes the expressions ready.
    ///
    /// # Errors
    /// Never with the expressions that stand here.
    pub fn new() -> Result<Self, regex::Error> {
        let gap = PHONE_GAP;
        let phones = [
            // Mainland mobiles, in groups or digit by digit as speech recognition writes them.
            format!(r"(?:(?:\+|00)?86{gap})?1[3-9][0-9]{gap}[0-9]{{4}}{gap}[0-9]{{4}}"),
            r"1[3-9][0-9](?:[-\s][0-9]{3}[-\s][0-9]{5}|[0-9][-\s][0-9]{3}[-\s][0-9]{4})".to_owned(),
            r"1[-\s][3-9](?:[-\s][0-9]){9}".to_owned(),
            r"0[-\s][1-9](?:[-\s][0-9]){7,9}".to_owned(),
            // Mainland and Taiwanese landlines, Taiwanese mobiles.
            format!(r"0[1-9][0-9]{{1,2}}{gap}[0-9]{{7,8}}"),
            format!(r"0[1-9][0-9]{{0,2}}{gap}[0-9]{{3,4}}{gap}[0-9]{{3,4}}"),
            // The mainland, Taiwan, Hong Kong and Macao as seen from abroad; the 0 of the area may stand there as well.
            format!(r"(?:\+|00)(?:86|886|85[23]){gap}0?{gap}[0-9]{{1,4}}{gap}[0-9]{{3,4}}{gap}[0-9]{{3,4}}"),
            r"\(?(?:886[-\s)]{1,2}0?9[0-9]{2}[-\s]?[0-9]{3}[-\s]?[0-9]{3}|85[23][-\s)]{1,2}[0-9]{4}[-\s]?[0-9]{4})".to_owned(),
            // Other countries: in one piece, or in groups no date falls into.
            r"\+[1-9][0-9]{9,14}".to_owned(),
            r"\+1[-\s.(]{1,2}[2-9][0-9]{2}[-\s.)]{1,2}[0-9]{3}[-\s.]?[0-9]{4}".to_owned(),
            r"\+(?:7|33|44|49|6[0-6]|8[124])[-\s(]{1,2}[0-9]{1,4}[-\s)]{0,2}[0-9]{3,4}[-\s]?[0-9]{3,4}".to_owned(),
        ];
        // Mainland (18 and 15 digits, or digit by digit), Taiwan, Hong Kong, Macao.
        let cards = [
            format!(r"[1-9][0-9]{{5}}{GAP}(?:18|19|20)[0-9]{{2}}[01][0-9][0-3][0-9]{GAP}[0-9]{{3}}[0-9x]"),
            r"[1-9][0-9]{7}[01][0-9][0-3][0-9][0-9]{3}".to_owned(),
            r"[a-z][-\s]?[1289][0-9]{2}[-\s]?[0-9]{3}[-\s]?[0-9]{3}".to_owned(),
            r"[a-z][-\s][1289](?:[-\s][0-9]){8}".to_owned(),
            // Those of residents from abroad had two letters.
            r"(?:^|[^0-9a-z])([a-z][-\s]?[a-d][-\s]?[0-9]{8})".to_owned(),
            r"[1-9](?:[-\s][0-9]){16}[-\s][0-9x]".to_owned(),
            r"[a-z]{1,2}[0-9]{6}\([0-9a]\)".to_owned(),
            r"[157][0-9]{6}\([0-9]\)".to_owned(),
            // By themselves they look like any order number.
            r"(?:护照|護照|通行证|通行證|passport)[^0-9a-z]{0,8}(?:no|number)?[^0-9a-z]{0,4}([a-z]{0,2}[0-9]{6,9})".to_owned(),
        ];
        // Five characters behind the letter of the place, or six of an electric car; most of them digits.
        let behind = "D{5}[0-9df]?|LD{5}|[df]LD{4}|LLD{3}|LD{4}|LD{3}L|DLD{3}|DDLDD|D{3}LD|D{4}L";
        let plate = format!("[{PROVINCES}]L{GAP}(?:{behind})").replace('L', "[a-hj-np-z]").replace('D', "[0-9]");
        // Those of Taiwan look like the number of any order: only what is said to be one.
        let taiwanese = [
            "L{2,3}[-\\s]?D{3,4}|D{3,4}[-\\s]?L{2,3}|(?:LD|DL)[-\\s]?D{4}|D{4}[-\\s]?(?:LD|DL)",
            "L(?:[-\\s]L){1,2}(?:[-\\s]D){3,4}|D(?:[-\\s]D){3}(?:[-\\s]L){2,3}",
        ]
        .join("|")
        .replace('L', "[a-z]")
        .replace('D', "[0-9]");
        let said = "(?:車牌|车牌|車號|车号)";
        let beside =
            [format!("{said}[^0-9a-z]{{0,8}}({taiwanese})"), format!("(?:^|[^0-9a-z])({taiwanese})[是為为的這这個个]{{0,3}}{said}")];
        let email = r"[a-z0-9][a-z0-9._%+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+".to_owned();
        let people = phones.into_iter().chain(cards).chain(beside).chain([plate, email]).map(|expression| Regex::new(&expression));
        let bank_card =
            Regex::new(&format!(r"[3-6][0-9]{{3}}(?:{GAP}[0-9]{{4}}){{2}}{GAP}(?:[0-9]{{4}}(?:{GAP}[0-9]{{1,3}})?|[0-9]{{3}})"))?;
        Ok(Self { people: people.collect::<Result<_, _>>()?, bank_card })
    }

    /// Masks them in all that was found.
    pub fn redact(&self, findings: &mut Findings) {
        let conversation = &mut findings.conversation;
        self.name(&mut conversation.file);
        self.name(&mut conversation.conversation);
        let agents = conversation.agents.iter_mut().map(|share| &mut share.agent);
        conversation.agent.iter_mut().chain(agents).for_each(|agent| self.name(agent));
        for turn in &mut findings.transcript {
            self.text(&mut turn.text);
            turn.name.iter_mut().for_each(|name| self.name(name));
        }
        findings.violations.iter_mut().for_each(|violation| self.violation(violation));
    }

    fn violation(&self, violation: &mut ViolationRecord) {
        let mark = violation.mark();
        self.name(&mut violation.file);
        self.name(&mut violation.conversation);
        violation.agent.iter_mut().for_each(|agent| self.name(agent));
        self.text(&mut violation.message);
        // A check quotes the first words of a turn.
        let cuts = violation.message.match_indices('…').map(|(at, _)| at).collect::<Vec<_>>();
        mask_around(&mut violation.message, &cuts);
        violation.rewrites.iter_mut().for_each(|rewrite| self.text(&mut rewrite.text));
        self.text(&mut violation.sentence);
        mask_cut_ends(&mut violation.sentence);
        match mark {
            Some(mark) => {
                let words = violation.sentence[mark.clone()].to_owned();
                violation.marked_at = (violation.sentence.find(&words) != Some(mark.start)).then_some(mark.start);
                violation.text = Some(words);
            }
            None => violation.text.iter_mut().for_each(|text| self.text(text)),
        }
    }

    /// Masks them in what was said, or is said of it.
    pub fn text(&self, text: &mut String) {
        mask_all(text, self.people.iter().chain([&self.bank_card]));
    }

    /// A name or an id.
    fn name(&self, text: &mut String) {
        mask_all(text, self.people.iter());
    }
}

fn mask_all<'r>(text: &mut String, expressions: impl Iterator<Item = &'r Regex> + Clone) {
    // Nothing that is looked for is shorter, and most texts have neither digits nor an address.
    if text.len() < 6 || !text.contains(|c: char| c == '@' || c == '＠' || plain(c).is_some_and(|c| c.is_ascii_digit())) {
        return;
    }
    // A Chinese digit beside a number is mostly none of it: 张三13800001111, 13800001111一直打不通.
    let mut found: Vec<Range<usize>> = Vec::new();
    let has_spoken = text.contains(|c: char| spoken(c).is_some());
    for reads_spoken in [false, true].into_iter().filter(|reads_spoken| has_spoken || !reads_spoken) {
        let (folded, places) = folded(text, reads_spoken);
        let whole = |found: &Range<usize>| {
            let is_number = |at: usize| folded.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
            // A part of a longer number is something else.
            let goes_on = |at: usize| is_number(at) && !text[places[at].clone()].chars().any(|c| spoken(c).is_some());
            let before = is_number(found.start) && found.start.checked_sub(1).is_some_and(goes_on);
            let behind = is_number(found.end - 1) && goes_on(found.end);
            !(before || behind)
        };
        for expression in expressions.clone() {
            let numbers = expression.captures_iter(&folded).filter_map(|number| number.get(1).or_else(|| number.get(0)));
            let numbers = numbers.map(|number| number.range()).filter(whole);
            found.extend(numbers.flat_map(|number| places[number].iter().cloned()));
        }
    }
    let mut masked = text.clone().into_bytes();
    for place in found {
        mask(&mut masked[place.clone()], &text[place]);
    }
    if let Ok(masked) = String::from_utf8(masked) {
        *text = masked;
    }
}

/// What stands beside the cuts at the ends of a sentence.
fn mask_cut_ends(sentence: &mut String) {
    let start = sentence.starts_with('…').then_some(0);
    let end = sentence.ends_with('…').then(|| sentence.len() - '…'.len_utf8());
    let cuts: Vec<usize> = start.into_iter().chain(end).collect();
    mask_around(sentence, &cuts);
}

/// A number that a cut divides cannot be told from its half: all digits next to a `…` at one of `cuts` are masked.
fn mask_around(text: &mut String, cuts: &[usize]) {
    let belongs = |c: &char| plain(*c).is_some_and(|c| c.is_ascii_alphanumeric() || "@-. _/()·+".contains(c));
    for &cut in cuts {
        let behind = cut + '…'.len_utf8();
        let after = text[behind..].chars().take_while(belongs).map(char::len_utf8).sum::<usize>();
        let before = text[..cut].chars().rev().take_while(belongs).map(char::len_utf8).sum::<usize>();
        for range in [behind..behind + after, cut - before..cut] {
            let digits = text[range.clone()].chars().filter_map(plain).filter(char::is_ascii_digit).count();
            if digits >= 4 || text[range.clone()].contains(['@', '＠']) {
                let masked: String = text[range.clone()].chars().map(masked).collect();
                text.replace_range(range, &masked);
            }
        }
    }
}

/// The text in lower-case ASCII where it has an equal there, spoken digits only if asked for, and for every byte of it the
/// character it stands for.
fn folded(text: &str, reads_spoken: bool) -> (String, Vec<Range<usize>>) {
    let (mut folded, mut places) = (String::with_capacity(text.len()), Vec::with_capacity(text.len()));
    for (at, c) in text.char_indices() {
        let plain = plain(c).filter(|_| reads_spoken || spoken(c).is_none()).unwrap_or(c);
        folded.push(plain);
        places.extend(std::iter::repeat_n(at..at + c.len_utf8(), plain.len_utf8()));
    }
    (folded, places)
}

/// The ASCII character that a reader takes this one for: full width, Chinese digits as they are spoken.
fn plain(c: char) -> Option<char> {
    match c {
        _ if c.is_ascii() => Some(c.to_ascii_lowercase()),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).map(|c| c.to_ascii_lowercase()),
        '\u{3000}' | '\u{a0}' => Some(' '),
        '—' | '–' | '‐' | '\u{2011}' | '−' => Some('-'),
        _ => spoken(c),
    }
}

/// The digit that a Chinese one stands for.
fn spoken(c: char) -> Option<char> {
    const DIGITS: [(char, char); 12] = [
        ('〇', '0'),
        ('零', '0'),
        ('一', '1'),
        ('幺', '1'),
        ('二', '2'),
        ('三', '3'),
        ('四', '4'),
        ('五', '5'),
        ('六', '6'),
        ('七', '7'),
        ('八', '8'),
        ('九', '9'),
    ];
    DIGITS.iter().find(|(spoken, _)| *spoken == c).map(|(_, digit)| *digit)
}

fn mask(bytes: &mut [u8], character: &str) {
    let mut kept = [0; 4];
    if let Some(masked) = character.chars().next().map(masked) {
        bytes.copy_from_slice(masked.encode_utf8(&mut kept).as_bytes());
    }
}

/// An asterisk of the same length in bytes; marks and spaces stay.
fn masked(c: char) -> char {
    match plain(c) {
        Some(plain) if plain.is_ascii_alphanumeric() => {
            if c.is_ascii() {
                '*'
            } else {
                '＊'
            }
        }
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn redacted(text: &str) -> String {
        let mut text = text.to_owned();
        if let Ok(redactor) = Redactor::new() {
            redactor.text(&mut text);
        }
        text
    }

    #[test]
    fn numbers_and_addresses_of_people_are_masked() {
        for (text, masked) in [
            ("您的电话13812345678对吗", "您的电话***********对吗"),
            ("138 1234 5678", "*** **** ****"),
            ("1 3 8 1 2 3 4 5 6 7 8", "* * * * * * * * * * *"),
            ("+86-138-1234-5678", "+**-***-****-****"),
            ("１３８１２３４５６７８", "＊＊＊＊＊＊＊＊＊＊＊"),
            ("幺三八一二三四五六七八", "＊＊＊＊＊＊＊＊＊＊＊"),
            ("0912-345-678", "****-***-***"),
            ("021-65431234", "***-********"),
            ("身份证11010519491231002X", "身份证******************"),
            ("A123456789", "**********"),
            ("卡号6222 0212 3456 7890 123", "卡号**** **** **** **** ***"),
            ("写信到Li.Ming@Example.com.cn吧", "写信到**.****@*******.***.**吧"),
            ("https://x.cn/?tel=13812345678", "https://x.cn/?tel=***********"),
            ("008613812345678", "***************"),
            ("0086-13812345678", "****-***********"),
            ("(+86)138 1234 5678", "(+**)*** **** ****"),
            ("138/1234/5678", "***/****/****"),
            ("138.1234.5678", "***.****.****"),
            ("138 - 1234 - 5678", "*** - **** - ****"),
            ("1381-234-5678", "****-***-****"),
            ("138 123 45678", "*** *** *****"),
            ("+86-10-62345678", "+**-**-********"),
            ("+86 (0)10 6234 5678", "+** (*)** **** ****"),
            ("(010)62345678", "(***)********"),
            ("(010) 6234-5678", "(***) ****-****"),
            ("（02）2345-6789", "（**）****-****"),
            ("(04)2222-3333", "(**)****-****"),
            ("+886912345678", "+************"),
            ("+886 912 345 678", "+*** *** *** ***"),
            ("+886-2-2345-6789", "+***-*-****-****"),
            ("886-912-345-678", "***-***-***-***"),
            ("+85291234567", "+***********"),
            ("+852 9123 4567", "+*** **** ****"),
            ("(852) 9123-4567", "(***) ****-****"),
            ("+1 (202) 555-0143", "+* (***) ***-****"),
            ("+442071838750", "+************"),
            ("+60 12-345 6789", "+** **-*** ****"),
            ("1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X", "* * * * * * * * * * * * * * * * * *"),
            ("A123456(3)", "*******(*)"),
            ("1234567(8)", "*******(*)"),
            ("护照号码是E12345678", "护照号码是*********"),
            ("护照：EA1234567。", "护照：*********。"),
            ("港澳通行证号 C12345678", "港澳通行证号 *********"),
            ("粤B12345的车主", "粤******的车主"),
            ("沪A·D12345", "沪*·******"),
            ("京AF1234", "京******"),
            ("收件人张三13800001111，你等着", "收件人张三***********，你等着"),
            ("13800001111一直打不通，座机010-62345678一直占线", "***********一直打不通，座机***-********一直占线"),
            ("星期三6222021234567890123一次", "星期三*******************一次"),
            ("0 9 1 2 3 4 5 6 7 8", "* * * * * * * * * *"),
            ("我的車牌是ABC-1234", "我的車牌是***-****"),
            ("車牌號碼 BCD-5678，謝謝", "車牌號碼 ***-****，謝謝"),
            ("車號 1234-AB", "車號 ****-**"),
            ("車牌AAA-0001", "車牌***-****"),
            ("車牌 A B C 1 2 3 4", "車牌 * * * * * * *"),
            ("ABC-1234這個車牌", "***-****這個車牌"),
            ("身分證 A 123 456 789", "身分證 * *** *** ***"),
            ("A 1 2 3 4 5 6 7 8 9", "* * * * * * * * * *"),
            ("居留證AC01234567", "居留證**********"),
        ] {
            assert_eq!(redacted(text), masked);
            assert_eq!(text.len(), masked.len());
        }
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "2024-04-29 10:11:12",
            "1,299元",
            "3,999.00元/件",
            "2024/04/29 10:11",
            "29.04.2024 10:11:12",
            "05/12/2024",
            "10:00-12:00/14:00-18:00",
            "0900-1030",
            "满意度+1 2024-04-29 10:11",
            "+60 2024-04-29 10:11",
            "积分+10 2024-04-29",
            "优惠+12.50%",
            "199.00/129.00元",
            "满300减50/满400减60",
            "新iPhone15和新VIP123",
            "苏A级2024年",
            "400-820-8820",
            "护照2本",
            "车牌费用12000元",
            "訂單ABC-1234",
            "A 2024-04-29 10:11",
            "单号20240429",
            "三十五个",
            "24小时内",
            "第1234567890123456789012345号",
            "5月20号一三五上班",
            "400",
        ] {
            assert_eq!(redacted(text), text);
        }
    }

    #[test]
    fn spans_still_mark_their_words() {
        let mut findings = sample::findings().remove(0);
        let violation = &mut findings.violations[0];
        violation.sentence = "电话13812345678，你是13812345678吗".into();
        violation.text = Some("你是13812345678".into());
        violation.rewrites[0].text = "您是13812345678".into();
        findings.conversation.conversation = "13812345678-0429".into();
        if let Ok(redactor) = Redactor::new() {
            redactor.redact(&mut findings);
        }
        let violation = &findings.violations[0];
        assert_eq!(violation.parts(), ("电话***********，", "你是***********", "吗"));
        assert_eq!(violation.rewrites[0].text, "您是***********");
        assert_eq!(findings.conversation.conversation, "***********-0429");
    }

    #[test]
    fn a_number_that_a_cut_divides_is_masked() {
        let mut sentence = "…5678你好，请记1381234…".to_owned();
        mask_cut_ends(&mut sentence);
        assert_eq!(sentence, "…****你好，请记*******…");
        let mut sentence = "…我们24小时在线…".to_owned();
        mask_cut_ends(&mut sentence);
        assert_eq!(sentence, "…我们24小时在线…");
    }

    proptest::proptest! {
        #[test]
        fn lengths_never_change(text in "[0-9１３８一二a@.x…\\- 您👍]{0,40}") {
            let mut findings = sample::findings().remove(0);
            let before = text.len();
            findings.violations[0].sentence = text.clone();
            findings.violations[0].text = None;
            if let Ok(redactor) = Redactor::new() {
                redactor.redact(&mut findings);
            }
            proptest::prop_assert_eq!(findings.violations[0].sentence.len(), before);
        }
    }
}
