//! The search for accounts: bitmaps are joined, their count is the total, and a page is a place among the bits.

use mingjian_domain::error::Result;
use mingjian_domain::id::{DepartmentId, TenantId};
use roaring::RoaringBitmap;
use time::Date;

use super::index::{ArchiveIndex, CHUNK, Dimension, day_number, of_department};

/// Which accounts are wanted; what is empty does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountFilter {
    /// With material of any of these codes.
    pub material_codes: Vec<String>,
    /// Without material of each of these codes.
    pub excluded_material_codes: Vec<String>,
    /// Opened on this day or later.
    pub opened_from: Option<Date>,
    /// Opened on this day or earlier.
    pub opened_to: Option<Date>,
    /// In one of these departments; none for all of the tenant's. An empty list finds nothing.
    pub departments: Option<Vec<DepartmentId>>,
    /// Of any of these business types.
    pub biz_types: Vec<String>,
    /// Of any of these customer types.
    pub customer_types: Vec<String>,
    /// Among these, found by other means.
    pub among: Option<Vec<u32>>,
}

/// What a search finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How many accounts in all.
    pub total: u64,
    /// Those of the page, the oldest account first: what is added later comes behind and shifts nothing.
    pub ordinals: Vec<u32>,
}

impl ArchiveIndex<'_> {
    /// Finds `limit` accounts behind the first `skip` of those that the filter lets through.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn search(&mut self, tenant: TenantId, filter: &AccountFilter, skip: u64, limit: u32) -> Result<Found> {
        let found = self.found(tenant, filter).await?;
        let ordinals = u32::try_from(skip)
            .ok()
            .and_then(|skip| found.select(skip))
            .map(|first| found.range(first..).take(limit as usize).collect())
            .unwrap_or_default();
        Ok(Found { total: found.len(), ordinals })
    }

    async fn found(&mut self, tenant: TenantId, filter: &AccountFilter) -> Result<RoaringBitmap> {
        let mut found = RoaringBitmap::new();
        found.insert_range(0..self.count(tenant).await?);
        if let Some(among) = &filter.among {
            found &= among.iter().copied().collect::<RoaringBitmap>();
        }
        if let Some(departments) = &filter.departments {
            let values: Vec<_> = departments.iter().map(|&id| of_department(id)).collect();
            found &= self.any_of(tenant, Dimension::Department, &values).await?;
        }
        for (dimension, values) in [
            (Dimension::Material, &filter.material_codes),
            (Dimension::BizType, &filter.biz_types),
            (Dimension::CustomerType, &filter.customer_types),
        ] {
            if !values.is_empty() {
                found &= self.any_of(tenant, dimension, values).await?;
            }
        }
        if !filter.excluded_material_codes.is_empty() {
            found -= self.any_of(tenant, Dimension::Material, &filter.excluded_material_codes).await?;
        }
        if filter.opened_from.is_some() || filter.opened_to.is_some() {
            let from = filter.opened_from.map_or(0, day_number);
            let to = filter.opened_to.map_or(u16::MAX, day_number);
            found &= opened_between(&self.days(tenant).await?, from, to);
        }
        Ok(found)
    }
}

/// The ordinals whose day lies in the range, both ends included.
fn opened_between(chunks: &[(u32, Vec<u16>)], from: u16, to: u16) -> RoaringBitmap {
    let mut found = RoaringBitmap::new();
    for (chunk, days) in chunks {
        let first = chunk * CHUNK;
        let hits = (first..).zip(days).filter(|&(_, &day)| from <= day && day <= to).map(|(ordinal, _)| ordinal);
        found.append(hits).expect("chunks come in order, and so do the accounts in them");
    }
    found
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn both_ends_of_a_range_of_days_belong_to_it() {
        let days = vec![(0, vec![10, 11, 12, 13]), (1, vec![12])];
        assert_eq!(opened_between(&days, 11, 12).iter().collect::<Vec<_>>(), [1, 2, CHUNK]);
        assert!(opened_between(&days, 12, 11).is_empty());
        assert_eq!(opened_between(&days, 0, u16::MAX).len(), 5);
    }

    #[test]
    fn days_are_counted_from_1970_and_end_in_2149() {
        assert_eq!(day_number(date!(1970 - 01 - 01)), 0);
        assert_eq!(day_number(date!(2026 - 11 - 23)), 20_780);
        assert_eq!(day_number(date!(1949 - 10 - 01)), 0);
        assert_eq!(day_number(date!(2149 - 06 - 06)), u16::MAX);
        assert_eq!(day_number(date!(9999 - 12 - 31)), u16::MAX);
    }
}
