//! The types of options: each parses its value, or says what was expected.

use std::time::Duration;

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::options::{FromOption, OptionName};
use super::validate::{MAX_SAFE_INTEGER, is_array, replicator_database, segment};
use crate::js::clock::duration;
use crate::js::reflect::{array_from, member};
use rows::state::{self, State};

/// A whole number from 0 up.
pub struct Count(pub u64);

impl FromOption for Count {
    fn from_option(value: JsValue, name: OptionName) -> Result<Count, JsValue> {
        whole_number(value, 0.0, name, "a whole number from 0 up").map(Count)
    }
}

/// A whole number from 1 up.
pub struct Positive(pub u64);

impl FromOption for Positive {
    fn from_option(value: JsValue, name: OptionName) -> Result<Positive, JsValue> {
        whole_number(value, 1.0, name, "a whole number from 1 up").map(Positive)
    }
}

fn whole_number(value: JsValue, least: f64, name: OptionName, expected: &str) -> Result<u64, JsValue> {
    let Some(number) = value.as_f64() else { return Err(name.type_error(expected, &value)) };
    if number.fract() != 0.0 || !(least..=MAX_SAFE_INTEGER).contains(&number) {
        return Err(name.range_error(expected, &value));
    }
    Ok(number as u64)
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

impl FromOption for bool {
    fn from_option(value: JsValue, name: OptionName) -> Result<bool, JsValue> {
        value.as_bool().ok_or_else(|| name.type_error("true or false", &value))
    }
}

impl FromOption for Function {
    fn from_option(value: JsValue, name: OptionName) -> Result<Function, JsValue> {
        value.dyn_into().map_err(|value| name.type_error("a function", &value))
    }
}

/// Any object that works like an `AbortSignal` is accepted.
impl FromOption for AbortSignal {
    fn from_option(value: JsValue, name: OptionName) -> Result<AbortSignal, JsValue> {
        let listens = || member(&value, "addEventListener").is_ok_and(|method| method.is_function());
        let aborted = || member(&value, "aborted").is_ok_and(|aborted| aborted.as_bool().is_some());
        if !value.is_object() || !listens() || !aborted() {
            return Err(name.type_error("an AbortSignal", &value));
        }
        Ok(value.unchecked_into())
    }
}

/// The name of a replicator database.
pub struct Database(pub String);

impl Default for Database {
    fn default() -> Database {
        Database("_replicator".to_owned())
    }
}

impl FromOption for Database {
    fn from_option(value: JsValue, name: OptionName) -> Result<Database, JsValue> {
        replicator_database(name.call, name.name, &value).map(Database)
    }
}

/// Ids of documents.
pub struct DocIds(pub Vec<String>);

impl FromOption for DocIds {
    fn from_option(value: JsValue, name: OptionName) -> Result<DocIds, JsValue> {
        if !is_array(&value)? {
            return Err(name.type_error("an array of document ids", &value));
        }
        let each = ["each of ", name.name].concat();
        let ids = array_from(&value)?;
        ids.iter().map(|id| segment(name.call, &each, &id)).collect::<Result<_, _>>().map(DocIds)
    }
}

/// Replication states, each once.
pub struct States(pub Vec<State>);

impl FromOption for States {
    fn from_option(value: JsValue, name: OptionName) -> Result<States, JsValue> {
        let expected = ["an array of ", &state::join(&State::ALL, ", ")].concat();
        if !is_array(&value)? {
            return Err(name.type_error(&expected, &value));
        }
        let mut states = Vec::new();
        for element in array_from(&value)?.iter() {
            let Some(text) = element.as_string() else { return Err(name.type_error(&expected, &element)) };
            let Some(state) = State::from_name(&text) else { return Err(name.range_error(&expected, &element)) };
            if !states.contains(&state) {
                states.push(state);
            }
        }
        Ok(States(states))
    }
}

/// Replication states, at least one.
pub struct SomeStates(pub Vec<State>);

impl FromOption for SomeStates {
    fn from_option(value: JsValue, name: OptionName) -> Result<SomeStates, JsValue> {
        let States(states) = States::from_option(value.clone(), name)?;
        match states.is_empty() {
            true => Err(name.range_error("at least one state", &value)),
            false => Ok(SomeStates(states)),
        }
    }
}
