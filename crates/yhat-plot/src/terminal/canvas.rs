//! Dots of a terminal: each character holds two by four of them, in braille.

use crate::Color;

/// What a character shows: dots in the colour of whoever drew there last, or a sign in their place.
#[derive(Clone, Copy, Default)]
struct Cell {
    dots: u8,
    sign: Option<char>,
    color: Option<Color>,
}

/// A field of characters to draw on. Places are parts of it, from 0 to 1, x to the right and y upwards.
pub(super) struct Canvas {
    pub columns: usize,
    pub rows: usize,
    cells: Vec<Cell>,
}

/// Bit of a dot by row and column within its character.
const DOTS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

impl Canvas {
    pub fn new(columns: usize, rows: usize) -> Canvas {
        Canvas { columns, rows, cells: vec![Cell::default(); columns * rows] }
    }

    /// Dots across and down.
    fn size(&self) -> [f64; 2] {
        [(2 * self.columns) as f64, (4 * self.rows) as f64]
    }

    /// The dot at a place, if it is on the canvas.
    fn dot(&self, [x, y]: [f64; 2]) -> Option<(usize, usize)> {
        let [w, h] = self.size();
        let inside = |v: f64| (-1e-9..=1.0 + 1e-9).contains(&v);
        (inside(x) && inside(y)).then(|| ((x * (w - 1.0)).round() as usize, ((1.0 - y) * (h - 1.0)).round() as usize))
    }

    /// Sets a dot.
    pub fn set(&mut self, place: [f64; 2], color: Color) {
        if let Some((x, y)) = self.dot(place) {
            let cell = &mut self.cells[y / 4 * self.columns + x / 2];
            cell.dots |= DOTS[y % 4][x % 2];
            cell.color = Some(color);
        }
    }

    /// Puts a sign over the dots.
    pub fn sign(&mut self, place: [f64; 2], sign: char, color: Color) {
        if let Some((x, y)) = self.dot(place) {
            let cell = &mut self.cells[y / 4 * self.columns + x / 2];
            (cell.sign, cell.color) = (Some(sign), Some(color));
        }
    }

    /// A text from a place on, as far as there is room.
    pub fn text(&mut self, [x, y]: [f64; 2], text: &str, color: Color) {
        let step = 2.0 / (self.size()[0] - 1.0);
        text.chars().enumerate().for_each(|(i, c)| self.sign([x + step * i as f64, y], c, color));
    }

    /// A line of dots, of which `on` are set and `off` are not, in turn.
    pub fn line(&mut self, from: [f64; 2], to: [f64; 2], (on, off): (usize, usize), color: Color) {
        let [w, h] = self.size();
        let steps = ((to[0] - from[0]).abs() * w).max((to[1] - from[1]).abs() * h);
        // A line that leaves the canvas far behind is drawn as coarsely as can be seen.
        let steps = steps.clamp(1.0, 1e5) as usize;
        for k in (0..=steps).filter(|k| k % (on + off) < on) {
            let t = k as f64 / steps as f64;
            self.set([from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t], color);
        }
    }

    /// The rows as text, with the colours as ANSI escapes if they are wanted.
    pub fn lines(&self, color: bool) -> Vec<String> {
        self.cells.chunks(self.columns).map(|row| line(row, color)).collect()
    }
}

fn line(row: &[Cell], color: bool) -> String {
    let mut out = String::new();
    let mut now = None;
    for cell in row {
        // Ink is the terminal's own.
        let wanted = cell.color.filter(|c| color && *c != Color::Ink);
        if wanted != now {
            out.push_str("\x1b[0m");
            if let Some(color) = wanted {
                let [r, g, b] = color.rgb_on_dark();
                out.push_str(&format!("\x1b[38;2;{r};{g};{b}m"));
            }
            now = wanted;
        }
        out.push(match cell.sign {
            Some(sign) => sign,
            None if cell.dots == 0 => ' ',
            None => char::from_u32(0x2800 + u32::from(cell.dots)).unwrap_or(' '),
        });
    }
    if now.is_some() {
        out.push_str("\x1b[0m");
    }
    out
}
