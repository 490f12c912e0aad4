//! The sorts of algo_sort_number.h with Rayon.

use rayon::prelude::*;
use std::slice::from_raw_parts_mut;

macro_rules! sorts {
    ($unstable:ident, $stable:ident, $number:ty, $compare:expr) => {
        #[no_mangle]
        pub unsafe extern "C" fn $unstable(v: *mut $number, n: usize) {
            from_raw_parts_mut(v, n).par_sort_unstable_by($compare);
        }

        #[no_mangle]
        pub unsafe extern "C" fn $stable(v: *mut $number, n: usize) {
            from_raw_parts_mut(v, n).par_sort_by($compare);
        }
    };
}

sorts!(bench_rayon_sort_int32, bench_rayon_stable_int32, i32, |a, b| a.cmp(b));
sorts!(bench_rayon_sort_uint64, bench_rayon_stable_uint64, u64, |a, b| a.cmp(b));
sorts!(bench_rayon_sort_double, bench_rayon_stable_double, f64, |a, b| a.total_cmp(b));

#[repr(C)]
pub struct Pair {
    key: u64,
    payload: u64,
}

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_sort_pairs(v: *mut Pair, n: usize) {
    from_raw_parts_mut(v, n).par_sort_by_key(|p| p.key);
}
