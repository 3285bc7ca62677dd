//! What goes over the wire.

use serde::Serialize;

use super::codes::{Code, DONE};

/// Every answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Envelope {
    /// The code, as a text.
    rsp_code: String,
    /// The document's words; behind them, after a refusal, what is the matter. `netDisk/delete` has none when it is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    rsp_desc: Option<String>,
    /// Absent where a call returns nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<serde_json::Value>,
}

impl Envelope {
    /// Done, with what was asked for.
    pub(super) fn holding(data: serde_json::Value) -> Self {
        Self { data: Some(data), ..Self::done() }
    }

    /// Done.
    pub(super) fn done() -> Self {
        Self { rsp_code: DONE.number.to_string(), rsp_desc: Some(DONE.words.to_owned()), data: None }
    }

    /// Done, in the shortest form that the document knows.
    pub(super) fn bare() -> Self {
        Self { rsp_desc: None, ..Self::done() }
    }

    /// Refused, with a sentence that says what to do.
    pub(super) fn refused(code: Code, sentence: &str) -> Self {
        Self { rsp_code: code.number.to_string(), rsp_desc: Some(format!("{}：{sentence}", code.words)), data: None }
    }
}

/// The answer of `netDisk/query`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listing {
    /// Files of this page.
    pub(super) file_list: Vec<FileLine>,
    /// Folders directly below the one that was asked for.
    pub(super) dir_data: Vec<DirLine>,
    /// Files on all pages.
    pub(super) file_num: u64,
    /// To be sent along with the next page's question.
    pub(super) search_time: String,
}

/// A file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FileLine {
    pub(super) id: i64,
    pub(super) file_name: String,
    /// Of its folder, such as `/2018/`.
    pub(super) file_path: String,
    /// Bytes, as a text.
    pub(super) file_size: String,
    /// Empty for a file that was deleted after the search began.
    pub(super) down_url: String,
    /// `yyyy-MM-dd HH:mm:ss` in the tenant's zone.
    pub(super) ctime: String,
}

/// A folder.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DirLine {
    pub(super) dir_id: i64,
    pub(super) parent_id: i64,
    /// Such as `/2018/`.
    pub(super) dir_path: String,
    pub(super) dir_name: String,
}
