#include "persistence/store_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace evoke::persistence {

result<store_lock> store_lock::take(std::filesystem::path const& path) {
  store_lock made;
  made.file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (made.file_ < 0) return fail(errc::io_error, "cannot open " + path.string() + ": " + std::system_category().message(errno));
  // flock and not fcntl: it also keeps a second journal of the same process out.
  if (::flock(made.file_, LOCK_EX | LOCK_NB) == 0) return made;
  if (errno == EWOULDBLOCK)
    return fail(errc::store_in_use, "the store in " + path.parent_path().string() + " is open in another runtime or process");
  return fail(errc::io_error, "cannot lock " + path.string() + ": " + std::system_category().message(errno));
}

void store_lock::release() noexcept {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

}  // namespace evoke::persistence
