#include "persistence/mark_file.hpp"

#include "persistence/crc32c.hpp"
#include "persistence/wire.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

namespace evoke::persistence {
namespace {

constexpr std::string_view kMagic = "evokemrk";
constexpr std::uint32_t kReadableFormat = 1;

std::unexpected<failure> broken(std::string_view what, std::filesystem::path const& path) {
  return fail(errc::io_error, std::string(what) + " " + path.string() + ": " + std::system_category().message(errno));
}

uuid get_uuid(wire_reader& in) {
  uuid::bytes_type bytes{};
  auto const from = in.get_bytes(bytes.size());
  if (in.ok()) std::memcpy(bytes.data(), from.data(), bytes.size());
  return uuid{bytes};
}

/// The readable slot with the higher turn.
struct found_slot {
  high_water_mark mark{};
  std::uint64_t turn = 0;
  bool any = false;
};

result<found_slot> read_slots(int file, std::filesystem::path const& path) {
  found_slot best;
  for (std::size_t i = 0; i < 2; ++i) {
    mark_slot bytes{};
    auto const got = ::pread(file, bytes.data(), bytes.size(), static_cast<off_t>(i * kMarkSlotDistance));
    if (got < 0) return broken("cannot read", path);
    found_slot one;
    one.any = decode_mark({bytes.data(), static_cast<std::size_t>(got)}, one.mark, one.turn);
    if (one.any && (!best.any || one.turn > best.turn)) best = one;
  }
  return best;
}

}  // namespace

mark_slot encode_mark(high_water_mark const& mark, std::uint64_t turn) noexcept {
  mark_slot slot{};
  wire_writer out;
  out.ensure(slot.size());
  out.put_bytes(kMagic.data(), kMagic.size());
  out.put_u32(mark.format_version);
  out.put_u32(mark.durability == durability::disk ? 0 : 1);
  out.put_u64(turn);
  out.put_bytes(mark.store.bytes().data(), mark.store.bytes().size());
  out.put_bytes(mark.boot.bytes().data(), mark.boot.bytes().size());
  out.put_u64(mark.written.value());
  out.put_u64(mark.synced.value());
  out.put_u64(mark.written_sequence);
  out.put_u64(mark.synced_sequence);
  out.put_u32(crc32c(out.view()));
  std::memcpy(slot.data(), out.view().data(), slot.size());
  return slot;
}

bool decode_mark(std::string_view bytes, high_water_mark& mark, std::uint64_t& turn) noexcept {
  wire_reader in(bytes);
  if (in.get_bytes(kMagic.size()) != kMagic) return false;
  auto const crc_holds = bytes.size() >= kMarkSlotBytes &&
                         crc32c(bytes.substr(0, kMarkSlotBytes - 4)) == wire_reader(bytes.substr(kMarkSlotBytes - 4)).get_u32();
  mark.format_version = in.get_u32();
  mark.durability = in.get_u32() == 0 ? durability::disk : durability::os;
  turn = in.get_u64();
  mark.store = get_uuid(in);
  mark.boot = get_uuid(in);
  mark.written = position{in.get_u64()};
  mark.synced = position{in.get_u64()};
  mark.written_sequence = in.get_u64();
  mark.synced_sequence = in.get_u64();
  return crc_holds || (in.ok() && mark.format_version > kReadableFormat);
}

result<std::optional<high_water_mark>> mark_file::read(std::filesystem::path const& path) {
  int const file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0 && errno == ENOENT) return std::nullopt;
  if (file < 0) return broken("cannot open", path);
  auto const best = read_slots(file, path);
  ::close(file);
  if (!best) return fail(best.error());
  if (!best->any) return fail(errc::corrupt, "no slot of the mark file " + path.string() + " reads");
  return best->mark;
}

result<mark_file> mark_file::open(std::filesystem::path const& path) {
  int const file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return broken("cannot create", path);
  mark_file made(file, 0);
  if (int const problem = ::posix_fallocate(file, 0, 2 * kMarkSlotDistance); problem != 0) {
    errno = problem;
    return broken("cannot reserve", path);
  }
  auto const best = read_slots(file, path);
  if (!best) return fail(best.error());
  made.turn_ = best->turn;
  return made;
}

mark_file::mark_file(mark_file&& other) noexcept : file_(std::exchange(other.file_, -1)), turn_(other.turn_) {}

mark_file& mark_file::operator=(mark_file&& other) noexcept {
  std::swap(file_, other.file_);
  turn_ = other.turn_;
  return *this;
}

mark_file::~mark_file() {
  if (file_ >= 0) ::close(file_);
}

result<void> mark_file::write(high_water_mark const& mark) noexcept {
  auto const slot = encode_mark(mark, ++turn_);
  auto const at = static_cast<off_t>((turn_ % 2) * kMarkSlotDistance);
  if (::pwrite(file_, slot.data(), slot.size(), at) != static_cast<ssize_t>(slot.size())) return broken("cannot write", "the mark file");
  return {};
}

result<void> mark_file::sync() noexcept {
  if (::fdatasync(file_) != 0) return broken("cannot sync", "the mark file");
  return {};
}

uuid current_boot_id() {
  std::ifstream in("/proc/sys/kernel/random/boot_id");
  std::string text;
  if (!(in >> text)) return {};
  return uuid::parse(text).value_or(uuid{});
}

}  // namespace evoke::persistence
