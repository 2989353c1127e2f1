#pragma once

namespace server {

/// Makes what is freed go back to the system when it was large, for this process. glibc raises the size from which it does so whenever such
/// a block is freed, up to 32 MiB; then write buffers come from the heap, and small blocks between them keep it from shrinking.
/// https://man7.org/linux/man-pages/man3/mallopt.3.html, M_MMAP_THRESHOLD.
void give_freed_memory_back();

}  // namespace server
