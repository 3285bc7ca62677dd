//! The two lists of the document.
//!
//! ```text
//! orderList   姓名_证件号_产品_订单号[_其他…]     several joined by , or ;
//! roleList    <name>Code<digit>_<name>Code<digit>…   1 = may be played, 2 = may be recorded
//! ```
//!
//! A field may be percent-encoded once more than the address is, so that it can hold `_`, `,` or `;` itself. A broken item is
//! named in the complaint.

use mingjian_domain::counter::{Right, Tab};
use mingjian_domain::error::{Error, Result};
use mingjian_domain::take::VideoType;
use mingjian_service::counter::orders::Named;

/// Reads `orderList`.
///
/// # Errors
/// [`Error::Invalid`] naming the item and what is wanted.
pub(super) fn orders(list: &str) -> Result<Vec<Named>> {
    let items: Vec<&str> = list.split([',', ';']).map(str::trim).filter(|item| !item.is_empty()).collect();
    if items.is_empty() {
        return Err(Error::Invalid("orderList:至少一项，形如 姓名_证件号_产品_订单号".into()));
    }
    items.into_iter().enumerate().map(|(place, item)| order(place, item)).collect()
}

fn order(place: usize, item: &str) -> Result<Named> {
    let wrong = || broken("orderList", place, item, "应为 姓名_证件号_产品_订单号[_其他…]");
    let fields = item.split('_').map(decode).collect::<Option<Vec<String>>>().ok_or_else(wrong)?;
    let [name, id_no, product_name, business_no, others @ ..] = fields.as_slice() else { return Err(wrong()) };
    if [name, id_no, product_name, business_no].iter().any(|field| field.trim().is_empty()) {
        return Err(wrong());
    }
    Ok(Named {
        business_no: business_no.clone(),
        name: name.clone(),
        id_no: id_no.clone(),
        mobile: String::new(),
        product_name: product_name.clone(),
        others: others.to_vec(),
    })
}

/// Reads `roleList`.
///
/// # Errors
/// As [`orders`].
pub(super) fn roles(list: &str) -> Result<Vec<Tab>> {
    let items: Vec<&str> = list.split('_').map(str::trim).filter(|item| !item.is_empty()).collect();
    if items.is_empty() {
        return Err(Error::Invalid("roleList:至少一项，形如 风控面谈Code2".into()));
    }
    let mut tabs = Vec::new();
    for (place, item) in items.into_iter().enumerate() {
        add(&mut tabs, role(place, item)?);
    }
    Ok(tabs)
}

fn role(place: usize, item: &str) -> Result<Tab> {
    let wrong = |wanted: &str| broken("roleList", place, item, wanted);
    let form = "应为 名称Code1（可播放）或 名称Code2（可录制）";
    let text = decode(item).ok_or_else(|| wrong(form))?;
    let (name, right) = match (strip_code(&text, '1'), strip_code(&text, '2')) {
        (Some(name), _) => (name, Right::Play),
        (_, Some(name)) => (name, Right::Record),
        (None, None) => return Err(wrong(form)),
    };
    let video_type: VideoType = name.parse().map_err(|error: Error| wrong(&error.to_string()))?;
    Ok(Tab { video_type, right })
}

/// The name in front of `Code` and this digit.
fn strip_code(text: &str, digit: char) -> Option<&str> {
    let head = text.trim().strip_suffix(digit)?;
    let at = head.len().checked_sub(4)?;
    let code = head.get(at..)?;
    code.eq_ignore_ascii_case("code").then(|| &head[..at])
}

/// Adds a tab; of two with the same name one is left, with the greater right.
pub(super) fn add(tabs: &mut Vec<Tab>, tab: Tab) {
    match tabs.iter_mut().find(|there| there.video_type == tab.video_type) {
        Some(there) => there.right = there.right.max(tab.right),
        None => tabs.push(tab),
    }
}

/// Undoes percent-encoding (RFC 3986 section 2.1). A `%` that begins none stays: none of our callers must encode twice.
fn decode(field: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| first == b'%');
        let byte = digits.and_then(|digits| {
            let text = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()))?;
            u8::from_str_radix(text, 16).ok()
        });
        match byte {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    (!text.chars().any(char::is_control)).then_some(text)
}

/// A complaint that names the item by its place and, shortened, by itself.
fn broken(list: &str, place: usize, item: &str, wanted: &str) -> Error {
    let shown: String = item.chars().filter(|c| !c.is_control()).take(40).collect();
    Error::Invalid(format!("{list} 第 {} 项“{shown}”有误：{wanted}", place + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tab(name: &str, right: Right) -> Tab {
        Tab { video_type: name.parse().expect("a video type"), right }
    }

    #[test]
    fn the_documents_own_order_is_read() {
        let read = orders("张三_3402825_华楼通_A3239239").expect("an order list");
        assert_eq!(
            read,
            [Named {
                business_no: "A3239239".into(),
                name: "张三".into(),
                id_no: "3402825".into(),
                mobile: String::new(),
                product_name: "华楼通".into(),
                others: Vec::new(),
            }]
        );
    }

    #[test]
    fn several_orders_and_further_fields_are_read() {
        for list in ["张三_1_华楼通_A1_50万元_36期,李四_2_华楼通_A2", "张三_1_华楼通_A1_50万元_36期; 李四_2_华楼通_A2;"]
        {
            let read = orders(list).expect("an order list");
            assert_eq!(read.len(), 2, "{list}");
            assert_eq!(read[0].others, ["50万元", "36期"]);
            assert_eq!(read[1].business_no, "A2");
        }
    }

    #[test]
    fn an_encoded_field_may_hold_what_separates() {
        let read = orders("%E5%BC%A0%E4%B8%89_1_A%2CB%3BC_no%5F1").expect("an order list");
        assert_eq!((read[0].name.as_str(), read[0].product_name.as_str()), ("张三", "A,B;C"));
        assert_eq!(read[0].business_no, "no_1");
        assert_eq!(orders("张三_1_利率5%_A1").expect("a lone mark is no encoding")[0].product_name, "利率5%");
    }

    #[test]
    fn a_broken_order_is_named() {
        let complaint = orders("张三_1_华楼通_A1,李四_2").expect_err("the second is broken").to_string();
        assert!(complaint.contains("第 2 项“李四_2”"), "{complaint}");
        for list in ["", " ", ",", "张三", "张三_1_华楼通", "_1_华楼通_A1", "张三_1_华楼通_", "%ff_1_2_3", "%00_1_2_3"]
        {
            assert!(orders(list).is_err(), "{list:?}");
        }
    }

    #[test]
    fn the_documents_own_roles_are_read() {
        let read = roles("风控面谈Code2_客服签约Code2_客户申明Code2_信托视频Code1").expect("a role list");
        assert_eq!(
            read,
            [
                tab("风控面谈", Right::Record),
                tab("客服签约", Right::Record),
                tab("客户申明", Right::Record),
                tab("信托视频", Right::Play)
            ]
        );
    }

    #[test]
    fn names_are_chinese_english_or_pinyin() {
        let read =
            roles("riskInterviewCode2_fengkongmiantancode1_BarCodeCode2_%E4%BF%A1%E6%89%98Code1").expect("a list");
        assert_eq!(
            read,
            [
                tab("riskInterview", Right::Record),
                tab("fengkongmiantan", Right::Play),
                tab("BarCode", Right::Record),
                tab("信托", Right::Play)
            ]
        );
    }

    #[test]
    fn of_two_tabs_with_one_name_the_greater_right_is_left() {
        assert_eq!(roles("aCode1_bCode1_aCode2").expect("a list"), [tab("a", Right::Record), tab("b", Right::Play)]);
    }

    #[test]
    fn a_broken_role_is_named() {
        let complaint = roles("风控面谈Code2_客服签约Code3").expect_err("the second is broken").to_string();
        assert!(complaint.contains("第 2 项“客服签约Code3”"), "{complaint}");
        for list in ["", "_", "风控面谈", "Code2", "风控Code", "风控2", "a/bCode2", "..Code2", "Code", "2"] {
            assert!(roles(list).is_err(), "{list:?}");
        }
    }

    #[test]
    fn nothing_makes_it_panic() {
        // Bytes that stand in the way of a careless slice.
        for list in ["Code２", "é1", "码2", "ode2", "%", "%4", "%zz", "a%e5%bc_b_c_d", "\u{202e}Code2"] {
            let _ = (orders(list), roles(list));
        }
    }
}
