#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <thread>

// A build that acknowledges before it has synced: preloaded into a server in tests, before the witness that must catch it. With
// EVOKE_CHEAT=never no sync ever happens, with EVOKE_CHEAT=late each happens some time after it was said to be done.
namespace {

using sync_call = int (*)(int);

int cheated(sync_call real, int file) {
  char const* const how = std::getenv("EVOKE_CHEAT");
  if (how == nullptr) return real(file);
  if (std::strcmp(how, "never") == 0) return 0;
  std::thread([real, kept = dup(file)] {
    usleep(50'000);
    real(kept);
    close(kept);
  }).detach();
  return 0;
}

}  // namespace

extern "C" int fdatasync(int file) {
  static auto const real = reinterpret_cast<sync_call>(dlsym(RTLD_NEXT, "fdatasync"));
  return cheated(real, file);
}

extern "C" int fsync(int file) {
  static auto const real = reinterpret_cast<sync_call>(dlsym(RTLD_NEXT, "fsync"));
  return cheated(real, file);
}
