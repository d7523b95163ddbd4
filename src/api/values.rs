//! The types of options: each parses its value, or says what was expected.

use std::time::Duration;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::options::{FromOption, OptionName};
use super::validate::MAX_SAFE_INTEGER;
use crate::js::clock::duration;

/// A whole number from 0 up.
pub struct Count(pub u64);

impl FromOption for Count {
    fn from_option(value: JsValue, name: OptionName) -> Result<Count, JsValue> {
        let expected = "a whole number from 0 up";
        let Some(number) = value.as_f64() else { return Err(name.type_error(expected, &value)) };
        if number.fract() != 0.0 || !(0.0..=MAX_SAFE_INTEGER).contains(&number) {
            return Err(name.range_error(expected, &value));
        }
        Ok(Count(number as u64))
    }
}

/// A time limit in milliseconds; `None` for 0.
pub struct TimeLimit(pub Option<Duration>);

impl FromOption for TimeLimit {
    fn from_option(value: JsValue, name: OptionName) -> Result<TimeLimit, JsValue> {
        let expected = "milliseconds, or 0 for no limit";
        match value.as_f64() {
            None => Err(name.type_error(expected, &value)),
            Some(0.0) => Ok(TimeLimit(None)),
            Some(number) if number > 0.0 => Ok(TimeLimit(Some(duration(number)))),
            Some(_) => Err(name.range_error(expected, &value)),
        }
    }
}

impl FromOption for Function {
    fn from_option(value: JsValue, name: OptionName) -> Result<Function, JsValue> {
        value.dyn_into().map_err(|value| name.type_error("a function", &value))
    }
}
