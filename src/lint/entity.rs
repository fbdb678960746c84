//! Where numbers, dates, telephone numbers and the like stand in folded text.

use std::sync::OnceLock;

use regex_automata::meta::{Config, Regex};
use regex_automata::{Anchored, Input};

use crate::rule::Builtin;

/// Where a match of a class that begins at byte `at` of a folded text ends.
pub(super) fn end(builtin: Builtin, folded: &str, at: usize) -> Option<usize> {
    static COMPILED: [OnceLock<Option<Regex>>; Builtin::ALL.len()] = [const { OnceLock::new() }; Builtin::ALL.len()];
    let regex = COMPILED[builtin as usize].get_or_init(|| compiled(builtin)).as_ref()?;
    // Long numbers begin where no other ends: most places are within one.
    let within = at > 0 && folded.as_bytes()[at - 1].is_ascii_alphanumeric();
    if within && matches!(builtin, Builtin::Phone | Builtin::IdCard | Builtin::BankCard) {
        return None;
    }
    // Anchored, so that it does not look for a match farther on; what stands before is seen.
    regex.find(Input::new(folded).range(at..).anchored(Anchored::Yes)).map(|found| found.end())
}

/// The expression of a class. Matches are only looked for where they begin, so nothing is to be told of what stands in them.
fn compiled(builtin: Builtin) -> Option<Regex> {
    Regex::builder().configure(Config::new().auto_prefilter(false)).build(&builtin.expression()).ok()
}

/// The check that a matched number must pass, where there is one.
pub(super) fn check(builtin: Builtin) -> Option<fn(&str) -> bool> {
    match builtin {
        Builtin::IdCard => Some(is_id_card),
        Builtin::BankCard => Some(is_bank_card),
        _ => None,
    }
}

fn characters(number: &str) -> Vec<u32> {
    number.bytes().filter(u8::is_ascii_alphanumeric).map(u32::from).collect()
}

/// GB 11643-1999 (mainland, ISO 7064 MOD 11-2) or the Taiwanese letter-and-nine-digits rule.
fn is_id_card(number: &str) -> bool {
    let characters = characters(number);
    let digit = |c: u32| c.wrapping_sub(u32::from(b'0'));
    if characters.len() == 10 {
        // The letter stands for two digits, in the order in which the counties were numbered.
        const LETTERS: &str = "abcdefghjklmnpqrstuvxywzio";
        let Some(place) = char::from_u32(characters[0]).and_then(|letter| LETTERS.find(letter)) else { return false };
        let letter = place as u32 + 10;
        let sum: u32 = letter / 10
            + letter % 10 * 9
            + characters[1..9].iter().zip((1..=8).rev()).map(|(&c, weight)| digit(c) * weight).sum::<u32>()
            + digit(characters[9]);
        return sum.is_multiple_of(10);
    }
    if characters.len() != 18 {
        return false;
    }
    let sum: u32 = characters[..17].iter().enumerate().map(|(place, &c)| digit(c) * (1u32 << (17 - place)) % 11).sum();
    let expected = (12 - sum % 11) % 11;
    let last = if characters[17] == u32::from(b'x') { 10 } else { digit(characters[17]) };
    last == expected
}

/// The Luhn check of ISO/IEC 7812-1.
fn is_bank_card(number: &str) -> bool {
    let digits: Vec<u32> = number.bytes().filter(u8::is_ascii_digit).map(|digit| u32::from(digit - b'0')).collect();
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| match (place % 2, digit * 2) {
            (0, _) => digit,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        })
        .sum();
    (15..=19).contains(&digits.len()) && sum.is_multiple_of(10) && digits.iter().any(|&digit| digit != digits[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Beside, Pack, Pattern, Rules};
    use crate::text::{Folded, Spacing};
    use proptest::prelude::*;
    use proptest::strategy::ValueTree;
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
    use std::sync::Arc;

    fn pattern(text: &str) -> Arc<Pattern> {
        let pack = format!("[pack]\ncategory = \"t\"\n[[phrase]]\nid = \"t\"\nimproper = \"{text}\"\nprofessional = \"您\"\n");
        let rules = Rules::new(&[Pack::parse("t.toml", &pack).expect("a pack")]).expect("rules");
        Arc::clone(&rules.phrases[0].improper[0])
    }

    fn finds(builtin: Builtin, text: &str) -> Option<String> {
        let regex = Regex::new(&builtin.expression()).ok()?;
        let found = text[regex.find(text)?.range()].to_owned();
        check(builtin).is_none_or(|check| check(&found)).then_some(found)
    }

    #[test]
    fn numbers_of_people_are_found() {
        let found = |builtin, text: &str| finds(builtin, text).is_some();
        assert!(found(Builtin::Phone, "电话13812345678对吗"));
        assert!(found(Builtin::Phone, "138\n1234\n5678"));
        assert!(found(Builtin::Phone, "0912-345-678"));
        assert!(found(Builtin::Phone, "021-65431234"));
        assert!(!found(Builtin::Phone, "单号138123456789012"));
        assert!(!found(Builtin::Phone, "jd13812345678"));
        assert!(found(Builtin::IdCard, "证件11010519491231002x"));
        assert!(!found(Builtin::IdCard, "证件110105194912310021"));
        assert!(found(Builtin::IdCard, "a123456789"));
        assert!(!found(Builtin::IdCard, "a123456788"));
        assert!(found(Builtin::BankCard, "卡号4111111111111111吧"));
        assert!(found(Builtin::BankCard, "4111\n1111\n1111\n1111"));
        assert!(!found(Builtin::BankCard, "订单4111111111111112"));
        assert!(!found(Builtin::BankCard, "4444444444444444"));
        assert!(found(Builtin::Digits, "么三九零零一三八零零零"));
        assert!(found(Builtin::Digits, "9123\n4567"));
        assert!(found(Builtin::Digits, "a123456\n3"));
        assert!(!found(Builtin::Digits, "尾号5678"));
    }

    proptest! {
        /// What the scanner looks for stands in every match, and not too far from its start.
        #[test]
        fn every_match_holds_a_literal(number in 0..Builtin::ALL.len(), seed: u64) {
            let (name, builtin) = Builtin::ALL[number];
            let expression = builtin.expression().replace(Builtin::END, "");
            let strategy = proptest::string::string_regex(&expression).unwrap();
            let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::XorShift, &[seed.to_le_bytes(), seed.to_be_bytes()].concat()));
            let text = strategy.new_tree(&mut runner).unwrap().current();
            let pattern = pattern(&format!("<{name}>"));
            let Beside { before, behind } = pattern.clues.beside;
            let stands = |at: usize, literal: &str| {
                let previous = text[..at].chars().next_back().unwrap_or('\n');
                let next = text[at + literal.len()..].chars().next().unwrap_or('\n');
                before.may_hold(previous) && behind.may_hold(next)
            };
            let places = |literal| text.match_indices(literal).map(|(at, _)| at);
            let found = pattern.clues.literals.iter().filter_map(|literal| places(literal).find(|&at| stands(at, literal))).min();
            prop_assert!(found.is_some(), "{name}: {text}");
            let before = text[..found.unwrap()].chars().count();
            prop_assert!(pattern.clues.before.is_none_or(|most| before <= usize::from(most)), "{name}: {text}");
        }
    }

    #[test]
    fn what_is_checked_has_a_check() {
        assert!(Builtin::ALL.iter().all(|(_, builtin)| builtin.is_checked() == check(*builtin).is_some()));
    }

    #[test]
    fn a_match_begins_with_one_of_its_first_characters() {
        let texts = [
            "5月20号",
            "下周三",
            "大后天",
            "上午10点",
            "三点半",
            "¥12.30",
            "nt$300.00",
            "十块",
            "+86-13812345678",
            "a123456789",
            "幺幺么三九零零一三八零零零",
            "a.b@c.com",
            "\u{2}",
        ];
        for (_, builtin) in Builtin::ALL {
            let firsts = builtin.firsts();
            assert!(!firsts.is_empty(), "{builtin:?}");
            for (text, at) in texts.iter().flat_map(|text| text.char_indices().map(move |(at, _)| (text, at))) {
                let begins = end(builtin, text, at).is_some();
                assert!(!begins || text[at..].starts_with(firsts), "{builtin:?}: {text} at {at}");
            }
        }
        assert!(
            !Builtin::Date.firsts().contains(&'号') && Builtin::Amount.firsts().contains(&'$') && Builtin::Time.firsts().contains(&'凌')
        );
    }

    #[test]
    fn dates_times_and_amounts_are_found() {
        let found = |builtin, text: &str| finds(builtin, text);
        assert_eq!(found(Builtin::Date, "我5月20号去").as_deref(), Some("5月20号"));
        assert_eq!(found(Builtin::Date, "下周三").as_deref(), Some("下周三"));
        assert_eq!(found(Builtin::Time, "下午3点半").as_deref(), Some("下午3点半"));
        assert_eq!(found(Builtin::Time, "10:30前").as_deref(), Some("10:30"));
        assert_eq!(found(Builtin::Amount, "退您1,299元").as_deref(), Some("1,299元"));
        for (text, amount) in [
            ("只要¥199起", "¥199"),
            ("共￥ 1,299.50哦", "¥\n1,299.50"),
            ("NT$1,200整", "nt$1,200"),
            ("US$ 5.5", "us$\n5.5"),
            ("HK$３００", "hk$300"),
            ("＄20", "$20"),
            ("RMB 300", "rmb\n300"),
            ("300 RMB", "300\nrmb"),
            ("人民币100元", "人民币100元"),
            ("新台幣三百元", "新台币三百元"),
            ("一千二百圓整", "一千二百圆整"),
            ("3.5万元", "3.5万元"),
            ("10多块钱", "10多块钱"),
            ("3-5元一份", "3-5元"),
            ("5蚊", "5蚊"),
            ("两块五", "两块"),
            ("3块5毛", "3块5毛"),
            ("十英鎊", "十英镑"),
        ] {
            let folded = Folded::new(text, Spacing::Breaks);
            assert_eq!(found(Builtin::Amount, folded.as_str()).as_deref(), Some(amount), "{text}");
        }
        for text in ["5个", "contact us 5", "版本3", "100%"] {
            assert_eq!(found(Builtin::Amount, Folded::new(text, Spacing::Breaks).as_str()), None, "{text}");
        }
        assert_eq!(found(Builtin::Number, "三十五个").as_deref(), Some("三十五"));
        assert_eq!(found(Builtin::Email, "写信到a.b@c.com吧").as_deref(), Some("a.b@c.com"));
    }
}
