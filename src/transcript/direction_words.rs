//! The words that exports have for who called whom.

use super::Direction;
use super::field_names::folded;

/// What helps where nobody knows who called whom.
pub(super) const REMEDY: &str = "write inbound or outbound (呼入, 呼出); a conversation without is what --direction says, else inbound";

/// Whether a cell is filled in only so that it is not empty.
pub(super) fn says_nothing(written: &str) -> bool {
    matches!(folded(written).as_str(), "" | "—" | "/" | "无" | "未知" | "unknown" | "n/a" | "na" | "null" | "none")
}

impl Direction {
    /// Who began a conversation, by any word that exports have for it.
    pub(super) fn of(word: &str) -> Option<Self> {
        match folded(word).trim_end_matches("电话").trim_end_matches("通话").trim_end_matches("call") {
            "inbound" | "in" | "incoming" | "callin" | "dialin" | "呼入" | "来电" | "进线" | "拨入" | "打入" | "打进" | "接入" | "接听"
            | "被叫" => Some(Self::Inbound),
            "outbound" | "out" | "outgoing" | "callout" | "dialout" | "呼出" | "外呼" | "去电" | "拨出" | "外拨" | "打出" | "主叫"
            | "回拨" | "回访" => Some(Self::Outbound),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_have_many_words_for_who_called() {
        for word in ["inbound", "Incoming", "呼入", "來電", "來電電話", "撥入", "拨入", "進線", "被叫", "inbound_call", "Call In"]
        {
            assert_eq!(Direction::of(word), Some(Direction::Inbound), "{word}");
        }
        for word in ["Outbound", "OUT", "呼出", "外呼", "撥出", "拨出", "外撥", "外拨", "去電", "主叫", "呼出通話", "outbound call"]
        {
            assert_eq!(Direction::of(word), Some(Direction::Outbound), "{word}");
        }
        assert_eq!(Direction::of("内部"), None);
    }
}
