//! Recordings as the reviewer finds them: by order, customer, seat and time.

use mingjian_domain::error::Result;
use mingjian_domain::id::{RecordingId, TenantId, UserId};
use mingjian_domain::interview::Verdict;
use mingjian_domain::recording::Recording;
use time::OffsetDateTime;

use super::{Recordings, columns, read};
use crate::failure::OrFault;
use crate::page::{Page, Paged, containing};
use crate::row::Row;
use crate::value::{Value, args};

/// A recording with what a list shows of its interview, where it is one's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingRow {
    /// The recording.
    pub recording: Recording,
    /// The interview's number.
    pub number: Option<String>,
    /// Of the order.
    pub business_no: Option<String>,
    /// The main person of the order.
    pub customer_name: Option<String>,
    /// Who answered.
    pub seat_name: Option<String>,
    /// What the seat decided.
    pub verdict: Option<Verdict>,
    /// Why.
    pub reason: Option<String>,
}

/// Which recordings a list is to show; what is not given does not narrow it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordingFilter {
    /// Of the order with exactly this business number.
    pub business_no: Option<String>,
    /// Where the name of a person of the order contains this.
    pub customer: Option<String>,
    /// Where the seat's login or name contains this.
    pub seat: Option<String>,
    /// Where this user answered.
    pub answered_by: Option<UserId>,
    /// Begun at this moment or later.
    pub from: Option<OffsetDateTime>,
    /// Begun before this moment.
    pub to: Option<OffsetDateTime>,
}

macro_rules! select_rows {
    ($join:literal, $tail:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            ", i.number, o.business_no, p.name AS customer_name, u.name AS seat_name, i.verdict, i.reason \
             FROM recordings r ",
            $join,
            " interviews i ON i.id = r.interview_id ",
            $join,
            " orders o ON o.id = i.order_id \
             LEFT JOIN people p ON p.order_id = o.id AND p.position = 0 \
             LEFT JOIN users u ON u.id = i.seat_id WHERE ",
            $tail
        )
    };
}

macro_rules! narrowed {
    ($join:literal, $whose:literal) => {
        concat!(
            select_rows!($join, $whose),
            " AND r.deleted_at IS NULL AND r.id < $2 AND ($3 IS NULL OR r.started_at >= $3) AND ($4 IS NULL OR r.started_at < $4) \
             AND ($5 IS NULL OR EXISTS (SELECT 1 FROM people c WHERE c.order_id = o.id \
             AND lower(c.name) LIKE lower($5) ESCAPE '!')) \
             AND ($6 IS NULL OR lower(u.login) LIKE lower($6) ESCAPE '!' OR lower(u.name) LIKE lower($6) ESCAPE '!') \
             AND ($8 IS NULL OR i.seat_id = $8) ORDER BY r.id DESC LIMIT $7"
        )
    };
}

const ALL: &str = narrowed!("LEFT JOIN", "r.tenant_id = $1");
/// Asked by its own text, so that the planner begins at the order instead of walking through the tenant's recordings.
/// A recording's tenant is its interview's, and that one's its order's: the foreign keys say so.
const OF_ORDER: &str = narrowed!("JOIN", "o.tenant_id = $1 AND o.business_no = $9");
const ONE: &str = select_rows!("LEFT JOIN", "r.tenant_id = $1 AND r.id = $2 AND r.deleted_at IS NULL");

impl Recordings<'_> {
    /// The tenant's recordings, the newest first.
    ///
    /// # Errors
    /// [`Invalid`](mingjian_domain::error::Error::Invalid) for a cursor that is none;
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn list(
        &mut self,
        tenant: TenantId,
        filter: &RecordingFilter,
        page: &Page,
    ) -> Result<Paged<RecordingRow>> {
        let mut args = args![
            tenant,
            page.below()?,
            filter.from,
            filter.to,
            filter.customer.as_deref().map(containing),
            filter.seat.as_deref().map(containing),
            page.fetch(),
            filter.answered_by,
        ];
        let sql = match &filter.business_no {
            Some(business_no) => {
                args.push(Value::from(business_no));
                OF_ORDER
            }
            None => ALL,
        };
        let rows = self.0.all(sql, args, read_row).await.or_fault("listing recordings")?;
        Ok(page.cut(rows, |row| row.recording.id.as_uuid()))
    }

    /// The tenant's recording of that id, as a list shows it.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup_row(&mut self, tenant: TenantId, id: RecordingId) -> Result<Option<RecordingRow>> {
        self.0.optional(ONE, args![tenant, id], read_row).await.or_fault("reading a recording as a list shows it")
    }
}

fn read_row(row: &Row) -> sqlx::Result<RecordingRow> {
    Ok(RecordingRow {
        recording: read(row)?,
        number: row.get_opt("number")?,
        business_no: row.get_opt("business_no")?,
        customer_name: row.get_opt("customer_name")?,
        seat_name: row.get_opt("seat_name")?,
        verdict: row.word_opt("verdict", Verdict::from_word)?,
        reason: row.get_opt("reason")?,
    })
}
