//! Code tables: what a code of the document may be and what people read for it. A tenant begins with these and edits its own.

/// A code table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CodeTable {
    /// Business types of accounts: `ACCT_BIZ_TYP`.
    BizType,
    /// Customer types at the level of accounts: `ACCT_CUST_TYP`.
    CustomerType,
    /// Kinds of identity papers: `ID_TYP`.
    IdType,
    /// Kinds of material: `MATERIAL`.
    Material,
}

impl CodeTable {
    /// Every table.
    pub const ALL: [Self; 4] = [Self::BizType, Self::CustomerType, Self::IdType, Self::Material];

    /// The name in the document, in the API and in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::BizType => "ACCT_BIZ_TYP",
            Self::CustomerType => "ACCT_CUST_TYP",
            Self::IdType => "ID_TYP",
            Self::Material => "MATERIAL",
        }
    }

    /// The table of that name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.word() == word)
    }

    /// What a tenant begins with. Only `ACCT_BIZ_TYP` 0 is the document's; the papers and investors are those of the futures
    /// counter (CTP: `TThostFtdcIdCardTypeType`, `TThostFtdcInvestorTypeType`).
    #[must_use]
    pub const fn beginning(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::BizType => &[
                ("0", "经纪"),
                ("1", "居间"),
                ("2", "资产管理"),
                ("3", "投资咨询"),
                ("4", "股票期权"),
                ("5", "风险管理"),
                ("9", "其他"),
            ],
            Self::CustomerType => {
                &[("0", "自然人"), ("1", "法人"), ("2", "投资基金"), ("3", "特殊法人"), ("4", "资管户")]
            }
            Self::IdType => &[
                ("0", "组织机构代码"),
                ("1", "身份证"),
                ("2", "军官证"),
                ("3", "警官证"),
                ("4", "士兵证"),
                ("5", "户口簿"),
                ("6", "护照"),
                ("7", "台胞证"),
                ("8", "回乡证"),
                ("9", "营业执照号"),
                ("A", "税务登记号"),
                ("B", "港澳居民来往内地通行证"),
                ("C", "台湾居民来往大陆通行证"),
                ("D", "驾照"),
                ("F", "当地社保ID"),
                ("G", "当地身份证"),
                ("H", "商业登记证"),
                ("I", "港澳永久性居民身份证"),
                ("J", "人行开户许可证"),
                ("K", "外国人永久居留证"),
                ("L", "资管产品备案函"),
                ("M", "港澳台居民居住证"),
                ("N", "统一社会信用代码"),
                ("O", "机构成立证明文件"),
                ("x", "其他"),
            ],
            Self::Material => &[
                ("ID_FRONT", "身份证正面"),
                ("ID_BACK", "身份证反面"),
                ("HEAD_PHOTO", "头像"),
                ("HAND_ID", "手持证件照"),
                ("SITE_PHOTO", "现场照片"),
                ("CONTRACT", "合同"),
                ("SIGNATURE", "签名"),
                ("RISK_NOTICE", "风险揭示书"),
                ("INTERVIEW_VIDEO", "面签视频"),
                ("OTHER", "其他"),
            ],
        }
    }
}

/// One code with what people read for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The code.
    pub code: String,
    /// What people read.
    pub name: String,
}

/// Longer codes are refused.
pub const LONGEST_CODE: usize = 64;

/// Whether a text may be a code: letters, digits, `_`, `-` and `.`, since codes are joined with commas and stand in addresses.
#[must_use]
pub fn is_code(text: &str) -> bool {
    (1..=LONGEST_CODE).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_table_begins_with_codes_that_are_some_and_differ() {
        for table in CodeTable::ALL {
            let codes: HashSet<_> = table.beginning().iter().map(|(code, _)| code).collect();
            assert_eq!(codes.len(), table.beginning().len(), "{table:?}");
            assert!(codes.iter().all(|code| is_code(code)), "{table:?}");
            assert_eq!(CodeTable::from_word(table.word()), Some(table));
        }
    }

    #[test]
    fn what_could_not_be_told_apart_in_a_list_or_an_address_is_no_code() {
        for wrong in ["", "A,B", "身份证", "A B", "A/B", &"A".repeat(65)] {
            assert!(!is_code(wrong), "{wrong}");
        }
        assert!(is_code("ID_FRONT") && is_code("x") && is_code("1.2-3"));
    }
}
