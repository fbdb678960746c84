//! The words that tell who speaks, and what may stand beside them in a label: 客服, 售后客服3, 客服小李, 小李客服, agent1.

use crate::text::fold_word;

use super::Speaker;
use super::person_name::{is_addressed, is_person};

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
    "客服主管",
    "客服经理",
    "客服组长",
    "值班经理",
    "值班主管",
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
    "客户服务",
    "客户服务人员",
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
    "human agent",
    "live_agent",
    "live agent",
    "customer_service",
    "customer service",
    "customer_support",
    "customer support",
    "supervisor",
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
    "店",
    "自营",
    "官网",
    "总部",
];
/// Words of people who speak for a shop or a desk, unless they are the ones it serves: 王店长 may order from a wholesaler. The
/// conversation decides.
const TITLES: &[&str] = &[
    "店长",
    "主管",
    "售后",
    "售前",
    "经理",
    "副理",
    "襄理",
    "协理",
    "主任",
    "组长",
    "班长",
    "督导",
    "领班",
    "值班组长",
    "值班主任",
    "大堂经理",
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
/// The same in Latin letters, where they are all that follows.
const NO_LATIN_NAMES: &[&str] = &["id", "qq", "tel", "no", "app", "email", "phone", "name", "time", "type", "vip"];
/// What a label that asks for somebody holds: 请联系在线客服.
const ASKING: &[&str] = &["请", "找", "问", "您", "你", "我", "联系", "咨询", "拨打", "转接", "转给"];

const TABLE: [(&[&str], Speaker); 4] =
    [(BOT, Speaker::Bot), (AGENT, Speaker::Agent), (CUSTOMER, Speaker::Customer), (SYSTEM, Speaker::System)];

/// The speaker that a word means by itself.
pub(super) fn role_of(folded: &str) -> Option<Speaker> {
    TABLE.iter().find(|(words, _)| words.contains(&folded)).map(|(_, speaker)| *speaker)
}

/// `售后客服`, `在线客服12`: a kind of agent before the word, digits behind it.
pub(super) fn attached_role(label: &str) -> Option<Speaker> {
    let folded = fold_word(label);
    let word = folded.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '*');
    if NO_LATIN_NAMES.contains(&&folded[word.len()..]) {
        return None;
    }
    if let Some(speaker) = role_of(word).filter(|_| !word.is_ascii()) {
        return Some(speaker);
    }
    let kind = word.strip_suffix("客服").or_else(|| word.strip_suffix("坐席")).or_else(|| word.strip_suffix("专员"))?;
    (!asks(kind) && is_kind(kind)).then_some(Speaker::Agent)
}

/// Whether a word ends with what may stand before 客服.
pub(super) fn is_kind(folded: &str) -> bool {
    KINDS_OF_AGENT.iter().any(|known| folded.ends_with(known))
}

/// The speaker whose word begins or ends a label, and the name beside it: `客服小李`, `坐席1001`, `小李客服`, `agent1`.
pub(super) fn with_name(label: &str) -> Option<(Speaker, &str)> {
    let folded = fold_word(label);
    // Folding keeps the number of characters of such words, but not always their bytes.
    let at = |characters: usize| label.char_indices().nth(characters).map_or(label.len(), |(at, _)| at);
    for (words, speaker) in TABLE {
        for word in words {
            let length = word.chars().count();
            if let Some(name) = folded.strip_prefix(word)
                && if word.is_ascii() { is_number(name) } else { is_name(name) }
            {
                return Some((speaker, &label[at(length)..]));
            }
            if length > 1
                && let Some(name) = folded.strip_suffix(word)
                && is_person(name)
            {
                return Some((speaker, &label[..at(name.chars().count())]));
            }
        }
    }
    None
}

/// Whether a label is what programs call a voice whose owner they do not know: Speaker 1, SPEAKER_00, 说话人1.
pub(super) fn is_voice(label: &str) -> bool {
    const VOICES: [&str; 8] = ["speaker", "spk", "voice", "channel", "说话人", "发言人", "讲话人", "声道"];
    let folded = fold_word(label.trim());
    let number = VOICES.iter().find_map(|voice| folded.strip_prefix(voice)).map(|number| number.trim_start_matches([' ', '_', '-']));
    // A number, or one letter.
    number.is_some_and(|number| match number.as_bytes() {
        [mark] => mark.is_ascii_alphanumeric(),
        [tens, ones] => tens.is_ascii_digit() && ones.is_ascii_digit(),
        _ => false,
    })
}

/// Whether a label is one of the [`TITLES`], alone.
pub(super) fn is_title(label: &str) -> bool {
    TITLES.contains(&fold_word(label.trim()).as_str())
}

/// Whether a label is one of the [`TITLES`], alone or beside a name or a number: 店长, 王店长, 店长-小王, 主管1.
pub(super) fn has_title(label: &str) -> bool {
    let folded = fold_word(label);
    let folded = folded.trim_matches(divides);
    let is_beside = |name: &str, is_attached: fn(&str) -> bool| {
        let bare = name.trim_matches(divides);
        if bare.len() < name.len() { is_separate_name(bare) } else { is_attached(name) }
    };
    // 王店长, 售后主管.
    let is_before = |name: &str| is_person(name) || is_kind(name) || is_person(&format!("{name}某"));
    TITLES.iter().any(|title| {
        folded.strip_prefix(title).is_some_and(|name| name.is_empty() || is_beside(name, is_name))
            || folded.strip_suffix(title).is_some_and(|name| is_beside(name, is_before))
    })
}

/// Whether a label holds a word of a customer: then it is no agent's, whatever else it holds.
pub(super) fn has_customer(label: &str) -> bool {
    let folded = fold_word(label);
    // 客户经理 is an agent's.
    let is_longer = |agent: &&&str| CUSTOMER.iter().any(|word| agent.len() > word.len() && agent.contains(word));
    let of_agents = || AGENT.iter().filter(is_longer).fold(folded.clone(), |rest, agent| rest.replace(agent, ""));
    holds_customer(&folded) && holds_customer(&of_agents())
}

fn holds_customer(folded: &str) -> bool {
    CUSTOMER.iter().any(|word| match word.is_ascii() {
        true => folded.contains(word) && folded.split(|c: char| !c.is_ascii_alphabetic()).any(|held| held == *word),
        false => word.len() > "客".len() && folded.contains(word),
    })
}

/// Whether a character divides a role from a name: 客服-小李, 客服(1001).
pub(super) fn divides(c: char) -> bool {
    c.is_whitespace() || "-_—–―·•|/（）()[]【】<>《》#@＃＠＿－～~:：.．".contains(c)
}

/// Whether what is divided from a role may be somebody's name or number.
pub(super) fn is_separate_name(folded: &str) -> bool {
    may_be_name(folded) && !asks(folded)
}

fn asks(text: &str) -> bool {
    ASKING.iter().any(|word| text.contains(word))
}

fn may_be_name(folded: &str) -> bool {
    let is_numbered =
        folded.strip_suffix('号').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    is_numbered || !(NO_LATIN_NAMES.contains(&folded) || NO_NAMES.iter().any(|word| folded.starts_with(word) || folded.ends_with(word)))
}

/// Whether what follows a Latin role is a number or a single letter: agent1, but not users.
fn is_number(folded: &str) -> bool {
    let is_letter = matches!(folded.as_bytes(), [letter] if letter.is_ascii_lowercase() && *letter != b's');
    is_letter || (!folded.is_empty() && folded.len() <= 8 && folded.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*'))
}

/// Whether what follows a role in a label names a person: 小李, 王先生, 王丽, A, 03, 3号, 一.
fn is_name(folded: &str) -> bool {
    let length = folded.chars().count();
    if folded.is_empty() || length > 8 || !may_be_name(folded) {
        return false;
    }
    folded.trim_end_matches('号').chars().all(|c| c.is_ascii_alphanumeric() || c == '*')
        || is_person(folded)
        || is_addressed(folded)
        || (folded.starts_with(['小', '老', '阿', '大']) && length <= 4)
        || (folded.ends_with("老师") && length <= 5)
        || (length == 1 && "一二三四五六七八九十甲乙丙丁".contains(folded))
        || (length <= 3 && folded.contains(['某', '*']))
}
