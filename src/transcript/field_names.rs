//! What the fields of records are called, the columns of a table and the keys of an object alike: folded and without spaces, `_`
//! and `-`. Of several in a record that which stands earlier here is preferred.

use crate::text::fold_word;

/// The words of a turn or reply.
pub(super) const TEXT: &[&str] = &[
    "内容",
    "消息内容",
    "聊天内容",
    "对话内容",
    "会话内容",
    "发送内容",
    "通话内容",
    "消息",
    "文本",
    "话术",
    "话术内容",
    "回复内容",
    "回复",
    "短语",
    "快捷短语",
    "常用语",
    "话语",
    "text",
    "content",
    "message",
    "utterance",
    "body",
    "transcript",
    "reply",
    "sentence",
    "句子",
    "正文",
    "话术文本",
    "聊天记录",
    "留言内容",
    "标准话术",
    "参考话术",
    "快捷回复",
    "快捷语",
    "答案",
    "标准答案",
    "参考答案",
    "答复",
    "回答",
    "answer",
    "response",
];
/// What holds turns together.
pub(super) const CONVERSATION: &[&str] = &[
    "会话id",
    "会话编号",
    "会话号",
    "会话",
    "对话id",
    "对话编号",
    "通话id",
    "通话编号",
    "通话流水号",
    "录音id",
    "录音编号",
    "聊天id",
    "conversationid",
    "conversation",
    "sessionid",
    "session",
    "chatid",
    "callid",
    "dialogid",
    "dialogueid",
    "ticketid",
    "contactid",
];
/// Who speaks, as a role.
pub(super) const SPEAKER: &[&str] = &[
    "角色",
    "发送方",
    "说话人",
    "发言人",
    "发送者",
    "发送人",
    "讲话人",
    "说话方",
    "发言方",
    "身份",
    "发送者类型",
    "发送方类型",
    "消息来源",
    "发言者",
    "消息发送方",
    "发送者身份",
    "发送人类型",
    "角色类型",
    "发言角色",
    "说话人角色",
    "speaker",
    "role",
    "sender",
    "sendertype",
    "from",
    "party",
    "authortype",
    "fromtype",
];
/// Names of columns that tell who speaks only where they hold nothing but roles, of both sides.
pub(super) const SPEAKER_BY_VALUES: &[&str] = &["用户类型", "使用者类型", "类型", "来源"];
/// Columns of roles.
pub(super) const ROLE: &[&str] = &[
    "角色",
    "身份",
    "发送者身份",
    "发送者类型",
    "发送方类型",
    "发送人类型",
    "角色类型",
    "发言角色",
    "说话人角色",
    "role",
    "sendertype",
    "authortype",
    "fromtype",
];
/// Columns that may hold people beside one of roles: 发送者 is 张三 where 发送者类型 is 客服.
pub(super) const PERSON: &[&str] = &["发送者", "发送人", "说话人", "发言人", "讲话人", "发言者", "speaker", "sender"];
/// The name of who speaks.
pub(super) const NAME: &[&str] =
    &["昵称", "姓名", "发送者昵称", "发送人昵称", "发送人姓名", "名称", "nickname", "name", "sendername", "username"];
/// The agent of the conversation.
pub(super) const AGENT: &[&str] = &[
    "客服",
    "坐席",
    "座席",
    "客服姓名",
    "客服昵称",
    "客服名称",
    "客服账号",
    "客服工号",
    "客服id",
    "坐席姓名",
    "坐席工号",
    "坐席id",
    "座席姓名",
    "座席工号",
    "工号",
    "接待客服",
    "员工",
    "agent",
    "agentname",
    "agentid",
    "staff",
    "operator",
];
/// When a turn begins.
pub(super) const TIME: &[&str] = &[
    "时间",
    "发送时间",
    "消息时间",
    "开始时间",
    "聊天时间",
    "对话时间",
    "日期时间",
    "起始时间",
    "时间戳",
    "time",
    "timestamp",
    "starttime",
    "start",
    "datetime",
    "createdat",
    "sendtime",
    "date",
    "日期",
];
/// When it ends.
pub(super) const END: &[&str] = &["结束时间", "终止时间", "end", "endtime", "ended"];
/// Who began.
pub(super) const DIRECTION: &[&str] = &["方向", "呼叫方向", "通话方向", "呼叫类型", "direction", "calltype"];
/// Where a conversation took place.
pub(super) const KIND: &[&str] = &["渠道", "会话类型", "接入渠道", "channel", "kind", "type"];
/// What a canned reply is called.
pub(super) const REPLY: &[&str] = &["编码", "快捷编码", "短语编码", "编号", "序号", "id", "code", "shortcode", "key", "标题"];
/// What is said to a customer beyond doubt: beside it a [`TEXT`] may be what the customer asked.
pub(super) const ANSWER: &[&str] =
    &["答案", "标准答案", "参考答案", "答复", "回答", "回复", "回复内容", "answer", "answers", "reply", "replies", "response", "responses"];
/// A text where nothing else is: one of a pair, or the same in a language.
pub(super) const VALUE: &[&str] =
    &["texts", "contents", "value", "值", "zh", "zhcn", "zhtw", "zhhk", "zhhans", "zhhant", "简体", "繁体", "中文", "简体中文", "繁体中文"];
/// What an entry is known by.
pub(super) const ID: &[&str] =
    &["编码", "快捷编码", "短语编码", "编号", "序号", "id", "code", "shortcode", "key", "shortcut", "slug", "快捷键"];
/// What people write about an entry or a whole file: nobody says it to a customer.
pub(super) const LABEL: &[&str] = &[
    "标题",
    "名称",
    "分类",
    "类别",
    "类型",
    "分组",
    "组别",
    "标签",
    "场景",
    "情景",
    "问题",
    "提问",
    "关键词",
    "关键字",
    "说明",
    "描述",
    "备注",
    "版本",
    "作者",
    "语言",
    "渠道",
    "状态",
    "title",
    "name",
    "category",
    "categories",
    "group",
    "tag",
    "tags",
    "label",
    "labels",
    "scene",
    "scenario",
    "intent",
    "topic",
    "question",
    "questions",
    "keyword",
    "keywords",
    "description",
    "comment",
    "note",
    "notes",
    "version",
    "author",
    "lang",
    "language",
    "locale",
    "channel",
    "type",
    "status",
    "enabled",
    "weight",
    "order",
    "priority",
    "date",
    "created",
    "createdat",
    "updated",
    "updatedat",
    "phraselintignore",
];
/// Keys of messages, beside those of [`SPEAKER`], [`CONVERSATION`] and [`AGENT`]: somebody said this at some time.
pub(super) const MESSAGE: &[&str] = &[
    "昵称",
    "发送者昵称",
    "发送人昵称",
    "发送人姓名",
    "用户",
    "客户",
    "顾客",
    "nickname",
    "sendername",
    "username",
    "user",
    "userid",
    "customer",
    "时间",
    "发送时间",
    "消息时间",
    "聊天时间",
    "开始时间",
    "time",
    "timestamp",
    "sendtime",
    "start",
    "starttime",
    "startms",
    "end",
    "endtime",
    "msgtype",
    "messagetype",
    "msgid",
];

/// A name without what people write in different ways.
pub(super) fn folded(name: &str) -> String {
    fold_word(name.trim()).replace([' ', '_', '-', '\u{3000}', '\u{FEFF}'], "")
}
