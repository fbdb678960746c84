//! Comments that speak to the linter, `# phrase-lint: …` and `<!-- phrase-lint: … -->`, in formats made of lines. No
//! reader takes them for words; what they say is none of its business.

/// What every such comment begins with, behind its mark; a colon of either width follows.
pub(crate) const NAME: &str = "phrase-lint";

/// A comment at the end of a line, or all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Comment<'l> {
    /// What stands before it.
    pub before: &'l str,
    /// What it says, behind its name.
    pub said: &'l str,
    /// Whether the colon stands behind its name, without which it says nothing.
    pub has_colon: bool,
}

/// What comments of a document begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opening {
    /// `#` or `<!--`, alone on a line or at its end.
    Hash,
    /// `#` at the start of a line: behind words it is one of them.
    HashAlone,
    /// `#` or `!` at the start of a line.
    HashOrBangAlone,
    /// `//`, or `/*` up to `*/`, outside of quotes.
    Slashes,
}

impl<'l> Comment<'l> {
    /// The comment on a line of a document whose comments open like this; none where there is none.
    pub(crate) fn opened_by(opening: Opening, line: &'l str) -> Option<Self> {
        if opening == Opening::Hash {
            return Self::of(line);
        }
        let name = memchr::memmem::find(line.as_bytes(), NAME.as_bytes())?;
        let (said, has_colon) = said(&line[name + NAME.len()..])?;
        let head = line[..name].trim_end();
        if opening == Opening::Slashes {
            let is_block = head.ends_with("/*");
            let before = head.strip_suffix("/*").or_else(|| head.strip_suffix("//"))?;
            let quotes = before.matches('"').count() - before.matches("\\\"").count();
            let (said, behind) = if is_block { said.split_once("*/").unwrap_or((said, "")) } else { (said, "") };
            return (quotes % 2 == 0 && behind.trim().is_empty()).then(|| Self { before, said: said.trim(), has_colon });
        }
        let is_mark = |c: char| c == '#' || (c == '!' && opening == Opening::HashOrBangAlone);
        (head.trim_start().starts_with(is_mark) && head.trim_start().trim_start_matches(is_mark).is_empty()).then(|| Self {
            before: "",
            said: said.trim(),
            has_colon,
        })
    }

    /// The comment that ends a line; none where there is none.
    pub(crate) fn of(line: &'l str) -> Option<Self> {
        // What stands behind one `-->` stands behind all before it, whose end need not be looked for.
        let mut is_within = false;
        memchr::memmem::rfind_iter(line.as_bytes(), NAME.as_bytes()).find_map(|name| Self::named_at(line, name, &mut is_within))
    }

    /// The comment whose name stands at this byte; `is_within` notes that words stand behind one in angle brackets.
    fn named_at(line: &'l str, name: usize, is_within: &mut bool) -> Option<Self> {
        let head = line[..name].trim_end();
        let (said, has_colon) = said(&line[name + NAME.len()..])?;
        if let Some(before) = head.strip_suffix("<!--") {
            if *is_within {
                return None;
            }
            let (said, behind) = said.split_once("-->").unwrap_or((said, ""));
            // A bar ends the row of a table in which it stands.
            *is_within = !behind.chars().all(|c| c == '|' || c.is_whitespace());
            return (!*is_within).then(|| Self { before, said: said.trim(), has_colon });
        }
        let before = head.strip_suffix('#')?.trim_end_matches('#');
        // A mark within a word or an address begins no comment.
        (before.is_empty() || before.ends_with(char::is_whitespace)).then(|| Self { before, said: said.trim(), has_colon })
    }

    /// Whether the line holds no words beside it: a list mark is none.
    pub(crate) fn is_alone(&self) -> bool {
        let before = self.before.trim_start();
        let behind_number = before.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(['.', ')', '、']);
        !behind_number.unwrap_or(before).chars().any(char::is_alphanumeric)
    }
}

/// Whether a line that holds no comment has one all the same, in a place or with a mark that makes it none.
pub(crate) fn is_meant(line: &str) -> bool {
    const MARKS: [&str; 6] = ["#", "<!--", "//", "/*", "--", ";"];
    // Between backticks it is shown.
    let name = memchr::memmem::find(line.as_bytes(), NAME.as_bytes()).filter(|_| !line.contains('`'));
    name.is_some_and(|name| {
        let head = line[..name].trim_end();
        let is_order = said(&line[name + NAME.len()..]).is_some_and(|(said, _)| said.trim_start().starts_with("ignore"));
        is_order && MARKS.iter().any(|mark| head.ends_with(mark))
    })
}

/// What a comment says behind its name, and whether the colon stands there that belongs between them.
fn said(behind: &str) -> Option<(&str, bool)> {
    if let Some(said) = behind.strip_prefix([':', '：']) {
        return Some((said, true));
    }
    // Without a colon only what can be nothing else: others may talk about the linter.
    (behind.trim_start().starts_with("ignore") && behind.starts_with(char::is_whitespace)).then_some((behind, false))
}

/// Takes comments off the lines of a block. Most blocks hold none, and their lines need not be looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comments {
    are_there: bool,
}

impl Comments {
    /// Those of a text.
    pub(super) fn of(text: &str) -> Self {
        Self { are_there: memchr::memmem::find(text.as_bytes(), NAME.as_bytes()).is_some() }
    }

    /// A line without the comment at its end; none where it is nothing else.
    pub(super) fn take_off(self, line: &str) -> Option<&str> {
        let comment = if self.are_there { Comment::of(line) } else { None };
        match comment {
            Some(comment) => (!comment.is_alone()).then(|| comment.before.trim_end()),
            None => Some(line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(line: &str) -> Option<(&str, &str, bool)> {
        Comment::of(line).map(|comment| (comment.before, comment.said, comment.is_alone()))
    }

    #[test]
    fn comments_stand_alone_or_end_a_line() {
        assert_eq!(parts("# phrase-lint: ignore a/b — 因为"), Some(("", "ignore a/b — 因为", true)));
        assert_eq!(parts("你好  ## phrase-lint:ignore"), Some(("你好  ", "ignore", false)));
        assert_eq!(parts("你好 # phrase-lint：ignore a"), Some(("你好 ", "ignore a", false)));
        assert_eq!(parts("# phrase-lint: ignore a — 见 phrase-lint 文档"), Some(("", "ignore a — 见 phrase-lint 文档", true)));
        assert_eq!(parts("- <!-- phrase-lint: ignore a --> "), Some(("- ", "ignore a", true)));
        assert_eq!(parts("12. <!-- phrase-lint: ignore a -->"), Some(("12. ", "ignore a", true)));
        assert_eq!(parts("3 # phrase-lint: ignore a"), Some(("3 ", "ignore a", false)));
        assert_eq!(parts("你好<!--phrase-lint: ignore-->"), Some(("你好", "ignore", false)));
        assert_eq!(parts("| 你好 <!-- phrase-lint: ignore a --> |"), Some(("| 你好 ", "ignore a", false)));
        let comments = Comments::of("你好 # phrase-lint: ignore");
        assert_eq!(comments.take_off("你好 # phrase-lint: ignore"), Some("你好"));
        assert_eq!(comments.take_off("- <!-- phrase-lint: ignore -->"), None);
        assert_eq!(comments.take_off("# 你好"), Some("# 你好"));
    }

    #[test]
    fn comments_of_other_files_open_otherwise() {
        let said = |opening, line| Comment::opened_by(opening, line).map(|comment| (comment.said, comment.is_alone()));
        assert_eq!(said(Opening::HashAlone, "# phrase-lint: ignore a"), Some(("ignore a", true)));
        assert_eq!(said(Opening::HashAlone, "! phrase-lint: ignore a"), None);
        assert_eq!(said(Opening::HashOrBangAlone, " ! phrase-lint: ignore a"), Some(("ignore a", true)));
        assert_eq!(said(Opening::HashOrBangAlone, "a=你好 # phrase-lint: ignore a"), None);
        assert_eq!(said(Opening::Slashes, "/* phrase-lint: ignore a */"), Some(("ignore a", true)));
        assert_eq!(said(Opening::Slashes, "\"a\" = \"你好\"; // phrase-lint: ignore a"), Some(("ignore a", false)));
        assert_eq!(said(Opening::Slashes, "\"a\" = \"你好 // phrase-lint: ignore a\";"), None);
        assert_eq!(said(Opening::Slashes, "/* phrase-lint: ignore a */ \"a\" = \"你好\";"), None);
    }

    #[test]
    fn a_colon_may_be_missing_where_the_rest_is_plain() {
        for line in ["你好 # phrase-lint ignore a", "<!-- phrase-lint  ignore-file -->"] {
            assert!(Comment::of(line).is_some_and(|comment| !comment.has_colon), "{line}");
        }
        assert!(Comment::of("# phrase-lint：ignore a").is_some_and(|comment| comment.has_colon));
    }

    #[test]
    fn what_is_meant_as_a_comment_is_known() {
        for line in ["// phrase-lint: ignore a", "| 你好 <!-- phrase-lint: ignore --> | 您好 |", "1,你好#phrase-lint：ignore a"] {
            assert!(is_meant(line) && Comment::of(line).is_none(), "{line}");
        }
        for line in ["`// phrase-lint: ignore a`", "phrase-lint: ignore a", "# phrase-lint 好用", "// phrase-lint: 你好"] {
            assert!(!is_meant(line), "{line}");
        }
    }

    #[test]
    fn other_mentions_are_words() {
        for line in [
            "# phrase-lint 好用",
            "# phrase-lint-ignore",
            "phrase-lint: ignore",
            "a#phrase-lint: ignore",
            "<!-- phrase-lint: ignore --> 你好",
            "# 你好",
            "说 phrase-lint: 好用",
        ] {
            assert_eq!(parts(line), None, "{line}");
        }
    }
}
