//! The works on disk, for peers in other languages: `works.json`, and the arrays as NumPy's `.npy` files.
//!
//! A training's folder has `x`, `y`, the initial weights `p0`, `p1`, ... (kernel, bias, kernel, ...) and, where batches
//! are smaller than the data, `order` (an order of the rows for each epoch). `w4` has `x`, `y`, `w0`, `w1`; `w6` has
//! weights with an axis of seeds before the others.

use std::{fs, path::Path};

use yhat::Array;
use yhat_tensor::{DType, array::Data as Elements};

use crate::{
    data, ours,
    side::Result,
    works::{self, Kind, Training, Work},
};

/// Writes everything into `folder`.
pub fn all(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let works = works::all();
    fs::write(folder.join("works.json"), serde_json::to_string_pretty(&works)?)?;
    works.iter().try_for_each(|work| export(work, folder))
}

fn export(work: &Work, folder: &Path) -> Result<()> {
    match &work.kind {
        Kind::Train { net } | Kind::Own { net } => training(net, &folder.join(net.folder)),
        Kind::Surfaces { samples, double: true } => surfaces(*samples, &folder.join(work.name)),
        Kind::Seeds { net, seeds } => all_seeds(net, *seeds, &folder.join(work.name)),
        // The rest works on what these have written.
        _ => Ok(()),
    }
}

fn training(net: &Training, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let data = net.data.make();
    npy(&folder.join("x.npy"), &data.x)?;
    npy(&folder.join("y.npy"), &data.y)?;
    for (i, weight) in ours::initial_weights(net)?.iter().enumerate() {
        npy(&folder.join(format!("p{i}.npy")), weight)?;
    }
    if net.batch < net.data.rows() {
        let orders = data::orders(net);
        let all: Vec<i64> = orders.iter().flatten().map(|row| *row as i64).collect();
        npy(&folder.join("order.npy"), &Array::new([orders.len(), net.data.rows()], all)?)?;
    }
    Ok(())
}

fn surfaces(samples: usize, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let ((x, y), (w0, w1)) = (data::surface_samples(samples), data::grid());
    for (name, values) in [("x", x), ("y", y), ("w0", w0), ("w1", w1)] {
        npy(&folder.join(format!("{name}.npy")), &Array::from(values))?;
    }
    Ok(())
}

fn all_seeds(net: &Training, seeds: usize, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let of = |seed: usize| ours::initial_weights(&Training { seed: seed as i64, ..net.clone() });
    let nets = (0..seeds).map(of).collect::<Result<Vec<_>>>()?;
    for i in 0..nets[0].len() {
        let all: Vec<Array> = nets.iter().map(|weights| weights[i].clone()).collect();
        npy(&folder.join(format!("p{i}.npy")), &Array::stack(&all))?;
    }
    Ok(())
}

/// NumPy's format, version 1.0: a magic number, a line of Python that ends at a multiple of 64 bytes, the elements.
fn npy(path: &Path, array: &Array) -> Result<()> {
    fn bytes<T: Copy, const N: usize>(elements: &[T], of: fn(T) -> [u8; N]) -> Vec<u8> {
        elements.iter().flat_map(|x| of(*x)).collect()
    }
    let array = if array.dtype() == DType::Bool { array.cast(DType::I64) } else { array.clone() };
    let (kind, elements) = match array.data() {
        Elements::F32(v) => ("<f4", bytes(v, f32::to_le_bytes)),
        Elements::F64(v) => ("<f8", bytes(v, f64::to_le_bytes)),
        Elements::I64(v) => ("<i8", bytes(v, i64::to_le_bytes)),
        Elements::Bool(_) => return Err("booleans were cast".into()),
    };
    let shape: String = array.shape().iter().map(|n| format!("{n}, ")).collect();
    let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape}), }}");
    let padding = 64 - (10 + header.len() + 1) % 64;
    let header = format!("{header}{}\n", " ".repeat(padding));
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
    file.extend(elements);
    Ok(fs::write(path, file)?)
}
