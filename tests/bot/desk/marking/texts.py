"""Texts as owners of small factories write them; what is to be marked stands in {kind:words}.

TUNED: the rules were written while looking at these. HELD: written beforehand and looked at for
figures alone. LOOSE: as people type in a hurry, without the words that say what it is; much of it
no rule can know. HARD: nothing in them is to be marked.
"""

TUNED = (
    "我们是{company:宁波宏达模具有限公司}，"
    "{person:王建国} {phone:13812345678}，压铸件有气孔怎么办？",
    "联系人：{person:李芳}，电话{phone:0574-88123456}，邮箱{email:lifang@hongda-mould.com.cn}",
    "{person:赵厂长}让我问，6061-T6焊后强度掉一半，{person:陈教授}您看怎么办",
    "客户{company:苏州汇川自动化有限公司}退了300件，"
    "罚款{money:12.5万元}，图号：{drawing:HD-2021-035A}",
    "图纸由{company:武汉重型机床集团有限公司}提供，件号{drawing:WH7731-02}，公差按GB/T 1804-2000",
    "报价{money:35万元}，每件{money:8.6元}，客户嫌贵，想换ADC12",
    "厂在{address:浙江省宁波市北仑区大碶街道坝头西路88号}，可以来看",
    "预算大概{money:50万}，想上真空压铸，找谁合适",
    "身份证{id_card:330203198501012310}，开户行卡号{bank_card:6222 0212 0800 1234 564}",
    "统一社会信用代码{credit_code:91330200144052581P}，可开票",
    "微信{account:hongda_wang}，加我发图片",
    "{person:张工}说淬火开裂，{person:刘总}要本周答复",
    "资料在 {url:https://pan.baidu.com/s/1abcDEF} ，提取码 8x2k",
    "隔壁{company:东风铸造厂}也有这个毛病",
    "我叫{person:周海涛}，在{company:佛山市顺德区美的集团}做过十年",
    "卖给{company:上海大众汽车有限公司}的支架开裂，索赔{money:三十万元}",
    "客户：{company:比亚迪}，要求气密0.5bar",
    "请{person:欧阳老师}帮忙看看热处理曲线",
    "合同号：{drawing:HT20230518-07}，违约金{money:¥20,000}",
    "{address:苏州市工业园区星湖街328号5栋}，离地铁近",
    "手机：{phone:+86 139 1234 5678}，座机{phone:(021)6543 2109}".replace("6543 2109", "65432109"),
    "We are {company:Ningbo Hongda Mould Co., Ltd.}, contact {person:Wang Jianguo} at "
    "{phone:+86 138-1234-5678}.",
    "Our customer {company:Bosch Automotive GmbH} rejected 300, drawing no. {drawing:B-4471-02}.",
    "The budget is {money:$20,000}; mail {email:sales@hongda.com} for details.",
    "Mr {person:Zhang} from {company:Suzhou Precision Casting Ltd} asked about porosity in A380.",
    "My name is {person:Li Wei}. We lose {money:RMB 300,000} a year to scrap.",
    "Visit us at {address:88 Zhongshan Road, Ningbo} or see {url:www.hongda-mould.com}.",
    "P/N: {drawing:7731-02-A} cracks after T6.",
)

HELD = (
    "我是{person:孙立军}，{company:台州市黄岩恒瑞塑料模具厂}的，注塑件缩水",
    "{company:青岛海立达机械股份有限公司}的泵壳漏气，{person:何经理}电话{phone:15866778899}",
    "{person:徐师傅}反映45号钢淬火后硬度只有HRC40",
    "一年报废损失{money:80多万}，老板着急",
    "模具费{money:18.8万元}，开模周期45天",
    "给{company:宁德时代新能源科技股份有限公司}供的端板，平面度0.1超差",
    "发货地址：{address:江苏省常州市武进区湖塘镇人民东路158号}",
    "请回电{phone:400-820-8820}或发到{email:qc.zhou@163.com}",
    "图纸编号 {drawing:JX-0471-B} 的壳体，壁厚2.5",
    "QQ {account:284716653}，麻烦{person:钱主任}转给专家",
    "我们和{company:沈阳鼓风机集团}合作的叶轮焊缝有裂纹",
    "{company:无锡透平叶片有限公司}要求按ASTM E155评级",
    "负责人{person:邓小林}，{phone:0757-22334455}",
    "{person:诸葛博士}建议加0.2%的Sr变质",
    "订单号{drawing:PO-2024-11873}，交期12月5日，迟交一天扣{money:两千元}",
    "去年营业额{money:3200万元}，研发投入占5%",
    "见 {url:http://www.qdhld.cn/product/12.html}",
    "供应商{company:烟台万华化学集团股份有限公司}的MDI，发泡密度不稳",
    "本人{person:冯涛}，想请教铝合金阳极氧化发花",
    "公司在{address:东莞市长安镇乌沙社区兴发南路66号}，做CNC",
    "社会信用代码{credit_code:91310115MA1K35QD8H}".replace(
        "91310115MA1K35QD8H", "91440300708461136T"
    ),
    "卡号{bank_card:4111111111111111}，退款用",
    "{person:马工}和{person:吴厂长}都在现场，X光看是缩松",
    "单价从{money:5.8元}涨到{money:6.3元}，客户{company:徐工集团}不认",
    "{company:广东鸿图科技股份有限公司}的一体压铸件热裂",
    "Please call {person:Chen Xiaoming}, {phone:+86 21 6543 2109}.",
    "{company:Shenyang Blower Works Group Corp.} wants ASTM E155 level 2.",
    "We paid {money:€15,000} for the mould; {person:Dr. Müller} said it would last.".replace(
        "{person:Dr. Müller}", "Dr. {person:Mueller}"
    ),
    "Drawing number {drawing:JX-0471-B}, wall 2.5 mm, leak 5 cc/min.",
    "Contact {person:Emma Carter}, "
    "{email:e.carter@brightcast.co.uk}, about the {money:30k USD} quote.",
    "Order no. {drawing:PO-2024-11873} is late; penalty {money:2,000 yuan} a day.",
    "Our plant is at {address:No. 158, Renmin Road, Changzhou}.",
    "{company:BrightCast Limited} supplies {company:Rolls-Royce Holdings}.",
    "WeChat: {account:hld_zhou88}, ask for {person:Zhou Min}.",
)

LOOSE = (
    "打我电话 {phone:138 1234 5678} 吧，厂里信号不好",
    "电话{phone:１３８１２３４５６７８}，{person:张伟}",
    "区号{phone:0574 88123456}，下班前都在",
    "找{person:王建国}就行，他管模具",
    "{company:华为}那边要求三天回复8D",
    "这套模花了{money:三十五万}左右，不能报废",
    "老板说最多出{money:20w}",
    "报价是{money:35w}，含税",
    "厂在{address:温岭市大溪镇}，做水泵的",
    "{address:顺德大良凤翔路41号}",
    "{person:张伟}({phone:13812345678})是质量负责人",
    "我们给{company:特斯拉}做的支架，前年开始供",
    "{person:老李}说以前没这毛病",
    "邮箱 {email:hongda＠163.com}，备用 {email:wangjg@qq.com}",
    "{company:hongda mould co., ltd} makes the die, steel is H13",
    "call me on {phone:13812345678}, ask for {person:jianguo}",
    "{company:BYD} will visit on Friday; {person:Mr. van der Berg} too".replace(
        "{person:Mr. van der Berg}", "Mr. {person:van der Berg}"
    ),
    "a penalty of {money:5000 RMB} per batch, {money:USD 1.2 million} a year",
    "tel {phone:0086-574-88123456}",
    "drawing {drawing:HD-2021-035A} rev C",
    "营业执照号{credit_code:91350100M000100Y43}",
    "姓名 {person:欧阳娜娜} 部门 质检",
    "{company:一汽解放}、{company:中信戴卡}都在用这个牌号",
    "地址 {address:上海市嘉定区安亭镇墨玉南路888号1206室}",
)

HARD = (
    "6061-T6固溶530℃保温2小时，水淬后硬度只有HB70，按GB/T 1804-2000和GB/T 6414-2017验收",
    "2026年3月起用ADC12压铸，380吨机，慢压射0.25m/s，增压90MPa，留模8秒",
    "加工中心主轴12000转，φ25H7孔超差0.03，施工和分工都没变",
    "三元锂电池极片、五元高熵合金、二元相图、一元二次方程、有限元网格、多元醇",
    "高工和工程师都说是施工问题，项目经理、产品经理、安全主管不同意",
    "疲劳寿命10万次，50万件一检，产量3万台，客户要求PPM小于200",
    "电路3号板烧了，回路1号阀卡滞，油路2号口渗油，3号炉5号线温差大",
    "我们公司、贵公司、本厂、我厂、一家公司、压铸厂、热处理厂、外协厂都试过",
    "厂家和厂房、厂区没关系，出厂检验合格，电厂烟气脱硫",
    "于总体而言，由于总成偏重，基于总线的控制，关于总量",
    "45号钢、Q235B、65Mn、20CrMnTi、H13、SKD61、304L、7075-T651、AZ91D",
    "PN16 DN100法兰，M12×1.5螺纹，Ra1.6，HRC58-62，IP67，ISO 9001:2015，IATF 16949",
    "尺寸1234567890太长，圆周率3.14159265358979，批号20240315",
    "温度从20到1300度，压力0.5～0.8MPa，流量1500 L/min，电压380V，频率50Hz",
    "白车身、黄铜件、石墨坩埚、金属粉末、方管、高温合金、万向节、水平仪",
    "张力辊、江南水乡、毛坯、马达、温度、常温、包装、牛顿、康铜、罗茨泵、洛氏硬度",
    "单元格、元素、元件、单位、千元素、百分之五、十几种、几十个小时",
    "用户、业主要求、客户反映、甲方说不行、客户现场、供应商来料",
    "第1批1000件里有13件漏气，第2批2000件里有26件",
    "邮件里说的，电话里讲不清，手机壳注塑件，传真机辊子，微信小程序",
    "S/N比、P/N结、TCP/IP、CAD/CAM、Pro/E、AutoCAD 2024、ANSYS 2023R1",
    "路面材料、路由器、思路1、线路板、管路2根、公路桥梁、镇静钢、乡村振兴、区域熔炼",
    "6061-T6 drops to HB70 after welding; ISO 2768-mK, ASTM E155, Fig. 12, 2024-03-15.",
    "Die casting at 380 t, 0.25 m/s, 90 MPa; 10,000 cycles, 50k parts a year, part weight 1.2 kg.",
    "Young's modulus, Poisson's ratio, Li-ion cells, He leak test, Hall-Petch, Weibull plot.",
    "Our company, the factory, a limited budget, "
    "incorporated filler, group technology, company car.",
    "The Die Casting line, Heat Treatment shop, Quality Manager, Plant Engineer and Sales Office.",
    "We read the manual, page 12 to 15, and set the gate at 45 m/s (see Table 3).",
    "Order of magnitude, drawing depth 35 mm, part number unknown, wire drawing speed 12 m/s.",
    "Dr. Blade method? No: doctor blade. He Ne laser, Ma number 0.8, Hu moments, Yang-Mills.",
)
