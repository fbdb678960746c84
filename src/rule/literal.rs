//! Required literals: strings one of which every match of a pattern holds.
//!
//! One scanner looks for all literals of all patterns, and a pattern is verified only where one of its own was
//! found. So they should be rare (long) and few. Adjacent parts are multiplied out: `<you>(叫|姓)` requires one of
//! 你叫, 您叫, 你姓, 您姓, which is far rarer than 你.

use super::beside::{Beside, Edge, beside_trigger, first, last};
use super::builtin::Builtin;
use super::lexicon::{Lexicon, Numbers};
use super::pattern::{LONGEST_GAP, Node};
use super::window::window_before;
use crate::text::share;

/// More strings than this are not multiplied out.
const MOST: usize = 96;

/// The literals of a pattern.
#[derive(Debug, Clone)]
pub struct Literals(pub(crate) Known);

/// From where literals are known.
#[derive(Debug, Clone)]
pub(crate) enum Known {
    /// By their numbers among those that the program carries.
    Carried(&'static Lexicon, Numbers),
    /// As they were told from the pattern.
    Own(Box<[Own]>),
}

/// A literal of a pattern that was just read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Own {
    /// The literal.
    pub text: Box<str>,
    /// The window that it is filed under: the two characters in a row that real talk holds least, or the only one.
    pub window: u32,
    /// The bytes from its start to the end of the window.
    pub end: u16,
}

/// The most bytes of a literal.
const LONGEST: usize = u16::MAX as usize;

impl Literals {
    /// How many they are.
    pub fn count(&self) -> usize {
        match &self.0 {
            Known::Carried(_, numbers) => numbers.count(),
            Known::Own(own) => own.len(),
        }
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.count()).map(|place| match &self.0 {
            Known::Carried(lexicon, numbers) => lexicon.literal(numbers.at(place)),
            Known::Own(own) => &own[place].text,
        })
    }
}

impl Literals {
    /// These strings; none where one is longer than 65,535 bytes.
    pub(crate) fn of(literals: &[String]) -> Option<Self> {
        let own = |literal: &String| {
            let end = rarest(literal);
            (literal.len() <= LONGEST).then(|| Own { text: literal.as_str().into(), window: window_before(literal, end), end: end as u16 })
        };
        literals.iter().map(own).collect::<Option<_>>().map(|own| Self(Known::Own(own)))
    }
}

/// The end of the two characters in a row that real talk holds least, or of the only one, in bytes.
fn rarest(literal: &str) -> usize {
    let starts = literal.char_indices().map(|(at, _)| at);
    let ends = starts.clone().skip(2).chain([literal.len()]);
    let pairs = starts.zip(ends).map(|(start, end)| (end, share(&literal[start..end])));
    pairs.min_by(|(_, one), (_, other)| one.total_cmp(other)).map_or(literal.len(), |(end, _)| end)
}

/// Strings one of which every match holds.
#[derive(Debug, PartialEq)]
pub(super) struct Required {
    pub literals: Vec<String>,
    /// The most characters that a match has before that string; none where there is no such bound.
    pub before: Option<u16>,
    /// The most breaks between that string and the start, and the end, of what this node matches; none where there is no bound.
    breaks: [Option<u8>; 2],
    /// Between it and the start, and the end, of the turn; none where a match may stand anywhere.
    to_turn: [Option<u8>; 2],
    /// What a match has directly before that string, as far as this node tells.
    left: Edge,
    /// What a match has directly behind it.
    right: Edge,
}

impl Required {
    /// Strings that a match begins with; none where an empty one is among them.
    fn at_once(literals: Vec<String>) -> Option<Self> {
        usable(&literals).then_some(Self {
            literals,
            before: Some(0),
            breaks: [Some(0); 2],
            to_turn: [None; 2],
            left: Edge::OPEN,
            right: Edge::OPEN,
        })
    }

    /// The same between other parts.
    fn between(self, left: &[Node], right: &[Node]) -> Self {
        let nearest = |parts: &mut dyn Iterator<Item = &Node>, is_end: fn(&Node) -> bool| {
            let (mut passed, mut found) = (Some(0), None);
            for part in parts {
                if is_end(part) {
                    found = passed;
                }
                passed = add(passed, breaks(part));
            }
            (passed, found)
        };
        let (before, to_start) = nearest(&mut left.iter().rev(), |part| matches!(part, Node::TurnStart));
        let (behind, to_end) = nearest(&mut right.iter(), |part| matches!(part, Node::TurnEnd));
        let [start, end] = self.breaks;
        Self {
            breaks: [add(start, before), add(end, behind)],
            to_turn: [self.to_turn[0].or(add(start, to_start)), self.to_turn[1].or(add(end, to_end))],
            before: left.iter().map(longest).fold(self.before, sum),
            left: self.left.then(|| last(left)),
            right: self.right.then(|| first(right)),
            ..self
        }
    }

    /// How many breaks stand between the string and the start, and the end, of the turn at most.
    pub fn to_turn(&self) -> [Option<u8>; 2] {
        self.to_turn
    }

    /// What stands beside the string, whatever stands around the match.
    pub fn beside(&self) -> Beside {
        Beside { before: self.left.seen(), behind: self.right.seen() }
    }
}

/// The best set of literals, or none where nothing is required.
pub(super) fn required(node: &Node) -> Option<Required> {
    match node {
        Node::Sequence(parts) => sequence(parts),
        Node::Choice(options) => {
            let each: Option<Vec<Required>> = options.iter().map(required).collect();
            let all = |end: fn(&Required) -> Edge, sets: &[Required]| sets.iter().map(end).reduce(Edge::or).unwrap_or(Edge::OPEN);
            let most =
                |of: fn(&Required) -> Option<u8>, sets: &[Required]| sets.iter().map(of).try_fold(0, |most, one| Some(one?.max(most)));
            let union = each.map(|sets| Required {
                breaks: [most(|set| set.breaks[0], &sets), most(|set| set.breaks[1], &sets)],
                to_turn: [most(|set| set.to_turn[0], &sets), most(|set| set.to_turn[1], &sets)],
                before: sets.iter().map(|set| set.before).try_fold(0, |most, before| Some(before?.max(most))),
                left: all(|set| set.left, &sets),
                right: all(|set| set.right, &sets),
                literals: distinct(sets.into_iter().flat_map(|set| set.literals).collect()),
            });
            better(union, exact(node).and_then(Required::at_once))
        }
        Node::Tagged(inner, _) => required(inner),
        Node::Class(class) => required(&class.any),
        Node::Text(_) => exact(node).and_then(Required::at_once),
        Node::Builtin(builtin) => {
            let (triggers, before) = triggers(*builtin);
            let literals = triggers.iter().map(|&trigger| trigger.to_owned()).collect();
            let [left, right] = beside_trigger(*builtin);
            // A space may divide the groups of a number.
            let breaks = if builtin.crosses_breaks() { None } else { Some(0) };
            Some(Required { literals, before, breaks: [breaks; 2], to_turn: [None; 2], left, right })
        }
        _ => None,
    }
}

/// The most characters of a match, gaps included; none where there is no such bound.
fn longest(node: &Node) -> Option<u16> {
    match node {
        Node::Text(text) => text.chars().count().try_into().ok(),
        Node::Sequence(parts) => parts.iter().map(longest).fold(Some(0), sum),
        Node::Choice(options) => options.iter().try_fold(0, |most, option| Some(longest(option)?.max(most))),
        Node::Optional(inner) | Node::Tagged(inner, _) => longest(inner),
        Node::Class(class) => longest(&class.any),
        Node::Gap => Some(LONGEST_GAP),
        Node::ClauseStart | Node::TurnStart => Some(0),
        // Particles stand before a mark and before an end, as many as somebody likes.
        Node::Builtin(_) | Node::Mark | Node::ClauseEnd | Node::TurnEnd => None,
    }
}

/// The most breaks in what a node matches, kaomoji aside; none where there is no bound.
fn breaks(node: &Node) -> Option<u8> {
    match node {
        Node::Mark => Some(1),
        Node::Sequence(parts) => parts.iter().map(breaks).fold(Some(0), add),
        Node::Choice(options) => options.iter().try_fold(0, |most, option| Some(breaks(option)?.max(most))),
        Node::Optional(inner) | Node::Tagged(inner, _) => breaks(inner),
        Node::Class(class) => breaks(&class.any),
        Node::Builtin(builtin) if builtin.crosses_breaks() => None,
        _ => Some(0),
    }
}

fn add(one: Option<u8>, other: Option<u8>) -> Option<u8> {
    one?.checked_add(other?)
}

fn sum(one: Option<u16>, other: Option<u16>) -> Option<u16> {
    one?.checked_add(other?)
}

/// All strings that a node matches, where these are few and nothing else does.
pub(super) fn exact(node: &Node) -> Option<Vec<String>> {
    match node {
        Node::Text(text) => Some(vec![text.clone()]),
        Node::Sequence(parts) => {
            let mut all = vec![String::new()];
            for part in parts {
                all = multiply(&all, &exact(part)?)?;
            }
            Some(all)
        }
        Node::Choice(options) => {
            let mut all = Vec::new();
            for option in options {
                all.extend(exact(option)?);
            }
            let all = distinct(all);
            (all.len() <= MOST).then_some(all)
        }
        Node::Optional(inner) => {
            let mut all = exact(inner)?;
            all.push(String::new());
            Some(distinct(all))
        }
        Node::Tagged(inner, _) => exact(inner),
        Node::Class(class) => exact(&class.any),
        // An anchor before or after adds no character.
        Node::ClauseStart | Node::TurnStart => Some(vec![String::new()]),
        _ => None,
    }
}

fn sequence(parts: &[Node]) -> Option<Required> {
    let exacts: Vec<Option<Vec<String>>> = parts.iter().map(exact).collect();
    let mut best: Option<(f64, Required)> = None;
    let mut offer = |required: Option<Required>, start: usize, end: usize| {
        let Some(required) = required else { return };
        let cost = cost(&required.literals);
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, required.between(&parts[..start], &parts[end..])));
        }
    };
    for start in 0..parts.len() {
        // An anchor adds no character and says what stands before: it is not part of a literal.
        if matches!(parts[start], Node::ClauseStart | Node::TurnStart) {
            continue;
        }
        let mut product = vec![String::new()];
        for (place, exact) in exacts.iter().enumerate().skip(start) {
            match exact.as_ref().and_then(|exact| multiply(&product, exact)) {
                Some(next) => product = next,
                None => {
                    offer(required(&parts[place]), place, place + 1);
                    break;
                }
            }
            if usable(&product) {
                offer(Required::at_once(product.clone()), start, place + 1);
            }
        }
    }
    best.map(|(_, required)| required)
}

fn multiply(left: &[String], right: &[String]) -> Option<Vec<String>> {
    (left.len() * right.len() <= MOST)
        .then(|| distinct(left.iter().flat_map(|head| right.iter().map(move |tail| format!("{head}{tail}"))).collect()))
}

fn usable(set: &[String]) -> bool {
    !set.is_empty() && set.iter().all(|literal| !literal.is_empty())
}

fn better(one: Option<Required>, other: Option<Required>) -> Option<Required> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if cost(&other.literals) < cost(&one.literals) { other } else { one }),
        (one, other) => one.or(other),
    }
}

/// How often a set fires, roughly: the share of places in service talk at which one of its strings stands.
fn cost(set: &[String]) -> f64 {
    // What a string more costs in memory, as a share.
    const WEIGHT: f64 = 5e-6;
    set.iter().map(|literal| share(literal) + WEIGHT).sum()
}

fn distinct(mut set: Vec<String>) -> Vec<String> {
    set.sort_unstable();
    set.dedup();
    set
}

/// What stands in every text that a built-in class matches, and the most characters before it.
fn triggers(builtin: Builtin) -> (&'static [&'static str], Option<u16>) {
    match builtin {
        Builtin::Number => (
            &[
                "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "两",
                "百", "千", "万", "亿", "几", "半",
            ],
            Some(0),
        ),
        // Not the digits: chats are full of order numbers.
        Builtin::Amount => (
            &[
                "块", "元", "圆", "毛", "角", "分钱", "蚊", "币", "英镑", "美金", "港纸", "rmb", "cny", "ntd", "twd", "hkd", "usd", "mop",
                "eur", "gbp", "jpy", "万", ".", "$", "¥", "€", "£",
            ],
            None,
        ),
        // 2024年十二月: what stands in all of them is the second mark.
        Builtin::Date => (
            &["月", "-", "/", ".", "号", "日", "今天", "明天", "后天", "昨天", "前天", "今晚", "明晚", "明早", "周", "星期", "礼拜"],
            Some(8),
        ),
        Builtin::Time => (&["点", ":"], Some(5)),
        // Mobile numbers of the mainland, perhaps behind +86-, landlines and Taiwanese mobiles.
        Builtin::Phone => (&["13", "14", "15", "16", "17", "18", "19", "01", "02", "03", "04", "05", "06", "07", "08", "09"], Some(4)),
        // The century of birth, or the letter and sex of a Taiwanese number.
        Builtin::IdCard => (
            &[
                "18", "19", "20", "a1", "a2", "b1", "b2", "c1", "c2", "d1", "d2", "e1", "e2", "f1", "f2", "g1", "g2", "h1", "h2", "i1",
                "i2", "j1", "j2", "k1", "k2", "l1", "l2", "m1", "m2", "n1", "n2", "o1", "o2", "p1", "p2", "q1", "q2", "r1", "r2", "s1",
                "s2", "t1", "t2", "u1", "u2", "v1", "v2", "w1", "w2", "x1", "x2", "y1", "y2", "z1", "z2",
            ],
            Some(7),
        ),
        // The first two digits of the schemes, ISO/IEC 7812.
        Builtin::BankCard => (
            &[
                "30", "34", "35", "36", "37", "38", "39", "40", "41", "42", "43", "44", "45", "46", "47", "48", "49", "50", "51", "52",
                "53", "54", "55", "56", "57", "58", "59", "60", "61", "62", "63", "64", "65", "66", "67", "68", "69", "31", "32", "33",
            ],
            Some(0),
        ),
        // Perhaps behind the letters of an identity card of Hong Kong.
        Builtin::Digits => (
            &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "么", "两"],
            Some(2),
        ),
        Builtin::Email => (&["@"], None),
        Builtin::Kaomoji => (&["\u{2}"], Some(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Node {
        Node::Text(text.to_owned())
    }

    #[test]
    fn adjacent_parts_are_multiplied_out() {
        let you = Node::Choice(vec![text("你"), text("您")]);
        let pattern = Node::Sequence(vec![you, Node::Choice(vec![text("叫"), text("姓")])]);
        let literals = vec!["你叫".into(), "你姓".into(), "您叫".into(), "您姓".into()];
        assert_eq!(required(&pattern).map(|required| (required.literals, required.before)), Some((literals, Some(0))));
    }

    #[test]
    fn a_gap_parts_and_the_rarer_side_is_taken() {
        let pattern = Node::Sequence(vec![text("你"), Node::Gap, text("投诉")]);
        let found = required(&pattern).map(|required| (required.literals, required.before));
        assert_eq!(found, Some((vec!["投诉".to_owned()], Some(1 + LONGEST_GAP))));
        assert_eq!(required(&Node::Sequence(vec![Node::Gap, Node::Optional(Box::new(text("好")))])), None);
    }

    #[test]
    fn every_literal_comes_with_its_rarest_pair() {
        let literals = ["的投诉", "我", "投诉的", &"我".repeat(100)].map(str::to_owned);
        let Some(Literals(Known::Own(own))) = Literals::of(&literals) else { panic!("none") };
        assert!(own.iter().zip(&literals).all(|(own, literal)| *own.text == **literal));
        assert!(Literals::of(&["我".repeat(LONGEST)]).is_none());
        assert_eq!(own.iter().map(|own| own.end).collect::<Vec<_>>(), [9, 3, 6, 6]);
        assert!(own[0].window == own[2].window && own[0].window != own[3].window);
    }

    #[test]
    fn particles_before_a_mark_have_no_bound() {
        let options = vec![text("投诉"), Node::Sequence(vec![text("好"), Node::Optional(Box::new(text("的"))), Node::Mark, text("投诉")])];
        assert_eq!(required(&options[1]).map(|required| required.before), Some(None));
        assert_eq!(required(&Node::Choice(options)).map(|required| required.before), Some(None));
    }
}
