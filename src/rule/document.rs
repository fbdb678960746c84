//! A pack as it is written: the keys of the TOML file, each value with its place for error messages.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::violation::{Applicability, Severity};

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Document {
    /// What the whole pack is about.
    pub pack: Option<Header>,
    /// Word classes for the patterns of this pack; those of a pack without rules are for all packs.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, WordClass>"))]
    pub words: BTreeMap<String, Spanned<WordClass>>,
    /// Improper phrases, each with what to say instead.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<PhraseEntry>"))]
    pub phrase: Vec<Spanned<PhraseEntry>>,
    /// Obligations over whole conversations.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<CheckEntry>"))]
    pub check: Vec<Spanned<CheckEntry>>,
    /// Lists of days, each `2025-12-25` or `2026-02-15/2026-02-23`, for `when.date`.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, Strings>"))]
    pub dates: BTreeMap<String, Spanned<Strings>>,
    /// Words of the agent that the summary counts, per 100 turns.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, Strings>"))]
    pub count: BTreeMap<String, Spanned<Strings>>,
}

/// `[pack]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Header {
    /// The first half of every rule id in the file.
    pub category: String,
    /// The category's name, in Simplified.
    #[serde(default)]
    pub title: String,
    /// The same in Traditional.
    pub title_hant: Option<String>,
}

/// One `[[phrase]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct PhraseEntry {
    /// The second half of the rule's id, or the whole of it; several rows may share one.
    #[cfg_attr(test, schemars(with = "String"))]
    pub id: Spanned<String>,
    /// A short name of the rule, in Simplified; later rows of an id inherit it, and what follows, from its first.
    pub title: Option<String>,
    /// The same in Traditional.
    pub title_hant: Option<String>,
    /// What this row catches.
    pub scene: Option<String>,
    /// Patterns of what must not be said.
    pub improper: Strings,
    /// Where there are none, signs by what each of them weighs: a turn is improper where they weigh enough together.
    #[serde(default)]
    pub signs: SignStrings,
    /// Not where one of these shares a written character with the match.
    #[serde(default)]
    pub except: Strings,
    /// Nor where one of these stands in the same sentence or answer.
    #[serde(default)]
    pub unless: UnlessEntry,
    /// What to say instead, the best first; `{tag}` inserts what a pattern captured. Without it the words are only reported.
    #[serde(default)]
    pub professional: Strings,
    /// The same in Traditional, in the same order.
    #[serde(default)]
    pub professional_hant: Strings,
    /// Who decides whether a rewrite is applied; by default a person.
    pub apply: Option<Applicability>,
    /// How grave a violation is, everywhere or by profile; a profile not named has the row off.
    pub severity: Option<SeverityEntry>,
    /// What a violation costs on a scorecard.
    pub points: Option<u32>,
    /// Whether a violation fails the whole conversation.
    pub fatal: Option<bool>,
    /// Whether points are lost at every violation or once in a conversation.
    pub per: Option<Per>,
    /// Whose turns are looked at; by default the agent's.
    pub speaker: Option<PhraseSpeaker>,
    /// Drops the rows that earlier packs gave this id.
    #[serde(default)]
    pub replace: bool,
    /// Acknowledges a pattern that needs no more than one character.
    #[serde(default)]
    pub broad: bool,
    /// One sentence that says why, in Simplified.
    pub why: Option<String>,
    /// The same in Traditional.
    pub why_hant: Option<String>,
    /// Where the rule comes from.
    pub source: Option<String>,
    /// Examples that must be reported; `原句 → 改写` also asserts the rewrite.
    #[serde(default)]
    pub bad: Strings,
    /// Examples that must not be reported.
    #[serde(default)]
    pub good: Strings,
}

impl Default for PhraseEntry {
    fn default() -> Self {
        Self {
            id: Spanned::new(0..0, String::new()),
            title: None,
            title_hant: None,
            scene: None,
            improper: Strings::default(),
            signs: SignStrings::default(),
            except: Strings::default(),
            unless: UnlessEntry::default(),
            professional: Strings::default(),
            professional_hant: Strings::default(),
            apply: None,
            severity: None,
            points: None,
            fatal: None,
            per: None,
            speaker: None,
            replace: false,
            broad: false,
            why: None,
            why_hant: None,
            source: None,
            bad: Strings::default(),
            good: Strings::default(),
        }
    }
}

/// `unless = { sentence = […], answer = […] }`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct UnlessEntry {
    /// In the same sentence.
    #[serde(default)]
    pub sentence: Strings,
    /// Anywhere in the agent's answer.
    #[serde(default)]
    pub answer: Strings,
}

/// One `[[check]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct CheckEntry {
    /// The second half of the rule's id, or the whole of it; several rows may share one.
    #[cfg_attr(test, schemars(with = "String"))]
    pub id: Spanned<String>,
    /// A short name of the rule, in Simplified; later rows of an id inherit it, and what follows, from its first.
    pub title: Option<String>,
    /// The same in Traditional.
    pub title_hant: Option<String>,
    /// What this row asks.
    pub scene: Option<String>,
    /// Only in conversations that this side began: inbound or outbound.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub direction: Option<Spanned<String>>,
    /// Where the obligation arises: all that is given must hold together.
    pub when: WhenEntry,
    /// Who must say what.
    pub expect: Option<UtteranceEntry>,
    /// Who must not say what.
    pub forbid: Option<UtteranceEntry>,
    /// Where it is looked for: `1 turn`, `3 answers before`, `30 s`; without it, to the end.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub within: Option<Spanned<String>>,
    /// The window closes at the first of these.
    pub until: Option<UtteranceEntry>,
    /// Turns in which one of these stands are passed over: they are no answer.
    pub past: Option<UtteranceEntry>,
    /// No obligation where this was said anywhere.
    pub unless: Option<UtteranceEntry>,
    /// Sentences that would have fulfilled it.
    #[serde(default)]
    pub professional: Strings,
    /// The same in Traditional, in the same order.
    #[serde(default)]
    pub professional_hant: Strings,
    /// How grave a violation is, everywhere or by profile; a profile not named has the row off.
    pub severity: Option<SeverityEntry>,
    /// What a violation costs on a scorecard.
    pub points: Option<u32>,
    /// Whether a violation fails the whole conversation.
    pub fatal: Option<bool>,
    /// Whether points are lost at every violation or once in a conversation.
    pub per: Option<Per>,
    /// Drops the rows that earlier packs gave this id.
    #[serde(default)]
    pub replace: bool,
    /// One sentence that says why, in Simplified.
    pub why: Option<String>,
    /// The same in Traditional.
    pub why_hant: Option<String>,
    /// Where the rule comes from.
    pub source: Option<String>,
    /// Examples that must be reported; `原句 → 改写` also asserts the rewrite.
    #[serde(default)]
    pub bad: Strings,
    /// Examples that must not be reported.
    #[serde(default)]
    pub good: Strings,
}

/// `when = { … }`: all keys together.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct WhenEntry {
    /// At the first agent turn (opening) or at the last turn (ending).
    pub at: Option<At>,
    /// Where the agent says one of these; `…` alone is any words.
    pub agent: Option<Strings>,
    /// Where the customer says one of these.
    pub customer: Option<Strings>,
    /// Where the bot says one of these, once an agent has spoken: at the last words of agent or customer before it.
    pub bot: Option<Strings>,
    /// The same where a notice of the platform says one of these.
    pub system: Option<Strings>,
    /// But not as part of one of these.
    #[serde(default)]
    pub except: Strings,
    /// After a silence of the agent longer than this: `7 s`. With `at = "opening"`, a wait before it.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub silence: Option<Spanned<String>>,
    /// At the same text for the so-manieth time.
    #[cfg_attr(test, schemars(with = "Option<u32>"))]
    pub repeat: Option<Spanned<u32>>,
    /// Where the conversation has lasted longer than this: `3 min`.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub lasts: Option<Spanned<String>>,
    /// At one of these times of day: `12:00-14:00`.
    #[serde(default)]
    pub clock: Strings,
    /// On a day of one of these lists.
    #[serde(default)]
    pub date: Strings,
}

/// A place that every conversation has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename_all = "lowercase"))]
pub enum At {
    /// The first agent turn.
    Opening,
    /// The last turn.
    Ending,
}

/// Whether a rule costs points at every violation or once in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename_all = "lowercase"))]
pub enum Per {
    /// At every violation.
    #[default]
    Hit,
    /// At the first violation of the rule; the others cost nothing.
    Rule,
}

/// `{ agent = […], except = […] }`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct UtteranceEntry {
    /// Patterns of the agent's words.
    pub agent: Option<Strings>,
    /// Patterns of the customer's words.
    pub customer: Option<Strings>,
    /// Patterns of the bot's words; for `unless` and `until`.
    pub bot: Option<Strings>,
    /// Patterns of the platform's notices; for `unless` and `until`.
    pub system: Option<Strings>,
    /// But not as part of one of these.
    #[serde(default)]
    pub except: Strings,
}

/// Whose turns a phrase rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename_all = "lowercase"))]
pub(crate) enum PhraseSpeaker {
    Agent,
    Customer,
}

/// One string or a list of strings.
#[derive(Debug, Default)]
pub(crate) struct Strings(pub Vec<Spanned<String>>);

impl<'de> Deserialize<'de> for Strings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct StringsVisitor;

        impl<'de> Visitor<'de> for StringsVisitor {
            type Value = Strings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a list of strings")
            }

            fn visit_str<E>(self, text: &str) -> Result<Strings, E> {
                Ok(Strings(vec![Spanned::new(0..0, text.to_owned())]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Strings, A::Error> {
                let mut strings = Vec::new();
                while let Some(string) = list.next_element()? {
                    strings.push(string);
                }
                Ok(Strings(strings))
            }
        }

        deserializer.deserialize_any(StringsVisitor)
    }
}

/// A severity, the same everywhere or by profile; a profile that is not named has the rule off.
#[derive(Debug, Clone)]
pub(crate) enum SeverityEntry {
    Everywhere(Severity),
    ByProfile(SeverityTable),
}

/// `{ call = "warning", chat = "info" }`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct SeverityTable {
    /// In telephone calls.
    pub call: Option<Severity>,
    /// In text chats.
    pub chat: Option<Severity>,
    /// In canned replies.
    pub replies: Option<Severity>,
}

impl<'de> Deserialize<'de> for SeverityEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SeverityVisitor;

        impl<'de> Visitor<'de> for SeverityVisitor {
            type Value = SeverityEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"error\", \"warning\", \"info\", or a table of these by profile: { call = \"warning\", chat = \"info\" }")
            }

            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<SeverityEntry, E> {
                word.parse().map(SeverityEntry::Everywhere).map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<SeverityEntry, A::Error> {
                SeverityTable::deserialize(MapAccessDeserializer::new(map)).map(SeverityEntry::ByProfile)
            }
        }

        deserializer.deserialize_any(SeverityVisitor)
    }
}

/// A word class: its entries, what they must not be part of, and what speaks for and against it where none of them is said.
#[derive(Debug, Default)]
pub(crate) struct WordClass {
    pub any: Strings,
    pub except: Strings,
    pub signs: SignStrings,
}

/// Signs by what each of them weighs.
#[derive(Debug, Default)]
pub(crate) struct SignStrings(pub BTreeMap<i16, Strings>);

impl SignStrings {
    /// The signs of every weight.
    pub fn weighed(&self) -> impl Iterator<Item = (i16, Vec<&str>)> {
        self.0.iter().map(|(weight, strings)| (*weight, strings.0.iter().map(|string| string.get_ref().as_str()).collect()))
    }
}

impl<'de> Deserialize<'de> for SignStrings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let weighed = |(weight, signs): (String, Strings)| {
            let number = weight.parse().ok().filter(|number: &i16| *number != 0 && number.to_string() == weight);
            number.map(|number| (number, signs)).ok_or_else(|| {
                let range = format!("{} to {}, but not 0", i16::MIN, i16::MAX);
                de::Error::custom(format!("`{weight}` is no weight: signs stand behind a whole number, {range}, as in 40 = [\"居然\"]"))
            })
        };
        let by_weight: BTreeMap<String, Strings> = BTreeMap::deserialize(deserializer)?;
        by_weight.into_iter().map(weighed).collect::<Result<_, _>>().map(Self)
    }
}

impl<'de> Deserialize<'de> for WordClass {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            any: Strings,
            #[serde(default)]
            except: Strings,
            #[serde(default)]
            signs: SignStrings,
        }

        struct WordClassVisitor;

        impl<'de> Visitor<'de> for WordClassVisitor {
            type Value = WordClass;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of patterns, or { any = […], except = […], signs = { … } }")
            }

            fn visit_str<E>(self, text: &str) -> Result<WordClass, E> {
                Ok(WordClass { any: Strings(vec![Spanned::new(0..0, text.to_owned())]), ..WordClass::default() })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<WordClass, A::Error> {
                let mut any = Vec::new();
                while let Some(string) = list.next_element()? {
                    any.push(string);
                }
                Ok(WordClass { any: Strings(any), ..WordClass::default() })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<WordClass, A::Error> {
                let Table { any, except, signs } = Table::deserialize(MapAccessDeserializer::new(map))?;
                Ok(WordClass { any, except, signs })
            }
        }

        deserializer.deserialize_any(WordClassVisitor)
    }
}
