//! Divide and conquer with a cut-off, and one join of two tasks, with Rayon. Below the cut-offs the
//! serial code is that of all runtimes, in C.

use crate::pool::inside;
use rayon::prelude::*;
use std::slice::{from_raw_parts, from_raw_parts_mut};

extern "C" {
    fn bench_quicksort_serial(x: *mut i32, n: usize);
    fn bench_partition(x: *mut i32, n: usize) -> usize;
    fn bench_strassen_begin(p: *const Product, parts: *mut Product);
    fn bench_strassen_part(p: *const Product, part: *mut Product, k: u32);
    fn bench_strassen_end(p: *const Product, parts: *mut Product);
    fn bench_product_serial(p: *const Product);
    fn bench_rayon_pair_a(p: *mut std::ffi::c_void);
    fn bench_rayon_pair_b(p: *mut std::ffi::c_void);
    fn bench_sort_serial(from: *const i32, to: *mut i32, scratch: *mut i32, n: usize);
    fn bench_merge(a: *const i32, na: usize, b: *const i32, nb: usize, out: *mut i32);
}

const SORT_CUTOFF: usize = 4096;

fn sort(from: &[i32], to: &mut [i32], scratch: &mut [i32]) {
    let n = from.len();
    if n <= SORT_CUTOFF {
        unsafe { bench_sort_serial(from.as_ptr(), to.as_mut_ptr(), scratch.as_mut_ptr(), n) };
        return;
    }
    let (from_a, from_b) = from.split_at(n / 2);
    let (to_a, to_b) = to.split_at_mut(n / 2);
    let (scratch_a, scratch_b) = scratch.split_at_mut(n / 2);
    rayon::join(|| sort(from_a, scratch_a, to_a), || sort(from_b, scratch_b, to_b));
    let (a, b) = (&*scratch_a, &*scratch_b);
    unsafe { bench_merge(a.as_ptr(), a.len(), b.as_ptr(), b.len(), to.as_mut_ptr()) };
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_sort(
    from: *const i32,
    to: *mut i32,
    scratch: *mut i32,
    n: usize,
) {
    let from = from_raw_parts(from, n);
    let (to, scratch) = (from_raw_parts_mut(to, n), from_raw_parts_mut(scratch, n));
    inside(|| sort(from, to, scratch))
}

const QUICKSORT_CUTOFF: usize = 2048;

fn quicksort(x: &mut [i32]) {
    let n = x.len();
    if n <= QUICKSORT_CUTOFF {
        unsafe { bench_quicksort_serial(x.as_mut_ptr(), n) };
        return;
    }
    let k = unsafe { bench_partition(x.as_mut_ptr(), n) };
    let (low, high) = x.split_at_mut(k);
    rayon::join(|| quicksort(low), || quicksort(high));
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_quicksort(x: *mut i32, n: usize) {
    let x = from_raw_parts_mut(x, n);
    inside(|| quicksort(x))
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Product {
    n: usize,
    a: *const f64,
    b: *const f64,
    c: *mut f64,
    a_stride: usize,
    b_stride: usize,
    c_stride: usize,
}

unsafe impl Send for Product {}
unsafe impl Sync for Product {}

const STRASSEN_CUTOFF: usize = 64;
const STRASSEN_PARTS: usize = 7;

unsafe fn strassen(p: &Product) {
    if p.n <= STRASSEN_CUTOFF {
        bench_product_serial(p);
        return;
    }
    let mut parts = [*p; STRASSEN_PARTS];
    bench_strassen_begin(p, parts.as_mut_ptr());
    parts.par_iter_mut().enumerate().with_max_len(1).for_each(|(k, part)| {
        bench_strassen_part(p, part, k as u32);
        strassen(part);
    });
    bench_strassen_end(p, parts.as_mut_ptr());
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_strassen(p: &Product) {
    inside(|| strassen(p))
}

/// Two tasks write different fields of what it points to.
#[derive(Clone, Copy)]
struct Pair(*mut std::ffi::c_void);

unsafe impl Send for Pair {}
unsafe impl Sync for Pair {}

#[no_mangle]
pub extern "C" fn bench_rayon_pair(p: *mut std::ffi::c_void) {
    let p = Pair(p);
    rayon::join(
        move || unsafe { bench_rayon_pair_a({ p }.0) },
        move || unsafe { bench_rayon_pair_b({ p }.0) },
    );
}
