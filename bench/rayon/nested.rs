//! The nested family with Rayon: a parallel iterator inside another.

use crate::loops::Loop;
use rayon::prelude::*;

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_nested(d: &Loop, parts: usize) {
    let n = d.n / parts;
    d.z().par_chunks_mut(n).zip(d.x().par_chunks(n)).for_each(|(z, x)| {
        z.par_iter_mut().zip(x).for_each(|(z, x)| *z = 2.0 * x + 1.0);
    });
}
