//! A table of accounts from the counter: CSV with the document's names in its first line, in UTF-8 or in the GBK that a Chinese
//! spreadsheet writes.

use std::borrow::Cow;
use std::time::Duration;

use axum::extract::Request;
use mingjian_domain::archive::{AccountStatus, Category, Label, Paper};
use mingjian_domain::error::{Error, Result as Checked};
use mingjian_service::archive::accounts::{AccountDraft, CounterDraft};
use mingjian_service::archive::import::{ImportRow, MOST_ROWS};

use crate::crm::dates::read_day;
use crate::crm::read::{account_status, customer_kind};
use crate::fields::drain;
use crate::problems::Problem;

/// 20,000 rows of 400 bytes.
const LARGEST: usize = 8 << 20;
const PATIENCE: Duration = Duration::from_secs(120);

/// Columns that must be there; the others may be left out.
const MUST: [&str; 8] =
    ["deptCode", "accountNo", "accountBizType", "accountName", "accountCustomerType", "customerType", "idType", "idNo"];

/// The rows of a request's body.
///
/// # Errors
/// Invalid naming line and column; too large; too slow.
pub(super) async fn read(request: Request) -> Result<Vec<ImportRow>, Problem> {
    let mut bytes = Vec::new();
    let said = format!("文件最大 {} MB，请分批导入", LARGEST >> 20);
    drain(request.into_body(), LARGEST, &said, PATIENCE, |piece| bytes.extend_from_slice(piece)).await?;
    Ok(parse(&bytes)?)
}

/// UTF-8 where it is, else GBK.
fn decode(bytes: &[u8]) -> Checked<Cow<'_, str>> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)));
    }
    let (text, _, wrong) = encoding_rs::GBK.decode(bytes);
    if wrong { Err(Error::Invalid("文件编码应为 UTF-8 或 GBK，请另存后重试".into())) } else { Ok(text) }
}

fn parse(bytes: &[u8]) -> Checked<Vec<ImportRow>> {
    let text = decode(bytes)?;
    let mut table = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let unreadable = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        Error::Invalid(format!("第 {line} 行 无法读取，应为 CSV 表格"))
    };
    let head = table.headers().map_err(unreadable)?.clone();
    for must in MUST {
        if !head.iter().any(|name| name == must) {
            return Err(Error::Invalid(format!("第 1 行 缺少列 {must}，首行应为字段名")));
        }
    }
    let mut rows = Vec::new();
    for record in table.records() {
        let record = record.map_err(unreadable)?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        if rows.len() == MOST_ROWS {
            return Err(Error::Invalid(format!("一次最多导入 {MOST_ROWS} 行，请分批导入")));
        }
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |name: &str| {
            let place = head.iter().position(|known| known == name)?;
            record.get(place).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let row = row(line, &cell).map_err(|error| {
            if let Error::Invalid(sentence) = error {
                Error::Invalid(format!("第 {line} 行 {sentence}"))
            } else {
                error
            }
        })?;
        rows.push(row);
    }
    Ok(rows)
}

fn row(line: u64, cell: &dyn Fn(&str) -> Option<String>) -> Checked<ImportRow> {
    let must = |name: &str| cell(name).ok_or_else(|| Error::Invalid(format!("{name}:必填")));
    let day = |name: &str| cell(name).map(|text| read_day(name, &text)).transpose();
    let status = cell("accountStatus").map(|text| account_status("accountStatus", &text)).transpose()?;
    let account = AccountDraft {
        dept_code: must("deptCode")?,
        number: must("accountNo")?,
        biz_type: must("accountBizType")?,
        name: must("accountName")?,
        customer_type: must("accountCustomerType")?,
        kind: customer_kind("customerType", &must("customerType")?)?,
        status: status.unwrap_or(AccountStatus::Valid),
        paper: Paper {
            id_type: must("idType")?,
            id_no: must("idNo")?,
            extra_code: cell("extraCode").unwrap_or_default(),
        },
    };
    let category = match (cell("accountCategoryCode"), cell("accountCategoryName")) {
        (Some(code), name) => Some(Category { name: name.unwrap_or_else(|| code.clone()), code }),
        (None, _) => None,
    };
    let counter = CounterDraft {
        full_name: cell("accountFullName"),
        opened_on: day("openAcctDate")?,
        written_off_on: day("writeoffDate")?,
        src_type: Some(cell("srcType").unwrap_or_else(|| "counter".to_owned())),
        category,
        labels: cell("accountLabelList").map(|text| labels(&text)).transpose()?,
        customer_name: cell("customerName"),
        customer_full_name: cell("customerFullName"),
        tax_no: cell("raxRegNo"),
        license_no: cell("licenseNo"),
        aml_risk_code: cell("amlRiskCode"),
        aml_risk_name: cell("amlRiskCodeName"),
        ..CounterDraft::default()
    };
    Ok(ImportRow { line, account, counter })
}

/// `code:name` with `;` between them.
fn labels(text: &str) -> Checked<Vec<Label>> {
    let label = |part: &str| {
        let (code, name) = part
            .split_once(':')
            .ok_or_else(|| Error::Invalid("accountLabelList:应为 编码:名称，多个之间用 ; 分隔".to_owned()))?;
        Ok(Label { code: code.trim().to_owned(), name: name.trim().to_owned() })
    };
    text.split(';').filter(|part| !part.trim().is_empty()).map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "deptCode,accountNo,accountBizType,accountName,accountCustomerType,customerType,idType,idNo,\
                        openAcctDate,amlRiskCode,accountLabelList\n";

    fn told(text: &str) -> String {
        parse(text.as_bytes()).err().expect("a row is wrong").to_string()
    }

    #[test]
    fn a_table_reads_the_same_in_utf_8_and_gbk() {
        let text = format!("{HEAD}0001,1,0,张三,0,0,1,X1,2020-01-31,低,A:稳健;B:新客\n\n");
        let (gbk, _, _) = encoding_rs::GBK.encode(&text);
        let with_mark = format!("\u{feff}{text}");
        for bytes in [text.as_bytes(), with_mark.as_bytes(), gbk.as_ref()] {
            let rows = parse(bytes).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(rows.len(), 1);
            let row = &rows[0];
            assert_eq!((row.line, row.account.name.as_str()), (2, "张三"));
            assert_eq!(row.counter.opened_on, Some(time::macros::date!(2020 - 01 - 31)));
            assert_eq!(row.counter.src_type.as_deref(), Some("counter"));
            let labels: Vec<_> = row.counter.labels.iter().flatten().map(|label| label.name.as_str()).collect();
            assert_eq!(labels, ["稳健", "新客"]);
        }
    }

    #[test]
    fn what_is_wrong_is_told_by_line_and_column() {
        assert!(told("a,b\n1,2\n").starts_with("第 1 行 缺少列 deptCode"));
        assert!(told(&format!("{HEAD}0001,1,0,张三,0,0,1,X1\n0001,2,0,李四,0,0,1,\n")).starts_with("第 3 行 idNo:"));
        assert!(told(&format!("{HEAD}0001,1,0,张三,0,2,1,X1\n")).starts_with("第 2 行 customerType:"));
        assert!(told(&format!("{HEAD}0001,1,0,张三,0,0,1,X1,2020-02-30\n")).starts_with("第 2 行 openAcctDate:"));
    }
}
