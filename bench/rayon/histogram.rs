//! The histograms of kernels.h with Rayon: a table for each task of its fold.

use rayon::prelude::*;
use std::slice::{from_raw_parts, from_raw_parts_mut};

/// Items of one task of a histogram: 64 KiB, so that the table of counts is small beside them.
const HISTOGRAM_CHUNK: usize = 65536;

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_histogram(x: *const u8, n: usize, counts: *mut u64) {
    let bins = from_raw_parts(x, n)
        .par_chunks(HISTOGRAM_CHUNK)
        .fold(
            || [0u64; 256],
            |mut bins, chunk| {
                for b in chunk {
                    bins[usize::from(*b)] += 1;
                }
                bins
            },
        )
        .reduce(
            || [0u64; 256],
            |mut a, b| {
                a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
                a
            },
        );
    from_raw_parts_mut(counts, 256).copy_from_slice(&bins);
}

/// A table for each task of the fold, so only a few tasks a thread.
#[no_mangle]
pub unsafe extern "C" fn bench_rayon_histogram_wide(x: *const u16, n: usize, counts: *mut u64) {
    const BINS: usize = 65536;
    let bins = from_raw_parts(x, n)
        .par_chunks(n / (4 * rayon::current_num_threads()) + 1)
        .fold(
            || vec![0u64; BINS],
            |mut bins, chunk| {
                for x in chunk {
                    bins[usize::from(*x)] += 1;
                }
                bins
            },
        )
        .reduce(Vec::new, |mut a, b| {
            if a.is_empty() {
                return b;
            }
            a.iter_mut().zip(&b).for_each(|(a, b)| *a += b);
            a
        });
    from_raw_parts_mut(counts, BINS).copy_from_slice(&bins);
}
