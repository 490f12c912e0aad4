//! The threads that all answers run on, and how the measurement gets onto them.

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

/// Enters the pool once, so that every join in f is a worker's.
pub fn inside<R: Send>(f: impl FnOnce() -> R + Send) -> R {
    rayon::scope(|_| f())
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
