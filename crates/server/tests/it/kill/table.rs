//! What kills cost, as one table.

use std::fmt::{self, Display, Formatter};

/// What one kill cost one participant, in milliseconds of media.
#[derive(Debug, Clone, Copy)]
pub struct Loss {
    /// How long this participant had been sending.
    pub sent_ms: f64,
    /// From the last picture in a file to the last one sent.
    pub picture_ms: f64,
    /// From the last sound in a file to the last one sent.
    pub sound_ms: f64,
    /// Sounds of 20 ms that were sent and lie in no file, before its end.
    pub missing_sounds: usize,
}

/// What all kills cost.
#[derive(Debug, Default)]
pub struct Table {
    /// How many kills.
    pub kills: usize,
    /// What they cost.
    pub losses: Vec<Loss>,
}

impl Table {
    /// Adds another table's rows.
    pub fn extend(&mut self, other: Self) {
        self.kills += other.kills;
        self.losses.extend(other.losses);
    }

    /// The worst loss of all.
    pub fn worst_ms(&self) -> f64 {
        self.losses.iter().map(|loss| loss.picture_ms.max(loss.sound_ms)).fold(0.0, f64::max)
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let missing: usize = self.losses.iter().map(|loss| loss.missing_sounds).sum();
        writeln!(
            f,
            "| {} kills, {} participants, {missing} sounds missing before the end | min ms | median ms | max ms |",
            self.kills,
            self.losses.len()
        )?;
        writeln!(f, "| --- | ---: | ---: | ---: |")?;
        let mut row = |name: &str, of: fn(&Loss) -> f64| {
            let mut all: Vec<f64> = self.losses.iter().map(of).collect();
            all.sort_by(f64::total_cmp);
            let at = |share: usize| all.get(share * all.len().saturating_sub(1) / 100).copied().unwrap_or(f64::NAN);
            writeln!(f, "| {name} | {:.0} | {:.0} | {:.0} |", at(0), at(50), at(100))
        };
        row("sent before the kill", |loss| loss.sent_ms)?;
        row("pictures lost", |loss| loss.picture_ms)?;
        row("sound lost", |loss| loss.sound_ms)
    }
}
