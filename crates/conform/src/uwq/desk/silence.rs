//! CheckStatus, and what follows from its response.

use std::time::Duration;

use super::{Judged, Script, r};

/// How much longer than its period CheckStatus may take.
const LATE: Duration = Duration::from_secs(2);

impl Script<'_> {
    pub(super) async fn is_silent(&mut self) {
        let Some(judged) = self.status().await else {
            let period = self.ebs.status_period;
            let came = format!("nothing within {:?}", period + LATE);
            self.findings.deviates(r::STATUS, "the callout CheckStatus", &came);
            return;
        };
        let alone = judged.callout.pairs.len() == 1;
        self.findings.check(r::STATUS, alone, "no parameters besides FunctionName", judged.bytes());
        judged.refuse("NotRegistered").await;
        self.signs_in_again(r::STATUS_UNKNOWN).await;
        self.settle().await;
        for _ in 0..2 {
            let Some(judged) = self.status().await else { return };
            judged.fail().await;
        }
        let Some(judged) = self.status().await else { return };
        judged.done().await;
        self.signs_in_again(r::RESTORED).await;
        self.settle().await;
    }

    /// The next CheckStatus. Everything else is done.
    async fn status(&mut self) -> Option<Judged> {
        loop {
            let judged = self.any(self.ebs.status_period + LATE).await?;
            if judged.callout.function() == "CheckStatus" {
                return Some(judged);
            }
            judged.done().await;
        }
    }
}
