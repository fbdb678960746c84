//! How often characters stand in what customers and agents say: rare ones tell more.

/// The most frequent characters of service talk, the most frequent first. The order matters, not the exact rank.
const FREQUENT: &str = "\
的您有是我单以可请还数字了好问呢吗订这到帮么谢哦下亲个一不在要没为时什号他其商货发后点题能品询天送等理给客边妹小你快电处\
看东查京会价就对需退解系收服们人支务爱联开额间票子上提金申话那机地持稍接都再家日用改期前款信心保咨址祝现已感名取站手换嗯\
新来生之买或户姓通修吧活成哈多烦决也击经愉怎核正配果麻意售过气回行作供待见很出工件想说物如打方应哒中知明消息候预实评苦链\
辛今码安啊和该员审达付情内购示自卡确具完面做装交递显流无只样里更两直动次费质选高计太定助专账进兴哪大编法重刚啦注放耐包邮";

/// Words of two characters that every service desk says all day, far more often than their characters would have it; the most
/// frequent first.
const SAID_ALL_DAY: &str = "\
一下可以您的请问什么帮您好的您好订单已经感谢谢谢还有稍等问题没有需要为您这个这边我们麻烦怎么时间联系服务支持处理查询咨询祝您再见\
久等愉快生活你好客服收到电话手机现在今天地址发货退款提供解决客气抱歉辛苦方便核实如果工作时候小时不是是的随时";

/// How often a folded string stands in service talk, roughly: the share of places at which it begins.
pub fn share(text: &str) -> f64 {
    use std::collections::HashMap;
    use std::sync::LazyLock;

    /// Characters that follow each other in a word do so far more often than chance would have it.
    const ATTRACTION: f64 = 15.0;
    static WORDS: LazyLock<HashMap<&str, f64>> = LazyLock::new(|| {
        let ends: Vec<usize> = SAID_ALL_DAY.char_indices().map(|(at, _)| at).step_by(2).chain([SAID_ALL_DAY.len()]).collect();
        let words = ends.windows(2).map(|ends| &SAID_ALL_DAY[ends[0]..ends[1]]).enumerate();
        words.map(|(rank, word)| (word, 0.006 / (1.0 + rank as f64 / 10.0))).collect()
    });
    let mut share = 1.0 / ATTRACTION;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let two = rest.char_indices().nth(2).map_or(rest.len(), |(end, _)| end);
        let (part, length) = WORDS.get(&rest[..two]).map_or((frequency(c), c.len_utf8()), |&word| (word, two));
        share *= part * ATTRACTION;
        rest = &rest[length..];
    }
    share
}

/// The share of a folded character among the characters of service talk, roughly.
///
/// Frequencies fall with the rank, as they do in every language; a character beyond the list is rare.
pub fn frequency(c: char) -> f64 {
    use std::sync::LazyLock;

    /// The character with the number 0.
    const FIRST: usize = 0x4E00;
    /// By the number of a character, which share it has; 0 where the list does not hold it.
    static SHARES: LazyLock<Vec<f32>> = LazyLock::new(|| {
        let mut shares = vec![0.0; 0x5200];
        // Of a character that stands there twice the last rank counts.
        for (rank, c) in FREQUENT.chars().enumerate() {
            if let Some(share) = (c as usize).checked_sub(FIRST).and_then(|number| shares.get_mut(number)) {
                *share = 0.03 / (1.0 + rank as f32 / 5.0);
            }
        }
        shares
    });
    match (c as usize).checked_sub(FIRST).and_then(|number| SHARES.get(number)) {
        Some(&share) if share > 0.0 => share.into(),
        _ if c.is_ascii_digit() => 0.002,
        _ => 0.0001,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_all_day_is_not_rare() {
        assert!(share("谢谢") > 10.0 * share("没法"));
        assert!(share("谢谢你") < share("谢谢") && share("谢谢你") > share("没法退"));
        assert!((share("好") - frequency('好')).abs() < 1e-9);
        assert_eq!(SAID_ALL_DAY.chars().count() % 2, 0);
    }

    #[test]
    fn common_words_are_frequent() {
        assert!(frequency('您') > frequency('退'));
        assert!(frequency('退') > frequency('抠'));
        let all: f64 = FREQUENT.chars().map(frequency).sum();
        assert!((0.3..1.0).contains(&all), "{all}");
    }
}
