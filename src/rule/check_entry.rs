//! From a `[[check]]` as it is written to a [`Check`]; every combination that makes no sense is told here.

use std::time::Duration;

use toml::Spanned;

use super::Profile;
use super::bound;
use super::calendar::{Calendar, Days};
use super::check::{Check, Duty, Extent, Said, Term, Utterance, When, Window};
use super::document::{At, CheckEntry, SeverityEntry, Strings, UtteranceEntry, WhenEntry};
use super::notation::Mistake;
use super::pack_text::PackText;
use super::reader::Reader;
use super::row::{Heading, severity, wording};
use super::saying::Saying;
use crate::transcript::{Direction, Speaker};

impl Check {
    /// Reads an entry; `first` is the first row of its id.
    pub(super) fn read(reader: &mut Reader<'_>, entry: &CheckEntry, calendar: &Calendar, first: Option<&Self>) -> Self {
        let inherited = first.map(Self::heading).unwrap_or_default();
        let when = when(reader, &entry.when, calendar);
        let duty = duty(reader, entry, &when);
        let unless = entry.unless.as_ref().map_or_else(Vec::new, |entry| unless(reader, entry));
        let direction = entry.direction.as_ref().and_then(|word| match word.get_ref().parse::<Direction>() {
            Ok(direction) => Some(direction),
            Err(message) => {
                reader.mistake_at(word.span().start, message, "leave it out where both are meant");
                None
            }
        });
        let mut severity = entry.severity.as_ref().map_or(inherited.severity, severity);
        if matches!(&entry.severity, Some(SeverityEntry::ByProfile(table)) if table.replies.is_some()) {
            reader.mistake(
                "a check looks at whole conversations, and canned replies are none",
                "name call or chat: severity = { chat = \"info\" }",
            );
        }
        severity.set(Profile::Replies, None);
        let (professional, professional_hant) = sentences(reader, entry, &duty, first);
        Self {
            id: reader.id.clone(),
            file: reader.pack.file().into(),
            line: reader.line(&entry.id),
            title: wording(entry.title.as_ref(), entry.title_hant.as_ref(), &inherited.title),
            scene: entry.scene.clone().unwrap_or_default().into(),
            why: wording(entry.why.as_ref(), entry.why_hant.as_ref(), &inherited.why),
            source: entry.source.clone().map_or(inherited.source, PackText::from),
            severity,
            points: entry.points.or(inherited.points),
            fatal: entry.fatal.unwrap_or(inherited.fatal),
            per: entry.per.unwrap_or(inherited.per),
            direction,
            when,
            duty,
            unless,
            professional,
            professional_hant,
            specs: reader.specs(&entry.bad, &entry.good),
        }
    }

    fn heading(&self) -> Heading {
        Heading {
            title: self.title.clone(),
            why: self.why.clone(),
            source: self.source.clone(),
            severity: self.severity,
            points: self.points,
            fatal: self.fatal,
            per: self.per,
        }
    }
}

fn when(reader: &mut Reader<'_>, entry: &WhenEntry, calendar: &Calendar) -> When {
    let named = Named::of([&entry.agent, &entry.customer, &entry.bot, &entry.system]);
    let is_named = !named.0.is_empty();
    let words = words(reader, "when", &named, &entry.except);
    let silence = length(reader, "silence", entry.silence.as_ref());
    let lasts = length(reader, "lasts", entry.lasts.as_ref());
    let mut clock = Vec::new();
    for text in &entry.clock.0 {
        match bound::clock_range(text.get_ref()) {
            Ok(range) => clock.push(range),
            Err((message, remedy)) => reader.mistake_at(text.span().start, message, remedy),
        }
    }
    let mut days: Option<Days> = None;
    for name in &entry.date.0 {
        match calendar.get(name.get_ref()) {
            Ok(list) => days.get_or_insert_with(Days::default).extend(list),
            Err((message, remedy)) => reader.mistake_at(name.span().start, message, remedy),
        }
    }
    if entry.at.is_none() && !is_named && entry.silence.is_none() {
        reader.mistake(
            "`when` does not say where the obligation arises",
            "add at = \"opening\" or \"ending\", agent = […], customer = […], or silence = \"7 s\"",
        );
    }
    if entry.at == Some(At::Opening) && entry.customer.is_some() {
        reader.mistake(
            "the opening is the first turn of the agent, so the customer does not speak there",
            "write agent = […], or leave out `at`",
        );
    }
    let others_alone = entry.at.is_none() && entry.silence.is_none() && entry.repeat.is_none();
    if named.has_others() && !others_alone {
        reader.mistake("words of bot and system are a place of their own", "leave out `at`, `silence` and `repeat`");
    }
    if entry.at == Some(At::Ending) && entry.silence.is_some() {
        reader.mistake("no silence stands at the ending", "leave out `at`, or use lasts = \"3 min\" for the length of the conversation");
    }
    if let Some(repeat) = &entry.repeat {
        if *repeat.get_ref() < 2 {
            reader.mistake_at(repeat.span().start, format!("repeat = {} is no repetition", repeat.get_ref()), "write 2 or more");
        }
        if !is_named {
            reader.mistake_at(repeat.span().start, "`repeat` does not say whose text", "add agent = \"…\" for any text of the agent");
        }
    }
    When { at: entry.at, words, silence, repeat: entry.repeat.as_ref().map(|repeat| *repeat.get_ref()), lasts, clock, days }
}

fn duty(reader: &mut Reader<'_>, entry: &CheckEntry, when: &When) -> Duty {
    let until = entry.until.as_ref().and_then(|until| utterance_of_anybody(reader, until, "until"));
    let mut within = Window { extent: Extent::Whole, before: false };
    if let Some(text) = &entry.within {
        match bound::window(text.get_ref()) {
            Ok(window) => within = window,
            Err((message, remedy)) => reader.mistake_at(text.span().start, message, remedy),
        }
    }
    let (key, wanted) = match (&entry.expect, &entry.forbid) {
        (Some(_), Some(_)) => {
            reader.mistake("`expect` and `forbid` stand in one check", "write two checks with the same id and the same `when`");
            return Duty::Itself;
        }
        (Some(expect), None) => ("expect", expect),
        (None, Some(forbid)) => ("forbid", forbid),
        (None, None) => {
            if entry.within.is_some() || entry.until.is_some() || entry.past.is_some() {
                reader
                    .mistake("`within`, `until` and `past` bound nothing here", "add expect = { agent = […] } or forbid = { agent = […] }");
            }
            return Duty::Itself;
        }
    };
    let of_others = |words: Option<&Utterance>| words.is_some_and(|words| matches!(words.speaker, Speaker::Bot | Speaker::System));
    if of_others(when.words.as_ref()) && of_others(until.as_ref()) {
        reader.mistake(
            "`until` cannot tell a notice from that of `when`",
            "write until = { agent = […] } or { customer = […] }, or leave it out",
        );
    }
    if within.before && entry.until.is_some() {
        reader.mistake("`until` closes a window that goes on from the place, and this one goes back", "leave out `until` or `before`");
    }
    if when.at == Some(At::Ending) && !within.before {
        reader.mistake("nothing comes after the ending", "turn the window round: within = \"3 answers before\"");
    }
    let Some(words) = utterance(reader, wanted, key) else { return Duty::Itself };
    let past = entry.past.as_ref().and_then(|past| utterance(reader, past, "past"));
    if let Some(past) = &past {
        if within.before || !matches!(within.extent, Extent::Turns(_) | Extent::Answers(_)) {
            reader.mistake("`past` passes over turns where no turns are counted", "write within = \"1 answer\", or leave out `past`");
        }
        if past.speaker != words.speaker {
            reader.mistake(format!("`past` is about other people than `{key}`"), format!("name the speaker of `{key}`"));
        }
    }
    let term = Term { words, within, until, past };
    if key == "expect" { Duty::Expect(term) } else { Duty::Forbid(term) }
}

/// What an expectation shows as an example, in both scripts.
fn sentences(reader: &mut Reader<'_>, entry: &CheckEntry, duty: &Duty, first: Option<&Check>) -> (Vec<String>, Vec<String>) {
    let own = |strings: &Strings| strings.0.iter().map(|string| string.get_ref().clone()).collect::<Vec<_>>();
    let (hans, hant) = match first {
        Some(first) if entry.professional.0.is_empty() => (first.professional.clone(), first.professional_hant.clone()),
        _ => (own(&entry.professional), own(&entry.professional_hant)),
    };
    if hans.is_empty() && matches!(duty, Duty::Expect(_)) {
        reader.mistake("says nothing that would fulfil it", "write an example: professional = [\"对不起,让您久等了\"]");
    }
    if !hant.is_empty() && hant.len() != hans.len() {
        reader.mistake("professional and professional_hant differ in number", "give every sentence in both scripts, in the same order");
    }
    (hans, hant)
}

fn utterance(reader: &mut Reader<'_>, entry: &UtteranceEntry, key: &str) -> Option<Utterance> {
    if Named::of([&None, &None, &entry.bot, &entry.system]).has_others() {
        reader.mistake(format!("`{key}` is about what people say"), "write agent = […] or customer = […]");
    }
    utterance_of_anybody(reader, entry, key)
}

/// The same, of bot and platform as well.
fn utterance_of_anybody(reader: &mut Reader<'_>, entry: &UtteranceEntry, key: &str) -> Option<Utterance> {
    let named = Named::of([&entry.agent, &entry.customer, &entry.bot, &entry.system]);
    let found = words(reader, key, &named, &entry.except);
    if named.0.is_empty() && entry.except.0.is_empty() {
        let others = if key == "until" { ", bot or system" } else { "" };
        reader.mistake(
            format!("`{key}` does not say who speaks"),
            format!("write {key} = {{ agent = […] }} or {{ customer = […] }}{others}"),
        );
    }
    found
}

/// What excuses, of one speaker or several.
fn unless(reader: &mut Reader<'_>, entry: &UtteranceEntry) -> Vec<Utterance> {
    let named = Named::of([&entry.agent, &entry.customer, &entry.bot, &entry.system]);
    if named.0.is_empty() {
        reader.mistake("`unless` does not say who speaks", "write unless = { agent = […] }, or customer, bot or system");
    }
    let except = reader.sayings(&entry.except, "unless.except");
    let utterance = |(speaker, name, strings)| {
        let said = said(reader, "unless", name, strings);
        check_exceptions(reader, "unless", &said, &except);
        Utterance { speaker, said, except: except.clone() }
    };
    named.0.into_iter().map(utterance).collect()
}

/// Those speakers whose words are given.
struct Named<'e>(Vec<(Speaker, &'static str, &'e Strings)>);

impl<'e> Named<'e> {
    /// Of the words of agent, customer, bot and system.
    fn of(words: [&'e Option<Strings>; 4]) -> Self {
        let speakers = [(Speaker::Agent, "agent"), (Speaker::Customer, "customer"), (Speaker::Bot, "bot"), (Speaker::System, "system")];
        Self(speakers.into_iter().zip(words).filter_map(|((speaker, name), words)| Some((speaker, name, words.as_ref()?))).collect())
    }

    /// Whether somebody is among them who is neither agent nor customer.
    fn has_others(&self) -> bool {
        self.0.iter().any(|(speaker, ..)| matches!(speaker, Speaker::Bot | Speaker::System))
    }
}

fn words(reader: &mut Reader<'_>, key: &str, named: &Named<'_>, except: &Strings) -> Option<Utterance> {
    let (speaker, name, strings) = match named.0[..] {
        [one] => one,
        [(_, one, _), (_, other, _), ..] => {
            reader.mistake(format!("`{key}` names {one} and {other}, and one turn has one speaker"), "write two checks with the same id");
            return None;
        }
        [] => {
            if !except.0.is_empty() {
                reader.mistake(format!("`{key}` has exceptions but no words"), "add agent = […] or customer = […]");
            }
            return None;
        }
    };
    let said = said(reader, key, name, strings);
    let except = reader.sayings(except, &format!("{key}.except"));
    check_exceptions(reader, key, &said, &except);
    Some(Utterance { speaker, said, except })
}

/// Tells words of which their exceptions leave nothing.
fn check_exceptions(reader: &mut Reader<'_>, key: &str, said: &Said, except: &[Saying]) {
    let patterns = |sayings: &[Saying]| -> Vec<_> { sayings.iter().filter_map(|saying| saying.pattern().cloned()).collect() };
    if let Said::OneOf(said) = said {
        reader.check_exceptions(&patterns(said), key, &patterns(except), &format!("{key}.except"));
    }
}

fn said(reader: &mut Reader<'_>, key: &str, name: &str, strings: &Strings) -> Said {
    if strings.0.is_empty() {
        reader.mistake(format!("`{key}.{name}` is empty"), "write at least one pattern, or … for any words");
    }
    let is_anything = |string: &Spanned<String>| string.get_ref().trim().chars().all(|c| c == '…') && !string.get_ref().trim().is_empty();
    if strings.0.iter().any(is_anything) { Said::Anything } else { Said::OneOf(reader.sayings(strings, &format!("{key}.{name}"))) }
}

fn length(reader: &mut Reader<'_>, key: &str, text: Option<&Spanned<String>>) -> Option<Duration> {
    let text = text?;
    bound::duration(text.get_ref())
        .map_err(|(message, remedy): Mistake| reader.mistake_at(text.span().start, format!("{key}: {message}"), remedy))
        .ok()
}

#[cfg(test)]
mod tests {
    use crate::rule::{Pack, PackError, Rules};

    /// The only mistake of a pack with one check, whose id stands in line 4.
    fn mistake(check: &str) -> PackError {
        let text = format!("[pack]\ncategory = \"waiting\"\n[[check]]\nid = \"return\"\nprofessional = \"久等了\"\n{check}\n");
        let mistakes = Pack::parse("waiting.toml", &text).map_err(|mistake| vec![mistake]).and_then(|pack| Rules::new(&[pack]));
        let mut mistakes = mistakes.expect_err(check);
        assert_eq!(mistakes.len(), 1, "{check}: {mistakes:?}");
        mistakes.remove(0)
    }

    #[test]
    fn combinations_without_sense_are_told() {
        for (check, message) in [
            ("when.at = \"opening\"\nexpect.agent = \"您好\"\nforbid.agent = \"喂\"", "`expect` and `forbid` stand in one check"),
            ("when.at = \"opening\"\nexpect.agent = \"您好\"\nwithin = \"5\"", "within: `5` has no unit"),
            ("when.at = \"opening\"\nexpect.agent = \"您好\"\nwithin = \"soon\"", "within: `soon` has no number"),
            ("when.at = \"opening\"\nwithin = \"1 turn\"", "bound nothing here"),
            ("when.at = \"opening\"\nexpect = { except = \"喂\" }", "has exceptions but no words"),
            ("when.at = \"ending\"\nexpect.agent = \"再见\"", "nothing comes after the ending"),
            ("when.at = \"ending\"\nwhen.silence = \"7 s\"", "no silence stands at the ending"),
            ("when.at = \"opening\"\nwhen.customer = \"您好\"", "the customer does not speak there"),
            ("when.clock = \"12:00-14:00\"", "does not say where the obligation arises"),
            ("when = { at = \"opening\", clock = \"noon\" }", "`noon` is no range of the day"),
            ("when = { at = \"opening\", date = \"holidays\" }", "there is no list `holidays`"),
            ("when = { agent = \"您\", customer = \"您\" }", "names agent and customer"),
            ("when = { agent = \"…\", repeat = 1 }", "repeat = 1 is no repetition"),
            ("when = { at = \"opening\", repeat = 3 }", "does not say whose text"),
            ("when = { at = \"opening\", system = \"转接\" }", "a place of their own"),
            ("when.agent = \"稍等\"\nexpect.bot = \"您好\"", "`expect` is about what people say"),
            ("when.agent = \"稍等\"\nexpect.agent = \"久等\"\npast.agent = \"您好\"", "where no turns are counted"),
            (
                "when.agent = \"稍等\"\nexpect.agent = \"久等\"\nwithin = \"1 answer\"\npast.customer = \"您好\"",
                "about other people than `expect`",
            ),
            ("when.silence = \"7\"", "silence: `7` has no unit"),
            ("when.silence = \"7 s\"\nunless = { except = \"好\" }", "`unless` does not say who speaks"),
            ("when.agent = []", "`when.agent` is empty"),
            ("when.agent = \"<hold>\"", "there is no word class <hold>"),
            ("when.agent = [\"稍等\", \"稍等\"]", "stands twice under when.agent"),
            ("when.agent = \"稍等\"\nexpect.agent = \"久等\"\nwithin = \"1 turn before\"\nuntil.agent = \"好\"", "this one goes back"),
            ("when.agent = \"稍等\"\ndirection = \"out\"", "`out` is no direction"),
            ("when.agent = \"稍等\"\nseverity = { replies = \"info\" }", "canned replies are none"),
        ] {
            let told = mistake(check).to_string();
            assert!(told.contains(message) && told.contains("help: "), "{check}: {told}");
        }
    }

    #[test]
    fn a_mistake_stands_at_its_line() {
        assert_eq!(mistake("when.silence = \"7 s\"\nexpect.agent = [\n\"久等了\",\n\"(久等\",\n]").line, 9);
        assert_eq!(mistake("when.at = \"opening\"\nexpect.agent = \"您好\"\nwithin = \"5\"").line, 8);
        assert_eq!(mistake("when.silense = \"7 s\"").remedy, "did you mean `silence`?");
    }

    #[test]
    fn an_expectation_shows_how_it_is_met() {
        let text = "[[check]]\nid = \"return\"\nwhen.silence = \"7 s\"\nexpect.agent = \"久等了\"\n";
        let mistakes = Pack::parse("waiting.toml", text).map(|pack| Rules::new(&[pack]));
        let told = mistakes.map(|rules| rules.expect_err("no example")[0].to_string()).unwrap_or_default();
        assert!(told.contains("waiting/return: says nothing that would fulfil it"), "{told}");
    }
}
