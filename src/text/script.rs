//! Simplified and Traditional: one table, used to fold characters and to tell a text's script.

use std::sync::OnceLock;

/// The table's source: pairs of a Traditional and a Simplified character, then the characters of both scripts.
const CHARACTERS: &str = include_str!("characters.txt");

/// Which of the two standard scripts a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Script {
    /// 简体, as written in mainland China and Singapore; also the answer where nothing tells.
    #[default]
    Simplified,
    /// 繁體, as written in Taiwan, Hong Kong and Macau.
    Traditional,
}

/// Counts the characters that only one script has, over as many texts as are given.
///
/// A single turn often cannot be told (好的, 再見吧 can, 可以 cannot), so callers count a whole conversation.
#[derive(Debug, Clone, Copy, Default)]
pub struct ScriptCount {
    traditional: usize,
    simplified: usize,
}

impl ScriptCount {
    /// Counts the characters of `text`.
    pub fn add(&mut self, text: &str) {
        let table = table();
        for c in text.chars() {
            let evidence = usize::from(table.evidence.get(c as usize).copied().unwrap_or(0));
            // Every turn is counted: most characters are of both scripts, and nobody foresees which.
            self.traditional += evidence & 1;
            self.simplified += evidence >> 1;
        }
    }

    /// How many characters were counted that only `script` has.
    pub fn of(self, script: Script) -> usize {
        match script {
            Script::Simplified => self.simplified,
            Script::Traditional => self.traditional,
        }
    }

    /// The script of what was counted; Simplified where there is as much of both.
    pub fn script(self) -> Script {
        if self.traditional > self.simplified { Script::Traditional } else { Script::Simplified }
    }

    /// The same; none where nothing was counted that only one script has.
    pub fn told(self) -> Option<Script> {
        (self.traditional + self.simplified > 0).then(|| self.script())
    }
}

/// The Simplified form of a character of the Basic Multilingual Plane; any other character unchanged.
#[inline]
pub(super) fn simplified(c: char) -> char {
    table().simplified(c)
}

struct Table {
    /// Index: UTF-16 code unit; value: the Simplified form.
    forms: Box<[u16]>,
    /// Bit 0: only Traditional text has it; bit 1: only Simplified text.
    evidence: Box<[u8]>,
}

impl Table {
    #[inline]
    fn simplified(&self, c: char) -> char {
        match self.forms.get(c as usize) {
            Some(&form) => char::from_u32(u32::from(form)).unwrap_or(c),
            None => c,
        }
    }
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut forms: Box<[u16]> = (0..=u16::MAX).collect();
        let mut evidence = vec![0u8; 1 << 16].into_boxed_slice();
        let mut shared = "";
        for line in CHARACTERS.lines().filter(|line| !line.starts_with('#')) {
            if let Some(characters) = line.strip_prefix("shared ") {
                shared = characters;
                continue;
            }
            for pair in line.split(' ') {
                let mut characters = pair.chars();
                if let (Some(traditional), Some(simplified)) = (characters.next(), characters.next()) {
                    forms[traditional as usize] = simplified as u16;
                    evidence[traditional as usize] = 1;
                    evidence[simplified as usize] = 2;
                }
            }
        }
        for c in shared.chars() {
            evidence[c as usize] = 0;
        }
        Table { forms, evidence }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(text: &str) -> Script {
        let mut count = ScriptCount::default();
        count.add(text);
        count.script()
    }

    #[test]
    fn characters_fold_to_simplified() {
        let folded: String = "妳請稍候聽著麼裡餵諮詢".chars().map(simplified).collect();
        assert_eq!(folded, "你请稍候听着么里喂咨询");
        assert_eq!(simplified('候'), '候');
        assert_eq!(simplified('哪'), '哪');
        assert_eq!(simplified('😀'), '😀');
    }

    #[test]
    fn script_follows_the_characters_that_only_one_has() {
        assert_eq!(script("請問您貴姓"), Script::Traditional);
        assert_eq!(script("请问您贵姓"), Script::Simplified);
        assert_eq!(script("好的"), Script::Simplified);
        assert_eq!(script("著名的台北后里"), Script::Simplified);
    }
}
