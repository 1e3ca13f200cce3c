// Somebody who has done nothing wrong, and is asked afterwards whether he is still there.
#pragma once

#include "base/unique_fd.hpp"

namespace two_cakes {

/// Answers questions that come through `channel` until its end. Blocks.
void answer_questions(const UniqueFd& channel);

/// Asks through the other end: whether a right answer came. False where the channel has ended.
/// Throws WrongAnswer. Blocks as long as somebody is there who may answer.
bool still_answers(const UniqueFd& channel);

}  // namespace two_cakes
