//! The bar beside a panel, its ticks on the right.

use super::{Anchor, Paint, Svg, flat::TICK};
use crate::{Color, colorbar::Colorbar, layout::Rect, text::short};

pub(crate) fn draw(svg: &mut Svg, bar: &Colorbar, rect: Rect) {
    svg.graded(rect, &bar.stops, bar.alpha);
    let [x, y, w, h, right] = [rect.x, rect.y, rect.width, rect.height, rect.right()].map(|v| short(v, 2));
    let mut d = format!("M{x} {y}h{w}v{h}h-{w}z");
    let ticks = bar.ticks(rect);
    for (value, label) in &ticks.major {
        let at = rect.bottom() - bar.span.part(*value) * rect.height;
        d += &format!("M{right} {}h{TICK}", short(at, 2));
        svg.text([rect.right() + 2.0 * TICK, at + 3.8], label, 10.0, Anchor::Start, 0.0, Color::Ink);
    }
    if !ticks.offset.is_empty() {
        svg.text([rect.right() + 2.0 * TICK, rect.y - 4.0], &ticks.offset, 10.0, Anchor::Start, 0.0, Color::Ink);
    }
    svg.path(&d, Paint { stroke: Some(Color::Ink), width: 0.8, crisp: true, ..Paint::default() });
}
