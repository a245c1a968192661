use super::Mt19937;

/// CPython's `random.Random` seeded by an integer.
///
/// TensorFlow's eager context draws the seed of every random op from one of these
/// ([`OpSeeds`](super::OpSeeds)).
///
/// ```
/// use yhat_tensor::random::CPythonRandom;
///
/// let mut random = CPythonRandom::new(42);
/// assert_eq!(random.random(), 0.6394267984578837);
/// assert_eq!(random.randint(1, 6), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CPythonRandom {
    bits: Mt19937,
}

impl CPythonRandom {
    /// `random.Random(seed)`: the Mersenne Twister seeded by the 32-bit words of `|seed|`, the
    /// least significant first. A seed and its negative give the same stream.
    #[must_use]
    pub fn new(seed: i64) -> Self {
        let magnitude = seed.unsigned_abs();
        let words = [magnitude as u32, (magnitude >> 32) as u32];
        let significant = if words[1] == 0 { 1 } else { 2 };
        Self { bits: Mt19937::from_words(&words[..significant]) }
    }

    /// A number of `[0, 1)` with 53 random bits.
    pub fn random(&mut self) -> f64 {
        self.bits.next_f64()
    }

    /// An integer of `low..=high`, every one as likely.
    ///
    /// As many bits as the *count* of the integers has, drawn again until they are below it
    /// (`_randbelow_with_getrandbits` of CPython's random.py). A count that is a power of two
    /// thus has one bit more than it needs and is redrawn every other time.
    ///
    /// # Panics
    ///
    /// If `low > high`, or if the range is all of `i64`.
    #[track_caller]
    pub fn randint(&mut self, low: i64, high: i64) -> i64 {
        assert!(low <= high, "low, high: got {low} and {high}, expected low <= high");
        let count = (high.wrapping_sub(low) as u64).checked_add(1);
        let count = count.expect("low, high: got all of i64, expected at most 2^64 - 1 integers");
        low.wrapping_add(self.below(count) as i64)
    }

    fn below(&mut self, count: u64) -> u64 {
        let width = u64::BITS - count.leading_zeros();
        loop {
            let drawn = self.random_bits(width);
            if drawn < count {
                return drawn;
            }
        }
    }

    /// `getrandbits(width)`: whole words, the least significant first, the last one cut from
    /// above.
    fn random_bits(&mut self, width: u32) -> u64 {
        let first = self.bits.next_u32();
        if width <= 32 {
            return u64::from(first >> (32 - width));
        }
        let second = self.bits.next_u32() >> (64 - width);
        u64::from(second) << 32 | u64::from(first)
    }
}
