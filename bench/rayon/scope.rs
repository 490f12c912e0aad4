//! The scope family with rayon::scope: a spawn for each mark.

use crate::pool::inside;
use rayon::Scope;

/// The tasks write different marks.
#[derive(Clone, Copy)]
struct Marks(*mut u8, usize);

unsafe impl Send for Marks {}
unsafe impl Sync for Marks {}

impl Marks {
    fn mark(self, i: usize) {
        unsafe { *self.0.add(i) += 1 }
    }
}

const PER_ITEM: usize = 2;

#[no_mangle]
pub extern "C" fn bench_rayon_flat(marks: *mut u8, n: usize) {
    let m = Marks(marks, n);
    inside(move || {
        rayon::scope(|s| {
            for i in 0..m.1 {
                s.spawn(move |_| m.mark(i));
            }
        })
    });
}

fn spread<'a>(s: &Scope<'a>, m: Marks, i: usize) {
    for child in (2 * i + 1..=2 * i + 2).filter(|&child| child < m.1) {
        s.spawn(move |s| spread(s, m, child));
    }
    m.mark(i);
}

#[no_mangle]
pub extern "C" fn bench_rayon_spread(marks: *mut u8, n: usize) {
    let m = Marks(marks, n);
    inside(move || rayon::scope(|s| spread(s, m, 0)));
}

#[no_mangle]
pub extern "C" fn bench_rayon_items(marks: *mut u8, n: usize) {
    let m = Marks(marks, n);
    inside(move || {
        for item in 0..m.1 / PER_ITEM {
            rayon::scope(|s| {
                for i in item * PER_ITEM..(item + 1) * PER_ITEM {
                    s.spawn(move |_| m.mark(i));
                }
            })
        }
    });
}
