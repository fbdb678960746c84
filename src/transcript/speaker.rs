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
            "agent" => Ok(Self::Agent),
            "customer" => Ok(Self::Customer),
            "bot" => Ok(Self::Bot),
            "system" => Ok(Self::System),
            _ => Err(format!("`{word}` is no speaker: use agent, customer, bot or system")),
        }
    }
}
