//! The words of reports for a quality team: headings and labels in Simplified, Traditional and English.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::rule::Wording;
use crate::text::{Script, ScriptCount, traditional};
use crate::violation::{Applicability, Severity};

use super::record::Findings;
use super::visible::visible;

/// The language of headings and labels. Messages and rewrites stay in the language of the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// 简体中文.
    Simplified,
    /// 繁體中文.
    Traditional,
    /// English.
    English,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 3] = [Self::Simplified, Self::Traditional, Self::English];

    /// The names that `--language` takes.
    pub const NAMES: [&'static str; 3] = ["zh-Hans", "zh-Hant", "en"];

    /// Its tag (BCP 47).
    pub fn as_str(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The words of this language.
    pub fn labels(self) -> &'static Labels {
        match self {
            Self::Simplified => &SIMPLIFIED,
            Self::Traditional => &TRADITIONAL,
            Self::English => &ENGLISH,
        }
    }

    /// Of two forms of a title the one that suits; rules have no English titles.
    pub fn pick(self, wording: &Wording) -> &str {
        wording.get(if self == Self::Traditional { Script::Traditional } else { Script::Simplified })
    }

    /// A word that packs count, as this language writes it, fit to be shown.
    pub(super) fn word(self, word: &str) -> String {
        visible(&if self == Self::Traditional { traditional(word) } else { word.to_owned() }).into_owned()
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = [Self::Simplified, Self::Traditional, Self::English].into_iter().find(|language| language.as_str() == name);
        known.ok_or_else(|| format!("`{name}` is no language of reports: use {}", Self::NAMES.join(", ")))
    }
}

/// The script of the sentences in which something was found, from which a report takes its language.
///
/// Findings are all that a stored run has left, so a report made later reads like the one made at once.
#[derive(Debug, Default)]
pub(super) struct Reader {
    count: ScriptCount,
}

impl Reader {
    /// Counts the sentences of a conversation.
    pub fn add(&mut self, findings: &Findings) {
        for violation in &findings.violations {
            self.count.add(&violation.sentence);
        }
    }

    /// The language asked for, or that of what was counted.
    pub fn language(&self, wanted: Option<Language>) -> Language {
        wanted.unwrap_or(match self.count.script() {
            Script::Simplified => Language::Simplified,
            Script::Traditional => Language::Traditional,
        })
    }
}

macro_rules! labels {
    ($($name:ident: $hans:literal, $hant:literal, $english:literal;)*) => {
        /// Every word that a report for people has of its own.
        #[derive(Debug, Serialize)]
        #[allow(missing_docs)] // The words say it.
        pub struct Labels {
            $(pub $name: &'static str,)*
        }

        impl Labels {
            /// Every label with its name.
            pub fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)*]
            }
        }

        const SIMPLIFIED: Labels = Labels { $($name: $hans,)* };
        const TRADITIONAL: Labels = Labels { $($name: $hant,)* };
        const ENGLISH: Labels = Labels { $($name: $english,)* };
    };
}

labels! {
    title: "客服用语质检报告", "客服用語質檢報告", "Customer service wording report";
    overview: "总览", "總覽", "Overview";
    scorecard: "评分表", "評分表", "Scorecard";
    rules: "规则", "規則", "Rules";
    violations: "违规明细", "違規明細", "Violations";
    conversations: "会话数", "會話數", "Conversations";
    conversation: "会话", "會話", "Conversation";
    agent: "客服", "客服", "Agent";
    agents: "客服评分", "客服評分", "Agents";
    no_agent: "（未注明客服）", "（未註明客服）", "(no agent)";
    all_agents: "全部客服", "全部客服", "All agents";
    total: "合计", "合計", "Total";
    pass_rate: "合格率", "合格率", "Pass rate";
    pass_line: "合格线", "合格線", "Passes from";
    average: "平均分", "平均分", "Average score";
    fatal: "一票否决", "一票否決", "Failed outright";
    score: "得分", "得分", "Score";
    violation_count: "违规数", "違規數", "Violations";
    info_count: "提示数", "提示數", "Infos";
    and_infos: "另有提示 {0} 条", "另有提示 {0} 條", "and infos: {0}";
    infos: "提示明细", "提示明細", "Infos";
    per_hundred: "每百通违规", "每百通違規", "Per 100 conversations";
    category: "类别", "類別", "Category";
    by_category: "按类别", "按類別", "By category";
    by_day: "每日趋势", "每日趨勢", "By day";
    by_month: "每月趋势", "每月趨勢", "By month";
    rule: "规则编号", "規則編號", "Rule";
    rule_title: "规则名称", "規則名稱", "Title";
    all_rules: "全部规则", "全部規則", "All rules";
    why: "原因", "原因", "Why";
    hits: "次数", "次數", "Hits";
    affected: "涉及会话", "涉及會話", "Conversations hit";
    share: "会话占比", "會話占比", "Share of conversations";
    examples: "实例", "實例", "Examples";
    file: "文件", "檔案", "File";
    turn: "第几句", "第幾句", "Turn";
    time: "时间", "時間", "Time";
    severity: "级别", "級別", "Severity";
    error: "严重", "嚴重", "error";
    warning: "一般", "一般", "warning";
    info: "提示", "提示", "info";
    sentence: "原句", "原句", "Sentence";
    words: "不当用语", "不當用語", "Words";
    rewrite: "建议用语", "建議用語", "Rewrite";
    handling: "处理方式", "處理方式", "Use of the rewrite";
    safe: "可直接替换", "可直接替換", "safe to replace";
    suggested: "建议改写", "建議改寫", "suggested";
    example: "参考说法", "參考說法", "for example";
    points: "扣分", "扣分", "Points";
    message: "说明", "說明", "Message";
    truncated: "工作表放不下全部违规，其余请用 CSV 导出。", "工作表放不下全部違規，其餘請用 CSV 匯出。", "The sheet cannot hold all violations; the CSV form has the rest.";
    errors: "严重违规", "嚴重違規", "Errors";
    warnings: "一般违规", "一般違規", "Warnings";
    turns: "句数", "句數", "Turns";
    truncated_conversations: "工作表放不下全部会话，这里只列最差的。", "工作表放不下全部會話，這裡只列最差的。", "The sheet cannot hold all conversations; these are the worst.";
    order: "排序", "排序", "Order";
    by_input: "按原来的顺序", "按原來的順序", "As in the input";
    by_score: "得分低的在前", "得分低的在前", "Lowest score first";
    search: "搜索", "搜尋", "Search";
    search_hint: "原句、建议、会话编号", "原句、建議、會話編號", "sentence, rewrite, conversation";
    reset: "清除筛选", "清除篩選", "Clear filters";
    shown: "共 {0} 条违规", "共 {0} 條違規", "{0} violations";
    shown_of: "{0} / {1} 条违规", "{0} / {1} 條違規", "{0} of {1} violations";
    shown_of_both: "{0} / {1} 条违规和提示", "{0} / {1} 條違規和提示", "{0} of {1} violations and infos";
    shown_of_infos: "{0} / {1} 条提示", "{0} / {1} 條提示", "{0} of {1} infos";
    loading: "载入中…", "載入中…", "Loading…";
    none_found: "没有发现违规", "沒有發現違規", "No violations found";
    none_match: "没有符合筛选的违规", "沒有符合篩選的違規", "No violation matches the filters";
    choose: "选一条违规，查看整段会话", "選一條違規，查看整段會話", "Choose a violation to see its conversation";
    copy: "复制", "複製", "Copy";
    copied: "已复制", "已複製", "Copied";
    back: "返回列表", "返回列表", "Back to the list";
    previous: "上一条", "上一條", "Previous";
    next: "下一条", "下一條", "Next";
    show_all: "显示全部 {0} 行", "顯示全部 {0} 列", "Show all {0} rows";
    most_frequent: "最多", "最多", "Most often";
    no_text: "这份报告只保存了违规的句子；用 --with-text 可保存整段会话。", "這份報告只保存了違規的句子；用 --with-text 可保存整段會話。", "This report holds only the sentences with violations; --with-text keeps whole conversations.";
    print_note: "打印版只列前 {0} 条。", "列印版只列前 {0} 條。", "Printed: the first {0}.";
    no_script: "此页面需要启用 JavaScript 才能显示数据；页面不访问网络。", "此頁面需要啟用 JavaScript 才能顯示資料；頁面不存取網路。", "This page needs JavaScript to show its data; it uses no network.";
    speaker_agent: "客服", "客服", "Agent";
    speaker_customer: "客户", "客戶", "Customer";
    speaker_bot: "机器人", "機器人", "Bot";
    speaker_system: "系统", "系統", "System";
    speaker_unknown: "未知", "未知", "Unknown";
    courtesy: "礼貌用语（每百句）", "禮貌用語（每百句）", "Courtesy per 100 turns";
    courtesy_of: "{0}／百句", "{0}／百句", "{0} per 100 turns";
    untimed: "{0} 段会话没有时间，等待、时长一类的检查未作判断。", "{0} 段會話沒有時間，等待、時長一類的檢查未作判斷。", "No times in {0} conversations: checks of waits and lengths say nothing there.";
    hidden: "另有 {0} 处违规未列出：文件中标注不查，或基线中原有。", "另有 {0} 處違規未列出：檔案中標註不查，或基線中原有。", "{0} more violations are suppressed in the files or in the baseline.";
    skip: "跳到违规明细", "跳到違規明細", "Skip to the violations";
}

impl Labels {
    /// The word for a severity.
    pub fn of_severity(&self, severity: Severity) -> &'static str {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Info => self.info,
        }
    }

    /// What a reader does with a rewrite.
    pub fn of_applicability(&self, applicability: Applicability) -> &'static str {
        match applicability {
            Applicability::Safe => self.safe,
            Applicability::Suggested => self.suggested,
            Applicability::Example => self.example,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn the_script_of_the_sentences_decides_unless_a_language_is_asked_for() {
        let mut reader = Reader::default();
        assert_eq!(reader.language(None), Language::Simplified);
        let mut findings = sample::findings().remove(0);
        findings.violations[0].sentence = "請問您貴姓，這邊幫您查詢".into();
        reader.add(&findings);
        assert_eq!(reader.language(None), Language::Traditional);
        assert_eq!(reader.language(Some(Language::English)), Language::English);
    }

    #[test]
    fn names_are_read_back() {
        for name in Language::NAMES {
            assert_eq!(name.parse::<Language>().map(Language::as_str), Ok(name));
        }
        assert!("klingon".parse::<Language>().is_err());
    }

    #[test]
    fn traditional_labels_have_no_simplified_characters() {
        let labels = serde_json::to_string(Language::Traditional.labels()).unwrap_or_default();
        let mut count = ScriptCount::default();
        count.add(&labels);
        assert_eq!(count.script(), Script::Traditional);
    }
}
