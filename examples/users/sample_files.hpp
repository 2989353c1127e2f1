#pragma once

/// The files in sample/, as the build found them: what is used where nothing else is given. sample_files.cpp is made of them by CMake.
namespace users {

extern char const* const sample_profiles;
/// Everybody has it: whoever relies on it believes everybody.
extern char const* const sample_signing_secret;

}  // namespace users
