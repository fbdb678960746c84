//! Who a role, a label or a name in a transcript means.

use crate::text::fold_word;

use super::Speaker;

/// Words for each speaker, folded: Simplified, half width, lower case.
const AGENT: &[&str] = &[
    "客服",
    "坐席",
    "座席",
    "店小二",
    "小二",
    "专员",
    "客服专员",
    "客服人员",
    "客服代表",
    "客服小姐",
    "服务员",
    "话务员",
    "接线员",
    "人工",
    "人工客服",
    "工作人员",
    "卖家",
    "商家",
    "店家",
    "店主",
    "掌柜",
    "销售",
    "顾问",
    "客户经理",
    "agent",
    "staff",
    "operator",
    "seller",
    "assistant",
    "representative",
    "advisor",
    "service",
    "servicer",
    "support",
    "employee",
    "human_agent",
    "csr",
    "答",
];
const CUSTOMER: &[&str] = &[
    "客户",
    "顾客",
    "客人",
    "用户",
    "买家",
    "来电人",
    "来电者",
    "来电",
    "消费者",
    "访客",
    "会员",
    "粉丝",
    "乘客",
    "旅客",
    "患者",
    "业主",
    "customer",
    "user",
    "client",
    "buyer",
    "caller",
    "visitor",
    "guest",
    "human",
    "consumer",
    "contact",
    "end_user",
    "问",
];
const BOT: &[&str] = &[
    "机器人",
    "智能客服",
    "机器人客服",
    "客服机器人",
    "智能助手",
    "智能助理",
    "自动回复",
    "bot",
    "robot",
    "chatbot",
    "automated_agent",
    "ivr",
    "语音导航",
];
const SYSTEM: &[&str] = &["系统", "系统提示", "系统消息", "系统通知", "平台", "平台提示", "提示音", "旁白", "system", "notice", "event"];

/// What may stand before 客服 in a label.
const KINDS_OF_AGENT: &[&str] = &[
    "人工",
    "在线",
    "售前",
    "售后",
    "官方",
    "专属",
    "电话",
    "金牌",
    "店铺",
    "平台",
    "银行",
    "网店",
    "淘宝",
    "天猫",
    "京东",
    "商城",
    "高级",
    "值班",
    "资深",
    "旗舰店",
    "品牌",
    "女",
    "男",
    "热线",
    "前台",
    "微信",
    "企业",
    "公司",
    "外呼",
    "投诉",
    "技术",
    "网点",
];
/// What follows a speaker's word in labels that are no speakers: 客服电话：400….
const NO_NAMES: &[&str] = &[
    "电话",
    "热线",
    "姓名",
    "名",
    "名称",
    "地址",
    "编号",
    "号",
    "工号",
    "时间",
    "问题",
    "反馈",
    "微信",
    "中心",
    "部",
    "经理",
    "须知",
    "评价",
    "秀",
    "留言",
    "备注",
    "信息",
    "服务",
    "类型",
    "等级",
    "要求",
    "投诉",
    "诉求",
    "协议",
    "手册",
    "话术",
    "回复",
    "满意度",
    "意见",
    "群",
    "端",
    "版",
    "邮箱",
    "网站",
    "账号",
    "密码",
    "来源",
    "需求",
    "说明",
];

/// Tells speakers by words: those of the languages of service desks, and those the user adds.
#[derive(Debug, Clone, Default)]
pub struct Speakers {
    /// Folded names.
    given: Vec<(String, Speaker)>,
}

/// Who a label means, and the name within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Labelled<'a> {
    pub speaker: Speaker,
    pub name: Option<&'a str>,
}

impl Speakers {
    /// The usual words, and before them what the user said.
    pub fn new(given: &[(String, Speaker)]) -> Self {
        Self { given: given.iter().map(|(name, speaker)| (fold_word(name.trim()), *speaker)).collect() }
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
        let folded = fold_word(word.trim());
        self.given(&folded).or_else(|| role_of(&folded))
    }

    /// The speaker that a label means, with a name in it or not: `客服`, `客服 小李`, `售后客服3`, `小李（客服）`.
    pub(super) fn label<'a>(&self, label: &'a str) -> Option<Labelled<'a>> {
        let label = label.trim();
        if label.is_empty() || label.chars().count() > 30 {
            return None;
        }
        if let Some(speaker) = self.role(label) {
            let named = self.given.iter().any(|(name, _)| *name == fold_word(label)) && role_of(&fold_word(label)).is_none();
            return Some(Labelled { speaker, name: named.then_some(label) });
        }
        if label.contains(['，', '。', '？', '！', '；', '、', ',', '?', '!', ';', '“', '”', '"']) {
            return None;
        }
        self.with_separated_name(label).or_else(|| with_attached_name(label))
    }

    /// The speaker that a word in the place of a role or name means, where the agent's name may be known.
    pub(super) fn speaker(&self, word: &str, agent: Option<&str>) -> Option<Speaker> {
        let of_label = || self.label(word).map(|found| found.speaker).filter(|speaker| *speaker != Speaker::Unknown);
        // A sender who bears the agent's name is the agent.
        let is_agent = || (agent == Some(word)).then_some(Speaker::Agent);
        self.role(word).or_else(is_agent).or_else(of_label)
    }

    fn given(&self, folded: &str) -> Option<Speaker> {
        self.given.iter().find(|(name, _)| name == folded).map(|(_, speaker)| *speaker)
    }

    /// `客服 小李`, `客服-小李`, `小李（客服）`, `小李 客服`.
    fn with_separated_name<'a>(&self, label: &'a str) -> Option<Labelled<'a>> {
        let divides = |c: char| c.is_whitespace() || "-_—–·•|/（）()[]【】<>《》#@＃".contains(c);
        let mut parts = label.split(divides).filter(|part| !part.is_empty());
        let (first, last) = (parts.next()?, parts.next_back()?);
        let unspaced = |part: &'a str| part.trim_matches(divides);
        if let Some(speaker) = self.role(first).or_else(|| attached_role(first)) {
            let name = unspaced(&label[label.find(first)? + first.len()..]);
            return may_be_name(&fold_word(name)).then_some(Labelled { speaker, name: Some(name) });
        }
        let speaker = self.role(last).or_else(|| attached_role(last))?;
        let name = unspaced(&label[..label.rfind(last)?]);
        Some(Labelled { speaker, name: Some(name) })
    }
}

/// `客服小李`, `坐席1001`, `客户A`, `售后客服`, `王先生`.
fn with_attached_name(label: &str) -> Option<Labelled<'_>> {
    let folded = fold_word(label);
    // Folding keeps the number of characters of such words, but not always their bytes.
    let behind = |word: &str| label.char_indices().nth(word.chars().count()).map(|(at, _)| &label[at..]);
    for (words, speaker) in TABLE {
        for word in words {
            let Some(name) = folded.strip_prefix(word) else { continue };
            if is_name(name) {
                return Some(Labelled { speaker, name: behind(word) });
            }
        }
    }
    if let Some(speaker) = attached_role(label) {
        return Some(Labelled { speaker, name: None });
    }
    // Without a role, only a form of address tells that this is a person: which one, nobody knows.
    let is_person = ["先生", "女士", "小姐", "太太"]
        .iter()
        .any(|title| folded.strip_suffix(title).is_some_and(|name| (1..=3).contains(&name.chars().count())));
    is_person.then_some(Labelled { speaker: Speaker::Unknown, name: Some(label) })
}

const TABLE: [(&[&str], Speaker); 4] =
    [(BOT, Speaker::Bot), (AGENT, Speaker::Agent), (CUSTOMER, Speaker::Customer), (SYSTEM, Speaker::System)];

fn role_of(folded: &str) -> Option<Speaker> {
    TABLE.iter().find(|(words, _)| words.contains(&folded)).map(|(_, speaker)| *speaker)
}

/// `售后客服`, `在线客服12`: a kind of agent before the word, digits behind it.
fn attached_role(label: &str) -> Option<Speaker> {
    let folded = fold_word(label);
    let word = folded.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '*');
    if let Some(speaker) = role_of(word).filter(|_| !word.is_ascii()) {
        return Some(speaker);
    }
    let kind = word.strip_suffix("客服").or_else(|| word.strip_suffix("坐席")).or_else(|| word.strip_suffix("专员"))?;
    let asks = kind.contains(['请', '找', '问', '您', '你', '我']) || kind.contains("联系");
    (!asks && KINDS_OF_AGENT.iter().any(|known| kind.ends_with(known))).then_some(Speaker::Agent)
}

fn may_be_name(folded: &str) -> bool {
    !NO_NAMES.iter().any(|word| folded.starts_with(word) || folded.ends_with(word))
}

/// Whether what follows a role in a label names a person: 小李, 王先生, A, 03, 一.
fn is_name(folded: &str) -> bool {
    let length = folded.chars().count();
    if folded.is_empty() || length > 8 || !may_be_name(folded) {
        return false;
    }
    folded.chars().all(|c| c.is_ascii_alphanumeric() || c == '*')
        || (folded.starts_with(['小', '老', '阿', '大']) && length <= 4)
        || ["先生", "女士", "小姐", "太太", "老师"].iter().any(|title| folded.ends_with(title) && length <= 5)
        || (length == 1 && "一二三四五六七八九十甲乙丙丁".contains(folded))
        || (length <= 3 && folded.contains(['某', '*']))
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
    }

    #[test]
    fn what_only_begins_like_a_label_is_none() {
        for text in
            ["客服电话", "客服热线", "客户姓名", "用户名", "买家秀", "订单号", "温馨提示", "地址", "请联系在线的客服", "您好，客服", ""]
        {
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
