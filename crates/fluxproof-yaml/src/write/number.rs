//! Numbers and dates as Go says them: `strconv.FormatFloat`, `encoding/json`, `time.Time`.

use crate::Type;
use crate::scalar::{Scalar, of_type};
use crate::timestamp::rfc3339;
use std::borrow::Cow;

/// From this many digits on, an integer may be beyond 64 bits.
const MANY_DIGITS: usize = 18;

/// A number as yaml.v2 writes it after reading it from JSON.
pub(super) fn in_yaml(text: &str, kind: Type) -> Result<Cow<'_, str>, String> {
    let json = in_json(text, kind)?;
    let digits = json.strip_prefix('-').unwrap_or(&json);
    // `-0` is what JSON makes of a negative zero.
    if &*json == "-0" {
        return Ok("0".into());
    }
    let is_integer = digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits.len() <= MANY_DIGITS || json.parse::<i64>().is_ok() || json.parse::<u64>().is_ok());
    if is_integer {
        return Ok(json);
    }
    Ok(json.parse::<f64>().map_or(json, |number| shortest(number).into()))
}

/// A number as `encoding/json` writes it after yaml.v3 read it.
pub(super) fn in_json(text: &str, kind: Type) -> Result<Cow<'_, str>, String> {
    if is_plain(text) {
        return Ok(text.into());
    }
    match of_type(text, kind) {
        Scalar::Int(number) => Ok(number.to_string().into()),
        Scalar::Float(number) => match unsigned(text).filter(|_| kind == Type::Int || number.fract() == 0.0) {
            Some(whole) => Ok(whole.to_string().into()),
            None => float_in_json(number).map(Cow::from),
        },
        _ => Ok(text.into()),
    }
}

/// A number as `encoding/json` writes it after it has read one itself: `float64`, whatever it was.
pub(super) fn in_json_again(text: &str, kind: Type) -> Result<Cow<'_, str>, String> {
    let json = in_json(text, kind)?;
    if json.len() < MANY_DIGITS - 2 && is_plain(&json) {
        return Ok(json);
    }
    json.parse::<f64>().map_or(Ok(json), |number| float_in_json(number).map(Cow::from))
}

/// A date as `time.Time` is in JSON.
pub(super) fn date(text: &str) -> Result<String, String> {
    let date = rfc3339(text).unwrap_or_else(|| text.to_owned());
    let zone = date.rfind(['+', '-']).map_or("", |at| &date[at + 1..]);
    if zone.len() == "07:00".len() && zone >= "24" {
        return Err("json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: timezone hour outside of range [0,23]".to_owned());
    }
    Ok(date)
}

/// Whether a number is written as Go writes it: decimal, short enough for 64 bits.
fn is_plain(text: &str) -> bool {
    match text.strip_prefix('-').unwrap_or(text).as_bytes() {
        [b'0'] => text.len() == 1,
        digits @ [b'1'..=b'9', ..] => digits.len() <= MANY_DIGITS && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// An integer without sign, as Go's `strconv.ParseUint(text, 0, 64)` reads it.
fn unsigned(text: &str) -> Option<u64> {
    let text = text.replace('_', "");
    let (radix, body) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &text[2..]),
        [b'0', b'b' | b'B', ..] => (2, &text[2..]),
        [b'0', b'o' | b'O', ..] => (8, &text[2..]),
        [b'0', _, ..] => (8, &text[1..]),
        _ => (10, text.as_str()),
    };
    u64::from_str_radix(body, radix).ok().filter(|_| !body.starts_with('+'))
}

/// `floatEncoder` in `encoding/json`: decimal from 1e-6 up to 1e21, else with an exponent.
fn float_in_json(number: f64) -> Result<String, String> {
    if !number.is_finite() {
        let name = if number.is_nan() {
            "NaN"
        } else if number > 0.0 {
            "+Inf"
        } else {
            "-Inf"
        };
        return Err(format!("json: unsupported value: {name}"));
    }
    if number == 0.0 || (1e-6..1e21).contains(&number.abs()) {
        return Ok(number.to_string());
    }
    let (mantissa, exponent) = scientific(number);
    Ok(if exponent < 0 { format!("{mantissa}e{exponent}") } else { format!("{mantissa}e+{exponent}") })
}

/// `strconv.FormatFloat(number, 'g', -1, 64)`.
pub(super) fn shortest(number: f64) -> String {
    let (mantissa, exponent) = scientific(number);
    if (-4..6).contains(&exponent) {
        return number.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// The shortest mantissa that says the number, and its exponent.
fn scientific(number: f64) -> (String, i32) {
    let text = format!("{number:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.to_owned(), exponent.parse().unwrap_or(0))
}
