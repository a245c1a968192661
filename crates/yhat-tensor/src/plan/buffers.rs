//! Where values are while a plan runs: one arena, every buffer at an offset fixed by its lifetime.

use crate::kernels::{ALIGN, Slot, Step};

#[derive(Clone, Debug)]
struct Buffer {
    bytes: usize,
    /// Lives from before the first step to after the last.
    permanent: bool,
}

/// All buffers of a plan in the making.
#[derive(Debug, Default)]
pub(super) struct Buffers(Vec<Buffer>);

impl Buffers {
    /// A buffer that keeps its place for the whole run: variables, constants, inputs, outputs.
    pub(super) fn permanent(&mut self, bytes: usize) -> Slot {
        self.new_buffer(bytes, true)
    }

    /// A buffer that lives from the first step that writes it to the last that uses it.
    pub(super) fn temporary(&mut self, bytes: usize) -> Slot {
        self.new_buffer(bytes, false)
    }

    fn new_buffer(&mut self, bytes: usize, permanent: bool) -> Slot {
        // An empty buffer still has a place of its own.
        let bytes = bytes.max(1).next_multiple_of(ALIGN);
        self.0.push(Buffer { bytes, permanent });
        Slot(self.0.len() - 1)
    }

    /// Places all buffers, puts offsets into the slots of `steps` and `fixed`, and gives the size of the arena.
    ///
    /// Permanent buffers come first. The others are placed largest first, each at the lowest offset where it meets no
    /// buffer that lives at the same time; without `reuse`, all live always.
    pub(super) fn place(self, steps: &mut [Step], fixed: Vec<&mut Slot>, reuse: bool) -> usize {
        let count = self.0.len();
        let mut lives = vec![(usize::MAX, 0); count];
        for (i, step) in steps.iter_mut().enumerate() {
            step.slots(&mut |slot, _| {
                let life: &mut (usize, usize) = &mut lives[slot.0];
                *life = (life.0.min(i), life.1.max(i));
            });
        }
        let mut offsets = vec![0; count];
        let mut end = 0;
        for (i, buffer) in self.0.iter().enumerate().filter(|(_, b)| b.permanent || !reuse) {
            offsets[i] = end;
            end += buffer.bytes;
        }
        let start = end;
        let mut order: Vec<usize> =
            (0..count).filter(|&i| !self.0[i].permanent && reuse && lives[i].0 <= lives[i].1).collect();
        order.sort_by_key(|&i| (std::cmp::Reverse(self.0[i].bytes), i));
        // In the order of their offsets.
        let mut placed: Vec<usize> = Vec::new();
        for i in order {
            let meets = |j: &&usize| lives[**j].0 <= lives[i].1 && lives[i].0 <= lives[**j].1;
            let mut at = start;
            for &j in placed.iter().filter(meets) {
                if at + self.0[i].bytes <= offsets[j] {
                    break;
                }
                at = at.max(offsets[j] + self.0[j].bytes);
            }
            offsets[i] = at;
            end = end.max(at + self.0[i].bytes);
            placed.insert(placed.partition_point(|&j| offsets[j] < at), i);
        }
        let set = |slot: &mut Slot| slot.0 = offsets[slot.0];
        steps.iter_mut().for_each(|step| step.slots(&mut |slot, _| set(slot)));
        fixed.into_iter().for_each(set);
        end
    }
}
