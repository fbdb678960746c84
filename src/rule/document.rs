//! A pack as it is written: the keys of the TOML file, each value with its place for error messages.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::violation::{Applicability, Severity};

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    pub pack: Option<Header>,
    #[serde(default)]
    pub words: BTreeMap<String, Spanned<WordClass>>,
    #[serde(default)]
    pub phrase: Vec<Spanned<PhraseEntry>>,
    #[serde(default)]
    pub check: Vec<Spanned<CheckEntry>>,
    #[serde(default)]
    pub dates: BTreeMap<String, Spanned<Strings>>,
    #[serde(default)]
    pub count: BTreeMap<String, Spanned<Strings>>,
}

/// `[pack]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    pub category: String,
    #[serde(default)]
    pub title: String,
    pub title_hant: Option<String>,
}

/// One `[[phrase]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PhraseEntry {
    pub id: Spanned<String>,
    pub title: Option<String>,
    pub title_hant: Option<String>,
    pub scene: Option<String>,
    pub improper: Strings,
    #[serde(default)]
    pub except: Strings,
    #[serde(default)]
    pub unless: UnlessEntry,
    pub professional: Strings,
    #[serde(default)]
    pub professional_hant: Strings,
    pub apply: Option<Applicability>,
    pub severity: Option<SeverityEntry>,
    pub points: Option<u32>,
    pub fatal: Option<bool>,
    pub per: Option<Per>,
    pub speaker: Option<PhraseSpeaker>,
    #[serde(default)]
    pub replace: bool,
    #[serde(default)]
    pub broad: bool,
    pub why: Option<String>,
    pub why_hant: Option<String>,
    pub source: Option<String>,
    #[serde(default)]
    pub bad: Strings,
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
pub(crate) struct UnlessEntry {
    #[serde(default)]
    pub sentence: Strings,
    #[serde(default)]
    pub answer: Strings,
}

/// One `[[check]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckEntry {
    pub id: Spanned<String>,
    pub title: Option<String>,
    pub title_hant: Option<String>,
    pub scene: Option<String>,
    pub direction: Option<Spanned<String>>,
    pub when: WhenEntry,
    pub expect: Option<UtteranceEntry>,
    pub forbid: Option<UtteranceEntry>,
    pub within: Option<Spanned<String>>,
    pub until: Option<UtteranceEntry>,
    pub unless: Option<UtteranceEntry>,
    #[serde(default)]
    pub professional: Strings,
    #[serde(default)]
    pub professional_hant: Strings,
    pub severity: Option<SeverityEntry>,
    pub points: Option<u32>,
    pub fatal: Option<bool>,
    pub per: Option<Per>,
    #[serde(default)]
    pub replace: bool,
    pub why: Option<String>,
    pub why_hant: Option<String>,
    pub source: Option<String>,
    #[serde(default)]
    pub bad: Strings,
    #[serde(default)]
    pub good: Strings,
}

/// `when = { … }`: all keys together.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhenEntry {
    pub at: Option<At>,
    pub agent: Option<Strings>,
    pub customer: Option<Strings>,
    #[serde(default)]
    pub except: Strings,
    pub silence: Option<Spanned<String>>,
    pub repeat: Option<Spanned<u32>>,
    pub lasts: Option<Spanned<String>>,
    #[serde(default)]
    pub clock: Strings,
    #[serde(default)]
    pub date: Strings,
}

/// A place that every conversation has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum At {
    /// The first agent turn.
    Opening,
    /// The last turn.
    Ending,
}

/// Whether a rule costs points at every violation or once in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
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
pub(crate) struct UtteranceEntry {
    pub agent: Option<Strings>,
    pub customer: Option<Strings>,
    #[serde(default)]
    pub except: Strings,
}

/// Whose turns a phrase rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
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
pub(crate) struct SeverityTable {
    pub call: Option<Severity>,
    pub chat: Option<Severity>,
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

/// A word class: its entries, and what they must not be part of.
#[derive(Debug)]
pub(crate) struct WordClass {
    pub any: Strings,
    pub except: Strings,
}

impl<'de> Deserialize<'de> for WordClass {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            any: Strings,
            #[serde(default)]
            except: Strings,
        }

        struct WordClassVisitor;

        impl<'de> Visitor<'de> for WordClassVisitor {
            type Value = WordClass;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of patterns, or { any = […], except = […] }")
            }

            fn visit_str<E>(self, text: &str) -> Result<WordClass, E> {
                Ok(WordClass { any: Strings(vec![Spanned::new(0..0, text.to_owned())]), except: Strings::default() })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<WordClass, A::Error> {
                let mut any = Vec::new();
                while let Some(string) = list.next_element()? {
                    any.push(string);
                }
                Ok(WordClass { any: Strings(any), except: Strings::default() })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<WordClass, A::Error> {
                Table::deserialize(MapAccessDeserializer::new(map)).map(|table| WordClass { any: table.any, except: table.except })
            }
        }

        deserializer.deserialize_any(WordClassVisitor)
    }
}
