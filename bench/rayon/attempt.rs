//! Loops that can fail, with Rayon's try_for_each.

use rayon::prelude::*;
use std::slice::{from_raw_parts, from_raw_parts_mut};

#[repr(C)]
pub struct Try {
    n: usize,
    block: usize,
    x: *const f64,
    z: *mut f64,
}

fn item(z: &mut f64, x: &f64, i: usize) -> Result<(), usize> {
    if *x < 0.0 {
        return Err(i);
    }
    *z = 2.0 * x + 1.0;
    Ok(())
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_try(d: &Try) -> usize {
    let (x, z, block) = (from_raw_parts(d.x, d.n), from_raw_parts_mut(d.z, d.n), d.block);
    let done = if block == 0 {
        z.par_iter_mut().zip(x).enumerate().try_for_each(|(i, (z, x))| item(z, x, i))
    } else {
        z.par_chunks_mut(block).zip(x.par_chunks(block)).enumerate().try_for_each(|(b, (z, x))| {
            z.iter_mut().zip(x).enumerate().try_for_each(|(i, (z, x))| item(z, x, b * block + i))
        })
    };
    done.err().unwrap_or(d.n)
}
