//! Contents on the wire: held to the limits that were set, and counted.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use protocol::local::Bandwidth;
use protocol::view::Load;

use super::{local_time, lock, now};
use crate::pace::{Bucket, Meter, holds};

/// Which way contents go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

/// One way's share.
#[derive(Default)]
struct Lane {
    bucket: Mutex<Bucket>,
    meter: Mutex<Meter>,
    /// Requests that have not ended.
    requests: AtomicU64,
    /// Their bytes.
    under_way: AtomicU64,
}

/// The traffic of a profile.
pub(super) struct Traffic {
    limits: RwLock<Bandwidth>,
    began: std::time::Instant,
    up: Lane,
    down: Lane,
    has_moved: AtomicBool,
}

/// Contents of one request on their way. When it ends they are counted where they arrived instead.
pub(super) struct Passage {
    traffic: Arc<Traffic>,
    way: Way,
    is_urgent: bool,
    bytes: AtomicU64,
}

impl Traffic {
    pub(super) fn new(limits: Bandwidth) -> Self {
        Self {
            limits: RwLock::new(limits),
            began: std::time::Instant::now(),
            up: Lane::default(),
            down: Lane::default(),
            has_moved: AtomicBool::new(false),
        }
    }

    /// Changes the limits: what is under way keeps to them from its next bytes on.
    pub(super) fn set_limits(&self, limits: Bandwidth) {
        *self.limits.write().unwrap_or_else(std::sync::PoisonError::into_inner) = limits;
    }

    /// Begins to count a request.
    pub(super) fn passage(self: &Arc<Self>, way: Way, is_urgent: bool) -> Passage {
        let lane = self.lane(way);
        if lane.requests.fetch_add(1, Ordering::Relaxed) == 0 {
            lock(&lane.meter).begins(now());
        }
        Passage { traffic: Arc::clone(self), way, is_urgent, bytes: AtomicU64::new(0) }
    }

    /// Files arrived whole.
    pub(super) fn ended(&self, way: Way, files: usize) {
        lock(&self.lane(way).meter).ended(files, now());
    }

    /// Bytes of requests that have not ended.
    pub(super) fn under_way(&self, way: Way) -> u64 {
        self.lane(way).under_way.load(Ordering::Relaxed)
    }

    /// How long a load takes at the pace of late; `None` without one.
    pub(super) fn seconds_for(&self, way: Way, load: Load) -> Option<u32> {
        lock(&self.lane(way).meter).seconds_for(load, now())
    }

    /// Whether bytes moved since this was last asked.
    pub(super) fn take_moved(&self) -> bool {
        self.has_moved.swap(false, Ordering::Relaxed)
    }

    fn lane(&self, way: Way) -> &Lane {
        match way {
            Way::Up => &self.up,
            Way::Down => &self.down,
        }
    }

    /// The limit that holds now, in bytes a second.
    fn rate(&self, way: Way) -> Option<u64> {
        let limits = self.limits.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let rate = match way {
            Way::Up => limits.up,
            Way::Down => limits.down,
        };
        let (day, minute) = rate.map(|_| local_time())?;
        rate.filter(|_| holds(&limits, day, minute)).map(|rate| u64::from(rate) * 1_000)
    }
}

impl Passage {
    /// Lets bytes pass, in their turn.
    pub(super) async fn pass(&self, bytes: usize) {
        let (traffic, bytes) = (&self.traffic, bytes as u64);
        if let Some(rate) = traffic.rate(self.way) {
            let elapsed = u64::try_from(traffic.began.elapsed().as_micros()).unwrap_or(u64::MAX);
            let wait = lock(&traffic.lane(self.way).bucket).take(bytes, rate, self.is_urgent, elapsed);
            if wait > 0 {
                tokio::time::sleep(Duration::from_micros(wait)).await;
            }
        }
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        traffic.lane(self.way).under_way.fetch_add(bytes, Ordering::Relaxed);
        lock(&traffic.lane(self.way).meter).moved(bytes, now());
        traffic.has_moved.store(true, Ordering::Relaxed);
    }

    /// How many bytes have passed.
    pub(super) fn passed(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

impl Drop for Passage {
    fn drop(&mut self) {
        let lane = self.traffic.lane(self.way);
        lane.requests.fetch_sub(1, Ordering::Relaxed);
        lane.under_way.fetch_sub(*self.bytes.get_mut(), Ordering::Relaxed);
    }
}
