//! Makes hostile text safe to show: what would act on a terminal, or hide, is written out.

use std::borrow::Cow;

/// Text with every control code and every invisible or reordering character shown instead of sent.
///
/// C0 codes become their pictures (`␛`), others their number (`\u{202e}`). A joiner between two emoji stays, for it is
/// what makes them one.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !may_act(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    let mut kept = 0;
    for (at, c) in text.char_indices().filter(|&(_, c)| acts(c)) {
        let next = at + c.len_utf8();
        if c == JOINER && text[..at].chars().next_back().is_some_and(is_emoji) && text[next..].chars().next().is_some_and(is_emoji) {
            continue;
        }
        shown.push_str(&text[kept..at]);
        match c {
            '\t' => shown.push(' '),
            '\0'..='\u{1f}' => shown.extend(char::from_u32(0x2400 + c as u32)),
            '\u{7f}' => shown.push('␡'),
            _ => shown.extend(c.escape_unicode()),
        }
        kept = next;
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    shown.push_str(&text[kept..]);
    Cow::Owned(shown)
}

/// Whether a character does something to the text around it instead of showing itself.
pub(super) fn acts(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' // C0, DEL, C1
        | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' // invisible, bidi, line ends
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' // none in XML
        | '\u{e0000}'..='\u{e007f}')
}

/// Whether a text may hold a character that acts: a no, which is what nearly all texts get, is never wrong, and costs a look at each
/// byte.
pub(super) fn may_act(text: &str) -> bool {
    let bytes = text.as_bytes();
    // What begins no character that acts, in UTF-8: of those that EF begins, FEFF and FFF9 go on with BB and BF, full-width marks with BC.
    let single = |byte: u8| matches!(byte, 0..=0x1f | 0x7f | 0xc2 | 0xd8 | 0xe1 | 0xe2 | 0xf3);
    let pair = |one: u8, other: u8| one == 0xef && (other == 0xbb || other == 0xbf);
    // Without a way out in the midst, so that many bytes are looked at together.
    let singles = bytes.iter().fold(false, |any, &byte| any | single(byte));
    singles | bytes.iter().zip(bytes.iter().skip(1)).fold(false, |any, (&one, &other)| any | pair(one, other))
}

const JOINER: char = '\u{200d}';

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_shown_not_sent() {
        assert_eq!(visible("\u{1b}[31m您好\u{7}\r\n"), "␛[31m您好␇␍␊");
        assert_eq!(visible("\u{202e}您\u{200b}好\u{9b}"), "\\u{202e}您\\u{200b}好\\u{9b}");
        assert_eq!(visible("甲\t乙\u{ffff}"), "甲 乙\\u{ffff}");
        assert!(matches!(visible("您好😊"), Cow::Borrowed(_)));
    }

    #[test]
    fn only_a_joiner_of_emoji_stays() {
        assert_eq!(visible("🙇\u{200d}♀\u{fe0f}"), "🙇\u{200d}♀\u{fe0f}");
        assert_eq!(visible("你\u{200d}好"), "你\\u{200d}好");
    }

    #[test]
    fn a_no_is_never_wrong() {
        let acting = ('\0'..=char::MAX).filter(|&c| acts(c));
        assert!(acting.map(|c| format!("您{c}")).all(|text| may_act(&text)));
        assert!(!may_act("您好，Ａ1001！（订单）😊"));
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_acts_is_left(text in proptest::prelude::any::<String>()) {
            proptest::prop_assert!(visible(&text).chars().all(|c| c == JOINER || !acts(c)));
        }
    }
}
