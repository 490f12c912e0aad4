//! The random numbers of kernels.h with Rayon: a serial generator for each block.

use crate::loops::{work, Loop};
use rayon::prelude::*;
use std::slice::from_raw_parts_mut;

const RANDOM_BLOCK: usize = 4096;

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_random(d: &Loop) {
    let z = from_raw_parts_mut(d.z, d.n * RANDOM_BLOCK);
    z.par_chunks_mut(RANDOM_BLOCK).enumerate().for_each(|(i, out)| {
        let [mut a, mut b, mut c, mut e] = [0, 1, 2, 3].map(|k| work(4, 4 * i as u64 + k));
        for z in out {
            let shifted = b << 17;
            *z = (a.wrapping_add(e) >> 11) as f64 * (1.0 / 9007199254740992.0);
            c ^= a;
            e ^= b;
            b ^= c;
            a ^= e;
            c ^= shifted;
            e = e.rotate_left(45);
        }
    });
}
