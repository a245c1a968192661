//! Panels with three axes, as mplot3d draws them.

use super::{Anchor, Paint, Svg, colorbar, marks};
use crate::{
    Axes3d, Color,
    artist::{Artist, Grid, Look, Shape},
    colorbar::SOLID,
    layout::{Rect, Span, spans_3d},
    space::{View, cross, dot, sides, unit},
    text::{escaped, short},
};

/// What of the projection a panel shows: mplot3d leaves a bit more room to the left and below, for labels.
const LEFT: f64 = -0.095;
const RIGHT: f64 = 0.09;

/// The panel's square and what is seen on it.
struct Scene {
    view: View,
    square: Rect,
}

impl Scene {
    fn at(&self, point: [f64; 3]) -> [f64; 2] {
        let [x, y, _] = self.view.project(point);
        let scale = self.square.width / (RIGHT - LEFT);
        [self.square.x + (x - LEFT) * scale, self.square.bottom() - (y - LEFT) * scale]
    }
}

/// Draws a panel into its cell. Artists are drawn in the order in which they came, each from far to near.
pub(crate) fn draw(svg: &mut Svg, axes: &Axes3d, cell: Rect) {
    let (rect, bar) = axes.artists.divided(cell, SOLID);
    let square = rect.square();
    let scene = Scene { view: View::new(spans_3d(axes), axes.elev, axes.azim), square };
    svg.open(" class=\"axes\"", None);
    frame(svg, axes, &scene);
    for artist in axes.artists.iter() {
        if let Some(id) = &artist.id {
            svg.open(&format!(" data-id=\"{}\"", escaped(id)), None);
        }
        match &artist.shape {
            Shape::Series3 { x, y, z } => series(svg, artist, [x, y, z], &scene),
            Shape::Surface { grid, .. } => surface(svg, artist, grid, &scene),
            _ => {}
        }
        if artist.id.is_some() {
            svg.close();
        }
    }
    if let Some(title) = &axes.title {
        svg.text([square.x + square.width / 2.0, square.y - 6.0], title, 12.0, Anchor::Middle, 0.0, Color::Ink);
    }
    if axes.legend {
        legend(svg, axes, square);
    }
    if let Some((bar, rect)) = bar {
        colorbar::draw(svg, &bar, rect);
    }
    svg.close();
}

fn series(svg: &mut Svg, artist: &Artist, [x, y, z]: [&[f64]; 3], scene: &Scene) {
    let point = |i: usize| [x[i], y[i], z[i]];
    let drawn = |i: &usize| point(*i).iter().all(|v| v.is_finite());
    let line: Vec<_> = (0..x.len()).map(|i| Some(scene.at(point(i))).filter(|_| drawn(&i))).collect();
    marks::line(svg, &line, &artist.look);
    let mut far_first: Vec<(f64, [f64; 2])> =
        (0..x.len()).filter(drawn).map(|i| (scene.view.project(point(i))[2], scene.at(point(i)))).collect();
    far_first.sort_by(|a, b| b.0.total_cmp(&a.0));
    if artist.look.dash.is_some() {
        let points: Vec<_> = far_first.iter().map(|(_, at)| *at).collect();
        marks::marks(svg, &points, &artist.look, 1.0, None);
        return;
    }
    // What is farther is fainter, down to 0.3: in steps of a twentieth, each of which is one path.
    let (nearest, farthest) = (far_first.last().map_or(0.0, |p| p.0), far_first.first().map_or(0.0, |p| p.0));
    let depth = (farthest - nearest).max(1e-12);
    let opacity = |behind: f64| ((1.0 - 0.7 * (behind - nearest) / depth) * 20.0).round() / 20.0;
    for layer in far_first.chunk_by(|a, b| opacity(a.0) == opacity(b.0)) {
        let points: Vec<_> = layer.iter().map(|(_, at)| *at).collect();
        let faint = Paint { alpha: Some(opacity(layer[0].0)), fill: Some(artist.look.color), ..Paint::default() };
        svg.open("", Some(faint));
        // The edge of a scattered mark is as wide as a line.
        marks::marks(svg, &points, &artist.look, 1.5, None);
        svg.close();
    }
}

/// Four-cornered tiles from far to near.
fn surface(svg: &mut Svg, artist: &Artist, grid: &Grid, scene: &Scene) {
    let Shape::Surface { map, .. } = artist.shape else { return };
    // mplot3d has 50 tiles along a side; 100 are as many as can be told apart.
    let stride = |n: usize| (n - 1).div_ceil(100);
    let cuts = |n: usize| (0..n - 1).step_by(stride(n)).chain([n - 1]).collect::<Vec<_>>();
    let (rows, columns) = (cuts(grid.x.len()), cuts(grid.y.len()));
    let node = |i: usize, j: usize| [grid.x[i], grid.y[j], grid.z[i * grid.y.len() + j]];
    let (low, high) = grid.z.extent().unwrap_or((0.0, 1.0));
    let mut tiles = Vec::new();
    for i in rows.windows(2) {
        for j in columns.windows(2) {
            let tile = [node(i[0], j[0]), node(i[1], j[0]), node(i[1], j[1]), node(i[0], j[1])];
            if tile.iter().all(|p| p[2].is_finite()) {
                let depth: f64 = tile.iter().map(|p| scene.view.project(*p)[2]).sum();
                let height = tile.iter().map(|p| p[2]).sum::<f64>() / 4.0;
                let color = match map {
                    Some(map) => map.at((height - low) / (high - low).max(f64::MIN_POSITIVE)),
                    None => shaded(artist.look.color, &tile, scene.view.spans()),
                };
                tiles.push((depth, tile, color));
            }
        }
    }
    tiles.sort_by(|a, b| b.0.total_cmp(&a.0));
    // A thin line of the tile's own colour closes the seams between tiles.
    let alpha = artist.look.alpha;
    let faint = if alpha < 1.0 { format!(" opacity=\"{}\"", short(alpha, 3)) } else { String::new() };
    svg.open(
        &format!(" fill=\"currentColor\" stroke=\"currentColor\" stroke-width=\".4\" stroke-linejoin=\"round\"{faint}"),
        None,
    );
    for (_, tile, [r, g, b]) in tiles {
        let corners = tile.map(|point| Some(scene.at(point)));
        svg.raw(&format!("<path color=\"#{r:02x}{g:02x}{b:02x}\" d=\"{}z\"/>\n", exact(&corners)));
    }
    svg.close();
}

/// A tile's outline; no corner is left out.
fn exact(corners: &[Option<[f64; 2]>; 4]) -> String {
    let place = |p: &[f64; 2]| format!("{} {}", short(p[0], 1), short(p[1], 1));
    let places: Vec<String> = corners.iter().flatten().map(place).collect();
    format!("M{}", places.join("L"))
}

/// A colour in the light of mplot3d's lamp, which stands in the south-west, 19.47 degrees high. The slope of the tile is
/// taken as it is in the box, so that data of any scale have relief.
fn shaded(color: Color, tile: &[[f64; 3]; 4], spans: &[Span; 3]) -> [u8; 3] {
    let sides = sides();
    let boxed = tile.map(|p| std::array::from_fn::<f64, 3, _>(|c| spans[c].part(p[c]) * sides[c]));
    let minus = |a: [f64; 3], b: [f64; 3]| std::array::from_fn::<f64, 3, _>(|c| a[c] - b[c]);
    let normal = unit(cross(minus(boxed[1], boxed[0]), minus(boxed[3], boxed[0])));
    let (around, up) = ((90.0f64 - 225.0).to_radians(), 19.4712f64.to_radians());
    let lamp = [around.cos() * up.cos(), around.sin() * up.cos(), up.sin()];
    let light = 0.3 + 0.7 * (dot(normal, lamp) + 1.0) / 2.0;
    color.rgb().map(|c| (f64::from(c) * light).round() as u8)
}

/// The three walls behind, their grid, and the axes with their ticks.
fn frame(svg: &mut Svg, axes: &Axes3d, scene: &Scene) {
    let spans = *scene.view.spans();
    let high = scene.view.high_walls();
    let end = |i: usize, high: bool| if high { spans[i].high } else { spans[i].low };
    let back: [f64; 3] = std::array::from_fn(|i| end(i, high[i]));
    let front: [f64; 3] = std::array::from_fn(|i| end(i, !high[i]));
    for (i, gray) in [0.95, 0.90, 0.925].into_iter().enumerate() {
        wall(svg, scene, i, back, front, gray);
    }
    let ticks = spans.map(|span| span.ticks_in_space(scene.square));
    let mut d = String::new();
    for (i, ticks) in ticks.iter().enumerate() {
        for (x, _) in &ticks.major {
            // From the end of one wall through the corner to the end of the other.
            let mut corner = back;
            corner[i] = *x;
            let (mut from, mut to) = (corner, corner);
            from[(i + 1) % 3] = front[(i + 1) % 3];
            to[(i + 2) % 3] = front[(i + 2) % 3];
            d += &marks::path(&[from, corner, to].map(|p| Some(scene.at(p))));
        }
    }
    svg.path(&d, Paint { stroke: Some(Color::Rgb(0xb0, 0xb0, 0xb0)), width: 0.8, ..Paint::default() });
    for (i, ticks) in ticks.iter().enumerate() {
        let label = axes.axes[i].label.as_deref().unwrap_or("");
        let label = [label, ticks.offset.as_str()].join(" ");
        axis(svg, scene, Edge { axis: i, back, front, high }, &ticks.major, label.trim());
    }
}

fn wall(svg: &mut Svg, scene: &Scene, i: usize, back: [f64; 3], front: [f64; 3], gray: f64) {
    let (j, k) = ((i + 1) % 3, (i + 2) % 3);
    let corner = |a: [f64; 3], b: [f64; 3]| {
        let mut point = back;
        (point[j], point[k]) = (a[j], b[k]);
        Some(scene.at(point))
    };
    let corners = [corner(back, back), corner(front, back), corner(front, front), corner(back, front)];
    // Half of mplot3d's grays shines through; on dark paper the same veil of mid-gray is fainter than the paper's.
    let veil = 2.0 * (1.0 - gray) * 0.5;
    let paint = Paint { fill: Some(Color::Rgb(128, 128, 128)), alpha: Some(veil), ..Paint::default() };
    svg.path(&(marks::path(&corners) + "z"), paint);
}

/// The edge of the box that an axis runs along.
struct Edge {
    axis: usize,
    back: [f64; 3],
    front: [f64; 3],
    high: [bool; 3],
}

/// An axis: its line, ticks, their labels and its own.
fn axis(svg: &mut Svg, scene: &Scene, edge: Edge, ticks: &[(f64, String)], label: &str) {
    let i = edge.axis;
    // mplot3d: which coordinate leaves the back corner for the axis to be in front, and along which its ticks point.
    let (aside, tick_along) = ([1, 0, 0][i], [1, 0, 0][i]);
    let mut from = edge.back;
    from[aside] = edge.front[aside];
    let mut to = from;
    to[i] = edge.front[i];
    let spans = scene.view.spans();
    let center: [f64; 3] = std::array::from_fn(|c| (spans[c].low + spans[c].high) / 2.0);
    let unit: [f64; 3] = std::array::from_fn(|c| (spans[c].high - spans[c].low).abs() * 0.08);
    let per_point = 48.0 / (scene.square.width + scene.square.height);
    let outwards = |mut point: [f64; 3], points: f64| {
        for c in (0..3).filter(|c| *c != i) {
            point[c] += unit[c] * points * per_point * if point[c] < center[c] { -1.0 } else { 1.0 };
        }
        scene.at(point)
    };
    let mut d = marks::path(&[Some(scene.at(from)), Some(scene.at(to))]);
    let delta = if edge.high[tick_along] { unit[tick_along] } else { -unit[tick_along] };
    for (x, text) in ticks {
        let mut point = from;
        point[i] = *x;
        let (mut outer, mut inner) = (point, point);
        outer[tick_along] += 0.1 * delta;
        inner[tick_along] -= 0.2 * delta;
        d += &marks::path(&[Some(scene.at(outer)), Some(scene.at(inner))]);
        let [x, y] = outwards(point, 3.5 + 8.0);
        svg.text([x, y + 7.6], text, 10.0, Anchor::Middle, 0.0, Color::Ink);
    }
    svg.path(&d, Paint { stroke: Some(Color::Ink), width: 0.8, ..Paint::default() });
    if !label.is_empty() {
        let middle = std::array::from_fn(|c| (from[c] + to[c]) / 2.0);
        let [x, y] = outwards(middle, 4.0 + 21.0);
        let (a, b) = (scene.at(from), scene.at(to));
        // Longer ones run along the axis, never upside down.
        let along = (b[1] - a[1]).atan2(b[0] - a[0]).to_degrees();
        let upright = (along + 90.0).rem_euclid(180.0) - 90.0;
        let turned = if label.chars().count() > 4 { upright } else { 0.0 };
        let (sin, cos) = turned.to_radians().sin_cos();
        svg.text([x - 3.6 * sin, y + 3.6 * cos], label, 10.0, Anchor::Middle, turned, Color::Ink);
    }
}

fn legend(svg: &mut Svg, axes: &Axes3d, square: Rect) {
    let labelled: Vec<(&Artist, &str)> = axes.artists.iter().filter_map(|a| Some((a, a.label.as_deref()?))).collect();
    for (i, (artist, label)) in labelled.iter().enumerate() {
        let y = square.y + 12.0 + 14.7 * i as f64;
        let look = Look { markersize: artist.look.markersize.max(4.0), alpha: 1.0, ..artist.look.clone() };
        marks::line(svg, &[Some([square.x, y]), Some([square.x + 20.0, y])], &look);
        marks::marks(svg, &[[square.x + 10.0, y]], &look, 1.0, None);
        svg.text([square.x + 28.0, y + 3.6], label, 10.0, Anchor::Start, 0.0, Color::Ink);
    }
}
