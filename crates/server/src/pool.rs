//! Work that blocks: the store, the disk, password hashing. It runs beside the tasks, so many at a time and no more.

use std::ops::Deref;
use std::sync::Arc;

use tokio::sync::Semaphore;

/// A bound on work that blocks.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    permits: Arc<Semaphore>,
    size: u32,
}

impl Pool {
    /// At most `size` at a time.
    pub(crate) fn new(size: u32) -> Self {
        let permits = Arc::new(Semaphore::new(size as usize));
        Self { permits, size }
    }

    /// Runs `work` on a blocking thread once there is room.
    ///
    /// Work that has begun runs to its end even if nobody waits for it any more: a caller that hangs up never leaves a
    /// transaction or a content half done.
    pub(crate) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let permit = Arc::clone(&self.permits).acquire_owned().await.expect("BUG: the pool is never closed");
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        });
        match done.await {
            Ok(result) => result,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(error) => panic!("BUG: blocking work is never cancelled: {error}"),
            },
        }
    }

    /// Waits until nothing runs.
    pub(crate) async fn idle(&self) {
        let all = self.permits.acquire_many(self.size).await;
        drop(all.expect("BUG: the pool is never closed"));
    }
}

/// A value whose closing blocks, as a database's does, held by tasks that must not: it is closed on a thread of its own,
/// and whoever drops it last waits for that.
pub(crate) struct ClosedAside<T: Send + 'static>(Option<T>);

impl<T: Send + 'static> ClosedAside<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Some(value))
    }
}

impl<T: Send + 'static> Deref for ClosedAside<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect("BUG: it is there until it is dropped")
    }
}

impl<T: Send + 'static> Drop for ClosedAside<T> {
    fn drop(&mut self) {
        let value = self.0.take();
        if std::thread::spawn(move || drop(value)).join().is_err() {
            tracing::error!("a database could not be closed");
        }
    }
}
