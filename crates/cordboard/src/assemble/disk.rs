//! Watches the free space of the disk with the data, and says so before it is full: a full disk stops the node.

use std::{convert::Infallible, path::PathBuf, time::Duration};

use hub::{DiskSpace, Handle};
use rustix::fs::statvfs;

/// How often the disk is read. Our choice.
const EVERY: Duration = Duration::from_secs(10);

/// Reads the disk of `folder` again and again. Logs when its free space becomes less than `low_bytes`, and when it is enough again. Never
/// returns.
pub(super) async fn watch(handle: Handle, folder: PathBuf, low_bytes: u64) -> Infallible {
    let mut was_low = false;
    let mut times = tokio::time::interval(EVERY);
    loop {
        times.tick().await;
        let path = folder.clone();
        // The call waits if the disk hangs.
        let read = tokio::task::spawn_blocking(move || statvfs(&path)).await;
        let Ok(Ok(found)) = read else { continue };
        let space = DiskSpace {
            free_bytes: found.f_bavail.saturating_mul(found.f_frsize),
            size_bytes: found.f_blocks.saturating_mul(found.f_frsize),
            low_bytes,
        };
        report(&space, was_low, &folder);
        was_low = space.is_low();
        handle.set_disk(space);
    }
}

fn report(space: &DiskSpace, was_low: bool, folder: &std::path::Path) {
    let (folder, free_bytes, low_bytes) = (folder.display(), space.free_bytes, space.low_bytes);
    match (was_low, space.is_low()) {
        (false, true) => tracing::error!(
            %folder, free_bytes, low_bytes,
            "the disk is nearly full: a full disk stops the node; make room, or lower limits.journal_kept"
        ),
        (true, false) => tracing::info!(%folder, free_bytes, low_bytes, "the disk has enough space again"),
        (true, true) | (false, false) => {}
    }
}
