//! When something is recorded.

/// Which epochs are recorded, by how many were trained before: 0 is the start, 1 after the first epoch.
///
/// ```
/// use yhat::callbacks::Schedule;
/// let times = |schedule: Schedule| schedule.times(0, 30).collect::<Vec<_>>();
/// assert_eq!(times(Schedule::Every(10)), [0, 10, 20, 30]);
/// assert_eq!(times(Schedule::Logarithmic(4)), [0, 1, 2, 3, 6, 10, 18]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Every so many epochs; 0 counts as 1.
    Every(usize),
    /// So many times while their number grows tenfold, evenly on a logarithmic scale and no epoch twice; 0 counts as 1.
    Logarithmic(usize),
}

impl Schedule {
    /// The first time that is `epoch` or later.
    pub fn next(self, epoch: usize) -> usize {
        match self {
            Schedule::Every(k) => epoch.checked_next_multiple_of(k.max(1)).unwrap_or(usize::MAX),
            Schedule::Logarithmic(_) if epoch < 2 => epoch,
            Schedule::Logarithmic(k) => {
                let k = k.max(1) as f64;
                // One step back makes up for what rounding may have taken.
                let from = ((epoch as f64).log10() * k).floor() as i32 - 1;
                let times = (from..).map(|i| 10f64.powf(i as f64 / k).round() as usize);
                times.into_iter().find(|time| *time >= epoch).unwrap_or(usize::MAX)
            }
        }
    }

    /// All times from `from` to `to`, both included.
    pub fn times(self, from: usize, to: usize) -> impl Iterator<Item = usize> {
        let after = move |time: &usize| time.checked_add(1).map(|next| self.next(next));
        std::iter::successors(Some(self.next(from)), after).take_while(move |time| *time <= to)
    }
}
