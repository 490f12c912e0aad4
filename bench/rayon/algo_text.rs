//! Lines and tokens of algo_text.h with Rayon's parallel string iterators.

use rayon::prelude::*;
use std::slice::{from_raw_parts, from_raw_parts_mut};

#[repr(C)]
pub struct Slice {
    at: *const u8,
    n: usize,
}

unsafe impl Send for Slice {}

#[repr(C)]
pub struct Text {
    n: usize,
    text: *const u8,
    room: usize,
    slices: *mut Slice,
    n_slices: usize,
}

/// The text is ASCII.
unsafe fn text(d: &Text) -> &'static str {
    std::str::from_utf8_unchecked(from_raw_parts(d.text, d.n))
}

unsafe fn give(d: &mut Text, found: Vec<&str>) {
    let slices = from_raw_parts_mut(d.slices, d.room);
    d.n_slices = found.len();
    slices.par_iter_mut().zip(found).for_each(|(s, f)| {
        s.at = f.as_ptr();
        s.n = f.len();
    });
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_lines(d: &mut Text) {
    let found = text(d).par_lines().collect();
    give(d, found)
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_tokens(d: &mut Text) {
    let found = text(d).par_split_whitespace().collect();
    give(d, found)
}
