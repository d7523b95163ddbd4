//! Yielding to the event loop.

use std::time::Duration;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::clock::Instant;

#[wasm_bindgen(module = "/pkg-template/runtime/http.js")]
extern "C" {
    /// Resolves in a new task, following pending timers, input and painting.
    // With `catch`, wasm-bindgen imports it through its glue; without, the wasm itself would import the file.
    #[wasm_bindgen(js_name = nextTask, catch)]
    fn next_task() -> Result<Promise, JsValue>;
}

/// How long to work before yielding: less than a frame at 60 per second.
const TURN: Duration = Duration::from_millis(10);

/// Work that is long, and must not block the event loop.
pub struct Turns {
    began: Instant,
}

impl Turns {
    /// The work begins.
    pub fn begin() -> Turns {
        Turns { began: Instant::now() }
    }

    /// Between two pieces of the work: yields to the event loop if it has worked for long enough. Returns whether it did.
    pub async fn yield_if_due(&mut self) -> bool {
        let is_due = self.began.elapsed() > TURN;
        if is_due {
            // It does not fail; if it did, continuing at once would be right.
            if let Ok(task) = next_task() {
                let _ = JsFuture::from(task).await;
            }
            *self = Turns::begin();
        }
        is_due
    }
}
