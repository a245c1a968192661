//! The view of a panel in space: mplot3d's camera.

use crate::layout::Span;

/// The lengths of the box's sides, 4 : 4 : 3, in the unit that the camera's distance of 10 is in. The factors are
/// mplot3d's own.
pub(crate) fn sides() -> [f64; 3] {
    let length = (16.0f64 + 16.0 + 9.0).sqrt();
    [4.0, 4.0, 3.0].map(|side| side * 1.829_464_072_162_043_4 * 25.0 / 24.0 / length)
}

/// What turns a point of the box into a point of the panel.
#[derive(Clone, Debug)]
pub(crate) struct View {
    spans: [Span; 3],
    /// The point that is looked at, the middle of the box.
    middle: [f64; 3],
    /// Right, up and towards the eye.
    basis: [[f64; 3]; 3],
}

/// The camera's distance from the middle of the box.
const DISTANCE: f64 = 10.0;

impl View {
    /// The view from `elev` and `azim`, in degrees, of a box with three axes.
    pub fn new(spans: [Span; 3], elev: f64, azim: f64) -> View {
        let (elev, azim) = (elev.to_radians(), azim.to_radians());
        let towards = [elev.cos() * azim.cos(), elev.cos() * azim.sin(), elev.sin()];
        // From above or below the poles, up is down.
        let up = if elev.cos() < 0.0 { [0.0, 0.0, -1.0] } else { [0.0, 0.0, 1.0] };
        let side = cross(up, towards);
        // Seen along the z axis, the side is where it would be from beside.
        let right = if norm(side) > 1e-12 { unit(side) } else { [-azim.sin(), azim.cos(), 0.0] };
        View { spans, middle: sides().map(|side| side / 2.0), basis: [right, cross(towards, right), towards] }
    }

    /// Where a point of the data is: right, up (each 0 in the middle) and how far behind the middle.
    pub fn project(&self, point: [f64; 3]) -> [f64; 3] {
        let sides = sides();
        let off: [f64; 3] = std::array::from_fn(|i| self.spans[i].part(point[i]) * sides[i] - self.middle[i]);
        let [x, y, near] = self.basis.map(|axis| dot(axis, off));
        let depth = DISTANCE - near;
        [x / depth, y / depth, -near]
    }

    /// The axes' spans.
    pub fn spans(&self) -> &[Span; 3] {
        &self.spans
    }

    /// For each axis, whether the wall at its high end is the one behind.
    pub fn high_walls(&self) -> [bool; 3] {
        // A wall's corners: the mean of how far they are behind.
        std::array::from_fn(|i| {
            let depth = |end: f64| {
                let corner = |k: usize| {
                    let mut point = self.spans.map(|span| span.low);
                    let others = [(i + 1) % 3, (i + 2) % 3];
                    point[others[0]] = if k & 1 == 0 { self.spans[others[0]].low } else { self.spans[others[0]].high };
                    point[others[1]] = if k & 2 == 0 { self.spans[others[1]].low } else { self.spans[others[1]].high };
                    point[i] = end;
                    // As mplot3d does, after the perspective has been applied.
                    let behind = self.project(point)[2];
                    behind / (DISTANCE + behind)
                };
                (0..4).map(corner).sum::<f64>()
            };
            depth(self.spans[i].low) < depth(self.spans[i].high)
        })
    }
}

pub(crate) fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

pub(crate) fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn norm(a: [f64; 3]) -> f64 {
    dot(a, a).sqrt()
}

pub(crate) fn unit(a: [f64; 3]) -> [f64; 3] {
    let length = norm(a);
    a.map(|x| x / length)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn numbers(value: &Value) -> Vec<f64> {
        value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
    }

    #[test]
    fn the_camera_is_mplot3ds() {
        let all: Value = serde_json::from_str(include_str!("../tests/reference/matplotlib.json")).unwrap();
        let span = |low, high| Span { low, high, log: false };
        let spans = [span(-10.0, 3.0), span(-1.0, 10.0), span(0.05, 0.6)];
        let cases = all["projections"].as_array().unwrap();
        assert!(cases.len() >= 7);
        for case in cases {
            let view = View::new(spans, case["elev"].as_f64().unwrap(), case["azim"].as_f64().unwrap());
            for (point, seen) in case["points"].as_array().unwrap().iter().zip(case["seen"].as_array().unwrap()) {
                let point: [f64; 3] = numbers(point).try_into().unwrap();
                let [x, y, _] = view.project(point);
                let seen = numbers(seen);
                assert!((x - seen[0]).abs() < 1e-12 && (y - seen[1]).abs() < 1e-12, "{case}: {x}, {y}");
            }
            let walls: Vec<bool> =
                case["high_walls"].as_array().unwrap().iter().map(|high| high.as_bool().unwrap()).collect();
            assert_eq!(view.high_walls().to_vec(), walls, "{case}");
        }
    }
}
