//! Animations as GIF.

use std::borrow::Cow;

use gif::{Encoder, Frame, Repeat};

use crate::{Animation, Error, Mode, Result, png};

impl Animation {
    /// The animation as a GIF file, on white paper, at so many times 100 pixels to the inch.
    ///
    /// All frames share one palette of 256 colours, chosen from all of them, so nothing flickers; a frame is stored as
    /// the rectangle in which it differs from the one before. `Mode::Reflect` plays there and back.
    ///
    /// # Errors
    /// As [`Figure::to_svg`](crate::Figure::to_svg), with the frame's number; if `scale` is not above 0 and at most 20, or a side has more than 65,535 pixels.
    pub fn to_gif(&self, scale: f64) -> Result<Vec<u8>> {
        png::possible("to_gif(scale)", scale)?;
        let frames = self.settled()?;
        let mut pictures = Vec::with_capacity(frames.len());
        for (number, frame) in frames.iter().enumerate() {
            let within = |source| Error::Frame { number, source: Box::new(source) };
            pictures.push(png::pixels(frame, scale).map_err(within)?);
        }
        let failed = |error: &dyn std::fmt::Display| Error::Render { what: "GIF", message: error.to_string() };
        let side = |n: u32| u16::try_from(n).map_err(|_| failed(&"a side has more than 65,535 pixels"));
        let (width, height) = (side(pictures[0].width())?, side(pictures[0].height())?);

        let palette = Palette::of(pictures.iter().map(|p| p.data()));
        let indexed: Vec<Vec<u8>> = pictures.iter().map(|picture| palette.indices(picture.data())).collect();
        drop(pictures);
        let mut order: Vec<usize> = (0..indexed.len()).collect();
        if self.mode == Mode::Reflect {
            order.extend((1..indexed.len().saturating_sub(1)).rev());
        }
        // The unit of a GIF's delays is a hundredth of a second.
        let delay = (self.interval / 10.0).round().clamp(1.0, f64::from(u16::MAX)) as u16;
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, width, height, &palette.colors).map_err(|e| failed(&e))?;
        let repeat = if self.mode == Mode::Once { Repeat::Finite(0) } else { Repeat::Infinite };
        encoder.set_repeat(repeat).map_err(|e| failed(&e))?;
        let mut before: Option<&[u8]> = None;
        for i in order {
            let [left, top, wide, high] = changed(before, &indexed[i], usize::from(width), usize::from(height));
            let rows = indexed[i].chunks(usize::from(width)).skip(top).take(high);
            let buffer: Vec<u8> = rows.flat_map(|row| &row[left..left + wide]).copied().collect();
            let frame = Frame {
                delay,
                left: left as u16,
                top: top as u16,
                width: wide as u16,
                height: high as u16,
                buffer: Cow::Owned(buffer),
                ..Frame::default()
            };
            encoder.write_frame(&frame).map_err(|e| failed(&e))?;
            before = Some(&indexed[i]);
        }
        drop(encoder);
        Ok(out)
    }
}

/// The smallest rectangle (left, top, width, height) outside of which two frames are alike; a pixel if all is.
fn changed(before: Option<&[u8]>, now: &[u8], width: usize, height: usize) -> [usize; 4] {
    let Some(before) = before else { return [0, 0, width, height] };
    let [mut left, mut top, mut right, mut bottom] = [width, height, 0, 0];
    for (y, (a, b)) in before.chunks(width).zip(now.chunks(width)).enumerate() {
        if let Some(first) = (0..width).find(|x| a[*x] != b[*x]) {
            let last = (0..width).rfind(|x| a[*x] != b[*x]).unwrap_or(first);
            (left, right) = (left.min(first), right.max(last + 1));
            (top, bottom) = (top.min(y), y + 1);
        }
    }
    if right == 0 { [0, 0, 1, 1] } else { [left, top, right - left, bottom - top] }
}

/// 256 colours at most, and which of them each colour is nearest to.
struct Palette {
    /// Red, green, blue, one after another.
    colors: Vec<u8>,
    /// By the five highest bits of red, green and blue.
    nearest: Vec<u8>,
}

/// Pixels that agree in the five highest bits of red, green and blue.
#[derive(Clone, Copy, Default)]
struct Cell {
    count: u64,
    sums: [u64; 3],
}

impl Cell {
    /// Its mean color: where nearly all are one colour, as paper is, that very colour.
    fn color(&self) -> [u8; 3] {
        self.sums.map(|sum| ((sum + self.count / 2) / self.count.max(1)) as u8)
    }
}

impl Palette {
    /// The colours that stand for those of all frames, by median cut: the box of cells with the widest side, weighed by the
    /// root of how many pixels it has, is cut in two until there are 256. A box is shown as its commonest cell.
    fn of<'a>(frames: impl Iterator<Item = &'a [u8]>) -> Palette {
        let mut cells = vec![Cell::default(); 1 << 15];
        for pixel in frames.flat_map(|data| data.chunks_exact(4)) {
            let cell = &mut cells[key(pixel)];
            cell.count += 1;
            (0..3).for_each(|c| cell.sums[c] += u64::from(pixel[c]));
        }
        let mut boxes = vec![cells.into_iter().filter(|cell| cell.count > 0).collect::<Vec<_>>()];
        while boxes.len() < 256 {
            let weight = |cells: &[Cell]| {
                let pixels: u64 = cells.iter().map(|cell| cell.count).sum();
                f64::from(widest(cells).1) * (pixels as f64).sqrt()
            };
            let heaviest = (0..boxes.len()).max_by(|a, b| weight(&boxes[*a]).total_cmp(&weight(&boxes[*b])));
            let Some(at) = heaviest.filter(|at| boxes[*at].len() > 1) else { break };
            let side = widest(&boxes[at]).0;
            boxes[at].sort_by_key(|cell| cell.color()[side]);
            let half = boxes[at].len() / 2;
            let upper = boxes[at].split_off(half);
            boxes.push(upper);
        }
        let commonest =
            |cells: &Vec<Cell>| cells.iter().max_by_key(|cell| cell.count).map(Cell::color).unwrap_or_default();
        let colors: Vec<[u8; 3]> = boxes.iter().map(commonest).collect();
        let distance =
            |a: [u8; 3], b: [u8; 3]| a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum::<u32>();
        let nearest = |key: usize| {
            let color = [10, 5, 0].map(|shift| ((key >> shift & 31) * 255 / 31) as u8);
            (0..colors.len()).min_by_key(|i| distance(colors[*i], color)).unwrap_or(0) as u8
        };
        Palette { nearest: (0..1 << 15).map(nearest).collect(), colors: colors.concat() }
    }

    fn indices(&self, data: &[u8]) -> Vec<u8> {
        data.chunks_exact(4).map(|pixel| self.nearest[key(pixel)]).collect()
    }
}

/// The side along which a box's colours are farthest apart, and how far.
fn widest(cells: &[Cell]) -> (usize, u8) {
    let spread = |side: usize| {
        let values = || cells.iter().map(|cell| cell.color()[side]);
        values().max().unwrap_or(0) - values().min().unwrap_or(0)
    };
    (0..3).map(|side| (side, spread(side))).max_by_key(|(_, spread)| *spread).unwrap_or((0, 0))
}

fn key(pixel: &[u8]) -> usize {
    pixel[..3].iter().fold(0, |key, c| key << 5 | usize::from(c >> 3))
}
