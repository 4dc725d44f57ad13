//! How freed memory goes back to the system.
//!
//! glibc raises the size from which a block has pages of its own whenever such a block is freed, up to 32 MB; smaller ones
//! then stay with the process when they are freed. Indexing frees blocks of some megabytes all the time (postings that are
//! put away): where the size is fixed, a hundred thousand articles need 415 MiB at the most instead of 530.

/// Blocks from this size on have pages of their own, in bytes.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGE: libc::c_int = 1 << 20;

/// Gives large blocks back to the system as soon as they are freed; for the whole process, where the allocator can.
pub fn give_back_large_blocks() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: it only sets a number, and refuses one that it cannot use
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
    }
}
