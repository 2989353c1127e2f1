#include "persistence/zeroed_log_files.hpp"

#include <fcntl.h>
#include <rocksdb/file_system.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace evoke::persistence {
namespace {

// Small stores stay small; large ones touch the inode once a MiB.
constexpr std::uint64_t kLeastChunk = 64 * 1024;
constexpr std::uint64_t kMostChunk = 1024 * 1024;

/// One log. One thread, as with all files that RocksDB writes.
class zeroed_log final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  /// @param file the same file, open for writing: the zeros go in beside what is appended.
  zeroed_log(std::unique_ptr<rocksdb::FSWritableFile> log, int file) : FSWritableFileOwnerWrapper(std::move(log)), file_(file) {}
  ~zeroed_log() override { ::close(file_); }
  zeroed_log(zeroed_log const&) = delete;
  zeroed_log& operator=(zeroed_log const&) = delete;

  rocksdb::IOStatus Append(rocksdb::Slice const& data, rocksdb::IOOptions const& how, rocksdb::IODebugContext* debug) override {
    make_room(data.size());
    return FSWritableFileOwnerWrapper::Append(data, how, debug);
  }
  rocksdb::IOStatus Append(rocksdb::Slice const& data, rocksdb::IOOptions const& how, rocksdb::DataVerificationInfo const& sums,
                           rocksdb::IODebugContext* debug) override {
    make_room(data.size());
    return FSWritableFileOwnerWrapper::Append(data, how, sums, debug);
  }
  rocksdb::IOStatus Truncate(std::uint64_t size, rocksdb::IOOptions const& how, rocksdb::IODebugContext* debug) override {
    size_ = zeroed_ = size;
    return FSWritableFileOwnerWrapper::Truncate(size, how, debug);
  }
  rocksdb::IOStatus Close(rocksdb::IOOptions const& how, rocksdb::IODebugContext* debug) override {
    if (zeroed_ > size_)
      if (auto cut = Truncate(size_, how, debug); !cut.ok()) return cut;
    return FSWritableFileOwnerWrapper::Close(how, debug);
  }

 private:
  void make_room(std::uint64_t bytes) {
    size_ += bytes;
    while (zeroing_ && zeroed_ < size_) write_zeros(std::clamp(zeroed_, kLeastChunk, kMostChunk));
  }

  void write_zeros(std::uint64_t count) {
    static constexpr std::array<char, kLeastChunk> zeros{};
    for (auto const end = zeroed_ + count; zeroed_ < end;) {
      auto const done = ::pwrite(file_, zeros.data(), std::min<std::uint64_t>(zeros.size(), end - zeroed_), static_cast<off_t>(zeroed_));
      if (done <= 0) {
        zeroing_ = false;  // a full disk, say: the log goes on as any file, and says itself what it cannot do
        return;
      }
      zeroed_ += static_cast<std::uint64_t>(done);
    }
  }

  int file_;
  std::uint64_t size_ = 0;    ///< of what was appended
  std::uint64_t zeroed_ = 0;  ///< how far the file reaches
  bool zeroing_ = true;
};

class zeroed_log_files final : public rocksdb::FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;
  [[nodiscard]] char const* Name() const override { return "evoke.zeroed_log_files"; }

  rocksdb::IOStatus NewWritableFile(std::string const& name, rocksdb::FileOptions const& how, std::unique_ptr<rocksdb::FSWritableFile>* out,
                                    rocksdb::IODebugContext* debug) override {
    auto made = FileSystemWrapper::NewWritableFile(name, how, out, debug);
    if (!made.ok() || !std::string_view(name).ends_with(".log")) return made;
    if (int const file = ::open(name.c_str(), O_WRONLY | O_CLOEXEC); file >= 0) *out = std::make_unique<zeroed_log>(std::move(*out), file);
    return made;
  }
};

}  // namespace

rocksdb::Env* zeroed_log_env() {
  static auto* const env = rocksdb::NewCompositeEnv(std::make_shared<zeroed_log_files>(rocksdb::FileSystem::Default())).release();
  return env;
}

}  // namespace evoke::persistence
