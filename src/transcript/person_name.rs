//! What looks like the name of a person, in Chinese.

/// Surnames that begin few other words, folded.
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董萧曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎潘杜戴钟汪田姜范姚谭廖邹\
熊陆郝崔邱秦侯邵孟尹黎乔贺龚";

/// Surnames of two characters.
const DOUBLE_SURNAMES: &[&str] = &["欧阳", "司马", "上官", "诸葛", "司徒", "东方", "皇甫", "慕容", "令狐"];

/// How people are addressed behind their surname.
const ADDRESSES: &[&str] = &["先生", "女士", "小姐", "太太"];

/// Words that only begin like names: headings of replies, and what labels say beside a role.
const NO_PERSONS: &[&str] = &[
    "张数",
    "张贴",
    "陈列",
    "陈述",
    "黄色",
    "黄金",
    "黄昏",
    "周边",
    "周期",
    "周末",
    "周年",
    "周报",
    "周一",
    "周二",
    "周三",
    "周四",
    "周五",
    "周六",
    "周日",
    "胡椒",
    "高峰",
    "高峰期",
    "高档",
    "高端",
    "高级",
    "高度",
    "高铁",
    "高清",
    "高温",
    "林地",
    "何时",
    "何处",
    "何地",
    "何种",
    "马上",
    "马桶",
    "马甲",
    "罗列",
    "郑重",
    "郑州",
    "谢谢",
    "谢绝",
    "唐装",
    "董事",
    "董事长",
    "许可",
    "许可证",
    "许多",
    "曾经",
    "曾用名",
    "苏打",
    "苏州",
    "丁香",
    "叶子",
    "杜绝",
    "钟表",
    "钟点",
    "田间",
    "姜茶",
    "范围",
    "范本",
    "范例",
    "陆续",
    "贺卡",
    "贺词",
    "沈阳",
    "韩国",
    "韩版",
    "韩式",
    "杨梅",
    "李子",
    "小结",
    "小票",
    "小件",
    "小额",
    "小时",
    "小心",
    "小众",
    "小号",
    "小码",
    "小区",
    "小计",
    "老款",
    "老板",
    "老师",
    "阿里",
];

/// Whether a folded word looks like somebody's name: 小李, 阿明, 王丽, 欧阳娜, 王先生.
pub(super) fn is_person(folded: &str) -> bool {
    let length = folded.chars().count();
    if !(2..=5).contains(&length) || NO_PERSONS.contains(&folded) || !folded.chars().all(|c| ('\u{3400}'..='\u{9FFF}').contains(&c)) {
        return false;
    }
    is_addressed(folded)
        || (length == 2 && folded.starts_with(['小', '老', '阿']))
        || (length <= 3 && folded.starts_with(|c| SURNAMES.contains(c)))
        || (length <= 4 && length > 2 && DOUBLE_SURNAMES.iter().any(|surname| folded.starts_with(surname)))
}

/// Whether a folded word is a form of address: 王先生.
pub(super) fn is_addressed(folded: &str) -> bool {
    ADDRESSES.iter().any(|title| folded.strip_suffix(title).is_some_and(|name| (1..=3).contains(&name.chars().count())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_and_what_only_begins_like_them() {
        for name in ["张三", "李四", "王小明", "小李", "阿明", "老周", "欧阳娜娜", "王先生"] {
            assert!(is_person(name), "{name}");
        }
        for word in ["温馨提示", "注意", "答复", "开场白", "退款", "查快递", "高峰", "小票", "周末", "张", "发货时间", "a先"]
        {
            assert!(!is_person(word), "{word}");
        }
    }
}
