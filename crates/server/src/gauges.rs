//! What the media threads tell about themselves, as metrics: the numbers that say whether calls are well before people do.

use std::time::Duration;

use metrics::{counter, gauge};

use crate::drive::media::MediaHandle;

/// Scrapers ask every fifteen seconds or more.
const EVERY: Duration = Duration::from_secs(5);

/// Keeps the gauges up to date until it is aborted.
pub async fn keep(media: MediaHandle) {
    loop {
        for (thread, state) in media.states().into_iter().enumerate() {
            let thread = thread.to_string();
            if let Some(sizes) = state.sizes {
                gauge!("mingjian_media_rooms", "thread" => thread.clone()).set(count(sizes.rooms));
                gauge!("mingjian_media_connections", "thread" => thread.clone()).set(count(sizes.peers));
            }
            gauge!("mingjian_media_tcp_connections", "thread" => thread.clone()).set(count(state.tcp_connections));
            counter!("mingjian_media_datagrams_received_total", "thread" => thread.clone())
                .absolute(state.counters.received);
            counter!("mingjian_media_datagrams_unknown_total", "thread" => thread.clone())
                .absolute(state.counters.unknown);
            counter!("mingjian_media_datagrams_unusable_total", "thread" => thread.clone())
                .absolute(state.counters.unusable);
            counter!("mingjian_media_packets_forwarded_total", "thread" => thread.clone())
                .absolute(state.counters.forwarded);
            counter!("mingjian_media_keyframes_asked_total", "thread" => thread.clone())
                .absolute(state.counters.keyframes_asked);
            counter!("mingjian_media_datagrams_refused_total", "thread" => thread).absolute(state.refused);
        }
        if let Some(drops) = media.kernel_drops() {
            counter!("mingjian_media_kernel_drops_total").absolute(drops);
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// A number of things as a gauge takes it.
fn count(things: usize) -> f64 {
    f64::from(u32::try_from(things).unwrap_or(u32::MAX))
}
