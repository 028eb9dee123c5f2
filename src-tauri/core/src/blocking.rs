//! Work that blocks its thread, such as reading the history, kept off the threads that async code runs on.

use std::cell::Cell;

use tokio::runtime::{Handle, RuntimeFlavor};

use crate::error::{Error, Result};

thread_local! {
    /// Whether this thread may block: it runs something [`on_one_thread`].
    static MAY_BLOCK: Cell<bool> = const { Cell::new(false) };
}

/// Does `work` on a thread that may block.
///
/// # Errors
/// What `work` fails with, and `broke` as Internal where it panics on a thread of its own.
pub async fn run<T: Send + 'static>(
    broke: &str,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    if MAY_BLOCK.get() {
        return work();
    }
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|broken| Err(Error::internal(broke, broken)))
}

/// Runs many short parts, some of which block, one after the other on this thread, which leaves its other tasks to
/// another: no part waits for a thread to wake. On a runtime of one thread they run as ever.
pub async fn on_one_thread<T>(parts: impl Future<Output = T>) -> T {
    let runtime = Handle::current();
    if runtime.runtime_flavor() != RuntimeFlavor::MultiThread || MAY_BLOCK.get() {
        return parts.await;
    }
    tokio::task::block_in_place(|| {
        let _may = MayBlock::here();
        runtime.block_on(parts)
    })
}

struct MayBlock;

impl MayBlock {
    fn here() -> Self {
        MAY_BLOCK.set(true);
        Self
    }
}

impl Drop for MayBlock {
    fn drop(&mut self) {
        MAY_BLOCK.set(false);
    }
}

#[cfg(test)]
mod tests {
    use super::{MAY_BLOCK, on_one_thread, run};

    async fn threads() -> Vec<std::thread::ThreadId> {
        let mut all = vec![std::thread::current().id()];
        for _ in 0..2 {
            all.extend(run("Broke", || Ok(std::thread::current().id())).await);
        }
        all
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn parts_that_block_share_one_thread_where_they_are_many() {
        let apart = tokio::spawn(threads()).await.unwrap();
        assert!(apart.len() == 3 && apart[1..].iter().all(|it| *it != apart[0]));
        let (together, still) = tokio::spawn(async {
            let together = on_one_thread(threads()).await;
            (together, MAY_BLOCK.get())
        })
        .await
        .unwrap();
        assert!(together.len() == 3 && together.iter().all(|it| *it == together[0]));
        // Which threads serve afterwards is the runtime's: the one that blocked may go to its pool and come back.
        assert!(
            !still,
            "once it is over, blocking work goes elsewhere again"
        );
    }

    #[tokio::test]
    async fn a_runtime_of_one_thread_does_without() {
        assert_eq!(on_one_thread(threads()).await.len(), 3);
    }

    #[tokio::test]
    async fn what_panics_is_told() {
        let told = run("Counting broke", || -> super::Result<()> {
            panic!("on purpose")
        })
        .await;
        assert_eq!(told.unwrap_err().message, "Counting broke");
    }
}
