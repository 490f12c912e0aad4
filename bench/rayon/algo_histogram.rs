//! The histograms of algo_histogram.h with Rayon: a table for each task of its fold.

use rayon::prelude::*;
use std::slice::{from_raw_parts, from_raw_parts_mut};

#[repr(C)]
pub struct Histogram {
    n: usize,
    n_buckets: usize,
    keys: *const u32,
    counts: *mut usize,
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_count_keys(d: &Histogram) {
    let keys = from_raw_parts(d.keys, d.n);
    let n_buckets = d.n_buckets;
    // A few tasks a thread: each clears a table.
    let chunk = d.n / (4 * rayon::current_num_threads()) + 1;
    let counts = keys
        .par_chunks(chunk)
        .fold(
            || vec![0usize; n_buckets],
            |mut counts, keys| {
                for &key in keys {
                    counts[key as usize] += 1;
                }
                counts
            },
        )
        .reduce(
            || Vec::new(),
            |mut a, b| {
                if a.is_empty() {
                    return b;
                }
                a.iter_mut().zip(&b).for_each(|(a, b)| *a += b);
                a
            },
        );
    from_raw_parts_mut(d.counts, n_buckets).copy_from_slice(&counts);
}
