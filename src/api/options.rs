//! Options of a client, parsed into a struct of typed values. They can be secrets: messages repeat no texts.
//!
//! [`options!`](crate::api::options::options) declares such a struct. Each option is named once,
//! there, with its type; the types are in [`super::values`]. Each is read once, and what a getter
//! throws is the error of the call. An unknown name is an error, so that a typo is not ignored.

use js_sys::{RangeError, TypeError};
use wasm_bindgen::JsValue;

use super::validate::{is_plain_object, kind_of, range_error};
use crate::js::reflect::{keys, member};

/// The type of an option: parses its value.
pub trait FromOption: Sized {
    /// `value` is never `undefined`, which means that the option is left out.
    fn from_option(value: JsValue, name: OptionName) -> Result<Self, JsValue>;
}

/// The name of an option and of the method, for messages. The value may be a secret, so they repeat no texts.
#[derive(Clone, Copy)]
pub struct OptionName<'a> {
    /// The method: `listDocs`
    pub call: &'a str,
    /// The option: `limit`
    pub name: &'a str,
}

impl OptionName<'_> {
    /// `value` has the wrong type.
    pub fn type_error(&self, expected: &str, value: &JsValue) -> JsValue {
        TypeError::new(&self.without_value(expected, value)).into()
    }

    /// `value` has the right type and is out of range. A number is not a secret, and is repeated.
    pub fn range_error(&self, expected: &str, value: &JsValue) -> JsValue {
        if value.as_f64().is_none() {
            return RangeError::new(&self.without_value(expected, value)).into();
        }
        range_error(self.call, self.name, expected, value)
    }

    fn without_value(&self, expected: &str, value: &JsValue) -> String {
        [self.call, ": ", self.name, " must be ", expected, ", not ", kind_of(value)].concat()
    }
}

/// A struct of options; [`options!`](crate::api::options::options) implements it.
pub trait Options: Sized {
    /// The names that are allowed, in the order of messages.
    const NAMES: &'static [&'static str];

    /// Reads all options.
    fn read(from: &OptionsObject) -> Result<Self, JsValue>;

    /// The options of the method `call`.
    fn parse(call: &'static str, argument: &'static str, options: JsValue) -> Result<Self, JsValue> {
        Self::read(&OptionsObject::new(call, argument, options, Self::NAMES)?)
    }
}

/// An object whose own names are all allowed, or `undefined`.
pub struct OptionsObject {
    call: &'static str,
    value: JsValue,
}

impl OptionsObject {
    fn new(
        call: &'static str,
        argument: &'static str,
        value: JsValue,
        names: &[&str],
    ) -> Result<OptionsObject, JsValue> {
        if value.is_undefined() {
            return Ok(OptionsObject { call, value });
        }
        if !is_plain_object(&value)? {
            return Err(OptionName { call, name: argument }.type_error("an object", &value));
        }
        for key in keys(&value)?.iter() {
            let key = key.as_string().unwrap_or_default();
            if !names.contains(&key.as_str()) {
                let message = [call, ": unknown option \"", &key, "\"; the options are ", &names.join(", ")];
                return Err(TypeError::new(&message.concat()).into());
            }
        }
        Ok(OptionsObject { call, value })
    }

    /// Reads one option; `None` if it is left out or `undefined`.
    pub fn get<T: FromOption>(&self, name: &'static str) -> Result<Option<T>, JsValue> {
        match self.member(name)? {
            Some(value) => T::from_option(value, self.name(name)).map(Some),
            None => Ok(None),
        }
    }

    fn member(&self, name: &'static str) -> Result<Option<JsValue>, JsValue> {
        if self.value.is_undefined() {
            return Ok(None);
        }
        let value = member(&self.value, name)?;
        Ok(Some(value).filter(|value| !value.is_undefined()))
    }

    fn name(&self, name: &'static str) -> OptionName<'static> {
        OptionName { call: self.call, name }
    }
}

/// Declares a struct of options; each can be left out. A name that Rust spells differently follows
/// `as`. A name following `tagged` is allowed, too; the caller has read it.
macro_rules! options {
    (
        $(#[$about:meta])*
        $visibility:vis struct $Struct:ident $(tagged $tag:literal)? {
            $($field:ident $(as $name:literal)?: $Type:ty,)*
        }
    ) => {
        $(#[$about])*
        $visibility struct $Struct {
            $($visibility $field: Option<$Type>,)*
        }

        impl $crate::api::options::Options for $Struct {
            const NAMES: &'static [&'static str] =
                &[$($tag,)? $($crate::api::options::options!(@name $field $($name)?)),*];

            fn read(from: &$crate::api::options::OptionsObject) -> Result<Self, wasm_bindgen::JsValue> {
                Ok($Struct {
                    $($field: from.get($crate::api::options::options!(@name $field $($name)?))?,)*
                })
            }
        }
    };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
}

pub(super) use options;
