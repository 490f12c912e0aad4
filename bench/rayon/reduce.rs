//! The reductions of kernels_reduce.h with Rayon: chunks, each folded in eight lanes.

use rayon::prelude::*;
use std::slice::from_raw_parts;

/// Items of one task of a reduction: 64 KiB, so that the eight lanes below pay.
const FOLD_CHUNK: usize = 8192;

fn fold(n: usize, term: impl Fn(usize) -> f64) -> f64 {
    let mut lanes = [0.0f64; 8];
    let whole = n - n % 8;
    let mut i = 0;
    while i < whole {
        for (k, lane) in lanes.iter_mut().enumerate() {
            *lane += term(i + k);
        }
        i += 8;
    }
    (whole..n).map(&term).sum::<f64>() + lanes.iter().sum::<f64>()
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_sum(x: *const f64, n: usize) -> f64 {
    from_raw_parts(x, n)
        .par_chunks(FOLD_CHUNK)
        .map(|c| fold(c.len(), |i| unsafe { *c.get_unchecked(i) }))
        .sum()
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_dot(x: *const f64, y: *const f64, n: usize) -> f64 {
    from_raw_parts(x, n)
        .par_chunks(FOLD_CHUNK)
        .zip(from_raw_parts(y, n).par_chunks(FOLD_CHUNK))
        .map(|(a, b)| {
            fold(a.len(), |i| unsafe { *a.get_unchecked(i) * *b.get_unchecked(i) })
        })
        .sum()
}

fn lesser(a: f64, b: f64) -> f64 {
    if b < a { b } else { a }
}

fn greater(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

#[derive(Clone, Copy)]
struct Moments {
    sum: f64,
    squares: f64,
    min: f64,
    max: f64,
}

impl Moments {
    const NONE: Moments = Moments { sum: 0.0, squares: 0.0, min: 1e300, max: -1e300 };

    fn and(self, x: Moments) -> Moments {
        Moments {
            sum: self.sum + x.sum,
            squares: self.squares + x.squares,
            min: lesser(self.min, x.min),
            max: greater(self.max, x.max),
        }
    }
}

/// Eight lanes of any state, as in kernels_reduce.h.
fn lanes<T: Copy>(c: &[f64], start: T, step: impl Fn(T, f64) -> T, merge: impl Fn(T, T) -> T) -> T {
    let mut lanes = [start; 8];
    let rows = c.chunks_exact(8);
    let rest = rows.remainder();
    for row in rows {
        for k in 0..8 {
            lanes[k] = step(lanes[k], row[k]);
        }
    }
    for x in rest {
        lanes[0] = step(lanes[0], *x);
    }
    lanes.into_iter().reduce(merge).unwrap()
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_min(x: *const f64, n: usize) -> f64 {
    from_raw_parts(x, n)
        .par_chunks(FOLD_CHUNK)
        .map(|c| lanes(c, c[0], lesser, lesser))
        .reduce(|| f64::INFINITY, lesser)
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_minmax(x: *const f64, n: usize) -> f64 {
    let merge = |a: (f64, f64), b: (f64, f64)| (lesser(a.0, b.0), greater(a.1, b.1));
    let x = from_raw_parts(x, n);
    let (min, max) = x
        .par_chunks(FOLD_CHUNK)
        .map(|c| lanes(c, (c[0], c[0]), |m, x| merge(m, (x, x)), merge))
        .reduce(|| (x[0], x[0]), merge);
    max * 4096.0 + min
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_index(x: *const f64, n: usize) -> f64 {
    let x = from_raw_parts(x, n);
    let place = x
        .par_iter()
        .enumerate()
        .map(|(i, x)| (*x, i))
        .reduce(|| (f64::INFINITY, usize::MAX), |a, b| {
            if b.0 < a.0 || (b.0 == a.0 && b.1 < a.1) { b } else { a }
        });
    place.1 as f64
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_moments(x: *const f64, n: usize) -> f64 {
    let item = |m: Moments, x: f64| m.and(Moments { sum: x, squares: x * x, min: x, max: x });
    let m = from_raw_parts(x, n)
        .par_chunks(FOLD_CHUNK)
        .map(|c| lanes(c, Moments::NONE, item, Moments::and))
        .reduce(|| Moments::NONE, Moments::and);
    m.squares + m.sum + m.min + m.max
}
