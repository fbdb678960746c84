"""Prints 2,000 improper phrases, one a line, for the programs that phrase-lint is compared with.

With --pack the same phrases come out as a two-column table that `phrase-lint check --rules` takes, to see what a user's
own 2,000 phrases cost. The list is the same every time.
"""

import sys
from itertools import product

ALONE = """
你等着 你等一下 不知道 不清楚 不归我管 没办法 你是谁 你叫什么名字 你姓什么 你电话多少 你有什么事 你说完了吗 你听明白了吗
说了多少遍 有完没完 快点说 再说一遍 你错了 不是我们的责任 你去找别人 你去投诉 随便你 这么简单 我也没办法 公司规定就这样
你好 你自己 不行 不可以 不可能 绝对 百分之百 肯定 保证 应该吧 可能吧 么么哒 木有 亲爱的 把密码 把验证码 喂
你等著 你等一下 不知道 不清楚 不歸我管 沒辦法 你是誰 你叫什麼名字 你姓什麼 你電話多少 你有什麼事 你說完了嗎 你聽明白了嗎
說了多少遍 有完沒完 快點說 再說一遍 你錯了 不是我們的責任 你去找別人 你去投訴 隨便你 這麼簡單 我也沒辦法 公司規定就這樣
你好 你自己 不行 不可以 不可能 絕對 百分之百 肯定 保證 應該吧 可能吧 麼麼噠 木有 親愛的 把密碼 把驗證碼 喂
""".split()

# What points at the customer, and what it is about; the same places in both scripts.
OPENERS = (
    "你必须 你应该 你得 你不要 你别 你怎么 你为什么 你干嘛 你赶紧 你自己 你先 你不能 你没有 你到底 你还没 你总是 你当时没 你根本没 你非要 你凭什么 你最好 你们必须 你们怎么 你就不能",
    "你必須 你應該 你得 你不要 你別 你怎麼 你為什麼 你幹嘛 你趕緊 你自己 你先 你不能 你沒有 你到底 你還沒 你總是 你當時沒 你根本沒 你非要 你憑什麼 你最好 你們必須 你們怎麼 你就不能",
)
MATTERS = (
    "说清楚 看清楚 写明白 听我说 看说明 等通知 付款 退货 寄回来 提供单号 发照片 打电话 去柜台 重启 登录 升级 实名认证 还款 签字 确认收货 改密码 换手机 下载应用 找商家 问快递 填表 交押金 补差价 带证件 留地址 选尺码 关机 插网线 缴费 报修 挂失 改签 取件 开发票 核对信息 点链接 查记录 预约 排队 看公告 交材料 写评价 取消订单",
    "說清楚 看清楚 寫明白 聽我說 看說明 等通知 付款 退貨 寄回來 提供單號 發照片 打電話 去櫃檯 重啟 登入 升級 實名認證 還款 簽字 確認收貨 改密碼 換手機 下載應用 找商家 問快遞 填表 交押金 補差價 帶證件 留地址 選尺碼 關機 插網線 繳費 報修 掛失 改簽 取件 開發票 核對資訊 點連結 查記錄 預約 排隊 看公告 交材料 寫評價 取消訂單",
)


def phrases(count):
    found = dict.fromkeys(ALONE)
    # Both scripts in turn, so that a shorter list would hold both too.
    scripts = [product(matters.split(), openers.split()) for openers, matters in zip(OPENERS, MATTERS)]
    for pairs in zip(*scripts):
        for matter, opener in pairs:
            found.setdefault(opener + matter)
    assert len(found) >= count, len(found)
    return list(found)[:count]


if __name__ == "__main__":
    pack = "--pack" in sys.argv[1:]
    if pack:
        print("不当用语,礼貌用语")
    for phrase in phrases(2000):
        print(f"{phrase},请您稍等" if pack else phrase)
