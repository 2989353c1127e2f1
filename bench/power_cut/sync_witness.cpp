#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

// Preloaded into a server. Notes in the file that EVOKE_WITNESS names how far each file was written when a sync of it began, once that sync
// is done: so much would survive a power cut. A log has zeros ahead of what is written, so its size says nothing; where its next byte goes
// does. EVOKE_WITNESS_DELAY_US makes each sync longer, so that who does not wait for it is seen not to.
namespace {

using sync_call = int (*)(int);

int witness_file() {
  static int const file = [] {
    char const* const path = std::getenv("EVOKE_WITNESS");
    return path == nullptr ? -1 : open(path, O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0600);
  }();
  return file;
}

unsigned delay_us() {
  static unsigned const us = [] {
    char const* const text = std::getenv("EVOKE_WITNESS_DELAY_US");
    return text == nullptr ? 0U : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
  }();
  return us;
}

/// One write for a line, so that a killed process leaves whole lines.
void note(struct stat const& before, off_t written) {
  char line[64];
  int const length = std::snprintf(line, sizeof line, "%llu %llu\n", static_cast<unsigned long long>(before.st_ino),
                                   static_cast<unsigned long long>(written));
  int const saved = errno;
  if (write(witness_file(), line, static_cast<std::size_t>(length)) != length) _exit(99);  // a witness that says less would accuse
  errno = saved;
}

int witnessed(sync_call real, int file) {
  struct stat before{};
  bool const known = witness_file() >= 0 && fstat(file, &before) == 0;
  auto const next_byte = lseek(file, 0, SEEK_CUR);
  auto const written = next_byte > 0 ? next_byte : before.st_size;  // a file that is opened only to be synced has written nothing
  if (delay_us() > 0) usleep(delay_us());
  int const done = real(file);
  if (done == 0 && known) note(before, written);
  return done;
}

sync_call next(char const* name) {
  return reinterpret_cast<sync_call>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" int fdatasync(int file) {
  static sync_call const real = next("fdatasync");
  return witnessed(real, file);
}

extern "C" int fsync(int file) {
  static sync_call const real = next("fsync");
  return witnessed(real, file);
}
