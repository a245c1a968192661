use std::error::Error;
use std::fmt;

const N: usize = 624;
const M: usize = 397;
const UPPER_BIT: u32 = 0x8000_0000;
const LOWER_BITS: u32 = 0x7fff_ffff;

/// The Mersenne Twister MT19937 of Matsumoto & Nishimura (1998), the bits beneath NumPy's
/// `RandomState` and CPython's `random.Random`.
///
/// The state is a key of 624 words and the position of the next unread one, the same numbers
/// that `numpy.random.RandomState.get_state()` shows.
///
/// ```
/// use yhat_tensor::random::Mt19937;
///
/// let mut bits = Mt19937::new(5489);
/// assert_eq!(bits.next_u32(), 3499211612); // the authors' published output
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Mt19937 {
    key: [u32; N],
    position: usize,
}

impl Mt19937 {
    /// The generator seeded by one word: `init_genrand` of the authors' mt19937ar.c.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        let mut key = [0; N];
        key[0] = seed;
        for i in 1..N {
            key[i] = spread(key[i - 1]).wrapping_mul(1_812_433_253).wrapping_add(i as u32);
        }
        Self { key, position: N }
    }

    /// The generator seeded by any number of words: `init_by_array` of the authors'
    /// mt19937ar.c.
    ///
    /// ```
    /// use yhat_tensor::random::Mt19937;
    ///
    /// let mut bits = Mt19937::from_words(&[0x123, 0x234, 0x345, 0x456]);
    /// assert_eq!(bits.next_u32(), 1067595299); // the authors' published output
    /// ```
    ///
    /// # Panics
    ///
    /// If `words` is empty.
    #[must_use]
    #[track_caller]
    pub fn from_words(words: &[u32]) -> Self {
        assert!(!words.is_empty(), "words: got an empty slice, expected at least one seed word");
        let mut key = Self::new(19_650_218).key;
        let mut i = 1;
        for round in 0..N.max(words.len()) {
            let j = round % words.len();
            key[i] =
                (key[i] ^ spread(key[i - 1]).wrapping_mul(1_664_525)).wrapping_add(words[j]).wrapping_add(j as u32);
            i = step(&mut key, i);
        }
        for _ in 1..N {
            key[i] = (key[i] ^ spread(key[i - 1]).wrapping_mul(1_566_083_941)).wrapping_sub(i as u32);
            i = step(&mut key, i);
        }
        key[0] = UPPER_BIT;
        Self { key, position: N }
    }

    /// The generator that stands where [`key`](Self::key) and [`position`](Self::position)
    /// were read, for instance out of a checkpoint.
    ///
    /// ```
    /// use yhat_tensor::random::Mt19937;
    ///
    /// let mut bits = Mt19937::new(7);
    /// bits.next_u32();
    /// let mut resumed = Mt19937::from_parts(*bits.key(), bits.position()).unwrap();
    /// assert_eq!(resumed.next_u32(), bits.next_u32());
    /// assert!(Mt19937::from_parts(*bits.key(), 625).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// If no generator can stand there: `position` is above 624, or the key is the all-zero
    /// one, whose only output is zero.
    pub fn from_parts(key: [u32; N], position: usize) -> Result<Self, InvalidState> {
        let silent = key[0] & UPPER_BIT == 0 && key[1..].iter().all(|&word| word == 0);
        if position > N {
            Err(InvalidState::Position(position))
        } else if silent {
            Err(InvalidState::ZeroKey)
        } else {
            Ok(Self { key, position })
        }
    }

    /// The 624 words of the key.
    #[must_use]
    pub fn key(&self) -> &[u32; N] {
        &self.key
    }

    /// The place in the key of the next word to be read, `0..=624`.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    /// The next 32 bits.
    #[inline]
    pub fn next_u32(&mut self) -> u32 {
        if self.position == N {
            self.twist();
        }
        let word = self.key[self.position];
        self.position += 1;
        temper(word)
    }

    /// The next 64 bits, the upper half drawn first as NumPy does.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        let upper = u64::from(self.next_u32());
        let lower = u64::from(self.next_u32());
        upper << 32 | lower
    }

    /// A number of `[0, 1)` with 53 random bits: `(a 2^26 + b) / 2^53`, where `a` is the upper
    /// 27 bits of one word and `b` the upper 26 bits of the next.
    #[inline]
    pub fn next_f64(&mut self) -> f64 {
        let a = f64::from(self.next_u32() >> 5);
        let b = f64::from(self.next_u32() >> 6);
        (a * 67_108_864.0 + b) / 9_007_199_254_740_992.0
    }

    /// An integer of `0..=max`, every one as likely: as many bits as `max` has, drawn again
    /// until they do not exceed it.
    ///
    /// A `max` that fits 32 bits costs 32-bit draws, a larger one 64-bit draws, and zero costs
    /// nothing (`random_interval` of NumPy's distributions.c).
    ///
    /// ```
    /// use yhat_tensor::random::Mt19937;
    ///
    /// let mut bits = Mt19937::new(0);
    /// assert_eq!(bits.at_most(0), 0);
    /// assert_eq!(bits.position(), 624);
    /// assert_eq!([(); 4].map(|()| bits.at_most(9)), [5, 0, 3, 3]);
    /// ```
    #[inline]
    pub fn at_most(&mut self, max: u64) -> u64 {
        if max == 0 {
            return 0;
        }
        let mask = u64::MAX >> max.leading_zeros();
        loop {
            let bits = if max <= u64::from(u32::MAX) { u64::from(self.next_u32()) } else { self.next_u64() };
            if bits & mask <= max {
                return bits & mask;
            }
        }
    }

    /// Renews all 624 words at once; three loops spare the inner ones a modulo.
    fn twist(&mut self) {
        let key = &mut self.key;
        for i in 0..N - M {
            key[i] = key[i + M] ^ mix(key[i], key[i + 1]);
        }
        for i in N - M..N - 1 {
            key[i] = key[i + M - N] ^ mix(key[i], key[i + 1]);
        }
        key[N - 1] = key[M - 1] ^ mix(key[N - 1], key[0]);
        self.position = 0;
    }
}

impl fmt::Debug for Mt19937 {
    /// Shows the position and the first words: 624 of them would hide what a reader looks for.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mt19937")
            .field("position", &self.position)
            .field("key[..4]", &&self.key[..4])
            .finish_non_exhaustive()
    }
}

/// Why [`Mt19937::from_parts`] refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidState {
    /// The position is above 624.
    Position(usize),
    /// The key is zero in all the bits that the recurrence reads.
    ZeroKey,
}

impl fmt::Display for InvalidState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Position(position) => write!(f, "position: got {position}, expected 0..=624"),
            Self::ZeroKey => write!(f, "key: got all zeros, expected at least one bit set"),
        }
    }
}

impl Error for InvalidState {}

fn spread(word: u32) -> u32 {
    word ^ (word >> 30)
}

/// The next index of `init_by_array`, which goes round the words `1..624` and carries the last
/// one into word 0 when it passes there.
fn step(key: &mut [u32; N], i: usize) -> usize {
    if i + 1 < N {
        return i + 1;
    }
    key[0] = key[N - 1];
    1
}

#[inline]
fn mix(word: u32, next: u32) -> u32 {
    let y = (word & UPPER_BIT) | (next & LOWER_BITS);
    (y >> 1) ^ ((y & 1).wrapping_neg() & 0x9908_b0df)
}

#[inline]
fn temper(mut y: u32) -> u32 {
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c_5680;
    y ^= (y << 15) & 0xefc6_0000;
    y ^ (y >> 18)
}
