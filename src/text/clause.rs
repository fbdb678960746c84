//! How a clause of folded text begins and ends for somebody who listens: what stands before its first word and behind its last
//! without being part of what is said.

use std::sync::LazyLock;

use crate::text::{BREAK, Mask};

/// Final particles, which say nothing but a mood. Not 吗 么 了 的: these change the sentence.
pub const PARTICLES: &str = "啊呀呢吧嘛哦噢喔啦咯喽啰喇哈哟呦嘞耶诶欸哇呐哒嗷唷捏㗎㖞";

static PARTICLES_MASK: LazyLock<Mask> = LazyLock::new(|| Mask::of(PARTICLES.chars()));

/// Whether a character is a final particle.
#[inline]
pub fn is_particle(c: char) -> bool {
    PARTICLES_MASK.may_hold(c) && PARTICLES.contains(c)
}

/// What stands before the first word of a clause without being part of what is said: a form of address, a filler. Agents
/// write them with a mark behind, or without (亲等一下, 嗯嗯你姓什么), and calls have no marks at all.
const LEAD_INS: [&str; 47] = [
    "亲爱的",
    "亲爱哒",
    "亲爱滴",
    "亲亲",
    "亲",
    "先生",
    "小姐",
    "女士",
    "大哥",
    "大姐",
    "阿姨",
    "美女",
    "帅哥",
    "您好",
    "你好",
    "喂喂",
    "喂",
    "哈喽",
    "嗨",
    "嘿",
    "嗯嗯",
    "嗯",
    "恩恩",
    "恩",
    "哦哦",
    "哦",
    "噢",
    "喔",
    "呃",
    "啊",
    "诶",
    "欸",
    "哎呀",
    "哎",
    "唉",
    "那么",
    "那个",
    "那",
    "好的",
    "好滴",
    "好嘞",
    "好吧",
    "行吧",
    "收到",
    "是的",
    "对的",
    "ok",
];

/// What stands right before the first word of a clause: a break, or the last character of a lead-in or of the particles behind it.
/// The start of a text counts as a break.
pub static BEFORE_CLAUSE: LazyLock<Mask> =
    LazyLock::new(|| Mask::of(LEAD_INS.iter().flat_map(|word| word.chars().next_back()).chain(PARTICLES.chars()).chain([BREAK])));

/// The first characters of lead-ins: most clauses begin with none of them.
static FIRST: LazyLock<Mask> = LazyLock::new(|| Mask::of(LEAD_INS.iter().flat_map(|word| word.chars().next())));

/// With one of these behind it 亲 is no form of address.
const KIN: &str = "自友属人戚子切密生临手口眼身测肤情朋笔民近昵吻睐和权事家娘爸妈哥姐弟妹";

/// Whether a clause begins here, or nothing but lead-ins stand before.
pub fn opens_clause(text: &str, at: usize) -> bool {
    // Three of the longest, with particles.
    const FAR: usize = 36;
    match text[..at].chars().next_back() {
        None | Some(BREAK) => return true,
        // At most places no lead-in ends.
        Some(c) if !BEFORE_CLAUSE.may_hold(c) => return false,
        Some(_) => {}
    }
    let mut place = text.as_bytes()[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |mark| mark + 1);
    if at - place > FAR {
        return false;
    }
    while place < at {
        match behind_lead_in(text, place) {
            Some(behind) => place = behind,
            None => return false,
        }
    }
    place == at
}

/// Behind a lead-in and its particles.
fn behind_lead_in(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    if !rest.starts_with(|c| FIRST.may_hold(c)) {
        return None;
    }
    let word = LEAD_INS.into_iter().find(|word| rest.starts_with(word))?;
    let behind = &rest[word.len()..];
    if word == "亲" && behind.starts_with(|c| KIN.contains(c)) && !behind.starts_with("自己") {
        return None;
    }
    Some(skip_particles(text, at + word.len()))
}

/// Behind the particles that stand at a byte.
pub fn skip_particles(text: &str, at: usize) -> usize {
    at + text[at..].find(|c| !is_particle(c)).unwrap_or(text.len() - at)
}
