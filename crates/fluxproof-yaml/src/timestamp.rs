//! Dates as yaml.v3 knows them (`parseTimestamp` in `resolve.go`), with Go's `time.Parse` behind it.

/// A date as Go's `encoding/json` writes it (RFC 3339 with its own zone), where yaml.v3 takes a plain text for one.
pub(crate) fn rfc3339(text: &str) -> Option<String> {
    let mut rest = Rest(text.as_bytes());
    let year = rest.digits(4, 4)?;
    rest.byte(b"-")?;
    let month = rest.digits(1, 2)?;
    rest.byte(b"-")?;
    let day = rest.digits(1, 2)?;
    if !(1..=12).contains(&month) || !(1..=days(year, month)).contains(&day) {
        return None;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    match rest.0.first() {
        None => Some(format!("{date}T00:00:00Z")),
        Some(b' ') => rest.time().filter(|_| rest.0.is_empty()).map(|time| format!("{date}T{time}Z")),
        Some(b'T' | b't') => {
            let time = rest.time()?;
            let zone = rest.zone()?;
            rest.0.is_empty().then(|| format!("{date}T{time}{zone}"))
        }
        Some(_) => None,
    }
}

/// Whether yaml.v3 (and yaml.v2) takes a plain text for a date.
pub(crate) fn is_date(text: &str) -> bool {
    matches!(text.as_bytes(), [b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'-', ..]) && rfc3339(text).is_some()
}

fn days(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// What is left to read.
struct Rest<'t>(&'t [u8]);

impl Rest<'_> {
    fn byte(&mut self, allowed: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first().filter(|(first, _)| allowed.contains(first))?;
        self.0 = rest;
        Some(*first)
    }

    /// A number of `least` to `most` digits.
    fn digits(&mut self, least: usize, most: usize) -> Option<u32> {
        let count = self.0.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        (count >= least).then(|| digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
    }

    /// The separator, then `15:4:5.999999999`.
    fn time(&mut self) -> Option<String> {
        self.0 = &self.0[1..];
        let hour = self.digits(1, 2)?;
        self.byte(b":")?;
        let minute = self.digits(1, 2)?;
        self.byte(b":")?;
        let second = self.digits(1, 2)?;
        let fraction = self.fraction();
        (hour < 24 && minute < 60 && second < 60).then(|| format!("{hour:02}:{minute:02}:{second:02}{fraction}"))
    }

    /// Up to nine digits of a second, as few as say it; more are read and dropped.
    fn fraction(&mut self) -> String {
        let [b'.' | b',', b'0'..=b'9', ..] = self.0 else { return String::new() };
        let count = self.0[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let digits = String::from_utf8_lossy(&self.0[1..=count.min(9)]).into_owned();
        self.0 = &self.0[1 + count..];
        let digits = digits.trim_end_matches('0');
        if digits.is_empty() { String::new() } else { format!(".{digits}") }
    }

    /// `Z`, or `+02:00`.
    fn zone(&mut self) -> Option<String> {
        let sign = self.byte(b"Z+-")?;
        if sign == b'Z' {
            return Some("Z".to_owned());
        }
        let hours = self.digits(2, 2)?;
        self.byte(b":")?;
        let minutes = self.digits(2, 2)?;
        // As people write them, Go takes zones of 24 hours, and hours of 60 minutes.
        if hours > 24 || minutes > 60 {
            return None;
        }
        let offset = hours * 60 + minutes;
        Some(match offset {
            0 => "Z".to_owned(),
            _ => format!("{}{:02}:{:02}", char::from(sign), offset / 60, offset % 60),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_go_reads_them() {
        for (text, date) in [
            ("2001-12-14", "2001-12-14T00:00:00Z"),
            ("2001-1-2", "2001-01-02T00:00:00Z"),
            ("2001-12-15 2:59:43.1", "2001-12-15T02:59:43.1Z"),
            ("2001-12-14t21:59:43.10-05:00", "2001-12-14T21:59:43.1-05:00"),
            ("2001-12-14T21:59:43Z", "2001-12-14T21:59:43Z"),
            ("2000-02-29", "2000-02-29T00:00:00Z"),
        ] {
            assert_eq!(rfc3339(text).as_deref(), Some(date), "{text}");
        }
    }

    #[test]
    fn what_is_no_date() {
        for text in ["2001-02-29", "201-1-1", "2001-13-01", "2001-1", "2001-1-1x", "2001-1-1T1:1:1", "2001-1-1 24:0:0"]
        {
            assert_eq!(rfc3339(text), None, "{text}");
        }
    }
}
