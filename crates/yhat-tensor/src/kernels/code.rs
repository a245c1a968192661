//! Loops as machine code: how generated code is held and called.
//!
//! The bytes come from `crate::codegen`, whose tests hold them to the interpreter; here they get executable memory, which is
//! written first and then made executable, never both at once. A system that gives none is no error: the plan's
//! loops then run as lists of precompiled kernels.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use memmap2::{Mmap, MmapOptions};

use super::{
    ALIGN, Slot, Step,
    step::{Base, Instruction, chunk_tiles},
};

/// All generated code of a plan.
#[derive(Debug)]
pub(crate) struct Code(Mmap);

/// The code of recent plans. It holds no addresses but offsets into an arena, so that nets of the same shape share it: a
/// thousand of them trained one after another ask the system for executable memory once.
static RECENT: Mutex<VecDeque<Arc<Code>>> = Mutex::new(VecDeque::new());
const KEPT: usize = 16;

impl Code {
    /// Executable memory with these bytes; `None` if the system gives none.
    fn new(bytes: &[u8]) -> Option<Arc<Code>> {
        let mut recent = RECENT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = recent.iter().find(|code| code.0.get(..bytes.len()) == Some(bytes)) {
            return Some(known.clone());
        }
        let mut memory = MmapOptions::new().len(bytes.len()).map_anon().ok()?;
        memory.copy_from_slice(bytes);
        let code = Arc::new(Code(memory.make_exec().ok()?));
        recent.push_back(code.clone());
        if recent.len() > KEPT {
            recent.pop_front();
        }
        Some(code)
    }
}

/// A loop's function: the arena, the first row and the one after the last, the chunk's scratch memory, and whether totals
/// are added to what is there.
#[cfg(target_arch = "x86_64")]
type Function = unsafe extern "sysv64" fn(*mut u8, usize, usize, *mut u8, usize);
/// Other processors know no such convention, and no loop is generated for them.
#[cfg(not(target_arch = "x86_64"))]
type Function = unsafe extern "C" fn(*mut u8, usize, usize, *mut u8, usize);

/// A loop over rows as generated code. Like a [`LoopStep`](super::LoopStep) it goes tile by tile, so that what is added up
/// over many rows is added up in parts, and in chunks that threads take.
#[derive(Clone, Debug)]
pub(crate) struct CodeStep {
    pub(crate) rows: usize,
    pub(crate) tile: usize,
    pub(crate) chunks: usize,
    pub(crate) bytes: Vec<u8>,
    /// Where in the bytes the offset of which buffer is to be added.
    pub(crate) slots: Vec<(usize, Slot)>,
    pub(crate) scratch: Slot,
    pub(crate) scratch_bytes: usize,
    /// What is done once after all chunks: their sums joined.
    pub(crate) last: Vec<Instruction>,
    /// Where the function is, once the plan's code is made.
    pub(crate) code: Option<(Arc<Code>, usize)>,
    /// What the loop computes, for listings.
    pub(crate) names: Vec<String>,
}

/// Makes the code of all steps; whether that could be done.
pub(crate) fn install(steps: &mut [Step]) -> bool {
    let mut all = Vec::new();
    let mut starts = Vec::new();
    for step in steps.iter_mut() {
        if let Step::Code(c) = step {
            if c.place().is_none() {
                return false;
            }
            all.resize(usize::next_multiple_of(all.len(), ALIGN), 0);
            starts.push(all.len());
            all.append(&mut c.bytes);
        }
    }
    if all.is_empty() {
        return true;
    }
    let Some(code) = Code::new(&all) else { return false };
    let steps = steps.iter_mut().filter_map(|step| if let Step::Code(c) = step { Some(c) } else { None });
    steps.zip(starts).for_each(|(c, start)| c.code = Some((code.clone(), start)));
    true
}

impl CodeStep {
    /// Puts the places of buffers into the bytes; `None` if one is too far away to be addressed.
    fn place(&mut self) -> Option<()> {
        for (at, slot) in &self.slots {
            let field = &mut self.bytes[*at..*at + 4];
            let disp = i32::from_le_bytes(field.try_into().ok()?);
            let placed = disp.checked_add(i32::try_from(slot.offset()).ok()?)?;
            field.copy_from_slice(&placed.to_le_bytes());
        }
        Some(())
    }

    /// # Safety
    /// `base` is the arena of a workspace of the plan that the step belongs to.
    #[inline]
    pub(super) unsafe fn run(&self, base: *mut u8) {
        let Some((code, at)) = &self.code else { unreachable!("a plan's code is made with it") };
        // SAFETY: at this offset begins a function of this type, made for the buffers of this arena; the memory is executable
        // and lives as long as the step.
        let function: Function = unsafe { std::mem::transmute(code.0.as_ptr().add(*at)) };
        if self.rows <= self.tile {
            // SAFETY: as above.
            return unsafe { function(base, 0, self.rows, base.add(self.scratch.offset()), 0) };
        }
        let base = Base(base);
        super::parallel(self.chunks, &|chunk| {
            for tile in chunk_tiles(self.rows, self.tile, self.chunks, chunk) {
                let (row, later) = (tile.start, tile.later);
                let end = self.rows.min(row + self.tile);
                // SAFETY: as above; a chunk writes to its own rows and scratch memory.
                unsafe {
                    let scratch = base.add(self.scratch.offset() + chunk * self.scratch_bytes);
                    function(base.add(0), row, end, scratch, usize::from(later));
                }
            }
        });
        for i in &self.last {
            // SAFETY: as for `Step::run`.
            unsafe { i.run(base, 0, 0, 0, false) };
        }
    }
}
