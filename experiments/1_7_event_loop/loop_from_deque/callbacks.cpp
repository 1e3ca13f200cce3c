#include "callbacks.hpp"

#include "outside.hpp"

namespace two_cakes {
namespace {

/// What all callbacks of a load see.
struct Application {
  Loop& loop;
  const Load& load;
  Log log{load};

  void handled(const Note& note)
  {
    log.handled(note);
    if (log.complete()) loop.stop();
  }
};

/// Each message of a conversation posts the next.
void say(Application& app, int turns_left)
{
  const Note note = app.log.posted();
  app.loop.post([=, &app] {
    app.handled(note);
    compute(app.load.work);
    if (turns_left > 1) say(app, turns_left - 1);
  });
}

void tick_at(Application& app, Clock::time_point when)
{
  const Note note = app.log.due_at(when);
  app.loop.post_at(when, [=, &app] {
    app.handled(note);
    if (!app.log.complete()) tick_at(app, when + app.load.period);
  });
}

void listen(Application& app, const UniqueFd& socket)
{
  app.loop.post_when_readable(socket.get(), [&] {
    while (const auto note = receive_note(socket)) app.handled(*note);
    if (!app.log.complete()) listen(app, socket);
  });
}

/// Returns how often the loop went round.
long run(Application& app)
{
  const Load& load = app.load;
  const auto [ours, theirs] = make_connection();
  std::jthread outside;
  switch (load.kind) {
    case LoadKind::kConversations:
      for (int i = 0; i < load.conversations; ++i) say(app, load.turns);
      break;
    case LoadKind::kTimer:
      tick_at(app, Clock::now() + load.period);
      break;
    case LoadKind::kMessage:
      outside = send_from_outside(
          load, [&](const Note& note) { app.loop.post([&app, note] { app.handled(note); }); });
      break;
    case LoadKind::kSocket:
      listen(app, ours);
      outside = send_from_outside(load, [&](const Note& note) { send_note(theirs, note); });
  }
  app.loop.run();
  return app.loop.turns();
}

}  // namespace

Outcome run_callbacks(Loop& loop, const Load& load)
{
  Application app{loop, load};
  return with_costs([&] { return run(app); }, app.log);
}

}  // namespace two_cakes
