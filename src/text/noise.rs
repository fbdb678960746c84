//! What stands in a turn but is no word of the agent: masks, placeholders, links, emoticon codes, faces, marks of emphasis.

use std::ops::Range;

use super::boundary::floor_boundary;

/// What a stretch of noise is to a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noise {
    /// Stands for words that are not shown (`[数字x]`, `{name}`, a URL): only a gap matches it.
    Blank,
    /// Bounds a clause, as a mark does: an emoticon code, `&nbsp;`, an HTML tag.
    Break,
    /// A kaomoji, which is a clause of its own.
    Face,
    /// Left out: the residue of a pronunciation guide, `對(duì)`, and marks of emphasis, `您**必须**先付款`.
    Nothing,
}

/// Names of chat emoticons that are sent as `[微笑]`; a bracket with any other text is a mask.
const EMOTICONS: &[&str] = &[
    "OK",
    "ok",
    "亲亲",
    "亲亲",
    "你好",
    "偷笑",
    "傲慢",
    "再见",
    "再見",
    "冷汗",
    "出血",
    "勾引",
    "发呆",
    "发怒",
    "发抖",
    "可怜",
    "可愛",
    "可爱",
    "吃瓜",
    "合十",
    "吐",
    "吐血",
    "呲牙",
    "呲牙笑",
    "咒骂",
    "咖啡",
    "哇",
    "哈欠",
    "哈哈",
    "啤酒",
    "嘘",
    "嘿哈",
    "囧",
    "困",
    "坏笑",
    "墨镜",
    "大哭",
    "大笑",
    "天啊",
    "太阳",
    "失望",
    "奋斗",
    "奸笑",
    "好的",
    "委屈",
    "害羞",
    "害怕",
    "尴尬",
    "干杯",
    "庆祝",
    "开心",
    "弱",
    "强",
    "强壮",
    "得意",
    "微笑",
    "心",
    "心碎",
    "快哭了",
    "思考",
    "悠闲",
    "惊喜",
    "惊恐",
    "惊讶",
    "愉快",
    "感谢",
    "憨笑",
    "打脸",
    "抓狂",
    "抠鼻",
    "抱抱",
    "抱拳",
    "拥抱",
    "捂脸",
    "握手",
    "撇嘴",
    "擦汗",
    "敲打",
    "月亮",
    "比心",
    "汗",
    "流汗",
    "流泪",
    "流淚",
    "激动",
    "点赞",
    "烟花",
    "爆竹",
    "爱心",
    "爱你",
    "玫瑰",
    "玫瑰花",
    "生气",
    "疑问",
    "白眼",
    "皱眉",
    "睡",
    "破涕为笑",
    "社会社会",
    "礼物",
    "祈祷",
    "福",
    "笑哭",
    "笑脸",
    "糗大了",
    "红包",
    "翻白眼",
    "耶",
    "胜利",
    "脸红",
    "色",
    "苦涩",
    "菜刀",
    "蛋糕",
    "衰",
    "裂开",
    "西瓜",
    "调皮",
    "谢谢",
    "谢谢惠顾",
    "贴图",
    "貼圖",
    "赞",
    "跳跳",
    "转圈",
    "送花",
    "送心",
    "鄙视",
    "闭嘴",
    "阴险",
    "难过",
    "震惊",
    "飞吻",
    "饥饿",
    "骷髅",
    "鲜花",
    "鼓掌",
];

/// Eyes of western and eastern faces: two of one of these around a mouth.
const EYES: &[char] = &['^', 'T', '>', '<', '=', '-', '@', '∩', 'Q', 'O', 'o', ';', '*', '≧', '≦', '＾', '￣', '╥', '╯', '╰', '⊙'];
/// Mouths between two eyes.
const MOUTHS: &[char] = &['_', '.', '-', 'o', '▽', 'ω', '﹏', 'A', '口', '﹃', '︿', '＿', '~', '∇', 'ε', '3'];
/// What makes a bracket a face and not a remark; no sentence holds these.
const FEATURES: &[char] = &[
    '^', '_', 'ω', '▽', '≧', '≦', '﹏', '╯', '╰', '∀', 'ﾟ', '´', '`', '°', '￣', '﹃', '⊙', '∩', '✧', '｡', '•', '˘', 'ಠ', '›', '‹', '╥',
    '□', '๑', '＾', '∇', '◕', '‿', '▔', '﹁', 'ε', '◡', '✪', '╭', '╮', '＿', 'ᴗ', '̀', '́', 'ㅂ', '◠', '◍', '♡', 'ˊ', 'ˋ', '︶', '>', '<',
    '≡', '●', '○', '⌒', '∠', '→', '←', '~',
];
/// Faces written with letters alone, or so short that no rule describes them.
const FACES: &[&str] = &[
    "orz", "Orz", "ORZ", "Orz", "OTZ", "otz", "QAQ", "qaq", "QwQ", "qwq", "TAT", "XD", ":-)", ":)", ":-D", ":D", ":-(", ":(", ":P", ":-P",
    ";)", ";-)", ":'(", "=)", "^3^", "o3o", "^^", "T T", "-_-|||", "-_-||", "-_-!", "=3=", "@@", ":3",
];

/// The noise that begins at byte `at` of `text`, with its length in bytes. `after` is the character before it.
pub(super) fn recognise(text: &str, at: usize, after: Option<char>) -> Option<(usize, Noise)> {
    let rest = &text[at..];
    let first = rest.chars().next()?;
    let in_word = after.is_some_and(|c| c.is_ascii_alphanumeric());
    match first {
        '[' | '［' => bracket(rest).filter(|&(length, _)| at > 0 || !is_notice(rest, length)),
        '{' | '$' => placeholder(rest).map(|length| (length, Noise::Blank)),
        '%' => conversion(rest).map(|length| (length, Noise::Blank)),
        '<' => emphasis(text, at).map(|length| (length, Noise::Nothing)).or_else(|| tag(rest)).or_else(|| face(rest)),
        '#' => emoticon_code(rest).map(|length| (length, Noise::Break)),
        '/' if rest.starts_with("/:") => Some((wangwang_code(rest), Noise::Break)),
        '&' => entity(rest).map(|length| (length, Noise::Break)),
        'h' | 'H' | 'w' | 'W' if !in_word => link(rest).map(|length| (length, Noise::Blank)),
        'x' | 'X' if !in_word => crosses(rest).map(|length| (length, Noise::Blank)).or_else(|| face(rest)),
        '×' | '*' | '＊' | '○' | '〇' | '_' | '＿' | '△' | '※' => emphasis(text, at)
            .map(|length| (length, Noise::Nothing))
            .or_else(|| stand_in(rest, after).map(|length| (length, Noise::Blank)))
            .or_else(|| face(rest)),
        '(' if text[..at].ends_with(']') && destination(text, at).is_some() => destination(text, at).map(|length| (length, Noise::Blank)),
        '(' | '（' => after
            .filter(|&c| is_han(c))
            .and_then(|_| pronunciation(rest))
            .map(|length| (length, Noise::Nothing))
            .or_else(|| bracketed_face(rest).map(|length| (length, Noise::Face))),
        _ if !in_word => face(rest),
        _ => None,
    }
}

/// Whether noise may begin with this character: lets the folding loop pass over the rest at once.
#[inline]
pub(super) fn may_begin(c: char) -> bool {
    c.is_ascii()
        && matches!(
            c,
            '[' | '{'
                | '$'
                | '%'
                | '<'
                | '#'
                | '/'
                | '&'
                | 'h'
                | 'H'
                | 'w'
                | 'W'
                | 'x'
                | 'X'
                | '*'
                | '_'
                | '('
                | '^'
                | 'T'
                | '>'
                | '='
                | '-'
                | '@'
                | 'Q'
                | 'q'
                | 'O'
                | 'o'
                | ';'
                | ':'
        )
        || matches!(
            c,
            '［' | '×'
                | '＊'
                | '○'
                | '〇'
                | '＿'
                | '△'
                | '※'
                | '（'
                | '∩'
                | '≧'
                | '≦'
                | '＾'
                | '￣'
                | '╥'
                | '╯'
                | '╰'
                | '╮'
                | '╭'
                | '⊙'
        )
}

/// Whether a character is Han: the unified ideographs and their extensions, and 〇.
#[inline]
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{3FFFF}' | '\u{F900}'..='\u{FAFF}' | '〇')
}

/// Whether a character is part of a word: of any script's letters and digits. Han is asked for first, which is quick.
#[inline]
pub fn is_word(c: char) -> bool {
    is_han(c) || c.is_alphanumeric()
}

/// Characters from the start for as long as `wanted` holds, in bytes.
fn run(text: &str, wanted: impl Fn(char) -> bool) -> usize {
    text.find(|c: char| !wanted(c)).unwrap_or(text.len())
}

/// The same; none where that are more than so many characters: what is looked for at every character must not look far.
fn run_within(text: &str, most: usize, wanted: impl Fn(char) -> bool) -> Option<usize> {
    let mut length = 0;
    for (count, c) in text.chars().enumerate() {
        if !wanted(c) {
            break;
        }
        if count == most {
            return None;
        }
        length += c.len_utf8();
    }
    Some(length)
}

fn bracket(text: &str) -> Option<(usize, Noise)> {
    let open = text.chars().next()?.len_utf8();
    let inside = run_within(&text[open..], 8, |c| !matches!(c, '[' | ']' | '［' | '］' | '\n'))?;
    let content = &text[open..open + inside];
    let close = text[open + inside..].chars().next().filter(|c| matches!(c, ']' | '］'))?.len_utf8();
    let length = open + inside + close;
    if EMOTICONS.contains(&content) {
        return Some((length, Noise::Break));
    }
    // A mask is a short name; a longer bracket is a heading or a remark, whose marks stay marks.
    (!content.is_empty() && !content.contains(['，', '。', ',', '？', '?', '！', '!'])).then_some((length, Noise::Blank))
}

/// Whether a bracket at the start of a turn is all of it, and says something: `[会话已转接]`. A mask or the name of a kind of message
/// (`[数字x]`, `[图片]`, `[商品链接]`) is shorter.
fn is_notice(turn: &str, length: usize) -> bool {
    let content = turn[..length].trim_matches(['[', ']', '［', '］']);
    turn[length..].trim().is_empty() && content.chars().all(is_han) && content.chars().count() > 4 && !EMOTICONS.contains(&content)
}

fn placeholder(text: &str) -> Option<usize> {
    let start = run_within(text, 4, |c| c == '$' || c == '{')?;
    if !text[..start].contains('{') {
        return None;
    }
    let inside = run_within(&text[start..], 40, |c| !matches!(c, '{' | '}' | '\n'))?;
    let close = run_within(&text[start + inside..], 4, |c| c == '}')?;
    (close > 0 && inside > 0).then_some(start + inside + close)
}

/// `%s`, `%d`, `%1$s`, `%(name)s`, `%@`.
fn conversion(text: &str) -> Option<usize> {
    let mut at = 1;
    if text[at..].starts_with('(') {
        at += run_within(&text[at..], 40, |c| c != ')' && c != '\n')?;
        at += text[at..].starts_with(')').then_some(1)?;
    } else {
        let digits = run_within(&text[at..], 4, |c| c.is_ascii_digit())?;
        if text[at + digits..].starts_with('$') {
            at += digits + 1;
        } else if digits > 0 && text[at + digits..].starts_with('d') {
            at += digits;
        }
    }
    let letter = text[at..].chars().next()?;
    let ends = !text[at + letter.len_utf8()..].starts_with(|c: char| c.is_ascii_alphanumeric());
    (matches!(letter, 's' | 'd' | 'f' | 'i' | 'u' | '@') && ends).then_some(at + 1)
}

/// An HTML tag is a break, any other name in angle brackets a placeholder.
fn tag(text: &str) -> Option<(usize, Noise)> {
    let inside = run_within(&text[1..], 200, |c| !matches!(c, '<' | '>' | '\n'))?;
    let content = &text[1..1 + inside];
    if !text[1 + inside..].starts_with('>') || content.is_empty() {
        return None;
    }
    let name = content.trim_start_matches('/');
    let name = &name[..run(name, |c| c.is_ascii_alphanumeric())];
    let kind = match name.to_ascii_lowercase().as_str() {
        "a" | "b" | "blockquote" | "br" | "code" | "div" | "em" | "font" | "h1" | "h2" | "h3" | "h4" | "hr" | "i" | "img" | "li" | "ol"
        | "p" | "s" | "span" | "strong" | "table" | "tbody" | "td" | "th" | "tr" | "u" | "ul" | "video" => Noise::Break,
        "" => return None,
        _ if content.chars().count() <= 40 => Noise::Blank,
        _ => return None,
    };
    Some((inside + 2, kind))
}

/// The bytes of a mark of emphasis at byte `at`: what is said goes on through it. `**`, `*`, `__` and `_` around words, and the tags
/// of HTML that only change how words look; not `~~`, with which people also draw out a word: 好的~~请稍等~~.
pub fn emphasis(text: &str, at: usize) -> Option<usize> {
    match *text.as_bytes().get(at)? {
        b'<' => inline_tag(&text[at..]),
        mark @ (b'*' | b'_') => star(text, at, char::from(mark)),
        _ => None,
    }
}

/// Elements within a line of words.
const INLINE: [&str; 7] = ["b", "em", "font", "i", "span", "strong", "u"];

fn inline_tag(text: &str) -> Option<usize> {
    let inside = run_within(&text[1..], 200, |c| !matches!(c, '<' | '>' | '\n'))?;
    let content = &text[1..1 + inside];
    let behind = text[1 + inside..].strip_prefix('>')?;
    let name = content.trim_start_matches('/');
    let name = &name[..run(name, |c| c.is_ascii_alphanumeric())];
    // Elements side by side are apart: labels, buttons, cells.
    let is_apart = content.starts_with('/') && behind.starts_with('<') && !behind.starts_with("</");
    (INLINE.iter().any(|inline| name.eq_ignore_ascii_case(inline)) && !is_apart).then_some(inside + 2)
}

/// The bytes of `*`, `**`, `_` or `__` that open or close emphasis: its partner stands on the same line, not far from it. Marks in the
/// place of words, 张**, 138****0000, are none.
fn star(text: &str, at: usize, mark: char) -> Option<usize> {
    let rest = &text[at..];
    let length = run(rest, |c| c == mark);
    if length > 2 || text[..at].ends_with(mark) {
        return None;
    }
    let is_pair = |words: Range<usize>| {
        let before = text[..words.start - length].chars().next_back();
        emphasises(before, &text[words.clone()], &text[words.end + length..], &rest[..length])
    };
    let behind = at + length;
    // The next marks, and those before: as many of them, and not as far away as they would be in a mask or a table.
    let ahead = run_within(&text[behind..], EMPHASISED, |c| c != mark && c != '\n').map(|inside| behind + inside);
    let opens = ahead.is_some_and(|end| run(&text[end..], |c| c == mark) == length && is_pair(behind..end));
    let before = text[..at].char_indices().rev().take(EMPHASISED + 1).find(|&(_, c)| c == mark || c == '\n');
    let earlier = before.filter(|&(_, c)| c == mark).map(|(last, _)| last + 1);
    let closes = || {
        earlier.is_some_and(|start| {
            let marks = start - text[..start].trim_end_matches(mark).len();
            marks == length && is_pair(start..at)
        })
    };
    (opens || closes()).then_some(length)
}

/// Characters of emphasised words at most.
const EMPHASISED: usize = 40;

/// Whether words between two marks are emphasised by them, and do not stand between two masks.
fn emphasises(before: Option<char>, words: &str, behind: &str, mark: &str) -> bool {
    let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let (first, last) = (words.chars().next(), words.chars().next_back());
    let is_bare = |c: char| is_word(c) || matches!(c, '“' | '「' | '《' | '"');
    if is_latin(before)
        || is_latin(behind.chars().next())
        || !first.is_some_and(is_bare)
        || last.is_none_or(char::is_whitespace)
        || !words.contains(is_han)
    {
        return false;
    }
    // Blanks to be filled in: 请于__月__日前.
    let is_blank = mark == "__" && words.chars().nth(1).is_none();
    // 我是**公司**号客服; 张*和李*, 张**先生.
    let is_mask = || MASKED.iter().any(|word| words.starts_with(word) || behind.starts_with(word));
    let is_name = || {
        let surname = |c: Option<char>| c.is_some_and(|c| SURNAMES.contains(c));
        surname(before) && (mark == "*" || surname(last) || BEHIND_NAMES.iter().any(|c| words.starts_with(*c)))
    };
    !is_blank && !is_mask() && !is_name()
}

/// What stands behind a mask for the name or the number of it.
const MASKED: [&str; 24] = [
    "公司",
    "集团",
    "集團",
    "银行",
    "銀行",
    "先生",
    "女士",
    "小姐",
    "老师",
    "老師",
    "经理",
    "經理",
    "旗舰店",
    "旗艦店",
    "专员",
    "專員",
    "客服",
    "号",
    "號",
    "元",
    "年",
    "月",
    "日",
    "天",
];

/// Of surnames, those of which most masked names consist.
const SURNAMES: &str = "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林罗羅郑鄭梁谢謝宋唐许許邓鄧冯馮韩韓曹彭曾萧蕭肖董潘袁蔡蒋蔣余杜叶葉程苏蘇魏吕呂丁沈姚卢盧姜崔钟鍾谭譚陆陸汪廖贾賈韦韋邱侯邹鄒熊孟秦薛尹段雷黎史陶贺賀顾顧毛郝龚龔邵钱錢严嚴武戴莫孔";

/// What goes on behind a name.
const BEHIND_NAMES: [char; 8] = ['您', '你', '妳', '和', '与', '與', '跟', '的'];

/// `#E-s33`, and the same with a masked number, `#E-s[数字x]`.
fn emoticon_code(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("#E-")?;
    let letters = run(rest, |c| c.is_ascii_alphabetic());
    let digits = run(&rest[letters..], |c| c.is_ascii_digit());
    let mask = if digits == 0 { bracket(&rest[letters..]).map_or(0, |(length, _)| length) } else { 0 };
    (digits + mask > 0).then_some(3 + letters + digits + mask)
}

/// `/:^_^`, `/:809`, `/:-W`: the codes of the Wangwang messenger, at most five characters.
fn wangwang_code(text: &str) -> usize {
    let code = run(&text[2..], |c| c.is_ascii_graphic() && c != '/');
    2 + code.min(4)
}

fn entity(text: &str) -> Option<usize> {
    let name = run_within(&text[1..], 8, |c| c.is_ascii_alphanumeric() || c == '#')?;
    ((2..=8).contains(&name) && text[1 + name..].starts_with(';')).then_some(name + 2)
}

fn link(text: &str) -> Option<usize> {
    let lower = |prefix: &str| text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    if !(lower("http://") || lower("https://") || lower("www.")) {
        return None;
    }
    let written = |text: &str| run(text, |c| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>'));
    let mut length = written(text);
    // Words in an address as browsers show it: what stands behind a host or a punctuation mark is talk.
    while length > 0 && opens_words(&text[..length]) {
        let words = run(&text[length..], is_han);
        if words == 0 {
            break;
        }
        length += words;
        if text[length..].starts_with(['/', '.', '?', '&', '#', '=', '-', '_', '%']) || text[length..].starts_with(is_digit_or_letter) {
            length += written(&text[length..]);
        }
    }
    Some(length)
}

fn is_digit_or_letter(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// Whether Han that follows an address goes on with it: behind a `/` of its path, a `=`, or an octet (`%E4`).
fn opens_words(address: &str) -> bool {
    let behind_scheme = address.split_once("://").map_or(address, |(_, rest)| rest);
    let octet = || matches!(address.as_bytes(), [.., b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit());
    behind_scheme.trim_start_matches('/').contains('/') && (address.ends_with(['/', '=']) || octet())
}

/// Bytes of the destination of a link, and of what is shown for it, that are looked at: what is looked for at every bracket must not
/// look far.
const LONGEST_LINK: usize = 2048;

/// The destination of a Markdown link or image, with its title: `(docs/退货.md)` directly behind `]`. Behind an emoticon code it is a
/// remark.
fn destination(text: &str, at: usize) -> Option<usize> {
    let shown = text[..at].strip_suffix(']')?;
    let open = shown.bytes().rev().take(LONGEST_LINK).position(|byte| byte == b'[')?;
    let label = &shown[shown.len() - open..];
    let rest = text[at..].strip_prefix('(')?;
    let rest = &rest[..floor_boundary(rest, LONGEST_LINK)];
    if EMOTICONS.contains(&label) {
        return None;
    }
    let from = rest.len() - rest.trim_start_matches(' ').len();
    let mut end = from;
    if rest[from..].starts_with('<') {
        end += run(&rest[from..], |c| !matches!(c, '>' | '\n'));
        end += usize::from(rest[end..].starts_with('>'));
    } else {
        let mut open = 0_usize;
        end += rest[from..]
            .find(|c: char| {
                match c {
                    '(' => open += 1,
                    ')' if open == 0 => return true,
                    ')' => open -= 1,
                    _ => {}
                }
                c.is_whitespace() || "，。！？；、".contains(c)
            })
            .unwrap_or(rest.len() - from);
    }
    let behind = rest[end..].trim_start_matches(' ');
    let title = match behind.chars().next() {
        Some(quote @ ('"' | '\'')) if behind.len() < rest[end..].len() => {
            let inside = run(&behind[1..], |c| c != quote && c != '\n');
            behind[1 + inside..].strip_prefix(quote)?.trim_start_matches(' ')
        }
        _ => behind,
    };
    let closed = title.strip_prefix(')')?;
    (end > from).then(|| 1 + rest.len() - closed.len())
}

/// `XX`, `xxx`, and `XX` at the end of a number; not a clothing size, `XXL`.
fn crosses(text: &str) -> Option<usize> {
    let length = run(text, |c| matches!(c, 'x' | 'X'));
    let follows = text[length..].chars().next();
    (length >= 2 && !follows.is_some_and(|c| c.is_ascii_alphanumeric())).then_some(length)
}

/// `××`, `○○`, `__`, `**` where words should stand. One `*` is a blank beside a word, else a mark.
fn stand_in(text: &str, after: Option<char>) -> Option<usize> {
    let first = text.chars().next()?;
    // A run is asked about once, where it begins.
    if after == Some(first) {
        return None;
    }
    let length = run(text, |c| c == first || (matches!(first, '*' | '＊') && matches!(c, '*' | '＊')));
    let beside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let star = matches!(first, '*' | '＊') && (beside(after) || beside(text[length..].chars().next()));
    let twice = !matches!(first, '*' | '＊' | '※' | '△') && length >= 2 * first.len_utf8() || matches!(first, '△') && length >= 6;
    (star || twice).then_some(length)
}

/// `(duì)` after a Han character, one to six letters in either width of bracket.
fn pronunciation(text: &str) -> Option<usize> {
    let open = text.chars().next()?.len_utf8();
    let letters = run_within(&text[open..], 6, |c| c.is_ascii_lowercase() || "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿɡê".contains(c))?;
    let close = text[open + letters..].chars().next().filter(|c| matches!(c, ')' | '）'))?.len_utf8();
    (letters > 0).then_some(open + letters + close)
}

/// `(^_^)`, `（づ￣3￣）づ`, `(*^▽^*)`: at most 16 characters, at least one that only faces have, no Han words.
fn bracketed_face(text: &str) -> Option<usize> {
    let open = text.chars().next()?.len_utf8();
    let inside = run_within(&text[open..], 16, |c| !matches!(c, ')' | '）' | '\n'))?;
    let content = &text[open..open + inside];
    let close = text[open + inside..].chars().next()?.len_utf8();
    let features = content.chars().filter(|c| FEATURES.contains(c)).count();
    let words = content
        .chars()
        .filter(|&c| is_han(c) || c.is_ascii_alphanumeric() && !matches!(c, 'o' | 'O' | 'T' | 'Q' | 'A' | 'w' | 'v' | 'u' | '3'))
        .count();
    if features == 0 || (features < 2 && content.chars().count() > 1 && words > 0) || words > 1 {
        return None;
    }
    let length = open + inside + close;
    // Arms and breath behind the face belong to it: ノ づ o ~
    Some(length + run(&text[length..], |c| matches!(c, 'ノ' | 'ﾉ' | 'づ' | 'o' | 'O' | '*' | '✧' | '☆' | '╭' | '╮' | '凸' | 'و')))
}

fn face(text: &str) -> Option<(usize, Noise)> {
    let known = FACES.iter().filter(|known| text.starts_with(**known)).map(|known| known.len()).max();
    let ends = |length: usize| !text[length..].starts_with(|c: char| c.is_ascii_alphanumeric());
    let sided = |length: usize| ends(length).then_some((length, Noise::Face));
    let mut characters = text.chars();
    let eye = characters.next()?;
    if matches!(eye, 'o' | 'O')
        && text[1..].starts_with(['(', '（'])
        && let Some(length) = bracketed_face(&text[1..])
    {
        return Some((1 + length, Noise::Face));
    }
    if matches!(eye, '╮' | '╭' | '╯' | '╰') && characters.clone().next().is_some_and(|c| matches!(c, '(' | '（')) {
        let arm = eye.len_utf8();
        if let Some(length) = bracketed_face(&text[arm..]) {
            return Some((arm + length, Noise::Face));
        }
    }
    if EYES.contains(&eye) {
        let mouth_at = eye.len_utf8();
        let mouth = run_within(&text[mouth_at..], 3, |c| MOUTHS.contains(&c)).unwrap_or_default();
        let other = text[mouth_at + mouth..].chars().next();
        let mirrored = match eye {
            '>' => other == Some('<'),
            '≧' => other == Some('≦'),
            '╯' => other == Some('╰'),
            _ => other == Some(eye),
        };
        // -.- and =.= are faces, - - and a dash in a number are not.
        if mouth > 0 && mirrored {
            let length = mouth_at + mouth + other.map_or(0, char::len_utf8);
            let tail = run(&text[length..], |c| matches!(c, '|' | '~' | '*' | 'b' | 'o'));
            if let Some(found) = sided(length + tail).or_else(|| sided(length)) {
                return Some(found);
            }
        }
    }
    known.and_then(sided)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_start(text: &str) -> Option<(&str, Noise)> {
        recognise(text, 0, None).map(|(length, noise)| (&text[..length], noise))
    }

    #[test]
    fn masks_and_placeholders_are_blanks() {
        for text in [
            "[数字x]",
            "[PII]",
            "{name}",
            "{{ order }}",
            "${id}",
            "%s",
            "%1$s",
            "%(name)s",
            "<customer>",
            "XX",
            "××",
            "○○",
            "https://a.cn/x?y=1",
            "www.a.cn",
            "____",
        ] {
            assert_eq!(at_start(text), Some((text, Noise::Blank)), "{text}");
        }
        assert_eq!(recognise("公司", 0, None), None);
        assert_eq!(at_start("[会话已转接]好的"), Some(("[会话已转接]", Noise::Blank)));
        assert_eq!(at_start("[会话已转接]"), None, "a whole turn is a notice");
        assert_eq!(recognise("4**号", 1, Some('4')), Some((2, Noise::Blank)));
        assert_eq!(recognise("**", 0, None), None);
        assert_eq!(at_start("XXL码"), None);
        assert_eq!(at_start("100%"), None);
    }

    #[test]
    fn addresses_hold_words_in_their_path() {
        for text in ["http://a.cn/售后2", "https://zh.wikipedia.org/wiki/客服#1", "www.a.cn/活动.", "http://a.cn/%E5%94%AE后/x"] {
            assert_eq!(at_start(text), Some((text, Noise::Blank)), "{text}");
        }
        assert_eq!(at_start("https://a.cn/p?name=红T恤"), Some(("https://a.cn/p?name=红T", Noise::Blank)));
        assert_eq!(at_start("http://a.cn请点开"), Some(("http://a.cn", Noise::Blank)));
        assert_eq!(at_start("http://a.cn/p2请点开"), Some(("http://a.cn/p2", Noise::Blank)));
    }

    #[test]
    fn links_are_not_looked_for_far_away() {
        for text in ["[图片](".repeat(3000), "[".repeat(20_000) + "你好" + &"](".repeat(20_000)] {
            for at in text.char_indices().filter(|(_, c)| *c == '(').map(|(at, _)| at) {
                assert_eq!(destination(&text, at), None);
            }
        }
        assert_eq!(destination("[退货](docs/退货.md)", "[退货]".len()), Some("(docs/退货.md)".len()));
    }

    #[test]
    fn codes_and_tags_are_breaks() {
        for text in ["#E-s33", "#E-s[数字x]", "&nbsp;", "&#39;", "<br/>", "</p>", "[微笑]", "/:^_^", "/:809"] {
            assert_eq!(at_start(text), Some((text, Noise::Break)), "{text}");
        }
        assert_eq!(at_start("#1楼"), None);
    }

    #[test]
    fn faces_are_faces_and_remarks_are_not() {
        for text in [
            "^_^",
            "(^_^)",
            "(*^▽^*)",
            "T_T",
            ">_<",
            "O(∩_∩)O",
            "o(╥﹏╥)o",
            "╮(╯▽╰)╭",
            "(≧▽≦)",
            "orz",
            "QAQ",
            "-_-|||",
            "=_=",
            "∩_∩",
            ":)",
            "^^",
        ] {
            assert_eq!(at_start(text), Some((text, Noise::Face)), "{text}");
        }
        for text in ["(不含运费)", "（上海）", "(1)", "(A座)", "- 运费", "TCL", "Oppo手机", "(24小时)", "orzo"] {
            assert_eq!(at_start(text), None, "{text}");
        }
    }

    #[test]
    fn emphasis_goes_and_masks_stay() {
        let marks = |text: &str| {
            let found = text.char_indices().filter_map(|(at, _)| emphasis(text, at).map(|length| &text[at..at + length]));
            found.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(marks("您**必须**先付款"), "** **");
        assert_eq!(marks("**请“稍后”**，电话*多少*？_不知道_ __不知道__"), "** ** * * _ _ __ __");
        assert_eq!(marks("您<b>必须</b>先<span class=\"x\">付</span>款<I>了</I>"), "<b> </b> <span class=\"x\"> </span> <I> </I>");
        assert_eq!(marks("<span>您好</span><span>在</span>"), "<span> <span> </span>");
        for text in [
            "张*和李*",
            "张**先生和李**女士",
            "张**，李**",
            "我是**公司**号客服",
            "138****0000和139****1111",
            "2*3*4",
            "长 * 宽 * 高",
            "* 您好 * 在的",
            "*姓名",
            "请于__月__日前",
            "单号A_10_29",
            "order_no_字段",
            "好的~~请稍等~~",
            "***您好***",
            "<br>好<p>",
            "**您好\n**",
        ] {
            assert_eq!(marks(text), "", "{text}");
        }
    }

    #[test]
    fn pronunciation_goes() {
        assert_eq!(recognise("對(duì)方", 3, Some('對')), Some((6, Noise::Nothing)));
        assert_eq!(recognise("對（duì）方", 3, Some('對')), Some((10, Noise::Nothing)));
    }
}
