//! The index of the accounts: bitmaps and days, in pieces that are rows.

use std::collections::BTreeMap;

use mingjian_domain::error::{Doing, Error, Result};
use mingjian_domain::id::{DepartmentId, TenantId};
use roaring::RoaringBitmap;
use time::{Date, Month};

use crate::Tx;
use crate::dialect::{BITS_ON_POSTGRES, BITS_ON_SQLITE, lockable};
use crate::failure::OrFault;
use crate::value::args;

/// The index of a transaction.
pub struct ArchiveIndex<'t>(pub(crate) &'t mut Tx);

/// So many accounts share a bitmap's row: a container of a roaring bitmap, 8 KB at most.
const SHARD_BITS: u32 = 16;
/// So many accounts share a row of days: 8 KB as well.
pub(super) const CHUNK: u32 = 4096;
/// Two bytes a day.
const DAY_BYTES: usize = 2;
/// Day 0 of the rows.
const EPOCH: Date = match Date::from_calendar_date(1970, Month::January, 1) {
    Ok(day) => day,
    Err(_) => Date::MIN,
};

/// What a search can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Codes of materials that are filed and not taken back.
    Material,
    /// The department, by its id.
    Department,
    /// The business type.
    BizType,
    /// The customer type at the level of the account.
    CustomerType,
}

impl Dimension {
    const fn word(self) -> &'static str {
        match self {
            Self::Material => "material",
            Self::Department => "department",
            Self::BizType => "biz_type",
            Self::CustomerType => "customer_type",
        }
    }
}

/// The value that stands for a department.
pub(super) fn of_department(id: DepartmentId) -> String {
    id.as_uuid().simple().to_string()
}

/// Days since 1970, as they are kept: 1970-01-01 to 2149-06-06. What lies outside counts as the nearest of these.
pub(super) fn day_number(day: Date) -> u16 {
    let days = day.to_julian_day() - EPOCH.to_julian_day();
    u16::try_from(days.max(0)).unwrap_or(u16::MAX)
}

/// Changes of the index, gathered so that each row is written once.
#[derive(Debug, Default)]
pub struct Changes {
    bits: BTreeMap<(Dimension, String, u32), Bits>,
    days: BTreeMap<u32, BTreeMap<u32, u16>>,
}

#[derive(Debug, Default)]
struct Bits {
    set: RoaringBitmap,
    cleared: RoaringBitmap,
}

impl Changes {
    fn bits(&mut self, dimension: Dimension, value: String, ordinal: u32) -> &mut Bits {
        self.bits.entry((dimension, value, ordinal >> SHARD_BITS)).or_default()
    }

    /// The account has this.
    pub fn set(&mut self, dimension: Dimension, value: &str, ordinal: u32) {
        let bits = self.bits(dimension, value.to_owned(), ordinal);
        bits.cleared.remove(ordinal);
        bits.set.insert(ordinal);
    }

    /// The account has this no more.
    pub fn clear(&mut self, dimension: Dimension, value: &str, ordinal: u32) {
        let bits = self.bits(dimension, value.to_owned(), ordinal);
        bits.set.remove(ordinal);
        bits.cleared.insert(ordinal);
    }

    /// The account is in this department.
    pub fn set_department(&mut self, id: DepartmentId, ordinal: u32) {
        self.set(Dimension::Department, &of_department(id), ordinal);
    }

    /// The account is in this department no more.
    pub fn clear_department(&mut self, id: DepartmentId, ordinal: u32) {
        self.clear(Dimension::Department, &of_department(id), ordinal);
    }

    /// The account was opened that day.
    pub fn open(&mut self, ordinal: u32, day: Date) {
        self.days.entry(ordinal / CHUNK).or_default().insert(ordinal % CHUNK, day_number(day));
    }
}

impl ArchiveIndex<'_> {
    /// Holds the tenant's archive until the end of the transaction, and tells the ordinal of its next account. Whoever changes
    /// accounts, deposits or the index does this first.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lock(&mut self, tenant: TenantId) -> Result<u32> {
        let doing = "holding a tenant's archive";
        self.0
            .execute(
                "INSERT INTO archive_tenants (tenant_id, next_ordinal) VALUES ($1, 0) ON CONFLICT (tenant_id) DO NOTHING",
                args![tenant],
            )
            .await
            .or_fault(doing)?;
        let sql = lockable!("SELECT t.next_ordinal FROM archive_tenants t WHERE t.tenant_id = $1"; "t");
        let next = self.0.lock(sql, args![tenant], |row| row.get("next_ordinal")).await.or_fault(doing)?;
        next.ok_or_else(|| Error::fault(doing, "the row is gone"))
    }

    /// How many accounts the tenant has.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn count(&mut self, tenant: TenantId) -> Result<u32> {
        const SQL: &str = "SELECT next_ordinal FROM archive_tenants WHERE tenant_id = $1";
        let next = self.0.optional(SQL, args![tenant], |row| row.get("next_ordinal")).await;
        Ok(next.or_fault("counting a tenant's accounts")?.unwrap_or(0))
    }

    /// Writes the changes down, and the ordinal of the next account.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn apply(&mut self, tenant: TenantId, changes: Changes, next_ordinal: u32) -> Result<()> {
        self.0
            .execute(
                "UPDATE archive_tenants SET next_ordinal = $2 WHERE tenant_id = $1 AND next_ordinal < $2",
                args![tenant, next_ordinal],
            )
            .await
            .or_fault("counting a tenant's accounts")?;
        for ((dimension, value, shard), change) in changes.bits {
            self.change_bits(tenant, dimension, &value, shard, &change).await?;
        }
        for (chunk, days) in changes.days {
            self.change_days(tenant, chunk, &days).await?;
        }
        Ok(())
    }

    async fn change_bits(
        &mut self,
        tenant: TenantId,
        dimension: Dimension,
        value: &str,
        shard: u32,
        change: &Bits,
    ) -> Result<()> {
        let doing = "changing a bitmap of the archive";
        let kept = self
            .0
            .optional(
                "SELECT bits FROM archive_bits WHERE tenant_id = $1 AND dimension = $2 AND value = $3 AND shard = $4",
                args![tenant, dimension.word(), value, shard],
                |row| row.get::<Vec<u8>>("bits"),
            )
            .await
            .or_fault(doing)?;
        let before = kept.map_or_else(|| Ok(RoaringBitmap::new()), |bytes| parse(&bytes))?;
        let mut after = before.clone();
        after |= &change.set;
        after -= &change.cleared;
        if after == before {
            return Ok(());
        }
        let mut bytes = Vec::with_capacity(after.serialized_size());
        after.serialize_into(&mut bytes).doing(doing)?;
        self.0
            .execute(
                "INSERT INTO archive_bits (tenant_id, dimension, value, shard, bits) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (tenant_id, dimension, value, shard) DO UPDATE SET bits = excluded.bits",
                args![tenant, dimension.word(), value, shard, bytes],
            )
            .await
            .or_fault(doing)?;
        Ok(())
    }

    async fn change_days(&mut self, tenant: TenantId, chunk: u32, changed: &BTreeMap<u32, u16>) -> Result<()> {
        let doing = "changing the days of opening in the archive";
        let kept = self
            .0
            .optional(
                "SELECT days FROM archive_days WHERE tenant_id = $1 AND chunk = $2",
                args![tenant, chunk],
                |row| row.get::<Vec<u8>>("days"),
            )
            .await
            .or_fault(doing)?;
        let mut days = kept.unwrap_or_default();
        for (&place, &day) in changed {
            let at = place as usize * DAY_BYTES;
            if days.len() < at + DAY_BYTES {
                days.resize(at + DAY_BYTES, 0);
            }
            days[at..at + DAY_BYTES].copy_from_slice(&day.to_le_bytes());
        }
        self.0
            .execute(
                "INSERT INTO archive_days (tenant_id, chunk, days) VALUES ($1, $2, $3) \
                 ON CONFLICT (tenant_id, chunk) DO UPDATE SET days = excluded.days",
                args![tenant, chunk, days],
            )
            .await
            .or_fault(doing)?;
        Ok(())
    }

    /// The accounts that have any of these.
    pub(super) async fn any_of(
        &mut self,
        tenant: TenantId,
        dimension: Dimension,
        values: &[String],
    ) -> Result<RoaringBitmap> {
        let list = serde_json::to_string(values).doing("naming bitmaps")?;
        let sql = if self.0.is_postgres() { BITS_ON_POSTGRES } else { BITS_ON_SQLITE };
        let rows: Vec<Vec<u8>> = self
            .0
            .all(sql, args![tenant, dimension.word(), list], |row| row.get("bits"))
            .await
            .or_fault("reading bitmaps of the archive")?;
        let mut found = RoaringBitmap::new();
        for bytes in rows {
            found |= parse(&bytes)?;
        }
        Ok(found)
    }

    /// The days of opening, by chunk.
    pub(super) async fn days(&mut self, tenant: TenantId) -> Result<Vec<(u32, Vec<u16>)>> {
        let rows = self
            .0
            .all("SELECT chunk, days FROM archive_days WHERE tenant_id = $1 ORDER BY chunk", args![tenant], |row| {
                Ok((row.get::<u32>("chunk")?, row.get::<Vec<u8>>("days")?))
            })
            .await
            .or_fault("reading the days of opening in the archive")?;
        let day = |pair: &[u8]| u16::from_le_bytes([pair[0], pair[1]]);
        Ok(rows.into_iter().map(|(chunk, days)| (chunk, days.chunks_exact(DAY_BYTES).map(day).collect())).collect())
    }
}

fn parse(bytes: &[u8]) -> Result<RoaringBitmap> {
    RoaringBitmap::deserialize_from(bytes).doing("reading a bitmap of the archive")
}
