//! A filter with Rayon: the parallel iterator's own, collected into a vector.

use rayon::prelude::*;
use std::slice::from_raw_parts;
use std::sync::Mutex;

/// The last result, which the caller looks at.
static KEPT: Mutex<Vec<i32>> = Mutex::new(Vec::new());

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_filter(x: *const i32, n: usize, result: *mut *const i32) -> usize {
    let mut kept = KEPT.lock().unwrap();
    *kept = from_raw_parts(x, n).par_iter().copied().filter(|x| *x < 0).collect();
    *result = kept.as_ptr();
    kept.len()
}
