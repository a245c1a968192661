//! The numbers behind a figure as tables, folded away.

use std::fmt::Write;

use crate::{
    Figure,
    artist::{Artist, Grid, Numbers, Shape},
    text::escaped,
    ticks,
};

/// So many rows of a table are shown at most, of a grid so many columns.
const ROWS: usize = 40;
const COLUMNS: usize = 8;

/// Columns of numbers, the first of which the others belong to.
struct Table<'a> {
    heads: Vec<String>,
    columns: Vec<&'a Numbers>,
}

/// All tables of a figure, panel by panel.
pub(super) fn of(figure: &Figure) -> String {
    let mut out = String::from("<details class=\"yhat-data\"><summary><span lang=\"en\">Data</span></summary>\n");
    for (i, (_, panel)) in figure.panels.iter().enumerate() {
        let caption = match (panel.title(), figure.panels.len()) {
            (Some(title), _) => Some(title.to_string()),
            (None, 1) => None,
            (None, _) => Some(format!("panel {}", i + 1)),
        };
        let caption = caption.map(|text| format!("<caption>{}</caption>", escaped(&text))).unwrap_or_default();
        let [x, y] = [(0, "x"), (1, "y")].map(|(axis, default)| panel.label(axis).unwrap_or(default));
        for table in tables(panel.artists(), x) {
            out.push_str(&listed(&caption, &table));
        }
        let corner = format!("{x} \\ {y}");
        panel.artists().iter().filter_map(grid_of).for_each(|grid| out.push_str(&heights(&caption, &corner, grid)));
    }
    out + "</details>\n"
}

/// Artists over the same x, which is called `name`, share a table.
fn tables<'a>(artists: &'a [Artist], name: &str) -> Vec<Table<'a>> {
    let mut tables: Vec<Table> = Vec::new();
    for (over, columns) in artists.iter().filter_map(|artist| columns(artist).map(|c| (over(artist), c))) {
        let Some(x) = over else { continue };
        let at = tables.iter().position(|table| table.columns[0] == x).unwrap_or_else(|| {
            tables.push(Table { heads: vec![name.into()], columns: vec![x] });
            tables.len() - 1
        });
        for (name, numbers) in columns {
            // What has no name is y, y2, y3.
            let same = tables[at].heads.iter().filter(|head| head.trim_end_matches(char::is_numeric) == name).count();
            tables[at].heads.push(if same > 0 { format!("{name}{}", same + 1) } else { name });
            tables[at].columns.push(numbers);
        }
    }
    tables
}

/// The numbers that an artist's others belong to.
fn over(artist: &Artist) -> Option<&Numbers> {
    match &artist.shape {
        Shape::Series { x, .. } | Shape::Area { x, .. } | Shape::Bars { x, .. } | Shape::Series3 { x, .. } => Some(x),
        _ => None,
    }
}

/// What an artist draws over them, each with a name.
fn columns(artist: &Artist) -> Option<Vec<(String, &Numbers)>> {
    let named = |default: &str| artist.label.clone().unwrap_or_else(|| default.into());
    Some(match &artist.shape {
        Shape::Series { y, .. } => vec![(named("y"), y)],
        Shape::Area { low, high, .. } => vec![(named("from"), low), (named("to"), high)],
        Shape::Bars { height, .. } => vec![(named("height"), height)],
        Shape::Series3 { y, z, .. } => vec![("y".into(), y), (named("z"), z)],
        Shape::Contour { .. } | Shape::Surface { .. } | Shape::Rule { .. } | Shape::Note { .. } => return None,
    })
}

fn grid_of(artist: &Artist) -> Option<&Grid> {
    match &artist.shape {
        Shape::Contour { grid, .. } | Shape::Surface { grid, .. } => Some(grid),
        _ => None,
    }
}

/// At most `most` of `n` places, evenly spaced but for the last, which is always there.
fn chosen(n: usize, most: usize) -> Vec<usize> {
    let step = (n.max(2) - 1).div_ceil(most - 1).max(1);
    let mut chosen: Vec<usize> = (0..n).step_by(step).collect();
    if chosen.last() != n.checked_sub(1).as_ref() {
        chosen.extend(n.checked_sub(1));
    }
    chosen
}

fn listed(caption: &str, table: &Table) -> String {
    let heads: Vec<String> = table.heads.iter().map(|head| escaped(head)).collect();
    let n = table.columns[0].len();
    let rows = chosen(n, ROWS);
    let mut out = opened(caption, &heads);
    for row in &rows {
        let cells: String = table.columns.iter().map(|column| cell(column[*row])).collect();
        let _ = writeln!(out, "<tr>{cells}</tr>");
    }
    if rows.len() < n {
        let _ = writeln!(out, "<tr><td colspan=\"{}\">{} / {n}</td></tr>", heads.len(), rows.len());
    }
    out + "</tbody></table>\n"
}

/// Heights over a grid, x downwards and y across, as the corner says.
fn heights(caption: &str, corner: &str, grid: &Grid) -> String {
    let (rows, columns) = (chosen(grid.x.len(), ROWS / 2), chosen(grid.y.len(), COLUMNS));
    let heads: Vec<String> = [escaped(corner)].into_iter().chain(columns.iter().map(|j| digits(grid.y[*j]))).collect();
    let mut out = opened(caption, &heads);
    for i in rows {
        let cells: String = columns.iter().map(|j| cell(grid.z[i * grid.y.len() + j])).collect();
        let _ = writeln!(out, "<tr><th scope=\"row\">{}</th>{cells}</tr>", digits(grid.x[i]));
    }
    out + "</tbody></table>\n"
}

fn opened(caption: &str, heads: &[String]) -> String {
    let heads: String = heads.iter().map(|head| format!("<th scope=\"col\">{head}</th>")).collect();
    format!("<table>{caption}<thead><tr>{heads}</tr></thead><tbody>\n")
}

fn cell(x: f64) -> String {
    format!("<td>{}</td>", digits(x))
}

/// Five significant digits, a gap as a dash.
fn digits(x: f64) -> String {
    match x {
        _ if !x.is_finite() => "–".into(),
        0.0 => "0".into(),
        _ if (1e-4..1e6).contains(&x.abs()) => {
            let decimals = (4 - x.abs().log10().floor() as i32).max(0) as usize;
            let text = ticks::number(x, decimals);
            if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
        }
        _ => format!("{x:.4e}").replace('-', "\u{2212}"),
    }
}
