//! The loops of kernels.h with Rayon's parallel iterators.

use rayon::prelude::*;
use std::slice::{from_raw_parts, from_raw_parts_mut};

#[repr(C)]
pub struct Loop {
    pub n: usize,
    x: *const f64,
    y: *const f64,
    cost: *const u32,
    row: *const u32,
    column: *const u32,
    value: *const f64,
    pub z: *mut f64,
    words: *mut u64,
    small: *mut u32,
}

impl Loop {
    pub unsafe fn x(&self) -> &[f64] {
        from_raw_parts(self.x, self.n)
    }
    unsafe fn y(&self) -> &[f64] {
        from_raw_parts(self.y, self.n)
    }
    unsafe fn cost(&self) -> &[u32] {
        from_raw_parts(self.cost, self.n)
    }
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn z(&self) -> &mut [f64] {
        from_raw_parts_mut(self.z, self.n)
    }
    #[allow(clippy::mut_from_ref)]
    unsafe fn words(&self) -> &mut [u64] {
        from_raw_parts_mut(self.words, self.n)
    }
    #[allow(clippy::mut_from_ref)]
    unsafe fn small(&self) -> &mut [u32] {
        from_raw_parts_mut(self.small, self.n)
    }
}

pub fn work(steps: u64, seed: u64) -> u64 {
    let mut x = seed;
    for _ in 0..steps {
        x = (x ^ (x >> 29))
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
    }
    x
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_nothing(d: &Loop) {
    (0..d.n).into_par_iter().for_each(|i| {
        std::arch::asm!("/* {0} */", in(reg) i, options(nomem, nostack, preserves_flags));
    });
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_fill(d: &Loop) {
    d.words().par_iter_mut().enumerate().for_each(|(i, w)| *w = i as u64 + 1);
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_map(d: &Loop) {
    d.z().par_iter_mut().zip(d.x()).for_each(|(z, x)| *z = 2.0 * x + 1.0);
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_triad(d: &Loop) {
    d.z()
        .par_iter_mut()
        .zip(d.x())
        .zip(d.y())
        .for_each(|((z, x), y)| *z = x + 3.0 * y);
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_triangular(d: &Loop) {
    d.words()
        .par_iter_mut()
        .enumerate()
        .for_each(|(i, w)| *w = work(i as u64, i as u64));
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_costs(d: &Loop) {
    d.words()
        .par_iter_mut()
        .zip(d.cost())
        .enumerate()
        .for_each(|(i, (w, cost))| *w = work(u64::from(*cost), i as u64));
}

const MANDELBROT_WIDTH: usize = 512;
const MANDELBROT_LIMIT: u64 = 512;

fn mandelbrot_row(i: usize, rows: usize) -> u64 {
    let ci = -1.25 + 2.5 * i as f64 / rows as f64;
    let mut sum = 0;
    for p in 0..MANDELBROT_WIDTH {
        let cr = -2.0 + 2.5 * p as f64 / MANDELBROT_WIDTH as f64;
        let (mut zr, mut zi, mut k) = (0.0f64, 0.0f64, 0u64);
        while k < MANDELBROT_LIMIT && zr * zr + zi * zi <= 4.0 {
            let t = zr * zr - zi * zi + cr;
            zi = 2.0 * zr * zi + ci;
            zr = t;
            k += 1;
        }
        sum += k;
    }
    sum
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_mandelbrot(d: &Loop) {
    let rows = d.n;
    d.words()
        .par_iter_mut()
        .enumerate()
        .for_each(|(i, w)| *w = mandelbrot_row(i, rows));
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_tiny(d: &Loop) {
    d.small().par_iter_mut().enumerate().for_each(|(i, s)| {
        let x = (i as u64).wrapping_mul(0x9e3779b97f4a7c15);
        *s = ((x ^ (x >> 31)) >> 16) as u32;
    });
}

/// What every task may read; the raw pointers of Loop do not cross threads by themselves.
#[derive(Clone, Copy)]
struct Matrix<'a> {
    row: &'a [u32],
    column: &'a [u32],
    value: &'a [f64],
    x: &'a [f64],
}

impl Matrix<'_> {
    unsafe fn times_row(&self, i: usize) -> f64 {
        let (begin, end) = (*self.row.get_unchecked(i), *self.row.get_unchecked(i + 1));
        let mut sum = 0.0;
        for k in begin as usize..end as usize {
            let column = *self.column.get_unchecked(k) as usize;
            sum += self.value.get_unchecked(k) * self.x.get_unchecked(column);
        }
        sum
    }
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_spmv(d: &Loop) {
    let row = from_raw_parts(d.row, d.n + 1);
    let entries = row[d.n] as usize;
    let m = Matrix {
        row,
        column: from_raw_parts(d.column, entries),
        value: from_raw_parts(d.value, entries),
        x: d.x(),
    };
    d.z().par_iter_mut().enumerate().for_each(|(i, z)| *z = unsafe { m.times_row(i) });
}

const STENCIL_WIDTH: usize = 1024;

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_stencil(d: &Loop) {
    let line = STENCIL_WIDTH + 2;
    let x = from_raw_parts(d.x, (d.n + 2) * line);
    let z = from_raw_parts_mut(d.z, d.n * STENCIL_WIDTH);
    z.par_chunks_mut(STENCIL_WIDTH).enumerate().for_each(|(i, out)| {
        let above = &x[i * line + 1..][..STENCIL_WIDTH];
        let below = &x[(i + 2) * line + 1..][..STENCIL_WIDTH];
        let left = &x[(i + 1) * line..][..STENCIL_WIDTH];
        let right = &x[(i + 1) * line + 2..][..STENCIL_WIDTH];
        for j in 0..STENCIL_WIDTH {
            out[j] = 0.25 * (above[j] + below[j] + left[j] + right[j]);
        }
    });
}
