// An object that a process and its children see alike.
#pragma once

#include <sys/mman.h>

#include <cerrno>
#include <new>

#include "base/errors.hpp"

namespace two_cakes {

/// Owns an Object in memory that is mapped shared, so that fork() doesn't copy it. The process that
/// made it destroys it. Throws SyscallError.
template <class Object>
class Shared {
 public:
  Shared()
  {
    void* memory =
        ::mmap(nullptr, sizeof(Object), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw SyscallError(errno, "mmap");
    object_ = new (memory) Object;
  }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  ~Shared()
  {
    object_->~Object();
    ::munmap(object_, sizeof(Object));
  }

  Object& operator*() { return *object_; }

 private:
  Object* object_;
};

}  // namespace two_cakes
