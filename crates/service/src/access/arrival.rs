//! Whose call is being worked on, told by whoever proves it to whoever counts and logs the call: the proofs differ from
//! face to face, counting and logging do not.

use std::cell::Cell;

use mingjian_domain::error::Result;
use mingjian_domain::id::TenantId;

/// Lets a tenant's call go on, or refuses it as busy.
type Admit = Box<dyn Fn(TenantId) -> Result<()> + Send>;

struct Attendant {
    admit: Admit,
    tenant: Cell<Option<TenantId>>,
}

tokio::task_local! {
    static ATTENDANT: Attendant;
}

/// Runs a call and says whose it turned out to be, if it is a business system's. Whoever arrives must be admitted.
pub async fn attend<F: Future>(
    admit: impl Fn(TenantId) -> Result<()> + Send + 'static,
    call: F,
) -> (F::Output, Option<TenantId>) {
    let attendant = Attendant { admit: Box::new(admit), tenant: Cell::new(None) };
    ATTENDANT
        .scope(attendant, async {
            let output = call.await;
            (output, ATTENDANT.with(|attendant| attendant.tenant.get()))
        })
        .await
}

/// The call that is being worked on is that tenant's, which has proved it.
///
/// # Errors
/// [`mingjian_domain::error::Error::Busy`] when the tenant has called too often.
pub fn arrive(tenant: TenantId) -> Result<()> {
    // Outside of a call there is nobody to ask.
    ATTENDANT
        .try_with(|attendant| {
            attendant.tenant.set(Some(tenant));
            (attendant.admit)(tenant)
        })
        .unwrap_or(Ok(()))
}

/// The call that is being worked on named that tenant and did not prove it.
pub fn stumble(tenant: TenantId) {
    let _ = ATTENDANT.try_with(|attendant| attendant.tenant.set(Some(tenant)));
}
