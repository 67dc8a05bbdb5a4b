/// The calls that are counted: preloaded, these stand before those of the C library.
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "fault_plan.h"

namespace {

using faults::meet;
using faults::meet_in;
using faults::Verdict;

/// The C library's own function of that name.
template <typename Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

bool fails(const Verdict& verdict) {
  if (verdict.fails) {
    errno = verdict.error;
  }
  return verdict.fails;
}

size_t length_of(const Verdict& verdict, size_t count) {
  return verdict.cut_short && count > 1 ? count / 2 : count;
}

const char* opening(int flags) {
  return (flags & O_CREAT) != 0 ? "create" : "open";
}

const char* opening(const char* mode) {
  return std::strpbrk(mode, "wa") != nullptr ? "create" : "open";
}

int open_with(const char* name, const char* path, int flags, mode_t mode) {
  return fails(meet(opening(flags), path))
             ? -1
             : real<int (*)(const char*, int, ...)>(name)(path, flags, mode);
}

int open_in(const char* name, int folder, const char* path, int flags, mode_t mode) {
  return fails(meet_in(opening(flags), folder, path))
             ? -1
             : real<int (*)(int, const char*, int, ...)>(name)(folder, path, flags, mode);
}

FILE* stream_with(const char* name, const char* path, const char* mode) {
  return fails(meet(opening(mode), path))
             ? nullptr
             : real<FILE* (*)(const char*, const char*)>(name)(path, mode);
}

mode_t mode_of(int flags, va_list arguments) {
  return (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
}

}  // namespace

// The real function, looked up once.
#define REAL(name)                                            \
  ([] {                                                       \
    static const auto found = real<decltype(&::name)>(#name); \
    return found;                                             \
  }())

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_with("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_with("open64", path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_in("openat", folder, path, flags, mode);
}

int openat64(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_in("openat64", folder, path, flags, mode);
}

FILE* fopen(const char* path, const char* mode) {
  return stream_with("fopen", path, mode);
}
FILE* fopen64(const char* path, const char* mode) {
  return stream_with("fopen64", path, mode);
}

ssize_t read(int file, void* bytes, size_t count) {
  const Verdict verdict = meet("read", file);
  return fails(verdict) ? -1 : REAL(read)(file, bytes, length_of(verdict, count));
}

ssize_t pread(int file, void* bytes, size_t count, off_t place) {
  const Verdict verdict = meet("pread", file);
  return fails(verdict) ? -1 : REAL(pread)(file, bytes, length_of(verdict, count), place);
}

ssize_t write(int file, const void* bytes, size_t count) {
  const Verdict verdict = meet("write", file);
  return fails(verdict) ? -1 : REAL(write)(file, bytes, length_of(verdict, count));
}

ssize_t pwrite(int file, const void* bytes, size_t count, off_t place) {
  const Verdict verdict = meet("pwrite", file);
  return fails(verdict) ? -1 : REAL(pwrite)(file, bytes, length_of(verdict, count), place);
}

ssize_t pwrite64(int file, const void* bytes, size_t count, off64_t place) {
  return pwrite(file, bytes, count, place);
}

ssize_t pread64(int file, void* bytes, size_t count, off64_t place) {
  return pread(file, bytes, count, place);
}

/// What a stream holds goes out inside the C library, where it is not seen; a failure loses it.
int fflush(FILE* stream) {
  if (stream != nullptr && ::__fpending(stream) > 0 && fails(meet("flush", ::fileno(stream)))) {
    ::__fpurge(stream);
    return EOF;
  }
  return REAL(fflush)(stream);
}

int fsync(int file) {
  return fails(meet("fsync", file)) ? -1 : REAL(fsync)(file);
}
int fdatasync(int file) {
  return fails(meet("fsync", file)) ? -1 : REAL(fdatasync)(file);
}

int ftruncate(int file, off_t size) {
  return fails(meet("ftruncate", file)) ? -1 : REAL(ftruncate)(file, size);
}

int ftruncate64(int file, off64_t size) {
  return ftruncate(file, size);
}

int fallocate(int file, int mode, off_t place, off_t size) {
  return fails(meet("ftruncate", file)) ? -1 : REAL(fallocate)(file, mode, place, size);
}

/// A file that a closing reports as failed is closed all the same.
int close(int file) {
  const Verdict verdict = meet("close", file);
  const int closed = REAL(close)(file);
  return fails(verdict) ? -1 : closed;
}

void* mmap(void* place, size_t size, int protection, int flags, int file, off_t offset) {
  return fails(meet("mmap", file)) ? MAP_FAILED
                                   : REAL(mmap)(place, size, protection, flags, file, offset);
}

void* mmap64(void* place, size_t size, int protection, int flags, int file, off64_t offset) {
  return mmap(place, size, protection, flags, file, offset);
}

int flock(int file, int operation) {
  return fails(meet("flock", file)) ? -1 : REAL(flock)(file, operation);
}

int rename(const char* from, const char* to) {
  return fails(meet("rename", to)) ? -1 : REAL(rename)(from, to);
}

int mkdir(const char* path, mode_t mode) {
  return fails(meet("mkdir", path)) ? -1 : REAL(mkdir)(path, mode);
}

int unlink(const char* path) {
  return fails(meet("unlink", path)) ? -1 : REAL(unlink)(path);
}
int rmdir(const char* path) {
  return fails(meet("unlink", path)) ? -1 : REAL(rmdir)(path);
}
int remove(const char* path) {
  return fails(meet("unlink", path)) ? -1 : REAL(remove)(path);
}

int unlinkat(int folder, const char* path, int flags) {
  return fails(meet_in("unlink", folder, path)) ? -1 : REAL(unlinkat)(folder, path, flags);
}

DIR* opendir(const char* path) {
  return fails(meet("open", path)) ? nullptr : REAL(opendir)(path);
}

struct dirent* readdir(DIR* folder) {
  return fails(meet("readdir", ::dirfd(folder))) ? nullptr : REAL(readdir)(folder);
}

}  // extern "C"
