//! The file as it is written: its keys, each value with its place for messages and for `config show`.
//!
//! The comments on the keys are also what editors show, by way of the JSON Schema.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use toml::Spanned;

use crate::rule::Profile;
use crate::source::Encoding;
use crate::transcript::{Assumption, DateOrder, Direction, FORMATS, FromPath, Mapping, Speaker};
use crate::violation::Severity;

use super::FailOn;

/// Settings of phrase-lint, for all files below the folder in which they stand.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Section {
    /// Settings that these are laid over: the path of another such file, seen from this one.
    pub extends: Option<Placed<String>>,
    /// The files for which an override holds, in the notation of .gitignore, seen from the folder of the settings:
    /// "chat/", "*.csv", "!drafts/**".
    pub paths: Option<Vec<Placed<String>>>,
    /// Rules of your own, beside the built-in ones: packs or folders of packs, seen from this file.
    pub rules: Vec<Placed<String>>,
    /// Only these rules: ids (asking/name) or categories (asking).
    pub select: Option<Vec<Placed<String>>>,
    /// Not these rules: ids or categories.
    pub ignore: Vec<Placed<String>>,
    /// The severity of rules and categories: "register/pet-name" = "warning".
    pub severities: BTreeMap<String, Placed<Word<Severity>>>,
    /// What a violation of a rule or category costs on a scorecard: "asking" = 3.
    pub points: BTreeMap<String, Placed<Points>>,
    /// The severity from which a run fails, with exit status 1.
    pub fail_on: Option<Placed<Word<FailOn>>>,
    /// What is checked, for it decides which rules apply; by default told from the input.
    pub profile: Option<Placed<Word<Profile>>>,
    /// Who began the conversations, where the input does not say.
    pub direction: Option<Placed<Word<Direction>>>,
    /// Who a name or label in the transcripts is: "小王" = "agent".
    pub speakers: BTreeMap<String, Placed<Word<Speaker>>>,
    /// Who is taken for the agent where nobody is known to be: a name, "first" (whoever speaks first) or "all".
    pub assume_agent: Option<Placed<Word<Assumption>>>,
    /// The format of the input, instead of telling it from its content.
    pub input_format: Option<Placed<Word<InputFormat>>>,
    /// The encoding of the input, instead of telling it from its content: "gb18030", "big5", "utf-16le" …
    pub encoding: Option<Placed<Word<Encoding>>>,
    /// The order of the numbers in dates such as 01/02/2024, where the file leaves it open.
    pub date_order: Option<Placed<Word<DateOrder>>>,
    /// A regular expression whose groups (?<agent>…), (?<date>…) and (?<time>…) tell, of the path of a file, the agent of its
    /// conversations and when they began, where they do not tell it themselves.
    pub from_path: Option<Placed<Word<FromPath>>>,
    /// The violations that reports for people show: from this severity on. Of the whole report.
    pub level: Option<Placed<Word<Severity>>>,
    /// The score, of 100, from which a conversation passes. Of the whole report.
    pub pass: Option<Placed<Pass>>,
    /// The file of violations that were there before and are not reported, seen from this file. Of the whole run.
    pub baseline: Option<Placed<String>>,
    /// Where JSON or a table of a shape of its own holds what; of several the first that fits a file.
    pub mapping: Option<Placed<Mappings>>,
    /// Settings for some of the files only, each laid over those before it.
    pub overrides: Vec<Placed<Section>>,
}

/// A value and the byte of the file where it stands.
#[derive(Debug, Clone)]
pub(super) struct Placed<T> {
    pub value: T,
    pub at: usize,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Placed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<T>::deserialize(deserializer)?;
        Ok(Self { at: spanned.span().start, value: spanned.into_inner() })
    }
}

/// A value that is read from a word, with the message that the command line gives for a wrong one.
#[derive(Debug, Clone)]
pub(super) struct Word<T>(pub T);

impl<'de, T: FromStr<Err = String>> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WordVisitor<T>(PhantomData<T>);

        impl<T: FromStr<Err = String>> Visitor<'_> for WordVisitor<T> {
            type Value = Word<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a word in quotes")
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Word<T>, E> {
                word.parse().map(Word).map_err(E::custom)
            }
        }

        deserializer.deserialize_str(WordVisitor(PhantomData))
    }
}

/// The name of a reader.
#[derive(Debug, Clone)]
pub(super) struct InputFormat(pub &'static str);

impl FromStr for InputFormat {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        FORMATS.iter().find(|format| format.name == name).map(|format| Self(format.name)).ok_or_else(|| {
            let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
            let nearest =
                names.iter().map(|known| (strsim::jaro_winkler(name, known), known)).max_by(|one, other| one.0.total_cmp(&other.0));
            match nearest.filter(|(likeness, _)| *likeness > 0.8) {
                Some((_, nearest)) => format!("`{name}` is no input format: did you mean `{nearest}`?"),
                None => format!("`{name}` is no input format: use one of {}", names.join(", ")),
            }
        })
    }
}

/// A score from which a conversation passes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pass(pub u64);

impl<'de> Deserialize<'de> for Pass {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let score = u64::deserialize(deserializer)?;
        if score <= 100 { Ok(Self(score)) } else { Err(D::Error::custom(format!("`{score}` is no score: use 0 to 100"))) }
    }
}

/// What a violation costs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Points(pub u32);

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let points = i64::deserialize(deserializer)?;
        points.try_into().map(Self).map_err(|_| D::Error::custom(format!("`{points}` are no points: use 0 or more")))
    }
}

/// `[mapping]`, or several as `[[mapping]]`.
#[derive(Debug, Clone)]
pub(super) struct Mappings(Vec<Placed<Mapping>>);

impl Mappings {
    /// Each with where it stands; one alone stands where all do, at `place`.
    pub fn each(&self, place: usize) -> impl Iterator<Item = (&Mapping, usize)> {
        self.0.iter().map(move |mapping| (&mapping.value, if mapping.at == 0 { place } else { mapping.at }))
    }
}

impl<'de> Deserialize<'de> for Mappings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MappingsVisitor;

        impl<'de> Visitor<'de> for MappingsVisitor {
            type Value = Mappings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table, [mapping], or several, [[mapping]]")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Mappings, A::Error> {
                Mapping::deserialize(MapAccessDeserializer::new(map)).map(|mapping| Mappings(vec![Placed { value: mapping, at: 0 }]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Mappings, A::Error> {
                let mut mappings = Vec::new();
                while let Some(mapping) = list.next_element()? {
                    mappings.push(mapping);
                }
                Ok(Mappings(mappings))
            }
        }

        deserializer.deserialize_any(MappingsVisitor)
    }
}
