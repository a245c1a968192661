//! What a diagnosis says: findings with their evidence.

use std::fmt;

use super::texts::{self, Language};

/// What was found, in the order of importance, which is that of a diagnosis: its first finding is the headline.
///
/// 1. What makes everything else meaningless until it is put right.
/// 2. Why the fit is not good, or not to be trusted, as it stands.
/// 3. What makes training harder than it need be.
/// 4. Where the net stands, when nothing above says it already.
/// 5. Its parts, one by one.
/// 6. What was not computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// There is NaN or an infinity in the data.
    NotFinite,
    /// A target means nothing to the loss.
    LabelRange,
    /// A softmax over one unit, which is always 1.
    SoftmaxOfOne,
    /// Cross-entropy of numbers that are no probabilities.
    CrossEntropyOverLogits,
    /// Weights or loss are no longer finite.
    Diverged,
    /// Going on makes the loss grow.
    Exploding,

    /// The net has learned what does not hold for other data.
    OverFit,
    /// Units are saturated and let no slope through, while better is known.
    Plateau,
    /// The slope is zero and there is a way down.
    Saddle,
    /// The net can't say what the data have to say.
    Capacity,
    /// Targets lie where the last activation can't go.
    TargetsOutOfReach,
    /// Other starts end lower.
    WorseMinimum,

    /// Squared error of 0/1 labels over a sigmoid.
    SquaredErrorOverSigmoid,
    /// Steps of this size grow where the loss curves most.
    LearningRateTooHigh,
    /// Inputs are large, or of very different sizes.
    UnscaledInputs,
    /// A column of the input has one value.
    ConstantColumns,

    /// The loss still falls.
    StillDescending,
    /// The loss does not fall, and the curvature was not computed.
    StandingStill,
    /// Nothing near is lower.
    Minimum,

    /// The zero slope is that of a kink, by convention.
    AtKink,
    /// Units whose slope is zero on every row.
    DeadUnits,
    /// Units that nothing depends on.
    IdleUnits,
    /// Units that do the same as others.
    DuplicateUnits,

    /// Not computed: everything else, since something is not finite.
    UnknownRest,
    /// Not computed: over-fit, for want of other data.
    UnknownOverFit,
    /// Not computed: the curvature, which would take too long.
    UnknownCurvature,
    /// Not computed: fits from other starts, which would take too long.
    UnknownOthers,
    /// Not computed: a bound of the learning rate, which theory does not know for this optimizer.
    UnknownRate,
    /// Not computed: structure in the residuals of a few rows.
    UnknownStructure,
    /// Not computed: whether the net is too simple, since it has not settled.
    UnknownCapacity,
    /// Not replayed: batches; what was computed by training took all rows in one.
    UnknownBatches,
}

impl Kind {
    /// The kind's name, as in `dead_units`: for programs, the same in every language.
    pub fn id(self) -> &'static str {
        texts::id(self)
    }

    /// Whether it says what was not computed, and why.
    pub fn is_unknown(self) -> bool {
        self >= Kind::UnknownRest
    }
}

/// A piece of evidence.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number that was computed.
    Number(f64),
    /// How many.
    Count(usize),
    /// A name, or a list.
    Text(String),
}

impl fmt::Display for Value {
    /// Five digits of a number, four of a very small or large one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(x) => write!(f, "{}", short(*x)),
            Value::Count(n) => write!(f, "{n}"),
            Value::Text(text) => f.write_str(text),
        }
    }
}

/// `x` in so many digits.
fn short(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return x.to_string();
    }
    if !(1e-3..1e5).contains(&x.abs()) {
        let text = format!("{x:.3e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        return format!("{}e{exponent}", digits.trim_end_matches('0').trim_end_matches('.'));
    }
    let digits = (4 - x.abs().log10().floor() as i32).clamp(0, 7) as usize;
    let text = format!("{x:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}

impl From<f64> for Value {
    fn from(x: f64) -> Value {
        Value::Number(x)
    }
}
impl From<usize> for Value {
    fn from(n: usize) -> Value {
        Value::Count(n)
    }
}
impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}
impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_string())
    }
}

/// One thing that was found, or could not be, with the evidence: names for programs and values, in the order of importance.
///
/// Title, explanation and advice are made of a table of texts from the evidence, in each [`Language`].
///
/// ```
/// use yhat::{diagnose::{Kind, Language}, prelude::*};
/// let x = Array::linspace(-1.0, 1.0, 20);
/// let mut net = Sequential::from_layers([Dense::new(1).activation("softmax")]);
/// net.compile("sgd", "mse");
/// let finding = &net.diagnose(&x, &x)?.findings[0];
/// assert_eq!(finding.kind, Kind::SoftmaxOfOne);
/// assert_eq!(finding.kind.id(), "softmax_of_one");
/// assert!(finding.advice(Language::English).contains("sigmoid"));
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What.
    pub kind: Kind,
    /// Why: what was computed.
    pub evidence: Vec<(&'static str, Value)>,
}

impl Finding {
    pub(super) fn new(kind: Kind) -> Finding {
        Finding { kind, evidence: Vec::new() }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Finding {
        debug_assert!(texts::is_named(name), "'{name}' has no words in texts/evidence.rs");
        self.evidence.push((name, value.into()));
        self
    }

    /// The evidence of this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.evidence.iter().find(|(n, _)| *n == name).map(|(_, value)| value)
    }

    /// The evidence of this name, if it is a number.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            Value::Number(x) => Some(*x),
            Value::Count(n) => Some(*n as f64),
            Value::Text(_) => None,
        }
    }

    /// The evidence for a person: what each value is, and the value with its unit.
    ///
    /// ```
    /// use yhat::{diagnose::{Kind, Language}, prelude::*};
    /// let x = Array::linspace(-1.0, 1.0, 20);
    /// let mut net = Sequential::from_layers([Dense::new(1).input_shape(1)]);
    /// net.set_weights([Array::from([[1.0]]), Array::from([0.0])])?;
    /// net.compile(Sgd::new(0.1), "mse");
    /// let diagnosis = net.diagnose(&x, &x)?;
    /// let minimum = diagnosis.get(Kind::Minimum).unwrap();
    /// assert_eq!(minimum.number("steps"), Some(100.0));
    /// let told = minimum.told(Language::English);
    /// assert!(told.contains(&("trained on for the test".to_string(), "100 steps".to_string())));
    /// # Ok::<(), yhat::Error>(())
    /// ```
    pub fn told(&self, language: Language) -> Vec<(String, String)> {
        self.evidence.iter().map(|(name, value)| texts::told(name, value, language)).collect()
    }

    /// What was found, in a line.
    pub fn title(&self, language: Language) -> String {
        texts::filled(texts::of(self.kind, language).title, self, language).unwrap_or_default()
    }

    /// What was computed, in sentences.
    pub fn explanation(&self, language: Language) -> String {
        let sentences = texts::of(self.kind, language).says.iter();
        sentences.filter_map(|sentence| texts::filled(sentence, self, language)).collect::<Vec<_>>().join(" ")
    }

    /// What to try next.
    pub fn advice(&self, language: Language) -> String {
        let sentences = texts::of(self.kind, language).advice.iter();
        sentences.filter_map(|sentence| texts::filled(sentence, self, language)).collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for Finding {
    /// Title, explanation and advice in English, a line each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.title(Language::English))?;
        let parts = [("", self.explanation(Language::English)), ("Next: ", self.advice(Language::English))];
        for (name, text) in parts.iter().filter(|(_, text)| !text.is_empty()) {
            write!(f, "\n  {name}{text}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn numbers_are_short() {
        let cases = [(0.0, "0"), (2.0, "2"), (0.1158593, "0.11586"), (-63.6564, "-63.656"), (12345.6, "12346")];
        let more =
            [(100.0, "100"), (4.3e-10, "4.3e-10"), (7.71976e-7, "7.72e-7"), (1e300, "1e300"), (f64::INFINITY, "inf")];
        for (x, text) in cases.into_iter().chain(more) {
            assert_eq!(short(x), text);
        }
    }
}
