//! Who and what is in the demo.

use mingjian_domain::user::Role;

/// The password of every user where secrets are fixed.
pub(super) const PASSWORD: &str = "mingjian-demo";

pub(super) struct Institution {
    pub code: &'static str,
    pub name: &'static str,
    /// Code and name.
    pub department: (&'static str, &'static str),
    pub users: &'static [Somebody],
    pub machine: Machine,
    pub queues: &'static [Line],
    pub orders: &'static [Business],
    pub rooms: &'static [Meeting],
    pub archive: Shelf,
}

/// What is in the archive.
pub(super) struct Shelf {
    /// System number and name of the registered client.
    pub client: (&'static str, &'static str),
    pub accounts: &'static [Holder],
}

/// A brokerage account of a natural person, without material.
pub(super) struct Holder {
    pub number: &'static str,
    pub name: &'static str,
    pub id_no: &'static str,
}

pub(super) struct Meeting {
    pub number: &'static str,
    pub name: &'static str,
    /// Whether it may be recorded and shown live.
    pub allowed: bool,
    pub started: bool,
}

/// The PINs of every meeting room where secrets are fixed.
pub(super) const HOST_PIN: &str = "100866";
pub(super) const GUEST_PIN: &str = "200866";

pub(super) struct Somebody {
    pub login: &'static str,
    pub name: &'static str,
    pub roles: &'static [Role],
}

/// What business systems prove themselves with where secrets are fixed.
pub(super) struct Machine {
    pub ent_id: i64,
    pub comp_id: i64,
    pub comp_secret: &'static str,
    pub app_id: &'static str,
    pub app_secret: &'static str,
    pub meeting_auth: &'static str,
    pub api_id: &'static str,
    pub api_key: &'static str,
    /// Whether the video face takes its calls without a signature from this machine.
    pub bare_calls: bool,
}

pub(super) struct Line {
    pub number: &'static str,
    pub name: &'static str,
    /// Logins.
    pub seats: &'static [&'static str],
}

pub(super) struct Business {
    pub business_no: &'static str,
    pub customer: &'static str,
    pub id_no: &'static str,
    pub mobile: &'static str,
    pub product: &'static str,
    /// Number of the queue.
    pub queue: &'static str,
    pub details: &'static [(&'static str, &'static str)],
    pub identity_check: bool,
}

/// What is read out in the demo, by video type: those of the document's example.
pub(super) const SCRIPTS: [(&str, &str); 3] = [
    (
        "风控面谈",
        "您好，{客户姓名}，我是{经办人}，为您办理{产品名称}业务。\n为保护您的权益，本次办理将全程录音录像，您是否同意？\n\
         请您出示本人身份证件，并面向镜头。\n请问您本次办理的业务用途是什么？\n请问您是否了解还款金额、还款日期和逾期后果？",
    ),
    (
        "客服签约",
        "{客户姓名}，您好。下面由您本人签署{产品名称}合同，订单编号{订单编号}。\n请您阅读合同的全部条款。\n\
         请问合同中的金额、期限、利率您是否都已确认？\n请问合同是否由您本人自愿签署？",
    ),
    ("客户申明", "请{客户姓名}朗读：本人自愿办理{产品名称}业务，已阅读并理解全部条款，所提供的资料真实有效。"),
];

pub(super) const TENANTS: [Institution; 2] = [
    Institution {
        code: "DEMOBK",
        name: "示例银行",
        department: ("0001", "示例营业部"),
        users: &[
            Somebody { login: "agent1", name: "王敏", roles: &[Role::Seat] },
            Somebody { login: "agent2", name: "陈晨", roles: &[Role::Seat] },
            Somebody { login: "supervisor1", name: "周涛", roles: &[Role::Supervisor] },
            Somebody { login: "reviewer1", name: "孙悦", roles: &[Role::Reviewer] },
            Somebody { login: "admin1", name: "吴昊", roles: &[Role::TenantAdmin] },
            Somebody { login: "root", name: "平台管理员", roles: &[Role::PlatformAdmin] },
            Somebody { login: "mt1", name: "郑洁", roles: &[Role::Archivist] },
        ],
        machine: Machine {
            ent_id: 52,
            comp_id: 1,
            comp_secret: "1",
            app_id: "demo-app",
            app_secret: "demo-secret",
            meeting_auth: "800",
            api_id: "demo",
            api_key: "demo-key",
            bare_calls: true,
        },
        queues: &[
            Line { number: "1001", name: "个贷面签", seats: &["agent1", "agent2"] },
            Line { number: "1002", name: "信托双录", seats: &["agent2"] },
        ],
        orders: &[
            Business {
                business_no: "A3239239",
                customer: "张三",
                id_no: "999999199001010016",
                mobile: "10000000001",
                product: "华楼通",
                queue: "1001",
                details: &[("贷款金额", "50 万元"), ("贷款期限", "36 个月"), ("还款方式", "等额本息")],
                identity_check: false,
            },
            Business {
                business_no: "A3239240",
                customer: "李四",
                id_no: "999999198506150028",
                mobile: "10000000002",
                product: "华楼通",
                queue: "1001",
                details: &[("贷款金额", "120 万元"), ("贷款期限", "240 个月"), ("还款方式", "等额本金")],
                identity_check: true,
            },
        ],
        rooms: &[
            Meeting { number: "1866", name: "示例会议室", allowed: true, started: true },
            Meeting { number: "1867", name: "内部会议室", allowed: false, started: true },
            Meeting { number: "1868", name: "备用会议室", allowed: true, started: false },
        ],
        archive: Shelf {
            client: ("demo-service", "示例业务系统"),
            accounts: &[
                Holder { number: "88880001", name: "张三", id_no: "999999199001010016" },
                Holder { number: "88880002", name: "李四", id_no: "999999198506150028" },
            ],
        },
    },
    Institution {
        code: "OTHERB",
        name: "另一家银行",
        department: ("0002", "另一家营业部"),
        users: &[
            Somebody { login: "agent9", name: "钱进", roles: &[Role::Seat] },
            Somebody { login: "mt2", name: "冯雪", roles: &[Role::Archivist] },
        ],
        machine: Machine {
            ent_id: 53,
            comp_id: 2,
            comp_secret: "2",
            app_id: "other-app",
            app_secret: "other-secret",
            meeting_auth: "801",
            api_id: "other",
            api_key: "other-key",
            bare_calls: false,
        },
        queues: &[Line { number: "2001", name: "个贷面签", seats: &["agent9"] }],
        orders: &[Business {
            business_no: "B0001",
            customer: "赵六",
            id_no: "999999197809300033",
            mobile: "10000000003",
            product: "安居贷",
            queue: "2001",
            details: &[("贷款金额", "80 万元")],
            identity_check: false,
        }],
        rooms: &[Meeting { number: "1900", name: "另一家会议室", allowed: true, started: true }],
        archive: Shelf {
            client: ("other-service", "另一业务系统"),
            accounts: &[Holder { number: "99990001", name: "赵六", id_no: "999999197809300033" }],
        },
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::{OrderDraft, PersonDraft};
    use mingjian_domain::order::{Detail, PersonRole};

    #[test]
    fn the_demo_keeps_the_rules_of_orders() {
        for order in TENANTS.iter().flat_map(|tenant| tenant.orders) {
            let draft = OrderDraft {
                business_no: order.business_no.into(),
                product_name: order.product.into(),
                queue_id: order.queue.into(),
                people: vec![PersonDraft {
                    role: PersonRole::Borrower,
                    name: order.customer.into(),
                    id_type: "id_card".into(),
                    id_no: order.id_no.into(),
                    mobile: order.mobile.into(),
                }],
                details: order
                    .details
                    .iter()
                    .map(|&(label, value)| Detail { label: label.into(), value: value.into() })
                    .collect(),
                identity_check: order.identity_check,
            };
            let kept = draft.check().map(|_| ()).map_err(|error| error.to_string());
            assert_eq!(kept, Ok(()), "{}", order.business_no);
        }
    }
}
