use super::{CPythonRandom, Philox};

/// The largest 32-bit seed. TensorFlow takes both seeds of an op modulo this number.
const MAX_SEED: i64 = i32::MAX as i64;

/// TensorFlow's graph seed where the program has set none and an op has its own.
const DEFAULT_SEED: i64 = 87_654_321;

/// The stream of op seeds that `tf.random.set_seed` starts: each random op run eagerly takes
/// the next one.
///
/// The op seeds are `random.Random(seed).randint(0, 2**31 - 1)` of CPython, one after the
/// other. The seed and the op seed, each modulo `2^31 - 1`, make the [`Philox`] of the op; the
/// pair (0, 0) becomes (0, 2^31 - 1), because to TensorFlow's kernels it would mean no seed.
///
/// Where a stream stands is told by two numbers, its [`seed`](Self::seed) and how many op
/// seeds it has [`dealt`](Self::dealt).
///
/// ```
/// use yhat_tensor::random::{OpSeeds, distributions};
///
/// let mut ops = OpSeeds::new(0);
/// assert_eq!(distributions::uniform::<f32>(ops.next_op(), 1), [0.29197514]);
/// assert_eq!(distributions::uniform::<f32>(ops.next_op(), 2), [0.5554141, 0.22129297]);
///
/// let mut resumed = OpSeeds::resume(ops.seed(), ops.dealt());
/// assert_eq!(resumed.next_op(), ops.next_op());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpSeeds {
    seed: Option<i64>,
    dealt: u64,
    random: CPythonRandom,
}

impl OpSeeds {
    /// The stream after `tf.random.set_seed(seed)`.
    #[must_use]
    pub fn new(seed: i64) -> Self {
        Self::resume(Some(seed), 0)
    }

    /// The stream of a program that has set no seed, also the [`Default`].
    ///
    /// TensorFlow then takes whatever seeds the system gives it. Here the op seeds are those
    /// of seed 0, so that the same program always computes the same bits.
    #[must_use]
    pub fn unseeded() -> Self {
        Self::resume(None, 0)
    }

    /// The stream that stands where [`seed`](Self::seed) and [`dealt`](Self::dealt) were read,
    /// for instance out of a checkpoint. The op seeds dealt so far are drawn again, which
    /// takes some ten nanoseconds each.
    #[must_use]
    pub fn resume(seed: Option<i64>, dealt: u64) -> Self {
        let mut random = CPythonRandom::new(seed.unwrap_or(0));
        for _ in 0..dealt {
            random.randint(0, MAX_SEED);
        }
        Self { seed, dealt, random }
    }

    /// The seed, if the program has set one.
    #[must_use]
    pub fn seed(&self) -> Option<i64> {
        self.seed
    }

    /// How many op seeds have been dealt out.
    #[must_use]
    pub fn dealt(&self) -> u64 {
        self.dealt
    }

    /// The generator of the next op that has no seed of its own.
    pub fn next_op(&mut self) -> Philox {
        let op_seed = self.random.randint(0, MAX_SEED);
        self.dealt += 1;
        generator(self.seed.unwrap_or(0), op_seed)
    }

    /// The generator of an op that brings its own seed, such as an initializer made with
    /// `seed=1`. It takes nothing from the stream.
    ///
    /// If an op of the same kind runs again with the same seed, TensorFlow continues the stream
    /// of the first one, as if it had drawn 256 blocks for each number: after `n` numbers that
    /// is [`skip`](Philox::skip)`(256 * n)`. `set_seed` begins anew.
    ///
    /// ```
    /// use yhat_tensor::random::{OpSeeds, distributions};
    ///
    /// // tf.random.uniform([2], seed=1), twice, in a program that sets no seed
    /// let mut philox = OpSeeds::unseeded().seeded_op(1);
    /// assert_eq!(distributions::uniform::<f32>(philox.clone(), 2), [0.2390374, 0.92039955]);
    /// philox.skip(256 * 2);
    /// assert_eq!(distributions::uniform::<f32>(philox, 2), [0.34304976, 0.1896193]);
    /// ```
    #[must_use]
    pub fn seeded_op(&self, op_seed: i64) -> Philox {
        generator(self.seed.unwrap_or(DEFAULT_SEED), op_seed)
    }
}

impl Default for OpSeeds {
    fn default() -> Self {
        Self::unseeded()
    }
}

fn generator(seed: i64, op_seed: i64) -> Philox {
    let seeds = [seed, op_seed].map(|seed| seed.rem_euclid(MAX_SEED) as u64);
    match seeds {
        [0, 0] => Philox::new(0, MAX_SEED as u64),
        [seed, op_seed] => Philox::new(seed, op_seed),
    }
}
