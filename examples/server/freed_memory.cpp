#include "server/freed_memory.hpp"

#if __has_include(<malloc.h>)
#include <malloc.h>
#endif

namespace server {

void give_freed_memory_back() {
#if defined(M_MMAP_THRESHOLD)
  ::mallopt(M_MMAP_THRESHOLD, 256 * 1024);  // refused = as it was
#endif
}

}  // namespace server
