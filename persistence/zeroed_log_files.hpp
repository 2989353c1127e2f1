#pragma once

#include <rocksdb/env.h>

namespace evoke::persistence {

/// The operating system's files, with one difference: a write-ahead log (*.log) is written into space that was filled with zeros before, a
/// chunk at a time. A file that grows makes each fdatasync write its inode as well, a second request to the disk; one that is overwritten
/// does not (ADR 0011). While it is open a log ends in zeros, after a crash, too: RocksDB's reader passes over these, and closing cuts
/// them off. Lives as long as the process.
[[nodiscard]] rocksdb::Env* zeroed_log_env();

}  // namespace evoke::persistence
