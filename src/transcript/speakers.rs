//! Who a role, a label or a name in a transcript means.

use std::cell::RefCell;
use std::sync::Arc;

use foldhash::HashMap;

use crate::text::fold_word;

use super::person_name::is_addressed;
use super::reading::offset_within;
use super::role_words::{
    attached_role, divides, has_customer, has_title, is_kind, is_separate_name, is_title, is_voice, role_of, with_name,
};
use super::{Met, ReadOptions, Speaker};

/// Labels of which is remembered who they mean: in a file the same come again and again, the agents of a whole desk.
const REMEMBERED: usize = 1024;

/// Tells speakers by words: those of the languages of service desks, and those the user adds.
#[derive(Debug, Clone, Default)]
pub struct Speakers {
    /// Folded names.
    given: Vec<(String, Speaker)>,
    /// Words that were looked up.
    known: RefCell<HashMap<String, Found>>,
    /// Where it is gathered which of the given names the input has.
    met: Option<Arc<Met>>,
}

/// Who a word means.
#[derive(Debug, Clone, Copy)]
struct Found {
    /// By itself.
    role: Option<Speaker>,
    /// With a name in it, which stands at these bytes.
    label: Option<(Speaker, Option<(usize, usize)>)>,
}

/// Who a label means, and the name within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Labelled<'a> {
    pub speaker: Speaker,
    pub name: Option<&'a str>,
}

impl<'a> Labelled<'a> {
    fn named(speaker: Speaker, name: &'a str) -> Self {
        Self { speaker, name: (!name.is_empty()).then_some(name) }
    }
}

/// Whether two names that a user gives are one: Amy and amy, 小張 and 小张.
pub fn is_same_speaker(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

/// A name as it is compared.
fn folded(name: &str) -> String {
    fold_word(name.trim())
}

impl Speakers {
    /// The usual words, and before them what the user said.
    pub fn new(given: &[(String, Speaker)]) -> Self {
        Self { given: given.iter().map(|(name, speaker)| (folded(name), *speaker)).collect(), ..Self::default() }
    }

    /// The same, by what the user said of how documents are read.
    pub fn of(options: &ReadOptions) -> Self {
        Self { met: options.met.clone(), ..Self::new(&options.speakers) }
    }

    /// The speaker that a role or a name means by itself: `agent`, 客服, 客戶.
    pub fn role(&self, word: &str) -> Option<Speaker> {
        match word {
            "agent" | "客服" if self.given.is_empty() => return Some(Speaker::Agent),
            "customer" | "客户" if self.given.is_empty() => return Some(Speaker::Customer),
            _ => {}
        }
        // No role is longer; a text in the place of a role must not cost time.
        if word.len() > 120 {
            return None;
        }
        let folded = folded(word);
        self.given(&folded).or_else(|| role_of(&folded))
    }

    /// Whether the user said who bears this label.
    pub(super) fn is_given(&self, label: &str) -> bool {
        !self.given.is_empty() && self.given(&folded(label)).is_some()
    }

    /// Whether the user said of a name, and of no role, who bears it.
    pub(super) fn is_given_name(&self, word: &str) -> bool {
        self.is_given(word) && role_of(&folded(word)).is_none()
    }

    /// The speaker that a label means, with a name in it or not: `客服`, `客服 小李`, `售后客服3`, `小李（客服）`.
    pub(super) fn label<'a>(&self, label: &'a str) -> Option<Labelled<'a>> {
        let label = label.trim();
        let (speaker, name) = self.find(label).label?;
        Some(Labelled { speaker, name: name.and_then(|(start, end)| label.get(start..end)) })
    }

    fn read_label<'a>(&self, label: &'a str) -> Option<Labelled<'a>> {
        if label.is_empty() || label.chars().count() > 30 {
            return None;
        }
        if let Some(speaker) = self.role(label) {
            let named = self.is_given(label) && role_of(&fold_word(label)).is_none();
            let beside_role = || self.with_separated_name(label).or_else(|| with_attached_name(label)).and_then(|found| found.name);
            return Some(Labelled { speaker, name: named.then(|| beside_role().unwrap_or(label)) });
        }
        if label.contains(['，', '。', '？', '！', '；', '、', ',', '?', '!', ';', '“', '”', '"']) {
            return None;
        }
        let stranger = Labelled { speaker: Speaker::Unknown, name: Some(label) };
        match self.with_separated_name(label).or_else(|| with_attached_name(label)) {
            Some(found) if found.speaker == Speaker::Agent && has_customer(label) => Some(stranger),
            // A form of address or a title tells that this is a person: which one, the label does not say.
            None if is_addressed(&fold_word(label)) || has_title(label) || is_voice(label) => Some(stranger),
            found => found,
        }
    }

    /// Who speaks by the words for the role, the first of which counts most, and a name apart from it, where the agent's
    /// name may be known; and the name that tells the speaker from others.
    pub(super) fn who(&self, roles: &[Option<&str>], name: Option<&str>, agent: Option<&str>) -> (Speaker, Option<String>) {
        let role = roles.iter().flatten().next();
        let said = roles.iter().flatten().copied();
        // Whose name stands apart from a title works where the roles are given: that is the desk.
        let titled = || said.clone().any(|role| name.is_some() && is_title(role)).then_some(Speaker::Agent);
        let speaker = said.clone().chain(name).find_map(|word| self.speaker(word, agent)).or_else(titled);
        // A role that is none is a name, also where the user said whose; beside the agent's name it may be 坐席A for all of them.
        let is_the_agents = agent.is_some() && speaker == Some(Speaker::Agent);
        let is_name = |word: &str| self.find(word).role.is_none() || (!is_the_agents && self.is_given_name(word));
        let named = role.filter(|role| name.is_none() && is_name(role.trim()));
        (speaker.unwrap_or(Speaker::Unknown), name.or(named.copied()).map(|name| self.bare_name(name).to_owned()))
    }

    /// The name alone of one that may stand beside a role: 张三 of 张三, 客服 张三, 客服：张三 and 张三（客服）, so that a person is one
    /// in all files.
    pub(super) fn bare_name<'a>(&self, name: &'a str) -> &'a str {
        let name = name.trim();
        self.label(name).and_then(|found| found.name).unwrap_or(name)
    }

    /// Who a label that stands for one who speaks means, and the name within it; where it holds none and no role, all of it.
    pub(super) fn person(&self, label: &str) -> (Speaker, Option<String>) {
        match self.label(label) {
            Some(found) => (found.speaker, found.name.map(str::to_owned)),
            None => (Speaker::Unknown, Some(label.trim().to_owned()).filter(|label| !label.is_empty())),
        }
    }

    /// The speaker that a word in the place of a role or name means, where the agent's name may be known.
    pub(super) fn speaker(&self, word: &str, agent: Option<&str>) -> Option<Speaker> {
        let found = self.find(word.trim());
        // A sender who bears the agent's name is the agent.
        let is_agent = || (agent == Some(word)).then_some(Speaker::Agent);
        let of_label = || found.label.map(|(speaker, _)| speaker).filter(|speaker| *speaker != Speaker::Unknown);
        found.role.or_else(is_agent).or_else(of_label)
    }

    /// Who a word without spaces around it means, as it was found before or anew.
    fn find(&self, word: &str) -> Found {
        if let Some(found) = self.known.borrow().get(word) {
            return *found;
        }
        let place = |name: &str| (offset_within(name, word), offset_within(name, word) + name.len());
        let label = self.read_label(word).map(|found| (found.speaker, found.name.map(place)));
        let found = Found { role: self.role(word), label };
        // Long ones are texts in the place of a role.
        if word.len() <= 120 {
            let mut known = self.known.borrow_mut();
            if known.len() == REMEMBERED {
                known.clear();
            }
            known.insert(word.to_owned(), found);
        }
        found
    }

    fn given(&self, folded: &str) -> Option<Speaker> {
        let number = self.given.iter().position(|(name, _)| name == folded)?;
        if let Some(met) = &self.met {
            met.meet_speaker(number);
        }
        Some(self.given[number].1)
    }

    /// `客服 小李`, `客服-小李`, `售后-客服-小李`, `小李（客服）`, `小李 客服`, `好物店-客服-小李`.
    fn with_separated_name<'a>(&self, label: &'a str) -> Option<Labelled<'a>> {
        let parts: Vec<&str> = label.split(divides).filter(|part| !part.is_empty()).collect();
        let last = parts.len().checked_sub(1).filter(|last| *last > 0)?;
        let roles: Vec<Option<Speaker>> = parts.iter().map(|part| self.role(part).or_else(|| attached_role(part))).collect();
        let behind = |at: usize| bare(&label[offset_within(parts[at], label) + parts[at].len()..]);
        // 客服(机器人)
        if roles.contains(&Some(Speaker::Bot)) && roles[0] == Some(Speaker::Agent) {
            return Some(Labelled { speaker: Speaker::Bot, name: None });
        }
        // 坐席张三(1001), 张三客服（1001）: a number tells people of one name apart, and stays with it.
        if last == 1
            && parts[1].bytes().all(|byte| byte.is_ascii_digit())
            && roles[0].is_none()
            && let Some((speaker, name)) = with_name(parts[0])
            && parts[0].ends_with(name)
        {
            return Some(Labelled::named(speaker, bare(&label[offset_within(name, label)..])));
        }
        // 售后-客服-小李: the kind of the agent stands before the role.
        let first = (0..=last).find(|at| roles[*at].is_some() || !is_kind(&fold_word(parts[*at])))?;
        if let Some(speaker) = roles[first] {
            let end = (first..=last).take_while(|at| roles[*at] == Some(speaker)).last().unwrap_or(first);
            let name = behind(end);
            return is_separate_name(&fold_word(name)).then(|| Labelled::named(speaker, name));
        }
        if let Some(speaker) = roles[last] {
            let name = bare(&label[..offset_within(parts[last], label)]);
            return is_separate_name(&fold_word(name)).then(|| Labelled::named(speaker, name));
        }
        let speaker = roles[1].filter(|_| last == 2 && !label.contains(char::is_whitespace))?;
        let name = behind(1);
        (is_separate_name(&fold_word(parts[0])) && is_separate_name(&fold_word(name))).then(|| Labelled::named(speaker, name))
    }
}

/// A name without what divides it from a role; a number in brackets behind it is closed: 张三(1001).
fn bare(name: &str) -> &str {
    let from = name.trim_start_matches(divides);
    let bare = from.trim_end_matches(divides);
    let number = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_open = number.len() < bare.len() && number.ends_with(['(', '（']);
    let close = from[bare.len()..].chars().next().filter(|&c| is_open && matches!(c, ')' | '）'));
    &from[..bare.len() + close.map_or(0, char::len_utf8)]
}

/// `客服小李`, `坐席1001`, `客户A`, `小李客服`, `售后客服`.
fn with_attached_name(label: &str) -> Option<Labelled<'_>> {
    if let Some((speaker, name)) = with_name(label) {
        return Some(Labelled::named(speaker, name));
    }
    attached_role(label).map(|speaker| Labelled { speaker, name: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(label: &str) -> Option<(Speaker, Option<&str>)> {
        Speakers::default().label(label).map(|found| (found.speaker, found.name))
    }

    #[test]
    fn labels_of_both_scripts_with_and_without_names() {
        let agent = |name| Some((Speaker::Agent, name));
        let customer = |name| Some((Speaker::Customer, name));
        for word in
            ["客服", "坐席", "座席", "店小二", "专员", "專員", "話務員", "Agent", "ＡＧＥＮＴ", "人工客服", "售後客服", "天猫旗舰店客服"]
        {
            assert_eq!(label(word), agent(None), "{word}");
        }
        for word in ["客户", "客戶", "顧客", "用戶", "買家", "来电人", "customer", "Customer"] {
            assert_eq!(label(word), customer(None), "{word}");
        }
        assert_eq!(label("客服 小李"), agent(Some("小李")));
        assert_eq!(label("客服小李"), agent(Some("小李")));
        assert_eq!(label("客服-小李"), agent(Some("小李")));
        assert_eq!(label("客服（小李）"), agent(Some("小李")));
        assert_eq!(label("小李（客服）"), agent(Some("小李")));
        assert_eq!(label("坐席1001"), agent(Some("1001")));
        assert_eq!(label("客戶王先生"), customer(Some("王先生")));
        assert_eq!(label("智能客服"), Some((Speaker::Bot, None)));
        assert_eq!(label("系統"), Some((Speaker::System, None)));
        assert_eq!(label("王女士"), Some((Speaker::Unknown, Some("王女士"))));
        for voice in ["Speaker 1", "SPEAKER_00", "speaker A", "说话人1", "發言人 2"] {
            assert_eq!(label(voice), Some((Speaker::Unknown, Some(voice))), "{voice}");
        }
        assert_eq!([label("speaker"), label("speaker id"), label("channel id")], [None, None, None]);
    }

    #[test]
    fn a_role_stands_beside_a_name_or_a_number_in_either_order() {
        for (word, name) in [
            ("客服1", "1"),
            ("客服01", "01"),
            ("客服3号", "3号"),
            ("坐席2", "2"),
            ("客服(1001)", "1001"),
            ("客服（1001）", "1001"),
            ("客服_1001", "1001"),
            ("客服：小李", "小李"),
            ("客服王丽", "王丽"),
            ("小李(客服)", "小李"),
            ("小李-客服", "小李"),
            ("小李客服", "小李"),
            ("王丽坐席", "王丽"),
            ("售后-客服-小李", "小李"),
            ("好物店-客服-小李", "小李"),
            ("坐席张三(1001)", "张三(1001)"),
            ("客服 张三（1001）", "张三（1001）"),
            ("agent1", "1"),
            ("agent 2", "2"),
            ("Agent_007", "007"),
        ] {
            assert_eq!(label(word), Some((Speaker::Agent, Some(name))), "{word}");
        }
        for word in ["值班经理", "supervisor", "Customer Service", "客服主管", "售後專員"] {
            assert_eq!(label(word).map(|found| found.0), Some(Speaker::Agent), "{word}");
        }
        assert_eq!(label("客服(机器人)"), Some((Speaker::Bot, None)));
        assert_eq!(label("user_12"), Some((Speaker::Customer, Some("12"))));
    }

    #[test]
    fn no_label_with_a_customers_word_is_an_agents() {
        for word in ["客服(客户)", "客服-会员小李", "客服（买家）", "agent (customer)"] {
            assert_eq!(label(word), Some((Speaker::Unknown, Some(word))), "{word}");
        }
        for word in ["会员客服", "客户-客服", "客户客服"] {
            assert_ne!(label(word).map(|found| found.0), Some(Speaker::Agent), "{word}");
        }
        assert_eq!(label("客户经理"), Some((Speaker::Agent, None)));
        assert_eq!(label("客户经理王丽"), Some((Speaker::Agent, Some("王丽"))));
    }

    #[test]
    fn a_title_is_somebody_of_whom_the_conversation_tells_more() {
        for word in ["店长", "店長", "主管", "售后", "售後", "售前", "王店长", "店长-小王", "主管1", "售后小王", "小王（售后）"]
        {
            assert_eq!(label(word), Some((Speaker::Unknown, Some(word))), "{word}");
        }
        for word in ["售后问题", "主管部门", "售后服务", "前店长期"] {
            assert_eq!(label(word), None, "{word}");
        }
    }

    #[test]
    fn roles_and_names_in_fields() {
        let who = |roles: &[Option<&str>], name, agent| Speakers::default().who(roles, name, agent);
        let named = |name: &str| Some(name.to_owned());
        for word in ["客服小李", "客服 小李", "客服：小李", "小李（客服）"] {
            assert_eq!(who(&[Some(word)], None, None), (Speaker::Agent, named("小李")), "{word}");
            assert_eq!(who(&[Some("agent")], Some(word), None), (Speaker::Agent, named("小李")), "{word}");
        }
        assert_eq!(who(&[Some("小李"), Some("客服")], None, None), (Speaker::Agent, named("小李")));
        assert_eq!(who(&[Some("小李")], None, Some("小李")), (Speaker::Agent, named("小李")));
        assert_eq!(who(&[Some("agent"), Some("senior")], None, None), (Speaker::Agent, None));
        assert_eq!(who(&[Some("店长")], Some("王芳"), None), (Speaker::Agent, named("王芳")));
        assert_eq!(who(&[Some("店长")], None, None), (Speaker::Unknown, named("店长")));
        let speakers = Speakers::default();
        for round in 0..3 {
            for number in 0..REMEMBERED * 2 {
                let expected = if number % 2 == 0 { Some(Speaker::Agent) } else { None };
                let word = if number % 2 == 0 { format!("客服{number}") } else { format!("晴天{number}") };
                assert_eq!(speakers.speaker(&word, None), expected, "{round} {word}");
            }
        }
        assert_eq!(speakers.known.borrow().len(), REMEMBERED);
    }

    #[test]
    fn what_only_begins_like_a_label_is_none() {
        for text in [
            "客服电话",
            "客服热线",
            "users",
            "userid",
            "用户id",
            "客服QQ",
            "客服回答",
            "详情咨询 客服",
            "客户余额",
            "客户姓名",
            "用户名",
            "买家秀",
            "订单号",
            "温馨提示",
            "地址",
            "请联系在线的客服",
            "您好，客服",
            "",
        ] {
            assert_eq!(label(text), None, "{text}");
        }
    }

    #[test]
    fn the_user_knows_better() {
        let speakers =
            Speakers::new(&[("小王".to_owned(), Speaker::Agent), ("客服".to_owned(), Speaker::Bot), ("0".to_owned(), Speaker::Customer)]);
        assert_eq!(speakers.role("小王"), Some(Speaker::Agent));
        assert_eq!(speakers.role("客服"), Some(Speaker::Bot));
        assert_eq!(speakers.role("0"), Some(Speaker::Customer));
        assert_eq!(speakers.label("小王").map(|found| found.name), Some(Some("小王")));
    }
}
