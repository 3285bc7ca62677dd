//! Interviews: the aggregate itself, and the rows that lists show.

mod state;

use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::id::{InterviewId, OrderId, TenantId, UserId};
use mingjian_domain::interview::Interview;

use crate::Tx;
use crate::dialect::lockable;
use crate::failure::{OrFault, UniqueKey};
use crate::page::{Page, Paged};
use crate::row::Row;
use crate::value::{Value, args};
use state::Columns;

/// The interviews of a transaction.
pub struct Interviews<'t>(pub(crate) &'t mut Tx);

/// An order is seen in one place at a time: the index `interviews_live`.
const LIVE: UniqueKey = UniqueKey { lite: "interviews.order_id", pg: "interviews_live" };

/// An interview with the names that a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterviewRow {
    /// The interview.
    pub interview: Interview,
    /// Of its order.
    pub business_no: String,
    /// The main person of its order.
    pub customer_name: String,
    /// Who answered or is being rung.
    pub seat_name: Option<String>,
    /// Where the customer waited, such as `1001`.
    pub queue_number: String,
}

/// Which interviews a list is to show; what is not given does not narrow it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InterviewFilter {
    /// Of the order with exactly this business number.
    pub business_no: Option<String>,
    /// In this state, by its word. An unknown word finds nothing.
    pub state: Option<String>,
    /// Where this user answered or is being rung.
    pub seat: Option<UserId>,
}

macro_rules! columns {
    () => {
        "i.id, i.tenant_id, i.order_id, i.queue_id, i.number, i.room_id, i.joined_at, i.wait_ms, i.recording_id, \
         i.network_check, i.state, i.seat_id, i.answered_at, i.connected_at, i.abandoned_at, i.outcome, i.verdict, \
         i.reason, i.ended_at"
    };
}

macro_rules! select {
    () => {
        concat!("SELECT ", columns!(), " FROM interviews i ")
    };
}

macro_rules! select_rows {
    () => {
        concat!(
            "SELECT ",
            columns!(),
            ", o.business_no, p.name AS customer_name, u.name AS seat_name, q.number AS queue_number \
             FROM interviews i JOIN orders o ON o.id = i.order_id \
             JOIN people p ON p.order_id = o.id AND p.position = 0 \
             JOIN queues q ON q.id = i.queue_id LEFT JOIN users u ON u.id = i.seat_id "
        )
    };
}

impl Interviews<'_> {
    /// Adds an interview.
    ///
    /// # Errors
    /// [`Conflict::AlreadyWaiting`] when the order has one that waits, rings or is in a call;
    /// [`Error::Fault`], also when its order or queue is another tenant's.
    pub async fn insert(&mut self, interview: &Interview) -> Result<()> {
        let state = Columns::of(&interview.state);
        self.0
            .execute(
                "INSERT INTO interviews (id, tenant_id, order_id, queue_id, number, room_id, joined_at, wait_ms, \
                 recording_id, network_check, state, seat_id, answered_at, connected_at, abandoned_at, outcome, \
                 verdict, reason, ended_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
                args![
                    interview.id,
                    interview.tenant,
                    interview.order,
                    interview.queue,
                    &interview.number,
                    interview.room,
                    interview.joined_at,
                    interview.wait_ms,
                    interview.recording,
                    &interview.check,
                    state.word,
                    state.seat,
                    state.answered_at,
                    state.connected_at,
                    state.abandoned_at,
                    state.outcome,
                    state.verdict,
                    state.reason,
                    state.ended_at,
                ],
            )
            .await
            .or_conflict_of(LIVE, Conflict::AlreadyWaiting, "adding an interview")?;
        Ok(())
    }

    /// Saves what may change of an interview: state, wait, recording and network check.
    ///
    /// # Errors
    /// [`Conflict::CustomerElsewhere`] when it comes alive again while the order has another that waits, rings or is in
    /// a call; [`Error::Missing`] when it was never added; [`Error::Fault`].
    pub async fn save(&mut self, interview: &Interview) -> Result<()> {
        let state = Columns::of(&interview.state);
        let changed = self
            .0
            .execute(
                "UPDATE interviews SET wait_ms = $3, recording_id = $4, network_check = $5, state = $6, \
                 seat_id = $7, answered_at = $8, connected_at = $9, abandoned_at = $10, outcome = $11, verdict = $12, \
                 reason = $13, ended_at = $14 WHERE tenant_id = $1 AND id = $2",
                args![
                    interview.tenant,
                    interview.id,
                    interview.wait_ms,
                    interview.recording,
                    &interview.check,
                    state.word,
                    state.seat,
                    state.answered_at,
                    state.connected_at,
                    state.abandoned_at,
                    state.outcome,
                    state.verdict,
                    state.reason,
                    state.ended_at,
                ],
            )
            .await
            .or_conflict_of(LIVE, Conflict::CustomerElsewhere, "saving an interview")?;
        if changed == 0 { Err(Error::Missing(Noun::Interview)) } else { Ok(()) }
    }

    /// The tenant's interview of that id. In a transaction that writes, nobody else changes it meanwhile.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup(&mut self, tenant: TenantId, id: InterviewId) -> Result<Option<Interview>> {
        let sql = lockable!(select!(), "WHERE i.tenant_id = $1 AND i.id = $2"; "i");
        self.0.lock(sql, args![tenant, id], read).await.or_fault("reading an interview")
    }

    /// The interview of that id, of whichever tenant: for the server itself, never with an id that a caller named.
    /// In a transaction that writes, nobody else changes it meanwhile.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_any(&mut self, id: InterviewId) -> Result<Option<Interview>> {
        let sql = lockable!(select!(), "WHERE i.id = $1"; "i");
        self.0.lock(sql, args![id], read).await.or_fault("reading an interview")
    }

    /// The newest interview of the order that has not ended, abandoned ones included. In a transaction that writes,
    /// nobody else changes it meanwhile.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn open_of_order(&mut self, order: OrderId) -> Result<Option<Interview>> {
        let sql = lockable!(
            select!(),
            "WHERE i.order_id = $1 AND i.state <> 'ended' ORDER BY i.id DESC LIMIT 1"; "i"
        );
        self.0.lock(sql, args![order], read).await.or_fault("reading an order's open interview")
    }

    /// Every tenant's interviews that have not ended, abandoned ones included, the oldest first: for the server itself,
    /// when it starts.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn list_open(&mut self) -> Result<Vec<Interview>> {
        self.0
            .all(concat!(select!(), "WHERE i.state <> 'ended' ORDER BY i.id"), args![], read)
            .await
            .or_fault("listing the open interviews")
    }

    /// The tenant's interviews, the newest first.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cursor that is none; [`Error::Fault`].
    pub async fn list(
        &mut self,
        tenant: TenantId,
        filter: &InterviewFilter,
        page: &Page,
    ) -> Result<Paged<InterviewRow>> {
        const ALL: &str = concat!(
            select_rows!(),
            "WHERE i.tenant_id = $1 AND i.id < $2 AND ($3 IS NULL OR i.state = $3) \
             AND ($5 IS NULL OR i.seat_id = $5) ORDER BY i.id DESC LIMIT $4"
        );
        // Asked by its own text, so that the planner begins at the order.
        const OF_ORDER: &str = concat!(
            select_rows!(),
            "WHERE i.tenant_id = $1 AND i.id < $2 AND ($3 IS NULL OR i.state = $3) \
             AND ($5 IS NULL OR i.seat_id = $5) \
             AND o.tenant_id = $1 AND o.business_no = $6 ORDER BY i.id DESC LIMIT $4"
        );
        let mut args = args![tenant, page.below()?, &filter.state, page.fetch(), filter.seat];
        let sql = match &filter.business_no {
            Some(business_no) => {
                args.push(Value::from(business_no));
                OF_ORDER
            }
            None => ALL,
        };
        let rows = self.0.all(sql, args, read_row).await.or_fault("listing interviews")?;
        Ok(page.cut(rows, |row| row.interview.id.as_uuid()))
    }

    /// The tenant's interview of that id, as a list shows it.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_row(&mut self, tenant: TenantId, id: InterviewId) -> Result<Option<InterviewRow>> {
        self.0
            .optional(concat!(select_rows!(), "WHERE i.tenant_id = $1 AND i.id = $2"), args![tenant, id], read_row)
            .await
            .or_fault("reading an interview as a list shows it")
    }

    /// The last interviews that the seat answered or is being rung for, the newest first.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn recent_of_seat(&mut self, seat: UserId, limit: u16) -> Result<Vec<InterviewRow>> {
        self.0
            .all(
                concat!(select_rows!(), "WHERE i.seat_id = $1 ORDER BY i.id DESC LIMIT $2"),
                args![seat, limit],
                read_row,
            )
            .await
            .or_fault("listing a seat's last interviews")
    }
}

fn read(row: &Row) -> sqlx::Result<Interview> {
    Ok(Interview {
        id: row.get("id")?,
        tenant: row.get("tenant_id")?,
        order: row.get("order_id")?,
        queue: row.get("queue_id")?,
        number: row.get("number")?,
        room: row.get("room_id")?,
        joined_at: row.get("joined_at")?,
        wait_ms: row.get_opt("wait_ms")?,
        recording: row.get_opt("recording_id")?,
        check: row.get_opt("network_check")?,
        state: state::read(row)?,
    })
}

fn read_row(row: &Row) -> sqlx::Result<InterviewRow> {
    Ok(InterviewRow {
        interview: read(row)?,
        business_no: row.get("business_no")?,
        customer_name: row.get("customer_name")?,
        seat_name: row.get_opt("seat_name")?,
        queue_number: row.get("queue_number")?,
    })
}
