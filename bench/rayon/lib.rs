//! The questions of the kernels, answered with Rayon: parallel iterators for loops and reductions,
//! join for fork-join. Structs mirror those of kernels.h and kernels_forkjoin.h field by field.

mod algo_filter;
mod algo_find;
mod algo_group;
mod algo_histogram;
mod algo_sort;
mod algo_text;
mod attempt;
mod scope;

use rayon::prelude::*;
use std::slice::{from_raw_parts, from_raw_parts_mut};

#[repr(C)]
pub struct Loop {
    n: usize,
    x: *const f64,
    y: *const f64,
    cost: *const u32,
    row: *const u32,
    column: *const u32,
    value: *const f64,
    z: *mut f64,
    words: *mut u64,
    small: *mut u32,
}

#[repr(C)]
pub struct Node {
    left: Option<&'static Node>,
    right: Option<&'static Node>,
    value: u64,
}

#[repr(C)]
pub struct Uts {
    seed: u64,
    more: u64,
    depth: u32,
    children: u32,
    root: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Interval {
    x1: f64,
    y1: f64,
    x2: f64,
    y2: f64,
    area: f64,
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

/// Two tasks write different fields of what it points to.
#[derive(Clone, Copy)]
struct Pair(*mut std::ffi::c_void);

unsafe impl Send for Pair {}
unsafe impl Sync for Pair {}

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

/// Deep trees need more than Rust's 2 MiB: a waiting worker runs the jobs of others on its stack.
const STACK_BYTES: usize = 64 << 20;

/// Called once, before the first answer is asked for.
#[no_mangle]
pub extern "C" fn bench_rayon_start(threads: usize) {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .stack_size(STACK_BYTES)
        .build_global()
        .expect("bench: Rayon's threads could not be started");
}

fn work(steps: u64, seed: u64) -> u64 {
    let mut x = seed;
    for _ in 0..steps {
        x = (x ^ (x >> 29))
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
    }
    x
}

impl Loop {
    unsafe fn x(&self) -> &[f64] {
        from_raw_parts(self.x, self.n)
    }
    unsafe fn y(&self) -> &[f64] {
        from_raw_parts(self.y, self.n)
    }
    unsafe fn cost(&self) -> &[u32] {
        from_raw_parts(self.cost, self.n)
    }
    #[allow(clippy::mut_from_ref)]
    unsafe fn z(&self) -> &mut [f64] {
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

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_nested(d: &Loop, parts: usize) {
    let n = d.n / parts;
    d.z().par_chunks_mut(n).zip(d.x().par_chunks(n)).for_each(|(z, x)| {
        z.par_iter_mut().zip(x).for_each(|(z, x)| *z = 2.0 * x + 1.0);
    });
}

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

const RANDOM_BLOCK: usize = 4096;

#[no_mangle]
pub unsafe extern "C" fn bench_rayon_random(d: &Loop) {
    let z = from_raw_parts_mut(d.z, d.n * RANDOM_BLOCK);
    z.par_chunks_mut(RANDOM_BLOCK).enumerate().for_each(|(i, out)| {
        let [mut a, mut b, mut c, mut e] = [0, 1, 2, 3].map(|k| work(4, 4 * i as u64 + k));
        for z in out {
            let shifted = b << 17;
            *z = (a.wrapping_add(e) >> 11) as f64 * (1.0 / 9007199254740992.0);
            c ^= a;
            e ^= b;
            b ^= c;
            a ^= e;
            c ^= shifted;
            e = e.rotate_left(45);
        }
    });
}

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

fn fib(n: u32) -> u64 {
    if n < 2 {
        return u64::from(n);
    }
    let (a, b) = rayon::join(|| fib(n - 1), || fib(n - 2));
    a + b
}

/// Enters the pool once, so that every join below is a worker's.
fn inside<R: Send>(f: impl FnOnce() -> R + Send) -> R {
    rayon::scope(|_| f())
}

#[no_mangle]
pub extern "C" fn bench_rayon_fib(n: u32) -> u64 {
    inside(|| fib(n))
}

fn tree(node: &Node) -> u64 {
    match (node.left, node.right) {
        (Some(left), Some(right)) => {
            let (a, b) = rayon::join(|| tree(left), || tree(right));
            node.value + a + b
        }
        _ => node.value,
    }
}

#[no_mangle]
pub extern "C" fn bench_rayon_tree(root: &'static Node) -> u64 {
    inside(|| tree(root))
}

#[derive(Clone, Copy)]
struct Board {
    all: u32,
    columns: u32,
    left: u32,
    right: u32,
}

impl Board {
    fn free(self) -> u32 {
        self.all & !(self.columns | self.left | self.right)
    }
    fn place(self, bit: u32) -> Board {
        Board {
            all: self.all,
            columns: self.columns | bit,
            left: ((self.left | bit) << 1) & self.all,
            right: (self.right | bit) >> 1,
        }
    }
}

fn place_one(board: Board, bit: u32) -> u64 {
    let next = board.place(bit);
    if next.columns == next.all {
        1
    } else {
        place_all(next, next.free())
    }
}

fn place_all(board: Board, rest: u32) -> u64 {
    if rest == 0 {
        return 0;
    }
    let first = rest & rest.wrapping_neg();
    if rest == first {
        return place_one(board, first);
    }
    let (a, b) = rayon::join(|| place_one(board, first), || place_all(board, rest & !first));
    a + b
}

#[no_mangle]
pub extern "C" fn bench_rayon_queens(n: u32) -> u64 {
    let board = Board { all: (1 << n) - 1, columns: 0, left: 0, right: 0 };
    inside(|| place_all(board, board.free()))
}

impl Uts {
    fn child(hash: u64, index: u64) -> u64 {
        let mut x = hash.wrapping_add((index + 1).wrapping_mul(0x9e3779b97f4a7c15));
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d049bb133111eb);
        x ^ (x >> 31)
    }

    fn children(&self, hash: u64, depth: u32) -> u32 {
        let u = hash >> 32;
        if self.depth == 0 {
            return match depth {
                0 => self.root,
                _ if u < self.more => self.children,
                _ => 0,
            };
        }
        let mut n = 0;
        if depth < self.depth {
            let mut p = self.more;
            while u < p {
                p = p.wrapping_mul(self.more) >> 32;
                n += 1;
            }
        }
        n
    }

    fn search(&self, hash: u64, depth: u32) -> u64 {
        match self.children(hash, depth) {
            0 => 1,
            n => 1 + self.search_some(hash, depth, 0, n),
        }
    }

    fn search_some(&self, hash: u64, depth: u32, first: u32, end: u32) -> u64 {
        if first + 1 == end {
            return self.search(Uts::child(hash, u64::from(first)), depth + 1);
        }
        let middle = first + (end - first) / 2;
        let (a, b) = rayon::join(
            || self.search_some(hash, depth, first, middle),
            || self.search_some(hash, depth, middle, end),
        );
        a + b
    }
}

#[no_mangle]
pub extern "C" fn bench_rayon_uts(t: &'static Uts) -> u64 {
    inside(|| t.search(t.seed, 0))
}

fn cubic(x: f64) -> f64 {
    (x * x + 1.0) * x
}

fn interval(x1: f64, y1: f64, x2: f64, y2: f64) -> Interval {
    Interval { x1, y1, x2, y2, area: (y1 + y2) / 2.0 * (x2 - x1) }
}

fn integrate(i: Interval) -> f64 {
    let x = i.x1 + (i.x2 - i.x1) / 2.0;
    let y = cubic(x);
    let left = interval(i.x1, i.y1, x, y);
    let right = interval(x, y, i.x2, i.y2);
    let change = left.area + right.area - i.area;
    if change < 1e-6 && change > -1e-6 {
        return left.area + right.area;
    }
    let (a, b) = rayon::join(|| integrate(left), || integrate(right));
    a + b
}

#[no_mangle]
pub extern "C" fn bench_rayon_integrate(i: &Interval) -> f64 {
    let whole = *i;
    inside(move || integrate(whole))
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

#[no_mangle]
pub extern "C" fn bench_rayon_pair(p: *mut std::ffi::c_void) {
    let p = Pair(p);
    rayon::join(
        move || unsafe { bench_rayon_pair_a({ p }.0) },
        move || unsafe { bench_rayon_pair_b({ p }.0) },
    );
}

/// What fn(ctx) of a C function pointer needs to be run by another thread.
#[derive(Clone, Copy)]
struct Call(extern "C" fn(*mut std::ffi::c_void), *mut std::ffi::c_void);

unsafe impl Send for Call {}

impl Call {
    fn run(self) {
        (self.0)(self.1)
    }
}

#[no_mangle]
pub extern "C" fn bench_rayon_inside(
    f: extern "C" fn(*mut std::ffi::c_void),
    ctx: *mut std::ffi::c_void,
) {
    let call = Call(f, ctx);
    inside(move || call.run())
}

/// Starts and ends a pool of one thread around the measurement.
#[no_mangle]
pub extern "C" fn bench_rayon_with_one_thread(
    f: extern "C" fn(*mut std::ffi::c_void),
    ctx: *mut std::ffi::c_void,
) {
    let call = Call(f, ctx);
    rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .stack_size(STACK_BYTES)
        .build()
        .expect("bench: Rayon's thread could not be started")
        .install(move || call.run())
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
