// A function to be called once, later, by somebody else.
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace two_cakes {

/// Any `void()` callable, also one that can only be moved (a packaged_task, a unique_ptr captured).
/// A small one (40 bytes: a lambda with five pointers) lives inside, where std::function would
/// allocate from 17 bytes on and couldn't hold it at all if it can't be copied. Empty after it was
/// moved from. Sutter & Alexandrescu's small-object optimization; std::move_only_function in C++23.
class SmallFunction {
 public:
  SmallFunction() = default;
  template <class Function>
  requires(!std::same_as<std::remove_cvref_t<Function>, SmallFunction> &&
           std::invocable<std::remove_cvref_t<Function>&>)
      SmallFunction(Function&& function)  // NOLINT: implicit, as std::function's is
  {
    using Held = std::remove_cvref_t<Function>;
    if constexpr (kFits<Held>) {
      ::new (room_) Held(std::forward<Function>(function));
      actions_ = &kActions<Held>;
    } else {
      using Far = FarAway<Held>;
      ::new (room_) Far{std::make_unique<Held>(std::forward<Function>(function))};
      actions_ = &kActions<Far>;
    }
  }
  SmallFunction(SmallFunction&& other) noexcept { take(other); }
  SmallFunction& operator=(SmallFunction&& other) noexcept
  {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  ~SmallFunction() { reset(); }

  void operator()() { actions_->call(room_); }
  explicit operator bool() const { return actions_ != nullptr; }

  /// Destroys what is held.
  void reset()
  {
    if (actions_ != nullptr) std::exchange(actions_, nullptr)->destroy(room_);
  }

 private:
  static constexpr std::size_t kRoomBytes = 40;

  struct Actions {
    void (*call)(void* held);
    void (*move)(void* from, void* to) noexcept;  // and destroys `from`
    void (*destroy)(void* held) noexcept;
  };

  template <class Held>
  struct FarAway {
    std::unique_ptr<Held> held;
    void operator()() { (*held)(); }
  };

  template <class Held>
  static constexpr bool kFits =
      sizeof(Held) <= kRoomBytes &&
      alignof(Held) <= alignof(void*) && std::is_nothrow_move_constructible_v<Held>;

  template <class Held>
  static constexpr Actions kActions{[](void* held) { (*static_cast<Held*>(held))(); },
                                    [](void* from, void* to) noexcept {
                                      ::new (to) Held(std::move(*static_cast<Held*>(from)));
                                      static_cast<Held*>(from)->~Held();
                                    },
                                    [](void* held) noexcept { static_cast<Held*>(held)->~Held(); }};

  void take(SmallFunction& other) noexcept
  {
    actions_ = std::exchange(other.actions_, nullptr);
    if (actions_ != nullptr) actions_->move(other.room_, room_);
  }

  alignas(void*) std::byte room_[kRoomBytes];
  const Actions* actions_ = nullptr;
};

}  // namespace two_cakes
