//! The document's classes. Every printed field is always there, null where there is nothing; odd spellings are its own.

use mingjian_domain::archive::files::ArchiveFile;
use mingjian_domain::archive::{Category, Label, Place, Source};
use mingjian_service::archive::accounts::AccountPage;
use mingjian_service::archive::materials::Filed;
use mingjian_service::archive::{AccountRow, DepositRow};
use serde::Serialize;
use time::UtcOffset;
use uuid::Uuid;

use super::dates::{print, print_day, print_time};

/// 32 lower-case hex digits.
fn hex(id: Uuid) -> String {
    id.simple().to_string()
}

/// `CustomerAccountResponse`.
#[derive(Serialize)]
pub(super) struct CustomerAccountView {
    customer: CustomerView,
    account: AccountView,
    department: DepartmentView,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CustomerView {
    customer_id: String,
    customer_type: &'static str,
    customer_name: String,
    customer_full_name: Option<String>,
    dept_code: String,
    ori_dept_code: String,
    id_type: String,
    id_no: String,
    extra_code: Option<String>,
    /// The document's own spelling.
    rax_reg_no: Option<String>,
    license_no: Option<String>,
    entity_type: &'static str,
    create_date: String,
    create_time: String,
    src_type: Option<String>,
    original_customer_id: Option<String>,
    aml_risk_code: Option<String>,
    aml_risk_code_name: Option<String>,
    id_nos: Vec<PaperView>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PaperView {
    id_type: String,
    id_no: String,
    extra_code: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccountView {
    customer_id: String,
    account_id: String,
    account_no: String,
    account_biz_type: String,
    account_status: &'static str,
    account_name: String,
    account_full_name: Option<String>,
    account_customer_type: String,
    dept_code: String,
    open_acct_date: String,
    writeoff_date: Option<String>,
    src_type: Option<String>,
    account_category: Option<Category>,
    account_label_list: Option<Vec<LabelView>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LabelView {
    label_code: String,
    label_name: String,
}

impl From<Label> for LabelView {
    fn from(label: Label) -> Self {
        Self { label_code: label.code, label_name: label.name }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DepartmentView {
    dept_code: String,
    dept_name: String,
    parent_dept_code: Option<String>,
}

fn filled(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

impl CustomerAccountView {
    pub(super) fn of(row: AccountRow, zone: UtcOffset) -> Self {
        let AccountRow { account, customer, .. } = row;
        let paper = PaperView {
            id_type: customer.paper.id_type.clone(),
            id_no: customer.paper.id_no.clone(),
            extra_code: filled(customer.paper.extra_code.clone()),
        };
        let labels: Vec<_> = account.labels.into_iter().map(LabelView::from).collect();
        Self {
            customer: CustomerView {
                customer_id: hex(customer.id.as_uuid()),
                customer_type: customer.kind.word(),
                customer_name: customer.name,
                customer_full_name: customer.full_name,
                dept_code: row.customer_department_code.clone(),
                ori_dept_code: row.customer_department_code,
                id_type: customer.paper.id_type,
                id_no: customer.paper.id_no,
                extra_code: filled(customer.paper.extra_code),
                rax_reg_no: customer.tax_no,
                license_no: customer.license_no,
                entity_type: "1",
                create_date: print_day(customer.created_at.to_offset(zone).date()),
                create_time: print_time(customer.created_at, zone),
                src_type: customer.src_type,
                original_customer_id: None,
                aml_risk_code: customer.aml_risk_code,
                aml_risk_code_name: customer.aml_risk_name,
                id_nos: vec![paper],
            },
            account: AccountView {
                customer_id: hex(account.customer.as_uuid()),
                account_id: hex(account.id.as_uuid()),
                account_no: account.number,
                account_biz_type: account.biz_type,
                account_status: account.status.word(),
                account_name: account.name,
                account_full_name: account.full_name,
                account_customer_type: account.customer_type,
                dept_code: row.department_code.clone(),
                open_acct_date: print_day(account.opened_on),
                writeoff_date: account.written_off_on.map(print_day),
                src_type: account.src_type,
                account_category: account.category,
                account_label_list: Some(labels).filter(|labels| !labels.is_empty()),
            },
            department: DepartmentView {
                dept_code: row.department_code,
                dept_name: row.department_name,
                parent_dept_code: row.parent_code,
            },
        }
    }
}

/// `PageResponse`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageView {
    number: u32,
    size: u32,
    total_pages: u64,
    number_of_elements: usize,
    total_elements: u64,
    previous_page: bool,
    first: bool,
    next_page: bool,
    last: bool,
    content: Vec<CustomerAccountView>,
}

impl PageView {
    pub(super) fn of(page: AccountPage, number: u32, size: u32, zone: UtcOffset) -> Self {
        let total_pages = page.total.div_ceil(size.into());
        let here = u64::from(number);
        Self {
            number,
            size,
            total_pages,
            number_of_elements: page.rows.len(),
            total_elements: page.total,
            previous_page: number > 1,
            first: number == 1,
            next_page: here < total_pages,
            last: here >= total_pages,
            content: page.rows.into_iter().map(|row| CustomerAccountView::of(row, zone)).collect(),
        }
    }
}

/// `ServiceAccess`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ServiceAccessView {
    id: String,
    title: Option<String>,
    business_id: Option<String>,
    account_id: Option<String>,
    customer_id: Option<String>,
    account_biz_type: Option<String>,
    service_id: Option<String>,
    material_codes: String,
    extras: Option<String>,
    material_count: usize,
    create_time: String,
    discarded: bool,
    discarded_time: Option<String>,
    post_business_id: Option<String>,
    post_msg: Option<String>,
}

impl ServiceAccessView {
    pub(super) fn of(row: DepositRow, zone: UtcOffset) -> Self {
        let deposit = row.deposit;
        let (account_id, customer_id) = match deposit.place {
            Place::Account(id) => (Some(hex(id.as_uuid())), None),
            Place::Customer(id) => (None, Some(hex(id.as_uuid()))),
        };
        Self {
            id: hex(deposit.id.as_uuid()),
            title: deposit.title,
            business_id: deposit.business_id,
            account_id,
            customer_id,
            account_biz_type: row.account.map(|(_, biz_type)| biz_type),
            service_id: match deposit.source {
                Source::Client(number) => Some(number),
                Source::Recording(_) => None,
            },
            material_codes: deposit.codes.join(","),
            extras: deposit.extras,
            material_count: deposit.codes.len(),
            create_time: print(deposit.filed_at, zone),
            discarded: deposit.discard.is_some(),
            discarded_time: deposit.discard.map(|discard| print(discard.at, zone)),
            post_business_id: deposit.post_business_id,
            post_msg: deposit.post_msg,
        }
    }
}

/// `File`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FileView {
    id: String,
    file_size: u64,
    file_ext_name: Option<String>,
    file_content_type: String,
    file_original_name: String,
    file_chunk_key: String,
    emp_code: String,
    image_source_file_chunk_keys: Option<String>,
    compress_source_file_chunk_key: Option<String>,
    is_temp: bool,
    temp_expire_time: Option<String>,
    create_time: String,
    update_time: String,
}

impl FileView {
    pub(super) fn of(file: ArchiveFile, zone: UtcOffset) -> Self {
        let id = hex(file.id.as_uuid());
        Self {
            file_size: file.size_bytes,
            file_ext_name: file.extension(),
            file_content_type: file.content_type,
            file_original_name: file.name,
            // Where the bytes lie is nobody's business: a file is one piece, and its id is the key to it.
            file_chunk_key: id.clone(),
            id,
            emp_code: file.uploader,
            image_source_file_chunk_keys: None,
            compress_source_file_chunk_key: None,
            is_temp: file.expires_at.is_some(),
            temp_expire_time: file.expires_at.map(|at| print(at, zone)),
            create_time: print(file.created_at, zone),
            update_time: print(file.updated_at, zone),
        }
    }
}

/// `MaterialInfo`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MaterialInfoView {
    id: i64,
    account_id: Option<String>,
    account_no: Option<String>,
    account_biz_type: Option<String>,
    account_dept_code: Option<String>,
    material_code: String,
    material_name: String,
    biz_code: Option<String>,
    biz_name: Option<String>,
    submitter_emp_code: Option<String>,
    submitter_emp_name: Option<String>,
    file_ids: Vec<String>,
    files: Vec<FileView>,
    source_type: &'static str,
    service_access_id: String,
    service_name: Option<String>,
    service_access_title: Option<String>,
    process_instance_id: Option<String>,
    process_name: Option<String>,
    create_time: String,
    customer_id: String,
    his_create_time: Option<String>,
}

impl MaterialInfoView {
    /// A material of that account, or of its customer.
    pub(super) fn of(filed: Filed, account: &AccountRow, zone: UtcOffset) -> Self {
        let row = filed.row;
        let at_account = match row.place {
            Place::Account(_) => Some(account),
            Place::Customer(_) => None,
        };
        let (source_type, process) = match &row.source {
            Source::Client(_) => ("SERVICE", None),
            Source::Recording(id) => ("PROCESS", Some(hex(id.as_uuid()))),
        };
        let (emp_code, emp_name) = row.submitter.unzip();
        Self {
            id: row.material.number,
            account_id: at_account.map(|row| hex(row.account.id.as_uuid())),
            account_no: at_account.map(|row| row.account.number.clone()),
            account_biz_type: at_account.map(|row| row.account.biz_type.clone()),
            account_dept_code: at_account.map(|row| row.department_code.clone()),
            material_code: row.material.code,
            material_name: filed.name,
            biz_code: None,
            biz_name: None,
            submitter_emp_code: emp_code,
            submitter_emp_name: emp_name,
            file_ids: row.files.iter().map(|file| hex(file.id.as_uuid())).collect(),
            files: row.files.into_iter().map(|file| FileView::of(file, zone)).collect(),
            source_type,
            service_access_id: hex(row.material.deposit.as_uuid()),
            service_name: row.client_name,
            service_access_title: row.title,
            process_name: process.as_ref().map(|_| "录制归档".to_owned()),
            process_instance_id: process,
            create_time: print(row.filed_at, zone),
            customer_id: hex(account.account.customer.as_uuid()),
            his_create_time: filed.history_since.map(|at| print(at, zone)),
        }
    }
}
