//! Message bodies in HTML: their text, with the place of every character.
//!
//! The tokenizer tells where every tag and every run of text stands, but undoes entities (`&amp;`) within a run
//! without telling where: so a run is divided at its entities, and each is read by itself.

use std::ops::Range;

use html5gum::{DefaultEmitter, Token, Tokenizer};

use super::Place;
use super::located::Located;

/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "td",
    "th",
    "tr",
    "ul",
];
/// Elements whose text nobody reads here, or that quote what somebody else wrote.
const SILENT: &[&str] = &["blockquote", "head", "script", "style", "template", "title"];

/// The text of a body and where it stands; `html` stands at `place`.
pub(super) fn text_of(html: &str, place: &Place) -> (String, Place) {
    if !html.contains(['<', '&']) {
        return (html.to_owned(), place.clone());
    }
    let mut body = Body { html, place, text: Located::default(), line_end: None, space: None };
    // Those that are open, and how often each is.
    let (mut silent, mut open) = (Vec::new(), [0_usize; SILENT.len()]);
    let silent_of = |name: &str| SILENT.iter().position(|known| *known == name);
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(html, emitter).flatten() {
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                body.tag(&name, tag.span.start..tag.span.end);
                if let Some(known) = silent_of(&name).filter(|_| !tag.self_closing) {
                    silent.push(known);
                    open[known] += 1;
                }
            }
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                body.tag(&name, tag.span.start..tag.span.end);
                // It ends those within it as well.
                if let Some(known) = silent_of(&name).filter(|known| open[*known] > 0) {
                    while let Some(last) = silent.pop() {
                        open[last] -= 1;
                        if last == known {
                            break;
                        }
                    }
                }
            }
            Token::String(run) if silent.is_empty() => body.run(run.span.start..run.span.end),
            Token::String(_) | Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    body.text.finish()
}

/// Calls `take` for the stretches of a run of text without tags: each as it stands, or an entity with what it means.
pub(super) fn for_each_entity(run: &str, take: &mut dyn FnMut(Range<usize>, Option<&str>)) {
    let mut at = 0;
    for (start, _) in run.match_indices('&') {
        if start < at {
            continue;
        }
        let rest = &run[start + 1..];
        let name = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '#').unwrap_or(rest.len());
        let end = start + 1 + name + usize::from(rest[name..].starts_with(';'));
        let means = entity(&run[start..end]);
        if means == run[start..end] {
            continue;
        }
        if start > at {
            take(at..start, None);
        }
        take(start..end, Some(&means));
        at = end;
    }
    if at < run.len() {
        take(at..run.len(), None);
    }
}

/// What an entity means; itself where it is none.
fn entity(written: &str) -> String {
    let mut means = Vec::new();
    for token in Tokenizer::new(written).flatten() {
        if let Token::String(run) = token {
            means.extend_from_slice(&run);
        }
    }
    String::from_utf8_lossy(&means).into_owned()
}

struct Body<'h> {
    html: &'h str,
    place: &'h Place,
    text: Located,
    /// A tag that ends the line, where text stands before it.
    line_end: Option<Range<usize>>,
    /// White space of which it is not known yet whether it stands between words.
    space: Option<Range<usize>>,
}

impl Body<'_> {
    fn tag(&mut self, name: &str, range: Range<usize>) {
        if BLOCKS.contains(&name) && !self.text.as_str().is_empty() {
            self.line_end.get_or_insert(range);
            self.space = None;
        }
    }

    fn run(&mut self, range: Range<usize>) {
        let Some(run) = self.html.get(range.clone()) else { return };
        let mut stretches = Vec::new();
        for_each_entity(run, &mut |within, means| stretches.push((within, means.map(str::to_owned))));
        for (within, means) in stretches {
            let (start, end) = (range.start + within.start, range.start + within.end);
            match means {
                Some(means) => {
                    self.between();
                    self.text.instead(&means, self.place, start..end);
                }
                None => self.words(start..end),
            }
        }
    }

    /// Text as it stands; runs of white space read as one space, and none at the ends of lines.
    fn words(&mut self, range: Range<usize>) {
        let Some(text) = self.html.get(range.clone()) else { return };
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{C}');
        let mut at = 0;
        while at < text.len() {
            let word = at + text[at..].find(|c| !is_space(c)).unwrap_or(text.len() - at);
            if word > at {
                self.space.get_or_insert(range.start + at..range.start + word);
            }
            let end = word + text[word..].find(is_space).unwrap_or(text.len() - word);
            if end > word {
                self.between();
                self.text.part(self.html, self.place, range.start + word..range.start + end);
            }
            at = end;
        }
    }

    /// Adds what stands between the text so far and the words that follow.
    fn between(&mut self) {
        let space = self.space.take();
        if let Some(tag) = self.line_end.take() {
            self.text.instead("\n", self.place, tag);
        } else if let Some(space) = space.filter(|_| !self.text.as_str().is_empty()) {
            if &self.html[space.clone()] == " " {
                self.text.part(self.html, self.place, space);
            } else {
                self.text.instead(" ", self.place, space);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> String {
        text_of(html, &Place::Verbatim(0)).0
    }

    #[test]
    fn tags_are_no_words_and_blocks_are_lines() {
        assert_eq!(read("您好"), "您好");
        assert_eq!(read("<p>您好，<b>王</b>先生</p>\n<p>请稍等</p>"), "您好，王先生\n请稍等");
        assert_eq!(read("甲<br>乙<br/><br/>丙"), "甲\n乙\n丙");
        assert_eq!(read("<ul>\n <li>一</li>\n <li>二</li>\n</ul>"), "一\n二");
        assert_eq!(read("<style>p{color:red}</style><p>好 \n 的</p><script>if(a<b){}</script>"), "好 的");
        assert_eq!(read("<p>好</p><blockquote>你<blockquote>们<template>a</blockquote>太</template>慢</blockquote>的"), "好\n的");
        assert_eq!(read("<p>收到</p><blockquote>你们太慢了</blockquote><p>谢谢</p>"), "收到\n谢谢");
        assert_eq!(read("3 < 5 & 6 <!-- 注 -->"), "3 < 5 & 6");
        assert_eq!(read(""), "");
    }

    /// What is open is not gone through for each end that ends nothing.
    #[test]
    fn ends_without_a_beginning_end_nothing() {
        let html = format!("好{}{}", "<blockquote>".repeat(200_000), "</template>".repeat(200_000));
        assert_eq!(read(&html), "好");
    }

    #[test]
    fn entities_are_decoded() {
        assert_eq!(read("A&amp;B&nbsp;&lt;3&gt; &#24744;&#x597D; &unknown; &copy 2024"), "A&B\u{A0}<3> 您好 &unknown; © 2024");
    }

    #[test]
    fn every_character_knows_where_it_stands() {
        // As within a JSON string: the tag holds an escape.
        let source = r#"<p class=\"a\">您&amp;好</p><p>稍等</p>"#;
        let html = r#"<p class="a">您&amp;好</p><p>稍等</p>"#;
        let mut located = Located::default();
        let mut at = 0;
        for (quote, _) in source.match_indices("\\\"") {
            located.verbatim(&source[at..quote], 100 + at);
            located.escape("\"", 100 + quote, 2);
            at = quote + 2;
        }
        located.verbatim(&source[at..], 100 + at);
        let (decoded, place) = located.finish();
        assert_eq!(decoded, html);
        let (text, place) = text_of(html, &place);
        assert_eq!(text, "您&好\n稍等");
        let range = |part: &str| {
            let start = text.find(part).unwrap();
            place.source_range(start..start + part.len()).map(|range| &source[range.start - 100..range.end - 100])
        };
        assert_eq!(range("您"), Some("您"));
        assert_eq!(range("&"), Some("&amp;"));
        assert_eq!(range("好"), Some("好"));
        assert_eq!(range("稍等"), Some("稍等"));
        assert_eq!(range("\n"), Some("</p>"));
        assert_eq!(range("您&好"), Some("您&amp;好"));
    }
}
