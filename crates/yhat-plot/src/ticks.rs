//! Where ticks are and what stands at them, by matplotlib's rules: `MaxNLocator` with steps 1, 2, 2.5, 5, 10,
//! `ScalarFormatter`, `LogLocator`.

/// The ticks of an axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ticks {
    /// Those with a label, within the limits.
    pub major: Vec<(f64, String)>,
    /// The short ones of a logarithmic axis, within the limits; most have no label.
    pub minor: Vec<(f64, String)>,
    /// What all labels are to be multiplied by or added to: `1e−5`, `+1e3`; often empty.
    pub offset: String,
}

impl Ticks {
    /// Those with a label: all of the long ones, and some of the short ones where hardly a long one is in sight.
    pub fn labelled(&self) -> impl Iterator<Item = &(f64, String)> {
        self.major.iter().chain(self.minor.iter().filter(|(_, label)| !label.is_empty()))
    }
}

/// Ticks between `low` and `high` on an axis with room for `space` labels.
pub(crate) fn ticks(low: f64, high: f64, log: bool, space: usize) -> Ticks {
    if log { logarithmic(low.min(high), low.max(high), space) } else { linear(low.min(high), low.max(high), space) }
}

fn linear(low: f64, high: f64, space: usize) -> Ticks {
    let at = locations(low, high, space.clamp(1, 9), 1.0, AXIS);
    let (labels, offset) = labels(&at, low, high);
    let slack = 1e-10 * (high - low);
    let inside = |x: &f64| (low - slack..=high + slack).contains(x);
    let major = at.iter().copied().zip(labels).filter(|(x, _)| inside(x)).collect();
    Ticks { major, minor: Vec::new(), offset }
}

/// The steps of an axis, and the finer ones of contours.
pub(crate) const AXIS: &[f64] = &[1.0, 2.0, 2.5, 5.0, 10.0];
pub(crate) const CONTOUR: &[f64] = &[1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];

/// `MaxNLocator._raw_ticks`: multiples of a round step, the first at or before `low`, the last at or after `high`, with
/// `bins` steps at most between them. `shrink` is 23/24 on an axis in space, else 1.
pub(crate) fn locations(low: f64, high: f64, bins: usize, shrink: f64, round: &[f64]) -> Vec<f64> {
    let smaller = round[..round.len() - 1].iter().map(|step| step / 10.0);
    let steps: Vec<f64> = smaller.chain(round.iter().copied()).chain([10.0 * round[1]]).collect();
    // An axis has two ticks at least, contours one level.
    let least = if round.len() == AXIS.len() { 2 } else { 1 };
    let length = high - low;
    let middle = (high + low) / 2.0;
    // Far from 0, steps are counted from a round number nearby.
    let far = middle.abs() / length >= 100.0;
    let offset = if far { 10f64.powf(middle.abs().log10().floor()).copysign(middle) } else { 0.0 };
    let scale = 10f64.powf((length / bins as f64).log10().floor());
    let (low, high) = (low - offset, high - offset);
    let raw = (high - low) / bins as f64 * shrink;
    let first = steps.iter().position(|step| step * scale >= raw).unwrap_or(steps.len() - 1);
    let mut found = Vec::new();
    for step in steps[..=first].iter().rev().map(|step| step * scale) {
        let base = (low / step).floor() * step;
        let (from, to) = (edge_below(low - base, step, offset), edge_above(high - base, step, offset));
        // Limits that numbers can hardly tell apart have no ticks.
        found = (from..=to.min(from.saturating_add(1000))).map(|k| k as f64 * step + base).collect::<Vec<f64>>();
        if found.iter().filter(|x| (low..=high).contains(*x)).count() >= least {
            break;
        }
    }
    found.iter().map(|x| x + offset).collect()
}

/// Whether a remainder is an edge up to rounding.
fn close(remainder: f64, edge: f64, step: f64, offset: f64) -> bool {
    let digits = if offset == 0.0 { 0.0 } else { 10f64.powf((offset.abs() / step).log10() - 12.0) };
    (remainder - edge).abs() < digits.clamp(1e-10, 0.4999)
}

fn edge_below(x: f64, step: f64, offset: f64) -> i64 {
    let (whole, rest) = ((x / step).floor(), (x / step) - (x / step).floor());
    whole as i64 + i64::from(close(rest, 1.0, step, offset))
}

fn edge_above(x: f64, step: f64, offset: f64) -> i64 {
    let (whole, rest) = ((x / step).floor(), (x / step) - (x / step).floor());
    whole as i64 + i64::from(!close(rest, 0.0, step, offset))
}

/// `ScalarFormatter`: labels with as many decimals as tell the ticks apart, and what is common to all of them.
pub(crate) fn labels(at: &[f64], low: f64, high: f64) -> (Vec<String>, String) {
    let offset = common_part(at, low, high);
    let exponent = exponent(at, low, high, offset);
    let unit = 10f64.powi(exponent);
    let scaled: Vec<f64> = at.iter().map(|x| (x - offset) / unit).collect();
    let decimals = decimals(&scaled);
    let labels = scaled.iter().map(|x| number(*x, decimals)).collect();
    let mut common = String::new();
    if exponent != 0 {
        common.push_str(&minus(&format!("1e{exponent}")));
    }
    if offset != 0.0 {
        common.push_str(if offset > 0.0 { "+" } else { "" });
        common.push_str(&minus(&scientific(offset)));
    }
    (labels, common)
}

/// A number with so many decimals and a real minus sign; zero has none.
pub(crate) fn number(x: f64, decimals: usize) -> String {
    let text = format!("{x:.decimals$}");
    let zero = text.trim_start_matches('-').bytes().all(|b| b == b'0' || b == b'.');
    minus(if zero { text.trim_start_matches('-') } else { &text })
}

/// With U+2212, the minus that is as wide as a plus.
fn minus(text: &str) -> String {
    text.replace('-', "\u{2212}")
}

fn scientific(x: f64) -> String {
    let text = format!("{x:.9e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    if exponent == "0" { digits.to_string() } else { format!("{digits}e{exponent}") }
}

fn common_part(at: &[f64], low: f64, high: f64) -> f64 {
    let inside = || at.iter().copied().filter(|x| (low..=high).contains(x));
    let (Some(least), Some(most)) = (inside().reduce(f64::min), inside().reduce(f64::max)) else { return 0.0 };
    if least == most || (least <= 0.0 && most >= 0.0) {
        return 0.0;
    }
    let (small, large) = (least.abs().min(most.abs()), least.abs().max(most.abs()));
    let digits = |exponent: i32| ((small / 10f64.powi(exponent)).floor(), (large / 10f64.powi(exponent)).floor());
    let top = large.log10().ceil() as i32;
    let down_to = |differ: fn((f64, f64)) -> bool| (-320..=top).rev().find(|e| differ(digits(*e))).unwrap_or(-320) + 1;
    let mut exponent = down_to(|(small, large)| small != large);
    if (large - small) / 10f64.powi(exponent) <= 1e-2 {
        exponent = down_to(|(small, large)| large - small > 1.0);
    }
    let common = (large / 10f64.powi(exponent)).floor();
    if common >= 1e3 { (common * 10f64.powi(exponent)).copysign(least) } else { 0.0 }
}

/// The power of ten that labels are divided by: 0 unless they are below 1e-4 or from 1e6 on.
fn exponent(at: &[f64], low: f64, high: f64, offset: f64) -> i32 {
    let inside = at.iter().filter(|x| (low..=high).contains(*x));
    let most = inside.fold(0.0, |most: f64, x| most.max(x.abs()));
    let size = if offset != 0.0 { high - low } else { most };
    let exponent = if size == 0.0 { 0 } else { size.log10().floor() as i32 };
    if (-4..6).contains(&exponent) { 0 } else { exponent }
}

fn decimals(scaled: &[f64]) -> usize {
    let (least, most) = scaled.iter().fold((f64::MAX, f64::MIN), |(a, b), x| (a.min(*x), b.max(*x)));
    let range = match most - least {
        range if range > 0.0 => range,
        _ if most.abs() > 0.0 => most.abs(),
        _ => 1.0,
    };
    let exponent = range.log10().floor() as i32;
    let slack = 1e-3 * 10f64.powi(exponent);
    let rounding = |decimals: i32| {
        let unit = 10f64.powi(decimals);
        scaled.iter().fold(0.0, |most: f64, x| most.max((x - (x * unit).round() / unit).abs()))
    };
    let mut decimals = (3 - exponent).max(0);
    while decimals >= 0 && rounding(decimals) < slack {
        decimals -= 1;
    }
    (decimals + 1) as usize
}

/// `LogLocator`: powers of ten, and their multiples as minor ticks. Within a decade these have labels too, and, which is
/// not so in matplotlib, where no two powers are in sight: an axis with one number tells nothing. If hardly one of either
/// is in sight, the ticks are those of a linear axis.
fn logarithmic(low: f64, high: f64, space: usize) -> Ticks {
    let decades = high.log10() - low.log10();
    let (powers, stride) = powers(low, high, space.clamp(2, 9) as i32);
    let inside = |x: f64| x >= low * (1.0 - 1e-12) && x <= high * (1.0 + 1e-12);
    let tick = |m: i32, k: i32| (f64::from(m) * 10f64.powi(k), power(m, k));
    let major: Vec<_> = powers.iter().map(|k| tick(1, *k)).filter(|(x, _)| inside(*x)).collect();
    let few = decades <= 1.0 || major.len() < 2;
    let labelled = |m: i32| decades <= 0.4 || (few && [2, 3, 4, 6].contains(&m));
    let all = low.log10().floor() as i32..=high.log10().floor() as i32;
    let minor = all.flat_map(|k| (2..10).map(move |m| (m, k))).map(|(m, k)| match tick(m, k) {
        (x, label) if labelled(m) => (x, label),
        (x, _) => (x, String::new()),
    });
    let minor: Vec<_> = minor.filter(|(x, _)| inside(*x) && stride == 1).collect();
    if stride == 1 && major.len() + minor.len() <= 1 {
        let linear = linear(low, high, 9);
        return Ticks { major, minor: linear.major, offset: linear.offset };
    }
    Ticks { major, minor, offset: String::new() }
}

/// Exponents of the major ticks, at most `most` of them in sight, and the step between them: the largest that gives as
/// many ticks as can be, from a multiple of itself if that fits.
fn powers(low: f64, high: f64, most: i32) -> (Vec<i32>, i32) {
    // A limit that is a power of ten up to rounding is one.
    let (first, last) = ((low.log10() - 1e-12).ceil() as i32, (high.log10() + 1e-12).floor() as i32);
    let available = (last - first + 1).max(0);
    let wanted = available.div_euclid(available / (most + 1) + 1);
    let wanted = (wanted + i32::from(available % (available / (most + 1) + 1) > 0)).min(most);
    match wanted {
        0 => (Vec::new(), last - first + 2),
        1 => {
            let middle = ((low.log10() + high.log10()) / 2.0).round_ties_even() as i32;
            (vec![middle], (middle - (first - 1)).max(last + 1 - middle))
        }
        _ => {
            let widest = (available - 1) / (wanted - 1);
            let stride = if widest * wanted < available { available / wanted } else { widest };
            let least = (available - stride * wanted).max(0);
            let below = (available - stride * (wanted - 1)).min(stride);
            let round = (-first).rem_euclid(stride);
            let offset = if (least..below).contains(&round) { round } else { least };
            ((first + offset..=last).step_by(stride as usize).collect(), stride)
        }
    }
}

fn power(multiple: i32, exponent: i32) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let raised =
        exponent.to_string().chars().map(|c| c.to_digit(10).map_or('⁻', |d| RAISED[d as usize])).collect::<String>();
    if multiple == 1 { format!("10{raised}") } else { format!("{multiple}×10{raised}") }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn reference(of: &str) -> Vec<Value> {
        let all: Value = serde_json::from_str(include_str!("../tests/reference/matplotlib.json")).unwrap();
        all[of].as_array().unwrap().clone()
    }

    /// matplotlib's label as plain text: mathtext's powers are raised digits here.
    fn plain(label: &str) -> String {
        let inner = label.trim_start_matches("$\\mathdefault{").trim_end_matches("}$");
        let Some((base, exponent)) = inner.split_once("^{") else { return label.to_string() };
        let exponent: i32 = exponent.trim_end_matches('}').replace('\u{2212}', "-").parse().unwrap();
        match base.split_once("\\times") {
            Some((multiple, _)) => power(multiple.parse().unwrap(), exponent),
            None => power(1, exponent),
        }
    }

    #[test]
    fn ticks_and_labels_are_matplotlibs() {
        let cases = reference("ticks");
        assert!(cases.len() > 100);
        for case in cases {
            let number = |name: &str| case[name].as_f64().unwrap();
            let log = case["log"].as_bool().unwrap();
            let ours = ticks(number("low"), number("high"), log, number("space") as usize);
            let theirs = case["major"].as_array().unwrap();
            let labels: Vec<String> = theirs.iter().map(|t| plain(t[1].as_str().unwrap())).collect();
            assert_eq!(ours.major.iter().map(|t| t.1.clone()).collect::<Vec<_>>(), labels, "{case}");
            for (ours, theirs) in ours.major.iter().zip(theirs) {
                let size = number("low").abs().max(number("high").abs());
                assert!((ours.0 - theirs[0].as_f64().unwrap()).abs() <= 1e-12 * size, "{case}");
            }
            assert_eq!(ours.offset, case["offset"].as_str().unwrap(), "{case}");
            let minor: Vec<f64> = case["minor"].as_array().unwrap().iter().map(|t| t.as_f64().unwrap()).collect();
            assert_eq!(ours.minor.len(), minor.len(), "{case}");
            assert!(ours.minor.iter().zip(minor).all(|(a, b)| (a.0 - b).abs() <= 1e-12 * b), "{case}");
        }
    }

    #[test]
    fn contour_levels_are_matplotlibs() {
        for case in reference("levels") {
            let number = |name: &str| case[name].as_f64().unwrap();
            let (low, high, n) = (number("low"), number("high"), number("n") as usize);
            let grid = crate::artist::grid(
                "contour",
                [0.0, 1.0, 2.0].into(),
                [0.0, 1.0, 2.0, 3.0].into(),
                yhat_tensor::Array::linspace(low, high, 12).reshape([3, 4]).unwrap(),
            );
            let ours = crate::contour::levels("contour", n.into(), &grid.unwrap(), false).unwrap();
            let theirs: Vec<f64> = case["levels"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
            assert_eq!(ours.len(), theirs.len(), "{case}: {ours:?}");
            assert!(ours.iter().zip(theirs).all(|(a, b)| (a - b).abs() <= 1e-12 * high.abs()), "{case}: {ours:?}");
        }
    }
}
