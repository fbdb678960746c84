//! `[dates]`: named lists of days, such as public holidays.

use std::collections::BTreeMap;

use jiff::civil::Date;

use serde::{Deserialize, Serialize};

use super::notation::Mistake;
use super::{Pack, PackError};

/// Days, as first and last day of stretches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    stretches: Vec<(Date, Date)>,
}

impl Days {
    /// Whether a day written as `2024-10-01` is one of them.
    pub fn hold(&self, date: &str) -> bool {
        let Ok(date) = date.parse::<Date>() else { return false };
        self.stretches.iter().any(|&(first, last)| first <= date && date <= last)
    }

    pub(super) fn extend(&mut self, other: &Self) {
        self.stretches.extend_from_slice(&other.stretches);
    }
}

/// All lists by name. A list of the same name in a later pack adds to it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Calendar {
    lists: BTreeMap<String, Days>,
}

impl Calendar {
    /// Adds the lists of a pack.
    pub fn read(&mut self, pack: &Pack, mistakes: &mut Vec<PackError>) {
        for (name, entry) in &pack.document.dates {
            let mut days = Days::default();
            for text in &entry.get_ref().0 {
                match stretch(text.get_ref()) {
                    Ok(stretch) => days.stretches.push(stretch),
                    Err((message, remedy)) => {
                        let at = if text.span().is_empty() { entry.span().start } else { text.span().start };
                        mistakes.push(pack.mistake(at, format!("[dates] {name}: {message}"), remedy));
                    }
                }
            }
            self.lists.entry(name.clone()).or_default().extend(&days);
        }
    }

    /// The list of a name.
    pub fn get(&self, name: &str) -> Result<&Days, Mistake> {
        self.lists.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.lists.keys().map(String::as_str).collect();
            let remedy = if known.is_empty() {
                "define it: [dates] holidays = [\"2024-10-01/2024-10-07\"]".to_owned()
            } else {
                format!("define it under [dates]; known are: {}", known.join(", "))
            };
            (format!("date: there is no list `{name}`"), remedy)
        })
    }
}

/// `2024-10-01`, or an ISO 8601 interval of days, both included: `2024-10-01/2024-10-07`.
fn stretch(text: &str) -> Result<(Date, Date), Mistake> {
    let (first, last) = text.split_once('/').unwrap_or((text, text));
    match (first.trim().parse::<Date>(), last.trim().parse::<Date>()) {
        (Ok(first), Ok(last)) if first <= last => Ok((first, last)),
        (Ok(_), Ok(_)) => Err((format!("`{text}` ends before it begins"), "write the first day first".to_owned())),
        _ => Err((format!("`{text}` is no day"), "write 2024-10-01, or first and last day: 2024-10-01/2024-10-07".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_holds_both_its_ends() {
        let days = Days { stretches: vec![stretch("2024-10-01/2024-10-07").expect("days")] };
        assert!(days.hold("2024-10-01") && days.hold("2024-10-07"));
        assert!(!days.hold("2024-10-08") && !days.hold("10:00"));
        assert!(stretch("2024-02-30").is_err());
        assert!(stretch("2024-10-07/2024-10-01").is_err());
    }
}
