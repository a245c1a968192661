//! Reading the file, comparing with it, and what there is to say about it.

use std::{cell::LazyCell, fmt};

use serde_json::Value;
use yhat::{Array, Shape};

/// How far a number may be from the reference, as `numpy.allclose` has it: `RTOL |reference| + ATOL`.
pub const RTOL: f64 = 1e-5;
pub const ATOL: f64 = 1e-7;

/// Beyond this error (whose unit is that of [`error`]) a number is wrong, whatever reason there may be for it.
const FAR: f64 = 1e-2;

/// What was compared, and what was wrong.
#[derive(Default)]
pub struct Report {
    pub arrays: usize,
    pub numbers: usize,
    pub failures: Vec<String>,
    /// How many numbers are beyond RTOL and ATOL for the reason that their check has.
    pub excused: usize,
    /// The largest error and where it is.
    largest: Option<(f64, String)>,
}

impl Report {
    pub fn fail(&mut self, what: impl Into<String>) {
        self.failures.push(what.into());
    }

    /// Notes a failure unless both have the same shape and the same bits, -0 and 0 told apart.
    pub fn same(&mut self, what: &str, got: &Array, want: Value) {
        self.compare(what, got, &array(want), |_, _, got, want| got.to_bits() == want.to_bits());
    }

    /// Notes a failure unless both have the same shape and every number is as near as RTOL and ATOL say.
    pub fn close(&mut self, what: &str, got: &Array, want: Value) {
        self.close_or_within(what, got, want, || got.mapv(|_| 0.0));
    }

    /// [`Report::close`]; but where a number is not, it may be off by as much as `room` says, which is computed if it is
    /// needed.
    pub fn close_or_within(&mut self, what: &str, got: &Array, want: Value, room: impl FnOnce() -> Array) {
        let want = array(want);
        let room = LazyCell::new(|| room().to_vec());
        self.compare(what, got, &want, |report, i, got, want| {
            let excused = error(got, want) > RTOL && error(got, want) <= FAR && (got - want).abs() <= room[i];
            report.excused += usize::from(excused);
            excused || error(got, want) <= RTOL
        });
    }

    fn compare(
        &mut self,
        what: &str,
        got: &Array,
        want: &Array,
        mut right: impl FnMut(&mut Report, usize, f64, f64) -> bool,
    ) {
        self.arrays += 1;
        self.numbers += want.size();
        if got.shape() != want.shape() {
            return self.fail(format!("{what}: shape {}, expected {}", got.shape(), want.shape()));
        }
        for (i, (got, want)) in got.to_vec().into_iter().zip(want.to_vec()).enumerate() {
            let error = error(got, want);
            if !right(self, i, got, want) {
                self.fail(format!("{what}: number {i} is {got:e}, expected {want:e} (error {error:.1e})"));
            }
            if self.largest.as_ref().is_none_or(|(largest, _)| error > *largest) {
                self.largest = Some((error, what.to_string()));
            }
        }
    }
}

/// The distance of two numbers in units of `|want| + ATOL / RTOL`, so that RTOL is the most that it may be; infinite if
/// only one of them is finite.
fn error(got: f64, want: f64) -> f64 {
    if got == want || got.is_nan() && want.is_nan() {
        return 0.0;
    }
    let error = (got - want).abs() / (want.abs() + ATOL / RTOL);
    if error.is_nan() { f64::INFINITY } else { error }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:3} arrays, {:4} numbers", self.arrays, self.numbers)?;
        match &self.largest {
            Some((0.0, _)) => write!(f, ", every bit the same")?,
            Some((error, what)) => write!(f, ", largest error {error:.1e} ({what})")?,
            None => {}
        }
        match self.excused {
            0 => Ok(()),
            n => write!(f, ", {n} beyond {RTOL:e}"),
        }
    }
}

/// Nested lists of numbers, all that a level has of one length, as a float64 array.
pub fn array(value: Value) -> Array {
    let mut lengths = Vec::new();
    let mut level = &value;
    while let Value::Array(members) = level {
        lengths.push(members.len());
        level = &members[0];
    }
    let mut numbers = Vec::new();
    flatten(&value, &lengths, &mut numbers);
    Array::new(lengths, numbers).expect("as many numbers as the shape says")
}

fn flatten(value: &Value, lengths: &[usize], numbers: &mut Vec<f64>) {
    match (value, lengths) {
        (Value::Array(members), [length, inner @ ..]) => {
            assert_eq!(members.len(), *length, "a list among others of length {length}");
            members.iter().for_each(|member| flatten(member, inner, numbers));
        }
        (one, []) => numbers.push(number(one.clone())),
        (other, _) => panic!("a number where there are lists beside: {other}"),
    }
}

pub fn number(value: Value) -> f64 {
    match &value {
        Value::Number(number) => number.as_f64().expect("a number"),
        Value::String(not_finite) => not_finite.parse().expect("a number"),
        other => panic!("expected a number, found {other}"),
    }
}

pub fn text(value: Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("expected a text, found {value}")).to_string()
}

pub fn integer(value: Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("expected a whole number, found {value}"))
}

pub fn shape(value: Value) -> Shape {
    list(value).into_iter().map(|n| usize::try_from(integer(n)).expect("a length")).collect()
}

pub fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(members) => members,
        other => panic!("expected a list, found {other}"),
    }
}

/// The members of a list, to take things out of.
pub fn members(value: &mut Value) -> &mut Vec<Value> {
    value.as_array_mut().expect("a list")
}

/// The entries of an object and their names, to take things out of.
pub fn entries(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().expect("an object").iter_mut()
}

/// The paths of all numbers and texts; what was taken out has left a null, which is none.
pub fn leaves(value: &Value) -> Vec<String> {
    let under = |name: &str, value: &Value| leaves(value).into_iter().map(|path| format!("/{name}{path}")).collect();
    match value {
        Value::Null => Vec::new(),
        Value::Array(members) => {
            members.iter().enumerate().flat_map(|(i, v)| -> Vec<String> { under(&i.to_string(), v) }).collect()
        }
        Value::Object(entries) => entries.iter().flat_map(|(name, v)| -> Vec<String> { under(name, v) }).collect(),
        _ => vec![String::new()],
    }
}
