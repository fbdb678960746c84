//! What a rewrite must keep: numbers, dates, amounts, masks and placeholders.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::text::{BLANK, Folded, emphasis};

/// Numbers in digits; numbers in words before a unit; days; tags, entities and the placeholders of shop systems that
/// folding does not take for blanks.
static FACT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const NUMERAL: &str = "[零〇一二两兩三四五六七八九十百千万萬亿億]";
    const UNIT: &str = "元|圆|圓|块钱|塊錢|毛钱|毛錢|天|日|号|號|月|年|周|週|星期|礼拜|禮拜|小时|小時|钟头|鐘頭|分钟|分鐘|秒|点钟|點鐘|点半|點半|工作日|折|倍|期|公斤|斤|公里|米";
    Regex::new(&format!(
        r"<[^<>\n]{{1,200}}>|&\#?[0-9A-Za-z]{{1,10}};|\#[^\#\s]{{1,12}}\#|【[^【】]{{1,16}}】|[*＊×]{{2,}}|[XxＸ]{{2,}}|(?:[¥￥$＄€£] ?)?[0-9０-９]+(?:[.,:/\-．，：／－][0-9０-９]+)*[%％‰]?|百分之{NUMERAL}+|{NUMERAL}+[个個]?半?(?:{UNIT})|[半几幾][个個]?(?:天|年|周|週|月|星期|礼拜|禮拜|小时|小時|钟头|鐘頭|分钟|分鐘|工作日)|今天|明天|后天|後天|昨天|前天|今日|明日|昨日|今晚|明晚|明早|今早|[今明去后後前]年|(?:[本这這下上][个個]?)?(?:周|週|星期|礼拜|禮拜)[一二三四五六日天末]|[本这這下上][个個]?(?:周|週|星期|礼拜|禮拜|月|季度)|[月年周週季][底初中末]|早上|上午|中午|下午|傍晚|晚上|凌晨|半夜|元旦|春节|春節|清明|端午|中秋|国庆|國慶|双十一|雙十一|五一|[节節年][后後前]"
    ))
    .ok()
});

/// The facts of a text, each as it is written, in order; one as often as it stands there.
fn facts(text: &str, folded: &Folded) -> Vec<String> {
    let blanks = folded.as_str().match_indices(BLANK).map(|(at, blank)| text[folded.written(at..at + blank.len())].to_owned());
    // Emphasis goes with the words that had it.
    let others = FACT.iter().flat_map(|fact| fact.find_iter(text)).filter(|fact| emphasis(text, fact.start()).is_none());
    let others = others.map(|fact| fact.as_str().to_owned());
    blanks.chain(others).collect()
}

/// The first fact of `before` that `after` has not, or not as often; both with their folded views.
pub(super) fn lost(before: (&str, &Folded), after: (&str, &Folded)) -> Option<String> {
    let facts_before = facts(before.0, before.1);
    if facts_before.is_empty() {
        return None;
    }
    let mut kept: HashMap<String, usize> = HashMap::new();
    facts(after.0, after.1).into_iter().for_each(|fact| *kept.entry(fact).or_default() += 1);
    facts_before.into_iter().find(|fact| match kept.get_mut(fact) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Spacing;

    fn lost(before: &str, after: &str) -> Option<String> {
        let folded = |text| Folded::new(text, Spacing::Breaks);
        super::lost((before, &folded(before)), (after, &folded(after)))
    }

    #[test]
    fn numbers_dates_and_placeholders_count() {
        for fact in [
            "3",
            "1,299.50",
            "10:30",
            "2024-04-29",
            "７",
            "30%",
            "百分之十",
            "三天",
            "五十元",
            "两个工作日",
            "明天",
            "下周三",
            "星期天",
            "下周",
            "下个月",
            "半个月",
            "半小时",
            "月底",
            "几天",
            "幾個工作日",
            "晚上",
            "国庆",
            "年后",
            "{name}",
            "{{order}}",
            "${x}",
            "%s",
            "%1$s",
            "[数字x]",
            "XX",
            "××",
            "***",
            "<昵称>",
            "<br>",
            "&nbsp;",
            "#订单号#",
            "【单号】",
            "https://example.com/a?b=1",
        ] {
            let before = format!("你的 {fact} 已登记");
            assert_eq!(lost(&before, "您的资料已登记").as_deref(), Some(fact), "{before}");
            assert_eq!(lost(&before, &before.replace('你', "您")), None, "{before}");
        }
    }

    #[test]
    fn words_are_no_numbers() {
        assert_eq!(lost("你再说一遍，十分抱歉，快一点，万一不行", "请您再讲"), None);
    }

    #[test]
    fn what_stands_twice_must_stand_twice() {
        assert_eq!(lost("满2件减2元", "满2件减元").as_deref(), Some("2"));
        assert_eq!(lost("满2件减2元", "减2元，满2件"), None);
    }

    #[test]
    fn a_longer_number_is_another() {
        assert_eq!(lost("退10元", "退101元").as_deref(), Some("10"));
    }
}
