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
        let name = if number.is_nan() { "NaN" } else { ["+Inf", "-Inf"][usize::from(number < 0.0)] };
        return Err(format!("json: unsupported value: {name}"));
    }
    let digits = Digits::of(number);
    if number == 0.0 || (1e-6..1e21).contains(&number.abs()) {
        return Ok(digits.decimal());
    }
    let width = if digits.exponent < 0 { 1 } else { 2 };
    Ok(digits.with_exponent(width))
}

/// `strconv.FormatFloat(number, 'g', -1, 64)`.
pub(super) fn shortest(number: f64) -> String {
    let digits = Digits::of(number);
    if (-4..6).contains(&digits.exponent) { digits.decimal() } else { digits.with_exponent(2) }
}

/// The fewest digits that say a number.
struct Digits {
    sign: &'static str,
    /// Without a dot, which is behind the first.
    digits: String,
    exponent: i32,
}

impl Digits {
    fn of(number: f64) -> Self {
        let (mut digits, exponent) = scientific(&format!("{:e}", number.abs()));
        if let Some(even) = other_half(number.abs(), &digits) {
            digits.pop();
            digits.push(even);
        }
        Self { sign: if number.is_sign_negative() { "-" } else { "" }, digits, exponent }
    }

    fn with_exponent(&self, width: usize) -> String {
        let (first, rest) = self.digits.split_at(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let sign = if self.exponent < 0 { '-' } else { '+' };
        format!("{}{first}{dot}{rest}e{sign}{:0width$}", self.sign, self.exponent.abs())
    }

    fn decimal(&self) -> String {
        let Self { sign, digits, exponent } = self;
        let Ok(whole) = usize::try_from(exponent + 1) else {
            return format!("{sign}0.{digits:0>width$}", width = digits.len() + exponent.unsigned_abs() as usize - 1);
        };
        match digits.split_at_checked(whole) {
            Some(("", fraction)) => format!("{sign}0.{fraction}"),
            Some((whole, fraction)) if !fraction.is_empty() => format!("{sign}{whole}.{fraction}"),
            _ => format!("{sign}{digits:0<whole$}"),
        }
    }
}

/// The digits of a number with an exponent, and the exponent.
fn scientific(text: &str) -> (String, i32) {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    (mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

/// More digits than any `float64` has.
const ALL_DIGITS: usize = 770;

/// No two decimals of so many digits are one `float64`.
const DISTINCT_DIGITS: usize = 15;

/// The last digit in Go, where a number is halfway between two of the fewest digits: the even one, if it says the number.
fn other_half(number: f64, digits: &str) -> Option<char> {
    let last = digits.bytes().next_back().filter(|digit| digits.len() > DISTINCT_DIGITS && digit % 2 == 1)?;
    let (exact, exponent) = scientific(&format!("{number:.ALL_DIGITS$e}"));
    let (floor, rest) = exact.split_at_checked(digits.len())?;
    let is_half = rest.strip_prefix('5').is_some_and(|rest| rest.bytes().all(|digit| digit == b'0'));
    let even = char::from(if floor == digits { last + 1 } else { last - 1 });
    let text = || format!("0.{}{even}e{}", &digits[..digits.len() - 1], exponent + 1);
    (is_half && text().parse() == Ok(number)).then_some(even)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_as_go_writes_them() {
        for (number, yaml, json) in [
            (0.0, "0", "0"),
            (0.5, "0.5", "0.5"),
            (-100.25, "-100.25", "-100.25"),
            (123_456.5, "123456.5", "123456.5"),
            (1_234_567.5, "1.2345675e+06", "1234567.5"),
            (1e20, "1e+20", "100000000000000000000"),
            (1.5e21, "1.5e+21", "1.5e+21"),
            (0.000_1, "0.0001", "0.0001"),
            (0.000_01, "1e-05", "0.00001"),
            (1.5e-7, "1.5e-07", "1.5e-7"),
            (-1e-10, "-1e-10", "-1e-10"),
            (5e-324, "5e-324", "5e-324"),
            (f64::MAX, "1.7976931348623157e+308", "1.7976931348623157e+308"),
        ] {
            assert_eq!((shortest(number).as_str(), float_in_json(number).as_deref()), (yaml, Ok(json)));
        }
        assert_eq!(float_in_json(-0.0).as_deref(), Ok("-0"));
    }

    #[test]
    fn a_half_goes_to_the_even_digit_if_that_is_still_the_number() {
        assert_eq!(shortest(239_032_031_338_473.0 / 16.0), "1.4939501958654562e+13");
        // A power of two: the numbers below are nearer than those above.
        assert_eq!(shortest(2.0_f64.powi(-24)), "5.960464477539063e-08");
    }
}
