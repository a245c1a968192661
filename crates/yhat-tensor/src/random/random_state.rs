use super::Mt19937;
use super::binomial::Binomial;

/// NumPy's legacy generator, `numpy.random.RandomState(seed)`: the same numbers in every bit.
///
/// Each method draws one number (or one whole permutation or sample); an array of NumPy is
/// [`vec`](Self::vec) of one of them:
///
/// ```
/// use yhat_tensor::random::RandomState;
///
/// let mut r = RandomState::new(43052);
/// let x = r.vec(2, RandomState::random_sample);       // r.rand(2)
/// let e = r.vec(2, |r| r.normal(0.0, 0.5));           // r.normal(0, 0.5, 2)
/// let y = r.vec(4, |r| r.binomial(1, 0.3));           // r.binomial(1, 0.3, 4)
/// # assert_eq!(x, [0.8176822552654335, 0.049532123578444054]);
/// # assert_eq!((e.len(), y.len()), (2, 4));
/// ```
///
/// A clone continues with the same numbers. To write the stream to a checkpoint take its two
/// parts, [`bits`](Self::bits) and [`cached_gauss`](Self::cached_gauss), and put them together
/// again with [`from_parts`](Self::from_parts).
#[derive(Clone, Debug)]
pub struct RandomState {
    bits: Mt19937,
    gauss: Option<f64>,
    binomial: Option<Binomial>,
}

/// Equal states continue with equal numbers. The setup of the last binomial, a mere
/// convenience, has no part in it.
impl PartialEq for RandomState {
    fn eq(&self, other: &Self) -> bool {
        self.bits == other.bits && self.gauss == other.gauss
    }
}

impl RandomState {
    /// `numpy.random.RandomState(seed)`.
    ///
    /// ```
    /// use yhat_tensor::random::RandomState;
    ///
    /// assert_eq!(RandomState::new(1).random_sample(), 0.417022004702574);
    /// ```
    #[must_use]
    pub fn new(seed: u32) -> Self {
        Self::from_parts(Mt19937::new(seed), None)
    }

    /// The state made of a bit generator and the normal number that it still owes.
    ///
    /// ```
    /// use yhat_tensor::random::RandomState;
    ///
    /// let mut r = RandomState::new(7);
    /// r.standard_normal();
    /// let mut resumed = RandomState::from_parts(r.bits().clone(), r.cached_gauss());
    /// assert_eq!(resumed.standard_normal(), r.standard_normal());
    /// ```
    #[must_use]
    pub fn from_parts(bits: Mt19937, cached_gauss: Option<f64>) -> Self {
        Self { bits, gauss: cached_gauss, binomial: None }
    }

    /// The bit generator beneath.
    #[must_use]
    pub fn bits(&self) -> &Mt19937 {
        &self.bits
    }

    /// The second number of the last pair of normals, if it has not been dealt out yet.
    #[must_use]
    pub fn cached_gauss(&self) -> Option<f64> {
        self.gauss
    }

    /// `n` draws in turn, NumPy's `size=n`.
    ///
    /// ```
    /// use yhat_tensor::random::RandomState;
    ///
    /// let mut r = RandomState::new(0);
    /// assert_eq!(r.vec(5, |r| r.randint(0, 10)), [5, 0, 3, 3, 7]);
    /// ```
    pub fn vec<T>(&mut self, n: usize, mut draw: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..n).map(|_| draw(self)).collect()
    }

    /// A number of `[0, 1)` with 53 random bits, NumPy's `random_sample()` and `rand()`.
    #[inline]
    pub fn random_sample(&mut self) -> f64 {
        self.bits.next_f64()
    }

    /// A number of `[low, high)`: `low + (high - low) U`.
    ///
    /// As in NumPy `low > high` is allowed and gives numbers of `(high, low]`.
    ///
    /// ```
    /// use yhat_tensor::random::RandomState;
    ///
    /// assert_eq!(RandomState::new(0).uniform(-1.0, 1.0), 0.0976270078546495);
    /// ```
    ///
    /// # Panics
    ///
    /// If `high - low` is not finite.
    #[track_caller]
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        let range = high - low;
        assert!(range.is_finite(), "low, high: got {low} and {high}, expected a finite high - low");
        low + range * self.random_sample()
    }

    /// A number of the normal distribution with mean 0 and deviation 1, NumPy's
    /// `standard_normal()` and `randn()`.
    ///
    /// Marsaglia's polar method (`legacy_gauss` of NumPy's legacy-distributions.c): a point
    /// `(a, b)` of the unit disc with `s = a² + b²` gives `b √(-2 ln s / s)`, and
    /// `a √(-2 ln s / s)` to the next call.
    ///
    /// ```
    /// use yhat_tensor::random::RandomState;
    ///
    /// let mut r = RandomState::new(0);
    /// assert_eq!(r.standard_normal(), 1.764052345967664);
    /// assert_eq!(r.cached_gauss(), Some(0.4001572083672233));
    /// ```
    pub fn standard_normal(&mut self) -> f64 {
        if let Some(second) = self.gauss.take() {
            return second;
        }
        let (a, b, s) = self.point_of_disc();
        let factor = (-2.0 * s.ln() / s).sqrt();
        self.gauss = Some(factor * a);
        factor * b
    }

    fn point_of_disc(&mut self) -> (f64, f64, f64) {
        loop {
            let a = 2.0 * self.random_sample() - 1.0;
            let b = 2.0 * self.random_sample() - 1.0;
            let s = a * a + b * b;
            if s < 1.0 && s != 0.0 {
                return (a, b, s);
            }
        }
    }

    /// A number of the normal distribution with mean `loc` and deviation `scale`.
    ///
    /// ```
    /// use yhat_tensor::random::RandomState;
    ///
    /// assert_eq!(RandomState::new(0).normal(10.0, 2.0), 13.528104691935328);
    /// ```
    ///
    /// # Panics
    ///
    /// If `scale` is negative or NaN.
    #[track_caller]
    pub fn normal(&mut self, loc: f64, scale: f64) -> f64 {
        check_scale(scale);
        loc + scale * self.standard_normal()
    }

    /// A number of the exponential distribution with mean 1: `-ln(1 - U)`.
    ///
    /// ```
    /// use yhat_tensor::random::RandomState;
    ///
    /// assert_eq!(RandomState::new(0).standard_exponential(), 0.79587450816311);
    /// ```
    pub fn standard_exponential(&mut self) -> f64 {
        -(1.0 - self.random_sample()).ln()
    }

    /// A number of the exponential distribution with mean `scale`.
    ///
    /// ```
    /// use yhat_tensor::random::RandomState;
    ///
    /// let mut r = RandomState::new(0);
    /// r.standard_exponential();
    /// assert_eq!(r.exponential(3.0), 3.7677922888975135);
    /// ```
    ///
    /// # Panics
    ///
    /// If `scale` is negative or NaN.
    #[track_caller]
    pub fn exponential(&mut self, scale: f64) -> f64 {
        check_scale(scale);
        scale * self.standard_exponential()
    }

    /// How many of `n` independent events happen that have probability `p` each.
    ///
    /// Inversion while the rarer outcome is expected at most 30 times, above that the
    /// algorithm BTPE of Kachitvichyanukul & Schmeiser (1988). The impossible and the certain
    /// event, and no event at all, cost a draw like any other.
    ///
    /// ```
    /// use yhat_tensor::random::RandomState;
    ///
    /// let mut r = RandomState::new(0);
    /// assert_eq!(r.vec(5, |r| r.binomial(1, 0.5)), [1, 1, 1, 1, 0]);
    /// assert_eq!(r.binomial(1000, 0.45), 466);
    /// ```
    ///
    /// # Panics
    ///
    /// If `p` is outside `[0, 1]` or NaN, or if `n` is above `i64::MAX`.
    #[track_caller]
    pub fn binomial(&mut self, n: u64, p: f64) -> u64 {
        assert!((0.0..=1.0).contains(&p), "p: got {p}, expected a probability of 0 to 1");
        let Ok(events) = i64::try_from(n) else { panic!("n: got {n}, expected at most {}", i64::MAX) };
        let binomial = match self.binomial.take() {
            Some(last) if last.is_for(events, p) => last,
            _ => Binomial::new(events, p),
        };
        let happened = binomial.sample(&mut self.bits);
        self.binomial = Some(binomial);
        happened as u64
    }

    /// An integer of `low..high`, every one as likely, NumPy's `randint(low, high)` with its
    /// default type `int64`.
    ///
    /// The draws are those of [`Mt19937::at_most`]; a range of one integer costs none.
    ///
    /// ```
    /// use yhat_tensor::random::RandomState;
    ///
    /// let mut r = RandomState::new(0);
    /// assert_eq!(r.vec(4, |r| r.randint(-1, 2)), [-1, 0, -1, 0]);
    /// ```
    ///
    /// # Panics
    ///
    /// If `low >= high`.
    #[track_caller]
    pub fn randint(&mut self, low: i64, high: i64) -> i64 {
        assert!(low < high, "low, high: got {low} and {high}, expected low < high");
        let span = high.wrapping_sub(low) as u64;
        low.wrapping_add(self.bits.at_most(span - 1) as i64)
    }

    /// Puts `items` into random order, every order as likely (Fisher & Yates, from the end).
    ///
    /// ```
    /// use yhat_tensor::random::RandomState;
    ///
    /// let mut letters = ['a', 'b', 'c', 'd'];
    /// RandomState::new(0).shuffle(&mut letters);
    /// assert_eq!(letters, ['c', 'd', 'b', 'a']);
    /// ```
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.bits.at_most(i as u64) as usize;
            items.swap(i, j);
        }
    }

    /// The numbers `0..n` in random order.
    ///
    /// ```
    /// use yhat_tensor::random::RandomState;
    ///
    /// assert_eq!(RandomState::new(0).permutation(5), [2, 0, 1, 3, 4]);
    /// ```
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut indices: Vec<usize> = (0..n).collect();
        self.shuffle(&mut indices);
        indices
    }

    /// `size` of the numbers `0..n`, each time every one as likely, NumPy's
    /// `choice(n, size, replace)`.
    ///
    /// With replacement they are draws of [`randint`](Self::randint), without it the start of a
    /// [`permutation`](Self::permutation).
    ///
    /// ```
    /// use yhat_tensor::random::RandomState;
    ///
    /// assert_eq!(RandomState::new(0).choice(5, 3, true), [4, 0, 3]);
    /// assert_eq!(RandomState::new(0).choice(5, 3, false), [2, 0, 1]);
    /// ```
    ///
    /// # Panics
    ///
    /// If there is nothing to choose from (`n` is zero and `size` is not), or if `size > n`
    /// without replacement.
    #[track_caller]
    pub fn choice(&mut self, n: usize, size: usize, replace: bool) -> Vec<usize> {
        assert!(n > 0 || size == 0, "n: got 0, expected a population to choose {size} from");
        if replace {
            return self.vec(size, |r| r.bits.at_most(n as u64 - 1) as usize);
        }
        assert!(size <= n, "size: got {size}, expected at most {n}, the population, without replacement");
        let mut indices = self.permutation(n);
        indices.truncate(size);
        indices
    }

    /// `size` of the numbers `0..p.len()`, number `i` with probability `p[i]`, NumPy's
    /// `choice(len(p), size, replace, p)`.
    ///
    /// A uniform number finds its place among the running sums of `p`. Without replacement
    /// that is done for all missing numbers at once; those met for the first time stay, their
    /// probabilities become zero, and the rest is drawn again.
    ///
    /// ```
    /// use yhat_tensor::random::RandomState;
    ///
    /// let p = [0.1, 0.0, 0.3, 0.6];
    /// assert_eq!(RandomState::new(3).choice_weighted(5, &p, true), [3, 3, 2, 3, 3]);
    /// assert_eq!(RandomState::new(3).choice_weighted(3, &p, false), [3, 2, 0]);
    /// ```
    ///
    /// # Panics
    ///
    /// If `p` is empty, has a negative or NaN entry, or does not sum to 1 (within 1.5e-8, the
    /// square root of the machine epsilon); without replacement also if fewer than `size`
    /// entries are positive.
    #[track_caller]
    pub fn choice_weighted(&mut self, size: usize, p: &[f64], replace: bool) -> Vec<usize> {
        check_probabilities(p);
        if replace {
            let sums = running_sums(p);
            return self.vec(size, |r| place(&sums, r.random_sample()));
        }
        let positive = p.iter().filter(|&&p| p > 0.0).count();
        assert!(
            size <= positive,
            "size: got {size}, expected at most {positive}, the positive entries of p, \
             without replacement"
        );
        self.distinct_weighted(size, p.to_vec())
    }

    fn distinct_weighted(&mut self, size: usize, mut p: Vec<f64>) -> Vec<usize> {
        let mut found = Vec::with_capacity(size);
        while found.len() < size {
            let sums = running_sums(&p);
            let drawn = self.vec(size - found.len(), |r| place(&sums, r.random_sample()));
            for i in drawn {
                // A probability of zero here means that i was found before.
                if p[i] != 0.0 {
                    found.push(i);
                    p[i] = 0.0;
                }
            }
        }
        found
    }
}

#[track_caller]
fn check_scale(scale: f64) {
    assert!(scale >= 0.0, "scale: got {scale}, expected a number >= 0");
}

#[track_caller]
fn check_probabilities(p: &[f64]) {
    assert!(!p.is_empty(), "p: got an empty slice, expected the probabilities of the population");
    for (i, &p) in p.iter().enumerate() {
        assert!(p >= 0.0, "p[{i}]: got {p}, expected a probability >= 0");
    }
    let sum = kahan_sum(p);
    assert!((sum - 1.0).abs() <= f64::EPSILON.sqrt(), "p: got probabilities that sum to {sum}, expected a sum of 1");
}

/// Kahan's compensated sum: the verdict on long `p` is to be NumPy's too.
fn kahan_sum(terms: &[f64]) -> f64 {
    let (mut sum, mut lost) = (0.0, 0.0);
    for &term in terms {
        let corrected = term - lost;
        let next = sum + corrected;
        lost = (next - sum) - corrected;
        sum = next;
    }
    sum
}

/// The distribution function of `p`, scaled so that it ends in exactly 1.
fn running_sums(p: &[f64]) -> Vec<f64> {
    let mut total = 0.0;
    let mut sums: Vec<f64> = p
        .iter()
        .map(|p| {
            total += p;
            total
        })
        .collect();
    sums.iter_mut().for_each(|sum| *sum /= total);
    sums
}

fn place(sums: &[f64], u: f64) -> usize {
    sums.partition_point(|&sum| sum <= u)
}
