//! The searches of algo_find.h with Rayon.

use rayon::prelude::*;
use std::slice::from_raw_parts;

#[repr(C)]
pub struct Find {
    n: usize,
    hit: usize,
    x: *const i32,
    y: *const f64,
    z: *const f64,
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_find_value(d: &Find) -> usize {
    let x = from_raw_parts(d.x, d.n);
    x.par_iter().position_first(|&v| v == 1).unwrap_or(d.n)
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_find_predicate(d: &Find) -> usize {
    let y = from_raw_parts(d.y, d.n);
    y.par_iter().position_first(|&v| v < 0.0).unwrap_or(d.n)
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_find_mismatch(d: &Find) -> usize {
    let (y, z) = (from_raw_parts(d.y, d.n), from_raw_parts(d.z, d.n));
    y.par_iter().zip(z).position_first(|(a, b)| a != b).unwrap_or(d.n)
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_find_min_by(d: &Find) -> usize {
    let y = from_raw_parts(d.y, d.n);
    let pairs = y.par_iter().enumerate();
    pairs.min_by(|a, b| a.1.partial_cmp(b.1).unwrap()).map_or(d.n, |(i, _)| i)
}
