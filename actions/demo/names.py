"""Words that demo people, units and records are made of; all invented, none taken from a real roster."""

from __future__ import annotations

from random import Random

from mofu.registers.id_numbers import check_digit

ID_PREFIX = "320999"  # no such division: no demo number can be a real person's
SERIALS = 500  # people of one sex that one day has numbers for

# Repeated surnames are as much more frequent in the city.
SURNAMES = (
    *"王李张刘陈杨徐孙周吴" * 4,
    *"朱马胡郭何林高梁郑罗宋唐许韩冯邓曹彭曾萧蔡潘" * 2,
    *"袁董余叶杜苏魏程吕丁沈任姚卢姜崔钟谭陆汪范金石廖贾夏韦付方邹熊白孟秦邱江尹薛闫雷侯龙史陶黎贺顾毛郝龚邵万钱严",
    *"单仇解查盖翟缪尉乐宁卞嵇臧戚柏葛祁郇薄束茆伏糜仓",
    "欧阳", "诸葛", "司马", "皇甫",
)  # fmt: skip
MALE_GIVEN = (
    "伟", "强", "军", "勇", "杰", "涛", "斌", "超", "建国", "建华", "志强", "国庆", "海涛", "正华", "永明", "德胜",
    "爱民", "卫东", "晓东", "学军", "春林", "金龙", "玉龙", "庆祥", "步高", "长城", "立新", "红兵", "亚军", "锦程",
    "文斌", "树根", "广才", "兆林", "以勤", "效禹", "子昂", "浩然", "一鸣", "宇轩", "俊杰", "明远", "启航", "思源",
)  # fmt: skip
FEMALE_GIVEN = (
    "芳", "娟", "敏", "静", "燕", "玲", "丽", "娜", "秀英", "桂兰", "海燕", "红梅", "晓燕", "春花", "玉兰", "爱萍",
    "丽华", "建芳", "雪梅", "文静", "素珍", "巧云", "凤英", "月华", "亚琴", "婷婷", "雨涵", "欣怡", "思琪", "佳慧",
)  # fmt: skip
# Characters outside the common fonts and code pages; each must survive from form to PDF (GB 18030).
RARE_NAMES = (("刘䶮", "M"), ("陈𣲗", "F"), ("王㛃", "F"))

BRANDS = (
    "海韵", "丰禾", "鹤鸣", "麋源", "潮阳", "新洋", "盐川", "瓢城", "东晟", "苏北辰", "沃野", "金滩", "湿地蓝", "启晟",
    "聚恒", "明湖", "串场", "范堤", "通榆", "黄海星", "弶港", "射河", "大纵", "九龙口", "同创", "佳禾", "瑞丰", "恒泰",
)  # fmt: skip
TRADES_OF_FIRMS = (
    "光伏科技有限公司", "风电装备有限公司", "动力电池有限公司", "不锈钢制品有限公司", "环保设备有限公司", "精密结构件有限公司",
    "电子线路有限公司", "石油机械有限公司", "粮油食品有限公司", "光电显示有限公司", "汽车零部件有限公司", "纺织有限公司",
    "建设工程有限公司", "港口物流有限公司", "工业软件有限公司", "阀门制造有限公司",
)  # fmt: skip
INSTITUTIONS = (
    "人民医院", "供电所", "水务中心", "农业技术推广中心", "公路管理站", "环境卫生管理所", "公共交通服务中心",
)  # fmt: skip
VILLAGES = (
    "新丰村", "海堤村", "同心社区", "盐垛村", "芦荡村", "金桥村", "团结村", "鹤乡社区", "潮河村", "三联村",
)  # fmt: skip
SCHOOLS = ("职业技术学校", "实验小学", "高级中学", "技工学校", "特殊教育学校")

TRADES = (
    "电焊工", "钳工", "数控车工", "维修电工", "装配工", "模具工", "电池制造工", "化学检验员", "汽车维修工", "架子工",
    "钢筋工", "起重工", "纺织挡车工", "养路工", "电力线路工", "水产养殖员", "农艺工", "护理员", "公交驾驶员", "环卫工",
)  # fmt: skip
POSITIONS = (
    "班组长", "车间主任", "技术总监", "高级技师", "项目经理", "总工程师", "生产部部长", "质检主管", "工会主席", "一线操作工",
)  # fmt: skip
TITLES = ("高级工程师", "工程师", "助理工程师", "高级经济师", "主任医师", "高级教师", "农艺师", "")
SPECIALTIES = (
    "高强钢焊接工艺", "光伏组件层压", "风机叶片检修", "数控编程与加工", "电池极片涂布", "精密模具修复", "智能产线调试",
    "水质在线监测", "盐碱地水稻栽培", "对虾工厂化养殖", "配电网带电作业", "桥梁养护", "危重症护理", "新能源汽车检修",
    "印制电路板蚀刻", "食品检验检测", "建筑信息模型应用", "设备预防性维护",
)  # fmt: skip
ROADS = ("人民路", "解放路", "世纪大道", "希望大道", "青年路", "建军路", "海洋路", "范公路")


def person_name(rng: Random, sex: str) -> str:
    """Return an invented name for ``"M"`` or ``"F"``; namesakes happen, as in life."""
    return rng.choice(SURNAMES) + rng.choice(MALE_GIVEN if sex == "M" else FEMALE_GIVEN)


def id_number(birth: str, serial: int, sex: str) -> str:
    """Return a well-formed number for an ISO birth date; ``serial`` (0–499) tells people of one day and sex apart."""
    first17 = f"{ID_PREFIX}{birth.replace('-', '')}{serial * 2 + (sex == 'M'):03d}"
    return first17 + check_digit(first17)


def phone(rng: Random) -> str:
    """Return a mobile number that is nobody's: 139 0000 and four digits."""
    return f"1390000{rng.randrange(10_000):04d}"
