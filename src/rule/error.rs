//! A mistake in a pack, or in another file that people write in TOML, told so that its author can put it right.

use std::fmt;

/// A mistake in a pack or in `phrase-lint.toml`: where, what, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackError {
    /// The file, or the name of a built-in pack.
    pub file: String,
    /// The line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// What is wrong, with the offending text.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl PackError {
    /// A mistake at a line of a file.
    pub fn new(file: &str, line: usize, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, message: message.into(), remedy: remedy.into() }
    }

    /// The first mistake of TOML's own grammar, or the first unknown key or wrong type, in the file with this text.
    pub fn of_toml(file: &str, text: &str, error: &toml::de::Error) -> Self {
        let line = error.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        let at = error.span().map_or(0, |span| span.start.min(text.len()));
        if let Some((message, remedy)) = below_zero(text, at, error.message()) {
            return Self::new(file, line, message, remedy);
        }
        let is_list = error.message().ends_with("expected a sequence");
        let list = is_list.then(|| "write a list: [\"…\"]".to_owned());
        let quotes = || unquoted(error.message(), error.span().and_then(|span| text.get(span.start..)).unwrap_or_default());
        Self::new(file, line, error.message(), nearest_key(error.message()).or(list).or_else(quotes).unwrap_or_default())
    }
}

/// From ``unknown field `improperr`, expected one of `id`, …`` the field that was probably meant.
fn nearest_key(message: &str) -> Option<String> {
    let mut quoted = message.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2).peekable();
    let wrong = quoted.next()?;
    // What is a key of a table stands before it.
    let table = match wrong {
        _ if quoted.peek() != Some(&"pack") => None,
        "category" | "title" | "title_hant" => Some("[pack]"),
        "id" | "improper" | "professional" | "professional_hant" | "severity" | "points" | "bad" | "good" => Some("[[phrase]]"),
        _ => None,
    };
    if let Some(table) = table {
        return Some(format!("write `{wrong}` below a line {table}"));
    }
    let nearest = quoted.max_by(|one, other| strsim::jaro_winkler(wrong, one).total_cmp(&strsim::jaro_winkler(wrong, other)))?;
    Some(format!("did you mean `{nearest}`?"))
}

/// From a number below 0 where there can be none: what is wrong, in which rule, and what to do. `at` is the byte of the number.
fn below_zero(text: &str, at: usize, message: &str) -> Option<(String, String)> {
    let number = message.strip_prefix("invalid value: integer `")?.strip_suffix("`, expected u32")?;
    let (before, behind) = text.split_at_checked(at)?;
    let key = before.rsplit('\n').next()?.split('=').next()?.trim();
    // The rule is that of the entry which holds the line.
    let entry = before.rfind("[[").map_or(0, |start| start);
    let end = behind.find("\n[").map_or(text.len(), |end| at + end);
    let id = text[entry..end].lines().find_map(|line| line.trim_start().strip_prefix("id")?.trim_start().strip_prefix('='));
    let rule = id.map_or_else(String::new, |id| format!("{}: ", id.trim().trim_matches(['"', '\''])));
    let positive = number.trim_start_matches('-');
    let remedy = match number.strip_prefix('-') {
        Some(_) if key == "points" => format!("points are what a violation takes away: write points = {positive}"),
        _ => format!("write a whole number from 0 to {}", u32::MAX),
    };
    Some((format!("{rule}`{key} = {number}` is no number that can be meant here"), remedy))
}

/// What to do about text without quotes: behind them a key may be Chinese, as a value may. `rest` begins with what is wrong.
fn unquoted(message: &str, rest: &str) -> Option<String> {
    if message.starts_with("invalid unquoted key") {
        let key: String = rest.chars().take_while(|c| c.is_alphanumeric() || "-_".contains(*c)).collect();
        let key = if key.is_empty() { "…" } else { &key };
        return Some(format!("write a key that is not plain ASCII in quotes: \"{key}\" = …"));
    }
    message.starts_with("string values must be quoted").then(|| "write text in straight quotes: \"…\"".to_owned())
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}", self.message)?;
        if !self.remedy.is_empty() {
            write!(f, "\n  help: {}", self.remedy)?;
        }
        Ok(())
    }
}

impl std::error::Error for PackError {}

#[cfg(test)]
mod tests {
    use crate::rule::Pack;

    #[test]
    fn what_stands_elsewhere_or_is_below_zero_is_told_with_its_place() {
        let told = |text: &str| Pack::parse("house.toml", text).expect_err("it is wrong").to_string();
        let message = told("[pack]\ncategory = \"house\"\n[[phrase]]\nid = \"wait\"\nimproper = \"等着\"\npoints = -3\n");
        let expected = "house.toml:6: wait: `points = -3` is no number that can be meant here\n  help: points are what a violation takes \
                        away: write points = 3";
        assert_eq!(message, expected);
        assert!(told("category = \"house\"\n").ends_with("\n  help: write `category` below a line [pack]"));
        assert!(told("[pack]\ncategory = \"house\"\n[[phrases]]\n").ends_with("did you mean `phrase`?"));
    }

    #[test]
    fn what_wants_quotes_is_told_so() {
        let told = |text: &str| Pack::parse("house.toml", text).expect_err("it is wrong").to_string();
        let message = told("[pack]\ncategory = \"house\"\n[count]\n请 = \"请\"\n");
        assert!(
            message.starts_with("house.toml:4: ")
                && message.ends_with("\n  help: write a key that is not plain ASCII in quotes: \"请\" = …"),
            "{message}"
        );
        for text in ["[pack]\ncategory = 本店\n", "[pack]\ncategory = “本店”\n"] {
            assert!(told(text).ends_with("\n  help: write text in straight quotes: \"…\""), "{}", told(text));
        }
        assert!(Pack::parse("house.toml", "[pack]\ncategory = \"house\"\n[count]\n\"请\" = \"请\"\n").is_ok());
    }
}
