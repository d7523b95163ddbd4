//! The time of day, and times as text, by JavaScript's `Date`.

use wasm_bindgen::prelude::*;

// js-sys imports them without `catch`, and `toISOString` throws beyond the years that `Date` has.
#[wasm_bindgen]
extern "C" {
    type Date;

    #[wasm_bindgen(constructor)]
    fn new(milliseconds: f64) -> Date;

    #[wasm_bindgen(static_method_of = Date, catch)]
    fn now() -> Result<f64, JsValue>;

    #[wasm_bindgen(static_method_of = Date, catch)]
    fn parse(text: &str) -> Result<f64, JsValue>;

    #[wasm_bindgen(method, js_name = toISOString, catch)]
    fn to_iso_string(this: &Date) -> Result<String, JsValue>;
}

/// Returns the milliseconds since 1970.
pub fn time_of_day() -> Result<f64, JsValue> {
    Date::now()
}

/// Reads a time in a format that every engine reads, such as that of HTTP headers; returns milliseconds since 1970.
pub fn parse_time(text: &str) -> Option<f64> {
    Date::parse(text).ok().filter(|milliseconds| !milliseconds.is_nan())
}

/// Reads an ISO 8601 time with a zone, such as `Z` or `+01:00`; returns milliseconds since 1970.
pub fn read_time(text: &str) -> Option<i64> {
    // `Date` also reads other texts, but engines differ then.
    let ([b'0'..=b'9', _, _, _, b'-', _, _, b'-', _, _, b'T', .., b'Z']
    | [b'0'..=b'9', _, _, _, b'-', _, _, b'-', _, _, b'T', .., b'+' | b'-', _, _, b':', _, _]) = text.as_bytes()
    else {
        return None;
    };
    parse_time(text).map(|milliseconds| milliseconds as i64)
}

/// Prints a time as `2026-11-22T22:02:07Z`; `None` for years that do not have four digits.
pub fn print_time(milliseconds: i64) -> Option<String> {
    let time = Date::new(milliseconds as f64).to_iso_string().ok()?;
    let (seconds, _) = time.split_once('.').filter(|(seconds, _)| seconds.len() == 19)?;
    Some([seconds, "Z"].concat())
}
