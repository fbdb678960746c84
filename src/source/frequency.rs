//! How much a text looks like Chinese that people write: decides between encodings that both decode without an error.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The characters that make up most of what people write, and the words of service desks, in both scripts.
const FREQUENT: &str = "\
的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当\
没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并\
物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几\
口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼\
书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运\
您请客服嗯吗呢吧啊哦亲谢歉抱查询订单货退款换快递费用户店元钱号码机微麻烦稍帮助您好早晚再见感谢欢迎光临联系电收寄修麼喂久\
這個們來為國說時會對於著過發後裡裏種經麼法現當沒動麵還進樣開從實軍無與長機業問應戰將間頭體見產內錢話員論處義幾條氣題爾別變總電數報結務\
場計資許統區隊決馬書則聽達強難權設記類據邊張該規萬覺術領確傳師觀讓識帶導爭運請嗎謝詢訂單貨換遞費戶號碼麻煩幫歡臨聯繫係寄買賣價優惠訊網頁\
买卖价优惠讯网页付支银行卡账密码验证登录注册申请办理业专线席坐店小二顾女士先生贵姓核实尽快反馈解决放心理解支持祝愉快您稍候耐心等待";

/// Marks that Chinese text uses; the full-width forms are counted by their block.
const MARKS: &str = "，。、；：？！…—～·“”‘’（）【】《》「」『』〈〉〔〕￥％";

/// How natural decoded text is: near 1 for ordinary Chinese, below 0 for text decoded with the wrong table.
///
/// Only characters outside ASCII are looked at; `None` where there are none.
pub(super) fn naturalness(text: &str) -> Option<f64> {
    static KNOWN: LazyLock<HashSet<char>> = LazyLock::new(|| FREQUENT.chars().chain(MARKS.chars()).collect());
    let (mut all, mut frequent, mut unlikely) = (0u32, 0u32, 0u32);
    for c in text.chars().filter(|c| !c.is_ascii()).take(100_000) {
        all += 1;
        if KNOWN.contains(&c) {
            frequent += 1;
        } else if !is_likely(c) {
            unlikely += 1;
        }
    }
    (all > 0).then(|| (f64::from(frequent) - 3.0 * f64::from(unlikely)) / f64::from(all))
}

/// Han, kana, full-width forms, punctuation, symbols and emoji; not what a wrong table yields: private use, the
/// replacement character, other alphabets, rarely used Han.
fn is_likely(c: char) -> bool {
    matches!(c,
        '\u{4E00}'..='\u{9FA5}' | '\u{3000}'..='\u{303F}' | '\u{3041}'..='\u{30FF}' | '\u{3100}'..='\u{312F}' | '\u{FF01}'..='\u{FF65}' | '\u{FFE0}'..='\u{FFE6}'
        | '\u{2010}'..='\u{27BF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}' | '\u{A0}' | '\u{B0}'..='\u{B7}' | '\u{D7}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_natural_and_a_wrong_table_is_not() {
        for text in ["您好，请问有什么可以帮您？", "麻煩您提供訂單號碼，謝謝"] {
            assert!(naturalness(text).is_some_and(|score| score > 0.7), "{text}");
            let bytes = encoding_rs::GB18030.encode(text).0;
            let wrong = encoding_rs::BIG5.decode(&bytes).0;
            assert!(naturalness(&wrong).is_some_and(|score| score < 0.3), "{wrong}");
        }
        assert_eq!(naturalness("hello"), None);
    }
}
