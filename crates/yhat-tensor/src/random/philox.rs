/// Philox4x32-10 of Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3"
/// (SC 2011): a block of four words for every pair of a key and a counter.
///
/// As TensorFlow sets it up, the key is the first seed of an op, the upper half of the counter
/// its second seed, and the lower half numbers the blocks.
///
/// ```
/// use yhat_tensor::random::Philox;
///
/// let mut philox = Philox::new(0, 0);
/// assert_eq!(philox.next_block(), [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Philox {
    key: u64,
    counter: u128,
}

impl Philox {
    /// The generator of the op with these two seeds, at its first block.
    #[must_use]
    pub fn new(seed: u64, op_seed: u64) -> Self {
        Self { key: seed, counter: u128::from(op_seed) << 64 }
    }

    /// Passes over `blocks` blocks, however many, at once.
    ///
    /// ```
    /// use yhat_tensor::random::Philox;
    ///
    /// let (mut skipped, mut read) = (Philox::new(1, 2), Philox::new(1, 2));
    /// skipped.skip(2);
    /// read.next_block();
    /// read.next_block();
    /// assert_eq!(skipped, read);
    /// ```
    #[inline]
    pub fn skip(&mut self, blocks: u64) {
        self.counter = self.counter.wrapping_add(u128::from(blocks));
    }

    /// The next block of four words.
    #[inline]
    pub fn next_block(&mut self) -> [u32; 4] {
        let mut block = words(self.counter);
        let mut key = [self.key as u32, (self.key >> 32) as u32];
        for _ in 0..10 {
            block = round(block, key);
            key[0] = key[0].wrapping_add(0x9e37_79b9);
            key[1] = key[1].wrapping_add(0xbb67_ae85);
        }
        self.skip(1);
        block
    }
}

/// The words of the counter, the least significant first.
#[inline]
fn words(counter: u128) -> [u32; 4] {
    [0, 32, 64, 96].map(|shift| (counter >> shift) as u32)
}

#[inline]
fn round(block: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let a = u64::from(block[0]) * 0xd251_1f53;
    let b = u64::from(block[2]) * 0xcd9e_8d57;
    [(b >> 32) as u32 ^ block[1] ^ key[0], b as u32, (a >> 32) as u32 ^ block[3] ^ key[1], a as u32]
}
