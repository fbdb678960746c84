//! From where to where in a text the parts of a pattern lead: one that leads nowhere where it stands is a slip that no run would
//! tell, for it matches nothing.

use super::builtin::Builtin;
use super::notation::Mistake;
use super::pattern::Node;
use crate::text::BEFORE_CLAUSE;

/// What stands before a place: the start of the turn, a break, a face, a character that may end a form of address or a filler, or
/// another one.
const START: u32 = 0x1F;
const BREAK: u32 = START << 5;
const FACE: u32 = START << 10;
const LEAD_IN: u32 = START << 15;
const WORD: u32 = START << 20;

/// What stands behind it: a word, a break, one with nothing but a face behind it, a face, or the end of the turn.
const TO_WORD: u32 = 0x0010_8421;
const TO_BREAK: u32 = TO_WORD << 1;
const TO_LAST_BREAK: u32 = TO_WORD << 2;
const TO_FACE: u32 = TO_WORD << 3;
const TO_END: u32 = TO_WORD << 4;

/// All places that there are: a face stands between breaks, and no break at an end of the turn or beside another.
const ALL: u32 = (START & (TO_WORD | TO_FACE | TO_END))
    | (BREAK & (TO_WORD | TO_FACE))
    | (FACE & (TO_BREAK | TO_LAST_BREAK | TO_END))
    | ((LEAD_IN | WORD) & (TO_WORD | TO_BREAK | TO_LAST_BREAK | TO_END));

/// Where a clause ends.
const ENDS: u32 = TO_BREAK | TO_LAST_BREAK | TO_END;

const COUNT: usize = 25;

/// For each place those to which a part leads from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Passage([u32; COUNT]);

/// Whether gaps end with the clause, as everywhere but under `unless`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gaps {
    /// They do.
    WithinClause,
    /// They may go on.
    AcrossBreaks,
}

impl Passage {
    /// Of a part.
    pub fn of(node: &Node, gaps: Gaps) -> Self {
        match node {
            Node::Text(text) => match text.chars().next_back() {
                Some(last) => Self::of_characters(BEFORE_CLAUSE.may_hold(last)),
                None => Self::nothing(),
            },
            Node::Sequence(parts) => parts.iter().fold(Self::nothing(), |passage, part| passage.then(&Self::of(part, gaps))),
            Node::Choice(options) => options.iter().fold(Self([0; COUNT]), |passage, option| passage.or(&Self::of(option, gaps))),
            Node::Optional(inner) => Self::of(inner, gaps).or(&Self::nothing()),
            Node::Tagged(inner, _) => Self::of(inner, gaps),
            Node::Class(class) => class.passage(gaps),
            Node::Gap if gaps == Gaps::AcrossBreaks => Self::from(|_| ALL),
            Node::Gap => Self::of_characters(true).or(&Self::nothing()),
            Node::Mark => Self::particles().or(&Self::nothing()).then(&Self::of_break().or(&Self::nothing())),
            Node::ClauseStart => Self::from(|place| place & (START | BREAK | LEAD_IN)),
            Node::TurnStart => Self::from(|place| place & (START | LEAD_IN)),
            Node::ClauseEnd => Self::particles().or(&Self::nothing()).then(&Self::from(|place| place & ENDS)),
            Node::TurnEnd => Self::particles().or(&Self::nothing()).then(&Self::from(|place| place & (TO_LAST_BREAK | TO_END))),
            Node::Builtin(Builtin::Kaomoji) => Self::from(|place| if place & TO_FACE == 0 { 0 } else { FACE & ENDS }),
            Node::Builtin(_) => Self::of_characters(true),
        }
    }

    fn from(to: impl Fn(u32) -> u32) -> Self {
        Self(std::array::from_fn(|place| to(1 << place) & ALL))
    }

    /// It leads nowhere else.
    fn nothing() -> Self {
        Self::from(|place| place)
    }

    /// Of word characters, the last of which may end what stands before a clause.
    fn of_characters(may_lead_in: bool) -> Self {
        let before = if may_lead_in { WORD | LEAD_IN } else { WORD };
        Self::from(|place| if place & TO_WORD == 0 { 0 } else { before & (TO_WORD | ENDS) })
    }

    fn particles() -> Self {
        Self::of_characters(true)
    }

    /// A face in it goes with it, or not.
    fn of_break() -> Self {
        Self::from(|place| match place {
            _ if place & TO_BREAK != 0 => BREAK,
            _ if place & TO_LAST_BREAK != 0 => BREAK & TO_FACE,
            _ => 0,
        })
    }

    fn or(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|place| self.0[place] | other.0[place]))
    }

    fn then(&self, next: &Self) -> Self {
        Self(std::array::from_fn(|place| next.to(self.0[place])))
    }

    /// Where it leads from any of these places.
    fn to(&self, from: u32) -> u32 {
        (0..COUNT).filter(|place| from & 1 << place != 0).fold(0, |to, place| to | self.0[place])
    }

    /// From where it leads to any of these places.
    fn back(&self, to: u32) -> u32 {
        (0..COUNT).filter(|&place| self.0[place] & to != 0).fold(0, |from, place| from | 1 << place)
    }
}

/// Looks for a part that matches nothing where it stands; word classes, which are for many places, are not looked into.
///
/// # Errors
/// There is one: which, and what to write instead.
pub(super) fn check(node: &Node, gaps: Gaps) -> Result<(), Mistake> {
    check_between(node, ALL, ALL, gaps)
}

/// The same of a part that can only be reached `from` some places, and from which only some are of use.
fn check_between(node: &Node, from: u32, onto: u32, gaps: Gaps) -> Result<(), Mistake> {
    match node {
        Node::Sequence(parts) => {
            let passages: Vec<Passage> = parts.iter().map(|part| Passage::of(part, gaps)).collect();
            let mut ahead = vec![onto; parts.len()];
            for place in (1..parts.len()).rev() {
                ahead[place - 1] = passages[place].back(ahead[place]);
            }
            let mut behind = vec![from; parts.len()];
            for (place, part) in parts.iter().enumerate() {
                let to = passages[place].to(behind[place]);
                if to == 0 {
                    return Err(mistake(place.checked_sub(1).map(|before| &parts[before]), part));
                }
                behind.iter_mut().skip(place + 1).for_each(|place| *place = to);
            }
            parts.iter().zip(behind.iter().zip(&ahead)).try_for_each(|(part, (from, onto))| check_between(part, *from, *onto, gaps))
        }
        Node::Choice(options) => options.iter().try_for_each(|option| check_between(option, from, onto, gaps)),
        Node::Optional(inner) | Node::Tagged(inner, _) => check_between(inner, from, onto, gaps),
        part if Passage::of(part, gaps).to(from) & onto == 0 => Err(mistake(None, part)),
        _ => Ok(()),
    }
}

/// What is told of a part that matches nothing behind the one before it, or between those around it.
fn mistake(before: Option<&Node>, part: &Node) -> Mistake {
    let what = match before {
        Some(before) => format!("`{}` never matches right behind `{}`", shown(part, false), shown(before, true)),
        None => format!("`{}` never matches where it stands", shown(part, false)),
    };
    let is = |wanted: fn(&Node) -> bool| wanted(part) || before.is_some_and(wanted);
    let remedy = if is(|node| [false, true].map(|end| shown(node, end)).contains(&"<kaomoji>".to_owned())) {
        "a kaomoji is a break too: write `，` between it and the words beside it, and no gap"
    } else if is(|node| *node == Node::TurnEnd) {
        "nothing stands behind the end of the turn: remove `$$`, or what is behind it"
    } else if is(|node| *node == Node::TurnStart) {
        "nothing stands before the start of the turn: remove `^^`, or what is before it"
    } else {
        "`^` and `$` are the ends of a clause: write `，` where the pattern goes on into the next, or remove them"
    };
    (what, remedy.to_owned())
}

/// A part as it is written; of several, the one at this end.
fn shown(node: &Node, is_last: bool) -> String {
    match node {
        Node::Text(text) => text.clone(),
        Node::Sequence(parts) | Node::Choice(parts) => {
            let part = if is_last { parts.last() } else { parts.first() };
            part.map(|part| shown(part, is_last)).unwrap_or_default()
        }
        Node::Optional(inner) | Node::Tagged(inner, _) => shown(inner, is_last),
        Node::Gap => "…".to_owned(),
        Node::Mark => "，".to_owned(),
        Node::ClauseStart => "^".to_owned(),
        Node::ClauseEnd => "$".to_owned(),
        Node::TurnStart => "^^".to_owned(),
        Node::TurnEnd => "$$".to_owned(),
        Node::Class(class) => format!("<{}>", class.name),
        Node::Builtin(builtin) => {
            let name = Builtin::ALL.into_iter().find(|(_, known)| known == builtin).map_or("", |(name, _)| name);
            format!("<{name}>")
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::{Pack, Rules};

    /// What is wrong with a row of this pattern; nothing where the pack loads.
    fn mistake(row: &str) -> String {
        let pack = format!("[pack]\ncategory = \"house\"\n[[phrase]]\nid = \"a\"\nbroad = true\n{row}\n");
        let rules = Pack::parse("house.toml", &pack).map_err(|mistake| vec![mistake]).and_then(|pack| Rules::new(&[pack]));
        rules.err().map(|mistakes| mistakes[0].to_string()).unwrap_or_default()
    }

    #[test]
    fn what_leads_nowhere_is_a_mistake() {
        for (pattern, what) in [
            ("<kaomoji>您好", "`您好` never matches right behind `<kaomoji>`"),
            ("您好<kaomoji>", "`<kaomoji>` never matches right behind `您好`"),
            ("[<kaomoji>]您好", "`<kaomoji>` never matches where it stands"),
            ("(您好|<kaomoji>)再见", "`<kaomoji>` never matches where it stands"),
            ("您好…<kaomoji>", "`<kaomoji>` never matches right behind `…`"),
            ("您好$再见", "`再见` never matches right behind `$`"),
            ("您好[$]再见", "`$` never matches where it stands"),
            ("[您好$]再见", "`您好` never matches where it stands"),
            ("再见^您好", "`^` never matches right behind `再见`"),
            ("您好$$，再见", "`再见` never matches right behind `，`"),
            ("再见^^您好", "`^^` never matches right behind `再见`"),
            ("您.好", "`您.好` never matches"),
            ("XX先生", "`XX先生` never matches"),
            ("好()的", "brackets with nothing in them"),
        ] {
            let told = mistake(&format!("improper = \"{pattern}\""));
            assert!(
                told.starts_with("house.toml:3: house/a: pattern `") && told.contains(what) && told.contains("help: "),
                "{pattern}: {told}"
            );
        }
        for pattern in [
            "<kaomoji>，您好",
            "您好，<kaomoji>",
            "您好，<kaomoji>$$",
            "<kaomoji>|您好",
            "您好$，再见",
            "您好，^再见",
            "好的^您好",
            "…您好…",
            "12:30",
            "<number>%",
            "%的",
            "4S店",
            "稱 呼ＯＫ",
        ] {
            assert_eq!(mistake(&format!("improper = \"{pattern}\"")), "", "{pattern}");
        }
        // There a gap may cross breaks.
        assert_eq!(mistake("improper = \"您好\"\nunless.sentence = \"再见…<kaomoji>\""), "");
    }

    #[test]
    fn exceptions_that_leave_nothing_are_a_mistake() {
        for (row, by) in [
            ("improper = \"你…(快点|快些)\"\nexcept = \"快\"", "`快` under except"),
            ("improper = \"<you>…去\"\nexcept = \"<you>\"\n[words]\nyou = [\"你\", \"您\"]", "`<you>` under except"),
            ("improper = \"等<number>天\"\nunless.sentence = \"等<number>天\"", "`等<number>天` under unless.sentence"),
        ] {
            let told = mistake(row);
            assert!(told.contains("is never told: every match holds what") && told.contains(by), "{row}: {told}");
        }
        for row in [
            "improper = \"你…(快点|麻利)\"\nexcept = \"快\"",
            "improper = \"快点\"\nexcept = [\"^快点\", \"快点$\", \"快点…啊\"]",
            "improper = \"等<you>\"\nexcept = \"<you>\"\n[words]\nyou = { any = \"你\", except = \"你们\" }",
        ] {
            assert_eq!(mistake(row), "", "{row}");
        }
        let class = mistake("improper = \"等<you>\"\n[words]\nyou = { any = [\"你\", \"你们\"], except = \"你\" }");
        assert!(class.contains("word class <you>: has no entry that its `except` leaves"), "{class}");
    }
}
