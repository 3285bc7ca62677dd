//! What a business system sends as an order, and the rules that it must keep.

use mingjian_domain::error::{Error, Result};
use mingjian_domain::order::{Detail, PersonRole};

/// An order before it is taken in.
#[derive(Clone)]
pub struct OrderDraft {
    /// The business system's own number.
    pub business_no: String,
    /// The product.
    pub product_name: String,
    /// The queue's number, such as `1001`.
    pub queue_id: String,
    /// Who is to be seen; the borrower first.
    pub people: Vec<PersonDraft>,
    /// Further lines that the seat reads.
    pub details: Vec<Detail>,
    /// Whether an identity check is asked for.
    pub identity_check: bool,
}

/// Somebody of an order before it is taken in.
#[derive(Clone)]
pub struct PersonDraft {
    /// What it is to the order.
    pub role: PersonRole,
    /// The name.
    pub name: String,
    /// Kind of identity paper, such as `id_card`.
    pub id_type: String,
    /// Number of the paper.
    pub id_no: String,
    /// Mobile number.
    pub mobile: String,
}

/// As many as one room holds, the seat and a guest left out.
const MOST_PEOPLE: usize = 8;
const MOST_DETAILS: usize = 50;

impl OrderDraft {
    /// The draft with blanks trimmed off, if it keeps every rule.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the first field that does not, and what is wanted.
    pub fn check(mut self) -> Result<Self> {
        trim(&mut self.business_no, "business_no", 64)?;
        if !self.business_no.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
            return invalid("business_no", "只能包含字母、数字和 - _ .");
        }
        trim(&mut self.product_name, "product_name", 100)?;
        trim(&mut self.queue_id, "queue_id", 32)?;
        if self.people.len() > MOST_PEOPLE {
            return invalid("people", &format!("连同 customer 最多 {MOST_PEOPLE} 人"));
        }
        for (place, person) in self.people.iter_mut().enumerate() {
            let field = if place == 0 { "customer".to_owned() } else { format!("people[{}]", place - 1) };
            person.check(&field)?;
        }
        if self.details.len() > MOST_DETAILS {
            return invalid("details", &format!("最多 {MOST_DETAILS} 项"));
        }
        for (place, detail) in self.details.iter_mut().enumerate() {
            trim(&mut detail.label, &format!("details[{place}].label"), 50)?;
            trim(&mut detail.value, &format!("details[{place}].value"), 500)?;
        }
        Ok(self)
    }
}

impl PersonDraft {
    fn check(&mut self, field: &str) -> Result<()> {
        trim(&mut self.name, &format!("{field}.name"), 50)?;
        trim(&mut self.id_type, &format!("{field}.id_type"), 32)?;
        trim(&mut self.id_no, &format!("{field}.id_no"), 64)?;
        // Whether the number is genuine is the identity check's question: an order that is refused for a digit helps nobody.
        trim(&mut self.mobile, &format!("{field}.mobile"), 20)?;
        let digits = self.mobile.strip_prefix('+').unwrap_or(&self.mobile);
        if !(5..=15).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return invalid(&format!("{field}.mobile"), "应为 5 至 15 位数字，可带国家码前缀 +");
        }
        Ok(())
    }
}

fn trim(text: &mut String, field: &str, longest: usize) -> Result<()> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return invalid(field, "不能为空");
    }
    if trimmed.chars().count() > longest {
        return invalid(field, &format!("最多 {longest} 个字符"));
    }
    if trimmed.chars().any(char::is_control) {
        return invalid(field, "不能包含控制字符");
    }
    *text = trimmed.to_owned();
    Ok(())
}

fn invalid<T>(field: &str, wanted: &str) -> Result<T> {
    Err(Error::Invalid(format!("{field}:{wanted}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> OrderDraft {
        OrderDraft {
            business_no: " A1 ".into(),
            product_name: "华楼通".into(),
            queue_id: "1001".into(),
            people: vec![PersonDraft {
                role: PersonRole::Borrower,
                name: "张三".into(),
                id_type: "id_card".into(),
                id_no: " 110105194912310021 ".into(),
                mobile: "13800000000".into(),
            }],
            details: vec![Detail { label: "贷款金额".into(), value: "50 万元".into() }],
            identity_check: false,
        }
    }

    fn complaint(change: impl FnOnce(&mut OrderDraft)) -> String {
        let mut draft = draft();
        change(&mut draft);
        draft.check().map(|_| ()).expect_err("the draft breaks a rule").to_string()
    }

    #[test]
    fn a_good_order_is_taken_and_tidied() {
        let checked = draft().check().expect("the draft keeps every rule");
        assert_eq!(checked.business_no, "A1");
        assert_eq!(checked.people[0].id_no, "110105194912310021");
    }

    #[test]
    fn every_complaint_names_the_field() {
        assert!(complaint(|draft| draft.business_no = " ".into()).starts_with("business_no:"));
        assert!(complaint(|draft| draft.business_no = "../x".into()).starts_with("business_no:"));
        assert!(complaint(|draft| draft.product_name = "长".repeat(101)).starts_with("product_name:"));
        assert!(complaint(|draft| draft.people[0].name = "张\u{7}".into()).starts_with("customer.name:"));
        assert!(complaint(|draft| draft.people[0].id_no = " ".into()).starts_with("customer.id_no:"));
        assert!(complaint(|draft| draft.people[0].mobile = "+86 138".into()).starts_with("customer.mobile:"));
        assert!(complaint(|draft| draft.details[0].label = String::new()).starts_with("details[0].label:"));
        let crowd = |draft: &mut OrderDraft| draft.people = vec![draft.people[0].clone(); 9];
        assert!(complaint(crowd).starts_with("people:"));
        let second = |draft: &mut OrderDraft| {
            draft.people.push(PersonDraft { id_type: "长".repeat(33), ..draft.people[0].clone() });
        };
        assert!(complaint(second).starts_with("people[0].id_type:"));
    }
}
