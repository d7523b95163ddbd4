//! `summary()`: a replicator database counted by state, without building a row.

use std::time::Duration;

use js_sys::Function;
use rows::summary::Summary;
use wasm_bindgen::JsValue;

use crate::http::{Failure, List, Request, Requester};
use crate::js::clock::Instant;

/// Time between two calls of `onProgress`.
const REPORT_INTERVAL: Duration = Duration::from_millis(100);

/// The outcome of one attempt.
enum Summarized {
    Summary(Summary),
    /// The callback threw this.
    Thrown(JsValue),
}

/// The summary of the list that answers `request`. After a transient error it is counted again from the beginning.
pub async fn summarize(
    requester: &Requester,
    request: &Request,
    on_progress: Option<Function>,
) -> Result<Summary, JsValue> {
    let mut retry = requester.retry();
    loop {
        match summarize_once(requester, request, on_progress.as_ref()).await {
            Ok(Summarized::Summary(summary)) => return Ok(summary),
            Ok(Summarized::Thrown(error)) => return Err(error),
            Err(failure) => retry.after(failure).await?,
        }
    }
}

async fn summarize_once(
    requester: &Requester,
    request: &Request,
    on_progress: Option<&Function>,
) -> Result<Summarized, Failure> {
    let mut list = requester.list(request).await?;
    let mut summary = Summary::default();
    let mut reported = Instant::now();
    let mut more = true;
    while more {
        more = list.more().await?;
        while let Some(row) = list.row()? {
            if summary.add(row).is_err() {
                return Err(list.malformed_row(1, JsValue::UNDEFINED));
            }
        }
        if let Some(on_progress) = on_progress
            && (!more || reported.elapsed() >= REPORT_INTERVAL)
        {
            reported = Instant::now();
            if let Err(error) = report_progress(on_progress, &summary, &list) {
                return Ok(Summarized::Thrown(error));
            }
        }
    }
    Ok(Summarized::Summary(summary))
}

/// Reports the number of rows counted so far, and of all rows, including design documents. What the callback throws ends the
/// call.
fn report_progress(on_progress: &Function, summary: &Summary, list: &List) -> Result<(), JsValue> {
    let rows = summary.total();
    let total = list.envelope().total_rows.unwrap_or(rows);
    on_progress.call2(&JsValue::UNDEFINED, &(rows as f64).into(), &(total as f64).into())?;
    Ok(())
}
