//! Files in which programs keep what they say, a key and a text each, in forms of their own: `msgstr "…"` in the .po files of
//! gettext, `"key" = "…";` in .strings, `key=…` in .properties. Each text is a canned reply. JSON, YAML and TOML have readers of
//! their own.

use crate::text::Lines;

use super::comment::Opening;
use super::located::Located;
use super::reading::{Context, Reading, Sample, Sink, lines};
use super::strings::is_chinese;
use super::{Conversation, Format, Place};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "resources",
    looks_like: "msgstr \"您好…\" in a .po file, \"greeting\" = \"您好…\"; in .strings, greeting=您好… in .properties: each text is a canned reply",
    recognise,
    reading: Reading::Whole(read),
};

/// A way of writing keys and texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Po,
    Strings,
    Properties,
}

/// A text and its key.
#[derive(Debug, PartialEq)]
struct Entry {
    key: String,
    text: String,
    place: Place,
    /// Where what belongs to the key begins, and where the text's own keyword does, in bytes.
    starts: [usize; 2],
}

/// Where an entry of a document stands, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// What belongs to its key: other texts may belong to it too.
    pub key: usize,
    /// The keyword of its text.
    pub keyword: usize,
    /// The text; where there is none, its keyword.
    pub text: usize,
}

/// What comments of a document of this format begin with, and where its entries stand, in order, empty ones too.
pub(crate) fn standing(text: &str) -> (Opening, Vec<Standing>) {
    let form = Form::of(text);
    let opening = match form {
        Form::Po => Opening::HashAlone,
        Form::Properties => Opening::HashOrBangAlone,
        Form::Strings => Opening::Slashes,
    };
    let standing = |entry: Entry| {
        let [key, keyword] = entry.starts;
        Standing { key, keyword, text: entry.place.start().unwrap_or(keyword) }
    };
    (opening, Found::all(text, form).entries.into_iter().map(standing).collect())
}

/// The texts of a document, and where quotes open that are never closed, in bytes.
#[derive(Debug, Default)]
struct Found {
    entries: Vec<Entry>,
    unclosed: Vec<usize>,
}

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    nature(sample)
}

/// What tells that a document is one of these; none where it is not.
pub(super) fn nature(sample: &Sample<'_>) -> Option<String> {
    let text = sample.text()?;
    let form = match sample.extension().as_str() {
        "po" | "pot" | "strings" | "properties" => Form::of(text),
        // Without its name only what is nothing else.
        "" | "txt" => Form::told(sample)?,
        _ => return None,
    };
    let entries = Found::of(text, form).entries;
    let (all, chinese) = (entries.len(), entries.iter().filter(|entry| is_chinese(&entry.text)).count());
    (chinese > 0 && chinese * 2 >= all).then(|| format!("keys and texts as {}; {chinese} of {all} are Chinese", form.as_str()))
}

fn read(document: &str, _: &Context<'_>, sink: &mut Sink<'_>) {
    let Found { entries, unclosed } = Found::of(document, Form::of(document));
    let lines = Lines::new(document, 1);
    for at in unclosed {
        sink.problem(Some(lines.number(at)), "a quote is opened and never closed", "close it with `\"`");
    }
    for Entry { key, text, place, .. } in entries {
        let mut reply = Conversation::reply(key, text);
        reply.turns[0].place = place;
        sink.conversation(reply);
    }
}

impl Form {
    /// The form of a document that tells it by its first lines, whatever its name.
    fn told(sample: &Sample<'_>) -> Option<Self> {
        let is_of = |line: &&str| line.starts_with("msgid ") || (line.starts_with('"') && line.contains("\" =") && line.ends_with(';'));
        let is_beside =
            |line: &&str| line.starts_with(['#', '"']) || line.starts_with("msg") || line.starts_with("/*") || line.starts_with("//");
        let (all, own) = (sample.lines(20).count(), sample.lines(20).map(str::trim).filter(is_of).count());
        let is_whole = sample.lines(20).map(str::trim).all(|line| is_beside(&line));
        (own > 0 && own * 4 >= all && is_whole).then(|| Self::of(sample.text().unwrap_or_default()))
    }

    /// Where it comes from.
    fn as_str(self) -> &'static str {
        match self {
            Self::Po => "gettext has them",
            Self::Strings => "a .strings file has them",
            Self::Properties => "a .properties file has them",
        }
    }

    /// The form of a document, which its lines tell.
    fn of(text: &str) -> Self {
        let written = || lines(text).map(|(_, line)| line.trim());
        if written().any(|line| line.starts_with("msgstr")) {
            Self::Po
        } else if written().any(|line| line.starts_with('"') && line.contains('=') && line.trim_end().ends_with(';')) {
            Self::Strings
        } else {
            Self::Properties
        }
    }
}

impl Found {
    fn of(text: &str, form: Form) -> Self {
        let mut found = Self::all(text, form);
        found.entries.retain(|entry| !entry.text.trim().is_empty());
        found
    }

    /// The same with the texts that are empty.
    fn all(text: &str, form: Form) -> Self {
        match form {
            Form::Po => messages(text),
            Form::Strings => assignments(text),
            Form::Properties => Self { entries: properties(text), unclosed: Vec::new() },
        }
    }
}

/// The translations of a .po file. That of the empty message is about the file.
fn messages(text: &str) -> Found {
    let (mut entries, mut unclosed, mut id) = (Vec::new(), Vec::new(), String::new());
    // Where the message begins: with its context, which comes first if it has one.
    let (mut key, mut begins) = (None, 0);
    // The keyword whose text goes on, where it stands, and that text.
    let mut open: Option<(&str, usize, Located)> = None;
    let mut close = |open: &mut Option<(&str, usize, Located)>| {
        let Some((keyword, start, located)) = open.take() else { return };
        let (text, place) = located.finish();
        match keyword {
            "msgctxt" => key = Some(start),
            "msgid" => (id, begins) = (text, key.take().unwrap_or(start)),
            _ if keyword.starts_with("msgstr") && !id.is_empty() => {
                entries.push(Entry { key: id.clone(), text, place, starts: [begins, start] });
            }
            _ => {}
        }
    };
    for (start, line) in lines(text) {
        let Some(quote) = line.find('"').filter(|_| !line.trim_start().starts_with('#')) else {
            close(&mut open);
            continue;
        };
        let keyword = line[..quote].trim();
        if !keyword.is_empty() {
            close(&mut open);
            open = Some((keyword, start, Located::default()));
        }
        if let Some((_, _, located)) = &mut open
            && quoted(&line[quote..], start + quote, located).is_none()
        {
            unclosed.push(start + quote);
        }
    }
    close(&mut open);
    Found { entries, unclosed }
}

/// `"key" = "text";`, with `/* … */` and `//` between them.
fn assignments(text: &str) -> Found {
    let mut found = Found::default();
    // The key, and where it begins.
    let (mut key, mut has_sign) = (None, false);
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else if rest.starts_with("//") {
            at += rest.find(['\n', '\r']).unwrap_or(rest.len());
        } else if c == '"' {
            let start = at;
            let mut located = Located::default();
            let length = quoted(rest, at, &mut located);
            if length.is_none() {
                found.unclosed.push(at);
            }
            at += length.unwrap_or(rest.len());
            let (text, place) = located.finish();
            match key.take().filter(|_| has_sign) {
                Some((key, begins)) => found.entries.push(Entry { key, text, place, starts: [begins, begins] }),
                None => key = Some((text, start)),
            }
            has_sign = false;
        } else if c.is_alphanumeric() {
            let word = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | ';' | '"')).unwrap_or(rest.len());
            key = Some((rest[..word].to_owned(), at));
            at += word;
        } else {
            has_sign = c == '=' || (has_sign && c != ';');
            at += c.len_utf8();
        }
    }
    found
}

/// Adds what stands between quotes, of which the first begins `raw`; returns how many bytes that takes, quotes included, or none where
/// they are not closed.
fn quoted(raw: &str, source: usize, located: &mut Located) -> Option<usize> {
    let mut at = 1;
    while let Some(c) = raw[at..].chars().next() {
        match c {
            '"' => return Some(at + 1),
            '\\' => at += escape(&raw[at..], source + at, located),
            c => {
                located.verbatim(&raw[at..at + c.len_utf8()], source + at);
                at += c.len_utf8();
            }
        }
    }
    None
}

/// Adds the character that an escape at the start of `raw` means; returns the bytes that it takes.
fn escape(raw: &str, source: usize, located: &mut Located) -> usize {
    let Some(letter) = raw[1..].chars().next() else { return raw.len() };
    let length = 1 + letter.len_utf8();
    let written = match letter {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'u' | 'U' => {
            let unit = |at: usize| u16::from_str_radix(raw.get(at + 2..at + 6)?, 16).ok();
            let Some(first) = unit(0) else {
                located.verbatim(&raw[..length], source);
                return length;
            };
            let second = raw.get(6..8).filter(|mark| *mark == "\\u" || *mark == "\\U").and_then(|_| unit(6));
            let both = second.and_then(|second| char::decode_utf16([first, second]).next()?.ok().filter(|c| c.len_utf16() == 2));
            let length = if both.is_some() { 12 } else { 6 };
            let c = both.or(char::from_u32(first.into())).unwrap_or('\u{FFFD}');
            located.escape(c.encode_utf8(&mut [0; 4]), source, length);
            return length;
        }
        other => other,
    };
    located.escape(written.encode_utf8(&mut [0; 4]), source, length);
    length
}

/// `key=text`, `key: text` or `key text`; a line that ends with a backslash goes on in the next.
fn properties(text: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut all = lines(text);
    while let Some((start, line)) = all.next() {
        let words = line.trim_start();
        if words.is_empty() || words.starts_with(['#', '!']) {
            continue;
        }
        let ends = words.char_indices().find(|(at, c)| (c.is_whitespace() || matches!(c, '=' | ':')) && !is_escaped(words, *at));
        let end = ends.map_or(words.len(), |(at, _)| at);
        let behind = words[end..].trim_start();
        let value = behind.strip_prefix(['=', ':']).unwrap_or(behind).trim_start();
        let mut located = Located::default();
        let first = start;
        let (mut at, mut value) = (start + line.len() - value.len(), value);
        loop {
            let goes_on = is_escaped(value, value.len());
            unquoted(if goes_on { &value[..value.len() - 1] } else { value }, at, &mut located);
            let Some((start, line)) = goes_on.then(|| all.next()).flatten() else { break };
            value = line.trim_start();
            at = start + line.len() - value.len();
        }
        let (text, place) = located.finish();
        entries.push(Entry { key: words[..end].to_owned(), text, place, starts: [first, first] });
    }
    entries
}

/// Whether an odd number of backslashes stands before a byte.
fn is_escaped(text: &str, at: usize) -> bool {
    (text[..at].len() - text[..at].trim_end_matches('\\').len()) % 2 == 1
}

fn unquoted(raw: &str, source: usize, located: &mut Located) {
    let mut at = 0;
    while let Some(c) = raw[at..].chars().next() {
        if c == '\\' {
            at += escape(&raw[at..], source + at, located);
        } else {
            located.verbatim(&raw[at..at + c.len_utf8()], source + at);
            at += c.len_utf8();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, form: Form) -> Vec<(String, String)> {
        assert_eq!(Form::of(text), form);
        Found::of(text, form).entries.into_iter().map(|entry| (entry.key, entry.text)).collect()
    }

    fn pair(key: &str, text: &str) -> (String, String) {
        (key.to_owned(), text.to_owned())
    }

    #[test]
    fn translations_may_have_several_lines_and_forms() {
        let text = "msgid \"\"\nmsgstr \"\"\n\"Language: zh\\n\"\n\n#: a.c:1\n#~ msgid \"old\"\nmsgid \"wait\"\nmsgid_plural \"waits\"\nmsgstr[0] \"\"\n\"您好，\"\n\"请说\\\"好\\\"\"\n";
        assert_eq!(told(text, Form::Po), [pair("wait", "您好，请说\"好\"")]);
    }

    #[test]
    fn assignments_may_have_comments_between_them() {
        let text = "/* \"a\" = \"b\"; */\n// 你好\n\"wait\" = \"你等\\n着\";\nbye=\"再见\" ;\n";
        assert_eq!(told(text, Form::Strings), [pair("wait", "你等\n着"), pair("bye", "再见")]);
    }

    #[test]
    fn properties_may_go_on_in_the_next_line() {
        let text = "# 你\n! 你\nwait = 你等着\\\n   一下\nbye:\\u518d\\u89c1\nmood \\uD83D\\uDE00!\nempty=\n";
        assert_eq!(told(text, Form::Properties), [pair("wait", "你等着一下"), pair("bye", "再见"), pair("mood", "😀!")]);
    }

    #[test]
    fn what_is_cut_off_is_read_as_far_as_it_goes() {
        for text in ["msgid \"a\"\nmsgstr \"你\\", "\"a\" = \"你\\", "a=你\\", "a=\\u4f", "msgstr \"", "\"a\" = \"", "=", "\\"] {
            for form in [Form::Po, Form::Strings, Form::Properties] {
                let _ = Found::of(text, form);
            }
        }
    }
}
