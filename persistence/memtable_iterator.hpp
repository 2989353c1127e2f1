#pragma once

#include <rocksdb/memtablerep.h>

#include <memory>
#include <new>
#include <optional>
#include <utility>

#include "persistence/row_key.hpp"

namespace evoke::persistence {

/// An iterator that RocksDB does not delete: it asks that one be made in an arena of its own, whose class is not public, and calls the
/// destructor alone. Its memory is let go of when the thread destroys the next one, or ends.
template <class Made, class... Arguments>
rocksdb::MemTableRep::Iterator* make_iterator(rocksdb::Arena const* arena, Arguments&&... arguments) {
  class undeleted final : public Made {
   public:
    using Made::Made;
    undeleted(undeleted const&) = delete;
    undeleted& operator=(undeleted const&) = delete;
    ~undeleted() override {
      static_assert(alignof(Made) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
      struct freed {
        void operator()(void* memory) const noexcept { ::operator delete(memory); }
      };
      thread_local std::unique_ptr<void, freed> last;
      last.reset(this);
    }
  };
  if (arena == nullptr) return new Made(std::forward<Arguments>(arguments)...);
  return new (::operator new(sizeof(undeleted))) undeleted(std::forward<Arguments>(arguments)...);
}

/// The look-up that a thread is in. RocksDB's Get asks for an iterator and never deletes it, so while it runs it is given this one.
template <class Made>
struct lookup {
  bool begun = false;
  std::optional<Made> at;

  [[nodiscard]] static lookup& of_this_thread() noexcept {
    thread_local lookup mine;
    return mine;
  }
};

/// The key that is sought, however RocksDB gives it.
[[nodiscard]] inline row_key sought(rocksdb::Slice const& internal, char const* entry) {
  return entry != nullptr ? row_key::of(entry) : row_key::of(internal);
}

}  // namespace evoke::persistence
