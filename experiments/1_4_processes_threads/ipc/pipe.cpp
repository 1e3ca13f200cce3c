// pipe: the oldest way between two processes of one family; one direction each. pipe(7)
#include <csignal>

#include "models.hpp"
#include "os/pipe.hpp"
#include "stream_channel.hpp"

namespace two_cakes {

Link link_by_pipe(std::size_t message_bytes)
{
  ::signal(SIGPIPE, SIG_IGN);  // or it would kill us where the reader is gone: EPIPE tells it too
  Pipe there = make_pipe();
  Pipe back = make_pipe();
  return {std::make_unique<StreamChannel>(std::move(back.read_end), std::move(there.write_end),
                                          message_bytes),
          std::make_unique<StreamChannel>(std::move(there.read_end), std::move(back.write_end),
                                          message_bytes)};
}

}  // namespace two_cakes
