//! Who speaks: the word that every format is read into.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename_all = "lowercase"))]
pub enum Speaker {
    /// 客服, 坐席: the one whose wording is looked at.
    Agent,
    /// 客户, 顾客, 买家.
    Customer,
    /// A program that answers under its own name.
    Bot,
    /// Notices of the platform, and what no customer saw: recalled messages, notes and talk among colleagues.
    System,
    /// Nobody could tell.
    #[default]
    #[cfg_attr(test, schemars(skip))]
    Unknown,
}

impl Speaker {
    /// The word of the JSON shapes and of `--speaker`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Customer => "customer",
            Self::Bot => "bot",
            Self::System => "system",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Speaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Speaker {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "agent" | "客服" | "坐席" | "座席" => Ok(Self::Agent),
            "customer" | "客户" | "客戶" | "顾客" | "顧客" => Ok(Self::Customer),
            "bot" | "机器人" | "機器人" => Ok(Self::Bot),
            "system" | "系统" | "系統" => Ok(Self::System),
            _ => Err(format!("`{word}` is no speaker: use agent, customer, bot or system")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speakers_are_named_in_both_languages_and_scripts() {
        for (words, speaker) in [
            (["agent", "客服", "坐席"], Speaker::Agent),
            (["customer", "客户", "顧客"], Speaker::Customer),
            (["bot", "机器人", "機器人"], Speaker::Bot),
            (["system", "系统", "系統"], Speaker::System),
        ] {
            words.into_iter().for_each(|word| assert_eq!(word.parse(), Ok(speaker), "{word}"));
        }
        assert!("unknown".parse::<Speaker>().is_err());
    }
}
