"""The programme in its own words (市总工会、市劳模协会, 22 June 2024), as far as reference data quotes it."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from actions.models import Comparator, TargetPeriod


class MeasureText(NamedTuple):
    """A measure: code, name, way of doing it, the programme's description."""

    code: str
    name: str
    verb: str
    description: str


class CampaignText(NamedTuple):
    """An action: code (the address of its page), title, title in the text, slogan, summary, measures."""

    code: str
    title: str
    alt_title: str
    slogan: str
    summary: str
    measures: tuple[MeasureText, ...]


CAMPAIGNS = (
    CampaignText(
        "six-ins", "“六进”行动", "实施“六进”行动", "",
        "按照思想政治素质优、示范引领影响大、技术本领作用强、语言表达能力好标准，组建50人的盐城劳模工匠宣讲服务团"
        "开展进企业、进车间、进班组、进工地、进乡村、进网络“六进”行动。",
        (
            MeasureText("enterprise", "进企业", "宣讲", "组织劳模工匠进入企业，通过讲座、座谈会等形式，与员工分享自己的成功经验、工作心得和创新方法。"),
            MeasureText("workshop", "进车间", "指导", "在车间现场，劳模工匠可以针对具体的生产流程、设备操作等给予指导，帮助员工解决实际工作中遇到的问题。"),
            MeasureText("team", "进班组", "互动", "深入到各个班组，与员工进行面对面的互动交流，增强班组凝聚力和执行力。"),
            MeasureText("site", "进工地", "示范", "对于建筑行业或相关领域的工地，现场指导示范施工技巧、安全规范等，确保工程质量和施工安全。"),
            MeasureText("village", "进乡村", "服务", "结合乡村资源，协助策划和实施特色农业、乡村旅游等项目，促进乡村经济发展。"),
            MeasureText("online", "进网络", "授课", "每月组织至少2场各类宣讲服务活动，讲述劳模工匠奋斗故事，分享先进技术。"),
        ),
    ),
    CampaignText(
        "assist-enterprise", "“助企行”行动", "深化“助企行”行动", "",
        "持续推进劳模工匠助企行专项行动，选拔更多的高技能劳模工匠进入劳模工匠技术服务队，扩大助企行服务范围，"
        "进一步强化市劳模协会匠心、暖心、凝心三个志愿服务团建设。",
        (
            MeasureText("hundred-enterprises", "百名劳模进百家企业", "", "深入企业车间、班组，走进生产一线，帮助企业解决技术难题，开展技能培训服务。"),
            MeasureText("technical-help", "技术帮扶", "", "开展技术咨询、产品开发、技术攻关、工艺改进、成果转化等服务。"),
            MeasureText("management-help", "增强企业管理", "", "从前期主要技术帮扶向增强企业管理、弘扬先进文化帮扶。"),
            MeasureText("culture-help", "弘扬先进文化", "", "从前期主要技术帮扶向增强企业管理、弘扬先进文化帮扶。"),
        ),
    ),
    CampaignText(
        "mentoring", "“师带徒”行动", "拓展“师带徒”行动", "",
        "以“5+2”新兴产业和23条产业链建设为切入点，制定“名师带高徒”计划，新创建各级各类劳模工匠创新工作室1000家，"
        "其中新质生产力型劳模工匠创新工作室不少于50个。",
        (
            MeasureText("master-apprentice", "名师带高徒", "", "实现劳模工匠创新工作室“一师一室一众弟子”组织模式。"),
            MeasureText("studios", "创新工作室建设", "", "按技术类、管理类、思政类、服务类四大类推进工作室创建工作。"),
        ),
    ),
    CampaignText(
        "craftsmen", "培育工匠行动", "培育工匠行动", "",
        "高质量推进“盐城工匠”人才培养行动，为盐城培养造就更多大国工匠、江苏工匠、盐城工匠；"
        "制定盐城工匠培育行动2024—2028年五年计划。",
        (
            MeasureText("academies", "工匠学院建设", "", "每年命名20家盐城工匠学院，推动县区、市属企业开展本地区本行业工匠学院建设。"),
            MeasureText("craftsmen-training", "培育盐城工匠", "", "每年培育100名左右盐城工匠，向省总选送60名江苏五一工匠人选。"),
        ),
    ),
    CampaignText(
        "double-strive", "“双争”行动", "践行“双争”行动", "争做技术能手，争当大国工匠",
        "组织引领全市职工开展“十个一”活动；各级劳模工匠发挥榜样作用，引领全市职工积极参与。",
        (
            MeasureText("ten-ones", "“十个一”活动", "", "组织引领全市职工开展“十个一”活动。"),
            MeasureText("lead-class", "讲授一堂技术课", "", "劳模工匠引领职工参与“十个一”活动。"),
            MeasureText("lead-apprentices", "收一批徒弟", "", "劳模工匠引领职工参与“十个一”活动。"),
            MeasureText("lead-problem", "组织一场技术攻关", "", "劳模工匠引领职工参与“十个一”活动。"),
            MeasureText("lead-story", "讲一场劳模工匠故事", "", "劳模工匠引领职工参与“十个一”活动。"),
        ),
    ),
)  # fmt: skip


class TargetText(NamedTuple):
    """A target of the city: indicator, comparator, value, unit, period, the sentence it comes from, a remark."""

    indicator: str
    comparator: str
    value: Decimal
    unit: str
    period: str
    source: str
    note: str = ""


_STUDIOS = "新创建各级各类劳模工匠创新工作室1000家，其中新质生产力型劳模工匠创新工作室不少于50个"
_HUNDRED = "匠心志愿服务团今年要组织“百名劳模进百家企业”活动"
_THIS_YEAR = "原文“今年”指2024年；以后各年沿用，可按年度另设。"
_OPEN_END = "原文未写完成期限，按整个计划期计算，可调整。"

TARGETS = (
    TargetText(
        "six_ins.speakers", Comparator.EXACTLY, Decimal(50), "人", TargetPeriod.YEAR, "组建50人的盐城劳模工匠宣讲服务团"
    ),
    TargetText(
        "six_ins.sessions", Comparator.AT_LEAST, Decimal(2), "场", TargetPeriod.MONTH,
        "每月组织至少2场各类宣讲服务活动",
        "原文写在“进网络授课”之下，文字为“各类宣讲服务活动”；口径在方案设置中选择，默认全部“六进”场次。",
    ),
    TargetText("assist.laureates", Comparator.AT_LEAST, Decimal(100), "人", TargetPeriod.YEAR, _HUNDRED, _THIS_YEAR),
    TargetText("assist.enterprises", Comparator.AT_LEAST, Decimal(100), "家", TargetPeriod.YEAR, _HUNDRED, _THIS_YEAR),
    TargetText("mentoring.studios", Comparator.AT_LEAST, Decimal(1000), "家", TargetPeriod.PROGRAMME, _STUDIOS, _OPEN_END),
    TargetText(
        "mentoring.studios_new_quality", Comparator.AT_LEAST, Decimal(50), "个", TargetPeriod.PROGRAMME, _STUDIOS, _OPEN_END
    ),
    TargetText(
        "mentoring.studios_association", Comparator.AT_LEAST, Decimal(200), "个", TargetPeriod.PROGRAMME,
        "协会创建各类劳模创新工作室不少于200个", "“十项”任务之六；与全市1000家分别计数，不相加。" + _OPEN_END,
    ),
    TargetText("craftsmen.academies", Comparator.EXACTLY, Decimal(20), "家", TargetPeriod.YEAR, "每年命名20家盐城工匠学院"),
    TargetText("craftsmen.trained", Comparator.ABOUT, Decimal(100), "名", TargetPeriod.YEAR, "每年培育100名左右盐城工匠"),
    TargetText(
        "craftsmen.nominated_js51", Comparator.EXACTLY, Decimal(60), "名", TargetPeriod.YEAR,
        "向省总选送60名江苏五一工匠人选", "原文未明确“每年”是否约束此项，周期可在本行调整。",
    ),
    TargetText(
        "double_ten.done", Comparator.EXACTLY, Decimal(20), "项", TargetPeriod.YEAR, "市劳模协会“双十”任务清单"
    ),
)  # fmt: skip


class TaskText(NamedTuple):
    """A line of the list: name, the text below it, whether the text sets this year as the time."""

    name: str
    original: str = ""
    this_year: bool = False


TEN_TASKS = (
    TaskText("建立一套劳模管理系统", "建立一套完善的劳模管理信息系统，包括劳模的基本信息、荣誉记录、社会活动记录等，实现信息的实时更新和动态管理。"),
    TaskText("组织劳模工匠学习培训", "下半年举办一期劳模工匠学习习近平总书记对工人阶级和工会工作重要论述学习班。", True),
    TaskText("组织“劳模先进县（区）行”", "围绕市委市政府大抓工业、大抓产业、大抓项目，提升劳模工匠服务经济发展水平，今年组织劳模先进开展“劳模工匠县区行”活动。", True),
    TaskText("召开劳模服务发展研讨会", "以新时期劳模先进如何发挥自身价值，为经济发展更大贡献为主题，召开劳模先进服务发展研讨会。"),
    TaskText("做好劳模群体现状调研", "为全面掌握我市各层各级劳模的工作现状、生活现状，做好服务劳模的精准化、科学化，年内组织开展劳模现状调研活动。", True),
    TaskText("组织劳模工匠师带徒活动", "劳模工匠充分发挥自身技术技能优势，当好群众性技术创新活动领衔人、领跑者，开展师带徒活动，协会创建各类劳模创新工作室不少于200个。"),
    TaskText("编辑劳模展陈资料", "结合市总劳模工匠馆的建设，筛选一批新中国成立以来我市有代表性的劳模先进，分类编纂典型宣传事迹资料。"),
    TaskText("印制劳模待遇汇编", "把近些年来关于劳模待遇、劳模资金使用办法等政策性文件形成一套汇编，便于进一步开展好、落实好劳模服务工作。"),
    TaskText("组织劳模文体活动", "组织劳模先进开展乒乓球、掷蛋、观看电影和文艺演出等文体活动，放松身心、感恩奋进。"),
    TaskText("开展劳模结对帮扶", "组织劳模赴贫困村开展结对帮扶活动，积极对经济发展相对滞后的地区开展技术帮扶和指导，传授先进技术和经验。"),
)  # fmt: skip
TEN_ASSISTS = (
    TaskText("助力“三种精神”宣传"),
    TaskText("助力劳模工匠的培养"),
    TaskText("助力劳模工匠助企行"),
    TaskText("助力劳模工匠进校园"),
    TaskText("助力劳模工匠创新工作室建设"),
    TaskText("助力劳模工匠展示馆的建设"),
    TaskText("助力劳动关系三方协商"),
    TaskText("助力志愿服务活动"),
    TaskText("助力劳模工匠疗休养活动"),
    TaskText("助力劳模工匠五一座谈会"),
)
TASK_OWNER = "市劳模协会"
ASSOCIATION_STUDIOS_TASK = 6  # the one task of the list that carries a figure: 200 studios
FIRST_YEAR = 2024
